//! Other models against those in use, on the same heads.

use super::args::{ReaderArgs, TraitArg};
use super::entries::{originals, readable, whereabouts};
use super::progress::Progress;
use super::reading::{Job, Readers};
use super::stop;
use crate::confidence::Purpose;
use crate::error::Error;
use crate::evaluate::{self, Comparison, Difference, Judged, Set};
use crate::list::Charset;
use crate::model::ModelOptions;
use crate::printable::printable;
use crate::reader::Want;
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::SeqCst;

/// Proposals that are looked at.
pub(super) const TOP: usize = 5;
/// Width of the first column, in characters.
const TITLE: usize = 30;
/// Renders that are read where nothing else is said.
pub(super) const RENDERS: u64 = 300;

/// What is compared, and on what.
pub(super) struct Against<'a> {
    pub reader: &'a ReaderArgs,
    /// The folder of the others.
    pub with: &'a Path,
    /// Labelled photographs, and their code page.
    pub labels: Option<(&'a Path, Option<Charset>)>,
    /// Confirmed heads.
    pub catalogue: Option<&'a Path>,
    /// Where their photographs are now.
    pub photos: Option<&'a Path>,
    /// How many renders.
    pub renders: Option<u64>,
}

/// A set on which models were compared.
#[derive(Serialize)]
pub(super) struct OnSet {
    /// What it is.
    pub name: String,
    /// Whether it is a person's own heads.
    pub own: bool,
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// All that came out.
#[derive(Serialize)]
pub(super) struct Compared {
    schema: u32,
    /// The models in use.
    before: String,
    /// The others.
    after: String,
    pub sets: Vec<OnSet>,
}

impl Against<'_> {
    /// Reads all sets by both; `None` where it was interrupted.
    pub(super) fn compared(&self, present: &Readers) -> Result<Option<Compared>, Error> {
        let options = ModelOptions {
            models_dir: Some(self.with.to_path_buf()),
            onnxruntime: self.reader.models.onnxruntime.clone(),
            ..ModelOptions::default()
        };
        let others = Readers::open_with(self.reader, &options, Purpose::Measuring)?;
        let mut compared = Compared {
            schema: 1,
            before: present.model().to_owned(),
            after: others.model().to_owned(),
            sets: Vec::new(),
        };
        for (name, own, set) in self.sets()? {
            let [Some(before), Some(after)] = [judged(present, &set)?, judged(&others, &set)?] else { return Ok(None) };
            let comparison = Comparison::of(&before, &after, &set.truth);
            compared.sets.push(OnSet { name, own, comparison });
        }
        Ok(Some(compared))
    }

    fn sets(&self) -> Result<Vec<(String, bool, Set)>, Error> {
        let mut all = Vec::new();
        if let Some((labels, encoding)) = self.labels {
            all.push((format!("heads of {}", labels.display()), true, Set::of_labels(labels, encoding)?));
        }
        if let Some(path) = self.catalogue {
            let catalogue = readable(path)?;
            let moved = originals(self.photos);
            let set = Set::of_confirmed(&catalogue, |s| whereabouts(s, moved.as_ref())).map_err(|e| e.at(path))?;
            if set.photographs.is_empty() {
                anstream::eprintln!(
                    "{}: no confirmed head is among those that are never learnt from (part `test` of `headstamp dataset`)",
                    path.display()
                );
            } else {
                all.push((format!("confirmed heads of {}, never learnt from", path.display()), true, set));
            }
        }
        let renders = self.renders.unwrap_or(if self.labels.is_some() { 0 } else { RENDERS });
        if renders > 0 {
            let progress = Progress::new(renders, self.reader.quiet, "rendering");
            let stop = stop::on_interrupt();
            let done = || {
                progress.bar().inc(1);
                !stop.load(SeqCst)
            };
            all.push(("renders kept aside".to_owned(), false, Set::of_renders(renders, &done)?));
        }
        Ok(all)
    }
}

/// What became of the heads of a set; `None` where it was interrupted.
fn judged(readers: &Readers, set: &Set) -> Result<Option<Vec<Judged>>, Error> {
    let paths: Vec<_> = set.photographs.keys().map(|path: &PathBuf| Ok(path.clone())).collect();
    let job = Job { doing: "reading", want: Want::Proposals(TOP), annotate: None };
    let (mut all, mut labelled) = (Vec::with_capacity(paths.len()), set.photographs.values());
    let finished = readers.read(&paths, &job, |outcome| {
        if let Some(labels) = labelled.next() {
            all.push(evaluate::judge(&outcome.record, &labels.iter().collect::<Vec<_>>()));
        }
        Ok(())
    })?;
    Ok((!finished.interrupted).then_some(all))
}

/// The name of a figure for people.
pub(super) fn title(name: &str) -> &str {
    evaluate::title(name).unwrap_or(name)
}

/// Everything in lines; by what heads are like where that is asked for.
pub(super) fn as_text(out: &mut dyn Write, compared: &Compared, by: &[TraitArg]) -> io::Result<()> {
    writeln!(out, "in use   {}\nothers   {}", printable(&compared.before), printable(&compared.after))?;
    for set in &compared.sets {
        let Comparison { photos, legible, gained, lost, .. } = set.comparison;
        writeln!(out, "\n{}: {photos} photographs, {legible} legible heads", printable(&set.name))?;
        writeln!(out, "{:TITLE$}  in use  others  difference", "")?;
        let told = |d: &&Difference| d.whole > 0;
        set.comparison.differences.iter().filter(told).try_for_each(|d| line(out, title(&d.name), d))?;
        writeln!(out, "{gained} heads are read right by the others alone, {lost} by those in use alone")?;
        for by in by {
            let name = by.get().name();
            writeln!(out, "\nsame variety, first, by {name}")?;
            match set.comparison.by.get(name) {
                None => writeln!(out, "not known of these heads")?,
                Some(groups) => {
                    for group in groups {
                        let decides = group.differences.iter().find(|d| d.name == evaluate::DECIDES);
                        decides.map_or(Ok(()), |d| line(out, &printable(&group.name), d))?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn line(out: &mut dyn Write, title: &str, d: &Difference) -> io::Result<()> {
    let share = |v: Option<f64>| v.map_or_else(|| "n/a".into(), |v| format!("{v:.3}"));
    let interval = d.interval.map_or_else(String::new, |i| format!("  {:+.3} to {:+.3}", i.low, i.high));
    writeln!(
        out,
        "{title:TITLE$}  {:>6}  {:>6}  {:+.3}{interval}  of {}",
        share(d.before),
        share(d.after),
        d.difference,
        d.whole
    )
}
