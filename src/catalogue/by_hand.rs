//! Heads that a person found, in the worklist.

use super::brief::Brief;
use super::decision::Place;
use super::error::CatalogueError;
use super::outcome;
use super::store::{Held, HeldItem, Spot, State, Store, Subject};
use crate::record::HeadRecord;

/// The heads of a photograph that a person found there; `None` where there is none.
pub(super) fn on(photograph: &Held) -> Option<Vec<HeldItem>> {
    let by_hand = |i: &&HeldItem| {
        // most are not, and need not be understood for that
        i.record.contains("\"fitted\"")
            && serde_json::from_str::<Option<HeadRecord>>(&i.record)
                .is_ok_and(|r| r.is_some_and(|r| r.fitted.is_some()))
    };
    let these: Vec<HeldItem> = photograph.items.iter().filter(by_hand).cloned().collect();
    (!these.is_empty()).then_some(these)
}

/// Holds the heads of a photograph that a copy knows and this one does not: those that a person found there.
pub(super) fn take_in(store: &mut dyn Store, photo: &str, items: Vec<HeldItem>) -> Result<(), CatalogueError> {
    let spots = store.spots(&[photo])?;
    if spots.is_empty() || spots.iter().any(|s| s.state == State::Failed) {
        return Ok(());
    }
    let known: Vec<Option<u32>> = spots.iter().map(|s| s.place.head).collect();
    for item in items.into_iter().filter(|i| i.head.is_some() && !known.contains(&i.head)) {
        hold(store, photo, item)?;
    }
    Ok(())
}

/// Holds one more head of a photograph, to be decided on.
pub(super) fn hold(store: &mut dyn Store, photo: &str, mut item: HeldItem) -> Result<Option<i64>, CatalogueError> {
    item.at_first = State::Pending;
    item.brief = Brief::of_kept(&item.record, &item.given);
    let head = item.head;
    let id = store.put_item(photo, &item)?;
    // it may have been decided on in a copy, whose decisions came first
    outcome::refresh_places(store, [Subject::Place(Place { photo: photo.to_owned(), head })].into())?;
    Ok(id)
}

/// The number that one more head of a photograph bears.
pub(super) fn next_head(spots: &[Spot]) -> u32 {
    spots.iter().filter_map(|s| s.place.head).max().map_or(0, |last| last + 1)
}
