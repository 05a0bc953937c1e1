//! `headstamp add`.

use super::args::AddArgs;
use super::progress::Progress;
use super::read::{open, quiet_readers, threads};
use super::{complain, stop};
use crate::batch::{self, Ending};
use crate::catalogue::{Catalogue, CatalogueError, Field, How, Value, Values, fields};
use crate::confidence::Purpose;
use crate::error::{Error, PhotoError, Status};
use crate::photo;
use crate::pipeline::Pipeline;
use crate::reader::ReadOptions;
use crate::record::PhotoRecord;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Photographs, and time, after which what was read is written down: so much is read again after an interruption.
const WRITE_EVERY: usize = 32;
const WRITE_AFTER: Duration = Duration::from_secs(1);

pub fn run(args: &AddArgs) -> Result<Status, Error> {
    let who = super::who(args.by.as_deref());
    let told = Told::new(args, &who)?;
    let knowledge = open(&args.reader, Purpose::Reading)?;
    quiet_readers();
    let path = &args.catalogue;
    let mut catalogue = Catalogue::open_or_create(path).map_err(|e| e.at(path))?;
    let stop = stop::on_interrupt();
    let found = photo::find(&args.paths);
    let held = catalogue.photographs().map_err(|e| e.at(path))?;
    let (new, skipped) = new_ones(found, held);
    let mut progress = Progress::new(new.len() as u64, args.reader.quiet, "adding");
    let name = knowledge.models.name();
    let options = batch::Options {
        threads: threads(&args.reader),
        read: ReadOptions { top: usize::from(args.top) },
        model: &name,
        annotate: None,
    };
    let mut pending: Vec<(PhotoRecord, Values)> = Vec::new();
    let (mut added, mut failed, mut written_at) = (0, 0usize, Instant::now());
    let mut written = Ok(());
    let reader = || Pipeline::new(Arc::clone(&knowledge));
    let ending = batch::run(&new, reader, &options, stop, |outcome| {
        progress.aside(|| outcome.errors.iter().for_each(|e| complain(e)));
        failed += usize::from(!outcome.errors.is_empty());
        progress.step(!outcome.errors.is_empty());
        let values = told.of(Path::new(&outcome.record.photo));
        pending.push((outcome.record, values));
        if pending.len() >= WRITE_EVERY || written_at.elapsed() > WRITE_AFTER {
            written = catalogue.add(&pending).map(|n| added += n);
            pending.clear();
            written_at = Instant::now();
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    drop(progress);
    let rest = written.and_then(|()| catalogue.add(&pending)).map_err(|e: CatalogueError| e.at(path))?;
    let total = added + rest;
    let counts = catalogue.counts().map_err(|e| e.at(path))?;
    anstream::eprintln!(
        "{total} photographs added, {skipped} held already, {failed} could not be read; {} heads wait for review",
        counts.pending
    );
    told.warn_unused();
    Ok(match ending {
        Ending::Interrupted => Status::Interrupted,
        _ if failed > 0 => Status::SomeFailed,
        _ => Status::Done,
    })
}

type Found = Result<PathBuf, PhotoError>;

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
        Ok(Self { all, rows, used: Default::default() })
    }

    /// The values of a photograph: those of its own row, then of the innermost folder outward, then those for all.
    fn of(&self, photo: &Path) -> Values {
        let mut values = self.all.clone();
        let matching = self.rows.iter().enumerate().filter(|(_, r)| {
            if r.is_folder {
                photo.parent().is_some_and(|p| p.ancestors().any(|a| a.ends_with(&r.path)))
            } else {
                photo.ends_with(&r.path)
            }
        });
        let mut matching: Vec<_> = matching.collect();
        matching.sort_by_key(|(_, r)| (!r.is_folder, r.path.components().count()));
        for (n, row) in matching {
            self.used.borrow_mut().insert(n);
            values.extend(row.values.clone());
        }
        values
    }

    fn warn_unused(&self) {
        for (n, row) in self.rows.iter().enumerate() {
            if !self.used.borrow().contains(&n) {
                anstream::eprintln!(
                    "fields, line {}: no photograph that was added is `{}`",
                    row.line,
                    row.path.display()
                );
            }
        }
    }
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
