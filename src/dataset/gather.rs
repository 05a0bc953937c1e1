//! The confirmed heads of a catalogue.

use crate::catalogue::fields::is_stamped;
use crate::catalogue::{Catalogue, CatalogueError, Confirmed, Entry, Field, Place, Values};
use crate::channel::{Fit, Ring, fit};
use crate::notation::variety_key;
use crate::record::HeadRecord;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A confirmed head: what a person says it bears, and what was seen there.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The case.
    pub case: Uuid,
    /// The photograph, and which of its heads.
    pub place: Place,
    /// The photograph, as it was named when it was added.
    pub path: String,
    /// What was read there.
    pub head: HeadRecord,
    /// What is recorded of the case.
    pub values: Values,
    /// How it was confirmed.
    pub confirmed: Option<Confirmed>,
    /// The headstamp as it was confirmed.
    pub headstamp: String,
    /// Key of the headstamp's variety.
    pub variety: String,
    /// How the marks found fit it: which sign each is.
    pub fit: Fit,
}

/// Why an entry is not among the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// No photograph of it is held, or not which of several heads it is.
    NoHead,
    /// Its headstamp is not recorded, or not legible.
    NoHeadstamp,
    /// It is less legible than was asked for.
    TooFaint,
    /// It was confirmed in another way.
    OtherWay,
    /// There are enough of its variety.
    Enough,
}

impl LeftOut {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoHead => "no photograph of the head is held, or not which of several heads it is",
            Self::NoHeadstamp => "the headstamp is not recorded, or not legible",
            Self::TooFaint => "less legible than was asked for",
            Self::OtherWay => "confirmed in another way than was asked for",
            Self::Enough => "more of its variety than was asked for",
        }
    }
}

/// What was left out, and how much.
pub type Counts = BTreeMap<LeftOut, usize>;

/// Every confirmed head, by place; what there is of a case on several photographs is a sample each.
pub fn gather(catalogue: &Catalogue) -> Result<(Vec<Sample>, Counts), CatalogueError> {
    let mut entries: Vec<(Entry, Option<Confirmed>)> = Vec::new();
    catalogue.confirmed_entries(|entry, confirmed| -> Result<(), CatalogueError> {
        entries.push((entry, confirmed));
        Ok(())
    })?;
    let (mut all, mut out) = (Vec::new(), Counts::new());
    for (entry, confirmed) in entries {
        let said = entry.values.get(&Field::Headstamp).map(|v| v.text.as_str());
        let legible = said.filter(|t| is_stamped(t));
        let Some((headstamp, ring)) = legible.and_then(|t| Some((t.to_owned(), Ring::of(t)?))) else {
            *out.entry(LeftOut::NoHeadstamp).or_default() += 1;
            continue;
        };
        let before = all.len();
        for place in &entry.places {
            let Some(held) = catalogue.held_at(place)? else { continue };
            let mut heads = held.heads.into_iter();
            let (Some(head), None) = (heads.next(), heads.next()) else { continue };
            all.push(Sample {
                case: entry.case,
                place: Place { photo: place.photo.clone(), head: Some(place.head.unwrap_or(0)) },
                path: held.path,
                fit: fit(&head.marks, &ring),
                head,
                values: entry.values.clone(),
                confirmed,
                variety: variety_key(&headstamp),
                headstamp: headstamp.clone(),
            });
        }
        if all.len() == before {
            *out.entry(LeftOut::NoHead).or_default() += 1;
        }
    }
    all.sort_by(|a, b| (&a.place, a.case).cmp(&(&b.place, b.case)));
    all.dedup_by(|a, b| a.place == b.place);
    Ok((all, out))
}
