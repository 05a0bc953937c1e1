//! `headstamp codes`.

use super::args::CodesArgs;
use super::explain::RowRecord;
use super::reading::registry;
use super::say::{json_line, unwritten};
use crate::error::{Error, Status};
use crate::list::safe;
use crate::printable::printable;
use crate::registry::{Code, Registry, country_name};
use anstyle::Style;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Marks that are offered where the one asked for is not known.
const MOST_NEAR: usize = 12;

pub(super) fn run(args: &CodesArgs) -> Result<Status, Error> {
    let registry = registry(&args.registry)?;
    let country = args.country.as_deref().map(known_country).transpose()?;
    let calibre = args.calibre.as_deref().map(|c| registry.calibres().canonical(c));
    let fits = |code: &Code| {
        country.as_ref().is_none_or(|c| code.iso2 == *c) && calibre.is_none_or(|c| code.calibres.iter().any(|k| k == c))
    };
    let mut found: Vec<&Code> = match &args.mark {
        Some(mark) => registry.lookup(mark).chain(registry.starred(mark)).filter(|c| fits(c)).collect(),
        None => registry.rows().iter().filter(|c| fits(c)).collect(),
    };
    // what is stamped exactly so comes first, then the best known
    found.sort_by_key(|c| {
        let other = args.mark.as_deref().is_some_and(|m| m != c.mark);
        (other, !c.own, c.mark.as_str(), std::cmp::Reverse(c.confidence))
    });
    let mut out = anstream::AutoStream::auto(io::stdout());
    if args.csv {
        csv(&mut out, &found)?;
    } else if args.json {
        for code in &found {
            json_line(&mut out, &RowRecord::new(code)).map_err(unwritten)?;
        }
    } else {
        table(&mut out, &found, args.mark.is_some()).map_err(unwritten)?;
    }
    if found.is_empty() {
        nothing(&registry, args);
        return Ok(Status::SomeFailed);
    }
    Ok(Status::Done)
}

fn known_country(text: &str) -> Result<String, Error> {
    let iso2 = text.to_uppercase();
    if rust_iso3166::from_alpha2(&iso2).is_some() {
        return Ok(iso2);
    }
    Err(Error::Usage(format!("--country {}: no ISO 3166 country of two letters, such as BG", printable(text))))
}

/// Says that there is nothing, and what there is instead.
fn nothing(registry: &Registry, args: &CodesArgs) {
    let Some(mark) = &args.mark else {
        anstream::eprintln!("no mark is known of that country and calibre");
        return;
    };
    let shown = printable(mark);
    if registry.lookup(mark).next().is_some() {
        anstream::eprintln!("`{shown}` is known, but not of that country and calibre");
        return;
    }
    match registry.near(mark, MOST_NEAR).as_slice() {
        [] => anstream::eprintln!("`{shown}` is not known, and nothing near it"),
        near => anstream::eprintln!("`{shown}` is not known; near it are {}", near.join(", ")),
    }
}

fn table(out: &mut dyn Write, found: &[&Code], one: bool) -> io::Result<()> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let mut last = "";
    for code in found {
        if code.mark != last {
            writeln!(out, "{bold}{}{bold:#}  {dim}{}{dim:#}", code.mark, code.script)?;
            last = &code.mark;
        }
        let who = if code.kind.names_maker() { code.maker() } else { named(code) };
        let who = if who.is_empty() { "the works are not known".to_owned() } else { who };
        writeln!(
            out,
            "  {:2}  {}",
            code.iso2,
            [state(code), who].iter().filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>().join(": ")
        )?;
        let facts = [code.calibres.join(", "), code.years(), layouts(code)];
        let facts: Vec<String> = facts.into_iter().filter(|t| !t.is_empty()).collect();
        if !facts.is_empty() {
            writeln!(out, "      {}", facts.join(" · "))?;
        }
        if !code.note.is_empty() {
            writeln!(out, "      {}", code.note)?;
        }
        writeln!(out, "      {dim}source: {}{}{dim:#}", code.cited(), if code.own { ", your own" } else { "" })?;
    }
    let meanings: BTreeSet<_> =
        found.iter().filter(|c| c.kind.names_maker()).map(|c| (&c.iso2, &c.state_at_time, &c.factory)).collect();
    let countries: BTreeSet<_> = found.iter().map(|c| c.iso2.as_str()).filter(|c| !c.is_empty()).collect();
    if one && countries.len() > 1 {
        let names: Vec<_> = countries.iter().map(|c| country_name(c)).collect();
        writeln!(
            out,
            "collision: {} makers in {}; calibre, year, script and layout tell them apart",
            meanings.len(),
            names.join(", ")
        )?;
    } else if !one {
        writeln!(out, "{} rows", found.len())?;
    }
    Ok(())
}

fn named(code: &Code) -> String {
    [code.kind.name(), &code.maker()].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

fn state(code: &Code) -> String {
    let name = country_name(&code.iso2);
    if code.state_at_time.is_empty() { name.to_owned() } else { code.state_at_time.clone() }
}

fn layouts(code: &Code) -> String {
    let all: Vec<String> = code.layouts.iter().map(|l| l.to_string().replacen('M', &code.mark, 1)).collect();
    if all.is_empty() { String::new() } else { format!("laid out {}", all.join(" or ")) }
}

/// As a user's own registry is written.
fn csv(out: &mut dyn Write, found: &[&Code]) -> Result<(), Error> {
    let mut table = csv::Writer::from_writer(out);
    let columns = [
        "mark",
        "kind",
        "script",
        "iso2",
        "state_at_time",
        "factory",
        "place",
        "calibres",
        "year_from",
        "year_to",
        "year_format",
        "layout",
        "confidence",
        "source",
        "note",
    ];
    let failed = |e: csv::Error| unwritten(io::Error::other(e));
    table.write_record(columns).map_err(failed)?;
    let year = |y: Option<i32>| y.map_or(String::new(), |y| y.to_string());
    let list = |all: Vec<String>| all.join(";");
    for c in found {
        let formats = list(c.year_formats.iter().map(ToString::to_string).collect());
        let layouts = list(c.layouts.iter().map(ToString::to_string).collect());
        let (from, to, calibres) = (year(c.year_from), year(c.year_to), c.calibres.join(";"));
        let cells = [
            c.mark.as_str(),
            c.kind.name(),
            c.script.name(),
            &c.iso2,
            &c.state_at_time,
            &c.factory,
            &c.place,
            &calibres,
            &from,
            &to,
            &formats,
            &layouts,
            c.confidence.name(),
            &c.source,
            &c.note,
        ];
        table.write_record(cells.map(safe)).map_err(failed)?;
    }
    table.flush().map_err(unwritten)
}
