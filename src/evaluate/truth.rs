//! `truth.jsonl`: what a render knows of its heads beyond their labels.

use super::Label;
use crate::error::Error;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What a render knows of a head. Older files lack some of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct HeadTruth {
    ellipse: Place,
    /// Look of metal and marks.
    #[serde(default)]
    pub metal: Option<String>,
    /// How the marks stand.
    #[serde(default)]
    pub layout: Option<String>,
    #[serde(default)]
    marks: Vec<MarkTruth>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Place {
    cx: f32,
    cy: f32,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct MarkTruth {
    /// In units of the rim.
    height: f32,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct PhotoTruth {
    photo: String,
    /// Deviation of the whole blur, in pixels.
    #[serde(default)]
    blur: Option<f32>,
    heads: Vec<HeadTruth>,
}

/// Dots count as marks of at least this height, in units of the rim: how sharp a picture is does not hang on them.
const LEAST_HEIGHT: f32 = 0.08;

/// What the renders of a folder show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Truth {
    photos: BTreeMap<String, PhotoTruth>,
}

impl Truth {
    /// Loads the file beside the labels; one that is not there says nothing.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("truth.jsonl");
        let needed = |cause: String| Error::Needed { what: format!("{}", path.display()), cause, hint: None };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(needed(e.to_string())),
        };
        let line = |line: &str| {
            let photo: PhotoTruth = serde_json::from_str(line).map_err(|e| needed(e.to_string()))?;
            Ok((photo.photo.clone(), photo))
        };
        Ok(Self { photos: text.lines().map(line).collect::<Result<_, Error>>()? })
    }

    /// Every photograph of the folder, with or without heads.
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
