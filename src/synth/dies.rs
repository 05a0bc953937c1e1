//! Dies that come again and again, as in a batch from the field: a few varieties make up a third of it.

use super::dice::Dice;
use super::glyphs::Typeface;
use super::layout::{self, Layout};
use super::words::Split;
use crate::notation::variety_key;
use std::collections::HashSet;

/// How often each of the commonest varieties comes in 1,500 cases: a third of them in all, as in the study behind this.
const COMMON: [f32; 6] = [188.0, 104.0, 78.0, 56.0, 42.0, 32.0];
/// All others, in 1,500 cases, and how many varieties they are.
const OTHERS: f32 = 1000.0;
const RARE: usize = 150;
/// How much the commonest of the others comes before the last of them: the exponent of a law of ranks. From 0.42 on some of
/// them come more often than the sixth of the common ones.
const FALL: f32 = 0.4;
/// Sets the dice that make dies apart from those that throw photographs.
const DIES: u64 = 0x0064_6965_7300;

/// The dies of a batch, each of another variety, and how often each comes.
pub struct Dies {
    all: Vec<Layout>,
    often: Vec<f32>,
}

impl Dies {
    /// The dies of the batch with this seed.
    pub fn of_batch(seed: u64, faces: &[Typeface], split: Split) -> Self {
        let mut dice = Dice::new(seed ^ DIES, 0);
        let (mut all, mut known) = (Vec::new(), HashSet::new());
        while all.len() < COMMON.len() + RARE {
            let layout = layout::headstamp(&mut dice, faces, split);
            if known.insert(variety_key(&layout.headstamp)) {
                all.push(layout);
            }
        }
        let rank = |n: usize| libm::powf(n as f32 + 1.0, -FALL);
        let whole: f32 = (0..RARE).map(rank).sum();
        let often = COMMON.into_iter().chain((0..RARE).map(|n| OTHERS * rank(n) / whole)).collect();
        Self { all, often }
    }

    /// One of them, as often as it comes.
    pub fn throw(&self, dice: &mut Dice) -> &Layout {
        &self.all[dice.weighted(&self.often)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::glyphs;
    use std::collections::HashMap;

    #[test]
    fn six_varieties_make_up_a_third_and_the_same_seed_makes_the_same_dies() {
        let faces = glyphs::embedded();
        let (one, two) = (Dies::of_batch(5, &faces, Split::HeldAside), Dies::of_batch(5, &faces, Split::HeldAside));
        let names = |d: &Dies| d.all.iter().map(|l| l.headstamp.clone()).collect::<Vec<_>>();
        assert_eq!(names(&one), names(&two));
        let (mut dice, mut counts) = (Dice::new(1, 1), HashMap::new());
        for _ in 0..15_000 {
            *counts.entry(one.throw(&mut dice).headstamp.clone()).or_insert(0) += 1;
        }
        let mut counts: Vec<i32> = counts.into_values().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let six: i32 = counts.iter().take(6).sum();
        assert!((4_700..5_300).contains(&six) && counts.len() > 126, "{six} {}", counts.len());
    }
}
