//! The entries of a catalogue with what is seen on their photographs.

use super::rank::{Checker, Finding};
use super::subject::{Glance, Seen, Subject};
use crate::catalogue::originals::{Original, Originals};
use crate::catalogue::readings::Held;
use crate::catalogue::{Catalogue, CatalogueError, Decision, Entry, Outcome, Place, What};
use crate::record::PhotoRecord;
use crate::registry::Registry;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// Entries less likely wrong than this are not worth a person's time.
pub const LIKELY: f64 = 0.1;

/// Something that was checked, and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The photograph, as it was named; of an entry without one `None`.
    pub photo: Option<String>,
    /// What was checked.
    pub subject: Subject,
    /// What was found.
    pub found: Finding,
}

/// All entries of a catalogue with what is held of their photographs.
#[derive(Debug)]
pub struct Entries(Vec<(Entry, Option<Held>)>);

impl Entries {
    /// Gathers them.
    pub fn of(catalogue: &Catalogue) -> Result<Self, CatalogueError> {
        let mut entries = Vec::new();
        catalogue.entries(|entry| -> Result<(), CatalogueError> {
            entries.push(entry);
            Ok(())
        })?;
        let held = |entry: Entry| -> Result<(Entry, Option<Held>), CatalogueError> {
            let held = entry.places.first().map(|p| catalogue.held_at(p)).transpose()?.flatten();
            Ok((entry, held))
        };
        Ok(Self(entries.into_iter().map(held).collect::<Result<_, _>>()?))
    }

    /// SHA-256 of the photographs that entries name and nothing was read of.
    pub fn unread(&self) -> HashSet<String> {
        let unread = self.0.iter().filter(|(_, held)| held.is_none());
        unread.filter_map(|(entry, _)| Some(entry.places.first()?.photo.clone())).collect()
    }

    /// Looks at each. `read` are photographs by SHA-256 that were read besides; where the `originals` are given, each
    /// photograph has to be among them, unaltered.
    pub fn checked(
        self,
        originals: Option<&Originals>,
        read: &HashMap<&str, &PhotoRecord>,
        registry: &Registry,
    ) -> Vec<Checked> {
        let all: HashSet<String> = self.0.iter().flat_map(|(e, _)| &e.places).map(|p| p.photo.clone()).collect();
        let place = |entry: &Entry| entry.places.first().map(|p| (p.photo.clone(), p.head));
        let places = self.0.iter().map(|(e, _)| place(e)).collect();
        let twice = twice(places, &HashMap::new(), |n| self.0[n].0.case.to_string());
        let subject = |((entry, held), twice): ((Entry, Option<Held>), Option<String>)| {
            let Some(place) = entry.places.first() else {
                return (None, Subject { entry, seen: Seen::NoPhoto, twice });
            };
            let path = held.as_ref().map(|h| h.path.clone());
            let became = originals
                .map(|o| o.look_for(&place.photo, Path::new(path.as_deref().unwrap_or_default()), &all))
                .unwrap_or(Original::Unaltered);
            let seen = match (became, held, read.get(place.photo.as_str())) {
                (Original::Altered(file), ..) => Seen::Altered(file.display().to_string()),
                (Original::CannotBeRead(e), ..) => Seen::Missing(e.message),
                (Original::Gone, ..) => Seen::Missing("no file has its content or its name".into()),
                (_, Some(held), _) if held.heads.is_empty() => Seen::Nothing(held.reason.unwrap_or_default()),
                (_, Some(held), _) => Seen::Heads(held.heads),
                (_, None, Some(record)) => Seen::on(record, place.head),
                (_, None, None) => Seen::NoPhoto,
            };
            let photo = path.unwrap_or_else(|| place.to_string());
            (Some(photo), Subject { entry, seen, twice })
        };
        looked_at(self.0.into_iter().zip(twice).map(subject).collect(), registry)
    }
}

/// Looks at each, all known at a glance; in their order.
pub fn looked_at(subjects: Vec<(Option<String>, Subject)>, registry: &Registry) -> Vec<Checked> {
    let glances: Vec<Glance> = subjects.iter().map(|(_, s)| Glance::of(&s.entry.values)).collect();
    let checker = Checker::of(&glances, registry);
    let look = |(photo, subject): (Option<String>, Subject)| {
        let found = checker.check(&subject);
        Checked { photo, subject, found }
    };
    subjects.into_par_iter().map(look).collect()
}

/// Of each entry another that is at the same place; a photograph that bears several heads may be named as often.
pub fn twice(
    places: Vec<Option<(String, Option<u32>)>>,
    heads: &HashMap<String, usize>,
    name: impl Fn(usize) -> String,
) -> Vec<Option<String>> {
    let mut at: BTreeMap<&(String, Option<u32>), Vec<usize>> = BTreeMap::new();
    for (n, place) in places.iter().enumerate() {
        if let Some(place) = place {
            at.entry(place).or_default().push(n);
        }
    }
    let other = |n: usize| {
        let place = places[n].as_ref()?;
        let all = at.get(place)?;
        let room = if place.1.is_some() { 1 } else { heads.get(&place.0).copied().unwrap_or(1).max(1) };
        let other = all.iter().find(|m| **m != n).filter(|_| all.len() > room)?;
        Some(name(*other))
    };
    (0..places.len()).map(other).collect()
}

/// The decision by which a person said of an entry, doubted as it is, what they make of it; `None` where nobody did, or where
/// it says something else since.
pub fn settled(catalogue: &Catalogue, entry: &Entry) -> Result<Option<(Decision, Outcome)>, CatalogueError> {
    let says = |d: &Decision| {
        let outcome = d.shown.as_ref()?.doubt.as_ref()?.outcome;
        matches!(&d.what, What::Amend { values, .. } if *values == entry.values).then_some(outcome)
    };
    let holding = catalogue.holding(entry.case)?.into_iter().rev();
    Ok(holding.filter_map(|d| says(&d).map(|outcome| (d, outcome))).next())
}

/// The entries that are likely wrong and that nobody said so of, the likeliest first; and how many are passed over because
/// somebody did.
pub fn doubtful(catalogue: &Catalogue, checked: Vec<Checked>) -> Result<(Vec<Checked>, usize), CatalogueError> {
    let (mut all, mut settled_before) = (Vec::new(), 0);
    for one in checked {
        if one.found.wrong < LIKELY {
            continue;
        }
        match settled(catalogue, &one.subject.entry)? {
            Some(_) => settled_before += 1,
            None => all.push(one),
        }
    }
    all.sort_by(|a, b| b.found.wrong.total_cmp(&a.found.wrong));
    Ok((all, settled_before))
}

impl Seen {
    /// What a photograph that was read shows of an entry: of the head that it means, or of all.
    pub fn on(record: &PhotoRecord, head: Option<u32>) -> Self {
        if let Some(error) = &record.error {
            return Self::Missing(error.message.clone());
        }
        let heads = match head {
            Some(head) => record.heads.get(head as usize).cloned().into_iter().collect(),
            None => record.heads.clone(),
        };
        if heads.is_empty() {
            return Self::Nothing(record.reason.clone().unwrap_or_else(|| "it has no such head".into()));
        }
        Self::Heads(heads)
    }
}

/// The head of an entry that a picture can show.
pub fn shown_at(entry: &Entry) -> Option<Place> {
    entry.places.first().map(|p| Place { photo: p.photo.clone(), head: Some(p.head.unwrap_or(0)) })
}
