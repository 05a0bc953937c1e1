//! Lines and text on pictures that people look at.

use ab_glyph::{FontRef, InvalidFont};
use image::{Rgb, RgbImage};
use imageproc::drawing::{draw_antialiased_line_segment_mut, draw_text_mut, text_size};

/// Colour of a rim that was found.
pub(crate) const RIM: Rgb<u8> = Rgb([0, 230, 255]);
/// Colour of the boxes of marks.
pub(crate) const BOX: Rgb<u8> = Rgb([255, 200, 0]);
const TEXT: Rgb<u8> = Rgb([255, 255, 255]);
const OUTLINE: Rgb<u8> = Rgb([0, 0, 0]);

const FONT: &[u8] = include_bytes!("synth/fonts/LiberationSans-Regular.ttf");

/// A line through points, two pixels wide.
pub(crate) fn path(copy: &mut RgbImage, points: &[(f32, f32)], colour: Rgb<u8>) {
    let size = copy.width().max(copy.height()) as f32;
    let near = |v: f32| v.is_finite() && (-size..=2.0 * size).contains(&v);
    for pair in points.windows(2) {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        // A line to somewhere far outside would take for ever to draw.
        if [x0, y0, x1, y1].into_iter().all(near) {
            for shift in 0..2 {
                let (from, to) = ((x0 as i32 + shift, y0 as i32), (x1 as i32 + shift, y1 as i32));
                draw_antialiased_line_segment_mut(copy, from, to, colour, imageproc::pixelops::interpolate);
            }
        }
    }
}

/// A rectangle along the axes of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    /// Its left edge.
    pub(crate) left: f32,
    /// Its upper edge.
    pub(crate) top: f32,
    /// Its right edge.
    pub(crate) right: f32,
    /// Its lower edge.
    pub(crate) bottom: f32,
}

impl Area {
    /// The least one that holds all points.
    pub(crate) fn around(points: &[(f32, f32)]) -> Self {
        let of =
            |f: fn(f32, f32) -> f32, from: f32, x: bool| points.iter().map(|p| if x { p.0 } else { p.1 }).fold(from, f);
        Self {
            left: of(f32::min, f32::INFINITY, true),
            top: of(f32::min, f32::INFINITY, false),
            right: of(f32::max, f32::NEG_INFINITY, true),
            bottom: of(f32::max, f32::NEG_INFINITY, false),
        }
    }

    /// Pixels that two have in common.
    pub(crate) fn shared(&self, other: &Self) -> f32 {
        let across = self.right.min(other.right) - self.left.max(other.left);
        let down = self.bottom.min(other.bottom) - self.top.max(other.top);
        across.max(0.0) * down.max(0.0)
    }

    /// Its middle.
    pub(crate) fn middle(&self) -> (f32, f32) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }
}

/// As the typeface can show it: it has no NATO cross.
fn shown(text: &str) -> String {
    text.replace('⊕', "(+)")
}

/// The typeface that text is drawn in.
pub(crate) struct Text(FontRef<'static>);

impl Text {
    /// Opens the built-in typeface.
    pub(crate) fn new() -> Result<Self, InvalidFont> {
        FontRef::try_from_slice(FONT).map(Self)
    }

    /// Where text stands that is drawn at a place of a picture so large.
    pub(crate) fn area(&self, picture: (u32, u32), text: &str, (x, y): (f32, f32), size: f32) -> Area {
        let (w, h) = text_size(size, &self.0, &shown(text));
        let keep = |v: f32, length: u32, limit: u32| {
            (v - length as f32 / 2.0).clamp(1.0, (limit as f32 - length as f32 - 1.0).max(1.0))
        };
        let (left, top) = (keep(x, w, picture.0), keep(y, h, picture.1));
        Area { left, top, right: left + w as f32, bottom: top + h as f32 }
    }

    /// Draws text centred at a place and kept inside the picture, white with a dark outline: legible on brass and on steel.
    pub(crate) fn draw(&self, copy: &mut RgbImage, text: &str, place: (f32, f32), size: f32) {
        let Area { left, top, .. } = self.area(copy.dimensions(), text, place, size);
        let (text, x, y) = (&shown(text), left as i32, top as i32);
        for (dx, dy) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
            draw_text_mut(copy, OUTLINE, x + dx, y + dy, size, &self.0, text);
        }
        draw_text_mut(copy, TEXT, x, y, size, &self.0, text);
    }
}
