//! `labels.csv`: what photographs show.

use crate::error::Error;
use serde::Deserialize;
use std::path::Path;

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
    /// `1` where a person can read it.
    pub legible: u8,
}

/// Loads a file of labels; other columns are ignored.
pub fn load(path: &Path) -> Result<Vec<Label>, Error> {
    let needed = |cause: String| Error::Needed {
        what: format!("labels {}", path.display()),
        cause,
        hint: Some("the columns are photo,x,y,r,headstamp,country,legible".into()),
    };
    let mut reader = csv::Reader::from_path(path).map_err(|e| needed(e.to_string()))?;
    reader.deserialize().collect::<Result<_, _>>().map_err(|e| needed(e.to_string()))
}
