//! Strips with their marks: what the recogniser is trained on.

use super::camera::{Camera, Taken};
use super::dice::Dice;
use super::field::Field;
use super::glyphs::Typeface;
use super::head::{self, Pose, Seen};
use super::layout;
use super::scene::background;
use super::words::Split;
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

/// Share of training strips crowded with random marks if nothing else is asked for.
pub const CROWDED: f32 = 0.3;

/// Share of single heads with a mark that no one can read that are taken as they are; the others are thrown anew, so that
/// about four in five heads are legible, as in a photographer's hands.
pub const ILLEGIBLE_KEPT: f32 = 0.35;

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
    let mut seen = head::render(&mut canvas, &mut traces, &pose, &layout, dice).marks;
    let camera = Camera::random(dice, stroke(&seen, rim.mean_radius()));
    let taken = camera.take(canvas, &traces, Some(&rim), dice);
    seen.iter_mut().for_each(|m| m.develop(&taken, radius));
    let wide = if dice.chance(0.15) { 2.5 } else { 1.0 };
    let miss = |dice: &mut Dice| dice.normal() * FIT_ERROR * wide * radius;
    let fit = Ellipse::new(
        rim.cx + miss(dice),
        rim.cy + miss(dice),
        rim.a + miss(dice),
        rim.b + miss(dice),
        rim.angle_deg + dice.normal() * 8.0,
    );
    let marks = seen.iter().map(|m| on_strip(m, &fit, &taken, radius)).collect();
    LabelledStrip { luma: strip::unwrap(&taken.luma, &fit), marks }
}

/// Width of a stroke in pixels, from the height of the marks.
pub fn stroke(seen: &[Seen], radius: f32) -> f32 {
    let tallest = seen.iter().map(|m| m.height).fold(0.08, f32::max);
    tallest * radius * 0.16
}

/// Least height of a mark that can be read, in pixels of the photograph.
const LEAST_HEIGHT: f32 = 6.5;
/// Least contrast (of 1) in the picture of a mark that can be read.
const LEAST_CONTRAST: f32 = 0.03;
/// Least contrast of such a mark in units of the clutter round it.
const LEAST_OVER_CLUTTER: f32 = 0.5;
/// Least contrast of such a mark in units of the noise that is left over the width of a stroke.
const LEAST_OVER_NOISE: f32 = 2.0;
/// Most blur of such a mark, in units of its height: strokes closer than this run into one another.
const MOST_BLUR: f32 = 0.14;
/// Width of a stroke, in units of the height.
const STROKE: f32 = 0.15;
/// Extent of the noise's grains, in pixels.
const GRAIN: f32 = 1.5;

/// The rule by which a rendered mark counts as legible: its height in pixels, the blur, and its contrast in the picture,
/// by itself, over the noise and over the clutter round it. The bounds were set by looking at marks in the order of each
/// quantity, as the places from which a person can name them, whatever any model makes of them.
pub fn legible(mark: &Seen, taken: &Taken, radius: f32) -> bool {
    let height = mark.height.max(0.08) * radius;
    let noise = taken.noise / (height * STROKE / GRAIN).max(1.0);
    height >= LEAST_HEIGHT
        && mark.contrast >= LEAST_CONTRAST
        && mark.contrast >= LEAST_OVER_NOISE * noise
        && mark.contrast >= LEAST_OVER_CLUTTER * mark.clutter
        && taken.blur_at(mark.x, mark.y) <= height * MOST_BLUR
}

fn on_strip(mark: &Seen, fit: &Ellipse, taken: &Taken, radius: f32) -> StripMark {
    let (r, clock) = fit.polar(mark.x, mark.y);
    StripMark {
        class: mark.class,
        column: strip::clock_column(clock),
        row: strip::radius_row(r),
        turn_deg: mark.turn_deg,
        height: mark.height * strip::RIM_ROWS,
        width: mark.width * strip::RIM_ROWS,
        legible: legible(mark, taken, radius),
    }
}
