//! Entries to files and back: CSV and JSON Lines.
//!
//! A row is an entry. `case` is its id; the other columns are the fields, and `photographs` its places, `SHA-256#head`
//! joined by `;`. Written in full, `FIELD_how` and `FIELD_by` say how each value is known and who vouches for it.

use super::decision::{Place, Way, What};
use super::fields::{self, Field, How, Value, Values};
use super::outcome::Entry;
use super::store::{Catalogue, CatalogueError};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use uuid::Uuid;

const CASE: &str = "case";
const PHOTOGRAPHS: &str = "photographs";
const HOW: &str = "_how";
const BY: &str = "_by";
/// Most problems that are kept; whoever has more has one.
const MOST_PROBLEMS: usize = 1000;
/// Names of entries that come without an id follow from what they say.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f0e_9d43_5b0c_4a35_9a1c_6865_6164_7374);

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
        let json = json.map_err(CatalogueError::from)?;
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

/// Entries read from a file, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// Line and entry.
    pub entries: Vec<(u64, Entry)>,
    /// In the order of lines.
    pub problems: Vec<Problem>,
}

impl Rows {
    fn problem(&mut self, line: u64, cause: impl ToString) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { line, cause: cause.to_string() });
        }
    }

    fn push(&mut self, line: u64, entry: Entry, seen: &mut BTreeSet<Uuid>) {
        if entry.values.is_empty() {
            self.problem(line, "says nothing of the case");
        } else if seen.insert(entry.case) {
            self.entries.push((line, entry));
        } else {
            self.problem(line, format!("case {} was on an earlier line", entry.case));
        }
    }
}

/// Reads entries from CSV. Values that do not say how they are known count as told by `who`.
pub fn read_csv(from: impl Read, who: &str) -> Rows {
    let mut rows = Rows::default();
    let mut table = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_reader(from);
    let head = match table.headers() {
        Ok(head) => head.clone(),
        Err(e) => {
            rows.problem(1, e);
            return rows;
        }
    };
    let head: Vec<String> = head.iter().map(str::to_owned).collect();
    for (n, name) in head.iter().enumerate() {
        if !known(name) {
            rows.problem(1, format!("column `{name}` is no field; `headstamp export` shows the columns"));
        } else if head[..n].contains(name) {
            rows.problem(1, format!("column `{name}` is there twice"));
        }
    }
    if !rows.problems.is_empty() {
        return rows;
    }
    let (mut seen, mut same) = (BTreeSet::new(), BTreeMap::new());
    for record in table.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                let line = e.position().map_or(0, csv::Position::line);
                rows.problem(line, e);
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != head.len() {
            rows.problem(line, format!("has {} columns, the first line {}", record.len(), head.len()));
            continue;
        }
        let cells = head.iter().map(String::as_str).zip(&record).filter(|(_, v)| !v.trim().is_empty());
        match flat(cells, who, &mut same) {
            Ok(entry) => rows.push(line, entry, &mut seen),
            Err(causes) => causes.into_iter().for_each(|c| rows.problem(line, c)),
        }
    }
    rows
}

/// Reads entries from JSON Lines, flat or in full.
pub fn read_jsonl(mut from: impl Read, who: &str) -> Rows {
    let mut rows = Rows::default();
    let mut text = String::new();
    if let Err(e) = from.read_to_string(&mut text) {
        rows.problem(1, e);
        return rows;
    }
    let (mut seen, mut same) = (BTreeSet::new(), BTreeMap::new());
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let number = n as u64 + 1;
        let json: Map<String, Json> = match serde_json::from_str(line) {
            Ok(json) => json,
            Err(e) => {
                rows.problem(number, e);
                continue;
            }
        };
        let entry = if json.contains_key("values") {
            serde_json::from_value(Json::Object(json)).map_err(|e| vec![e.to_string()]).and_then(rechecked)
        } else {
            let texts: Vec<(String, String)> = json
                .into_iter()
                .filter_map(|(k, v)| match v {
                    Json::Null => None,
                    Json::String(s) => Some((k, s)),
                    other => Some((k, other.to_string())),
                })
                .filter(|(_, v)| !v.trim().is_empty())
                .collect();
            flat(texts.iter().map(|(k, v)| (k.as_str(), v.as_str())), who, &mut same)
        };
        match entry {
            Ok(entry) => rows.push(number, entry, &mut seen),
            Err(causes) => causes.into_iter().for_each(|c| rows.problem(number, c)),
        }
    }
    rows
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

/// An entry from columns. `same` counts entries without an id that say the same, so that each has an id of its own.
fn flat<'a>(
    cells: impl Iterator<Item = (&'a str, &'a str)>,
    who: &str,
    same: &mut BTreeMap<String, u32>,
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
        let number = same.entry(says.clone()).or_insert(0);
        *number += 1;
        Uuid::new_v5(&NAMESPACE, format!("{says}\n{number}").as_bytes())
    });
    Ok(Entry { case, places: seen, values })
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Entries that are new.
    pub entered: usize,
    /// Entries that were there already, the same.
    pub unchanged: usize,
    /// Entries that contradict what is recorded, by their line.
    pub conflicts: Vec<Problem>,
}

impl Catalogue {
    /// Finds entries that say of a recorded case what is not recorded of it: an import does not overwrite. Who vouches for
    /// a value, and how it is known, stays as it is recorded.
    pub fn against(&self, rows: &Rows) -> Result<Vec<Problem>, CatalogueError> {
        let mut problems = Vec::new();
        for (line, entry) in &rows.entries {
            if let Some(here) = self.entry(entry.case)?
                && !says(&here, entry)
            {
                let cause = format!("case {} is recorded otherwise; change it by reviewing it", entry.case);
                problems.push(Problem { line: *line, cause });
            }
        }
        Ok(problems)
    }

    /// Enters what is not there yet, all or nothing. Doing it again changes nothing.
    pub fn import(&mut self, rows: Vec<(u64, Entry)>, who: &str) -> Result<Imported, CatalogueError> {
        let mut done = Imported::default();
        let (mut lines, mut new) = (Vec::new(), Vec::new());
        for (line, entry) in rows {
            if self.entry(entry.case)?.is_some() || self.entering(entry.case)?.is_some() {
                done.unchanged += 1;
                continue;
            }
            lines.push(line);
            new.push(entry);
        }
        let group = u32::try_from(new.len()).unwrap_or(u32::MAX);
        let decisions = new.into_iter().map(|e| {
            let way = Way::Imported;
            (What::Enter { case: e.case, places: e.places, way, group, values: e.values }, None)
        });
        let decided = self.decide_all(who, decisions.collect())?;
        done.entered = decided.len();
        for (line, decided) in lines.into_iter().zip(decided) {
            if !decided.conflicts.is_empty() {
                let cause = "contradicts what was entered from the same photograph".to_owned();
                done.conflicts.push(Problem { line, cause });
            }
        }
        Ok(done)
    }
}

/// Whether all that `part` says is recorded in `whole`.
fn says(whole: &Entry, part: &Entry) -> bool {
    let same = |(field, value): (&Field, &Value)| whole.values.get(field).is_some_and(|v| v.text == value.text);
    part.values.iter().all(same) && part.places.iter().all(|p| whole.places.contains(p))
}
