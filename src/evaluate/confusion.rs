//! Which characters are taken for which.

use super::Verdict;
use super::align::Pair;
use super::kind::Kind;
use serde::Serialize;
use std::collections::BTreeMap;

/// Share of the characters of an alignment that must agree for the rest to tell anything: where more differ, what stands
/// for what is guesswork.
const LEAST_AGREEING: f32 = 0.5;

/// A character of labels and what was read in its place, where the two differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The label's character; `None` where it has none: a mark was invented.
    pub label: Option<String>,
    /// What was read; `None` where nothing was: the mark was missed.
    pub read: Option<String>,
    /// How often.
    pub count: usize,
    /// How often the label's character occurs at all.
    pub of: usize,
}

/// What differs between labels and first proposals, the most frequent first. Heads that were read the wrong way up or of
/// which less than half agrees are left out.
pub(super) fn confusions(verdicts: &[&Verdict]) -> Vec<Confusion> {
    let mut counts: BTreeMap<(Option<char>, Option<char>), usize> = BTreeMap::new();
    let mut all: BTreeMap<char, usize> = BTreeMap::new();
    for verdict in verdicts {
        let pairs = &verdict.alignment.pairs;
        let agreeing = pairs.iter().filter(|p| p.agrees()).count() as f32;
        if verdict.kind == Kind::WrongDirection || agreeing < LEAST_AGREEING * pairs.len() as f32 {
            continue;
        }
        pairs.iter().filter_map(|p| p.label).for_each(|c| *all.entry(c).or_default() += 1);
        for Pair { label, read } in pairs.iter().filter(|p| !p.agrees()) {
            *counts.entry((*label, *read)).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
    counts
        .into_iter()
        .map(|((label, read), count)| Confusion {
            label: label.map(shown),
            read: read.map(shown),
            count,
            of: label.map_or(0, |c| all[&c]),
        })
        .collect()
}

/// A character that was folded for comparing, as heads usually bear it.
pub(super) fn shown(c: char) -> String {
    if c == 'x' { c.to_string() } else { c.to_uppercase().collect() }
}
