//! `headstamp dataset`: confirmed heads as training data that leaks nothing, in every form, the same bytes every time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp, samples};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A catalogue of samples with entries of a list; one photograph bears a place and a time in its EXIF, one entry a holder.
fn catalogue(folder: &Folder) -> PathBuf {
    let catalogue = folder.path("kidal.catalogue");
    let photos = folder.path("photos");
    fs::create_dir(&photos).unwrap();
    let labels = fs::read_to_string(samples().join("labels.csv")).unwrap();
    let mut rows = String::from("photo,headstamp,country,holder,notes\n");
    for line in labels.lines().skip(1).take(16) {
        let cells: Vec<&str> = line.split(',').collect();
        let jpeg = fs::read(samples().join(cells[0])).unwrap();
        fs::write(photos.join(cells[0]), with_place(&jpeg)).unwrap();
        if cells[6] == "1" {
            rows.push_str(&format!("{},{},BG,Sergeant Secret,private note\n", cells[0], cells[4]));
        }
    }
    headstamp(["add", "--quiet", "--catalogue"]).arg(&catalogue).arg(&photos).success();
    let list = folder.write("entries.csv", rows);
    let import = headstamp(["import", "--format", "csv", "--catalogue"]).arg(&catalogue).arg("--photos").arg(&photos);
    import.arg(list).success();
    catalogue
}

/// A JPEG with an EXIF segment that names a place.
fn with_place(jpeg: &[u8]) -> Vec<u8> {
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, exif, &jpeg[2..]].concat()
}

fn export(catalogue: &Path, out: &Path, form: &str, more: &[&str]) {
    let run = headstamp(["dataset", "--format", form, "--catalogue"]).arg(catalogue).arg("--out").arg(out).args(more);
    run.success();
}

/// Every file under a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let all = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file());
    let name = |e: &walkdir::DirEntry| e.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
    all.map(|e| (name(&e), fs::read(e.path()).unwrap())).collect()
}

fn table(files: &BTreeMap<String, Vec<u8>>) -> Vec<BTreeMap<String, String>> {
    let mut table = csv::Reader::from_reader(&files["heads.csv"][..]);
    table.deserialize().map(Result::unwrap).collect()
}

#[test]
fn every_form_is_whole_and_the_same_twice() {
    let folder = Folder::new();
    let catalogue = catalogue(&folder);
    for form in ["imagefolder", "coco", "yolo", "paddleocr", "csv", "records"] {
        let (one, two) = (folder.path(form), folder.path(&format!("{form}-again")));
        export(&catalogue, &one, form, &["--split", "50,25,25"]);
        export(&catalogue, &two, form, &["--split", "50,25,25"]);
        let all = files(&one);
        assert_eq!(all, files(&two), "{form}");
        let heads = table(&all);
        assert!(heads.len() >= 12, "{form}: {}", heads.len());
        let mut parts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for head in &heads {
            assert!(all.contains_key(&head["file"]), "{form}: {}", head["file"]);
            parts.entry(&head["variety"]).or_default().insert(&head["split"]);
        }
        assert!(parts.values().all(|p| p.len() == 1), "{form}: {parts:?}");
        let sides: BTreeSet<&&str> = parts.values().flatten().collect();
        assert_eq!(sides.len(), 3, "{form}");
        for (name, bytes) in &all {
            for private in ["Sergeant Secret", "private note", "Exif", &*folder.root().to_string_lossy()] {
                let holds = bytes.windows(private.len()).any(|w| w == private.as_bytes());
                assert!(!holds, "{form}: {name} holds {private}");
            }
        }
        assert!(String::from_utf8_lossy(&all["README.md"]).contains("No variety and no case is in two parts"));
        let croissant: Value = serde_json::from_slice(&all["croissant.json"]).unwrap();
        assert_eq!(croissant["recordSet"][0]["field"][0]["name"], "file");
    }
    let json = |path: &str| -> Value { serde_json::from_slice(&fs::read(folder.path(path)).unwrap()).unwrap() };
    let coco = json("coco/annotations/instances_train.json");
    assert_eq!(coco["categories"][0]["name"], "case_head");
    let [x, y, w, h] = [0, 1, 2, 3].map(|n| coco["annotations"][0]["bbox"][n].as_f64().unwrap());
    let image = &coco["images"][0];
    assert!(
        x >= 0.0 && y >= 0.0 && x + w <= image["width"].as_f64().unwrap() && y + h <= image["height"].as_f64().unwrap()
    );
    let words = fs::read_to_string(folder.path("paddleocr/rec/train.txt")).unwrap();
    assert!(words.lines().count() >= 4 && words.lines().all(|l| l.split('\t').count() == 2), "{words}");
    let yolo = fs::read_to_string(folder.path("yolo/data.yaml")).unwrap();
    assert!(yolo.contains("train: images/train") && yolo.contains("0: \"case_head\""), "{yolo}");
    let strips = fs::read(folder.path("records/train.strips")).unwrap();
    assert_eq!(strips[..4], 0x5350_5254u32.to_le_bytes());
}

#[test]
fn what_is_asked_for_is_taken_and_the_rest_is_counted() {
    let folder = Folder::new();
    let catalogue = catalogue(&folder);
    let run = |out: &str, more: &[&str]| {
        let dataset = headstamp(["dataset", "--format", "csv", "--catalogue"]).arg(&catalogue);
        dataset.arg("--out").arg(folder.path(out)).args(more)
    };
    run("typed", &["--way", "typed"]).success().complains("confirmed in another way than was asked for");
    assert_eq!(table(&files(&folder.path("typed"))).len(), 0);
    run("private", &["--private", "--licence", "CC-BY-4.0"]).success();
    let all = files(&folder.path("private"));
    assert_eq!(table(&all)[0]["holder"], "Sergeant Secret");
    assert!(String::from_utf8_lossy(&all["README.md"]).contains("CC-BY-4.0"));
    run("private", &[]).status(2).complains("is not empty");
    run("coco", &["--format", "records", "--show", "heads"]).status(2);

    // a photograph that is gone is named, the others are written; where they are now is found by content
    let moved = folder.path("moved");
    fs::rename(folder.path("photos"), &moved).unwrap();
    run("gone", &[]).status(1).complains("00000.jpg");
    run("found", &["--photos", &moved.to_string_lossy()]).success();
    assert_eq!(table(&files(&folder.path("found"))).len(), table(&all).len());
}

#[test]
fn heads_that_are_worth_a_look_are_named_with_the_reason() {
    let folder = Folder::new();
    let catalogue = folder.path("c.catalogue");
    headstamp(["add", "--quiet", "--catalogue"]).arg(&catalogue).arg(samples()).success();
    let suggest = || headstamp(["dataset", "--suggest", "5", "--catalogue"]).arg(&catalogue);
    let all = suggest().arg("--json").success().records();
    assert_eq!(all.len(), 5);
    let worth: Vec<f64> = all.iter().map(|s| s["worth"].as_f64().unwrap()).collect();
    assert!(worth.is_sorted_by(|a, b| a >= b), "{worth:?}");
    assert!(all.iter().all(|s| !s["reasons"].as_array().unwrap().is_empty()), "{all:?}");
    assert_eq!(suggest().success().out.lines().count(), 5);
    headstamp(["dataset", "--suggest", "5", "--out", "x", "--format", "csv", "--catalogue"]).arg(&catalogue).status(2);
}
