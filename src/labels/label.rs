//! `labels.csv`: what photographs show.

use crate::error::Error;
use serde::{Deserialize, Deserializer};
use std::path::Path;

/// The columns, in the order in which they are written.
pub const COLUMNS: [&str; 7] = ["photo", "x", "y", "r", "headstamp", "country", "legible"];

/// A labelled head.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
    #[serde(default)]
    pub country: String,
    /// Whether a person can read it: `1` or `0`.
    #[serde(deserialize_with = "digit")]
    pub legible: bool,
}

impl Label {
    /// The row of the file: places to a tenth of a pixel.
    pub(super) fn row(&self) -> [String; COLUMNS.len()] {
        let Self { photo, x, y, r, headstamp, country, legible } = self;
        let [x, y, r] = [x, y, r].map(|v| format!("{v:.1}"));
        [photo.clone(), x, y, r, headstamp.clone(), country.clone(), u8::from(*legible).to_string()]
    }
}

fn digit<'de, D: Deserializer<'de>>(field: D) -> Result<bool, D::Error> {
    match u8::deserialize(field)? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(serde::de::Error::custom(format!("legible is 1 or 0, not {other}"))),
    }
}

/// Loads a file of labels; other columns are ignored.
pub fn load(path: &Path) -> Result<Vec<Label>, Error> {
    let needed = |cause: csv::Error| Error::Needed {
        what: format!("labels {}", path.display()),
        cause: cause.to_string(),
        hint: Some(format!("the columns are {}", COLUMNS.join(","))),
    };
    csv::Reader::from_path(path).map_err(needed)?.deserialize().collect::<Result<_, _>>().map_err(needed)
}
