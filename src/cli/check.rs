//! `headstamp check`.

use super::args::CheckArgs;
use super::entries::{readable, texts};
use super::lists::List;
use super::reading::{Job, Readers, named, registry};
use super::say::{complain, json_line, unwritten, who};
use crate::catalogue::listed::{Form, Reader, Row};
use crate::catalogue::originals::{Original, Originals};
use crate::catalogue::readings::Held;
use crate::catalogue::transfer::flat;
use crate::catalogue::{CatalogueError, Columns, Entry, Field, Place};
use crate::check::{Checker, Finding, Glance, Reason, Seen, Signal, Subject};
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::list::Faults;
use crate::photo::Named;
use crate::printable::printable;
use crate::reader::Want;
use crate::record::PhotoRecord;
use crate::registry::Registry;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// How probable it is that a row is wrong which cannot be understood: something in it has to be put right.
const NOT_UNDERSTOOD: f64 = 0.95;
/// Proposals that an entry is held against.
const COMPARED: usize = 5;
/// Entries less likely wrong than this are left out of the table.
const SHOWN: f64 = 0.1;
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
    all.sort_by(|a, b| b.found.wrong.total_cmp(&a.found.wrong));
    let mut out = BufWriter::new(anstream::AutoStream::auto(io::stdout()));
    let likely = all.iter().filter(|c| c.found.wrong >= SHOWN).count();
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
    anstream::eprintln!("{} entries checked, {likely} of them may be wrong", all.len());
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
}

fn told(rank: usize, checked: &Checked) -> Told<'_> {
    let entry = checked.entry.as_ref().map(|e| flat(Columns::Public, e));
    let Finding { wrong, reasons, .. } = &checked.found;
    Told { schema: 1, rank, wrong: *wrong, row: checked.row, photo: checked.photo.as_deref(), entry, reasons }
}

/// All entries as a table.
fn table(out: &mut dyn Write, all: &[Checked]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let mut head = vec!["wrong".to_owned(), "photo".into(), "row".into(), "case".into()];
    head.extend(FIELDS.iter().map(Field::to_string));
    head.extend(["signal", "reason", "instead"].map(str::to_owned));
    table.write_record(&head)?;
    for Checked { row, photo, entry, found } in all {
        let of = |f: &Field| entry.as_ref().and_then(|e| e.values.get(f)).map(|v| v.text.clone()).unwrap_or_default();
        let mut cells = vec![format!("{:.4}", found.wrong), photo.clone().unwrap_or_default()];
        cells.push(row.map(|r| r.to_string()).unwrap_or_default());
        cells.push(entry.as_ref().map(|e| e.case.to_string()).unwrap_or_default());
        cells.extend(FIELDS.iter().map(of));
        let first = found.reasons.first();
        cells.push(first.map(|r| r.signal.name().to_owned()).unwrap_or_default());
        cells.push(why(found));
        cells.push(first.and_then(|r| r.instead.clone()).unwrap_or_default());
        table.write_record(cells.iter().map(|c| crate::list::safe(c)))?;
    }
    table.flush()
}

/// Looks at each, all known at a glance.
fn looked_at(subjects: Vec<(Option<u64>, Option<String>, Subject)>, registry: &Registry) -> Vec<Checked> {
    let glances: Vec<Glance> = subjects.iter().map(|(_, _, s)| Glance::of(&s.entry.values)).collect();
    let checker = Checker::of(&glances, registry);
    let look = |(row, photo, subject): (Option<u64>, Option<String>, Subject)| {
        let found = checker.check(&subject);
        Checked { row, photo, entry: Some(subject.entry), found }
    };
    subjects.into_par_iter().map(look).collect()
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
    let mut entries: Vec<Entry> = Vec::new();
    catalogue
        .entries(|entry| {
            entries.push(entry);
            Ok(())
        })
        .map_err(failed)?;
    let mut held: Vec<Option<Held>> = Vec::with_capacity(entries.len());
    for entry in &entries {
        held.push(entry.places.first().map(|p| catalogue.held_at(p)).transpose().map_err(failed)?.flatten());
    }
    let places = entries.iter().map(|e| e.places.first().map(|p| (p.photo.clone(), p.head))).collect();
    let twice = twice(places, &HashMap::new(), |n| entries[n].case.to_string());
    let (mut read, mut status, mut originals) = (HashMap::new(), Status::Done, None);
    if let Some(folder) = photos {
        let unread: HashSet<&str> = entries
            .iter()
            .zip(&held)
            .filter(|(_, h)| h.is_none())
            .filter_map(|(e, _)| Some(e.places.first()?.photo.as_str()))
            .collect();
        let files = Originals::of(folder);
        files.unreadable().iter().for_each(|e| complain(e));
        let wanted = unread.iter().filter_map(|hash| Some(files.with_content(hash)?.to_path_buf()));
        (read, status) = read_all(args, wanted.collect())?;
        originals = Some(files);
    }
    let by_hash: HashMap<&str, &PhotoRecord> = read.values().filter_map(|r| Some((r.sha256.as_deref()?, r))).collect();
    let all: HashSet<String> = entries.iter().flat_map(|e| &e.places).map(|p| p.photo.clone()).collect();
    let mut subjects = Vec::with_capacity(entries.len());
    for ((entry, held), twice) in entries.into_iter().zip(held).zip(twice) {
        let (mut photo, mut seen) = (None, Seen::NoPhoto);
        if let Some(place) = entry.places.first() {
            let name = held.as_ref().map(|h| h.path.clone());
            seen = match (held, by_hash.get(place.photo.as_str())) {
                (Some(held), _) if held.heads.is_empty() => Seen::Nothing(held.reason.unwrap_or_default()),
                (Some(held), _) => Seen::Heads(held.heads),
                (None, Some(record)) => shown(record, place.head),
                (None, None) => Seen::NoPhoto,
            };
            if let Some(originals) = &originals {
                let became = originals.look_for(&place.photo, Path::new(name.as_deref().unwrap_or_default()), &all);
                seen = match became {
                    Original::Unaltered => seen,
                    Original::Altered(file) => Seen::Altered(file.display().to_string()),
                    Original::CannotBeRead(e) => Seen::Missing(e.message),
                    Original::Gone => Seen::Missing("no file has its content or its name".into()),
                };
            }
            photo = Some(name.unwrap_or_else(|| place.to_string()));
        }
        subjects.push((None, photo, Subject { entry, seen, twice }));
    }
    Ok((looked_at(subjects, registry), status))
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
    let (mut subjects, mut all) = (Vec::with_capacity(rows.len()), Vec::new());
    for ((row, found), twice) in rows.into_iter().zip(found).zip(twice) {
        let entry = match row.entry {
            Ok(entry) => entry,
            Err(faults) => {
                let text = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                let reason = Reason { signal: Signal::Row, wrong: NOT_UNDERSTOOD, text, instead: None };
                let found = Finding { wrong: NOT_UNDERSTOOD, reasons: vec![reason], features: None };
                all.push(Checked { row: Some(row.number), photo: None, entry: None, found });
                continue;
            }
        };
        let photo = entry.places.first().map(|p| p.photo.clone());
        let seen = match found {
            None => Seen::NoPhoto,
            Some(Err(why)) => Seen::Missing(why),
            Some(Ok(path)) => match read.get(&path) {
                Some(record) => shown(record, photo.as_deref().and_then(said_head)),
                None => Seen::Missing(format!("{} was not read", path.display())),
            },
        };
        subjects.push((Some(row.number), photo, Subject { entry, seen, twice }));
    }
    all.extend(looked_at(subjects, registry));
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

/// What a photograph that was read shows of an entry.
fn shown(record: &PhotoRecord, head: Option<u32>) -> Seen {
    if let Some(error) = &record.error {
        return Seen::Missing(error.message.clone());
    }
    let heads = match head {
        Some(head) => record.heads.get(head as usize).cloned().into_iter().collect(),
        None => record.heads.clone(),
    };
    if heads.is_empty() {
        return Seen::Nothing(record.reason.clone().unwrap_or_else(|| "it has no such head".into()));
    }
    Seen::Heads(heads)
}

/// Of each entry another that is at the same place; a photograph that bears several heads may be named as often.
fn twice(
    places: Vec<Option<(String, Option<u32>)>>,
    heads: &HashMap<String, usize>,
    name: impl Fn(usize) -> String,
) -> Vec<Option<String>> {
    let mut at: BTreeMap<&(String, Option<u32>), Vec<usize>> = BTreeMap::new();
    for (n, place) in places.iter().enumerate() {
        if let Some(place) = place {
            at.entry(place).or_default().push(n);
        }
    }
    let other = |n: usize| {
        let place = places[n].as_ref()?;
        let all = at.get(place)?;
        let room = if place.1.is_some() { 1 } else { heads.get(&place.0).copied().unwrap_or(1).max(1) };
        let other = all.iter().find(|m| **m != n).filter(|_| all.len() > room)?;
        Some(name(*other))
    };
    (0..places.len()).map(other).collect()
}
