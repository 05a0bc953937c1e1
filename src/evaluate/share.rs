//! The figures: shares with their intervals.

use super::interval::{Interval, Part, interval};
use super::score::Score;
use super::{Judged, Verdict};
use crate::proposals::variety_key;
use serde::Serialize;
use std::collections::BTreeMap;

/// A share of a labelled set, and how far it can be trusted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// The name, as it stands in JSON.
    pub name: &'static str,
    /// The name for people.
    #[serde(skip)]
    pub title: &'static str,
    /// What counts.
    pub part: usize,
    /// Of how much.
    pub whole: usize,
    /// One over the other; `None` of nothing.
    pub share: Option<f64>,
    /// Where it lies in 95 of 100 such sets; `None` where there are too few cases to tell.
    pub interval: Option<Interval>,
    /// Cases drawn for the interval.
    pub cases: usize,
}

/// What is counted: a name, a title, and what of how much.
type Measure = (&'static str, &'static str, fn(&Score) -> Part);

/// Measured photograph by photograph.
const OF_PHOTOS: [Measure; 3] = [
    ("heads_located", "heads located", |s| Part { part: s.located, whole: s.heads }),
    ("extra_heads", "extra heads a photograph", |s| Part { part: s.extra, whole: s.photos }),
    ("illegible_proposed", "illegible heads proposed for", |s| Part {
        part: s.illegible_proposed,
        whole: s.illegible(),
    }),
];

/// Measured headstamp by headstamp: photographs of one case, and of cases that bear the same, are not independent.
const OF_HEADSTAMPS: [Measure; 4] = [
    ("exact_first", "exact, first proposal", |s| Part { part: s.exact_first, whole: s.legible }),
    ("exact_first_five", "exact, among the first five", |s| Part { part: s.exact_first_five, whole: s.legible }),
    ("characters_found", "characters found", |s| Part { part: s.characters_right, whole: s.characters }),
    ("characters_right", "characters right", |s| Part { part: s.characters_right, whole: s.characters_proposed }),
];

/// All figures over photographs.
pub fn shares(photos: &[Judged]) -> Vec<Share> {
    let by_photo: Vec<Score> = photos.iter().map(Score::of_photo).collect();
    let [located, extra, illegible] = OF_PHOTOS.map(|m| share(m, &by_photo));
    let reading = reading(photos.iter().flat_map(|p| &p.verdicts));
    [vec![located, extra], reading, vec![illegible]].concat()
}

/// The figures of reading over legible heads.
pub fn reading<'v>(verdicts: impl Iterator<Item = &'v Verdict>) -> Vec<Share> {
    let mut headstamps: BTreeMap<String, Score> = BTreeMap::new();
    for verdict in verdicts.filter(|v| v.legible()) {
        *headstamps.entry(variety_key(&verdict.label.headstamp)).or_default() += Score::of(verdict);
    }
    let cases: Vec<Score> = headstamps.into_values().collect();
    OF_HEADSTAMPS.map(|m| share(m, &cases)).to_vec()
}

fn share((name, title, measure): Measure, cases: &[Score]) -> Share {
    let parts: Vec<Part> = cases.iter().map(measure).filter(|p| p.whole > 0).collect();
    let (part, whole) = (parts.iter().map(|p| p.part).sum(), parts.iter().map(|p| p.whole).sum());
    Share {
        name,
        title,
        part,
        whole,
        share: (whole > 0).then(|| part as f64 / whole as f64),
        interval: interval(&parts),
        cases: parts.len(),
    }
}
