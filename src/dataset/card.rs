//! The card of a dataset: what is in it, where it comes from, under which terms, and what is not in it.

use super::folder::{Wanted, Written};
use super::gather::{Counts, Sample};
use super::page::Page;
use super::split::Part;
use crate::catalogue::Field;
use crate::registry::country_name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Signs with fewer examples than this to learn from are named as lacking.
const FEW: usize = 10;
/// Most countries and signs that are named.
const MOST: usize = 20;

pub(super) fn card(pages: &[Page], left_out: &Counts, wanted: &Wanted, written: &Written) -> String {
    let samples: Vec<(&Sample, Part)> =
        pages.iter().flat_map(|p| p.samples.iter().map(move |s| (*s, p.part))).collect();
    let mut out = String::new();
    // writing to a text does not fail
    let _ = head(&mut out, wanted, samples.len());
    let _ = counts(&mut out, &samples);
    let _ = provenance(&mut out, &samples, wanted);
    let _ = gaps(&mut out, &samples, left_out, written);
    out
}

fn head(out: &mut String, wanted: &Wanted, heads: usize) -> std::fmt::Result {
    let size = match heads {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        _ => "100K<n<1M",
    };
    let title = serde_json::Value::from(wanted.title.as_str());
    writeln!(out, "---\npretty_name: {title}\nlicense: other\nlicense_name: {}", yaml(&wanted.licence))?;
    writeln!(out, "task_categories:\n- image-to-text\n- object-detection\nsize_categories:\n- {size}")?;
    writeln!(out, "tags:\n- headstamps\n- cartridge cases\n---\n\n# {}\n", wanted.title)?;
    writeln!(
        out,
        "Case heads with their headstamps, exported by headstamp {} as `{}`. `heads.csv` lists them all; `croissant.json` \
         describes them. Headstamps are written clockwise, elements joined by `_`.\n\nTerms of use: {}\n",
        env!("CARGO_PKG_VERSION"),
        wanted.format.name(),
        wanted.licence
    )
}

/// A text on one line of YAML.
fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn counts(out: &mut String, samples: &[(&Sample, Part)]) -> std::fmt::Result {
    writeln!(out, "## What is in it\n\n| part | heads | varieties | cases |\n|---|---|---|---|")?;
    for part in Part::ALL {
        let here: Vec<&Sample> = samples.iter().filter(|s| s.1 == part).map(|s| s.0).collect();
        let varieties: BTreeSet<&str> = here.iter().map(|s| s.variety.as_str()).collect();
        let cases: BTreeSet<_> = here.iter().map(|s| s.case).collect();
        writeln!(out, "| {} | {} | {} | {} |", part.name(), here.len(), varieties.len(), cases.len())?;
    }
    writeln!(out, "\nNo variety and no case is in two parts; of photographs that are shown whole, no photograph.\n")?;
    let text = |s: &Sample, field| s.values.get(&field).map(|v| v.text.clone());
    let named = |country: String| format!("{country} {}", country_name(&country));
    table(out, "country", samples.iter().map(|(s, _)| text(s, Field::Country).map_or("not recorded".into(), named)))?;
    let how = |s: &Sample| match s.confirmed {
        Some(c) if c.together > 1 && c.way != crate::catalogue::Way::Imported => {
            format!("{}, on a sheet", c.way.name())
        }
        Some(c) => c.way.name().to_owned(),
        None => "not known".into(),
    };
    table(out, "how it was confirmed", samples.iter().map(|(s, _)| how(s)))
}

/// How many there are of each, the most first.
fn table(out: &mut String, title: &str, values: impl Iterator<Item = String>) -> std::fmt::Result {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    values.for_each(|v| *counts.entry(v).or_default() += 1);
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    writeln!(out, "| {title} | heads |\n|---|---|")?;
    for (value, count) in counts.iter().take(MOST) {
        writeln!(out, "| {value} | {count} |")?;
    }
    let rest: usize = counts.iter().skip(MOST).map(|c| c.1).sum();
    if rest > 0 {
        writeln!(out, "| others | {rest} |")?;
    }
    writeln!(out)
}

fn provenance(out: &mut String, samples: &[(&Sample, Part)], wanted: &Wanted) -> std::fmt::Result {
    let photographs: BTreeSet<&str> = samples.iter().map(|(s, _)| s.place.photo.as_str()).collect();
    writeln!(
        out,
        "## Where it comes from\n\n{} photographs, each named by its SHA-256. A person confirmed every headstamp; where marks are \
         on the pictures was found by the program, and which sign each is by aligning them with what was confirmed. Pixels \
         alone were taken over: no EXIF, no place, no name of a file.{}\n",
        photographs.len(),
        if wanted.private { " Who held and collected the cases is told in `heads.csv`." } else { "" }
    )
}

fn gaps(out: &mut String, samples: &[(&Sample, Part)], left_out: &Counts, written: &Written) -> std::fmt::Result {
    writeln!(out, "## What is not in it\n")?;
    for (why, count) in left_out {
        writeln!(out, "- {count}: {}", why.words())?;
    }
    if !written.failed.is_empty() {
        writeln!(out, "- {} photographs that are not there any more, or not what was added", written.failed.len())?;
    }
    if written.unfit > 0 {
        writeln!(out, "- {}: {}", written.unfit, Written::UNFIT)?;
    }
    let mut signs: BTreeMap<&str, usize> = BTreeMap::new();
    let train = samples.iter().filter(|s| s.1 == Part::Train);
    train.flat_map(|(s, _)| s.fit.reads.iter().flatten()).for_each(|sign| *signs.entry(sign).or_default() += 1);
    let few: Vec<String> =
        signs.iter().filter(|s| *s.1 < FEW).map(|(sign, n)| format!("`{sign}` {n}")).take(2 * MOST).collect();
    if !few.is_empty() {
        writeln!(out, "- signs with fewer than {FEW} examples to learn from: {}", few.join(", "))?;
    }
    let mut varieties: BTreeMap<&str, usize> = BTreeMap::new();
    samples.iter().for_each(|(s, _)| *varieties.entry(&s.variety).or_default() += 1);
    let single = varieties.values().filter(|n| **n == 1).count();
    writeln!(out, "- {single} of {} varieties have a single head", varieties.len())
}
