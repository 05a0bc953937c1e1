//! Readings of one word: a beam over what each mark may be.

use super::plane::Spot;
use super::turned::upside_down;
use crate::marks::UNKNOWN;

/// Partial words kept.
const BEAM: usize = 32;
/// Readings a mark.
const READINGS: usize = 7;
/// Probability of the likeliest character below which a mark is there but not legible.
const ILLEGIBLE: f32 = 0.15;
/// Logarithm of the probability that it then stands for a mark that no one can read.
const UNREAD: f32 = -1.2;
/// Probability of the likeliest character below which guesses are many and worth little, and how many are kept.
const GUESS: f32 = 0.3;
const GUESSES: usize = 3;
/// Readings a word.
pub(super) const WORDS: usize = 6;

/// Characters that are mistaken for one another, and the share of the first that the second is given at least.
const CONFUSED: [(&str, &str, f32); 22] = [
    ("0", "O", 0.06),
    ("0", "D", 0.01),
    ("0", "Q", 0.005),
    ("1", "I", 0.06),
    ("1", "l", 0.03),
    ("I", "l", 0.05),
    ("5", "S", 0.04),
    ("8", "B", 0.04),
    ("6", "9", 0.03),
    ("2", "Z", 0.04),
    ("M", "W", 0.02),
    ("N", "Z", 0.01),
    ("3", "8", 0.02),
    ("6", "G", 0.02),
    ("C", "G", 0.02),
    ("E", "F", 0.02),
    ("P", "R", 0.02),
    ("U", "V", 0.02),
    ("1", "7", 0.02),
    ("*", "⊕", 0.02),
    ("O", "Q", 0.02),
    ("6", "8", 0.01),
];

/// Letters whose capital has the same shape.
const SAME_SHAPE: [(&str, &str); 12] = [
    ("c", "C"),
    ("k", "K"),
    ("o", "O"),
    ("p", "P"),
    ("s", "S"),
    ("u", "U"),
    ("v", "V"),
    ("w", "W"),
    ("x", "X"),
    ("y", "Y"),
    ("z", "Z"),
    ("l", "I"),
];

/// What one mark may be, likeliest first, each with the logarithm of its probability.
pub(super) type Choices<'a> = &'a [(&'static str, f32)];

/// One reading of a word.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub text: String,
    /// Logarithm of its probability with what characters go together, about -20..0.
    pub score: f32,
    /// Sum of the logarithms of the recogniser's probabilities alone.
    pub seen: f32,
    /// The least of them.
    pub least: f32,
    /// What the vocabulary says.
    pub known: f32,
    /// Whether the vocabulary found it, rather than what was seen most likely.
    pub repaired: bool,
}

/// What a mark may be on a line that runs the other way up than it was seen (`flipped`), likeliest first.
pub(super) fn readings(spot: &Spot, flipped: bool) -> Vec<(&'static str, f32)> {
    let mut out: Vec<(&'static str, f32)> = Vec::with_capacity(16);
    let mut add = |text: &'static str, log: f32| match out.iter_mut().find(|r| r.0 == text) {
        Some(r) => r.1 = r.1.max(log),
        None => out.push((text, log)),
    };
    if flipped && !spot.reversed.is_empty() {
        spot.reversed.iter().for_each(|&(text, log)| add(text, log));
    }
    // where no one looked, what the character would be upside down
    let given = if flipped && !spot.reversed.is_empty() { &[] } else { spot.readings.as_slice() };
    for &(text, log) in given {
        match upside_down(text).filter(|_| flipped) {
            // the direction may be the wrong one of the two, and the character right
            Some(turned) if turned != text => {
                add(turned, log - 0.1);
                add(text, log - 1.8);
            }
            _ => add(text, log),
        }
    }
    let (best, log) = out[0];
    if log < ILLEGIBLE.ln() && out.iter().all(|r| r.0 != UNKNOWN) {
        out.insert(0, (UNKNOWN, UNREAD));
    }
    for (a, b, share) in CONFUSED {
        let other = if best == a {
            b
        } else if best == b {
            a
        } else {
            continue;
        };
        match out.iter_mut().find(|r| r.0 == other) {
            Some(r) => r.1 = r.1.max(log + share.ln()),
            None => out.push((other, log + share.ln())),
        }
    }
    if let Some((small, capital)) = SAME_SHAPE.iter().find(|p| p.0 == best || p.1 == best) {
        let other = if best == *small { capital } else { small };
        if out.iter().all(|r| r.0 != *other) {
            out.push((other, log + 0.15f32.ln()));
        }
    }
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out.truncate(if log < GUESS.ln() { GUESSES } else { READINGS });
    out
}

/// The likeliest readings of a word, best first, one of each in capitals.
pub(super) fn words(marks: &[Choices]) -> Vec<Word> {
    // (score, what came before, reading) of each step; the empty word first
    let mut steps: Vec<Vec<(f32, usize, usize)>> = vec![vec![(0.0, 0, 0)]];
    for mark in marks {
        let before = &steps[steps.len() - 1];
        let mut next: Vec<(f32, usize, usize)> = Vec::with_capacity(before.len() * mark.len());
        for (b, from) in before.iter().enumerate() {
            next.extend(mark.iter().enumerate().map(|(r, reading)| (from.0 + reading.1, b, r)));
        }
        next.sort_by(|a, b| b.0.total_cmp(&a.0));
        next.truncate(BEAM);
        steps.push(next);
    }
    let mut out: Vec<Word> = Vec::new();
    let mut texts = vec![""; marks.len()];
    for end in 0..steps[marks.len()].len() {
        let (mut at, mut least) = (end, 0.0f32);
        let seen = steps[marks.len()][end].0;
        for k in (0..marks.len()).rev() {
            let (_, from, reading) = steps[k + 1][at];
            (texts[k], least) = (marks[k][reading].0, least.min(marks[k][reading].1));
            at = from;
        }
        out.push(Word {
            text: texts.concat(),
            score: seen + pattern(&texts),
            seen,
            least,
            known: 0.0,
            repaired: false,
        });
    }
    out
}

/// Sorts readings and keeps the best of each in capitals.
pub(super) fn best(mut words: Vec<Word>) -> Vec<Word> {
    words.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut out: Vec<Word> = Vec::with_capacity(WORDS);
    for w in words {
        if out.iter().all(|o| !o.text.eq_ignore_ascii_case(&w.text)) {
            out.push(w);
            if out.len() == WORDS {
                break;
            }
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Digit,
    Capital,
    Small,
    Other,
}

/// What characters go together: words are of digits or of letters, letters are capitals.
fn pattern(texts: &[&str]) -> f32 {
    let kind = |t: &str| match t.as_bytes() {
        [b'0'..=b'9'] => Kind::Digit,
        [b'A'..=b'Z'] => Kind::Capital,
        [b'a'..=b'z'] => Kind::Small,
        _ => Kind::Other,
    };
    let mut score = 0.0;
    let mut last = Kind::Other;
    let (mut changes, mut doubtful) = (0, 0);
    for (k, t) in texts.iter().enumerate() {
        let this = kind(t);
        let ends = k == 0 || k + 1 == texts.len();
        score += match (last, this) {
            // 9MM and 7.62x39 are usual
            (Kind::Digit, _) if "MmXx".contains(t) && this != Kind::Other => 0.0,
            (Kind::Capital | Kind::Small, Kind::Digit) if "Xx".contains(texts[k - 1]) => 0.0,
            (Kind::Digit, Kind::Capital | Kind::Small) | (Kind::Capital | Kind::Small, Kind::Digit) => {
                changes += 1;
                doubtful += [*t, texts[k - 1]].iter().any(|c| "0OQ1Il5S8B2Z".contains(c)) as i32;
                0.0
            }
            (Kind::Capital, Kind::Small) | (Kind::Small, Kind::Capital) => -0.6,
            _ if ends && texts.len() > 1 && matches!(*t, "-" | "/" | "&") => -0.7,
            _ => 0.0,
        };
        score -= match *t {
            "l" | "I" if last == Kind::Digit => 0.3,
            _ if this == Kind::Small => 0.15,
            _ => 0.0,
        };
        last = this;
    }
    // where all is mixed, one change more says nothing
    score - 1.5 * (1.0 - 0.55f32.powi(changes)) - 0.5 * doubtful.min(2) as f32
}
