//! Inputs that are broken, mislabelled or meant to do harm: each is answered for, and none keeps another from being read.

use std::fs;
use std::path::{Path, PathBuf};

fn headstamp() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("headstamp").expect("the program is built");
    command.env_remove("ORT_DYLIB_PATH");
    command
}

/// A rendered photograph with one legible head.
fn good(folder: &Path) -> PathBuf {
    let rendered = folder.join("rendered");
    headstamp()
        .args([
            "synth",
            "--count",
            "1",
            "--seed",
            "10",
            "--subject",
            "single",
            "--legible",
            "--size",
            "640x480",
            "--out",
        ])
        .arg(&rendered)
        .assert()
        .success();
    let path = folder.join("good.jpg");
    fs::rename(rendered.join("00000.jpg"), &path).expect("rendered");
    path
}

/// A PNG header that claims this size, with nothing behind it.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut ihdr = b"IHDR".to_vec();
    ihdr.extend(width.to_be_bytes());
    ihdr.extend(height.to_be_bytes());
    ihdr.extend([8, 0, 0, 0, 0]);
    let mut crc = !0u32;
    for &b in &ihdr {
        crc ^= u32::from(b);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0d".as_slice(), &ihdr, &(!crc).to_be_bytes(), b"\0\0\0\0IDAT\x35\xaf\x06\x1e"].concat()
}

#[test]
fn each_bad_file_is_named_with_stage_and_cause_and_the_good_one_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let good = good(folder.path());
    let bytes = fs::read(&good).unwrap();
    fs::write(at("truncated.jpg"), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(at("text.jpg"), "this is no photograph\n").unwrap();
    fs::write(at("bomb.png"), png_header(60_000, 60_000)).unwrap();
    fs::write(at("phone.heic"), b"\0\0\0\x18ftypheic\0\0\0\0heicmif1\0\0\0\0").unwrap();
    fs::write(at("empty.jpg"), b"").unwrap();
    let bad = ["truncated.jpg", "text.jpg", "bomb.png", "phone.heic", "empty.jpg"];
    let output =
        headstamp().args(["read", "--json"]).args(bad.map(at)).arg(&good).arg(at("missing.jpg")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let records: Vec<serde_json::Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(records.len(), 7, "one line a photograph, in the order given");
    let stderr = String::from_utf8(output.stderr).unwrap();
    for (record, name) in records.iter().zip(bad) {
        assert!(record["photo"].as_str().unwrap().ends_with(name));
        assert_eq!(record["error"]["stage"], "decode", "{record}");
        assert!(!record["error"]["message"].as_str().unwrap().is_empty());
        assert_eq!(record["heads"], serde_json::json!([]));
        assert!(stderr.lines().any(|l| l.contains(name) && l.contains("decode: ")), "{name} in {stderr}");
    }
    assert!(stderr.contains("convert"), "how to convert HEIC: {stderr}");
    assert_eq!(records[5]["error"], serde_json::Value::Null);
    assert_eq!(records[5]["heads"].as_array().unwrap().len(), 1);
    assert_eq!(records[6]["error"]["stage"], "find");
}

#[test]
fn a_single_pixel_has_no_heads_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pixel.png");
    image::GrayImage::from_pixel(1, 1, image::Luma([128])).save(&path).unwrap();
    let output = headstamp().args(["read", "--json"]).arg(&path).output().unwrap();
    assert!(output.status.success());
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&record["heads"], &record["error"]), (&serde_json::json!([]), &serde_json::Value::Null));
    assert!(record["reason"].as_str().unwrap().contains("1 x 1"), "{record}");
}

#[test]
fn what_is_no_image_in_a_folder_is_passed_over_and_photographs_are_known_by_content() {
    let folder = tempfile::tempdir().unwrap();
    let good = good(folder.path());
    fs::rename(good, folder.path().join("photograph.dat")).unwrap();
    fs::write(folder.path().join("notes.txt"), "notes").unwrap();
    fs::write(folder.path().join("table.csv"), "a,b\n").unwrap();
    let output = headstamp().args(["read", "--json"]).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<_> = output.stdout.split(|b| *b == b'\n').filter(|l| l.len() > 2).collect();
    // The labels beside the render are passed over as well.
    assert_eq!(lines.len(), 1);
    assert!(String::from_utf8_lossy(lines[0]).contains("photograph.dat"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_leads_back_to_itself_ends() {
    let folder = tempfile::tempdir().unwrap();
    good(folder.path());
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    let output = headstamp()
        .args(["read", "--json"])
        .arg(folder.path())
        .timeout(std::time::Duration::from_secs(60))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.lines().filter(|l| l.contains("good.jpg")).count() >= 1, "{text}");
}

#[test]
fn damaged_or_missing_models_end_with_status_3_and_say_which() {
    let folder = tempfile::tempdir().unwrap();
    let missing = headstamp().args(["model", "info", "--models"]).arg(folder.path()).assert().code(3);
    missing.stderr(predicates::str::contains("headstamp-detector.json"));
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for entry in fs::read_dir(models).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    headstamp().args(["model", "info", "--models"]).arg(folder.path()).assert().success();
    let onnx = folder.path().join("headstamp-detector.onnx");
    let mut bytes = fs::read(&onnx).unwrap();
    bytes.push(0);
    fs::write(&onnx, bytes).unwrap();
    let refused = headstamp().args(["model", "info", "--models"]).arg(folder.path()).assert().code(3);
    refused.stderr(predicates::str::contains("SHA-256"));
}

#[test]
fn a_runtime_that_is_none_is_refused_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let fake = folder.path().join("libonnxruntime.so");
    fs::write(&fake, "no library").unwrap();
    for path in [fake, folder.path().join("missing.so"), folder.path().to_path_buf()] {
        let refused = headstamp().args(["model", "info", "--onnxruntime"]).arg(&path).assert().code(3);
        refused.stderr(predicates::str::contains("ONNX Runtime"));
    }
}

#[test]
fn wrong_usage_is_status_2() {
    for args in [
        &["read"][..],
        &["read", "--top", "0", "x.jpg"],
        &["frobnicate"],
        &["synth", "--out", "-", "--count", "1", "--seed", "1"],
        &["synth", "--format", "strips", "--out", "-", "--count", "1", "--seed", "1", "--legible"],
    ] {
        headstamp().args(args).assert().code(2);
    }
}
