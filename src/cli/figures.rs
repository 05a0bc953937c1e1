//! The figures of `model eval`, as text or JSON.

use super::args::TraitArg;
use super::table::printable;
use crate::evaluate::{Group, Share, Summary};
use std::io::{self, Write};

/// Width of the first column, in characters.
const TITLE: usize = 30;
/// Confusions printed; the JSON has all.
const CONFUSIONS: usize = 10;

/// Prints the summary on standard output; as text with the breakdowns that are asked for.
pub fn print(summary: &Summary, json: bool, by: &[TraitArg]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, summary)?;
        return writeln!(out);
    }
    let score = &summary.score;
    writeln!(out, "{} photographs, {} heads, {} of them legible", score.photos, score.heads, score.legible)?;
    summary.shares.iter().try_for_each(|s| line(&mut out, s.title, s))?;
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

fn group(out: &mut dyn Write, group: &Group) -> io::Result<()> {
    let exact = group.shares.iter().find(|s| s.name == "exact_first");
    exact.map_or(Ok(()), |s| line(out, &printable(&group.name), s))
}

fn line(out: &mut dyn Write, title: &str, s: &Share) -> io::Result<()> {
    let share = s.share.map_or_else(|| "n/a".into(), |v| format!("{v:.3}"));
    let interval = s.interval.map_or_else(String::new, |i| format!("{:.3} to {:.3}", i.low, i.high));
    writeln!(out, "{title:TITLE$}  {share:>5}  {interval:14}  ({}/{})", s.part, s.whole)
}
