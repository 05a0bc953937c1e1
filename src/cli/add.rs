//! `headstamp add`.

use super::args::AddArgs;
use super::entries::written_to;
use super::reading::{Found, Job, Readers};
use super::say::{say_passed, who};
use crate::catalogue::{Field, How, Value, Values, fields};
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::photo;
use crate::printable::shown;
use crate::reader::Want;
use crate::record::PhotoRecord;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Photographs, and time, after which what was read is written down: so much is read again after an interruption.
const WRITE_EVERY: usize = 32;
const WRITE_AFTER: Duration = Duration::from_secs(1);

pub(super) fn run(args: &AddArgs) -> Result<Status, Error> {
    let who = who(args.by.as_deref());
    let told = Told::new(args, &who)?;
    let readers = Readers::open(&args.reader, Purpose::Reading)?;
    let path = &args.catalogue;
    let mut catalogue = written_to(path)?;
    let photo::Found { photographs: found, passed_over } = photo::find(&args.paths);
    let held = catalogue.photographs().map_err(|e| e.at(path))?;
    let (new, skipped) = new_ones(found, held);
    let mut pending: Vec<(PhotoRecord, Values)> = Vec::new();
    let (mut added, mut written_at) = (0, Instant::now());
    let job = Job { doing: "adding", want: Want::Proposals(args.top.into()), annotate: None };
    let finished = readers.read(&new, &job, |outcome| {
        let values = told.of(Path::new(&outcome.record.photo));
        pending.push((outcome.record, values));
        if pending.len() >= WRITE_EVERY || written_at.elapsed() > WRITE_AFTER {
            added += catalogue.add(&pending).map_err(|e| e.at(path))?;
            pending.clear();
            written_at = Instant::now();
        }
        Ok(())
    })?;
    added += catalogue.add(&pending).map_err(|e| e.at(path))?;
    let counts = catalogue.counts().map_err(|e| e.at(path))?;
    anstream::eprintln!(
        "{added} photographs added, {skipped} held already, {} could not be read; {} heads wait for review",
        finished.failed,
        counts.pending
    );
    say_passed(&passed_over);
    told.warn_unused();
    Ok(finished.status())
}

/// Those whose content is not held, each content once; and how many there were beside.
fn new_ones(found: Vec<Found>, mut held: HashSet<String>) -> (Vec<Found>, usize) {
    // what cannot be read here will say so when it is read
    let hash = |f: &Found| f.as_ref().ok().and_then(|path| photo::sha256(path).ok());
    let hashes: Vec<Option<String>> = found.par_iter().map(hash).collect();
    let count = found.len();
    let new: Vec<_> = found
        .into_iter()
        .zip(hashes)
        .filter(|(_, h)| h.as_ref().is_none_or(|h| held.insert(h.clone())))
        .map(|(f, _)| f)
        .collect();
    let skipped = count - new.len();
    (new, skipped)
}

/// What was told of photographs when they were added.
struct Told {
    all: Values,
    rows: Vec<Row>,
    /// Rows by the last name of their paths, under which photographs and folders look for theirs.
    by_name: HashMap<Option<OsString>, Vec<usize>>,
    used: std::cell::RefCell<HashSet<usize>>,
}

/// A row of the file of fields: a file, or a folder with all that is in it.
struct Row {
    line: u64,
    is_folder: bool,
    path: PathBuf,
    values: Values,
}

impl Told {
    fn new(args: &AddArgs, who: &str) -> Result<Self, Error> {
        let value = |text: String| Value { text, how: How::Told, by: who.to_owned() };
        let all = args.set.iter().map(|(f, t)| (*f, value(t.clone()))).collect();
        let rows = args.fields.as_deref().map(|file| rows(file, value)).transpose()?.unwrap_or_default();
        Ok(Self::of_rows(all, rows))
    }

    fn of_rows(all: Values, rows: Vec<Row>) -> Self {
        let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
        for (n, row) in rows.iter().enumerate() {
            by_name.entry(last_name(&row.path)).or_default().push(n);
        }
        Self { all, rows, by_name, used: Default::default() }
    }

    /// The values of a photograph: those of its own row, then of the innermost folder outward, then those for all.
    fn of(&self, photo: &Path) -> Values {
        let mut values = self.all.clone();
        let named = |path: &Path| self.by_name.get(&last_name(path)).into_iter().flatten().copied();
        let own = named(photo).filter(|&n| !self.rows[n].is_folder && photo.ends_with(&self.rows[n].path));
        let folders = photo.ancestors().skip(1);
        let around = folders.flat_map(|folder| {
            // a row without a name is of every folder
            let rows = named(folder).chain(self.by_name.get(&None).into_iter().flatten().copied());
            rows.filter(move |&n| self.rows[n].is_folder && folder.ends_with(&self.rows[n].path))
        });
        let mut matching: Vec<usize> = own.chain(around).collect();
        let within = |n: &usize| (!self.rows[*n].is_folder, self.rows[*n].path.components().count(), *n);
        matching.sort_by_key(within);
        matching.dedup();
        for n in matching {
            self.used.borrow_mut().insert(n);
            values.extend(self.rows[n].values.clone());
        }
        values
    }

    fn warn_unused(&self) {
        for (n, row) in self.rows.iter().enumerate() {
            if !self.used.borrow().contains(&n) {
                anstream::eprintln!(
                    "fields, line {}: no photograph that was added is `{}`",
                    row.line,
                    shown(&row.path)
                );
            }
        }
    }
}

fn last_name(path: &Path) -> Option<OsString> {
    path.components().next_back().map(|name| name.as_os_str().to_owned())
}

/// Reads the file of fields; everything that is wrong with it is told at once.
fn rows(file: &Path, value: impl Fn(String) -> Value) -> Result<Vec<Row>, Error> {
    let refuse = |causes: Vec<String>| Error::Needed {
        what: format!("fields {}", file.display()),
        cause: causes.join("\n  "),
        hint: Some("the columns are `file` or `folder`, and fields such as site, date_found, calibre".into()),
    };
    let mut table =
        csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_path(file).map_err(|e| refuse(vec![e.to_string()]))?;
    let head = table.headers().map_err(|e| refuse(vec![e.to_string()]))?.clone();
    let mut columns: BTreeMap<usize, Field> = BTreeMap::new();
    let (mut causes, mut rows) = (Vec::new(), Vec::new());
    for (n, name) in head.iter().enumerate() {
        match name {
            "file" | "folder" => {}
            name => match name.parse() {
                Ok(field) => drop(columns.insert(n, field)),
                Err(e) => causes.push(format!("line 1: {e}")),
            },
        }
    }
    let place = |name: &str| head.iter().position(|h| h == name);
    let (of_file, of_folder) = (place("file"), place("folder"));
    if of_file.is_none() && of_folder.is_none() {
        causes.push("line 1: there is no column `file` and no column `folder`".into());
    }
    for record in table.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                causes.push(e.to_string());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |n: Option<usize>| n.and_then(|n| record.get(n)).map(str::trim).filter(|t| !t.is_empty());
        let (is_folder, path) = match (cell(of_file), cell(of_folder)) {
            (Some(path), _) => (false, path),
            (None, Some(path)) => (true, path.trim_end_matches(['/', '\\'])),
            (None, None) => {
                causes.push(format!("line {line}: names no file and no folder"));
                continue;
            }
        };
        let mut values = Values::new();
        for (&n, &field) in &columns {
            match cell(Some(n)).map(|text| fields::checked(field, text)) {
                Some(Ok(text)) => drop(values.insert(field, value(text))),
                Some(Err(e)) => causes.push(format!("line {line}: {e}")),
                None => {}
            }
        }
        rows.push(Row { line, is_folder, path: PathBuf::from(path.replace('\\', "/")), values });
    }
    if causes.is_empty() { Ok(rows) } else { Err(refuse(causes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_row_goes_before_those_around_it() {
        let row = |is_folder, path: &str, site: &str| {
            let value = Value { text: site.into(), how: How::Told, by: "Ada".into() };
            Row { line: 1, is_folder, path: path.into(), values: Values::from([(Field::Site, value)]) }
        };
        let rows = vec![
            row(false, "a.jpg", "file"),
            row(false, "in/b.jpg", "file in a folder"),
            row(true, "in", "inner"),
            row(true, "out/in", "inner of outer"),
            row(true, "out", "outer"),
            row(true, "", "everywhere"),
            row(true, "a.jpg", "a folder of that name"),
        ];
        let told = Told::of_rows(Values::new(), rows);
        for (photo, site) in [
            ("x/a.jpg", "file"),
            ("in/a.jpg", "file"),
            ("out/in/b.jpg", "file in a folder"),
            ("in/c.jpg", "inner"),
            ("out/in/c.jpg", "inner of outer"),
            ("out/x/y/c.jpg", "outer"),
            ("a.jpg/c.jpg", "a folder of that name"),
            ("x/c.jpg", "everywhere"),
            ("x/b.jpg", "everywhere"),
        ] {
            assert_eq!(told.of(Path::new(photo))[&Field::Site].text, site, "{photo}");
        }
        assert_eq!(told.used.borrow().len(), 7);
    }
}
