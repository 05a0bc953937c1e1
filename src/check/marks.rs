//! An entry held against the marks of its head: how well they fit what is entered, and what would fit them better.

use super::company::Company;
use crate::channel::{Fault, Fit, Ring, fit_either_way_up as fit};
use crate::notation::variety_key;
use crate::record::HeadRecord;
use std::sync::LazyLock;

/// What a head's own reading counts for beside entries that bear it, in entries.
const OWN: f32 = 0.05;
/// What a rank of the head's own reading costs, in nats.
const RANK: f32 = 0.7;
/// Least fit, in nats a mark, of a headstamp that is named though no entry bears it.
const PLAUSIBLE: f32 = -0.5;
/// Most nats that one headstamp leads another by.
const MOST_LEAD: f32 = 15.0;

/// Numbers that sureness is made of; see [`Against::features`].
pub const FEATURES: usize = 12;

/// An entry against the marks of its head.
#[derive(Debug, Clone)]
pub(super) struct Against {
    /// How the marks fit the entry.
    pub fit: Fit,
    /// What the head bears rather, where something else explains its marks better and well enough to be said.
    pub rival: Option<String>,
    /// What is known of both, as numbers of the order of one.
    pub features: [f32; FEATURES],
}

/// A headstamp that the head may bear.
struct Rival {
    key: String,
    written: String,
    score: f32,
    all: f32,
    others: u32,
}

/// Holds an entry against a head; `None` where it says nothing that is stamped, or the head has no marks.
pub(super) fn against(head: &HeadRecord, headstamp: &str, company: &Company) -> Option<Against> {
    let ring = Ring::of(headstamp)?;
    if head.marks.is_empty() {
        return None;
    }
    let entered = variety_key(headstamp);
    // its own vote does not vouch for it
    let others = company.get(&entered).map_or(0, |k| k.entries.saturating_sub(1));
    let fits = fit(&head.marks, &ring);
    let score = |all: f32, others: u32| all + (others as f32 + OWN).ln();
    let mut rivals: Vec<Rival> = Vec::new();
    let (mut rank_of_entry, mut same) = (None, None);
    for (rank, proposal) in head.proposals.iter().enumerate() {
        let key = variety_key(&proposal.headstamp);
        if key == entered {
            if rank_of_entry.is_none() {
                (rank_of_entry, same) = (Some(rank), proposal.confidence);
            }
            continue;
        }
        let Some(ring) = Ring::of(&proposal.headstamp) else { continue };
        let (all, others) = (fit(&head.marks, &ring).all, company.get(&key).map_or(0, |k| k.entries));
        let score = score(all, others) - RANK * rank as f32;
        let written = company.get(&key).map_or(&proposal.headstamp, |k| &k.written).clone();
        rivals.push(Rival { key, written, score, all, others });
    }
    for (key, known) in company.near(head) {
        if key == entered || rivals.iter().any(|r| r.key == key) {
            continue;
        }
        let Some(ring) = &known.ring else { continue };
        let all = fit(&head.marks, ring).all;
        let score = score(all, known.entries);
        rivals.push(Rival { key, written: known.written.clone(), score, all, others: known.entries });
    }
    let rival = rivals.into_iter().max_by(|a, b| a.score.total_cmp(&b.score));
    let marks = head.marks.len() as f32;
    let own = score(fits.all, others);
    let lead = rival.as_ref().map_or(-MOST_LEAD, |r| (r.score - own).clamp(-MOST_LEAD, MOST_LEAD));
    let sure = head.proposals.first().and_then(|p| p.confidence).unwrap_or(0.0);
    let first_is = rank_of_entry == Some(0);
    let strength = |f: &Fault| match f {
        Fault::Reads { probability, seen, .. } => {
            let seen = head.marks.iter().filter(|m| m.text == *seen).map(|m| m.confidence).fold(0.0, f32::max);
            (seen.max(0.01) / probability.max(0.01)).ln()
        }
        Fault::Missed { .. } | Fault::TooMany { .. } => 2.0,
    };
    let reads = |f: &&Fault| matches!(f, Fault::Reads { .. });
    let strongest = fits.faults.iter().filter(reads).map(strength).fold(0.0, f32::max);
    let roughness = head.marks.iter().map(|m| m.confidence.max(0.01).ln()).sum::<f32>() / marks;
    let features = [
        lead / MOST_LEAD,
        if first_is { 0.0 } else { sure },
        if first_is { sure } else { 0.0 },
        same.unwrap_or(0.0),
        f32::from(u8::from(rank_of_entry.is_some())),
        (fits.faults.len() as f32).min(8.0) / 4.0,
        fits.faults.iter().filter(reads).count().min(4) as f32 / 2.0,
        strongest / 4.6,
        roughness.max(-2.0),
        (others as f32).ln_1p().min(4.0) / 2.0,
        rival.as_ref().map_or(0.0, |r| (r.others as f32).ln_1p()).min(4.0) / 2.0,
        rival.as_ref().map_or(-2.0, |r| (r.all / marks).max(-2.0)),
    ];
    let better = |r: &Rival| lead > 0.0 && (r.others > 0 || r.all / marks > PLAUSIBLE);
    let rival = rival.filter(better).map(|r| r.written);
    Some(Against { fit: fits, rival, features })
}

/// What a feature adds to the odds: the range that it is bounded to, and log odds at knots evenly over it.
struct Doubt {
    low: f32,
    high: f32,
    at: Vec<f32>,
}

/// Fitted on 31,913 entries of renders, 1,545 of them spoiled (`training/doubt.py`); of renders that it was not fitted to,
/// those at 0.9 or more are wrong in all cases, those between 0.3 and 0.7 in half, those below 0.02 in 3 of 1,000.
static DOUBTS: LazyLock<Vec<Doubt>> = LazyLock::new(|| {
    // the table is part of the program, and a test holds it sound
    let row = |line: &str| {
        let numbers: Vec<f32> = line.split(',').skip(1).filter_map(|n| n.parse().ok()).collect();
        let [low, high, ref at @ ..] = numbers[..] else { return None };
        Some(Doubt { low, high, at: at.to_vec() })
    };
    include_str!("data/doubt.csv").lines().skip(1).filter_map(row).collect()
});

/// How probable it is that an entry is wrong, by what is known of it and its marks, where 1 in 20 is wrong.
pub(super) fn wrong(features: &[f32; FEATURES]) -> f64 {
    let odds: f32 = features.iter().zip(DOUBTS.iter()).map(|(v, doubt)| doubt.of(*v)).sum();
    1.0 / (1.0 + f64::from(-odds).exp())
}

impl Doubt {
    /// Log odds on the line between knots.
    fn of(&self, value: f32) -> f32 {
        let steps = self.at.len().saturating_sub(1);
        let along = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0) * steps as f32;
        let knot = (along as usize).min(steps.saturating_sub(1));
        let (Some(from), Some(to)) = (self.at.get(knot), self.at.get(knot + 1)) else { return 0.0 };
        from + (to - from) * (along - knot as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_every_feature() {
        assert_eq!(DOUBTS.len(), FEATURES);
        assert!(DOUBTS.iter().all(|d| d.low < d.high && d.at.len() > 1));
        let doubt = Doubt { low: -1.0, high: 1.0, at: vec![0.0, 4.0, 2.0] };
        assert_eq!([-2.0, -0.5, 0.0, 0.5, 1.0, 9.0].map(|v| doubt.of(v)), [0.0, 2.0, 4.0, 3.0, 2.0, 2.0]);
    }
}
