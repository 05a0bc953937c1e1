//! `headstamp check`.

use super::args::CheckArgs;
use super::entries::{originals, readable, texts};
use super::lists::List;
use super::reading::{Job, Readers, named, registry};
use super::say::{json_line, unwritten, who};
use crate::catalogue::listed::{Form, Reader, Row};
use crate::catalogue::transfer::flat;
use crate::catalogue::{CatalogueError, Columns, Entry, Field, Place};
use crate::check::{self, Entries, Finding, LIKELY, Reason, Seen, Signal, Subject, looked_at, settled, twice};
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::list::Faults;
use crate::photo::Named;
use crate::printable::printable;
use crate::reader::Want;
use crate::record::PhotoRecord;
use crate::registry::Registry;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// How probable it is that a row is wrong which cannot be understood: something in it has to be put right.
const NOT_UNDERSTOOD: f64 = 0.95;
/// Proposals that an entry is held against.
const COMPARED: usize = 5;
/// Fields that a line shows of an entry.
const FIELDS: [Field; 4] = [Field::Headstamp, Field::Calibre, Field::Country, Field::Year];

/// What is checked, as it is told.
struct Checked {
    /// Its row, in a list.
    row: Option<u64>,
    /// The photograph, as the list names it, or as it was added.
    photo: Option<String>,
    /// The entry; none of a row that cannot be understood.
    entry: Option<Entry>,
    found: Finding,
    /// What a person made of it, doubted as it is.
    settled: Option<Settled>,
}

/// What a person made of an entry that is doubted.
#[derive(Serialize)]
struct Settled {
    outcome: &'static str,
    who: String,
    at: String,
}

pub(super) fn run(args: &CheckArgs) -> Result<Status, Error> {
    let registry = registry(&args.reader.registry)?;
    let (mut all, status) = match (&args.catalogue, &args.entries, &args.photos) {
        (Some(catalogue), None, photos) => {
            if !args.list.is_empty() {
                return Err(Error::Usage("what is said of a list has no effect with --catalogue".into()));
            }
            of_catalogue(args, catalogue, photos.as_deref(), &registry)?
        }
        (None, Some(list), Some(photos)) => of_list(args, list, photos, &registry)?,
        _ => return Err(Error::Usage("name a --catalogue, or --entries with their --photos".into())),
    };
    // what a person has settled comes last
    all.sort_by(|a, b| {
        (a.settled.is_some(), b.found.wrong)
            .partial_cmp(&(b.settled.is_some(), a.found.wrong))
            .unwrap_or(Ordering::Equal)
    });
    let settled = all.iter().filter(|c| c.settled.is_some()).count();
    let mut out = BufWriter::new(anstream::AutoStream::auto(io::stdout()));
    let likely = all.iter().filter(|c| c.settled.is_none() && c.found.wrong >= LIKELY).count();
    match (args.json, args.csv) {
        (true, _) => all.iter().enumerate().try_for_each(|(n, c)| json_line(&mut out, &told(n + 1, c))),
        (_, true) => table(&mut out, &all),
        _ => {
            let most = args.top.unwrap_or(u32::MAX) as usize;
            all.iter().take(likely.min(most)).try_for_each(|c| writeln!(out, "{}", line(c)))
        }
    }
    .and_then(|()| out.flush())
    .map_err(unwritten)?;
    let before = if settled > 0 { format!("; {settled} more were settled by people before") } else { String::new() };
    anstream::eprintln!("{} entries checked, {likely} of them may be wrong{before}", all.len());
    Ok(status)
}

/// An entry in a line: how probable it is that it is wrong, its photograph, what it says, and why.
fn line(checked: &Checked) -> String {
    let row = checked.row.map(|row| format!("row {row}"));
    let photo = checked.photo.clone().or(row).or_else(|| checked.entry.as_ref().map(|e| e.case.to_string()));
    let says = checked.entry.as_ref().map(|e| texts(&e.values, &FIELDS)).unwrap_or_default();
    let why = why(&checked.found);
    printable(&format!("{:.2}  {}  {says}  {why}", checked.found.wrong, photo.unwrap_or_default()))
}

/// All reasons in a line.
fn why(found: &Finding) -> String {
    found.reasons.iter().map(|r| r.text.as_str()).collect::<Vec<_>>().join(" | ")
}

/// An entry as it is told to programs.
#[derive(Serialize)]
struct Told<'c> {
    schema: u32,
    rank: usize,
    wrong: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    photo: Option<&'c str>,
    entry: Option<serde_json::Value>,
    reasons: &'c [Reason],
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<&'c Settled>,
}

fn told(rank: usize, checked: &Checked) -> Told<'_> {
    let entry = checked.entry.as_ref().map(|e| flat(Columns::Public, e));
    let Finding { wrong, reasons, .. } = &checked.found;
    Told {
        schema: 1,
        rank,
        wrong: *wrong,
        row: checked.row,
        photo: checked.photo.as_deref(),
        entry,
        reasons,
        settled: checked.settled.as_ref(),
    }
}

/// All entries as a table.
fn table(out: &mut dyn Write, all: &[Checked]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let mut head = vec!["wrong".to_owned(), "photo".into(), "row".into(), "case".into()];
    head.extend(FIELDS.iter().map(Field::to_string));
    head.extend(["signal", "reason", "instead", "settled"].map(str::to_owned));
    table.write_record(&head)?;
    for Checked { row, photo, entry, found, settled } in all {
        let of = |f: &Field| entry.as_ref().and_then(|e| e.values.get(f)).map(|v| v.text.clone()).unwrap_or_default();
        let mut cells = vec![format!("{:.4}", found.wrong), photo.clone().unwrap_or_default()];
        cells.push(row.map(|r| r.to_string()).unwrap_or_default());
        cells.push(entry.as_ref().map(|e| e.case.to_string()).unwrap_or_default());
        cells.extend(FIELDS.iter().map(of));
        let first = found.reasons.first();
        cells.push(first.map(|r| r.signal.name().to_owned()).unwrap_or_default());
        cells.push(why(found));
        cells.push(first.and_then(|r| r.instead.clone()).unwrap_or_default());
        cells.push(settled.as_ref().map(|s| s.outcome.to_owned()).unwrap_or_default());
        table.write_record(cells.iter().map(|c| crate::list::safe(c)))?;
    }
    table.flush()
}

/// The entries of a catalogue, against what was read of their photographs; of those that it does not hold, by reading them.
fn of_catalogue(
    args: &CheckArgs,
    path: &Path,
    photos: Option<&Path>,
    registry: &Registry,
) -> Result<(Vec<Checked>, Status), Error> {
    let catalogue = readable(path)?;
    let failed = |e: CatalogueError| e.at(path);
    let entries = Entries::of(&catalogue).map_err(failed)?;
    let (mut read, mut status) = (HashMap::new(), Status::Done);
    let found = originals(photos);
    if let Some(files) = &found {
        let unread = entries.unread();
        let wanted = unread.iter().filter_map(|hash| Some(files.with_content(hash)?.to_path_buf()));
        (read, status) = read_all(args, wanted.collect())?;
    }
    let by_hash: HashMap<&str, &PhotoRecord> = read.values().filter_map(|r| Some((r.sha256.as_deref()?, r))).collect();
    let mut all = Vec::new();
    for check::Checked { photo, subject, found } in entries.checked(found.as_ref(), &by_hash, registry) {
        // what somebody said of an entry that is doubted stands until the entry says something else
        let settled = if found.wrong < LIKELY { None } else { settled(&catalogue, &subject.entry).map_err(failed)? };
        let settled =
            settled.map(|(decision, outcome)| Settled { outcome: outcome.name(), who: decision.who, at: decision.at });
        all.push(Checked { row: None, photo, entry: Some(subject.entry), found, settled });
    }
    Ok((all, status))
}

/// The rows of a list, against their photographs, which are read for it.
fn of_list(args: &CheckArgs, path: &Path, photos: &Path, registry: &Registry) -> Result<(Vec<Checked>, Status), Error> {
    let by = |ending: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
    let list = if by("xlsx") { List::of_workbook(path, "entries")? } else { List::open(path, "entries")? };
    let form = if by("jsonl") || by("ndjson") { Form::Lines } else { Form::Table };
    let (name, who, mut options) = (list.name(), who(None), args.list.options());
    // what is no field does not matter here
    options.keep_columns = true;
    // rows keep what they call their photograph; what is missing is a finding, and no reason to stop
    let as_named = |name: &str| Ok(Place { photo: name.to_owned(), head: None });
    let reader = Reader { list: &name, who: &who, options: &options, registry, photos: Some(&as_named), apart: None };
    let rows: Vec<Row> = match reader.read(form, list.rewound()?) {
        Ok(rows) => rows.collect(),
        Err(faults) => {
            let mut all = Faults::default();
            all.extend(faults);
            list.complain(&all);
            return Err(Error::Needed {
                what: format!("entries {}", path.display()),
                cause: "it cannot be understood".into(),
                hint: None,
            });
        }
    };
    let named = named(photos);
    let mut found: Vec<Option<Result<PathBuf, String>>> = Vec::with_capacity(rows.len());
    for row in &rows {
        let place = row.entry.as_ref().ok().and_then(|e| e.places.first());
        found.push(place.map(|p| located(&named, &p.photo).map(|at| named.paths()[at].clone())));
    }
    let wanted: BTreeSet<PathBuf> = found.iter().flatten().filter_map(|f| f.as_ref().ok().cloned()).collect();
    let (read, status) = read_all(args, wanted.into_iter().collect())?;
    // one picture in two files is one
    let of = |path: &PathBuf| {
        read.get(path).map(|r| r.same_as.clone().or_else(|| r.sha256.clone()).unwrap_or_else(|| r.photo.clone()))
    };
    let places = rows.iter().zip(&found).map(|(row, f)| {
        let head = row.entry.as_ref().ok().and_then(|e| said_head(&e.places.first()?.photo));
        Some((of(f.as_ref()?.as_ref().ok()?)?, head))
    });
    let heads: HashMap<String, usize> = read.iter().filter_map(|(path, r)| Some((of(path)?, r.heads.len()))).collect();
    let twice = twice(places.collect(), &heads, |n| format!("row {}", rows[n].number));
    let (mut subjects, mut numbers, mut all) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    for ((row, found), twice) in rows.into_iter().zip(found).zip(twice) {
        let entry = match row.entry {
            Ok(entry) => entry,
            Err(faults) => {
                let text = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                let reason = Reason { signal: Signal::Row, wrong: NOT_UNDERSTOOD, text, instead: None };
                let found = Finding { wrong: NOT_UNDERSTOOD, reasons: vec![reason], features: None };
                all.push(Checked { row: Some(row.number), photo: None, entry: None, found, settled: None });
                continue;
            }
        };
        let photo = entry.places.first().map(|p| p.photo.clone());
        let seen = match found {
            None => Seen::NoPhoto,
            Some(Err(why)) => Seen::Missing(why),
            Some(Ok(path)) => match read.get(&path) {
                Some(record) => Seen::on(record, photo.as_deref().and_then(said_head)),
                None => Seen::Missing(format!("{} was not read", path.display())),
            },
        };
        numbers.push(row.number);
        subjects.push((photo, Subject { entry, seen, twice }));
    }
    let looked = looked_at(subjects, registry).into_iter().zip(numbers);
    all.extend(looked.map(|(check::Checked { photo, subject, found }, row)| Checked {
        row: Some(row),
        photo,
        entry: Some(subject.entry),
        found,
        settled: None,
    }));
    Ok((all, status))
}

/// The photograph that a row names, with or without which of its heads it means.
fn located(named: &Named, name: &str) -> Result<usize, String> {
    named.find(name).or_else(|e| match name.rsplit_once('#') {
        Some((photo, _)) if said_head(name).is_some() => named.find(photo).map_err(|e| e.to_string()),
        _ => Err(e.to_string()),
    })
}

/// Which head of its photograph a row means, where it says so after `#`.
fn said_head(name: &str) -> Option<u32> {
    name.rsplit_once('#')?.1.parse().ok()
}

/// Reads photographs, each head by itself; by path.
fn read_all(args: &CheckArgs, paths: Vec<PathBuf>) -> Result<(HashMap<PathBuf, PhotoRecord>, Status), Error> {
    if paths.is_empty() {
        return Ok((HashMap::new(), Status::Done));
    }
    let readers = Readers::open(&args.reader, Purpose::Reading)?;
    let found: Vec<_> = paths.into_iter().map(Ok).collect();
    let job = Job { doing: "reading", want: Want::Proposals(COMPARED), annotate: None };
    let mut read = HashMap::new();
    let finished = readers.read(&found, &job, |outcome| {
        read.insert(PathBuf::from(&outcome.record.photo), outcome.record);
        Ok(())
    })?;
    Ok((read, finished.status()))
}
