//! Calibres: what they are called, since when they exist, and how they are stamped.

use super::table::Table;
use crate::list::Fault;
use std::borrow::Cow;
use std::collections::HashMap;

const EMBEDDED: &str = include_str!("data/calibres.csv");

/// A calibre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalibreRow {
    /// Its usual name, such as `7.62x39`.
    pub name: String,
    /// How it is stamped or typed: words in capitals, joined by spaces.
    pub aliases: Vec<String>,
    /// Year of its introduction.
    pub from: Option<i32>,
    /// Last year in which it was made in number, where it is obsolete.
    pub to: Option<i32>,
    /// The kinds it belongs to: `warsaw-pact`, `nato`, `shotgun` and so on.
    pub families: Vec<String>,
}

impl CalibreRow {
    /// Whether a stamped word is one of its names, or the figures of it.
    pub fn names(&self, stamped: &str) -> bool {
        let stamped = word(stamped);
        std::iter::once(&self.name).chain(&self.aliases).any(|name| {
            let name = word(name);
            // 7.62 of 7.62x39, 12 of 12 gauge, 45 of .45 ACP
            name == stamped || name.split(['X', ' ']).next() == Some(&stamped)
        })
    }
}

/// Every calibre, by name and by alias.
#[derive(Debug, Clone, Default)]
pub struct Calibres {
    rows: Vec<CalibreRow>,
    /// First word of an alias ▶ the alias's words and its calibre.
    aliases: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// Everything that names a calibre whole, without spaces and in capitals.
    names: HashMap<String, usize>,
    /// Families, each the number of its bit.
    families: Vec<String>,
}

/// Words of a headstamp that name a calibre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// Index of the calibre.
    pub calibre: usize,
    /// The words, by index.
    pub words: Vec<usize>,
    /// Whether the words can hardly mean anything else; a bare number can.
    pub plain: bool,
}

impl Calibres {
    /// The calibres that come with the program.
    pub fn embedded() -> Self {
        Self::parse(EMBEDDED).unwrap_or_default()
    }

    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let mut all = Self::default();
        let table = Table::new(text, &["calibre", "aliases", "from", "family"])?;
        for row in table {
            let row = row?;
            let list = |column| row.list(column).map(str::to_owned).collect::<Vec<_>>();
            let name = row.filled("calibre")?.to_owned();
            let calibre = CalibreRow {
                aliases: list("aliases"),
                from: row.number("from")?,
                to: row.number("to")?,
                families: list("family"),
                name,
            };
            if all.names.contains_key(&bare(&calibre.name)) {
                return Err(row.fault(format!("`{}` is there already", calibre.name)));
            }
            all.add(calibre);
        }
        Ok(all)
    }

    fn add(&mut self, calibre: CalibreRow) {
        let at = self.rows.len();
        for alias in std::iter::once(&calibre.name).chain(&calibre.aliases) {
            self.names.entry(bare(alias)).or_insert(at);
            let words: Vec<String> = alias.split_whitespace().map(word).collect();
            if let Some(first) = words.first() {
                let all = self.aliases.entry(first.clone()).or_default();
                if all.iter().all(|(known, _)| *known != words) {
                    all.push((words, at));
                }
            }
        }
        for family in &calibre.families {
            if !self.families.contains(family) {
                self.families.push(family.clone());
            }
        }
        self.rows.push(calibre);
    }

    /// The families of a calibre, a bit each; none where it is not known.
    pub(super) fn families(&self, name: &str) -> u32 {
        let of = self.by_name(name).map_or(&[][..], |c| &c.families);
        of.iter()
            .filter_map(|f| self.families.iter().position(|g| g == f))
            .fold(0, |bits, i| bits | 1u32.wrapping_shl(i as u32))
    }

    /// The bit of a family.
    pub(super) fn family(&self, family: &str) -> u32 {
        self.families.iter().position(|f| f == family).map_or(0, |i| 1u32.wrapping_shl(i as u32))
    }

    /// All calibres.
    pub fn rows(&self) -> &[CalibreRow] {
        &self.rows
    }

    /// A calibre by any of its names, however spaced and in any case.
    pub fn by_name(&self, name: &str) -> Option<&CalibreRow> {
        self.names.get(&bare(name)).map(|&i| &self.rows[i])
    }

    /// The usual name of a calibre; one that is not known keeps its own.
    pub fn canonical<'a>(&'a self, name: &'a str) -> &'a str {
        self.by_name(name).map_or_else(|| name.trim(), |c| &c.name)
    }

    /// The calibre that words name: the longest alias all of whose words are there, in any order and place.
    pub fn stamped(&self, words: &[&str]) -> Option<Stamped> {
        /// Words beyond this are looked at no more, which bounds the work.
        const MOST: usize = 24;
        let words: Vec<String> = words.iter().take(MOST).map(|w| word(w)).collect();
        let mut best: Option<(usize, Stamped)> = None;
        for first in &words {
            for (alias, calibre) in self.aliases.get(first).into_iter().flatten() {
                let length: usize = alias.iter().map(String::len).sum();
                if best.as_ref().is_some_and(|b| b.0 >= length) {
                    continue;
                }
                let mut at = Vec::with_capacity(alias.len());
                let found = alias.iter().all(|part| {
                    let place = words.iter().enumerate().position(|(i, w)| w == part && !at.contains(&i));
                    place.inspect(|p| at.push(*p)).is_some()
                });
                if found {
                    let plain = alias.len() > 1 || !alias[0].bytes().all(|b| b.is_ascii_digit());
                    best = Some((length, Stamped { calibre: *calibre, words: at, plain }));
                }
            }
        }
        best.map(|b| b.1)
    }
}

/// A word as it is compared.
fn word(text: &str) -> String {
    text.trim_start_matches('.').replace(['×', '*'], "X").to_uppercase()
}

/// A name as it is compared.
fn bare(name: &str) -> String {
    name.split_whitespace().map(word).collect()
}

/// A calibre, and how it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibre<'a> {
    /// Its usual name.
    pub name: Cow<'a, str>,
    /// The words that say so; `None` where the user told it.
    pub stamped: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        assert!(Calibres::parse(EMBEDDED).unwrap().rows().len() > 30);
    }

    #[test]
    fn stamped_calibres_are_known() {
        let calibres = Calibres::embedded();
        let of = |text: &str| {
            let words: Vec<_> = text.split(['_', ' ']).collect();
            calibres.stamped(&words).map(|s| (calibres.rows()[s.calibre].name.clone(), s.plain))
        };
        assert_eq!(of("X_LUGER_9MM"), Some(("9x19".into(), true)));
        assert_eq!(of("X_9mm Luger"), Some(("9x19".into(), true)));
        assert_eq!(of("X_5.56 MM"), Some(("5.56x45".into(), true)));
        assert_eq!(of("X_45 AUTO"), Some((".45 ACP".into(), true)));
        assert_eq!(of("X_7.62×39"), Some(("7.62x39".into(), true)));
        assert_eq!(of("X_303"), Some((".303 British".into(), false)), "a bare number may be anything");
        assert_eq!(of("17_88"), None);
        assert_eq!(calibres.canonical("7.62 X 39"), "7.62x39");
        assert_eq!(calibres.canonical("6x99"), "6x99");
    }
}
