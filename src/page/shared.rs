//! What all routes share.

use super::pictures::Pictures;
use super::place::{self, Places};
use super::proofs::Proofs;
use super::serving::Serving;
use super::token::Token;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::review::Words;
use std::sync::{Mutex, PoisonError};

/// What all routes share.
pub(super) struct Shared {
    pub(super) serving: Serving,
    pub(super) token: Token,
    pub(super) places: Places,
    pub(super) pictures: Pictures,
    pub(super) proofs: Proofs,
    /// Words that are offered while typing, once they were asked for.
    words: Mutex<Option<Words>>,
    /// The catalogue, to look things up in beside the desks.
    aside: Mutex<Option<Catalogue>>,
}

impl Shared {
    pub(super) fn new(serving: Serving, token: Token) -> Self {
        Self {
            places: Places::new(serving.clone()),
            pictures: Pictures::of_catalogue(&serving.catalogue),
            serving,
            token,
            proofs: Proofs::default(),
            words: Mutex::new(None),
            aside: Mutex::new(None),
        }
    }

    /// Looks something up in the catalogue.
    pub(super) fn look_up<T>(
        &self,
        what: impl FnOnce(&Catalogue) -> Result<T, CatalogueError>,
    ) -> Result<T, CatalogueError> {
        let mut aside = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
        let catalogue = match aside.take() {
            Some(catalogue) => catalogue,
            None => place::open(&self.serving)?,
        };
        what(aside.insert(catalogue))
    }

    /// What a text that is being typed can become.
    pub(super) fn complete(&self, typed: &str, most: usize) -> Result<Vec<String>, CatalogueError> {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match words.take() {
            Some(known) => known,
            None => self.look_up(|catalogue| Words::known(&self.serving.registry, catalogue))?,
        };
        let (from, ends) = words.insert(known).complete(typed);
        Ok(ends.into_iter().take(most).map(|end| format!("{}{end}", &typed[..from])).collect())
    }

    /// A headstamp was entered: it is offered from now on.
    pub(super) fn know(&self, headstamp: &str) {
        if let Some(words) = self.words.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            words.know(headstamp);
        }
    }
}
