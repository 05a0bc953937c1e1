//! How well one way to understand a headstamp agrees with all that is there: a product of factors, each with its reason.
//!
//! The factors are rules of thumb from `headstamp-conventions`, kept apart so that each can be told to the user. They say how
//! much likelier one meaning is than another; what shares they give is measured on the table in `tests/data`.

use super::Registry;
use super::code::{Code, Confidence, Kind, YearFormat};
use super::interpret::Calibre;
use super::tokens::{Class, MakerMark, Token};
use super::years::Candidate;

/// One way to understand a headstamp: this mark is the maker's, and that word the year.
#[derive(Debug, Clone)]
pub struct Hypothesis<'a> {
    /// The maker's mark.
    pub maker: MakerMark<'a>,
    /// The word that is the year, by index, and what it means.
    pub year: Option<(usize, Candidate)>,
}

/// What all hypotheses about a headstamp have in common.
pub struct Head<'a> {
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
    pub fn weight<'s>(&'s self, h: &Hypothesis<'s>, mut tell: impl FnMut(f64, Reason<'s>)) -> f64 {
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
        product
    }

    fn mark<'s>(&'s self, h: &Hypothesis<'s>, factor: &mut impl FnMut(f64, Reason<'s>)) {
        let code = h.maker.code;
        if code.own {
            factor(20.0, Reason::Own);
        } else {
            let weight = match code.confidence {
                Confidence::Documented => 1.0,
                Confidence::Likely => 0.8,
                Confidence::CollectorReport => 0.6,
            };
            factor(weight, Reason::Source(code.confidence));
        }
        match code.kind {
            Kind::Brand => factor(0.7, Reason::Brand),
            Kind::State | Kind::Property | Kind::Year => factor(0.2, Reason::Sign),
            _ => {}
        }
        if h.maker.likeness < 1.0 {
            factor(h.maker.likeness, Reason::Spelling);
        }
        if h.maker.words.is_empty() {
            // only a head that is laid out as theirs, and bears nothing else
            let fits = code.layouts.iter().any(|l| l.matches(&self.tokens, 0..0, h.year.map(|y| y.0)));
            factor(if fits { 0.3 } else { 0.0 }, Reason::Unmarked);
            return;
        }
        let numeric = self.tokens[h.maker.words.start].class == Class::Digits;
        match (numeric, code.facts.length) {
            (true, 1) => factor(0.3, Reason::Common),
            (true, 2) => factor(0.4, Reason::Common),
            (false, 1) => factor(0.6, Reason::Common),
            _ => {}
        }
        if numeric {
            let before = &self.tokens[..h.maker.words.start];
            let first = before.iter().all(|t| matches!(t.class, Class::Dot | Class::Star | Class::Nato));
            let alone =
                self.tokens.iter().filter(|t| !matches!(t.class, Class::Dot | Class::Star | Class::Nato)).count() <= 2;
            factor(
                if first {
                    1.0
                } else if alone {
                    0.5
                } else {
                    0.25
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
                        0.8
                    } else if formats.is_empty() {
                        0.35
                    } else {
                        0.12
                    },
                    Reason::YearUnused,
                );
            } else if !formats.is_empty() && !undated {
                let unread = self.tokens.iter().any(|t| t.class == Class::Unread);
                factor(if unread { 0.7 } else { 0.4 }, Reason::NoYear);
            }
            return;
        };
        let usual = if formats.contains(&format) {
            1.0
        } else if !format.is_usual() {
            if self.tokens[at].text.is_ascii() { 0.004 } else { 0.15 }
        } else if undated {
            0.15
        } else if formats.is_empty() {
            0.6
        } else {
            0.3
        };
        factor(usual, Reason::Format);
        if self.tokens[at].times > 1 {
            factor(0.2, Reason::Twice);
        }
        factor(met(year), Reason::Rare(year));
        // what is documented was seen, and says nothing of what was not; other spans are meant as limits, about
        let slack = match code.confidence {
            Confidence::Documented => 22.0,
            Confidence::Likely => 14.0,
            Confidence::CollectorReport => 8.0,
        };
        let outside = (code.year_from.unwrap_or(year) - year).max(year - code.year_to.unwrap_or(year)).max(0);
        if outside > 0 {
            factor((-f64::from(outside) / slack).exp().max(0.01), Reason::OutOfYears(outside));
        } else if code.year_from.is_some() || code.year_to.is_some() {
            factor(1.25, Reason::InYears(year));
        }
        if let Some((from, to)) = code.facts.state {
            let past = (from - year).max(year - to);
            if past > 0 {
                // a die cut in one year is used on into the next
                factor(if past == 1 { 0.3 } else { 0.03 }, Reason::NoState(year));
            }
        }
        if year < self.span.0 || year > self.span.1 {
            factor(0.01, Reason::NoCalibreYet(year));
        }
    }

    /// Whether the head is laid out as the maker's are.
    fn layout<'s>(&'s self, h: &Hypothesis<'s>, factor: &mut impl FnMut(f64, Reason<'s>)) -> bool {
        let layouts = &h.maker.code.layouts;
        let fits = layouts.iter().any(|l| l.matches(&self.tokens, h.maker.words.clone(), h.year.map(|y| y.0)));
        match (layouts.is_empty(), fits) {
            (true, _) => {}
            (_, true) => factor(2.0, Reason::Layout),
            (_, false) => factor(0.6, Reason::OtherLayout),
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
            factor(2.0, Reason::Calibre);
        } else if code.facts.families & self.families != 0 {
            factor(if lenient { 0.8 } else { 0.6 }, Reason::Family);
        } else {
            factor(if lenient { 0.3 } else { 0.12 }, Reason::OtherCalibre);
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
                    Some(true) => factor(1.5, Reason::Nato),
                    Some(false) => factor(0.1, Reason::NotNato),
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
                _ if token.small_number() => factor(0.6, Reason::Unexplained(i)),
                Class::Digits => factor(0.3, Reason::Unexplained(i)),
                Class::Unread => factor(0.7, Reason::Unexplained(i)),
                Class::Letters if named.peek().is_some() => {
                    if named.any(|c| c.iso2 == code.iso2) {
                        factor(1.5, Reason::OtherMaker(i));
                    } else {
                        factor(if token.text.chars().count() > 1 { 0.15 } else { 0.4 }, Reason::OtherMaker(i));
                    }
                }
                _ => factor(0.5, Reason::Unexplained(i)),
            }
        }
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
        Some(true) => (if state { 4.0 } else { 2.0 }, Reason::Agrees(best)),
        None => (1.0, Reason::Agrees(best)),
        Some(false) => (if state { 0.1 } else { 0.5 }, Reason::Contradicts(best)),
    })
}

/// How often cartridges of a year are met, 1 = most often. After the decades of the Mali sample (Small Arms Survey 2015,
/// figure of decades: more than half of the 1970s and 1980s, 29 % of 2000 to 2009, 2 % later), with older ones as in collections.
fn met(year: i32) -> f64 {
    match year {
        ..=1899 => 0.12,
        1900..=1913 => 0.25,
        1914..=1918 => 0.45,
        1919..=1934 => 0.35,
        1935..=1945 => 0.7,
        1946..=1959 => 0.7,
        1960..=1969 => 0.85,
        1970..=1989 => 1.0,
        1990..=1999 => 0.8,
        2000..=2009 => 0.9,
        _ => 0.7,
    }
}
