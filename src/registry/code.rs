//! One row of the registry: one meaning of one mark.

use super::layout::Layout;
use super::names::{Confidence, Kind, Script, YearFormat};

/// One meaning of one mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// The mark as it is stamped, in the notation; `-` where there is none.
    pub mark: String,
    /// What it names.
    pub kind: Kind,
    /// The script it is stamped in.
    pub script: Script,
    /// Today's country, ISO 3166 two letters; empty where a mark belongs to none.
    pub iso2: String,
    /// The state at the time; empty where a mark belongs to none.
    pub state_at_time: String,
    /// The maker, or what the mark means.
    pub factory: String,
    /// Where it is.
    pub place: String,
    /// Calibres attested.
    pub calibres: Vec<String>,
    /// First year attested.
    pub year_from: Option<i32>,
    /// Last year attested.
    pub year_to: Option<i32>,
    /// How years are stamped; empty where it is not known.
    pub year_formats: Vec<YearFormat>,
    /// How heads are laid out; empty where it is not known.
    pub layouts: Vec<Layout>,
    /// How well this is known.
    pub confidence: Confidence,
    /// The source.
    pub source: String,
    /// What else there is to say.
    pub note: String,
    /// Whether the user's own registry says it; such rows take precedence.
    pub own: bool,
    pub(super) facts: Facts,
}

/// What follows from a row and the other tables, worked out once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    /// Rows of one maker under one state have the same number.
    pub maker: u32,
    /// The time of the state, where it is limited.
    pub state: Option<(i32, i32)>,
    /// The families of its calibres, a bit each.
    pub families: u32,
    /// Signs of the mark.
    pub length: usize,
}

impl Code {
    /// The source with how good it is.
    pub fn cited(&self) -> String {
        format!("{} ({})", self.source, self.confidence)
    }

    /// Maker and place on one line, as far as known.
    pub fn maker(&self) -> String {
        match (self.factory.is_empty(), self.place.is_empty()) {
            (false, false) if !self.factory.contains(&self.place) => format!("{}, {}", self.factory, self.place),
            (true, _) => self.place.clone(),
            _ => self.factory.clone(),
        }
    }

    /// The years attested, as people write them: `1941–1988`, `from 1992`, or nothing.
    pub fn years(&self) -> String {
        match (self.year_from, self.year_to) {
            (Some(a), Some(b)) if a == b => a.to_string(),
            (Some(a), Some(b)) => format!("{a}–{b}"),
            (Some(a), None) => format!("from {a}"),
            (None, Some(b)) => format!("until {b}"),
            (None, None) => String::new(),
        }
    }
}
