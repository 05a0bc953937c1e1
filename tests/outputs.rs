//! Whatever a command is told to write onto, nothing that is there is lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, Run, headstamp, samples};
use std::fs;
use std::path::Path;

/// A command that writes, by the option that says where to, with and without leave to replace an earlier output.
struct Writes {
    what: &'static str,
    run: fn(&Folder, &Path) -> Run,
    /// Whether the option names a folder, in which this file would be written.
    into: Option<&'static str>,
}

fn one(args: &[&str], folder: &Folder, target: &Path) -> Run {
    let run = headstamp(&args[..1]).args(["--catalogue"]).arg(folder.path("a.catalogue")).args(&args[1..]);
    run.arg("--out").arg(target)
}

fn all() -> Vec<Writes> {
    vec![
        Writes { what: "export csv", run: |f, t| one(&["export", "--format", "csv"], f, t), into: None },
        Writes {
            what: "export csv, forced",
            run: |f, t| one(&["export", "--format", "csv", "--force"], f, t),
            into: None,
        },
        Writes { what: "export jsonl", run: |f, t| one(&["export", "--format", "jsonl"], f, t), into: None },
        Writes {
            what: "export jsonl in full, forced",
            run: |f, t| one(&["export", "--format", "jsonl", "--full", "--force"], f, t),
            into: None,
        },
        Writes { what: "backup", run: |f, t| one(&["backup"], f, t), into: None },
        Writes {
            what: "features, forced",
            run: |_, t| headstamp(["model", "eval", "--quiet", "--force", "--features"]).arg(t).arg(samples()),
            into: None,
        },
        Writes {
            what: "features",
            run: |_, t| headstamp(["model", "eval", "--quiet", "--features"]).arg(t).arg(samples()),
            into: None,
        },
        Writes {
            what: "report, forced",
            run: |_, t| headstamp(["model", "eval", "--quiet", "--force", "--report"]).arg(t).arg(samples()),
            into: Some("index.html"),
        },
        Writes {
            what: "annotate",
            run: |f, t| headstamp(["read", "--quiet"]).arg(f.path("photo.jpg")).arg("--annotate").arg(t),
            into: Some("photo.annotated.jpg"),
        },
        Writes {
            what: "annotate, forced",
            run: |f, t| headstamp(["read", "--quiet", "--force"]).arg(f.path("photo.jpg")).arg("--annotate").arg(t),
            into: Some("photo.annotated.jpg"),
        },
        Writes {
            what: "synth",
            run: |_, t| headstamp(["synth", "--quiet", "--count", "1", "--seed", "1", "--out"]).arg(t),
            into: Some("00000.jpg"),
        },
    ]
}

#[test]
fn every_output_refuses_a_catalogue_a_photograph_and_a_foreign_file() {
    let folder = Folder::new();
    let photograph = fs::read(samples().join("00001.jpg")).unwrap();
    folder.write("photo.jpg", &photograph);
    let list = folder.write("list.csv", "headstamp,country\n10_88,BG\n");
    let import = headstamp(["import", "--format", "csv", "--catalogue"]).arg(folder.path("a.catalogue"));
    import.arg(list).success();
    let there: [(&str, Vec<u8>); 4] = [
        ("catalogue", fs::read(folder.path("a.catalogue")).unwrap()),
        ("photograph", photograph),
        ("notes", b"my notes\n".to_vec()),
        ("table", b"headstamps,of,mine\n".to_vec()),
    ];
    for Writes { what, run, into } in all() {
        // a catalogue is no output like others, and its errors are those of catalogues
        let refused = if what == "backup" { 3 } else { 2 };
        for (kind, bytes) in &there {
            let named = folder.write("target", bytes);
            run(&folder, &named).status(refused);
            assert!(fs::read(&named).unwrap() == *bytes, "{what} changed a {kind}");
            fs::remove_file(&named).unwrap();
            let Some(file) = into else { continue };
            fs::create_dir(&named).unwrap();
            fs::write(named.join(file), bytes).unwrap();
            run(&folder, &named).status(2);
            assert!(fs::read(named.join(file)).unwrap() == *bytes, "{what} changed a {kind} in a folder");
            assert_eq!(fs::read_dir(&named).unwrap().count(), 1, "{what} left something beside a {kind}");
            fs::remove_dir_all(&named).unwrap();
        }
    }
    // what the program made before gives way where it is said, and only then
    let earlier = folder.path("earlier.csv");
    one(&["export", "--format", "csv"], &folder, &earlier).success();
    one(&["export", "--format", "csv"], &folder, &earlier).status(2).complains("--force");
    one(&["export", "--format", "csv", "--force"], &folder, &earlier).success();
}
