//! Known words that were read with a character or two wrong, missing or too many.
//!
//! Only words that the vocabulary knows are filled in; without one, nothing is.

use super::text::{Choices, Word};
use super::vocabulary::Vocabulary;

/// Least prior of a word worth filling in.
const KNOWN: f32 = 1.0;
/// Marks a word must have, so that chance does not make it: with a gap of a letter's width, and without.
const SHORTEST_WITH_GAP: usize = 3;
const SHORTEST: usize = 4;
const LONGEST: usize = 14;
/// Marks for each character that may differ.
const MARKS_AN_EDIT: usize = 4;
/// What a letter says that no one saw: in a gap of its width, squeezed in or at an end, in place of what was seen; and a
/// mark that is passed over.
const IN_GAP: f32 = -6.0;
const NO_GAP: f32 = -8.0;
const INSTEAD: f32 = -7.0;
const TOO_MANY: f32 = -7.0;
/// How much less likely chance makes a known word with each character beyond the least.
const LONGER: f32 = 1.0;

/// How a word comes out of the first marks.
#[derive(Clone, Copy)]
struct Step {
    score: f32,
    least: f32,
    edits: usize,
    /// Whether the gap was filled.
    filled: bool,
    from: From,
}

/// The last step to a place: which of the mark's readings was taken.
#[derive(Clone, Copy)]
enum From {
    Start,
    /// A mark with this reading.
    Read(&'static str),
    /// A mark instead of which the letter stands.
    Replaced,
    /// A letter without a mark.
    Added,
    /// A mark without a letter.
    Passed,
}

/// The known words that the marks may spell. With a `gap`, only those with a
/// letter in the gap before that mark.
pub(super) fn mend(marks: &[Choices], gap: Option<usize>, vocabulary: &dyn Vocabulary) -> Vec<Word> {
    let mut out = Vec::new();
    let letters = marks.iter().filter(|m| m.first().is_some_and(|r| r.0.chars().all(char::is_alphabetic))).count();
    let shortest = if gap.is_some() { SHORTEST_WITH_GAP } else { SHORTEST };
    if !(shortest..=LONGEST).contains(&marks.len()) || letters * 3 < marks.len() * 2 {
        return out;
    }
    let edits = (marks.len() / MARKS_AN_EDIT).max(1);
    for word in vocabulary.words() {
        if word.len().abs_diff(marks.len()) > edits || word.len() < SHORTEST {
            continue;
        }
        let known = vocabulary.element_log_prior(word);
        if known < KNOWN {
            continue;
        }
        if let Some((text, step)) = align(word, marks, gap, edits) {
            let longer = LONGER * (word.len() - SHORTEST_WITH_GAP) as f32;
            out.push(Word {
                text,
                score: step.score + known + longer,
                seen: step.score,
                least: step.least,
                known,
                repaired: true,
            });
        }
    }
    out
}

/// The likeliest way to spell a word with the marks, with at most `most` edits. None is needed where all its letters were
/// seen, but so faintly that no other way leads to it.
fn align(word: &str, marks: &[Choices], gap: Option<usize>, most: usize) -> Option<(String, Step)> {
    let letters: Vec<char> = word.chars().collect();
    let width = letters.len() + 1;
    let mut table: Vec<Option<Step>> = vec![None; (marks.len() + 1) * width];
    table[0] = Some(Step { score: 0.0, least: 0.0, edits: 0, filled: gap.is_none(), from: From::Start });
    for m in 0..=marks.len() {
        for l in 0..width {
            let at = m * width + l;
            let best = |table: &[Option<Step>], before: usize, says: f32, edit: bool, filled: bool, from: From| {
                let b = table[before]?;
                let edits = b.edits + edit as usize;
                let filled = b.filled || filled;
                (edits <= most).then(|| Step { score: b.score + says, least: b.least.min(says), edits, filled, from })
            };
            let mut ways = [None; 3];
            if m > 0 && l > 0 {
                let letter = letters[l - 1];
                let read = marks[m - 1].iter().find(|r| r.0.chars().all(|c| c.eq_ignore_ascii_case(&letter)));
                let before = at - width - 1;
                ways[0] = match read.filter(|r| r.1 > INSTEAD) {
                    Some(&(text, log)) => best(&table, before, log, false, false, From::Read(text)),
                    None => best(&table, before, INSTEAD, true, false, From::Replaced),
                };
            }
            if l > 0 {
                let in_gap = gap == Some(m);
                let says = if in_gap { IN_GAP } else { NO_GAP };
                ways[1] = best(&table, at - 1, says, true, in_gap, From::Added);
            }
            if m > 0 {
                ways[2] = best(&table, at - width, TOO_MANY, true, false, From::Passed);
            }
            let found = ways.into_iter().flatten();
            table[at] = found.max_by(|a, b| a.score.total_cmp(&b.score)).or(table[at]);
        }
    }
    let end = table[table.len() - 1].filter(|s| s.filled)?;
    let mut text = Vec::with_capacity(letters.len());
    let (mut m, mut l) = (marks.len(), letters.len());
    while let Some(step) = table[m * width + l] {
        match step.from {
            From::Start => break,
            From::Read(seen) => text.push(seen.to_owned()),
            From::Replaced | From::Added => text.push(letters[l - 1].to_string()),
            From::Passed => {}
        }
        m -= !matches!(step.from, From::Added) as usize;
        l -= !matches!(step.from, From::Passed) as usize;
    }
    text.reverse();
    Some((text.concat(), end))
}
