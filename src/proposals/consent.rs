//! Which way a line runs, judged by the other lines of its head: heads are laid out in few manners.

use super::assemble::Line;
use super::plane::wrap;

/// Turns of the head that are tried.
const TURNS: usize = 24;
/// How common the manners are: all tops outward, upper half outward and lower half inward, all upright, tops along the ring.
const OUTWARD: f32 = 4.5;
const HALVES: f32 = 3.5;
const UPRIGHT: f32 = 1.5;
const ALONG: f32 = 0.3;
/// Weight of no manner at all, against all others together.
const NONE: f32 = 0.4;
/// Reach of the upper half to either side of its middle, in degrees.
const HALF: f32 = 95.0;
/// Greatest consent.
const MOST: f32 = 3.0;

/// For each line, by how much the others make it likelier that it runs as assembled than upside down: a logarithm of odds.
pub(super) fn consent(lines: &[Line]) -> Vec<f32> {
    // likelihood of a line that does not fit a manner
    let misfit: Vec<f32> = lines.iter().map(|l| (-0.5 - 2.5 * l.sure.min(2.0)).exp()).collect();
    let mut odds = vec![(NONE, NONE); lines.len()];
    let mut manner = |weight: f32, top: &dyn Fn(&Line) -> f32| {
        let off: Vec<f32> = lines.iter().map(|l| wrap(l.up - top(l)).abs()).collect();
        let all: f32 = off.iter().zip(&misfit).map(|(&o, &m)| if o < 45.0 { 1.0 } else { m }).product();
        for ((odds, &off), &misfit) in odds.iter_mut().zip(&off).zip(&misfit) {
            if off < 45.0 {
                odds.0 += weight * all;
            } else if off > 135.0 {
                odds.1 += weight * all / misfit;
            }
        }
    };
    manner(OUTWARD, &|l| l.clock);
    manner(ALONG, &|l| l.clock + 90.0);
    manner(ALONG, &|l| l.clock - 90.0);
    // counted from a line, so that turning the photograph changes nothing
    let anchor = lines.first().map_or(0.0, |l| l.clock);
    for k in 0..TURNS {
        let turn = anchor + 360.0 / TURNS as f32 * k as f32;
        let upper = |l: &Line| wrap(l.clock - turn).abs() < HALF;
        manner(HALVES / TURNS as f32, &|l| if upper(l) { l.clock } else { l.clock + 180.0 });
        manner(UPRIGHT / TURNS as f32, &|_| turn);
    }
    odds.into_iter().map(|(with, against)| (with / against).ln().clamp(-MOST, MOST)).collect()
}
