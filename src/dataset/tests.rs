//! Parts and choices, without pictures.

use super::gather::{Counts, LeftOut, Sample};
use super::{Choice, Part, Shares, What, split};
use crate::catalogue::{Confirmed, Place, Values, Way};
use crate::channel::{Ring, fit};
use crate::notation::variety_key;
use crate::reader::testing::head;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A sample of this headstamp, case and photograph.
fn sample(headstamp: &str, case: u128, photo: u64) -> Sample {
    let head = head();
    Sample {
        case: Uuid::from_u128(case),
        place: Place { photo: format!("{photo:064x}"), head: Some(0) },
        path: "a.jpg".into(),
        fit: fit(&head.marks, &Ring::of(headstamp).unwrap()),
        head,
        values: Values::new(),
        confirmed: Some(Confirmed { way: Way::Accepted, together: 1 }),
        headstamp: headstamp.into(),
        variety: variety_key(headstamp),
    }
}

proptest! {
    #[test]
    fn nothing_is_in_two_parts(of in prop::collection::vec((0u8..30, 0u8..60, 0u8..40), 1..120), whole: bool) {
        let samples: Vec<Sample> =
            of.iter().map(|(v, c, p)| sample(&format!("V{v}"), u128::from(*c), u64::from(*p))).collect();
        let what = if whole { What::Photographs } else { What::Heads };
        let parts = split(&samples, Shares::default(), what);
        let mut sides: BTreeMap<String, BTreeSet<Part>> = BTreeMap::new();
        for (s, part) in samples.iter().zip(&parts) {
            let mut names = vec![s.variety.clone(), s.case.to_string()];
            names.extend(whole.then(|| s.place.photo.clone()));
            for name in names {
                sides.entry(name).or_default().insert(*part);
            }
        }
        prop_assert!(sides.values().all(|s| s.len() == 1));
        prop_assert_eq!(split(&samples, Shares::default(), what), parts);
    }
}

#[test]
fn a_variety_stays_in_its_part_however_the_catalogue_grows() {
    let samples: Vec<Sample> = (0..2000).map(|n| sample(&format!("V{}", n / 2), n, n as u64)).collect();
    let shares = Shares([70.0, 20.0, 10.0]);
    let parts = split(&samples, shares, What::Heads);
    let share = |part| parts.iter().filter(|p| **p == part).count() as f64 / parts.len() as f64;
    for (part, wanted) in Part::ALL.into_iter().zip([0.7, 0.2, 0.1]) {
        assert!((share(part) - wanted).abs() < 0.04, "{part:?} {}", share(part));
    }
    let few: Vec<Sample> = samples.iter().step_by(7).cloned().collect();
    let of_few: Vec<Part> = parts.iter().step_by(7).copied().collect();
    assert_eq!(split(&few, shares, What::Heads), of_few);
    let all = split(&samples, Shares([1.0, 0.0, 0.0]), What::Heads);
    assert!(all.iter().all(|p| *p == Part::Train));
}

#[test]
fn a_variety_is_capped_and_what_is_left_out_is_counted() {
    let mut samples: Vec<Sample> = (0..20).map(|n| sample("10_88", n, n as u64)).collect();
    samples.push(sample("945_05", 99, 99));
    samples[3].confirmed = Some(Confirmed { way: Way::Typed, together: 1 });
    samples[4].confirmed = Some(Confirmed { way: Way::Accepted, together: 40 });
    let mut out = Counts::new();
    let choice = Choice { ways: vec![Way::Accepted], one_by_one: true, most: Some(6), ..Choice::default() };
    let chosen = choice.of(samples.clone(), &mut out);
    assert_eq!(chosen.len(), 7);
    assert_eq!(out, Counts::from([(LeftOut::OtherWay, 2), (LeftOut::Enough, 12)]));
    samples.reverse();
    let mut again: Vec<String> = choice.of(samples, &mut Counts::new()).iter().map(|s| s.place.to_string()).collect();
    again.reverse();
    assert_eq!(again, chosen.iter().map(|s| s.place.to_string()).collect::<Vec<_>>(), "in whatever order they come");
}
