//! Decisions, what follows from them, and how they are found again.

use super::*;

on_both!(
    undo_and_undoing_it_leave_and_bring_back_the_entry,
    what_is_undone_twice_comes_back_when_both_are_undone,
    what_hangs_together_over_several_steps_is_decided_together,
    those_that_undo_each_other_end,
    what_can_be_undone_is_found_past_what_was,
    amending_replaces_all_values_and_can_be_undone,
    a_case_on_several_photographs_is_one_entry,
    the_later_is_told_of_the_conflict,
    values_that_only_a_third_decision_contradicts_are_told,
    conflicts_are_found_one_after_another,
    a_case_is_found_by_the_start_of_its_id,
    several_decisions_are_taken_all_or_none,
    decisions_are_dated_by_the_clock,
    a_box_may_belong_to_several_cases,
    who_looked_before_another_decided_is_told,
);

fn undo_and_undoing_it_leave_and_bring_back_the_entry(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1), photo(2, 1)]).unwrap();
    let entered = catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    assert!(entered.conflicts.is_empty());
    let state = |c: &Catalogue| (c.headstamps(), c.next_item(0).unwrap().unwrap().place, c.counts().unwrap().entered);
    let with = (vec!["31_94".to_owned()], at(2, 0), 1);
    assert_eq!(state(&catalogue), with);
    let undone = catalogue.undo(entered.link);
    assert_eq!(state(&catalogue), (vec![], at(1, 0), 0));
    assert!(catalogue.undoable(5).unwrap().is_empty());
    let again = catalogue.undo(undone.link);
    assert_eq!(state(&catalogue), with);
    catalogue.undo(again.link);
    assert_eq!(state(&catalogue), (vec![], at(1, 0), 0));
    catalogue.undo(again.link);
    catalogue.undo(undone.link);

    let mut catalogue = shelf.again(catalogue);
    assert_eq!(state(&catalogue), with);
    assert_eq!(catalogue.undoable(5).unwrap().len(), 1);
    assert_eq!(catalogue.verify_history().unwrap(), 6);
    assert!(catalogue.verify_outcome().unwrap());
    for link in [Link { seq: 9, ..entered.link }, Link { history: case(1), ..entered.link }] {
        assert!(matches!(catalogue.decide("Ada", What::Undo { link }, None), Err(CatalogueError::Absent(_))));
    }
}

fn what_is_undone_twice_comes_back_when_both_are_undone(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let entered = catalogue.take(enter(1, &[], stamped("31_94")));
    let undone = [catalogue.undo(entered.link), catalogue.undo(entered.link)];
    let first = catalogue.undo(undone[0].link);
    assert!(catalogue.all().is_empty());
    let second = catalogue.undo(undone[1].link);
    assert_eq!(catalogue.headstamps(), ["31_94"]);
    catalogue.undo(first.link);
    assert!(catalogue.all().is_empty());
    catalogue.undo(second.link);
    assert!(catalogue.all().is_empty());
}

fn what_hangs_together_over_several_steps_is_decided_together(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let first = catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    catalogue.take(enter(2, &[at(1, 0), at(2, 0)], values(&[(Field::Site, "Kidal")])));
    catalogue.take(enter(3, &[at(2, 0), at(3, 0)], values(&[(Field::Year, "1994")])));
    let entries = |c: &Catalogue| c.all().iter().map(|e| (e.case, e.places.len(), e.values.len())).collect::<Vec<_>>();
    assert_eq!(entries(&catalogue), [(case(1), 3, 3)]);
    catalogue.undo(first.link);
    assert_eq!(entries(&catalogue), [(case(2), 3, 2)]);
    assert!(catalogue.verify_outcome().unwrap());
}

/// No one can do so here; a file from elsewhere may say so. What is undone in a ring does not hold.
fn those_that_undo_each_other_end(shelf: &Shelf) {
    use super::super::history::filing;
    use super::super::store::{Histories, KeptLink, OWN, Turn};
    let mut catalogue = shelf.empty("a");
    let entered = catalogue.take(enter(1, &[], stamped("31_94")));
    let mut before = catalogue.chain_head().unwrap();
    let mut writing = catalogue.writing().unwrap();
    // 2 undoes 3, 3 undoes 2, 4 undoes the entry, 5 undoes 4 and is undone by 6, which 7 undoes
    for (seq, of) in [(2, 3), (3, 2), (4, 1), (5, 4), (6, 5), (7, 6)] {
        let link = Link { seq, ..entered.link };
        let what = What::Undo { link: Link { seq: of, ..link } };
        let decision = Decision { link, at: "2026-01-01T00:00:00.000Z".into(), who: "Eve".into(), what, shown: None };
        let text = serde_json::to_string(&decision).unwrap();
        before.hash = decision::hash(&before.hash, &text);
        let turn = Turn { history: OWN, seq };
        let histories = Histories::of(writing.store()).unwrap();
        let filing = filing(writing.store(), &histories, turn, &decision).unwrap();
        writing.store().append(&[(KeptLink { turn, text, hash: before.hash.clone() }, filing)]).unwrap();
    }
    writing.commit().unwrap();
    assert_eq!(catalogue.verify_history().unwrap(), 7);
    let turns: Vec<Turn> = (1..=7).map(|seq| Turn { history: OWN, seq }).collect();
    let undone: Vec<u64> = outcome::undone(catalogue.store(), &turns).unwrap().into_iter().map(|t| t.seq).collect();
    assert_eq!(undone, [2, 3, 4, 6]);
    assert!(catalogue.verify_outcome().unwrap());
    let mut other = shelf.empty("b");
    other.take_in(&catalogue, Forks::Refuse, "Ada").unwrap();
    assert_eq!(other.headstamps(), ["31_94"]);
}

fn what_can_be_undone_is_found_past_what_was(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    for n in 0..40 {
        catalogue.take(enter(n, &[], stamped("31_94")));
    }
    let last = |c: &Catalogue, count| c.undoable(count).unwrap().iter().map(|d| d.link.seq).collect::<Vec<_>>();
    assert_eq!(last(&catalogue, 3), [40, 39, 38]);
    let mut before = u64::MAX;
    for _ in 0..30 {
        let decision = catalogue.undoable_before(before, 1).unwrap().remove(0);
        before = decision.link.seq;
        catalogue.undo(decision.link);
    }
    assert_eq!(last(&catalogue, 2), [10, 9]);
    assert_eq!(last(&catalogue, 100), (1..=10).rev().collect::<Vec<_>>());
    assert!(last(&catalogue, 0).is_empty());
}

fn amending_replaces_all_values_and_can_be_undone(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.take(enter(1, &[], values(&[(Field::Headstamp, "31_94"), (Field::Site, "Kidal")])));
    let amended = catalogue.take(What::Amend { case: case(1), values: stamped("31_95") });
    assert_eq!(catalogue.all()[0].values, stamped("31_95"));
    catalogue.undo(amended.link);
    assert_eq!(catalogue.all()[0].values.len(), 2);
    assert_eq!(catalogue.contradictions(), 0);
}

fn a_case_on_several_photographs_is_one_entry(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
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
    let more = values(&[(Field::Headstamp, "31_94"), (Field::Quantity, "41")]);
    let amended = catalogue.take(What::Amend { case: case(1), values: more });
    assert_eq!(catalogue.counts().unwrap().cases, 41);
    catalogue.undo(amended.link);

    // without the entry no one knows which case the others show
    catalogue.undo(entered.link);
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.pending, counts.same_case, counts.not_a_head), (3, 0, 1));
    assert_eq!((counts.entries, counts.cases), (0, 0));
}

fn the_later_is_told_of_the_conflict(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1), photo(2, 1)]).unwrap();
    let entered = catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let other = catalogue.take(enter(2, &[at(1, 0)], stamped("31_95")));
    assert_eq!(other.conflicts, [entered.link]);
    // the same headstamp, read from elsewhere, and a value more: no contradiction
    let same = catalogue.take(enter(3, &[at(1, 0)], values(&[(Field::Headstamp, "94_31"), (Field::Site, "Kidal")])));
    assert!(same.conflicts.is_empty());
    let none = catalogue.take(What::NotAHead { place: at(1, 0) });
    assert_eq!(none.conflicts, [entered.link]);

    assert_eq!(catalogue.headstamps(), ["31_94"]);
    assert_eq!(catalogue.all()[0].values[&Field::Site].text, "Kidal");
    assert_eq!((catalogue.verify_history().unwrap(), catalogue.contradictions()), (4, 2));
    assert_eq!(catalogue.conflicts().unwrap()[0].about, format!("{}#0", sha(1)));
    // without the first, the next holds
    catalogue.undo(entered.link);
    assert_eq!(catalogue.headstamps(), ["31_95"]);
    assert_eq!(catalogue.contradictions(), 2);
    // whoever decides again, knowing both, settles it
    catalogue.take(What::Amend { case: case(2), values: stamped("31_95") });
    assert_eq!(catalogue.contradictions(), 0);
}

fn values_that_only_a_third_decision_contradicts_are_told(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1)]).unwrap();
    let from = |country| values(&[(Field::Headstamp, "31_94"), (Field::Country, country)]);
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let second = catalogue.take(enter(2, &[at(1, 0)], from("CN")));
    assert!(second.conflicts.is_empty());
    assert_eq!(catalogue.take(enter(3, &[at(1, 0)], from("RU"))).conflicts, [second.link]);
    assert_eq!(catalogue.all()[0].values[&Field::Country].text, "CN");
}

fn conflicts_are_found_one_after_another(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let both = |n: u32| [stamped("31_94"), stamped("31_95")].map(|v| (enter(u128::from(n), &[at(n, 0)], v), None));
    // all are entered once, then all otherwise, as other cases
    catalogue.decide_all("Ada", (0..7).map(|n| both(n)[0].clone()).collect()).unwrap();
    for n in 0..7 {
        let What::Enter { places, values, .. } = both(n)[1].0.clone() else { unreachable!() };
        catalogue.take(enter(u128::from(n) + 100, &places, values));
    }
    let all = catalogue.conflicts().unwrap();
    assert_eq!(all.len(), 7);
    let mut paged = Vec::new();
    while let Some(conflict) = catalogue.conflicts_after(paged.last(), 1).unwrap().pop() {
        assert_eq!(
            catalogue.conflict_between(conflict.kept.link, conflict.other.link).unwrap().as_ref(),
            Some(&conflict)
        );
        paged.push(conflict);
    }
    assert_eq!(paged, all);
    assert_eq!(catalogue.conflicts_after(Some(&all[1]), 3).unwrap(), all[2..5]);
    // one that is settled is still a place to go on from
    catalogue.undo(all[1].other.link);
    assert_eq!(catalogue.conflict_between(all[1].kept.link, all[1].other.link).unwrap(), None);
    assert_eq!(catalogue.conflict_between(all[1].kept.link, all[0].other.link).unwrap(), None);
    assert_eq!(catalogue.conflicts_after(Some(&all[1]), 3).unwrap(), all[2..5]);
    assert_eq!(catalogue.contradictions(), 6);
}

fn a_case_is_found_by_the_start_of_its_id(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    for id in [0x1234_5678_u128 << 96, 0x1234_ffff_u128 << 96, 0xabcd_u128 << 112] {
        catalogue.take(enter(id, &[], stamped("31_94")));
    }
    for (start, found) in [
        ("1234567", Some(0x1234_5678_u128 << 96)),
        ("ABCD", Some(0xabcd_u128 << 112)),
        ("1234", None),
        ("123", None),
        ("beef", None),
        ("1234%", None),
    ] {
        assert_eq!(catalogue.find_case(start).unwrap(), found.map(case), "{start}");
    }
}

fn several_decisions_are_taken_all_or_none(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1)]).unwrap();
    let history = catalogue.chain_head().unwrap().history;
    let head = catalogue.chain_head().unwrap();
    let entered = (enter(1, &[at(1, 0)], stamped("31_94")), None);
    let undo = |seq| (What::Undo { link: Link { history, seq } }, None);
    assert!(catalogue.decide_all("Ada", vec![entered.clone(), undo(3)]).is_err());
    assert!(catalogue.decide_all("Ada", vec![undo(1), entered.clone()]).is_err());
    assert_eq!((catalogue.chain_head().unwrap(), catalogue.counts().unwrap().pending), (head, 1));
    assert!(catalogue.all().is_empty());
    // one may undo another of the same
    let decided = catalogue.decide_all("Ada", vec![entered.clone(), undo(1), entered]).unwrap();
    assert_eq!(decided.iter().map(|d| d.link.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((catalogue.verify_history().unwrap(), catalogue.headstamps().len()), (3, 1));
}

fn decisions_are_dated_by_the_clock(shelf: &Shelf) {
    let at = || "2026-03-04T05:06:07.89012Z".parse().unwrap();
    let mut catalogue = shelf.empty("a").with_clock(at);
    catalogue.take(enter(1, &[], stamped("31_94")));
    assert_eq!(catalogue.undoable(1).unwrap()[0].at, "2026-03-04T05:06:07.890Z");
}

fn a_box_may_belong_to_several_cases(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1), photo(2, 1), photo(9, 0)]).unwrap();
    let of_box = Place { photo: sha(9), head: None };
    let shows = |n| What::SameCase { case: case(n), place: of_box.clone() };
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    catalogue.take(enter(2, &[at(2, 0)], stamped("31_95")));
    assert!(catalogue.take(shows(1)).conflicts.is_empty());
    let second = catalogue.take(shows(2));
    assert!(second.conflicts.is_empty());
    let with_box = |c: &Catalogue| c.all().iter().filter(|e| e.places.contains(&of_box)).count();
    assert_eq!((with_box(&catalogue), catalogue.all().len(), catalogue.contradictions()), (2, 2, 0));
    assert_eq!(catalogue.counts().unwrap().without_heads, 0);
    catalogue.undo(second.link);
    assert_eq!(with_box(&catalogue), 1);
    // that nothing is on it contradicts, and an entry from it is another case
    assert_eq!(catalogue.take(What::NotAHead { place: of_box.clone() }).conflicts.len(), 1);
    catalogue.take(enter(3, std::slice::from_ref(&of_box), stamped("31_96")));
    assert_eq!(catalogue.all().len(), 3);
    assert!(catalogue.verify_outcome().unwrap());
}

fn who_looked_before_another_decided_is_told(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.take(enter(1, &[], stamped("31_94")));
    let known = catalogue.known_of(case(1)).unwrap();
    let amend = |text| What::Amend { case: case(1), values: stamped(text) };
    catalogue.decide_knowing("Ada", amend("31_95"), None, known).unwrap();
    let late = catalogue.decide_knowing("Bo", amend("31_96"), None, known).unwrap_err();
    assert!(matches!(late, CatalogueError::Overtaken { ref who, .. } if who == "Ada"), "{late}");
    assert_eq!(catalogue.headstamps(), ["31_95"]);
    let known = catalogue.known_of(case(1)).unwrap();
    catalogue.decide_knowing("Bo", amend("31_96"), None, known).unwrap();
    assert_eq!(catalogue.headstamps(), ["31_96"]);
}
