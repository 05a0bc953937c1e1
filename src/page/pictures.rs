//! Pictures of heads that wait, made from the photographs, which are opened for reading only.

use super::turn;
use crate::catalogue::Item;
use crate::draw::Text;
use crate::ellipse::Ellipse;
use crate::photo;
use crate::pictures;
use crate::sample::{bilinear, shrink_around};
use image::{GrayImage, Rgb, RgbImage};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Heads whose pictures are kept: those about to come, and those just seen. About 100 kB each.
const KEPT: usize = 128;
/// Side of the turned head, in pixels.
const SIDE: u32 = 560;
/// What is shown of it, in radii of the rim.
const AROUND: f32 = 1.06;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// The photograph round the head, with rim and marks.
    Photo,
    /// The head, the maker's mark up.
    Turned,
    /// The ring unrolled.
    Strip,
}

type Jpegs = Arc<[Vec<u8>; 3]>;

/// Pictures of the heads that were asked for last.
#[derive(Default)]
pub(super) struct Pictures {
    kept: Mutex<VecDeque<(i64, Jpegs)>>,
    /// One photograph is decoded at a time: several large ones together would not fit into a small computer.
    decoding: Mutex<()>,
}

impl Pictures {
    /// A JPEG of a head; the error says in words why there is none.
    pub(super) fn of(&self, item: &Item, kind: Kind) -> Result<Vec<u8>, String> {
        let jpegs = match self.kept(item.id) {
            Some(jpegs) => jpegs,
            None => {
                let _one = self.decoding.lock().unwrap_or_else(PoisonError::into_inner);
                // whoever waited may find it made by now
                match self.kept(item.id) {
                    Some(jpegs) => jpegs,
                    None => self.keep(item.id, Arc::new(made(item)?)),
                }
            }
        };
        Ok(jpegs[kind as usize].clone())
    }

    fn kept(&self, id: i64) -> Option<Jpegs> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| *known == id).map(|(_, jpegs)| Arc::clone(jpegs))
    }

    fn keep(&self, id: i64, jpegs: Jpegs) -> Jpegs {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((id, Arc::clone(&jpegs)));
        jpegs
    }
}

fn made(item: &Item) -> Result<[Vec<u8>; 3], String> {
    let photo = photo::load(Path::new(&item.path)).map_err(|e| e.to_string())?;
    if photo.sha256 != item.place.photo {
        return Err("the file is not the photograph that was added".into());
    }
    let text = Text::new().map_err(|e| e.to_string())?;
    let drawn = [
        pictures::crop(&photo.luma, Some(&item.head), None),
        turned(&photo.luma, &item.head.ellipse, turn::top(&item.head)),
        pictures::unrolled(&photo.luma, &item.head, &text),
    ];
    let mut jpegs = [Vec::new(), Vec::new(), Vec::new()];
    for (jpeg, picture) in jpegs.iter_mut().zip(&drawn) {
        *jpeg = pictures::jpeg(picture).map_err(|e| e.to_string())?;
    }
    Ok(jpegs)
}

/// The head as a circle, seen from straight above, with a clock on top.
fn turned(photo: &GrayImage, rim: &Ellipse, top: f32) -> RgbImage {
    let step = 2.0 * rim.a * AROUND / SIDE as f32;
    let factor = if step.is_finite() { step.floor().clamp(1.0, 64.0) as u32 } else { 1 };
    let (small, rim) =
        if factor > 1 { shrink_around(photo, rim, factor, AROUND + 0.05) } else { (photo.clone(), *rim) };
    let middle = (SIDE as f32 - 1.0) / 2.0;
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let (dx, dy) = ((x as f32 - middle) / middle * AROUND, (y as f32 - middle) / middle * AROUND);
        let (px, py) = rim.at(dx.hypot(dy), dx.atan2(-dy).to_degrees() + top);
        Rgb([(bilinear(&small, px, py) + 0.5) as u8; 3])
    })
}
