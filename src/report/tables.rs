//! The tables of a report, as the Small Arms Survey's chapter has them: Expanding Arsenals, in Small Arms Survey 2015, ch. 6.

use super::study::{Column, NATO, NATO_CALIBRES, NATO_STANDARD, NOT_RECORDED, Study, UNDATED, ways_of_knowing};
use super::table::{Cell, Of, Table};
use crate::catalogue::fields::{NOT_LEGIBLE, SYMBOL_UNKNOWN};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::registry::country_name;
use std::cmp::Reverse;

/// Most rows of a table by calibre, site, holder or date; what is beyond is counted in a row of its own.
const MOST_ROWS: usize = 40;

/// How a report is made.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Producers with at most this share are gathered in a note, 0..1.
    pub threshold: f64,
    /// How many varieties are listed.
    pub top: usize,
}

/// All tables, in their order.
pub fn tables(study: &Study, catalogue: &Catalogue, setting: Setting) -> Result<Vec<Table>, CatalogueError> {
    let mut all = vec![
        producers(study, setting.threshold),
        decades(study),
        varieties(study, setting.top),
        nato(study),
        plain(study, Column::Calibre, "calibres", "By calibre", "Calibre", false),
        plain(study, Column::Site, "sites", "By site", "Site", false),
        plain(study, Column::Holder, "holders", "By holder", "Holder", false),
        plain(study, Column::Found, "found", "By year in which they were found", "Year", true),
        diversity(study),
        plain(study, Column::Confirmed, "confirmed", "How entries were confirmed", "Confirmed", false),
        known(study),
    ];
    all.push(unresolved(study, catalogue)?);
    Ok(all)
}

fn base(study: &Study) -> String {
    let left_out = match study.left_out {
        0 => String::new(),
        1 => "; 1 entry is left out, since it is not what was asked for".into(),
        n => format!("; {n} entries are left out, since they are not what was asked for"),
    };
    format!("n = {} cases in {} entries{left_out}", study.cases, study.entries.len())
}

/// The numbers of a column with their sums, the largest first.
fn ranked(study: &Study, column: Column) -> Vec<(u32, u64)> {
    let mut all: Vec<(u32, u64)> = (0..).zip(study.sums(column)).collect();
    all.sort_by_key(|(number, count)| (Reverse(*count), *number));
    all
}

fn counted(study: &Study, count: u64, of: Of) -> [Cell; 2] {
    [Cell::Count(count, of), Cell::Share(study.share(count))]
}

fn producers(study: &Study, threshold: f64) -> Table {
    let labels = study.labels(Column::Producer);
    let (mut rows, mut small, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    let mut gone = Vec::new();
    for (number, count) in ranked(study, Column::Producer) {
        let (name, of) = (labels.text(number), Of::one(Column::Producer, number));
        let today = study.today.get(number as usize).map_or("", String::as_str);
        if !today.is_empty() && country_name(today) != name && name != NOT_RECORDED {
            gone.push(format!("{name}: today {}", country_name(today)));
        }
        if name == NOT_RECORDED {
            let [count, share] = counted(study, count, of);
            unknown.push(vec![Cell::text("country not known"), Cell::text(""), count, share]);
        } else if study.share(count) > threshold {
            let [count, share] = counted(study, count, of);
            rows.push(vec![Cell::text(name), Cell::text(today), count, share]);
        } else {
            small.push((name.to_owned(), count, of));
        }
    }
    rows.extend(unknown);
    let mut notes = Vec::new();
    if !small.is_empty() {
        let mut note = vec![Cell::text(format!("At most {} % each: ", percent(threshold)))];
        let last = small.len() - 1;
        for (n, (name, count, of)) in small.into_iter().enumerate() {
            note.extend([Cell::text(format!("{name} (")), Cell::Count(count, of)]);
            note.push(Cell::text(if n == last { ")." } else { "), " }));
        }
        notes.push(note);
    }
    if !gone.is_empty() {
        gone.sort();
        notes.push(vec![Cell::text(format!("States as at production. {}.", gone.join("; ")))]);
    }
    notes.push(vec![Cell::text("Where a case was made does not say by which way it came.")]);
    let (title, head) = ("By country of production".into(), vec!["State at production", "Today", "Cases", "Share"]);
    Table { id: "producers", title, head, rows, base: base(study), notes, drawn: true }
}

/// A share in percent, with as many digits as it takes.
fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn decades(study: &Study) -> Table {
    let labels = study.labels(Column::Decade);
    let mut all: Vec<(u8, &str, u32, u64)> = Vec::new();
    for (number, count) in ranked(study, Column::Decade) {
        let name = labels.text(number);
        let place = match name {
            UNDATED => 1,
            NOT_LEGIBLE => 2,
            NOT_RECORDED => 3,
            _ => 0,
        };
        all.push((place, name, number, count));
    }
    all.sort();
    let row = |(place, name, number, count): (u8, &str, u32, u64)| {
        let name = if place == 2 { "year not legible" } else { name };
        let [count, share] = counted(study, count, Of::one(Column::Decade, number));
        vec![Cell::text(if place == 3 { "year not recorded" } else { name }), count, share]
    };
    Table {
        id: "decades",
        title: "By decade of production".into(),
        head: vec!["Decade", "Cases", "Share"],
        rows: all.into_iter().map(row).collect(),
        base: base(study),
        notes: vec![vec![Cell::text(
            "A case without a year mark, one whose year cannot be read, and one of which no year was recorded are three \
             facts.",
        )]],
        drawn: true,
    }
}

/// Rows of varieties: where and when they were made, what they bear, how many, and a photograph.
fn variety_rows(study: &Study, these: &[(u32, u64)]) -> Vec<Vec<Cell>> {
    let mut first: Vec<Option<usize>> = vec![None; study.varieties.len()];
    for (at, seen) in study.entries.iter().enumerate().filter(|(_, s)| s.place.is_some()) {
        if let Some(slot) = first.get_mut(seen.column(Column::Variety) as usize) {
            slot.get_or_insert(at);
        }
    }
    let mut rows = Vec::new();
    for (number, count) in these {
        let Some(variety) = study.varieties.get(*number as usize) else { continue };
        let [count, share] = counted(study, *count, Of::one(Column::Variety, *number));
        let photograph = first.get(*number as usize).copied().flatten();
        rows.push(vec![
            Cell::text(study.labels(Column::Producer).text(variety.producer)),
            Cell::text(&variety.factory),
            Cell::text(&variety.calibre),
            Cell::text(&variety.year),
            Cell::text(&variety.headstamp),
            count,
            share,
            photograph.map_or_else(|| Cell::text(""), Cell::Photograph),
        ]);
    }
    rows
}

const OF_VARIETIES: [&str; 8] = ["Country", "Factory", "Calibre", "Year", "Marking", "Cases", "Share", "Photograph"];

/// The varieties that could be read, the most numerous first.
fn read_varieties(study: &Study) -> Vec<(u32, u64)> {
    let read = |number: u32| study.varieties.get(number as usize).is_some_and(super::study::Variety::is_read);
    ranked(study, Column::Variety).into_iter().filter(|(number, _)| read(*number)).collect()
}

fn varieties(study: &Study, top: usize) -> Table {
    let all = read_varieties(study);
    let these = &all[..top.min(all.len())];
    let count: u64 = these.iter().map(|v| v.1).sum();
    let of = Of(vec![(Column::Variety, these.iter().map(|v| v.0).collect())]);
    let notes = vec![vec![
        Cell::text(format!("These {} varieties make up ", these.len())),
        Cell::Count(count, of),
        Cell::text(format!(
            " of {} cases ({} %); {} other varieties were seen. Cases of one calibre and one headstamp are one variety.",
            study.cases,
            percent(study.share(count)),
            all.len() - these.len()
        )),
    ]];
    let (title, head) = ("The most prominent varieties".into(), OF_VARIETIES.to_vec());
    Table { id: "varieties", title, head, rows: variety_rows(study, these), base: base(study), notes, drawn: true }
}

fn nato(study: &Study) -> Table {
    let of = study.labels(Column::Nato).find(NATO_STANDARD).map(|number| Of::one(Column::Nato, number));
    let sums = of.as_ref().map(|of| study.sums_of(Column::Variety, of)).unwrap_or_default();
    let mut these: Vec<(u32, u64)> = (0..).zip(sums).filter(|(_, count)| *count > 0).collect();
    these.sort_by_key(|(n, count)| (Reverse(*count), *n));
    let count = these.iter().map(|t| t.1).sum();
    let total = match of {
        Some(of) => Cell::Count(count, of),
        None => Cell::Figure("0".into()),
    };
    let notes = vec![vec![
        Cell::text("Together "),
        total,
        Cell::text(format!(
            " cases, {} % of all. NATO-standard is what bears {NATO}, and what is of a calibre that NATO standardised: {}.",
            percent(study.share(count)),
            NATO_CALIBRES.join(", ")
        )),
    ]];
    let (title, head) = ("NATO-standard material".into(), OF_VARIETIES.to_vec());
    Table { id: "nato", title, head, rows: variety_rows(study, &these), base: base(study), notes, drawn: false }
}

/// Counted by one column; in the order of its texts, or the largest first.
fn plain(study: &Study, column: Column, id: &'static str, title: &str, what: &'static str, in_order: bool) -> Table {
    let labels = study.labels(column);
    let mut all = ranked(study, column);
    let rest = all.split_off(MOST_ROWS.min(all.len()));
    if in_order {
        all.sort_by_key(|(number, _)| labels.text(*number));
    }
    all.sort_by_key(|(number, _)| labels.text(*number) == NOT_RECORDED);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (number, count) in all {
        let [count, share] = counted(study, count, Of::one(column, number));
        rows.push(vec![Cell::text(labels.text(number)), count, share]);
    }
    if !rest.is_empty() {
        let sum = rest.iter().map(|r| r.1).sum();
        let of = Of(vec![(column, rest.iter().map(|r| r.0).collect())]);
        let [count, share] = counted(study, sum, of);
        rows.push(vec![Cell::text(format!("{} others", rest.len())), count, share]);
    }
    let head = vec![what, "Cases", "Share"];
    Table { id, title: title.into(), head, rows, base: base(study), notes: Vec::new(), drawn: false }
}

/// How many varieties there are, and how evenly cases fall on them.
fn diversity(study: &Study) -> Table {
    let all = read_varieties(study);
    let cases: u64 = all.iter().map(|v| v.1).sum();
    let share = |count: u64| count as f64 / cases.max(1) as f64;
    let single: Vec<u32> = all.iter().filter(|v| v.1 == 1).map(|v| v.0).collect();
    let simpson = 1.0 - all.iter().map(|v| share(v.1).powi(2)).sum::<f64>();
    let shannon: f64 = -all.iter().map(|v| share(v.1) * share(v.1).ln()).sum::<f64>();
    let half = {
        let (mut sum, mut n) = (0, 0);
        while 2 * sum < cases && n < all.len() {
            sum += all[n].1;
            n += 1;
        }
        n
    };
    let figure = |n: String| vec![Cell::Figure(n), Cell::text("")];
    let row = |what: &str, cells: Vec<Cell>| [vec![Cell::text(what)], cells].concat();
    let rows = vec![
        row("Varieties", figure(all.len().to_string())),
        row("seen once", counted(study, single.len() as u64, Of(vec![(Column::Variety, single)])).to_vec()),
        row("that make up half of the cases", figure(half.to_string())),
        row("Chance that two cases are of two varieties (Simpson, 1949)", figure(format!("{simpson:.3}"))),
        row(
            "As diverse as so many equally frequent ones (Shannon; Hill, 1973)",
            figure(format!("{:.1}", shannon.exp())),
        ),
    ];
    let base = format!("n = {cases} cases whose headstamp could be read, of {}", study.cases);
    let (title, head) = ("Diversity of varieties".into(), vec!["", "Number", "Share"]);
    Table { id: "diversity", title, head, rows, base, notes: Vec::new(), drawn: false }
}

/// How headstamps and countries are known.
fn known(study: &Study) -> Table {
    let mut rows = Vec::new();
    for way in ways_of_knowing() {
        let mut row = vec![Cell::text(way)];
        for column in [Column::Headstamp, Column::Country] {
            let number = study.labels(column).find(way);
            let count = number.map_or(0, |n| study.count(&Of::one(column, n)));
            match number {
                Some(number) => row.extend(counted(study, count, Of::one(column, number))),
                None => row.extend([Cell::Figure("0".into()), Cell::Share(0.0)]),
            }
        }
        rows.push(row);
    }
    Table {
        id: "known",
        title: "How it is known".into(),
        head: vec!["", "Headstamp", "Share", "Country", "Share"],
        rows,
        base: base(study),
        notes: vec![vec![Cell::text(
            "Stamped: seen on the case and written by a person. Proposed: read by the program, confirmed by a person. Derived: \
             follows from the marks by the registry, confirmed by a person. Measured and told: as recorded.",
        )]],
        drawn: false,
    }
}

/// What is not resolved.
fn unresolved(study: &Study, catalogue: &Catalogue) -> Result<Table, CatalogueError> {
    let counts = catalogue.counts()?;
    let mut rows = Vec::new();
    let mut of = |what: &str, of: Of| {
        let [count, share] = counted(study, study.count(&of), of);
        rows.push(vec![Cell::text(what), count, share]);
    };
    let headstamp = |word: &str| {
        let these = (0..).zip(&study.varieties).filter(|(_, v)| v.headstamp == word).map(|(n, _)| n);
        Of(vec![(Column::Variety, these.collect())])
    };
    let labelled =
        |column: Column, text: &str| Of(vec![(column, study.labels(column).find(text).into_iter().collect())]);
    of("headstamp not legible", headstamp(NOT_LEGIBLE));
    of("symbol unknown", headstamp(SYMBOL_UNKNOWN));
    of("country not known", labelled(Column::Producer, NOT_RECORDED));
    of("year not legible", labelled(Column::Decade, NOT_LEGIBLE));
    of("calibre not recorded", labelled(Column::Calibre, NOT_RECORDED));
    for (what, count) in [
        ("heads that wait to be reviewed", counts.pending),
        ("photographs without a head", counts.without_heads),
        ("photographs that could not be read", counts.failed),
        ("decisions that contradict each other", counts.conflicts),
    ] {
        rows.push(vec![Cell::text(what), Cell::Figure(count.to_string()), Cell::text("")]);
    }
    Ok(Table {
        id: "unresolved",
        title: "What is not resolved".into(),
        head: vec!["", "Number", "Share"],
        rows,
        base: base(study),
        notes: vec![vec![Cell::text("What waits is of the whole catalogue, whatever was asked for.")]],
        drawn: false,
    })
}
