//! Which character of a label stands for which of a reading.
//!
//! Headstamps run round the head, so that a reading may start anywhere; words of one element may stand in either order, as
//! where a reading is compared. Of all these the alignment with the fewest characters missed, invented or confused is
//! taken. Elements may also be tried upside down, which shows whether a head was read the wrong way up.

use crate::notation::same::words;
use crate::notation::turned::may_be;

/// Characters of a headstamp beyond this are not aligned, which bounds the work; heads bear some twenty.
const MOST_CHARACTERS: usize = 48;
/// Elements beyond this are tried in one way only, which bounds the work.
const MOST_VARIED: usize = 5;

/// A character of the label and the one read in its place; one of them is missing where a mark was missed or invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// What the label says.
    pub label: Option<char>,
    /// What was read.
    pub read: Option<char>,
}

impl Pair {
    /// Whether both are the same.
    pub fn agrees(&self) -> bool {
        self.label == self.read
    }
}

/// A label beside a reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alignment {
    /// Character by character, as the label has them, from wherever the alignment starts.
    pub pairs: Vec<Pair>,
    /// Fewest characters that differ with every element the right way up.
    pub upright: usize,
    /// Fewest that differ where at least one element is taken upside down.
    pub inverted: usize,
}

/// One character that is looked for, and what counts as it.
#[derive(Clone, Copy)]
struct Wanted {
    label: char,
    upside_down: bool,
}

impl Wanted {
    fn is(self, read: char) -> bool {
        if !self.upside_down {
            return self.label == read;
        }
        may_be(self.label, read)
    }
}

/// Aligns a label with a reading.
pub fn align(label: &str, reading: &str) -> Alignment {
    let mut read: Vec<char> = words(reading).concat().concat().chars().take(MOST_CHARACTERS).collect();
    let (mut upright, mut inverted) = (Best::none(), Best::none());
    for order in orders(&words(label)) {
        let best = if order.iter().any(|w| w.upside_down) { &mut inverted } else { &mut upright };
        for _ in 0..read.len().max(1) {
            let cost = distance(&order, &read, None);
            if cost < best.cost {
                *best = Best { cost, order: order.clone(), read: read.clone() };
            }
            if !read.is_empty() {
                read.rotate_left(1);
            }
        }
    }
    let mut pairs = Vec::new();
    distance(&upright.order, &upright.read, Some(&mut pairs));
    Alignment { pairs, upright: upright.cost, inverted: inverted.cost }
}

struct Best {
    cost: usize,
    order: Vec<Wanted>,
    read: Vec<char>,
}

impl Best {
    fn none() -> Self {
        Self { cost: usize::MAX, order: Vec::new(), read: Vec::new() }
    }
}

/// The label's characters in every order: the words of each element forward or backward, or the whole upside down.
fn orders(elements: &[Vec<String>]) -> Vec<Vec<Wanted>> {
    let mut out: Vec<Vec<Wanted>> = vec![Vec::new()];
    for (i, element) in elements.iter().enumerate() {
        let upright = |c| Wanted { label: c, upside_down: false };
        let mut ways: Vec<Vec<Wanted>> = vec![element.iter().flat_map(|w| w.chars()).map(upright).collect()];
        if i < MOST_VARIED {
            if element.len() > 1 {
                ways.push(element.iter().rev().flat_map(|w| w.chars()).map(upright).collect());
            }
            ways.push(ways[0].iter().rev().map(|w| Wanted { upside_down: true, ..*w }).collect());
        }
        out = out.iter().flat_map(|before| ways.iter().map(|way| [before.as_slice(), way].concat())).collect();
    }
    for order in &mut out {
        order.truncate(MOST_CHARACTERS);
    }
    out
}

/// Fewest characters missed, invented or confused; with `pairs`, also which.
fn distance(label: &[Wanted], read: &[char], pairs: Option<&mut Vec<Pair>>) -> usize {
    let width = read.len() + 1;
    let mut table: Vec<usize> = vec![0; (label.len() + 1) * width];
    for i in 0..=label.len() {
        for j in 0..width {
            table[i * width + j] = match (i, j) {
                (0, j) => j,
                (i, 0) => i,
                (i, j) => {
                    let both = table[(i - 1) * width + j - 1] + usize::from(!label[i - 1].is(read[j - 1]));
                    both.min(table[(i - 1) * width + j] + 1).min(table[i * width + j - 1] + 1)
                }
            };
        }
    }
    if let Some(pairs) = pairs {
        let (mut i, mut j) = (label.len(), read.len());
        while i > 0 || j > 0 {
            let here = table[i * width + j];
            let (label, read) = (i.checked_sub(1).map(|i| label[i]), j.checked_sub(1).map(|j| read[j]));
            // a confusion rather than one missed and one invented
            match (label, read) {
                (Some(l), Some(r)) if table[(i - 1) * width + j - 1] + usize::from(!l.is(r)) == here => {
                    pairs.push(Pair { label: Some(l.label), read: Some(r) });
                    (i, j) = (i - 1, j - 1);
                }
                (Some(l), _) if table[(i - 1) * width + j] + 1 == here => {
                    pairs.push(Pair { label: Some(l.label), read: None });
                    i -= 1;
                }
                (_, read) => {
                    pairs.push(Pair { label: None, read });
                    j -= 1;
                }
            }
        }
        pairs.reverse();
    }
    table[label.len() * width + read.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn differ(label: &str, reading: &str) -> Vec<(Option<char>, Option<char>)> {
        let pairs = align(label, reading).pairs;
        pairs.into_iter().filter(|p| !p.agrees()).map(|p| (p.label, p.read)).collect()
    }

    #[test]
    fn the_ring_may_start_anywhere() {
        assert_eq!(differ("WIN_USA_5.56 MM", "USA_MM 556_WIN"), []);
        assert_eq!(differ("FC_LUGER_9MM", "9MM_FG_LUGER"), [(Some('c'), Some('g'))]);
        assert_eq!(differ("FC_LUGER_9MM", "9M_FC_LUGER"), [(Some('m'), None)]);
        assert_eq!(differ("LC_17", "17_LC_*"), [(None, Some('*'))]);
        assert_eq!(align("", "A").pairs.len(), 1);
        assert_eq!(align("AB", "").upright, 2);
    }

    #[test]
    fn upside_down_elements_are_known() {
        // 90 is 06 and MM is WW the other way up
        let a = align("PMC_WW_90", "PMC_MM_06");
        assert_eq!((a.upright, a.inverted), (4, 0));
        let a = align("PMC_WW", "PMC_WW");
        assert!(a.upright == 0 && a.inverted > 0);
    }

    proptest! {
        /// Nothing from outside makes it fail, and no pair is empty.
        #[test]
        fn any_text_is_aligned(label in ".{0,60}", reading in ".{0,60}") {
            let a = align(&label, &reading);
            prop_assert!(a.pairs.iter().all(|p| p.label.is_some() || p.read.is_some()));
            prop_assert_eq!(a.pairs.iter().filter(|p| !p.agrees()).count(), a.upright);
        }
    }
}
