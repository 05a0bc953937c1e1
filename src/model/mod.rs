//! The networks: how they are described, checked, loaded and run.

mod classes;
mod manifest;
mod runtime;
mod store;

pub use manifest::{Bin, Calibration, Kind, Manifest, Problem};
pub use runtime::Backend;
pub use store::{Loaded, ModelOptions, ModelSet};

use ndarray::{Array4, ArrayView4};

/// A network that takes pictures and gives maps.
///
/// Both are `[pictures, channels, rows, columns]`; what the channels mean is told by the manifest and by the module that
/// reads them ([`crate::head::detect`], [`crate::marks::decode`], [`crate::marks::classify`]).
pub trait Model: Send {
    /// Runs the network: luma 0..1 in, maps out.
    fn run(&mut self, luma: ArrayView4<'_, f32>) -> Result<Array4<f32>, ModelError>;
}

/// The probability that a logit stands for.
pub(crate) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// The logit of a probability between 0 and 1.
pub(crate) fn logit(p: f32) -> f32 {
    (p / (1.0 - p)).ln()
}

/// The probabilities that logits stand for, all together 1.
pub(crate) fn softmax(logits: impl Iterator<Item = f32> + Clone) -> Vec<f32> {
    let top = logits.clone().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.map(|v| (v - top).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|p| p / sum).collect()
}

/// A network that could not be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{model}: {cause}")]
pub struct ModelError {
    /// The name of the model.
    pub model: String,
    /// The cause, from the runtime.
    pub cause: String,
}

/// A network that needs no weights, for tests of what comes before and after.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Answers with whatever a function makes of the picture.
    pub struct Fake<F>(pub F);

    impl<F: FnMut(ArrayView4<'_, f32>) -> Array4<f32> + Send> Model for Fake<F> {
        fn run(&mut self, luma: ArrayView4<'_, f32>) -> Result<Array4<f32>, ModelError> {
            Ok((self.0)(luma))
        }
    }
}
