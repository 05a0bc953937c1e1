//! The way between a head and the pixels of its picture, and the marks brought there.

use super::dice::Dice;
use super::field::Field;
use super::glyphs::class;
use super::layout::Placed;
use super::legible::{Outline, Sight};
use super::look::Look;
use super::outline::Contour;
use super::raster::fill_max;
use super::seen::{Pose, Seen};
use crate::ellipse::Ellipse;

/// The head's rectangle on the canvas, and the way between pixels and the head.
pub(super) struct View {
    pub x: usize,
    pub y: usize,
    pub w: usize,
    pub h: usize,
    centre: (f32, f32),
    to_canvas: [f32; 4],
    to_head: [f32; 4],
}

impl View {
    /// `None` where the head lies wholly outside.
    pub(super) fn of(canvas: &Field, pose: &Pose) -> Option<Self> {
        let reach = pose.rim.a * 1.02 + 3.0;
        let low = |c: f32| (c - reach).max(0.0) as usize;
        let high = |c: f32, size: usize| (c + reach).clamp(0.0, size as f32) as usize;
        let (x, y) = (low(pose.rim.cx), low(pose.rim.cy));
        let (w, h) = (high(pose.rim.cx, canvas.w).checked_sub(x)?, high(pose.rim.cy, canvas.h).checked_sub(y)?);
        if w < 4 || h < 4 {
            return None;
        }
        let t = pose.turn_deg.to_radians();
        let (s, c) = (libm::sinf(t), libm::cosf(t));
        let m = matrix(&pose.rim);
        let a = [m[0] * c + m[1] * s, m[1] * c - m[0] * s, m[2] * c + m[3] * s, m[3] * c - m[2] * s];
        let det = a[0] * a[3] - a[1] * a[2];
        Some(Self {
            x,
            y,
            w,
            h,
            centre: (pose.rim.cx - x as f32, pose.rim.cy - y as f32),
            to_canvas: a,
            to_head: [a[3] / det, -a[1] / det, -a[2] / det, a[0] / det],
        })
    }

    /// From a pixel of the view to the head, in units of the rim.
    pub(super) fn head(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let m = &self.to_head;
        (m[0] * dx + m[1] * dy, m[2] * dx + m[3] * dy)
    }

    fn pixel(&self, u: f32, v: f32) -> (f32, f32) {
        let m = &self.to_canvas;
        (self.centre.0 + m[0] * u + m[1] * v, self.centre.1 + m[2] * u + m[3] * v)
    }

    pub(super) fn contour(&self, contour: &[(f32, f32)]) -> Vec<(f32, f32)> {
        contour.iter().map(|&(u, v)| self.pixel(u, v)).collect()
    }

    /// Coverage by the marks' strokes, weaker where the stamp struck at a slant.
    pub(super) fn strokes(&self, marks: &[Placed], look: &Look, dice: &mut Dice) -> Field {
        let mut field = Field::filled(self.w, self.h, 0.0);
        if let Some((turn, strength)) = look.twice {
            for mark in marks {
                let mark = Placed { clock_deg: mark.clock_deg + turn, ..mark.clone() };
                fill_max(&mut field, &self.outline(&mark), strength);
            }
        }
        for mark in marks {
            let slant = 0.5 + 0.5 * libm::cosf(mark.clock_deg.to_radians() - look.fade.1);
            let strength = (1.0 - look.fade.0 * slant) * dice.range(0.85, 1.0);
            fill_max(&mut field, &self.outline(mark), strength);
        }
        if let Some((much, size)) = look.worn {
            let size = (size * self.to_canvas[0].abs().max(self.to_canvas[2].abs())).max(1.0);
            let holes = Field::noise(self.w, self.h, size, dice);
            for (v, n) in field.data.iter_mut().zip(&holes.data) {
                *v *= 1.0 - much * (3.0 * n).clamp(0.0, 1.0);
            }
        }
        field
    }

    /// Further depth of dots, which are struck with a pointed punch as often as with a flat one, in units of the marks'
    /// depth; `None` where there is none to add.
    pub(super) fn pits(&self, marks: &[Placed], chamfer: f32, dice: &mut Dice) -> Option<Field> {
        let dot = class("•");
        if !marks.iter().any(|m| m.class == dot) || dice.chance(0.4) {
            return None;
        }
        let mut field = Field::filled(self.w, self.h, 0.0);
        for mark in marks.iter().filter(|m| m.class == dot) {
            fill_max(&mut field, &self.outline(mark), dice.range(0.5, 2.5));
        }
        field.blur(chamfer * dice.range(1.0, 3.0));
        Some(field)
    }

    /// A mark's outline, in pixels of the view.
    fn outline(&self, mark: &Placed) -> Vec<Contour> {
        mark.glyph.contours.iter().map(|c| c.iter().map(|&p| self.mark_point(mark, p)).collect()).collect()
    }

    /// A point of a mark's outline, in pixels of the view.
    fn mark_point(&self, mark: &Placed, p: (f32, f32)) -> (f32, f32) {
        let clock = mark.clock_deg.to_radians();
        let turn = (mark.clock_deg + mark.turn_deg).to_radians();
        let (s, c) = (libm::sinf(turn), libm::cosf(turn));
        let (x, y) = (p.0 * mark.size * mark.stretch, p.1 * mark.size);
        self.pixel(mark.radius * libm::sinf(clock) + x * c - y * s, -mark.radius * libm::cosf(clock) + x * s + y * c)
    }

    /// A mark as it comes out; `chamfer` in pixels.
    pub(super) fn seen(&self, mark: &Placed, chamfer: f32) -> Seen {
        let clock = mark.clock_deg.to_radians();
        let (x, y) = self.pixel(mark.radius * libm::sinf(clock), -mark.radius * libm::cosf(clock));
        let (height, width) = (mark.glyph.height * mark.size, mark.glyph.width * mark.size * mark.stretch);
        let (x, y) = (x + self.x as f32, y + self.y as f32);
        let m = &self.to_canvas;
        let scale = libm::sqrtf((m[0] * m[3] - m[1] * m[2]).abs());
        let on_canvas = |(x, y): (f32, f32)| (x + self.x as f32, y + self.y as f32);
        let contours: Vec<Contour> =
            self.outline(mark).into_iter().map(|c| c.into_iter().map(on_canvas).collect()).collect();
        let outline = Outline::of(&contours, (height * scale, width * scale), chamfer);
        Seen { class: mark.class, x, y, turn_deg: mark.turn_deg, height, width, outline, sight: Sight::default() }
    }
}

/// [`Ellipse::matrix`] with the sine and cosine that are the same on every machine.
fn matrix(rim: &Ellipse) -> [f32; 4] {
    let t = rim.angle_deg.to_radians();
    let (s, c) = (libm::sinf(t), libm::cosf(t));
    let off = (rim.a - rim.b) * s * c;
    [rim.a * c * c + rim.b * s * s, off, off, rim.a * s * s + rim.b * c * c]
}
