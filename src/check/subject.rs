//! What is checked: an entry, and what is seen on its photograph.

use crate::catalogue::{Entry, Field, Values};
use crate::record::HeadRecord;

/// An entry with what there is of it beside what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The entry.
    pub entry: Entry,
    /// What its photograph shows.
    pub seen: Seen,
    /// Another entry that names the same head of the same photograph, or the same picture, as it is called.
    pub twice: Option<String>,
}

/// What the photograph of an entry shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// It names none.
    NoPhoto,
    /// The photograph that it names is not there, or cannot be read: why.
    Missing(String),
    /// There is a photograph of that name, and it is not the one that was entered: which.
    Altered(String),
    /// No case head was found on it, or none that can be read: why.
    Nothing(String),
    /// Its heads: the one that is meant, or all of them where the entry does not say which.
    Heads(Vec<HeadRecord>),
}

/// What an entry says, as far as others are held against it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Glance {
    /// The headstamp as it is written; empty where none is.
    pub headstamp: String,
    /// The calibre.
    pub calibre: Option<String>,
    /// The country, ISO 3166 two letters.
    pub country: Option<String>,
    /// The year as recorded.
    pub year: Option<String>,
}

impl Glance {
    /// Of what is recorded.
    pub fn of(values: &Values) -> Self {
        let said = |field| values.get(&field).map(|v| v.text.clone());
        Self {
            headstamp: said(Field::Headstamp).unwrap_or_default(),
            calibre: said(Field::Calibre),
            country: said(Field::Country),
            year: said(Field::Year),
        }
    }
}
