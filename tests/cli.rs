//! What a user sees.

use std::fs;
use std::path::Path;

fn headstamp() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("headstamp").expect("the program is built");
    command.env_remove("ORT_DYLIB_PATH").env("COLUMNS", "100");
    command
}

fn stdout(args: &[&str]) -> String {
    let output = headstamp().args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
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

#[test]
fn man_page_and_completions_name_every_command() {
    let man = stdout(&["man"]);
    let bash = stdout(&["completions", "bash"]);
    for command in ["read", "add", "review", "status", "export", "import", "backup", "verify", "model", "synth", "man"]
    {
        assert!(man.contains(command) && bash.contains(command), "{command}");
    }
    assert!(man.contains("\\-\\-annotate") && man.contains("\\-\\-features"));
}

/// The record is what the contract says, checked against a schema written from it.
#[test]
fn records_keep_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    let args = ["synth", "--count", "3", "--seed", "2026", "--held-aside", "--subject", "single", "--legible", "--out"];
    headstamp().args(args).arg(&photos).assert().success();
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("record.schema.json")).expect("the schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is one");
    let output = headstamp()
        .args(["read", "--json", "--top", "3", "--annotate"])
        .arg(folder.path().join("drawn"))
        .arg(&photos)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 3);
    let mut marks = 0;
    for line in text.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let errors: Vec<String> =
            schema.iter_errors(&record).map(|e| format!("{} at {}", e, e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
        for head in record["heads"].as_array().unwrap() {
            assert!(head["proposals"].as_array().unwrap().len() <= 3);
            assert!(!head["proposals"].as_array().unwrap().is_empty() || head["reason"].is_string());
            marks += head["marks"].as_array().unwrap().len();
        }
    }
    assert!(marks > 0, "three legible heads bear marks");
    assert_eq!(fs::read_dir(folder.path().join("drawn")).unwrap().count(), 3);
}

/// Reading never writes to photographs, and the same seed renders the same bytes.
#[test]
fn photographs_stay_as_they_are_and_renders_are_repeatable() {
    let folder = tempfile::tempdir().unwrap();
    let render = |name: &str| {
        let out = folder.path().join(name);
        headstamp()
            .args(["synth", "--count", "2", "--seed", "8", "--size", "400x300", "--out"])
            .arg(&out)
            .assert()
            .success();
        out
    };
    let (one, two) = (render("one"), render("two"));
    let bytes = |d: &Path| fs::read(d.join("00001.jpg")).unwrap();
    assert_eq!(bytes(&one), bytes(&two));
    headstamp().arg("read").arg(&one).assert().success();
    assert_eq!(bytes(&one), bytes(&two));
    // A folder with something in it is not rendered into.
    headstamp().args(["synth", "--count", "1", "--seed", "8", "--out"]).arg(&one).assert().code(2);
}

/// The samples are what their README says: the first 24 of the published seed.
#[test]
fn samples_are_the_first_of_the_published_seed() {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let readme = fs::read_to_string(samples.join("README.md")).unwrap();
    let command = readme.lines().find(|l| l.trim_start().starts_with("headstamp synth")).expect("the command");
    let args: Vec<&str> = command.split_whitespace().skip(1).collect();
    let at = args.iter().position(|a| *a == "--out").expect("--out");
    headstamp().args(&args[..at]).arg("--out").arg(folder.path().join("s")).args(&args[at + 2..]).assert().success();
    let mut same = 0;
    for entry in fs::read_dir(&samples).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "jpg" || e == "csv") {
            let name = path.file_name().unwrap();
            assert!(fs::read(&path).unwrap() == fs::read(folder.path().join("s").join(name)).unwrap(), "{name:?}");
            same += 1;
        }
    }
    assert_eq!(same, 24 + 1, "24 photographs and their labels");
}
