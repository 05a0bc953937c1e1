//! The catalogue as its users know it: added to, killed, reviewed, merged, exported.

use headstamp::catalogue::{Catalogue, Values};
use headstamp::head::Ellipse;
use headstamp::record::{HeadRecord, PhotoRecord, ProposalRecord};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn headstamp() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headstamp"));
    command.env_remove("ORT_DYLIB_PATH");
    command
}

/// Runs to the end; exit status and stdout.
fn run(args: &[&str], stdin: &str) -> (i32, String, String) {
    let mut child =
        headstamp().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // a program that ends early does not read all of it
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn status(catalogue: &str) -> serde_json::Value {
    let (code, out, err) = run(&["status", "--json", "--catalogue", catalogue], "");
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

fn export(catalogue: &str, format: &str) -> String {
    let (code, out, err) = run(&["export", "--full", "--format", format, "--catalogue", catalogue], "");
    assert_eq!(code, 0, "{err}");
    out
}

fn review(catalogue: &str, by: &str, script: &str) -> String {
    let (code, out, err) = run(&["review", "--terminal", "--by", by, "--catalogue", catalogue], script);
    assert_eq!(code, 0, "{err}");
    out
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
    };
    let head = HeadRecord {
        ellipse: Ellipse::circle(50.0, 50.0, 40.0),
        legibility: 0.9,
        reason: None,
        marks: vec![],
        proposals: vec![proposal],
    };
    let record = |n: usize| PhotoRecord {
        sha256: Some(format!("{n:064x}")),
        heads: vec![head.clone(); heads],
        ..PhotoRecord::named(Path::new(&format!("{n}.jpg")), "none")
    };
    let all: Vec<_> = photographs.map(|n| (record(n), Values::new())).collect();
    Catalogue::open_or_create(path).unwrap().add(&all).unwrap();
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }
}

/// Numbers that look random and are the same every time.
fn scattered(seed: &mut u64, most: u64) -> u64 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*seed >> 33) % most
}

#[test]
fn what_is_killed_goes_on_where_it_was() {
    let folder = Folder::new();
    let (photos, catalogue) = (folder.text("photos"), folder.text("a.catalogue"));
    let synth = ["synth", "--subject", "single", "--size", "320x240", "--count", "200", "--seed", "7", "-q", "--out"];
    assert_eq!(run(&[&synth[..], &[&photos]].concat(), "").0, 0);
    let mut seed = 1;
    for _ in 0..3 {
        let mut add = headstamp().args(["add", "-q", "--catalogue", &catalogue, &photos]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(300 + scattered(&mut seed, 1200)));
        add.kill().unwrap();
        add.wait().unwrap();
    }
    let (code, _, err) = run(&["add", "--catalogue", &catalogue, "--set", "site=Kidal", &photos], "");
    assert_eq!(code, 0, "{err}");
    let before = status(&catalogue);
    assert_eq!(before["photographs"], 200);
    let (code, _, err) = run(&["add", "--catalogue", &catalogue, &photos], "");
    assert!(code == 0 && err.contains("0 photographs added, 200 held already"), "{err}");
    assert_eq!(status(&catalogue), before);

    review(&catalogue, "Ada", &typed(0..20));
    let entries = |format| export(&catalogue, format).lines().count();
    assert_eq!((entries("csv"), entries("jsonl")), (21, 20));
    review(&catalogue, "Ada", "z\nz\nz\nz\nz\nq\n");
    assert_eq!((entries("csv"), entries("jsonl")), (16, 15));
    assert_eq!(status(&catalogue)["entries"], 15);
    // one file once nobody uses it
    let beside = fs::read_dir(folder.0.path()).unwrap().filter_map(|e| e.ok()?.file_name().into_string().ok());
    assert_eq!(beside.filter(|n| n.starts_with("a.catalogue")).count(), 1);
}

fn reviewer(catalogue: &str, by: &str) -> Child {
    headstamp()
        .args(["review", "--terminal", "--catalogue", catalogue, "--by", by])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
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
    let folder = Folder::new();
    let catalogue = folder.text("a.catalogue");
    invented(Path::new(&catalogue), 0..500, 1);
    let (mut seed, mut kept) = (3, BTreeSet::new());
    for _ in 0..100 {
        let mut child = reviewer(&catalogue, "Ada");
        let mut stdin = child.stdin.take().unwrap();
        let cases = acknowledged(&mut child);
        let listener = std::thread::spawn(move || cases.collect::<Vec<_>>());
        let _ = stdin.write_all("a\n".repeat(12).as_bytes());
        std::thread::sleep(Duration::from_millis(5 + scattered(&mut seed, 60)));
        child.kill().unwrap();
        child.wait().unwrap();
        kept.extend(listener.join().unwrap());
    }
    review(&catalogue, "Ada", &"a\n".repeat(500));
    let (code, out, err) = run(&["verify", "--catalogue", &catalogue], "");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("500 decisions"), "{out}");
    let entries = export(&catalogue, "csv");
    assert_eq!(entries.lines().count(), 501);
    assert!(kept.len() > 20, "only {} were acknowledged before a kill", kept.len());
    assert!(kept.iter().all(|case| entries.contains(case.as_str())));
}

#[test]
fn two_at_once_lose_nothing_and_the_later_is_told() {
    let folder = Folder::new();
    let catalogue = folder.text("a.catalogue");
    invented(Path::new(&catalogue), 0..40, 1);
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
    assert_eq!(run(&["verify", "--catalogue", &catalogue], "").0, 0);
}

#[test]
fn entries_of_every_kind_come_back_as_they_were() {
    let folder = Folder::new();
    let catalogue = folder.text("a.catalogue");
    invented(Path::new(&catalogue), 0..1, 3);
    invented(Path::new(&catalogue), 1..4, 1);
    // three heads of one photograph; then three photographs of one case
    let script = "a\nf\ncalibre:measured=7.62x39\nf\nquantity=40\na\ni\ne\nLC_14\ns\n.\ns\n.\n";
    review(&catalogue, "Ada", script);
    // a photograph of the side of that case, and one that is of nothing
    invented(Path::new(&catalogue), 4..6, 0);
    let now = status(&catalogue);
    assert_eq!((now["without_heads"].as_u64(), now["pending"].as_u64()), (Some(2), Some(0)));
    let sides = ["review", "--terminal", "--without-heads", "--catalogue", &catalogue];
    let last = export(&catalogue, "csv").lines().last().unwrap()[..36].to_owned();
    let (code, out, _) = run(&sides, &format!("s\n{last}\nn\n"));
    assert!(code == 0 && out.contains("2 decided; 0 left"), "{out}");
    assert!(export(&catalogue, "csv").contains(&format!("{:064x}\n", 4)));
    let manual = folder.path("manual.csv");
    fs::write(
        &manual,
        "headstamp,calibre,quantity,notes\n71_90,7.62x54R,36,\"from a box, unseen\"\n71_90,7.62x54R,36,\n",
    )
    .unwrap();
    let import = |to: &str, format: &str, file: &str| {
        let (code, _, err) = run(&["import", "--catalogue", to, "--format", format, "--by", "Bob", file], "");
        assert_eq!(code, 0, "{err}");
        err
    };
    import(&catalogue, "csv", manual.to_str().unwrap());
    let now = status(&catalogue);
    assert_eq!((now["entries"].as_u64(), now["cases"].as_u64()), (Some(6), Some(1 + 40 + 1 + 1 + 36 + 36)));
    assert!(import(&catalogue, "csv", manual.to_str().unwrap()).contains("0 entries imported, 2 were there already"));
    for format in ["csv", "jsonl"] {
        let (file, copy) = (folder.text(&format!("out.{format}")), folder.text(&format!("{format}.catalogue")));
        fs::write(&file, export(&catalogue, format)).unwrap();
        import(&copy, format, &file);
        assert_eq!(export(&copy, format), export(&catalogue, format), "{format}");
        import(&copy, format, &file);
        assert_eq!(status(&copy)["chain"]["decisions"], 6);
    }
}

#[test]
fn a_file_with_faults_is_taken_in_not_at_all() {
    let folder = Folder::new();
    let (catalogue, file) = (folder.text("a.catalogue"), folder.text("bad.csv"));
    fs::write(&file, "headstamp,year,country\n31_94,1994,CN\n[x,1994,CN\n71_90,94,QQ\n").unwrap();
    let args = ["import", "--catalogue", &catalogue, "--format", "csv", &file];
    let (code, _, err) = run(&args, "");
    assert_eq!(code, 1);
    for said in ["line 3: headstamp", "line 4: year", "line 4: country", "nothing was imported"] {
        assert!(err.contains(said), "{err}");
    }
    assert_eq!(status(&catalogue)["entries"], 0);
    assert_eq!(run(&[&args[..], &["--partial"]].concat(), "").0, 1);
    assert_eq!(status(&catalogue)["entries"], 1);
}

/// What comes through a pipe comes once, and is looked through all the same.
#[cfg(unix)]
#[test]
fn a_list_comes_through_a_pipe_and_all_that_is_wrong_is_counted() {
    let folder = Folder::new();
    let catalogue = folder.text("a.catalogue");
    let args = ["import", "--catalogue", &catalogue, "--format", "csv", "/dev/stdin"];
    let (code, _, err) = run(&args, &format!("headstamp,year\n31_94,1994\n{}", "31_94,94\n".repeat(1200)));
    assert_eq!(code, 1);
    for said in ["line 3: year", "and 200 more", "1200 problems", "the other 1 rows"] {
        assert!(err.contains(said), "{said}: {err}");
    }
    let (code, _, err) = run(&args, "headstamp,year\n31_94,1994\n31_95,1995\n");
    assert!(code == 0 && err.contains("2 entries imported"), "{err}");
    assert_eq!(status(&catalogue)["entries"], 2);
    // a list that is not there leaves no catalogue behind
    let missing = ["import", "--catalogue", &folder.text("b"), "--format", "csv", &folder.text("none.csv")];
    assert_eq!(run(&missing, "").0, 3);
    assert!(!folder.path("b").exists());
}

/// A photograph that is lost is told as what it is.
#[test]
fn verify_tells_altered_from_gone() {
    let folder = Folder::new();
    let (photos, catalogue) = (folder.text("photos"), folder.text("a.catalogue"));
    let synth = ["synth", "--subject", "single", "--size", "320x240", "--count", "4", "--seed", "7", "-q", "--out"];
    assert_eq!(run(&[&synth[..], &[&photos]].concat(), "").0, 0);
    assert_eq!(run(&["add", "-q", "--catalogue", &catalogue, &photos], "").0, 0);
    let verify = || run(&["verify", "--catalogue", &catalogue, "--photos", &photos], "");
    let (code, out, _) = verify();
    assert!(code == 0 && out.contains("photographs unaltered: 4 of 4"), "{out}");
    let photo = |n: usize| folder.path(&format!("photos/0000{n}.jpg"));
    fs::rename(photo(0), folder.path("photos/moved.jpg")).unwrap();
    fs::write(photo(1), [fs::read(photo(1)).unwrap(), b"x".to_vec()].concat()).unwrap();
    fs::remove_file(photo(2)).unwrap();
    let (code, out, err) = verify();
    assert!(code == 1 && out.contains("photographs unaltered: 2 of 4"), "{out}");
    let told = |n: usize| err.lines().filter(|l| l.contains(&format!("0000{n}.jpg: "))).collect::<Vec<_>>().join("\n");
    assert!(told(1).contains("altered") && told(2).contains("gone") && told(3).is_empty(), "{err}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", photo(2)).unwrap();
        let (code, _, err) = verify();
        assert!(code == 1 && err.contains("cannot be read") && !err.contains("gone"), "{err}");
    }
}

#[test]
fn a_colleagues_catalogue_is_taken_in_with_its_history() {
    let folder = Folder::new();
    let (ours, theirs) = (folder.text("ours.catalogue"), folder.text("theirs.catalogue"));
    invented(Path::new(&ours), 0..40, 1);
    invented(Path::new(&theirs), 20..60, 1);
    review(&ours, "Ada", &typed(0..40));
    // of the twenty in common, ten otherwise
    let script: String = (20..60).map(|n| format!("e\nT_{}\n", if n < 30 { n + 1000 } else { n })).collect();
    review(&theirs, "Bob", &script);
    let merge = |to: &str, from: &str| run(&["import", "--catalogue", to, "--format", "catalogue", from], "");
    let (code, _, err) = merge(&ours, &theirs);
    assert!(code == 1 && err.contains("10 conflicts"), "{err}");
    let now = status(&ours);
    assert_eq!((now["photographs"].as_u64(), now["entries"].as_u64()), (Some(60), Some(60)));
    assert_eq!((now["pending"].as_u64(), now["conflict_list"].as_array().unwrap().len()), (Some(0), 10));
    let entries = export(&ours, "csv");
    merge(&ours, &theirs);
    assert_eq!(export(&ours, "csv"), entries);
    assert_eq!(status(&ours)["chain"], now["chain"]);
    assert_eq!(run(&["verify", "--catalogue", &ours], "").0, 0);
    // eight settled either way, the others left
    let settle = ["review", "--terminal", "--conflicts", "--catalogue", &ours];
    let (code, out, _) = run(&settle, &["1\n2\n".repeat(4), "k\nq\n".into()].concat());
    assert!(code == 0 && out.contains("8 settled, 2 left"), "{out}");
    let now = status(&ours);
    assert_eq!((now["entries"].as_u64(), now["conflicts"].as_u64()), (Some(60), Some(2)));
    let entries = export(&ours, "csv");
    assert!(entries.contains(",T_20,") && entries.contains(",T_1021,") && !entries.contains(",T_21,"));
    assert_eq!(run(&["verify", "--catalogue", &ours], "").0, 0);
}

#[test]
fn what_is_no_catalogue_is_refused() {
    let folder = Folder::new();
    let file = folder.text("a.txt");
    fs::write(&file, "hello, this is a text and no catalogue at all\n".repeat(40)).unwrap();
    for (path, said) in [(&file, "no catalogue"), (&folder.text("none"), "no such file")] {
        let (code, _, err) = run(&["status", "--catalogue", path], "");
        assert!(code == 3 && err.contains(said), "{code} {err}");
    }
    assert_eq!(run(&["review", "--catalogue", &file], "").0, 2);
    assert_eq!(run(&["add", "--catalogue", &folder.text("b"), "--set", "sight=Kidal", "x.jpg"], "").0, 2);
}

#[test]
fn fields_reach_the_photographs_they_are_of() {
    let folder = Folder::new();
    let (photos, catalogue, fields) = (folder.text("photos"), folder.text("a.catalogue"), folder.text("fields.csv"));
    let synth = [
        "synth",
        "--subject",
        "single",
        "--legible",
        "--size",
        "640x480",
        "--count",
        "2",
        "--seed",
        "8",
        "-q",
        "--out",
    ];
    assert_eq!(run(&[&synth[..], &[&photos]].concat(), "").0, 0);
    fs::write(&fields, "file,folder,site,calibre\n,photos,Kidal,\n00001.jpg,,,9x19\nno.jpg,,Gao,\n").unwrap();
    let (code, _, err) = run(&["add", "--catalogue", &catalogue, "--fields", &fields, "--by", "Ada", &photos], "");
    assert!(code == 0 && err.contains("line 4: no photograph"), "{err}");
    review(&catalogue, "Ada", &typed(0..2));
    let told: Vec<String> = export(&catalogue, "jsonl")
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["values"].clone())
        .map(|v| format!("{} {}", v["site"]["text"], v["calibre"]["text"]))
        .collect();
    assert_eq!(told, ["\"Kidal\" null", "\"Kidal\" \"9x19\""]);
    fs::write(&fields, "file,colour\na.jpg,red\n").unwrap();
    let (code, _, err) = run(&["add", "--catalogue", &catalogue, "--fields", &fields, &photos], "");
    assert!(code == 3 && err.contains("line 1"), "{err}");
}
