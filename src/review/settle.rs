//! Settling contradictions, one after another: the decision that does not hold any more is undone, and stays in the history.

use super::desk::{Desk, Done};
use crate::catalogue::{CatalogueError, Conflict, What};

/// Which of two decisions that contradict each other is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The one that holds as it is.
    Kept,
    /// The other.
    Other,
}

impl Desk {
    /// The conflict on the desk: the same until it is settled or left; `None` where all others are.
    pub fn conflict(&mut self) -> Result<Option<&Conflict>, CatalogueError> {
        while self.conflict.is_none() {
            match self.catalogue.conflicts_after(self.passed.as_ref(), 1)?.pop() {
                Some(c) if self.left.contains(&(c.kept.link, c.other.link)) => self.passed = Some(c),
                Some(c) => self.conflict = Some(c),
                // settling one can bring about others, also before those that were passed
                None if self.settled => (self.passed, self.settled) = (None, false),
                None => break,
            }
        }
        Ok(self.conflict.as_ref())
    }

    /// How many conflicts there are, those that were left counted.
    pub fn conflicts(&self) -> Result<u64, CatalogueError> {
        Ok(self.catalogue.counts()?.conflicts)
    }

    /// Settles the conflict on the desk; `None` where that was done meanwhile, or none is there.
    pub fn settle(&mut self, holds: Holds) -> Result<Option<Done>, CatalogueError> {
        let Some(conflict) = self.conflict.take() else { return Ok(None) };
        let there = self.catalogue.conflict_between(conflict.kept.link, conflict.other.link)?;
        if there.as_ref() != Some(&conflict) {
            return Ok(None);
        }
        let loser = match holds {
            Holds::Kept => conflict.other.link,
            Holds::Other => conflict.kept.link,
        };
        let what = What::Undo { link: loser };
        let who = self.who().to_owned();
        let decided = self.catalogue.decide(&who, what.clone(), None)?;
        self.settled = true;
        Ok(Some(self.done(what, decided)?))
    }

    /// Leaves the conflict on the desk open.
    pub fn leave(&mut self) {
        self.left.extend(self.conflict.take().map(|c| (c.kept.link, c.other.link)));
    }
}
