//! Each rule by itself, on decisions written down in a line each.

use super::*;
use crate::catalogue::decision::{Link, Way};
use crate::catalogue::fields::How;

/// Own history, and two others.
const OWN: u32 = 1;
const BO: u32 = 2;
const CY: u32 = 3;

fn turn(history: u32, seq: u64) -> Turn {
    Turn { history, seq }
}

fn case(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn place(n: u32) -> Place {
    Place { photo: "0".repeat(64), head: Some(n) }
}

fn values(texts: &[(Field, &str)]) -> Values {
    let value = |text: &str| Value { text: text.into(), how: How::Stamped, by: "Ada".into() };
    texts.iter().map(|(field, text)| (*field, value(text))).collect()
}

fn stamped(headstamp: &str) -> Values {
    values(&[(Field::Headstamp, headstamp)])
}

fn enter(n: u128, places: &[u32], values: Values) -> What {
    let places = places.iter().map(|p| place(*p)).collect();
    What::Enter { case: case(n), places, way: Way::Typed, group: 1, values }
}

fn amend(n: u128, headstamp: &str) -> What {
    What::Amend { case: case(n), values: stamped(headstamp) }
}

fn same(n: u128, at: u32) -> What {
    What::SameCase { case: case(n), place: place(at) }
}

fn none(at: u32) -> What {
    What::NotAHead { place: place(at) }
}

/// Two decisions, each by its history and its number in that.
type Pair = ((u32, u64), (u32, u64));

/// What follows, as it is told apart here.
#[derive(Debug, PartialEq)]
struct Follows {
    /// Case, headstamp, and heads on which it is seen.
    entries: Vec<(u128, String, Vec<u32>)>,
    /// The decision that holds, and the one that does not.
    clashes: Vec<Pair>,
}

/// What follows from decisions of histories, each numbered from 1 within its own; `taken` says which took in which.
fn all(decided: &[(u32, What)], taken: &[Pair]) -> Resolved {
    let mut last = BTreeMap::<u32, u64>::new();
    let decision = |(history, what): &(u32, What)| {
        let seq = last.entry(*history).or_default();
        *seq += 1;
        let link = Link { history: Uuid::from_u128(u128::from(*history)), seq: *seq };
        (turn(*history, *seq), Decision { link, at: String::new(), who: "Ada".into(), what: what.clone(), shown: None })
    };
    let decisions = decided.iter().map(decision).collect();
    let taken = taken.iter().map(|&((h, s), (of, up_to))| (turn(h, s), turn(of, up_to)));
    resolve(&decisions, &Knowledge::new(taken.collect()))
}

fn follows(decided: &[(u32, What)], taken: &[Pair]) -> Follows {
    let resolved = all(decided, taken);
    let entry = |(case, e): (Uuid, Entered)| {
        let headstamp = e.values.get(&Field::Headstamp).map_or(String::new(), |v| v.text.clone());
        (case.as_u128(), headstamp, e.places.iter().filter_map(|p| p.head).collect())
    };
    let mut clashes: Vec<_> =
        resolved.clashes.iter().map(|c| ((c.kept.history, c.kept.seq), (c.other.history, c.other.seq))).collect();
    clashes.sort_unstable();
    Follows { entries: resolved.entries.into_iter().map(entry).collect(), clashes }
}

#[track_caller]
fn assert_follows(decided: &[(u32, What)], taken: &[Pair], entries: &[(u128, &str, &[u32])], clashes: &[Pair]) {
    let entries = entries.iter().map(|(n, h, p)| (*n, (*h).to_owned(), p.to_vec())).collect();
    assert_eq!(follows(decided, taken), Follows { entries, clashes: clashes.to_vec() });
}

#[test]
fn the_first_about_a_place_claims_it_and_the_own_history_comes_first() {
    let (a, b) = (enter(1, &[0], stamped("A_1")), enter(2, &[0], stamped("B_1")));
    let decided = [(BO, b), (OWN, a)];
    assert_follows(&decided, &[], &[(1, "A_1", &[0])], &[((OWN, 1), (BO, 1))]);
    let claim = all(&decided, &[]).claims[&place(0)];
    assert_eq!((claim.turn, claim.case), (turn(OWN, 1), Some(case(1))));
    // what is no head is no head for those who come later
    assert_follows(&[(OWN, none(0)), (OWN, enter(1, &[0], stamped("A_1")))], &[], &[], &[((OWN, 1), (OWN, 2))]);
    assert_follows(
        &[(OWN, enter(1, &[0], stamped("A_1"))), (OWN, none(0))],
        &[],
        &[(1, "A_1", &[0])],
        &[((OWN, 1), (OWN, 2))],
    );
    assert_follows(&[(OWN, none(0)), (OWN, none(0))], &[], &[], &[]);
}

#[test]
fn a_later_entry_from_a_claimed_place_is_the_same_case_with_its_places_and_values() {
    let more = values(&[(Field::Headstamp, "A_1"), (Field::Site, "Kidal")]);
    let decided = [
        (OWN, enter(1, &[0], stamped("A_1"))),
        (OWN, enter(2, &[0, 1], more)),
        // whoever speaks of the second speaks of the first
        (OWN, same(2, 2)),
        (OWN, amend(2, "A_2")),
        (OWN, enter(2, &[3], stamped("A_2"))),
    ];
    assert_follows(&decided[..2], &[], &[(1, "A_1", &[0, 1])], &[]);
    assert_eq!(all(&decided[..2], &[]).entries[&case(1)].values[&Field::Site].text, "Kidal");
    assert_eq!(all(&decided[..2], &[]).entries[&case(1)].turn, turn(OWN, 1));
    assert_follows(&decided, &[], &[(1, "A_2", &[0, 1, 2, 3])], &[]);
}

#[test]
fn an_entry_from_places_of_several_cases_contradicts_each() {
    let two = [(OWN, enter(1, &[0], stamped("A_1"))), (OWN, enter(2, &[1], stamped("A_1")))];
    let with = |what: What| [&two[..], &[(OWN, what)]].concat();
    let entries: &[(u128, &str, &[u32])] = &[(1, "A_1", &[0]), (2, "A_1", &[1])];
    let clashes = [((OWN, 1), (OWN, 3)), ((OWN, 2), (OWN, 3))];
    assert_follows(&with(enter(3, &[0, 1, 2], stamped("A_1"))), &[], entries, &clashes);
    // a case that is entered already is one of them
    assert_follows(&with(enter(1, &[1], stamped("A_1"))), &[], entries, &clashes[1..]);
    // told once, also where another decision took it in before its turn
    let early = [&two[..], &[(OWN, same(3, 5)), (BO, enter(3, &[0, 1], stamped("A_1")))]].concat();
    assert_follows(&early, &[], entries, &[((OWN, 1), (BO, 1)), ((OWN, 2), (BO, 1))]);
    let clash = &all(&with(enter(1, &[1], stamped("A_1"))), &[]).clashes[0];
    assert_eq!((clash.place.as_ref(), clash.case), (Some(&place(1)), Some(case(2))));
}

#[test]
fn the_same_case_has_effect_only_while_the_case_is_entered() {
    assert_follows(&[(OWN, same(1, 0))], &[], &[], &[]);
    assert!(all(&[(OWN, same(1, 0))], &[]).claims.is_empty());
    // its entry need not be before it, as when it comes from a history that is later in the file
    let decided = [(OWN, same(1, 0)), (OWN, enter(2, &[1], stamped("B_1"))), (BO, enter(1, &[1], stamped("A_1")))];
    assert_follows(&decided, &[], &[(1, "B_1", &[1, 0])], &[((OWN, 2), (BO, 1))]);
    // of several entries of the case it is the first
    let decided = [(OWN, same(1, 0)), (BO, enter(1, &[1], stamped("A_1"))), (CY, enter(1, &[2], stamped("A_2")))];
    assert_follows(&decided, &[], &[(1, "A_1", &[1, 0, 2])], &[((BO, 1), (CY, 1))]);
    // another case is there
    let decided = [
        (OWN, enter(1, &[0], stamped("A_1"))),
        (OWN, enter(2, &[1], stamped("A_1"))),
        (OWN, same(2, 0)),
        (OWN, same(1, 0)),
    ];
    assert_follows(&decided[..3], &[], &[(1, "A_1", &[0]), (2, "A_1", &[1])], &[((OWN, 1), (OWN, 3))]);
    // and who knew both says so again
    assert_follows(&decided, &[], &[(1, "A_1", &[0]), (2, "A_1", &[1])], &[]);
}

#[test]
fn who_knew_both_settles_a_contradiction_and_nobody_else() {
    let two = |more: &[(u32, What)]| {
        let (a, b) = (enter(1, &[0, 1], stamped("A_1")), enter(2, &[2], stamped("B_1")));
        [&[(OWN, a), (OWN, b), (BO, same(2, 0))], more].concat()
    };
    let entries: &[(u128, &str, &[u32])] = &[(1, "A_1", &[0, 1]), (2, "B_1", &[2])];
    let open = &[((OWN, 1), (BO, 1))];
    let taken = &[((OWN, 3), (BO, 1))];
    let merge = (OWN, What::Merge { link: Link { history: Uuid::from_u128(2), seq: 1 }, hash: String::new() });
    let decided = |what: What| two(&[merge.clone(), (OWN, what)]);
    assert_follows(&two(&[]), &[], entries, open);
    for what in [same(1, 0), amend(1, "A_1")] {
        assert_follows(&decided(what.clone()), taken, entries, &[]);
        // without having taken in the other, or before
        assert_follows(&decided(what.clone()), &[], entries, open);
        assert_follows(&two(&[(OWN, what.clone()), merge.clone()]), &[((OWN, 4), (BO, 1))], entries, open);
        // one who knew the other alone, and one who took in the first alone
        assert_follows(&two(&[(BO, what.clone())]), &[], entries, open);
        assert_follows(&two(&[(CY, merge.1.clone()), (CY, what)]), &[((CY, 1), (OWN, 2))], entries, open);
    }
    // of another place, of another case, or otherwise
    assert_follows(&decided(same(1, 1)), taken, entries, open);
    assert_follows(&decided(amend(2, "B_1")), taken, entries, open);
    assert_follows(&decided(same(2, 0)), taken, entries, &[((OWN, 1), (OWN, 4)), open[0]]);
    assert_follows(&decided(none(0)), taken, entries, &[((OWN, 1), (OWN, 4)), open[0]]);
    // what is no head is settled by saying so again, of that place
    let decided = |more| [(OWN, none(0)), (OWN, enter(1, &[0, 1], stamped("A_1"))), (OWN, none(more))];
    assert_follows(&decided(0), &[], &[], &[]);
    assert_follows(&decided(5), &[], &[], &[((OWN, 1), (OWN, 2))]);
}

#[test]
fn those_values_count_that_no_one_changed_who_knew_them() {
    let entered = (OWN, enter(1, &[0], values(&[(Field::Headstamp, "A_1"), (Field::Site, "Kidal")])));
    let decided = [entered.clone(), (OWN, amend(1, "A_2")), (OWN, amend(1, "A_3"))];
    assert_follows(&decided[..2], &[], &[(1, "A_2", &[0])], &[]);
    assert_eq!(all(&decided[..2], &[]).entries[&case(1)].values, stamped("A_2"));
    assert_follows(&decided, &[], &[(1, "A_3", &[0])], &[]);
    // changed elsewhere, knowing it or not
    let elsewhere =
        [entered.clone(), (BO, What::Undo { link: Link { history: case(9), seq: 1 } }), (BO, amend(1, "A_2"))];
    assert_follows(&elsewhere, &[((BO, 1), (OWN, 1))], &[(1, "A_2", &[0])], &[]);
    assert_follows(&elsewhere, &[], &[(1, "A_1", &[0])], &[((OWN, 1), (BO, 2))]);
    // changed on both sides: the first holds
    let both = [&elsewhere[..], &[(OWN, amend(1, "A_3"))]].concat();
    assert_follows(&both, &[((BO, 1), (OWN, 1))], &[(1, "A_3", &[0])], &[((OWN, 2), (BO, 2))]);
}

#[test]
fn where_values_differ_the_first_holds_whole_and_the_other_is_told() {
    let with = |headstamp, country| values(&[(Field::Headstamp, headstamp), (Field::Country, country)]);
    let decided = [
        (OWN, enter(1, &[0], stamped("31_94"))),
        // another way of writing the variety
        (OWN, enter(2, &[0], with("94_31", "CN"))),
        (OWN, enter(3, &[0], values(&[(Field::Country, "RU"), (Field::Site, "Kidal")]))),
        (OWN, enter(4, &[0], with("31_95", "RU"))),
    ];
    let resolved = all(&decided, &[]);
    let text = |f| resolved.entries[&case(1)].values.get(&f).map(|v| v.text.as_str());
    assert_eq!((text(Field::Headstamp), text(Field::Country), text(Field::Site)), (Some("31_94"), Some("CN"), None));
    // the third contradicts the second, the fourth the first of both
    assert_follows(&decided, &[], &[(1, "31_94", &[0])], &[((OWN, 1), (OWN, 4)), ((OWN, 2), (OWN, 3))]);
    assert!(resolved.clashes.iter().all(|c| (c.place.as_ref(), c.case) == (Some(&place(0)), Some(case(1)))));
    // a case that is seen nowhere
    let nowhere = [(OWN, enter(1, &[], stamped("A_1"))), (BO, enter(1, &[], stamped("A_2")))];
    assert_eq!(all(&nowhere, &[]).clashes[0].place, None);
}

#[test]
fn a_history_knows_what_it_took_in_before_up_to_where() {
    let knowledge =
        Knowledge::new(vec![(turn(OWN, 9), turn(BO, 3)), (turn(OWN, 5), turn(BO, 7)), (turn(BO, 2), turn(CY, 4))]);
    for (later, earlier, knows) in [
        ((OWN, 2), (OWN, 1), true),
        ((OWN, 1), (OWN, 1), false),
        ((OWN, 1), (OWN, 2), false),
        ((OWN, 6), (BO, 7), true),
        ((OWN, 6), (BO, 8), false),
        ((OWN, 5), (BO, 7), false),
        ((OWN, 4), (BO, 1), false),
        // less taken in later is not forgotten
        ((OWN, 10), (BO, 7), true),
        ((BO, 8), (OWN, 1), false),
        ((BO, 3), (CY, 4), true),
        // what others knew is known by taking it in
        ((OWN, 10), (CY, 1), false),
    ] {
        let (a, b) = (turn(later.0, later.1), turn(earlier.0, earlier.1));
        assert_eq!(knowledge.knows(a, b), knows, "{a:?} {b:?}");
    }
}
