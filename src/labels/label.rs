//! `labels.csv`: what photographs show.

use crate::error::Error;
use crate::list::{Charset, Fault, Faults, Flags, Options, Row, Table, safe};
use std::fs::File;
use std::path::Path;

/// The columns, in the order in which they are written.
pub const COLUMNS: [&str; 7] = ["photo", "x", "y", "r", "headstamp", "country", "legible"];

/// A labelled head.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The photograph, relative to the file of labels.
    pub photo: String,
    /// Centre, in pixels of the upright photograph.
    pub x: f32,
    /// Centre, in pixels of the upright photograph.
    pub y: f32,
    /// Mean radius of the rim, in pixels.
    pub r: f32,
    /// The headstamp, in the notation; empty where nobody can read it.
    pub headstamp: String,
    /// Today's country, ISO 3166 two letters; empty where it is not known.
    pub country: String,
    /// Whether a person can read it: `1` or `0`.
    pub legible: bool,
}

impl Label {
    /// The row of the file: places to a tenth of a pixel.
    pub(super) fn row(&self) -> [String; COLUMNS.len()] {
        let Self { photo, x, y, r, headstamp, country, legible } = self;
        let [x, y, r] = [x, y, r].map(|v| format!("{v:.1}"));
        [safe(photo), x, y, r, safe(headstamp), country.clone(), u8::from(*legible).to_string()]
    }
}

/// Loads a file of labels, however the table is written; other columns are ignored.
pub fn load(path: &Path, charset: Option<Charset>) -> Result<Vec<Label>, Error> {
    let needed = |cause: String| Error::Needed {
        what: format!("labels {}", path.display()),
        cause,
        hint: Some(format!("the columns are {}", COLUMNS.join(","))),
    };
    let told = |faults: Vec<Fault>| {
        let mut all = Faults::default();
        all.extend(faults);
        needed(all.lines().collect::<Vec<_>>().join("\n  "))
    };
    let file = File::open(path).map_err(|e| needed(e.to_string()))?;
    let options = Options { charset, keep_columns: true, flags: Flags::Charset("--encoding"), ..Options::default() };
    let table = Table::open(file, &COLUMNS.map(str::to_owned), &options).map_err(told)?;
    let there = |column: &&str| table.columns().iter().any(|c| c.theirs == **column);
    let missing: Vec<&str> = COLUMNS.into_iter().filter(|c| *c != "country" && !there(c)).collect();
    if !missing.is_empty() {
        return Err(needed(format!("row {}: there is no column {}", table.head(), missing.join(", "))));
    }
    table.map(|row| row.and_then(|row| label(&row)).map_err(told)).collect()
}

fn label(row: &Row) -> Result<Label, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut number = |column: &str| {
        let text = row.field(column).unwrap_or_default();
        // decimal commas, as some spreadsheets write them
        text.replace(',', ".").parse().ok().filter(|n: &f32| n.is_finite()).unwrap_or_else(|| {
            faults.push(row.fault_of(column, format!("`{text}` is no number")));
            0.0
        })
    };
    let (x, y, r) = (number("x"), number("y"), number("r"));
    let text = |column: &str| row.field(column).unwrap_or_default().to_owned();
    let legible = text("legible");
    if !["0", "1"].contains(&legible.as_str()) {
        faults.push(row.fault_of("legible", format!("legible is 1 or 0, not {legible}")));
    }
    let photo = text("photo");
    if photo.is_empty() {
        faults.push(row.fault_of("photo", "is empty"));
    }
    let label =
        Label { photo, x, y, r, headstamp: text("headstamp"), country: text("country"), legible: legible == "1" };
    if faults.is_empty() { Ok(label) } else { Err(faults) }
}
