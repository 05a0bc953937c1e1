//! What countries and states are called, in several languages: names from the CLDR, short forms and former states besides.

use super::states::States;
use super::table::Table;
use crate::list::Fault;
use crate::registry::country_name;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Names of today's countries: see `data/NOTICE.md`.
const CLDR: &str = include_str!("data/countries.csv");
/// Short forms, older names, and what states that are gone are called in other languages.
const OTHERS: &str = include_str!("data/names.csv");
/// What a name in that table means that is a state's and no country's.
const STATE: &str = "state:";
/// Most names of an ambiguous one that are told.
const MOST_TOLD: usize = 4;

/// What a name means: today's country, and the state that is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Land {
    /// Today's country, ISO 3166 two letters; none for a state on whose ground there are several.
    pub iso2: Option<String>,
    /// The state that made it, where it is named and gone.
    pub state: Option<String>,
}

/// Why a name means no one country.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoLand {
    /// Nothing is called so.
    #[error("`{0}` is no country that is known by that name; write two letters of ISO 3166, such as BG")]
    Unknown(String),
    /// Several are.
    #[error("`{name}` may be {}", .of.join(" or "))]
    Ambiguous {
        /// The name.
        name: String,
        /// What it may mean.
        of: Vec<String>,
    },
}

type Names = HashMap<String, BTreeSet<Land>>;

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    // the tables are part of the program, and a test holds them sound
    names().unwrap_or_default()
});

impl Land {
    /// What a name or a code means, in English, French, German, Spanish, Russian or Arabic.
    pub fn named(name: &str) -> Result<Self, NoLand> {
        let name = name.trim();
        if name.len() == 2 && name.is_ascii() {
            let upper = name.to_ascii_uppercase();
            if rust_iso3166::from_alpha2(&upper).is_some() {
                return Ok(Self { iso2: Some(upper), state: None });
            }
        }
        let meant: Vec<&Self> = NAMES.get(&key(name)).into_iter().flatten().collect();
        match meant.as_slice() {
            [one] => Ok((*one).clone()),
            [] => rust_iso3166::from_alpha3(&name.to_ascii_uppercase())
                .map(|c| Self { iso2: Some(c.alpha2.to_owned()), state: None })
                .ok_or_else(|| NoLand::Unknown(name.to_owned())),
            several => {
                let of = several.iter().take(MOST_TOLD).map(|l| l.to_string()).collect();
                Err(NoLand::Ambiguous { name: name.to_owned(), of })
            }
        }
    }
}

impl std::fmt::Display for Land {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.state, &self.iso2) {
            (Some(state), _) => write!(f, "{state} (a state that is gone)"),
            (None, Some(iso2)) => write!(f, "{iso2} ({})", country_name(iso2)),
            (None, None) => Ok(()),
        }
    }
}

fn names() -> Result<Names, Fault> {
    let mut all = Names::new();
    let mut add = |name: &str, land: &Land| {
        if !name.trim().is_empty() {
            all.entry(key(name)).or_default().insert(land.clone());
        }
    };
    let country = |iso2: &str| Land { iso2: Some(iso2.to_owned()), state: None };
    for row in Table::new(CLDR, &["iso2", "en", "fr", "de", "es", "ru", "ar"])? {
        let row = row?;
        let land = country(row.filled("iso2")?);
        for language in ["en", "fr", "de", "es", "ru", "ar"] {
            row.list(language).for_each(|name| add(name, &land));
        }
    }
    let states = States::embedded();
    let gone = |name: &str| -> Option<Land> {
        let state = states.get(name).filter(|s| s.to.is_some())?;
        let iso2 = if let [one] = state.iso2.as_slice() { Some(one.clone()) } else { None };
        Some(Land { iso2, state: Some(name.to_owned()) })
    };
    for name in states.names() {
        if let Some(land) = gone(name) {
            add(name, &land);
        }
    }
    for row in Table::new(OTHERS, &["means", "names"])? {
        let row = row?;
        let means = row.filled("means")?;
        let land = match means.strip_prefix(STATE) {
            Some(state) => gone(state).ok_or_else(|| row.fault(format!("`{state}` is no state that is gone")))?,
            None => country(means),
        };
        row.list("names").for_each(|name| add(name, &land));
    }
    Ok(all)
}

/// A name as it is compared: letters and digits alone, without letter case, accents and the ways of writing Arabic.
fn key(name: &str) -> String {
    let letters = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let mut key = String::with_capacity(name.len());
    for c in letters {
        match c {
            'ة' => key.push('ه'),
            'ى' => key.push('ي'),
            'ـ' => {}
            'ß' => key.push_str("ss"),
            '&' => key.push_str("and"),
            c if c.is_alphanumeric() => key.push(c),
            _ => {}
        }
    }
    key.strip_prefix("the").filter(|rest| rest.chars().count() > 3).map_or(key.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> String {
        match Land::named(name) {
            Ok(Land { iso2, state }) => [iso2, state].into_iter().flatten().collect::<Vec<_>>().join(" "),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn every_name_of_the_tables_is_of_a_country_and_few_of_several() {
        let names = names().unwrap();
        let known = |l: &Land| l.iso2.as_ref().is_none_or(|c| rust_iso3166::from_alpha2(c).is_some());
        assert!(names.values().flatten().all(known));
        let mut several: Vec<&str> = names.iter().filter(|(_, l)| l.len() > 1).map(|(k, _)| k.as_str()).collect();
        several.sort_unstable();
        assert_eq!(
            several,
            [
                "congo",
                "corea",
                "coree",
                "kongo",
                "korea",
                "republicofchina",
                "roc",
                "конго",
                "корея",
                "الكونغو",
                "كوريا"
            ]
        );
    }

    #[test]
    fn countries_are_known_in_six_languages_and_by_code() {
        for name in ["Bulgaria", "Bulgarie", "Bulgarien", "Болгария", "بلغاريا", "bg", "BGR", " BULGARIA "]
        {
            assert_eq!(of(name), "BG", "{name}");
        }
        for (name, iso2) in [
            ("U.S.A.", "US"),
            ("UK", "GB"),
            ("Czech Republic", "CZ"),
            ("Tschechei", "CZ"),
            ("Ivory Coast", "CI"),
            ("Cote d'Ivoire", "CI"),
            ("Côte d’Ivoire", "CI"),
            ("République du Congo", "CG"),
            ("the Netherlands", "NL"),
            ("Türkei", "TR"),
            ("ألمانيا", "DE"),
            ("المانيا", "DE"),
            ("RU", "RU"),
            ("CHN", "CN"),
        ] {
            assert_eq!(of(name), iso2, "{name}");
        }
    }

    #[test]
    fn states_that_are_gone_are_known_and_give_a_country_where_there_is_one() {
        for name in ["USSR", "UdSSR", "URSS", "СССР", "Soviet Union", "الاتحاد السوفيتي", "SU"] {
            assert_eq!(of(name), "Soviet Union", "{name}");
        }
        assert_eq!(of("DDR"), "DE German Democratic Republic");
        assert_eq!(of("CSSR"), "Czechoslovakia");
        assert_eq!(of("BRD"), "DE");
    }

    #[test]
    fn what_is_ambiguous_or_unknown_is_said() {
        assert_eq!(of("Congo"), "`Congo` may be CD (Congo (Democratic Republic of the)) or CG (Congo)");
        assert!(of("Korea").contains("KP") && of("Republic of China").contains("TW"));
        assert!(of("Freedonia").contains("no country that is known"));
    }
}
