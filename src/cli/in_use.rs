//! Which models a command reads with.

use super::args::ModelArgs;
use crate::error::Error;
use crate::model::{Installed, ModelOptions};

/// The models that a command reads with: those in the folder it is given, or else those that were taken in and are in use, or
/// else the program's own.
pub(super) fn options(args: &ModelArgs) -> Result<ModelOptions, Error> {
    let onnxruntime = args.onnxruntime.clone();
    match (&args.models, Installed::of_user()) {
        (Some(folder), _) => {
            Ok(ModelOptions { models_dir: Some(folder.clone()), onnxruntime, ..ModelOptions::default() })
        }
        (None, Some(installed)) => installed.options(onnxruntime),
        (None, None) => Ok(ModelOptions { onnxruntime, ..ModelOptions::default() }),
    }
}
