//! Strips with their marks: what the recogniser is trained on.

use super::camera::Camera;
use super::dice::Dice;
use super::glyphs::Typeface;
use super::head::{self, Pose, Seen};
use super::scene::background;
use super::words::Split;
use super::layout;
use crate::head::Ellipse;
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

/// Renders one head and unrolls it round an ellipse as inexact as a fitted one.
pub fn render(dice: &mut Dice, faces: &[Typeface], split: Split) -> LabelledStrip {
    let radius = dice.log_range(45.0, 190.0);
    let squash = if dice.chance(0.5) { dice.range(0.93, 1.0) } else { dice.range(0.75, 1.0) };
    let side = (radius * 2.24) as usize + 8;
    let middle = side as f32 / 2.0;
    let rim = Ellipse::new(middle, middle, radius, radius * squash, dice.range(0.0, 180.0));
    let mut canvas = background(side, side, radius * 0.5, dice);
    let layout = if split == Split::Training && dice.chance(0.3) { layout::crowd(dice, faces) } else { layout::headstamp(dice, faces, split) };
    let pose = Pose { rim, turn_deg: dice.range(0.0, 360.0) };
    let seen = head::render(&mut canvas, &pose, &layout, dice);
    let camera = Camera::random(dice, stroke(&seen, rim.mean_radius()));
    let picture = camera.take(canvas, dice);
    let wide = if dice.chance(0.15) { 2.5 } else { 1.0 };
    let miss = |dice: &mut Dice| dice.normal() * FIT_ERROR * wide * radius;
    let fit = Ellipse::new(
        rim.cx + miss(dice),
        rim.cy + miss(dice),
        rim.a + miss(dice),
        rim.b + miss(dice),
        rim.angle_deg + dice.normal() * 8.0,
    );
    let marks = seen.iter().map(|m| on_strip(m, &fit, &camera, radius)).collect();
    LabelledStrip { luma: strip::unwrap(&picture, &fit), marks }
}

/// Width of a stroke in pixels, from the height of the marks.
pub fn stroke(seen: &[Seen], radius: f32) -> f32 {
    let tallest = seen.iter().map(|m| m.height).fold(0.08, f32::max);
    tallest * radius * 0.16
}

/// Least height of a mark that can be read, in pixels of the photograph.
const LEAST_HEIGHT: f32 = 6.5;
/// Least contrast (of 1) of a mark that can be read, after blur.
const LEAST_CONTRAST: f32 = 0.022;

/// The rule by which a rendered mark counts as legible: its height in pixels, its contrast and the blur, whatever any
/// model makes of it.
pub fn legible(mark: &Seen, blur: f32, radius: f32) -> bool {
    let height = mark.height.max(0.08) * radius;
    let kept = 1.0 / (1.0 + (blur / (height * 0.11)) * (blur / (height * 0.11)));
    height >= LEAST_HEIGHT && mark.contrast * kept >= LEAST_CONTRAST && blur < height * 0.2
}

fn on_strip(mark: &Seen, fit: &Ellipse, camera: &Camera, radius: f32) -> StripMark {
    let (r, clock) = fit.polar(mark.x, mark.y);
    let rows = strip::ROWS as f32 / (strip::OUTER - strip::INNER);
    StripMark {
        class: mark.class,
        column: strip::clock_column(clock),
        row: strip::radius_row(r),
        turn_deg: mark.turn_deg,
        height: mark.height * rows,
        width: mark.width * rows,
        legible: legible(mark, camera.blur, radius),
    }
}
