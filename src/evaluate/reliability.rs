//! Whether confidence means what it says.

use super::Verdict;
use serde::Serialize;

/// Bins of confidence, a tenth each.
const BINS: usize = 10;

/// First proposals of about the same confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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

/// Confidence against what was right, over the first proposals for legible heads.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// The reliability of confidence; `None` where no proposal has one.
pub fn reliability(verdicts: &[&Verdict]) -> Option<Reliability> {
    let said: Vec<(f64, f64)> = verdicts
        .iter()
        .filter(|v| v.legible())
        .filter_map(|v| Some((f64::from(v.confidence()?), f64::from(u8::from(v.is_right())))))
        .collect();
    if said.is_empty() {
        return None;
    }
    let n = said.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| said.iter().map(of).sum::<f64>() / n;
    let rate = mean(&|s| s.1);
    let bin = |i: usize| {
        let of = |c: f64| ((c * BINS as f64) as usize).min(BINS - 1);
        let here: Vec<_> = said.iter().filter(|s| of(s.0) == i).collect();
        let count = here.len() as f64;
        (!here.is_empty()).then(|| Bin {
            from: i as f64 / BINS as f64,
            to: (i + 1) as f64 / BINS as f64,
            count: here.len(),
            confidence: here.iter().map(|s| s.0).sum::<f64>() / count,
            right: here.iter().map(|s| s.1).sum::<f64>() / count,
        })
    };
    let bins: Vec<Bin> = (0..BINS).filter_map(bin).collect();
    Some(Reliability {
        count: said.len(),
        calibration_error: bins.iter().map(|b| b.count as f64 * (b.confidence - b.right).abs()).sum::<f64>() / n,
        brier: mean(&|s| (s.0 - s.1).powi(2)),
        brier_of_a_constant: mean(&|s| (rate - s.1).powi(2)),
        bins,
    })
}
