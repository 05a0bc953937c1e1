//! What a head looks like, compact: the strength of edges round the ring, whichever way the light falls.

use crate::ellipse::Ellipse;
use crate::strip::{self, COLUMNS, ROWS};
use image::GrayImage;

/// Columns and rows of a look: a cell is five degrees wide and a seventh of the strip high.
const TURN: usize = 72;
/// Rows of a look.
const BANDS: usize = 7;
/// Rows of the strip that show the rim rather than marks.
const RIM: usize = 3;
/// Greatest turn between two looks that are said to be at the same place, in cells.
const SLACK: usize = 1;

/// A look: [`BANDS`] × [`TURN`] strengths, band by band, 0..255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look(Vec<u8>);

impl Look {
    /// Of a strip as it is unrolled. A picture of another size has no look.
    pub fn of(strip: &GrayImage) -> Option<Self> {
        if (strip.width() as usize, strip.height() as usize) != (COLUMNS, ROWS) {
            return None;
        }
        let raw = strip.as_raw();
        let at = |x: usize, y: usize| f32::from(raw[y * COLUMNS + x % COLUMNS]);
        let (wide, high) = (COLUMNS / TURN, (ROWS - RIM) / BANDS);
        let mut cells = vec![0.0f32; BANDS * TURN];
        for y in RIM + 1..(RIM + BANDS * high).min(ROWS - 1) {
            for x in 0..COLUMNS {
                let gx = at(x + 1, y) - at(x + COLUMNS - 1, y);
                let gy = at(x, y + 1) - at(x, y - 1);
                cells[(y - RIM) / high * TURN + x / wide] += gx.hypot(gy);
            }
        }
        // the strength of each band against its own mean: what light and focus do to all alike does not count
        for band in cells.chunks_mut(TURN) {
            let mean = band.iter().sum::<f32>() / TURN as f32;
            for v in band {
                *v = (*v / mean.max(1e-3)).sqrt() * 100.0;
            }
        }
        Some(Self(cells.into_iter().map(|v| v.clamp(0.0, 255.0) as u8).collect()))
    }

    /// What is kept of a head on a photograph.
    pub fn kept_of(photo: &GrayImage, rim: &Ellipse) -> Option<Vec<u8>> {
        Self::of(&strip::unwrap(photo, rim)).map(|look| look.0)
    }

    /// From what was kept; `None` where it was made otherwise.
    pub fn from_kept(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == BANDS * TURN).then(|| Self(bytes.to_vec()))
    }

    /// As it is kept.
    pub fn kept(&self) -> &[u8] {
        &self.0
    }

    /// How alike two looks are at the best turn of the other, -1..1, and that turn clockwise in degrees.
    pub fn like(&self, other: &Self) -> (f32, f32) {
        let (a, b) = (self.centred(), other.centred());
        let mut best = (-1.0f32, 0);
        for turn in 0..TURN {
            let mut sum = 0.0;
            for (one, two) in a.chunks(TURN).zip(b.chunks(TURN)) {
                let (head, tail) = two.split_at(turn);
                sum += one.iter().zip(tail.iter().chain(head)).map(|(p, q)| p * q).sum::<f32>();
            }
            if sum > best.0 {
                best = (sum, turn);
            }
        }
        (best.0, best.1 as f32 * 360.0 / TURN as f32)
    }

    /// With mean 0 and length 1.
    fn centred(&self) -> Vec<f32> {
        let mean = self.0.iter().map(|&v| f32::from(v)).sum::<f32>() / self.0.len() as f32;
        let mut out: Vec<f32> = self.0.iter().map(|&v| f32::from(v) - mean).collect();
        let length = out.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
        out.iter_mut().for_each(|v| *v /= length);
        out
    }

    /// Whether two turns, in degrees, are the same as far as looks tell.
    pub fn same_turn(a: f32, b: f32) -> bool {
        let off = (a - b + 180.0).rem_euclid(360.0) - 180.0;
        off.abs() <= (SLACK as f32 + 0.5) * 360.0 / TURN as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::testing::noise;

    #[test]
    fn a_look_is_found_again_turned_and_another_is_not() {
        let strip = noise(COLUMNS as u32, ROWS as u32);
        let strip = image::imageops::blur(&strip, 4.0);
        let turned =
            GrayImage::from_fn(COLUMNS as u32, ROWS as u32, |x, y| *strip.get_pixel((x + 200) % COLUMNS as u32, y));
        let (a, b) = (Look::of(&strip).unwrap(), Look::of(&turned).unwrap());
        let (like, turn) = b.like(&a);
        assert!(like > 0.95 && Look::same_turn(turn, 125.0), "{like} {turn}");
        assert_eq!(Look::from_kept(a.kept()), Some(a));
        assert_eq!((Look::of(&GrayImage::new(3, 3)), Look::from_kept(&[1])), (None, None));
    }
}
