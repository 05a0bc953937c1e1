//! States that made ammunition, those that are gone among them.

use super::table::Table;
use crate::list::Fault;
use std::collections::HashMap;

const EMBEDDED: &str = include_str!("data/states.csv");

/// A state and the time that it existed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// Its name.
    pub name: String,
    /// Today's countries on its ground.
    pub iso2: Vec<String>,
    /// First year, where it began in the age of cartridges.
    pub from: Option<i32>,
    /// Last year, where it is gone.
    pub to: Option<i32>,
}

impl State {
    /// First and last year.
    pub(super) fn span(&self) -> (i32, i32) {
        (self.from.unwrap_or(i32::MIN / 2), self.to.unwrap_or(i32::MAX / 2))
    }
}

/// Every state, by name.
#[derive(Debug, Clone, Default)]
pub(super) struct States(HashMap<String, State>);

impl States {
    /// The states that come with the program.
    pub(super) fn embedded() -> Self {
        Self::parse(EMBEDDED).unwrap_or_default()
    }

    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let mut all = HashMap::new();
        for row in Table::new(text, &["state", "iso2", "from", "to"])? {
            let row = row?;
            let state = State {
                name: row.filled("state")?.to_owned(),
                iso2: row.list("iso2").map(str::to_owned).collect(),
                from: row.number("from")?,
                to: row.number("to")?,
            };
            if let Some(bad) = state.iso2.iter().find(|c| rust_iso3166::from_alpha2(c).is_none()) {
                return Err(row.fault(format!("`{bad}` is no ISO 3166 country of two letters")));
            }
            if let Some(twice) = all.insert(state.name.clone(), state) {
                return Err(row.fault(format!("`{}` is there already", twice.name)));
            }
        }
        Ok(Self(all))
    }

    /// Every name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A state by its name.
    pub(super) fn get(&self, name: &str) -> Option<&State> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound_and_knows_states_that_are_gone() {
        let states = States::parse(EMBEDDED).unwrap();
        let soviet = states.get("Soviet Union").unwrap();
        assert_eq!((soviet.from, soviet.to), (Some(1922), Some(1991)));
        assert!(soviet.iso2.iter().any(|c| c == "KG"));
    }
}
