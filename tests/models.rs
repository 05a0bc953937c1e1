//! `headstamp model install|list|use` and `model eval --with`: other models are taken in if they read no worse, kept beside
//! the earlier ones, refused where they were tampered with, and left again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, Run, headstamp, models_that_read_alike, other_models, samples};
use std::fs;
use std::path::{Path, PathBuf};

/// The program with a folder for data of its own.
fn own<const N: usize>(folder: &Folder, args: [&str; N]) -> Run {
    headstamp(args).env("XDG_DATA_HOME", folder.path("data"))
}

/// Some weights lost: those of two large convolutions, found by the lengths of their tensors.
fn worse(folder: &Folder) -> PathBuf {
    other_models(&folder.path("9.1.0"), "9.1.0", |bytes| {
        // field 9 of a tensor, raw bytes, and how many: 144 x 144 x 3 x 3 numbers of four bytes
        let mut length = 144 * 144 * 3 * 3 * 4;
        let mut field = vec![0x4a];
        while length > 0 {
            field.push((length & 0x7f) as u8 | if length > 0x7f { 0x80 } else { 0 });
            length >>= 7;
        }
        let starts: Vec<usize> = (0..bytes.len() - field.len()).filter(|at| bytes[*at..].starts_with(&field)).collect();
        assert!(starts.len() > 3, "the recogniser has other convolutions by now");
        for at in &starts[..2] {
            let weights = at + field.len();
            // far larger than they were
            bytes[weights..weights + 40_000].chunks_exact_mut(4).for_each(|n| n.copy_from_slice(&0.9f32.to_le_bytes()));
        }
    })
}

/// A catalogue of renders with the entries of their labels, some of whose varieties are never learnt from.
fn catalogue(folder: &Folder) -> PathBuf {
    let catalogue = folder.path("cases.catalogue");
    let photos = photos(folder);
    headstamp(["add", "--quiet", "--catalogue"]).arg(&catalogue).arg(&photos).success();
    let import = headstamp(["import", "--format", "csv", "--keep-columns", "--catalogue"]).arg(&catalogue);
    import.arg("--photos").arg(&photos).arg(photos.join("labels.csv")).success();
    catalogue
}

fn photos(folder: &Folder) -> PathBuf {
    let photos = folder.path("photos");
    if !photos.exists() {
        let args = ["--count", "30", "--seed", "5", "--subject", "single", "--size", "640x480", "--legible"];
        folder.renders("photos", args);
    }
    photos
}

#[test]
fn models_are_taken_in_if_they_read_no_worse_and_left_again() {
    let folder = Folder::new();
    let (worse, catalogue) = (worse(&folder), catalogue(&folder));
    let like = models_that_read_alike(&folder.path("9.0.0"), "9.0.0");
    own(&folder, ["model", "list"]).success().says("* built-in   headstamp-recogniser 4.0.0");

    let install = |from: &Path| own(&folder, ["model", "install", "--renders", "12", "--quiet"]).arg(from);
    let refused = install(&worse).arg("--catalogue").arg(&catalogue).status(1);
    refused.complains("same variety, first 0.").complains("by the models in use 0.").complains("built-in stays in use");
    own(&folder, ["model", "list"]).success().says("* built-in");

    let taken = install(&like).arg("--catalogue").arg(&catalogue).success();
    let said = taken.says("heads are read right by the others alone").complains("goes back");
    assert!(said.out.contains("never learnt from") && said.out.contains("renders kept aside"), "{}", said.out);
    let listed = own(&folder, ["model", "list", "--json"]).success().records();
    assert_eq!(listed.iter().map(|l| l["in_use"].as_bool().unwrap()).collect::<Vec<_>>(), [false, true]);
    let version = listed[1]["version"].as_str().unwrap().to_owned();
    assert_eq!(listed[1]["installed"]["figures"]["sets"][1]["legible"].as_u64().map(|n| n > 5), Some(true));
    // what reads is what was taken in, and confidence is not carried over to other networks
    let photo = samples().join("00000.jpg");
    let read = own(&folder, ["read", "--json", "--quiet"]).arg(&photo).success().records();
    assert!(read[0]["model"].as_str().unwrap().contains("9.0.0"), "{}", read[0]["model"]);
    own(&folder, ["model", "info"]).success().says("headstamp-recogniser 9.0.0");
    install(&like).status(2).complains("these are the models in use");
    // what waits is read anew by it, and what was decided stays
    let renew = || own(&folder, ["add", "--renew", "--quiet", "--catalogue"]).arg(&catalogue).arg(photos(&folder));
    let entries = || headstamp(["export", "--format", "csv", "--catalogue"]).arg(&catalogue).success().out;
    let before = entries();
    renew().success().complains("the proposals of");
    assert_eq!(entries(), before);

    // a file that was tampered with is refused at the start, with the way back
    let network = folder.path("data/headstamp/models").join(&version).join("headstamp-recogniser.onnx");
    let whole = fs::read(&network).unwrap();
    let mut bytes = whole.clone();
    bytes[5_000_000] ^= 1;
    fs::write(&network, bytes).unwrap();
    let tampered = own(&folder, ["read"]).arg(&photo).status(3);
    tampered.complains("SHA-256").complains("headstamp model use built-in");
    own(&folder, ["model", "use", "built-in"]).success();
    let read = own(&folder, ["read", "--json", "--quiet"]).arg(&photo).success().records();
    assert!(read[0]["model"].as_str().unwrap().contains("4.0.0"));

    fs::write(&network, whole).unwrap();
    own(&folder, ["model", "use"]).arg(&version[..4]).success().complains("where built-in was");
    own(&folder, ["model", "info"]).success().says("headstamp-recogniser 9.0.0");
    own(&folder, ["model", "use", "nothing"]).status(2).complains("model list");
}

#[test]
fn other_models_are_compared_head_by_head() {
    let folder = Folder::new();
    let worse = worse(&folder);
    let compare = || own(&folder, ["model", "eval", "--quiet", "--with"]).arg(&worse);
    let told = compare().args(["--renders", "16", "--json"]).success().json();
    let set = &told["sets"][0];
    assert_eq!((told["schema"].as_u64(), set["name"].as_str()), (Some(1), Some("renders kept aside")));
    let figure = |name: &str| {
        let all = set["differences"].as_array().unwrap();
        all.iter().find(|d| d["name"] == name).unwrap().clone()
    };
    let decides = figure("variety_first");
    assert!(decides["difference"].as_f64().unwrap() < -0.2 && decides["interval"]["high"].as_f64().unwrap() < 0.0);
    for by in ["metal", "focus", "layout"] {
        assert!(set["by"][by].as_array().is_some_and(|g| !g.is_empty()), "{by}");
    }
    // the same renders each time
    let again = compare().args(["--renders", "16", "--by", "layout"]).success();
    let share = decides["before"].as_f64().unwrap();
    again.says(&format!("{share:.3}")).says("tops outward");
    own(&folder, ["model", "eval"]).status(2).complains("name labels");
    compare().args(["--report", "somewhere"]).status(2);
}

/// Confirmed heads can be evaluated without others: those that are never learnt from alone.
#[test]
fn confirmed_heads_are_labels() {
    let folder = Folder::new();
    let catalogue = catalogue(&folder);
    let told = own(&folder, ["model", "eval", "--quiet", "--json", "--catalogue"]).arg(&catalogue).success().json();
    let heads = told["labelled"].as_array().unwrap();
    let exported = folder.path("records");
    headstamp(["dataset", "--format", "csv", "--catalogue"]).arg(&catalogue).arg("--out").arg(&exported).success();
    let table = fs::read_to_string(exported.join("heads.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let test: Vec<String> = rows
        .deserialize::<std::collections::BTreeMap<String, String>>()
        .map(Result::unwrap)
        .filter(|r| r["split"] == "test")
        .map(|r| r["headstamp"].clone())
        .collect();
    assert!(!test.is_empty());
    let mut read: Vec<&str> = heads.iter().map(|h| h["headstamp"].as_str().unwrap()).collect();
    let mut wanted: Vec<&str> = test.iter().map(String::as_str).collect();
    read.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(read, wanted);
}
