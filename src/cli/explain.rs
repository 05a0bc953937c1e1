//! `headstamp explain`.

use super::args::ExplainArgs;
use super::reading::registry;
use super::say::{complain, json_line, unwritten};
use crate::error::{Error, Status};
use crate::notation::Headstamp;
use crate::printable::printable;
use crate::record::{Calibre, CountryRecord, Year};
use crate::registry::{Code, Dating, Interpretation, Meaning, Registry, SETTLED, Tradition, country_name};
use anstyle::Style;
use serde::Serialize;
use std::io::{self, Write};

/// Least share of a meaning that is told, except of the first.
const LEAST_TOLD: f64 = 0.01;

/// What is known of a headstamp, as JSON.
#[derive(Serialize)]
struct Explained<'a> {
    schema: u32,
    headstamp: String,
    /// Compares this variety with others.
    variety: String,
    country: Option<Share>,
    countries: Vec<CountryRecord>,
    year: Option<Year>,
    calibre: Option<Calibre>,
    meanings: Vec<MeaningRecord<'a>>,
    unknown: f64,
    traditions: Vec<Tradition>,
    elements: Vec<ElementRecord<'a>>,
    neighbours: Vec<NeighbourRecord<'a>>,
}

#[derive(Serialize)]
struct Share {
    iso2: String,
    name: &'static str,
    probability: f64,
}

#[derive(Serialize)]
struct MeaningRecord<'a> {
    probability: f64,
    iso2: &'a str,
    country: &'static str,
    state_at_time: &'a str,
    factory: &'a str,
    place: &'a str,
    year: Option<Year>,
    code: &'a str,
    evidence: Vec<String>,
    against: Vec<String>,
    rows: Vec<RowRecord<'a>>,
}

/// A row of the registry.
#[derive(Serialize)]
pub(super) struct RowRecord<'a> {
    mark: &'a str,
    kind: &'a str,
    script: &'a str,
    iso2: &'a str,
    state_at_time: &'a str,
    factory: &'a str,
    place: &'a str,
    calibres: &'a [String],
    year_from: Option<i32>,
    year_to: Option<i32>,
    year_formats: Vec<&'static str>,
    layouts: Vec<String>,
    confidence: &'a str,
    source: &'a str,
    note: &'a str,
    own: bool,
}

#[derive(Serialize)]
struct ElementRecord<'a> {
    text: &'a str,
    role: String,
    years: Vec<i32>,
    meanings: Vec<RowRecord<'a>>,
}

#[derive(Serialize)]
struct NeighbourRecord<'a> {
    mark: &'a str,
    iso2: &'a str,
    factory: &'a str,
    how: String,
    apart: Vec<String>,
}

impl<'a> RowRecord<'a> {
    /// A row as it is told in JSON.
    pub(super) fn new(code: &'a Code) -> Self {
        Self {
            mark: &code.mark,
            kind: code.kind.name(),
            script: code.script.name(),
            iso2: &code.iso2,
            state_at_time: &code.state_at_time,
            factory: &code.factory,
            place: &code.place,
            calibres: &code.calibres,
            year_from: code.year_from,
            year_to: code.year_to,
            year_formats: code.year_formats.iter().map(|f| f.name()).collect(),
            layouts: code.layouts.iter().map(ToString::to_string).collect(),
            confidence: code.confidence.name(),
            source: &code.source,
            note: &code.note,
            own: code.own,
        }
    }
}

pub(super) fn run(args: &ExplainArgs) -> Result<Status, Error> {
    let registry = registry(&args.registry)?;
    let mut out = anstream::AutoStream::auto(io::stdout());
    let mut status = Status::Done;
    for (i, text) in args.headstamps.iter().enumerate() {
        let headstamp: Headstamp = match text.parse() {
            Ok(headstamp) => headstamp,
            Err(e) => {
                complain(&format!("{}: explain: {e}", printable(text)));
                status = Status::SomeFailed;
                continue;
            }
        };
        let written = headstamp.to_string();
        let found = registry.interpret(&headstamp, args.calibre.as_deref());
        let told = if args.json {
            json_line(&mut out, &explained(&registry, &written, &found))
        } else {
            let parted = if i > 0 { writeln!(out) } else { Ok(()) };
            parted.and_then(|()| tell(&mut out, &registry, &written, &found, usize::from(args.top)))
        };
        told.map_err(unwritten)?;
    }
    Ok(status)
}

fn shown<'f, 'a>(found: &'f Interpretation<'a>) -> impl Iterator<Item = &'f Meaning<'a>> {
    found.meanings.iter().enumerate().filter(|(i, m)| *i == 0 || m.probability >= LEAST_TOLD).map(|(_, m)| m)
}

/// A meaning of a maker who is told already, without a year: true, but no news.
fn pale(found: &Interpretation, meaning: &Meaning) -> bool {
    let before = found.meanings.iter().take_while(|m| !std::ptr::eq(*m, meaning));
    meaning.year == Dating::Open && before.into_iter().any(|m| m.maker() == meaning.maker())
}

fn explained<'a>(registry: &'a Registry, written: &str, found: &'a Interpretation<'a>) -> Explained<'a> {
    let summary = found.summary();
    let round = |p: f64| (p * 1e4).round() / 1e4;
    let meanings = shown(found).map(|m| {
        let (evidence, against) = found.said(m);
        MeaningRecord {
            probability: round(m.probability),
            iso2: &m.code.iso2,
            country: country_name(&m.code.iso2),
            state_at_time: &m.code.state_at_time,
            factory: &m.code.factory,
            place: &m.code.place,
            year: year_record(found, m.year),
            code: &m.code.mark,
            evidence,
            against,
            rows: m.rows().map(RowRecord::new).collect(),
        }
    });
    let elements = found.roles().into_iter().map(|role| ElementRecord {
        text: role.text,
        role: role.says,
        years: role.years,
        meanings: registry.lookup(role.text).chain(registry.starred(role.text)).map(RowRecord::new).collect(),
    });
    let neighbours = found.meanings.first().map_or(Vec::new(), |m| found.neighbours(m));
    Explained {
        schema: 1,
        headstamp: written.to_owned(),
        variety: found.variety().to_string(),
        country: found.country().map(|(iso2, p)| Share {
            iso2: iso2.to_owned(),
            name: country_name(iso2),
            probability: round(p),
        }),
        countries: summary.countries,
        year: summary.year,
        calibre: found.calibre().map(|c| Calibre { value: c.name.to_string(), evidence: c.stamped.clone() }),
        meanings: meanings.collect(),
        unknown: round(found.unknown),
        traditions: found.traditions(),
        elements: elements.collect(),
        neighbours: neighbours
            .iter()
            .map(|n| NeighbourRecord {
                mark: &n.code.mark,
                iso2: &n.code.iso2,
                factory: &n.code.factory,
                how: n.how.say(),
                apart: n.apart.clone(),
            })
            .collect(),
    }
}

fn year_record(found: &Interpretation, dating: Dating) -> Option<Year> {
    let year = |value, stamped: Option<usize>, absent| {
        Some(Year { value, stamped: stamped.map(|w| found.word(w).to_owned()), absent })
    };
    match dating {
        Dating::Year { word, value, .. } => year(Some(value), Some(word), false),
        Dating::Absent => year(None, None, true),
        Dating::NotLegible(word) => year(None, Some(word), false),
        Dating::Open => None,
    }
}

/// For people.
fn tell(
    out: &mut dyn Write,
    registry: &Registry,
    written: &str,
    found: &Interpretation,
    most: usize,
) -> io::Result<()> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let calibre = found.calibre().map_or(String::new(), |c| {
        let how = c.stamped.as_ref().map_or("told".into(), |s| format!("stamped {s}"));
        format!("   {} ({how})", c.name)
    });
    writeln!(out, "{bold}{written}{bold:#}{calibre}")?;
    match found.country() {
        _ if found.meanings.is_empty() => writeln!(out, "  no maker is known by these marks")?,
        Some(_) => {}
        None => writeln!(out, "  the country is open: the marks have several meanings, and nothing here settles them")?,
    }
    for meaning in shown(found).filter(|m| !pale(found, m)).take(most) {
        let code = meaning.code;
        let strong = if meaning.probability >= SETTLED { bold } else { Style::new() };
        let country = place(code);
        let year = found.say_year(meaning.year);
        writeln!(out, "  {:>3.0} %  {strong}{country}, {year}{strong:#}", meaning.probability * 100.0)?;
        let maker = meaning.maker();
        writeln!(
            out,
            "         {} — {}",
            code.mark,
            if maker.is_empty() { "the works are not known" } else { &maker }
        )?;
        let (pro, con) = found.said(meaning);
        for (sign, lines) in [('+', pro), ('−', con)] {
            for line in lines {
                writeln!(out, "         {dim}{sign} {line}{dim:#}")?;
            }
        }
        for row in meaning.rows() {
            let silent = if row.factory.is_empty() { "; names no works" } else { "" };
            writeln!(out, "         {dim}source: {}{silent}{dim:#}", row.cited())?;
        }
    }
    if found.unknown >= LEAST_TOLD {
        writeln!(out, "  {:>3.0} %  none of the makers that are known", found.unknown * 100.0)?;
    }
    for tradition in found.traditions() {
        writeln!(out, "  pattern  {} ({}): {}", tradition.name, tradition.evidence, tradition.region)?;
    }
    marks(out, registry, found)?;
    if let Some(first) = found.meanings.first() {
        for n in found.neighbours(first) {
            let what = format!("{} {}", n.code.mark, n.code.iso2);
            writeln!(out, "  or misread?  {what} {}, {}: {}", n.code.maker(), n.how.say(), n.apart.join("; "))?;
        }
    }
    writeln!(out, "  {dim}variety  {}{dim:#}", found.variety())
}

/// Every mark with all its meanings, so that no collision is hidden.
fn marks(out: &mut dyn Write, registry: &Registry, found: &Interpretation) -> io::Result<()> {
    let dim = Style::new().dimmed();
    for role in found.roles() {
        writeln!(out, "  {:8} {}", role.text, role.says)?;
        let mut said: Vec<String> = Vec::new();
        for code in registry.lookup(role.text).chain(registry.starred(role.text)) {
            let line = meaning_line(code);
            if !said.contains(&line) {
                writeln!(out, "           {dim}{line}{dim:#}")?;
                said.push(line);
            }
        }
        if !role.years.is_empty() && !said.is_empty() {
            let years: Vec<String> = role.years.iter().map(ToString::to_string).collect();
            writeln!(out, "           {dim}year {}{dim:#}", years.join(" or "))?;
        }
    }
    Ok(())
}

fn place(code: &Code) -> String {
    let name = country_name(&code.iso2);
    let state = &code.state_at_time;
    if state.is_empty() || name.contains(state.as_str()) {
        name.to_owned()
    } else if name.is_empty() || state.contains(name) {
        state.clone()
    } else {
        format!("{state} (today {name})")
    }
}

/// One meaning of a mark on one line.
pub(super) fn meaning_line(code: &Code) -> String {
    let parts = [
        if code.kind.names_maker() { String::new() } else { code.kind.name().to_owned() },
        place(code),
        code.maker(),
        code.years(),
    ];
    let line = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ");
    format!("{} {line}", code.mark)
}
