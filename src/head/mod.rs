//! Case heads: where they are in a photograph.

pub mod accept;
pub mod detect;
pub mod locate;

mod ellipse;
pub mod refine;
pub mod window;

pub use ellipse::Ellipse;
