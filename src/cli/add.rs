//! `headstamp add`.

use super::args::AddArgs;
use super::entries::written_to;
use super::lists::{self, List};
use super::reading::{Found, Job, Readers, registry};
use super::say::{say_passed, unwritten, warn, who};
use crate::catalogue::told::{Reader, Told};
use crate::catalogue::{Catalogue, How, Value, Values};
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::photo::{self, Named, Photo};
use crate::pipeline::ReadHead;
use crate::printable::printable;
use crate::reader::{Reading, Want};
use crate::record::{HeadRecord, PhotoRecord};
use crate::review::groups::Look;
use crate::strip;
use rayon::prelude::*;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Most photographs that are named one by one.
const MOST_NAMED: usize = 5;
/// Photographs, and time, after which what was read is written down: so much is read again after an interruption.
const WRITE_EVERY: usize = 32;
const WRITE_AFTER: Duration = Duration::from_secs(1);

pub(super) fn run(args: &AddArgs) -> Result<Status, Error> {
    let who = who(args.by.as_deref());
    if args.fields.is_none() && !args.list.is_empty() {
        return Err(Error::Usage("what is said of a list has no effect without --fields".into()));
    }
    let photo::Found { photographs: found, passed_over } = photo::find(&args.paths);
    let hashes = hashes(&found);
    // what is wrong with the list is told before anything is read or made
    let told = told(args, &who, &found, &hashes)?;
    if args.dry_run {
        return show(&told, &found);
    }
    let readers = Readers::open(&args.reader, Purpose::Reading)?;
    let path = &args.catalogue;
    let mut catalogue = written_to(path)?;
    let held = catalogue.photographs().map_err(|e| e.at(path))?;
    let too_late = too_late(&told, &found, &hashes, &held);
    let (new, skipped) = new_ones(found, hashes, held);
    let mut pending: Vec<(PhotoRecord, Values, Vec<Vec<u8>>)> = Vec::new();
    let (mut added, mut written_at) = (0, Instant::now());
    let job = Job { doing: "adding", want: Want::Proposals(args.top.into()), annotate: None };
    let mut put = |catalogue: &mut Catalogue, pending: &mut Vec<(PhotoRecord, Values, Vec<Vec<u8>>)>| {
        let all = pending.iter().map(|(record, values, looks)| (record, values, looks.as_slice()));
        let count = catalogue.add_seen(all).map_err(|e| e.at(path))?;
        pending.clear();
        added += count;
        Ok(())
    };
    let finished = readers.read_keeping(&new, &job, looks, |outcome| {
        let values = told.of(Path::new(&outcome.record.photo));
        pending.push((outcome.record, values, outcome.beside.unwrap_or_default()));
        if pending.len() >= WRITE_EVERY || written_at.elapsed() > WRITE_AFTER {
            put(&mut catalogue, &mut pending)?;
            written_at = Instant::now();
        }
        Ok(())
    })?;
    put(&mut catalogue, &mut pending)?;
    let counts = catalogue.counts().map_err(|e| e.at(path))?;
    anstream::eprintln!(
        "{added} photographs added, {skipped} held already, {} could not be read; {} heads wait for review",
        finished.failed,
        counts.pending
    );
    if !too_late.is_empty() {
        let more = if too_late.len() > MOST_NAMED { ", …" } else { "" };
        let names: Vec<_> = too_late.iter().take(MOST_NAMED).map(|p| p.display().to_string()).collect();
        warn(&format!(
            "what the list says of {} photographs was not taken in now, since they are held already: {}{more}; correct their \
             entries by reviewing them, or by an import of rows with their ids",
            too_late.len(),
            names.join(", ")
        ));
    }
    say_passed(&passed_over);
    Ok(finished.status())
}

/// What the heads of a photograph look like, for groups of like heads.
fn looks(photo: &Photo, reading: &Reading, _: Vec<ReadHead>) -> Vec<Vec<u8>> {
    let look = |head: &HeadRecord| Look::of(&strip::unwrap(&photo.luma, &head.ellipse));
    reading.heads.iter().map(|head| look(head).map(|l| l.kept().to_vec()).unwrap_or_default()).collect()
}

/// SHA-256 of each; what cannot be read here will say so when it is read.
fn hashes(found: &[Found]) -> Vec<Option<String>> {
    found.par_iter().map(|f| f.as_ref().ok().and_then(|path| photo::sha256(path).ok())).collect()
}

/// Those whose content is not held, each content once; and how many there were beside.
fn new_ones(found: Vec<Found>, hashes: Vec<Option<String>>, mut held: HashSet<String>) -> (Vec<Found>, usize) {
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

/// What is told of photographs, on the command line and by the list.
fn told(args: &AddArgs, who: &str, found: &[Found], hashes: &[Option<String>]) -> Result<Told, Error> {
    let value = |text: &String| Value { text: text.clone(), how: How::Told, by: who.to_owned() };
    let all = Told::of_all(args.set.iter().map(|(f, t)| (*f, value(t))).collect());
    let Some(path) = &args.fields else { return Ok(all) };
    let list = List::open(path, "fields")?;
    let registry = registry(args.reader.registry.as_deref())?;
    let files = found.iter().zip(hashes).filter_map(|(f, h)| Some((f.as_ref().ok()?.clone(), h.clone())));
    let (name, options) = (list.name(), args.list.options());
    let reader = Reader { list: &name, who, options: &options, registry: &registry };
    all.read(list.rewound()?, &Named::hashed(files), reader).map_err(|faults| Error::Needed {
        what: format!("fields {}", path.display()),
        cause: faults.lines().map(|l| printable(&l)).collect::<Vec<_>>().join("\n  "),
        hint: Some("the columns are `file` or `folder`, and fields such as site, date_found, calibre".into()),
    })
}

/// Shows what the list was taken for, and what would be told of the first photographs.
fn show(told: &Told, found: &[Found]) -> Result<Status, Error> {
    let mut out = io::stdout().lock();
    if let Some((dialect, columns)) = told.shape() {
        lists::columns(&mut out, dialect, columns).map_err(unwritten)?;
    }
    for path in found.iter().filter_map(|f| f.as_ref().ok()).take(MOST_NAMED) {
        let values = told.of(path);
        let texts: Vec<String> = values.iter().map(|(f, v)| format!("{f}={}", v.text)).collect();
        writeln!(out, "{}: {}", printable(&path.display().to_string()), printable(&texts.join("  ")))
            .map_err(unwritten)?;
    }
    writeln!(out, "{} photographs; nothing was read or written", found.len()).map_err(unwritten)?;
    Ok(Status::Done)
}

/// Photographs that have a row of their own and are held already.
fn too_late(told: &Told, found: &[Found], hashes: &[Option<String>], held: &HashSet<String>) -> Vec<PathBuf> {
    let files = told.files();
    let late = found.iter().zip(hashes).filter_map(|(found, hash)| {
        let path = found.as_ref().ok()?;
        (files.contains(path.as_path()) && held.contains(hash.as_ref()?)).then(|| path.clone())
    });
    late.collect()
}
