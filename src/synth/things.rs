//! Things that are no case heads: what lies about on tables, and round metal that a detector must not take for a head.

use super::dice::Dice;
use super::field::Field;
use super::glyphs::Typeface;
use super::matcap::Matcap;
use super::outline::Contour;
use super::raster::fill_max;
use super::symbols::{bar, disc};

/// Round or otherwise head-like things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A coin: raised edge, text round it, a figure in the middle, no primer.
    Coin,
    /// A washer or ring: nothing but a hole, through which the ground is seen.
    Washer,
    /// A crown cap with its scalloped edge.
    Cap,
    /// A button with two or four holes.
    Button,
    /// The head of a bolt or screw.
    Bolt,
    /// A plain lid, lens or plate.
    Lid,
}

impl Thing {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Coin, Self::Washer, Self::Cap, Self::Button, Self::Bolt, Self::Lid];
}

/// Draws a thing of the given radius, in pixels.
pub fn draw(canvas: &mut Field, thing: Thing, at: (f32, f32), radius: f32, faces: &[Typeface], dice: &mut Dice) {
    let (outline, relief) = match thing {
        Thing::Coin => coin(faces, dice),
        Thing::Washer => (vec![disc(0.0, 0.0, 1.0, 48), disc(0.0, 0.0, -dice.range(0.42, 0.8), 40)], vec![]),
        Thing::Cap => cap(faces, dice),
        Thing::Button => button(dice),
        Thing::Bolt => bolt(dice),
        Thing::Lid => lid(dice),
    };
    let squash = dice.range(0.75, 1.0);
    let turn = dice.range(0.0, std::f32::consts::TAU);
    let lean = dice.range(0.0, std::f32::consts::TAU);
    let place = |p: (f32, f32)| {
        let (x, y) = turned(p, turn);
        let (x, y) = turned((x, y * squash), lean);
        (at.0 + x * radius, at.1 + y * radius)
    };
    emboss(canvas, &outline, &relief, &place, radius, dice);
}

fn turned(p: (f32, f32), by: f32) -> (f32, f32) {
    let (s, c) = (libm::sinf(by), libm::cosf(by));
    (p.0 * c - p.1 * s, p.0 * s + p.1 * c)
}

type Shapes = (Vec<Contour>, Vec<(Contour, f32)>);

/// Letters on a ring, as relief.
fn lettering(faces: &[Typeface], radius: f32, size: f32, height: f32, dice: &mut Dice) -> Vec<(Contour, f32)> {
    let face = dice.pick(faces);
    let (mut angle, end) = (dice.range(0.0, 2.0), dice.range(3.0, 7.5));
    let mut out = Vec::new();
    while angle < end {
        let class = dice.int(0, 36);
        let glyph = face.glyph(class, dice);
        for contour in &glyph.contours {
            let shape = contour.iter().map(|&(x, y)| turned((x * size, y * size - radius), angle)).collect();
            out.push((shape, height));
        }
        angle += size * (glyph.width + 0.3) / radius;
    }
    out
}

fn coin(faces: &[Typeface], dice: &mut Dice) -> Shapes {
    let mut relief = vec![(disc(0.0, 0.0, 0.94, 48), -0.5)];
    if dice.chance(0.8) {
        let (at, size) = (dice.range(0.72, 0.82), dice.range(0.1, 0.2));
        relief.extend(lettering(faces, at, size, 0.5, dice));
    }
    // a head, a shield, a number: some overlapping blobs
    for _ in 0..dice.int(2, 9) {
        let (x, y) = (dice.normal() * 0.18, dice.normal() * 0.22);
        relief.push((disc(x, y, dice.range(0.06, 0.34), 14), dice.range(0.2, 0.8)));
    }
    (vec![disc(0.0, 0.0, 1.0, 56)], relief)
}

fn cap(faces: &[Typeface], dice: &mut Dice) -> Shapes {
    let teeth = 21 * 4;
    let edge = (0..teeth)
        .map(|i| {
            let angle = i as f32 / teeth as f32 * std::f32::consts::TAU;
            let r = 0.95 + 0.05 * libm::cosf(angle * 21.0);
            (r * libm::cosf(angle), r * libm::sinf(angle))
        })
        .collect();
    let mut relief = vec![(disc(0.0, 0.0, 0.8, 40), 1.5)];
    if dice.chance(0.7) {
        relief.extend(lettering(faces, 0.55, dice.range(0.12, 0.25), 0.4, dice));
    }
    (vec![edge], relief)
}

fn button(dice: &mut Dice) -> Shapes {
    let holes = if dice.chance(0.5) { 4 } else { 2 };
    let mut outline = vec![disc(0.0, 0.0, 1.0, 40)];
    for i in 0..holes {
        let angle = i as f32 / holes as f32 * std::f32::consts::TAU;
        outline.push(disc(0.24 * libm::cosf(angle), 0.24 * libm::sinf(angle), -0.1, 12));
    }
    (outline, vec![(disc(0.0, 0.0, dice.range(0.6, 0.85), 40), -0.8)])
}

fn bolt(dice: &mut Dice) -> Shapes {
    let corners = if dice.chance(0.6) { 6 } else { 40 };
    let slot = dice.range(0.1, 0.25);
    let relief = match dice.int(0, 3) {
        0 => vec![(bar(-0.7, 0.0, 0.7, 0.0, slot), -1.5)],
        1 => vec![(bar(-0.6, 0.0, 0.6, 0.0, slot), -1.5), (bar(0.0, -0.6, 0.0, 0.6, slot), -1.5)],
        _ => vec![(disc(0.0, 0.0, dice.range(0.3, 0.5), 6), -2.0)],
    };
    (vec![disc(0.0, 0.0, 1.0, corners)], relief)
}

fn lid(dice: &mut Dice) -> Shapes {
    let relief =
        (0..dice.int(0, 3)).map(|_| (disc(0.0, 0.0, dice.range(0.5, 0.95), 48), dice.range(-0.8, 0.8))).collect();
    (vec![disc(0.0, 0.0, 1.0, 56)], relief)
}

/// Lights a relief on an outline and puts it on the canvas, with a shadow beside it.
fn emboss(
    canvas: &mut Field,
    outline: &[Contour],
    relief: &[(Contour, f32)],
    place: &dyn Fn((f32, f32)) -> (f32, f32),
    radius: f32,
    dice: &mut Dice,
) {
    let centre = place((0.0, 0.0));
    let reach = radius * 1.25 + 3.0;
    let low = |c: f32| (c - reach).max(0.0) as usize;
    let high = |c: f32, size: usize| (c + reach).clamp(0.0, size as f32) as usize;
    let (x0, y0) = (low(centre.0), low(centre.1));
    let (x1, y1) = (high(centre.0, canvas.w), high(centre.1, canvas.h));
    if x1 < x0 + 4 || y1 < y0 + 4 {
        return;
    }
    let (w, h) = (x1 - x0, y1 - y0);
    let local =
        |c: &Contour| -> Contour { c.iter().map(|&p| place(p)).map(|(x, y)| (x - x0 as f32, y - y0 as f32)).collect() };
    let mut mask = Field::filled(w, h, 0.0);
    fill_max(&mut mask, &outline.iter().map(local).collect::<Vec<_>>(), 1.0);
    let mut height = mask.clone();
    let unit = radius * 0.02;
    height.data.iter_mut().for_each(|v| *v *= unit * 2.5);
    for (contour, rise) in relief {
        let mut part = Field::filled(w, h, 0.0);
        fill_max(&mut part, &[local(contour)], 1.0);
        height.add(&part, rise * unit * 1.2);
    }
    height.blur((radius * dice.range(0.008, 0.03)).max(0.5));
    let grain = Field::noise(w, h, (radius * 0.02).max(1.0), dice);
    height.add(&grain, dice.range(0.0, 0.15) * (radius * 0.02).max(1.0));
    let metal = Matcap::random(dice);
    let tone = dice.range(0.5, 1.05);
    let mut shadow = mask.clone();
    shadow.blur((radius * 0.08).max(1.0));
    let (sx, sy) = (dice.range(-0.06, 0.06) * radius, dice.range(-0.06, 0.06) * radius);
    let dark = dice.range(0.1, 0.6);
    for y in 0..h {
        for x in 0..w {
            let (xi, yi) = (x as isize, y as isize);
            let gx = (height.at(xi + 1, yi) - height.at(xi - 1, yi)) * 0.5;
            let gy = (height.at(xi, yi + 1) - height.at(xi, yi - 1)) * 0.5;
            let target = &mut canvas.data[(y0 + y) * canvas.w + x0 + x];
            *target *= 1.0 - dark * shadow.sample(x as f32 - sx, y as f32 - sy);
            let alpha = mask.data[y * w + x];
            *target += (metal.shade(gx, gy) * tone - *target) * alpha;
        }
    }
}

/// A ground to lay things on; `scale` is the size of a typical thing on it, in pixels.
pub fn ground(w: usize, h: usize, scale: f32, faces: Option<&[Typeface]>, dice: &mut Dice) -> Field {
    let base = dice.range(0.08, 0.85);
    let mut field = Field::filled(w, h, base);
    let broad = Field::noise(w, h, scale * 4.0 + w as f32 * 0.3, dice);
    field.add(&broad, dice.range(0.0, 0.3));
    match dice.weighted(&[1.0, 2.0, 1.0, 1.5, 2.0, 0.7]) {
        0 => {}
        1 => wood(&mut field, scale, dice),
        2 => cloth(&mut field, dice),
        3 => {
            // sand, gravel, concrete
            for _ in 0..3 {
                let noise = Field::noise(w, h, dice.log_range(1.0, 8.0), dice);
                field.add(&noise, dice.range(0.02, 0.12));
            }
        }
        4 => clutter(&mut field, scale, dice),
        _ => {
            if let Some(faces) = faces {
                page(&mut field, scale, faces, dice);
            }
        }
    }
    let fine = Field::noise(w, h, dice.log_range(1.0, 6.0), dice);
    field.add(&fine, dice.range(0.0, 0.05));
    if dice.chance(0.35) {
        fingers(&mut field, scale, dice);
    }
    field.data.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
    field
}

fn wood(field: &mut Field, scale: f32, dice: &mut Dice) {
    let warp = Field::noise(field.w, field.h, scale * 2.0, dice);
    let (rate, bend) = (dice.log_range(2.0, 14.0) / scale, dice.range(0.5, 5.0));
    let (s, c) = sin_cos(dice.range(0.0, std::f32::consts::TAU));
    let dark = dice.range(0.02, 0.15);
    for y in 0..field.h {
        for x in 0..field.w {
            let i = y * field.w + x;
            let along = x as f32 * c + y as f32 * s;
            field.data[i] += dark * libm::sinf(along * rate + bend * warp.data[i]);
        }
    }
    if dice.chance(0.5) {
        // an edge of the table, a gap between boards
        let n = dice.int(1, 4);
        for _ in 0..n {
            let (x, y) = (dice.unit() * field.w as f32, dice.unit() * field.h as f32);
            let far = (field.w + field.h) as f32;
            let line = bar(x - far * s, y + far * c, x + far * s, y - far * c, scale * dice.range(0.02, 0.5));
            darken(field, &line, dice.range(0.3, 1.6));
        }
    }
}

fn cloth(field: &mut Field, dice: &mut Dice) {
    let (a, b) = (dice.log_range(0.1, 1.2), dice.log_range(0.1, 1.2));
    let depth = dice.range(0.02, 0.2);
    for y in 0..field.h {
        for x in 0..field.w {
            field.data[y * field.w + x] += depth * libm::sinf(x as f32 * a) * libm::sinf(y as f32 * b);
        }
    }
}

fn clutter(field: &mut Field, scale: f32, dice: &mut Dice) {
    for _ in 0..dice.int(2, 22) {
        let (x, y) = (dice.unit() * field.w as f32, dice.unit() * field.h as f32);
        let size = scale * dice.log_range(0.3, 4.0);
        let shape = match dice.int(0, 3) {
            0 => disc(x, y, size * 0.5, dice.int(3, 7)),
            1 => {
                let (s, c) = sin_cos(dice.range(0.0, std::f32::consts::TAU));
                bar(x, y, x + size * c * 2.0, y + size * s * 2.0, size * dice.range(0.05, 0.6))
            }
            _ => {
                let (cw, ch) = (size * dice.range(0.3, 1.0), size * dice.range(0.3, 1.0));
                vec![(x - cw, y - ch), (x + cw, y - ch), (x + cw, y + ch), (x - cw, y + ch)]
            }
        };
        darken(field, &shape, dice.log_range(0.3, 3.0));
    }
    if dice.chance(0.6) {
        field.blur(scale * dice.range(0.01, 0.15));
    }
}

/// Multiplies the brightness inside a shape.
fn darken(field: &mut Field, shape: &Contour, by: f32) {
    let mut mask = Field::filled(field.w, field.h, 0.0);
    fill_max(&mut mask, std::slice::from_ref(shape), 1.0);
    for (v, m) in field.data.iter_mut().zip(&mask.data) {
        *v *= 1.0 + (by - 1.0) * m;
    }
}

/// Printed matter.
fn page(field: &mut Field, scale: f32, faces: &[Typeface], dice: &mut Dice) {
    let face = dice.pick(faces);
    let size = scale * dice.range(0.1, 0.5);
    let mut mask = Field::filled(field.w, field.h, 0.0);
    let mut y = 0.0;
    while y < field.h as f32 {
        let mut x = 0.0;
        while x < field.w as f32 {
            let class = dice.int(0, 62);
            let glyph = face.glyph(class, dice);
            let shape: Vec<Contour> = glyph
                .contours
                .iter()
                .map(|c| c.iter().map(|p| (x + p.0 * size, y + (p.1 - glyph.lift) * size)).collect())
                .collect();
            fill_max(&mut mask, &shape, 1.0);
            x += size * if dice.chance(0.2) { 1.6 } else { 0.9 };
        }
        y += size * 1.8;
    }
    let ink = dice.range(0.4, 0.95);
    field.data.iter_mut().zip(&mask.data).for_each(|(v, m)| *v *= 1.0 - ink * m);
}

/// Fingers: thick rounded strokes, lit from one side, with creases.
fn fingers(field: &mut Field, scale: f32, dice: &mut Dice) {
    let tone = dice.range(0.35, 0.85);
    for _ in 0..dice.int(1, 4) {
        let radius = scale * dice.range(0.7, 2.2);
        let (x, y) = (dice.unit() * field.w as f32, dice.unit() * field.h as f32);
        let (s, c) = sin_cos(dice.range(0.0, std::f32::consts::TAU));
        let length = radius * dice.range(2.0, 7.0);
        let (lx, ly) = (dice.range(-0.4, 0.4), dice.range(-0.4, 0.4));
        let crease = dice.range(0.3, 1.2) * radius;
        for py in 0..field.h {
            for px in 0..field.w {
                let (dx, dy) = (px as f32 - x, py as f32 - y);
                let along = dx * c + dy * s;
                let past = (along - along.clamp(0.0, length)) / radius;
                let across = (-dx * s + dy * c) / radius;
                let d2 = past * past + across * across;
                if d2 < 1.0 {
                    let round = libm::sqrtf(1.0 - d2);
                    let fold = 1.0
                        - 0.08
                            * libm::expf(-((along % crease) / (radius * 0.05)) * ((along % crease) / (radius * 0.05)));
                    let light = tone * (0.45 + 0.6 * round + lx * across + ly * past) * fold;
                    let alpha = (round * 6.0).min(1.0);
                    let v = &mut field.data[py * field.w + px];
                    *v += (light - *v) * alpha;
                }
            }
        }
    }
}

fn sin_cos(angle: f32) -> (f32, f32) {
    (libm::sinf(angle), libm::cosf(angle))
}
