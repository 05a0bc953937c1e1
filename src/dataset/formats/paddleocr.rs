//! PaddleOCR: for detection `det/train.txt` and so on, a line for each picture with its words as JSON; for recognition
//! `rec/train.txt`, a line for each word that was cut out of the unrolled ring, upright; and `rec/dict.txt`.

use super::super::folder::{DatasetError, Folder};
use super::super::page::{Page, Word, pixels};
use super::super::split::Part;
use image::{DynamicImage, GrayImage, ImageFormat, imageops};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Cursor;

/// What is shown beyond a word's first and last mark, in degrees.
const BEYOND: f32 = 2.5;

pub(super) fn write(pages: &[Page], to: &mut Folder) -> Result<(), DatasetError> {
    let mut characters: BTreeSet<char> = BTreeSet::new();
    for part in Part::ALL {
        let (mut det, mut rec) = (String::new(), String::new());
        for page in pages.iter().filter(|p| p.part == part) {
            let words = page.words();
            let told: Vec<_> = words
                .iter()
                .map(|w| json!({"transcription": w.text, "points": w.outline.iter().map(|c| c.map(pixels)).collect::<Vec<_>>()}))
                .collect();
            det.push_str(&format!("{}/{}\t{}\n", part.name(), page.name(), json!(told)));
            let Some(sample) = page.samples.first().filter(|_| page.samples.len() == 1) else { continue };
            let ring = to.ring(sample)?;
            for (n, word) in words.iter().enumerate() {
                let Some(cut) = cut(&ring, word) else { continue };
                let stem = page.name().rsplit_once('.').map_or(page.name(), |(stem, _)| stem);
                let name = format!("{}/{stem}-{n}.png", part.name());
                let mut bytes = Cursor::new(Vec::new());
                DynamicImage::ImageLuma8(cut).write_to(&mut bytes, ImageFormat::Png)?;
                to.put(&format!("rec/{name}"), &bytes.into_inner())?;
                rec.push_str(&format!("{name}\t{}\n", word.text));
                characters.extend(word.text.chars().filter(|c| *c != ' '));
            }
        }
        to.put(&format!("det/{}.txt", part.name()), det.as_bytes())?;
        to.put(&format!("rec/{}.txt", part.name()), rec.as_bytes())?;
    }
    let dictionary: String = characters.iter().flat_map(|c| [*c, '\n']).collect();
    to.put("rec/dict.txt", dictionary.as_bytes())
}

/// A word cut out of the ring, upright.
fn cut(ring: &GrayImage, word: &Word) -> Option<GrayImage> {
    let columns = ring.width();
    let (from, till) = word.span;
    let span = (till - from).rem_euclid(360.0) + 2.0 * BEYOND;
    let column = |degrees: f32| degrees * columns as f32 / 360.0;
    let width = (column(span) as u32).clamp(1, columns);
    let first = column((from - BEYOND).rem_euclid(360.0)) as u32;
    let picture = GrayImage::from_fn(width, ring.height(), |x, y| *ring.get_pixel((first + x) % columns, y));
    (width < columns).then(|| if word.inward { imageops::rotate180(&picture) } else { picture })
}
