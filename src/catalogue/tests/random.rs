//! What holds whatever is decided.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

on_both!(whatever_is_decided_the_outcome_follows_from_the_decisions);

/// A decision by small numbers.
#[derive(Debug, Clone)]
enum Step {
    Enter(u8, Vec<u8>, u8),
    Amend(u8, u8),
    Same(u8, u8),
    None(u8),
    Tell(u8, u8),
    Undo(u8),
    /// Goes on in the other catalogue.
    Turn,
    /// Takes in the other catalogue.
    Merge,
}

fn step() -> impl Strategy<Value = Step> {
    let (case, place, text) = (0..4u8, 0..4u8, 0..3u8);
    prop_oneof![
        4 => (case.clone(), prop::collection::vec(place.clone(), 0..3), text.clone())
            .prop_map(|(c, p, t)| Step::Enter(c, p, t)),
        2 => (case.clone(), text).prop_map(|(c, t)| Step::Amend(c, t)),
        2 => (case, place.clone()).prop_map(|(c, p)| Step::Same(c, p)),
        1 => place.clone().prop_map(Step::None),
        2 => (place, 0..3u8).prop_map(|(p, t)| Step::Tell(p, t)),
        3 => (0..30u8).prop_map(Step::Undo),
        1 => Just(Step::Turn),
        1 => Just(Step::Merge),
    ]
}

fn spot(n: u8) -> Place {
    at(u32::from(n / 2), u32::from(n % 2))
}

fn says(n: u8) -> Values {
    values(match n {
        0 => &[(Field::Headstamp, "31_94")],
        1 => &[(Field::Headstamp, "31_94"), (Field::Country, "CN")],
        _ => &[(Field::Headstamp, "31_95"), (Field::Quantity, "3")],
    })
}

fn take(catalogue: &mut Catalogue, step: &Step) {
    let what = match step {
        Step::Enter(c, p, t) => enter(u128::from(*c), &p.iter().map(|p| spot(*p)).collect::<Vec<_>>(), says(*t)),
        Step::Amend(c, t) => What::Amend { case: case(u128::from(*c)), values: says(*t) },
        Step::Same(c, p) => What::SameCase { case: case(u128::from(*c)), place: spot(*p) },
        Step::None(p) => What::NotAHead { place: spot(*p) },
        Step::Tell(p, t) => What::Tell { place: spot(*p), values: says(*t) },
        Step::Undo(n) => {
            let head = catalogue.chain_head().unwrap();
            let seq = u64::from(*n) % head.decisions.max(1) + 1;
            let what = What::Undo { link: Link { history: head.history, seq } };
            assert_eq!(catalogue.decide("Ada", what, None).is_ok(), head.decisions > 0);
            return;
        }
        Step::Turn | Step::Merge => return,
    };
    catalogue.take(what);
}

fn check(catalogue: &mut Catalogue) {
    catalogue.verify_history().unwrap();
    let (mut places, mut cases) = (BTreeSet::new(), BTreeSet::new());
    for entry in catalogue.all() {
        assert!(catalogue.entering(entry.case).unwrap().is_some());
        assert!(entry.places.iter().all(|p| places.insert(p.clone())), "a place is in two entries");
        cases.insert(entry.case);
    }
    for state in State::ALL {
        let mut after = 0;
        while let Some(item) = catalogue.store().next_item(state, after).unwrap() {
            let shown = [State::Entered, State::SameCase].contains(&state);
            assert_eq!(item.case.is_some_and(|c| cases.contains(&c)), shown, "{item:?}");
            after = item.id;
        }
    }
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.entries as usize, counts.heads), (cases.len(), 4));
    assert_eq!(counts.conflicts as usize, catalogue.conflicts().unwrap().len());
    assert!(catalogue.verify_outcome().unwrap(), "the outcome does not follow from the decisions");
}

fn whatever_is_decided_the_outcome_follows_from_the_decisions(shelf: &Shelf) {
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    let number = std::cell::Cell::new(0);
    proptest!(config, |(steps in prop::collection::vec(step(), 1..30))| {
        number.set(number.get() + 1);
        let mut both = ["a", "b"].map(|name| {
            let mut catalogue = shelf.empty(&format!("{name}{}", number.get()));
            catalogue.add(&[photo(0, 2), photo(1, 2)]).unwrap();
            catalogue
        });
        for step in &steps {
            match step {
                Step::Turn => both.swap(0, 1),
                Step::Merge => {
                    let [here, there] = &mut both;
                    here.take_in(there, Forks::Refuse, "Ada").unwrap();
                }
                step => take(&mut both[0], step),
            }
        }
        both.iter_mut().for_each(check);
    });
}
