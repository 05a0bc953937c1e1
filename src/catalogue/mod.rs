//! The catalogue: one file that holds what machines proposed and what people decided, apart from each other.
//!
//! [`store`] opens the file, [`worklist`] holds what is to be decided, [`decision`] is a link of the chain, [`history`]
//! appends links and proves them, `resolve` is the rule of what follows from them and [`outcome`] writes that down,
//! [`merge`] takes in another catalogue, and [`transfer`] writes entries to files and reads them. Only these modules know
//! the tables.

pub mod decision;
pub mod fields;
pub mod history;
pub mod merge;
pub mod outcome;
mod resolve;
pub mod store;
#[cfg(test)]
mod tests;
pub mod transfer;
pub mod worklist;

pub use decision::{Decision, Link, Place, Shown, Way, What};
pub use fields::{Field, How, Value, Values};
pub use history::{ChainHead, Decided};
pub use outcome::{Conflict, Entry};
pub use store::{Catalogue, CatalogueError};
pub use worklist::{Counts, Item};
