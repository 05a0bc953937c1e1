//! The figures of reading, broken down by what heads are like.

use super::share::{Share, reading};
use super::{Label, Verdict};
use crate::labels::Truth;
use serde::Serialize;
use std::collections::BTreeMap;

/// What heads are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trait {
    /// Look of metal and marks: renders only.
    Metal,
    /// Blur against the height of the marks: renders only.
    Focus,
    /// Radius of the rim, in pixels.
    Size,
    /// How the marks stand: renders only.
    Layout,
    /// What the head bears.
    Headstamp,
}

/// Upper bounds of the groups by size, in pixels of the rim's radius, and their names.
const SIZES: [(f32, &str); 4] = [
    (80.0, "radius under 80 px"),
    (160.0, "radius 80 to 160 px"),
    (320.0, "radius 160 to 320 px"),
    (f32::INFINITY, "radius 320 px or more"),
];

/// Upper bounds of the groups by focus: deviation of the blur in heights of the lowest mark.
const FOCUS: [(f32, &str); 3] = [
    (0.025, "blur under 0.025 of a mark"),
    (0.05, "blur 0.025 to 0.05 of a mark"),
    (f32::INFINITY, "blur 0.05 of a mark or more"),
];

impl Trait {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Metal, Self::Focus, Self::Size, Self::Layout, Self::Headstamp];

    /// The name, as it stands in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Metal => "metal",
            Self::Focus => "focus",
            Self::Size => "size",
            Self::Layout => "layout",
            Self::Headstamp => "headstamp",
        }
    }

    /// The group of a labelled head, and where it stands among the groups; `None` where it is not known.
    fn group(self, label: &Label, truth: &Truth) -> Option<(usize, String)> {
        let binned = |value: f32, bins: &[(f32, &str)]| {
            let i = bins.iter().position(|b| value < b.0)?;
            Some((i, bins[i].1.to_owned()))
        };
        let named = |name: Option<String>| name.map(|n| (0, n));
        match self {
            Self::Metal => named(truth.of(label)?.0.metal.clone()),
            Self::Layout => named(truth.of(label)?.0.layout.clone()),
            Self::Focus => binned(truth.of(label)?.1?, &FOCUS),
            Self::Size => binned(label.r, &SIZES),
            Self::Headstamp => named(Some(label.headstamp.clone())),
        }
    }
}

/// Heads that have something in common, and how they were read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// How many legible ones there are.
    pub legible: usize,
    /// The figures.
    pub shares: Vec<Share>,
}

/// Legible heads by what they are like, in the order of size and focus, else the most frequent first; empty where that is
/// not known.
pub(super) fn breakdown(by: Trait, verdicts: &[&Verdict], truth: &Truth) -> Vec<Group> {
    let group = |(name, heads): (String, Vec<usize>)| {
        let shares = reading(heads.iter().map(|n| verdicts[*n]));
        Group { name, legible: heads.len(), shares }
    };
    grouped(by, verdicts, truth).into_iter().map(group).collect()
}

/// Which of the verdicts are in each group, in the order of [`breakdown`].
pub(super) fn grouped(by: Trait, verdicts: &[&Verdict], truth: &Truth) -> Vec<(String, Vec<usize>)> {
    let mut groups: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (n, verdict) in verdicts.iter().enumerate().filter(|(_, v)| v.legible()) {
        if let Some(group) = by.group(&verdict.label, truth) {
            groups.entry(group).or_default().push(n);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((order, _), heads)| (*order, std::cmp::Reverse(heads.len())));
    groups.into_iter().map(|((_, name), heads)| (name, heads)).collect()
}
