//! Taking in another catalogue.

use super::*;

on_both!(
    all_entries_are_there_once_and_contradictions_are_told,
    a_conflict_is_settled_by_amending_or_undoing_and_that_travels,
    amendments_made_apart_contradict_and_a_later_one_does_not,
    undoing_a_decision_of_a_history_that_comes_later_in_the_file_is_taken_in,
    a_photograph_that_comes_after_its_decision_is_settled,
    a_rewritten_history_is_refused_whatever_its_length,
    copies_that_went_on_apart_are_joined,
    forks_of_forks_are_joined_once_whoever_brings_them,
    who_undid_in_a_copy_undid_what_was_there,
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
        let merged = catalogue.take_in(there, Forks::Refuse, "Ada").unwrap();
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
        let again = catalogue.take_in(there, Forks::Refuse, "Ada").unwrap();
        assert_eq!((again.photographs, again.decisions), (0, 0));
        assert_eq!(catalogue.chain_head().unwrap(), head);
        assert_eq!((there.all(), there.counts().unwrap(), there.chain_head().unwrap()), before);
    }
}

fn a_conflict_is_settled_by_amending_or_undoing_and_that_travels(shelf: &Shelf) {
    let [mut catalogue, mut other] = two(shelf);
    catalogue.take_in(&other, Forks::Refuse, "Ada").unwrap();
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

    other.take_in(&catalogue, Forks::Refuse, "Bo").unwrap();
    assert_eq!((other.contradictions(), other.counts().unwrap().entries), (7, 60));
    // a third who takes in the second learns of all three
    let mut third = shelf.empty("third");
    third.take_in(&other, Forks::Refuse, "Cy").unwrap();
    assert_eq!((third.contradictions(), third.counts().unwrap().entries), (7, 60));
}

fn amendments_made_apart_contradict_and_a_later_one_does_not(shelf: &Shelf) {
    let [mut mine, mut theirs] = ["a", "b"].map(|name| shelf.empty(name));
    mine.take(enter(1, &[], stamped("31_94")));
    theirs.take_in(&mine, Forks::Refuse, "Bo").unwrap();
    theirs.take(What::Amend { case: case(1), values: stamped("31_95") });
    mine.take_in(&theirs, Forks::Refuse, "Ada").unwrap();
    assert_eq!((mine.headstamps(), mine.contradictions()), (vec!["31_95".to_owned()], 0));

    mine.take(What::Amend { case: case(1), values: stamped("31_96") });
    theirs.take(What::Amend { case: case(1), values: stamped("31_97") });
    mine.take_in(&theirs, Forks::Refuse, "Ada").unwrap();
    assert_eq!((mine.headstamps(), mine.contradictions()), (vec!["31_96".to_owned()], 1));
}

fn undoing_a_decision_of_a_history_that_comes_later_in_the_file_is_taken_in(shelf: &Shelf) {
    let [mut mine, mut theirs, mut third] = ["a", "b", "c"].map(|name| shelf.empty(name));
    mine.take(enter(1, &[], stamped("31_94")));
    let link = Link { history: mine.chain_head().unwrap().history, seq: 1 };
    theirs.take_in(&mine, Forks::Refuse, "Bo").unwrap();
    theirs.undo(link);
    third.take_in(&theirs, Forks::Refuse, "Cy").unwrap();
    assert!(third.all().is_empty());
    mine.take_in(&theirs, Forks::Refuse, "Ada").unwrap();
    assert!(mine.all().is_empty());
}

fn a_photograph_that_comes_after_its_decision_is_settled(shelf: &Shelf) {
    let [mut mine, mut theirs] = ["a", "b"].map(|name| shelf.empty(name));
    theirs.take(enter(1, &[at(1, 0)], stamped("31_94")));
    mine.take_in(&theirs, Forks::Refuse, "Ada").unwrap();
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
        let error = mine.take_in(&theirs, Forks::Refuse, "Ada").unwrap_err();
        assert!(matches!(error, CatalogueError::Diverged { seq: 2, .. }), "{error}");
        assert_eq!(mine.all(), before);
    }
}

/// Two copies, 200 decisions in each since; twenty contradict.
fn copies_that_went_on_apart_are_joined(shelf: &Shelf) {
    let mut mine = shelf.empty("mine");
    for i in 0..400 {
        mine.add(&[photo(i, 1)]).unwrap();
    }
    for i in 0..5 {
        mine.take(enter(u128::from(i), &[at(i, 0)], stamped("31_94")));
    }
    let mut theirs = shelf.copy(&mine, "theirs");
    let mut untouched = shelf.copy(&mine, "untouched");
    for n in 0..200 {
        mine.take(enter(1000 + u128::from(n), &[at(10 + n, 0)], stamped("31_94")));
        let text = if n < 20 { "31_95" } else { "31_94" };
        theirs.take(enter(2000 + u128::from(n), &[at(190 + n, 0)], stamped(text)));
    }
    let before = (mine.all(), mine.chain_head().unwrap());
    assert!(matches!(mine.take_in(&theirs, Forks::Refuse, "Ada"), Err(CatalogueError::Diverged { seq: 6, .. })));
    assert_eq!((mine.all(), mine.chain_head().unwrap()), before);
    assert_eq!(mine.take_in(&theirs, Forks::TakeIn, "Ada").unwrap().decisions, 200);
    let joined = |c: &Catalogue| (c.counts().unwrap().entries, c.contradictions(), c.verify_outcome().unwrap());
    assert_eq!(joined(&mine), (385, 20, true));
    // five before, and the link that says that the others were taken in
    assert_eq!(mine.verify_history().unwrap(), 5 + 200 + 200 + 1);
    assert_eq!(mine.take_in(&theirs, Forks::TakeIn, "Ada").unwrap().decisions, 0);
    // who stands where both left takes it in as it is, and so does a stranger
    let mut stranger = shelf.empty("stranger");
    for third in [&mut untouched, &mut stranger] {
        third.take_in(&mine, Forks::Refuse, "Cy").unwrap();
        assert_eq!(joined(third), (385, 20, true));
        third.verify_history().unwrap();
    }
    // the other copy: its own decisions come back to it under another name, and are not doubled
    theirs.take_in(&mine, Forks::TakeIn, "Bo").unwrap();
    assert_eq!(joined(&theirs), (385, 20, true));
    assert_eq!(theirs.verify_history().unwrap(), 5 + 200 + 200 + 2);
    // settled here, settled there
    let settled = mine.conflicts().unwrap()[0].other.link;
    mine.undo(settled);
    assert_eq!(mine.contradictions(), 19);
    // the copy wrote down by itself that it took in the fork, and so went on apart
    for (third, forks) in [(&mut untouched, Forks::TakeIn), (&mut stranger, Forks::Refuse)] {
        third.take_in(&mine, forks, "Cy").unwrap();
        assert_eq!(joined(third), (385, 19, true));
        third.verify_history().unwrap();
    }
    theirs.take_in(&mine, Forks::TakeIn, "Bo").unwrap();
    assert_eq!(joined(&theirs), (385, 19, true));
    theirs.verify_history().unwrap();
}

fn forks_of_forks_are_joined_once_whoever_brings_them(shelf: &Shelf) {
    let mut all = vec![shelf.empty("0")];
    all[0].take(enter(1, &[], stamped("31_94")));
    // a chain of copies, each of the one before, each going on
    for n in 1..4u128 {
        let copy = shelf.copy(&all[n as usize - 1], &n.to_string());
        all[n as usize - 1].take(enter(10 * n, &[], stamped("31_95")));
        all.push(copy);
        all[n as usize].take(enter(10 * n + 1, &[], stamped("31_96")));
    }
    for round in 0..2 {
        for to in 0..4 {
            for from in (0..4).filter(|from| *from != to) {
                let [to, from] = all.get_disjoint_mut([to, from]).unwrap();
                to.take_in(from, Forks::TakeIn, "Ada").unwrap_or_else(|e| panic!("round {round}: {e}"));
                to.verify_history().unwrap();
                assert!(to.verify_outcome().unwrap());
            }
        }
    }
    let entries: Vec<_> = all.iter().map(|c| (c.counts().unwrap().entries, c.contradictions())).collect();
    assert_eq!(entries, [(7, 0); 4]);
}

/// Both copies number their decisions alike: what is undone in one is not what bears that number in the other.
fn who_undid_in_a_copy_undid_what_was_there(shelf: &Shelf) {
    let mut mine = shelf.empty("mine");
    mine.take(enter(1, &[], stamped("31_94")));
    let mut theirs = shelf.copy(&mine, "theirs");
    mine.take(enter(2, &[], stamped("31_95")));
    let wrong = theirs.take(enter(3, &[], stamped("31_96"))).link;
    theirs.take(enter(4, &[], stamped("31_97")));
    theirs.undo(wrong);
    mine.take_in(&theirs, Forks::TakeIn, "Ada").unwrap();
    let mut there = mine.headstamps();
    there.sort();
    assert_eq!(there, ["31_94", "31_95", "31_97"]);
    assert!(mine.verify_outcome().unwrap());
    // a colleague who knew the copy, and undid something of it, is understood too
    let mut colleague = shelf.empty("colleague");
    colleague.take_in(&theirs, Forks::Refuse, "Cy").unwrap();
    let fourth = colleague.entering(case(4)).unwrap().unwrap().link;
    colleague.undo(fourth);
    mine.take_in(&colleague, Forks::TakeIn, "Ada").unwrap();
    let mut there = mine.headstamps();
    there.sort();
    assert_eq!(there, ["31_94", "31_95"]);
    mine.verify_history().unwrap();
    assert!(mine.verify_outcome().unwrap());
}

fn more_than_a_piece_is_taken_in_whole(shelf: &Shelf) {
    const MANY: u32 = super::super::store::PIECE as u32 + 10;
    let [mut mine, mut theirs] = ["a", "b"].map(|name| shelf.empty(name));
    let entered = |n: u32| (enter(u128::from(n), &[at(n, 0)], stamped("31_94")), None);
    let decided = theirs.decide_all("Bo", (0..MANY).map(entered).collect()).unwrap();
    // of the last piece, about the first
    theirs.undo(decided[3].link);
    theirs.add(&(0..120).map(|n| photo(n, 1)).collect::<Vec<_>>()).unwrap();
    let merged = mine.take_in(&theirs, Forks::Refuse, "Ada").unwrap();
    assert_eq!((merged.photographs, merged.decisions), (120, u64::from(MANY) + 1));
    assert_eq!(mine.all().len() as u32, MANY - 1);
    assert_eq!(mine.all(), theirs.all());
    let counts = mine.counts().unwrap();
    assert_eq!((counts.entered, counts.pending), (119, 1));
    assert_eq!(mine.verify_history().unwrap(), u64::from(MANY) + 2);
    assert!(mine.verify_outcome().unwrap());
    // what was added since is continued
    theirs.take(enter(9999, &[], stamped("31_94")));
    assert_eq!(mine.take_in(&theirs, Forks::Refuse, "Ada").unwrap().decisions, 1);
}
