//! The first look at a photograph: at the whole, then finer where heads may be that are too small to be seen so.
//!
//! The detector knows heads of some size. A tray in a corner of a large photograph is below it when the whole is seen at once,
//! and a finer look at everything would cost many times as much as reading one head. So each depth is nearly half as coarse
//! as the one above, cut into overlapping windows, and only those are looked at where the maps above hint at small heads.

use super::detect::{self, Candidate};
use super::window::{SIDE, Window};
use crate::ellipse::Ellipse;
use crate::model::{Model, ModelError};
use image::GrayImage;
use std::collections::BTreeSet;

/// Least score of a head at a first look, where it may be a few pixels large.
const FIRST_LOOK: f32 = 0.25;
/// Score from which something is surely seen: a photograph that shows it is not looked through for something else, and what
/// stands beside it is of its size.
const SEEN: f32 = 0.4;
/// Score from which peaks count as hints: alone they mean nothing.
const HINT: f32 = 0.05;
/// How many hints in one window are heads too small to be seen. Trays seen at 8 pixels a radius give 15 and more, phone
/// photographs and tables without small heads seldom so many.
const HINTS: usize = 8;
/// Radius below which some heads of a tray are not seen, in pixels of the detector: those that are call for a finer look.
const SMALL: f32 = 22.0;
/// Radius of the smallest heads that are looked for, in pixels of the photograph, and what the detector needs to see of it, in
/// its own. Marks of smaller heads cannot be read.
const LEAST_RADIUS: f32 = 30.0;
const NEEDED: f32 = 16.0;
/// What neighbouring windows share, in pixels of the detector: a small head is whole in one of them.
const OVERLAP: usize = 64;
/// How far the neighbours of a head are looked for, in its radii: heads on trays stand two to three apart.
const BESIDE: f32 = 3.0;
/// Finest depth, whatever the size: windows there are a sixteenth of the whole.
const DEEPEST: u32 = 4;
/// Most windows that are looked at: a hostile photograph must not cost more than a full tray.
const MOST_LOOKS: usize = 96;
/// Most heads of a photograph, the surest first: fifteen trays.
const MOST_HEADS: usize = 600;
/// Two sightings are of one head if their centres are closer than this part of the larger radius, and their radii within
/// this factor: heads on a tray are no doubles of the tray's outline.
const SAME_PLACE: f32 = 0.6;
const SAME_SIZE: f32 = 1.6;

/// A head as it was first seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// What was seen.
    pub candidate: Candidate,
    /// Its mean radius as the detector saw it, in the detector's pixels.
    pub seen: f32,
    /// Whether the whole photograph was in view.
    pub whole: bool,
}

/// All that is seen at the depths that are called for, best first, no head twice.
pub fn sightings(photo: &GrayImage, detector: &mut dyn Model) -> Result<Vec<Sighting>, ModelError> {
    let (width, height) = photo.dimensions();
    let mut all: Vec<Sighting> = Vec::new();
    let mut looks = 0;
    let mut wanted = BTreeSet::from([(0, 0)]);
    for depth in 0..=DEEPEST {
        let level = Level::of(width, height, depth);
        let finer =
            (depth < DEEPEST && level.scale * NEEDED > LEAST_RADIUS).then(|| Level::of(width, height, depth + 1));
        let mut next = BTreeSet::new();
        let mut done = BTreeSet::new();
        while let Some(at) = wanted.pop_first() {
            if looks == MOST_LOOKS || !done.insert(at) {
                continue;
            }
            looks += 1;
            let window = level.window(at);
            let maps = detector.run(window.luma(photo).view())?;
            let peaks = detect::decode(maps.view(), &window, HINT)?;
            let seen = |c: &Candidate| c.rim.mean_radius() / level.scale;
            let small: Vec<&Candidate> = peaks.iter().filter(|c| seen(c) < SMALL).collect();
            let crowd = small.len() >= HINTS;
            if let Some(finer) = &finer {
                let hints = small.iter().filter(|c| crowd || c.score >= FIRST_LOOK);
                next.extend(hints.map(|c| finer.nearest(c.rim.cx, c.rim.cy)));
            }
            if depth > 0 {
                let sure = peaks.iter().filter(|c| c.score >= SEEN);
                wanted.extend(sure.flat_map(|c| beside(&c.rim).map(|(x, y)| level.nearest(x, y))));
                wanted.retain(|at| !done.contains(at));
            }
            let found = peaks.iter().filter(|c| c.score >= FIRST_LOOK);
            all.extend(found.map(|&candidate| Sighting { candidate, seen: seen(&candidate), whole: depth == 0 }));
        }
        let Some(finer) = finer else { break };
        // where nothing is seen in the whole, one finer look at everything decides
        if depth == 0 && next.is_empty() && all.iter().all(|s| s.candidate.score < SEEN) {
            next.extend(finer.all());
        }
        if next.is_empty() {
            break;
        }
        wanted = next;
    }
    Ok(without_doubles(all))
}

/// Places where a neighbour of a head would stand.
fn beside(rim: &Ellipse) -> [(f32, f32); 8] {
    let far = BESIDE * rim.mean_radius();
    [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)]
        .map(|(x, y)| (rim.cx + far * x as f32, rim.cy + far * y as f32))
}

/// Of several sightings of one head, the surest.
fn without_doubles(mut all: Vec<Sighting>) -> Vec<Sighting> {
    all.sort_by(|a, b| b.candidate.score.total_cmp(&a.candidate.score));
    let mut kept: Vec<Sighting> = Vec::new();
    for s in all {
        let same = |k: &Sighting| {
            let (a, b) = (&k.candidate.rim, &s.candidate.rim);
            let (small, large) = (a.mean_radius().min(b.mean_radius()), a.mean_radius().max(b.mean_radius()));
            (a.cx - b.cx).hypot(a.cy - b.cy) < SAME_PLACE * large && large < SAME_SIZE * small
        };
        if !kept.iter().any(same) {
            kept.push(s);
        }
        if kept.len() == MOST_HEADS {
            break;
        }
    }
    kept
}

/// The windows of one depth: as many as are needed to cover the photograph, in its middle.
struct Level {
    /// Pixels of the photograph a pixel of the detector covers, along a side.
    scale: f32,
    /// Windows across and down.
    count: (usize, usize),
    /// The left and upper edge of the first, in pixels of the photograph.
    first: (f32, f32),
}

impl Level {
    /// The depth at which `2^depth` windows cover the longer side.
    fn of(width: u32, height: u32, depth: u32) -> Self {
        let (w, h) = (width.max(1) as f32, height.max(1) as f32);
        let covered = |count: usize| (count * (SIDE - OVERLAP) + OVERLAP) as f32;
        let scale = w.max(h) / covered(1 << depth);
        let windows = |side: f32| {
            let needed = (side / scale - OVERLAP as f32) / (SIDE - OVERLAP) as f32;
            // less than a pixel beyond the edge is not worth a window
            ((needed - 1.0 / SIDE as f32).ceil().max(1.0) as usize).min(1 << depth)
        };
        let count = (windows(w), windows(h));
        let edge = |side: f32, count: usize| (side - covered(count) * scale) / 2.0;
        Self { scale, count, first: (edge(w, count.0), edge(h, count.1)) }
    }

    /// From one window to the next, in pixels of the photograph.
    fn step(&self) -> f32 {
        (SIDE - OVERLAP) as f32 * self.scale
    }

    fn window(&self, (x, y): (usize, usize)) -> Window {
        let (left, top) = self.first;
        Window { left: left + x as f32 * self.step(), top: top + y as f32 * self.step(), scale: self.scale }
    }

    /// The window in whose middle a place of the photograph lies best.
    fn nearest(&self, x: f32, y: f32) -> (usize, usize) {
        let half = OVERLAP as f32 * self.scale / 2.0;
        let which = |v: f32, first: f32, count: usize| {
            (((v - first - half) / self.step()).floor().max(0.0) as usize).min(count - 1)
        };
        (which(x, self.first.0, self.count.0), which(y, self.first.1, self.count.1))
    }

    fn all(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (across, down) = self.count;
        (0..down).flat_map(move |y| (0..across).map(move |x| (x, y)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::Fake;
    use image::Luma;
    use ndarray::{Array4, ArrayView4};
    use proptest::prelude::*;

    proptest! {
        /// Windows cover the photograph, and the nearest to a place shows it with what is round it.
        #[test]
        fn windows_cover_the_photograph(w in 24u32..9000, h in 24u32..9000, depth in 0..=DEEPEST, x in 0f32..1.0, y in 0f32..1.0) {
            let level = Level::of(w, h, depth);
            let (x, y) = (x * w as f32, y * h as f32);
            let window = level.window(level.nearest(x, y));
            let half = OVERLAP as f32 * level.scale / 2.0;
            for (v, edge, size) in [(x, window.left, w as f32), (y, window.top, h as f32)] {
                let shown = edge - level.scale..=edge + (SIDE + 1) as f32 * level.scale;
                for near in [v - 0.9 * half, v + 0.9 * half] {
                    prop_assert!(shown.contains(&near.clamp(0.0, size)), "{near} in {shown:?}");
                }
            }
        }
    }

    /// Heads of this radius, in the detector's pixels, where cells are wholly white; and how often it looked.
    fn looked(photo: &GrayImage, radius: f32, heat: f32) -> (Vec<Sighting>, usize) {
        let mut looks = 0;
        let mut detector = Fake(|luma: ArrayView4<'_, f32>| {
            looks += 1;
            let mut maps = Array4::zeros((1, detect::CHANNELS, detect::CELLS, detect::CELLS));
            let cell = SIDE / detect::CELLS;
            for y in 0..detect::CELLS {
                for x in 0..detect::CELLS {
                    let part = luma.slice(ndarray::s![0, 0, y * cell..(y + 1) * cell, x * cell..(x + 1) * cell]);
                    let white = part.iter().all(|&v| v > 0.9);
                    maps[[0, 0, y, x]] = if white { heat } else { -8.0 };
                    maps[[0, 3, y, x]] = (radius / 32.0f32).ln();
                }
            }
            maps
        });
        let found = sightings(photo, &mut detector).unwrap();
        (found, looks)
    }

    fn with_a_spot(side: u32) -> GrayImage {
        let mut photo = GrayImage::new(4000, 3000);
        let bright = imageproc::rect::Rect::at(2900, 2100).of_size(side, side);
        imageproc::drawing::draw_filled_rect_mut(&mut photo, bright, Luma([255]));
        photo
    }

    /// Where the whole shows nothing, one finer look decides; of what is seen well, none is needed.
    #[test]
    fn what_is_too_small_in_the_whole_is_seen_finer() {
        let (found, looks) = looked(&with_a_spot(120), 30.0, 3.0);
        let rim = found[0].candidate.rim;
        assert!((rim.cx - 2960.0).abs() < 80.0 && (rim.cy - 2160.0).abs() < 80.0 && !found[0].whole, "{found:?}");
        assert!(looks > 1);
        assert_eq!(looked(&GrayImage::new(4000, 3000), 30.0, 3.0).1, 1 + 4);
        assert_eq!(looked(&GrayImage::new(600, 450), 30.0, 3.0).1, 1);
        let (found, looks) = looked(&with_a_spot(200), 60.0, 3.0);
        assert!(found[0].whole && looks == 1, "{looks} {found:?}");
    }

    /// What is everywhere costs a bounded number of looks.
    #[test]
    fn looks_are_bounded() {
        let white = GrayImage::from_pixel(9000, 9000, Luma([255]));
        assert!(looked(&white, 10.0, 3.0).1 <= MOST_LOOKS);
    }
}
