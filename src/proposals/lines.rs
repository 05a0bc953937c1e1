//! Readings of one line: where words end, what they are, and whether the whole stands on its head.

use super::apart::{APART, KNOWN};
use super::assemble::{Line, WORD};
use super::plane::Spot;
use super::repair;
use super::text::{self, Word};
use super::turned::{TURN, round, upside_down};
use super::vocabulary::Vocabulary;
use std::collections::HashMap;

/// Readings a line.
const READINGS: usize = 8;
/// Gaps that may or may not end a word, and are tried both ways.
const DOUBTFUL: usize = 3;
/// Gaps in which one character may be missing, beyond the space between letters, in units of the height.
const HOLE: f32 = 0.3;
const WIDEST_HOLE: f32 = 1.3;
/// What it costs that two words of one character each stand side by side: most such are one word, spaced out.
const SPELT: f32 = -1.5;

/// What a character weighs beside that makes no other upside down.
const STIFF: f32 = 1.5;
/// Longest line that is tried upside down.
const LONGEST_TURNED: usize = 8;

/// One reading of a line.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// Words joined by spaces.
    pub text: String,
    /// Whether the line runs the other way than assembled.
    pub turned: bool,
    /// Logarithm of its probability times what is known of such elements.
    pub score: f32,
    /// Sum and least of the logarithms of the recogniser's probabilities.
    pub seen: f32,
    pub least: f32,
    /// What the vocabulary says.
    pub known: f32,
    /// Whether the vocabulary found a word of it.
    pub repaired: bool,
}

/// Marks of a line or word: index of the spot, the spot, and whether it is the other way up than seen.
type Row<'a> = [(u8, &'a Spot, bool)];

/// Reads lines with one vocabulary.
pub(super) struct Reader<'a> {
    spots: &'a [Spot],
    vocabulary: &'a dyn Vocabulary,
    /// Readings of words met before, by their marks: most of a head stays as it is while single marks are on trial.
    cache: HashMap<Vec<u8>, Vec<Word>>,
    /// Whether characters that were not seen are filled in, which takes longer.
    repairing: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(spots: &'a [Spot], vocabulary: &'a dyn Vocabulary) -> Self {
        Self { spots, vocabulary, cache: HashMap::new(), repairing: false }
    }

    /// From now on, known words are filled in.
    pub(super) fn repair(&mut self) {
        self.repairing = true;
        self.cache.clear();
    }

    /// The likeliest readings of a line, best first. `consent` says by how much the rest of the head makes it likelier
    /// that the line runs as assembled than upside down, as a logarithm of odds.
    pub(super) fn read(&mut self, line: &Line, consent: f32) -> Vec<Reading> {
        let mut out = Vec::new();
        let spots = self.spots;
        let upright: Vec<_> = line.spots.iter().zip(&line.flipped).map(|(&i, &f)| (i as u8, &spots[i], f)).collect();
        for (cuts, score) in cuttings(&line.gaps) {
            self.words_of(&upright, &cuts, None, score, false, &mut out);
        }
        if line.gaps.iter().any(|&g| g >= WORD) {
            let from = out.len();
            self.words_of(&upright, &vec![false; line.gaps.len()], None, -APART, false, &mut out);
            let known = out.split_off(from);
            out.extend(known.into_iter().filter(|r| r.known >= KNOWN));
        }
        if self.repairing {
            let wide = (0..line.gaps.len()).filter(|&k| (HOLE..WIDEST_HOLE).contains(&line.gaps[k])).take(DOUBTFUL);
            for k in wide {
                let mut cuts: Vec<bool> = line.gaps.iter().map(|&g| g >= WORD).collect();
                cuts[k] = false;
                self.words_of(&upright, &cuts, Some(k + 1), 0.0, false, &mut out);
            }
        }
        let best = out.iter().map(|r: &Reading| r.score).fold(f32::MIN, f32::max);
        let fixed =
            |&(&i, f): &(&usize, &bool)| !f && spots[i].reversed.is_empty() && upside_down(spots[i].text).is_none();
        let stiff = line.spots.iter().zip(&line.flipped).filter(fixed).count();
        let against = TURN * line.sure.max(0.05) + STIFF * stiff as f32 + consent;
        // characters that cannot be turned may have been given the wrong direction
        if line.spots.len() <= LONGEST_TURNED && against < 6.0 {
            let turned: Vec<_> = upright.iter().rev().map(|&(i, s, f)| (i, s, !f)).collect();
            let gaps: Vec<f32> = line.gaps.iter().rev().copied().collect();
            if let Some((cuts, score)) = cuttings(&gaps).into_iter().next() {
                self.words_of(&turned, &cuts, None, score - against, true, &mut out);
            }
        }
        out.retain(|r| r.score > best - 12.0);
        out.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept: Vec<Reading> = Vec::with_capacity(READINGS);
        let folded = |t: &str| t.replace(' ', "").to_ascii_uppercase();
        for r in out {
            if kept.len() < READINGS && kept.iter().all(|k| folded(&k.text) != folded(&r.text)) {
                kept.push(r);
            }
        }
        kept
    }

    /// Adds the readings of a line cut in one way; with a hole, a character is missing before that mark.
    fn words_of(
        &mut self,
        marks: &Row,
        cuts: &[bool],
        hole: Option<usize>,
        score: f32,
        turned: bool,
        out: &mut Vec<Reading>,
    ) {
        let empty = Reading { text: String::new(), turned, score, seen: 0.0, least: 0.0, known: 0.0, repaired: false };
        let mut readings = vec![empty];
        let (mut from, mut was_single) = (0, false);
        for to in 1..=marks.len() {
            if to < marks.len() && !cuts[to - 1] {
                continue;
            }
            let hole = hole.filter(|h| (from + 1..to).contains(h)).map(|h| h - from);
            let words = self.word(&marks[from..to], hole);
            let mut longer: Vec<Reading> = Vec::with_capacity(readings.len() * words.len());
            let single = to - from == 1 && !round(marks[from].1.text);
            let spelt = if single && was_single { SPELT } else { 0.0 };
            for r in &readings {
                longer.extend(words.iter().map(|w| Reading {
                    text: if r.text.is_empty() { w.text.clone() } else { [r.text.as_str(), " ", &w.text].concat() },
                    turned,
                    score: r.score + w.score + spelt,
                    seen: r.seen + w.seen,
                    least: r.least.min(w.least),
                    known: r.known + w.known,
                    repaired: r.repaired || w.repaired,
                }));
            }
            longer.sort_by(|a, b| b.score.total_cmp(&a.score));
            longer.truncate(READINGS);
            readings = longer;
            (from, was_single) = (to, single);
        }
        // an element known as a whole counts more than its words
        for r in readings.iter_mut().filter(|r| r.text.contains(' ')) {
            let whole = self.vocabulary.element_log_prior(&r.text);
            if whole > r.known {
                (r.score, r.known) = (r.score + whole - r.known, whole);
            }
        }
        out.append(&mut readings);
    }

    /// The readings of one word; with a hole, only known words with a character before that mark.
    fn word(&mut self, marks: &Row, hole: Option<usize>) -> &[Word] {
        let mut key: Vec<u8> = marks.iter().map(|(i, _, f)| i << 1 | *f as u8).collect();
        key.extend(hole.map(|h| 128 | h as u8));
        self.cache.entry(key).or_insert_with(|| {
            let choices: Vec<_> = marks.iter().map(|(_, s, f)| text::readings(s, *f)).collect();
            let choices: Vec<_> = choices.iter().map(Vec::as_slice).collect();
            if hole.is_some() {
                return text::best(repair::mend(&choices, hole, self.vocabulary));
            }
            let mut words = text::words(&choices);
            for w in &mut words {
                w.known = self.vocabulary.element_log_prior(&w.text);
                w.score += w.known;
            }
            if self.repairing {
                words.extend(repair::mend(&choices, None, self.vocabulary));
            }
            text::best(words)
        })
    }
}

/// Ways to cut a line into words, each with its logarithm of probability: doubtful gaps both ways, likeliest first.
fn cuttings(gaps: &[f32]) -> Vec<(Vec<bool>, f32)> {
    let odds = |g: f32| (g - WORD) / 0.075;
    let mut order: Vec<usize> = (0..gaps.len()).collect();
    order.sort_by(|&a, &b| odds(gaps[a]).abs().total_cmp(&odds(gaps[b]).abs()));
    let doubtful = order.iter().take(DOUBTFUL).filter(|&&k| odds(gaps[k]).abs() < 3.0);
    let likeliest: Vec<bool> = gaps.iter().map(|&g| g >= WORD).collect();
    let base: f32 = gaps.iter().map(|&g| -(-odds(g).abs()).exp().ln_1p()).sum();
    let mut out = vec![(likeliest, base)];
    for &k in doubtful {
        for n in 0..out.len() {
            let (mut cuts, score) = out[n].clone();
            cuts[k] = !cuts[k];
            out.push((cuts, score - odds(gaps[k]).abs()));
        }
    }
    out
}
