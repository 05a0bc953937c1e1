//! The catalogue as its users know it: added to, killed, reviewed, merged, exported.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, Said, headstamp};
use headstamp::catalogue::{Catalogue, Values};
use headstamp::ellipse::Ellipse;
use headstamp::record::{HeadRecord, PhotoRecord, ProposalRecord};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::Child;
use std::time::Duration;

fn status(catalogue: &Path) -> serde_json::Value {
    headstamp(["status", "--json", "--catalogue"]).arg(catalogue).success().json()
}

fn export(catalogue: &Path, format: &str) -> String {
    headstamp(["export", "--full", "--format", format, "--catalogue"]).arg(catalogue).success().out
}

fn import(catalogue: &Path, format: &str, file: &Path) -> common::Run {
    headstamp(["import", "--by", "Bob", "--format", format, "--catalogue"]).arg(catalogue).arg(file)
}

fn verify(catalogue: &Path) -> Said {
    headstamp(["verify", "--catalogue"]).arg(catalogue).success()
}

fn review(catalogue: &Path, by: &str, script: impl Into<String>) -> Said {
    headstamp(["review", "--terminal", "--by", by, "--catalogue"]).arg(catalogue).stdin(script).success()
}

/// Types a headstamp for each of the next items.
fn typed(numbers: impl Iterator<Item = usize>) -> String {
    numbers.map(|n| format!("e\nT_{n}\n")).collect()
}

/// A catalogue with photographs that nobody took, each with so many heads.
fn invented(path: &Path, photographs: std::ops::Range<usize>, heads: usize) {
    let proposal = ProposalRecord {
        headstamp: "31_94".into(),
        confidence: Some(0.9),
        countries: vec![],
        year: None,
        calibre: None,
        vouched: None,
    };
    let head = HeadRecord {
        ellipse: Ellipse::circle(50.0, 50.0, 40.0),
        legibility: 0.9,
        reason: None,
        marks: vec![],
        proposals: vec![proposal],
        fitted: None,
        read_by: None,
    };
    let record = |n: usize| PhotoRecord {
        sha256: Some(format!("{n:064x}")),
        heads: vec![head.clone(); heads],
        ..PhotoRecord::named(Path::new(&format!("{n}.jpg")), "none")
    };
    let all: Vec<_> = photographs.map(|n| (record(n), Values::new())).collect();
    Catalogue::open_or_create(path).unwrap().add(&all).unwrap();
}

/// Numbers that look random and are the same every time.
fn scattered(seed: &mut u64, most: u64) -> u64 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*seed >> 33) % most
}

#[test]
fn what_is_killed_goes_on_where_it_was() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let photos =
        folder.renders("photos", ["--subject", "single", "--size", "320x240", "--count", "200", "--seed", "7"]);
    let add = || headstamp(["add", "-q", "--set", "site=Kidal", "--catalogue"]).arg(&catalogue).arg(&photos);
    let mut seed = 1;
    for _ in 0..3 {
        let mut add = add().spawn();
        std::thread::sleep(Duration::from_millis(300 + scattered(&mut seed, 1200)));
        add.kill().unwrap();
        add.wait().unwrap();
    }
    add().success();
    let before = status(&catalogue);
    assert_eq!(before["photographs"], 200);
    add().success().complains("0 photographs added, 200 held already");
    assert_eq!(status(&catalogue), before);

    review(&catalogue, "Ada", typed(0..20));
    let entries = |format| export(&catalogue, format).lines().count();
    assert_eq!((entries("csv"), entries("jsonl")), (21, 20));
    review(&catalogue, "Ada", "z\nz\nz\nz\nz\nq\n");
    assert_eq!((entries("csv"), entries("jsonl")), (16, 15));
    assert_eq!(status(&catalogue)["entries"], 15);
    assert_eq!(folder.names(), ["a.catalogue", "photos"], "one file once nobody uses it");
}

/// What one person decided is not another's to take back at the terminal, whoever was last.
#[test]
fn undo_is_of_ones_own() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    invented(&catalogue, 0..4, 1);
    review(&catalogue, "Ada", "a\na\nq\n");
    review(&catalogue, "Bob", "z\na\nq\n").says("nothing of yours to undo");
    review(&catalogue, "Ada", "z\nz\nz\nq\n").says("undone: entered: 31_94").says("\n1.jpg").says("\n0.jpg");
    let (now, entries) = (status(&catalogue), export(&catalogue, "csv"));
    assert_eq!((now["entries"].as_u64(), now["pending"].as_u64()), (Some(1), Some(3)));
    assert!(entries.contains(&format!("{:064x}#0", 2)), "{entries}");
}

fn reviewer(catalogue: &Path, by: &str) -> Child {
    headstamp(["review", "--terminal", "--by", by, "--catalogue"]).arg(catalogue).spawn()
}

/// The cases that a reviewer said were entered, until it ends.
fn acknowledged(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok).filter_map(|line| {
        let (_, case) = line.strip_prefix("entered: ")?.split_once(", case ")?;
        Some(case.split_once(' ')?.0.to_owned())
    })
}

#[test]
fn what_was_acknowledged_is_never_lost() {
    const TIMES: usize = 40;
    const EACH: usize = 12;
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    invented(&catalogue, 0..TIMES * EACH, 1);
    let (mut seed, mut kept, mut least) = (3, BTreeSet::new(), 0);
    for _ in 0..TIMES {
        let mut child = reviewer(&catalogue, "Ada");
        child.stdin.take().unwrap().write_all("a\n".repeat(EACH).as_bytes()).unwrap();
        let mut cases = acknowledged(&mut child);
        // killed while it is at the next one, or the one after
        let count = 1 + scattered(&mut seed, EACH as u64 - 1) as usize;
        kept.extend(cases.by_ref().take(count));
        child.kill().unwrap();
        kept.extend(cases);
        child.wait().unwrap();
        least += count;
        assert!(kept.len() >= least);
    }
    review(&catalogue, "Ada", "a\n".repeat(TIMES * EACH));
    verify(&catalogue).says(&format!("{} decisions", TIMES * EACH));
    let entries = export(&catalogue, "csv");
    assert_eq!(entries.lines().count(), TIMES * EACH + 1);
    assert!(kept.iter().all(|case| entries.contains(case.as_str())));
}

#[test]
fn two_at_once_lose_nothing_and_the_later_is_told() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    invented(&catalogue, 0..40, 1);
    // both see the first item before either decides
    let mut both: Vec<(Child, BufReader<_>)> = ["Ada", "Bob"]
        .iter()
        .map(|by| {
            let mut child = reviewer(&catalogue, by);
            let out = BufReader::new(child.stdout.take().unwrap());
            (child, out)
        })
        .collect();
    for (_, out) in &mut both {
        let asked = out.by_ref().lines().map_while(Result::ok).find(|l| l == ">");
        assert!(asked.is_some());
    }
    for (n, (child, _)) in both.iter_mut().enumerate() {
        let script: String = (0..40).map(|i| format!("e\n{}_{i}\n", ["A", "B"][n])).collect();
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    }
    let mut said = Vec::new();
    for (child, out) in &mut both {
        said.push(out.by_ref().lines().map_while(Result::ok).collect::<Vec<_>>().join("\n"));
        assert!(child.wait().unwrap().success());
    }
    let now = status(&catalogue);
    let count = |what: &str| said.iter().map(|s| s.matches(what).count() as u64).sum::<u64>();
    assert_eq!(now["chain"]["decisions"].as_u64(), Some(count("entered: ")));
    assert_eq!(now["entries"], 40);
    assert!(count("conflict: ") > 0);
    assert_eq!(now["conflicts"].as_u64(), Some(count("conflict: ")));
    assert_eq!(count("entered: "), 40 + count("conflict: "));
    verify(&catalogue);
}

#[test]
fn entries_of_every_kind_come_back_as_they_were() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    invented(&catalogue, 0..1, 3);
    invented(&catalogue, 1..4, 1);
    // three heads of one photograph; then three photographs of one case
    let script = "a\nf\ncalibre:measured=7.62x39\nf\nquantity=40\na\ni\ne\nLC_14\ns\n.\ns\n.\n";
    review(&catalogue, "Ada", script);
    // a photograph of the side of that case, and one that is of nothing
    invented(&catalogue, 4..6, 0);
    let now = status(&catalogue);
    assert_eq!((now["without_heads"].as_u64(), now["pending"].as_u64()), (Some(2), Some(0)));
    let last = export(&catalogue, "csv").lines().last().unwrap()[..36].to_owned();
    let sides = headstamp(["review", "--terminal", "--without-heads", "--catalogue"]).arg(&catalogue);
    sides.stdin(format!("s\n{last}\nn\n")).success().says("2 decided; 0 left");
    assert!(export(&catalogue, "csv").contains(&format!("{:064x}\n", 4)));
    let manual = folder.write(
        "manual.csv",
        "headstamp,calibre,quantity,notes\n71_90,7.62x54R,36,\"from a box, unseen\"\n71_90,7.62x54R,36,\n",
    );
    import(&catalogue, "csv", &manual).success();
    let now = status(&catalogue);
    assert_eq!((now["entries"].as_u64(), now["cases"].as_u64()), (Some(6), Some(1 + 40 + 1 + 1 + 36 + 36)));
    import(&catalogue, "csv", &manual).success().complains("0 entries imported, 2 were there already");
    for format in ["csv", "jsonl"] {
        let file = folder.write(&format!("out.{format}"), export(&catalogue, format));
        let copy = folder.path(&format!("{format}.catalogue"));
        import(&copy, format, &file).success();
        assert_eq!(export(&copy, format), export(&catalogue, format), "{format}");
        import(&copy, format, &file).success();
        assert_eq!(status(&copy)["chain"]["decisions"], 6);
    }
}

#[test]
fn a_file_with_faults_is_taken_in_not_at_all() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let file = folder.write("bad.csv", "headstamp,year,country\n31_94,1994,CN\n[x,1994,CN\n71_90,1790,QQ\n");
    let mut refused = import(&catalogue, "csv", &file).status(1);
    for said in ["row 3, column `headstamp`", "row 4, column `year`", "row 4, column `country`", "nothing was imported"]
    {
        refused = refused.complains(said);
    }
    assert_eq!(status(&catalogue)["entries"], 0);
    import(&catalogue, "csv", &file).arg("--partial").status(1);
    assert_eq!(status(&catalogue)["entries"], 1);
}

/// What comes through a pipe comes once, and is looked through all the same.
#[cfg(unix)]
#[test]
fn a_list_comes_through_a_pipe_and_all_that_is_wrong_is_counted() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let piped = |list: String| import(&catalogue, "csv", Path::new("/dev/stdin")).stdin(list);
    let mut refused = piped(format!("headstamp,year\n31_94,1994\n{}", "31_94,194\n".repeat(1200))).status(1);
    for said in ["row 3, column `year`", "and 1100 more", "1200 problems", "the other 1 rows"] {
        refused = refused.complains(said);
    }
    piped("headstamp,year\n31_94,1994\n31_95,1995\n".into()).success().complains("2 entries imported");
    assert_eq!(status(&catalogue)["entries"], 2);
    // a list that is not there leaves no catalogue behind
    import(&folder.path("b"), "csv", &folder.path("none.csv")).status(3);
    assert!(!folder.path("b").exists());
}

/// A photograph that is lost is told as what it is.
#[test]
fn verify_tells_altered_from_gone() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let photos = folder.renders("photos", ["--subject", "single", "--size", "320x240", "--count", "4", "--seed", "7"]);
    headstamp(["add", "-q", "--catalogue"]).arg(&catalogue).arg(&photos).success();
    let verify = || headstamp(["verify", "--catalogue"]).arg(&catalogue).arg("--photos").arg(&photos);
    assert!(verify().success().out.contains("photographs unaltered: 4 of 4"));
    let photo = |n: usize| photos.join(format!("0000{n}.jpg"));
    fs::rename(photo(0), photos.join("moved.jpg")).unwrap();
    fs::write(photo(1), [fs::read(photo(1)).unwrap(), b"x".to_vec()].concat()).unwrap();
    fs::remove_file(photo(2)).unwrap();
    let Said { out, err, .. } = verify().status(1);
    assert!(out.contains("photographs unaltered: 2 of 4"), "{out}");
    let told = |n: usize| err.lines().filter(|l| l.contains(&format!("0000{n}.jpg: "))).collect::<Vec<_>>().join("\n");
    assert!(told(1).contains("altered") && told(2).contains("gone") && told(3).is_empty(), "{err}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", photo(2)).unwrap();
        let Said { err, .. } = verify().status(1);
        assert!(err.contains("cannot be read") && !err.contains("gone"), "{err}");
    }
}

#[test]
fn a_colleagues_catalogue_is_taken_in_with_its_history() {
    let folder = Folder::new();
    let (ours, theirs) = (folder.path("ours.catalogue"), folder.path("theirs.catalogue"));
    invented(&ours, 0..40, 1);
    invented(&theirs, 20..60, 1);
    review(&ours, "Ada", typed(0..40));
    // of the twenty in common, ten otherwise
    let script: String = (20..60).map(|n| format!("e\nT_{}\n", if n < 30 { n + 1000 } else { n })).collect();
    review(&theirs, "Bob", script);
    import(&ours, "catalogue", &theirs).status(1).complains("10 conflicts");
    let now = status(&ours);
    assert_eq!((now["photographs"].as_u64(), now["entries"].as_u64()), (Some(60), Some(60)));
    assert_eq!((now["pending"].as_u64(), now["conflict_list"].as_array().unwrap().len()), (Some(0), 10));
    let entries = export(&ours, "csv");
    import(&ours, "catalogue", &theirs).status(1);
    assert_eq!(export(&ours, "csv"), entries);
    assert_eq!(status(&ours)["chain"], now["chain"]);
    verify(&ours);
    // eight settled either way, the others left
    let settle = headstamp(["review", "--terminal", "--conflicts", "--catalogue"]).arg(&ours);
    settle.stdin(["1\n2\n".repeat(4), "k\nq\n".into()].concat()).success().says("8 settled, 2 left");
    let now = status(&ours);
    assert_eq!((now["entries"].as_u64(), now["conflicts"].as_u64()), (Some(60), Some(2)));
    let entries = export(&ours, "csv");
    assert!(entries.contains(",T_20,") && entries.contains(",T_1021,") && !entries.contains(",T_21,"));
    verify(&ours);
}

#[test]
fn what_is_no_catalogue_is_refused() {
    let folder = Folder::new();
    let file = folder.write("a.txt", "hello, this is a text and no catalogue at all\n".repeat(40));
    for (path, said) in [(&file, "no catalogue"), (&folder.path("none"), "no such file")] {
        headstamp(["status", "--catalogue"]).arg(path).status(3).complains(said);
    }
    headstamp(["review", "--no-open", "--catalogue"]).arg(&file).status(3).complains("no catalogue");
    headstamp(["add", "--set", "sight=Kidal", "--catalogue"]).arg(folder.path("b")).arg("x.jpg").status(2);
}

#[test]
fn fields_reach_the_photographs_they_are_of() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let photos = folder
        .renders("photos", ["--subject", "single", "--legible", "--size", "640x480", "--count", "2", "--seed", "8"]);
    let add = |fields: &str| {
        let fields = folder.write("fields.csv", fields);
        headstamp(["add", "--by", "Ada", "--catalogue"]).arg(&catalogue).arg("--fields").arg(fields).arg(&photos)
    };
    // what is not of one photograph is refused before anything is added
    let refused = add("file,folder,site,calibre\n,photos,Kidal,\n00001.jpg,,,9x19\nno.jpg,,Gao,\n").status(3);
    refused.complains("row 4, column `file`: nothing there is called `no.jpg`");
    assert!(!catalogue.exists());
    let list = "file,folder,site,calibre\n,photos,Kidal,\n00001.jpg,,,9x19\n";
    add(list)
        .arg("--dry-run")
        .success()
        .says("00001.jpg: calibre=9x19  site=Kidal")
        .says("nothing was read or written");
    assert!(!catalogue.exists());
    add(list).success();
    add(list).success().complains("what the list says of 1 photographs was not taken in, since they are held already");
    review(&catalogue, "Ada", typed(0..2));
    let told: Vec<String> = export(&catalogue, "jsonl")
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["values"].clone())
        .map(|v| format!("{} {}", v["site"]["text"], v["calibre"]["text"]))
        .collect();
    assert_eq!(told, ["\"Kidal\" null", "\"Kidal\" \"9x19\""]);
    add("file,colour\na.jpg,red\n").status(3).complains("row 1: column `colour` is no field");
}

/// The list comes after the photographs were added, and one of them was reviewed; the other is still to be.
#[test]
fn fields_that_come_late_are_taken_in_as_decisions() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let photos = folder
        .renders("photos", ["--subject", "single", "--legible", "--size", "640x480", "--count", "2", "--seed", "8"]);
    headstamp(["add", "--quiet", "--catalogue"]).arg(&catalogue).arg(&photos).success();
    review(&catalogue, "Ada", typed(0..1));
    let set = |list: &str| {
        let list = folder.write("late.csv", list);
        headstamp(["set", "--by", "Bo", "--catalogue"]).arg(&catalogue).arg("--fields").arg(list)
    };
    // photographs are known by the paths that they were added under, without being there
    fs::rename(&photos, folder.path("elsewhere")).unwrap();
    let list = "file,site\nphotos/00000.jpg,Kidal\n00001.jpg,Gao\n";
    set(list)
        .arg("--dry-run")
        .success()
        .says("file  file")
        .says("1 heads that wait would be told; 1 entries would be changed");
    assert_eq!(status(&catalogue)["chain"]["decisions"], 1);
    set(list).success().complains("1 heads that wait were told; 1 entries were changed; 0 have it so already");
    set(list).success().complains("0 heads that wait were told; 0 entries were changed; 2 have it so already");
    set("file,site\n00002.jpg,Gao\n").status(3).complains("nothing there is called `00002.jpg`");
    let named = |path: &str| {
        let said = ["set", "--by", "Bo", "--set", "site=Timbuktu", "--catalogue"];
        headstamp(said).arg(&catalogue).arg(folder.path(path))
    };
    named("elsewhere/00000.jpg").success().complains("site was `Kidal`, becomes `Timbuktu`");
    folder.write("new.jpg", "x");
    named("new.jpg").status(1).complains("new.jpg");
    headstamp(["set", "--set", "site=Gao", "--catalogue"]).arg(&catalogue).status(2).complains("name files or folders");

    review(&catalogue, "Ada", typed(1..2));
    let site = |line: &str| {
        let site = &serde_json::from_str::<serde_json::Value>(line).unwrap()["values"]["site"];
        format!("{} by {}", site["text"].as_str().unwrap(), site["by"].as_str().unwrap())
    };
    let sites: Vec<String> = export(&catalogue, "jsonl").lines().map(site).collect();
    assert_eq!(sites, ["Timbuktu by Bo", "Gao by Bo"]);
    verify(&catalogue).says("history unaltered: 5 decisions");
}
