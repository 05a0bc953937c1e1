//! Confidence against what was right, over the first proposals for legible heads.

use super::Verdict;
use crate::confidence::Reliability;

/// The reliability of confidence as it is shown; `None` where no proposal has one.
pub(super) fn reliability(verdicts: &[&Verdict]) -> Option<Reliability> {
    let legible = verdicts.iter().filter(|v| v.legible());
    let said: Vec<(f64, bool)> = legible.filter_map(|v| Some((f64::from(v.confidence()?), v.is_right()))).collect();
    Reliability::of(&said)
}
