//! Entries to others and back: workbooks, Parquet, bundles that prove what they hold, and what is left out of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp};
use headstamp::catalogue::{Catalogue, Entry, Field, How, Place, Value, Values, Way, What};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field as Cell;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use zip::ZipArchive;

/// Entries that are made: every script, empty and extreme values.
const MANY: usize = 10_000;

/// What values may be: of every script, what spreadsheets would run or change, and what is as long as it may be.
fn texts() -> Vec<String> {
    let plain = [
        "05",
        "1-2",
        "1E5",
        "=1+1",
        "+49",
        "-1",
        "@SUM(A1)",
        "'quoted",
        "\"double\", comma; semicolon",
        "two\nlines",
        "Д_Ф_39_В",
        "١٢٣٤",
        "中文",
        "हिन्दी",
        "עברית",
        "ไทย",
        "🎯",
        "e\u{301}",
        "tab in _x0009_",
        "TRUE",
        "2001-02-01",
        "  inside  ok",
    ];
    let mut all: Vec<String> = plain.iter().map(|t| t.trim().to_owned()).collect();
    all.push("ü".repeat(5000));
    all
}

/// A catalogue of entries whose notes, sites and rows as given are all kinds of text.
fn catalogue(folder: &Folder, count: usize) -> PathBuf {
    let path = folder.root().join("many.catalogue");
    let mut catalogue = Catalogue::open_or_create(&path).unwrap();
    let texts = texts();
    let mut all = Vec::with_capacity(count);
    for n in 0..count {
        let value = |text: String, how| Value { text, how, by: format!("Ada {}", n % 7) };
        let text = |k: usize| texts[(n * 7 + k) % texts.len()].clone();
        let mut values = Values::from([
            (Field::Headstamp, value(format!("Д{}_{}", n % 300, n % 90 + 10), How::Stamped)),
            (Field::Notes, value(text(0), How::Told)),
        ]);
        if n % 3 == 0 {
            values.insert(Field::Quantity, value((n + 1).to_string(), How::Told));
            values.insert(Field::LotNumber, value(text(1).replace('\n', " "), How::Measured));
        }
        if n % 1000 == 0 {
            let long = format!("{{\"row\":\"{}\"}}", "x".repeat(90_000));
            values.insert(Field::OriginalRow, value(long, How::Told));
        }
        let places = if n % 5 == 0 { vec![Place { photo: format!("{n:064x}"), head: Some(2) }] } else { Vec::new() };
        let case = Uuid::from_u128(n as u128 + 1);
        all.push((What::Enter { case, places, way: Way::Imported, group: 1, values }, None));
    }
    catalogue.decide_all("Ada", all).unwrap();
    path
}

fn entries(path: &Path) -> Vec<Entry> {
    let mut all = Vec::new();
    let each = |entry| {
        all.push(entry);
        Ok::<_, headstamp::catalogue::CatalogueError>(())
    };
    Catalogue::open_to_read(path).unwrap().entries(each).unwrap();
    all.sort_by_key(|e| e.case);
    all
}

#[test]
fn every_form_brings_back_what_it_took() {
    let folder = Folder::new();
    let from = catalogue(&folder, MANY);
    let all = entries(&from);
    for format in ["csv", "jsonl", "xlsx"] {
        let file = folder.root().join(format!("a.{format}"));
        headstamp(["export", "--full", "--format", format, "--catalogue"]).arg(&from).arg("--out").arg(&file).success();
        let to = folder.root().join(format!("{format}.catalogue"));
        headstamp(["import", "--format", format, "--by", "Bo", "--catalogue"]).arg(&to).arg(&file).success();
        let back = entries(&to);
        assert_eq!(back.len(), all.len());
        for (a, b) in all.iter().zip(&back) {
            assert_eq!(a, b, "{format}");
        }
    }
    let file = folder.root().join("a.parquet");
    headstamp(["export", "--full", "--format", "parquet", "--catalogue"]).arg(&from).arg("--out").arg(&file).success();
    let read = SerializedFileReader::new(File::open(&file).unwrap()).unwrap();
    let mut count = 0;
    for (row, entry) in read.get_row_iter(None).unwrap().zip(&all) {
        let row = row.unwrap();
        let cell = |name: &str| match row.get_column_iter().find(|c| c.0 == name).unwrap().1 {
            Cell::Str(text) => text.clone(),
            Cell::Null => String::new(),
            other => other.to_string(),
        };
        assert_eq!(cell("case"), entry.case.to_string());
        assert_eq!(cell("notes"), entry.values[&Field::Notes].text);
        assert_eq!(cell("notes_by"), entry.values[&Field::Notes].by);
        assert_eq!(cell("quantity"), entry.values.get(&Field::Quantity).map_or("", |v| v.text.as_str()));
        count += 1;
    }
    assert_eq!(count, all.len());
    // what may have been worked on is never written over
    let again = headstamp(["export", "--format", "xlsx", "--catalogue"]).arg(&from).arg("--out");
    again.arg(folder.root().join("a.xlsx")).status(2).complains("never written over");
}

/// A catalogue of two photographs with what should not be given to everybody.
fn held(folder: &Folder) -> PathBuf {
    let renders =
        folder.renders("renders", ["--count", "2", "--seed", "3", "--subject", "single", "--size", "500x400"]);
    // as a camera writes it: who, and where
    let photo = renders.join("00000.jpg");
    let jpeg = fs::read(&photo).unwrap();
    let secret = b"GPSLatitude 18.4411 N, Brigade Seven";
    let mut with = jpeg[..2].to_vec();
    with.extend([0xff, 0xfe]);
    with.extend((secret.len() as u16 + 2).to_be_bytes());
    with.extend(secret);
    with.extend(&jpeg[2..]);
    fs::write(&photo, with).unwrap();
    let path = folder.root().join("held.catalogue");
    let set = ["--set", "holder=Brigade Seven", "--set", "collected_by=Colonel Nine", "--set", "site=Kidal"];
    headstamp(["add", "--by", "Ada", "--catalogue"]).arg(&path).args(set).arg(&renders).success();
    let mut catalogue = Catalogue::open(&path).unwrap();
    let mut after = 0;
    while let Some(item) = catalogue.next_item(after).unwrap() {
        after = item.id;
        let mut values = item.given.clone();
        let value = |text: &str| Value { text: text.into(), how: How::Stamped, by: "Ada".into() };
        values.insert(Field::Headstamp, value("31_94"));
        values.insert(Field::Notes, value("handed over by brigade seven"));
        let case = Uuid::now_v7();
        let what = What::Enter { case, places: vec![item.place], way: Way::Typed, group: 1, values };
        catalogue.decide("Ada", what, None).unwrap();
    }
    let plain =
        Values::from([(Field::Headstamp, Value { text: "1_39_012".into(), how: How::Stamped, by: "Ada".into() })]);
    let what = What::Enter { case: Uuid::now_v7(), places: vec![], way: Way::Typed, group: 1, values: plain };
    catalogue.decide("Ada", what, None).unwrap();
    path
}

/// Parts of a bundle, each with its name.
type Parts = Vec<(String, Vec<u8>)>;

/// Every part of a bundle by name.
fn parts(path: &Path) -> Parts {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let count = archive.len();
    let read = |n| {
        let mut part = archive.by_index(n).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        (part.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

fn write(path: &Path, parts: &[(String, Vec<u8>)]) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_bundle_proves_itself_to_somebody_else() {
    let folder = Folder::new();
    let from = held(&folder);
    let key = folder.root().join("key.pem");
    let public = headstamp(["verify", "--new-key"]).arg(&key).success().out.trim().to_owned();
    let bundle = folder.root().join("a.zip");
    let export = headstamp(["export", "--format", "bundle", "--catalogue"]).arg(&from).arg("--out").arg(&bundle);
    export.arg("--sign").arg(&key).success().complains("2 photographs written");
    let verify = |path: &Path| headstamp(["verify", "--bundle"]).arg(path);
    let said = verify(&bundle).arg("--key").arg(&public).success().out;
    assert!(said.contains("bundle unaltered: 3 entries, 2 of 2 photographs"), "{said}");
    assert!(said.contains(&format!("signed by {public}")), "{said}");
    verify(&bundle).args(["--key", &"00".repeat(32)]).status(3).complains("it is signed by");

    let all = parts(&bundle);
    let changed = folder.root().join("changed.zip");
    let tampered = |change: &dyn Fn(&mut Parts)| {
        let mut parts = all.clone();
        change(&mut parts);
        write(&changed, &parts);
        verify(&changed).status(3).err
    };
    let at = |parts: &[(String, Vec<u8>)], name: &str| parts.iter().position(|p| p.0.contains(name)).unwrap();
    let in_photograph = tampered(&|p| {
        let n = at(p, "photographs/");
        let middle = p[n].1.len() / 2;
        p[n].1[middle] ^= 1;
    });
    assert!(in_photograph.contains("photographs/") && in_photograph.contains("was changed"), "{in_photograph}");
    let in_manifest = tampered(&|p| {
        let n = at(p, "manifest.json");
        let text = String::from_utf8(p[n].1.clone()).unwrap();
        p[n].1 = text.replacen("\"at\": \"2", "\"at\": \"1", 1).into_bytes();
    });
    assert!(in_manifest.contains("manifest.json was changed since it was sealed"), "{in_manifest}");
    let in_chain = tampered(&|p| {
        let n = at(p, "chain.jsonl");
        let text = String::from_utf8(p[n].1.clone()).unwrap();
        p[n].1 = text.replacen("31_94", "31_95", 1).into_bytes();
    });
    assert!(in_chain.contains("decision 1 was altered"), "{in_chain}");
    assert!(tampered(&|p| p.retain(|p| p.0 != "entries.jsonl")).contains("entries.jsonl is missing"));
    assert!(tampered(&|p| p.push(("more".into(), vec![1]))).contains("more was added"));
    fs::write(&changed, &fs::read(&bundle).unwrap()[..5000]).unwrap();
    verify(&changed).status(3).complains("cannot be read as a bundle");

    // the chain head alone, signed and held against what came after
    let signed = folder.root().join("head.json");
    let text = headstamp(["verify", "--catalogue"]).arg(&from).arg("--sign").arg(&key).success().out;
    fs::write(&signed, text).unwrap();
    let check =
        || headstamp(["verify", "--catalogue"]).arg(&from).arg("--signed").arg(&signed).args(["--key", &public]);
    check().success().says("is decision 3 of").says(&format!("signed by {public}"));
    fs::write(&signed, fs::read_to_string(&signed).unwrap().replace("\"decisions\":3", "\"decisions\":4")).unwrap();
    check().status(3).complains("the signature does not hold");
}

#[test]
fn what_is_left_out_of_a_bundle_stands_nowhere_in_it() {
    let folder = Folder::new();
    let from = held(&folder);
    let bundle = folder.root().join("a.zip");
    let export =
        headstamp(["export", "--format", "bundle", "--redact", "--catalogue"]).arg(&from).arg("--out").arg(&bundle);
    export.success();
    let secrets =
        ["GPSLatitude", "18.4411", "brigade seven", "colonel nine", "renders", &*folder.root().to_string_lossy()];
    let mut names = Vec::new();
    for (name, bytes) in parts(&bundle) {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for secret in secrets {
            assert!(!text.contains(&secret.to_lowercase()), "{secret} in {name}");
        }
        names.push(name);
    }
    assert_eq!(names.iter().filter(|n| n.starts_with("photographs/")).count(), 2, "{names:?}");
    let raw = fs::read(&bundle).unwrap();
    assert!(!String::from_utf8_lossy(&raw).to_lowercase().contains("brigade"));
    let said = headstamp(["verify", "--bundle"]).arg(&bundle).success().out;
    assert!(said.contains("decisions: 1 of 3 proved, of the others something was left out"), "{said}");
    assert!(said.contains("Not that the photographs are those that were added"), "{said}");
    // who has the salts can prove a value
    let salts: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.root().join("a.zip.salts.json")).unwrap()).unwrap();
    assert_eq!(
        salts.as_object().unwrap().len(),
        2 * 2 * 2,
        "holder and collector of two entries, there and in the chain"
    );
    // an ordinary export leaves the same fields out
    let csv = headstamp(["export", "--format", "csv", "--catalogue"]).arg(&from).success().out;
    assert!(!csv.contains("Brigade Seven\",") && !csv.contains("collected_by") && csv.contains("Kidal"), "{csv}");
}
