//! `headstamp model eval`.

use super::args::EvalArgs;
use super::figures;
use super::proposal_features::FeatureFile;
use super::reading::{Job, Readers};
use super::say::unwritten;
use crate::confidence::Purpose;
use crate::error::{Error, Status};
use crate::evaluate::page::{About, Page, Pictures};
use crate::evaluate::{self, Summary};
use crate::labels::{self, LABELS, Label, Truth};
use crate::output::{Existing, OutputError};
use crate::photo::Photo;
use crate::pipeline::ReadHead;
use crate::reader::{Reading, Want};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Proposals that are looked at.
const TOP: usize = 5;

/// Photographs with their labels.
type Labelled<'l> = BTreeMap<PathBuf, Vec<&'l Label>>;

pub(super) fn run(args: &EvalArgs) -> Result<Status, Error> {
    // a folder of renders is named as readily as its labels
    let file = if args.labels.is_dir() { args.labels.join(LABELS) } else { args.labels.clone() };
    let folder = file.parent().unwrap_or(Path::new(""));
    let labels = labels::load(&file, args.encoding)?;
    let truth = Truth::load(folder)?;
    let found = photographs(folder, &labels, &truth);
    // what can fail early does so before anything is read
    let existing = Existing::forced(args.force);
    let mut page = args.report.as_deref().map(|folder| page(folder, existing)).transpose()?;
    let mut features = args.features.as_deref().map(|path| FeatureFile::create(path, existing)).transpose()?;
    let readers = Readers::open(&args.reader, Purpose::Measuring)?;
    let paths: Vec<_> = found.keys().map(|path| Ok(path.clone())).collect();
    let job = Job { doing: "evaluating", want: Want::Proposals(TOP), annotate: None };
    let drawn = page.is_some();
    let keep = |photo: &Photo, reading: &Reading, heads: Vec<ReadHead>| {
        let labels = found.get(&photo.path).filter(|_| drawn);
        (heads, labels.map(|labels| Pictures::of(&photo.luma, &reading.heads, labels)))
    };
    let mut judged = Vec::with_capacity(found.len());
    let mut labelled = found.iter();
    let finished = readers.read_keeping(&paths, &job, keep, |outcome| {
        let Some((path, labels)) = labelled.next() else { return Ok(()) };
        let one = evaluate::judge(&outcome.record, labels);
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
    let summary = Summary::of(&judged, &truth);
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

/// Photographs with their labels: those of `labels.csv`, and those beside it that show no head.
fn photographs<'l>(folder: &Path, labels: &'l [Label], truth: &Truth) -> Labelled<'l> {
    let mut all = Labelled::new();
    for label in labels {
        all.entry(folder.join(&label.photo)).or_default().push(label);
    }
    // A rendered set names every photograph it holds; one without heads has no label.
    for name in truth.photos() {
        all.entry(folder.join(name)).or_default();
    }
    all
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
