//! How well one way to understand a headstamp agrees with all that is there: a product of factors, each with its reason.
//!
//! The factors are rules of thumb from `headstamp-conventions`, kept apart so that each can be told to the user. They say how
//! much likelier one meaning is than another; what shares they give is measured on the table in `tests/data`.

use super::Registry;
use super::calibres::Calibre;
use super::code::Code;
use super::names::{Confidence, Kind, YearFormat};
use super::tokens::{Class, MakerMark, Token};
use super::weights;
use super::years::Candidate;

/// One way to understand a headstamp: this mark is the maker's, and that word the year.
#[derive(Debug, Clone)]
pub(super) struct Hypothesis<'a> {
    /// The maker's mark.
    pub maker: MakerMark<'a>,
    /// The word that is the year, by index, and what it means.
    pub year: Option<(usize, Candidate)>,
}

/// What all hypotheses about a headstamp have in common.
pub(super) struct Head<'a> {
    /// What is known.
    pub registry: &'a Registry,
    /// The words.
    pub tokens: Vec<Token<'a>>,
    /// Every mark that may be the maker's.
    pub makers: Vec<MakerMark<'a>>,
    /// The calibre, stamped or told.
    pub calibre: Option<Calibre<'a>>,
    /// First and last year in which this calibre can have been made.
    pub span: (i32, i32),
    /// The families of this calibre, a bit each.
    pub families: u32,
    /// The bit of the family of NATO calibres.
    pub nato: u32,
}

/// Why a hypothesis weighs more or less.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reason<'a> {
    /// On whose word the row stands.
    Source(Confidence),
    /// The user's own registry says so.
    Own,
    /// A brand, not works.
    Brand,
    /// A sign of the state, not of works.
    Sign,
    /// The stamp differs from the mark.
    Spelling,
    /// The maker is known for heads without a mark of its own.
    Unmarked,
    /// Such a mark is met by chance, or has many meanings.
    Common,
    /// One letter is all that names the maker, and not everything else fits.
    OneLetter,
    /// A number that names works stands first.
    Place,
    /// The year lies in the years attested.
    InYears(i32),
    /// The year lies outside the years attested.
    OutOfYears(i32),
    /// The state did not exist then.
    NoState(i32),
    /// The calibre did not exist then.
    NoCalibreYet(i32),
    /// The year is stamped in another way than this maker's.
    Format,
    /// How many cartridges of such a year are met at all.
    Rare(i32),
    /// The number taken for the year stands there twice.
    Twice,
    /// There is a number that could be the year and is not taken for it.
    YearUnused,
    /// This maker's heads bear a year, this one does not.
    NoYear,
    /// The head is laid out as this maker's.
    Layout,
    /// It is laid out otherwise.
    OtherLayout,
    /// The calibre is attested for this maker.
    Calibre,
    /// Another of the same family is.
    Family,
    /// Others are.
    OtherCalibre,
    /// Another mark agrees.
    Agrees(&'a Code),
    /// Another mark contradicts.
    Contradicts(&'a Code),
    /// The NATO mark agrees.
    Nato,
    /// The NATO mark contradicts.
    NotNato,
    /// A word that would be another maker's mark.
    OtherMaker(usize),
    /// A word that remains unexplained.
    Unexplained(usize),
}

impl Head<'_> {
    /// The weight of a hypothesis; each factor is also told to `tell`.
    pub(super) fn weight<'s>(&'s self, h: &Hypothesis<'s>, mut tell: impl FnMut(f64, Reason<'s>)) -> f64 {
        let mut product = 1.0;
        let mut factor = |weight: f64, reason: Reason<'s>| {
            product *= weight;
            tell(weight, reason);
        };
        self.mark(h, &mut factor);
        self.year(h, &mut factor);
        let laid_out = self.layout(h, &mut factor);
        self.of_calibre(h.maker.code, &mut factor);
        self.companions(h, laid_out, &mut factor);
        if self.rests_on_a_letter(h, laid_out) {
            factor(weights::ONE_LETTER_ALONE, Reason::OneLetter);
        }
        product
    }

    fn mark<'s>(&'s self, h: &Hypothesis<'s>, factor: &mut impl FnMut(f64, Reason<'s>)) {
        let code = h.maker.code;
        if code.own {
            factor(weights::OWN, Reason::Own);
        } else {
            factor(weights::source(code.confidence), Reason::Source(code.confidence));
        }
        match code.kind {
            Kind::Brand => factor(weights::BRAND, Reason::Brand),
            Kind::State | Kind::Property | Kind::Year => factor(weights::SIGN, Reason::Sign),
            _ => {}
        }
        if h.maker.likeness < 1.0 {
            factor(h.maker.likeness, Reason::Spelling);
        }
        if h.maker.words.is_empty() {
            // only a head that is laid out as theirs, and bears nothing else
            let fits = code.layouts.iter().any(|l| l.matches(&self.tokens, 0..0, h.year.map(|y| y.0)));
            factor(if fits { weights::UNMARKED } else { 0.0 }, Reason::Unmarked);
            return;
        }
        let numeric = self.tokens[h.maker.words.start].class == Class::Digits;
        if let Some(weight) = weights::common(numeric, code.facts.length) {
            factor(weight, Reason::Common);
        }
        if numeric {
            let before = &self.tokens[..h.maker.words.start];
            let first = before.iter().all(|t| matches!(t.class, Class::Dot | Class::Star | Class::Nato));
            let alone =
                self.tokens.iter().filter(|t| !matches!(t.class, Class::Dot | Class::Star | Class::Nato)).count() <= 2;
            factor(
                if first {
                    weights::FIRST
                } else if alone {
                    weights::SECOND_OF_TWO
                } else {
                    weights::LATER
                },
                Reason::Place,
            );
        }
    }

    fn year<'s>(&'s self, h: &Hypothesis<'s>, factor: &mut impl FnMut(f64, Reason<'s>)) {
        let code = h.maker.code;
        let formats = &code.year_formats;
        let undated = formats.contains(&YearFormat::None);
        let Some((at, Candidate { format, year, .. })) = h.year else {
            let dated =
                |t: &Token| t.years.iter().any(|y| y.format.is_usual()) || t.signs.iter().any(|s| s.kind == Kind::Year);
            let possible = |(i, t): (usize, &Token)| !h.maker.covers(i, self.tokens.len()) && !t.calibre && dated(t);
            if self.tokens.iter().enumerate().any(possible) {
                factor(
                    if undated {
                        weights::YEAR_UNUSED_UNDATED
                    } else if formats.is_empty() {
                        weights::YEAR_UNUSED_UNKNOWN
                    } else {
                        weights::YEAR_UNUSED_DATED
                    },
                    Reason::YearUnused,
                );
            } else if !formats.is_empty() && !undated {
                let unread = self.tokens.iter().any(|t| t.class == Class::Unread);
                factor(if unread { weights::NO_YEAR_UNREAD } else { weights::NO_YEAR }, Reason::NoYear);
            }
            return;
        };
        let attested = code.year_from.is_some_and(|from| from <= year) && code.year_to.is_none_or(|to| year <= to);
        let usual = if formats.contains(&format) {
            weights::FORMAT_ITS_OWN
        } else if !format.is_usual() {
            let ascii = self.tokens[at].text.is_ascii();
            if ascii { weights::FORMAT_RARE } else { weights::FORMAT_RARE_IN_ITS_DIGITS }
        } else if undated && attested && format == YearFormat::Yyyy {
            weights::FORMAT_WHOLE_OF_UNDATED
        } else if undated {
            weights::FORMAT_OF_UNDATED
        } else if formats.is_empty() {
            weights::FORMAT_UNKNOWN
        } else {
            weights::FORMAT_OTHER
        };
        factor(usual, Reason::Format);
        if self.tokens[at].times > 1 {
            factor(weights::TWICE, Reason::Twice);
        }
        factor(weights::met(year), Reason::Rare(year));
        let slack = weights::slack(code.confidence);
        let outside = (code.year_from.unwrap_or(year) - year).max(year - code.year_to.unwrap_or(year)).max(0);
        if outside > 0 {
            factor((-f64::from(outside) / slack).exp().max(weights::OUT_OF_YEARS_LEAST), Reason::OutOfYears(outside));
        } else if code.year_from.is_some() || code.year_to.is_some() {
            factor(weights::IN_YEARS, Reason::InYears(year));
        }
        if let Some((from, to)) = code.facts.state {
            let past = (from - year).max(year - to);
            if past > 0 {
                let weight = if past == 1 { weights::NO_STATE_BY_A_YEAR } else { weights::NO_STATE };
                factor(weight, Reason::NoState(year));
            }
        }
        if year < self.span.0 || year > self.span.1 {
            factor(weights::NO_CALIBRE_YET, Reason::NoCalibreYet(year));
        }
    }

    /// Whether the head is laid out as the maker's are.
    fn layout<'s>(&'s self, h: &Hypothesis<'s>, factor: &mut impl FnMut(f64, Reason<'s>)) -> bool {
        let layouts = &h.maker.code.layouts;
        let fits = layouts.iter().any(|l| l.matches(&self.tokens, h.maker.words.clone(), h.year.map(|y| y.0)));
        match (layouts.is_empty(), fits) {
            (true, _) => {}
            (_, true) => factor(weights::LAYOUT, Reason::Layout),
            (_, false) => factor(weights::OTHER_LAYOUT, Reason::OtherLayout),
        }
        fits
    }

    fn of_calibre<'s>(&'s self, code: &'s Code, factor: &mut impl FnMut(f64, Reason<'s>)) {
        let Some(calibre) = &self.calibre else { return };
        if code.calibres.is_empty() {
            return;
        }
        let lenient = code.confidence == Confidence::Documented;
        if code.calibres.iter().any(|c| *c == calibre.name) {
            factor(weights::CALIBRE, Reason::Calibre);
        } else if code.facts.families & self.families != 0 {
            factor(if lenient { weights::FAMILY_DOCUMENTED } else { weights::FAMILY }, Reason::Family);
        } else {
            factor(
                if lenient { weights::OTHER_CALIBRE_DOCUMENTED } else { weights::OTHER_CALIBRE },
                Reason::OtherCalibre,
            );
        }
    }

    /// What the rest of the head says. Numbers that have a place in the layout need no other meaning.
    fn companions<'s>(&'s self, h: &Hypothesis<'s>, laid_out: bool, factor: &mut impl FnMut(f64, Reason<'s>)) {
        let code = h.maker.code;
        let n = self.tokens.len();
        for (i, token) in self.tokens.iter().enumerate() {
            let dates = h.year.is_some_and(|(at, y)| at == i || y.with == Some(i));
            if h.maker.covers(i, n) || dates || token.calibre {
                continue;
            }
            if token.class == Class::Nato {
                match self.nato(code) {
                    Some(true) => factor(weights::NATO, Reason::Nato),
                    Some(false) => factor(weights::NOT_NATO, Reason::NotNato),
                    None => {}
                }
                continue;
            }
            if matches!(token.class, Class::Dot | Class::Star) {
                continue;
            }
            if let Some((weight, reason)) = sign(token, code) {
                factor(weight, reason);
                continue;
            }
            if token.looks_like_calibre() {
                continue;
            }
            let other = self.makers.iter().filter(|m| m.covers(i, n) && m.likeness > 0.5);
            let mut named = other.map(|m| m.code).peekable();
            match token.class {
                Class::Digits if laid_out => {}
                _ if token.small_number() => factor(weights::UNEXPLAINED_SMALL, Reason::Unexplained(i)),
                Class::Digits => factor(weights::UNEXPLAINED_NUMBER, Reason::Unexplained(i)),
                Class::Unread => factor(weights::UNEXPLAINED_UNREAD, Reason::Unexplained(i)),
                Class::Letters if named.peek().is_some() => {
                    if named.any(|c| c.iso2 == code.iso2) {
                        factor(weights::OTHER_MAKER_AT_HOME, Reason::OtherMaker(i));
                    } else {
                        let several = token.text.chars().count() > 1;
                        let weight = if several { weights::OTHER_MAKER } else { weights::OTHER_MAKER_OF_ONE_LETTER };
                        factor(weight, Reason::OtherMaker(i));
                    }
                }
                _ => factor(weights::UNEXPLAINED, Reason::Unexplained(i)),
            }
        }
    }

    /// Whether one letter is all that names the maker: no other mark agrees, and layout, year and calibre do not all fit, as
    /// far as they are there.
    fn rests_on_a_letter(&self, h: &Hypothesis, laid_out: bool) -> bool {
        let code = h.maker.code;
        let letter = h.maker.words.len() == 1
            && code.facts.length == 1
            && self.tokens[h.maker.words.start].class == Class::Letters
            && !code.own;
        if !letter {
            return false;
        }
        let dated = h.year.is_some_and(|(_, y)| {
            code.year_from.is_none_or(|from| from <= y.year) && code.year_to.is_none_or(|to| y.year <= to)
        });
        let fits = |name: &str| code.calibres.is_empty() || code.calibres.iter().any(|c| c == name);
        let of_calibre = self.calibre.as_ref().is_none_or(|c| fits(&c.name));
        let agrees = |t: &Token| sign(t, code).is_some_and(|(weight, _)| weight > weights::SIGN_OF_NONE);
        let others = || self.tokens.iter().enumerate().filter(|(i, _)| !h.maker.covers(*i, self.tokens.len()));
        let fits = laid_out && dated && of_calibre;
        !(fits || others().any(|(_, t)| agrees(t)))
    }

    /// Whether a maker works to the NATO standard, as far as its rows tell.
    fn nato(&self, code: &Code) -> Option<bool> {
        (!code.calibres.is_empty()).then_some(code.facts.families & self.nato != 0)
    }
}

/// What a mark that names no maker says of one.
fn sign<'s>(token: &Token<'s>, code: &Code) -> Option<(f64, Reason<'s>)> {
    let same = |s: &Code| {
        if s.state_at_time.is_empty() && s.iso2.is_empty() {
            None
        } else if s.kind == Kind::State {
            Some(s.state_at_time == code.state_at_time)
        } else {
            Some(s.iso2 == code.iso2)
        }
    };
    // of several meanings, the one that agrees
    let best = token.signs.iter().filter(|s| s.kind != Kind::Year).max_by_key(|s| match same(s) {
        Some(true) => 2,
        None => 1,
        Some(false) => 0,
    })?;
    let state = best.kind == Kind::State;
    Some(match same(best) {
        Some(true) => (if state { weights::STATE_AGREES } else { weights::SIGN_AGREES }, Reason::Agrees(best)),
        None => (weights::SIGN_OF_NONE, Reason::Agrees(best)),
        Some(false) => {
            (if state { weights::STATE_CONTRADICTS } else { weights::SIGN_CONTRADICTS }, Reason::Contradicts(best))
        }
    })
}
