//! What every network is to the rest of the program: a function from pictures to maps.

use ndarray::{Array4, ArrayView4};

/// A network that takes pictures and gives maps.
///
/// Both are `[pictures, channels, rows, columns]`; their shapes and what the channels mean are in the [`Contract`](super::Contract) that the
/// module declares which reads them.
pub trait Model: Send {
    /// Runs the network: luma 0..1 in, maps out.
    fn run(&mut self, luma: ArrayView4<'_, f32>) -> Result<Array4<f32>, ModelError>;
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
    pub(crate) struct Fake<F>(pub F);

    impl<F: FnMut(ArrayView4<'_, f32>) -> Array4<f32> + Send> Model for Fake<F> {
        fn run(&mut self, luma: ArrayView4<'_, f32>) -> Result<Array4<f32>, ModelError> {
            Ok((self.0)(luma))
        }
    }
}
