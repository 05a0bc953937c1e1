//! Taking in another catalogue.

use super::*;

on_both!(
    all_entries_are_there_once_and_contradictions_are_told,
    a_conflict_is_settled_by_amending_or_undoing_and_that_travels,
    amendments_made_apart_contradict_and_a_later_one_does_not,
    undoing_a_decision_of_a_history_that_comes_later_in_the_file_is_taken_in,
    a_photograph_that_comes_after_its_decision_is_settled,
    a_rewritten_history_is_refused_whatever_its_length,
    more_than_a_piece_is_taken_in_whole,
);

/// Two catalogues with 40 photographs each, all entered; of the 20 that they share, ten are entered otherwise.
fn two(shelf: &Shelf) -> [Catalogue; 2] {
    [(0, "a"), (1, "b")].map(|(n, name)| {
        let mut catalogue = shelf.empty(name);
        for i in n * 20..n * 20 + 40 {
            catalogue.add(&[photo(i, 1)]).unwrap();
            let text = if n == 1 && i < 30 { "31_95" } else { "31_94" };
            catalogue.take(enter(u128::from(i) + 1000 * u128::from(n), &[at(i, 0)], stamped(text)));
        }
        catalogue
    })
}

fn all_entries_are_there_once_and_contradictions_are_told(shelf: &Shelf) {
    let [a, b] = two(shelf);
    for (here, there, kept) in [(&a, &b, "31_94"), (&b, &a, "31_95")] {
        let mut catalogue = shelf.copy(here, kept);
        let before = (there.all(), there.counts().unwrap(), there.chain_head().unwrap());
        let merged = catalogue.take_in(there, "Ada").unwrap();
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
        let again = catalogue.take_in(there, "Ada").unwrap();
        assert_eq!((again.photographs, again.decisions), (0, 0));
        assert_eq!(catalogue.chain_head().unwrap(), head);
        assert_eq!((there.all(), there.counts().unwrap(), there.chain_head().unwrap()), before);
    }
}

fn a_conflict_is_settled_by_amending_or_undoing_and_that_travels(shelf: &Shelf) {
    let [mut catalogue, mut other] = two(shelf);
    catalogue.take_in(&other, "Ada").unwrap();
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

    other.take_in(&catalogue, "Bo").unwrap();
    assert_eq!((other.contradictions(), other.counts().unwrap().entries), (7, 60));
    // a third who takes in the second learns of all three
    let mut third = shelf.empty("third");
    third.take_in(&other, "Cy").unwrap();
    assert_eq!((third.contradictions(), third.counts().unwrap().entries), (7, 60));
}

fn amendments_made_apart_contradict_and_a_later_one_does_not(shelf: &Shelf) {
    let [mut mine, mut theirs] = ["a", "b"].map(|name| shelf.empty(name));
    mine.take(enter(1, &[], stamped("31_94")));
    theirs.take_in(&mine, "Bo").unwrap();
    theirs.take(What::Amend { case: case(1), values: stamped("31_95") });
    mine.take_in(&theirs, "Ada").unwrap();
    assert_eq!((mine.headstamps(), mine.contradictions()), (vec!["31_95".to_owned()], 0));

    mine.take(What::Amend { case: case(1), values: stamped("31_96") });
    theirs.take(What::Amend { case: case(1), values: stamped("31_97") });
    mine.take_in(&theirs, "Ada").unwrap();
    assert_eq!((mine.headstamps(), mine.contradictions()), (vec!["31_96".to_owned()], 1));
}

fn undoing_a_decision_of_a_history_that_comes_later_in_the_file_is_taken_in(shelf: &Shelf) {
    let [mut mine, mut theirs, mut third] = ["a", "b", "c"].map(|name| shelf.empty(name));
    mine.take(enter(1, &[], stamped("31_94")));
    let link = Link { history: mine.chain_head().unwrap().history, seq: 1 };
    theirs.take_in(&mine, "Bo").unwrap();
    theirs.undo(link);
    third.take_in(&theirs, "Cy").unwrap();
    assert!(third.all().is_empty());
    mine.take_in(&theirs, "Ada").unwrap();
    assert!(mine.all().is_empty());
}

fn a_photograph_that_comes_after_its_decision_is_settled(shelf: &Shelf) {
    let [mut mine, mut theirs] = ["a", "b"].map(|name| shelf.empty(name));
    theirs.take(enter(1, &[at(1, 0)], stamped("31_94")));
    mine.take_in(&theirs, "Ada").unwrap();
    mine.add(&[photo(1, 1)]).unwrap();
    let counts = mine.counts().unwrap();
    assert_eq!((counts.pending, counts.entered, counts.entries), (0, 1, 1));
}

fn a_rewritten_history_is_refused_whatever_its_length(shelf: &Shelf) {
    for more in [0, 1, 2] {
        let mut mine = shelf.empty(&format!("a{more}"));
        mine.take(enter(1, &[], stamped("31_94")));
        let mut theirs = shelf.copy(&mine, &format!("b{more}"));
        for n in 0..2 {
            mine.take(enter(10 + n, &[], stamped("31_95")));
        }
        for n in 0..=more {
            theirs.take(enter(20 + n, &[], stamped("31_96")));
        }
        let before = mine.all();
        let error = mine.take_in(&theirs, "Ada").unwrap_err();
        assert!(matches!(error, CatalogueError::Broken { .. }), "{error}");
        assert_eq!(mine.all(), before);
    }
}

fn more_than_a_piece_is_taken_in_whole(shelf: &Shelf) {
    const MANY: u32 = super::super::store::PIECE as u32 + 10;
    let [mut mine, mut theirs] = ["a", "b"].map(|name| shelf.empty(name));
    let entered = |n: u32| (enter(u128::from(n), &[at(n, 0)], stamped("31_94")), None);
    let decided = theirs.decide_all("Bo", (0..MANY).map(entered).collect()).unwrap();
    // of the last piece, about the first
    theirs.undo(decided[3].link);
    theirs.add(&(0..120).map(|n| photo(n, 1)).collect::<Vec<_>>()).unwrap();
    let merged = mine.take_in(&theirs, "Ada").unwrap();
    assert_eq!((merged.photographs, merged.decisions), (120, u64::from(MANY) + 1));
    assert_eq!(mine.all().len() as u32, MANY - 1);
    assert_eq!(mine.all(), theirs.all());
    let counts = mine.counts().unwrap();
    assert_eq!((counts.entered, counts.pending), (119, 1));
    assert_eq!(mine.verify_history().unwrap(), u64::from(MANY) + 2);
    assert!(mine.verify_outcome().unwrap());
    // what was added since is continued
    theirs.take(enter(9999, &[], stamped("31_94")));
    assert_eq!(mine.take_in(&theirs, "Ada").unwrap().decisions, 1);
}
