//! The surface of a head without its marks: profile, turning rings, grain, scratches, dents and rust.

use super::dice::Dice;
use super::field::Field;
use super::layout::Layout;
use super::look::{Look, Pocket};
use super::raster::fill_max;
use super::symbols::{bar, disc};
use super::view::View;

/// Height of the head without its marks, in pixels: rim, primer, grooves, turning rings.
pub(super) fn ground(view: &View, layout: &Layout, look: &Look, scale: f32, dice: &mut Dice) -> Field {
    let profile = Profile::random(layout.primer, look, scale, dice);
    let pin = (dice.normal() * 0.12 * layout.primer, dice.normal() * 0.12 * layout.primer);
    let dent = dice.range(0.15, 0.4) * layout.primer;
    let deep = if look.pocket == Pocket::Fired { dice.range(0.3, 1.2) * dent } else { 0.0 };
    let mut field = Field::filled(view.w, view.h, 0.0);
    for y in 0..view.h {
        for x in 0..view.w {
            let (u, v) = view.head(x as f32, y as f32);
            let r2 = u * u + v * v;
            if r2 > 1.2 {
                continue;
            }
            let r = libm::sqrtf(r2);
            let mut height = profile.at(r);
            if deep > 0.0 && r < layout.primer {
                let d2 = ((u - pin.0) * (u - pin.0) + (v - pin.1) * (v - pin.1)) / (dent * dent);
                if d2 < 6.0 {
                    height -= deep * libm::expf(-d2 * d2);
                }
            }
            field.data[y * view.w + x] = height * scale;
        }
    }
    field
}

/// Blows with a punch that hold the primer, even round its edge, or single deep dents from handling: as deep as marks, but none.
pub(super) fn stakes(ground: &mut Field, view: &View, layout: &Layout, scale: f32, dice: &mut Dice) {
    let primer = layout.primer;
    let mut field = Field::filled(view.w, view.h, 0.0);
    let start = dice.range(0.0, std::f32::consts::TAU);
    if layout.punched && dice.chance(0.5) {
        let (count, radius) = ([2, 3, 3, 3, 4, 6][dice.int(0, 6)], primer + dice.range(0.02, 0.25));
        let (size, hollow) = (dice.log_range(0.02, 0.09), dice.chance(0.3));
        for i in 0..count {
            let clock = start + std::f32::consts::TAU * i as f32 / count as f32 + dice.normal() * 0.04;
            let (x, y) = (radius * libm::cosf(clock), radius * libm::sinf(clock));
            let mut blow = vec![view.contour(&disc(x, y, size, 24))];
            if hollow {
                blow.push(view.contour(&disc(x, y, -0.65 * size, 24)));
            }
            fill_max(&mut field, &blow, dice.range(0.6, 1.0));
        }
        return sink(ground, field, scale, dice);
    }
    let (count, radius) = if dice.chance(0.7) {
        ([2, 3, 3, 4, 6, 8][dice.int(0, 6)], primer + dice.range(-0.02, 0.09))
    } else {
        (1, dice.range(primer, 0.95))
    };
    let (long, wide) = (dice.log_range(0.03, 0.16), dice.log_range(0.015, 0.06));
    let turn = dice.weighted(&[3.0, 1.0, 0.5]) as f32 * std::f32::consts::FRAC_PI_4;
    for i in 0..count {
        let clock = start + std::f32::consts::TAU * i as f32 / count as f32 + dice.normal() * 0.03;
        let (x, y) = (radius * libm::cosf(clock), radius * libm::sinf(clock));
        let way = clock + std::f32::consts::FRAC_PI_2 + turn;
        let (dx, dy) = (libm::cosf(way) * long / 2.0, libm::sinf(way) * long / 2.0);
        fill_max(&mut field, &[view.contour(&bar(x - dx, y - dy, x + dx, y + dy, wide))], dice.range(0.7, 1.0));
    }
    sink(ground, field, scale, dice);
}

/// Sinks blows, 0..1, into the ground.
fn sink(ground: &mut Field, mut blows: Field, scale: f32, dice: &mut Dice) {
    let soft = (scale * dice.log_range(0.005, 0.02)).max(0.5);
    blows.blur(soft);
    ground.add(&blows, -soft * dice.log_range(0.8, 3.5));
}

/// Turning rings, grain, scratches and dents on the ground.
pub(super) fn wear(ground: &mut Field, view: &View, look: &Look, scale: f32, dice: &mut Dice) {
    let fine = (scale * 0.012).max(1.0);
    for size in [fine, fine * 2.6] {
        let noise = Field::noise(view.w, view.h, size, dice);
        ground.add(&noise, look.grain * size * 0.8);
    }
    let mut scars = Field::filled(view.w, view.h, 0.0);
    let scratches = if dice.chance(0.6) { dice.int(0, 14) } else { 0 };
    for _ in 0..scratches {
        let (x, y) = (dice.signed(), dice.signed());
        let (dx, dy) = (dice.normal() * 0.25, dice.normal() * 0.25);
        let line = bar(x, y, x + dx, y + dy, dice.log_range(0.004, 0.02));
        fill_max(&mut scars, &[view.contour(&line)], dice.range(0.2, 1.0));
    }
    for _ in 0..if dice.chance(0.4) { dice.int(1, 6) } else { 0 } {
        let (x, y) = (dice.signed() * 0.9, dice.signed() * 0.9);
        fill_max(&mut scars, &[view.contour(&disc(x, y, dice.log_range(0.01, 0.05), 10))], dice.range(0.3, 1.0));
    }
    if dice.chance(0.15) {
        // the ejector's stamp near the rim
        let clock = dice.range(0.0, std::f32::consts::TAU);
        let (x, y) = (libm::cosf(clock) * 0.82, libm::sinf(clock) * 0.82);
        let (dx, dy) = (dice.normal() * 0.08, dice.normal() * 0.08);
        fill_max(&mut scars, &[view.contour(&bar(x - dx, y - dy, x + dx, y + dy, dice.range(0.05, 0.16)))], 1.0);
    }
    if look.rust > 0.0 {
        let pits = Field::noise(view.w, view.h, (scale * dice.log_range(0.015, 0.06)).max(1.0), dice);
        scars
            .data
            .iter_mut()
            .zip(&pits.data)
            .for_each(|(v, n)| *v = v.max((4.0 * (n - 1.0 + look.rust)).clamp(0.0, 1.0)));
    }
    let soft = (scale * 0.005).max(0.5);
    scars.blur(soft);
    ground.add(&scars, -soft * dice.range(0.4, 1.6));
}

/// The head's section along a radius, in units of the rim.
struct Profile {
    heights: Vec<f32>,
}

/// Steps of the profile a unit of the rim.
const STEPS: f32 = 700.0;

impl Profile {
    fn random(primer: f32, look: &Look, scale: f32, dice: &mut Dice) -> Self {
        let bevel = (dice.log_range(0.01, 0.09), dice.range(0.2, 1.2));
        let groove = (dice.log_range(0.008, 0.03).max(0.8 / scale), dice.range(0.3, 1.6));
        let primer_edge = (dice.range(0.03, 0.12), dice.range(0.1, 0.8));
        let crimp = dice
            .chance(0.3)
            .then(|| (primer + dice.range(0.03, 0.1), dice.log_range(0.006, 0.02), dice.range(0.2, 0.8)));
        let dish = dice.normal() * 0.03;
        let sunk = dice.range(-0.02, 0.01);
        let rings: Vec<(f32, f32, f32)> = (0..6)
            .map(|_| (dice.range(20.0, 260.0), dice.range(0.0, std::f32::consts::TAU), look.lathe * dice.unit()))
            .collect();
        let heights = (0..(1.15 * STEPS) as usize)
            .map(|i| {
                let r = i as f32 / STEPS;
                let mut h = dish * r * r;
                if r > 1.0 - bevel.0 {
                    let t = (r - 1.0 + bevel.0) / bevel.0;
                    h -= bevel.0 * bevel.1 * t * t;
                }
                let bell = |at: f32, width: f32| libm::expf(-((r - at) / width) * ((r - at) / width));
                h -= groove.0 * groove.1 * bell(primer, groove.0);
                if let Some((at, width, deep)) = crimp {
                    h -= width * deep * bell(at, width);
                }
                if r < primer {
                    h += sunk;
                    let t = ((r - primer + primer_edge.0) / primer_edge.0).max(0.0);
                    h -= primer_edge.0 * primer_edge.1 * t * t;
                }
                for &(rate, phase, size) in &rings {
                    if rate < scale {
                        h += size / rate * libm::sinf(rate * r + phase);
                    }
                }
                h
            })
            .collect();
        Self { heights }
    }

    fn at(&self, r: f32) -> f32 {
        let place = (r * STEPS).min(self.heights.len() as f32 - 2.0);
        let i = place as usize;
        self.heights[i] + (self.heights[i + 1] - self.heights[i]) * (place - i as f32)
    }
}
