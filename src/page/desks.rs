//! A desk for each page that is open: what one page says of a case is not said of another's.

use super::serving::Serving;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::review::{Desk, Reviewer};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Pages that are kept in mind at once. One that is forgotten gets a new desk and goes on where it was.
const MOST: usize = 32;

/// The desks, that which was used last at the end.
pub(super) struct Desks {
    serving: Serving,
    open: Mutex<Vec<(Uuid, Arc<Mutex<Desk>>)>>,
}

impl Desks {
    pub(super) fn new(serving: Serving) -> Self {
        Self { serving, open: Mutex::new(Vec::new()) }
    }

    /// The desk with an id; a new one where there is none by that id.
    pub(super) fn with(&self, id: Uuid) -> Result<Arc<Mutex<Desk>>, CatalogueError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|(known, _)| *known == id);
        let found = match at {
            Some(at) => open.remove(at),
            None => (id, Arc::new(Mutex::new(self.set_up()?))),
        };
        if open.len() >= MOST {
            open.remove(0);
        }
        let desk = Arc::clone(&found.1);
        open.push(found);
        Ok(desk)
    }

    fn set_up(&self) -> Result<Desk, CatalogueError> {
        let Serving { who, registry, queue, .. } = &self.serving;
        let reviewer = Reviewer { who: who.clone(), registry: Arc::clone(registry) };
        Ok(Desk::new(open(&self.serving)?, reviewer, *queue))
    }
}

/// The catalogue; where nothing may be written to it, it can be looked at.
pub(super) fn open(serving: &Serving) -> Result<Catalogue, CatalogueError> {
    match Catalogue::open(&serving.catalogue) {
        Err(CatalogueError::Denied(_)) => Catalogue::open_to_read(&serving.catalogue),
        other => other,
    }
}
