//! What entries say beside one another: which headstamps there are, how often, and how each is written.

use crate::channel::{Kin, Ring, pairs_of_head};
use crate::notation::variety_key;
use crate::record::HeadRecord;
use std::collections::{BTreeMap, HashMap};

/// Varieties that a head is held against, those first that share most with what it is read as.
const MOST_HELD: usize = 24;

/// A variety that is entered.
#[derive(Debug)]
pub(super) struct Known {
    /// How many entries bear it.
    pub(super) entries: u32,
    /// As it is written most often.
    pub(super) written: String,
    pub(super) ring: Option<Ring>,
}

/// Every variety that is entered.
#[derive(Debug, Default)]
pub(super) struct Company {
    known: HashMap<String, Known>,
    kin: Kin,
}

impl Company {
    /// Of the headstamps of all entries.
    pub(super) fn of<'h>(headstamps: impl Iterator<Item = &'h str>) -> Self {
        let mut written: BTreeMap<String, BTreeMap<&str, u32>> = BTreeMap::new();
        for headstamp in headstamps {
            *written.entry(variety_key(headstamp)).or_default().entry(headstamp).or_default() += 1;
        }
        let mut company = Self::default();
        for (key, forms) in written.into_iter().filter(|(key, _)| !key.is_empty()) {
            let entries = forms.values().sum();
            // of equals the first, so that the answer is the same every time
            let Some((text, _)) = forms.into_iter().rev().max_by_key(|(_, n)| *n) else { continue };
            company.kin.know(&key);
            company.known.insert(key, Known { entries, written: text.to_owned(), ring: Ring::of(text) });
        }
        company
    }

    /// A variety by its key.
    pub(super) fn get(&self, key: &str) -> Option<&Known> {
        self.known.get(key)
    }

    /// Every variety with its key.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Known)> {
        self.known.iter().map(|(key, known)| (key.as_str(), known))
    }

    /// Varieties that a head may bear, by what its marks and proposals have in common with them.
    pub(super) fn near(&self, head: &HeadRecord) -> impl Iterator<Item = (String, &Known)> {
        let keys = self.kin.of(&pairs_of_head(head), MOST_HELD);
        keys.into_iter().filter_map(|key| Some((self.known.get(&key)?, key))).map(|(known, key)| (key, known))
    }
}
