//! Heads in an order of their own: found once, and gone through as they still are.

use super::queue::{Filter, Order, in_line};
use crate::catalogue::{Catalogue, CatalogueError, Item, State};

/// Heads in an order, and how far they were gone through.
#[derive(Debug, Clone, Default)]
pub struct Line {
    ids: Vec<i64>,
    at: usize,
    state: Option<State>,
}

impl Line {
    /// The heads of a catalogue that are gone through, in their order.
    pub fn of(catalogue: &Catalogue, order: Order, filter: &Filter) -> Result<Self, CatalogueError> {
        Ok(Self { ids: in_line(catalogue, order, filter)?, at: 0, state: filter.state })
    }

    /// How many there are, those that were gone past counted.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The first from here on that is still to be gone through: others may have decided some meanwhile.
    pub(super) fn item(&mut self, catalogue: &Catalogue) -> Result<Option<Item>, CatalogueError> {
        let Some((at, item)) = self.next(self.at, catalogue)? else {
            self.at = self.ids.len();
            return Ok(None);
        };
        self.at = at;
        Ok(Some(item))
    }

    /// The one that comes after another.
    pub(super) fn after(&self, id: i64, catalogue: &Catalogue) -> Result<Option<Item>, CatalogueError> {
        let from = self.position(id).map_or(self.at, |at| at + 1);
        Ok(self.next(from, catalogue)?.map(|(_, item)| item))
    }

    fn next(&self, from: usize, catalogue: &Catalogue) -> Result<Option<(usize, Item)>, CatalogueError> {
        let state = self.state.unwrap_or(State::Pending);
        for (n, id) in self.ids.iter().enumerate().skip(from) {
            if let Some(item) = catalogue.item(*id)?.filter(|item| item.state == state) {
                return Ok(Some((n, item)));
            }
        }
        Ok(None)
    }

    /// Goes on from a head; one that is not among these comes first now, and then those that would have come.
    pub(super) fn go_to(&mut self, id: i64) {
        match self.position(id) {
            Some(at) => self.at = at,
            None => self.ids.insert(self.at.min(self.ids.len()), id),
        }
    }

    pub(super) fn go_past(&mut self, id: i64) {
        if let Some(at) = self.position(id) {
            self.at = at + 1;
        }
    }

    /// Where a head stands; it is nearly always that which was looked at last.
    fn position(&self, id: i64) -> Option<usize> {
        match self.ids.get(self.at) {
            Some(here) if *here == id => Some(self.at),
            _ => self.ids.iter().position(|other| *other == id),
        }
    }
}
