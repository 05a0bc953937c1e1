//! Entries, conflicts and the states of items.

use super::super::decision::{Confirmed, Place, Way};
use super::super::error::CatalogueError;
use super::super::store::{Entry, KeptConflict, KeptEntry, Outcome, Prints, State, Turn};
use super::chain::turn;
use super::{Result, Sqlite, id, number};
use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The headstamp of an entry as it is written, none where it cannot be understood; the index is over the same words.
const HEADSTAMP: &str = "iif(json_valid(vals), vals ->> '$.headstamp.text', NULL)";

impl Outcome for Sqlite {
    fn set_states(&mut self, states: &[(Place, Option<State>, Option<Uuid>)]) -> Result<()> {
        let mut set = self.db.prepare_cached(
            "UPDATE items SET state = coalesce(?3, at_first), case_uid = ?4
             WHERE head = ?2 AND at_first <> 'failed' AND photograph = (SELECT id FROM photographs WHERE sha256 = ?1)",
        )?;
        for (place, state, case) in states {
            let case = case.map(|c| c.to_string());
            set.execute(params![place.photo, number(place.head), state.map(State::name), case])?;
        }
        Ok(())
    }

    fn put_entries(&mut self, entries: &[KeptEntry]) -> Result<()> {
        let mut put = self.db.prepare_cached(
            "INSERT INTO cases (uid, vals, places, quantity, entered_history, entered_seq, way, together)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (uid) DO UPDATE SET vals = excluded.vals, places = excluded.places,
             quantity = excluded.quantity, entered_history = excluded.entered_history, entered_seq = excluded.entered_seq,
             way = excluded.way, together = excluded.together",
        )?;
        for KeptEntry { entry, quantity, entered, confirmed } in entries {
            let unwritten = |e| CatalogueError::damaged(format!("entry {}", entry.case), e);
            let values = serde_json::to_string(&entry.values).map_err(unwritten)?;
            let places = serde_json::to_string(&entry.places).map_err(unwritten)?;
            let (way, together) = confirmed.map(|c| (c.way.name(), c.together)).unzip();
            put.execute(params![
                entry.case.to_string(),
                values,
                places,
                quantity,
                entered.history,
                entered.seq,
                way,
                together
            ])?;
        }
        Ok(())
    }

    fn remove_entries(&mut self, cases: &[Uuid]) -> Result<()> {
        let mut remove = self.db.prepare_cached("DELETE FROM cases WHERE uid = ?1")?;
        cases.iter().try_for_each(|case| remove.execute([case.to_string()]).map(drop))?;
        Ok(())
    }

    fn put_conflicts(&mut self, conflicts: &[KeptConflict]) -> Result<()> {
        let mut put = self.db.prepare_cached(
            "INSERT OR IGNORE INTO conflicts (about, kept_history, kept_seq, other_history, other_seq)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for KeptConflict { kept, other, about } in conflicts {
            put.execute(params![about, kept.history, kept.seq, other.history, other.seq])?;
        }
        Ok(())
    }

    fn remove_conflicts(&mut self, kept: &[Turn]) -> Result<()> {
        let mut remove = self.db.prepare_cached("DELETE FROM conflicts WHERE kept_history = ?1 AND kept_seq = ?2")?;
        kept.iter().try_for_each(|t| remove.execute(params![t.history, t.seq]).map(drop))?;
        Ok(())
    }

    fn forget(&mut self) -> Result<()> {
        Ok(self.db.execute_batch(
            "DELETE FROM cases; DELETE FROM conflicts;
             UPDATE items SET state = at_first, case_uid = NULL",
        )?)
    }

    fn prints(&self) -> Result<Prints> {
        let mut all = Prints::new();
        for sql in [
            "SELECT 'entry ' || uid, concat_ws(' ', quantity, entered_history, entered_seq, way, together, places, vals) FROM cases",
            "SELECT concat_ws(' ', 'conflict about', about, 'between', kept_history, kept_seq, other_history, other_seq), ''
             FROM conflicts",
            "SELECT 'the state of head ' || p.sha256 || '#' || i.head, concat_ws(' ', i.state, i.case_uid)
             FROM items i JOIN photographs p ON p.id = i.photograph",
        ] {
            let mut query = self.db.prepare(sql)?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let text = |n| row.get_ref(n)?.as_str().map_err(rusqlite::Error::from);
                let mut print = [0; 16];
                print.copy_from_slice(&Sha256::digest(text(1)?)[..16]);
                all.insert(text(0)?.to_owned(), print);
            }
        }
        Ok(all)
    }

    fn entries(&self, after: Option<(Turn, Uuid)>, count: usize) -> Result<Vec<KeptEntry>> {
        let mut query = self.db.prepare_cached(
            "SELECT uid, vals, places, quantity, entered_history, entered_seq, way, together FROM cases
             WHERE (entered_history, entered_seq, uid) > (?1, ?2, ?3)
             ORDER BY entered_history, entered_seq, uid LIMIT ?4",
        )?;
        let (t, case) = after.map_or((FIRST, String::new()), |(t, case)| (t, case.to_string()));
        let mut rows = query.query(params![t.history, t.seq, case, count])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let way = r.get::<_, Option<String>>(6)?.and_then(|name| Way::ALL.into_iter().find(|w| w.name() == name));
            let confirmed = way.zip(r.get(7)?).map(|(way, together)| Confirmed { way, together });
            out.push(KeptEntry { entry: entry(r)?, quantity: r.get(3)?, entered: turn(r, 4)?, confirmed });
        }
        Ok(out)
    }

    fn entries_of(&self, cases: &[Uuid]) -> Result<Vec<Entry>> {
        let mut query = self.db.prepare_cached("SELECT uid, vals, places FROM cases WHERE uid = ?1")?;
        let mut out = Vec::new();
        for case in cases {
            let mut rows = query.query([case.to_string()])?;
            out.extend(rows.next()?.map(entry).transpose()?);
        }
        Ok(out)
    }

    fn headstamps(&self) -> Result<Vec<(String, u64)>> {
        let sql = format!(
            "SELECT {HEADSTAMP} AS text, count(*) FROM cases WHERE {HEADSTAMP} IS NOT NULL GROUP BY text ORDER BY text"
        );
        let mut query = self.db.prepare_cached(&sql)?;
        Ok(query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
    }

    fn headstamps_after(&self, after: &str, entries: usize) -> Result<Vec<String>> {
        let sql = format!("SELECT {HEADSTAMP} AS text FROM cases WHERE text > ?1 ORDER BY text LIMIT ?2");
        let mut query = self.db.prepare_cached(&sql)?;
        let mut rows = query.query(params![after, entries])?;
        let mut out: Vec<String> = Vec::new();
        while let Some(r) = rows.next()? {
            let text = r.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if out.last().is_none_or(|last| last != text) {
                out.push(text.to_owned());
            }
        }
        Ok(out)
    }

    fn bearing(&self, headstamp: &str) -> Result<u64> {
        let sql = format!("SELECT count(*) FROM cases WHERE {HEADSTAMP} = ?1");
        Ok(self.db.prepare_cached(&sql)?.query_row([headstamp], |r| r.get(0))?)
    }

    fn cases_bearing(&self, headstamp: &str, most: usize) -> Result<Vec<Uuid>> {
        let sql = format!("SELECT uid FROM cases WHERE {HEADSTAMP} = ?1 ORDER BY rowid LIMIT ?2");
        let mut query = self.db.prepare_cached(&sql)?;
        let found: Vec<String> =
            query.query_map(params![headstamp, most], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        found.iter().map(|c| id(c)).collect()
    }

    fn cases_from(&self, start: &str, most: usize) -> Result<Vec<Uuid>> {
        let sql = "SELECT uid FROM cases WHERE uid >= ?1 AND uid < ?1 || 'g' ORDER BY uid LIMIT ?2";
        let mut query = self.db.prepare_cached(sql)?;
        let found: Vec<String> =
            query.query_map(params![start, most], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        found.iter().map(|c| id(c)).collect()
    }

    fn conflicts(&self, after: Option<(Turn, Turn)>, count: usize) -> Result<Vec<KeptConflict>> {
        let mut query = self.db.prepare_cached(
            "SELECT kept_history, kept_seq, other_history, other_seq, about FROM conflicts
             WHERE (kept_history, kept_seq, other_history, other_seq) > (?1, ?2, ?3, ?4)
             ORDER BY kept_history, kept_seq, other_history, other_seq LIMIT ?5",
        )?;
        let (kept, other) = after.unwrap_or((FIRST, FIRST));
        let found = query.query_map(params![kept.history, kept.seq, other.history, other.seq, count], conflict)?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    fn conflict(&self, kept: Turn, other: Turn) -> Result<Option<KeptConflict>> {
        let mut query = self.db.prepare_cached(
            "SELECT kept_history, kept_seq, other_history, other_seq, about FROM conflicts
             WHERE kept_history = ?1 AND kept_seq = ?2 AND other_history = ?3 AND other_seq = ?4",
        )?;
        let between = params![kept.history, kept.seq, other.history, other.seq];
        Ok(query.query_row(between, conflict).optional()?)
    }

    fn overruled(&self, turns: &[Turn]) -> Result<Vec<(Turn, Turn)>> {
        let mut query = self.db.prepare_cached(
            "SELECT kept_history, kept_seq FROM conflicts WHERE other_history = ?1 AND other_seq = ?2
             ORDER BY kept_history, kept_seq",
        )?;
        let mut out = Vec::new();
        for &other in turns {
            let mut rows = query.query(params![other.history, other.seq])?;
            while let Some(r) = rows.next()? {
                out.push((other, turn(r, 0)?));
            }
        }
        Ok(out)
    }
}

/// Before every decision.
const FIRST: Turn = Turn { history: 0, seq: 0 };

fn conflict(r: &Row) -> rusqlite::Result<KeptConflict> {
    Ok(KeptConflict { kept: turn(r, 0)?, other: turn(r, 2)?, about: r.get(4)? })
}

fn entry(r: &Row) -> Result<Entry> {
    let text = |n: usize| r.get_ref(n)?.as_str().map_err(rusqlite::Error::from);
    let case = id(text(0)?)?;
    let damaged = |e| CatalogueError::damaged(format!("entry {case}"), e);
    Ok(Entry {
        case,
        values: serde_json::from_str(text(1)?).map_err(damaged)?,
        places: serde_json::from_str(text(2)?).map_err(damaged)?,
    })
}
