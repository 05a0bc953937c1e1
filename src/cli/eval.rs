//! `headstamp model eval`.

use super::against::{self, Against, TOP};
use super::args::EvalArgs;
use super::entries::{originals, readable, whereabouts};
use super::figures;
use super::proposal_features::FeatureFile;
use super::reading::{Job, Readers};
use super::say::unwritten;
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::evaluate::page::{About, Page, Pictures};
use crate::evaluate::{self, Set, Summary};
use crate::labels::LABELS;
use crate::output::{Existing, OutputError};
use crate::photo::Photo;
use crate::pipeline::ReadHead;
use crate::reader::{Reading, Want};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &EvalArgs) -> Result<Status, Error> {
    // a folder of renders is named as readily as its labels
    let labels = args.labels.as_ref().map(|l| if l.is_dir() { l.join(LABELS) } else { l.clone() });
    match (&args.with, &labels, &args.catalogue) {
        (Some(with), ..) => compare(args, with, labels.as_deref()),
        (None, Some(labels), None) => {
            evaluate(args, labels, labels.parent().unwrap_or(Path::new("")), &Set::of_labels(labels, args.encoding)?)
        }
        (None, None, Some(catalogue)) => {
            let moved = originals(args.photos.as_deref());
            let confirmed = readable(catalogue)?;
            let set = Set::of_confirmed(&confirmed, |s| whereabouts(s, moved.as_ref())).map_err(|e| e.at(catalogue))?;
            evaluate(args, catalogue, Path::new(""), &set)
        }
        _ => Err(Error::Usage("name labels, a --catalogue, or other models --with".into())),
    }
}

/// Other models against those in use.
fn compare(args: &EvalArgs, with: &Path, labels: Option<&Path>) -> Result<Status, Error> {
    let present = Readers::open(&args.reader, Purpose::Measuring)?;
    let against = Against {
        reader: &args.reader,
        with,
        labels: labels.map(|l| (l, args.encoding)),
        catalogue: args.catalogue.as_deref(),
        photos: args.photos.as_deref(),
        renders: args.renders,
    };
    let Some(compared) = against.compared(&present)? else { return Ok(Status::Interrupted) };
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &compared).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else {
        against::as_text(&mut out, &compared, &args.by)
    }
    .map_err(unwritten)?;
    Ok(Status::Done)
}

/// The models in use on a set, whose photographs are named by their way from a folder.
fn evaluate(args: &EvalArgs, file: &Path, folder: &Path, set: &Set) -> Result<Status, Error> {
    // what can fail early does so before anything is read
    let existing = Existing::forced(args.force);
    let mut page = args.report.as_deref().map(|folder| page(folder, existing)).transpose()?;
    let mut features = args.features.as_deref().map(|path| FeatureFile::create(path, existing)).transpose()?;
    let readers = Readers::open(&args.reader, Purpose::Measuring)?;
    let paths: Vec<_> = set.photographs.keys().map(|path: &PathBuf| Ok(path.clone())).collect();
    let job = Job { doing: "evaluating", want: Want::Proposals(TOP), annotate: None };
    let drawn = page.is_some();
    let keep = |photo: &Photo, reading: &Reading, heads: Vec<ReadHead>| {
        let labels = Some(set.labels(&photo.path)).filter(|_| drawn);
        (heads, labels.map(|labels| Pictures::of(&photo.luma, &reading.heads, &labels)))
    };
    let mut judged = Vec::with_capacity(paths.len());
    let mut labelled = set.photographs.iter();
    let finished = readers.read_keeping(&paths, &job, keep, |outcome| {
        let Some((path, labels)) = labelled.next() else { return Ok(()) };
        let one = evaluate::judge(&outcome.record, &labels.iter().collect::<Vec<_>>());
        let (heads, pictures) = outcome.beside.unwrap_or_default();
        if let Some(file) = &mut features {
            file.add(path, &heads, &one.verdicts)?;
        }
        if let Some(page) = &mut page {
            let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
            let pictures = pictures.unwrap_or_else(|| Ok(Pictures::default()));
            pictures.and_then(|p| page.add(&name, &p)).map_err(|e| no_report(args, e))?;
        }
        judged.push(one);
        Ok(())
    })?;
    features.map_or(Ok(()), FeatureFile::finish)?;
    let summary = Summary::of(&judged, &set.truth);
    if let Some(page) = page {
        let about = About {
            labels: file.to_string_lossy().into_owned(),
            model: readers.model().to_owned(),
            prior: !args.reader.no_prior,
            interrupted: finished.interrupted,
        };
        let page = page.finish(&judged, &summary, &about).map_err(|e| no_report(args, e))?;
        anstream::eprintln!("report: {}", page.display());
    }
    let confidence = figures::Confidence { setting: readers.setting(), calibrated: readers.calibrated() };
    figures::print(&summary, &confidence, args.json, &args.by).map_err(unwritten)?;
    Ok(finished.status())
}

fn page(folder: &Path, existing: Existing) -> Result<Page, Error> {
    if !Page::fits(folder) {
        return Err(Error::Usage(format!(
            "--report: {} holds something else; the report goes into a new folder, or with --force over an earlier one",
            folder.display()
        )));
    }
    Page::create(folder, existing).map_err(OutputError::into_error)
}

fn no_report(args: &EvalArgs, source: io::Error) -> Error {
    let folder = args.report.as_deref().unwrap_or(Path::new(""));
    Error::Write { what: format!("into {}", folder.display()), source }
}
