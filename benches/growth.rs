//! How the catalogue's work grows with what it holds: each at a tenth and at full size, the ratio of times beside the ratio
//! of sizes. What grows in proportion has a ratio of about ten.
//!
//! `cargo bench --bench growth [-- PART…]`, of `import`, `review`, `conflicts`, `history`; files lie in the folder for
//! temporary files (`TMPDIR`). Reviewing waits for the disk with every decision, as it does for people: on a slow disk that
//! is most of its time.

use headstamp::catalogue::import::Alike;
use headstamp::catalogue::listed::{Form, Reader};
use headstamp::catalogue::{Catalogue, Field, Forks, How, Place, Value, Values, Way, What};
use headstamp::ellipse::Ellipse;
use headstamp::list::Options;
use headstamp::record::{HeadRecord, PhotoRecord, ProposalRecord};
use headstamp::registry::Registry;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Rows imported, items reviewed, decisions taken in.
const MANY: usize = 100_000;
/// Conflicts listed and gone through.
const CONFLICTS: usize = 20_000;
/// The smaller of two sizes is this part of the other.
const PART: usize = 10;
/// Photographs added at once, as many as `add` may hand over.
const AT_ONCE: usize = 500;

fn main() -> Outcome<()> {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|a| a == name);
    println!("{:28} {:>9} {:>10} {:>9} {:>10}   ratio of times ({PART} is linear)", "", "small", "", "full", "");
    if wanted("import") {
        compare("rows looked through, entered", MANY, import)?;
    }
    if wanted("review") {
        compare("items reviewed", MANY, review)?;
    }
    if wanted("conflicts") {
        compare("conflicts listed", CONFLICTS, |n| conflicts(n, 500))?;
        compare("conflicts one by one", CONFLICTS, |n| conflicts(n, 1))?;
    }
    if wanted("history") {
        compare("decisions taken in", MANY, |n| {
            history(n, |empty, other| {
                assert_eq!(empty.merge(other, Forks::Refuse, "Bo")?.decisions, n as u64);
                Ok(())
            })
        })?;
        compare("decisions proved", MANY, |n| {
            history(n, |_, other| {
                let other = Catalogue::open(other)?;
                assert_eq!((other.verify_history()?, other.verify_outcome()?), (n as u64, true));
                Ok(())
            })
        })?;
        compare("undone one after another", MANY / 20, undo)?;
    }
    Ok(())
}

fn compare(name: &str, full: usize, work: impl Fn(usize) -> Outcome<Duration>) -> Outcome<()> {
    let small = full / PART;
    let (few, many) = (work(small)?.as_secs_f64(), work(full)?.as_secs_f64());
    println!("{name:28} {small:9} {few:8.2} s {full:9} {many:8.2} s   {:.1}", many / few);
    Ok(())
}

fn folder() -> Outcome<(tempfile::TempDir, Catalogue)> {
    let folder = tempfile::tempdir()?;
    let catalogue = Catalogue::open_or_create(&folder.path().join("a.catalogue"))?;
    Ok((folder, catalogue))
}

/// A list of entries without photographs, as a museum has them.
fn import(count: usize) -> Outcome<Duration> {
    let (_folder, mut catalogue) = folder()?;
    let mut text = String::from("headstamp,calibre,year,site,notes\n");
    for n in 0..count {
        writeln!(text, "{}_{},7.62x39,{},Kidal,tray {n}", n % 97, n % 89, 1900 + n % 100)?;
    }
    let begin = Instant::now();
    let (options, registry) = (Options::default(), Registry::embedded());
    let reader = Reader { list: "list", who: "Ada", options: &options, registry: &registry, photos: None, apart: None };
    let rows = || reader.read(Form::Table, text.as_bytes()).map_err(|f| format!("{f:?}"));
    let checked = catalogue.check(rows()?, Alike::Unsaid)?;
    let done = catalogue.import(rows()?, &checked, "Ada")?;
    let took = begin.elapsed();
    assert_eq!((checked.wrong.count(), done.entered as usize), (0, count));
    Ok(took)
}

/// Every item shown and accepted, as in the terminal.
fn review(items: usize) -> Outcome<Duration> {
    let (_folder, mut catalogue) = folder()?;
    let all: Vec<usize> = (0..items).collect();
    for piece in all.chunks(AT_ONCE) {
        catalogue.add(&piece.iter().map(|n| photograph(*n)).collect::<Vec<_>>())?;
    }
    let begin = Instant::now();
    let (mut after, mut left) = (0, items as u64);
    while let Some(item) = catalogue.next_item(after)? {
        assert_eq!(catalogue.counts()?.pending, left);
        let headstamp = item.head.proposals[0].headstamp.clone();
        catalogue.decide("Ada", enter(Uuid::now_v7(), item.place, &headstamp), None)?;
        (after, left) = (item.id, left - 1);
    }
    assert_eq!(left, 0);
    Ok(begin.elapsed())
}

/// Every head was entered twice, otherwise.
fn conflicts(count: usize, at_once: usize) -> Outcome<Duration> {
    let (_folder, mut catalogue) = folder()?;
    for headstamp in ["31_94", "31_95"] {
        let all = (0..count).map(|n| (enter(Uuid::now_v7(), place(n), headstamp), None));
        catalogue.decide_all("Ada", all.collect())?;
    }
    let begin = Instant::now();
    let (mut piece, mut listed) = (Vec::new(), 0);
    loop {
        piece = catalogue.conflicts_after(piece.last(), at_once)?;
        if piece.is_empty() {
            break;
        }
        listed += piece.len();
    }
    assert_eq!(listed, count);
    Ok(begin.elapsed())
}

/// What is done with a catalogue of many decisions, and an empty one.
fn history(decisions: usize, work: impl Fn(&mut Catalogue, &Path) -> Outcome<()>) -> Outcome<Duration> {
    let (folder, mut empty) = folder()?;
    let path = folder.path().join("b.catalogue");
    let mut catalogue = Catalogue::open_or_create(&path)?;
    let all = (0..decisions).map(|n| (enter(Uuid::now_v7(), place(n), "31_94"), None));
    catalogue.decide_all("Ada", all.collect())?;
    let begin = Instant::now();
    work(&mut empty, &path)?;
    Ok(begin.elapsed())
}

/// Everything undone again, the last first.
fn undo(decisions: usize) -> Outcome<Duration> {
    let (_folder, mut catalogue) = folder()?;
    let all = (0..decisions).map(|n| (enter(Uuid::now_v7(), place(n), "31_94"), None));
    catalogue.decide_all("Ada", all.collect())?;
    let begin = Instant::now();
    let mut before = u64::MAX;
    while let Some(last) = catalogue.undoable_before(before, 1)?.pop() {
        before = last.link.seq;
        catalogue.decide("Ada", What::Undo { link: last.link }, None)?;
    }
    assert_eq!(before, 1);
    Ok(begin.elapsed())
}

fn place(n: usize) -> Place {
    Place { photo: format!("{n:064x}"), head: Some(0) }
}

fn enter(case: Uuid, place: Place, headstamp: &str) -> What {
    let value = Value { text: headstamp.into(), how: How::Proposed, by: "Ada".into() };
    let values = Values::from([(Field::Headstamp, value)]);
    What::Enter { case, places: vec![place], way: Way::Accepted, group: 1, values }
}

/// A photograph with one head, of which ten headstamps are proposed.
fn photograph(n: usize) -> (PhotoRecord, Values) {
    let proposal = |rank: usize| ProposalRecord {
        headstamp: format!("31_{}", 94 - rank),
        confidence: Some(0.5 / (rank + 1) as f32),
        countries: Vec::new(),
        year: None,
        calibre: None,
        vouched: None,
    };
    let head = HeadRecord {
        ellipse: Ellipse::circle(500.0, 500.0, 400.0),
        legibility: 0.9,
        reason: None,
        marks: Vec::new(),
        proposals: (0..10).map(proposal).collect(),
        fitted: None,
        read_by: None,
    };
    let mut record = PhotoRecord::named(Path::new(&format!("photos/{n}.jpg")), "none");
    (record.sha256, record.heads) = (Some(place(n).photo), vec![head]);
    (record, Values::new())
}
