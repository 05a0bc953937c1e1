//! Characters turned upside down: what they then are, and how far their own direction can be trusted.

use crate::marks::{CIRCLE, STAR_OUTLINE, UNKNOWN, is_symbol};
use crate::notation::turned;

/// What the marks' own direction weighs.
pub(super) const TURN: f32 = 2.2;

/// The character that `text` is upside down; `None` where it is none.
pub(super) fn upside_down(text: &'static str) -> Option<&'static str> {
    if round(text) {
        return Some(text);
    }
    turned::upside_down(text)
}

/// How much a character's own direction says about which way its word runs, 0..1.
pub(super) fn direction_weight(text: &'static str) -> f32 {
    match text {
        "O" | "o" | "X" | "x" | "[diamond]" | "[square]" | "[hexagon]" => 0.05,
        _ if round(text) && text != "*" => 0.05,
        "0" | "8" | "H" | "I" | "N" | "S" | "Z" | "l" | "s" | "z" | "-" | "/" | "*" | "Ж" | "И" | "Ф" | "Θ" | "Ξ" => {
            0.5
        }
        "1" => 0.6,
        _ if upside_down(text).is_some() => 0.6,
        _ => 1.0,
    }
}

/// Whether not even the axis of a mark can be told from its shape.
pub(super) fn round(text: &'static str) -> bool {
    matches!(text, "•" | "." | "⊕" | "+" | "*" | CIRCLE | STAR_OUTLINE | UNKNOWN)
}

/// Whether a mark is a symbol that seldom belongs to the word beside it.
pub(super) fn apart(text: &'static str) -> bool {
    (round(text) || is_symbol(text)) && text != "."
}

/// Whether a mark is much smaller than the characters beside it, or off their middle.
pub(super) fn small(text: &'static str) -> bool {
    matches!(text, "•" | "." | "-" | "*" | "+")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::ALPHABET;

    #[test]
    fn turning_twice_changes_nothing() {
        for text in ALPHABET {
            if let Some(turned) = upside_down(text) {
                assert_eq!(upside_down(turned), Some(text));
            }
        }
    }
}
