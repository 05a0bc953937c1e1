//! Entries to files: CSV and JSON Lines.
//!
//! A row is an entry; its columns are those of [`Columns`].

use super::access::Catalogue;
use super::columns::{CASE, Columns, PHOTOGRAPHS, written};
use super::error::CatalogueError;
use super::store::Entry;
use crate::list::safe;
use crate::output::Made;
use serde_json::{Map, Value as Json};
use std::io::{self, Write};

/// The mark by which spreadsheets on Windows know that a text is UTF-8.
const MARK: &str = "\u{feff}";

/// Entries as CSV: known by the first columns of its head.
pub const CSV: Made =
    Made { name: "export of entries", begins: |start| bare(start).starts_with(b"case,headstamp"), lasting: true };
/// Entries as JSON Lines: known by what stands first in each.
pub const JSONL: Made = Made { name: "export of entries", begins: |start| holds_case(bare(start)), lasting: true };

/// Text without the mark that some programs put before it.
fn bare(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Whether a text begins with a JSON object that names a case.
fn holds_case(text: &[u8]) -> bool {
    let line = text.split(|b| *b == b'\n').next().unwrap_or_default();
    line.starts_with(b"{\"") && line.windows(8).any(|w| w == b"\"case\":\"")
}

/// Why entries could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The file.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The table.
    #[error(transparent)]
    Table(#[from] ::csv::Error),
}

/// How entries are written as CSV.
#[derive(Debug, Clone, Copy, Default)]
pub struct Csv {
    /// Which columns.
    pub columns: Columns,
    /// Begin with a mark, so that a spreadsheet on Windows shows every script.
    pub marked: bool,
}

/// Writes all entries as CSV. What a spreadsheet would run is guarded, and read back as it was.
pub fn write_csv(catalogue: &Catalogue, csv: Csv, mut out: impl Write) -> Result<usize, WriteError> {
    let Csv { columns, marked } = csv;
    if marked {
        out.write_all(MARK.as_bytes())?;
    }
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(columns.names())?;
    let mut count = 0;
    catalogue.entries(|entry| {
        count += 1;
        let cells = columns.cells(&entry).into_iter().map(|cell| cell.map_or_else(String::new, |text| safe(&text)));
        table.write_record(cells).map_err(WriteError::from)
    })?;
    table.flush()?;
    Ok(count)
}

/// Writes all entries as JSON Lines: flat, or in full as they are.
pub fn write_jsonl(catalogue: &Catalogue, columns: Columns, mut out: impl Write) -> Result<usize, WriteError> {
    let mut count = 0;
    catalogue.entries(|entry| {
        count += 1;
        let json = if columns == Columns::Full { serde_json::to_value(&entry) } else { Ok(flat(columns, &entry)) };
        let json = json.map_err(|e| CatalogueError::damaged(format!("entry {}", entry.case), e))?;
        serde_json::to_writer(&mut out, &json).map_err(io::Error::from)?;
        out.write_all(b"\n").map_err(WriteError::from)
    })?;
    out.flush()?;
    Ok(count)
}

/// An entry as a flat JSON object: of each field its text.
pub fn flat(columns: Columns, entry: &Entry) -> Json {
    let mut flat = Map::new();
    flat.insert(CASE.into(), entry.case.to_string().into());
    for field in columns.fields() {
        let value = entry.values.get(&field);
        flat.extend(value.map(|v| (field.name().to_owned(), v.text.clone().into())));
    }
    flat.insert(PHOTOGRAPHS.into(), written(&entry.places).into());
    Json::Object(flat)
}
