//! What is promised of the repository itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Changes since the last version stand above it, and it is the one that the program bears.
#[test]
fn the_changelog_goes_from_unreleased_to_the_version_that_the_program_bears() {
    let changelog = text("CHANGELOG.md");
    let mut headings = changelog.lines().filter_map(|l| l.strip_prefix("## "));
    assert_eq!(headings.next(), Some("Unreleased"));
    let versions: Vec<(&str, &str)> = headings.map(|h| h.split_once(" – ").expect("`## X.Y.Z – YYYY-MM-DD`")).collect();
    assert_eq!(versions.first().map(|v| v.0), Some(env!("CARGO_PKG_VERSION")));
    for (version, date) in versions {
        assert!(version.split('.').filter_map(|n| n.parse::<u32>().ok()).count() == 3, "{version}");
        assert!(date.parse::<jiff::civil::Date>().is_ok(), "{date}");
    }
}

/// Documents point to what is there.
#[test]
fn every_document_that_is_pointed_to_is_there() {
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "training/README.md"] {
        let links = text(name);
        let targets = links.split("](").skip(1).filter_map(|l| l.split([')', '#']).next());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        for target in targets.filter(|t| !t.is_empty() && !t.contains("://")) {
            assert!(folder.with_file_name(target).exists(), "{name} points to {target}");
        }
    }
}
