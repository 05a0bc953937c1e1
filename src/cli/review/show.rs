//! An item on the terminal, in lines that a screen reader can follow.

use crate::catalogue::{Field, Item, Values};
use crate::printable::printable;
use anstyle::Style;
use std::io::{self, Write};

/// Proposals that have a key of their own.
const SHOWN: usize = 9;

pub(super) fn item(out: &mut dyn Write, item: &Item, waiting: u64, open: &[Field]) -> io::Result<()> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let head = item.place.head.map_or(String::new(), |n| format!(", head {}", n + 1));
    writeln!(out)?;
    writeln!(out, "{bold}{}{bold:#}{head}  {dim}item {}, {waiting} to go{dim:#}", printable(&item.path), item.id)?;
    if let Some(reason) = &item.head.reason {
        writeln!(out, "no proposal: {reason}")?;
    }
    for (n, proposal) in item.head.proposals.iter().take(SHOWN).enumerate() {
        let sure = proposal.confidence.map_or(String::new(), |c| format!("  {}", percent(c)));
        let mut known: Vec<String> = proposal
            .countries
            .iter()
            .take(3)
            .map(|c| c.code.as_ref().map_or_else(|| c.name.clone(), |code| format!("{} by mark {code}", c.name)))
            .collect();
        if let Some(year) = &proposal.year {
            known.push(match (year.value, year.absent) {
                (Some(value), _) => format!("year {value}"),
                (None, true) => "no year on it".into(),
                (None, false) => "year not told".into(),
            });
        }
        known.extend(proposal.calibre.as_ref().map(|c| format!("calibre {}", c.value)));
        let known = if known.is_empty() { String::new() } else { format!("  {dim}{}{dim:#}", known.join("; ")) };
        writeln!(out, "  {}  {bold}{}{bold:#}{sure}{known}", n + 1, proposal.headstamp)?;
    }
    values(out, "told", &item.given)?;
    if !open.is_empty() {
        writeln!(out, "open: {}", open.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

/// The marks that the proposals rest on, and what was said.
pub(super) fn details(out: &mut dyn Write, item: &Item, told: &Values) -> io::Result<()> {
    for mark in &item.head.marks {
        let others: Vec<String> =
            mark.alternatives.iter().take(3).map(|(t, p)| format!("{t} {}", percent(*p))).collect();
        writeln!(
            out,
            "  mark {} {}, top {}, at {:.0} degrees{}{}",
            mark.text,
            percent(mark.confidence),
            format!("{:?}", mark.direction).to_lowercase(),
            mark.clock_deg,
            if others.is_empty() { "" } else { ", or " },
            others.join(", ")
        )?;
    }
    for source in item
        .head
        .proposals
        .iter()
        .flat_map(|p| &p.countries)
        .filter_map(|c| c.source.as_ref().map(|s| (&c.name, s)))
        .take(5)
    {
        writeln!(out, "  {} by {}", source.0, source.1)?;
    }
    values(out, "said", told)
}

fn values(out: &mut dyn Write, what: &str, values: &Values) -> io::Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = values.iter().map(|(f, v)| format!("{f} {}", printable(&v.text))).collect();
    writeln!(out, "{what}: {}", all.join("; "))
}

fn percent(share: f32) -> String {
    if share < 0.005 { "under 1 %".into() } else { format!("{:.0} %", 100.0 * share) }
}
