//! Marks in the plane of the head: cleaned, of bounded number, in an order that turning the photograph leaves alone.

use super::turned::{self, TURN};
use crate::marks::Mark;
use crate::model::{logit, sigmoid};

/// Marks that are looked at; a head has at most about forty, and linking takes the square of it.
pub(super) const MOST: usize = 48;

/// Share of the smaller extent within which two centres are one mark seen twice.
const SAME: f32 = 0.36;
/// Share of the mean extent from which two marks stand side by side, given how exact places and sizes are.
const CROWDED: f32 = 0.85;

/// Extent below which a mark is too small to be a letter beside the others, and that from which it is not small at all,
/// in units of their middle one.
const DOT: f32 = 0.55;
const LETTER: f32 = 0.8;
/// Marks that tell how large the marks of a head are.
const SIZED: usize = 4;
/// What it costs to be a letter or digit nevertheless.
const UNUSUAL: f32 = 3.0;
/// Logarithm of the probability that a small mark is a dot, and by how much it falls toward the size of letters.
const AS_DOT: f32 = -0.7;
const LESS_A_DOT: f32 = 1.8;
/// Probability of a mark's two likeliest characters below which it is likely dirt, and how fast: marks are recognised,
/// scratches look like anything.
const RECOGNISED: f32 = 0.6;
const DIRT: f32 = 3.0;
/// Most that this takes from the logarithm of the odds that a mark is there: a mark plainly there may be illegible.
const MOST_DIRT: f32 = 2.2;

/// A mark with what linking needs. Positions in units of the rim, x right, y down, origin in the head's centre.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// Index among the marks given.
    pub mark: usize,
    pub text: &'static str,
    pub x: f32,
    pub y: f32,
    /// Clockwise from the top of the page, in degrees: place, and where the top points.
    pub clock: f32,
    pub up: f32,
    pub height: f32,
    pub width: f32,
    /// Within 0.01..0.99.
    pub presence: f32,
    /// Readings and the logarithm of their probability, best first.
    pub readings: Vec<(&'static str, f32)>,
    /// The same if it is the other way up; empty where no one looked.
    pub reversed: Vec<(&'static str, f32)>,
    /// How much its own look says about which way up it is, about 1 if that is plain.
    pub stand: f32,
}

/// Degrees brought to -180..180.
pub(super) fn wrap(deg: f32) -> f32 {
    (deg + 180.0).rem_euclid(360.0) - 180.0
}

/// The usable marks.
pub(super) fn spots(marks: &[Mark]) -> Vec<Spot> {
    let mut spots: Vec<Spot> = marks.iter().enumerate().filter_map(|(i, m)| spot(i, m)).collect();
    dots(&mut spots);
    let rank = |s: &Spot| s.presence * (0.5 + 0.5 * s.readings[0].1.exp());
    spots.sort_by(|a, b| {
        rank(b)
            .total_cmp(&rank(a))
            .then(b.height.total_cmp(&a.height))
            .then(a.text.cmp(b.text))
            .then(a.clock.total_cmp(&b.clock))
    });
    let mut kept: Vec<Spot> = Vec::new();
    for s in spots {
        match kept.iter().position(|k| closeness(k, &s) < SAME) {
            Some(k) => merge(&mut kept[k], &s),
            None if kept.len() < MOST => kept.push(s),
            None => break,
        }
    }
    kept
}

/// Marks much smaller than the others of their head are dots and the like: letters and digits of one head are of one size.
fn dots(spots: &mut [Spot]) {
    let extent = |s: &Spot| s.height.max(s.width);
    let mut sizes: Vec<f32> =
        spots.iter().filter(|s| s.presence >= 0.5 && !turned::small(s.text)).map(extent).collect();
    sizes.sort_by(f32::total_cmp);
    let Some(&usual) = sizes.get(sizes.len() / 2).filter(|_| sizes.len() >= SIZED) else { return };
    for s in spots.iter_mut().filter(|s| extent(s) < LETTER * usual) {
        let larger = ((extent(s) / usual - DOT) / (LETTER - DOT)).max(0.0);
        let as_dot = AS_DOT - LESS_A_DOT * larger;
        let unusual = if larger > 0.0 { 0.0 } else { UNUSUAL };
        for readings in [&mut s.readings, &mut s.reversed] {
            if readings.is_empty() {
                continue;
            }
            for r in readings.iter_mut().filter(|r| r.0.chars().all(char::is_alphanumeric)) {
                r.1 -= unusual;
            }
            match readings.iter_mut().find(|r| r.0 == "•") {
                Some(r) => r.1 = r.1.max(as_dot),
                None => readings.push(("•", as_dot)),
            }
            readings.sort_by(|a, b| b.1.total_cmp(&a.1));
        }
        if s.text != s.readings[0].0 {
            s.text = s.readings[0].0;
            s.stand = s.stand.min(turned::direction_weight(s.text));
        }
    }
}

fn spot(index: usize, m: &Mark) -> Option<Spot> {
    let all = [m.turn_deg, m.clock_deg, m.radius, m.height, m.width, m.presence, m.confidence];
    if !all.iter().all(|v| v.is_finite() && v.abs() < 1e5) || !(0.05..1.5).contains(&m.radius) {
        return None;
    }
    let (s, c) = m.clock_deg.to_radians().sin_cos();
    let mut readings: Vec<(&'static str, f32)> = Vec::with_capacity(6);
    let given = m.alternatives.iter().take(8).filter(|(t, p)| *t != m.text && p.is_finite() && *p > 0.0);
    readings.push((m.text, m.confidence.clamp(1e-3, 0.999)));
    readings.extend(given.map(|&(t, p)| (t, p.min(0.999))));
    for r in &mut readings {
        r.1 = r.1.ln();
    }
    let reversed: Vec<_> = m.reversed.iter().take(8).filter(|r| r.1.is_finite() && r.1 > 0.0).collect();
    let reversed: Vec<_> = reversed.into_iter().map(|&(t, p)| (t, p.min(0.999).ln())).collect();
    let stand = if reversed.is_empty() || turned::round(m.text) {
        turned::direction_weight(m.text) * readings[0].1.exp()
    } else {
        logit(m.upright.clamp(0.5, 0.999)) / TURN
    };
    let likeliest: f32 = readings.iter().take(2).map(|r| r.1.exp()).sum();
    let dirt = DIRT * (RECOGNISED / likeliest.min(RECOGNISED)).ln();
    let odds = logit(m.presence.clamp(0.01, 0.99)) - dirt.min(MOST_DIRT);
    Some(Spot {
        mark: index,
        text: m.text,
        x: m.radius * s,
        y: -m.radius * c,
        clock: wrap(m.clock_deg),
        up: wrap(m.clock_deg + m.turn_deg),
        height: m.height.clamp(0.02, 0.6),
        width: m.width.clamp(0.02, 0.6),
        presence: sigmoid(odds).clamp(0.01, 0.99),
        readings,
        reversed,
        stand,
    })
}

/// Distance of two centres in units of their mean extent toward each other: 1 where their boxes would just touch.
fn closeness(a: &Spot, b: &Spot) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let d = (dx * dx + dy * dy).sqrt();
    if d < 1e-4 {
        return 0.0;
    }
    d / ((extent(a, dx / d, dy / d) + extent(b, dx / d, dy / d)) / 2.0)
}

/// Width of a mark's box along a direction through its centre.
fn extent(s: &Spot, dx: f32, dy: f32) -> f32 {
    let (sin, cos) = s.up.to_radians().sin_cos();
    let (along, across) = ((dx * cos + dy * sin).abs(), (dx * sin - dy * cos).abs());
    (s.width / along.max(1e-3)).min(s.height / across.max(1e-3))
}

/// How far two marks stand on one another: 0 side by side, 1 so that they would be one mark.
pub(super) fn crowding(a: &Spot, b: &Spot) -> f32 {
    ((CROWDED - closeness(a, b)) / (CROWDED - SAME)).clamp(0.0, 1.0)
}

/// Takes over what a second sight of the same mark knows.
fn merge(kept: &mut Spot, other: &Spot) {
    for &(text, log) in &other.readings {
        let text = if wrap(other.up - kept.up).abs() > 90.0 { turned::upside_down(text).unwrap_or(text) } else { text };
        let log = log - 1.5;
        if kept.readings.len() < 8 && kept.readings.iter().all(|r| r.0 != text) {
            kept.readings.push((text, log));
        }
    }
}
