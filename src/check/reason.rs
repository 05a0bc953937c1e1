//! Why an entry may be wrong.

use crate::catalogue::Field;
use serde::Serialize;

/// From this probability on a reason is told.
pub(super) const TOLD: f64 = 0.05;

/// What a reason is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The marks on the picture.
    Marks,
    /// The country, by the headstamp.
    Country,
    /// The year, by the headstamp, its maker, or the calibre.
    Year,
    /// The calibre that is stamped.
    Calibre,
    /// The maker, or its code.
    Maker,
    /// How the headstamp is written.
    Slip,
    /// The photograph itself.
    Photograph,
    /// The list: a row that cannot be understood.
    Row,
}

impl Signal {
    /// The field that is in doubt, where it is one.
    pub fn field(self) -> Option<Field> {
        match self {
            Self::Marks | Self::Slip => Some(Field::Headstamp),
            Self::Country => Some(Field::Country),
            Self::Year => Some(Field::Year),
            Self::Calibre => Some(Field::Calibre),
            Self::Maker | Self::Photograph | Self::Row => None,
        }
    }

    /// Its name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Marks => "marks",
            Self::Country => "country",
            Self::Year => "year",
            Self::Calibre => "calibre",
            Self::Maker => "maker",
            Self::Slip => "slip",
            Self::Photograph => "photograph",
            Self::Row => "row",
        }
    }
}

/// Why an entry may be wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// What it is drawn from.
    pub signal: Signal,
    /// How probable it alone makes it that something is wrong, 0..1.
    pub wrong: f64,
    /// In words.
    pub text: String,
    /// What would be right, where that is known: a headstamp, a country, a year, a calibre, a maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}
