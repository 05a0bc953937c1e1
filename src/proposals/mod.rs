//! From marks to ranked headstamps.
//!
//! `links` says which marks may be neighbours, `assemble` joins them to lines, `lines` and `text` read the lines through
//! a beam over each mark's alternatives, `repair` mends known words, `rank` chooses which marks are there at all, `apart`
//! joins known words that stand apart, `script` tells which script they are in, and here the readings are written down in
//! order and told apart. Every step is bounded, whatever the marks are.

mod apart;
mod assemble;
mod consent;
mod features;
pub mod legibility;
mod lines;
mod links;
pub mod mirrored;
mod plane;
mod proposal;
mod propose;
mod rank;
mod repair;
#[cfg(test)]
mod tests;
mod text;
mod turned;
pub mod vocabulary;

pub use features::{FEATURES, Features};
pub use legibility::{LEGIBLE, Legibility, legibility};
pub use proposal::{Element, Proposal};
pub use propose::propose;
pub use vocabulary::{Conventions, NoVocabulary, Vocabulary, VocabularyId};
