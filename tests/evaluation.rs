//! What `model eval` says of a labelled set, and shows of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp, samples};
use serde_json::Value;
use std::fs;

/// The page shows each labelled head once, under its kind, and needs nothing but its own folder.
#[test]
fn the_report_accounts_for_every_head() {
    let folder = Folder::new();
    let labels = samples().join("labels.csv");
    let report = folder.path("report");
    let json = headstamp(["model", "eval", "--json", "--report"]).arg(&report).arg(&labels).success().json();
    let html = fs::read_to_string(report.join("index.html")).unwrap();

    let kinds = json["kinds"].as_object().unwrap();
    assert_eq!(kinds.len(), 12);
    let mut shown = 0;
    for (kind, count) in kinds {
        let section =
            html.split(&format!("<h2 id=\"{kind}\">")).nth(1).expect(kind).split("</section>").next().unwrap();
        assert_eq!(section.matches("<article").count() as u64, count.as_u64().unwrap(), "{kind}");
        assert!(section.contains(&format!("({count})</h2>")) && html.contains(&format!("href=\"#{kind}\"")), "{kind}");
        shown += section.matches("<article").count();
    }
    let labelled = fs::read_to_string(&labels).unwrap().lines().count() - 1;
    assert_eq!(shown, labelled, "every labelled head is shown once");
    for name in ["Figures", "Confusions", "Confidence", "exact to a reader, first"] {
        assert!(html.contains(name), "{name}");
    }
    for outside in ["http:", "https:", "src=\"/", "href=\"/", "url(", "@import", "<script", "<link", "<iframe"] {
        assert!(!html.contains(outside), "{outside}");
    }
    for picture in html.split("src=\"").skip(1).filter_map(|s| s.split('"').next()) {
        assert!(report.join(picture).is_file(), "{picture}");
    }

    // an earlier report may be written over, somebody else's folder may not
    folder.write("mine.txt", "");
    headstamp(["model", "eval", "--report"]).arg(folder.root()).arg(&labels).status(2);
    assert_eq!(folder.names(), ["mine.txt", "report"]);
}

/// Every share has its interval, renders are broken down by what they know, and both are the same each time.
#[test]
fn figures_have_intervals_and_are_broken_down() {
    let folder = Folder::new();
    let set = folder.renders("set", ["--count", "6", "--seed", "5", "--subject", "single", "--size", "500x400"]);
    let run = |args: &[&str]| headstamp(["model", "eval"]).args(args).arg(&set).success();
    let figures = run(&["--json"]);
    assert_eq!(figures.out, run(&["--json", "--threads", "1"]).out);
    let json = figures.json();
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
    run(&["--no-prior", "--by", "size,metal"]).says("by size").says("by metal").says(" to ");
    headstamp(["model", "eval", "--by", "size", "--json"]).arg(&set).status(2);
}
