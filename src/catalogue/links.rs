//! Every link of a history against the one before it, and against what it is found by.

use super::decision::{self, Link};
use super::error::CatalogueError;
use super::history::filing;
use super::outcome;
use super::store::{Filing, Histories, KeptLink, PIECE, Store, Turn};
use std::cell::Cell;

/// Checks every link of every history, and gives how many there are.
pub(super) fn prove_all(store: &dyn Store) -> Result<u64, CatalogueError> {
    let histories = Histories::of(store)?;
    histories.all().iter().map(|history| prove(store, &histories, history.number)).sum()
}

/// Checks every link of a history: the error is of the first that is wrong.
pub(super) fn prove(store: &dyn Store, histories: &Histories, history: u32) -> Result<u64, CatalogueError> {
    let id = histories.id(history)?;
    let mut first = None;
    let links = walk(store, histories, history, &mut |seq, _, cause| {
        first.get_or_insert((seq, cause));
    })?;
    match first {
        None => Ok(links),
        Some((seq, cause)) => Err(CatalogueError::Broken { history: id.to_string(), seq, cause: cause.to_owned() }),
    }
}

/// Checks every link of a history, and says of those that are wrong from which to which, and why. Gives how many there are.
pub(super) fn walk(
    store: &dyn Store,
    histories: &Histories,
    history: u32,
    wrong: &mut dyn FnMut(u64, u64, &'static str),
) -> Result<u64, CatalogueError> {
    let base = histories.base(history)?;
    let said = histories.said(history)?;
    let mut before = begins_after(store, histories, history)?;
    let sound = Cell::new(true);
    let mut wrong = |from, to, cause| {
        sound.set(false);
        wrong(from, to, cause);
    };
    if before.is_none() {
        wrong(base, base, "is not in the history that this one left");
    }
    let (mut last, mut count, mut filed) = (base, 0u64, 0u64);
    loop {
        let piece = store.links(Turn { history, seq: last }, PIECE)?;
        if piece.is_empty() {
            break;
        }
        let mut filings = Vec::with_capacity(piece.len());
        for link in piece {
            let seq = link.turn.seq;
            if seq != last + 1 {
                wrong(last + 1, seq - 1, "is missing");
                // what it was to follow is not known
                before = None;
            }
            (last, count) = (seq, count + 1);
            match proved(store, histories, &link, Link { history: said, seq }, before.as_deref()) {
                Ok(filing) => filings.push(filing),
                Err(cause) => wrong(seq, seq, cause),
            }
            before = Some(link.hash);
        }
        for (filing, found) in filings.iter().zip(store.filed(&filings)?) {
            if !found {
                wrong(filing.turn.seq, filing.turn.seq, MISFILED);
            }
        }
        filed += filings.iter().map(|f| f.places.len() as u64 + u64::from(f.speaks_of.is_some())).sum::<u64>();
    }
    if sound.get() && store.filings(history)? != filed {
        wrong(last, last, "is followed by places, undone or merged decisions of which no link speaks");
    }
    Ok(count)
}

/// The hash that the first link of a history follows; none where what it left is not there.
pub(super) fn begins_after(
    store: &dyn Store,
    histories: &Histories,
    history: u32,
) -> Result<Option<String>, CatalogueError> {
    match histories.base(history)? {
        0 => Ok(Some(decision::root(histories.said(history)?))),
        base => store.hash_of(histories.along(Turn { history, seq: base })?),
    }
}

const MISFILED: &str = "is filed where it does not belong";

/// What a link is to be found by, if it is the one that is to come.
fn proved(
    store: &dyn Store,
    histories: &Histories,
    link: &KeptLink,
    expected: Link,
    before: Option<&str>,
) -> Result<Filing, &'static str> {
    let decision = outcome::as_written(link.turn, &link.text);
    if decision.as_ref().is_ok_and(|d| d.link != expected) {
        return Err(MISFILED);
    }
    if before.is_some_and(|before| decision::hash(before, &link.text) != link.hash) {
        return Err("was altered, or does not follow the one before");
    }
    let decision = decision.map_err(|_| "cannot be understood")?;
    filing(store, histories, link.turn, &decision).map_err(|_| MISFILED)
}
