//! Confirming: what lies between a person and the catalogue, without input or output.
//!
//! A [`Desk`] holds what is kept between one answer and the next; the terminal is a face on it, and a page is another. An
//! [`Answer`] is what a person says of a head, [`Reviewer`] turns it into a decision, [`Queue`] says what comes next, and
//! [`Words`] completes what is being typed.

mod answer;
mod calibre;
mod complete;
pub mod controls;
mod desk;
mod doubts;
pub mod groups;
mod line;
mod queue;
mod settle;
#[cfg(test)]
mod tests;
mod together;
mod twice;

pub use answer::{Answer, BadAnswer, Reviewer};
pub use calibre::{Proposed, Why, calibres};
pub use complete::Words;
pub use desk::{Desk, DeskError, Done, Of, Undone};
pub use doubts::{DoubtError, Doubts, Verdict};
pub use line::Line;
pub use queue::{Filter, Order, Queue, in_line};
pub use settle::Holds;
pub use together::Together;
pub use twice::{candidates, candidates_among};
