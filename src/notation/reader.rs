//! When two headstamps are the same to a reader.
//!
//! The rule is that of a person who copies a headstamp down: the words, whole, in their order round the head. Where one
//! begins, upper or lower case, punctuation and dots do not count, nor where elements are joined or parted further;
//! words of one element may stand in either order, since text that faces inward runs the other way round.

use super::written::PUNCTUATION;
use std::collections::BTreeSet;

/// Elements beyond this stand in one order only, which bounds the work.
const MOST_TURNED: usize = 8;

/// Elements as lists of comparable words.
pub fn words(headstamp: &str) -> Vec<Vec<String>> {
    let mut bare = String::new();
    let mut depth = 0usize;
    for c in headstamp.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '×' => bare.push('x'),
            '★' | '☆' => bare.push('*'),
            _ => bare.extend(c.to_lowercase()),
        }
    }
    let word = |w: &str| w.chars().filter(|c| *c != '?' && !PUNCTUATION.contains(*c)).collect::<String>();
    bare.split('_')
        .map(|e| e.split_whitespace().map(word).filter(|w| !w.is_empty()).collect::<Vec<_>>())
        .filter(|e| !e.is_empty())
        .collect()
}

/// Every order of the words: each element forward or backward.
fn orders(elements: &[Vec<String>]) -> Vec<Vec<&str>> {
    let mut out: Vec<Vec<&str>> = vec![Vec::new()];
    for (i, element) in elements.iter().enumerate() {
        let both = element.len() > 1 && i < MOST_TURNED;
        out = out
            .into_iter()
            .flat_map(|before| {
                let forward = before.iter().copied().chain(element.iter().map(String::as_str)).collect();
                let backward =
                    both.then(|| before.iter().copied().chain(element.iter().rev().map(String::as_str)).collect());
                std::iter::once(forward).chain(backward)
            })
            .collect();
    }
    out
}

/// The characters that count, sorted.
pub fn characters(headstamp: &str) -> Vec<char> {
    let mut all: Vec<char> = words(headstamp).concat().concat().chars().collect();
    all.sort_unstable();
    all
}

/// How many characters two headstamps share, as bags.
pub fn shared(a: &str, b: &str) -> usize {
    let (a, b) = (characters(a), characters(b));
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, n) = (i + 1, j + 1, n + 1),
        }
    }
    n
}

/// Where words end in the text that they make together.
fn ends(words: &[&str]) -> BTreeSet<usize> {
    words
        .iter()
        .scan(0, |at, w| {
            *at += w.len();
            Some(*at)
        })
        .collect()
}

/// Whether a reading is exactly right; a label without words is never read.
pub(super) fn exact(label: &str, reading: &str) -> bool {
    if characters(label).is_empty() || characters(label) != characters(reading) {
        return false;
    }
    let (label, reading) = (words(label), words(reading));
    let read: Vec<(String, BTreeSet<usize>)> = orders(&reading).iter().map(|r| (r.concat(), ends(r))).collect();
    orders(&label).into_iter().any(|mut order| {
        (0..order.len()).any(|_| {
            order.rotate_left(1);
            let (text, ends) = (order.concat(), ends(&order));
            read.iter().any(|(t, e)| *t == text && ends.is_subset(e))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_and_what_does_not() {
        assert!(exact("WIN_USA_5.56 MM", "5.56_MM_Win_•_USA"));
        assert!(exact("WIN_USA_5.56 MM", "USA_MM_5.56_WIN"), "words of one element stand in either order");
        assert!(exact("AGUILA_16_[eagle]_16", "16_[symbol]_16_AGUILA"));
        assert!(!exact("WIN_USA", "WINUSA"), "words must end where the label's do");
        assert!(!exact("17_88", "71_88"));
        assert!(!exact("A_B_C", "A_C_B"), "order round the head counts");
        assert!(!exact("*_A", "A"), "a star counts");
        assert!(!exact("", ""));
    }

    #[test]
    fn characters_are_shared_as_bags() {
        assert_eq!((shared("FC_LUGER", "FC_LUGAR"), characters("F-C_9").len()), (6, 3));
    }
}
