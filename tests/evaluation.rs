//! What `model eval` says of a labelled set, and shows of it.

use serde_json::Value;
use std::fs;
use std::path::Path;

fn headstamp() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("headstamp").expect("the program is built");
    command.env_remove("ORT_DYLIB_PATH").env("COLUMNS", "100");
    command
}

fn samples() -> String {
    format!("{}/samples/labels.csv", env!("CARGO_MANIFEST_DIR"))
}

/// The page shows each labelled head once, under its kind, and needs nothing but its own folder.
#[test]
fn the_report_accounts_for_every_head() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let mut eval = headstamp();
    eval.args(["model", "eval", "--json", "--report"]).arg(&report).arg(samples());
    let output = eval.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let html = fs::read_to_string(report.join("index.html")).unwrap();

    let kinds = json["kinds"].as_object().unwrap();
    assert_eq!(kinds.len(), 12);
    let mut sum = 0;
    for (kind, count) in kinds {
        let section =
            html.split(&format!("<h2 id=\"{kind}\">")).nth(1).expect(kind).split("</section>").next().unwrap();
        assert_eq!(section.matches("<article").count() as u64, count.as_u64().unwrap(), "{kind}");
        assert!(section.contains(&format!("({count})</h2>")) && html.contains(&format!("href=\"#{kind}\"")), "{kind}");
        sum += count.as_u64().unwrap();
    }
    assert_eq!(sum, 24, "every labelled head is of one kind");
    for name in ["Figures", "Confusions", "Confidence", "exact, first proposal"] {
        assert!(html.contains(name), "{name}");
    }
    for outside in ["http:", "https:", "src=\"/", "href=\"/", "url(", "@import", "<script", "<link", "<iframe"] {
        assert!(!html.contains(outside), "{outside}");
    }
    for picture in html.split("src=\"").skip(1).filter_map(|s| s.split('"').next()) {
        assert!(report.join(picture).is_file(), "{picture}");
    }

    // an earlier report may be written over, somebody else's folder may not
    fs::write(folder.path().join("mine.txt"), "").unwrap();
    headstamp().args(["model", "eval", "--report"]).arg(folder.path()).arg(samples()).assert().code(2);
    assert!(!folder.path().join("index.html").exists());
}

/// Every share has its interval, renders are broken down by what they know, and both are the same each time.
#[test]
fn figures_have_intervals_and_are_broken_down() {
    let folder = tempfile::tempdir().unwrap();
    let set = folder.path().join("set");
    let args = ["synth", "--count", "6", "--seed", "5", "--subject", "single", "--size", "500x400", "--out"];
    headstamp().args(args).arg(&set).assert().success();
    let run = |args: &[&str]| {
        let output = headstamp().args(["model", "eval"]).args(args).arg(&set).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run(&["--json"]);
    assert_eq!(text, run(&["--json", "--threads", "1"]));
    let json: Value = serde_json::from_str(&text).unwrap();
    let shares = json["shares"].as_array().unwrap();
    let located = shares.iter().find(|s| s["name"] == "heads_located").unwrap();
    let (low, share, high) = (&located["interval"]["low"], &located["share"], &located["interval"]["high"]);
    let number = |v: &Value| v.as_f64().unwrap();
    assert!(number(low) <= number(share) && number(share) <= number(high) && number(low) < number(high));
    let legible = json["legible"].as_u64().unwrap();
    for by in ["metal", "focus", "size", "layout", "headstamp"] {
        let groups = json["by"][by].as_array().unwrap();
        assert_eq!(groups.iter().map(|g| g["legible"].as_u64().unwrap()).sum::<u64>(), legible, "{by}");
    }
    let text = run(&["--no-prior", "--by", "size,metal"]);
    assert!(text.contains("by size") && text.contains("by metal") && text.contains(" to "), "{text}");
    headstamp().args(["model", "eval", "--by", "size", "--json"]).arg(&set).assert().code(2);
    assert!(Path::new(&set).join("truth.jsonl").is_file());
}
