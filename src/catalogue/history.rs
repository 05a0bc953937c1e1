//! Appending decisions, and proving that none was changed or lost.

use super::decision::{self, Decision, Link, Place, Shown, What};
use super::error::CatalogueError;
use super::outcome;
use super::store::{Filing, Histories, KeptLink, OWN, PIECE, SpeaksOf, Store, Turn};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The end of the file's own history: who knows it can tell whether the history was rewritten or shortened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// The history.
    pub history: Uuid,
    /// How many decisions it holds.
    pub decisions: u64,
    /// Hash of the last.
    pub hash: String,
}

/// What came of a decision. It is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Its link.
    pub link: Link,
    /// Decisions that were there first and say something else; this one is kept, and theirs holds.
    pub conflicts: Vec<Link>,
}

/// What is decided, and what was shown.
pub(super) type New = (What, Option<Shown>);

/// The end of the own history.
pub(super) fn head(store: &dyn Store) -> Result<ChainHead, CatalogueError> {
    let history = Histories::of(store)?.id(OWN)?;
    let (decisions, hash) = store.end(OWN)?.unwrap_or_else(|| (0, decision::root(history)));
    Ok(ChainHead { history, decisions, hash })
}

/// Appends decisions to the own history and lets them have their effect. What came of each is as it stands after all.
pub(super) fn append(
    store: &mut dyn Store,
    who: &str,
    at: &str,
    all: impl IntoIterator<Item = New>,
) -> Result<Vec<Decided>, CatalogueError> {
    let mut out = Vec::new();
    let mut all = all.into_iter();
    loop {
        let piece: Vec<New> = all.by_ref().take(PIECE).collect();
        if piece.is_empty() {
            break;
        }
        out.extend(append_piece(store, who, at, piece)?);
    }
    let turns: Vec<Turn> = out.iter().map(|seq| Turn { history: OWN, seq: *seq }).collect();
    let history = Histories::of(store)?.id(OWN)?;
    let mut decided = Vec::with_capacity(turns.len());
    for piece in turns.chunks(PIECE) {
        let mut overruled = outcome::overruled(store, piece)?;
        decided.extend(piece.iter().map(|turn| Decided {
            link: Link { history, seq: turn.seq },
            conflicts: overruled.remove(turn).unwrap_or_default(),
        }));
    }
    Ok(decided)
}

fn append_piece(store: &mut dyn Store, who: &str, at: &str, piece: Vec<New>) -> Result<Vec<u64>, CatalogueError> {
    let histories = Histories::of(store)?;
    let ChainHead { history, decisions: end, hash: mut before } = head(store)?;
    let by = Turn { history: OWN, seq: end + 1 };
    let mut undone = BTreeMap::new();
    for (what, _) in &piece {
        if let What::Undo { link } = what {
            undone.extend(outcome::meant(store, &histories, by, *link, None)?.map(|turn| (*link, turn)));
        }
    }
    let targets: Vec<Turn> = undone.values().copied().collect();
    let there: BTreeSet<Turn> = store.texts(&targets)?.into_iter().map(|(turn, _)| turn).collect();
    let (mut links, mut decisions) = (Vec::with_capacity(piece.len()), Vec::with_capacity(piece.len()));
    for ((what, shown), seq) in piece.into_iter().zip(end + 1..) {
        if let What::Undo { link } = &what {
            // it may be of this piece
            let new = |t: &Turn| t.history == OWN && (end + 1..seq).contains(&t.seq);
            if !undone.get(link).is_some_and(|t| there.contains(t) || new(t)) {
                return Err(CatalogueError::Absent(format!("there is no decision {} to undo", link.seq)));
            }
        }
        let decision = Decision { link: Link { history, seq }, at: at.to_owned(), who: who.to_owned(), what, shown };
        let turn = Turn { history: OWN, seq };
        let text = serde_json::to_string(&decision)
            .map_err(|e| CatalogueError::damaged(format!("decision {seq}, which is new,"), e))?;
        let hash = decision::hash(&before, &text);
        before.clone_from(&hash);
        links.push((KeptLink { turn, text, hash }, filing(store, &histories, turn, &decision)?));
        decisions.push((turn, decision));
    }
    store.append(&links)?;
    outcome::apply(store, decisions)?;
    Ok(links.iter().map(|(link, _)| link.turn.seq).collect())
}

/// What a decision is found by.
pub(super) fn filing(
    store: &dyn Store,
    histories: &Histories,
    turn: Turn,
    decision: &Decision,
) -> Result<Filing, CatalogueError> {
    let other = |link: &Link, hash| {
        let (seq, history) = (turn.seq, link.history);
        let absent =
            || CatalogueError::Absent(format!("decision {seq} speaks of history {history}, which is not there"));
        outcome::meant(store, histories, turn, *link, hash)?.ok_or_else(absent)
    };
    let speaks_of = match &decision.what {
        What::Undo { link } => Some(SpeaksOf::Undoes(other(link, None)?)),
        What::Merge { link, hash } => Some(SpeaksOf::TakesIn(other(link, Some(hash))?)),
        _ => None,
    };
    let places: BTreeSet<&Place> = decision.what.places().iter().collect();
    Ok(Filing { turn, case: decision.what.case(), places: places.into_iter().cloned().collect(), speaks_of })
}

/// The last decisions of the own history that hold and can be undone, newest first, before one of them.
pub(super) fn undoable(store: &dyn Store, before: u64, count: usize) -> Result<Vec<Decision>, CatalogueError> {
    let histories = Histories::of(store)?;
    let (mut out, mut before) = (Vec::new(), Turn { history: OWN, seq: before });
    // mostly the last can be undone; whoever undid many looks back further
    let mut look = count.min(PIECE);
    while out.len() < count {
        let links = store.links_before(before, look)?;
        let Some(first) = links.last() else { break };
        (before, look) = (first.turn, (2 * look).min(PIECE));
        let undone = outcome::undone(store, &links.iter().map(|l| l.turn).collect::<Vec<_>>())?;
        for link in links.iter().filter(|l| !undone.contains(&l.turn)) {
            let decision = outcome::understood(&histories, link.turn, &link.text)?;
            if !matches!(decision.what, What::Undo { .. } | What::Merge { .. }) {
                out.push(decision);
            }
        }
    }
    out.truncate(count);
    Ok(out)
}
