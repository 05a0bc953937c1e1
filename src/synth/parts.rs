//! Parts that headstamps of any script are made up from.

use super::dice::Dice;
use crate::marks::ALPHABET;

/// One element: its words, each a list of marks.
pub(super) type Element = Vec<Vec<&'static str>>;

pub(super) fn digits(dice: &mut Dice, count: usize) -> Vec<&'static str> {
    (0..count).map(|_| ALPHABET[dice.int(0, 10)]).collect()
}

pub(super) fn year(dice: &mut Dice) -> Element {
    match dice.weighted(&[6.0, 1.0, 0.5]) {
        0 => vec![digits(dice, 2)],
        1 => vec![[vec![if dice.chance(0.7) { "1" } else { "2" }], digits(dice, 3)].concat()],
        _ => vec![[vec!["0"], digits(dice, 2)].concat()],
    }
}
