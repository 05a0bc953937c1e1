//! Which marks are there, how they join, and what they say: scored together, so that each question helps the others.

use super::assemble::{Assembly, assemble};
use super::consent::consent;
use super::lines::{Reader, Reading};
use super::links::{Link, links};
use super::plane::{Spot, crowding, spots};
use super::vocabulary::Vocabulary;
use crate::marks::Mark;

/// Readings of a head kept for one choice of marks.
const READINGS: usize = 16;
/// Choices of marks tried.
const TRIALS: usize = 28;
/// Presence below which a mark is on trial.
const DOUBTFUL: f32 = 0.62;
/// Presence from which a mark is used to begin with.
const LIKELY: f32 = 0.38;
/// What a mark gains by being there, beside its presence, since faint marks are common and dirt is less so.
const MARK: f32 = 0.8;
/// What a good neighbour gains.
const NEIGHBOUR: f32 = 0.9;
/// What two marks on one place cost.
const CROWD: f32 = 6.0;

/// One choice of marks, assembled and read.
pub(super) struct Choice {
    /// One bit a spot.
    pub mask: u64,
    pub assembly: Assembly,
    /// Readings of each line, best first.
    pub readings: Vec<Vec<Reading>>,
    /// Scores of whole heads with the reading of each line, best first.
    pub heads: Vec<(f32, Vec<u8>)>,
}

/// Everything that was considered for a head.
pub(super) struct Search {
    pub spots: Vec<Spot>,
    pub choices: Vec<Choice>,
}

/// Searches the readings of a head: a bounded number of choices of marks, each with its likeliest readings.
pub(super) fn search(marks: &[Mark], vocabulary: &dyn Vocabulary) -> Search {
    let spots = spots(marks);
    let mut judge = Judge::new(&spots, vocabulary);
    if spots.is_empty() {
        return Search { spots, choices: Vec::new() };
    }
    let mut mask = 0u64;
    for (i, s) in spots.iter().enumerate() {
        if s.presence >= LIKELY && judge.crowd[i] & mask == 0 {
            mask |= 1 << i;
        }
    }
    let mut best = judge.choice(mask, false);
    let mut choices = Vec::new();
    let doubtful = judge.doubtful();
    // a large head has much to assemble and is likely dirt: fewer trials
    let budget = if spots.len() > 24 { TRIALS / 3 } else { TRIALS };
    let mut trials = 0;
    let mut settled = false;
    while !settled && trials < budget {
        settled = true;
        for &i in &doubtful {
            if trials == budget {
                break;
            }
            let mask = best.mask ^ 1 << i;
            if mask == 0 || choices.iter().any(|c: &Choice| c.mask == mask) {
                continue;
            }
            trials += 1;
            let tried = judge.choice(mask, false);
            if tried.score() > best.score() {
                choices.push(std::mem::replace(&mut best, tried));
                settled = false;
            } else {
                choices.push(tried);
            }
        }
    }
    judge.repaired(&best, &mut choices);
    choices.push(best);
    choices.sort_by(|a, b| b.score().total_cmp(&a.score()));
    Search { spots, choices }
}

impl Choice {
    fn score(&self) -> f32 {
        self.heads.first().map_or(f32::MIN, |h| h.0)
    }
}

struct Judge<'a> {
    spots: &'a [Spot],
    links: Vec<Link>,
    /// Pairs of spots that stand on one another, and how far.
    pairs: Vec<(usize, usize, f32)>,
    /// The spots each spot cannot stand beside, one bit each.
    crowd: Vec<u64>,
    reader: Reader<'a>,
}

impl<'a> Judge<'a> {
    fn new(spots: &'a [Spot], vocabulary: &'a dyn Vocabulary) -> Self {
        let mut pairs = Vec::new();
        let mut crowd = vec![0u64; spots.len()];
        for a in 0..spots.len() {
            for b in a + 1..spots.len() {
                let on = crowding(&spots[a], &spots[b]);
                if on > 0.0 {
                    pairs.push((a, b, on));
                }
                if on > 0.4 {
                    crowd[a] |= 1 << b;
                    crowd[b] |= 1 << a;
                }
            }
        }
        Self { spots, links: links(spots), pairs, crowd, reader: Reader::new(spots, vocabulary) }
    }

    /// Adds the readings of a choice in which characters that were not seen are filled in.
    fn repaired(&mut self, best: &Choice, choices: &mut Vec<Choice>) {
        self.reader.repair();
        for bridging in [false, true] {
            if bridging && best.assembly.holes == 0 {
                continue;
            }
            let mut choice = self.choice(best.mask, bridging);
            let readings = &choice.readings;
            choice.heads.retain(|(_, chosen)| readings.iter().zip(chosen).any(|(r, &c)| r[c as usize].repaired));
            if !choice.heads.is_empty() {
                choices.push(choice);
            }
        }
    }

    /// Spots that may or may not be marks, the most doubtful first.
    fn doubtful(&self) -> Vec<usize> {
        let doubt = |i: usize| (self.spots[i].presence - 0.4).abs() - if self.crowd[i] != 0 { 0.5 } else { 0.0 };
        let mut order: Vec<usize> = (0..self.spots.len())
            .filter(|&i| (0.12..DOUBTFUL).contains(&self.spots[i].presence) || self.crowd[i] != 0)
            .collect();
        order.sort_by(|&a, &b| doubt(a).total_cmp(&doubt(b)));
        order
    }

    fn choice(&mut self, mask: u64, bridging: bool) -> Choice {
        let assembly = assemble(self.spots, &self.links, mask, bridging);
        let mut score = 0.0;
        for (i, s) in self.spots.iter().enumerate() {
            if mask >> i & 1 == 1 {
                score += s.presence.ln() + MARK;
            } else {
                score += (1.0 - s.presence).ln();
            }
        }
        let both = |a: usize, b: usize| mask >> a & mask >> b & 1 == 1;
        score -= self.pairs.iter().filter(|p| both(p.0, p.1)).map(|p| CROWD * p.2).sum::<f32>();
        for line in &assembly.lines {
            score += NEIGHBOUR * (line.spots.len() - 1) as f32 - 0.25 * line.cost;
        }
        let readings: Vec<Vec<Reading>> = assembly
            .lines
            .iter()
            .zip(consent(&assembly.lines))
            .map(|(line, consent)| self.reader.read(line, consent))
            .collect();
        let heads = heads(&readings, score);
        Choice { mask, assembly, readings, heads }
    }
}

/// The likeliest readings of all lines together.
fn heads(readings: &[Vec<Reading>], score: f32) -> Vec<(f32, Vec<u8>)> {
    let mut heads = vec![(score, Vec::with_capacity(readings.len()))];
    for line in readings {
        let mut next: Vec<(f32, usize, u8)> = Vec::with_capacity(heads.len() * line.len());
        for (h, head) in heads.iter().enumerate() {
            next.extend(line.iter().enumerate().map(|(r, reading)| (head.0 + reading.score, h, r as u8)));
        }
        next.sort_by(|a, b| b.0.total_cmp(&a.0));
        next.truncate(READINGS);
        let longer = next.into_iter().map(|(score, h, r)| {
            let mut chosen = heads[h].1.clone();
            chosen.push(r);
            (score, chosen)
        });
        heads = longer.collect();
    }
    heads
}
