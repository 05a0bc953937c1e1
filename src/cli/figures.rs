//! The figures of `model eval`, as text or JSON.

use super::args::TraitArg;
use crate::confidence::Setting;
use crate::evaluate::{Group, Share, Summary};
use crate::printable::printable;
use serde::Serialize;
use std::io::{self, Write};

/// Width of the first column, in characters.
const TITLE: usize = 30;
/// Confusions printed; the JSON has all.
const CONFUSIONS: usize = 10;

/// What confidences were computed with.
#[derive(Serialize)]
pub(super) struct Confidence {
    /// What they depend on.
    #[serde(flatten)]
    pub setting: Setting,
    /// Whether there is a calibration for it; else all are null.
    pub calibrated: bool,
}

/// Prints the summary on standard output; as text with the breakdowns that are asked for.
pub(super) fn print(summary: &Summary, confidence: &Confidence, json: bool, by: &[TraitArg]) -> io::Result<()> {
    #[derive(Serialize)]
    struct All<'a> {
        #[serde(flatten)]
        summary: &'a Summary,
        confidence: &'a Confidence,
    }
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &All { summary, confidence })?;
        return writeln!(out);
    }
    let score = &summary.score;
    writeln!(out, "{} photographs, {} heads, {} of them legible", score.photos, score.heads, score.legible)?;
    summary.shares.iter().try_for_each(|s| line(&mut out, s.title, s))?;
    said(&mut out, summary, confidence)?;
    writeln!(out, "\nwhat became of the heads")?;
    for (kind, count) in summary.kinds.iter().filter(|k| k.1 > 0) {
        writeln!(out, "{:TITLE$}  {count:>5}", kind.title())?;
    }
    if !summary.confusions.is_empty() {
        let one = |c: &crate::evaluate::Confusion| {
            let text = |c: &Option<String>| c.clone().unwrap_or_else(|| "nothing".into());
            format!("{} for {} ({})", text(&c.read), text(&c.label), c.count)
        };
        let all: Vec<_> = summary.confusions.iter().take(CONFUSIONS).map(one).collect();
        writeln!(out, "\nmost often read: {}", all.join(", "))?;
    }
    for by in by {
        let name = by.get().name();
        writeln!(out, "\nexact first proposals by {name}")?;
        match summary.by.get(name) {
            None => writeln!(out, "not known: truth.jsonl beside the labels does not say")?,
            Some(groups) => groups.iter().try_for_each(|g| group(&mut out, g))?,
        }
    }
    Ok(())
}

/// Whether confidence means what it says, and with what it was computed.
fn said(out: &mut dyn Write, summary: &Summary, confidence: &Confidence) -> io::Result<()> {
    let Setting { vocabulary, mode, .. } = &confidence.setting;
    let way = format!("read {mode}, vocabulary `{}`", vocabulary.name);
    match &summary.reliability {
        Some(r) => writeln!(
            out,
            "{:TITLE$}  {:.3}  Brier score {:.3}, of a constant {:.3}; {} first proposals, {way}",
            "calibration error", r.calibration_error, r.brier, r.brier_of_a_constant, r.count
        ),
        None if confidence.calibrated => {
            writeln!(out, "{:TITLE$}  {:>5}  no proposal for a legible head", "calibration error", "n/a")
        }
        None => writeln!(
            out,
            "{:TITLE$}  {:>5}  confidence is null: not measured for these networks, {way}",
            "calibration error", "n/a"
        ),
    }
}

fn group(out: &mut dyn Write, group: &Group) -> io::Result<()> {
    let exact = group.shares.iter().find(|s| s.name == "exact_first");
    exact.map_or(Ok(()), |s| line(out, &printable(&group.name), s))
}

fn line(out: &mut dyn Write, title: &str, s: &Share) -> io::Result<()> {
    let share = s.share.map_or_else(|| "n/a".into(), |v| format!("{v:.3}"));
    let interval = s.interval.map_or_else(String::new, |i| format!("{:.3} to {:.3}", i.low, i.high));
    writeln!(out, "{title:TITLE$}  {share:>5}  {interval:14}  ({}/{})", s.part, s.whole)
}
