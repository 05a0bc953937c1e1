//! Which of the confirmed heads are wanted.

use super::gather::{Counts, LeftOut, Sample};
use crate::catalogue::Way;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// Least legibility, 0..1.
    pub legibility: f32,
    /// The ways in which headstamps came about that count; all where none is named.
    pub ways: Vec<Way>,
    /// Only those that were confirmed one by one, not on a sheet.
    pub one_by_one: bool,
    /// Most of one variety.
    pub most: Option<usize>,
}

impl Choice {
    /// The samples that are wanted, in their order; what is left out is counted.
    pub fn of(&self, samples: Vec<Sample>, out: &mut Counts) -> Vec<Sample> {
        let mut kept = Vec::with_capacity(samples.len());
        for sample in samples {
            let way = sample.confirmed.map(|c| c.way);
            let way = self.ways.is_empty() || way.is_some_and(|w| self.ways.contains(&w));
            let alone = !self.one_by_one || sample.confirmed.is_some_and(|c| c.together < 2 && c.way != Way::Imported);
            match () {
                () if sample.head.legibility < self.legibility => *out.entry(LeftOut::TooFaint).or_default() += 1,
                () if !way || !alone => *out.entry(LeftOut::OtherWay).or_default() += 1,
                () => kept.push(sample),
            }
        }
        let Some(most) = self.most else { return kept };
        // which of them, follows from what they are, not from when they were added
        let mut order: Vec<usize> = (0..kept.len()).collect();
        order.sort_by_key(|n| draw(&kept[*n].place.to_string()));
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut wanted = vec![false; kept.len()];
        for n in order {
            let count = counts.entry(&kept[n].variety).or_default();
            wanted[n] = *count < most;
            *count += 1;
        }
        let before = kept.len();
        let mut wanted = wanted.into_iter();
        kept.retain(|_| wanted.next().unwrap_or(false));
        if before > kept.len() {
            *out.entry(LeftOut::Enough).or_default() += before - kept.len();
        }
        kept
    }
}

/// A number drawn by what something is called.
pub(super) fn draw(name: &str) -> [u8; 32] {
    Sha256::digest(name.as_bytes()).into()
}
