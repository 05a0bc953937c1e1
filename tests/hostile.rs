//! Inputs that are broken, mislabelled or meant to do harm: each is answered for, and none keeps another from being read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp};
use std::fs;
use std::path::{Path, PathBuf};

/// A rendered photograph with one legible head.
fn good(folder: &Folder) -> PathBuf {
    let args = ["--count", "1", "--seed", "10", "--subject", "single", "--legible", "--size", "640x480"];
    let rendered = folder.renders("rendered", args);
    let path = folder.path("good.jpg");
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
    let folder = Folder::new();
    let good = good(&folder);
    let bytes = fs::read(&good).unwrap();
    let bad = [
        ("truncated.jpg", &bytes[..bytes.len() / 2]),
        ("text.jpg", b"this is no photograph\n"),
        ("bomb.png", &png_header(60_000, 60_000)),
        ("phone.avif", b"\0\0\0\x18ftypavif\0\0\0\0avifmif1\0\0\0\0"),
        ("empty.jpg", b""),
    ];
    let paths = bad.map(|(name, bytes)| folder.write(name, bytes));
    let read = headstamp(["read", "--json"]).args(paths).arg(&good).arg(folder.path("missing.jpg")).status(1);
    let records = read.records();
    assert_eq!(records.len(), 7, "one line a photograph, in the order given");
    let stderr = &read.err;
    for (record, (name, _)) in records.iter().zip(bad) {
        assert!(record["photo"].as_str().unwrap().ends_with(name));
        assert_eq!(record["error"]["stage"], "decode", "{record}");
        assert!(!record["error"]["message"].as_str().unwrap().is_empty());
        assert_eq!(record["heads"], serde_json::json!([]));
        assert!(stderr.lines().any(|l| l.contains(name) && l.contains("decode: ")), "{name} in {stderr}");
    }
    assert!(stderr.contains("convert"), "how to convert AVIF: {stderr}");
    assert_eq!(records[5]["error"], serde_json::Value::Null);
    assert_eq!(records[5]["heads"].as_array().unwrap().len(), 1);
    assert_eq!(records[6]["error"]["stage"], "find");
}

#[test]
fn a_single_pixel_has_no_heads_and_says_why() {
    let folder = Folder::new();
    let path = folder.path("pixel.png");
    image::GrayImage::from_pixel(1, 1, image::Luma([128])).save(&path).unwrap();
    let record = headstamp(["read", "--json"]).arg(&path).success().json();
    assert_eq!((&record["heads"], &record["error"]), (&serde_json::json!([]), &serde_json::Value::Null));
    assert!(record["reason"].as_str().unwrap().contains("1 x 1"), "{record}");
}

#[test]
fn what_is_no_image_in_a_folder_is_passed_over_and_photographs_are_known_by_content() {
    let folder = Folder::new();
    fs::rename(good(&folder), folder.path("photograph.dat")).unwrap();
    folder.write("notes.txt", "notes");
    folder.write("table.csv", "a,b\n");
    // the labels beside the render are passed over as well
    let records = headstamp(["read", "--json"]).arg(folder.root()).success().records();
    assert_eq!(records.len(), 1);
    assert!(records[0]["photo"].as_str().unwrap().ends_with("photograph.dat"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_leads_back_to_itself_ends() {
    let folder = Folder::new();
    good(&folder);
    std::os::unix::fs::symlink(folder.root(), folder.path("again")).unwrap();
    headstamp(["read", "--json"]).arg(folder.root()).success().says("good.jpg");
}

#[test]
fn damaged_or_missing_models_end_with_status_3_and_say_which() {
    let folder = Folder::new();
    let info = || headstamp(["model", "info", "--models"]).arg(folder.root());
    info().status(3).complains("headstamp-detector.json");
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for entry in fs::read_dir(models).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.root().join(path.file_name().unwrap())).unwrap();
    }
    info().success();
    let onnx = folder.path("headstamp-detector.onnx");
    let mut bytes = fs::read(&onnx).unwrap();
    bytes.push(0);
    fs::write(&onnx, bytes).unwrap();
    info().status(3).complains("SHA-256");
}

#[test]
fn a_runtime_that_is_none_is_refused_and_not_replaced() {
    let folder = Folder::new();
    let fake = folder.write("libonnxruntime.so", "no library");
    for path in [fake, folder.path("missing.so"), folder.root().to_path_buf()] {
        headstamp(["model", "info", "--onnxruntime"]).arg(&path).status(3).complains("ONNX Runtime");
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
        headstamp(args).status(2);
    }
}
