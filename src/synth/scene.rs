//! Whole photographs: heads and other things on a ground, seen by a camera.

use super::camera::Camera;
use super::dice::Dice;
use super::dies::Dies;
use super::field::Field;
use super::glyphs::Typeface;
use super::head::{self, Rendered};
use super::layout::{self, Layout};
use super::matcap::Matcap;
use super::rough::Metal;
use super::seen::{Pose, Seen};
use super::strips::stroke;
use super::things::{self, Thing};
use super::words::Split;
use crate::ellipse::Ellipse;
use crate::head::detect;
use image::GrayImage;

/// Side of a streamed scene, in pixels: what the detector sees.
pub const SCENE_SIDE: usize = detect::SIDE;

/// What a photograph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// One head, large, as in a careful photograph of a single case.
    Single,
    /// Some heads of any size among other things, or none.
    Mixed,
    /// Forty heads in rows.
    Tray,
    /// Coins, washers, caps and the like, or an empty table; no heads.
    NoHeads,
}

/// A head in a rendered photograph.
pub struct SceneHead {
    /// Its rim, in pixels.
    pub rim: Ellipse,
    /// Its headstamp, in the notation.
    pub headstamp: String,
    /// Every mark on it.
    pub marks: Vec<Seen>,
    /// Whether its marks can be read, by the rule of [`Sight::legible`](super::legible::Sight::legible).
    pub legible: bool,
    /// Look of metal and marks, in a word.
    pub metal: &'static str,
}

/// A rendered photograph and what is on it.
pub struct Scene {
    /// Luma.
    pub luma: GrayImage,
    /// Every head of which more than half is in the picture.
    pub heads: Vec<SceneHead>,
    /// Deviation of the whole blur, in pixels.
    pub blur: f32,
}

/// Pictures up to this long side, in pixels, stand for larger ones scaled down.
const SCALED_DOWN: usize = 512;

/// Columns and rows of a tray.
const TRAY: (usize, usize) = (8, 5);

/// How heads are made.
#[derive(Clone, Copy)]
pub struct Style<'f> {
    /// Typefaces of their marks.
    pub faces: &'f [Typeface],
    /// What they are made of.
    pub metal: Metal,
}

/// What heads bear.
pub enum Bear<'d> {
    /// Headstamps made up for each.
    Fresh(Split),
    /// Dies that come again.
    Dies(&'d Dies),
}

impl Bear<'_> {
    /// The layout of the next head; one that is made up is put into `fresh`.
    fn next<'l>(&'l self, fresh: &'l mut Option<Layout>, dice: &mut Dice, faces: &[Typeface]) -> &'l Layout {
        match self {
            Self::Fresh(split) => fresh.insert(layout::headstamp(dice, faces, *split)),
            Self::Dies(dies) => dies.throw(dice),
        }
    }
}

/// Renders a photograph of `w` × `h` pixels, of heads with headstamps made up for each.
pub fn render(w: usize, h: usize, subject: Subject, dice: &mut Dice, faces: &[Typeface], split: Split) -> Scene {
    bearing(w, h, subject, dice, &Style { faces, metal: Metal::Known }, &Bear::Fresh(split))
}

/// Renders a photograph of `w` × `h` pixels.
pub fn bearing(w: usize, h: usize, subject: Subject, dice: &mut Dice, style: &Style, bear: &Bear) -> Scene {
    let faces = style.faces;
    let short = w.min(h) as f32;
    let places = match subject {
        Subject::Single => {
            let radius = short * dice.log_range(0.16, 0.47);
            let x = dice.range(radius * 0.98, w as f32 - radius * 0.98);
            let y = dice.range(radius * 0.98, h as f32 - radius * 0.98);
            vec![(x, y, radius)]
        }
        Subject::Mixed => scattered(w as f32, h as f32, dice),
        Subject::Tray => tray(w as f32, h as f32, dice),
        Subject::NoHeads => Vec::new(),
    };
    let typical = places.first().map_or(short * dice.log_range(0.06, 0.4), |p| p.2);
    let mut canvas = things::ground(w, h, typical, Some(faces), dice);
    if dice.chance(0.4) {
        // the camera is close to the heads: what lies behind is out of focus
        canvas.blur(typical * dice.range(0.02, 0.3));
    }
    let distractors = match subject {
        Subject::NoHeads => dice.int(0, 9),
        Subject::Mixed if dice.chance(0.5) => dice.int(1, 6),
        _ => 0,
    };
    let mut taken = places.clone();
    for _ in 0..distractors {
        let radius = if subject == Subject::NoHeads {
            short * dice.log_range(0.05, 0.4)
        } else {
            typical * dice.log_range(0.4, 1.6)
        };
        let (x, y) = (dice.unit() * w as f32, dice.unit() * h as f32);
        if apart(&taken, (x, y, radius)) {
            let thing = *dice.pick(&Thing::ALL);
            things::draw(&mut canvas, thing, (x, y), radius, faces, dice);
            taken.push((x, y, radius));
        }
    }
    let lean = (dice.range(0.0, 180.0), if dice.chance(0.5) { dice.range(0.0, 0.06) } else { dice.range(0.0, 0.3) });
    let mut held = None;
    let same =
        if subject == Subject::Tray && dice.chance(0.4) { Some(bear.next(&mut held, dice, faces)) } else { None };
    let mut heads = Vec::new();
    let mut traces = Field::filled(w, h, 0.0);
    let mut strokes = f32::MAX;
    for &(x, y, radius) in &places {
        let own = subject == Subject::Mixed && dice.chance(0.4);
        let (angle, squash) = if own { (dice.range(0.0, 180.0), dice.range(0.0, 0.35)) } else { lean };
        let rim = Ellipse::new(x, y, radius, radius * (1.0 - squash), angle);
        let mut fresh = None;
        let layout = match same {
            Some(layout) => layout,
            None => bear.next(&mut fresh, dice, faces),
        };
        body(&mut canvas, &rim, dice);
        let pose = Pose { rim, turn_deg: dice.range(0.0, 360.0) };
        let Rendered { marks, metal } = head::render(&mut canvas, &mut traces, &pose, layout, style.metal, dice);
        strokes = strokes.min(stroke(&marks, rim.mean_radius()));
        heads.push((rim, layout.headstamp.clone(), marks, metal));
    }
    if strokes == f32::MAX {
        strokes = short * 0.01;
    }
    let camera = Camera::random(dice, strokes);
    let camera = if w.max(h) <= SCALED_DOWN { camera.scaled_down() } else { camera };
    let subject = heads.first().map(|h| h.0);
    let taken = camera.take(canvas, &traces, subject.as_ref(), dice);
    let heads = heads
        .into_iter()
        .filter(|(rim, ..)| rim.cx >= 0.0 && rim.cy >= 0.0 && rim.cx < w as f32 && rim.cy < h as f32)
        .map(|(rim, headstamp, mut seen, metal): (Ellipse, String, Vec<Seen>, &'static str)| {
            seen.iter_mut().for_each(|m| m.develop(&taken));
            let readable = seen.iter().filter(|m| m.sight.legible()).count();
            let whole = rim.cx - rim.a > -2.0
                && rim.cy - rim.a > -2.0
                && rim.cx + rim.a < w as f32 + 2.0
                && rim.cy + rim.a < h as f32 + 2.0;
            let legible = whole && readable == seen.len() && !seen.is_empty();
            SceneHead { rim, headstamp, marks: seen, legible, metal }
        })
        .collect();
    Scene { luma: taken.luma, heads, blur: taken.blur }
}

/// What scenes for training show, and how often.
const TRAINING: [(Subject, f32); 4] =
    [(Subject::Mixed, 0.5), (Subject::Tray, 0.1), (Subject::NoHeads, 0.17), (Subject::Single, 0.23)];

/// A square scene as small as the detector sees it.
pub fn for_training(dice: &mut Dice, faces: &[Typeface], split: Split) -> Scene {
    let subject = TRAINING[dice.weighted(&TRAINING.map(|s| s.1))].0;
    render(SCENE_SIDE, SCENE_SIDE, subject, dice, faces, split)
}

type Place = (f32, f32, f32);

fn apart(taken: &[Place], p: Place) -> bool {
    taken.iter().all(|t| {
        let reach = t.2 + p.2;
        (t.0 - p.0) * (t.0 - p.0) + (t.1 - p.1) * (t.1 - p.1) > reach * reach * 1.04
    })
}

fn scattered(w: f32, h: f32, dice: &mut Dice) -> Vec<Place> {
    let count = [0, 1, 2, 3, dice.int(4, 14)][dice.weighted(&[0.1, 0.4, 0.2, 0.1, 0.2])];
    let most = w.min(h) * if count < 2 { 0.48 } else { 0.9 / libm::sqrtf(count as f32 + 1.0) };
    let typical = dice.log_range(w.min(h) * 0.035, most);
    let mut out = Vec::new();
    for _ in 0..count * 6 {
        let radius = (typical * dice.range(0.7, 1.3)).min(w.min(h) * 0.49);
        let margin = if dice.chance(0.15) { radius * 0.3 } else { radius };
        let p = (dice.range(margin, w - margin), dice.range(margin, h - margin), radius);
        if out.len() < count && apart(&out, p) {
            out.push(p);
        }
    }
    out
}

fn tray(w: f32, h: f32, dice: &mut Dice) -> Vec<Place> {
    let (columns, rows) = if w >= h { TRAY } else { (TRAY.1, TRAY.0) };
    let pitch = (w / columns as f32).min(h / rows as f32) * dice.range(0.88, 0.99);
    let (x0, y0) = ((w - pitch * columns as f32) / 2.0, (h - pitch * rows as f32) / 2.0);
    let size = dice.range(0.3, 0.47);
    let uneven = dice.range(0.0, 0.4) * (0.49 - size);
    let mut out = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let radius = pitch * size * if dice.chance(0.3) { dice.range(0.85, 1.0) } else { 1.0 };
            let x = x0 + (column as f32 + 0.5 + dice.signed() * uneven) * pitch;
            let y = y0 + (row as f32 + 0.5 + dice.signed() * uneven) * pitch;
            out.push((x, y, radius));
        }
    }
    out
}

/// The case behind its head, where the photograph was taken at a slant, and the shadow beside it.
fn body(canvas: &mut Field, rim: &Ellipse, dice: &mut Dice) {
    let squash = 1.0 - rim.b / rim.a;
    let axis = (rim.angle_deg + if dice.chance(0.5) { 90.0 } else { 270.0 }).to_radians();
    let (s, c) = (libm::sinf(axis), libm::cosf(axis));
    let length = rim.a * (dice.range(0.05, 0.3) + squash * dice.range(2.0, 6.0));
    let narrow = dice.range(0.86, 1.02);
    let metal = Matcap::random(dice);
    let tone = dice.range(0.3, 0.9);
    let dark = dice.range(0.2, 0.7);
    let spread = dice.range(1.05, 1.4);
    let reach = rim.a * spread + length;
    let low = |v: f32| (v - reach).max(0.0) as usize;
    let high = |v: f32, size: usize| (v + reach).clamp(0.0, size as f32) as usize;
    for y in low(rim.cy)..high(rim.cy, canvas.h) {
        for x in low(rim.cx)..high(rim.cx, canvas.w) {
            let (dx, dy) = (x as f32 - rim.cx, y as f32 - rim.cy);
            let along = dx * c + dy * s;
            let across = (-dx * s + dy * c) / rim.a;
            let past = (along - along.clamp(0.0, length)) / rim.b.max(1.0);
            let d2 = across * across + past * past;
            let target = &mut canvas.data[y * canvas.w + x];
            if d2 < narrow * narrow && (along > 0.0 || d2 < 1.0) {
                let k = across / narrow;
                let slope = k / libm::sqrtf((1.0 - k * k).max(0.03));
                let groove = if along < rim.a * 0.16 { 0.35 } else { 1.0 };
                *target = metal.shade(-s * slope, c * slope) * tone * groove;
            } else if d2 < spread * spread {
                let t = (libm::sqrtf(d2) - narrow) / (spread - narrow);
                *target *= 1.0 - dark * (1.0 - t).clamp(0.0, 1.0);
            }
        }
    }
}
