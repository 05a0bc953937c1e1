//! What heads truly bear: written by the renderer, held against readings by evaluation.
//!
//! A labelled set is a folder of photographs. Its `labels.csv` has a line a head, a [`Label`]. Renders have `truth.jsonl`
//! beside it, with a line a photograph, a [`PhotoTruth`]: everything that is known of it, from which the labels follow.

mod label;
#[cfg(test)]
mod tests;
mod truth;
mod write;

pub use label::{COLUMNS, Label, load};
pub use truth::{HeadTruth, MarkTruth, PhotoTruth, Truth, layout};
pub use write::Writer;

/// The file of labels in the folder of a set.
pub const LABELS: &str = "labels.csv";
/// The file of everything that renders know, beside it.
pub const TRUTH: &str = "truth.jsonl";
