//! Broader answers: what can be said where the maker, or even the country, is open.

use super::interpret::Interpretation;
use super::names::{Script, YearFormat};
use super::tokens::Class;
use serde::Serialize;

/// A region or a way of marking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tradition {
    /// What it is called.
    pub name: &'static str,
    /// Where it was or is at home.
    pub region: &'static str,
    /// What shows it.
    pub evidence: String,
}

const fn of(name: &'static str, region: &'static str) -> (&'static str, &'static str) {
    (name, region)
}

const CYRILLIC: (&str, &str) = of("Cyrillic letters", "Russia, Ukraine, Bulgaria, Serbia and their neighbours");
const ARABIC: (&str, &str) =
    of("Arabic-Indic or Persian digits", "Egypt, Iraq, Syria, Iran, the Ottoman Empire and others");
const HEBREW: (&str, &str) = of("Hebrew letters", "Israel");
const GREEK: (&str, &str) = of("Greek letters", "Greece, Cyprus");
const CHINESE: (&str, &str) = of("Chinese characters", "China, Taiwan, Japan");
const NATO: (&str, &str) = of("NATO mark", "a standard, not a state: members of NATO and makers who work to it");
const BRITISH: (&str, &str) = of(
    "British and Commonwealth pattern",
    "United Kingdom, Canada, Australia, New Zealand, India, South Africa and others",
);
const SOVIET: (&str, &str) = of(
    "Soviet pattern, two elements",
    "Soviet Union and its successors, the Warsaw Pact, China, North Korea and others",
);
const GERMAN: (&str, &str) = of("German wartime pattern, four groups", "German Reich and countries it held");
const SUDANESE: (&str, &str) = of("Sudanese pattern, three elements", "Sudan");
const COMMERCIAL: (&str, &str) = of("commercial: a name and a calibre, no year", "any country");

impl Interpretation<'_> {
    /// The ways of marking that the head follows, the most telling first. They hold whatever the maker is.
    pub fn traditions(&self) -> Vec<Tradition> {
        let tokens = &self.head.tokens;
        let mut found = Vec::new();
        let mut add = |(name, region), evidence: String| found.push(Tradition { name, region, evidence });
        for (tradition, script) in [
            (CYRILLIC, Script::Cyrillic),
            (ARABIC, Script::ArabicIndic),
            (HEBREW, Script::Hebrew),
            (GREEK, Script::Greek),
            (CHINESE, Script::Chinese),
        ] {
            if let Some(token) = tokens.iter().find(|t| t.text.chars().any(|c| script_of(c) == Some(script))) {
                add(tradition, format!("`{}`", token.text));
            }
        }
        let words: Vec<&str> = tokens.iter().map(|t| t.text).collect();
        let signs: Vec<_> = tokens.iter().filter(|t| !matches!(t.class, Class::Dot | Class::Star)).collect();
        let dated = |i: usize| signs[i].years.iter().any(|y| y.format == YearFormat::Yy);
        if let [a, b] = signs.as_slice()
            && a.class == Class::Digits
            && b.class == Class::Digits
            && (dated(0) || dated(1))
            && self.family().is_none_or(|families| families.iter().any(|f| f == "warsaw-pact"))
        {
            add(SOVIET, "a number of works and a year".into());
        }
        if let [a, b, c] = signs.as_slice()
            && a.class == Class::Digits
            && b.text == "39"
            && c.years.iter().any(|y| y.format == YearFormat::Oyy)
        {
            add(SUDANESE, "a number, 39 and a year of three digits".into());
        }
        let metal = |t: &super::tokens::Token| t.signs.iter().any(|s| s.kind == super::Kind::Metal);
        if signs.len() == 4 && signs.iter().any(|t| metal(t)) {
            add(GERMAN, "maker, metal, lot and year".into());
        }
        if words.contains(&"⊕") {
            add(NATO, "`⊕`".into());
        }
        let british = |t: &&&str| ["[arrow]", "VII", "VIIZ", "7Z", "Z"].contains(*t) || t.contains("[arrow]");
        if let Some(sign) = words.iter().find(british).filter(|_| words.len() > 1) {
            add(BRITISH, format!("`{sign}`"));
        }
        let dateless = tokens.iter().all(|t| t.calibre || t.years.is_empty());
        if dateless
            && self.calibre().is_some_and(|c| c.stamped.is_some())
            && signs.iter().any(|t| t.class == Class::Letters && !t.calibre)
        {
            add(COMMERCIAL, format!("`{}`", words.join(" ")));
        }
        found
    }

    fn family(&self) -> Option<&[String]> {
        let calibre = self.calibre()?;
        self.head.registry.calibres().by_name(&calibre.name).map(|c| c.families.as_slice())
    }
}

fn script_of(c: char) -> Option<Script> {
    Some(match c {
        'Ѐ'..='ӿ' => Script::Cyrillic,
        'Α'..='ω' => Script::Greek,
        '٠'..='٩' | '۰'..='۹' => Script::ArabicIndic,
        'ء'..='ي' => Script::ArabicIndic,
        'א'..='ת' => Script::Hebrew,
        '一'..='鿿' => Script::Chinese,
        _ => return None,
    })
}
