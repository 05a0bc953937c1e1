//! `truth.jsonl`: what is known of photographs beyond the labels.

use super::{Label, TRUTH};
use crate::ellipse::Ellipse;
use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A photograph with everything that is known of it: a line. Older files lack some of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoTruth {
    /// The photograph, relative to the file.
    pub photo: String,
    /// Seed of the set that it was rendered for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Its place in that set, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// Width, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<usize>,
    /// Height, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<usize>,
    /// Deviation of the whole blur, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blur: Option<f32>,
    /// Its heads.
    pub heads: Vec<HeadTruth>,
}

/// What is known of a head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadTruth {
    /// The rim, in pixels.
    pub ellipse: Ellipse,
    /// What it bears, in the notation.
    #[serde(default)]
    pub headstamp: String,
    /// Whether a person can read it.
    #[serde(default)]
    pub legible: bool,
    /// Look of metal and marks, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metal: Option<String>,
    /// How the marks stand, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// The marks.
    #[serde(default)]
    pub marks: Vec<MarkTruth>,
}

/// What is known of a mark.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MarkTruth {
    /// The look, as the alphabet names it.
    pub text: String,
    /// Centre, in pixels.
    pub x: f32,
    /// Centre, in pixels.
    pub y: f32,
    /// Turn of its top from the outward radius, clockwise, in degrees.
    pub turn_deg: f32,
    /// Height, in units of the rim.
    pub height: f32,
    /// Width, in units of the rim.
    pub width: f32,
    /// Share of its outline that shows, 0..1.
    pub shown: f32,
    /// Deviation of the blur, in units of the mean distance between its lines.
    pub blur: f32,
}

impl PhotoTruth {
    /// The labels that follow from it. The country of made-up headstamps is not known.
    pub fn labels(&self) -> impl Iterator<Item = Label> + '_ {
        self.heads.iter().map(|head| Label {
            photo: self.photo.clone(),
            x: head.ellipse.cx,
            y: head.ellipse.cy,
            r: head.ellipse.mean_radius(),
            headstamp: head.headstamp.clone(),
            country: String::new(),
            legible: head.legible,
        })
    }
}

/// Greatest turn from a direction at which marks still stand in it, in degrees: dies are cut by hand.
const ASKEW: f32 = 20.0;

/// How the marks of a head stand, in a word, by the turns of their tops from the outward radius, in degrees.
pub fn layout(turns: &[f32]) -> &'static str {
    let off = |turn: f32, way: f32| ((turn - way + 180.0).rem_euclid(360.0) - 180.0).abs() < ASKEW;
    let all = |ways: &[f32]| turns.iter().all(|turn| ways.iter().any(|&way| off(*turn, way)));
    if all(&[0.0]) {
        "tops outward"
    } else if all(&[180.0]) {
        "tops inward"
    } else if all(&[0.0, 180.0]) {
        "upper half outward, lower inward"
    } else if all(&[90.0]) || all(&[-90.0]) {
        "along the radius"
    } else if turns.iter().all(|turn| off(*turn, turns[0])) {
        "each turned alike"
    } else {
        "upright lines"
    }
}

/// Dots count as marks of at least this height, in units of the rim: how sharp a picture is does not hang on them.
const LEAST_HEIGHT: f32 = 0.08;

/// What is known of the photographs of a folder.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Truth {
    photos: BTreeMap<String, PhotoTruth>,
}

impl Truth {
    /// Loads the file beside the labels; one that is not there says nothing.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(TRUTH);
        let needed = |cause: String| Error::Needed { what: path.display().to_string(), cause, hint: None };
        let file = match File::open(&path) {
            Ok(file) => BufReader::new(file),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(needed(e.to_string())),
        };
        let mut photos = BTreeMap::new();
        for (n, line) in file.lines().enumerate() {
            let line = line.map_err(|e| needed(e.to_string()))?;
            let photo: PhotoTruth = serde_json::from_str(&line).map_err(|e| needed(format!("line {}: {e}", n + 1)))?;
            photos.insert(photo.photo.clone(), photo);
        }
        Ok(Self { photos })
    }

    /// What is known of these photographs.
    pub fn of_photos(photos: impl IntoIterator<Item = PhotoTruth>) -> Self {
        Self { photos: photos.into_iter().map(|p| (p.photo.clone(), p)).collect() }
    }

    /// Every photograph, with or without heads.
    pub fn photos(&self) -> impl Iterator<Item = &str> {
        self.photos.keys().map(String::as_str)
    }

    /// What is known of a labelled head, and the blur of its picture in heights of its lowest mark.
    pub fn of(&self, label: &Label) -> Option<(&HeadTruth, Option<f32>)> {
        let photo = self.photos.get(&label.photo)?;
        let far = |h: &HeadTruth| (h.ellipse.cx - label.x).hypot(h.ellipse.cy - label.y);
        let head = photo.heads.iter().min_by(|a, b| far(a).total_cmp(&far(b)))?;
        let lowest = head.marks.iter().map(|m| m.height.max(LEAST_HEIGHT)).fold(f32::INFINITY, f32::min) * label.r;
        Some((head, photo.blur.filter(|_| lowest.is_finite()).map(|blur| blur / lowest)))
    }
}
