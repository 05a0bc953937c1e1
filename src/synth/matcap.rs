//! Light and metal in one picture: the brightness of a surface by where it faces.
//!
//! A random smooth image of a lit sphere stands for metal, ring light, sun and window alike (the "lit sphere" of Sloan
//! et al. 2001). Looking it up by the surface's normal is all the lighting there is.

use super::dice::Dice;

const SIDE: usize = 64;

/// Brightness by the slope of the surface.
pub struct Matcap {
    table: Vec<f32>,
}

impl Matcap {
    /// Random light on random metal.
    pub fn random(dice: &mut Dice) -> Self {
        let base = dice.range(0.2, 0.75);
        let edge = dice.range(-0.5, 0.15);
        let lean = (dice.range(-0.3, 0.3), dice.range(-0.35, 0.3));
        let soft = dice.chance(0.35);
        // one light always stands near enough for a shallow slope to show
        let (angle, out) = (dice.range(0.0, std::f32::consts::TAU), dice.range(0.15, 0.6));
        let key = (dice.range(0.15, 0.5), dice.range(0.45, 1.0) * if dice.chance(0.2) { -0.6 } else { 1.0 });
        let mut spots = vec![(out * libm::cosf(angle), out * libm::sinf(angle), key.0, key.1)];
        for _ in 0..dice.int(0, 4) {
            let (angle, out) = (dice.range(0.0, std::f32::consts::TAU), dice.range(0.05, 0.95));
            let width = if soft { dice.range(0.3, 0.7) } else { dice.log_range(0.07, 0.5) };
            let height = dice.range(0.15, 0.9) / (0.6 + width);
            spots.push((out * libm::cosf(angle), out * libm::sinf(angle), width, height));
        }
        for _ in 0..dice.int(0, 4) {
            let (angle, out) = (dice.range(0.0, std::f32::consts::TAU), dice.range(0.1, 1.0));
            spots.push((
                out * libm::cosf(angle),
                out * libm::sinf(angle),
                dice.range(0.12, 0.5),
                -dice.range(0.1, 0.55),
            ));
        }
        match dice.weighted(&[0.68, 0.24, 0.08]) {
            1 => {
                // hard sun or lamps: small lights, far brighter than the film takes, that flash from flanks of strokes
                for _ in 0..dice.int(1, 4) {
                    let (angle, out) = (dice.range(0.0, std::f32::consts::TAU), dice.range(0.2, 0.8));
                    let (width, height) = (dice.log_range(0.04, 0.16), dice.log_range(1.0, 5.0));
                    spots.push((out * libm::cosf(angle), out * libm::sinf(angle), width, height));
                }
            }
            2 => {
                // a flash beside the lens: what faces it is blown, what is cut into it is dark
                spots.push((dice.normal() * 0.06, dice.normal() * 0.06, dice.range(0.12, 0.35), dice.range(0.5, 1.5)));
            }
            _ => {}
        }
        let ring = dice.chance(0.28).then(|| (dice.range(0.15, 0.8), dice.range(0.04, 0.2), dice.range(0.2, 1.4)));
        let mut table = vec![0.0; SIDE * SIDE];
        for (i, v) in table.iter_mut().enumerate() {
            let place = |k: usize| (k as f32 + 0.5) / SIDE as f32 * 2.0 - 1.0;
            let (x, y) = (place(i % SIDE), place(i / SIDE));
            let r2 = x * x + y * y;
            *v = base + edge * r2 + lean.0 * x + lean.1 * y;
            for &(sx, sy, width, height) in &spots {
                let d2 = (x - sx) * (x - sx) + (y - sy) * (y - sy);
                *v += height * libm::expf(-d2 / (width * width));
            }
            if let Some((radius, width, height)) = ring {
                let d = libm::sqrtf(r2) - radius;
                *v += height * libm::expf(-d * d / (width * width));
            }
        }
        Self { table }
    }

    /// The same light on a surface tilted by `(x, y)`, brighter by `lift`.
    pub fn tilted(&self, x: f32, y: f32, lift: f32) -> Self {
        let shift = |k: usize, by: f32| (k as f32 + by * SIDE as f32).clamp(0.0, (SIDE - 1) as f32) as usize;
        let table =
            (0..SIDE * SIDE).map(|i| self.table[shift(i / SIDE, y) * SIDE + shift(i % SIDE, x)] + lift).collect();
        Self { table }
    }

    /// Brightness (about 0..1, highlights above) of a surface whose height rises by `(gx, gy)` a pixel.
    pub fn shade(&self, gx: f32, gy: f32) -> f32 {
        let scale = 1.0 / libm::sqrtf(1.0 + gx * gx + gy * gy);
        let last = (SIDE - 2) as f32;
        let place = |g: f32| ((1.0 - g * scale) * (SIDE as f32 / 2.0) - 0.5).clamp(0.0, last);
        let (x, y) = (place(gx), place(gy));
        let (ix, iy) = (x as usize, y as usize);
        let (fx, fy) = (x - ix as f32, y - iy as f32);
        let t = &self.table[iy * SIDE + ix..];
        let top = t[0] + (t[1] - t[0]) * fx;
        let bottom = t[SIDE] + (t[SIDE + 1] - t[SIDE]) * fx;
        top + (bottom - top) * fy
    }
}
