//! A closer look at each mark: what it is, which way up, and whether it is one at all.
//!
//! The recogniser sees the whole ring at once and knows where marks are; the classifier sees each one alone, upright on the
//! head and at one size, and knows better what it is.

use super::views::{self, SIDE, VIEWS, views};
use super::{ALPHABET, CLASSES, Mark, NOT_SEEN, ranked};
use crate::model::{Channel, Contract, Count, Input, Model, ModelError, Output, logit, number, sigmoid, softmax};
use image::GrayImage;
use ndarray::ArrayView1;
use serde_json::json;

/// Marks the network takes at a time.
pub const BATCH: usize = 8;
/// Quarter turns of a mark's top, clockwise from outward.
pub const QUARTERS: usize = 4;
/// Outputs a mark: each character at each quarter turn (character by character), then `nothing`.
pub const READINGS: usize = CONTRACT.channels(ALPHABET.len());
/// Shape of what it takes: marks, views, rows, columns.
pub const INPUT: [usize; 4] = [BATCH, VIEWS, SIDE, SIDE];
/// Shape of what it gives.
pub const OUTPUT: [usize; 4] = [BATCH, READINGS, 1, 1];

/// What is needed of a classifier.
pub const CONTRACT: Contract = Contract {
    kind: "classifier",
    input: Input { name: "views", shape: INPUT, picture: views::geometry },
    output: Output {
        name: "maps",
        batch: BATCH,
        rows: 1,
        columns: 1,
        channels: &[
            Channel {
                name: "reading",
                count: Count::EachClass(QUARTERS),
                activation: "softmax with nothing",
                meaning: "the class, its top so many quarter turns clockwise from outward",
            },
            Channel {
                name: "nothing",
                count: Count::Fixed(1),
                activation: "softmax with reading",
                meaning: "no mark, or a part of one",
            },
        ],
        units: || json!({"quarters": QUARTERS}),
    },
    classes: Some(CLASSES),
    decoding: || {
        json!({
            "weight_of_recogniser": number(RECOGNISER), "weight_of_turn": number(TURN),
            "share_of_nothing": number(NOTHING), "weight_of_presence": number(PRESENCE),
        })
    },
};

/// What the recogniser's own reading of a character weighs beside the classifier's.
const RECOGNISER: f32 = 0.4;
/// Logarithm of the odds by which the recogniser, where it is sure of a turn, moves a quarter that agrees with it before one
/// square to it: it sees the neighbours, and knows better which way up a mark stands than the classifier.
const TURN: f32 = 1.0;
/// Share of places in its training that showed nothing, or a part of a mark: presence is the recogniser's, moved by what is said beyond this.
const NOTHING: f32 = 0.2;
/// What the classifier's word on presence weighs.
const PRESENCE: f32 = 0.1;
/// Least probability that is reckoned with.
const LEAST: f32 = 1e-6;

/// Reads every mark of a strip anew; place and size stay as they are, save that a mark found to lie on its side swaps height
/// and width. Maps of another shape are an error; a mark of which they say what is not finite stays as it is.
pub fn classify(strip: &GrayImage, marks: &mut [Mark], model: &mut dyn Model) -> Result<(), ModelError> {
    for few in marks.chunks_mut(BATCH) {
        let logits = model.run(views(strip, few, BATCH)?.view())?;
        CONTRACT.check(logits.shape())?;
        for (n, mark) in few.iter_mut().enumerate() {
            let logits = logits.slice(ndarray::s![n, .., 0, 0]);
            if logits.iter().all(|v| v.is_finite()) {
                reread(mark, logits);
            }
        }
    }
    Ok(())
}

/// Logarithm of the odds, never infinite.
fn log_odds(p: f32) -> f32 {
    logit(p.clamp(LEAST, 1.0 - LEAST))
}

fn reread(mark: &mut Mark, logits: ArrayView1<f32>) {
    let probabilities = softmax(logits.iter().copied());
    let (readings, nothing) = probabilities.split_at(READINGS - 1);
    let all: f32 = readings.iter().sum::<f32>().max(LEAST);
    let toward: [f32; QUARTERS] =
        std::array::from_fn(|q| (TURN * mark.turn_sure * (mark.turn_deg - 90.0 * q as f32).to_radians().cos()).exp());
    let p = |class: usize, quarter: usize| readings[class * QUARTERS + quarter] / all * toward[quarter];
    let quarters: [f32; QUARTERS] = std::array::from_fn(|q| (0..ALPHABET.len()).map(|c| p(c, q)).sum());
    let best = (0..QUARTERS).max_by(|&a, &b| quarters[a].total_cmp(&quarters[b])).unwrap_or(0);
    let opposite = (best + 2) % QUARTERS;
    // What it is, if its top points that way.
    let given = |quarter: usize| {
        (0..ALPHABET.len()).map(move |class| (p(class, quarter) / quarters[quarter].max(LEAST)).max(LEAST))
    };

    let seen = |text: &str| match mark.alternatives.iter().find(|a| a.0 == text) {
        _ if text == mark.text => mark.confidence,
        other => other.map_or(NOT_SEEN, |a| a.1),
    };
    let own = ALPHABET.map(|text| seen(text).max(LEAST).powf(RECOGNISER));
    let mut upright = ranked(shares(given(best).zip(own).map(|(p, own)| p.powf(1.0 - RECOGNISER) * own)));
    (mark.text, mark.confidence) = upright.remove(0);
    mark.alternatives = upright;
    mark.reversed = ranked(shares(given(opposite)));
    mark.upright = (quarters[best] / (quarters[best] + quarters[opposite]).max(LEAST)).clamp(0.5, 1.0);

    let turns = ((best as f32 * 90.0 - mark.turn_deg) / 90.0).round() as i32;
    mark.turn_deg = (mark.turn_deg + 90.0 * turns as f32 + 180.0).rem_euclid(360.0) - 180.0;
    if turns.rem_euclid(2) == 1 {
        (mark.height, mark.width) = (mark.width, mark.height);
    }
    let there = 1.0 - nothing[0] / (all + nothing[0]);
    mark.presence = sigmoid(log_odds(mark.presence) + PRESENCE * (log_odds(there) - log_odds(1.0 - NOTHING)));
}

/// Weights as shares of their sum.
fn shares(weights: impl Iterator<Item = f32>) -> Vec<f32> {
    let weights: Vec<f32> = weights.collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|w| w / sum).collect()
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
        reread_as(mark(), said, nothing)
    }

    fn reread_as(before: Mark, said: &'static [(&'static str, usize, f32)], nothing: f32) -> Mark {
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
        let mut marks = vec![before; BATCH + 3];
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
    fn the_recogniser_tells_a_6_from_a_9_where_it_is_sure_of_the_turn() {
        let either = &[("9", 0, 4.2), ("6", 2, 4.0)];
        assert_eq!(read(either, -8.0).text, "9");
        let inward = Mark { turn_deg: 176.0, turn_sure: 0.9, ..mark() };
        let m = reread_as(inward, either, -8.0);
        assert_eq!((m.text, m.turn_deg, m.reversed[0].0), ("6", 176.0, "9"));
        assert!(m.upright > 0.75 && m.upright < 0.95, "{}", m.upright);
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
    fn maps_of_another_shape_are_an_error() {
        let mut fake = Fake(|_: ndarray::ArrayView4<'_, f32>| Array4::zeros((BATCH, READINGS - 1, 1, 1)));
        let strip = GrayImage::new(strip::COLUMNS as u32, strip::ROWS as u32);
        let wrong = classify(&strip, &mut [mark()], &mut fake).unwrap_err();
        assert!(matches!(wrong, ModelError::Shape { .. }), "{wrong}");
    }

    #[test]
    fn what_is_not_finite_changes_nothing() {
        assert_eq!(read(&[("P", 0, f32::NAN)], 0.0), mark());
    }
}
