//! Whether confidence means what it says.

use serde::{Deserialize, Serialize};

/// Bins of confidence, a tenth each.
const BINS: usize = 10;

/// Proposals of about the same confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Lowest confidence.
    pub from: f64,
    /// Confidence below which they are, or at it in the last.
    pub to: f64,
    /// How many.
    pub count: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// Share of them that are exactly right.
    pub right: f64,
}

/// Confidence, as it is shown, against what was right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// Proposals with a confidence.
    pub count: usize,
    /// Mean over proposals of the difference between a bin's confidence and its share of right ones.
    pub calibration_error: f64,
    /// Mean squared difference between confidence and outcome.
    pub brier: f64,
    /// The same of a constant, which knows only how many are right.
    pub brier_of_a_constant: f64,
    /// Bins that hold proposals, the least sure first.
    pub bins: Vec<Bin>,
}

impl Reliability {
    /// Of what was said, 0..1, and whether it was right; `None` where nothing was said.
    pub fn of(said: &[(f64, bool)]) -> Option<Self> {
        if said.is_empty() {
            return None;
        }
        let n = said.len() as f64;
        let outcome = |right: bool| f64::from(u8::from(right));
        let mean = |of: &dyn Fn(&(f64, bool)) -> f64| said.iter().map(of).sum::<f64>() / n;
        let rate = mean(&|s| outcome(s.1));
        let bin = |i: usize| {
            let of = |c: f64| ((c * BINS as f64) as usize).min(BINS - 1);
            let here: Vec<_> = said.iter().filter(|s| of(s.0) == i).collect();
            let count = here.len() as f64;
            (!here.is_empty()).then(|| Bin {
                from: i as f64 / BINS as f64,
                to: (i + 1) as f64 / BINS as f64,
                count: here.len(),
                confidence: here.iter().map(|s| s.0).sum::<f64>() / count,
                right: here.iter().map(|s| outcome(s.1)).sum::<f64>() / count,
            })
        };
        let bins: Vec<Bin> = (0..BINS).filter_map(bin).collect();
        Some(Self {
            count: said.len(),
            calibration_error: bins.iter().map(|b| b.count as f64 * (b.confidence - b.right).abs()).sum::<f64>() / n,
            brier: mean(&|s| (s.0 - outcome(s.1)).powi(2)),
            brier_of_a_constant: mean(&|s| (rate - outcome(s.1)).powi(2)),
            bins,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_what_was_said() {
        let r = Reliability::of(&[(0.95, true), (0.95, true), (1.0, false), (0.25, false)]).unwrap();
        assert_eq!((r.count, r.bins.len()), (4, 2));
        let last = r.bins[1];
        assert_eq!((last.count, last.from, last.to), (3, 0.9, 1.0));
        assert!((r.calibration_error - (0.25 + 3.0 * (2.9 / 3.0 - 2.0 / 3.0)) / 4.0).abs() < 1e-12);
        assert!((r.brier - (2.0 * 0.0025 + 1.0 + 0.0625) / 4.0).abs() < 1e-12);
        assert!((r.brier_of_a_constant - 0.25).abs() < 1e-12);
        assert_eq!(Reliability::of(&[]), None);
    }
}
