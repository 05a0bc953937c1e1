//! `headstamp model eval`.

use super::args::EvalArgs;
use super::progress::Progress;
use super::read::{open, quiet_readers, threads};
use super::{complain, stop, unwritten};
use crate::batch::{self, Ending};
use crate::error::{Error, PhotoError, Status};
use crate::evaluate::{self, Judged, Label, Score};
use crate::photo::Photo;
use crate::pipeline::{Knowledge, Pipeline, ReadHead};
use crate::proposals::FEATURES;
use crate::reader::{ReadOptions, ReadPhoto, Reading};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Proposals that are looked at.
const TOP: usize = 5;

/// What was read of each photograph, beside its record.
type Kept = Mutex<HashMap<PathBuf, Vec<ReadHead>>>;

/// Reads as usual, and keeps what the record does not tell.
struct Keeping {
    pipeline: Pipeline,
    kept: Arc<Kept>,
}

impl ReadPhoto for Keeping {
    fn read(&mut self, photo: &Photo, options: &ReadOptions) -> Result<Reading, PhotoError> {
        let (reading, heads) = self.pipeline.read_keeping(photo, options)?;
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(photo.path.clone(), heads);
        Ok(reading)
    }
}

pub fn run(args: &EvalArgs) -> Result<Status, Error> {
    let knowledge = open(&args.reader)?;
    quiet_readers();
    // a folder of renders is named as readily as its labels
    let file = if args.labels.is_dir() { args.labels.join("labels.csv") } else { args.labels.clone() };
    let labels = evaluate::load(&file)?;
    let found = photographs(file.parent().unwrap_or(Path::new("")), &labels)?;
    let paths: Vec<_> = found.iter().map(|(path, _)| Ok(path.clone())).collect();
    let mut features = args.features.as_deref().map(FeatureFile::create).transpose()?;
    let name = knowledge.models.name();
    let options =
        batch::Options { threads: threads(&args.reader), read: ReadOptions { top: TOP }, model: &name, annotate: None };
    let kept: Arc<Kept> = Arc::default();
    let mut progress = Progress::new(paths.len() as u64, args.reader.quiet, "evaluating");
    let (mut score, mut failed, mut at) = (Score::default(), 0, 0);
    let mut written = Ok(());
    let reader = || keeping(&knowledge, &kept);
    let ending = batch::run(&paths, reader, &options, stop::on_interrupt(), |outcome| {
        let (path, labels) = &found[at];
        at += 1;
        progress.aside(|| outcome.errors.iter().for_each(|e| complain(e)));
        failed += usize::from(!outcome.errors.is_empty());
        progress.step(!outcome.errors.is_empty());
        let judged = score.add(&outcome.record, labels);
        let heads = kept.lock().unwrap_or_else(PoisonError::into_inner).remove(path).unwrap_or_default();
        if let Some(file) = &mut features {
            written = file.add(path, &heads, &judged);
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    drop(progress);
    written?;
    print(&score, args.json).map_err(unwritten)?;
    Ok(match ending {
        Ending::Interrupted => Status::Interrupted,
        _ if failed > 0 => Status::SomeFailed,
        _ => Status::Done,
    })
}

fn keeping(knowledge: &Arc<Knowledge>, kept: &Arc<Kept>) -> Result<Keeping, Error> {
    Ok(Keeping { pipeline: Pipeline::new(Arc::clone(knowledge))?, kept: Arc::clone(kept) })
}

/// Photographs with their labels: those of `labels.csv`, and those beside it that show no head.
fn photographs<'l>(folder: &Path, labels: &'l [Label]) -> Result<Vec<(PathBuf, Vec<&'l Label>)>, Error> {
    let mut all: BTreeMap<PathBuf, Vec<&Label>> = BTreeMap::new();
    for label in labels {
        all.entry(folder.join(&label.photo)).or_default().push(label);
    }
    // A rendered set names every photograph it holds; one without heads has no label.
    if let Ok(truth) = std::fs::read_to_string(folder.join("truth.jsonl")) {
        for line in truth.lines() {
            let record: serde_json::Value = serde_json::from_str(line).map_err(|e| Error::Needed {
                what: format!("{}", folder.join("truth.jsonl").display()),
                cause: e.to_string(),
                hint: None,
            })?;
            if let Some(name) = record["photo"].as_str() {
                all.entry(folder.join(name)).or_default();
            }
        }
    }
    Ok(all.into_iter().collect())
}

fn print(score: &Score, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, score)?;
        return writeln!(out);
    }
    let line = |out: &mut dyn Write, what: &str, a: usize, b: usize| {
        let share = if b == 0 { "n/a".to_string() } else { format!("{:.3}", a as f64 / b as f64) };
        writeln!(out, "{what:38}{share:>6}  ({a}/{b})")
    };
    writeln!(out, "{} photographs, {} heads, {} of them legible", score.photos, score.heads, score.legible)?;
    line(&mut out, "heads located", score.located, score.heads)?;
    line(&mut out, "extra heads a photograph", score.extra, score.photos)?;
    line(&mut out, "exact, first proposal", score.exact_first, score.legible)?;
    line(&mut out, "exact, among the first five", score.exact_first_five, score.legible)?;
    line(&mut out, "characters found", score.characters_right, score.characters)?;
    line(&mut out, "characters right", score.characters_right, score.characters_proposed)?;
    let illegible = score.heads - score.legible;
    line(&mut out, "illegible heads proposed for", score.illegible_proposed, illegible)
}

/// What confidences are computed from, one row a proposal.
struct FeatureFile {
    file: csv::Writer<std::fs::File>,
    path: PathBuf,
}

impl FeatureFile {
    fn create(path: &Path) -> Result<Self, Error> {
        let cannot = |e: csv::Error| Error::Write { what: path.display().to_string(), source: io::Error::other(e) };
        let mut file = csv::Writer::from_path(path).map_err(cannot)?;
        let names = ["photo", "head", "rank", "right"].into_iter().chain(FEATURES);
        file.write_record(names).map_err(cannot)?;
        Ok(Self { file, path: path.to_path_buf() })
    }

    fn add(&mut self, photo: &Path, heads: &[ReadHead], judged: &[Judged]) -> Result<(), Error> {
        for j in judged {
            let Some(head) = heads.get(j.head) else { continue };
            for (rank, (proposal, right)) in head.proposals.iter().zip(&j.right).enumerate() {
                let first = [
                    photo.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                    j.head.to_string(),
                    rank.to_string(),
                    u8::from(*right).to_string(),
                ];
                let values = proposal.features.0.iter().map(|v| format!("{v:.5}"));
                let cannot =
                    |e: csv::Error| Error::Write { what: self.path.display().to_string(), source: io::Error::other(e) };
                self.file.write_record(first.into_iter().chain(values)).map_err(cannot)?;
            }
        }
        Ok(())
    }
}
