//! What queues and groups need to know of heads: found without their records, for a hundred thousand at once.

use super::decision::Place;
use super::error::CatalogueError;
use super::fields::{Field, Values};
use crate::notation::variety_key;
use crate::record::HeadRecord;

/// What is known of a head at a glance. It follows from what was read and told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Brief {
    /// Key of the variety of the first proposal; empty where there is none.
    pub variety: String,
    /// Keys of the varieties of the others.
    pub others: Vec<String>,
    /// The calibre, as told or as the first proposal says.
    pub calibre: Option<String>,
    /// How probable the first proposal is, 0..1; `None` where that was not measured.
    pub confidence: Option<f32>,
    /// The country of the first proposal, ISO 3166 two letters.
    pub country: Option<String>,
    /// Where it was found.
    pub site: Option<String>,
}

impl Brief {
    /// Of a head, with what was told of it.
    pub fn of(head: &HeadRecord, given: &Values) -> Self {
        let told = |field| given.get(&field).map(|v| v.text.clone());
        let first = head.proposals.first();
        let variety = first.map(|p| variety_key(&p.headstamp)).unwrap_or_default();
        let mut others = Vec::new();
        for key in head.proposals.iter().skip(1).map(|p| variety_key(&p.headstamp)) {
            if key != variety && !others.contains(&key) {
                others.push(key);
            }
        }
        let read = first.and_then(|p| Some(p.calibre.as_ref()?.value.clone()));
        let country = first.and_then(|p| Some(p.countries.first()?.iso2.clone()));
        Self {
            variety,
            others,
            calibre: told(Field::Calibre).or(read),
            confidence: first.and_then(|p| p.confidence),
            country: told(Field::Country).or(country),
            site: told(Field::Site),
        }
    }

    /// Of a record and values told, as they are kept; of what is no head, and of what cannot be understood, nothing.
    pub(super) fn of_kept(record: &str, given: &str) -> Option<Self> {
        let head: Option<HeadRecord> = serde_json::from_str(record).ok()?;
        Some(Self::of(&head?, &serde_json::from_str(given).ok()?))
    }
}

/// What a head was said to differ from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum From {
    /// Another head: another case, or another die.
    Head(Place),
    /// A variety, by its key.
    Variety(String),
}

/// Begins what is kept of a variety, so that it is no place.
const VARIETY: char = '=';

impl From {
    pub(super) fn kept(&self) -> String {
        match self {
            Self::Head(place) => place.to_string(),
            Self::Variety(key) => format!("{VARIETY}{key}"),
        }
    }

    pub(super) fn of_kept(text: &str) -> Result<Self, CatalogueError> {
        match text.strip_prefix(VARIETY) {
            Some(key) => Ok(Self::Variety(key.to_owned())),
            None => Ok(Self::Head(place(text)?)),
        }
    }
}

/// A place as it is kept.
pub(super) fn place(text: &str) -> Result<Place, CatalogueError> {
    text.parse().map_err(|e: String| CatalogueError::damaged("what was said to differ", e))
}
