//! Which entries are counted: those of which something is recorded.

use crate::catalogue::fields::{self, Field};
use crate::catalogue::{Entry, Values};
use std::str::FromStr;

/// A condition: a field that has a value. Of dates and years a beginning is enough: `date_found=2013`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    field: Field,
    value: String,
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) =
            text.split_once('=').ok_or("write it as FIELD=VALUE; FIELD= chooses those without a value")?;
        let field: Field = name.parse().map_err(|e: fields::NoField| e.to_string())?;
        Ok(Self { field, value: value.trim().to_owned() })
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.value.is_empty() {
            return write!(f, "{} not recorded", self.field);
        }
        write!(f, "{} {}", self.field, self.value)
    }
}

impl Condition {
    fn holds(&self, values: &Values) -> bool {
        let Some(value) = values.get(&self.field) else { return self.value.is_empty() };
        let (text, wanted) = (value.text.to_lowercase(), self.value.to_lowercase());
        match self.field {
            _ if wanted.is_empty() => false,
            Field::DateFound => text.starts_with(&wanted),
            Field::Tags => text.split(", ").any(|tag| tag == wanted),
            _ => text == wanted,
        }
    }
}

/// Whether an entry fulfils all conditions.
pub fn all_hold(conditions: &[Condition], entry: &Entry) -> bool {
    conditions.iter().all(|c| c.holds(&entry.values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{How, Value};

    #[test]
    fn what_is_recorded_is_chosen() {
        let value = |text: &str| Value { text: text.into(), how: How::Told, by: "A".into() };
        let values = Values::from([
            (Field::Site, value("Kidal")),
            (Field::DateFound, value("2013-02")),
            (Field::Tags, value("a, b")),
        ]);
        for (condition, holds) in [
            ("site=kidal", true),
            ("site=Kid", false),
            ("date found=2013", true),
            ("date_found=2013-03", false),
            ("tags=b", true),
            ("holder=", true),
            ("site=", false),
            ("holder=X", false),
        ] {
            assert_eq!(condition.parse::<Condition>().unwrap().holds(&values), holds, "{condition}");
        }
        assert!("site".parse::<Condition>().is_err() && "colour=1".parse::<Condition>().is_err());
    }
}
