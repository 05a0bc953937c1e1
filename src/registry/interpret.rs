//! What a headstamp means: maker, country, year and calibre, ranked, with what each rests on.

use super::calibres::Calibre;
use super::code::Code;
use super::index::Registry;
use super::names::{Kind, YearFormat};
use super::tokens::{Class, MakerMark, Token, maker_marks, tokens};
use super::weigh::{Head, Hypothesis, Reason};
use super::years::{Candidate, FIRST};
use crate::notation::Headstamp;
use std::borrow::Cow;

/// One meaning of the whole headstamp.
#[derive(Debug, Clone)]
pub struct Meaning<'a> {
    /// The row it rests on before others.
    pub code: &'a Code,
    /// Other rows of the same maker that agree.
    pub others: Vec<&'a Code>,
    /// The year.
    pub year: Dating,
    /// Its share among all meanings, 0..1.
    pub probability: f64,
    hypothesis: Hypothesis<'a>,
}

impl<'a> Meaning<'a> {
    /// The maker and its place, by the first row that names it; empty where none does.
    pub fn maker(&self) -> String {
        self.rows().map(Code::maker).find(|m| !m.is_empty()).unwrap_or_default()
    }

    /// The rows it rests on, the weightiest first.
    pub fn rows(&self) -> impl Iterator<Item = &'a Code> {
        std::iter::once(self.code).chain(self.others.iter().copied())
    }

    /// Whether a word, by index, is part of the maker's mark, on a head of `n` words.
    pub(super) fn covers(&self, word: usize, n: usize) -> bool {
        self.hypothesis.maker.covers(word, n)
    }

    /// Whether a word, by index, bears the other half of the year.
    pub(super) fn half_of_year(&self, word: usize) -> bool {
        self.hypothesis.year.is_some_and(|(_, y)| y.with == Some(word))
    }
}

/// What is known of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dating {
    /// This word says this year.
    Year {
        /// The word, by index.
        word: usize,
        /// The year in full.
        value: i32,
        /// How it is stamped.
        format: YearFormat,
    },
    /// The head bears none.
    Absent,
    /// There is a year, but it is not legible: the word, by index.
    NotLegible(usize),
    /// No word is taken for the year, though one could be.
    Open,
}

/// All that can be said of a headstamp.
pub struct Interpretation<'a> {
    /// The headstamp.
    pub headstamp: &'a Headstamp,
    pub(super) head: Head<'a>,
    /// Meanings, the likeliest first.
    pub meanings: Vec<Meaning<'a>>,
    /// The share of no meaning that is known.
    pub unknown: f64,
}

/// What no known maker weighs: less than a documented mark with nothing against it, more than one with much against it.
const UNKNOWN: f64 = 0.03;
/// Hypotheses this much lighter than the best are let go.
const NEGLIGIBLE: f64 = 1e-4;
/// Factors between this and 1 are too slight to be told, and how rare a year must be.
const SLIGHT: f64 = 0.75;
const RARE: f64 = 0.5;
/// From this share on a country, a maker or a year counts as settled.
pub const SETTLED: f64 = 0.6;

impl Registry {
    /// Interprets a headstamp. `calibre` is what the user knows of it besides.
    pub fn interpret<'a>(&'a self, headstamp: &'a Headstamp, calibre: Option<&'a str>) -> Interpretation<'a> {
        let head = self.head(headstamp, calibre);
        let (meanings, unknown) = head.meanings();
        Interpretation { headstamp, head, meanings, unknown }
    }

    fn head<'a>(&'a self, headstamp: &'a Headstamp, calibre: Option<&'a str>) -> Head<'a> {
        let mut tokens = tokens(self, headstamp.elements(), self.newest);
        let words: Vec<&'a str> = tokens.iter().map(|t| t.text).collect();
        let stamped = self.calibres.stamped(&words).filter(|s| s.plain);
        for &i in stamped.iter().flat_map(|s| &s.words) {
            tokens[i].calibre = true;
        }
        let told = calibre.map(|c| self.calibres.canonical(c));
        if let Some(row) = told.and_then(|t| self.calibres.by_name(t)) {
            // what is told explains what is stamped
            for token in tokens.iter_mut().filter(|t| row.names(t.text)) {
                token.calibre = true;
            }
        }
        let told = told.map(|name| Calibre { name: Cow::Borrowed(name), stamped: None });
        let calibre = told.or_else(|| {
            let s = stamped.as_ref()?;
            let evidence: Vec<&str> = s.words.iter().map(|&i| words[i]).collect();
            let name = Cow::Borrowed(self.calibres.rows()[s.calibre].name.as_str());
            Some(Calibre { name, stamped: Some(evidence.join(" ")) })
        });
        let row = calibre.as_ref().and_then(|c| self.calibres.by_name(&c.name));
        let span = (row.and_then(|r| r.from).unwrap_or(FIRST), row.and_then(|r| r.to).unwrap_or(self.newest));
        let mut makers = maker_marks(self, &tokens);
        // the words of a calibre name no maker: REM of 222 REM is not Remington's
        let n = tokens.len();
        makers.retain(|m| (m.words.start..m.words.end).all(|i| !tokens[i % n].calibre));
        let families = calibre.as_ref().map_or(0, |c| self.calibres.families(&c.name));
        let nato = self.calibres.family("nato");
        Head { registry: self, tokens, makers, calibre, span, families, nato }
    }
}

impl MakerMark<'_> {
    /// Whether a word, by index, is part of the mark, on a head of `n` words.
    pub(super) fn covers(&self, word: usize, n: usize) -> bool {
        self.words.contains(&word) || self.words.contains(&(word + n))
    }
}

impl<'a> Head<'a> {
    fn hypotheses(&self) -> Vec<Hypothesis<'a>> {
        let n = self.tokens.len();
        let mut all = Vec::with_capacity(4 * self.makers.len());
        for maker in &self.makers {
            if maker.code.kind == Kind::Year {
                // the year's own mark, which tells the state besides
                let own = self.tokens[maker.words.start].years.iter().filter(|y| Some(y.year) == maker.code.year_from);
                all.extend(own.map(|y| Hypothesis { maker: maker.clone(), year: Some((maker.words.start, *y)) }));
                continue;
            }
            all.push(Hypothesis { maker: maker.clone(), year: None });
            for (i, token) in self.tokens.iter().enumerate().filter(|(i, t)| !maker.covers(*i, n) && !t.calibre) {
                // reckonings of other peoples are thought of where script or maker give reason to
                let foreign = !token.text.is_ascii();
                let written = |f: YearFormat| f.is_usual() || foreign || maker.code.year_formats.contains(&f);
                for year in token.years.iter().filter(|y| written(y.format)) {
                    all.push(Hypothesis { maker: maker.clone(), year: Some((i, *year)) });
                }
            }
        }
        all
    }

    /// Meanings with their shares, and the share of none.
    fn meanings(&self) -> (Vec<Meaning<'a>>, f64) {
        let mut weighed: Vec<(f64, Hypothesis<'a>)> =
            self.hypotheses().into_iter().map(|h| (self.weight(&h, |_, _| ()), h)).collect();
        weighed.retain(|w| w.0 > 0.0);
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
        let least = weighed.first().map_or(0.0, |w| w.0 * NEGLIGIBLE);
        let total: f64 = UNKNOWN + weighed.iter().map(|w| w.0).sum::<f64>();
        let mut meanings: Vec<Meaning<'a>> = Vec::new();
        for (weight, hypothesis) in weighed.into_iter().take_while(|w| w.0 >= least) {
            let year = self.dating(&hypothesis);
            let code = hypothesis.maker.code;
            let same = |m: &&mut Meaning| m.code.facts.maker == code.facts.maker && m.year == year;
            match meanings.iter_mut().find(same) {
                Some(known) => {
                    known.probability += weight / total;
                    if !std::ptr::eq(known.code, code) && !known.others.iter().any(|o| std::ptr::eq(*o, code)) {
                        known.others.push(code);
                    }
                }
                None => {
                    meanings.push(Meaning { code, others: Vec::new(), year, probability: weight / total, hypothesis })
                }
            }
        }
        meanings.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        (meanings, UNKNOWN / total)
    }

    fn dating(&self, h: &Hypothesis) -> Dating {
        match h.year {
            Some((word, Candidate { format, year, .. })) => Dating::Year { word, value: year, format },
            None => self.undated(|i| h.maker.covers(i, self.tokens.len())),
        }
    }

    /// What is known of the year where no word is taken for it; `taken` words are something else.
    fn undated(&self, taken: impl Fn(usize) -> bool) -> Dating {
        let free = || self.tokens.iter().enumerate().filter(|(i, t)| !taken(*i) && !t.calibre);
        let unread = |t: &str| t.chars().count() <= 4 && t.chars().all(|c| c == '?' || c.is_numeric());
        let number =
            |t: &Token| t.times == 1 && t.years.iter().any(|y| matches!(y.format, YearFormat::Yy | YearFormat::Yyyy));
        if let Some((i, _)) = free().find(|(_, t)| t.class == Class::Unread && unread(t.text)) {
            Dating::NotLegible(i)
        } else if free().any(|(_, t)| t.class == Class::Unread || number(t)) {
            Dating::Open
        } else {
            Dating::Absent
        }
    }
}

impl<'a> Interpretation<'a> {
    /// The words of the headstamp, as they were told apart.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.head.tokens.iter().map(|t| t.text)
    }

    /// The calibre, where it is stamped in words that mean nothing else, or told.
    pub fn calibre(&self) -> Option<&Calibre<'a>> {
        self.head.calibre.as_ref()
    }

    /// Today's countries with their shares, the likeliest first.
    pub fn countries(&self) -> Vec<(&'a str, f64)> {
        self.shares(|m| m.code.iso2.as_str())
    }

    fn shares<K: PartialEq>(&self, of: impl Fn(&Meaning<'a>) -> K) -> Vec<(K, f64)> {
        let mut all: Vec<(K, f64)> = Vec::new();
        for meaning in &self.meanings {
            let key = of(meaning);
            match all.iter_mut().find(|(k, _)| *k == key) {
                Some((_, share)) => *share += meaning.probability,
                None => all.push((key, meaning.probability)),
            }
        }
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all
    }

    /// The country, where one is settled.
    pub fn country(&self) -> Option<(&'a str, f64)> {
        self.countries().into_iter().next().filter(|c| c.1 >= SETTLED)
    }

    /// What is known of the year, over all meanings, with its share: settled, or `Open` with the share of the likeliest.
    pub fn dating(&self) -> (Dating, f64) {
        let mut shares = self.shares(|m| m.year);
        shares.push((self.unknown_dating(), self.unknown));
        let mut sums: Vec<(Dating, f64)> = Vec::new();
        for (dating, share) in shares {
            match sums.iter_mut().find(|(d, _)| *d == dating) {
                Some((_, sum)) => *sum += share,
                None => sums.push((dating, share)),
            }
        }
        sums.sort_by(|a, b| b.1.total_cmp(&a.1));
        sums.first().copied().unwrap_or((Dating::Open, 0.0))
    }

    /// What can be said of the year where no maker is known: four digits mean but one.
    pub(super) fn unknown_dating(&self) -> Dating {
        let mut whole = self.head.tokens.iter().enumerate().flat_map(|(i, t)| {
            let usual = t.years.iter().filter(|y| y.format == YearFormat::Yyyy && y.year >= 1880);
            usual.map(move |y| Dating::Year { word: i, value: y.year, format: y.format })
        });
        match (whole.next(), whole.next()) {
            (Some(one), None) => one,
            (None, _) => self.head.undated(|_| false),
            _ => Dating::Open,
        }
    }

    /// The word with this index.
    pub fn word(&self, index: usize) -> &'a str {
        self.head.tokens[index].text
    }

    /// What speaks for and against a meaning, the weightiest first.
    pub fn evidence<'s>(&'s self, meaning: &'s Meaning<'a>) -> Vec<(f64, Reason<'s>)> {
        let mut all = Vec::new();
        self.head.weight(&meaning.hypothesis, |weight, reason| all.push((weight, reason)));
        all.retain(|(weight, reason)| match reason {
            Reason::Rare(_) => *weight < RARE,
            _ => !(SLIGHT..=1.0).contains(weight),
        });
        all.sort_by(|a, b| b.0.ln().abs().total_cmp(&a.0.ln().abs()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(headstamp: &str, calibre: Option<&str>) -> (String, Dating) {
        let registry = Registry::embedded().as_of(2026);
        let headstamp = headstamp.parse().unwrap();
        let found = registry.interpret(&headstamp, calibre);
        let best = found.meanings.first();
        (best.map_or_else(String::new, |m| m.code.iso2.clone()), found.dating().0)
    }

    #[test]
    fn nothing_known_is_nothing_said() {
        let registry = Registry::embedded();
        let headstamp = "QQQ_•".parse().unwrap();
        let found = registry.interpret(&headstamp, None);
        assert!(found.meanings.is_empty() && found.country().is_none() && found.calibre().is_none());
        assert_eq!((found.dating().0, found.unknown), (Dating::Absent, 1.0));
        assert!(registry.interpret(&Headstamp::default(), None).meanings.is_empty());
    }

    #[test]
    fn no_year_and_no_legible_year_are_different() {
        assert_eq!(first("FC_LUGER_9MM", None).1, Dating::Absent);
        assert_eq!(first("LC_??", None).1, Dating::NotLegible(1));
        assert!(matches!(first("LC_83", None).1, Dating::Year { value: 1983, .. }));
    }

    #[test]
    fn a_whole_year_in_the_makers_life_is_its_year_though_its_heads_seldom_bear_one() {
        let registry = Registry::embedded().as_of(2026);
        let year = |headstamp: &str| {
            let headstamp = headstamp.parse().unwrap();
            registry.interpret(&headstamp, None).year_record().and_then(|y| y.value)
        };
        assert_eq!((year("S&B_2010"), year("S&B_1890")), (Some(2010), None));
    }

    #[test]
    fn one_letter_is_no_evidence_of_a_country_unless_all_else_fits() {
        let registry = Registry::embedded().as_of(2026);
        let share = |headstamp: &str| {
            let headstamp = headstamp.parse().unwrap();
            registry.interpret(&headstamp, None).countries().first().map_or(0.0, |c| c.1)
        };
        assert!(share("P") < SETTLED && share("E_88") < SETTLED);
        assert!(share("K_45") > SETTLED, "laid out and dated as this maker's");
    }

    #[test]
    fn the_words_of_a_calibre_name_no_maker() {
        assert_eq!(first("S&B_222 REM", None).0, "CZ");
        assert_eq!(first("REM_223 REM", None).0, "US", "the word beside is the maker's");
    }

    #[test]
    fn a_collision_that_nothing_settles_is_open() {
        let registry = Registry::embedded().as_of(2026);
        let headstamp = "21_77".parse().unwrap();
        let found = registry.interpret(&headstamp, None);
        let all: Vec<&str> = found.countries().iter().map(|c| c.0).collect();
        assert!(found.country().is_none() && ["PL", "HU", "RO"].iter().all(|c| all.contains(c)), "{all:?}");
    }

    #[test]
    fn the_start_does_not_matter_where_the_marks_are_plain() {
        for turned in ["⊕_77_FN", "77_FN_⊕", "FN_⊕_77"] {
            let (iso2, year) = first(turned, None);
            assert!(iso2 == "BE" && matches!(year, Dating::Year { value: 1977, .. }), "{turned}");
        }
    }

    proptest::proptest! {
        /// Whatever stands there: no meaning is told twice, they are ranked, and countries are ranked by the sums of theirs.
        #[test]
        fn meanings_are_told_once_and_ranked(headstamp in "[A-Z0-9*⊕•?ПТ١٢ _.-]{0,40}", calibre in "[0-9.xR]{0,8}") {
            let registry = registry();
            let headstamp = headstamp.parse().unwrap_or_default();
            let found = registry.interpret(&headstamp, Some(&calibre));
            proptest::prop_assert!(found.meanings.is_sorted_by(|a, b| a.probability >= b.probability));
            let mut by = std::collections::BTreeMap::new();
            for (i, meaning) in found.meanings.iter().enumerate() {
                let same = |m: &Meaning| m.code.facts.maker == meaning.code.facts.maker && m.year == meaning.year;
                proptest::prop_assert!(meaning.probability > 0.0 && !found.meanings[..i].iter().any(same));
                *by.entry(meaning.code.iso2.as_str()).or_insert(0.0) += meaning.probability;
                proptest::prop_assert!(!found.said(meaning).0.iter().any(String::is_empty));
            }
            let countries = found.countries();
            proptest::prop_assert!(countries.is_sorted_by(|a, b| a.1 >= b.1) && countries.len() == by.len());
            proptest::prop_assert!(countries.iter().all(|(iso2, share)| (by[iso2] - share).abs() < 1e-9));
            let _ = (found.summary(), found.roles(), found.traditions());
        }
    }

    fn registry() -> &'static Registry {
        static REGISTRY: std::sync::OnceLock<Registry> = std::sync::OnceLock::new();
        REGISTRY.get_or_init(Registry::embedded)
    }
}
