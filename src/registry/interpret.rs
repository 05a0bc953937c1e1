//! What a headstamp means: country, maker, year and calibre, from its elements and the registry.

use super::codes::{Code, Registry};
use super::{calibre, years};
use crate::record::{Calibre, CountryRecord, Year};

/// What a headstamp may mean.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Meaning {
    /// Countries, the likeliest first, with the row each rests on.
    pub countries: Vec<CountryRecord>,
    /// The year; `None` where it could not be told.
    pub year: Option<Year>,
    /// The calibre, where it is stamped.
    pub calibre: Option<Calibre>,
}

/// Most countries that are worth naming, and how much less likely than the first the last may be.
const MOST_COUNTRIES: usize = 5;
const LEAST_SHARE: f32 = 0.1;
/// How far the year lies outside the attested years when a row counts a third as much, in years.
const YEAR_SLACK: f32 = 12.0;

/// One way to understand a headstamp: this element is this maker's mark, and that one the year.
struct Reading<'a> {
    code: &'a Code,
    year: Option<(usize, Option<i32>)>,
    weight: f32,
}

impl Registry {
    /// Interprets the elements of a headstamp.
    pub fn interpret(&self, elements: &[String]) -> Meaning {
        let calibre = calibre(elements);
        let mut readings: Vec<Reading> = Vec::new();
        for (at, element) in elements.iter().enumerate() {
            let whole = self.lookup(element).iter().map(|c| (c, element.as_str()));
            let words = element.split_whitespace().filter(|_| element.contains(' '));
            let parts = words.flat_map(|w| self.lookup(w).iter().map(move |c| (c, w)));
            for (code, stamped) in whole.chain(parts).filter(|(c, _)| c.kind == "factory") {
                let reading = read(code, stamped, at, elements, calibre.as_ref());
                readings.push(reading);
            }
        }
        readings.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let year = match readings.first() {
            Some(best) => year_of(best, elements),
            None => lone_year(elements),
        };
        Meaning { countries: countries(&readings), year, calibre }
    }
}

fn read<'a>(code: &'a Code, stamped: &str, at: usize, elements: &[String], calibre: Option<&Calibre>) -> Reading<'a> {
    let mut weight = if code.own {
        2.0
    } else if code.confidence == "documented" {
        1.0
    } else {
        0.6
    };
    if code.mark != stamped {
        weight *= 0.5;
    }
    if code.mark.chars().all(|c| c.is_ascii_digit()) {
        // Numbers are met by chance more often than letters, and stand first where they name the works.
        weight *= if at == 0 { 0.8 } else { 0.4 };
    } else if code.mark.chars().count() == 1 {
        weight *= 0.7;
    }
    if let (Some(calibre), false) = (calibre, code.calibres.is_empty()) {
        weight *= if code.calibres.split(';').any(|c| c == calibre.value) { 1.3 } else { 0.6 };
    }
    // The year that suits these years best, of all numbers beside the maker's.
    let mut year: Option<(usize, Option<i32>, f32)> = None;
    for (i, element) in elements.iter().enumerate().filter(|(i, _)| *i != at) {
        for candidate in years::candidates(element) {
            let fit = year_fit(code, candidate);
            if year.is_none_or(|y| fit > y.2) {
                year = Some((i, Some(candidate), fit));
            } else if year.is_some_and(|y| y.0 == i && fit == y.2) {
                // Two centuries suit equally well: there is a year, but not which.
                year = Some((i, None, fit));
            }
        }
    }
    weight *= match year {
        Some((.., fit)) => fit,
        None if code.year_format.is_empty() => 1.0,
        None => 0.5,
    };
    Reading { code, year: year.map(|(i, y, _)| (i, y)), weight }
}

/// How well a year suits the years attested for a row, 0..1.
fn year_fit(code: &Code, year: i32) -> f32 {
    let from = code.year_from.unwrap_or(if code.year_to.is_some() { 1880 } else { 1900 });
    let to = code.year_to.unwrap_or(2026);
    let outside = (from - year).max(year - to).max(0) as f32;
    (-outside / YEAR_SLACK).exp()
}

fn year_of(reading: &Reading, elements: &[String]) -> Option<Year> {
    match reading.year {
        Some((at, value)) => Some(Year { value, stamped: Some(elements[at].clone()), absent: false }),
        None => absent(elements),
    }
}

fn lone_year(elements: &[String]) -> Option<Year> {
    let found: Vec<_> = elements.iter().filter(|e| e.len() == 4 && !years::candidates(e).is_empty()).collect();
    match found.as_slice() {
        [one] => Some(Year { value: one.parse().ok(), stamped: Some((*one).clone()), absent: false }),
        [] => absent(elements),
        _ => None,
    }
}

/// A head bears no year if none of its elements can be one.
fn absent(elements: &[String]) -> Option<Year> {
    let none = elements.iter().all(|e| years::candidates(e).is_empty() && !e.contains('?'));
    none.then_some(Year { value: None, stamped: None, absent: true })
}

fn countries(readings: &[Reading]) -> Vec<CountryRecord> {
    let least = readings.first().map_or(0.0, |r| r.weight * LEAST_SHARE);
    let mut out: Vec<CountryRecord> = Vec::new();
    for r in readings.iter().filter(|r| r.weight >= least) {
        if out.len() < MOST_COUNTRIES && out.iter().all(|c| c.iso2 != r.code.iso2) {
            let filled = |s: &String| (!s.is_empty()).then(|| s.clone());
            out.push(CountryRecord {
                iso2: r.code.iso2.clone(),
                name: rust_iso3166::from_alpha2(&r.code.iso2).map_or_else(String::new, |c| c.name.to_string()),
                state_at_time: filled(&r.code.state_at_time),
                // Weights order the countries; they have not been measured as probabilities.
                confidence: None,
                factory: filled(&r.code.factory),
                code: Some(r.code.mark.clone()),
                source: Some(format!("{} ({})", r.code.source, r.code.confidence)),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the study: country, and the year where its digits can mean but one.
    #[test]
    fn the_studys_examples_come_from_where_it_says() {
        let table = [
            ("31_94", "CN", 1994),
            ("71_90", "CN", 1990),
            ("945_05", "CN", 2005),
            ("17_88", "RU", 1988),
            ("188_88", "RU", 1988),
            ("3_*_87_*", "RU", 1987),
            ("⊕_77_FN", "BE", 1977),
            ("⊕_7.62_80_FNB", "BE", 1980),
            ("POF_81_L2A2", "PK", 1981),
            ("10_11", "BG", 2011),
            ("945_10", "CN", 2010),
            ("93_91", "KP", 1991),
            ("1_39_012", "SD", 2012),
            ("S_99", "DZ", 1999),
            ("S_07", "DZ", 2007),
            ("S_09", "DZ", 2009),
            ("325_05", "RO", 2005),
            ("SADU_7.62_07", "RO", 2007),
        ];
        let registry = Registry::embedded();
        for (headstamp, iso2, year) in table {
            let meaning = registry.interpret(&headstamp.split('_').map(String::from).collect::<Vec<_>>());
            let first = meaning.countries.first().map(|c| c.iso2.as_str());
            assert_eq!(first, Some(iso2), "{headstamp}: {:?}", meaning.countries);
            assert_eq!(meaning.year.and_then(|y| y.value), Some(year), "{headstamp}");
        }
    }

    #[test]
    fn nothing_known_is_nothing_said() {
        let meaning = Registry::embedded().interpret(&["QQQ".into(), "•".into()]);
        assert!(meaning.countries.is_empty() && meaning.calibre.is_none());
        assert_eq!(meaning.year, Some(Year { value: None, stamped: None, absent: true }));
        assert_eq!(Registry::embedded().interpret(&["QQQ".into(), "?".into()]).year, None);
    }
}
