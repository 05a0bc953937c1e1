//! The networks of the reader: one line each. What is needed of a network is declared where its maps are read.

use crate::head::detect;
use crate::marks::{classify, decode};
use crate::model::Network;

macro_rules! network {
    ($kind:literal, $contract:expr) => {
        Network {
            contract: $contract,
            manifest: include_bytes!(concat!("../models/headstamp-", $kind, ".json")),
            onnx: include_bytes!(concat!("../models/headstamp-", $kind, ".onnx")),
        }
    };
}

/// All networks, in the order of the reader's stages, with those that come with the program.
pub static NETWORKS: [Network; 3] = [
    network!("detector", detect::CONTRACT),
    network!("recogniser", decode::CONTRACT),
    network!("classifier", classify::CONTRACT),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelOptions, ModelSet, Problem};
    use std::path::Path;

    fn open(folder: &Path) -> Result<ModelSet, String> {
        let options = ModelOptions { models_dir: Some(folder.to_path_buf()), onnxruntime: None, way_back: None };
        ModelSet::open(&options, &NETWORKS).map_err(|error| {
            assert_eq!(error.status(), crate::error::Status::Needed);
            error.to_string()
        })
    }

    fn copied() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for network in &NETWORKS {
            for end in ["json", "onnx"] {
                let name = format!("headstamp-{}.{end}", network.contract.kind);
                let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(&name);
                std::fs::copy(from, folder.path().join(&name)).unwrap();
            }
        }
        folder
    }

    #[test]
    fn a_folder_without_models_or_with_altered_ones_is_refused() {
        assert!(open(tempfile::tempdir().unwrap().path()).unwrap_err().contains("headstamp-detector.json"));
        let folder = copied();
        assert!(open(folder.path()).is_ok());
        let model = folder.path().join("headstamp-recogniser.onnx");
        let mut bytes = std::fs::read(&model).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&model, bytes).unwrap();
        assert!(open(folder.path()).unwrap_err().contains("SHA-256"));
    }

    /// The networks that come with the program say for which contract they were made, and run: maps of another shape than
    /// the contract's would be an error.
    #[test]
    fn the_networks_of_the_program_keep_to_their_contracts() {
        let set = ModelSet::open(&ModelOptions::default(), &NETWORKS).unwrap();
        for (network, loaded) in NETWORKS.iter().zip(set.all()) {
            let contract = &network.contract;
            assert_eq!(loaded.manifest.contract, Some(contract.hash()), "{}", contract.kind);
            assert_eq!(loaded.manifest.terms, Some(contract.terms()), "{}", contract.kind);
            let luma = ndarray::Array4::from_elem(contract.input.shape, 0.5);
            let maps = set.session(contract).unwrap().run(luma.view()).unwrap();
            assert!(maps.iter().all(|v| v.is_finite()), "{}", contract.kind);
            let wrong = ndarray::Array4::from_elem((1, 1, 10, 10), 0.5);
            let refused = set.session(contract).unwrap().run(wrong.view()).unwrap_err();
            assert!(matches!(refused, crate::model::ModelError::Shape { .. }), "{refused}");
        }
    }

    /// A network for another contract is refused, with the number and what to do.
    #[test]
    fn a_network_for_another_contract_is_refused() {
        let folder = copied();
        let path = folder.path().join("headstamp-recogniser.json");
        let mut manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        manifest["contract"] = "0".repeat(64).into();
        std::fs::write(&path, manifest.to_string()).unwrap();
        let told = open(folder.path()).unwrap_err();
        assert!(told.contains("another contract") && told.contains("train it anew"), "{told}");
        let problem = Problem::Contract { found: String::new(), expected: String::new(), differs: String::new() };
        assert!(told.contains(problem.hint()));
    }

    /// A change to what is needed of one network leaves the others' hashes.
    #[test]
    fn contracts_are_apart() {
        let hashes: std::collections::BTreeSet<_> = NETWORKS.iter().map(|n| n.contract.hash()).collect();
        assert_eq!(hashes.len(), NETWORKS.len());
        let terms = NETWORKS.iter().map(|n| n.contract.terms().to_string());
        let with_strip: Vec<bool> = terms.map(|t| t.contains("\"inner\"")).collect();
        assert_eq!(with_strip, [false, true, true], "the detector sees no strip");
    }
}
