//! How far a share can be trusted: a bootstrap over cases.
//!
//! Photographs of one case resemble one another, and so do their errors. What is drawn anew is therefore whole cases, each
//! with all its photographs, never single photographs of it.

use crate::synth::dice::Dice;
use serde::{Deserialize, Serialize};

/// Times the cases are drawn anew: enough for two digits of a bound.
const DRAWS: usize = 1000;
/// The same for the same cases, so that a figure can be checked.
const SEED: u64 = 20_260;
/// Share of the draws beyond either bound.
const TAIL: f64 = 0.025;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// What one case contributes to a share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// What counts.
    pub part: usize,
    /// Of how much.
    pub whole: usize,
}

/// The interval of a share over cases: percentiles of the share over draws of as many cases, with repetition. `None` where
/// there are fewer than two cases to draw from.
///
/// Where all cases agree on nothing or on everything, drawing them anew gives the same each time and says nothing; the
/// bound is then the binomial one for as many cases, each of which counts once.
pub(super) fn interval(cases: &[Part]) -> Option<Interval> {
    let cases: Vec<Part> = cases.iter().copied().filter(|c| c.whole > 0).collect();
    if cases.len() < 2 {
        return None;
    }
    let bound = 1.0 - TAIL.powf(1.0 / cases.len() as f64);
    if cases.iter().all(|c| c.part == 0) {
        return Some(Interval { low: 0.0, high: bound });
    }
    if cases.iter().all(|c| c.part == c.whole) {
        return Some(Interval { low: 1.0 - bound, high: 1.0 });
    }
    let mut dice = Dice::new(SEED, cases.len() as u64);
    let shares = (0..DRAWS)
        .map(|_| {
            let (mut part, mut whole) = (0, 0);
            for _ in 0..cases.len() {
                let case = cases[dice.int(0, cases.len())];
                (part, whole) = (part + case.part, whole + case.whole);
            }
            part as f64 / whole as f64
        })
        .collect();
    Some(between(shares))
}

/// What lies between the tails of draws.
fn between(mut draws: Vec<f64>) -> Interval {
    draws.sort_by(f64::total_cmp);
    let at = |p: f64| draws[((DRAWS - 1) as f64 * p).round() as usize];
    Interval { low: at(TAIL), high: at(1.0 - TAIL) }
}

/// The interval of a difference of two shares over the same cases, drawn together; each case is what it contributes before
/// and after. `None` where there are fewer than two cases, or where nothing differs, which says nothing of other cases.
pub(super) fn interval_of_difference(cases: &[(Part, Part)]) -> Option<Interval> {
    if cases.len() < 2 || cases.iter().all(|(before, after)| before == after) {
        return None;
    }
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let mut dice = Dice::new(SEED, cases.len() as u64);
    let draws = (0..DRAWS)
        .map(|_| {
            let mut sums = (Part::default(), Part::default());
            for _ in 0..cases.len() {
                let (before, after) = cases[dice.int(0, cases.len())];
                sums.0 = Part { part: sums.0.part + before.part, whole: sums.0.whole + before.whole };
                sums.1 = Part { part: sums.1.part + after.part, whole: sums.1.whole + after.whole };
            }
            share(sums.1.part, sums.1.whole) - share(sums.0.part, sums.0.whole)
        })
        .collect();
    Some(between(draws))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(parts: &[(usize, usize)]) -> Vec<Part> {
        parts.iter().map(|&(part, whole)| Part { part, whole }).collect()
    }

    #[test]
    fn the_interval_is_that_of_the_binomial_for_single_photographs() {
        let many: Vec<Part> = (0..400).map(|i| Part { part: usize::from(i % 4 == 0), whole: 1 }).collect();
        let Interval { low, high } = interval(&many).unwrap();
        // 0.25 ± 1.96 · sqrt(0.25 · 0.75 / 400) = 0.25 ± 0.042
        assert!((low - 0.208).abs() < 0.01 && (high - 0.292).abs() < 0.01, "{low} {high}");
        assert_eq!(interval(&many), interval(&many), "the same for the same cases");
    }

    #[test]
    fn photographs_of_one_case_count_together() {
        let apart = interval(&cases(&[(1, 1), (0, 1)].repeat(50))).unwrap();
        let together = interval(&cases(&[(10, 10), (0, 10)].repeat(5))).unwrap();
        assert!(together.high - together.low > 2.0 * (apart.high - apart.low), "{together:?} {apart:?}");
    }

    #[test]
    fn cases_that_agree_leave_a_bound_and_too_few_leave_none() {
        let none = interval(&cases(&[(0, 1); 10])).unwrap();
        assert!(none.low == 0.0 && (none.high - 0.308).abs() < 0.001, "{none:?}");
        let all = interval(&cases(&[(2, 2); 10])).unwrap();
        assert!(all.high == 1.0 && (all.low - 0.692).abs() < 0.001, "{all:?}");
        assert_eq!(interval(&cases(&[(1, 2)])), None);
        assert_eq!(interval(&cases(&[(0, 0), (0, 0), (1, 2)])), None);
    }
}
