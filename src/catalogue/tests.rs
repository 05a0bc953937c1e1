//! Decisions and what follows from them, the file, and proof of the history.

mod exchange;
mod merging;
mod random;

use super::*;
use crate::reader::testing;
use crate::record::PhotoRecord;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use uuid::Uuid;

/// SHA-256 of a photograph by its number.
fn sha(photo: u32) -> String {
    format!("{photo:064x}")
}

/// A head on a photograph.
fn at(photo: u32, head: u32) -> Place {
    Place { photo: sha(photo), head: Some(head) }
}

/// A case by its number.
fn case(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn values(texts: &[(Field, &str)]) -> Values {
    let value = |text: &str| Value { text: text.into(), how: How::Stamped, by: "Ada".into() };
    texts.iter().map(|(field, text)| (*field, value(text))).collect()
}

fn stamped(headstamp: &str) -> Values {
    values(&[(Field::Headstamp, headstamp)])
}

fn enter(n: u128, places: &[Place], values: Values) -> What {
    What::Enter { case: case(n), places: places.to_vec(), way: Way::Accepted, group: 1, values }
}

/// A photograph that was read, with so many heads.
fn photo(n: u32, heads: usize) -> (PhotoRecord, Values) {
    let mut record = PhotoRecord::named(Path::new(&format!("photos/{n}.jpg")), "test");
    record.sha256 = Some(sha(n));
    record.heads = vec![testing::head(); heads];
    (record, Values::new())
}

/// An empty catalogue in a folder that goes with it.
fn empty() -> (TempDir, PathBuf, Catalogue) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.headstamp");
    let catalogue = Catalogue::open_or_create(&path).unwrap();
    (dir, path, catalogue)
}

impl Catalogue {
    fn take(&mut self, what: What) -> Decided {
        self.decide("Ada", what, None).unwrap()
    }

    fn undo(&mut self, link: Link) -> Decided {
        self.take(What::Undo { link })
    }

    fn all(&self) -> Vec<Entry> {
        let mut all = Vec::new();
        self.entries::<CatalogueError>(|e| {
            all.push(e);
            Ok(())
        })
        .unwrap();
        all
    }

    fn headstamps(&self) -> Vec<String> {
        self.all().into_iter().map(|e| e.values[&Field::Headstamp].text.clone()).collect()
    }

    fn contradictions(&self) -> usize {
        let listed = self.conflicts().unwrap().len();
        assert_eq!(self.counts().unwrap().conflicts as usize, listed);
        listed
    }
}

#[test]
fn photographs_become_items_once() {
    let (_dir, _, mut catalogue) = empty();
    let mut broken = photo(3, 0);
    broken.0.error =
        Some(crate::record::ErrorRecord { stage: crate::error::Stage::Decode, message: "cut off".into(), hint: None });
    assert_eq!(catalogue.add(&[photo(1, 3), photo(2, 0), broken]).unwrap(), 3);
    assert_eq!(catalogue.add(&[photo(1, 3), photo(2, 0)]).unwrap(), 0);
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.photographs, counts.failed, counts.without_heads, counts.pending), (3, 1, 1, 3));
    assert_eq!(catalogue.photographs().unwrap().len(), 2);

    // it could be read after all
    assert_eq!(catalogue.add(&[photo(3, 1)]).unwrap(), 1);
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.photographs, counts.failed, counts.heads), (3, 0, 4));

    let first = catalogue.next_item(0).unwrap().unwrap();
    assert_eq!((first.place, first.path.as_str()), (at(1, 0), "photos/1.jpg"));
    assert_eq!(first.head.proposals, testing::head().proposals);
    assert_eq!(catalogue.next_item(first.id).unwrap().unwrap().place, at(1, 1));
}

#[test]
fn undo_and_undoing_it_leave_and_bring_back_the_entry() {
    let (_dir, path, mut catalogue) = empty();
    catalogue.add(&[photo(1, 1), photo(2, 1)]).unwrap();
    let entered = catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    assert!(entered.conflicts.is_empty());
    let state = |c: &Catalogue| (c.headstamps(), c.next_item(0).unwrap().unwrap().place, c.counts().unwrap().entered);
    let with = (vec!["31_94".to_owned()], at(2, 0), 1);
    assert_eq!(state(&catalogue), with);
    let undone = catalogue.undo(entered.link);
    assert_eq!(state(&catalogue), (vec![], at(1, 0), 0));
    assert!(catalogue.undoable(5).unwrap().is_empty());
    catalogue.undo(undone.link);
    drop(catalogue);

    let catalogue = Catalogue::open(&path).unwrap();
    assert_eq!(state(&catalogue), with);
    assert_eq!(catalogue.undoable(5).unwrap().len(), 1);
    assert_eq!(catalogue.verify_history().unwrap(), 3);
    assert!(matches!(
        { catalogue }.decide("Ada", What::Undo { link: Link { seq: 9, ..entered.link } }, None),
        Err(CatalogueError::Absent(_))
    ));
}

#[test]
fn amending_replaces_all_values_and_can_be_undone() {
    let (_dir, _, mut catalogue) = empty();
    catalogue.take(enter(1, &[], values(&[(Field::Headstamp, "31_94"), (Field::Site, "Kidal")])));
    let amended = catalogue.take(What::Amend { case: case(1), values: stamped("31_95") });
    assert_eq!(catalogue.all()[0].values, stamped("31_95"));
    catalogue.undo(amended.link);
    assert_eq!(catalogue.all()[0].values.len(), 2);
    assert_eq!(catalogue.contradictions(), 0);
}

#[test]
fn a_case_on_several_photographs_is_one_entry() {
    let (_dir, _, mut catalogue) = empty();
    catalogue.add(&[photo(1, 1), photo(2, 1), photo(3, 2)]).unwrap();
    let entered =
        catalogue.take(enter(1, &[at(1, 0)], values(&[(Field::Headstamp, "31_94"), (Field::Quantity, "40")])));
    catalogue.take(What::SameCase { case: case(1), place: at(2, 0) });
    catalogue.take(What::SameCase { case: case(1), place: at(3, 1) });
    catalogue.take(What::NotAHead { place: at(3, 0) });
    assert_eq!(catalogue.all()[0].places, [at(1, 0), at(2, 0), at(3, 1)]);
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.pending, counts.entered, counts.same_case, counts.not_a_head), (0, 1, 2, 1));
    assert_eq!((counts.entries, counts.cases), (1, 40));

    // without the entry no one knows which case the others show
    catalogue.undo(entered.link);
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.pending, counts.same_case, counts.not_a_head, counts.entries), (3, 0, 1, 0));
}

#[test]
fn the_later_of_two_processes_is_told_of_the_conflict() {
    let (_dir, path, mut first) = empty();
    first.add(&[photo(1, 1), photo(2, 1)]).unwrap();
    let mut second = Catalogue::open(&path).unwrap();
    let entered = first.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let other = second.take(enter(2, &[at(1, 0)], stamped("31_95")));
    assert_eq!(other.conflicts, [entered.link]);
    // the same headstamp, read from elsewhere, and a value more: no contradiction
    let same = second.take(enter(3, &[at(1, 0)], values(&[(Field::Headstamp, "94_31"), (Field::Site, "Kidal")])));
    assert!(same.conflicts.is_empty());
    let none = first.take(What::NotAHead { place: at(1, 0) });
    assert_eq!(none.conflicts, [entered.link]);

    assert_eq!(first.headstamps(), ["31_94"]);
    assert_eq!(second.all()[0].values[&Field::Site].text, "Kidal");
    assert_eq!((first.verify_history().unwrap(), first.contradictions()), (4, 2));
    assert_eq!(first.conflicts().unwrap()[0].about, format!("{}#0", sha(1)));
    // without the first, the next holds
    first.undo(entered.link);
    assert_eq!(second.headstamps(), ["31_95"]);
    // whoever decides again, knowing both, settles it
    second.take(What::Amend { case: case(2), values: stamped("31_95") });
    assert_eq!(second.contradictions(), 0);
}

#[test]
fn values_that_only_a_third_decision_contradicts_are_told() {
    let (_dir, _, mut catalogue) = empty();
    catalogue.add(&[photo(1, 1)]).unwrap();
    let from = |country| values(&[(Field::Headstamp, "31_94"), (Field::Country, country)]);
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let second = catalogue.take(enter(2, &[at(1, 0)], from("CN")));
    assert!(second.conflicts.is_empty());
    assert_eq!(catalogue.take(enter(3, &[at(1, 0)], from("RU"))).conflicts, [second.link]);
    assert_eq!(catalogue.all()[0].values[&Field::Country].text, "CN");
}

#[test]
fn tampering_is_found() {
    let tamper = |sql: &str| {
        let (_dir, path, mut catalogue) = empty();
        for n in 0..4 {
            catalogue.take(enter(n, &[at(n as u32, 0)], stamped("31_94")));
        }
        catalogue.undo(Link { history: catalogue.chain_head().unwrap().history, seq: 1 });
        assert!(catalogue.db.execute("UPDATE decisions SET hash = ''", []).is_err());
        assert!(catalogue.db.execute("DELETE FROM decisions", []).is_err());
        let head = catalogue.chain_head().unwrap();
        assert_eq!((head.decisions, catalogue.verify_history().unwrap()), (5, 5));
        catalogue.db.execute_batch("DROP TRIGGER decisions_stay; DROP TRIGGER decisions_last").unwrap();
        catalogue.db.execute_batch(sql).unwrap();
        let catalogue = Catalogue::open(&path).unwrap();
        let proof = catalogue.verify_history();
        (head != catalogue.chain_head().unwrap(), proof.map_err(|e| e.to_string()))
    };
    for (sql, cause) in [
        ("UPDATE decisions SET text = replace(text, '31_94', '31_95') WHERE seq = 2", "link 2 was altered"),
        ("DELETE FROM decisions WHERE seq = 3", "link 3 is missing"),
        ("UPDATE decisions SET case_uid = NULL WHERE seq = 2", "link 2 is filed where it does not belong"),
        ("DELETE FROM decided_places WHERE seq = 2", "link 2 is filed where it does not belong"),
        ("DELETE FROM undone", "link 5 is filed where it does not belong"),
        ("INSERT INTO undone VALUES (1, 2, 1, 4)", "link 5 is followed by"),
    ] {
        let error = tamper(sql).1.unwrap_err();
        assert!(error.contains(cause), "{sql}: {error}");
    }
    // a history that was cut off is whole in itself, but its end is another
    let cut = "DELETE FROM undone; DELETE FROM decisions WHERE seq = 5";
    assert_eq!(tamper(cut), (true, Ok(4)));
}

#[test]
fn entries_that_follow_from_no_decision_are_found() {
    let (_dir, path, mut catalogue) = empty();
    catalogue.add(&[photo(1, 1)]).unwrap();
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    assert!(catalogue.verify_outcome().unwrap());
    for sql in [
        "UPDATE cases SET vals = replace(vals, '31_94', '31_95')",
        "INSERT INTO cases SELECT 'x', vals, places, 1, 1, 1 FROM cases",
        "UPDATE items SET state = 'pending'",
    ] {
        let copy = path.with_extension("copy");
        catalogue.backup(&copy).unwrap();
        let mut copied = Catalogue::open(&copy).unwrap();
        copied.db.execute_batch(sql).unwrap();
        assert!(!copied.verify_outcome().unwrap(), "{sql}");
        drop(copied);
        std::fs::remove_file(copy).unwrap();
    }
}

#[test]
fn other_files_are_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name);
    assert!(matches!(Catalogue::open(&file("none")), Err(CatalogueError::Missing)));
    assert!(!file("none").exists());

    drop(Catalogue::open_or_create(&file("newer")).unwrap());
    rusqlite::Connection::open(file("newer")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Catalogue::open(&file("newer")), Err(CatalogueError::Newer(99))));

    rusqlite::Connection::open(file("foreign")).unwrap().execute_batch("CREATE TABLE cases (a)").unwrap();
    std::fs::write(file("text"), "case,headstamp\n".repeat(100)).unwrap();
    for name in ["foreign", "text"] {
        let before = std::fs::read(file(name)).unwrap();
        assert!(matches!(Catalogue::open(&file(name)), Err(CatalogueError::Foreign)), "{name}");
        assert!(matches!(Catalogue::open_or_create(&file(name)), Err(CatalogueError::Foreign)), "{name}");
        assert_eq!(std::fs::read(file(name)).unwrap(), before, "{name}");
    }
    // `add` was stopped while it made the file
    std::fs::write(file("empty"), "").unwrap();
    assert!(matches!(Catalogue::open(&file("empty")), Err(CatalogueError::Foreign)));
    assert!(Catalogue::open_or_create(&file("empty")).is_ok());
}

#[test]
fn a_backup_is_equal_and_closing_leaves_one_file() {
    let (dir, path, mut catalogue) = empty();
    catalogue.add(&[photo(1, 2)]).unwrap();
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let to = dir.path().join("backup");
    catalogue.backup(&to).unwrap();
    assert!(catalogue.backup(&to).is_err());
    let copy = Catalogue::open(&to).unwrap();
    assert_eq!(copy.all(), catalogue.all());
    assert_eq!(copy.counts().unwrap(), catalogue.counts().unwrap());
    assert_eq!(copy.chain_head().unwrap(), catalogue.chain_head().unwrap());
    assert_eq!(copy.verify_history().unwrap(), 1);
    drop((copy, catalogue));
    let mut left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().path()).collect();
    left.sort();
    assert_eq!(left, [path, to]);
}

/// A whole photograph may have been put to its case before it is held: by a file of entries, or in another catalogue.
#[test]
fn a_decision_may_come_before_its_photograph() {
    let (dir, path, mut catalogue) = empty();
    let whole = Place { photo: sha(2), head: None };
    let decided = catalogue.take(enter(1, &[at(1, 0), whole.clone()], stamped("31_94")));
    let mut other = Catalogue::open_or_create(&dir.path().join("other")).unwrap();
    other.add(&[photo(1, 1), photo(2, 0)]).unwrap();
    other.take(enter(7, &[at(1, 0)], stamped("31_94")));
    other.take(What::SameCase { case: case(7), place: whole });
    let states = |c: &Catalogue| c.counts().map(|n| (n.pending, n.without_heads, n.entered, n.same_case)).unwrap();
    assert_eq!(states(&other), (0, 0, 1, 1));
    catalogue.merge(&dir.path().join("other"), "Ada").unwrap();
    assert_eq!(states(&catalogue), (0, 0, 2, 0));
    assert!(catalogue.verify_outcome().unwrap());
    catalogue.undo(decided.link);
    assert_eq!(states(&catalogue), (0, 0, 1, 1));
    assert_eq!(Catalogue::open(&path).unwrap().next_item(0).unwrap(), None);

    let (_dir, _, mut later) = empty();
    later.take(enter(1, &[Place { photo: sha(2), head: None }], stamped("31_94")));
    later.add(&[photo(2, 0)]).unwrap();
    assert_eq!(states(&later), (0, 0, 1, 0));
    assert!(later.verify_outcome().unwrap());
}
