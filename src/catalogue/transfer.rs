//! Entries to files: CSV and JSON Lines.
//!
//! A row is an entry. `case` is its id; the other columns are the fields, and `photographs` its places, `SHA-256#head`
//! joined by `;`. Written in full, `FIELD_how` and `FIELD_by` say how each value is known and who vouches for it.

use super::access::Catalogue;
use super::decision::Place;
use super::error::CatalogueError;
use super::fields::Field;
use crate::list::safe;
use crate::output::Made;
use serde_json::{Map, Value as Json};
use std::io::{self, Write};

pub(super) const CASE: &str = "case";
pub(super) const PHOTOGRAPHS: &str = "photographs";
pub(super) const HOW: &str = "_how";
pub(super) const BY: &str = "_by";
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
    /// Say also how each value is known and who vouches for it.
    pub full: bool,
    /// Begin with a mark, so that a spreadsheet on Windows shows every script.
    pub marked: bool,
}

/// Writes all entries as CSV. What a spreadsheet would run is guarded, and read back as it was.
pub fn write_csv(catalogue: &Catalogue, csv: Csv, mut out: impl Write) -> Result<usize, WriteError> {
    let Csv { full, marked } = csv;
    if marked {
        out.write_all(MARK.as_bytes())?;
    }
    let mut table = ::csv::Writer::from_writer(out);
    let names = |f: &Field| {
        let extra = if full { vec![format!("{f}{HOW}"), format!("{f}{BY}")] } else { vec![] };
        [vec![f.to_string()], extra].concat()
    };
    let head = [vec![CASE.to_owned()], Field::ALL.iter().flat_map(names).collect(), vec![PHOTOGRAPHS.to_owned()]];
    table.write_record(head.concat())?;
    let mut count = 0;
    catalogue.entries(|entry| {
        let mut row = vec![entry.case.to_string()];
        for field in Field::ALL {
            let value = entry.values.get(field);
            row.push(value.map_or(String::new(), |v| safe(&v.text)));
            if full {
                row.push(value.map_or("", |v| v.how.name()).to_owned());
                row.push(value.map_or(String::new(), |v| safe(&v.by)));
            }
        }
        row.push(written(&entry.places));
        count += 1;
        table.write_record(row).map_err(WriteError::from)
    })?;
    table.flush()?;
    Ok(count)
}

/// Writes all entries as JSON Lines: flat, or in full as they are.
pub fn write_jsonl(catalogue: &Catalogue, full: bool, mut out: impl Write) -> Result<usize, WriteError> {
    let mut count = 0;
    catalogue.entries(|entry| {
        count += 1;
        let json = if full {
            serde_json::to_value(&entry)
        } else {
            let mut flat = Map::new();
            flat.insert(CASE.into(), entry.case.to_string().into());
            entry.values.iter().for_each(|(f, v)| drop(flat.insert(f.name().into(), v.text.clone().into())));
            flat.insert(PHOTOGRAPHS.into(), written(&entry.places).into());
            Ok(Json::Object(flat))
        };
        let json = json.map_err(|e| CatalogueError::damaged(format!("entry {}", entry.case), e))?;
        serde_json::to_writer(&mut out, &json).map_err(io::Error::from)?;
        out.write_all(b"\n").map_err(WriteError::from)
    })?;
    out.flush()?;
    Ok(count)
}

pub(super) fn written(places: &[Place]) -> String {
    places.iter().map(Place::to_string).collect::<Vec<_>>().join(";")
}
