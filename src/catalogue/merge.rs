//! Taking in a colleague's catalogue: both histories are kept, and contradictions are told instead of settled.

use super::decision::{Decision, What};
use super::history::{append, last, prove, record, row_of, uid};
use super::outcome;
use super::store::{Catalogue, CatalogueError};
use super::worklist::{Held, HeldItem, give_way, hold};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;

/// What a merge did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Photographs that were not held before.
    pub photographs: usize,
    /// Decisions that were not known before.
    pub decisions: u64,
}

impl Catalogue {
    /// Takes in all photographs and decisions of another catalogue, of which nothing is changed. All or nothing; doing it
    /// again changes nothing.
    pub fn merge(&mut self, other: &Path, who: &str) -> Result<Merged, CatalogueError> {
        let mut other = Self::open_as_it_is(other)?;
        // one state of it, though someone goes on deciding in it
        let from = other.db.transaction()?;
        let tx = self.begin()?;
        let photographs = photographs(&from, &tx)?;
        let histories = histories(&from, &tx)?;
        let mut news: Vec<Decision> = Vec::new();
        for (theirs, ours) in histories {
            prove(&from, theirs)?;
            let new = continued(&from, theirs, &tx, ours)?;
            if let (Some(end), Some((_, hash))) = (new.last(), last(&tx, ours)?) {
                append(&tx, who, What::Merge { link: end.link, hash }, None)?;
            }
            news.extend(new);
        }
        outcome::apply(&tx, &news)?;
        tx.commit()?;
        Ok(Merged { photographs, decisions: news.len() as u64 })
    }
}

/// Pairs the other's histories with rows here, new ones where they are not known.
fn histories(from: &Connection, to: &Connection) -> Result<Vec<(i64, i64)>, CatalogueError> {
    let mut query = from.prepare("SELECT id FROM histories ORDER BY id")?;
    let theirs: Vec<i64> = query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    let mut pairs = Vec::with_capacity(theirs.len());
    for theirs in theirs {
        let uid = uid(from, theirs)?;
        let ours = match row_of(to, uid)? {
            Some(row) => row,
            None => {
                to.execute("INSERT INTO histories (uid) VALUES (?1)", [uid.to_string()])?;
                to.last_insert_rowid()
            }
        };
        pairs.push((theirs, ours));
    }
    Ok(pairs)
}

/// Copies the links of a history that are not known here, and gives them.
fn continued(from: &Connection, theirs: i64, to: &Connection, ours: i64) -> Result<Vec<Decision>, CatalogueError> {
    let here = last(to, ours)?.map_or(0, |l| l.0);
    let shared = last(from, theirs)?.map_or(0, |l| l.0).min(here);
    if link_hash(from, theirs, shared)? != link_hash(to, ours, shared)? {
        return Err(CatalogueError::Broken {
            history: uid(to, ours)?.to_string(),
            seq: shared,
            cause: "is another one here: one of the two files was rewritten, or went on as a copy".into(),
        });
    }
    let mut query = from.prepare("SELECT text, hash FROM decisions WHERE history = ?1 AND seq > ?2 ORDER BY seq")?;
    let mut rows = query.query(params![theirs, here as i64])?;
    let mut new = Vec::new();
    while let Some(row) = rows.next()? {
        let (text, hash): (String, String) = (row.get(0)?, row.get(1)?);
        let decision: Decision = serde_json::from_str(&text)?;
        record(to, ours, &decision, &text, &hash)?;
        new.push(decision);
    }
    Ok(new)
}

fn link_hash(db: &Connection, history: i64, seq: u64) -> Result<Option<String>, CatalogueError> {
    let mut query = db.prepare_cached("SELECT hash FROM decisions WHERE history = ?1 AND seq = ?2")?;
    Ok(query.query_row(params![history, seq as i64], |r| r.get(0)).optional()?)
}

/// Copies the photographs that are not held, with their items.
fn photographs(from: &Connection, to: &Connection) -> Result<usize, CatalogueError> {
    let mut photographs = from.prepare(
        "SELECT id, sha256, path, width, height, captured_at, model, error, reason, added_at FROM photographs ORDER BY id",
    )?;
    let mut items = from.prepare("SELECT head, record, given FROM items WHERE photograph = ?1 ORDER BY head")?;
    let mut rows = photographs.query([])?;
    let mut added = 0;
    while let Some(r) = rows.next()? {
        let held = Held {
            sha256: r.get(1)?,
            path: r.get(2)?,
            width: r.get(3)?,
            height: r.get(4)?,
            captured_at: r.get(5)?,
            model: r.get(6)?,
            error: r.get(7)?,
            reason: r.get(8)?,
            added_at: r.get(9)?,
        };
        let item = |i: &rusqlite::Row| Ok(HeldItem { head: i.get(0)?, record: i.get(1)?, given: i.get(2)? });
        let items: Vec<HeldItem> = items.query_map([r.get::<_, i64>(0)?], item)?.collect::<Result<_, _>>()?;
        if held.error.is_none() {
            give_way(to, &held.sha256)?;
        }
        added += usize::from(hold(to, &held, &items)?);
    }
    Ok(added)
}
