//! How well the marks of a head fit a headstamp: the best cyclic alignment of the one ring with the other.

use crate::notation::look::one_look;
use crate::notation::turned::upside_down;
use crate::notation::{Headstamp, Sign};
use crate::record::MarkRecord;

/// Least probability of a character where the marks give it none: a network can be wholly wrong.
const FLOOR: f32 = 0.01;
/// What a mark that was not seen, or one too many, costs in nats.
const MISSED: f32 = 3.0;
/// Marks less sure than this are passed over for less.
const FAINT: f32 = 0.5;
const FAINT_COST: f32 = 1.0;

/// Most marks that a head has room for.
const MOST_SIGNS: usize = 64;

/// The marks of a headstamp, in reading order, element by element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    words: Vec<Vec<String>>,
}

impl Ring {
    /// Of a headstamp; `None` where it is none, holds nothing that is stamped, or more than a head has room for.
    pub fn of(headstamp: &str) -> Option<Self> {
        let parsed: Headstamp = headstamp.parse().ok()?;
        let sign = |s: Sign| (!matches!(s, Sign::Space)).then(|| s.to_string());
        let words: Vec<Vec<String>> = parsed
            .elements()
            .iter()
            .map(|e| e.signs().filter_map(sign).collect())
            .filter(|w: &Vec<String>| !w.is_empty())
            .collect();
        let signs: usize = words.iter().map(Vec::len).sum();
        (1..=MOST_SIGNS).contains(&signs).then_some(Self { words })
    }

    /// How many marks there are.
    pub fn len(&self) -> usize {
        self.words.iter().map(Vec::len).sum()
    }

    /// Never: a ring has marks.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The numbers of the marks clockwise, each word forward or, where its tops point inward, backward.
    fn clockwise(&self, backward: u32) -> Vec<usize> {
        let (mut out, mut next) = (Vec::with_capacity(self.len()), 0);
        for (n, word) in self.words.iter().enumerate() {
            let numbers = next..next + word.len();
            next = numbers.end;
            if backward >> n & 1 == 1 {
                out.extend(numbers.rev());
            } else {
                out.extend(numbers);
            }
        }
        out
    }
}

/// How a head fits a headstamp.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Logarithm of the likelihood of the marks, in nats a mark; 0 is perfect.
    pub each: f32,
    /// The same of all marks together.
    pub all: f32,
    /// Marks that read otherwise, were missed, or are too many.
    pub faults: Vec<Fault>,
    /// Where each mark of the headstamp stands, clockwise from the top of the photograph, in degrees, as seen; those that are
    /// passed over are left out.
    pub places: Vec<Option<f32>>,
    /// What the headstamp has in the place of each mark; `None` of those that it leaves out.
    pub reads: Vec<Option<String>>,
    /// Which element of the headstamp, counted from 0, bears what each mark is.
    pub elements: Vec<Option<usize>>,
}

/// Where marks and headstamp part.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// A mark reads as something else: which, from 1 in reading order, what it reads, and what it should.
    Reads {
        /// Which mark of the headstamp, from 1.
        nth: usize,
        /// What was seen.
        seen: String,
        /// What it should be.
        wanted: String,
        /// Probability of what it should be, as the networks saw it, 0..1.
        probability: f32,
    },
    /// A mark of the headstamp was not seen.
    Missed {
        /// Which, from 1.
        nth: usize,
        /// What it should be.
        wanted: String,
    },
    /// There is a mark that the headstamp does not have.
    TooMany {
        /// What it reads.
        seen: String,
    },
}

/// Share of a mark's probability that goes to what it is upside down where its way up is left open: which way up a 6 is, its
/// neighbours tell, and they are often worn.
const UPSIDE_DOWN: f32 = 0.25;

/// Probability that a mark is this character.
fn probability(mark: &MarkRecord, wanted: &str, upside_down_too: f32) -> f32 {
    if wanted == "?" {
        return 0.3;
    }
    if one_look(&mark.text, wanted) {
        return mark.confidence;
    }
    let listed = mark.alternatives.iter().filter(|(t, _)| one_look(t, wanted)).map(|(_, p)| p).sum::<f32>() + 0.0;
    let turned = upside_down(&mark.text).filter(|t| *t != mark.text && one_look(t, wanted));
    let other = listed.max(turned.map_or(0.0, |_| mark.confidence * upside_down_too));
    if other > 0.0 || mark.read_as.as_deref().is_none_or(|t| !one_look(t, wanted)) { other } else { FLOOR * 2.0 }
}

/// How well marks, clockwise, fit a headstamp.
pub fn fit(marks: &[MarkRecord], ring: &Ring) -> Fit {
    fitted(marks, ring, 0.0)
}

/// The same, where a sign that was read upside down is no plain fault: for asking whether a person wrote something else.
pub fn fit_either_way_up(marks: &[MarkRecord], ring: &Ring) -> Fit {
    fitted(marks, ring, UPSIDE_DOWN)
}

fn fitted(marks: &[MarkRecord], ring: &Ring, upside_down_too: f32) -> Fit {
    let at: Vec<usize> = (0..marks.len()).filter(|n| !small(&marks[*n].text)).collect();
    let shown: Vec<&MarkRecord> = at.iter().map(|n| &marks[*n]).collect();
    let plain = |(n, word): (usize, &Vec<String>)| (n, word.iter().filter(|s| !small(s)).cloned().collect::<Vec<_>>());
    let (which, words): (Vec<usize>, Vec<Vec<String>>) =
        ring.words.iter().enumerate().map(plain).filter(|(_, w)| !w.is_empty()).unzip();
    let ring = Ring { words };
    let n = ring.len();
    if n == 0 || shown.is_empty() {
        return Fit {
            each: -MISSED,
            all: f32::NEG_INFINITY,
            faults: Vec::new(),
            places: Vec::new(),
            reads: vec![None; marks.len()],
            elements: vec![None; marks.len()],
        };
    }
    let held = Held::of(&shown, ring.words.iter().flatten().map(String::as_str).collect(), upside_down_too);
    // all words the same way, or the lower ones the other: more is tried only where there are few words
    let words = ring.words.len().min(5);
    let mut best: Option<(f32, u32, usize)> = None;
    let mut rows = [vec![0.0; n + 1], vec![0.0; n + 1]];
    for backward in 0..1u32 << words {
        let order = ring.clockwise(backward);
        for turn in 0..n {
            let score = held.score(&order, turn, &mut rows);
            if best.is_none_or(|b| score > b.0) {
                best = Some((score, backward, turn));
            }
        }
    }
    let (score, backward, turn) = best.unwrap_or((-MISSED, 0, 0));
    let told = held.told(&ring.clockwise(backward), turn);
    // which element each sign is of
    let of: Vec<usize> = ring.words.iter().zip(which).flat_map(|(word, n)| word.iter().map(move |_| n)).collect();
    let (mut reads, mut elements) = (vec![None; marks.len()], vec![None; marks.len()]);
    for (n, sign) in at.into_iter().zip(told.signs) {
        reads[n] = sign.map(|s| held.signs[s].to_owned());
        elements[n] = sign.map(|s| of[s]);
    }
    let each = score / n.max(shown.len()) as f32;
    Fit { each, all: score, faults: told.faults, places: told.places, reads, elements }
}

/// The marks of a text that marks are aligned with, one by one: without dots and strokes, which are passed over.
pub fn signs(text: &str) -> Vec<String> {
    let ring = Ring::of(text);
    ring.map(|r| r.words.into_iter().flatten().filter(|s| !small(s)).collect()).unwrap_or_default()
}

/// Dots and strokes, which variety keys pass over and networks see where there are none.
fn small(text: &str) -> bool {
    matches!(text, "•" | "." | "-" | "·" | "," | "'" | "/" | "[symbol]")
}

/// What is told of an alignment: faults, where signs stand, and which sign each mark is.
struct Told {
    faults: Vec<Fault>,
    places: Vec<Option<f32>>,
    signs: Vec<Option<usize>>,
}

/// Marks and the signs of a ring held against each other once, for every alignment of the two.
struct Held<'h> {
    marks: &'h [&'h MarkRecord],
    signs: Vec<&'h str>,
    /// Probability that a mark is a sign, by mark and sign; and its logarithm, bounded.
    probabilities: Vec<f32>,
    logs: Vec<f32>,
    /// What it costs to pass over each mark.
    extra: Vec<f32>,
}

impl<'h> Held<'h> {
    fn of(marks: &'h [&'h MarkRecord], signs: Vec<&'h str>, upside_down_too: f32) -> Self {
        let probabilities: Vec<f32> =
            marks.iter().flat_map(|mark| signs.iter().map(|sign| probability(mark, sign, upside_down_too))).collect();
        let logs = probabilities.iter().map(|p| p.max(FLOOR).ln()).collect();
        let extra = marks.iter().map(|m| if m.confidence < FAINT { FAINT_COST } else { MISSED }).collect();
        Self { marks, signs, probabilities, logs, extra }
    }

    fn log(&self, mark: usize, sign: usize) -> f32 {
        self.logs[mark * self.signs.len() + sign]
    }

    /// The likelihood of the marks, from the first on, as a ring from `turn` on, in nats; `rows` are room to work in.
    fn score(&self, order: &[usize], turn: usize, rows: &mut [Vec<f32>; 2]) -> f32 {
        let n = order.len();
        let [last, next] = rows;
        for (j, v) in last.iter_mut().enumerate() {
            *v = -MISSED * j as f32;
        }
        for (i, extra) in self.extra.iter().enumerate() {
            next[0] = last[0] - extra;
            let logs = &self.logs[i * n..(i + 1) * n];
            for j in 0..n {
                let at = if j + turn < n { j + turn } else { j + turn - n };
                let paired = last[j] + logs[order[at]];
                next[j + 1] = paired.max(last[j + 1] - extra).max(next[j] - MISSED);
            }
            std::mem::swap(last, next);
        }
        last[n]
    }

    /// What is told of one alignment.
    fn told(&self, order: &[usize], turn: usize) -> Told {
        let n = order.len();
        let sign = |j: usize| order[(j + turn) % n];
        let (rows, width) = (self.marks.len() + 1, n + 1);
        let mut table = vec![0.0f32; rows * width];
        for at in 1..rows * width {
            let (i, j) = (at / width, at % width);
            let paired = (i > 0 && j > 0).then(|| table[at - width - 1] + self.log(i - 1, sign(j - 1)));
            let over = (i > 0).then(|| table[at - width] - self.extra[i - 1]);
            let missed = (j > 0).then(|| table[at - 1] - MISSED);
            table[at] = [paired, over, missed].into_iter().flatten().fold(f32::NEG_INFINITY, f32::max);
        }
        let mut told = Told { faults: Vec::new(), places: vec![None; n], signs: vec![None; self.marks.len()] };
        let (mut i, mut j) = (rows - 1, width - 1);
        while i > 0 || j > 0 {
            let here = table[i * width + j];
            let close = |v: f32| (v - here).abs() < 1e-4;
            if i > 0 && j > 0 && close(table[(i - 1) * width + j - 1] + self.log(i - 1, sign(j - 1))) {
                let (mark, wanted) = (self.marks[i - 1], self.signs[sign(j - 1)]);
                if !one_look(&mark.text, wanted) && wanted != "?" {
                    told.faults.push(Fault::Reads {
                        nth: sign(j - 1) + 1,
                        seen: mark.text.clone(),
                        wanted: wanted.to_owned(),
                        probability: self.probabilities[(i - 1) * n + sign(j - 1)],
                    });
                }
                told.places[sign(j - 1)] = Some(mark.clock_deg);
                told.signs[i - 1] = Some(sign(j - 1));
                (i, j) = (i - 1, j - 1);
            } else if i > 0 && close(table[(i - 1) * width + j] - self.extra[i - 1]) {
                told.faults.push(Fault::TooMany { seen: self.marks[i - 1].text.clone() });
                i -= 1;
            } else if j > 0 {
                let wanted = self.signs[sign(j - 1)].to_owned();
                told.faults.push(Fault::Missed { nth: sign(j - 1) + 1, wanted });
                j -= 1;
            } else {
                break;
            }
        }
        told.faults.reverse();
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::testing::head;

    fn marks(text: &str) -> Vec<MarkRecord> {
        let like = head().marks[0].clone();
        text.chars()
            .map(|c| MarkRecord { text: c.into(), alternatives: vec![], confidence: 0.98, ..like.clone() })
            .collect()
    }

    #[test]
    fn a_ring_fits_wherever_it_starts_and_whichever_way_words_run() {
        let ring = Ring::of("FC_94_LUGER").unwrap();
        for text in ["FC94LUGER", "94LUGERFC", "GERFC94LU", "FC49REGUL", "CF94LUGER"] {
            let fit = fit(&marks(text), &ring);
            assert!(fit.each > -0.1 && fit.faults.is_empty(), "{text} {fit:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let ring = Ring::of("10_89").unwrap();
        let off = fit(&marks("1088"), &ring);
        let Fault::Reads { seen, wanted, .. } = &off.faults[0] else { panic!("{off:?}") };
        assert_eq!((seen.as_str(), wanted.as_str(), off.faults.len()), ("8", "9", 1));
        let missed = fit(&marks("108"), &ring);
        assert!(matches!(missed.faults[..], [Fault::Missed { .. }]), "{missed:?}");
        assert!(off.each < fit(&marks("1089"), &ring).each);
        assert_eq!(Ring::of("["), None);
    }
}
