//! Lists as people have them: tables of any dialect and JSON Lines, read once from front to back.
//!
//! A list is bytes. [`content`](Content) says what they are if they are no list; [`text`](Text) makes them UTF-8 with `\n` at
//! the end of every line; `dialect` finds what separates cells; `columns` says which of the caller's fields each column is.
//! What comes out are [`Row`]s: cells by column, with their text as given. What the cells mean is the caller's; [`value`]
//! has what holds for many: decimal commas, and the dates and exponents that spreadsheets make.
//!
//! Nothing is guessed. Where two ways of reading are possible, or a row cannot be meant so, a [`Fault`] says what was seen
//! and what to do. Of a list, one row is held at a time.

mod columns;
mod content;
mod dialect;
mod fault;
mod formula;
mod lines;
mod options;
mod records;
mod row;
mod table;
mod text;
pub mod value;

pub use columns::{Column, Taken, advice};
pub use content::Content;
pub use dialect::Dialect;
pub use fault::{Fault, Faults};
pub use lines::{Line, Lines};
pub use options::{Charset, Flags, Options, charset, mapping, separator};
pub use row::{Cell, Row, runnable, safe};
pub use table::Table;
pub use text::Text;

/// Longest row or line, in bytes: several times what all fields may hold together.
const LONGEST: usize = 4 << 20;
/// Most columns: no sheet has more.
const MOST_COLUMNS: usize = 16_384;
