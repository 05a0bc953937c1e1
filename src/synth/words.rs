//! Headstamps to render: their elements, made up from what elements are like rather than copied from known heads.

use super::dice::Dice;
use super::parts::{Element, digits, year};
use super::scripts;
use crate::marks::{ALPHABET, CIRCLE, STAR_OUTLINE, UNKNOWN};
use crate::notation::script;
use std::ops::Range;

/// Which headstamps a render may bear. The two sets share none, so that reading is measured on headstamps that no model
/// was fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// Nine in ten headstamps.
    Training,
    /// The tenth: never rendered for training.
    HeldAside,
}

/// Calibre names and other words that are stamped as such.
const WORDS: [&str; 64] = [
    "9MM",
    "LUGER",
    "45 AUTO",
    "40 S&W",
    "380 AUTO",
    "223 REM",
    "308 WIN",
    "30-06 SPRG",
    "5.56 MM",
    "5.56",
    "7.62",
    "7.62x39",
    "7.62x51",
    "5.45x39",
    "9x19",
    "9x18",
    "12",
    "16",
    "20",
    "12 GA",
    "20 GA",
    "410",
    "38 SPL",
    "357 MAG",
    "44 MAG",
    "25 AUTO",
    "32 ACP",
    "45 ACP",
    "6.5",
    "303",
    "30 CARBINE",
    "NATO",
    "MATCH",
    "USA",
    "GERMANY",
    "ITALY",
    "SUPER",
    "SPECIAL",
    "MAGNUM",
    "CAL 50",
    "12.7",
    "14.5",
    "L2A2",
    "M1",
    "Mk 7",
    "VII",
    "MADE IN",
    "7.65",
    "7.92",
    "8x57",
    "6.5x55",
    "300 BLK",
    "243 WIN",
    "270 WIN",
    "222 REM",
    "9 P",
    "9mm",
    "7mm",
    "22",
    "10MM",
    "40",
    "P",
    "MAX",
    "GA",
];

/// Writes elements down in the script that they are in: words joined by spaces, elements by `_`.
pub fn written(elements: &[Element]) -> String {
    let words = |e: &Element| e.iter().map(|w| w.concat()).collect::<Vec<_>>().join(" ");
    let mut elements: Vec<String> = elements.iter().map(words).collect();
    script::settle(elements.iter_mut());
    elements.join("_")
}

/// The marks of a text; characters outside the alphabet are left out.
fn marks(text: &str) -> Vec<&'static str> {
    text.chars().filter_map(|c| ALPHABET.iter().find(|a| a.chars().eq([c])).copied()).collect()
}

fn element(text: &str) -> Element {
    text.split(' ').map(marks).collect()
}

fn letters(dice: &mut Dice, count: usize) -> Vec<&'static str> {
    (0..count).map(|_| ALPHABET[dice.int(10, 36)]).collect()
}

/// Parts of the alphabet with how often jumbles draw from each, for training and for measuring: for training everything,
/// for measuring as it occurs, digits and capitals, and rarely anything else.
const PARTS: [(Range<usize>, f32, f32); 9] = [
    (0..10, 4.0, 5.0),
    (10..36, 5.0, 5.0),
    (36..62, 1.2, 0.25),
    (62..72, 0.5, 0.25),
    // Cyrillic, Greek, Arabic digits, symbols, words
    (72..90, 1.0, 0.1),
    (90..96, 0.25, 0.02),
    (96..103, 0.5, 0.05),
    (103..111, 0.5, 0.1),
    (111..113, 0.15, 0.02),
];

fn any(dice: &mut Dice, count: usize, split: Split) -> Vec<&'static str> {
    let weights = PARTS.map(|(_, training, aside)| if split == Split::Training { training } else { aside });
    (0..count)
        .map(|_| {
            let part = &PARTS[dice.weighted(&weights)].0;
            ALPHABET[dice.int(part.start, part.end)]
        })
        .collect()
}

/// What names the maker: one to four letters, sometimes more, or a works number.
fn maker(dice: &mut Dice) -> Element {
    match dice.weighted(&[5.0, 3.0, 2.0, 0.5, 0.4]) {
        0 => {
            let n = 1 + dice.weighted(&[0.8, 2.0, 3.0, 1.5]);
            vec![letters(dice, n)]
        }
        1 => {
            let n = 1 + dice.weighted(&[0.5, 3.0, 3.0]);
            vec![digits(dice, n)]
        }
        2 => {
            let n = dice.int(5, 10);
            vec![letters(dice, n)]
        }
        3 => {
            let n = dice.int(2, 4);
            vec![(0..n).map(|_| ALPHABET[dice.int(36, 62)]).collect()]
        }
        _ => vec![letters(dice, 1), vec!["&"], letters(dice, 1)].concat_words(),
    }
}

trait ConcatWords {
    fn concat_words(self) -> Element;
}

impl ConcatWords for Vec<Vec<&'static str>> {
    /// One word of all the parts.
    fn concat_words(self) -> Element {
        vec![self.concat()]
    }
}

fn symbol(dice: &mut Dice) -> Element {
    const COMMON: [&str; 10] = ["*", "*", "⊕", "•", "•", "+", "-", UNKNOWN, CIRCLE, STAR_OUTLINE];
    const NAMED: Range<usize> = 103..110;
    vec![vec![if dice.chance(0.35) { ALPHABET[dice.int(NAMED.start, NAMED.end)] } else { *dice.pick(&COMMON) }]]
}

/// The elements of one head, the maker's first, in clockwise order.
pub fn headstamp(dice: &mut Dice, split: Split) -> Vec<Element> {
    loop {
        let mut elements = draft(dice, split);
        if split == Split::Training && dice.chance(DOTTED) {
            elements = dotted(dice, elements);
        }
        if split_of(&written(&elements)) == split {
            return elements;
        }
    }
}

/// Share of training heads that bear dots between their elements, more than in the field: the dot is the mark that is most
/// easily taken for another.
const DOTTED: f32 = 0.2;

/// Dots between elements, here and there.
fn dotted(dice: &mut Dice, elements: Vec<Element>) -> Vec<Element> {
    let often = dice.range(0.3, 1.0);
    let mut out = Vec::with_capacity(2 * elements.len());
    for element in elements {
        out.push(element);
        if dice.chance(often) {
            out.push(vec![vec!["•"]]);
        }
    }
    out
}

/// The set a headstamp belongs to: by a hash of its written form (FNV-1a, 64 bit).
pub fn split_of(headstamp: &str) -> Split {
    let hash = headstamp.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ b as u64).wrapping_mul(0x100_0000_01b3));
    if (hash >> 32) % 10 == 0 { Split::HeldAside } else { Split::Training }
}

fn draft(dice: &mut Dice, split: Split) -> Vec<Element> {
    // Two-element military heads are the commonest in the field; jumbles occur nowhere but in training.
    let kinds = if split == Split::Training { [2.5, 2.0, 2.5, 1.5, 1.5, 1.2] } else { [3.5, 2.0, 2.5, 1.5, 0.0, 0.3] };
    match dice.weighted(&kinds) {
        // military, two elements: works and year
        0 => vec![maker(dice), year(dice)],
        // military, more elements
        1 => {
            let mut e = vec![maker(dice), year(dice)];
            for _ in 0..dice.int(1, 4) {
                let extra = match dice.weighted(&[2.0, 1.5, 1.0, 1.0]) {
                    0 => symbol(dice),
                    1 => element(WORDS[dice.int(0, WORDS.len())]),
                    2 => {
                        let n = dice.int(1, 3);
                        vec![digits(dice, n)]
                    }
                    _ => {
                        let n = dice.int(1, 3);
                        vec![letters(dice, n)]
                    }
                };
                let place = dice.int(1, e.len() + 1);
                e.insert(place, extra);
            }
            e
        }
        // commercial: maker and calibre, perhaps a word more, dots between
        2 => {
            let mut e = vec![maker(dice)];
            for _ in 0..dice.int(1, 3) {
                e.push(element(WORDS[dice.int(0, WORDS.len())]));
            }
            if dice.chance(0.35) {
                let dot = || vec![vec!["•"]];
                e = e.into_iter().flat_map(|x| [x, dot()]).collect();
                if dice.chance(0.5) {
                    e.pop();
                }
            }
            e
        }
        // single characters and short groups, each an element
        3 => (0..dice.int(3, 6))
            .map(|_| {
                let n = 1 + dice.weighted(&[3.0, 1.0]);
                vec![any(dice, n, split)]
            })
            .collect(),
        5 => scripts::headstamp(dice),
        // anything, so that every class is seen beside every other
        _ => (0..dice.int(1, 5))
            .map(|_| {
                let n = dice.int(1, 8);
                vec![any(dice, n, split)]
            })
            .collect(),
    }
}

/// Random marks for a ring as full as it can be: heads that do not exist, but that teach characters fast.
pub fn crowd(dice: &mut Dice) -> Vec<Element> {
    let elements: Vec<Element> = (0..dice.int(7, 14))
        .map(|_| {
            let n = 1 + dice.weighted(&[3.0, 3.0, 3.0, 1.0, 1.0, 1.0]);
            vec![any(dice, n, Split::Training)]
        })
        .collect();
    if dice.chance(DOTTED) { dotted(dice, elements) } else { elements }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which headstamps are kept aside must never change: networks were trained on the others.
    #[test]
    fn the_same_headstamps_are_kept_aside_for_ever() {
        let aside = ["21_77", "A_•_9 MM_•", "10_61", "10_98", "31_60", "31_95", "539_62", "539_97"];
        let training = ["FC_LUGER_9MM", "LC_14_⊕", "10_88", "Д_Ф_39_В", "31_94", "945_05", "БПЗ_1983", "•_C_•_7"];
        assert!(aside.iter().all(|h| split_of(h) == Split::HeldAside));
        assert!(training.iter().all(|h| split_of(h) == Split::Training));
    }

    #[test]
    fn the_two_sets_share_no_headstamp() {
        let mut dice = Dice::new(7, 0);
        for _ in 0..200 {
            let aside = headstamp(&mut dice, Split::HeldAside);
            assert_eq!(split_of(&written(&aside)), Split::HeldAside);
        }
    }

    #[test]
    fn the_parts_make_the_alphabet() {
        let all: Vec<usize> = PARTS.iter().flat_map(|p| p.0.clone()).collect();
        assert_eq!(all, (0..ALPHABET.len()).collect::<Vec<_>>());
    }

    #[test]
    fn every_word_is_in_the_alphabet() {
        for word in WORDS {
            assert_eq!(written(&[element(word)]), word);
        }
    }
}
