//! What was decided, as evidence: of one entry, and of all.

use super::access::Catalogue;
use super::decision::Decision;
use super::error::CatalogueError;
use super::links::begins_after;
use super::outcome;
use super::store::{Entry, Histories, PIECE, Subject, Turn};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A link of a chain as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The history that it is kept in.
    pub history: Uuid,
    /// Its place there.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// The text that was hashed, after the hash of the link before.
    pub text: String,
    /// The hash that it follows.
    pub before: String,
}

impl Catalogue {
    /// Every link of every history, in their order; ends early where `each` fails.
    pub fn links<E: From<CatalogueError>>(&self, mut each: impl FnMut(Kept) -> Result<(), E>) -> Result<(), E> {
        let _one_state = self.reading()?;
        let store = self.store();
        let histories = Histories::of(store)?;
        for history in histories.all() {
            let (number, id) = (history.number, histories.id(history.number)?);
            let base = histories.base(number)?;
            let mut before = begins_after(store, &histories, number)?.unwrap_or_default();
            let mut after = Turn { history: number, seq: base };
            loop {
                let piece = store.links(after, PIECE)?;
                let Some(last) = piece.last() else { break };
                after = last.turn;
                for link in piece {
                    let kept = Kept { history: id, seq: link.turn.seq, hash: link.hash, text: link.text, before };
                    before = kept.hash.clone();
                    each(kept)?;
                }
            }
        }
        Ok(())
    }

    /// The decisions about a case that hold, in their order.
    pub fn holding(&self, case: Uuid) -> Result<Vec<Decision>, CatalogueError> {
        let store = self.store();
        let turns = store.about(&[Subject::Case(case)])?;
        let undone: BTreeSet<Turn> = outcome::undone(store, &turns)?;
        let mut all = outcome::load(store, &turns)?;
        all.retain(|(turn, _)| !undone.contains(turn));
        all.sort_by_key(|(turn, _)| *turn);
        Ok(all.into_iter().map(|(_, decision)| decision).collect())
    }

    /// All decisions about a case and the places where it is seen, those that were undone too, in their order; each with its
    /// hash in the chain.
    pub fn decisions_of(&self, entry: &Entry) -> Result<Vec<(Decision, String)>, CatalogueError> {
        let store = self.store();
        let mut subjects: Vec<Subject> = entry.places.iter().cloned().map(Subject::Place).collect();
        subjects.push(Subject::Case(entry.case));
        let turns: BTreeSet<Turn> = store.about(&subjects)?.into_iter().collect();
        let mut all = Vec::new();
        for (turn, decision) in outcome::load(store, &turns.into_iter().collect::<Vec<_>>())? {
            all.push((turn, decision, store.hash_of(turn)?.unwrap_or_default()));
        }
        all.sort_by_key(|(turn, ..)| *turn);
        Ok(all.into_iter().map(|(_, decision, hash)| (decision, hash)).collect())
    }
}
