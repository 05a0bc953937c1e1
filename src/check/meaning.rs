//! An entry held against what its headstamp means: country, year, calibre and maker, by the registry and by the others that
//! bear the same headstamp.

use super::reason::{Reason, Signal, TOLD};
use super::subject::Glance;
use crate::catalogue::fields::{ABSENT, NOT_LEGIBLE};
use crate::catalogue::{Field, Values};
use crate::notation::look::key;
use crate::notation::{Headstamp, variety_key};
use crate::registry::{Dating, Interpretation, Registry, country_name};
use std::collections::HashMap;

/// Entries of a list whose country, or year, is wrong: what is expected before anything is known. The study's own lists,
/// and museums', bear about so many.
const EXPECTED: f64 = 0.02;
/// What a value is drawn from where the headstamp says nothing: so many countries, or years, are met.
const COUNTRIES: f64 = 40.0;
const YEARS: f64 = 60.0;
/// How many entries the registry counts for beside others that bear the same headstamp.
const REGISTRY: f64 = 4.0;
/// What is left of a year's likelihood where it lies outside the life of the maker, its state, or the calibre.
const OUTSIDE: f64 = 0.03;
/// Years about a maker's attested ones that count as within them: what is attested is seldom all.
const ABOUT: i32 = 3;
/// How probable it is that an entry is wrong whose calibre is another than is stamped; whose maker's code is not on the head;
/// whose maker is known by other codes alone; that says nothing of a year which is plainly there.
const CALIBRE: f64 = 0.7;
const CODE: f64 = 0.5;
const MAKER: f64 = 0.4;
const YEAR_UNSEEN: f64 = 0.3;

/// What entries that bear one variety say of its country and its year.
#[derive(Debug, Default)]
pub(super) struct Others {
    countries: HashMap<String, u32>,
    years: HashMap<String, u32>,
}

/// What all entries say, by variety.
#[derive(Debug, Default)]
pub(super) struct Sayings(HashMap<String, Others>);

impl Sayings {
    pub(super) fn hear(&mut self, said: &Glance) {
        let others = self.0.entry(variety_key(&said.headstamp)).or_default();
        for (counts, value) in [(&mut others.countries, &said.country), (&mut others.years, &said.year)] {
            if let Some(value) = value {
                *counts.entry(value.clone()).or_default() += 1;
            }
        }
    }

    /// How many others with this headstamp say the same, and how many say anything.
    fn others(&self, said: &Glance, of: impl Fn(&Others) -> &HashMap<String, u32>, value: &str) -> (f64, f64) {
        let Some(others) = self.0.get(&variety_key(&said.headstamp)).map(of) else { return (0.0, 0.0) };
        // its own vote does not count
        let same = others.get(value).copied().unwrap_or(1).saturating_sub(1);
        let all = others.values().sum::<u32>().saturating_sub(1);
        (f64::from(same), f64::from(all))
    }

    /// What most others with this headstamp say, beside this.
    fn most(&self, said: &Glance, of: impl Fn(&Others) -> &HashMap<String, u32>, beside: &str) -> Option<&str> {
        let others = self.0.get(&variety_key(&said.headstamp)).map(of)?;
        let all = others.iter().filter(|(value, _)| *value != beside);
        all.max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(value, _)| value.as_str())
    }
}

/// Everything that is odd about what an entry says of its headstamp, which says what is stamped.
pub(super) fn reasons(said: &Glance, values: &Values, registry: &Registry, sayings: &Sayings) -> Vec<Reason> {
    let Ok(headstamp) = said.headstamp.parse::<Headstamp>() else { return Vec::new() };
    let means = registry.interpret(&headstamp, said.calibre.as_deref());
    let mut all = Vec::new();
    all.extend(said.country.as_deref().and_then(|country| of_country(said, country, &means, sayings)));
    all.extend(said.year.as_deref().and_then(|year| of_year(said, year, &means, registry, sayings)));
    all.extend(said.calibre.as_deref().and_then(|calibre| of_calibre(&headstamp, calibre, registry)));
    let text = |field| values.get(&field).map(|v| v.text.as_str());
    all.extend(text(Field::ProducerCode).and_then(|code| of_code(code, &means)));
    all.extend(text(Field::Factory).and_then(|maker| of_maker(maker, &means, registry)));
    all.retain(|r| r.wrong >= TOLD);
    all
}

/// How probable it is that a value is wrong which is so likely for this headstamp, and so likely for any.
fn wrong(likely: f64, anyhow: f64) -> f64 {
    EXPECTED * anyhow / (EXPECTED * anyhow + (1.0 - EXPECTED) * likely)
}

fn of_country(said: &Glance, country: &str, means: &Interpretation, sayings: &Sayings) -> Option<Reason> {
    let countries = means.countries();
    let share = countries.iter().find(|c| c.0 == country).map_or(0.0, |c| c.1);
    let by_registry = share + means.unknown / COUNTRIES;
    let (same, all) = sayings.others(said, |o| &o.countries, country);
    let likely = (by_registry * REGISTRY + same) / (REGISTRY + all);
    let wrong = wrong(likely, 1.0 / COUNTRIES);
    let name = |iso2: &str| format!("{iso2} ({})", country_name(iso2));
    let registry = countries.into_iter().find(|c| c.0 != country);
    let most = sayings.most(said, |o| &o.countries, country);
    let (text, instead) = match (registry, most) {
        (Some((first, sure)), _) => (format!("the headstamp is {} by the registry ({sure:.2})", name(first)), first),
        (None, Some(most)) => (format!("others of this headstamp are {}", name(most)), most),
        (None, None) => return None,
    };
    let text = format!("country {}: {text}{}", name(country), others(same, all));
    Some(Reason { signal: Signal::Country, wrong, text, instead: Some(instead.to_owned()) })
}

/// What others say, where they say anything.
fn others(same: f64, all: f64) -> String {
    if all < 1.0 { String::new() } else { format!("; of {all} other entries {same} say the same") }
}

fn of_year(
    said: &Glance,
    year: &str,
    means: &Interpretation,
    registry: &Registry,
    sayings: &Sayings,
) -> Option<Reason> {
    let reason = |wrong, text, instead| Some(Reason { signal: Signal::Year, wrong, text, instead });
    let (dating, sure) = means.dating();
    let stamped = |dating: Dating| match dating {
        Dating::Year { value, word, .. } => Some((value, means.word(word))),
        _ => None,
    };
    if year == ABSENT || year == NOT_LEGIBLE {
        let (value, word) = stamped(dating)?;
        let text = format!("year {year}: the headstamp bears {word}, which is {value} ({sure:.2})");
        return reason(YEAR_UNSEEN * sure, text, Some(value.to_string()));
    }
    let year: i32 = year.parse().ok()?;
    let mut likely = 0.0;
    let mut within = false;
    for meaning in &means.meanings {
        let lives = meaning.rows().any(|c| lives(c.year_from, c.year_to, year));
        within |= lives;
        likely += meaning.probability
            * match meaning.year {
                Dating::Year { value, .. } => f64::from(u8::from(value == year)),
                // it is known from elsewhere
                _ if lives => 1.0 / YEARS,
                _ => OUTSIDE / YEARS,
            };
    }
    // where no maker is known, two digits of the year may be there
    let short = format!("{:02}", year.rem_euclid(100));
    let there = means.words().any(|w| w == short || w == year.to_string());
    let dated = means.words().any(|w| w.len() == 4 && w.parse::<i32>().is_ok_and(|y| (1850..=2100).contains(&y)));
    likely += means.unknown
        * if there {
            0.5
        } else if dated {
            OUTSIDE / YEARS
        } else {
            1.0 / YEARS
        };
    let row = said.calibre.as_deref().and_then(|c| registry.calibres().by_name(c));
    let before = row.filter(|r| r.from.is_some_and(|from| year < from));
    if before.is_some() {
        likely *= OUTSIDE;
    }
    let (same, all) = sayings.others(said, |o| &o.years, &year.to_string());
    let likely = (likely * REGISTRY + same) / (REGISTRY + all);
    let wrong = wrong(likely, 1.0 / YEARS);
    let (text, instead) = match (before, stamped(dating)) {
        (Some(calibre), _) => {
            let from = calibre.from.unwrap_or_default();
            (format!("year {year}: {} was not made before {from}", calibre.name), None)
        }
        (None, Some((value, word))) if value != year => {
            let text = format!("year {year}: the headstamp bears {word}, which is {value} ({sure:.2})");
            (text, Some(value.to_string()))
        }
        (None, _) if !within && !means.meanings.is_empty() => {
            let code = means.meanings[0].code;
            (format!("year {year}: outside the years attested for {}, {}", code.mark, code.years()), None)
        }
        (None, _) => (format!("year {year}: the headstamp does not say so"), None),
    };
    reason(wrong, text + &others(same, all), instead)
}

fn lives(from: Option<i32>, to: Option<i32>, year: i32) -> bool {
    from.is_none_or(|from| year >= from - ABOUT) && to.is_none_or(|to| year <= to + ABOUT)
}

fn of_calibre(headstamp: &Headstamp, calibre: &str, registry: &Registry) -> Option<Reason> {
    let means = registry.interpret(headstamp, None);
    let stamped = means.calibre()?;
    let evidence = stamped.stamped.as_deref()?;
    let entered = registry.calibres().canonical(calibre);
    // 7.62 is on cartridges of many calibres
    let named = registry.calibres().by_name(calibre).is_some_and(|row| evidence.split(' ').all(|w| row.names(w)));
    if *stamped.name == *entered || named {
        return None;
    }
    let text = format!("calibre {calibre}: the headstamp bears {evidence}, which is {}", stamped.name);
    Some(Reason { signal: Signal::Calibre, wrong: CALIBRE, text, instead: Some(stamped.name.to_string()) })
}

fn of_code(code: &str, means: &Interpretation) -> Option<Reason> {
    let words: Vec<String> = means.words().map(key).collect();
    let wanted = key(code);
    let n = words.len();
    let there = (0..n).any(|from| {
        (1..=3.min(n)).any(|k| (0..k).map(|i| words[(from + i) % n].as_str()).collect::<String>() == wanted)
    });
    if there || wanted.is_empty() || code == "-" {
        return None;
    }
    let text = format!("producer code {code}: it is not on the headstamp");
    Some(Reason { signal: Signal::Maker, wrong: CODE, text, instead: None })
}

/// Whether a maker is known to the registry, and by no code that this headstamp bears.
fn of_maker(maker: &str, means: &Interpretation, registry: &Registry) -> Option<Reason> {
    let wanted = key(maker);
    let is = |name: &str| !name.is_empty() && key(name) == wanted;
    if means.meanings.iter().flat_map(|m| m.rows()).any(|c| is(&c.factory)) {
        return None;
    }
    let code = registry.rows().iter().find(|c| is(&c.factory))?;
    let first = means.meanings.first()?;
    let text = format!("factory {maker}: its mark is {}, and this headstamp is that of {}", code.mark, first.maker());
    Some(Reason { signal: Signal::Maker, wrong: MAKER * first.probability, text, instead: Some(first.maker()) })
}
