//! When two headstamps are the same: one rule, at named levels.
//!
//! | level | what does not count | who asks |
//! |---|---|---|
//! | [`Sameness::Written`] | nothing | who looks for slips of the pen |
//! | [`Sameness::Variety`] | where reading starts, letter case, punctuation, dots, spaces within an element, a symbol that nobody has named | the catalogue, proposals, the registry |
//! | [`Sameness::Reader`] | besides: every symbol in brackets, `?`, where elements are joined or parted further, the order of words in an element | figures of what was read |
//!
//! Single marks are looked up by their look: see [`super::look`].

use super::reader::exact;
use super::variety::variety_key;
use serde::Serialize;

/// How much two headstamps must have in common to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sameness {
    /// The same to a reader: the words, whole, in their order round the head.
    Reader,
    /// The same variety, which is what the catalogue holds apart.
    Variety,
    /// The same text.
    Written,
}

impl Sameness {
    /// Whether two headstamps are the same at this level. What is the same at one level need not be so at another: an
    /// element that is parted is the same to a reader and another variety.
    pub fn holds(self, a: &str, b: &str) -> bool {
        match self {
            Self::Reader => exact(a, b),
            Self::Variety => variety_key(a) == variety_key(b),
            Self::Written => a == b,
        }
    }
}

pub use super::reader::{characters, shared, words};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_tell_apart_what_they_say() {
        use Sameness::*;
        let same = |a, b| [Reader, Variety, Written].map(|level| level.holds(a, b));
        assert_eq!(same("FC_LUGER_9MM", "FC_LUGER_9MM"), [true, true, true]);
        assert_eq!(same("FC_LUGER_9MM", "9 mm_•_FC_Luger"), [true, true, false]);
        assert_eq!(same("X_16_[crown]", "X_16_[eagle]"), [true, false, false]);
        assert_eq!(same("WIN_5.56 MM", "WIN_MM 5.56"), [true, false, false]);
        assert_eq!(same("31_94", "94_31"), [true, true, false]);
        assert_eq!(same("31_94", "31_95"), [false; 3]);
        assert_eq!(same("[crown]", "[crown]"), [false, true, true], "a reader of words finds none");
    }
}
