//! Entries that are likely wrong: each held against its picture, against what its headstamp means, and against the others.
//!
//! A [`Checker`] knows all entries at a glance; it [looks](Checker::check) at one after the other and gives a [`Finding`]:
//! how probable it is that something in it is wrong, with every reason in words. Three kinds of reasons: what is seen on the
//! picture (`marks`), what the registry says of the headstamp (`meaning`), and how the notation was kept to (`slips`).
//! Nothing is changed here; nobody is flagged for being rare; what an entry says itself does not vouch for it.

mod company;
mod entries;
mod marks;
mod meaning;
mod photographs;
mod rank;
mod reason;
mod slips;
mod subject;
#[cfg(test)]
mod tests;

pub use entries::{Checked, Entries, LIKELY, doubtful, looked_at, settled, shown_at, twice};
pub use marks::FEATURES;
pub use rank::{Checker, Finding};
pub use reason::{Reason, Signal};
pub use subject::{Glance, Seen, Subject};
