//! A grid of numbers: height, brightness or coverage, one a pixel.

use super::dice::Dice;

/// Row-major values, one a pixel.
#[derive(Clone)]
pub struct Field {
    /// Columns.
    pub w: usize,
    /// Rows.
    pub h: usize,
    /// Values, row by row.
    pub data: Vec<f32>,
}

impl Field {
    /// A field of one value.
    pub fn filled(w: usize, h: usize, value: f32) -> Self {
        Self { w, h, data: vec![value; w * h] }
    }

    /// The value at a pixel, edges repeated.
    pub fn at(&self, x: isize, y: isize) -> f32 {
        self.data[y.clamp(0, self.h as isize - 1) as usize * self.w + x.clamp(0, self.w as isize - 1) as usize]
    }

    /// Bilinear value at a place, edges repeated.
    pub fn sample(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x.clamp(0.0, (self.w - 1) as f32), y.clamp(0.0, (self.h - 1) as f32));
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.w - 1), (y0 + 1).min(self.h - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let (r0, r1) = (&self.data[y0 * self.w..], &self.data[y1 * self.w..]);
        let top = r0[x0] + (r0[x1] - r0[x0]) * fx;
        let bottom = r1[x0] + (r1[x1] - r1[x0]) * fx;
        top + (bottom - top) * fy
    }

    /// Gaussian blur; `sigma` in pixels. Wide blurs run as three box blurs.
    pub fn blur(&mut self, sigma: f32) {
        if sigma < 0.2 {
        } else if sigma > 3.0 {
            let radius = ((libm::sqrtf(4.0 * sigma * sigma + 1.0) - 1.0) / 2.0 + 0.5) as usize;
            for _ in 0..3 {
                self.box_blur(radius);
            }
        } else {
            self.convolve(&gaussian(sigma));
        }
    }

    fn convolve(&mut self, kernel: &[f32]) {
        let (w, h, reach) = (self.w, self.h, kernel.len() - 1);
        let mut line = vec![0.0; w + 2 * reach];
        for y in 0..h {
            let row = &mut self.data[y * w..(y + 1) * w];
            line[reach..reach + w].copy_from_slice(row);
            line[..reach].fill(row[0]);
            line[reach + w..].fill(row[w - 1]);
            for (v, &c) in row.iter_mut().zip(&line[reach..reach + w]) {
                *v = c * kernel[0];
            }
            for (i, &k) in kernel.iter().enumerate().skip(1) {
                let (before, after) = (&line[reach - i..reach - i + w], &line[reach + i..reach + i + w]);
                for ((v, &b), &a) in row.iter_mut().zip(before).zip(after) {
                    *v += k * (b + a);
                }
            }
        }
        let source = self.data.clone();
        let clamp = |y: isize| y.clamp(0, h as isize - 1) as usize * w;
        for y in 0..h {
            let row = &mut self.data[y * w..(y + 1) * w];
            for v in row.iter_mut() {
                *v *= kernel[0];
            }
            for (i, &k) in kernel.iter().enumerate().skip(1) {
                let (up, down) = (clamp(y as isize - i as isize), clamp(y as isize + i as isize));
                for ((v, &a), &b) in row.iter_mut().zip(&source[up..up + w]).zip(&source[down..down + w]) {
                    *v += k * (a + b);
                }
            }
        }
    }

    fn box_blur(&mut self, radius: usize) {
        let (w, h) = (self.w, self.h);
        let scale = 1.0 / (2 * radius + 1) as f32;
        let mut line = vec![0.0; w];
        for y in 0..h {
            let row = &mut self.data[y * w..(y + 1) * w];
            line.copy_from_slice(row);
            let pick = |i: isize| line[i.clamp(0, w as isize - 1) as usize];
            let mut sum: f32 = (-(radius as isize)..=radius as isize).map(pick).sum();
            for (x, v) in row.iter_mut().enumerate() {
                *v = sum * scale;
                sum += pick(x as isize + radius as isize + 1) - pick(x as isize - radius as isize);
            }
        }
        let source = self.data.clone();
        let row = |y: isize| &source[y.clamp(0, h as isize - 1) as usize * w..][..w];
        let mut sums = vec![0.0; w];
        for y in -(radius as isize)..=radius as isize {
            sums.iter_mut().zip(row(y)).for_each(|(s, v)| *s += v);
        }
        for y in 0..h {
            let out = &mut self.data[y * w..(y + 1) * w];
            out.iter_mut().zip(&sums).for_each(|(o, s)| *o = s * scale);
            let (add, drop) = (row(y as isize + radius as isize + 1), row(y as isize - radius as isize));
            for ((s, a), d) in sums.iter_mut().zip(add).zip(drop) {
                *s += a - d;
            }
        }
    }

    /// Blur by a flat disc, as a lens out of focus does; `radius` in pixels.
    pub fn bokeh(&mut self, radius: f32) {
        let reach = radius as isize + 1;
        let mut spans = Vec::new();
        let mut total = 0.0;
        for dy in -reach..=reach {
            let square = radius * radius - (dy * dy) as f32;
            if square >= 0.0 {
                let half = libm::sqrtf(square);
                spans.push((dy, half as isize, half - half as isize as f32));
                total += 2.0 * half + 1.0;
            }
        }
        let (w, h) = (self.w, self.h);
        let pad = reach as usize + 1;
        let stride = w + 2 * pad + 1;
        // running sums along each row make a span of any length two look-ups
        let mut sums = vec![0.0f32; stride * h];
        for y in 0..h {
            for x in 0..w + 2 * pad {
                let v = self.at(x as isize - pad as isize, y as isize);
                sums[y * stride + x + 1] = sums[y * stride + x] + v;
            }
        }
        let mut out = vec![0.0; w * h];
        for y in 0..h {
            let target = &mut out[y * w..(y + 1) * w];
            for &(dy, half, rest) in &spans {
                let line = &sums[(y as isize + dy).clamp(0, h as isize - 1) as usize * stride..][..stride];
                for (x, t) in target.iter_mut().enumerate() {
                    let c = x + pad;
                    let (a, b) = (c - half as usize, c + half as usize + 1);
                    let ends = (line[a] - line[a - 1]) + (line[b + 1] - line[b]);
                    *t += line[b] - line[a] + rest * ends;
                }
            }
        }
        let scale = 1.0 / total;
        self.data = out;
        self.data.iter_mut().for_each(|v| *v *= scale);
    }

    /// The mean along a way, as a moving camera sees; `way` in pixels, its middle stays in place.
    pub fn smear(&mut self, way: (f32, f32)) {
        let steps = (way.0.abs().max(way.1.abs()) as usize + 1).min(32);
        let source = self.data.clone();
        self.data.fill(0.0);
        let (w, h) = (self.w as isize, self.h as isize);
        for step in 0..=steps {
            let t = step as f32 / steps as f32 - 0.5;
            let shift = |by: f32| libm::roundf(by * t) as isize;
            let (sx, sy) = (shift(way.0), shift(way.1));
            for y in 0..h {
                let row = &source[((y + sy).clamp(0, h - 1) * w) as usize..][..self.w];
                let out = &mut self.data[(y * w) as usize..][..self.w];
                out.iter_mut().enumerate().for_each(|(x, v)| *v += row[(x as isize + sx).clamp(0, w - 1) as usize]);
            }
        }
        let scale = 1.0 / (steps + 1) as f32;
        self.data.iter_mut().for_each(|v| *v *= scale);
    }

    /// Smooth noise in about -1..1; `scale` is the size of its features in pixels. Coarse grids are drawn and enlarged.
    pub fn noise(w: usize, h: usize, scale: f32, dice: &mut Dice) -> Self {
        let (gw, gh) = ((w as f32 / scale) as usize + 4, (h as f32 / scale) as usize + 4);
        let grid: Vec<f32> = (0..gw * gh).map(|_| dice.signed()).collect();
        let (ox, oy) = (dice.unit(), dice.unit());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let columns: Vec<(usize, f32)> = (0..w)
            .map(|x| {
                let gx = x as f32 / scale + ox;
                (gx as usize, ease(gx - gx as usize as f32))
            })
            .collect();
        let mut out = Self::filled(w, h, 0.0);
        for y in 0..h {
            let gy = y as f32 / scale + oy;
            let (iy, fy) = (gy as usize, ease(gy - gy as usize as f32));
            let (r0, r1) = (&grid[iy * gw..], &grid[(iy + 1) * gw..]);
            for (v, &(ix, fx)) in out.data[y * w..(y + 1) * w].iter_mut().zip(&columns) {
                let top = r0[ix] + (r0[ix + 1] - r0[ix]) * fx;
                let bottom = r1[ix] + (r1[ix + 1] - r1[ix]) * fx;
                *v = top + (bottom - top) * fy;
            }
        }
        out
    }

    /// Mean of all values.
    pub fn mean(&self) -> f32 {
        self.data.iter().sum::<f32>() / self.data.len().max(1) as f32
    }

    /// Root mean square of all values.
    pub fn spread(&self) -> f32 {
        libm::sqrtf(self.data.iter().map(|v| v * v).sum::<f32>() / self.data.len().max(1) as f32)
    }

    /// Adds `other` times `by`.
    pub fn add(&mut self, other: &Self, by: f32) {
        self.data.iter_mut().zip(&other.data).for_each(|(v, o)| *v += by * o);
    }
}

/// Half a Gaussian kernel, centre first, normalised as a whole.
fn gaussian(sigma: f32) -> Vec<f32> {
    let reach = (sigma * 2.7 + 0.5) as usize + 1;
    let mut kernel: Vec<f32> = (0..=reach).map(|i| libm::expf(-0.5 * (i * i) as f32 / (sigma * sigma))).collect();
    let total = kernel[0] + 2.0 * kernel[1..].iter().sum::<f32>();
    kernel.iter_mut().for_each(|k| *k /= total);
    kernel
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every blur spreads a point without losing brightness, and about as wide as asked.
    #[test]
    fn blurs_keep_the_sum_and_have_the_width_asked_for() {
        let spread = |f: &Field| {
            let total: f32 = f.data.iter().sum();
            let square: f32 = (0..f.w * f.h).map(|i| f.data[i] * ((i % f.w) as f32 - 50.0).powi(2)).sum();
            (total, (square / total).sqrt())
        };
        let mut point = Field::filled(101, 101, 0.0);
        point.data[50 * 101 + 50] = 1.0;
        for sigma in [0.8, 2.0, 6.0] {
            let mut f = point.clone();
            f.blur(sigma);
            let (total, width) = spread(&f);
            assert!((total - 1.0).abs() < 1e-3 && (width / sigma - 1.0).abs() < 0.1, "{sigma}: {total} {width}");
        }
        let mut f = point.clone();
        f.bokeh(8.0);
        let (total, width) = spread(&f);
        assert!((total - 1.0).abs() < 1e-2 && (width / 4.0 - 1.0).abs() < 0.1, "disc: {total} {width}");
        let mut f = point.clone();
        f.smear((12.0, -5.0));
        let (total, width) = spread(&f);
        assert!(
            (total - 1.0).abs() < 1e-3 && (width / 12.0 * 12f32.sqrt() - 1.0).abs() < 0.2,
            "smear: {total} {width}"
        );
    }
}
