//! A row of a list: cells by column, with their text as given.

use super::columns::{Column, Taken};
use super::fault::Fault;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its column.
    pub column: Arc<Column>,
    /// Its text as given.
    pub text: String,
}

/// A row. It holds cells that hold something alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 1, as a spreadsheet counts.
    pub number: u64,
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its cells, in order.
    pub cells: Vec<Cell>,
    /// Whether a spreadsheet may have guarded cells that it would run.
    pub(super) guarded: bool,
}

impl Row {
    /// Fields and what is said of them, without spaces around it.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells.iter().filter_map(|cell| match &cell.column.taken {
            Taken::Field(field) => Some((field.as_str(), self.meant(&cell.text))),
            _ => None,
        })
    }

    /// What is said of a field, without spaces around it; none where nothing is.
    pub fn field(&self, field: &str) -> Option<&str> {
        self.fields().find(|(f, _)| *f == field).map(|(_, text)| text)
    }

    /// What stands in a column of this name, be it a field or not, without spaces around it; none where nothing does.
    pub fn column(&self, theirs: &str) -> Option<&str> {
        self.cells.iter().find(|c| c.column.theirs == theirs).map(|c| self.meant(&c.text))
    }

    /// The whole row as given, by the list's own names.
    pub fn given(&self) -> Map<String, Json> {
        self.cells.iter().map(|c| (c.column.theirs.clone(), Json::from(c.text.clone()))).collect()
    }

    /// A fault of this row.
    pub fn fault(&self, cause: impl std::fmt::Display) -> Fault {
        Fault { line: Some(self.line), ..Fault::of_row(self.number, cause) }
    }

    /// A fault of what this row says of a field.
    pub fn fault_of(&self, field: &str, cause: impl std::fmt::Display) -> Fault {
        let is = |c: &&Cell| matches!(&c.column.taken, Taken::Field(f) if f == field);
        let theirs = self.cells.iter().find(is).map_or(field, |c| c.column.theirs.as_str());
        self.fault(cause).column(theirs)
    }

    fn meant<'a>(&self, text: &'a str) -> &'a str {
        let text = text.trim();
        if self.guarded { unguarded(text) } else { text }
    }
}

/// A text as it can be written into a table that a spreadsheet opens: what it would run bears an apostrophe. Read back, it
/// is what it was.
pub fn safe(text: &str) -> String {
    if runnable(text) { format!("'{text}") } else { text.to_owned() }
}

/// Whether a spreadsheet would run a text, or would if apostrophes at its start were taken off.
pub fn runnable(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%', '＝', '＋', '－', '＠'])
}

fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if runnable(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_guarded_is_read_back_and_not_run(text in "['=+@a-]{0,6}") {
            let written = safe(&text);
            prop_assert!(!written.starts_with(['=', '+', '-', '@']));
            prop_assert_eq!(unguarded(&written), text);
        }
    }
}
