//! Confidence is told where it was measured with the very networks, vocabulary and way of reading, and nowhere else; and one
//! figure of it stands everywhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const KINDS: [&str; 3] = ["detector", "recogniser", "classifier"];

fn headstamp(args: &[&str]) -> String {
    common::headstamp(args).success().out
}

/// Confidences of all proposals for a sample.
fn confidences(args: &[&str]) -> Vec<Value> {
    let photo = format!("{ROOT}/samples/00001.jpg");
    let record: Value = serde_json::from_str(&headstamp(&[&["read", "--json", &photo], args].concat())).unwrap();
    let proposals = record["heads"][0]["proposals"].as_array().expect("the sample shows a head").clone();
    assert!(!proposals.is_empty(), "and it is legible");
    proposals.iter().map(|p| p["confidence"].clone()).collect()
}

fn measured(args: &[&str]) -> bool {
    let all = confidences(args);
    assert!(all.iter().all(Value::is_number) || all.iter().all(Value::is_null), "{all:?}");
    all[0].is_number()
}

fn committed() -> Value {
    serde_json::from_slice(&fs::read(format!("{ROOT}/models/headstamp-confidence.json")).unwrap()).unwrap()
}

/// A folder with the networks of the program and its calibrations.
fn models() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        for end in ["json", "onnx"] {
            let name = format!("headstamp-{kind}.{end}");
            fs::copy(format!("{ROOT}/models/{name}"), folder.path().join(&name)).unwrap();
        }
    }
    write(folder.path(), &committed());
    folder
}

fn write(folder: &Path, confidences: &Value) {
    fs::write(folder.join("headstamp-confidence.json"), confidences.to_string()).unwrap();
}

/// Puts another network of the same kind in the place of one: it computes the same, but its bytes, and so its hash, differ.
fn swap(folder: &Path, kind: &str) -> String {
    let (json, onnx) = (folder.join(format!("headstamp-{kind}.json")), folder.join(format!("headstamp-{kind}.onnx")));
    let mut bytes = fs::read(&onnx).unwrap();
    // ONNX is a protobuf message; field 6 is a text for people
    bytes.extend([0x32, 7]);
    bytes.extend(b"another");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    let hash = hex::encode(Sha256::digest(&bytes));
    manifest["sha256"] = json!(hash);
    manifest["bytes"] = json!(bytes.len());
    fs::write(&onnx, bytes).unwrap();
    fs::write(&json, manifest.to_string()).unwrap();
    hash
}

fn path(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

#[test]
fn without_the_vocabulary_there_is_none_until_it_is_measured_so() {
    assert!(measured(&[]));
    assert!(!measured(&["--no-prior"]));
    let folder = models();
    let models = path(folder.path());
    assert!(measured(&["--models", models]) && !measured(&["--models", models, "--no-prior"]));
    // a calibration of its own
    let mut own = committed();
    own["calibrations"][0]["vocabulary"] = json!({"name": "none", "sha256": hex::encode(Sha256::digest(""))});
    write(folder.path(), &own);
    assert!(!measured(&["--models", models]) && measured(&["--models", models, "--no-prior"]));
}

#[test]
fn with_another_network_there_is_none_until_it_is_measured_so() {
    for kind in KINDS {
        let folder = models();
        let models = path(folder.path());
        let hash = swap(folder.path(), kind);
        assert!(!measured(&["--models", models]), "{kind}");
        let info = headstamp(&["model", "info", "--models", models]);
        assert!(
            info.contains(&format!("null: not measured with these networks (it was fitted with another {kind})")),
            "{info}"
        );
        let mut own = committed();
        own["calibrations"][0]["networks"][kind] = json!(hash);
        write(folder.path(), &own);
        assert!(measured(&["--models", models]), "{kind}");
    }
}

/// What was measured for another vocabulary of the same name, for a mode to come, or not at all, is not shown; neither is what
/// manifests held before there was a file of its own.
#[test]
fn only_what_was_measured_for_this_very_setting_is_shown() {
    let folder = models();
    let models = path(folder.path());
    for (place, value) in [
        ("/vocabulary/sha256", json!("00")),
        ("/mode", json!("together")),
        ("/figures", Value::Null),
        ("/features/0", json!("another")),
    ] {
        let mut other = committed();
        *other["calibrations"][0].pointer_mut(place).unwrap() = value;
        write(folder.path(), &other);
        assert!(!measured(&["--models", models]), "{place}");
    }
    fs::remove_file(folder.path().join("headstamp-confidence.json")).unwrap();
    let json = folder.path().join("headstamp-recogniser.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    manifest["calibration"] = committed()["calibrations"][0].clone();
    fs::write(&json, manifest.to_string()).unwrap();
    assert!(!measured(&["--models", models]));
    let info = headstamp(&["model", "info", "--models", models]);
    assert!(
        info.contains("null: not measured with these networks (headstamp-confidence.json is not there, or empty)"),
        "{info}"
    );
}

/// How many are asked for changes nothing of how sure the first is.
#[test]
fn confidence_does_not_depend_on_how_many_are_shown() {
    let (one, five) = (confidences(&["--top", "1"]), confidences(&[]));
    assert_eq!((one.len(), &one[0]), (1, &five[0]));
    let sum: f64 = five.iter().filter_map(Value::as_f64).sum();
    assert!(sum <= 1.0 + 1e-6, "{sum}");
}

/// `model eval` says with what confidences were computed, and whether they mean what they say.
#[test]
fn evaluation_says_how_confidence_was_measured() {
    let labels = format!("{ROOT}/samples/labels.csv");
    let known: Value = serde_json::from_str(&headstamp(&["model", "eval", "--json", &labels])).unwrap();
    let (networks, way) = (&committed()["calibrations"][0]["networks"], &known["confidence"]);
    assert_eq!((&way["networks"], &way["mode"], &way["calibrated"]), (networks, &json!("alone"), &json!(true)));
    assert!(known["reliability"]["calibration_error"].is_number());
    let blind = headstamp(&["model", "eval", "--no-prior", &labels]);
    assert!(
        blind.contains("confidence is null: not measured for these networks, read alone, vocabulary `none`"),
        "{blind}"
    );
}

/// README and model card say what was measured: one figure from one measurement.
#[test]
fn documents_tell_the_measured_figures() {
    let confidences = committed();
    let [calibration] = confidences["calibrations"].as_array().unwrap().as_slice() else { panic!("one calibration") };
    let figures = &calibration["figures"];
    let figure = |name: &str| figures[name].as_f64().unwrap();
    assert!(figures["count"].as_u64().unwrap() > 500, "figures are of many heads");
    let text = |name: &str| {
        let text = fs::read_to_string(format!("{ROOT}/{name}")).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (readme, card) = (text("README.md"), text("models/MODEL-CARD.md"));
    let error = format!("{:.3}", figure("calibration_error"));
    assert!(readme.contains(&format!("what was said differed from what was right by {error} on average")), "{error}");
    assert!(card.contains(&format!("The confidence is true on renders (error {error})")), "{error}");
    let row = format!(
        "| calibration error / Brier score / of a constant | {error} / {:.3} / {:.3} | null |",
        figure("brier"),
        figure("brier_of_a_constant")
    );
    assert!(card.contains(&row), "{row}");
    let info = headstamp(&["model", "info"]);
    assert!(info.contains(&format!("calibration error {error}, ")), "{info}");
    let manifest = fs::read_to_string(format!("{ROOT}/models/headstamp-recogniser.json")).unwrap();
    assert!(!manifest.contains("calibration"), "the manifest tells no figure of its own");
}
