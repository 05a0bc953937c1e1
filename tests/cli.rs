//! What a user sees.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp, samples};
use std::fs;

fn stdout(args: &[&str]) -> String {
    headstamp(args).success().out
}

#[test]
fn help_says_what_there_is() {
    for (name, args) in [
        ("help", vec!["--help"]),
        ("help_read", vec!["read", "--help"]),
        ("help_add", vec!["add", "--help"]),
        ("help_review", vec!["review", "--help"]),
        ("help_import", vec!["import", "--help"]),
        ("help_synth", vec!["synth", "--help"]),
        ("help_model", vec!["model", "--help"]),
        ("help_model_eval", vec!["model", "eval", "--help"]),
    ] {
        insta::assert_snapshot!(name, stdout(&args));
    }
}

/// The commands under one, each with its way from the top, as their help lists them.
fn commands(under: &[String]) -> Vec<Vec<String>> {
    let help = headstamp(under).arg("--help").success().out;
    let list = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let names = list.filter_map(|l| l.strip_prefix("  ")?.split(' ').next()).filter(|n| !n.is_empty() && *n != "help");
    names
        .flat_map(|name| {
            let this = [under, &[name.to_owned()]].concat();
            let below = commands(&this);
            [vec![this], below].concat()
        })
        .collect()
}

#[test]
fn man_page_and_completions_name_every_command() {
    let (man, bash) = (stdout(&["man"]), stdout(&["completions", "bash"]));
    let all = commands(&[]);
    assert!(all.len() > 15 && all.contains(&vec!["model".into(), "eval".into()]), "{all:?}");
    for command in all {
        let section = format!("\n\\fBheadstamp {}\\fR ", command.join(" "));
        assert!(man.contains(&section), "{command:?} has no section in the man page");
        let (name, before) = command.split_last().unwrap();
        let state = before.iter().fold("headstamp".to_owned(), |state, c| format!("{state}__subcmd__{c}"));
        assert!(bash.contains(&format!(" {state},{name})")), "{command:?} is not completed");
    }
    assert!(man.contains("\\-\\-annotate") && man.contains("\\-\\-features"));
}

/// The record is what the contract says, checked against a schema written from it.
#[test]
fn records_keep_the_contract() {
    let folder = Folder::new();
    let photos = folder
        .renders("photos", ["--count", "3", "--seed", "2026", "--held-aside", "--subject", "single", "--legible"]);
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("record.schema.json")).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    let drawn = folder.path("drawn");
    let records =
        headstamp(["read", "--json", "--top", "3", "--annotate"]).arg(&drawn).arg(&photos).success().records();
    assert_eq!(records.len(), 3);
    let mut marks = 0;
    for record in &records {
        let errors: Vec<String> =
            schema.iter_errors(record).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
        for head in record["heads"].as_array().unwrap() {
            assert!(head["proposals"].as_array().unwrap().len() <= 3);
            assert!(!head["proposals"].as_array().unwrap().is_empty() || head["reason"].is_string());
            marks += head["marks"].as_array().unwrap().len();
        }
    }
    assert!(marks > 0, "three legible heads bear marks");
    assert_eq!(fs::read_dir(drawn).unwrap().count(), 3);
}

/// Reading never writes to photographs, and the same seed renders the same bytes.
#[test]
fn photographs_stay_as_they_are_and_renders_are_repeatable() {
    let folder = Folder::new();
    let args = ["--count", "2", "--seed", "8", "--size", "400x300"];
    let (one, two) = (folder.renders("one", args), folder.renders("two", args));
    let bytes = |d: &std::path::Path| fs::read(d.join("00001.jpg")).unwrap();
    assert_eq!(bytes(&one), bytes(&two));
    headstamp(["read"]).arg(&one).success();
    assert_eq!(bytes(&one), bytes(&two));
    // a head without company is read as alone
    let read = |more: &[&str]| {
        let mut record = headstamp(["read", "--json"]).args(more).arg(one.join("00001.jpg")).success().json();
        record["millis"].take();
        record
    };
    assert_eq!(read(&[]), read(&["--alone"]));
    // A folder with something in it is not rendered into.
    headstamp(["synth", "--count", "1", "--seed", "8", "--out"]).arg(&one).status(2);
}

/// The samples are what their README says: the first 24 of the published seed.
#[test]
fn samples_are_the_first_of_the_published_seed() {
    let folder = Folder::new();
    let readme = fs::read_to_string(samples().join("README.md")).unwrap();
    let command = readme.lines().find(|l| l.trim_start().starts_with("headstamp synth")).expect("the command");
    let args: Vec<&str> = command.split_whitespace().skip(2).collect();
    let at = args.iter().position(|a| *a == "--out").expect("--out");
    let rendered = folder.renders("s", [&args[..at], &args[at + 2..]].concat());
    let mut same = 0;
    for entry in fs::read_dir(samples()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "jpg" || e == "csv") {
            let name = path.file_name().unwrap();
            assert!(fs::read(&path).unwrap() == fs::read(rendered.join(name)).unwrap(), "{name:?}");
            same += 1;
        }
    }
    assert_eq!(same, 24 + 1, "24 photographs and their labels");
}
