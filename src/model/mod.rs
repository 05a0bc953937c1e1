//! The networks: what is needed of them, how they are described, checked, loaded and run. What their maps mean is told
//! where they are read.

mod classes;
mod contract;
mod manifest;
mod runtime;
mod store;

pub use classes::Classes;
pub use contract::{Channel, Contract, Count, Input, Output, number, sorted};
pub use manifest::{Manifest, Problem};
pub use runtime::Backend;
pub use store::{Loaded, ModelOptions, ModelSet, Network};

use ndarray::{Array4, ArrayView4};

/// A network that takes pictures and gives maps.
///
/// Both are `[pictures, channels, rows, columns]`; their shapes and what the channels mean are in the [`Contract`] that the
/// module declares which reads them.
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

/// A network that could not be run, or gave what the program does not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// It could not be run.
    #[error("{model}: {cause}")]
    Failed {
        /// The name of the model.
        model: String,
        /// The cause, from the runtime.
        cause: String,
    },
    /// Pictures or maps of another shape than the contract's.
    #[error("{model}: {what} {found:?}, this program works with {expected:?}")]
    Shape {
        /// The name of the model, or its kind.
        model: String,
        /// What has the shape: `pictures`, `maps`.
        what: &'static str,
        /// Their shape.
        found: Vec<usize>,
        /// What it should be.
        expected: Vec<usize>,
    },
}

impl ModelError {
    /// An error unless a tensor has the shape that is expected.
    pub(crate) fn unless_shaped(
        model: &str,
        what: &'static str,
        found: &[usize],
        expected: &[usize],
    ) -> Result<(), Self> {
        if found == expected {
            return Ok(());
        }
        Err(Self::Shape { model: model.to_owned(), what, found: found.to_vec(), expected: expected.to_vec() })
    }
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
