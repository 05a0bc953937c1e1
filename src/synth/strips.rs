//! Strips with their marks: what the recogniser is trained on.

use super::background::background;
use super::camera::Camera;
use super::dice::Dice;
use super::field::Field;
use super::glyphs::Typeface;
use super::head;
use super::layout;
use super::rough::Metal;
use super::seen::{Pose, Seen};
use super::words::Split;
use crate::ellipse::Ellipse;
use crate::strip;
use image::GrayImage;

/// A mark on a strip.
pub struct StripMark {
    /// Class in the alphabet.
    pub class: usize,
    /// Centre, in columns.
    pub column: f32,
    /// Centre, in rows.
    pub row: f32,
    /// Turn of its top from the strip's up, clockwise, in degrees.
    pub turn_deg: f32,
    /// Height, in rows.
    pub height: f32,
    /// Width, in rows' units.
    pub width: f32,
    /// False where no one could read it.
    pub legible: bool,
}

/// A strip and what is on it.
pub struct LabelledStrip {
    /// [`strip::ROWS`] × [`strip::COLUMNS`].
    pub luma: GrayImage,
    /// Every mark.
    pub marks: Vec<StripMark>,
}

/// How badly an ellipse fitted to a real rim is off, in units of the rim: a little more than the refinement measures.
const FIT_ERROR: f32 = 0.012;

/// Share of training strips crowded with random marks if nothing else is asked for.
pub const CROWDED: f32 = 0.3;

/// Share of single heads with a mark that no one can read that are taken as they are; the others are thrown anew, so that
/// about four in five heads are legible, as in a photographer's hands.
pub const ILLEGIBLE_KEPT: f32 = 0.12;

/// Renders one head and unrolls it round an ellipse as inexact as a fitted one. In training, a share of `crowded` bears as
/// many random marks as the ring holds; `crowded` is 0..1.
pub fn render(dice: &mut Dice, faces: &[Typeface], split: Split, crowded: f32) -> LabelledStrip {
    loop {
        let strip = throw(dice, faces, split, crowded);
        if strip.marks.iter().all(|m| m.legible) || dice.chance(ILLEGIBLE_KEPT) {
            return strip;
        }
    }
}

fn throw(dice: &mut Dice, faces: &[Typeface], split: Split, crowded: f32) -> LabelledStrip {
    let radius = dice.log_range(36.0, 190.0);
    let squash = if dice.chance(0.5) { dice.range(0.93, 1.0) } else { dice.range(0.75, 1.0) };
    let side = (radius * 2.24) as usize + 8;
    let middle = side as f32 / 2.0;
    let rim = Ellipse::new(middle, middle, radius, radius * squash, dice.range(0.0, 180.0));
    let mut canvas = background(side, side, radius * 0.5, dice);
    let layout = if split == Split::Training && dice.chance(crowded) {
        layout::crowd(dice, faces)
    } else {
        layout::headstamp(dice, faces, split)
    };
    let pose = Pose { rim, turn_deg: dice.range(0.0, 360.0) };
    let mut traces = Field::filled(side, side, 0.0);
    let mut seen = head::render(&mut canvas, &mut traces, &pose, &layout, Metal::Known, dice).marks;
    let camera = Camera::random(dice, stroke(&seen, rim.mean_radius()));
    let taken = camera.take(canvas, &traces, Some(&rim), dice);
    seen.iter_mut().for_each(|m| m.develop(&taken));
    let wide = if dice.chance(0.15) { 2.5 } else { 1.0 };
    let miss = |dice: &mut Dice| dice.normal() * FIT_ERROR * wide * radius;
    let fit = Ellipse::new(
        rim.cx + miss(dice),
        rim.cy + miss(dice),
        rim.a + miss(dice),
        rim.b + miss(dice),
        rim.angle_deg + dice.normal() * 8.0,
    );
    let marks = seen.iter().map(|m| on_strip(m, &fit)).collect();
    LabelledStrip { luma: strip::unwrap(&taken.luma, &fit), marks }
}

/// Width of a stroke in pixels, from the height of the marks.
pub fn stroke(seen: &[Seen], radius: f32) -> f32 {
    let tallest = seen.iter().map(|m| m.height).fold(0.08, f32::max);
    tallest * radius * 0.16
}

fn on_strip(mark: &Seen, fit: &Ellipse) -> StripMark {
    let (r, clock) = fit.polar(mark.x, mark.y);
    StripMark {
        class: mark.class,
        column: strip::clock_column(clock),
        row: strip::radius_row(r),
        turn_deg: mark.turn_deg,
        height: mark.height * strip::RIM_ROWS,
        width: mark.width * strip::RIM_ROWS,
        legible: mark.sight.legible(),
    }
}
