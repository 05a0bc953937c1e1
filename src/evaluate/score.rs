//! Figures over a labelled set.

use super::{Label, characters, exact, shared};
use crate::record::{HeadRecord, PhotoRecord};
use serde::Serialize;

/// A head counts as located if its centre lies within half a radius of the label's and its size within these factors.
const SIZE: std::ops::Range<f32> = 0.85..1.18;
/// Proposals among which the right one is looked for.
const FIRST: usize = 5;

/// Counts over a labelled set.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Score {
    /// Photographs.
    pub photos: usize,
    /// Labelled heads.
    pub heads: usize,
    /// Of them, found in place and size.
    pub located: usize,
    /// Heads found where there is no label.
    pub extra: usize,
    /// Labelled heads that a person can read.
    pub legible: usize,
    /// Of them, exactly right as first proposal.
    pub exact_first: usize,
    /// Of them, exactly right among the first five.
    pub exact_first_five: usize,
    /// Characters on legible heads.
    pub characters: usize,
    /// Characters of first proposals for legible heads.
    pub characters_proposed: usize,
    /// Characters that both share.
    pub characters_right: usize,
    /// Illegible heads for which something was proposed.
    pub illegible_proposed: usize,
}

/// A legible head and whether its first proposal, with this confidence, was right.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Index of the head in the record.
    pub head: usize,
    /// Index of its label.
    pub label: usize,
    /// Which proposals are exactly right.
    pub right: Vec<bool>,
}

impl Score {
    /// Adds a photograph with its labels; gives back which proposals of which heads were right.
    pub fn add(&mut self, record: &PhotoRecord, labels: &[&Label]) -> Vec<Judged> {
        self.photos += 1;
        let mut used = vec![false; record.heads.len()];
        let mut judged = Vec::new();
        for (index, label) in labels.iter().enumerate() {
            self.heads += 1;
            let near = (0..record.heads.len())
                .filter(|&i| distance(&record.heads[i], label) < label.r / 2.0)
                .min_by(|&i, &j| misfit(&record.heads[i], label).total_cmp(&misfit(&record.heads[j], label)));
            let head = near.map(|i| &record.heads[i]);
            if let Some(i) = near {
                used[i] = true;
            }
            let located = head.is_some_and(|h| SIZE.contains(&(h.ellipse.mean_radius() / label.r)));
            self.located += usize::from(located);
            let best = head.and_then(|h| h.proposals.first()).map_or("", |p| p.headstamp.as_str());
            if label.legible != 1 {
                self.illegible_proposed += usize::from(!best.is_empty());
                continue;
            }
            self.legible += 1;
            self.characters += characters(&label.headstamp).len();
            self.characters_proposed += characters(best).len();
            self.characters_right += shared(&label.headstamp, best);
            let right: Vec<bool> = head
                .map(|h| h.proposals.iter().take(FIRST).map(|p| exact(&label.headstamp, &p.headstamp)).collect())
                .unwrap_or_default();
            self.exact_first += usize::from(right.first() == Some(&true));
            self.exact_first_five += usize::from(right.contains(&true));
            if let Some(head) = near {
                judged.push(Judged { head, label: index, right });
            }
        }
        self.extra += used.iter().filter(|u| !**u).count();
        judged
    }
}

fn distance(head: &HeadRecord, label: &Label) -> f32 {
    (head.ellipse.cx - label.x).hypot(head.ellipse.cy - label.y)
}

fn misfit(head: &HeadRecord, label: &Label) -> f32 {
    distance(head, label) / label.r + (head.ellipse.mean_radius() / label.r).ln().abs()
}
