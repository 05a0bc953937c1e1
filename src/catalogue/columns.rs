//! An entry as a row of cells: the columns of every table that entries are written to.
//!
//! `case` is its id; the other columns are the fields, and `photographs` its places, `SHA-256#head` joined by `;`. Written in
//! full, `FIELD_how` and `FIELD_by` say how each value is known and who vouches for it.

use super::decision::Place;
use super::fields::Field;
use super::store::Entry;

pub(super) const CASE: &str = "case";
pub(super) const PHOTOGRAPHS: &str = "photographs";
pub(super) const HOW: &str = "_how";
pub(super) const BY: &str = "_by";

/// Fields that say who held or collected a case, or hold whatever a list said of it: for the own desk, not for everybody.
pub const PRIVATE: [Field; 4] = [Field::Holder, Field::Attributed, Field::CollectedBy, Field::OriginalRow];

/// Which columns are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Columns {
    /// What may be given to others: without [`PRIVATE`].
    #[default]
    Public,
    /// All fields.
    All,
    /// All fields, how each is known and who vouches for it: what is read back is the same.
    Full,
}

impl Columns {
    /// The fields, in the order of columns.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |f| self != Self::Public || !PRIVATE.contains(f))
    }

    /// The names of the columns.
    pub fn names(self) -> Vec<String> {
        let mut names = vec![CASE.to_owned()];
        for field in self.fields() {
            names.push(field.to_string());
            if self == Self::Full {
                names.extend([format!("{field}{HOW}"), format!("{field}{BY}")]);
            }
        }
        names.push(PHOTOGRAPHS.to_owned());
        names
    }

    /// The cells of an entry, in the order of [`Self::names`]; none where nothing is recorded.
    pub fn cells(self, entry: &Entry) -> Vec<Option<String>> {
        let mut cells = vec![Some(entry.case.to_string())];
        for field in self.fields() {
            let value = entry.values.get(&field);
            cells.push(value.map(|v| v.text.clone()));
            if self == Self::Full {
                cells.push(value.map(|v| v.how.name().to_owned()));
                cells.push(value.map(|v| v.by.clone()));
            }
        }
        cells.push(Some(written(&entry.places)).filter(|p| !p.is_empty()));
        cells
    }
}

pub(super) fn written(places: &[Place]) -> String {
    places.iter().map(Place::to_string).collect::<Vec<_>>().join(";")
}
