//! A closer look at each mark: what it is, which way up, and whether it is one at all.
//!
//! The recogniser sees the whole ring at once and knows where marks are; the classifier sees each one alone, upright on the
//! head and at one size, and knows better what it is.

use super::views::{SIDE, VIEWS, views};
use super::{ALPHABET, Mark};
use crate::model::{Model, ModelError};
use image::GrayImage;
use ndarray::ArrayView1;

/// Marks the network takes at a time.
pub const BATCH: usize = 8;
/// Quarter turns of a mark's top, clockwise from outward.
const QUARTERS: usize = 4;
/// Outputs a mark: each character at each quarter turn (character by character), then `nothing`.
pub const READINGS: usize = ALPHABET.len() * QUARTERS + 1;
/// Shape of what it takes: marks, views, rows, columns.
pub const INPUT: [usize; 4] = [BATCH, VIEWS, SIDE, SIDE];
/// Shape of what it gives.
pub const OUTPUT: [usize; 4] = [BATCH, READINGS, 1, 1];

/// What the recogniser's own reading of a character weighs beside the classifier's.
const RECOGNISER: f32 = 0.4;
/// Share of places in its training that showed nothing, or a part of a mark: presence is the recogniser's, moved by what is said beyond this.
const NOTHING: f32 = 0.2;
/// What the classifier's word on presence weighs.
const PRESENCE: f32 = 0.1;
/// Other readings below this probability are not worth carrying.
const LEAST_ALTERNATIVE: f32 = 0.01;
/// Most other readings of a mark.
const MOST_ALTERNATIVES: usize = 6;
/// Least probability that is reckoned with.
const LEAST: f32 = 1e-6;

/// Reads every mark of a strip anew; place and size stay as they are, save that a mark found to lie on its side swaps height
/// and width.
pub fn classify(strip: &GrayImage, marks: &mut [Mark], model: &mut dyn Model) -> Result<(), ModelError> {
    for few in marks.chunks_mut(BATCH) {
        let logits = model.run(views(strip, few, BATCH).view())?;
        for (n, mark) in few.iter_mut().enumerate() {
            let logits = logits.slice(ndarray::s![n, .., 0, 0]);
            if logits.iter().all(|v| v.is_finite()) {
                reread(mark, logits);
            }
        }
    }
    Ok(())
}

fn reread(mark: &mut Mark, logits: ArrayView1<f32>) {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|v| (v - top).exp()).collect();
    let (readings, nothing) = powers.split_at(READINGS - 1);
    let all: f32 = readings.iter().sum::<f32>().max(LEAST);
    let p = |class: usize, quarter: usize| readings[class * QUARTERS + quarter] / all;
    let quarters: [f32; QUARTERS] = std::array::from_fn(|q| (0..ALPHABET.len()).map(|c| p(c, q)).sum());
    let best = (0..QUARTERS).max_by(|&a, &b| quarters[a].total_cmp(&quarters[b])).unwrap_or(0);
    let opposite = (best + 2) % QUARTERS;

    let seen: Vec<(&'static str, f32)> =
        std::iter::once((mark.text, mark.confidence)).chain(mark.alternatives.iter().copied()).collect();
    let upright = ranked(|c| p(c, best) / quarters[best].max(LEAST), &seen);
    let reversed = ranked(|c| p(c, opposite) / quarters[opposite].max(LEAST), &[]);
    (mark.text, mark.confidence) = upright[0];
    mark.alternatives = upright[1..].to_vec();
    mark.reversed = reversed;
    mark.upright = (quarters[best] / (quarters[best] + quarters[opposite]).max(LEAST)).clamp(0.5, 1.0);

    let quarter = best as f32 * 90.0;
    let turns = ((quarter - mark.turn_deg) / 90.0).round() as i32;
    mark.turn_deg = (mark.turn_deg + 90.0 * turns as f32 + 180.0).rem_euclid(360.0) - 180.0;
    if turns.rem_euclid(2) == 1 {
        (mark.height, mark.width) = (mark.width, mark.height);
    }
    let there = 1.0 - nothing[0] / (all + nothing[0]);
    let odds = logit(mark.presence) + PRESENCE * (logit(there) - logit(1.0 - NOTHING));
    mark.presence = 1.0 / (1.0 + (-odds).exp());
}

/// Characters by probability, best first, the recogniser's own among them by its weight.
fn ranked(p: impl Fn(usize) -> f32, seen: &[(&'static str, f32)]) -> Vec<(&'static str, f32)> {
    let own = |text: &str| seen.iter().find(|s| s.0 == text).map_or(LEAST_ALTERNATIVE / 2.0, |s| s.1);
    let weight = if seen.is_empty() { 0.0 } else { RECOGNISER };
    let mut all: Vec<(&'static str, f32)> = ALPHABET
        .iter()
        .enumerate()
        .map(|(c, &text)| (text, p(c).max(LEAST).powf(1.0 - weight) * own(text).max(LEAST).powf(weight)))
        .collect();
    let sum: f32 = all.iter().map(|a| a.1).sum();
    all.iter_mut().for_each(|a| a.1 /= sum);
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let worth = all[1..].iter().take(MOST_ALTERNATIVES).take_while(|a| a.1 >= LEAST_ALTERNATIVE).count();
    all.truncate(1 + worth);
    all
}

fn logit(p: f32) -> f32 {
    let p = p.clamp(LEAST, 1.0 - LEAST);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::class_of;
    use crate::model::testing::Fake;
    use crate::strip;
    use ndarray::Array4;

    fn mark() -> Mark {
        let alternatives = vec![("P", 0.3)];
        let size = Mark { height: 0.2, width: 0.1, radius: 0.7, ..Mark::default() };
        Mark { text: "R", confidence: 0.6, presence: 0.8, turn_deg: -8.0, alternatives, ..size }
    }

    /// One mark as read by a network that says these readings (text, quarter, logit).
    fn read(said: &'static [(&'static str, usize, f32)], nothing: f32) -> Mark {
        let mut fake = Fake(move |_: ndarray::ArrayView4<'_, f32>| {
            let mut out = Array4::from_elem(OUTPUT, -8.0);
            for n in 0..BATCH {
                for (text, quarter, v) in said {
                    out[[n, class_of(text).unwrap() * QUARTERS + quarter, 0, 0]] = *v;
                }
                out[[n, READINGS - 1, 0, 0]] = nothing;
            }
            out
        });
        let strip = GrayImage::new(strip::COLUMNS as u32, strip::ROWS as u32);
        let mut marks = vec![mark(); BATCH + 3];
        classify(&strip, &mut marks, &mut fake).unwrap();
        assert_eq!(marks[0], marks[BATCH + 2]);
        marks.swap_remove(0)
    }

    #[test]
    fn the_closer_look_wins_and_keeps_the_fine_turn() {
        let m = read(&[("P", 0, 6.0), ("d", 2, 4.0)], -8.0);
        assert_eq!((m.text, m.turn_deg), ("P", -8.0));
        assert!(m.confidence > 0.9 && m.presence > 0.85, "{m:?}");
        assert_eq!(m.reversed[0].0, "d");
        assert!((m.upright - 1.0 / (1.0 + (-2.0f32).exp())).abs() < 0.02, "{}", m.upright);
    }

    #[test]
    fn a_mark_on_its_side_swaps_height_and_width() {
        let m = read(&[("W", 1, 6.0)], -8.0);
        assert_eq!((m.text, m.turn_deg, m.height, m.width), ("W", 82.0, 0.1, 0.2));
        let over = read(&[("W", 2, 6.0)], -8.0);
        assert_eq!((over.turn_deg, over.height), (172.0, 0.2));
    }

    #[test]
    fn nothing_there_lowers_the_presence() {
        assert!(read(&[("P", 0, 0.0)], 6.0).presence < mark().presence - 0.1);
    }

    #[test]
    fn what_is_not_finite_changes_nothing() {
        assert_eq!(read(&[("P", 0, f32::NAN)], 0.0), mark());
    }
}
