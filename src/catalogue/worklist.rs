//! What is to be decided: photographs, and the heads found on them.

use super::brief::Brief;
use super::decision::Place;
use super::error::CatalogueError;
use super::fields::Values;
use super::outcome;
use super::store::{Held, HeldItem, KeptItem, State, Store, Subject};
use crate::ellipse::Ellipse;
use crate::record::{HeadRecord, PhotoRecord};
use std::collections::{BTreeMap, BTreeSet};

/// A head to be decided on.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its number in the worklist.
    pub id: i64,
    /// Where it is.
    pub place: Place,
    /// The photograph, as it was named when it was added.
    pub path: String,
    /// The models that read it.
    pub model: String,
    /// What was read.
    pub head: HeadRecord,
    /// What was told of it when it was added, and since.
    pub given: Values,
    /// What became of it.
    pub state: State,
}

/// What happens to a photograph that could not be read when it comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failed {
    /// It gives way, even to another failure, which says what is wrong now.
    GivesWay,
    /// It gives way to one that could be read.
    StaysUnlessRead,
}

/// A photograph that was read, with what was told of it and what its heads look like, in their order; none where not even
/// its content is known.
pub(super) fn held(
    record: &PhotoRecord,
    given: &Values,
    looks: &[Vec<u8>],
    at: &str,
) -> Result<Option<Held>, CatalogueError> {
    let Some(sha256) = &record.sha256 else { return Ok(None) };
    let unwritten = |e| CatalogueError::damaged(&record.photo, e);
    let given = serde_json::to_string(given).map_err(unwritten)?;
    let error = record.error.as_ref().map(|e| format!("{}: {}", e.stage, e.message));
    let item = |head: Option<u32>, record| HeldItem {
        head,
        record,
        given: given.clone(),
        at_first: State::Pending,
        brief: None,
        look: head.and_then(|n| looks.get(n as usize)).filter(|look| !look.is_empty()).cloned(),
    };
    let mut items = Vec::with_capacity(record.heads.len().max(1));
    for (head, n) in record.heads.iter().zip(0..) {
        items.push(item(Some(n), serde_json::to_string(head).map_err(unwritten)?));
    }
    if items.is_empty() {
        items.push(item(None, "null".into()));
    }
    Ok(Some(Held {
        sha256: sha256.clone(),
        path: record.photo.clone(),
        width: record.width,
        height: record.height,
        captured_at: record.captured_at.clone(),
        model: record.model.clone(),
        error,
        reason: record.reason.clone(),
        added_at: at.to_owned(),
        picture: record.picture.clone(),
        same_as: record.same_as.clone(),
        items,
    }))
}

impl Held {
    /// Sets the states of its items while nothing is decided.
    fn undecided(&mut self) {
        let (failed, same) = (self.error.is_some(), self.same_as.is_some());
        for item in &mut self.items {
            item.at_first = match item.head {
                _ if failed => State::Failed,
                _ if same => State::SamePicture,
                None => State::NoHead,
                Some(_) => State::Pending,
            };
            item.brief = item.head.and_then(|_| Brief::of_kept(&item.record, &item.given));
        }
    }
}

/// Holds photographs with their items, unless they are held. Decisions that came before them have their effect. Gives how
/// many were held anew.
pub(super) fn hold(store: &mut dyn Store, photographs: Vec<Held>, failed: Failed) -> Result<usize, CatalogueError> {
    let hashes: Vec<&str> = photographs.iter().map(|p| p.sha256.as_str()).collect();
    let there: BTreeMap<String, bool> = store.held(&hashes)?.into_iter().collect();
    let (mut new, mut gone, mut added) = (BTreeMap::<String, usize>::new(), Vec::new(), 0);
    let mut list: Vec<Held> = Vec::with_capacity(photographs.len());
    for photograph in photographs {
        let again = new.get(&photograph.sha256).copied();
        let unread = again.map(|n| list[n].error.is_some()).or(there.get(&photograph.sha256).copied());
        let gives_way = failed == Failed::GivesWay || photograph.error.is_none();
        if unread.is_some_and(|unread| !unread || !gives_way) {
            continue;
        }
        added += 1;
        match again {
            Some(n) => list[n] = photograph,
            None => {
                gone.extend(unread.is_some().then(|| photograph.sha256.clone()));
                new.insert(photograph.sha256.clone(), list.len());
                list.push(photograph);
            }
        }
    }
    store.let_go(&gone.iter().map(String::as_str).collect::<Vec<_>>())?;
    find_same(store, &mut list)?;
    // whatever was decided elsewhere, here it waits until decisions have their effect
    list.iter_mut().for_each(Held::undecided);
    store.hold(&list)?;
    let place = |p: &Held, i: &HeldItem| Subject::Place(Place { photo: p.sha256.clone(), head: i.head });
    let places = list.iter().flat_map(|p| p.items.iter().map(|i| place(p, i))).collect();
    outcome::refresh_places(store, places)?;
    Ok(added)
}

/// Finds those that are the same picture as one that is held or stands before them. Of what was said so elsewhere, that
/// holds where the other photograph is here.
fn find_same(store: &dyn Store, list: &mut [Held]) -> Result<(), CatalogueError> {
    let pixels: Vec<&str> = list.iter().filter_map(|p| Some(p.picture.as_ref()?.pixels.as_str())).collect();
    let mut first: BTreeMap<String, String> = store.with_pixels(&pixels)?.into_iter().collect();
    let others: Vec<&str> = list.iter().filter_map(|p| p.same_as.as_deref()).collect();
    let held = store.held(&others)?.into_iter().filter(|(_, failed)| !failed);
    let mut there: BTreeSet<String> = held.map(|(sha256, _)| sha256).collect();
    for photograph in list.iter_mut().filter(|p| p.error.is_none()) {
        photograph.same_as = photograph.same_as.take().filter(|other| there.contains(other));
        if let Some(picture) = &photograph.picture {
            let own = first.entry(picture.pixels.clone()).or_insert_with(|| photograph.sha256.clone());
            if photograph.same_as.is_none() && *own != photograph.sha256 {
                photograph.same_as = Some(own.clone());
            }
        }
        there.insert(photograph.sha256.clone());
    }
    Ok(())
}

/// An item as it is shown.
pub(super) fn item(store: &dyn Store, kept: KeptItem) -> Result<Item, CatalogueError> {
    let KeptItem { id, place, path, model, record, given, state, reason, case: _ } = kept;
    let damaged = |e| CatalogueError::damaged(format!("item {id}"), e);
    let found: Option<HeadRecord> = serde_json::from_str(&record).map_err(damaged)?;
    let none = || HeadRecord {
        ellipse: Ellipse::circle(0.0, 0.0, 0.0),
        legibility: 0.0,
        reason: Some(reason.unwrap_or_else(|| "no case head found".into())),
        marks: Vec::new(),
        proposals: Vec::new(),
        fitted: None,
        read_by: None,
    };
    let mut given: Values = serde_json::from_str(&given).map_err(damaged)?;
    given.extend(outcome::told_of(store, &place)?);
    let anew = found.as_ref().and_then(|h| h.fitted.as_ref().map(|f| &f.model).or(h.read_by.as_ref()));
    let model = anew.cloned().unwrap_or(model);
    Ok(Item { id, place, path, model, head: found.unwrap_or_else(none), given, state })
}
