//! Entries that are likely wrong, on the desk of a page.

use super::place::Place;
use super::shared::Shared;
use super::words::Spoken;
use crate::catalogue::{CatalogueError, Field, Item};
use crate::check::{Checked, shown_at};
use crate::printable::printable;
use crate::review::{DoubtError, Doubts, Reviewer, Verdict};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What a person makes of an entry that is doubted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Says {
    Right,
    Dismiss,
    Later,
    /// These fields say this.
    Correct(BTreeMap<String, String>),
}

impl Place {
    fn reviewer(&self, shared: &Shared) -> Reviewer {
        Reviewer { who: self.desk.who().to_owned(), registry: Arc::clone(&shared.serving.registry) }
    }

    /// Looks for entries that are likely wrong, unless that was done since they were last gone through anew.
    pub(super) fn look_for_doubts(&mut self, shared: &Shared) -> Result<(), CatalogueError> {
        if self.doubts.is_none() {
            self.doubts = Some(Doubts::of(self.desk.catalogue(), &shared.serving.registry)?);
        }
        Ok(())
    }

    /// The likeliest of them, with the head that its photograph shows.
    pub(super) fn doubt(&self) -> Result<Option<(Checked, Option<Item>)>, CatalogueError> {
        let Some(doubted) = self.doubts.as_ref().and_then(Doubts::next) else { return Ok(None) };
        let item = match shown_at(&doubted.subject.entry) {
            Some(place) => self.desk.catalogue().item_on(&place)?,
            None => None,
        };
        Ok(Some((doubted.clone(), item)))
    }
}

/// Takes what a person makes of an entry that they saw.
pub(super) fn say(
    shared: &Shared,
    w: &Spoken,
    place: &mut Place,
    case: Uuid,
    says: Says,
) -> Result<(bool, String), CatalogueError> {
    place.look_for_doubts(shared)?;
    let reviewer = place.reviewer(shared);
    let Some(doubts) = &mut place.doubts else { return Ok((false, w.overtaken.clone())) };
    let (verdict, what) = match says {
        Says::Later => {
            doubts.pass(case);
            return Ok((true, String::new()));
        }
        Says::Right => (Verdict::Right, &w.doubt_confirmed),
        Says::Dismiss => (Verdict::Dismiss, &w.doubt_dismissed),
        Says::Correct(fields) => {
            let named = |(name, text): (String, String)| name.parse::<Field>().map(|f| (f, text.trim().to_owned()));
            match fields.into_iter().map(named).collect::<Result<Vec<_>, _>>() {
                Ok(right) => (Verdict::Correct(right), &w.doubt_corrected),
                Err(e) => return Ok((false, printable(&format!("{}: {e}", w.failed)))),
            }
        }
    };
    match doubts.settle(place.desk.catalogue_mut(), &reviewer, case, &verdict) {
        Ok(decided) => {
            place.decided += 1;
            Ok((true, format!("{what} ({})", decided.link.seq)))
        }
        Err(DoubtError::Catalogue(e)) => Err(e),
        Err(DoubtError::Gone | DoubtError::Changed) => {
            place.doubts = None;
            Ok((false, w.overtaken.clone()))
        }
        Err(e) => Ok((false, printable(&format!("{}: {e}", w.failed)))),
    }
}
