//! Case heads: where they are in a photograph.

mod ellipse;

pub use ellipse::Ellipse;
