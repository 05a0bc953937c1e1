//! From the features of a head's proposals to their confidences.

use super::{Mode, Reliability};
use crate::proposals::{FEATURES, Features, Vocabulary, VocabularyId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What confidence depends on: changed in any of these, it means something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// SHA-256 of every network, by kind.
    pub networks: BTreeMap<String, String>,
    /// The vocabulary.
    pub vocabulary: VocabularyId,
    /// Name of the mode. A text, since a newer program may know more.
    pub mode: String,
}

impl Setting {
    /// Of these networks, read with this vocabulary and in this mode.
    pub fn new(networks: BTreeMap<String, String>, vocabulary: &dyn Vocabulary, mode: Mode) -> Self {
        Self { networks, vocabulary: vocabulary.id(), mode: mode.name().to_owned() }
    }

    /// Why what holds for this setting does not hold for another; `None` where it does.
    pub fn differs(&self, other: &Self) -> Option<String> {
        if self.mode != other.mode {
            return Some(format!("it is for reading {}", self.mode));
        }
        if self.vocabulary.name != other.vocabulary.name {
            return Some(format!("it is for the vocabulary `{}`", self.vocabulary.name));
        }
        if self.vocabulary != other.vocabulary {
            return Some(format!("the vocabulary `{}` has changed since", self.vocabulary.name));
        }
        let kinds: std::collections::BTreeSet<_> = self.networks.keys().chain(other.networks.keys()).collect();
        let changed = |k: &&&String| self.networks.get(**k) != other.networks.get(**k);
        let changed: Vec<&str> = kinds.iter().filter(changed).map(|k| k.as_str()).collect();
        (!changed.is_empty()).then(|| format!("it was fitted with another {}", changed.join(" and ")))
    }
}

/// A logistic function of a proposal's features, fitted on heads that no network was fitted to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What it was fitted with, and for which alone it holds.
    #[serde(flatten)]
    pub setting: Setting,
    /// Names of the features, in order.
    pub features: Vec<String>,
    /// Taken from each feature.
    pub mean: Vec<f64>,
    /// What each is then divided by.
    pub scale: Vec<f64>,
    /// Its weight.
    pub weights: Vec<f64>,
    /// Added to the sum.
    pub bias: f64,
    /// What it was fitted on.
    pub fitted_on: String,
    /// What the figures were measured on.
    pub measured_on: String,
    /// What was shown and what was right, over first proposals for legible heads that it was not fitted to; `None` while it
    /// has not been measured.
    pub figures: Option<Reliability>,
}

impl Calibration {
    /// Whether the numbers can be reckoned with, or what is wrong with them.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if [self.mean.len(), self.scale.len(), self.weights.len()] != [self.features.len(); 3] {
            return Err("a calibration has lists of different lengths");
        }
        let numbers = self.mean.iter().chain(&self.weights).chain([&self.bias]);
        if !numbers.into_iter().all(|v| v.is_finite()) || !self.scale.iter().all(|s| s.is_finite() && *s > 0.0) {
            return Err("a calibration has a number that is not finite, or divides by nothing");
        }
        Ok(())
    }

    /// Whether it was fitted to the features that this program has.
    pub fn fits_features(&self) -> bool {
        self.features == FEATURES
    }

    /// What is shown of a head's proposals, best first: they exclude one another, so that together they are at most 1, and a
    /// later one is never surer than an earlier. `None` where features are not finite.
    pub fn shown<'a>(&self, proposals: impl IntoIterator<Item = &'a Features>) -> Vec<Option<f32>> {
        let mut least = 1.0f64;
        let raw: Vec<Option<f64>> = proposals
            .into_iter()
            .map(|features| {
                let p = self.probability(&features.0)?.min(least);
                least = p;
                Some(p)
            })
            .collect();
        let sum: f64 = raw.iter().flatten().sum();
        raw.into_iter().map(|p| p.map(|p| (p / sum.max(1.0)) as f32)).collect()
    }

    /// The probability that a proposal with these features is right, looked at by itself.
    fn probability(&self, values: &[f64]) -> Option<f64> {
        if !self.fits_features() || values.len() != self.features.len() {
            return None;
        }
        let sum: f64 = values
            .iter()
            .zip(self.mean.iter().zip(&self.scale))
            .zip(&self.weights)
            .map(|((v, (mean, scale)), weight)| weight * (v - mean) / scale)
            .sum();
        let p = 1.0 / (1.0 + (-(sum + self.bias)).exp());
        p.is_finite().then_some(p)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn setting() -> Setting {
        let networks = [("detector", "d"), ("recogniser", "r")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let vocabulary = VocabularyId { name: "words".into(), sha256: "w".into() };
        Setting { networks: networks.into(), vocabulary, mode: "alone".into() }
    }

    /// One that looks at the margin alone.
    pub(crate) fn calibration() -> Calibration {
        let of = |name: &str, there: f64, else_: f64| {
            FEATURES.iter().map(|f| if *f == name { there } else { else_ }).collect::<Vec<f64>>()
        };
        Calibration {
            setting: setting(),
            features: FEATURES.map(str::to_owned).to_vec(),
            mean: of("margin", 1.0, 0.0),
            scale: of("margin", 2.0, 1.0),
            weights: of("margin", 1.0, 0.0),
            bias: 0.5,
            fitted_on: "renders".into(),
            measured_on: "other renders".into(),
            figures: None,
        }
    }

    fn with_margin(margin: f64) -> Features {
        Features(FEATURES.map(|f| if f == "margin" { margin } else { 3.0 }))
    }

    #[test]
    fn what_is_shown_is_the_logistic_of_scaled_features_made_to_add_up() {
        let c = calibration();
        let one = |margin: f64| 1.0 / (1.0 + (-((margin - 1.0) / 2.0 + 0.5)).exp()) as f32;
        assert!((c.shown(&[with_margin(-2.0)])[0].unwrap() - one(-2.0)).abs() < 1e-6);
        // a later one is no surer, and all together are at most 1
        let shown: Vec<f32> = c.shown(&[with_margin(2.0), with_margin(4.0)]).into_iter().flatten().collect();
        assert_eq!(shown, [0.5, 0.5]);
        assert_eq!(c.shown(&[with_margin(f64::NAN)]), [None]);
        let other = Calibration { features: vec!["margin".into(); FEATURES.len()], ..c };
        assert_eq!(other.shown(&[with_margin(0.0)]), [None]);
    }

    #[test]
    fn settings_tell_in_what_they_differ() {
        let same = setting();
        assert_eq!(same.differs(&setting()), None);
        let told = |change: fn(&mut Setting)| {
            let mut other = setting();
            change(&mut other);
            other.differs(&setting()).unwrap()
        };
        assert!(told(|s| s.mode = "together".into()).contains("reading together"));
        assert!(told(|s| s.vocabulary.name = "none".into()).contains("vocabulary `none`"));
        assert!(told(|s| s.vocabulary.sha256 = "x".into()).contains("has changed"));
        assert!(told(|s| drop(s.networks.insert("recogniser".into(), "x".into()))).contains("another recogniser"));
        assert!(told(|s| drop(s.networks.remove("detector"))).contains("another detector"));
    }
}
