//! Whether the time that decisions are dated by can be right. A clock that lost its battery says 1970, one that was set wrong
//! goes back: what is dated by it stands as evidence with a wrong date.

use super::decision::Link;
use super::error::CatalogueError;
use super::store::{Histories, OWN, PIECE, Store, Turn};
use jiff::Timestamp;
use serde::Deserialize;
use std::fmt;

/// When this version of the program was made (CONTRIBUTING, "Releases"): it runs no earlier.
const MADE: &str = "2026-11-27T00:00:00Z";
/// When the first version that keeps catalogues was made: no decision is older.
const FIRST: &str = "2026-11-24T00:00:00Z";

/// Why the time may be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The program was made later.
    BeforeProgram {
        /// The time.
        now: String,
    },
    /// An earlier decision is dated later.
    WentBack {
        /// The time.
        now: String,
        /// That of the earlier one.
        last: String,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeProgram { now } => {
                write!(f, "this computer's clock says {now}, which is before this program was made")
            }
            Self::WentBack { now, last } => {
                write!(f, "this computer's clock says {now}, and the last decision was taken at {last}")
            }
        }
    }
}

/// Decisions whose dates cannot be right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Misdated {
    /// Dated before there was a program.
    pub too_early: u64,
    /// Dated before the decision that they follow.
    pub went_back: u64,
    /// The first of them, and its date.
    pub first: Option<(Link, String)>,
}

/// The date of a decision; the rest of it is passed over.
#[derive(Deserialize)]
struct Dated {
    at: String,
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Whether what would be decided now would be dated wrongly.
pub(super) fn doubt(store: &dyn Store, now: &str) -> Result<Option<Doubt>, CatalogueError> {
    if time(now) < time(MADE) {
        return Ok(Some(Doubt::BeforeProgram { now: now.to_owned() }));
    }
    let Some((seq, _)) = store.end(OWN)? else { return Ok(None) };
    let texts = store.texts(&[Turn { history: OWN, seq }])?;
    let last = texts.first().and_then(|(_, text)| serde_json::from_str::<Dated>(text).ok()).map(|d| d.at);
    let back = last.filter(|last| time(now) < time(last));
    Ok(back.map(|last| Doubt::WentBack { now: now.to_owned(), last }))
}

/// Decisions of all histories whose dates cannot be right; who decides side by side in several files is dated apart.
pub(super) fn misdated(store: &dyn Store) -> Result<Misdated, CatalogueError> {
    let (mut found, first) = (Misdated::default(), time(FIRST));
    let histories = Histories::of(store)?;
    for history in histories.all().iter().map(|h| h.number) {
        let (mut after, mut latest) = (Turn { history, seq: 0 }, None);
        loop {
            let piece = store.links(after, PIECE)?;
            let Some(last) = piece.last() else { break };
            after = last.turn;
            for link in piece {
                let Ok(Dated { at }) = serde_json::from_str(&link.text) else { continue };
                let now = time(&at);
                let (early, back) = (now < first, now < latest);
                found.too_early += u64::from(early);
                found.went_back += u64::from(back && !early);
                if (early || back) && found.first.is_none() {
                    found.first = Some((histories.link(link.turn)?, at));
                }
                latest = latest.max(now);
            }
        }
    }
    Ok(found)
}
