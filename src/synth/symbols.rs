//! Symbols that no typeface has, drawn with random proportions.

use super::dice::Dice;
use super::glyph::Glyph;
use super::outline::Contour;

const QUARTER: f32 = std::f32::consts::FRAC_PI_2;

/// The symbol of that name; `None` where it is none that is drawn.
pub(super) fn named(text: &str, dice: &mut Dice) -> Option<Glyph> {
    let glyph = match text {
        "•" => drawn(vec![disc(0.0, 0.0, 0.5, 16)]),
        "*" => star(dice),
        "⊕" => nato(dice),
        crate::marks::CIRCLE => ring(dice),
        crate::marks::STAR_OUTLINE => star_outline(dice),
        crate::marks::UNKNOWN => unknown(dice),
        "[crown]" => crown(dice),
        "[arrow]" => arrow(dice),
        "[anchor]" => anchor(dice),
        "[triangle]" => plate(3, -QUARTER, dice),
        "[diamond]" => {
            let narrow = dice.range(0.55, 1.0);
            stretched(plate(4, 0.0, dice), narrow)
        }
        "[square]" => plate(4, QUARTER / 2.0, dice),
        "[hexagon]" => {
            let turn = if dice.chance(0.5) { 0.0 } else { QUARTER };
            plate(6, turn, dice)
        }
        _ => return None,
    };
    Some(glyph)
}

fn drawn(contours: Vec<Contour>) -> Glyph {
    let (mut x, mut y) = (0.0f32, 0.0f32);
    for p in contours.iter().flatten() {
        (x, y) = (x.max(p.0.abs()), y.max(p.1.abs()));
    }
    Glyph { contours, width: 2.0 * x, height: 2.0 * y, lift: 0.0 }
}

/// A disc, anticlockwise in y-up terms; a negative radius turns it round, which makes it a hole.
pub(super) fn disc(cx: f32, cy: f32, radius: f32, corners: usize) -> Contour {
    polygon(cx, cy, radius.abs(), corners, 0.0, radius < 0.0)
}

fn polygon(cx: f32, cy: f32, radius: f32, corners: usize, turn: f32, reverse: bool) -> Contour {
    let step = std::f32::consts::TAU / corners as f32 * if reverse { -1.0 } else { 1.0 };
    (0..corners)
        .map(|i| {
            let angle = turn + step * i as f32;
            (cx + radius * libm::cosf(angle), cy + radius * libm::sinf(angle))
        })
        .collect()
}

/// A straight stroke as a thin rectangle.
pub(super) fn bar(x0: f32, y0: f32, x1: f32, y1: f32, width: f32) -> Contour {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let scale = width / 2.0 / libm::sqrtf(dx * dx + dy * dy).max(1e-6);
    let (nx, ny) = (-dy * scale, dx * scale);
    vec![(x0 - nx, y0 - ny), (x1 - nx, y1 - ny), (x1 + nx, y1 + ny), (x0 + nx, y0 + ny)]
}

/// A five-pointed star, filled.
fn star(dice: &mut Dice) -> Glyph {
    drawn(vec![star_line(0.5, dice.range(0.34, 0.5), false)])
}

/// A five-pointed star as a line, or as five facets that meet in the middle.
fn star_outline(dice: &mut Dice) -> Glyph {
    let inner = dice.range(0.36, 0.5);
    let hole = dice.range(0.5, 0.72);
    drawn(vec![star_line(0.5, inner, false), star_line(0.5 * hole, inner, true)])
}

fn star_line(outer: f32, inner: f32, reverse: bool) -> Contour {
    let mut points: Contour = (0..10)
        .map(|i| {
            let angle = std::f32::consts::PI * (i as f32 / 5.0 - 0.5);
            let r = outer * if i % 2 == 0 { 1.0 } else { inner };
            (r * libm::cosf(angle), r * libm::sinf(angle))
        })
        .collect();
    if reverse {
        points.reverse();
    }
    points
}

/// The NATO design mark: a cross in a circle.
fn nato(dice: &mut Dice) -> Glyph {
    let line = dice.range(0.07, 0.14);
    let arm = 0.5 - line;
    drawn(vec![
        disc(0.0, 0.0, 0.5, 28),
        disc(0.0, 0.0, -(0.5 - line), 28),
        bar(-arm, 0.0, arm, 0.0, line),
        bar(0.0, -arm, 0.0, arm, line),
    ])
}

fn ring(dice: &mut Dice) -> Glyph {
    let line = dice.range(0.08, 0.3);
    drawn(vec![disc(0.0, 0.0, 0.5, 24), disc(0.0, 0.0, -(0.5 - line), 24)])
}

/// A regular figure, filled or as a line.
fn plate(corners: usize, turn: f32, dice: &mut Dice) -> Glyph {
    let mut contours = vec![polygon(0.0, 0.0, 0.55, corners, turn, false)];
    if dice.chance(0.6) {
        contours.push(polygon(0.0, 0.0, 0.55 - dice.range(0.08, 0.18) * 1.5, corners, turn, true));
    }
    drawn(contours)
}

fn stretched(glyph: Glyph, by: f32) -> Glyph {
    drawn(glyph.contours.into_iter().map(|c| c.into_iter().map(|(x, y)| (x * by, y)).collect()).collect())
}

/// A crown: points on a band, with or without balls, or closed by arches.
fn crown(dice: &mut Dice) -> Glyph {
    let (points, depth, flare) = (dice.int(3, 6), dice.range(0.25, 0.5), dice.range(0.0, 0.12));
    let mut line = vec![(-0.45, 0.4), (-0.45 - flare, -0.25)];
    for i in 1..2 * points - 2 {
        let x = -0.45 - flare + (0.9 + 2.0 * flare) * i as f32 / (2 * points - 2) as f32;
        let middle = 1.0 - (x / 0.5).abs();
        let top = -0.25 - 0.25 * middle.max(0.0);
        line.push((x, if i % 2 == 1 { top + depth } else { top }));
    }
    line.extend([(0.45 + flare, -0.25), (0.45, 0.4)]);
    let tips: Vec<_> = line.iter().copied().filter(|p| p.1 <= -0.25).collect();
    let mut contours = vec![line];
    if dice.chance(0.5) {
        contours.extend(tips.into_iter().map(|(x, y)| disc(x, y, 0.09, 10)));
    }
    if dice.chance(0.35) {
        // an open band: what is inside stays ground
        contours.push(vec![(-0.36, 0.32), (0.36, 0.32), (0.36, 0.2), (-0.36, 0.2)]);
    }
    drawn(contours)
}

/// The broad arrow: three strokes that meet in a point above.
fn arrow(dice: &mut Dice) -> Glyph {
    let (wide, low, line) = (dice.range(0.2, 0.45), dice.range(0.0, 0.5), dice.range(0.08, 0.17));
    let stem = if low > 0.35 { low } else { 0.5 };
    drawn(vec![bar(0.0, -0.5, 0.0, stem, line), bar(0.0, -0.5, -wide, low, line), bar(0.0, -0.5, wide, low, line)])
}

/// An anchor: ring, stock, shank and arms.
fn anchor(dice: &mut Dice) -> Glyph {
    let line = dice.range(0.08, 0.14);
    let (wide, stock) = (dice.range(0.3, 0.45), dice.range(0.18, 0.32));
    let mut contours = vec![
        disc(0.0, -0.4, 0.12, 12),
        disc(0.0, -0.4, -0.05, 8),
        bar(0.0, -0.3, 0.0, 0.48, line),
        bar(-stock, -0.18, stock, -0.18, line),
    ];
    const PARTS: usize = 6;
    let arm = |i: usize| {
        let angle = std::f32::consts::PI * i as f32 / PARTS as f32;
        (wide * libm::cosf(angle), 0.15 + 0.33 * libm::sinf(angle))
    };
    for i in 0..PARTS {
        let (p, q) = (arm(i), arm(i + 1));
        contours.push(bar(p.0, p.1, q.0, q.1, line));
    }
    for side in [-1.0, 1.0] {
        contours.push(disc(side * wide, 0.12, line, 3));
    }
    drawn(contours)
}

/// Something that is no character and no symbol with a name: an animal, a shield, a monogram, an irregular figure.
fn unknown(dice: &mut Dice) -> Glyph {
    let contours = match dice.weighted(&[3.0, 4.0, 1.0, 1.0]) {
        0 => {
            // a silhouette, the same on both sides: a bird, a shield, a coat of arms
            let corners = dice.int(5, 10);
            let stretch = dice.range(0.7, 1.6);
            let right: Contour = (0..corners)
                .map(|i| {
                    let angle = std::f32::consts::PI * ((i as f32 + 0.5) / corners as f32 - 0.5);
                    let r = dice.range(0.15, 0.6);
                    (r * stretch * libm::cosf(angle), r * libm::sinf(angle))
                })
                .collect();
            let left = right.iter().rev().map(|&(x, y)| (-x, y));
            vec![right.iter().copied().chain(left).collect()]
        }
        1 => {
            // a few strokes joined end to end
            let stretch = dice.range(1.0, 2.0);
            let mut p = (dice.range(-0.4, 0.4) * stretch, dice.range(-0.4, 0.4));
            (0..dice.int(4, 9))
                .map(|_| {
                    let q = (dice.range(-0.5, 0.5) * stretch, dice.range(-0.5, 0.5));
                    let stroke = bar(p.0, p.1, q.0, q.1, dice.range(0.06, 0.14));
                    p = q;
                    stroke
                })
                .collect()
        }
        2 => {
            // a cross with broad ends
            let (end, middle) = (dice.range(0.2, 0.34), dice.range(0.05, 0.12));
            let arm = |turn: f32| {
                let (s, c) = (libm::sinf(turn), libm::cosf(turn));
                [(0.0, -middle), (0.5, -end), (0.5, end), (0.0, middle)]
                    .map(|(x, y)| (x * c - y * s, x * s + y * c))
                    .into()
            };
            (0..4).map(|i| arm(QUARTER * i as f32)).collect()
        }
        _ => {
            // overlapping blobs: a flaming bomb, a leaf, a head
            (0..dice.int(2, 6))
                .map(|_| disc(dice.range(-0.3, 0.3), dice.range(-0.3, 0.3), dice.range(0.1, 0.3), dice.int(4, 12)))
                .collect()
        }
    };
    drawn(contours)
}
