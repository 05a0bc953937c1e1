//! What is to be decided: photographs, and the heads found on them.

use super::fields::Values;
use super::store::{Catalogue, CatalogueError};
use super::{Conflict, Place};
use crate::head::Ellipse;
use crate::record::{HeadRecord, PhotoRecord};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;

/// `head` of a photograph on which none was found.
pub(super) const NO_HEAD: i64 = -1;

/// A head to be decided on.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its number in the worklist.
    pub id: i64,
    /// Where it is.
    pub place: Place,
    /// The photograph, as it was named when it was added.
    pub path: String,
    /// The models that read it.
    pub model: String,
    /// What was read.
    pub head: HeadRecord,
    /// What was told of it when it was added.
    pub given: Values,
    /// pending, entered, same_case or not_a_head.
    pub state: String,
}

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Photographs held.
    pub photographs: u64,
    /// Photographs that could not be read.
    pub failed: u64,
    /// Photographs on which no head was found.
    pub without_heads: u64,
    /// Heads found.
    pub heads: u64,
    /// Heads that wait for a decision.
    pub pending: u64,
    /// Heads whose case was entered.
    pub entered: u64,
    /// Heads that show a case known already.
    pub same_case: u64,
    /// Heads found to be none.
    pub not_a_head: u64,
    /// Entries: cases that were entered.
    pub entries: u64,
    /// Cases they stand for.
    pub cases: u64,
    /// Conflicts that are not settled.
    pub conflicts: u64,
}

impl Catalogue {
    /// SHA-256 of every photograph that is held.
    pub fn photographs(&self) -> Result<HashSet<String>, CatalogueError> {
        let mut query = self.db.prepare("SELECT sha256 FROM photographs WHERE error IS NULL")?;
        let all = query.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok(all)
    }

    /// Adds photographs that were read, with what was told of each; those that are held already are passed over, save that
    /// one that could not be read gives way. All are added or none. Gives how many were.
    pub fn add(&mut self, photographs: &[(PhotoRecord, Values)]) -> Result<usize, CatalogueError> {
        let tx = self.begin()?;
        let mut added = 0;
        for (record, given) in photographs {
            let Some(sha256) = &record.sha256 else { continue };
            let given = serde_json::to_string(given)?;
            let item = |head: i64, record: String| HeldItem { head, record, given: given.clone() };
            let mut items = Vec::with_capacity(record.heads.len().max(1));
            if record.heads.is_empty() {
                items.push(item(NO_HEAD, "null".into()));
            }
            for (n, head) in record.heads.iter().enumerate() {
                items.push(item(n as i64, serde_json::to_string(head)?));
            }
            let held = Held {
                sha256: sha256.clone(),
                path: record.photo.clone(),
                width: record.width,
                height: record.height,
                captured_at: record.captured_at.clone(),
                model: record.model.clone(),
                error: record.error.as_ref().map(|e| format!("{}: {}", e.stage, e.message)),
                reason: record.reason.clone(),
                added_at: super::history::now(),
            };
            give_way(&tx, sha256)?;
            added += usize::from(hold(&tx, &held, &items)?);
        }
        tx.commit()?;
        Ok(added)
    }

    /// The first item after `after` that waits for a decision.
    pub fn next_item(&self, after: i64) -> Result<Option<Item>, CatalogueError> {
        let sql = format!("{ITEM} WHERE i.state = 'pending' AND i.id > ?1 ORDER BY i.id LIMIT 1");
        let row = self.db.prepare_cached(&sql)?.query_row([after], raw).optional()?;
        row.map(item).transpose()
    }

    /// The first photograph after `after` on which no head was found and of which nothing was decided: it may show the
    /// side of a case or its box, or a head that was missed. Its item has no marks and no proposals.
    pub fn next_without_head(&self, after: i64) -> Result<Option<Item>, CatalogueError> {
        let sql = format!("{ITEM} WHERE i.state = 'no_head' AND i.id > ?1 ORDER BY i.id LIMIT 1");
        let row = self.db.prepare_cached(&sql)?.query_row([after], raw).optional()?;
        row.map(item).transpose()
    }

    /// The number of the item at a place.
    pub fn item_at(&self, place: &Place) -> Result<Option<i64>, CatalogueError> {
        let mut query = self.db.prepare_cached(
            "SELECT i.id FROM items i JOIN photographs p ON p.id = i.photograph WHERE p.sha256 = ?1 AND i.head = ?2",
        )?;
        Ok(query.query_row(params![place.photo, super::history::number(place)], |r| r.get(0)).optional()?)
    }

    /// The case whose id is this, or begins so and is the only one.
    pub fn find_case(&self, id: &str) -> Result<Option<Uuid>, CatalogueError> {
        if id.len() < 4 || !id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
            return Ok(None);
        }
        let mut query = self.db.prepare_cached("SELECT uid FROM cases WHERE uid >= ?1 AND uid < ?1 || 'g' LIMIT 2")?;
        let found: Vec<String> = query.query_map([id.to_ascii_lowercase()], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok(if let [one] = found.as_slice() { one.parse().ok() } else { None })
    }

    /// How much there is.
    pub fn counts(&self) -> Result<Counts, CatalogueError> {
        let mut states = self.db.prepare("SELECT state, count(*) FROM items GROUP BY state")?;
        let states: Vec<(String, u64)> =
            states.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64)))?.collect::<Result<_, _>>()?;
        let of = |name: &str| states.iter().find(|s| s.0 == name).map_or(0, |s| s.1);
        let one = |sql: &str| self.db.query_row(sql, [], |r| r.get::<_, i64>(0)).map(|n| n as u64);
        let heads = ["pending", "entered", "same_case", "not_a_head"].iter().map(|s| of(s)).sum();
        Ok(Counts {
            photographs: one("SELECT count(*) FROM photographs")?,
            failed: of("failed"),
            without_heads: of("no_head"),
            heads,
            pending: of("pending"),
            entered: of("entered"),
            same_case: of("same_case"),
            not_a_head: of("not_a_head"),
            entries: one("SELECT count(*) FROM cases")?,
            cases: one("SELECT coalesce(sum(quantity), 0) FROM cases")?,
            conflicts: one("SELECT count(*) FROM conflicts")?,
        })
    }

    /// Where a photograph was when it was added.
    pub fn path_of(&self, sha256: &str) -> Result<Option<String>, CatalogueError> {
        let mut query = self.db.prepare_cached("SELECT path FROM photographs WHERE sha256 = ?1")?;
        Ok(query.query_row([sha256], |r| r.get(0)).optional()?)
    }

    /// Conflicts that no later decision has settled.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, CatalogueError> {
        super::outcome::conflicts(&self.db)
    }
}

/// A photograph as it is held.
pub(super) struct Held {
    pub sha256: String,
    pub path: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub captured_at: Option<String>,
    pub model: String,
    pub error: Option<String>,
    pub reason: Option<String>,
    pub added_at: String,
}

/// A head of it, or the photograph as a whole where none was found; record and values as JSON.
pub(super) struct HeldItem {
    pub head: i64,
    pub record: String,
    pub given: String,
}

/// Holds a photograph with its items, unless it is held. Decisions that came before it have their effect.
pub(super) fn hold(db: &Connection, held: &Held, items: &[HeldItem]) -> Result<bool, CatalogueError> {
    let Held { sha256, path, width, height, captured_at, model, error, reason, added_at } = held;
    let new = db
        .prepare_cached(
            "INSERT OR IGNORE INTO photographs (sha256, path, width, height, captured_at, model, error, reason, added_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![sha256, path, width, height, captured_at, model, error, reason, added_at])?;
    if new == 0 {
        return Ok(false);
    }
    let photograph = db.last_insert_rowid();
    for HeldItem { head, record, given } in items {
        let state = match head {
            _ if error.is_some() => "failed",
            &NO_HEAD => "no_head",
            _ => "pending",
        };
        db.prepare_cached("INSERT INTO items (photograph, head, record, given, state) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![photograph, head, record, given, state])?;
        super::outcome::refresh_place(db, Place { photo: sha256.clone(), head: u32::try_from(*head).ok() })?;
    }
    Ok(true)
}

/// Removes a photograph that could not be read.
pub(super) fn give_way(db: &Connection, sha256: &str) -> Result<(), CatalogueError> {
    let mut failed = db.prepare_cached("SELECT id FROM photographs WHERE sha256 = ?1 AND error IS NOT NULL")?;
    if let Some(id) = failed.query_row([sha256], |r| r.get::<_, i64>(0)).optional()? {
        db.execute("DELETE FROM items WHERE photograph = ?1", [id])?;
        db.execute("DELETE FROM photographs WHERE id = ?1", [id])?;
    }
    Ok(())
}

const ITEM: &str = "SELECT i.id, p.sha256, i.head, p.path, p.model, i.record, i.given, i.state, p.reason
                    FROM items i JOIN photographs p ON p.id = i.photograph";

type Raw = (i64, String, i64, String, String, String, String, String, Option<String>);

fn raw(r: &Row) -> rusqlite::Result<Raw> {
    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?))
}

fn item((id, photo, head, path, model, record, given, state, reason): Raw) -> Result<Item, CatalogueError> {
    let found: Option<HeadRecord> = serde_json::from_str(&record)?;
    let none = || HeadRecord {
        ellipse: Ellipse::circle(0.0, 0.0, 0.0),
        legibility: 0.0,
        reason: Some(reason.unwrap_or_else(|| "no case head found".into())),
        marks: Vec::new(),
        proposals: Vec::new(),
    };
    Ok(Item {
        id,
        place: Place { photo, head: u32::try_from(head).ok() },
        path,
        model,
        head: found.unwrap_or_else(none),
        given: serde_json::from_str(&given)?,
        state,
    })
}
