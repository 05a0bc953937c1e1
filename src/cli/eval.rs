//! `headstamp model eval`.

use super::args::EvalArgs;
use super::figures;
use super::progress::Progress;
use super::proposal_features::FeatureFile;
use super::read::{open, quiet_readers, threads};
use super::{complain, stop, unwritten};
use crate::batch::{self, Ending};
use crate::confidence::Purpose;
use crate::error::{Error, PhotoError, Status};
use crate::evaluate::page::{About, Page, Pictures};
use crate::evaluate::{self, Label, Summary, Truth};
use crate::photo::Photo;
use crate::pipeline::{Knowledge, Pipeline, ReadHead};
use crate::reader::{ReadOptions, ReadPhoto, Reading};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Proposals that are looked at.
const TOP: usize = 5;

/// Photographs with their labels.
type Labelled<'l> = BTreeMap<PathBuf, Vec<&'l Label>>;

/// What was read of a photograph, beside its record.
#[derive(Default)]
struct Kept {
    heads: Vec<ReadHead>,
    pictures: Pictures,
}

/// What waits to be taken up with the record of its photograph: no more than the batch lets wait.
type Waiting = Mutex<HashMap<PathBuf, Kept>>;

/// Reads as usual, and keeps what the record does not tell.
struct Keeping<'a> {
    pipeline: Pipeline,
    waiting: &'a Waiting,
    /// The labels, where pictures are wanted.
    pictures: Option<&'a Labelled<'a>>,
}

impl ReadPhoto for Keeping<'_> {
    fn read(&mut self, photo: &Photo, options: &ReadOptions) -> Result<Reading, PhotoError> {
        let (reading, heads) = self.pipeline.read_keeping(photo, options)?;
        let labels = self.pictures.and_then(|all| all.get(&photo.path));
        let pictures = labels.map_or_else(Pictures::default, |l| Pictures::of(&photo.luma, &reading.heads, l));
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(photo.path.clone(), Kept { heads, pictures });
        Ok(reading)
    }
}

pub fn run(args: &EvalArgs) -> Result<Status, Error> {
    // a folder of renders is named as readily as its labels
    let file = if args.labels.is_dir() { args.labels.join("labels.csv") } else { args.labels.clone() };
    let folder = file.parent().unwrap_or(Path::new(""));
    let labels = evaluate::load(&file)?;
    let truth = Truth::load(folder)?;
    let found = photographs(folder, &labels, &truth);
    // what can fail early does so before anything is read
    let mut page = args.report.as_deref().map(page).transpose()?;
    let mut features = args.features.as_deref().map(FeatureFile::create).transpose()?;
    let knowledge = open(&args.reader, Purpose::Measuring)?;
    quiet_readers();
    let paths: Vec<_> = found.keys().map(|path| Ok(path.clone())).collect();
    let name = knowledge.models.name();
    let options =
        batch::Options { threads: threads(&args.reader), read: ReadOptions { top: TOP }, model: &name, annotate: None };
    let waiting = Waiting::default();
    let pictures = page.is_some().then_some(&found);
    let reader = || keeping(&knowledge, &waiting, pictures);
    let mut progress = Progress::new(paths.len() as u64, args.reader.quiet, "evaluating");
    let mut rest = found.iter();
    let (mut judged, mut failed) = (Vec::with_capacity(found.len()), 0);
    let mut written = Ok(());
    let ending = batch::run(&paths, reader, &options, stop::on_interrupt(), |outcome| {
        let Some((path, labels)) = rest.next() else { return ControlFlow::Break(()) };
        progress.aside(|| outcome.errors.iter().for_each(|e| complain(e)));
        failed += usize::from(!outcome.errors.is_empty());
        progress.step(!outcome.errors.is_empty());
        let one = evaluate::judge(&outcome.record, labels);
        let kept = waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(path).unwrap_or_default();
        let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
        written = features.as_mut().map_or(Ok(()), |file| file.add(path, &kept.heads, &one.verdicts)).and_then(|()| {
            let added = page.as_mut().map_or(Ok(()), |page| page.add(&name, &kept.pictures));
            added.map_err(|e| no_report(args, e))
        });
        judged.push(one);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    drop(progress);
    written?;
    let summary = Summary::of(&judged, &truth);
    if let Some(page) = page {
        let about = About {
            labels: file.to_string_lossy().into_owned(),
            model: name,
            prior: !args.reader.no_prior,
            interrupted: ending == Ending::Interrupted,
        };
        let page = page.finish(&judged, &summary, &about).map_err(|e| no_report(args, e))?;
        anstream::eprintln!("report: {}", page.display());
    }
    let confidence = figures::Confidence { setting: knowledge.setting(), calibrated: knowledge.calibration.is_some() };
    figures::print(&summary, &confidence, args.json, &args.by).map_err(unwritten)?;
    Ok(match ending {
        Ending::Interrupted => Status::Interrupted,
        _ if failed > 0 => Status::SomeFailed,
        _ => Status::Done,
    })
}

fn keeping<'a>(
    knowledge: &Arc<Knowledge>,
    waiting: &'a Waiting,
    pictures: Option<&'a Labelled<'a>>,
) -> Result<Keeping<'a>, Error> {
    Ok(Keeping { pipeline: Pipeline::new(Arc::clone(knowledge))?, waiting, pictures })
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

fn page(folder: &Path) -> Result<Page, Error> {
    if !Page::fits(folder) {
        return Err(Error::Usage(format!(
            "--report: {} holds something else; the report goes into a new folder, or over an earlier report",
            folder.display()
        )));
    }
    Page::create(folder).map_err(|source| Error::Write { what: format!("into {}", folder.display()), source })
}

fn no_report(args: &EvalArgs, source: io::Error) -> Error {
    let folder = args.report.as_deref().unwrap_or(Path::new(""));
    Error::Write { what: format!("into {}", folder.display()), source }
}
