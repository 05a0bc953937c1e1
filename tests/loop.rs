//! The commands of `docs/loop.md`, run as they stand there, one block after another.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, models_that_read_alike, samples};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The blocks of shell commands of a page.
fn blocks(page: &str) -> Vec<String> {
    page.split("```sh\n").skip(1).map(|b| b.split("\n```").next().unwrap().to_owned()).collect()
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
            // in the place of what half an hour of training gives
            models_that_read_alike(&folder.path("improved"), "4.1.0");
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
