//! Whether a head is laid out as a pattern says.

use super::layout::{Layout, Slot};
use super::tokens::{Class, Token};

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
