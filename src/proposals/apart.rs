//! Elements that make one known word: its characters stand so far apart that each seems to be an element.

use super::plane::{Spot, wrap};
use super::proposal::Element;
use super::vocabulary::Vocabulary;
use crate::marks::Direction;

/// Elements that are tried as one.
const MOST: usize = 6;
/// Greatest distance of neighbouring characters, middle to middle, in units of their height.
const WIDEST: f32 = 3.0;
/// Greatest ratio of the heights of neighbours.
const UNEQUAL: f32 = 1.4;
/// Least prior of a word worth joining.
pub(super) const KNOWN: f32 = 1.0;
/// What it costs that its characters stand apart.
pub(super) const APART: f32 = 0.5;
/// What may stand beside a word and is no part of it.
const BESIDE: [char; 2] = ['•', ' '];
/// Greatest step from one to the next, in degrees.
const FARTHEST: f32 = 90.0;

/// Joins consecutive elements of a head, in clockwise order, where together they are a known word and likelier so; and by
/// how much what is known of them grows by that, and the logarithm of their probability.
pub(super) fn join(elements: &mut Vec<Element>, spots: &[Spot], vocabulary: &dyn Vocabulary) -> (f32, f32) {
    let (mut known, mut score) = (0.0, 0.0);
    for count in (2..=MOST.min(elements.len())).rev() {
        let mut first = 0;
        while first < elements.len() && elements.len() >= count {
            let run: Vec<usize> = (0..count).map(|k| (first + k) % elements.len()).collect();
            if let Some((element, more)) = together(elements, &run, spots, vocabulary) {
                known += more;
                score += more - APART;
                elements[first] = element;
                let mut others = run[1..].to_vec();
                others.sort_unstable_by(|a, b| b.cmp(a));
                others.into_iter().for_each(|i| drop(elements.remove(i)));
            }
            first += 1;
        }
    }
    (known, score)
}

/// The elements as one, if they stand in one row and are a known word, and by how much more that is known than its parts.
fn together(
    elements: &[Element],
    run: &[usize],
    spots: &[Spot],
    vocabulary: &dyn Vocabulary,
) -> Option<(Element, f32)> {
    let direction = elements[run[0]].direction;
    let inward = direction == Direction::Inward;
    if !inward && direction != Direction::Outward {
        return None;
    }
    let mut parts: Vec<&Element> = run.iter().map(|&i| &elements[i]).collect();
    if inward {
        parts.reverse();
    }
    let word: String = parts.iter().map(|e| bare(e)).collect();
    let one = |e: &&Element| bare(e).chars().count() == 1;
    let plain = |e: &&Element| e.direction == direction && !bare(e).is_empty() && !bare(e).contains(' ');
    // groups of digits are numbers of their own
    let letters = word.chars().all(char::is_alphabetic);
    if !parts.iter().all(plain) || !(letters || parts.iter().all(one)) {
        return None;
    }
    let known = vocabulary.element_log_prior(&word);
    let more = known - parts.iter().map(|e| vocabulary.element_log_prior(bare(e))).sum::<f32>();
    let close = parts.windows(2).all(|w| close(end(w[0], spots, false), end(w[1], spots, true), inward));
    if known < KNOWN || more < APART || !close {
        return None;
    }
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let before = &first.text[..first.text.len() - first.text.trim_start_matches(BESIDE).len()];
    let after = &last.text[last.text.trim_end_matches(BESIDE).len()..];
    let (from, to) = (elements[run[0]].clock_deg, elements[run[run.len() - 1]].clock_deg);
    let element = Element {
        text: [before, &word, after].concat(),
        clock_deg: (from + (to - from).rem_euclid(360.0) / 2.0).rem_euclid(360.0),
        direction,
        marks: parts.iter().flat_map(|e| e.marks.iter().copied()).collect(),
        confidence: parts.iter().map(|e| e.confidence).product(),
    };
    Some((element, more))
}

/// The text of an element without the dots beside it.
pub(super) fn bare(element: &Element) -> &str {
    element.text.trim_matches(BESIDE)
}

/// The first or last character of an element, dots aside.
fn end<'a>(element: &Element, spots: &'a [Spot], first: bool) -> Option<&'a Spot> {
    let mut marks = element.marks.iter().filter_map(|m| spots.iter().find(|s| s.mark == *m));
    let letter = |s: &&Spot| s.text != "•";
    if first { marks.find(letter) } else { marks.rfind(letter) }
}

/// Whether the second stands beside the first, clockwise of it, or anticlockwise where text faces inward.
fn close(a: Option<&Spot>, b: Option<&Spot>, inward: bool) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let height = (a.height + b.height) / 2.0;
    let equal = (a.height / b.height).max(b.height / a.height) < UNEQUAL;
    let step = wrap(b.clock - a.clock) * if inward { -1.0 } else { 1.0 };
    equal && (0.0..FARTHEST).contains(&step) && (a.x - b.x).hypot(a.y - b.y) < WIDEST * height
}
