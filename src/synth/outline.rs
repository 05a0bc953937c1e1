//! Outlines of characters, from typefaces.

use ttf_parser::{Face, OutlineBuilder};

/// A closed outline, in units of the capitals' height, centred on the mark; x right, y down.
pub(super) type Contour = Vec<(f32, f32)>;

/// Least and greatest.
pub(super) type Extent = (f32, f32);

/// Flattened outlines in font units, y up, with their vertical and horizontal extent.
pub(super) fn outline(face: &Face, c: char) -> Option<(Vec<Contour>, Extent, Extent)> {
    let mut pen = Pen::default();
    face.outline_glyph(face.glyph_index(c)?, &mut pen)?;
    let (mut low, mut high, mut left, mut right) = (f32::MAX, f32::MIN, f32::MAX, f32::MIN);
    for &(x, y) in pen.contours.iter().flatten() {
        (low, high, left, right) = (low.min(y), high.max(y), left.min(x), right.max(x));
    }
    (high > low && right > left).then_some((pen.contours, (low, high), (left, right)))
}

#[derive(Default)]
struct Pen {
    contours: Vec<Contour>,
}

/// Straight pieces a curve is flattened into: enough at the sizes marks are rendered.
const PIECES: usize = 5;

impl Pen {
    fn last(&self) -> (f32, f32) {
        self.contours.last().and_then(|c| c.last()).copied().unwrap_or_default()
    }

    fn push(&mut self, x: f32, y: f32) {
        if let Some(contour) = self.contours.last_mut() {
            contour.push((x, y));
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.contours.push(vec![(x, y)]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.push(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x0, y0) = self.last();
        for i in 1..=PIECES {
            let t = i as f32 / PIECES as f32;
            let s = 1.0 - t;
            self.push(s * s * x0 + 2.0 * s * t * x1 + t * t * x, s * s * y0 + 2.0 * s * t * y1 + t * t * y);
        }
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (x0, y0) = self.last();
        for i in 1..=PIECES {
            let t = i as f32 / PIECES as f32;
            let s = 1.0 - t;
            let mix = |a: f32, b: f32, c: f32, d: f32| {
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            self.push(mix(x0, x1, x2, x), mix(y0, y1, y2, y));
        }
    }
    fn close(&mut self) {}
}
