//! The figures: shares with their intervals.

use super::interval::{Interval, Part, interval};
use super::score::Score;
use super::{Judged, Verdict};
use crate::notation::{Sameness, variety_key};
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
    /// At which level of sameness a proposal counts as right; `None` where none is compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same: Option<Sameness>,
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

/// What is counted: a name, a title, at which level of sameness, and what of how much.
pub(super) type Measure = (&'static str, &'static str, Option<Sameness>, fn(&Score) -> Part);

/// Measured photograph by photograph.
pub(super) const OF_PHOTOS: [Measure; 3] = [
    ("heads_located", "heads located", None, |s| Part { part: s.located, whole: s.heads }),
    ("extra_heads", "extra heads a photograph", None, |s| Part { part: s.extra, whole: s.photos }),
    ("illegible_proposed", "illegible heads proposed for", None, |s| Part {
        part: s.illegible_proposed,
        whole: s.illegible(),
    }),
];

/// Measured headstamp by headstamp: photographs of one case, and of cases that bear the same, are not independent.
pub(super) const OF_HEADSTAMPS: [Measure; 6] = [
    ("exact_first", "exact to a reader, first", Some(Sameness::Reader), |s| of_legible(s, s.exact_first)),
    ("exact_first_five", "exact to a reader, among five", Some(Sameness::Reader), |s| {
        of_legible(s, s.exact_first_five)
    }),
    ("variety_first", "same variety, first", Some(Sameness::Variety), |s| of_legible(s, s.variety_first)),
    ("variety_first_five", "same variety, among five", Some(Sameness::Variety), |s| {
        of_legible(s, s.variety_first_five)
    }),
    ("characters_found", "characters found", None, |s| Part { part: s.characters_right, whole: s.characters }),
    ("characters_right", "characters right", None, |s| Part { part: s.characters_right, whole: s.characters_proposed }),
];

fn of_legible(score: &Score, part: usize) -> Part {
    Part { part, whole: score.legible }
}

/// The name for people of a figure.
pub fn title(name: &str) -> Option<&'static str> {
    let all = OF_PHOTOS.iter().chain(&OF_HEADSTAMPS);
    all.into_iter().find(|m| m.0 == name).map(|m| m.1)
}

/// All figures over photographs.
pub(super) fn shares(photos: &[Judged]) -> Vec<Share> {
    let by_photo: Vec<Score> = photos.iter().map(Score::of_photo).collect();
    let [located, extra, illegible] = OF_PHOTOS.map(|m| share(m, &by_photo));
    let reading = reading(photos.iter().flat_map(|p| &p.verdicts));
    [vec![located, extra], reading, vec![illegible]].concat()
}

/// The figures of reading over legible heads.
pub(super) fn reading<'v>(verdicts: impl Iterator<Item = &'v Verdict>) -> Vec<Share> {
    let cases: Vec<Score> = by_headstamp(verdicts).into_values().collect();
    OF_HEADSTAMPS.map(|m| share(m, &cases)).to_vec()
}

/// The scores of legible heads by the key of what they bear.
pub(super) fn by_headstamp<'v>(verdicts: impl Iterator<Item = &'v Verdict>) -> BTreeMap<String, Score> {
    let mut headstamps: BTreeMap<String, Score> = BTreeMap::new();
    for verdict in verdicts.filter(|v| v.legible()) {
        *headstamps.entry(variety_key(&verdict.label.headstamp)).or_default() += Score::of(verdict);
    }
    headstamps
}

fn share((name, title, same, measure): Measure, cases: &[Score]) -> Share {
    let parts: Vec<Part> = cases.iter().map(measure).filter(|p| p.whole > 0).collect();
    let (part, whole) = (parts.iter().map(|p| p.part).sum(), parts.iter().map(|p| p.whole).sum());
    Share {
        name,
        title,
        same,
        part,
        whole,
        share: (whole > 0).then(|| part as f64 / whole as f64),
        interval: interval(&parts),
        cases: parts.len(),
    }
}
