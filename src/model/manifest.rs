//! The manifest beside each network: what it is, how it was made, and how good it is.

use super::contract::{Contract, differences, hash};
use super::problem::Problem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The newest version of the manifest that this program understands.
const SCHEMA: u32 = 1;

/// A manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the manifest's own form.
    pub schema: u32,
    /// What the network does: the kind of its contract.
    pub kind: String,
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
    /// The hash of the contract that it was made for; `None` if it was made before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// The terms of that contract, so that what differs can be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<serde_json::Value>,
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

impl Manifest {
    /// Reads a manifest and checks that it describes these bytes and that this program can use them.
    pub fn checked(json: &[u8], contract: &Contract, model: &[u8]) -> Result<Self, Problem> {
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
        manifest.fits(contract)?;
        Ok(manifest)
    }

    /// The characters in the order of its classes; a detector has none.
    pub(super) fn classes(&self) -> &[String] {
        self.alphabet.as_deref().unwrap_or_default()
    }

    fn fits(&self, contract: &Contract) -> Result<(), Problem> {
        if self.kind != contract.kind {
            return Err(Problem::Unfit(format!("it is a {}, not a {}", self.kind, contract.kind)));
        }
        self.keeps_to(contract)?;
        if let Some(classes) = &contract.classes {
            classes.places(self.classes())?;
        }
        let (input, output) = contract.shapes(self.classes().len());
        for (tensor, shape) in [(&self.input, input), (&self.output, output)] {
            if tensor.shape != shape {
                return Err(Problem::Unfit(format!(
                    "`{}` has shape {:?}, this program works with {shape:?}",
                    tensor.name, tensor.shape
                )));
            }
        }
        Ok(())
    }

    /// Whether it was made for this contract, or before there were any.
    fn keeps_to(&self, contract: &Contract) -> Result<(), Problem> {
        let Some(found) = &self.contract else { return Ok(()) };
        let expected = contract.hash();
        if *found == expected {
            return Ok(());
        }
        // The terms are believed only if they are those that were hashed.
        let differs = match &self.terms {
            Some(terms) if hash(terms) == *found => differences(terms, &contract.terms()).join("; "),
            _ => "its manifest does not tell in what".to_owned(),
        };
        Err(Problem::Contract { found: found.clone(), expected, differs })
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract::tests::CONTRACT;
    use super::*;
    use serde_json::json;

    fn manifest(change: impl FnOnce(&mut serde_json::Value)) -> Result<Manifest, Problem> {
        let mut value = json!({
            "schema": 1, "kind": "counter", "name": "c", "version": "1.0.0", "file": "c.onnx",
            "sha256": hex::encode(Sha256::digest(b"weights")), "bytes": 7,
            "input": {"name": "luma", "shape": [1, 1, 4, 6], "range": "luma 0..1"},
            "output": {"name": "maps", "shape": [1, 9, 2, 3]},
            "alphabet": ["A", "B"], "calibration": null, "training": {}, "scores": {}
        });
        change(&mut value);
        Manifest::checked(value.to_string().as_bytes(), &CONTRACT, b"weights")
    }

    #[test]
    fn what_fits_is_taken_and_the_rest_refused() {
        assert!(manifest(|_| {}).is_ok());
        assert!(matches!(manifest(|m| m["schema"] = 2.into()), Err(Problem::Newer(2))));
        assert!(matches!(manifest(|m| m["sha256"] = "00".into()), Err(Problem::Bytes { .. })));
        assert!(matches!(manifest(|m| m["bytes"] = 8.into()), Err(Problem::Bytes { .. })));
        assert!(matches!(manifest(|m| m["kind"] = "recogniser".into()), Err(Problem::Unfit(_))));
        assert!(matches!(manifest(|m| m["output"]["shape"] = json!([1, 9, 4, 3])), Err(Problem::Unfit(_))));
        assert!(matches!(manifest(|m| m["alphabet"] = json!(["A", "C"])), Err(Problem::Unfit(_))));
        let missing = manifest(|m| drop(m.as_object_mut().unwrap().remove("version")));
        assert!(matches!(missing, Err(Problem::Unreadable(_))));
    }

    /// Networks from before there were contracts, and with fewer classes, are taken; a calibration in a manifest is passed
    /// over, since it does not say what it was measured with.
    #[test]
    fn what_earlier_programs_made_is_taken() {
        let fewer = |m: &mut serde_json::Value| {
            m["alphabet"] = json!(["B"]);
            m["output"]["shape"] = json!([1, 6, 2, 3]);
        };
        assert!(manifest(fewer).is_ok());
        assert!(manifest(|m| m["calibration"] = json!({"features": ["a"], "bias": 1.0})).is_ok());
        let with = |m: &mut serde_json::Value| m["contract"] = CONTRACT.hash().into();
        assert!(manifest(with).is_ok());
        assert!(manifest(|m| (with(m), fewer(m)).1).is_ok());
    }

    #[test]
    fn a_network_for_another_contract_is_refused_and_the_number_named() {
        let mut terms = CONTRACT.terms();
        terms["input"]["picture"]["outer"] = json!(1.05);
        let theirs = hash(&terms);
        let told = manifest(|m| (m["contract"], m["terms"]) = (theirs.clone().into(), terms.clone())).unwrap_err();
        let text = told.to_string();
        assert!(text.contains("input.picture.outer is 1.05 there, 1.02 here"), "{text}");
        assert!(told.hint().contains("train it anew"));
        let untold = manifest(|m| m["contract"] = theirs.clone().into()).unwrap_err();
        assert!(matches!(&untold, Problem::Contract { differs, .. } if differs.contains("does not tell")), "{untold}");
    }

    #[test]
    fn a_newer_manifest_of_another_form_is_called_newer() {
        let found = Manifest::checked(br#"{"schema": 9, "networks": []}"#, &CONTRACT, b"");
        assert_eq!(found, Err(Problem::Newer(9)));
    }
}
