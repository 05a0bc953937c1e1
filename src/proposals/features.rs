//! What a proposal's confidence is calibrated from.

/// Names of the features, in order. Logarithms are natural; a probability of 0 does not occur.
pub const FEATURES: [&str; 17] = [
    "marks",
    "elements",
    "dropped",
    "doubtful",
    "log_presence_min",
    "log_presence_mean",
    "log_confidence_min",
    "log_confidence_mean",
    "log_confidence_sum",
    "margin",
    "log_posterior",
    "direction_agreement",
    "link_cost",
    "doubtful_gaps",
    "holes",
    "vocabulary",
    "filled_in",
];

/// The features of one proposal, finite, in the order of [`FEATURES`]:
///
/// - `marks`, `elements`, `dropped`: counts; dropped marks are those of presence 0.2 or more that were left out
/// - `doubtful`: marks used whose presence is under 0.5
/// - `log_presence_*`, `log_confidence_*`: over the marks used, -7..0 each; confidence is that of the character chosen
/// - `margin`: how much better than the best different proposal, -30..30; for the first at least 0
/// - `log_posterior`: its share among all readings considered, -30..0
/// - `direction_agreement`: share of marks that were seen the way up their line runs, 0..1
/// - `link_cost`: mean squared deviation of neighbours, 0..9
/// - `doubtful_gaps`: gaps that may or may not end a word
/// - `holes`: gaps between elements in which one mark may be missing
/// - `vocabulary`: summed log prior of the elements
/// - `filled_in`: lines with a word that the vocabulary found
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Features(pub [f64; FEATURES.len()]);

impl Features {
    /// A feature by name; `None` for a name that is not in [`FEATURES`].
    pub fn get(&self, name: &str) -> Option<f64> {
        FEATURES.iter().position(|f| *f == name).map(|i| self.0[i])
    }

    /// Sets a feature; what is not finite counts as 0.
    pub(super) fn set(&mut self, name: &str, value: f64) {
        debug_assert!(FEATURES.contains(&name), "{name}");
        if let Some(i) = FEATURES.iter().position(|f| *f == name) {
            self.0[i] = if value.is_finite() { value } else { 0.0 };
        }
    }
}
