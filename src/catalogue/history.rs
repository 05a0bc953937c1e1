//! Appending decisions, and proving that none was changed or lost.

use super::decision::{self, Decision, Link, Place, Shown, What};
use super::outcome;
use super::store::{Catalogue, CatalogueError};
use super::worklist::NO_HEAD;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Row of the file's own history.
pub(super) const OWN: i64 = 1;

/// The end of the file's own history: who knows it can tell whether the history was rewritten or shortened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// The time in UTC, to the millisecond.
pub(super) fn now() -> String {
    let now = jiff::Timestamp::now().round(jiff::Unit::Millisecond);
    now.map_or_else(|_| jiff::Timestamp::now().to_string(), |t| format!("{t:.3}"))
}

impl Catalogue {
    /// Takes a decision: appends it and lets it have its effect, or does neither.
    pub fn decide(&mut self, who: &str, what: What, shown: Option<Shown>) -> Result<Decided, CatalogueError> {
        let mut decided = self.decide_all(who, vec![(what, shown)])?;
        decided.pop().ok_or_else(|| CatalogueError::Absent("nothing was decided".into()))
    }

    /// Takes several decisions, all or none.
    pub fn decide_all(&mut self, who: &str, all: Vec<(What, Option<Shown>)>) -> Result<Vec<Decided>, CatalogueError> {
        let tx = self.begin()?;
        let mut out = Vec::with_capacity(all.len());
        for (what, shown) in all {
            out.push(append(&tx, who, what, shown)?);
        }
        tx.commit()?;
        Ok(out)
    }

    /// The end of the file's own history.
    pub fn chain_head(&self) -> Result<ChainHead, CatalogueError> {
        let history = uid(&self.db, OWN)?;
        let (seq, hash) = last(&self.db, OWN)?.unwrap_or_else(|| (0, decision::root(history)));
        Ok(ChainHead { history, decisions: seq, hash })
    }

    /// The last decisions of the own history that hold and can be undone, newest first.
    pub fn undoable(&self, count: usize) -> Result<Vec<Decision>, CatalogueError> {
        let mut query = self.db.prepare("SELECT seq, text FROM decisions WHERE history = ?1 ORDER BY seq DESC")?;
        let mut rows = query.query([OWN])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            if out.len() == count {
                break;
            }
            let (seq, text): (i64, String) = (row.get(0)?, row.get(1)?);
            let decision: Decision = serde_json::from_str(&text)?;
            let fixed = matches!(decision.what, What::Undo { .. } | What::Merge { .. });
            if !fixed && !outcome::is_undone(&self.db, OWN, seq)? {
                out.push(decision);
            }
        }
        Ok(out)
    }

    /// Checks every link of every history, and gives how many there are.
    pub fn verify_history(&self) -> Result<u64, CatalogueError> {
        let mut histories = self.db.prepare("SELECT id FROM histories ORDER BY id")?;
        let histories: Vec<i64> = histories.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let mut links = 0;
        for history in histories {
            links += prove(&self.db, history)?;
        }
        Ok(links)
    }
}

/// Appends a decision to the own history.
pub(super) fn append(db: &Connection, who: &str, what: What, shown: Option<Shown>) -> Result<Decided, CatalogueError> {
    let history = uid(db, OWN)?;
    let (seq, before) = last(db, OWN)?.unwrap_or_else(|| (0, decision::root(history)));
    let link = Link { history, seq: seq + 1 };
    let decision = Decision { link, at: now(), who: who.to_owned(), what, shown };
    if let What::Undo { link } = &decision.what {
        let absent = || CatalogueError::Absent(format!("there is no decision {} to undo", link.seq));
        outcome::load(db, *link)?.ok_or_else(absent)?;
    }
    let text = serde_json::to_string(&decision)?;
    let hash = decision::hash(&before, &text);
    record(db, OWN, &decision, &text, &hash)?;
    outcome::apply(db, [&decision])?;
    let conflicts = outcome::conflicts_of(db, OWN, link.seq)?;
    Ok(Decided { link, conflicts })
}

/// Writes a link and what it is found by.
pub(super) fn record(
    db: &Connection,
    history: i64,
    decision: &Decision,
    text: &str,
    hash: &str,
) -> Result<(), CatalogueError> {
    let seq = decision.link.seq as i64;
    let case = decision.what.case().map(|c| c.to_string());
    db.prepare_cached("INSERT INTO decisions (history, seq, text, hash, case_uid) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![history, seq, text, hash, case])?;
    for place in decision.what.places() {
        db.prepare_cached("INSERT OR IGNORE INTO decided_places (photo, head, history, seq) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![place.photo, number(place), history, seq])?;
    }
    let (link, sql) = match &decision.what {
        What::Undo { link } => (link, "INSERT INTO undone (by_history, by_seq, history, seq) VALUES (?1, ?2, ?3, ?4)"),
        What::Merge { link, .. } => {
            (link, "INSERT INTO merges (history, seq, of_history, of_seq) VALUES (?1, ?2, ?3, ?4)")
        }
        _ => return Ok(()),
    };
    let target = row_of(db, link.history)?.ok_or_else(|| {
        CatalogueError::Absent(format!("decision {seq} speaks of history {}, which is not there", link.history))
    })?;
    db.prepare_cached(sql)?.execute(params![history, seq, target, link.seq as i64])?;
    Ok(())
}

/// The head of a place as it is stored.
pub(super) fn number(place: &Place) -> i64 {
    place.head.map_or(NO_HEAD, i64::from)
}

pub(super) fn uid(db: &Connection, history: i64) -> Result<Uuid, CatalogueError> {
    let text: String = db.query_row("SELECT uid FROM histories WHERE id = ?1", [history], |r| r.get(0))?;
    text.parse().map_err(|_| CatalogueError::Absent(format!("`{text}` is no id of a history")))
}

/// The row of a history.
pub(super) fn row_of(db: &Connection, history: Uuid) -> Result<Option<i64>, CatalogueError> {
    let mut query = db.prepare_cached("SELECT id FROM histories WHERE uid = ?1")?;
    Ok(query.query_row([history.to_string()], |r| r.get(0)).optional()?)
}

pub(super) fn last(db: &Connection, history: i64) -> Result<Option<(u64, String)>, CatalogueError> {
    let mut query =
        db.prepare_cached("SELECT seq, hash FROM decisions WHERE history = ?1 ORDER BY seq DESC LIMIT 1")?;
    Ok(query.query_row([history], |r| Ok((r.get::<_, i64>(0)? as u64, r.get(1)?))).optional()?)
}

/// Checks every link of a history.
pub(super) fn prove(db: &Connection, history: i64) -> Result<u64, CatalogueError> {
    let uid = uid(db, history)?;
    let mut before = decision::root(uid);
    let mut query = db.prepare("SELECT seq, text, hash, case_uid FROM decisions WHERE history = ?1 ORDER BY seq")?;
    let mut rows = query.query([history])?;
    let (mut links, mut filed) = (0u64, 0u64);
    while let Some(row) = rows.next()? {
        let (seq, text, hash): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let case: Option<String> = row.get(3)?;
        links += 1;
        let broken =
            |cause: &str| CatalogueError::Broken { history: uid.to_string(), seq: links, cause: cause.to_owned() };
        if seq as u64 != links {
            return Err(broken("is missing"));
        }
        if decision::hash(&before, &text) != hash {
            return Err(broken("was altered"));
        }
        let decision: Decision = serde_json::from_str(&text).map_err(|_| broken("cannot be understood"))?;
        let own = decision.link == Link { history: uid, seq: links };
        let found = found_by(db, history, &decision)?;
        if !own || found.is_none() || decision.what.case().map(|c| c.to_string()) != case {
            return Err(broken("is filed where it does not belong"));
        }
        filed += found.unwrap_or(0);
        before = hash;
    }
    let all: i64 = db.query_row(
        "SELECT (SELECT count(*) FROM decided_places WHERE history = ?1)
              + (SELECT count(*) FROM undone WHERE by_history = ?1) + (SELECT count(*) FROM merges WHERE history = ?1)",
        [history],
        |r| r.get(0),
    )?;
    if all as u64 != filed {
        let cause = "is followed by places, undone or merged decisions of which no link speaks".to_owned();
        return Err(CatalogueError::Broken { history: uid.to_string(), seq: links, cause });
    }
    Ok(links)
}

/// How many rows a decision is found by; none where one is missing.
fn found_by(db: &Connection, history: i64, decision: &Decision) -> Result<Option<u64>, CatalogueError> {
    let seq = decision.link.seq as i64;
    let places: BTreeSet<&Place> = decision.what.places().iter().collect();
    for place in &places {
        let sql = "SELECT 1 FROM decided_places WHERE photo = ?1 AND head = ?2 AND history = ?3 AND seq = ?4";
        if !db.prepare_cached(sql)?.exists(params![place.photo, number(place), history, seq])? {
            return Ok(None);
        }
    }
    let (link, sql) = match &decision.what {
        What::Undo { link } => {
            (link, "SELECT 1 FROM undone WHERE history = ?1 AND seq = ?2 AND by_history = ?3 AND by_seq = ?4")
        }
        What::Merge { link, .. } => {
            (link, "SELECT 1 FROM merges WHERE of_history = ?1 AND of_seq = ?2 AND history = ?3 AND seq = ?4")
        }
        _ => return Ok(Some(places.len() as u64)),
    };
    let target = row_of(db, link.history)?;
    let there = db.prepare_cached(sql)?.exists(params![target, link.seq as i64, history, seq])?;
    Ok(there.then_some(places.len() as u64 + 1))
}
