//! Taking in a colleague's catalogue: both histories are kept, and contradictions are told instead of settled.

use super::decision::What;
use super::error::CatalogueError;
use super::history::{append, filing, prove};
use super::outcome::{apply_after, understood};
use super::store::{Histories, KeptLink, PIECE, Store, Turn};
use super::worklist::{self, Failed};

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

/// Takes in all photographs and decisions of another catalogue.
pub(super) fn take_in(from: &dyn Store, to: &mut dyn Store, who: &str, at: &str) -> Result<Merged, CatalogueError> {
    let photographs = photographs(from, to)?;
    let theirs = Histories::of(from)?;
    let mut news = Vec::new();
    // all are known before the links of any are copied, since links speak of other histories
    let mut pairs = Vec::new();
    for (history, id) in from.histories()? {
        pairs.push((history, to.know(id)?));
    }
    for (history, here) in pairs {
        prove(from, &theirs, history)?;
        let known = to.end(here)?.map_or(0, |end| end.0);
        let after = Turn { history: here, seq: known };
        if let Some(last) = continued(from, history, to, after)? {
            let merge = What::Merge { link: Histories::of(to)?.link(last.turn)?, hash: last.hash };
            append(to, who, at, [(merge, None)])?;
            news.push(after);
        }
    }
    let mut decisions = 0;
    for after in news {
        decisions += apply_after(to, after)?;
    }
    Ok(Merged { photographs, decisions })
}

/// Copies the links of a history that are not known here, and gives the last of them.
fn continued(
    from: &dyn Store,
    history: u32,
    to: &mut dyn Store,
    after: Turn,
) -> Result<Option<KeptLink>, CatalogueError> {
    let histories = Histories::of(to)?;
    let shared = from.end(history)?.map_or(0, |end| end.0).min(after.seq);
    if from.hash_of(Turn { history, seq: shared })? != to.hash_of(Turn { seq: shared, ..after })? {
        return Err(CatalogueError::Broken {
            history: histories.id(after.history)?.to_string(),
            seq: shared,
            cause: "is another one here: one of the two files was rewritten, or went on as a copy".into(),
        });
    }
    let mut last: Option<KeptLink> = None;
    loop {
        let seq = last.as_ref().map_or(after.seq, |l| l.turn.seq);
        let mut links = Vec::new();
        for link in from.links(Turn { history, seq }, PIECE)? {
            let turn = Turn { history: after.history, seq: link.turn.seq };
            let filing = filing(&histories, turn, &understood(turn, &link.text)?)?;
            links.push((KeptLink { turn, ..link }, filing));
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
        added += worklist::hold(to, piece.into_iter().map(|p| p.1).collect(), Failed::StaysUnlessRead)?;
    }
}
