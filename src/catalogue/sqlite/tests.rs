//! What holds of the file alone: it is proved, refused, copied, and shared by processes.

use super::super::tests::{Shelf, at, case, enter, photo, stamped};
use super::super::{Catalogue, CatalogueError, Forks, Link, What};
use super::Sqlite;
use rusqlite::Connection;
use std::path::PathBuf;
use tempfile::TempDir;

/// An empty catalogue in a folder that goes with it.
fn empty() -> (TempDir, PathBuf, Catalogue) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.headstamp");
    let catalogue = Catalogue::open_or_create(&path).unwrap();
    (dir, path, catalogue)
}

#[test]
fn tampering_is_found() {
    let tamper = |sql: &str| {
        let (_dir, path, mut catalogue) = empty();
        for n in 0..4 {
            catalogue.take(enter(n, &[at(n as u32, 0)], stamped("31_94")));
        }
        catalogue.undo(Link { history: catalogue.chain_head().unwrap().history, seq: 1 });
        let db = Connection::open(&path).unwrap();
        assert!(db.execute("UPDATE decisions SET hash = ''", []).is_err());
        assert!(db.execute("DELETE FROM decisions", []).is_err());
        let head = catalogue.chain_head().unwrap();
        assert_eq!((head.decisions, catalogue.verify_history().unwrap()), (5, 5));
        db.execute_batch("DROP TRIGGER decisions_stay; DROP TRIGGER decisions_last").unwrap();
        db.execute_batch(sql).unwrap();
        let catalogue = Catalogue::open(&path).unwrap();
        let proof = catalogue.verify_history();
        (head != catalogue.chain_head().unwrap(), proof.map_err(|e| e.to_string()))
    };
    for (sql, cause) in [
        (
            "UPDATE decisions SET text = replace(text, '31_94', '31_95') WHERE seq = 2",
            "link 2 was altered, or does not follow",
        ),
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

/// Everything that was done to a history is named, not the first alone.
#[test]
fn every_fault_is_named() {
    let faults = |sql: &str, noted: Option<usize>| {
        let (_dir, path, mut catalogue) = empty();
        let mut heads = Vec::new();
        for n in 0..30 {
            catalogue.take(enter(n, &[at(n as u32, 0)], stamped("31_94")));
            heads.push(catalogue.chain_head().unwrap().hash);
        }
        drop(catalogue);
        let db = Connection::open(&path).unwrap();
        db.execute_batch("DROP TRIGGER decisions_stay; DROP TRIGGER decisions_last").unwrap();
        db.execute_batch(sql).unwrap();
        drop(db);
        let catalogue = Catalogue::open(&path).unwrap();
        let proof = catalogue.prove(noted.map(|n| heads[n].as_str())).unwrap();
        let all: Vec<String> = proof.faults.iter().map(ToString::to_string).collect();
        (all.join("; "), proof.noted.map(|l| l.seq))
    };
    let cut = "DELETE FROM decisions WHERE seq > 10; DELETE FROM decided_places WHERE seq > 10;
               DELETE FROM cases WHERE entered_seq > 10";
    let swap = "CREATE TEMP TABLE two AS SELECT seq, text, hash FROM decisions WHERE seq IN (5, 6);
                UPDATE decisions SET text = (SELECT text FROM two WHERE two.seq = 11 - decisions.seq),
                hash = (SELECT hash FROM two WHERE two.seq = 11 - decisions.seq) WHERE seq IN (5, 6)";
    for (sql, named) in [
        ("UPDATE decisions SET text = replace(text, '31_94', '31_95') WHERE seq IN (4, 9)", "decision 4 was altered"),
        ("UPDATE decisions SET text = replace(text, '31_94', '31_95') WHERE seq IN (4, 9)", "decision 9 was altered"),
        ("DELETE FROM decisions WHERE seq IN (7, 8)", "decisions 7 to 8: each is missing"),
        (swap, "decisions 5 to 6: each is filed where it does not belong"),
        (
            "UPDATE cases SET vals = replace(vals, '31_94', '31_95') WHERE entered_seq = 3",
            "is not what the decisions say",
        ),
        ("DELETE FROM cases WHERE entered_seq = 3", "follows from the decisions, and is not there"),
    ] {
        let (all, _) = faults(sql, None);
        assert!(all.contains(named), "{sql}: {all}");
    }
    // one is put between: what comes after it is filed where it does not belong
    let insert =
        "UPDATE decisions SET seq = seq + 1000 WHERE seq > 5; UPDATE decisions SET seq = seq - 999 WHERE seq > 1000;
                  INSERT INTO decisions SELECT history, 6, text, hash, case_uid FROM decisions WHERE seq = 5";
    let (all, _) = faults(insert, None);
    assert!(all.contains("decisions 6 to 31: each is filed where it does not belong"), "{all}");
    // what was cut off is found by who noted the end
    assert_eq!(faults(cut, None), (String::new(), None));
    let (all, noted) = faults(cut, Some(29));
    assert!(all.contains("since it was noted the history was rewritten or shortened") && noted.is_none(), "{all}");
    assert_eq!(faults(cut, Some(7)), (String::new(), Some(8)));
    assert_eq!(faults("SELECT 1", Some(20)), (String::new(), Some(21)));
}

#[test]
fn entries_that_follow_from_no_decision_are_found() {
    let (_dir, path, mut catalogue) = empty();
    catalogue.add(&[photo(1, 1)]).unwrap();
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    assert!(catalogue.verify_outcome().unwrap());
    for sql in [
        "UPDATE cases SET vals = replace(vals, '31_94', '31_95')",
        "INSERT INTO cases SELECT 'x', vals, places, 1, 1, 1, way, together FROM cases",
        "UPDATE items SET state = 'pending'",
        "INSERT INTO conflicts VALUES ('x', 1, 1, 1, 1)",
    ] {
        let copy = path.with_extension("copy");
        catalogue.backup(&copy).unwrap();
        let copied = Catalogue::open(&copy).unwrap();
        Connection::open(&copy).unwrap().execute_batch(sql).unwrap();
        assert!(!copied.verify_outcome().unwrap(), "{sql}");
        drop(copied);
        std::fs::remove_file(copy).unwrap();
    }
}

/// What cannot be understood is told as such, and not left out.
#[test]
fn damaged_rows_are_named() {
    let (_dir, path, mut catalogue) = empty();
    catalogue.add(&[photo(1, 1)]).unwrap();
    catalogue.take(enter(1, &[], stamped("31_94")));
    for (sql, ask, named) in [
        ("UPDATE items SET state = 'pending', record = x'007b'", (|c| c.next_item(0).map(drop)) as Ask, "item 1"),
        ("UPDATE items SET head = -7", |c| c.next_item(0).map(drop), "the number of a head"),
        ("UPDATE cases SET vals = '{'", |c| c.entry(case(1)).map(drop), "entry 00000000-"),
        ("UPDATE cases SET uid = '0000000x'", |c| c.find_case("0000").map(drop), "`0000000x`"),
        ("UPDATE cases SET entered_seq = -1", |c| c.entries::<CatalogueError>(|_| Ok(())), "a row"),
        ("INSERT INTO conflicts VALUES ('x', 1, 7, 1, 8)", |c| c.conflicts().map(drop), "decision 7 is spoken of"),
    ] {
        let copy = path.with_extension("copy");
        catalogue.backup(&copy).unwrap();
        Connection::open(&copy).unwrap().execute_batch(sql).unwrap();
        let error = ask(&Catalogue::open(&copy).unwrap()).unwrap_err();
        assert!(matches!(error, CatalogueError::Damaged { .. }) && error.to_string().contains(named), "{sql}: {error}");
        std::fs::remove_file(copy).unwrap();
    }
}

type Ask = fn(&Catalogue) -> Result<(), CatalogueError>;

#[test]
fn other_files_are_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name);
    assert!(matches!(Catalogue::open(&file("none")), Err(CatalogueError::Missing)));
    assert!(!file("none").exists());

    drop(Catalogue::open_or_create(&file("newer")).unwrap());
    Connection::open(file("newer")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Catalogue::open(&file("newer")), Err(CatalogueError::Newer { made: 99, .. })));

    Connection::open(file("foreign")).unwrap().execute_batch("CREATE TABLE cases (a)").unwrap();
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
    // a folder is no file, and in a folder that is not there none can be made
    assert!(matches!(Catalogue::open(dir.path()), Err(CatalogueError::Denied(_))));
    assert!(matches!(Catalogue::open_or_create(&file("no/a")), Err(CatalogueError::Denied(_))));
}

#[test]
fn a_backup_is_equal_and_closing_leaves_one_file() {
    let (dir, path, mut catalogue) = empty();
    catalogue.add(&[photo(1, 2)]).unwrap();
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let to = dir.path().join("backup");
    catalogue.backup(&to).unwrap();
    assert!(matches!(catalogue.backup(&to), Err(CatalogueError::Exists(_))));
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

/// Counts are kept by each process for itself, and follow what others write.
#[test]
fn what_one_process_decides_another_counts() {
    let (_dir, path, mut first) = empty();
    first.add(&[photo(1, 1), photo(2, 1)]).unwrap();
    let mut second = Catalogue::open(&path).unwrap();
    let counts = |c: &Catalogue| c.counts().map(|n| (n.pending, n.entered, n.entries, n.conflicts)).unwrap();
    assert_eq!((counts(&first), counts(&second)), ((2, 0, 0, 0), (2, 0, 0, 0)));
    let entered = first.take(enter(1, &[at(1, 0)], stamped("31_94")));
    assert_eq!((counts(&first), counts(&second)), ((1, 1, 1, 0), (1, 1, 1, 0)));
    let other = second.take(enter(2, &[at(1, 0)], stamped("31_95")));
    assert_eq!(other.conflicts, [entered.link]);
    assert_eq!((counts(&first), counts(&second)), ((1, 1, 1, 1), (1, 1, 1, 1)));
    // what is not committed is not counted
    assert!(
        second.decide_all("Bo", vec![(enter(3, &[at(2, 0)], stamped("31_94")), None), undo_of_none(&second)]).is_err()
    );
    assert!(second.verify_outcome().unwrap());
    first.undo(entered.link);
    assert_eq!((counts(&first), counts(&second)), ((1, 1, 1, 0), (1, 1, 1, 0)));
    assert_eq!(first.headstamps(), ["31_95"]);
    assert_eq!(second.all(), first.all());
}

fn undo_of_none(catalogue: &Catalogue) -> (What, Option<super::super::Shown>) {
    let history = catalogue.chain_head().unwrap().history;
    (What::Undo { link: Link { history, seq: 999 } }, None)
}

#[test]
fn what_is_read_at_once_is_of_one_state() {
    let (_dir, path, mut first) = empty();
    first.take(enter(1, &[], stamped("31_94")));
    let second = Catalogue::open(&path).unwrap();
    let reading = second.reading().unwrap();
    assert_eq!(second.counts().unwrap().entries, 1);
    first.take(enter(2, &[], stamped("31_95")));
    assert_eq!((second.counts().unwrap().entries, second.headstamps().len()), (1, 1));
    drop(reading);
    assert_eq!((second.counts().unwrap().entries, second.headstamps().len()), (2, 2));
}

#[test]
fn an_altered_catalogue_is_refused_and_one_that_is_taken_in_stays_as_it_is() {
    let shelf = Shelf::files();
    let [mut mine, mut theirs] = ["a", "b"].map(|name| shelf.empty(name));
    for n in 0..9 {
        theirs.take(enter(n, &[at(n as u32, 0)], stamped("31_94")));
    }
    theirs.add(&[photo(1, 1)]).unwrap();
    let path = theirs.path().to_path_buf();
    drop(theirs);
    let before = std::fs::read(&path).unwrap();
    mine.merge(&path, Forks::Refuse, "Ada").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), before);

    let mut other = shelf.empty("c");
    let alter = "DROP TRIGGER decisions_stay; UPDATE decisions SET text = text || ' ' WHERE seq = 7";
    Connection::open(&path).unwrap().execute_batch(alter).unwrap();
    assert!(matches!(other.merge(&path, Forks::Refuse, "Ada"), Err(CatalogueError::Broken { seq: 7, .. })));
    assert_eq!((other.counts().unwrap().photographs, other.all()), (0, vec![]));
}

/// A file that the first program with these tables made: reviewed, undone, a list and a colleague's catalogue taken in.
#[test]
fn a_catalogue_of_the_first_tables_opens_verifies_and_merges() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old");
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tables-1.catalogue"), &path).unwrap();
    let mut old = Catalogue::open(&path).unwrap();
    assert_eq!(old.verify_history().unwrap(), OLD_DECISIONS);
    assert!(old.verify_outcome().unwrap());
    let entries = old.all();
    assert_eq!((entries.len(), old.contradictions()), OLD_ENTRIES);
    let (_dir, _, mut new) = empty();
    new.merge(&path, Forks::Refuse, "Ada").unwrap();
    assert_eq!(new.all(), entries);
    assert!(new.verify_outcome().unwrap());
    old.take(enter(1, &[], stamped("31_94")));
    assert_eq!(new.merge(&path, Forks::Refuse, "Ada").unwrap().decisions, 1);
}

/// Decisions of that file; its entries and conflicts.
const OLD_DECISIONS: u64 = 14;
const OLD_ENTRIES: (usize, usize) = (5, 1);

#[test]
fn tables_are_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    drop(Sqlite::open_or_create(&path, || case(1)).unwrap());
    drop(Sqlite::open_or_create(&path, || unreachable!("it has its history")).unwrap());
    assert_eq!(Catalogue::open(&path).unwrap().chain_head().unwrap().history, case(1));
}
