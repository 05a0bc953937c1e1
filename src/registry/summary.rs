//! An interpretation as it stands in records: countries, year and calibre.

use super::code::Code;
use super::interpret::{Dating, Interpretation, SETTLED};
use crate::record::{Calibre, CountryRecord, Year};

/// What a headstamp means, as far as it is told in a record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Countries, the likeliest first, with the row each rests on.
    pub countries: Vec<CountryRecord>,
    /// The year; `None` where it could not be told.
    pub year: Option<Year>,
    /// The calibre, where it is stamped.
    pub calibre: Option<Calibre>,
}

/// Most countries that are worth naming, and the least share of one that is.
const MOST_COUNTRIES: usize = 5;
const LEAST_SHARE: f64 = 0.02;

/// The English short name of a country.
pub fn country_name(iso2: &str) -> &'static str {
    rust_iso3166::from_alpha2(iso2).map_or("", |c| c.name)
}

impl Interpretation<'_> {
    /// For a record.
    pub fn summary(&self) -> Summary {
        let countries = self.countries().into_iter().take(MOST_COUNTRIES).filter(|c| c.1 >= LEAST_SHARE);
        Summary {
            countries: countries.map(|(iso2, share)| self.country_record(iso2, share)).collect(),
            year: self.year_record(),
            calibre: self
                .calibre()
                .and_then(|c| Some(Calibre { value: c.name.to_string(), evidence: Some(c.stamped.clone()?) })),
        }
    }

    fn country_record(&self, iso2: &str, share: f64) -> CountryRecord {
        let of = || self.meanings.iter().filter(|m| m.code.iso2 == iso2);
        let settled = |same: &dyn Fn(&Code, &Code) -> bool| {
            let first = of().next()?;
            let sum: f64 = of().filter(|m| same(m.code, first.code)).map(|m| m.probability).sum();
            (sum >= SETTLED * share).then_some(first)
        };
        let state = settled(&|a, b| a.state_at_time == b.state_at_time);
        let maker = settled(&|a, b| a.factory == b.factory && a.mark == b.mark);
        // the row that it rests on, and the one that names the works, where that is another
        let row = maker.or_else(|| of().next()).map(|m| m.code);
        let named = maker.and_then(|m| m.rows().find(|r| !r.factory.is_empty()));
        let sources = row.into_iter().chain(named.filter(|n| row.is_some_and(|r| !std::ptr::eq(r, *n))));
        CountryRecord {
            iso2: iso2.to_owned(),
            name: country_name(iso2).to_owned(),
            state_at_time: state.map(|m| m.code.state_at_time.clone()).filter(|s| !s.is_empty()),
            confidence: Some(share as f32),
            factory: named.map(|r| r.factory.clone()),
            code: row.map(|r| r.mark.clone()),
            source: Some(sources.map(Code::cited).collect::<Vec<_>>().join("; ")).filter(|s| !s.is_empty()),
        }
    }

    /// The year, as far as it is settled.
    pub fn year_record(&self) -> Option<Year> {
        let stamped = |word: usize| Some(self.word(word).to_owned());
        match self.dating() {
            (Dating::Year { word, value, .. }, share) if share >= SETTLED => {
                Some(Year { value: Some(value), stamped: stamped(word), absent: false })
            }
            // the word is known, but not which of its years
            (Dating::Year { word, .. }, _) if self.share_of_word(word) >= SETTLED => {
                Some(Year { value: None, stamped: stamped(word), absent: false })
            }
            (Dating::NotLegible(word), share) if share >= SETTLED => {
                Some(Year { value: None, stamped: stamped(word), absent: false })
            }
            (Dating::Absent, share) if share >= SETTLED => Some(Year { value: None, stamped: None, absent: true }),
            _ => None,
        }
    }

    /// The share of all meanings that take this word for the year.
    fn share_of_word(&self, at: usize) -> f64 {
        let mine = |d: Dating| matches!(d, Dating::Year { word, .. } if word == at);
        let known: f64 = self.meanings.iter().filter(|m| mine(m.year)).map(|m| m.probability).sum();
        known + if mine(self.unknown_dating()) { self.unknown } else { 0.0 }
    }
}
