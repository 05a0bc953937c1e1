//! Headstamps as they are written down, and when two of them are the same.
//!
//! [`written`] is the form on paper, [`script`] the letters it is in, [`look`] what signs are alike, [`turned`] what they
//! are upside down, and [`same`] the one rule of sameness, at named levels.

mod data;
pub mod look;
mod reader;
pub mod same;
pub mod script;
pub mod turned;
mod variety;
pub mod written;

pub use same::Sameness;
pub(crate) use variety::signs_of_key;
pub use variety::variety_key;
pub use written::{Element, Headstamp, NotationError, Sign};
