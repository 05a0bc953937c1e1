//! Slips of the pen: how a headstamp is written, by itself and beside others that are nearly the same.

use super::company::Company;
use super::reason::{Reason, Signal};
use crate::notation::look::latin_look;
use crate::notation::{Headstamp, variety_key};
use std::collections::HashMap;

/// Letters that are typed for digits.
const FOR_DIGITS: [(char, char); 4] = [('O', '0'), ('o', '0'), ('I', '1'), ('l', '1')];
/// How probable it is that a letter among digits is a slip: there are heads that bear one, and what the marks say of it is said
/// by them. And that two scripts in one element are.
const LETTER: f64 = 0.4;
const LETTER_BESIDE_MARKS: f64 = 0.1;
const SCRIPTS: f64 = 0.6;
/// How much rarer than the other way one must be to be taken for its slip, and how many entries that must have.
const RARER: u32 = 2;
const LEAST: u32 = 2;
/// How probable a slip is then, at most.
const MOST: f64 = 0.6;

/// Headstamps by what is left of them when slips do not count.
#[derive(Debug, Default)]
pub(super) struct Forms {
    joined: HashMap<String, Vec<String>>,
    ordered: HashMap<String, Vec<String>>,
}

/// What kind of slip would make one of the other.
#[derive(Debug, Clone, Copy)]
enum Slip {
    Parted,
    Order,
}

impl Forms {
    pub(super) fn of(company: &Company) -> Self {
        let mut forms = Self::default();
        for (key, _) in company.all() {
            forms.joined.entry(joined(key)).or_default().push(key.to_owned());
            forms.ordered.entry(ordered(key)).or_default().push(key.to_owned());
        }
        forms
    }

    /// Everything that looks like a slip in a headstamp, which is held against marks or not.
    pub(super) fn reasons(&self, headstamp: &str, beside_marks: bool, company: &Company) -> Vec<Reason> {
        let mut all = alone(headstamp, beside_marks);
        let entered = variety_key(headstamp);
        let mine = company.get(&entered).map_or(1, |k| k.entries);
        let ways =
            [(Slip::Parted, self.joined.get(&joined(&entered))), (Slip::Order, self.ordered.get(&ordered(&entered)))];
        let mut told: Option<&str> = None;
        for (slip, keys) in ways {
            let others = keys.into_iter().flatten().filter(|key| **key != entered).filter_map(|key| company.get(key));
            let Some(most) = others.max_by(|a, b| a.entries.cmp(&b.entries).then_with(|| b.written.cmp(&a.written)))
            else {
                continue;
            };
            if most.entries < LEAST || most.entries < RARER * mine || told.is_some_and(|t| t == most.written) {
                continue;
            }
            told = Some(&most.written);
            let share = f64::from(most.entries) / f64::from(most.entries + mine);
            let what = match slip {
                Slip::Parted => "the same characters, parted or written otherwise",
                Slip::Order => "the same elements in another order",
            };
            let text = format!("{} entries have {}: {what}", most.entries, most.written);
            all.push(Reason { signal: Signal::Slip, wrong: MOST * share, text, instead: Some(most.written.clone()) });
        }
        all
    }
}

/// What can be told of a headstamp by itself.
fn alone(headstamp: &str, beside_marks: bool) -> Vec<Reason> {
    let Ok(parsed) = headstamp.parse::<Headstamp>() else { return Vec::new() };
    let letter = if beside_marks { LETTER_BESIDE_MARKS } else { LETTER };
    let mut all = Vec::new();
    for element in parsed.elements() {
        for word in element.as_str().split(' ') {
            let typed = |c: char| FOR_DIGITS.iter().find(|(letter, _)| *letter == c).map(|(_, digit)| *digit);
            let digits: String = word.chars().map(|c| typed(c).unwrap_or(c)).collect();
            let among = word.chars().any(|c| c.is_ascii_digit()) && digits != word;
            if among && digits.chars().all(|c| c.is_ascii_digit()) {
                let text = format!("{word}: a letter among digits, likely {digits}");
                let instead = headstamp.replacen(word, &digits, 1);
                all.push(Reason { signal: Signal::Slip, wrong: letter, text, instead: Some(instead) });
            }
            let latin = word.chars().any(|c| c.is_ascii_alphabetic());
            let other =
                word.chars().find(|c| !c.is_ascii() && c.is_alphabetic() && latin_look(*c).is_ascii_alphabetic());
            if let Some(c) = other.filter(|_| latin) {
                let text = format!(
                    "{word}: {c} is of another script than the letters beside it, and looks like {}",
                    latin_look(c)
                );
                all.push(Reason { signal: Signal::Slip, wrong: SCRIPTS, text, instead: None });
            }
        }
    }
    all
}

/// As it looks, without how it is parted: letters of other scripts and letters for digits as what they look like.
fn joined(key: &str) -> String {
    let signs: Vec<char> = key.chars().filter(|c| *c != '_').map(folded).collect();
    let n = signs.len();
    let from = (0..n).min_by(|a, b| (0..n).map(|i| signs[(a + i) % n]).cmp((0..n).map(|i| signs[(b + i) % n])));
    from.map(|from| (0..n).map(|i| signs[(from + i) % n]).collect()).unwrap_or_default()
}

/// Its elements as they look, whatever their order.
fn ordered(key: &str) -> String {
    let mut elements: Vec<String> = key.split('_').map(|e| e.chars().map(folded).collect()).collect();
    elements.sort_unstable();
    elements.join("_")
}

fn folded(c: char) -> char {
    let c = latin_look(c);
    FOR_DIGITS.iter().find(|(letter, _)| *letter == c).map_or(c, |(_, digit)| *digit)
}
