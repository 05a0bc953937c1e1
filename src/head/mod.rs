//! Case heads: where they are in a photograph.

pub mod accept;
pub mod detect;
pub mod locate;
pub mod refine;
pub mod scales;
pub mod window;
