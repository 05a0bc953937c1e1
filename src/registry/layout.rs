//! How a maker's heads are laid out, as a pattern of tokens round the ring.

use super::code::YearFormat;
use super::tokens::{Class, Token};
use std::fmt;

/// What stands at one place of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The maker's mark itself.
    Maker,
    /// The year.
    Year(YearFormat),
    /// A calibre.
    Calibre,
    /// A small number: a month, a quarter, a lot.
    Number,
    /// What the case is made of.
    Metal,
    /// The NATO mark.
    Nato,
    /// A star.
    Star,
    /// A model, a grade or a propellant.
    Model,
    /// Anything, and any number of it.
    Rest,
}

const NAMES: [(&str, Slot); 16] = [
    ("M", Slot::Maker),
    ("yy", Slot::Year(YearFormat::Yy)),
    ("yyyy", Slot::Year(YearFormat::Yyyy)),
    ("0yy", Slot::Year(YearFormat::Oyy)),
    ("d", Slot::Year(YearFormat::Digit)),
    ("y", Slot::Year(YearFormat::Letter)),
    ("cal", Slot::Calibre),
    ("n", Slot::Number),
    ("metal", Slot::Metal),
    ("⊕", Slot::Nato),
    ("*", Slot::Star),
    ("model", Slot::Model),
    ("grade", Slot::Model),
    ("propellant", Slot::Model),
    ("...", Slot::Rest),
    ("…", Slot::Rest),
];

/// A pattern: slots in clockwise order, starting anywhere. `yy-n` is two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout(Vec<Slot>);

impl std::str::FromStr for Layout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let slot = |word: &str| {
            let known = NAMES.iter().find(|(name, _)| *name == word).map(|(_, slot)| *slot);
            known.ok_or_else(|| {
                format!("`{word}` is no part of a layout; those are M yy yyyy 0yy d y cal n metal ⊕ * model ...")
            })
        };
        let slots: Vec<Slot> =
            text.split(|c: char| c.is_whitespace() || c == '-').map(slot).collect::<Result<_, _>>()?;
        if slots.iter().filter(|s| **s == Slot::Maker).count() > 1 {
            return Err("a layout names its own mark M once".into());
        }
        Ok(Self(slots))
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, slot) in self.0.iter().enumerate() {
            let name = NAMES.iter().find(|(_, s)| s == slot).map_or("", |(name, _)| name);
            write!(f, "{}{name}", if i == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl Layout {
    /// Whether the tokens follow the pattern from the maker's mark on; dots between do not count. `year` is the token taken
    /// for the year. A pattern without a mark may begin at any token.
    pub fn matches(&self, tokens: &[Token], maker: std::ops::Range<usize>, year: Option<usize>) -> bool {
        match self.0.iter().position(|s| *s == Slot::Maker) {
            Some(start) => {
                self.follows(tokens, maker.end, maker.start + tokens.len(), start + 1, self.0.len() - 1, year)
            }
            None => (0..tokens.len()).any(|i| self.follows(tokens, i, i + tokens.len(), 0, self.0.len(), year)),
        }
    }

    /// Whether tokens `at..end`, going round, follow `count` slots from `first` on, going round.
    fn follows(
        &self,
        tokens: &[Token],
        mut at: usize,
        end: usize,
        first: usize,
        count: usize,
        year: Option<usize>,
    ) -> bool {
        let n = tokens.len();
        for k in 0..count {
            let slot = self.0[(first + k) % self.0.len()];
            if slot == Slot::Rest {
                // a pattern with a gap is held to what stands before it only
                return true;
            }
            while at < end && tokens[at % n].class == Class::Dot {
                at += 1;
            }
            if at >= end {
                return false;
            }
            let token = &tokens[at % n];
            let fits = match slot {
                Slot::Year(format) => year == Some(at % n) && token.years.iter().any(|y| y.format == format),
                Slot::Calibre => token.calibre || token.looks_like_calibre(),
                Slot::Number => (token.small_number() || token.lot()) && year != Some(at % n),
                Slot::Metal | Slot::Model => token.qualifier,
                Slot::Nato => token.class == Class::Nato,
                Slot::Star => token.class == Class::Star,
                Slot::Maker | Slot::Rest => false,
            };
            if !fits {
                return false;
            }
            at += 1;
            // a calibre may take several words
            while slot == Slot::Calibre && at < end && tokens[at % n].calibre {
                at += 1;
            }
        }
        (at..end).all(|i| tokens[i % n].class == Class::Dot)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Registry;
    use super::super::tokens::tokens;
    use super::*;

    #[test]
    fn patterns_are_followed_from_the_mark_on() {
        let registry = Registry::embedded().as_of(2026);
        let follows = |layout: &str, headstamp: &str, maker: usize, year: Option<usize>| {
            let headstamp: crate::notation::Headstamp = headstamp.parse().unwrap();
            let tokens = tokens(&registry, headstamp.elements(), 2026);
            layout.parse::<Layout>().unwrap().matches(&tokens, maker..maker + 1, year)
        };
        assert!(follows("M * yy *", "3_*_87_*", 0, Some(2)));
        assert!(follows("⊕ yy M", "⊕_77_FN", 2, Some(1)), "round past the end");
        assert!(follows("M yy", "•_17_•_88", 1, Some(3)), "dots do not count");
        assert!(follows("M metal n yy", "P413_S*_16_39", 0, Some(3)));
        assert!(!follows("M metal n yy", "P413_S*_39", 0, Some(2)));
        assert!(!follows("M yy", "17_88_5", 0, Some(1)), "nothing is left over");
        assert!(follows("cal yy", "05_7.62x39", 9, Some(0)), "a pattern without a mark begins anywhere");
        assert!("M M".parse::<Layout>().is_err() && "M zz".parse::<Layout>().is_err());
    }
}
