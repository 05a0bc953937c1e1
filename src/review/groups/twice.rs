//! The same case photographed twice: offered where the pictures prove it, never merged unasked.

use crate::catalogue::{Place, brief::From};
use crate::ellipse::Ellipse;
use crate::record::MarkRecord;
use crate::sample::bilinear;
use image::{GrayImage, Luma};

/// Side of a head brought upright, in pixels.
const SIDE: u32 = 192;
/// Steps of the turn that are tried at first, and how finely the best is gone on with, in degrees.
const STEP: f32 = 3.0;
const FINE: f32 = 0.75;
/// Deviation of the blur that takes light and shade of the whole away, in pixels.
const WIDE: f32 = 6.0;
/// How much wider than its box a mark is passed over: the metal about it is pressed with it.
const ABOUT: f32 = 1.4;
/// Least share of the head that is left to be compared beside its marks.
const LEFT: f32 = 0.25;
/// Likeness from which two pictures are offered as of one case, -1..1: like heads of two cases come to 0.30 at most among 165
/// pairs of renders (`cargo bench --bench review`).
const SAME: f32 = 0.36;

/// Two photographs that may show one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// How alike they are once aligned, -1..1.
    pub like: f32,
    /// Turn of the second that brings it onto the first, clockwise, in degrees.
    pub turn_deg: f32,
    /// Whether they are alike enough to be offered.
    pub offered: bool,
}

/// A head as both are shown: a square picture with the rim as its inscribed circle.
pub type Upright = GrayImage;

/// A head cut out so that its rim is the circle in a square of `side` pixels, turned clockwise by `turn_deg`.
pub fn upright(photo: &GrayImage, rim: &Ellipse, turn_deg: f32, side: u32) -> Upright {
    let half = side.max(1) as f32 / 2.0;
    let m = rim.matrix();
    let (s, c) = turn_deg.to_radians().sin_cos();
    GrayImage::from_fn(side.max(1), side.max(1), |x, y| {
        let (u, v) = ((x as f32 + 0.5 - half) / half, (y as f32 + 0.5 - half) / half);
        // where this place lay before the head was turned
        let (u, v) = (u * c + v * s, v * c - u * s);
        let value = bilinear(photo, rim.cx + m[0] * u + m[1] * v, rim.cy + m[2] * u + m[3] * v);
        Luma([(value + 0.5) as u8])
    })
}

/// A head on a photograph: the photograph, its rim, and its marks.
pub type OnPhoto<'h> = (&'h GrayImage, &'h Ellipse, &'h [MarkRecord]);

/// Holds two heads against each other: at which turn they are most alike, marks and all, and how alike they are there beside
/// their marks. Marks are those of the die, and the same on thousands; dents, scratches and the primer are the case's own.
/// What is compared is where edges are, whichever way the light falls.
pub fn proved(a: OnPhoto, b: OnPhoto) -> Pair {
    let first = edges(&upright(a.0, a.1, 0.0, SIDE));
    let all = vec![true; first.len()];
    let at = |turn: f32, of: &[bool]| correlation(&first, &edges(&upright(b.0, b.1, turn, SIDE)), of);
    let steps = (360.0 / STEP) as usize;
    let whole = upright(b.0, b.1, 0.0, SIDE);
    let plain = Ellipse::circle((SIDE as f32 - 1.0) / 2.0, (SIDE as f32 - 1.0) / 2.0, SIDE as f32 / 2.0);
    let second = edges(&whole);
    let picture =
        GrayImage::from_fn(SIDE, SIDE, |x, y| Luma([second[(y * SIDE + x) as usize].clamp(0.0, 255.0) as u8]));
    let rough = |turn: f32| {
        let turned = upright(&picture, &plain, turn, SIDE);
        correlation(&first, &turned.as_raw().iter().map(|&v| f32::from(v)).collect::<Vec<_>>(), &all)
    };
    let mut best = (f32::NEG_INFINITY, 0.0f32);
    for step in 0..steps {
        let turn = step as f32 * STEP;
        let like = rough(turn);
        if like > best.0 {
            best = (like, turn);
        }
    }
    let mut fine = (f32::NEG_INFINITY, best.1);
    for step in -4i32..=4 {
        let turn = best.1 + step as f32 * FINE;
        let like = at(turn, &all);
        if like > fine.0 {
            fine = (like, turn);
        }
    }
    let mut beside = all;
    pass_over(&mut beside, a.1, a.2, 0.0);
    pass_over(&mut beside, b.1, b.2, fine.1);
    let left = beside.iter().filter(|v| **v).count() as f32 / beside.len() as f32;
    let like = if left < LEFT { 0.0 } else { at(fine.1, &beside) };
    Pair { like, turn_deg: fine.1.rem_euclid(360.0), offered: like >= SAME }
}

/// Passes over marks of a head that was turned clockwise by this much.
fn pass_over(beside: &mut [bool], rim: &Ellipse, marks: &[MarkRecord], turn_deg: f32) {
    let half = SIDE as f32 / 2.0;
    for mark in marks {
        let (s, c) = (mark.clock_deg + turn_deg).to_radians().sin_cos();
        let (x, y) = (half + mark.radius * s * half, half - mark.radius * c * half);
        let long = (mark.corners[0][0] - mark.corners[2][0]).hypot(mark.corners[0][1] - mark.corners[2][1]);
        let reach = (long / 2.0 / rim.mean_radius().max(1.0) * half * ABOUT).min(half);
        for (i, v) in beside.iter_mut().enumerate() {
            let (px, py) = ((i % SIDE as usize) as f32 + 0.5, (i / SIDE as usize) as f32 + 0.5);
            *v &= (px - x).hypot(py - y) > reach;
        }
    }
}

/// Strength of edges, the whole's light taken away, within the rim; 0 outside.
fn edges(head: &GrayImage) -> Vec<f32> {
    let wide = image::imageops::fast_blur(head, WIDE);
    let soft = image::imageops::fast_blur(head, 1.0);
    let side = head.width() as usize;
    let value = |x: usize, y: usize| f32::from(soft.as_raw()[y * side + x]) - f32::from(wide.as_raw()[y * side + x]);
    let half = side as f32 / 2.0;
    let mut out = vec![0.0; side * side];
    for y in 1..side - 1 {
        for x in 1..side - 1 {
            let r = (x as f32 + 0.5 - half).hypot(y as f32 + 0.5 - half) / half;
            if r < 0.95 {
                let (gx, gy) = (value(x + 1, y) - value(x - 1, y), value(x, y + 1) - value(x, y - 1));
                out[y * side + x] = (gx.hypot(gy) * 8.0).sqrt() * 8.0;
            }
        }
    }
    out
}

/// Correlation of two pictures where `of` says so, -1..1, rings apart: that rim and primer are round proves nothing.
fn correlation(a: &[f32], b: &[f32], of: &[bool]) -> f32 {
    const RINGS: usize = 32;
    let side = SIDE as usize;
    let half = side as f32 / 2.0;
    let ring = |i: usize| {
        let (x, y) = ((i % side) as f32 + 0.5 - half, (i / side) as f32 + 0.5 - half);
        ((x.hypot(y) / half / 0.95) * RINGS as f32) as usize
    };
    let mut mean = [(0.0f32, 0.0f32, 0.0f32); RINGS];
    for i in (0..a.len()).filter(|i| of[*i]) {
        if let Some(m) = mean.get_mut(ring(i)) {
            *m = (m.0 + a[i], m.1 + b[i], m.2 + 1.0);
        }
    }
    let (mut ab, mut aa, mut bb) = (0.0f32, 0.0f32, 0.0f32);
    for i in (0..a.len()).filter(|i| of[*i]) {
        if let Some(m) = mean.get(ring(i)) {
            let (p, q) = (a[i] - m.0 / m.2.max(1.0), b[i] - m.1 / m.2.max(1.0));
            (ab, aa, bb) = (ab + p * q, aa + p * p, bb + q * q);
        }
    }
    ab / (aa * bb).sqrt().max(1e-6)
}

/// What is remembered when a person says that two heads are two cases.
pub fn two_cases(one: Place, other: Place) -> (Place, From) {
    (one, From::Head(other))
}
