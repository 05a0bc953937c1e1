//! What holds whatever is decided, and how long it takes.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Instant;

/// A decision by small numbers.
#[derive(Debug, Clone)]
enum Step {
    Enter(u8, Vec<u8>, u8),
    Amend(u8, u8),
    Same(u8, u8),
    None(u8),
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
        1 => place.prop_map(Step::None),
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
        cases.insert(entry.case.to_string());
    }
    let mut query = catalogue.db.prepare("SELECT state, case_uid FROM items").unwrap();
    let states = query.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, Option<String>>(1)?))).unwrap();
    for (state, case) in states.map(Result::unwrap) {
        let shown = ["entered", "same_case"].contains(&state.as_str());
        assert_eq!(case.is_some_and(|c| cases.contains(&c)), shown, "{state}");
    }
    drop(query);
    assert!(catalogue.verify_outcome().unwrap(), "the outcome does not follow from the decisions");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_decided_the_outcome_follows_from_the_decisions(steps in prop::collection::vec(step(), 1..30)) {
        let dir = tempfile::tempdir().unwrap();
        let mut both = ["a", "b"].map(|name| {
            let mut catalogue = Catalogue::open_or_create(&dir.path().join(name)).unwrap();
            catalogue.db.pragma_update(None, "synchronous", "off").unwrap();
            catalogue.add(&[photo(0, 2), photo(1, 2)]).unwrap();
            catalogue
        });
        for step in &steps {
            match step {
                Step::Turn => both.swap(0, 1),
                Step::Merge => {
                    let other = both[1].path().to_path_buf();
                    both[0].merge(&other, "Ada").unwrap();
                }
                step => take(&mut both[0], step),
            }
        }
        both.iter_mut().for_each(check);
    }
}

/// `cargo test --release --lib catalogue::tests::random::speed -- --ignored --nocapture`
#[test]
#[ignore = "measures"]
fn speed() {
    let (dir, path, mut catalogue) = empty();
    let start = Instant::now();
    for chunk in (0..100_000).collect::<Vec<u32>>().chunks(1000) {
        let photos: Vec<_> = chunk.iter().map(|n| photo(*n, 1)).collect();
        catalogue.add(&photos).unwrap();
    }
    println!("add of 100,000 items: {:.1?}", start.elapsed());
    let measure = |catalogue: &Catalogue, what: &str| {
        let start = Instant::now();
        let counts = catalogue.counts().unwrap();
        let counted = start.elapsed();
        let start = Instant::now();
        let next = catalogue.next_item(0).unwrap();
        let found = start.elapsed();
        let start = Instant::now();
        let conflicts = catalogue.conflicts().unwrap().len();
        let told = start.elapsed();
        let (entries, next) = (counts.entries, next.map(|n| n.id));
        println!(
            "{what}: counts {counted:.1?} ({entries} entries), next item {found:.1?} ({next:?}), conflicts {told:.1?} ({conflicts})"
        );
    };
    let fresh = |path: &Path| Catalogue::open(path).unwrap();
    measure(&fresh(&path), "nothing decided");
    let rest = |catalogue: &mut Catalogue, from: u32, to: u32| {
        let what = |n: u32| (enter(u128::from(n), &[at(n, 0)], stamped("31_94")), None);
        catalogue.decide_all("Ada", (from..to).map(what).collect()).unwrap();
    };
    for from in [0, 49_000, 99_000] {
        let start = Instant::now();
        for n in from..from + 500 {
            catalogue.take(enter(u128::from(n), &[at(n, 0)], stamped("31_94")));
        }
        println!("500 decisions after {from}: {:.1?}", start.elapsed());
        let start = Instant::now();
        rest(&mut catalogue, from + 500, (from + 49_000).min(99_000));
        println!("the others: {:.1?}", start.elapsed());
        measure(&fresh(&path), "then");
    }
    for n in 0..1000 {
        catalogue.take(enter(u128::from(n) + 1_000_000, &[at(n, 0)], stamped("31_95")));
    }
    measure(&catalogue, "with contradictions");
    let start = Instant::now();
    let links = catalogue.verify_history().unwrap();
    println!("{links} links proved: {:.1?}", start.elapsed());
    let start = Instant::now();
    assert!(catalogue.verify_outcome().unwrap());
    println!("outcome proved: {:.1?}", start.elapsed());
    let start = Instant::now();
    for n in 0..500 {
        catalogue.take(What::SameCase { case: case(99_000), place: at(n, 1) });
    }
    println!("500 photographs of one case: {:.1?}", start.elapsed());
    let other = dir.path().join("other");
    let start = Instant::now();
    Catalogue::open_or_create(&other).unwrap().merge(&path, "Bo").unwrap();
    println!("merged into an empty catalogue: {:.1?}", start.elapsed());
}
