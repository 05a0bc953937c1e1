//! Entries to files and back: CSV and JSON Lines.
//!
//! A row is an entry. `case` is its id; the other columns are the fields, and `photographs` its places, `SHA-256#head`
//! joined by `;`. Written in full, `FIELD_how` and `FIELD_by` say how each value is known and who vouches for it.

use super::access::Catalogue;
use super::decision::Place;
use super::error::CatalogueError;
use super::fields::{self, Field, How, Value, Values};
use super::store::Entry;
use crate::output::Made;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use uuid::Uuid;

const CASE: &str = "case";
const PHOTOGRAPHS: &str = "photographs";
const HOW: &str = "_how";
const BY: &str = "_by";
/// Longest line of JSON, in bytes: several times what all fields may hold together.
const LONGEST_LINE: u64 = 4 << 20;
/// Names of entries that come without an id follow from what they say.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f0e_9d43_5b0c_4a35_9a1c_6865_6164_7374);

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
    Table(#[from] csv::Error),
}

/// Writes all entries as CSV.
pub fn write_csv(catalogue: &Catalogue, full: bool, out: impl Write) -> Result<usize, WriteError> {
    let mut table = csv::Writer::from_writer(out);
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
            row.push(value.map_or(String::new(), |v| v.text.clone()));
            if full {
                row.push(value.map_or("", |v| v.how.name()).to_owned());
                row.push(value.map_or(String::new(), |v| v.by.clone()));
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

fn written(places: &[Place]) -> String {
    places.iter().map(Place::to_string).collect::<Vec<_>>().join(";")
}

fn places(text: &str) -> Result<Vec<Place>, String> {
    text.split(';').map(str::trim).filter(|p| !p.is_empty()).map(str::parse).collect()
}

/// What is wrong with a file of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong there.
    pub cause: String,
}

/// An entry of a list, or everything that is wrong with its line.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The entry, or what is wrong.
    pub entry: Result<Entry, Vec<String>>,
}

/// What was on the lines before.
#[derive(Default)]
struct Before {
    cases: BTreeSet<Uuid>,
    /// Of what is said without an id, how often it was said.
    said: BTreeMap<Uuid, u32>,
}

impl Before {
    fn row(&mut self, line: u64, entry: Result<Entry, Vec<String>>) -> Row {
        let entry = entry.and_then(|entry| {
            if entry.values.is_empty() {
                Err(vec!["says nothing of the case".to_owned()])
            } else if self.cases.insert(entry.case) {
                Ok(entry)
            } else {
                Err(vec![format!("case {} was on an earlier line", entry.case)])
            }
        });
        Row { line, entry }
    }
}

fn wrong(line: u64, cause: impl ToString) -> Row {
    Row { line, entry: Err(vec![cause.to_string()]) }
}

/// Reads entries from CSV. Values that do not say how they are known count as told by `who`.
pub fn read_csv<'a>(from: impl Read + 'a, who: &'a str) -> Box<dyn Iterator<Item = Row> + 'a> {
    let mut table = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_reader(from);
    let head: Vec<String> = match table.headers() {
        Ok(head) => head.iter().map(str::to_owned).collect(),
        Err(e) => return Box::new(std::iter::once(wrong(1, e))),
    };
    let mut problems = Vec::new();
    for (n, name) in head.iter().enumerate() {
        if !known(name) {
            problems.push(format!("column `{name}` is no field; `headstamp export` shows the columns"));
        } else if head[..n].contains(name) {
            problems.push(format!("column `{name}` is there twice"));
        }
    }
    if !problems.is_empty() {
        return Box::new(std::iter::once(Row { line: 1, entry: Err(problems) }));
    }
    let mut before = Before::default();
    Box::new(table.into_records().map(move |record| {
        let record = match record {
            Ok(record) => record,
            Err(e) => return wrong(e.position().map_or(0, csv::Position::line), e),
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != head.len() {
            return wrong(line, format!("has {} columns, the first line {}", record.len(), head.len()));
        }
        let cells = head.iter().map(String::as_str).zip(&record).filter(|(_, v)| !v.trim().is_empty());
        let entry = flat(cells, who, &mut before.said);
        before.row(line, entry)
    }))
}

/// Reads entries from JSON Lines, flat or in full.
pub fn read_jsonl<'a>(from: impl Read + 'a, who: &'a str) -> Box<dyn Iterator<Item = Row> + 'a> {
    let mut from = BufReader::new(from);
    let (mut before, mut number, mut ended) = (Before::default(), 0, false);
    Box::new(std::iter::from_fn(move || {
        loop {
            if ended {
                return None;
            }
            number += 1;
            let mut line = Vec::new();
            match from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(n) if n as u64 == LONGEST_LINE => {
                    ended = true;
                    return Some(wrong(
                        number,
                        format!("is longer than {LONGEST_LINE} bytes; nothing after it was read"),
                    ));
                }
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let entry = object(&line, who, &mut before.said);
                    return Some(before.row(number, entry));
                }
                Err(e) => {
                    ended = true;
                    return Some(wrong(number, e));
                }
            }
        }
    }))
}

/// An entry from a line of JSON.
fn object(line: &[u8], who: &str, said: &mut BTreeMap<Uuid, u32>) -> Result<Entry, Vec<String>> {
    let json: Map<String, Json> = serde_json::from_slice(line).map_err(|e| vec![e.to_string()])?;
    if json.contains_key("values") {
        return serde_json::from_value(Json::Object(json)).map_err(|e| vec![e.to_string()]).and_then(rechecked);
    }
    let texts: Vec<(String, String)> = json
        .into_iter()
        .filter_map(|(k, v)| match v {
            Json::Null => None,
            Json::String(s) => Some((k, s)),
            other => Some((k, other.to_string())),
        })
        .filter(|(_, v)| !v.trim().is_empty())
        .collect();
    flat(texts.iter().map(|(k, v)| (k.as_str(), v.as_str())), who, said)
}

fn known(column: &str) -> bool {
    let of_field = [Some(column), column.strip_suffix(HOW), column.strip_suffix(BY)];
    column == CASE || column == PHOTOGRAPHS || of_field.into_iter().flatten().any(|c| c.parse::<Field>().is_ok())
}

/// Values that were written in full, checked as if they were typed.
fn rechecked(mut entry: Entry) -> Result<Entry, Vec<String>> {
    let mut causes = Vec::new();
    for (&field, value) in &mut entry.values {
        match fields::checked(field, &value.text) {
            Ok(text) => value.text = text,
            Err(e) => causes.push(e.to_string()),
        }
    }
    match places(&written(&entry.places)) {
        Ok(places) => entry.places = places,
        Err(e) => causes.push(e),
    }
    if causes.is_empty() { Ok(entry) } else { Err(causes) }
}

/// An entry from columns. `said` counts entries without an id that say the same, so that each has an id of its own.
fn flat<'a>(
    cells: impl Iterator<Item = (&'a str, &'a str)>,
    who: &str,
    said: &mut BTreeMap<Uuid, u32>,
) -> Result<Entry, Vec<String>> {
    let (mut values, mut causes) = (Values::new(), Vec::new());
    let (mut hows, mut bys): (BTreeMap<Field, How>, BTreeMap<Field, String>) = Default::default();
    let (mut case, mut seen) = (None, Vec::new());
    for (column, text) in cells {
        let field = |suffix| column.strip_suffix(suffix).and_then(|c: &str| c.parse::<Field>().ok());
        if column == CASE {
            match text.trim().parse::<Uuid>() {
                Ok(id) => case = Some(id),
                Err(_) => causes.push(format!("case: `{text}` is no id; leave it empty for a new case")),
            }
        } else if column == PHOTOGRAPHS {
            places(text).map_or_else(|e| causes.push(e), |p| seen = p);
        } else if let Ok(field) = column.parse::<Field>() {
            match fields::checked(field, text) {
                Ok(text) => {
                    if values.insert(field, Value { text, how: How::Told, by: who.to_owned() }).is_some() {
                        causes.push(format!("{field} is there twice"));
                    }
                }
                Err(e) => causes.push(e.to_string()),
            }
        } else if let Some(field) = field(HOW) {
            match text.parse() {
                Ok(how) => {
                    hows.insert(field, how);
                }
                Err(e) => causes.push(format!("{column}: {e}")),
            }
        } else if let Some(field) = field(BY) {
            bys.insert(field, text.trim().to_owned());
        } else {
            causes.push(format!("`{column}` is no field"));
        }
    }
    for (field, value) in &mut values {
        value.how = hows.remove(field).unwrap_or(value.how);
        value.by = bys.remove(field).unwrap_or(std::mem::take(&mut value.by));
    }
    causes.extend(hows.keys().chain(bys.keys()).map(|f| format!("{f} is empty, but it is said how it is known")));
    if !causes.is_empty() {
        return Err(causes);
    }
    let case = case.unwrap_or_else(|| {
        let texts: Vec<_> = values.iter().map(|(f, v)| format!("{f}={}", v.text)).collect();
        let says = format!("{}\n{}", texts.join("\n"), written(&seen));
        let number = said.entry(Uuid::new_v5(&NAMESPACE, says.as_bytes())).or_insert(0);
        *number += 1;
        Uuid::new_v5(&NAMESPACE, format!("{says}\n{number}").as_bytes())
    });
    Ok(Entry { case, places: seen, values })
}
