//! `headstamp add`.

use super::args::AddArgs;
use super::entries::written_to;
use super::lists;
use super::reading::{Found, Job, Readers};
use super::say::{say_passed, unwritten, warn, who};
use crate::catalogue::told::Told;
use crate::catalogue::{Catalogue, Values};
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::photo::{self, Named, Photo};
use crate::pipeline::ReadHead;
use crate::printable::printable;
use crate::reader::{Reading, Want};
use crate::record::PhotoRecord;
use crate::review::groups::Look;
use rayon::prelude::*;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Most photographs that are named one by one.
const MOST_NAMED: usize = 5;
/// Photographs, and time, after which what was read is written down: so much is read again after an interruption.
const WRITE_EVERY: usize = 32;
const WRITE_AFTER: Duration = Duration::from_secs(1);

/// What was read of a photograph, what is told of it, and what its heads look like.
type Seen = (PhotoRecord, Values, Vec<Vec<u8>>);

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
    if args.renew {
        let again = found.into_iter().zip(hashes).filter(|(_, h)| h.as_ref().is_some_and(|h| held.contains(h)));
        return renew(args, &readers, &mut catalogue, &again.map(|(f, _)| f).collect::<Vec<_>>());
    }
    let too_late = too_late(&told, &found, &hashes, &held);
    let (new, skipped) = new_ones(found, hashes, held);
    let readers = if new.is_empty() { readers } else { readers.knowing(catalogue.pictures().map_err(|e| e.at(path))?) };
    let mut pending: Vec<Seen> = Vec::new();
    let (mut added, mut written_at, mut untold) = (0, Instant::now(), Vec::new());
    let job = Job { doing: "adding", want: Want::Proposals(args.top.into()), annotate: None };
    let finished = readers.read_keeping(&new, &job, looks, |outcome| {
        let values = told.of(Path::new(&outcome.record.photo));
        pending.push((outcome.record, values, outcome.beside.unwrap_or_default()));
        if pending.len() >= WRITE_EVERY || written_at.elapsed() > WRITE_AFTER {
            added += write(&mut catalogue, &pending, &mut untold)?;
            pending.clear();
            written_at = Instant::now();
        }
        Ok(())
    })?;
    added += write(&mut catalogue, &pending, &mut untold)?;
    let counts = catalogue.counts().map_err(|e| e.at(path))?;
    anstream::eprintln!(
        "{added} photographs added, {skipped} held already, {} could not be read; {} heads wait for review",
        finished.failed,
        counts.pending
    );
    if !too_late.is_empty() {
        warn(&format!(
            "what the list says of {} photographs was not taken in, since they are held already: {}; `headstamp set` \
             says it of them, as decisions",
            too_late.len(),
            few(&too_late)
        ));
    }
    if !untold.is_empty() {
        warn(&format!(
            "what is told of {} photographs goes nowhere, since each is the same picture as one that is reviewed instead, of \
             which other things are told: {}; `headstamp set` says it of those",
            untold.len(),
            few(&untold)
        ));
    }
    say_passed(&passed_over);
    Ok(finished.status())
}

/// Reads photographs that are held anew, and renews what is proposed for heads that wait.
fn renew(args: &AddArgs, readers: &Readers, catalogue: &mut Catalogue, again: &[Found]) -> Result<Status, Error> {
    let job = Job { doing: "reading anew", want: Want::Proposals(args.top.into()), annotate: None };
    let (mut heads, mut photographs) = (0, 0);
    let finished = readers.read_keeping(again, &job, looks, |outcome| {
        let renewed = catalogue.renew(&outcome.record, &outcome.beside.unwrap_or_default());
        heads += renewed.map_err(|e| e.at(&args.catalogue))?;
        photographs += 1;
        Ok(())
    })?;
    anstream::eprintln!("{photographs} photographs read anew, the proposals of {heads} heads that wait renewed");
    Ok(finished.status())
}

/// Adds what was read; `untold` takes the photographs of which something is told that a picture reviewed instead lacks.
fn write(catalogue: &mut Catalogue, read: &[Seen], untold: &mut Vec<String>) -> Result<usize, Error> {
    let path = catalogue.path().to_path_buf();
    let all = read.iter().map(|(record, values, looks)| (record, values, looks.as_slice()));
    let added = catalogue.add_seen(all).map_err(|e| e.at(&path))?;
    for (record, values, _) in read.iter().filter(|(_, values, _)| !values.is_empty()) {
        let Some(instead) = &record.same_as else { continue };
        let told = catalogue.told_of(instead).map_err(|e| e.at(&path))?;
        if values.iter().any(|(field, value)| told.get(field).is_none_or(|t| t.text != value.text)) {
            untold.push(record.photo.clone());
        }
    }
    Ok(added)
}

/// The first of some names.
fn few(names: &[String]) -> String {
    let more = if names.len() > MOST_NAMED { ", …" } else { "" };
    let first: Vec<&str> = names.iter().take(MOST_NAMED).map(String::as_str).collect();
    format!("{}{more}", first.join(", "))
}

/// What the heads of a photograph look like, for groups of like heads.
fn looks(photo: &Photo, reading: &Reading, _: Vec<ReadHead>) -> Vec<Vec<u8>> {
    reading.heads.iter().map(|head| Look::kept_of(&photo.luma, &head.ellipse).unwrap_or_default()).collect()
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
    let files = || found.iter().zip(hashes).filter_map(|(f, h)| Some((f.as_ref().ok()?.clone(), h.clone())));
    let (fields, registry) = (args.fields.as_deref(), &args.reader.registry);
    lists::told(&args.set, fields, &args.list, registry, who, || Named::hashed(files()))
}

/// Shows what the list was taken for, and what would be told of the first photographs.
fn show(told: &Told, found: &[Found]) -> Result<Status, Error> {
    let mut out = io::stdout().lock();
    if let Some((dialect, columns)) = told.shape() {
        lists::columns(&mut out, dialect, columns).map_err(unwritten)?;
    }
    for path in found.iter().filter_map(|f| f.as_ref().ok()).take(MOST_NAMED) {
        writeln!(out, "{}: {}", printable(&path.display().to_string()), lists::values(&told.of(path)))
            .map_err(unwritten)?;
    }
    writeln!(out, "{} photographs; nothing was read or written", found.len()).map_err(unwritten)?;
    Ok(Status::Done)
}

/// Photographs that have a row of their own and are held already.
fn too_late(told: &Told, found: &[Found], hashes: &[Option<String>], held: &HashSet<String>) -> Vec<String> {
    let files = told.files();
    let late = found.iter().zip(hashes).filter_map(|(found, hash)| {
        let path = found.as_ref().ok()?;
        (files.contains(path.as_path()) && held.contains(hash.as_ref()?)).then(|| path.display().to_string())
    });
    late.collect()
}
