//! Confirmed heads as training data, for this project's recipe and for other people's.
//!
//! [`gather`] takes the confirmed heads of a catalogue ([`Sample`]); [`Choice`] says which are wanted and how many of each
//! variety; [`split`](split()) parts them so that no variety and no case is on two sides; [`write()`] cuts the
//! pictures, marks and words out of the photographs and writes them in a [`Format`], with a table of all heads, a card that
//! says what is in it and what is not, and Croissant metadata. The same catalogue gives the same bytes. Nothing is copied from
//! a photograph but pixels. [`suggest`] says which heads that wait are worth a person's time next.

mod card;
mod choose;
mod croissant;
mod cut;
mod folder;
mod format;
mod formats;
mod gather;
mod page;
mod split;
pub mod suggest;
mod table;
#[cfg(test)]
mod tests;
mod write;

pub use choose::Choice;
pub use cut::{Cut, What};
pub use folder::{DatasetError, Wanted, Written};
pub use format::Format;
pub use gather::{Counts, LeftOut, Sample, gather};
pub use split::{Part, Shares, split};
pub use write::write;
