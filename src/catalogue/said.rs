//! What a row of a list says of a case: every cell understood as its field is, or refused with the reason.

use super::columns::HOW;
use super::fields::{self, Field, How, Value, Values};
use crate::list::{Fault, Row, value};
use crate::registry::{Land, Registry};
use serde_json::{Map, Value as Json};
use std::cell::RefCell;
use std::collections::HashMap;

/// Most years, and countries, that are remembered: headstamps come again and again.
const MOST_REMEMBERED: usize = 10_000;

/// Understands rows.
pub(super) struct Listener<'a> {
    registry: &'a Registry,
    who: &'a str,
    /// Years of two digits that were told: what was asked, and what came of it.
    years: RefCell<HashMap<[String; 4], Result<String, String>>>,
    /// Countries that were told.
    lands: RefCell<HashMap<String, Result<Land, String>>>,
}

impl<'a> Listener<'a> {
    /// What is said counts as told by `who`.
    pub(super) fn new(registry: &'a Registry, who: &'a str) -> Self {
        Self { registry, who, years: RefCell::default(), lands: RefCell::default() }
    }

    /// A value, checked, as told.
    pub(super) fn value(&self, text: String) -> Value {
        Value { text, how: How::Told, by: self.who.to_owned() }
    }

    /// What a row says of the case; columns that are no field of a case are left to the caller.
    pub(super) fn values(&self, row: &Row) -> Result<Values, Vec<Fault>> {
        let (mut texts, mut faults) = (HashMap::new(), Vec::new());
        let (mut land, mut short) = (None, None);
        // a row that says how values are known was written by an export in full: they are what was recorded
        let full = row.fields().any(|(name, _)| name.ends_with(HOW));
        for (name, text) in row.fields() {
            let Some(field) = Field::named(name) else { continue };
            let meant = match field {
                _ if full && row.field(&format!("{field}{HOW}")).is_some() => Ok(Some(text.to_owned())),
                Field::Year => value::year(text).map(|year| match year {
                    value::Year::Whole(text) => Some(text),
                    value::Year::Short(text) => {
                        short = Some((name, text));
                        None
                    }
                }),
                Field::Country => self.land(text).map(|named| {
                    let iso2 = named.iso2.clone();
                    land = Some((name, named));
                    iso2
                }),
                field => understood(field, text).map(Some),
            };
            let checked =
                meant.and_then(|text| text.map(|text| fields::checked(field, &text).map_err(|e| e.cause)).transpose());
            match checked {
                Ok(Some(text)) => drop(texts.insert(field, text)),
                Ok(None) => {}
                Err(cause) => faults.push(row.fault_of(name, cause)),
            }
        }
        // a state that is gone is named where people write the country
        if let Some((name, state)) = land.and_then(|(name, land)| Some((name, land.state?))) {
            let told = texts.entry(Field::StateAtTime).or_insert_with(|| state.clone());
            if *told != state {
                faults.push(
                    row.fault_of(name, format!("it is the {state}, but the state at the time is said to be {told}")),
                );
            }
        }
        if let Some((name, short)) = short {
            match self.full_year(&short, &texts) {
                Ok(year) => drop(texts.insert(Field::Year, year)),
                Err(cause) => faults.push(row.fault_of(name, cause).hint("write four digits")),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(texts.into_iter().map(|(field, text)| (field, self.value(text))).collect())
    }

    fn land(&self, text: &str) -> Result<Land, String> {
        if let Some(known) = self.lands.borrow().get(text) {
            return known.clone();
        }
        let land = Land::named(text).map_err(|e| e.to_string());
        let mut lands = self.lands.borrow_mut();
        if lands.len() < MOST_REMEMBERED {
            lands.insert(text.to_owned(), land.clone());
        }
        land
    }

    fn full_year(&self, short: &str, texts: &HashMap<Field, String>) -> Result<String, String> {
        let of = |field| texts.get(&field).cloned().unwrap_or_default();
        let asked = [short.to_owned(), of(Field::Headstamp), of(Field::ProducerCode), of(Field::Calibre)];
        if let Some(known) = self.years.borrow().get(&asked) {
            return known.clone();
        }
        let said = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        let headstamp = asked[1].parse().ok();
        let (mark, calibre) = (said(&asked[2]), said(&asked[3]));
        let year = self.registry.full_year(short, headstamp.as_ref(), mark.as_deref(), calibre.as_deref());
        let year = year.map(|y| y.to_string()).map_err(|e| e.to_string());
        let mut years = self.years.borrow_mut();
        if years.len() < MOST_REMEMBERED {
            years.insert(asked, year.clone());
        }
        year
    }
}

/// A cell as it is meant, before it is checked.
fn understood(field: Field, text: &str) -> Result<String, String> {
    Ok(match field {
        Field::Headstamp | Field::ProducerCode | Field::LotNumber | Field::TrayPosition => {
            value::typed(text)?.to_owned()
        }
        Field::Calibre => value::calibre(text)?,
        Field::DateFound => value::date(text)?,
        Field::Quantity => value::whole_number(text).to_owned(),
        Field::Attributed => value::yes_or_no(text).unwrap_or(text).to_owned(),
        Field::StateAtTime => match Land::named(text) {
            Ok(Land { state: Some(state), .. }) => state,
            _ => text.to_owned(),
        },
        Field::Notes | Field::OriginalRow => text.to_owned(),
        // a line break within a cell is there for the eye; the row stays as given
        _ => text.split('\n').map(str::trim).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" "),
    })
}

/// A row as given, as it stays with what came of it.
pub(super) fn original(list: &str, row: u64, cells: Map<String, Json>) -> Result<String, fields::BadValue> {
    let mut whole = Map::new();
    whole.insert("list".into(), list.into());
    whole.insert("row".into(), row.into());
    whole.insert("cells".into(), cells.into());
    fields::kept_row(whole)
}
