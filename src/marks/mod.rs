//! Marks: the single characters and symbols of a headstamp, with their place on the head.

mod alphabet;
pub mod classify;
pub mod decode;
pub mod recognise;
pub mod views;

pub use alphabet::{ALPHABET, ARABIC, CIRCLE, CLASSES, HEBREW, STAR_OUTLINE, UNKNOWN, class_of, is_symbol};

use serde::{Deserialize, Serialize};

/// Other readings below this probability are not worth carrying.
const LEAST_ALTERNATIVE: f32 = 0.01;
/// What a reading that is not carried counts; of a mark of which nothing is known yet every reading does.
pub const NOT_SEEN: f32 = LEAST_ALTERNATIVE / 2.0;
/// Most other readings of a mark.
const MOST_ALTERNATIVES: usize = 6;

/// The characters by their probabilities, which are in the order of the alphabet: the likeliest, then those worth carrying.
fn ranked(probabilities: Vec<f32>) -> Vec<(&'static str, f32)> {
    let mut all: Vec<(&'static str, f32)> = ALPHABET.into_iter().zip(probabilities).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let worth = all.iter().skip(1).take(MOST_ALTERNATIVES).take_while(|a| a.1 >= LEAST_ALTERNATIVE).count();
    all.truncate(1 + worth);
    all
}

/// Where the top of a character points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Away from the primer.
    Outward,
    /// Along the ring, clockwise.
    Clockwise,
    /// Toward the primer.
    Inward,
    /// Along the ring, anticlockwise.
    Anticlockwise,
}

impl Direction {
    /// The nearest direction to a turn, clockwise from the outward radius, in degrees.
    pub fn nearest(turn_deg: f32) -> Self {
        match ((turn_deg + 45.0).rem_euclid(360.0) / 90.0) as u32 {
            0 => Self::Outward,
            1 => Self::Clockwise,
            2 => Self::Inward,
            _ => Self::Anticlockwise,
        }
    }
}

/// One mark as the networks saw it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mark {
    /// The most probable character: an entry of [`ALPHABET`].
    pub text: &'static str,
    /// Turn of the character's top from the outward radius at its place, clockwise, in degrees, -180..180.
    pub turn_deg: f32,
    /// How sure the recogniser is of the turn: 0 not at all, 1 wholly.
    pub turn_sure: f32,
    /// Place: clockwise from the top of the photograph, in degrees, 0..360.
    pub clock_deg: f32,
    /// Place: distance from the centre of the head, in units of the rim.
    pub radius: f32,
    /// Height of the character (along its own up direction), in units of the rim.
    pub height: f32,
    /// Width of the character, in units of the rim.
    pub width: f32,
    /// Probability that there is a mark here at all, 0..1.
    pub presence: f32,
    /// Probability of `text`, given that there is a mark, 0..1.
    pub confidence: f32,
    /// Other readings with their probability, given that there is a mark; falling, without `text`.
    pub alternatives: Vec<(&'static str, f32)>,
    /// What it would be the other way up, with probabilities given that it is; falling, empty where no one looked.
    pub reversed: Vec<(&'static str, f32)>,
    /// Probability that it is this way up rather than the other, 0.5..1; 0 where no one looked.
    pub upright: f32,
}

impl Mark {
    /// The nearest of the four directions.
    pub fn direction(&self) -> Direction {
        Direction::nearest(self.turn_deg)
    }
}
