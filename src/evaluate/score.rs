//! Counts over a labelled set.

use super::Verdict;
use super::judge::Judged;
use super::kind::Kind;
use crate::notation::same::{characters, shared};
use serde::Serialize;
use std::ops::AddAssign;

/// Counts over a labelled set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
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
    /// Of them, exactly right to a reader as first proposal.
    pub exact_first: usize,
    /// Of them, exactly right to a reader among the first five.
    pub exact_first_five: usize,
    /// Of them, of the right variety as first proposal.
    pub variety_first: usize,
    /// Of them, of the right variety among the first five.
    pub variety_first_five: usize,
    /// Characters on legible heads.
    pub characters: usize,
    /// Characters of first proposals for legible heads.
    pub characters_proposed: usize,
    /// Characters that both share.
    pub characters_right: usize,
    /// Illegible heads for which something was proposed.
    pub illegible_proposed: usize,
}

impl Score {
    /// The counts of one photograph.
    pub fn of_photo(judged: &Judged) -> Self {
        let mut score = Self { photos: 1, extra: judged.extra.len(), ..Self::default() };
        judged.verdicts.iter().for_each(|v| score += Self::of(v));
        score
    }

    /// The counts of one head.
    pub fn of(verdict: &Verdict) -> Self {
        let mut score = Self { heads: 1, located: usize::from(verdict.located), ..Self::default() };
        if !verdict.legible() {
            score.illegible_proposed = usize::from(verdict.kind == Kind::IllegibleProposed);
            return score;
        }
        score.legible = 1;
        score.exact_first = usize::from(verdict.is_right());
        score.exact_first_five = usize::from(verdict.right.contains(&true));
        score.variety_first = usize::from(verdict.same_variety.first() == Some(&true));
        score.variety_first_five = usize::from(verdict.same_variety.contains(&true));
        score.characters = characters(&verdict.label.headstamp).len();
        score.characters_proposed = characters(verdict.read()).len();
        score.characters_right = shared(&verdict.label.headstamp, verdict.read());
        score
    }

    /// Labelled heads that nobody can read.
    pub fn illegible(&self) -> usize {
        self.heads - self.legible
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.photos += other.photos;
        self.heads += other.heads;
        self.located += other.located;
        self.extra += other.extra;
        self.legible += other.legible;
        self.exact_first += other.exact_first;
        self.exact_first_five += other.exact_first_five;
        self.variety_first += other.variety_first;
        self.variety_first_five += other.variety_first_five;
        self.characters += other.characters;
        self.characters_proposed += other.characters_proposed;
        self.characters_right += other.characters_right;
        self.illegible_proposed += other.illegible_proposed;
    }
}
