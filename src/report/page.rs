//! The report as one page: it opens offline, prints, and every number opens the heads it counts.

use super::figure;
use super::shell::shell;
use super::study::{Column, Seen, Study};
use super::table::{Cell, Table};
use crate::html::{Markup, Outside, PreEscaped, html};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Entries that stand in the page itself; of more, all stand in files beside it, so many in each.
pub const IN_PAGE: usize = 20_000;
/// Entries of one file beside the page.
const IN_FILE: usize = 25_000;
const JS: &str = include_str!("assets/report.js");

/// What a page says of where it comes from.
#[derive(Debug, Clone)]
pub struct About<'a> {
    /// What it is of.
    pub title: &'a str,
    /// When it was made.
    pub at: &'a str,
    /// The end of the history that it is made of.
    pub head: &'a str,
    /// What was asked for.
    pub conditions: &'a [String],
}

/// Where photographs are, and what they look like.
pub trait Photographs {
    /// The path of a photograph.
    fn path(&self, sha256: &[u8; 32]) -> Option<String>;
    /// A JPEG of a head, small; `None` where there is none.
    fn small(&self, seen: &Seen) -> Option<Vec<u8>>;
}

/// A page and what lies beside it, by name.
#[derive(Debug, Default)]
pub struct Made {
    /// The page.
    pub html: String,
    /// Scripts with the entries of larger catalogues.
    pub scripts: Vec<(String, String)>,
}

/// The page of a study with its tables.
pub fn page(study: &Study, tables: &[Table], about: &About, photographs: &dyn Photographs) -> Result<Made, String> {
    let mut made = Made::default();
    let mut data = json!({
        "variety": Column::Variety as usize,
        "varieties": study.varieties.iter().map(|v| json!([v.headstamp, v.calibre])).collect::<Vec<_>>(),
        "entries": [], "photographs": [],
    });
    if study.entries.len() <= IN_PAGE {
        let (entries, paths) = rows(&study.entries, 0, photographs);
        (data["entries"], data["photographs"]) = (entries, paths);
    } else {
        let (mut names, mut before) = (Vec::new(), 0);
        for (n, part) in study.entries.chunks(IN_FILE).enumerate() {
            let (entries, paths) = rows(part, before, photographs);
            before += paths.as_array().map_or(0, Vec::len);
            let name = format!("heads-{:03}.js", n + 1);
            made.scripts
                .push((name.clone(), format!("take({});\n", json!({"entries": entries, "photographs": paths}))));
            names.push(name);
        }
        data["files"] = json!(names);
    }
    // what ends a script element inside it would end it
    let data = data.to_string().replace('<', "\\u003c");
    let mut sections = Vec::new();
    for table in tables {
        sections.push(section(study, table, photographs)?);
    }
    let body = html! {
                h1 { bdi { (Outside(about.title)) } }
                p { "Made " (about.at) " with headstamp " (env!("CARGO_PKG_VERSION")) ". "
                    (study.cases) " cases in " (study.entries.len()) " entries. Chain head "  code { (about.head) } "." }
                @if !about.conditions.is_empty() { p { "Only what is of " @for (n, c) in about.conditions.iter().enumerate() { @if n > 0 { ", " } bdi { (Outside(c)) } } "; " (study.left_out) @if study.left_out == 1 { " entry is" } @else { " entries are" } " left out." } }
                p { "Every number opens the entries it counts." }
                nav aria-label="Tables" { ul { @for table in tables { li { a href=(format!("#{}", table.id)) { (table.title) } } } } }
                section #heads hidden aria-live="polite" {
                    h2 tabindex="-1" { "Heads" }
                    p {}
                    div.scroll { table { thead { tr { th { "Headstamp" } th { "Calibre" } th.number { "Cases" } th { "Photograph, head" } th { "Case" } } } tbody {} } }
                    p { button type="button" data-more { "More" } " " button type="button" data-close { "Close" } }
                }
                @for section in &sections { (section) }
                script #data type="application/json" { (PreEscaped(data)) }
                script { (PreEscaped(JS)) }
    };
    made.html = shell(about.title, &body).into_string();
    Ok(made)
}

/// Entries as the page needs them: case, cases it stands for, what it is of, photograph and head; and the photographs' paths.
fn rows(entries: &[Seen], before: usize, photographs: &dyn Photographs) -> (Value, Value) {
    let (mut numbers, mut paths) = (HashMap::new(), Vec::new());
    let mut all = Vec::with_capacity(entries.len());
    for seen in entries {
        let mut row = vec![json!(seen.case), json!(seen.quantity)];
        row.extend(seen.of.iter().map(|n| json!(n)));
        let place = seen.place.as_ref().map(|(sha256, head)| {
            let number = *numbers.entry(*sha256).or_insert_with(|| {
                paths.push(json!(photographs.path(sha256).unwrap_or_else(|| hex::encode(sha256))));
                before + paths.len() - 1
            });
            (json!(number), json!(head))
        });
        let (photograph, head) = place.unwrap_or((json!(-1), json!(-1)));
        row.extend([photograph, head]);
        all.push(Value::Array(row));
    }
    (Value::Array(all), Value::Array(paths))
}

fn section(study: &Study, table: &Table, photographs: &dyn Photographs) -> Result<Markup, String> {
    let drawn = figure::of(table)?;
    Ok(html! {
        section id=(table.id) {
            h2 { (table.title) }
            p.base { (table.base) }
            @if let Some(svg) = drawn {
                figure role="img" aria-label=(format!("{}: bars of the counts in the table below", table.title)) { (PreEscaped(svg)) }
            }
            div.scroll { table {
                thead { tr { @for (n, head) in table.head.iter().enumerate() { th scope="col" .number[is_number(table, n)] { (head) } } } }
                tbody { @for row in &table.rows { tr { @for (n, cell) in row.iter().enumerate() { (cell_of(study, table, n, row, cell, photographs)) } } } }
            } }
            @for note in &table.notes { p.note { @for piece in note { (piece_of(&table.title, piece)) } } }
        }
    })
}

fn is_number(table: &Table, column: usize) -> bool {
    let number = |cell: &Cell| matches!(cell, Cell::Count(..) | Cell::Share(_) | Cell::Figure(_));
    table.rows.iter().filter_map(|row| row.get(column)).any(number)
}

fn cell_of(study: &Study, table: &Table, n: usize, row: &[Cell], cell: &Cell, photographs: &dyn Photographs) -> Markup {
    // what is counted: of a variety calibre and marking, of anything else what stands first
    let marking = table.head.iter().position(|h| *h == "Marking").and_then(|n| Some((row.get(2)?, row.get(n)?)));
    let first = row.first().map(Cell::plain).unwrap_or_default();
    let what = marking.map_or(first, |(calibre, marking)| format!("{} {}", calibre.plain(), marking.plain()));
    let what = what.trim();
    html! {
        @match cell {
            Cell::Text(text) if n == 0 => th scope="row" { bdi { (Outside(text)) } },
            Cell::Text(text) => td .mark[table.head.get(n) == Some(&"Marking")] { bdi { (Outside(text)) } },
            Cell::Photograph(at) => td { @if let Some(jpeg) = study.entries.get(*at).and_then(|seen| photographs.small(seen)) {
                img src=(format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg))) alt=(Outside(row.iter().filter(|c| matches!(c, Cell::Text(_))).map(Cell::plain).collect::<Vec<_>>().join(", ")));
            } },
            cell => td.number { (piece_of(what, cell)) },
        }
    }
}

fn piece_of(what: &str, cell: &Cell) -> Markup {
    html! {
        @match cell {
            Cell::Text(text) => bdi { (Outside(text)) },
            Cell::Figure(text) => (text),
            Cell::Count(0, _) => "0",
            Cell::Count(count, of) => a.count href=(format!("#of={}", of.written())) title=(Outside(what)) { (count) },
            Cell::Share(share) => (format!("{:.1} %", share * 100.0)),
            Cell::Photograph(_) => "",
        }
    }
}
