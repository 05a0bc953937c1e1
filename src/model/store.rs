//! Where the networks come from: the program itself, or a folder.

use super::manifest::{Kind, Manifest, Problem};
use super::runtime::{Backend, OnnxModel};
use super::{Model, ModelError, classes};
use crate::error::Error;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Largest file of a network that is read.
const MAX_MODEL_BYTES: u64 = 64 << 20;

/// Which models, and what runs them.
#[derive(Debug, Clone, Default)]
pub struct ModelOptions {
    /// A folder with `headstamp-detector`, `headstamp-recogniser` and `headstamp-classifier`, `.json` and `.onnx`; else
    /// those in the program.
    pub models_dir: Option<PathBuf>,
    /// The library of ONNX Runtime; else tract.
    pub onnxruntime: Option<PathBuf>,
}

/// A checked network.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it is.
    pub manifest: Manifest,
    bytes: Cow<'static, [u8]>,
}

/// All networks and what runs them.
#[derive(Debug, Clone)]
pub struct ModelSet {
    /// Finds case heads.
    pub detector: Loaded,
    /// Finds marks.
    pub recogniser: Loaded,
    /// Takes a closer look at each.
    pub classifier: Loaded,
    /// What runs them.
    pub backend: Backend,
}

macro_rules! embedded {
    ($name:literal) => {
        (
            include_bytes!(concat!("../../models/headstamp-", $name, ".json")).as_slice(),
            include_bytes!(concat!("../../models/headstamp-", $name, ".onnx")).as_slice(),
        )
    };
}

impl Loaded {
    fn embedded(kind: Kind) -> Result<Self, Error> {
        let (json, bytes) = match kind {
            Kind::Detector => embedded!("detector"),
            Kind::Recogniser => embedded!("recogniser"),
            Kind::Classifier => embedded!("classifier"),
        };
        let refused = |p: Problem| needed(&format!("the built-in {}", kind.name()), &p, "build the program anew");
        Ok(Self { manifest: Manifest::checked(json, kind, bytes).map_err(refused)?, bytes: Cow::Borrowed(bytes) })
    }

    fn from_folder(folder: &Path, kind: Kind) -> Result<Self, Error> {
        let path = folder.join(format!("headstamp-{}.json", kind.name()));
        let refused = |p: Problem| {
            needed(&format!("model {}", path.display()), &p, "take manifest and model from the same training run")
        };
        let json = read(&path)?;
        // Only the name, not a path: a manifest does not choose files elsewhere.
        let bytes = read(&folder.join(format!("headstamp-{}.onnx", kind.name())))?;
        Ok(Self { manifest: Manifest::checked(&json, kind, &bytes).map_err(refused)?, bytes: Cow::Owned(bytes) })
    }

    fn session(&self) -> Result<Box<dyn Model>, Error> {
        let refused = |e: ModelError| needed(&format!("model {}", e.model), &e.cause, "train or download it again");
        let (_, maps) = self.manifest.shapes();
        let model = OnnxModel::new(&self.name(), maps, &self.bytes).map_err(refused)?;
        Ok(classes::translated(Box::new(model), &self.manifest))
    }

    /// Name and version.
    pub fn name(&self) -> String {
        format!("{} {}", self.manifest.name, self.manifest.version)
    }
}

impl ModelSet {
    /// Reads and checks all networks and chooses the backend.
    pub fn open(options: &ModelOptions) -> Result<Self, Error> {
        let load = |kind| match &options.models_dir {
            Some(folder) => Loaded::from_folder(folder, kind),
            None => Loaded::embedded(kind),
        };
        Ok(Self {
            detector: load(Kind::Detector)?,
            recogniser: load(Kind::Recogniser)?,
            classifier: load(Kind::Classifier)?,
            backend: Backend::choose(options.onnxruntime.as_deref())?,
        })
    }

    /// A detector of its own; each worker has one.
    pub fn detector(&self) -> Result<Box<dyn Model>, Error> {
        self.detector.session()
    }

    /// A recogniser of its own; each worker has one.
    pub fn recogniser(&self) -> Result<Box<dyn Model>, Error> {
        self.recogniser.session()
    }

    /// A classifier of its own; each worker has one.
    pub fn classifier(&self) -> Result<Box<dyn Model>, Error> {
        self.classifier.session()
    }

    /// All networks, in the order of the reader's stages.
    pub fn all(&self) -> [&Loaded; 3] {
        [&self.detector, &self.recogniser, &self.classifier]
    }

    /// All names with versions, as records carry them.
    pub fn name(&self) -> String {
        format!("{} + {} + {}", self.recogniser.name(), self.classifier.name(), self.detector.name())
    }
}

fn needed(what: &str, cause: &dyn std::fmt::Display, hint: &str) -> Error {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(folder: &Path) -> String {
        let options = ModelOptions { models_dir: Some(folder.to_path_buf()), onnxruntime: None };
        let error = ModelSet::open(&options).unwrap_err();
        assert_eq!(error.status(), crate::error::Status::Needed);
        error.to_string()
    }

    #[test]
    fn a_folder_without_models_or_with_altered_ones_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(cause(folder.path()).contains("headstamp-detector.json"));
        for kind in ["detector", "recogniser", "classifier"] {
            for end in ["json", "onnx"] {
                let name = format!("headstamp-{kind}.{end}");
                let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(&name);
                std::fs::copy(from, folder.path().join(&name)).unwrap();
            }
        }
        let options = ModelOptions { models_dir: Some(folder.path().to_path_buf()), onnxruntime: None };
        assert!(ModelSet::open(&options).is_ok());
        let model = folder.path().join("headstamp-recogniser.onnx");
        let mut bytes = std::fs::read(&model).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&model, bytes).unwrap();
        assert!(cause(folder.path()).contains("SHA-256"));
    }

    /// The embedded networks run and give maps of the shapes that the rest of the program reads.
    #[test]
    fn the_embedded_models_run() {
        let set = ModelSet::open(&ModelOptions::default()).unwrap();
        let luma = ndarray::Array4::from_elem((1, 1, 384, 384), 0.5);
        assert!(set.detector().unwrap().run(luma.view()).unwrap().iter().all(|v| v.is_finite()));
        let luma = ndarray::Array4::from_elem((1, 1, 80, 576), 0.5);
        assert!(set.recogniser().unwrap().run(luma.view()).unwrap().iter().all(|v| v.is_finite()));
        let views = ndarray::Array4::from_elem(crate::marks::classify::INPUT, 0.5);
        assert!(set.classifier().unwrap().run(views.view()).unwrap().iter().all(|v| v.is_finite()));
        let wrong = ndarray::Array4::from_elem((1, 1, 10, 10), 0.5);
        assert!(set.recogniser().unwrap().run(wrong.view()).is_err());
    }
}
