//! Fitting the rim to the photograph: from the detector's ellipse to one good enough to unroll.
//!
//! Round the rough ellipse the photograph is sampled on rays. Along each ray an edge makes a peak; a closed path of least
//! cost through the peaks (dynamic programming, as for an active contour) follows the rim past gaps and glare, and the
//! ellipse is fitted to that path with weights that give little to rays off the common curve. To first order an ellipse
//! near the unit circle is `r(u) = 1 + c + t·u + uᵀEu` with a traceless symmetric `E`, so the fit is linear.

use crate::ellipse::Ellipse;
use crate::sample::{bilinear, shrink_around};
use image::GrayImage;

/// Rays round the head.
const RAYS: usize = 144;
/// Samples on a ray.
const SAMPLES: usize = 97;
/// How far from the rough ellipse the rim is looked for, at first and once it has been found, in units of the rim.
const REACH: [f32; 3] = [0.14, 0.07, 0.045];
/// Deviation of the detector's own error, in units of the rim: edges farther off must be clearer to be believed.
const TRUST: [f32; 3] = [0.06, 0.04, 0.03];
/// Cost of a step of one sample from a ray to the next, against an edge of 1.
const BEND: f32 = 0.18;
/// Most samples the path moves from one ray to the next.
const MOST_STEP: usize = 3;
/// Heads larger than this are averaged down before sampling, to about this radius in pixels.
const WORKING_RADIUS: f32 = 160.0;
/// Luma steps below this, along a ray, are grain.
const LEAST_EDGE: f32 = 6.0;

/// A fitted rim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The rim, in pixels of the photograph.
    pub rim: Ellipse,
    /// Share of the ring where an edge was seen at the rim, 0..1.
    pub support: f32,
}

/// Fits the rim near a rough ellipse. Where the photograph shows no edge the rough ellipse remains.
pub fn refine(photo: &GrayImage, rough: &Ellipse) -> Fit {
    let factor = (rough.mean_radius() / WORKING_RADIUS).floor().max(1.0) as u32;
    if factor > 1 {
        let (small, head) = shrink_around(photo, rough, factor, 1.0 + REACH[0] + 0.05);
        let fit = refine_at_scale(&small, &head);
        let f = factor as f32;
        // The same map as between `rough` and `head`, turned round.
        let back = |v: f32, from: f32, to: f32| to + (v - from) * f;
        let rim = Ellipse {
            cx: back(fit.rim.cx, head.cx, rough.cx),
            cy: back(fit.rim.cy, head.cy, rough.cy),
            a: fit.rim.a * f,
            b: fit.rim.b * f,
            ..fit.rim
        };
        return Fit { rim, ..fit };
    }
    refine_at_scale(photo, rough)
}

fn refine_at_scale(photo: &GrayImage, rough: &Ellipse) -> Fit {
    let mut fit = Fit { rim: *rough, support: 0.0 };
    for (&reach, &trust) in REACH.iter().zip(&TRUST) {
        let edges = Edges::along_rays(photo, &fit.rim, reach);
        let path = edges.path(trust);
        let (curve, support) = Curve::through(&path, &edges, trust);
        fit = Fit { rim: curve.bend(&fit.rim), support };
    }
    fit
}

/// How much of an edge there is on each ray at each distance, 0..1.
struct Edges {
    strength: Vec<[f32; SAMPLES]>,
    reach: f32,
}

impl Edges {
    fn along_rays(photo: &GrayImage, rim: &Ellipse, reach: f32) -> Self {
        let step = 2.0 * reach / (SAMPLES - 1) as f32;
        // The edge of a real rim is a few hundredths of the radius wide, and never under two pixels.
        let width = (0.012f32).max(1.2 / rim.mean_radius().max(1.0));
        let lag = ((width / step).round() as usize).clamp(1, SAMPLES / 6);
        let strength = (0..RAYS)
            .map(|ray| {
                let clock = ray as f32 * 360.0 / RAYS as f32;
                let mut luma = [0f32; SAMPLES];
                for (i, v) in luma.iter_mut().enumerate() {
                    let (x, y) = rim.at(1.0 - reach + i as f32 * step, clock);
                    *v = bilinear(photo, x, y);
                }
                edges_of(&luma, lag)
            })
            .collect();
        Self { strength, reach }
    }

    fn radius(&self, sample: f32) -> f32 {
        1.0 - self.reach + sample * 2.0 * self.reach / (SAMPLES - 1) as f32
    }

    /// Where between the samples the edge at one of them is, by a parabola through it and its neighbours: else a grain of noise
    /// moves it by a whole sample.
    fn between(&self, ray: usize, sample: usize) -> f32 {
        let strength = &self.strength[ray];
        let [Some(&before), Some(&after)] =
            [sample.checked_sub(1).and_then(|s| strength.get(s)), strength.get(sample + 1)]
        else {
            return sample as f32;
        };
        let bend = before - 2.0 * strength[sample] + after;
        if bend > -f32::EPSILON {
            return sample as f32;
        }
        sample as f32 + (0.5 * (before - after) / bend).clamp(-0.5, 0.5)
    }

    /// The closed path of least cost: for each ray the sample it passes.
    fn path(&self, trust: f32) -> Vec<usize> {
        let prior: [f32; SAMPLES] = std::array::from_fn(|i| {
            let off = (self.radius(i as f32) - 1.0) / trust;
            0.25 * off * off
        });
        // Once round to find where the path would like to begin, once more held to that.
        let free = self.walk(&prior, None);
        let start = free[RAYS / 2];
        let mut held = self.walk(&prior, Some(start));
        held.rotate_left(RAYS / 2);
        held
    }

    /// From ray 0 round to ray 0, or, held to a sample, from the opposite ray round to itself.
    fn walk(&self, prior: &[f32; SAMPLES], held: Option<usize>) -> Vec<usize> {
        let first = if held.is_some() { RAYS / 2 } else { 0 };
        let mut cost = [0f32; SAMPLES];
        if let Some(start) = held {
            cost.iter_mut().enumerate().for_each(|(i, c)| *c = if i == start { 0.0 } else { f32::INFINITY });
        }
        let mut came_from = vec![[0u8; SAMPLES]; RAYS];
        for (k, from) in came_from.iter_mut().enumerate() {
            let strength = &self.strength[(first + k) % RAYS];
            let mut next = [f32::INFINITY; SAMPLES];
            for i in 0..SAMPLES {
                let near = i.saturating_sub(MOST_STEP)..(i + MOST_STEP + 1).min(SAMPLES);
                for (j, before) in near.clone().zip(&cost[near]) {
                    let c = before + BEND * i.abs_diff(j) as f32;
                    if c < next[i] {
                        (next[i], from[i]) = (c, j as u8);
                    }
                }
                next[i] += prior[i] - strength[i];
            }
            cost = next;
        }
        let best = |c: &[f32; SAMPLES]| (0..SAMPLES).min_by(|&a, &b| c[a].total_cmp(&c[b])).unwrap_or(SAMPLES / 2);
        let mut at = held.unwrap_or_else(|| best(&cost));
        let mut path = vec![0; RAYS];
        for k in (0..RAYS).rev() {
            path[k] = at;
            at = usize::from(came_from[k][at]);
        }
        path
    }
}

/// Edges of one ray: the step in luma over a short way, against the largest of the ray, so that every ray has one voice.
fn edges_of(luma: &[f32; SAMPLES], lag: usize) -> [f32; SAMPLES] {
    let mut sums = [0f32; SAMPLES + 1];
    for i in 0..SAMPLES {
        sums[i + 1] = sums[i] + luma[i];
    }
    let mean = |from: usize, to: usize| (sums[to] - sums[from]) / (to - from) as f32;
    let mut out = [0f32; SAMPLES];
    for (i, v) in out.iter_mut().enumerate().take(SAMPLES - lag).skip(lag) {
        *v = (mean(i, (i + lag + 1).min(SAMPLES)) - mean(i - lag, i + 1)).abs();
    }
    let top = out.iter().fold(LEAST_EDGE, |m, &v| m.max(v));
    out.map(|v| if v < LEAST_EDGE * 0.5 { 0.0 } else { (v / top).sqrt() })
}

/// Terms of the curve: scale, shift x and y, stretch along the axes and the diagonals.
const TERMS: usize = 5;

struct Curve([f32; TERMS]);

impl Curve {
    fn terms(ray: usize) -> [f32; TERMS] {
        let (s, c) = (ray as f32 * std::f32::consts::TAU / RAYS as f32).sin_cos();
        let (x, y) = (s, -c);
        [1.0, x, y, x * x - y * y, 2.0 * x * y]
    }

    fn at(&self, terms: &[f32; TERMS]) -> f32 {
        1.0 + self.0.iter().zip(terms).map(|(a, b)| a * b).sum::<f32>()
    }

    /// Fits the path, least squares reweighted by how far each ray is off (Cauchy's weights), held toward no change.
    fn through(path: &[usize], edges: &Edges, trust: f32) -> (Self, f32) {
        const ROUNDS: usize = 8;
        let mut curve = Self([0.0; TERMS]);
        let mut spread = edges.reach * 0.5;
        for _ in 0..ROUNDS {
            let mut normal = [[0f32; TERMS]; TERMS];
            let mut right = [0f32; TERMS];
            for (ray, &sample) in path.iter().enumerate() {
                let t = Self::terms(ray);
                let target = edges.radius(edges.between(ray, sample)) - 1.0;
                let off = target + 1.0 - curve.at(&t);
                let weight = edges.strength[ray][sample] / (1.0 + (off / spread) * (off / spread));
                for i in 0..TERMS {
                    right[i] += weight * t[i] * target;
                    for j in 0..TERMS {
                        normal[i][j] += weight * t[i] * t[j];
                    }
                }
            }
            // As if a few rays spoke for the ellipse as it was: matters only where the rim is hardly seen.
            for (i, row) in normal.iter_mut().enumerate() {
                row[i] += 2.0 * (0.02 / trust);
            }
            curve = Self(solve(normal, right));
            spread = (spread * 0.7).max(0.006);
        }
        let near = |(ray, &sample): (usize, &usize)| {
            let off = edges.radius(sample as f32) - curve.at(&Self::terms(ray));
            off.abs() < 0.012 && edges.strength[ray][sample] > 0.5
        };
        let support = path.iter().enumerate().filter(|&p| near(p)).count() as f32 / RAYS as f32;
        (curve, support)
    }

    /// The ellipse that the curve makes of another.
    fn bend(&self, e: &Ellipse) -> Ellipse {
        let [scale, tx, ty, along, across] = self.0;
        let m = e.matrix();
        let bent = [1.0 + scale + along, across, across, 1.0 + scale - along];
        let mul = |p: [f32; 4], q: [f32; 4]| {
            [p[0] * q[0] + p[1] * q[2], p[0] * q[1] + p[1] * q[3], p[2] * q[0] + p[3] * q[2], p[2] * q[1] + p[3] * q[3]]
        };
        let full = mul(m, bent);
        // Semi-axes are the roots of the eigenvalues of full · fullᵀ.
        let square = mul(full, [full[0], full[2], full[1], full[3]]);
        let (mean, half, off) = ((square[0] + square[3]) / 2.0, (square[0] - square[3]) / 2.0, square[1]);
        let spread = half.hypot(off);
        let angle = off.atan2(half).to_degrees() / 2.0;
        Ellipse::new(
            e.cx + m[0] * tx + m[1] * ty,
            e.cy + m[2] * tx + m[3] * ty,
            (mean + spread).sqrt(),
            (mean - spread).max(1.0).sqrt(),
            angle,
        )
    }
}

/// Solves a small symmetric positive system by elimination.
fn solve(mut a: [[f32; TERMS]; TERMS], mut b: [f32; TERMS]) -> [f32; TERMS] {
    for i in 0..TERMS {
        let pivot = a[i][i].max(1e-6);
        for j in i + 1..TERMS {
            let f = a[j][i] / pivot;
            let above = a[i];
            a[j].iter_mut().zip(above).skip(i).for_each(|(v, u)| *v -= f * u);
            b[j] -= f * b[i];
        }
    }
    let mut x = [0f32; TERMS];
    for i in (0..TERMS).rev() {
        let known: f32 = (i + 1..TERMS).map(|k| a[i][k] * x[k]).sum();
        x[i] = (b[i] - known) / a[i][i].max(1e-6);
    }
    x
}

/// Mean distance between two rims along rays, in units of the second's radius.
#[cfg(test)]
pub(crate) fn rim_error(one: &Ellipse, other: &Ellipse) -> f32 {
    let sum: f32 = (0..36)
        .map(|i| {
            let (x, y) = one.at(1.0, i as f32 * 10.0);
            (other.polar(x, y).0 - 1.0).abs()
        })
        .sum();
    sum / 36.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn disc(rim: &Ellipse, inside: u8, outside: u8) -> GrayImage {
        GrayImage::from_fn(700, 620, |x, y| {
            let (r, _) = rim.polar(x as f32, y as f32);
            let primer = r < 0.45 && r > 0.42;
            image::Luma([if r > 1.0 {
                outside
            } else if primer {
                20
            } else {
                inside
            }])
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// A plain disc is found to a third of a hundredth of its radius from a guess several hundredths off.
        #[test]
        fn a_disc_is_found_again(radius in 40f32..240.0, squash in 0.75f32..1.0, angle in 0f32..180.0,
                                 dx in -0.04f32..0.04, dy in -0.04f32..0.04, scale in 0.95f32..1.05) {
            let rim = Ellipse::new(352.0, 307.0, radius, radius * squash, angle);
            let photo = disc(&rim, 170, 60);
            let rough = Ellipse::new(rim.cx + dx * radius, rim.cy + dy * radius, rim.a * scale, rim.b * scale, rim.angle_deg);
            let fit = refine(&photo, &rough);
            prop_assert!(rim_error(&fit.rim, &rim) < 0.003 + 0.4 / radius, "{:?} for {:?}", fit.rim, rim);
            prop_assert!(fit.support > 0.9);
        }
    }

    #[test]
    fn nothing_to_see_changes_nothing() {
        let photo = GrayImage::from_pixel(400, 400, image::Luma([90]));
        let rough = Ellipse::new(200.0, 200.0, 120.0, 110.0, 30.0);
        let fit = refine(&photo, &rough);
        assert!(rim_error(&fit.rim, &rough) < 1e-3);
        assert_eq!(fit.support, 0.0);
    }

    #[test]
    fn half_out_of_the_picture_is_no_trouble() {
        let rim = Ellipse::circle(10.0, 600.0, 180.0);
        let fit = refine(&disc(&rim, 180, 50), &Ellipse::circle(14.0, 596.0, 175.0));
        // Only the quarter that is seen can be held against it.
        let off = (0..9)
            .map(|i| (rim.polar(fit.rim.at(1.0, i as f32 * 10.0).0, fit.rim.at(1.0, i as f32 * 10.0).1).0 - 1.0).abs());
        assert!(off.fold(0.0, f32::max) < 0.02, "{fit:?}");
    }

    /// On renders of heads, from guesses as rough as the detector's, the fit takes away much of the error; what is left lies
    /// mostly between the two edges of a bevelled rim.
    #[test]
    fn rendered_rims_are_found_again() {
        use crate::synth::{dice::Dice, glyphs, scene, scene::Subject, words::Split};
        let faces = glyphs::embedded();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for i in 0..160 {
            let mut dice = Dice::new(4242, i);
            let shown = scene::render(640, 480, Subject::Single, &mut dice, &faces, Split::Training);
            for head in shown.heads {
                let off = |dice: &mut Dice| dice.normal() * 0.02 * head.rim.a;
                let r = head.rim;
                let rough = Ellipse::new(
                    r.cx + off(&mut dice),
                    r.cy + off(&mut dice),
                    r.a + off(&mut dice),
                    r.b + off(&mut dice),
                    r.angle_deg,
                );
                before.push(rim_error(&rough, &r));
                after.push(rim_error(&refine(&shown.luma, &rough).rim, &r));
            }
        }
        before.sort_by(f32::total_cmp);
        after.sort_by(f32::total_cmp);
        let (n, half) = (after.len(), after.len() / 2);
        assert!(
            after[half] < before[half] * 0.6 && after[n * 9 / 10] < 0.035,
            "{:.4} {:.4}",
            after[half],
            after[n * 9 / 10]
        );
    }
}
