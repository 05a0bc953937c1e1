//! Where the networks come from: the program itself, or a folder.

use super::contract::Contract;
use super::manifest::Manifest;
use super::problem::Problem;
use super::runtime::{Backend, OnnxModel};
use super::{Model, ModelError, translate};
use crate::error::Error;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Largest file of a network that is read.
const MAX_MODEL_BYTES: u64 = 64 << 20;

/// Which models, and what runs them.
#[derive(Debug, Clone, Default)]
pub struct ModelOptions {
    /// A folder with `headstamp-KIND.json` and `headstamp-KIND.onnx` of every kind; else those in the program.
    pub models_dir: Option<PathBuf>,
    /// The library of ONNX Runtime; else tract.
    pub onnxruntime: Option<PathBuf>,
    /// What to do where that folder cannot be used, if there is more to say than of any other.
    pub way_back: Option<String>,
}

/// A kind of network and the one that comes with the program.
#[derive(Debug)]
pub struct Network {
    /// What is needed of it.
    pub contract: Contract,
    /// The manifest.
    pub manifest: &'static [u8],
    /// The network itself, as ONNX.
    pub onnx: &'static [u8],
}

/// A checked network.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What is needed of it.
    pub contract: &'static Contract,
    /// What it is.
    pub manifest: Manifest,
    bytes: Cow<'static, [u8]>,
}

/// All networks and what runs them.
#[derive(Debug, Clone)]
pub struct ModelSet {
    loaded: Vec<Loaded>,
    /// What runs them.
    pub backend: Backend,
}

impl Loaded {
    fn embedded(network: &'static Network) -> Result<Self, Error> {
        let Network { contract, manifest, onnx } = network;
        let refused = |p: Problem| needed(&format!("the built-in {}", contract.kind), &p, p.hint());
        let manifest = Manifest::checked(manifest, contract, onnx).map_err(refused)?;
        Ok(Self { contract, manifest, bytes: Cow::Borrowed(onnx) })
    }

    fn from_folder(folder: &Path, contract: &'static Contract) -> Result<Self, Error> {
        let path = folder.join(format!("headstamp-{}.json", contract.kind));
        let refused = |p: Problem| needed(&format!("model {}", path.display()), &p, p.hint());
        let json = read(&path)?;
        // Only the name, not a path: a manifest does not choose files elsewhere.
        let bytes = read(&folder.join(format!("headstamp-{}.onnx", contract.kind)))?;
        let manifest = Manifest::checked(&json, contract, &bytes).map_err(refused)?;
        Ok(Self { contract, manifest, bytes: Cow::Owned(bytes) })
    }

    fn session(&self) -> Result<Box<dyn Model>, Error> {
        let what = format!("model {}", self.name());
        let refused = |e: ModelError| needed(&what, &e, "train or download it again");
        let alphabet = self.manifest.classes();
        let model = OnnxModel::new(&self.name(), self.contract.shapes(alphabet.len()), &self.bytes).map_err(refused)?;
        translate::translated(Box::new(model), self.contract, alphabet).map_err(|p| needed(&what, &p, p.hint()))
    }

    /// Name and version.
    pub fn name(&self) -> String {
        format!("{} {}", self.manifest.name, self.manifest.version)
    }
}

impl ModelSet {
    /// Reads and checks all networks, in the order of the reader's stages, and chooses the backend.
    pub fn open(options: &ModelOptions, networks: &'static [Network]) -> Result<Self, Error> {
        let load = |network: &'static Network| match &options.models_dir {
            Some(folder) => Loaded::from_folder(folder, &network.contract).map_err(|e| told(e, options)),
            None => Loaded::embedded(network),
        };
        Ok(Self {
            loaded: networks.iter().map(load).collect::<Result<_, _>>()?,
            backend: Backend::choose(options.onnxruntime.as_deref())?,
        })
    }

    /// A network of its own that keeps to a contract; each worker has one.
    pub fn session(&self, contract: &Contract) -> Result<Box<dyn Model>, Error> {
        let found = self.loaded.iter().find(|l| l.contract.kind == contract.kind);
        found.map_or_else(|| Err(needed(contract.kind, &"there is none", "build the program anew")), Loaded::session)
    }

    /// All networks, in the order of the reader's stages.
    pub fn all(&self) -> &[Loaded] {
        &self.loaded
    }

    /// SHA-256 of every network, by kind.
    pub fn hashes(&self) -> BTreeMap<String, String> {
        self.loaded.iter().map(|l| (l.manifest.kind.clone(), l.manifest.sha256.clone())).collect()
    }

    /// All names with versions, as records carry them: what reads marks first, what finds heads last.
    pub fn name(&self) -> String {
        let mut names: Vec<String> = self.loaded.iter().map(Loaded::name).collect();
        if !names.is_empty() {
            names.rotate_left(1);
        }
        names.join(" + ")
    }
}

/// An error with the way back, where there is one.
fn told(error: Error, options: &ModelOptions) -> Error {
    match (error, &options.way_back) {
        (Error::Needed { what, cause, .. }, Some(way_back)) => {
            Error::Needed { what, cause, hint: Some(way_back.clone()) }
        }
        (error, _) => error,
    }
}

pub(super) fn needed(what: &str, cause: &dyn std::fmt::Display, hint: &str) -> Error {
    Error::Needed { what: what.to_string(), cause: cause.to_string(), hint: Some(hint.to_string()) }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    use std::io::Read;
    let refused = |cause: &dyn std::fmt::Display| {
        needed(&format!("model file {}", path.display()), cause, "--models takes the folder that holds all models")
    };
    let file = std::fs::File::open(path).map_err(|e| refused(&e))?;
    let mut bytes = Vec::new();
    file.take(MAX_MODEL_BYTES + 1).read_to_end(&mut bytes).map_err(|e| refused(&e))?;
    if bytes.len() as u64 > MAX_MODEL_BYTES {
        return Err(refused(&"it is too large to be one of ours"));
    }
    Ok(bytes)
}
