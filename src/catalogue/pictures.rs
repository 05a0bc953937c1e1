//! Photographs that rows of a list name, as places of cases.

use super::access::Catalogue;
use super::decision::Place;
use super::error::CatalogueError;
use crate::photo::{Named, NotOne};
use std::collections::HashMap;

/// Photographs, and how many heads a catalogue knows on each.
pub struct Pictures {
    named: Named,
    heads: HashMap<String, Heads>,
}

/// What was found on a photograph.
#[derive(Clone, Copy)]
enum Heads {
    NotHeld,
    None,
    One,
    Several,
}

impl Pictures {
    /// Photographs as a catalogue knows them, if there is one. Each is read once, for its hash.
    pub fn of(named: Named, catalogue: Option<&Catalogue>) -> Result<Self, CatalogueError> {
        let mut heads = HashMap::new();
        for sha256 in (0..named.paths().len()).filter_map(|i| named.hash(i)) {
            let there = |head| -> Result<bool, CatalogueError> {
                let place = Place { photo: sha256.to_owned(), head };
                catalogue.map_or(Ok(false), |c| Ok(c.item_at(&place)?.is_some()))
            };
            let known = match (there(None)?, there(Some(0))?, there(Some(1))?) {
                (_, true, true) => Heads::Several,
                (_, true, false) => Heads::One,
                (true, ..) => Heads::None,
                _ => Heads::NotHeld,
            };
            heads.insert(sha256.to_owned(), known);
        }
        Ok(Self { named, heads })
    }

    /// The place that a row means: the only head of a photograph, or the one said after `#`, counted from 0; the photograph as
    /// a whole where none was found or nobody has looked. Otherwise why it means none.
    pub fn find(&self, name: &str) -> Result<Place, String> {
        let split = || name.rsplit_once('#').and_then(|(name, head)| Some((name, head.parse::<u32>().ok()?)));
        let (index, said) = match (self.named.find(name), split()) {
            (Ok(index), _) => (index, None),
            (Err(NotOne::Missing(_)), Some((name, head))) => {
                (self.named.find(name).map_err(|e| e.to_string())?, Some(head))
            }
            (Err(e), _) => return Err(e.to_string()),
        };
        let photo = self.named.hash(index).ok_or_else(|| format!("`{name}` cannot be read"))?.to_owned();
        let head = match (said, self.heads.get(&photo).copied().unwrap_or(Heads::NotHeld)) {
            (Some(head), _) => Some(head),
            (None, Heads::One) => Some(0),
            (None, Heads::None | Heads::NotHeld) => None,
            (None, Heads::Several) => {
                return Err(format!("several heads were found on `{name}`: write `{name}#0` for the first, and so on"));
            }
        };
        Ok(Place { photo, head })
    }
}
