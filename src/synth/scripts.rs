//! Headstamps in other scripts than Latin, as marks look: В is written `B`.

use super::dice::Dice;
use super::parts::{Element, digits, year};
use crate::marks::{ARABIC, HEBREW};

/// Cyrillic capitals by their looks; those of their own look are twice as likely, since they tell the script.
const CYRILLIC: [&str; 31] = [
    "A", "B", "E", "K", "M", "H", "O", "P", "C", "T", "X", "Y", "3", //
    "Б", "Г", "Д", "Ж", "И", "Й", "Л", "П", "Ф", "Ц", "Ч", "Ш", "Щ", "Ы", "Ь", "Э", "Ю", "Я",
];
const CYRILLIC_OWN: usize = 13;
/// Greek capitals by their looks.
const GREEK: [&str; 23] = [
    "A", "B", "E", "Z", "H", "I", "K", "M", "N", "O", "P", "T", "Y", "X", //
    "Г", "П", "Ф", "Σ", "Λ", "Θ", "Ξ", "Ψ", "Ω",
];
const GREEK_OWN: usize = 14;
/// Arabic digits from 0 on by their looks, and Persian ones.
const ARABIC_DIGITS: [&str; 10] = ["•", "I", "٢", "٣", "٤", "O", "٦", "V", "Λ", "9"];
const PERSIAN_DIGITS: [&str; 10] = ["•", "I", "٢", "٣", "۴", "۵", "۶", "V", "Λ", "9"];
/// The first of them that is a mark by itself: a nought is a dot.
const AFTER_NOUGHT: usize = 1;

/// A headstamp in another script.
pub(super) fn headstamp(dice: &mut Dice) -> Vec<Element> {
    match dice.weighted(&[5.0, 3.0, 1.0, 2.0]) {
        0 => {
            let mut elements = vec![letters(&CYRILLIC, CYRILLIC_OWN, dice), year(dice)];
            if dice.chance(0.4) {
                let extra = if dice.chance(0.5) {
                    vec![vec![*dice.pick(&CYRILLIC[CYRILLIC_OWN..])]]
                } else {
                    let n = dice.int(1, 4);
                    vec![digits(dice, n)]
                };
                elements.push(extra);
            }
            elements
        }
        1 => {
            let all = if dice.chance(0.35) { &PERSIAN_DIGITS } else { &ARABIC_DIGITS };
            let mut elements: Vec<Element> = (0..dice.int(1, 4)).map(|_| vec![number(all, dice)]).collect();
            if dice.chance(0.3) {
                elements.push(vec![vec![ARABIC]]);
            }
            elements
        }
        2 => vec![letters(&GREEK, GREEK_OWN, dice), year(dice)],
        _ => {
            let word = if dice.chance(0.7) { ARABIC } else { HEBREW };
            let mut elements = vec![vec![vec![word]], year(dice)];
            if dice.chance(0.5) {
                elements.push(if dice.chance(0.5) { vec![vec![word]] } else { vec![vec!["*"]] });
            }
            elements
        }
    }
}

/// One to four letters.
fn letters(all: &[&'static str], own: usize, dice: &mut Dice) -> Element {
    let count = 1 + dice.weighted(&[1.0, 2.0, 3.0, 1.0]);
    vec![(0..count).map(|_| if dice.chance(0.6) { *dice.pick(&all[own..]) } else { *dice.pick(all) }).collect()]
}

/// One to four digits. Noughts are left to the dots between elements, which look the same and stand apart.
fn number(all: &[&'static str; 10], dice: &mut Dice) -> Vec<&'static str> {
    let count = 1 + dice.weighted(&[1.0, 4.0, 1.0, 2.0]);
    (0..count).map(|_| *dice.pick(&all[AFTER_NOUGHT..])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::class_of;

    #[test]
    fn every_mark_is_in_the_alphabet() {
        let all = CYRILLIC.iter().chain(&GREEK).chain(&ARABIC_DIGITS).chain(&PERSIAN_DIGITS);
        assert!(all.into_iter().all(|text| class_of(text).is_some()));
    }
}
