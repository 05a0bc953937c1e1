//! Reading the registry's tables: every fault has a row and a reason.

use crate::list::{self, Charset, Fault, Flags, Options, value};
use std::io::Read;

/// Rows of a table with named columns.
pub(super) struct Table<R>(list::Table<R>);

impl<'t> Table<&'t [u8]> {
    /// A table that comes with the program, or is written as those are, which has at least these columns.
    pub(super) fn new(text: &'t str, columns: &[&str]) -> Result<Self, Fault> {
        Self::read(text.as_bytes(), columns, Some(b','), None)
    }
}

impl<R: Read> Table<R> {
    /// A user's table, however it is written.
    pub(super) fn open(from: R, columns: &[&str], charset: Option<Charset>) -> Result<Self, Fault> {
        Self::read(from, columns, None, charset)
    }

    fn read(from: R, columns: &[&str], separator: Option<u8>, charset: Option<Charset>) -> Result<Self, Fault> {
        let options = Options {
            separator,
            charset,
            keep_columns: true,
            flags: Flags::Charset("--registry-encoding"),
            ..Options::default()
        };
        let fields: Vec<String> = columns.iter().map(|c| (*c).to_owned()).collect();
        let table = list::Table::open(from, &fields, &options).map_err(first)?;
        let there: Vec<&str> = table.columns().iter().map(|c| c.theirs.as_str()).collect();
        let missing: Vec<&str> = columns.iter().copied().filter(|c| !there.contains(c)).collect();
        if !missing.is_empty() {
            let s = if missing.len() == 1 { "" } else { "s" };
            let cause = format!("missing column{s} {}; there are: {}", missing.join(", "), there.join(", "));
            return Err(Fault::of_row(table.head(), cause));
        }
        Ok(Self(table))
    }
}

impl<R: Read> Iterator for Table<R> {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.0.next()?.map(Row).map_err(first))
    }
}

/// The first of several faults: there always is one.
fn first(faults: Vec<Fault>) -> Fault {
    faults.into_iter().next().unwrap_or_default()
}

/// One row.
pub(super) struct Row(list::Row);

impl Row {
    /// What is wrong with this row.
    pub(super) fn fault(&self, cause: String) -> Fault {
        self.0.fault(cause)
    }

    /// A column's text; empty where there is no such column.
    pub(super) fn text(&self, column: &str) -> &str {
        self.0.column(column).unwrap_or_default()
    }

    /// A column that must not be empty.
    pub(super) fn filled(&self, column: &str) -> Result<&str, Fault> {
        let text = self.text(column);
        if text.is_empty() { Err(self.fault(format!("`{column}` is empty"))) } else { Ok(text) }
    }

    /// The parts of a column that are joined by `;`.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        self.text(column).split(';').map(str::trim).filter(|t| !t.is_empty())
    }

    /// A whole number, or none.
    pub(super) fn number(&self, column: &str) -> Result<Option<i32>, Fault> {
        let text = value::whole_number(self.text(column));
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| self.fault(format!("`{column}`: `{text}` is no whole number")))
    }
}
