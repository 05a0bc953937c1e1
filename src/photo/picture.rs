//! What a picture is known by whatever bytes it is kept in: with other metadata, compressed anew, turned or mirrored.

use super::orient::Orientation;
use image::GrayImage;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;

/// Squares that a picture is divided into, across and down.
const SIDE: u32 = 16;
/// Mean difference of squares, in grey levels, up to which two pictures are one compressed anew: JPEG of middling quality
/// changes the mean of a square by less than half a level, another photograph of the same head by several.
const NEAR: f32 = 0.75;
/// Difference of a single square that no compression makes.
const FAR: u8 = 4;
/// Spread of the squares, in grey levels, below which a picture is too even to be told from others like it.
const EVEN: f32 = 4.0;

/// What a picture is known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of width and height (32 bits each, the lowest byte first) and of a sum of 64 bits of each row of the upright
    /// picture's luma; in hexadecimal. Equal pixels have equal ones; other pixels would have to be made for it.
    pub pixels: String,
    /// Mean luma of each of 16 × 16 parts of the upright picture, row by row; in hexadecimal.
    pub look: String,
}

/// How far two photographs are one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Pixel by pixel.
    Same,
    /// Compressed anew.
    Compressed,
    /// Turned or mirrored, and compressed anew perhaps.
    Turned,
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "same picture as",
            Self::Compressed => "same picture, compressed anew, as",
            Self::Turned => "same picture, turned or mirrored, as",
        })
    }
}

impl Picture {
    /// Of upright luma.
    pub fn of(luma: &GrayImage) -> Self {
        let (width, height) = luma.dimensions();
        let mut hasher = Sha256::new().chain_update(width.to_le_bytes()).chain_update(height.to_le_bytes());
        // the whole picture would take as long as half of its decoding
        luma.as_raw().chunks(width.max(1) as usize).for_each(|row| hasher.update(sum(row).to_le_bytes()));
        let pixels = hex::encode(hasher.finalize());
        Self { pixels, look: hex::encode(means(luma)) }
    }

    /// Whether another photograph is the same picture, and how far.
    ///
    /// What is even all over is like nothing but itself. `None` also where a look makes no sense.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.pixels == other.pixels {
            return Some(Likeness::Same);
        }
        let (mine, theirs) = (self.squares()?, other.squares()?);
        let mean = mine.iter().map(|&v| f32::from(v)).sum::<f32>() / mine.len() as f32;
        let spread = mine.iter().map(|&v| (f32::from(v) - mean).abs()).sum::<f32>() / mine.len() as f32;
        if spread < EVEN {
            return None;
        }
        let near = |value: u32| alike(&mine, &Orientation::from_exif(value).apply(&theirs, SIDE, SIDE));
        if near(1) { Some(Likeness::Compressed) } else { (2..=8).any(near).then_some(Likeness::Turned) }
    }

    fn squares(&self) -> Option<Vec<u8>> {
        hex::decode(&self.look).ok().filter(|squares| squares.len() == (SIDE * SIDE) as usize)
    }
}

/// A sum of a row that changes with every byte and its place.
fn sum(row: &[u8]) -> u64 {
    /// Odd, with its bits well mixed: the golden ratio.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = row.as_chunks::<8>();
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let whole = words.iter().fold(row.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(whole, |sum, byte| mix(sum, u64::from(*byte)))
}

fn alike(a: &[u8], b: &[u8]) -> bool {
    let differences = || a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    let sum: u32 = differences().map(u32::from).sum();
    sum as f32 <= NEAR * a.len() as f32 && differences().all(|d| d < FAR)
}

/// Means of the squares, rounded. Pixels of a small picture count for every square that they lie in.
fn means(luma: &GrayImage) -> Vec<u8> {
    let (width, height) = (luma.width() as usize, luma.height() as usize);
    let bounds = |n: u32, side: usize| {
        let from = n as usize * side / SIDE as usize;
        (from, ((n as usize + 1) * side).div_ceil(SIDE as usize).max(from + 1).min(side.max(1)))
    };
    let mut means = Vec::with_capacity((SIDE * SIDE) as usize);
    for down in 0..SIDE {
        let (top, bottom) = bounds(down, height);
        for across in 0..SIDE {
            let (left, right) = bounds(across, width);
            let rows = (top..bottom).map(|y| &luma.as_raw()[y * width + left..y * width + right]);
            let sum: u64 = rows.map(|row| row.iter().map(|&v| u32::from(v)).sum::<u32>()).map(u64::from).sum();
            let count = ((bottom - top) * (right - left)).max(1) as u64;
            means.push(((sum + count / 2) / count) as u8);
        }
    }
    means
}

/// A photograph that was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// What it is called.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: String,
}

/// Pictures that were met, by which the next can be recognised.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    exact: HashMap<String, usize>,
    all: Vec<(Picture, Met)>,
    /// Places in `all`, by the mean of the whole: two of one picture hardly differ in it.
    by_mean: HashMap<u8, Vec<usize>>,
}

impl Seen {
    /// Whether this picture was met before, how far it is the same, and as which photograph; it is remembered as `new` if not.
    pub fn meet(&mut self, picture: &Picture, new: &Met) -> Option<(Likeness, &Met)> {
        let exact = self.exact.get(&picture.pixels).map(|&at| (Likeness::Same, at));
        let mean = picture.squares().map_or(0, |s| (s.iter().map(|&v| u32::from(v)).sum::<u32>() / 256) as u8);
        let near = || {
            let around = [mean.checked_sub(1), Some(mean), mean.checked_add(1)];
            let places = around.into_iter().flatten().filter_map(|m| self.by_mean.get(&m)).flatten();
            places.filter_map(|&at| Some((picture.likeness(&self.all.get(at)?.0)?, at))).min()
        };
        if let Some((likeness, at)) = exact.or_else(near) {
            return self.all.get(at).map(|(_, met)| (likeness, met));
        }
        self.exact.insert(picture.pixels.clone(), self.all.len());
        self.by_mean.entry(mean).or_default().push(self.all.len());
        self.all.push((picture.clone(), new.clone()));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::decode;
    use crate::photo::testing::{encode, jpeg, noise, with_exif};
    use image::{DynamicImage, ImageFormat};

    fn of(bytes: &[u8]) -> Picture {
        decode(std::path::Path::new("a"), bytes).unwrap().picture
    }

    /// A scene that no turn brings upon itself.
    fn scene() -> GrayImage {
        GrayImage::from_fn(330, 200, |x, y| {
            let spot = (x as f32 - 90.0).hypot(y as f32 - 60.0) < 40.0;
            image::Luma([if spot { 220 } else { (x / 4 + y / 3) as u8 }])
        })
    }

    #[test]
    fn other_metadata_are_the_same_pixels() {
        let plain = jpeg(&scene());
        let other = with_exif(&plain, 1, "2021:05:18 13:58:00");
        assert_eq!(of(&plain).likeness(&of(&other)), Some(Likeness::Same));
    }

    #[test]
    fn compressed_anew_and_turned_it_is_known() {
        let first = of(&encode(&DynamicImage::ImageLuma8(scene()), ImageFormat::Png));
        assert_eq!(first.likeness(&of(&jpeg(&scene()))), Some(Likeness::Compressed));
        let turned = image::imageops::rotate90(&scene());
        let mirrored = image::imageops::flip_horizontal(&turned);
        for other in [turned, mirrored] {
            assert_eq!(first.likeness(&of(&jpeg(&other))), Some(Likeness::Turned));
            assert_eq!(of(&jpeg(&other)).likeness(&first), Some(Likeness::Turned));
        }
    }

    #[test]
    fn others_are_others() {
        let first = Picture::of(&scene());
        let mut moved = scene();
        image::imageops::overlay(&mut moved, &scene(), 9, 0);
        assert_eq!(first.likeness(&Picture::of(&moved)), None);
        let even = |level| Picture::of(&GrayImage::from_pixel(40, 40, image::Luma([level])));
        assert_eq!(even(100).likeness(&even(101)), None, "even all over");
        let broken = |pixels: &str, look: &str| Picture { pixels: pixels.into(), look: look.into() };
        assert_eq!(broken("a", "zz").likeness(&broken("b", "")), None);
    }

    #[test]
    fn the_first_of_a_batch_is_named() {
        let mut seen = Seen::default();
        let other = of(&jpeg(&noise(64, 48)));
        let met = |name: &str| Met { name: name.into(), sha256: name.repeat(32) };
        assert_eq!(seen.meet(&Picture::of(&scene()), &met("a")), None);
        assert_eq!(seen.meet(&other, &met("b")), None);
        assert_eq!(seen.meet(&of(&jpeg(&scene())), &met("c")), Some((Likeness::Compressed, &met("a"))));
        assert_eq!(seen.meet(&other, &met("d")), Some((Likeness::Same, &met("b"))));
    }
}
