//! Reading the registry's tables: every fault has a line and a reason.

use std::rc::Rc;

/// What is wrong with a table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// A row.
    #[error("line {0}: {1}")]
    Line(u64, String),
    /// All of it.
    #[error("{0}")]
    Whole(String),
}

/// Rows of a CSV text with named columns.
pub(super) struct Table<'t> {
    reader: csv::Reader<&'t [u8]>,
    headers: Rc<csv::StringRecord>,
}

impl<'t> Table<'t> {
    /// A text that has at least these columns.
    pub(super) fn new(text: &'t str, columns: &[&str]) -> Result<Self, Fault> {
        // spreadsheets write a byte order mark
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|e| Fault::Whole(e.to_string()))?.clone();
        let missing: Vec<&str> = columns.iter().copied().filter(|c| headers.iter().all(|h| h != *c)).collect();
        if !missing.is_empty() {
            let s = if missing.len() == 1 { "" } else { "s" };
            let there = headers.iter().collect::<Vec<_>>().join(", ");
            return Err(Fault::Line(1, format!("missing column{s} {}; there are: {there}", missing.join(", "))));
        }
        Ok(Self { reader, headers: Rc::new(headers) })
    }
}

impl Iterator for Table<'_> {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = csv::StringRecord::new();
        match self.reader.read_record(&mut record) {
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                Some(Ok(Row { headers: Rc::clone(&self.headers), record, line }))
            }
            Ok(false) => None,
            Err(e) => Some(Err(unread(&e))),
        }
    }
}

fn unread(e: &csv::Error) -> Fault {
    match e.kind() {
        csv::ErrorKind::UnequalLengths { pos: Some(pos), expected_len, len } => {
            Fault::Line(pos.line(), format!("has {len} fields instead of {expected_len}"))
        }
        _ => Fault::Whole(e.to_string()),
    }
}

/// One row.
pub(super) struct Row {
    headers: Rc<csv::StringRecord>,
    record: csv::StringRecord,
    line: u64,
}

impl Row {
    /// What is wrong with this row.
    pub(super) fn fault(&self, cause: String) -> Fault {
        Fault::Line(self.line, cause)
    }

    /// A column's text; empty where there is no such column.
    pub(super) fn text(&self, column: &str) -> &str {
        self.headers.iter().position(|h| h == column).and_then(|i| self.record.get(i)).unwrap_or_default()
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
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| self.fault(format!("`{column}`: `{text}` is no whole number")))
    }
}
