//! Entries from lists: tables and JSON Lines, flat or in full as an export writes them.

use super::columns::{BY, CASE, HOW, PHOTOGRAPHS, written};
use super::decision::Place;
use super::fields::{self, Field, How, Values};
use super::said::{Listener, original};
use super::store::Entry;
use crate::list::{self, Column, Fault, Line, Lines, Options, Table, Taken};
use crate::registry::Registry;
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// The column that names a photograph as people do: by path or name.
pub const PHOTO: &str = "photo";
/// Names of entries that come without an id follow from what they say, and in which list.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f0e_9d43_5b0c_4a35_9a1c_6865_6164_7374);

/// The form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A table.
    Table,
    /// JSON Lines.
    Lines,
}

/// Finds a photograph by what a row calls it.
pub type FindPhoto<'a> = &'a (dyn Fn(&str) -> Result<Place, String> + Sync);

/// How a list of entries is read.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// What the list is called: it is kept with each row, and equal rows of two lists are two cases.
    pub list: &'a str,
    /// Who says so, where a value does not say who does.
    pub who: &'a str,
    /// What the list does not say by itself.
    pub options: &'a Options,
    /// What years of two digits are held against.
    pub registry: &'a Registry,
    /// Finds photographs that are named in a column of their own.
    pub photos: Option<FindPhoto<'a>>,
    /// Makes every row without an id a case of its own, whatever is held; another one for each list that is taken in so.
    pub apart: Option<Uuid>,
}

/// An entry of a list, or everything that is wrong with its row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its row, from 1, as a spreadsheet counts.
    pub number: u64,
    /// The entry, or what is wrong.
    pub entry: Result<Entry, Vec<Fault>>,
    /// Whether it bears the id of its case.
    pub identified: bool,
    /// Whether the list was written by this program: it says of photographs what only an export knows.
    pub exported: bool,
}

/// The rows of a list.
pub struct Rows<'a, R> {
    reader: Reader<'a>,
    listener: Listener<'a>,
    source: Source<R>,
    before: Before,
    exported: bool,
}

enum Source<R> {
    Table(Box<Table<R>>),
    Lines(Box<Lines<R>>),
}

/// What was on the rows before.
#[derive(Default)]
struct Before {
    cases: HashSet<Uuid>,
    /// Of what is said without an id, how often it was said.
    said: HashMap<Uuid, u32>,
}

impl<'a> Reader<'a> {
    /// Begins to read.
    pub fn read<R: Read>(self, form: Form, from: R) -> Result<Rows<'a, R>, Vec<Fault>> {
        let fields = self.fields();
        let source = match form {
            Form::Table => Source::Table(Box::new(Table::open(from, &fields, self.options)?)),
            Form::Lines => Source::Lines(Box::new(Lines::open(from, &fields, self.options)?)),
        };
        let exported = match &source {
            Source::Table(table) => table.columns().iter().any(|c| c.taken == Taken::Field(PHOTOGRAPHS.to_owned())),
            Source::Lines(_) => false,
        };
        let listener = Listener::new(self.registry, self.who);
        Ok(Rows { reader: self, listener, source, before: Before::default(), exported })
    }

    /// Every column that is known.
    fn fields(&self) -> Vec<String> {
        let own = [CASE, PHOTOGRAPHS].into_iter().chain(self.photos.map(|_| PHOTO));
        let of = |f: &Field| [f.name().to_owned(), format!("{f}{HOW}"), format!("{f}{BY}")];
        own.map(str::to_owned).chain(Field::ALL.iter().flat_map(of)).collect()
    }

    /// The list's name without its extension: saved in another form it is the same list.
    fn stem(&self) -> &str {
        Path::new(self.list).file_stem().and_then(|s| s.to_str()).unwrap_or(self.list)
    }
}

impl<R: Read> Rows<'_, R> {
    /// How it is written.
    pub fn dialect(&self) -> String {
        match &self.source {
            Source::Table(table) => table.dialect().to_string(),
            Source::Lines(lines) => format!("JSON Lines, {}", lines.charset().name()),
        }
    }

    /// What each column was taken for: all of a table's, and of JSON Lines those so far.
    pub fn columns(&self) -> Vec<Arc<Column>> {
        match &self.source {
            Source::Table(table) => table.columns().to_vec(),
            Source::Lines(lines) => lines.columns(),
        }
    }

    fn line(&mut self, line: Line) -> Row {
        let number = line.number;
        let exported = line.object.contains_key(PHOTOGRAPHS) || line.object.contains_key("values");
        if line.object.contains_key("values") {
            let entry = full(line).and_then(|e| self.before.entry(number, e));
            return Row { number, entry, identified: true, exported };
        }
        let row = match &mut self.source {
            Source::Lines(lines) => lines.row(line),
            Source::Table(_) => Err(vec![]),
        };
        match row {
            Ok(row) => self.flat(&row, exported),
            Err(faults) => Row { number, entry: Err(faults), identified: false, exported },
        }
    }

    /// A row whose cells are texts.
    fn flat(&mut self, row: &list::Row, exported: bool) -> Row {
        let identified = row.field(CASE).is_some();
        let entry = self.entry(row).and_then(|e| self.before.entry(row.number, e));
        Row { number: row.number, entry, identified, exported }
    }

    fn entry(&mut self, row: &list::Row) -> Result<Entry, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut values = self.listener.values(row).unwrap_or_else(|f| {
            faults.extend(f);
            Values::new()
        });
        let mut case = None;
        let mut seen = Vec::new();
        for (name, text) in row.fields() {
            let mut wrong = |cause: String| faults.push(row.fault_of(name, cause));
            match name {
                CASE => match text.parse::<Uuid>() {
                    Ok(id) => case = Some(id),
                    Err(_) => wrong(format!("`{text}` is no id; leave it empty for a new case")),
                },
                PHOTOGRAPHS => places(text).map_or_else(&mut wrong, |p| seen.extend(p)),
                PHOTO => match self.reader.photos.map(|find| find(text)) {
                    Some(Ok(place)) => seen.push(place),
                    Some(Err(cause)) => wrong(cause),
                    None => {}
                },
                name => {
                    if let Err(cause) = known_by(name, text, &mut values) {
                        wrong(cause);
                    }
                }
            }
        }
        seen.dedup();
        if !faults.is_empty() {
            return Err(faults);
        }
        if values.is_empty() {
            return Err(vec![row.fault("says nothing of the case")]);
        }
        let case = case.unwrap_or_else(|| self.before.name(&self.reader, &values, &seen));
        let kept = row.cells.iter().any(|c| c.column.taken == Taken::Kept);
        if (kept || row.field(CASE).is_none()) && !values.contains_key(&Field::OriginalRow) {
            let text = original(self.reader.list, row.number, row.given()).map_err(|e| vec![row.fault(e.cause)])?;
            values.insert(Field::OriginalRow, self.listener.value(text));
        }
        Ok(Entry { case, places: seen, values })
    }
}

/// How a value is known, and who vouches for it, as columns of their own say.
fn known_by(name: &str, text: &str, values: &mut Values) -> Result<(), String> {
    if Field::named(name).is_some() {
        return Ok(());
    }
    let of = |suffix| name.strip_suffix(suffix).and_then(Field::named);
    let (how, by) = (of(HOW), of(BY));
    let Some(field) = how.or(by) else { return Ok(()) };
    let Some(value) = values.get_mut(&field) else {
        return Err(format!("{field} is empty, but it is said how it is known"));
    };
    match how {
        Some(_) => value.how = text.parse::<How>()?,
        None => text.clone_into(&mut value.by),
    }
    Ok(())
}

fn places(text: &str) -> Result<Vec<Place>, String> {
    text.split(';').map(str::trim).filter(|p| !p.is_empty()).map(str::parse).collect()
}

/// An entry that was written in full, its values checked as if they were typed.
fn full(line: Line) -> Result<Entry, Vec<Fault>> {
    let wrong = |cause: String| Fault::of_row(line.number, cause);
    let entry: Result<Entry, _> = serde_json::from_value(line.object.into());
    let mut entry = entry.map_err(|e| vec![wrong(e.to_string())])?;
    let mut faults = Vec::new();
    for (&field, value) in &mut entry.values {
        match fields::checked(field, &value.text) {
            Ok(text) => value.text = text,
            Err(e) => faults.push(wrong(e.cause).column(field.name())),
        }
    }
    match places(&written(&entry.places)) {
        Ok(places) => entry.places = places,
        Err(e) => faults.push(wrong(e)),
    }
    if entry.values.is_empty() {
        faults.push(wrong("says nothing of the case".into()));
    }
    if faults.is_empty() { Ok(entry) } else { Err(faults) }
}

impl Before {
    fn entry(&mut self, number: u64, entry: Entry) -> Result<Entry, Vec<Fault>> {
        if self.cases.insert(entry.case) {
            return Ok(entry);
        }
        Err(vec![Fault::of_row(number, format!("case {} was on an earlier row", entry.case))])
    }

    /// The id of a row that bears none: the same whenever the list is read again, and another for each row that says the same.
    fn name(&mut self, reader: &Reader, values: &Values, places: &[Place]) -> Uuid {
        let said = values.iter().filter(|(f, _)| **f != Field::OriginalRow);
        let texts: Vec<_> = said.map(|(f, v)| format!("{f}={}", v.text)).collect();
        let apart = reader.apart.map(|id| id.to_string()).unwrap_or_default();
        let says = format!("{}\n{apart}\n{}\n{}", reader.stem(), texts.join("\n"), written(places));
        let number = self.said.entry(Uuid::new_v5(&NAMESPACE, says.as_bytes())).or_insert(0);
        *number += 1;
        Uuid::new_v5(&NAMESPACE, format!("{says}\n{number}").as_bytes())
    }
}

impl<R: Read> Iterator for Rows<'_, R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let wrong = |faults: Vec<Fault>, exported| {
            let number = faults.iter().find_map(|f| f.row).unwrap_or_default();
            Row { number, entry: Err(faults), identified: false, exported }
        };
        let exported = self.exported;
        match &mut self.source {
            Source::Table(table) => Some(match table.next()? {
                Ok(row) => self.flat(&row, exported),
                Err(faults) => wrong(faults, exported),
            }),
            Source::Lines(lines) => Some(match lines.next()? {
                Ok(line) => self.line(line),
                Err(fault) => wrong(vec![fault], exported),
            }),
        }
    }
}
