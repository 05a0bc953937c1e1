//! Holding readings against labels.

mod compare;
mod labels;
mod score;

pub use compare::{characters, exact, shared};
pub use labels::{Label, load};
pub use score::{Judged, Score};
