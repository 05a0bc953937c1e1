//! Heads held against each other on the pictures, once each.

use super::pictures::{Pictures, version};
use crate::catalogue::Item;
use crate::review::groups::{Pair, proved};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Proofs that are kept in mind.
const MOST: usize = 20_000;

/// Pairs that were held against each other, by the number and the rim of both.
#[derive(Default)]
pub(super) struct Proofs(Mutex<HashMap<[(i64, String); 2], Pair>>);

/// A head that may be the same case as the one on the desk.
pub(super) struct Double {
    pub(super) item: Item,
    pub(super) pair: Pair,
    /// The case that was entered of it, and its headstamp.
    pub(super) entered: Option<(Uuid, String)>,
}

impl Proofs {
    /// Holds two heads against each other; `None` where a picture cannot be had.
    pub(super) fn of(&self, pictures: &Pictures, one: &Item, other: &Item) -> Option<Pair> {
        let key = [one, other].map(|item| (item.id, version(item)));
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pair) = kept().get(&key) {
            return Some(pair.clone());
        }
        let (a, b) = (pictures.photo(one).ok()?, pictures.photo(other).ok()?);
        let (first, second) = (&one.head, &other.head);
        let pair = proved((&a.luma, &first.ellipse, &first.marks), (&b.luma, &second.ellipse, &second.marks));
        let mut kept = kept();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, pair.clone());
        Some(pair)
    }
}
