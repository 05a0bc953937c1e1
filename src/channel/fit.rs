//! How well the marks of a head fit a headstamp: the best cyclic alignment of the one ring with the other.

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

    /// The marks clockwise, each word forward or, where its tops point inward, backward.
    fn clockwise(&self, backward: u32) -> Vec<&str> {
        let mut out = Vec::with_capacity(self.len());
        for (n, word) in self.words.iter().enumerate() {
            if backward >> n & 1 == 1 {
                out.extend(word.iter().rev().map(String::as_str));
            } else {
                out.extend(word.iter().map(String::as_str));
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

/// Characters whose looks are one another's when letter case does not count.
fn alike(a: &str, b: &str) -> bool {
    a == b || a.to_uppercase() == b.to_uppercase()
}

/// Probability that a mark is this character.
fn probability(mark: &MarkRecord, wanted: &str) -> f32 {
    if wanted == "?" {
        return 0.3;
    }
    if alike(&mark.text, wanted) {
        return mark.confidence;
    }
    let other: f32 = mark.alternatives.iter().filter(|(t, _)| alike(t, wanted)).map(|(_, p)| p).sum();
    if other > 0.0 || mark.read_as.as_deref().is_none_or(|t| !alike(t, wanted)) { other } else { FLOOR * 2.0 }
}

/// How well marks, clockwise, fit a headstamp.
pub fn fit(marks: &[MarkRecord], ring: &Ring) -> Fit {
    let at: Vec<usize> = (0..marks.len()).filter(|n| !small(&marks[*n].text)).collect();
    let shown: Vec<&MarkRecord> = at.iter().map(|n| &marks[*n]).collect();
    let ring = Ring {
        words: ring
            .words
            .iter()
            .map(|w| w.iter().filter(|s| !small(s)).cloned().collect::<Vec<_>>())
            .filter(|w| !w.is_empty())
            .collect(),
    };
    let n = ring.len();
    if n == 0 || shown.is_empty() {
        return Fit {
            each: -MISSED,
            all: f32::NEG_INFINITY,
            faults: Vec::new(),
            places: Vec::new(),
            reads: vec![None; marks.len()],
        };
    }
    // all words the same way, or the lower ones the other: more is tried only where there are few words
    let words = ring.words.len().min(5);
    let mut best: Option<(f32, u32, usize)> = None;
    for backward in 0..1u32 << words {
        let wanted = ring.clockwise(backward);
        for turn in 0..n {
            let score = align(&shown, &wanted, turn, None);
            if best.is_none_or(|b| score > b.0) {
                best = Some((score, backward, turn));
            }
        }
    }
    let (score, backward, turn) = best.unwrap_or((-MISSED, 0, 0));
    let (mut faults, mut places, mut of_shown) = (Vec::new(), vec![None; n], vec![None; shown.len()]);
    let wanted = ring.clockwise(backward);
    align(&shown, &wanted, turn, Some((&mut faults, &mut places, &mut of_shown)));
    let mut reads = vec![None; marks.len()];
    for (n, read) in at.into_iter().zip(of_shown) {
        reads[n] = read;
    }
    Fit { each: score / n.max(shown.len()) as f32, all: score, faults, places, reads }
}

/// Dots and strokes, which variety keys pass over and networks see where there are none.
fn small(text: &str) -> bool {
    matches!(text, "•" | "." | "-" | "·" | "," | "'" | "/" | "[symbol]")
}

/// What is told of an alignment: faults, where marks stand, and what each is read as.
type Told<'t> = (&'t mut Vec<Fault>, &'t mut Vec<Option<f32>>, &'t mut Vec<Option<String>>);

/// The likelihood of marks, from the first on, as a ring from `turn` on, in nats.
fn align(marks: &[&MarkRecord], wanted: &[&str], turn: usize, told: Option<Told>) -> f32 {
    let n = wanted.len();
    let at = |j: usize| wanted[(j + turn) % n];
    let extra = |m: &MarkRecord| if m.confidence < FAINT { FAINT_COST } else { MISSED };
    let (rows, width) = (marks.len() + 1, n + 1);
    let mut table = vec![f32::NEG_INFINITY; rows * width];
    table[0] = 0.0;
    for i in 0..rows {
        for j in 0..width {
            let here = table[i * width + j];
            if i + 1 < rows && j + 1 < width {
                let p = probability(marks[i], at(j)).max(FLOOR).ln();
                let to = &mut table[(i + 1) * width + j + 1];
                *to = to.max(here + p);
            }
            if i + 1 < rows {
                let to = &mut table[(i + 1) * width + j];
                *to = to.max(here - extra(marks[i]));
            }
            if j + 1 < width {
                let to = &mut table[i * width + j + 1];
                *to = to.max(here - MISSED);
            }
        }
    }
    if let Some((faults, places, reads)) = told {
        let (mut i, mut j) = (rows - 1, width - 1);
        while i > 0 || j > 0 {
            let here = table[i * width + j];
            let close = |v: f32| (v - here).abs() < 1e-4;
            if i > 0 && j > 0 {
                let p = probability(marks[i - 1], at(j - 1));
                if close(table[(i - 1) * width + j - 1] + p.max(FLOOR).ln()) {
                    if !alike(&marks[i - 1].text, at(j - 1)) && at(j - 1) != "?" {
                        faults.push(Fault::Reads {
                            nth: (j - 1 + turn) % n + 1,
                            seen: marks[i - 1].text.clone(),
                            wanted: at(j - 1).to_owned(),
                            probability: p,
                        });
                    }
                    places[(j - 1 + turn) % n] = Some(marks[i - 1].clock_deg);
                    reads[i - 1] = Some(at(j - 1).to_owned());
                    (i, j) = (i - 1, j - 1);
                    continue;
                }
            }
            if i > 0 && close(table[(i - 1) * width + j] - extra(marks[i - 1])) {
                faults.push(Fault::TooMany { seen: marks[i - 1].text.clone() });
                i -= 1;
            } else if j > 0 {
                faults.push(Fault::Missed { nth: (j - 1 + turn) % n + 1, wanted: at(j - 1).to_owned() });
                j -= 1;
            } else {
                break;
            }
        }
        faults.reverse();
    }
    table[rows * width - 1]
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
