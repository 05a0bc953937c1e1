//! The manifest beside each network: what it is, how it was made, and how good it is.

use super::classes::places;
use crate::head::detect;
use crate::marks::{classify, decode};
use crate::strip;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The newest version of the manifest that this program understands.
const SCHEMA: u32 = 1;

/// What a network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Finds case heads.
    Detector,
    /// Finds marks.
    Recogniser,
    /// Takes a closer look at each.
    Classifier,
}

impl Kind {
    /// The name, as in file names and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Detector => "detector",
            Self::Recogniser => "recogniser",
            Self::Classifier => "classifier",
        }
    }

    /// Shapes of input and output that this program works with, of a network with so many classes.
    pub(super) fn shapes(self, classes: usize) -> ([usize; 4], [usize; 4]) {
        match self {
            Self::Detector => ([1, 1, detect::SIDE, detect::SIDE], [1, detect::CHANNELS, detect::CELLS, detect::CELLS]),
            Self::Recogniser => {
                let maps = [1, decode::channels(classes), decode::ROWS, decode::COLUMNS];
                ([1, 1, strip::ROWS, strip::COLUMNS], maps)
            }
            Self::Classifier => (classify::INPUT, [classify::BATCH, classify::readings(classes), 1, 1]),
        }
    }
}

/// A manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the manifest's own form.
    pub schema: u32,
    /// What the network does.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The file of the network, in the same folder.
    pub file: String,
    /// SHA-256 of that file, in hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// The picture it takes.
    pub input: Tensor,
    /// The maps it gives.
    pub output: Tensor,
    /// The characters of a recogniser or classifier, in the order of its classes.
    pub alphabet: Option<Vec<String>>,
    /// From features of a proposal to the probability that it is right; `None` where that has not been measured.
    pub calibration: Option<Calibration>,
    /// How it was trained.
    pub training: serde_json::Value,
    /// What it scored by itself, on renders never trained on.
    pub scores: serde_json::Value,
    /// What all networks together read, on renders of headstamps never trained on, with and without the prior
    /// (`training/measure.py`); in the recogniser's manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readings: Option<Readings>,
}

/// A tensor of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tensor {
    /// Its name in the network.
    pub name: String,
    /// Its shape, NCHW.
    pub shape: Vec<usize>,
    /// Everything else that is said of it.
    #[serde(flatten)]
    pub about: serde_json::Map<String, serde_json::Value>,
}

/// A logistic function of a proposal's features, fitted on heads that no network was fitted to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
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
    /// What it was fitted and measured on.
    pub fitted_on: String,
    /// Expected calibration error on heads it was not fitted to.
    pub calibration_error: f64,
    /// Brier score there.
    pub brier: f64,
    /// Brier score there of one constant confidence.
    pub brier_of_a_constant: f64,
    /// What was said and what was right, by confidence.
    pub reliability: Vec<Bin>,
}

/// What all networks together read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Readings {
    /// The command that makes the renders.
    pub renders: String,
    /// Version of each network that was measured.
    pub networks: std::collections::BTreeMap<String, String>,
    /// Figures by name: a share with its parts and interval, or a number.
    pub with_prior: serde_json::Map<String, serde_json::Value>,
    /// The same by what was seen alone.
    pub without_prior: serde_json::Map<String, serde_json::Value>,
}

/// A row of the reliability table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Least confidence.
    pub from: f64,
    /// Greatest confidence.
    pub to: f64,
    /// Proposals.
    pub count: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share that was right.
    pub right: f64,
}

/// Why a model is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not JSON, or not a manifest.
    #[error("the manifest cannot be read: {0}")]
    Unreadable(String),
    /// Made for a newer program.
    #[error("the manifest has version {0}, newer than this program")]
    Newer(u32),
    /// The file is not the one that the manifest describes.
    #[error("the model's bytes are not those of its manifest: SHA-256 {found}, expected {expected}")]
    Bytes {
        /// Of the file.
        found: String,
        /// In the manifest.
        expected: String,
    },
    /// A network for something else.
    #[error("{0}")]
    Unfit(String),
}

impl Manifest {
    /// Reads a manifest and checks that it describes these bytes and that this program can use them.
    pub fn checked(json: &[u8], kind: Kind, model: &[u8]) -> Result<Self, Problem> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let unreadable = |e: serde_json::Error| Problem::Unreadable(e.to_string());
        // The version alone first: a newer manifest may have any other form.
        let version: Version = serde_json::from_slice(json).map_err(unreadable)?;
        if version.schema > SCHEMA {
            return Err(Problem::Newer(version.schema));
        }
        let manifest: Self = serde_json::from_slice(json).map_err(unreadable)?;
        let found = hex::encode(Sha256::digest(model));
        if found != manifest.sha256 || model.len() as u64 != manifest.bytes {
            return Err(Problem::Bytes { found, expected: manifest.sha256 });
        }
        manifest.fits(kind)?;
        Ok(manifest)
    }

    /// The characters in the order of its classes; a detector has none.
    pub(super) fn classes(&self) -> &[String] {
        self.alphabet.as_deref().unwrap_or_default()
    }

    /// Shapes of its input and output.
    pub(super) fn shapes(&self) -> ([usize; 4], [usize; 4]) {
        self.kind.shapes(self.classes().len())
    }

    fn fits(&self, kind: Kind) -> Result<(), Problem> {
        let unfit = |text: String| Err(Problem::Unfit(text));
        if self.kind != kind {
            return unfit(format!("it is a {}, not a {}", self.kind.name(), kind.name()));
        }
        if kind != Kind::Detector {
            places(self.classes())?;
        }
        let (input, output) = self.shapes();
        for (tensor, shape) in [(&self.input, input), (&self.output, output)] {
            if tensor.shape != shape {
                return unfit(format!(
                    "`{}` has shape {:?}, this program works with {shape:?}",
                    tensor.name, tensor.shape
                ));
            }
        }
        if let Some(c) = &self.calibration {
            let n = c.features.len();
            if [c.mean.len(), c.scale.len(), c.weights.len()] != [n; 3] {
                return unfit("its calibration has lists of different lengths".into());
            }
            if !c.scale.iter().all(|s| *s > 0.0) {
                return unfit("its calibration divides by nothing".into());
            }
        }
        Ok(())
    }
}

impl Calibration {
    /// The probability that a proposal with these features is right; `None` if they are not the features it was fitted
    /// to.
    pub fn probability(&self, names: &[&str], values: &[f64]) -> Option<f64> {
        if self.features != names || values.len() != names.len() {
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
mod tests {
    use super::*;
    use serde_json::json;

    fn manifest(change: impl FnOnce(&mut serde_json::Value)) -> Result<Manifest, Problem> {
        let mut value = json!({
            "schema": 1, "kind": "detector", "name": "d", "version": "1.0.0", "file": "d.onnx",
            "sha256": hex::encode(Sha256::digest(b"weights")), "bytes": 7,
            "input": {"name": "luma", "shape": [1, 1, 384, 384], "range": "luma 0..1"},
            "output": {"name": "maps", "shape": [1, 6, 48, 48]},
            "alphabet": null, "calibration": null, "training": {}, "scores": {}
        });
        change(&mut value);
        Manifest::checked(value.to_string().as_bytes(), Kind::Detector, b"weights")
    }

    #[test]
    fn what_fits_is_taken_and_the_rest_refused() {
        assert!(manifest(|_| {}).is_ok());
        assert!(matches!(manifest(|m| m["schema"] = 2.into()), Err(Problem::Newer(2))));
        assert!(matches!(manifest(|m| m["sha256"] = "00".into()), Err(Problem::Bytes { .. })));
        assert!(matches!(manifest(|m| m["bytes"] = 8.into()), Err(Problem::Bytes { .. })));
        assert!(matches!(manifest(|m| m["kind"] = "recogniser".into()), Err(Problem::Unfit(_))));
        assert!(matches!(manifest(|m| m["output"]["shape"] = json!([1, 6, 24, 24])), Err(Problem::Unfit(_))));
        let scaled = |scale: f64| {
            manifest(|m| {
                m["calibration"] = json!({
                    "features": ["a"], "mean": [0.0], "scale": [scale], "weights": [1.0], "bias": 0.0, "fitted_on": "",
                    "calibration_error": 0, "brier": 0, "brier_of_a_constant": 0, "reliability": []
                })
            })
        };
        assert!(scaled(1.0).is_ok() && matches!(scaled(0.0), Err(Problem::Unfit(_))));
        assert!(matches!(
            manifest(|m| drop(m.as_object_mut().unwrap().remove("version"))),
            Err(Problem::Unreadable(_))
        ));
    }

    #[test]
    fn a_newer_manifest_of_another_form_is_called_newer() {
        let found = Manifest::checked(br#"{"schema": 9, "networks": []}"#, Kind::Detector, b"");
        assert_eq!(found, Err(Problem::Newer(9)));
    }

    #[test]
    fn the_probability_is_the_logistic_of_scaled_features() {
        let c: Calibration = serde_json::from_value(json!({
            "features": ["a", "b"], "mean": [1.0, 0.0], "scale": [2.0, 1.0], "weights": [1.0, -1.0], "bias": 0.5,
            "fitted_on": "", "calibration_error": 0, "brier": 0, "brier_of_a_constant": 0, "reliability": []
        }))
        .unwrap();
        assert!((c.probability(&["a", "b"], &[3.0, 1.5]).unwrap() - 0.5).abs() < 1e-9);
        assert_eq!(c.probability(&["b", "a"], &[3.0, 1.5]), None);
        assert_eq!(c.probability(&["a", "b"], &[f64::NAN, 1.5]), None);
    }
}
