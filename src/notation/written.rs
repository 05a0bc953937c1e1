//! Writing a headstamp down, and reading it back.

use std::fmt;
use std::str::FromStr;

/// Signs that people put or leave out as they like: no two headstamps differ by them alone.
pub(super) const PUNCTUATION: &str = ".·•-–\"'“”/,:;";

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

/// One element, in its written form: it is not empty, does not begin or end with a space, and has no two in a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Element(String);

impl Element {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its signs, in reading order.
    pub fn signs(&self) -> impl Iterator<Item = Sign> + '_ {
        let mut chars = self.0.chars().enumerate();
        std::iter::from_fn(move || {
            let (_, c) = chars.next()?;
            // its brackets are in order
            Some(if c == '[' { Sign::Named(name(&mut chars)?) } else { Sign::of(c) })
        })
    }
}

/// A headstamp: elements in clockwise order, each in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Headstamp(Vec<Element>);

impl Headstamp {
    /// Its elements.
    pub fn elements(&self) -> &[Element] {
        &self.0
    }
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
        let mut elements = Vec::new();
        let mut element = String::new();
        let mut chars = text.chars().enumerate();
        while let Some((at, c)) = chars.next() {
            match c {
                '_' => end(&mut element, &mut elements),
                '[' => {
                    let name = name(&mut chars).ok_or(NotationError::Bracket(at + 1))?;
                    element.extend(["[", &name, "]"]);
                }
                ']' => return Err(NotationError::Bracket(at + 1)),
                c if c.is_whitespace() => {
                    if !element.is_empty() && !element.ends_with(' ') {
                        element.push(' ');
                    }
                }
                c if c.is_control() => return Err(NotationError::Control(at + 1)),
                c => element.push(c),
            }
        }
        end(&mut element, &mut elements);
        if elements.is_empty() { Err(NotationError::Empty) } else { Ok(Self(elements)) }
    }
}

/// Puts a finished element to the others.
fn end(element: &mut String, elements: &mut Vec<Element>) {
    if element.ends_with(' ') {
        element.pop();
    }
    if !element.is_empty() {
        elements.push(Element(std::mem::take(element)));
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

impl Sign {
    fn of(c: char) -> Self {
        match c {
            '?' => Self::Unknown,
            ' ' => Self::Space,
            c => Self::Char(c),
        }
    }
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
        for (i, element) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("_")?;
            }
            f.write_str(&element.0)?;
        }
        Ok(())
    }
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

    fn element() -> impl Strategy<Value = Vec<Sign>> {
        let tidy = |e: &Vec<Sign>| {
            e.first() != Some(&Sign::Space)
                && e.last() != Some(&Sign::Space)
                && e.windows(2).all(|w| w != [Sign::Space, Sign::Space])
        };
        prop::collection::vec(sign(), 1..8).prop_filter("no needless space", tidy)
    }

    fn written(elements: &[Vec<Sign>]) -> String {
        elements.iter().map(|e| e.iter().map(Sign::to_string).collect::<String>()).collect::<Vec<_>>().join("_")
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(elements in prop::collection::vec(element(), 1..7)) {
            let h: Headstamp = written(&elements).parse().unwrap();
            prop_assert_eq!(h.to_string(), written(&elements));
            let signs: Vec<Vec<Sign>> = h.elements().iter().map(|e| e.signs().collect()).collect();
            prop_assert_eq!(signs, elements);
        }

        #[test]
        fn any_text_parses_or_fails_and_then_stays(text in "\\PC{0,40}") {
            if let Ok(h) = text.parse::<Headstamp>() {
                prop_assert_eq!(h.to_string().parse::<Headstamp>(), Ok(h));
            }
        }
    }

    #[test]
    fn disorder_is_named() {
        assert_eq!("A_[cro".parse::<Headstamp>(), Err(NotationError::Bracket(3)));
        assert_eq!("A]".parse::<Headstamp>(), Err(NotationError::Bracket(2)));
        assert_eq!(" __ ".parse::<Headstamp>(), Err(NotationError::Empty));
        assert_eq!("A\u{7}".parse::<Headstamp>(), Err(NotationError::Control(2)));
    }
}
