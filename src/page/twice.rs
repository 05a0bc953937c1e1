//! The same case photographed twice: what lies on the desk held against what may be the same, on the pictures, while the
//! person looks at it.

use super::place::Place;
use super::proofs::Double;
use super::refused::Refused;
use super::shared::Shared;
use super::view;
use super::words::Spoken;
use crate::catalogue::{CatalogueError, Field, Item, State};
use crate::review::{candidates, candidates_among};
use serde::Serialize;
use std::sync::PoisonError;
use uuid::Uuid;

/// What the pictures prove of what lies on the desk.
#[derive(Serialize, Default)]
pub(super) struct Twice {
    /// Of a head, what is shown of it.
    pub(super) html: String,
    /// Of a sheet, pairs of its heads.
    pub(super) pairs: Vec<(i64, i64)>,
}

/// What is to be held against what.
enum Held {
    Head(Box<Item>, Vec<Item>),
    Sheet(Vec<Item>, Vec<(i64, i64)>),
}

/// Holds what lies on the desk of a page against what may be the same case. It ends early when the person moves on.
pub(super) fn look(shared: &Shared, w: &Spoken, page: Uuid) -> Result<Twice, Refused> {
    let place = shared.places.with(page)?;
    let lock = || place.lock().unwrap_or_else(PoisonError::into_inner);
    let (turn, held) = {
        let mut place = lock();
        (place.turn, of(&mut place)?)
    };
    let there = || lock().turn == turn;
    match held {
        None => Ok(Twice::default()),
        Some(Held::Head(item, others)) => {
            let mut doubles = Vec::new();
            for other in others {
                if !there() {
                    return Ok(Twice::default());
                }
                let Some(pair) = shared.proofs.of(&shared.pictures, &item, &other).filter(|p| p.offered) else {
                    continue;
                };
                let entered = entered(shared, &other)?;
                doubles.push(Double { item: other, pair, entered });
            }
            doubles.sort_by(|a, b| b.pair.like.total_cmp(&a.pair.like));
            let html = view::twice(w, &item, &doubles).into_string();
            Ok(Twice { html, pairs: Vec::new() })
        }
        Some(Held::Sheet(items, pairs)) => {
            let mut proofs = Vec::new();
            for (one, other) in pairs {
                if !there() {
                    return Ok(Twice::default());
                }
                let of = |id: i64| items.iter().find(|i| i.id == id);
                let pair = of(one).zip(of(other)).and_then(|(a, b)| shared.proofs.of(&shared.pictures, a, b));
                proofs.extend(pair.filter(|p| p.offered).map(|_| (one, other)));
            }
            Ok(Twice { html: String::new(), pairs: proofs })
        }
    }
}

fn of(place: &mut Place) -> Result<Option<Held>, CatalogueError> {
    if place.control.is_some() || place.is_blind() {
        return Ok(None);
    }
    if let Some(ids) = place.ids_on_sheet()? {
        let (groups, catalogue) = place.both()?;
        let items = ids.iter().filter_map(|id| catalogue.item(*id).transpose()).collect::<Result<Vec<_>, _>>()?;
        let pairs = candidates_among(catalogue, groups, &items)?;
        return Ok(Some(Held::Sheet(items, pairs)));
    }
    let Some(item) = place.desk.item()?.filter(|i| i.state == State::Pending && i.place.head.is_some()).cloned() else {
        return Ok(None);
    };
    let (groups, catalogue) = place.both()?;
    let others = candidates(catalogue, groups, &item)?;
    Ok(Some(Held::Head(Box::new(item), others)))
}

/// The case that was entered of a head, and as what.
fn entered(shared: &Shared, item: &Item) -> Result<Option<(Uuid, String)>, CatalogueError> {
    shared.look_up(|catalogue| {
        let Some(case) = catalogue.case_at(item.id)? else { return Ok(None) };
        let values = catalogue.entry(case)?.map(|e| e.values).unwrap_or_default();
        Ok(Some((case, values.get(&Field::Headstamp).map(|v| v.text.clone()).unwrap_or_default())))
    })
}
