//! Known words of which one character was not seen, or seen as something else altogether.
//!
//! Only words that the vocabulary knows are filled in; without one, nothing is.

use super::text::{self, Choices, Word};
use super::vocabulary::Vocabulary;

/// What any letter may stand for.
const LETTERS: [&str; 26] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W",
    "X", "Y", "Z",
];
/// Least prior of a word worth filling in.
const KNOWN: f32 = 1.0;
/// Marks a word must have, so that chance does not make it.
const SHORTEST: usize = 3;
const LONGEST: usize = 14;
/// What a letter says that no one saw: in a gap of its width, squeezed in or at an end, in place of what was seen.
const IN_GAP: f32 = -6.0;
const NO_GAP: f32 = -8.0;
const INSTEAD: f32 = -7.0;
/// How much less likely chance makes a known word with each character beyond [`SHORTEST`].
const LONGER: f32 = 0.8;

/// The word with a letter in the gap before mark `gap`.
pub(super) fn fill(marks: &[Choices], gap: usize, vocabulary: &dyn Vocabulary) -> Vec<Word> {
    let mut out = Vec::new();
    if (SHORTEST..=LONGEST).contains(&marks.len()) {
        attempt(&[&marks[..gap], &marks[gap..]], IN_GAP, vocabulary, &mut out);
    }
    out
}

/// The word with one letter more anywhere, or one replaced.
pub(super) fn mend(marks: &[Choices], vocabulary: &dyn Vocabulary) -> Vec<Word> {
    let mut out = Vec::new();
    let letters = marks.iter().filter(|m| m.first().is_some_and(|r| r.0.chars().all(char::is_alphabetic))).count();
    if !(SHORTEST + 1..=LONGEST).contains(&marks.len()) || letters * 3 < marks.len() * 2 {
        return out;
    }
    for at in 0..=marks.len() {
        attempt(&[&marks[..at], &marks[at..]], NO_GAP, vocabulary, &mut out);
    }
    for at in 0..marks.len() {
        attempt(&[&marks[..at], &marks[at + 1..]], INSTEAD, vocabulary, &mut out);
    }
    out
}

/// Adds the known words of two parts with one letter between.
fn attempt(parts: &[&[Choices]; 2], cost: f32, vocabulary: &dyn Vocabulary, out: &mut Vec<Word>) {
    let any: Vec<(&'static str, f32)> = LETTERS.iter().map(|&l| (l, 0.0)).collect();
    let choices: Vec<Choices> = parts[0].iter().chain([&any.as_slice()]).chain(parts[1]).copied().collect();
    for mut word in text::words(&choices) {
        let known = vocabulary.element_log_prior(&word.text);
        if known >= KNOWN {
            word.score += known + cost + LONGER * (choices.len() - SHORTEST) as f32;
            word.least = word.least.min(cost);
            word.seen += cost;
            (word.known, word.repaired) = (known, true);
            out.push(word);
        }
    }
}
