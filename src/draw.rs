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

/// The typeface that text is drawn in.
pub(crate) struct Text(FontRef<'static>);

impl Text {
    /// Opens the built-in typeface.
    pub(crate) fn new() -> Result<Self, InvalidFont> {
        FontRef::try_from_slice(FONT).map(Self)
    }

    /// Draws text centred at a place and kept inside the picture, white with a dark outline: legible on brass and on steel.
    pub(crate) fn draw(&self, copy: &mut RgbImage, text: &str, (x, y): (f32, f32), size: f32) {
        // The typeface has no NATO cross.
        let text = &text.replace('⊕', "(+)");
        let (w, h) = text_size(size, &self.0, text);
        let keep = |v: f32, length: u32, limit: u32| {
            (v - length as f32 / 2.0).clamp(1.0, (limit as f32 - length as f32 - 1.0).max(1.0)) as i32
        };
        let (x, y) = (keep(x, w, copy.width()), keep(y, h, copy.height()));
        for (dx, dy) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
            draw_text_mut(copy, OUTLINE, x + dx, y + dy, size, &self.0, text);
        }
        draw_text_mut(copy, TEXT, x, y, size, &self.0, text);
    }
}
