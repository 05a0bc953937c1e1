//! Everything that is said of a labelled set.

use super::breakdown::{Group, Trait, breakdown};
use super::confusion::{Confusion, confusions};
use super::judge::{Judged, Verdict};
use super::kind::Kind;
use super::reliability::reliability;
use super::score::Score;
use super::share::{Share, shares};
use crate::confidence::Reliability;
use crate::labels::Truth;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that is said of a labelled set: the JSON of `model eval --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The counts.
    #[serde(flatten)]
    pub score: Score,
    /// The figures with their intervals.
    pub shares: Vec<Share>,
    /// Labelled heads by what became of them; every kind is named.
    #[serde(serialize_with = "in_order")]
    pub kinds: Vec<(Kind, usize)>,
    /// What differs between labels and first proposals, the most frequent first.
    pub confusions: Vec<Confusion>,
    /// Whether confidence means what it says.
    pub reliability: Option<Reliability>,
    /// The figures of reading by what heads are like; what is not known of any is left out.
    pub by: BTreeMap<&'static str, Vec<Group>>,
    /// Every labelled head, in the order of photographs and labels.
    pub labelled: Vec<Told>,
}

/// What became of a labelled head, in short.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// The photograph, as the label names it.
    pub photo: String,
    /// What the label says; empty where nobody can read it.
    pub headstamp: String,
    /// What was read; `None` where nothing was proposed.
    pub read: Option<String>,
    /// How sure that is.
    pub confidence: Option<f32>,
    /// Why nothing was proposed.
    pub reason: Option<String>,
    /// What became of it.
    pub kind: &'static str,
}

impl Told {
    fn of(verdict: &Verdict) -> Self {
        Self {
            photo: verdict.label.photo.clone(),
            headstamp: verdict.label.headstamp.clone(),
            read: verdict.proposals.first().map(|p| p.0.clone()),
            confidence: verdict.confidence(),
            reason: verdict.reason.clone(),
            kind: verdict.kind.key(),
        }
    }
}

impl Summary {
    /// Sums up photographs that were judged.
    pub fn of(photos: &[Judged], truth: &Truth) -> Self {
        let verdicts: Vec<&Verdict> = photos.iter().flat_map(|p| &p.verdicts).collect();
        let mut score = Score::default();
        photos.iter().for_each(|p| score += Score::of_photo(p));
        let count = |kind: Kind| verdicts.iter().filter(|v| v.kind == kind).count();
        let by = Trait::ALL.map(|t| (t.name(), breakdown(t, &verdicts, truth)));
        Self {
            score,
            shares: shares(photos),
            kinds: Kind::ALL.map(|k| (k, count(k))).to_vec(),
            confusions: confusions(&verdicts),
            reliability: reliability(&verdicts),
            labelled: verdicts.iter().map(|v| Told::of(v)).collect(),
            by: by.into_iter().filter(|(_, groups)| !groups.is_empty()).collect(),
        }
    }
}

fn in_order<S: serde::Serializer>(kinds: &[(Kind, usize)], s: S) -> Result<S::Ok, S::Error> {
    s.collect_map(kinds.iter().map(|(kind, count)| (kind.key(), count)))
}
