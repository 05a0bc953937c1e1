//! Writing a headstamp down, reading it back, and comparing two of them.

use std::fmt;
use std::str::FromStr;

/// One sign of an element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sign {
    /// A character as stamped; also `*` star, `⊕` NATO mark, `•` dot.
    Char(char),
    /// Any other symbol, by name: `[crown]`.
    Named(String),
    /// A mark that is there but not legible: `?`.
    Unknown,
    /// The space between two words of one element.
    Space,
}

/// A headstamp: elements in clockwise order, each in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Headstamp {
    /// No element is empty, begins or ends with a space, or has two spaces in a row.
    pub elements: Vec<Vec<Sign>>,
}

/// Why a text is not a headstamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotationError {
    /// A bracket was opened and not closed, closed and not opened, or holds nothing.
    #[error("a bracket is not in order at character {0}: symbols are written like [crown]")]
    Bracket(usize),
    /// A character that cannot be stamped.
    #[error("character {0} is a control character")]
    Control(usize),
    /// Nothing but separators.
    #[error("there is no mark in it")]
    Empty,
}

impl FromStr for Headstamp {
    type Err = NotationError;

    /// Empty elements and needless spaces are passed over, so that what people type is taken.
    fn from_str(text: &str) -> Result<Self, NotationError> {
        let mut elements = vec![Vec::new()];
        let mut chars = text.chars().enumerate();
        while let Some((at, c)) = chars.next() {
            let sign = match c {
                '_' => {
                    elements.push(Vec::new());
                    continue;
                }
                '[' => Sign::Named(name(&mut chars).ok_or(NotationError::Bracket(at + 1))?),
                ']' => return Err(NotationError::Bracket(at + 1)),
                '?' => Sign::Unknown,
                c if c.is_whitespace() => Sign::Space,
                c if c.is_control() => return Err(NotationError::Control(at + 1)),
                c => Sign::Char(c),
            };
            if let Some(element) = elements.last_mut() {
                element.push(sign);
            }
        }
        let elements: Vec<_> = elements.into_iter().map(tidy).filter(|e| !e.is_empty()).collect();
        if elements.is_empty() { Err(NotationError::Empty) } else { Ok(Self { elements }) }
    }
}

/// The rest of a bracket, or `None` where it is not in order.
fn name(chars: &mut impl Iterator<Item = (usize, char)>) -> Option<String> {
    let mut name = String::new();
    for (_, c) in chars {
        match c {
            ']' => return Some(name.trim().to_owned()).filter(|n| !n.is_empty()),
            '[' | '_' => return None,
            c if c.is_control() => return None,
            c => name.push(c),
        }
    }
    None
}

fn tidy(signs: Vec<Sign>) -> Vec<Sign> {
    let mut out: Vec<Sign> = Vec::with_capacity(signs.len());
    for sign in signs {
        if sign != Sign::Space || out.last().is_some_and(|s| *s != Sign::Space) {
            out.push(sign);
        }
    }
    if out.last() == Some(&Sign::Space) {
        out.pop();
    }
    out
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(c) => write!(f, "{c}"),
            Self::Named(name) => write!(f, "[{name}]"),
            Self::Unknown => f.write_str("?"),
            Self::Space => f.write_str(" "),
        }
    }
}

impl fmt::Display for Headstamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, element) in self.elements.iter().enumerate() {
            if i > 0 {
                f.write_str("_")?;
            }
            element.iter().try_for_each(|sign| sign.fmt(f))?;
        }
        Ok(())
    }
}

impl Headstamp {
    /// What two writings of one headstamp have in common: it does not depend on where reading starts, nor on letter case,
    /// punctuation, dots, the spaces within an element, or a symbol that nobody has named. For comparing, not for reading.
    pub fn variety_key(&self) -> String {
        let keys: Vec<String> = self.elements.iter().map(|e| element_key(e)).filter(|k| !k.is_empty()).collect();
        let start = least_rotation(&keys);
        let (front, back) = keys.split_at(start);
        [back, front].concat().join("_")
    }
}

/// [`Headstamp::variety_key`] of a text; one that is no headstamp is its own key.
pub fn variety_key(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |h: Headstamp| h.variety_key())
}

fn element_key(element: &[Sign]) -> String {
    let mut key = String::new();
    for sign in element {
        match sign {
            Sign::Char('★' | '☆') => key.push('*'),
            Sign::Char('×') => key.push('X'),
            Sign::Char(c) if !".·•-–\"'“”/,:;".contains(*c) => key.extend(c.to_uppercase()),
            Sign::Named(name) if name != "symbol" => key.extend(["[", &name.to_lowercase(), "]"]),
            Sign::Unknown => key.push('?'),
            _ => {}
        }
    }
    key
}

/// Where the least rotation of a ring starts, in linear time.
fn least_rotation<T: Ord>(ring: &[T]) -> usize {
    let n = ring.len();
    let (mut a, mut b, mut run) = (0, 1, 0);
    while a < n && b < n && run < n {
        match ring[(a + run) % n].cmp(&ring[(b + run) % n]) {
            std::cmp::Ordering::Equal => run += 1,
            std::cmp::Ordering::Greater => (a, run) = ((a + run + 1).max(b + 1), 0),
            std::cmp::Ordering::Less => (b, run) = ((b + run + 1).max(a + 1), 0),
        }
        if a == b {
            b += 1;
        }
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
    }
    a.min(b) % n.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sign() -> impl Strategy<Value = Sign> {
        prop_oneof![
            8 => prop::sample::select("09AZaz&+-./•*⊕Д١".chars().collect::<Vec<_>>()).prop_map(Sign::Char),
            1 => "[a-z]([a-z ]{0,6}[a-z])?".prop_map(Sign::Named),
            1 => Just(Sign::Unknown),
            1 => Just(Sign::Space),
        ]
    }

    fn headstamp() -> impl Strategy<Value = Headstamp> {
        prop::collection::vec(prop::collection::vec(sign(), 1..8), 1..7)
            .prop_map(|e| Headstamp { elements: e.into_iter().map(tidy).filter(|e| !e.is_empty()).collect() })
            .prop_filter("a mark", |h| !h.elements.is_empty())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(h in headstamp()) {
            prop_assert_eq!(h.to_string().parse::<Headstamp>(), Ok(h));
        }

        #[test]
        fn any_text_parses_or_fails_and_then_stays(text in "\\PC{0,40}") {
            if let Ok(h) = text.parse::<Headstamp>() {
                prop_assert_eq!(h.to_string().parse::<Headstamp>(), Ok(h));
            }
        }

        #[test]
        fn the_key_does_not_depend_on_the_start(h in headstamp(), by in 0usize..7) {
            let mut turned = h.clone();
            let n = turned.elements.len();
            turned.elements.rotate_left(by % n);
            prop_assert_eq!(turned.variety_key(), h.variety_key());
        }

        #[test]
        fn the_least_rotation_is_least(ring in prop::collection::vec(0u8..3, 1..9)) {
            let turn = |by: usize| [&ring[by..], &ring[..by]].concat();
            let least = (0..ring.len()).map(turn).min();
            prop_assert_eq!(Some(turn(least_rotation(&ring))), least);
        }
    }

    #[test]
    fn varieties_compare_by_what_is_stamped() {
        assert_eq!(variety_key("FC_LUGER_9MM"), variety_key("9 mm_•_FC_Luger"));
        assert_eq!(variety_key("X_16_[symbol]_16"), variety_key("16_16_x"));
        assert_ne!(variety_key("31_94"), variety_key("319_4"));
        assert_ne!(variety_key("A_B_C"), variety_key("C_B_A"));
        assert_ne!(variety_key("X_[crown]"), variety_key("X_[eagle]"));
    }

    #[test]
    fn disorder_is_named() {
        assert_eq!("A_[cro".parse::<Headstamp>(), Err(NotationError::Bracket(3)));
        assert_eq!("A]".parse::<Headstamp>(), Err(NotationError::Bracket(2)));
        assert_eq!(" __ ".parse::<Headstamp>(), Err(NotationError::Empty));
        assert_eq!("A\u{7}".parse::<Headstamp>(), Err(NotationError::Control(2)));
    }
}
