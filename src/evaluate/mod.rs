//! Holding readings against labels.
//!
//! `compare` says when a reading is exactly right, `align` which character stands for which, `kind` what became of a head;
//! `judge` does this for a photograph, `summary` puts together what follows from many. `page` shows it. `set`
//! is what is read; `paired` holds two sets of models against each other.

mod align;
mod breakdown;
mod confusion;
mod interval;
mod judge;
mod kind;
pub mod page;
mod paired;
mod reliability;
mod score;
mod set;
mod share;
mod summary;
#[cfg(test)]
mod tests;

use crate::labels::Label;

pub use align::{Alignment, Pair, align};
pub use breakdown::{Group, Trait};
pub use confusion::Confusion;
pub use interval::Interval;
pub use judge::{Extra, Judged, Verdict, judge, matched};
pub use kind::{CENTRE_OFF, Kind, Offset, SIZE_OFF, kind};
pub use paired::{Compared, Comparison, DECIDES, Difference};
pub use score::Score;
pub use set::Set;
pub use share::{Share, title};
pub use summary::{Summary, Told};
