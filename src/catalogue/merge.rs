//! Taking in a colleague's catalogue: both histories are kept, and contradictions are told instead of settled.

use super::by_hand;
use super::decision::What;
use super::error::CatalogueError;
use super::history::{append, filing};
use super::links::prove;
use super::outcome::{apply_after, as_written};
use super::store::{Filing, Histories, History, KeptLink, OWN, PIECE, SpeaksOf, Store, Turn};
use super::worklist::{self, Failed};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Photographs that are copied at once: each brings the marks and proposals of all its heads.
const PHOTOGRAPHS: usize = 100;

/// What a merge did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Photographs that were not held before.
    pub photographs: usize,
    /// Decisions that were not known before.
    pub decisions: u64,
}

/// What to do where a copy of a file went on apart from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forks {
    /// Refuse it: it may as well be a history that was rewritten.
    Refuse,
    /// Take in what came after as a history of its own.
    TakeIn,
}

/// Takes in all photographs and decisions of another catalogue.
pub(super) fn take_in(
    from: &dyn Store,
    to: &mut dyn Store,
    forks: Forks,
    who: &str,
    at: &str,
) -> Result<Merged, CatalogueError> {
    let photographs = photographs(from, to)?;
    to.put_unlike(&from.unlike()?)?;
    let theirs = Histories::of(from)?;
    // all are known before the links of any are copied, since links speak of other histories
    let mut ours = Ours::default();
    for history in theirs.all() {
        ours.pair(from, &theirs, history, to, forks)?;
    }
    let mut news = Vec::new();
    for history in theirs.all() {
        prove(from, &theirs, history.number)?;
        let here = ours.of(Turn { history: history.number, seq: u64::MAX })?;
        let known = to.end(here)?.map_or(Histories::of(to)?.base(here)?, |end| end.0);
        let after = Turn { history: here, seq: known };
        if let Some(last) = continued(from, &theirs, history.number, to, &ours, after)? {
            // a copy that was left behind catches up: what it goes on in is its own
            if here != OWN {
                let merge = What::Merge { link: Histories::of(to)?.link(last.turn)?, hash: last.hash };
                append(to, who, at, [(merge, None)])?;
            }
            news.push(after);
        }
    }
    let mut decisions = 0;
    for after in news {
        decisions += apply_after(to, after)?;
    }
    Ok(Merged { photographs, decisions })
}

/// Which histories here those of the other are: the same, or, from where they went on apart, a fork.
#[derive(Debug, Default)]
struct Ours(BTreeMap<u32, Vec<(u64, u32)>>);

impl Ours {
    /// The history here that holds a link of theirs.
    fn of(&self, turn: Turn) -> Result<u32, CatalogueError> {
        let parts = self.0.get(&turn.history).and_then(|parts| parts.iter().rev().find(|(after, _)| turn.seq > *after));
        let absent = || CatalogueError::Absent(format!("there is no history {}", turn.history));
        parts.map(|p| p.1).ok_or_else(absent)
    }

    /// Finds or makes the histories here that one of theirs goes on in.
    fn pair(
        &mut self,
        from: &dyn Store,
        theirs: &Histories,
        history: &History,
        to: &mut dyn Store,
        forks: Forks,
    ) -> Result<(), CatalogueError> {
        let (mut after, mut here) = match history.fork {
            None => (0, to.know(history.id, None)?),
            Some(Turn { seq: 0, history: left }) => (0, self.of(Turn { history: left, seq: 1 })?),
            Some(left) => (left.seq, self.of(left)?),
        };
        let end = from.end(history.number)?.map_or(after, |end| end.0);
        let mut parts = Vec::new();
        // that it left another is known there, and nothing to be asked about
        let mut known_fork = history.fork.is_some();
        loop {
            parts.push((after, here));
            let known = Histories::of(to)?;
            let theirs_at = |seq| from.hash_of(theirs.along(Turn { history: history.number, seq })?);
            let ours_at = |to: &dyn Store, seq| to.hash_of(known.along(Turn { history: here, seq })?);
            let shared = end.min(to.end(here)?.map_or(known.base(here)?, |end| end.0));
            let (mut both, mut apart) = (after, after + 1);
            if shared <= after {
                if !known_fork || end <= after {
                    break;
                }
            } else if theirs_at(shared)? == ours_at(to, shared)? {
                break;
            } else if theirs_at(apart)? == ours_at(to, apart)? {
                // the last link that both have: what follows another differs for ever
                (both, apart, known_fork) = (apart, shared, false);
                while both + 1 < apart {
                    let middle = both + (apart - both) / 2;
                    if theirs_at(middle)? == ours_at(to, middle)? { both = middle } else { apart = middle }
                }
            }
            if forks == Forks::Refuse && !known_fork {
                return Err(CatalogueError::Diverged { history: known.said(here)?.to_string(), seq: apart });
            }
            let id = Uuid::new_v5(&known.said(here)?, theirs_at(apart)?.unwrap_or_default().as_bytes());
            let new = to.know(id, Some(known.along(Turn { history: here, seq: both })?))?;
            if new == here {
                return Err(CatalogueError::damaged("the history", "a fork of it leads back to itself"));
            }
            (after, here, known_fork) = (both, new, false);
        }
        if history.fork.is_some() {
            // where it goes on in another history here, its name is another name of that
            let known = Histories::of(to)?;
            to.know(history.id, Some(known.along(Turn { history: here, seq: after })?))?;
        }
        self.0.insert(history.number, parts);
        Ok(())
    }
}

/// Copies the links of a history that are not known here, and gives the last of them.
fn continued(
    from: &dyn Store,
    theirs: &Histories,
    history: u32,
    to: &mut dyn Store,
    ours: &Ours,
    after: Turn,
) -> Result<Option<KeptLink>, CatalogueError> {
    let mut last: Option<KeptLink> = None;
    loop {
        let seq = last.as_ref().map_or(after.seq, |l| l.turn.seq);
        let mut links = Vec::new();
        for link in from.links(Turn { history, seq }, PIECE)? {
            let turn = Turn { history: after.history, seq: link.turn.seq };
            // what it speaks of is meant there, and is found here by another number
            let there = filing(from, theirs, link.turn, &as_written(turn, &link.text)?)?;
            let here = |t: Turn| ours.of(t).map(|history| Turn { history, ..t });
            let speaks_of = match there.speaks_of {
                Some(SpeaksOf::Undoes(t)) => Some(SpeaksOf::Undoes(here(t)?)),
                Some(SpeaksOf::TakesIn(t)) => Some(SpeaksOf::TakesIn(here(t)?)),
                None => None,
            };
            links.push((KeptLink { turn, ..link }, Filing { turn, speaks_of, ..there }));
        }
        let Some((end, _)) = links.last() else { return Ok(last) };
        last = Some(end.clone());
        to.append(&links)?;
    }
}

/// Copies the photographs that are not held, with their items.
fn photographs(from: &dyn Store, to: &mut dyn Store) -> Result<usize, CatalogueError> {
    let (mut after, mut added) = (0, 0);
    loop {
        let piece = from.photographs(after, PHOTOGRAPHS)?;
        let Some(last) = piece.last() else { return Ok(added) };
        after = last.0;
        let found: Vec<_> = piece.iter().filter_map(|(_, p)| Some((p.sha256.clone(), by_hand::on(p)?))).collect();
        added += worklist::hold(to, piece.into_iter().map(|p| p.1).collect(), Failed::StaysUnlessRead)?;
        found.into_iter().try_for_each(|(photo, items)| by_hand::take_in(to, &photo, items))?;
    }
}
