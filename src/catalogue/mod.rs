//! The catalogue: one file that holds what machines proposed and what people decided, apart from each other.
//!
//! [`Catalogue`] is what others use. Below it are the rules: [`worklist`] takes photographs and heads that are to be decided,
//! [`decision`] is a link of the chain, [`history`] appends links, `links` checks them, [`proof`] proves them and what follows, `resolve` is the rule of what follows from
//! them, [`outcome`] gathers what it needs and puts down what it gives, [`merge`] takes in another catalogue. They speak to a
//! `store`, which keeps and finds: `sqlite` is the file, `memory` serves tests. [`clock`] doubts dates. [`transfer`] writes
//! entries to files; [`listed`] reads them from lists, by what `said` understands of a row, and [`import`] takes them in; [`search`] finds them by their marks;
//! `found` holds heads where a person says that they are; [`readings`] is what was read where entries are seen. [`told`] is what a list says of photographs, [`tell`] says it of those that are held. [`originals`] holds photographs against what was added.

mod access;
pub mod brief;
mod briefs;
mod by_hand;
pub mod clock;
mod columns;
pub mod decision;
mod error;
mod evidence;
pub mod fields;
mod found;
pub mod history;
pub mod import;
mod links;
pub mod listed;
#[cfg(test)]
mod memory;
pub mod merge;
pub mod originals;
pub mod outcome;
pub mod pictures;
pub mod proof;
pub mod readings;
mod resolve;
mod said;
pub mod search;
mod sqlite;
mod store;
pub mod tell;
#[cfg(test)]
mod tests;
pub mod told;
pub mod transfer;
pub mod worklist;

pub use access::{Catalogue, Clock};
pub use brief::Brief;
pub use briefs::Briefed;
pub use columns::{Columns, PRIVATE};
pub use decision::{Confirmed, Decision, Doubted, Link, Outcome, Place, Shown, Way, What};
pub use error::CatalogueError;
pub use evidence::Kept;
pub use fields::{Field, How, Value, Values};
pub use history::{ChainHead, Decided};
pub use merge::{Forks, Merged};
pub use outcome::Conflict;
pub use store::{Counts, Entry, Reading, State};
pub use worklist::Item;
