//! The marks the recogniser tells apart. Order is the order of its classes, and the manifest repeats it.

/// Any pictogram or mark outside the alphabet, such as an eagle: present, but not a character.
pub const SYMBOL: &str = "[symbol]";

/// A plain ring or round dent, as large as a character.
pub const CIRCLE: &str = "[circle]";

/// Digits, Latin capitals and lower case, punctuation and symbols that occur in headstamps.
pub const ALPHABET: [&str; 72] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", //
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", //
    "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", //
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", //
    "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z", //
    "&", "+", "-", ".", "/", "•", "*", "⊕", CIRCLE, SYMBOL,
];

/// The class of a mark, or `None` for a text outside the alphabet.
pub fn class_of(text: &str) -> Option<usize> {
    ALPHABET.iter().position(|&a| a == text)
}
