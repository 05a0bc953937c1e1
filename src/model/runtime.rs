//! What runs the networks: ONNX Runtime where its library is given, else tract, which is part of the program.

use super::{Model, ModelError};
use crate::error::Error;
use ndarray::{Array4, ArrayView4, Ix4};
use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What runs the networks. One for the whole process: whoever asks first decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "name", rename_all = "lowercase")]
pub enum Backend {
    /// ONNX Runtime, from a library that the user named.
    #[serde(rename = "onnxruntime")]
    OnnxRuntime {
        /// The library.
        path: PathBuf,
        /// What it says of itself.
        build: String,
    },
    /// tract, in Rust, part of this program.
    Tract,
}

impl std::fmt::Display for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OnnxRuntime { path, build } => write!(f, "ONNX Runtime ({}; {build})", path.display()),
            Self::Tract => f.write_str("tract (built in)"),
        }
    }
}

/// Kept for as long as the process runs: networks may be loaded at any time.
static CHOSEN: Mutex<Option<(Backend, Environment)>> = Mutex::new(None);

impl Backend {
    /// Chooses ONNX Runtime if `library` is given, else tract. A library that was given and cannot be used is an error:
    /// figures must not silently come from another engine.
    pub fn choose(library: Option<&Path>) -> Result<Self, Error> {
        let mut chosen = CHOSEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((backend, _)) = chosen.as_ref() {
            return Ok(backend.clone());
        }
        let (backend, environment) = match library {
            Some(path) => onnx_runtime(path)?,
            None => tract()?,
        };
        *chosen = Some((backend.clone(), environment));
        Ok(backend)
    }
}

fn environment() -> ort::Result<Environment> {
    let chosen = CHOSEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    chosen.as_ref().map(|c| c.1.clone()).ok_or_else(|| ort::Error::new("no backend has been chosen"))
}

fn tract() -> Result<(Backend, Environment), Error> {
    ort::set_api(ort_tract::api());
    let environment = ort::init().build().map_err(|e| Error::Needed {
        what: "the built-in tract".into(),
        cause: e.to_string(),
        hint: None,
    })?;
    Ok((Backend::Tract, environment))
}

fn onnx_runtime(given: &Path) -> Result<(Backend, Environment), Error> {
    let refused = |cause: String| Error::Needed {
        what: format!("ONNX Runtime {}", given.display()),
        cause,
        hint: Some("give the path of libonnxruntime itself, or leave the option away to use the built-in tract".into()),
    };
    // The whole path: a bare name would be looked for wherever the system keeps libraries.
    let path = given.canonicalize().map_err(|e| refused(e.to_string()))?;
    if !path.is_file() {
        return Err(refused("it is not a file".into()));
    }
    let builder = ort::init_from(&path).map_err(|e| refused(e.to_string()))?;
    let environment = builder.build().map_err(|e| refused(e.to_string()))?;
    Ok((Backend::OnnxRuntime { build: build(ort::info()), path }, environment))
}

/// The part of the library's description that tells versions apart.
fn build(info: &str) -> String {
    let branch = info.split("git-branch=").nth(1).and_then(|s| s.split(',').next());
    branch.map_or_else(|| info.to_string(), |b| b.trim_start_matches("rel-").to_string())
}

/// A network on the chosen backend, on one thread: the photographs of a batch are what runs side by side.
pub(super) struct OnnxModel {
    session: Session,
    name: String,
    output: String,
    shapes: ([usize; 4], [usize; 4]),
}

impl OnnxModel {
    /// `shapes` are those of what it takes and what it gives.
    pub(super) fn new(name: &str, shapes: ([usize; 4], [usize; 4]), bytes: &[u8]) -> Result<Self, ModelError> {
        let failed = |cause: String| ModelError::Failed { model: name.to_string(), cause };
        let session = build_session(bytes).map_err(|e| failed(e.to_string()))?;
        let output = session.outputs().first().ok_or_else(|| failed("it gives nothing".into()))?.name().to_string();
        Ok(Self { session, name: name.to_string(), output, shapes })
    }
}

fn build_session(bytes: &[u8]) -> ort::Result<Session> {
    Session::builder(&environment()?)?
        // tract optimises nothing unless asked to.
        .with_optimization_level(GraphOptimizationLevel::All)?
        .with_intra_threads(1)?
        .with_inter_threads(1)?
        .commit_from_memory(bytes)
}

impl Model for OnnxModel {
    fn run(&mut self, luma: ArrayView4<'_, f32>) -> Result<Array4<f32>, ModelError> {
        let (takes, gives) = self.shapes;
        ModelError::unless_shaped(&self.name, "pictures", luma.shape(), &takes)?;
        let failed = |cause: String| ModelError::Failed { model: self.name.clone(), cause };
        let standard = luma.as_standard_layout();
        let input = TensorRef::from_array_view(standard.view()).map_err(|e| failed(e.to_string()))?;
        let outputs = self.session.run(ort::inputs![input]).map_err(|e| failed(e.to_string()))?;
        let maps = outputs.get(&self.output).ok_or_else(|| failed(format!("it gave no `{}`", self.output)))?;
        let maps = maps.try_extract_array::<f32>().map_err(|e| failed(e.to_string()))?;
        ModelError::unless_shaped(&self.name, "maps", maps.shape(), &gives)?;
        let maps = maps.into_dimensionality::<Ix4>().map_err(|e| failed(e.to_string()))?;
        Ok(maps.to_owned())
    }
}
