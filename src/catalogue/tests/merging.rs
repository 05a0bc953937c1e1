//! Taking in another catalogue.

use super::*;

/// Two catalogues with 40 photographs each, all entered; of the 20 that they share, ten are entered otherwise.
fn two() -> (TempDir, [PathBuf; 2]) {
    let dir = tempfile::tempdir().unwrap();
    let paths = ["a", "b"].map(|name| dir.path().join(name));
    for (n, path) in paths.iter().enumerate() {
        let mut catalogue = Catalogue::open_or_create(path).unwrap();
        for i in n as u32 * 20..n as u32 * 20 + 40 {
            catalogue.add(&[photo(i, 1)]).unwrap();
            let text = if n == 1 && i < 30 { "31_95" } else { "31_94" };
            catalogue.take(enter(u128::from(i) + 1000 * n as u128, &[at(i, 0)], stamped(text)));
        }
    }
    (dir, paths)
}

#[test]
fn all_entries_are_there_once_and_contradictions_are_told() {
    let (_dir, [a, b]) = two();
    for (here, there, kept) in [(&a, &b, "31_94"), (&b, &a, "31_95")] {
        let copy = here.with_extension("copy");
        Catalogue::open(here).unwrap().backup(&copy).unwrap();
        let mut catalogue = Catalogue::open(&copy).unwrap();
        let before = std::fs::read(there).unwrap();
        let merged = catalogue.merge(there, "Ada").unwrap();
        assert_eq!((merged.photographs, merged.decisions), (20, 40));
        let counts = catalogue.counts().unwrap();
        assert_eq!((counts.photographs, counts.entries, counts.entered, counts.pending), (60, 60, 60, 0));
        let conflicts = catalogue.conflicts().unwrap();
        assert_eq!(conflicts.len(), 10);
        for conflict in conflicts {
            assert!(matches!(conflict.kept.what, What::Enter { values, .. } if values == stamped(kept)));
        }
        assert_eq!(catalogue.verify_history().unwrap(), 81);

        let head = catalogue.chain_head().unwrap();
        let again = catalogue.merge(there, "Ada").unwrap();
        assert_eq!((again.photographs, again.decisions), (0, 0));
        assert_eq!(catalogue.chain_head().unwrap(), head);
        assert_eq!(std::fs::read(there).unwrap(), before);
    }
}

#[test]
fn a_conflict_is_settled_by_amending_or_undoing_and_that_travels() {
    let (_dir, [a, b]) = two();
    let mut catalogue = Catalogue::open(&a).unwrap();
    catalogue.merge(&b, "Ada").unwrap();
    let conflicts = catalogue.conflicts().unwrap();
    // mine is right, theirs is right, and theirs is taken back
    let mine = conflicts[0].kept.what.case().unwrap();
    catalogue.take(What::Amend { case: mine, values: stamped("31_94") });
    assert_eq!(catalogue.contradictions(), 9);
    catalogue.undo(conflicts[1].kept.link);
    assert_eq!(catalogue.contradictions(), 8);
    catalogue.undo(conflicts[2].other.link);
    assert_eq!(catalogue.contradictions(), 7);
    assert_eq!(catalogue.counts().unwrap().entries, 60);
    assert_eq!(catalogue.headstamps().iter().filter(|h| *h == "31_95").count(), 1);
    drop(catalogue);

    let mut other = Catalogue::open(&b).unwrap();
    other.merge(&a, "Bo").unwrap();
    assert_eq!((other.contradictions(), other.counts().unwrap().entries), (7, 60));
    // a third who takes in the second learns of all three
    let mut third = Catalogue::open_or_create(&a.with_extension("third")).unwrap();
    third.merge(&b, "Cy").unwrap();
    assert_eq!((third.contradictions(), third.counts().unwrap().entries), (7, 60));
}

#[test]
fn amendments_made_apart_contradict_and_a_later_one_does_not() {
    let (_dir, a, mut mine) = empty();
    mine.take(enter(1, &[], stamped("31_94")));
    let b = a.with_extension("b");
    let mut theirs = Catalogue::open_or_create(&b).unwrap();
    theirs.merge(&a, "Bo").unwrap();
    theirs.take(What::Amend { case: case(1), values: stamped("31_95") });
    mine.merge(&b, "Ada").unwrap();
    assert_eq!((mine.headstamps(), mine.contradictions()), (vec!["31_95".to_owned()], 0));

    mine.take(What::Amend { case: case(1), values: stamped("31_96") });
    theirs.take(What::Amend { case: case(1), values: stamped("31_97") });
    mine.merge(&b, "Ada").unwrap();
    assert_eq!((mine.headstamps(), mine.contradictions()), (vec!["31_96".to_owned()], 1));
}

#[test]
fn undoing_a_decision_of_a_history_that_comes_later_in_the_file_is_taken_in() {
    let (_dir, a, mut mine) = empty();
    mine.take(enter(1, &[], stamped("31_94")));
    let link = Link { history: mine.chain_head().unwrap().history, seq: 1 };
    let b = a.with_extension("b");
    let mut theirs = Catalogue::open_or_create(&b).unwrap();
    theirs.merge(&a, "Bo").unwrap();
    theirs.undo(link);
    let mut third = Catalogue::open_or_create(&a.with_extension("third")).unwrap();
    third.merge(&b, "Cy").unwrap();
    assert!(third.all().is_empty());
    mine.merge(&b, "Ada").unwrap();
    assert!(mine.all().is_empty());
}

#[test]
fn a_photograph_that_comes_after_its_decision_is_settled() {
    let (_dir, a, mut mine) = empty();
    let b = a.with_extension("b");
    Catalogue::open_or_create(&b).unwrap().take(enter(1, &[at(1, 0)], stamped("31_94")));
    mine.merge(&b, "Ada").unwrap();
    mine.add(&[photo(1, 1)]).unwrap();
    let counts = mine.counts().unwrap();
    assert_eq!((counts.pending, counts.entered, counts.entries), (0, 1, 1));
}

#[test]
fn a_rewritten_history_is_refused_whatever_its_length() {
    for more in [0, 1, 2] {
        let (_dir, a, mut mine) = empty();
        mine.take(enter(1, &[], stamped("31_94")));
        let copy = a.with_extension("copy");
        mine.backup(&copy).unwrap();
        let mut theirs = Catalogue::open(&copy).unwrap();
        for n in 0..2 {
            mine.take(enter(10 + n, &[], stamped("31_95")));
        }
        for n in 0..=more {
            theirs.take(enter(20 + n, &[], stamped("31_96")));
        }
        let before = mine.all();
        let error = mine.merge(&copy, "Ada").unwrap_err();
        assert!(matches!(error, CatalogueError::Broken { .. }), "{error}");
        assert_eq!(mine.all(), before);
    }
}

#[test]
fn an_altered_catalogue_is_refused() {
    let (_dir, [a, b]) = two();
    let theirs = Catalogue::open(&b).unwrap();
    theirs
        .db
        .execute_batch("DROP TRIGGER decisions_stay; UPDATE decisions SET text = text || ' ' WHERE seq = 7")
        .unwrap();
    let mut mine = Catalogue::open(&a).unwrap();
    assert!(matches!(mine.merge(&b, "Ada"), Err(CatalogueError::Broken { seq: 7, .. })));
    assert_eq!(mine.counts().unwrap().photographs, 40);
}
