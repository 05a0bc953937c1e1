//! The commands of `docs/loop.md`, run as they stand there, one block after another.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, samples};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The blocks of shell commands of a page.
fn blocks(page: &str) -> Vec<String> {
    page.split("```sh\n").skip(1).map(|b| b.split("\n```").next().unwrap().to_owned()).collect()
}

/// Other models that read alike, in the place of what half an hour of training gives.
fn improved(to: &Path) {
    fs::create_dir(to).unwrap();
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for file in fs::read_dir(&models).unwrap().map(|e| e.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("headstamp-") {
            let bytes = fs::read(&file).unwrap();
            let named = name == "headstamp-classifier.json";
            let bytes =
                if named { String::from_utf8(bytes).unwrap().replacen("4.0.0", "4.1.0", 1).into() } else { bytes };
            fs::write(to.join(name), bytes).unwrap();
        }
    }
    // another maker's name in the network: the same weights under another hash
    let (onnx, json) = (to.join("headstamp-classifier.onnx"), to.join("headstamp-classifier.json"));
    let mut bytes = fs::read(&onnx).unwrap();
    let at = bytes.windows(7).position(|w| w == b"pytorch").unwrap();
    bytes[at..at + 7].copy_from_slice(b"another");
    let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    manifest["sha256"] = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes)).into();
    fs::write(&onnx, bytes).unwrap();
    fs::write(&json, manifest.to_string()).unwrap();
}

/// Runs a block in a folder; what it says on standard output and on standard error.
fn run(folder: &Folder, block: &str, typed: &str) -> (String, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_headstamp")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut child = Command::new("sh")
        .args(["-ec", block])
        .current_dir(folder.root())
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env("XDG_DATA_HOME", folder.path("data"))
        .env_remove("ORT_DYLIB_PATH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&done.stdout), text(&done.stderr));
    assert!(done.status.success(), "{block}\n{out}\n{err}");
    (out, err)
}

#[test]
fn the_page_walks_through_the_loop() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/loop.md")).unwrap();
    let folder = Folder::new();
    std::os::unix::fs::symlink(samples(), folder.path("samples")).unwrap();
    let blocks = blocks(&page);
    assert_eq!(blocks.len(), 8);
    let mut said = Vec::new();
    for block in &blocks {
        if block.starts_with("training/improve.sh") {
            improved(&folder.path("improved"));
            said.push(Default::default());
            continue;
        }
        // the first suggestion, and then enough
        said.push(run(&folder, block, "1\nq\n"));
    }
    let [list, catalogue, settled, next, exported, _, compared, used] = said.as_slice() else { panic!() };
    let first = |out: &str| out.lines().take(2).map(str::to_owned).collect::<Vec<_>>().join("\n");
    for wrong in ["335_76", "73_12 GA_14.5"] {
        assert!(first(&list.0).contains(wrong) && first(&catalogue.0).contains(wrong), "{}\n{}", list.0, catalogue.0);
    }
    assert!(settled.0.contains("corrected: case") && settled.0.contains("1 settled, "), "{}", settled.0);
    assert_eq!(next.0.lines().count(), 5, "{}", next.0);
    assert!(exported.1.contains("heads written to records/"), "{}", exported.1);
    assert!(compared.0.contains("by layout") && compared.1.contains("is in use from now on"), "{compared:?}");
    let listed: Vec<&str> = used.0.lines().collect();
    assert!(listed.len() == 2 && listed[1].starts_with("* ") && listed[1].contains("4.1.0"), "{listed:?}");
    assert!(used.1.contains("photographs read anew") && used.1.contains("built-in is in use"), "{}", used.1);
}
