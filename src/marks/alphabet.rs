//! The marks the networks tell apart. Order is the order of their classes, and each manifest repeats it.
//!
//! A class is a look: characters of another script that look like one here share its class, as the Cyrillic В does that of
//! B. Which script is meant is told by what stands beside them ([`crate::notation::script`]).

use crate::model::Classes;

/// A mark that is there but is none of the others, or that no one can read.
pub const UNKNOWN: &str = "?";

/// A plain ring or round dent, as large as a character.
pub const CIRCLE: &str = "[circle]";

/// A five-pointed star as a line; the filled one is `*`.
pub const STAR_OUTLINE: &str = "[star outline]";

/// A word in Arabic letters, which are joined and are one mark together.
pub const ARABIC: &str = "[arabic]";

/// A word in Hebrew letters.
pub const HEBREW: &str = "[hebrew]";

/// Digits, Latin capitals and lower case, punctuation and symbols that occur in headstamps; then what has a look of its own
/// among Cyrillic and Greek capitals, Arabic and Persian digits, further symbols by name, and words of other scripts.
#[rustfmt::skip]
pub const ALPHABET: [&str; 113] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
    "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
    "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z",
    "&", "+", "-", ".", "/", "•", "*", "⊕", CIRCLE, UNKNOWN,
    "Б", "Г", "Д", "Ж", "И", "Й", "Л", "П", "Ф", "Ц", "Ч", "Ш", "Щ", "Ы", "Ь", "Э", "Ю", "Я",
    "Σ", "Λ", "Θ", "Ξ", "Ψ", "Ω",
    "٢", "٣", "٤", "٦", "۴", "۵", "۶",
    "[crown]", "[arrow]", "[diamond]", "[triangle]", "[square]", "[hexagon]", "[anchor]", STAR_OUTLINE,
    ARABIC, HEBREW,
];

/// The alphabet as the classes of a network.
pub const CLASSES: Classes = Classes {
    names: &ALPHABET,
    // Networks before 3.0.0 knew symbols only as such.
    renamed: &[("[symbol]", UNKNOWN)],
    tokens: &[
        (UNKNOWN, "a mark that is there but is none of the others, or that no one can read"),
        (CIRCLE, "a plain ring or round dent, as large as a character"),
        (STAR_OUTLINE, "a five-pointed star as a line"),
        (ARABIC, "a word in Arabic letters, as one mark"),
        (HEBREW, "a word in Hebrew letters, as one mark"),
    ],
};

/// The class of a mark, or `None` for a text outside the alphabet.
pub fn class_of(text: &str) -> Option<usize> {
    ALPHABET.iter().position(|&a| a == text)
}

/// Whether a mark is a symbol, by name or unknown, rather than a character.
pub fn is_symbol(text: &str) -> bool {
    text == UNKNOWN || text.starts_with('[')
}
