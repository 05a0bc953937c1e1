//! What is recorded of a case: one list of fields, for the catalogue, the command line, CSV and JSON alike.

use crate::notation::Headstamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Value of a headstamp or year that is there but that no one can read.
pub const NOT_LEGIBLE: &str = "not legible";
/// Value of a headstamp that is a symbol nobody here knows.
pub const SYMBOL_UNKNOWN: &str = "symbol unknown";
/// Value of a year that the case does not bear.
pub const ABSENT: &str = "absent";

/// Whether the value of a headstamp says what is stamped, and not that nobody can tell.
pub fn is_stamped(headstamp: &str) -> bool {
    ![NOT_LEGIBLE, SYMBOL_UNKNOWN, ""].contains(&headstamp)
}

/// Longest value, in bytes: notes are notes.
const LONGEST: usize = 10_000;
/// Longest row of a list that is kept as given, in bytes.
const LONGEST_ROW: usize = 100_000;

macro_rules! fields {
    ($($name:ident $text:literal $meaning:literal;)*) => {
        /// A field of a case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $(#[doc = $meaning] $name,)*
        }

        impl Field {
            /// All of them, in the order of columns.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in files, on the command line and on the page.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// What it means.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning),* }
            }
        }
    };
}

fields! {
    Headstamp "headstamp" "The headstamp in the notation, or `not legible`, or `symbol unknown`";
    Calibre "calibre" "The calibre, such as 7.62x39";
    ProducerCode "producer_code" "The mark that names the maker";
    Factory "factory" "The factory, under its present name";
    Country "country" "Today's country of production, ISO 3166 two letters";
    StateAtTime "state_at_time" "The state that made it, such as Soviet Union";
    Year "year" "The year of production, or `absent` where the case bears none, or `not legible`; empty: not recorded";
    CaseMaterial "case_material" "The case's material, such as brass or lacquered steel";
    PrimerColour "primer_colour" "Colour of the primer";
    SealantColour "sealant_colour" "Colour of the primer's sealant";
    Packaging "packaging" "The box or crate it came from";
    LotNumber "lot_number" "The lot number on the packaging";
    Quantity "quantity" "How many such cases; empty: one";
    Site "site" "Where it was found";
    DateFound "date_found" "When it was found: 2015, 2015-03 or 2015-03-21";
    Holder "holder" "Who holds or held it";
    Attributed "attributed" "Whether it is attributed to that holder: yes or no";
    CollectedBy "collected_by" "Who collected it";
    TrayPosition "tray_position" "Its place on the tray or in the bag";
    Notes "notes" "Notes";
    Tags "tags" "Free tags, separated by commas";
    Sources "sources" "Sources consulted";
    OriginalRow "original_row" "The row of the list that it came from, as given, as JSON: list, row and cells";
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no field; the fields are: {list}", list = names())]
pub struct NoField(String);

fn names() -> String {
    Field::ALL.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ")
}

impl Field {
    /// The field that bears exactly this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.name() == name)
    }
}

impl FromStr for Field {
    type Err = NoField;

    fn from_str(text: &str) -> Result<Self, NoField> {
        let name = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Self::named(&name).ok_or_else(|| NoField(text.to_owned()))
    }
}

/// How a value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Stamped on the case, and seen there.
    Stamped,
    /// Measured on the case.
    Measured,
    /// Told, by a document or a person.
    Told,
    /// Proposed by the program and confirmed by a person.
    Proposed,
    /// Follows from other values by the registry, and was confirmed by a person.
    Derived,
}

impl How {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Stamped, Self::Measured, Self::Told, Self::Proposed, Self::Derived];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stamped => "stamped",
            Self::Measured => "measured",
            Self::Told => "told",
            Self::Proposed => "proposed",
            Self::Derived => "derived",
        }
    }
}

impl FromStr for How {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|h| h.name() == text.trim());
        known.ok_or_else(|| format!("`{text}` is none of stamped, measured, told, proposed, derived"))
    }
}

/// A value, how it is known, and who vouches for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// The value, checked.
    pub text: String,
    /// How it is known.
    pub how: How,
    /// Who vouches for it.
    pub by: String,
}

/// The values of a case. A field that is not there was not recorded.
pub type Values = BTreeMap<Field, Value>;

/// Why a value cannot be recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {cause}")]
pub struct BadValue {
    /// The field.
    pub field: Field,
    /// The cause, in plain words.
    pub cause: String,
}

/// Checks a value and brings it into the form in which it is recorded.
pub fn checked(field: Field, text: &str) -> Result<String, BadValue> {
    let text = &text.trim().replace("\r\n", "\n");
    let bad = |cause: String| BadValue { field, cause };
    if text.is_empty() {
        return Err(bad("is empty".into()));
    }
    let longest = if field == Field::OriginalRow { LONGEST_ROW } else { LONGEST };
    if text.len() > longest {
        return Err(bad(format!("is longer than {longest} bytes")));
    }
    if let Some(c) = text.chars().find(|c| c.is_control() && !(field == Field::Notes && *c == '\n')) {
        return Err(bad(match c {
            '\n' => "holds a line break".into(),
            c => format!("holds the control character {:#04x}", u32::from(c)),
        }));
    }
    match field {
        Field::Headstamp if [NOT_LEGIBLE, SYMBOL_UNKNOWN].contains(&text.as_str()) => Ok(text.to_owned()),
        Field::Headstamp => text.parse().map(|h: Headstamp| h.to_string()).map_err(|e| bad(e.to_string())),
        Field::Country => {
            let code = text.to_ascii_uppercase();
            let known = rust_iso3166::from_alpha2(&code).is_some();
            known.then_some(code).ok_or_else(|| bad(format!("`{text}` is no ISO 3166 country of two letters")))
        }
        Field::Year if [NOT_LEGIBLE, ABSENT].contains(&text.as_str()) => Ok(text.to_owned()),
        Field::Year => match text.parse::<u16>() {
            Ok(1800..=2100) => Ok(text.to_owned()),
            _ => Err(bad(format!("`{text}` is no year from 1800 to 2100, nor `{ABSENT}`, nor `{NOT_LEGIBLE}`"))),
        },
        Field::Quantity => match text.parse::<u32>() {
            Ok(n @ 1..=100_000_000) => Ok(n.to_string()),
            _ => Err(bad(format!("`{text}` is no count of at least one"))),
        },
        Field::DateFound => date(text)
            .then(|| text.to_owned())
            .ok_or_else(|| bad(format!("`{text}` is no date like 2015, 2015-03 or 2015-03-21"))),
        Field::Attributed => match text.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Ok("yes".into()),
            "no" | "false" | "0" => Ok("no".into()),
            _ => Err(bad(format!("`{text}` is neither yes nor no"))),
        },
        Field::OriginalRow => match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) {
            Ok(row) => Ok(serde_json::Value::Object(row).to_string()),
            Err(_) => Err(bad("is kept by import alone: it is no JSON object".into())),
        },
        Field::Tags => {
            let mut tags: Vec<&str> = text.split(',').map(str::trim).filter(|t| !t.is_empty()).collect();
            tags.sort_unstable();
            tags.dedup();
            if tags.is_empty() { Err(bad("is empty".into())) } else { Ok(tags.join(", ")) }
        }
        _ => Ok(text.to_owned()),
    }
}

/// The row of a list as it is recorded.
pub fn kept_row(row: serde_json::Map<String, serde_json::Value>) -> Result<String, BadValue> {
    let text = serde_json::Value::Object(row).to_string();
    if text.len() > LONGEST_ROW {
        let cause = format!("is longer than {LONGEST_ROW} bytes");
        return Err(BadValue { field: Field::OriginalRow, cause });
    }
    Ok(text)
}

fn date(text: &str) -> bool {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    full.len() == 10 && full.parse::<jiff::civil::Date>().is_ok()
}

/// Parses `FIELD=VALUE` as it stands on the command line.
pub fn assignment(text: &str) -> Result<(Field, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as FIELD=VALUE")?;
    let field: Field = name.parse().map_err(|e: NoField| e.to_string())?;
    let value = checked(field, value).map_err(|e| e.to_string())?;
    Ok((field, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for &field in Field::ALL {
            assert_eq!(field.name().parse(), Ok(field));
            assert_eq!(serde_json::to_string(&field).unwrap(), format!("\"{}\"", field.name()));
        }
        assert_eq!("Date found".parse(), Ok(Field::DateFound));
        assert!("colour".parse::<Field>().unwrap_err().to_string().contains("primer_colour"));
    }

    #[test]
    fn values_are_checked_and_tidied() {
        for (field, given, kept) in [
            (Field::Headstamp, " 31__94 ", Some("31_94")),
            (Field::Headstamp, "not legible", Some("not legible")),
            (Field::Headstamp, "[crown", None),
            (Field::Country, "cn", Some("CN")),
            (Field::Country, "QQ", None),
            (Field::Year, "1994", Some("1994")),
            (Field::Year, "94", None),
            (Field::Year, "absent", Some("absent")),
            (Field::Quantity, "040", Some("40")),
            (Field::Quantity, "0", None),
            (Field::Quantity, "-1", None),
            (Field::DateFound, "2013-02-29", None),
            (Field::DateFound, "2013-02", Some("2013-02")),
            (Field::Attributed, "Yes", Some("yes")),
            (Field::Tags, "b, a,,b", Some("a, b")),
            (Field::Site, "  ", None),
            (Field::Site, "Kidal\u{7}", None),
        ] {
            assert_eq!(checked(field, given).ok().as_deref(), kept, "{field} {given}");
        }
        assert!(assignment("site=Kidal").is_ok() && assignment("site").is_err() && assignment("nowhere=1").is_err());
    }
}
