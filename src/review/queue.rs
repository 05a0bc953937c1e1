//! What is gone through, and in which order.

use crate::catalogue::{Catalogue, CatalogueError, Counts, Item};

/// What is gone through. Places in it are the numbers of items, so that it can be left and taken up again anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Queue {
    /// The heads that wait, as they were added.
    #[default]
    Heads,
    /// The photographs on which no head was found, as they were added.
    WithoutHeads,
}

impl Queue {
    /// The first that waits after the item with this number.
    pub(super) fn next(self, catalogue: &Catalogue, after: i64) -> Result<Option<Item>, CatalogueError> {
        match self {
            Self::Heads => catalogue.next_item(after),
            Self::WithoutHeads => catalogue.next_without_head(after),
        }
    }

    /// How many wait, wherever they stand.
    pub(super) fn left(self, counts: &Counts) -> u64 {
        match self {
            Self::Heads => counts.pending,
            Self::WithoutHeads => counts.without_heads,
        }
    }
}
