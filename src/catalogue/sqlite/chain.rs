//! Histories, their links, and what these are found by.

use super::super::error::CatalogueError;
use super::super::store::{Chain, Filing, History, KeptLink, OWN, SpeaksOf, Subject, Turn};
use super::{Result, Sqlite, id, number};
use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

impl Chain for Sqlite {
    fn histories(&self) -> Result<Vec<History>> {
        let mut query = self.db.prepare_cached("SELECT id, uid, fork_of, fork_seq FROM histories ORDER BY id")?;
        let mut rows = query.query([])?;
        let mut out: Vec<History> = Vec::new();
        while let Some(r) = rows.next()? {
            let number = r.get(0)?;
            let fork = match r.get::<_, Option<u32>>(2)? {
                // what it left is known before it
                Some(of) if out.iter().any(|h| h.number == of) => Some(Turn { history: of, seq: r.get(3)? }),
                Some(of) => {
                    return Err(CatalogueError::damaged(
                        "the file",
                        format!("history {number} left {of}, which is not there"),
                    ));
                }
                None => None,
            };
            out.push(History { number, id: id(&r.get::<_, String>(1)?)?, fork });
        }
        match out.first() {
            Some(History { number: OWN, fork: None, .. }) => Ok(out),
            _ => Err(CatalogueError::damaged("the file", "it has no history of its own")),
        }
    }

    fn know(&mut self, history: Uuid, fork: Option<Turn>) -> Result<u32> {
        let uid = history.to_string();
        let mut query = self.db.prepare_cached("SELECT id FROM histories WHERE uid = ?1")?;
        if let Some(known) = query.query_row([&uid], |r| r.get(0)).optional()? {
            return Ok(known);
        }
        let sql = "INSERT INTO histories (uid, fork_of, fork_seq) VALUES (?1, ?2, ?3)";
        self.db.execute(sql, params![uid, fork.map(|f| f.history), fork.map(|f| f.seq)])?;
        Ok(query.query_row([&uid], |r| r.get(0))?)
    }

    fn end(&self, history: u32) -> Result<Option<(u64, String)>> {
        let sql = "SELECT seq, hash FROM decisions WHERE history = ?1 ORDER BY seq DESC LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.query_row([history], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
    }

    fn hash_of(&self, turn: Turn) -> Result<Option<String>> {
        let mut query = self.db.prepare_cached("SELECT hash FROM decisions WHERE history = ?1 AND seq = ?2")?;
        Ok(query.query_row(params![turn.history, turn.seq], |r| r.get(0)).optional()?)
    }

    fn hashed(&self, hash: &str) -> Result<Option<Turn>> {
        let sql = "SELECT history, seq FROM decisions WHERE hash = ?1 ORDER BY history, seq LIMIT 1";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_row([hash], |r| turn(r, 0)).optional()?)
    }

    fn links(&self, after: Turn, count: usize) -> Result<Vec<KeptLink>> {
        let sql = "SELECT seq, text, hash FROM decisions WHERE history = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
        let mut query = self.db.prepare_cached(sql)?;
        let links = query.query_map(params![after.history, after.seq, count], |r| link(after.history, r))?;
        Ok(links.collect::<rusqlite::Result<_>>()?)
    }

    fn links_before(&self, before: Turn, count: usize) -> Result<Vec<KeptLink>> {
        let sql = "SELECT seq, text, hash FROM decisions WHERE history = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3";
        let mut query = self.db.prepare_cached(sql)?;
        // SQLite counts as far as this
        let seq = before.seq.min(i64::MAX as u64);
        let links = query.query_map(params![before.history, seq, count], |r| link(before.history, r))?;
        Ok(links.collect::<rusqlite::Result<_>>()?)
    }

    fn append(&mut self, links: &[(KeptLink, Filing)]) -> Result<()> {
        let mut decision = self
            .db
            .prepare_cached("INSERT INTO decisions (history, seq, text, hash, case_uid) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        let mut place =
            self.db.prepare_cached("INSERT INTO decided_places (photo, head, history, seq) VALUES (?1, ?2, ?3, ?4)")?;
        let mut undone =
            self.db.prepare_cached("INSERT INTO undone (history, seq, by_history, by_seq) VALUES (?1, ?2, ?3, ?4)")?;
        let mut merge =
            self.db.prepare_cached("INSERT INTO merges (of_history, of_seq, history, seq) VALUES (?1, ?2, ?3, ?4)")?;
        for (KeptLink { turn, text, hash }, filing) in links {
            let case = filing.case.map(|c| c.to_string());
            decision.execute(params![turn.history, turn.seq, text, hash, case])?;
            for p in &filing.places {
                place.execute(params![p.photo, number(p.head), turn.history, turn.seq])?;
            }
            let (other, statement) = match filing.speaks_of {
                Some(SpeaksOf::Undoes(other)) => (other, &mut undone),
                Some(SpeaksOf::TakesIn(other)) => (other, &mut merge),
                None => continue,
            };
            statement.execute(params![other.history, other.seq, turn.history, turn.seq])?;
        }
        Ok(())
    }

    fn texts(&self, turns: &[Turn]) -> Result<Vec<(Turn, String)>> {
        let mut query = self.db.prepare_cached("SELECT text FROM decisions WHERE history = ?1 AND seq = ?2")?;
        let mut out = Vec::with_capacity(turns.len());
        for turn in turns {
            let text = query.query_row(params![turn.history, turn.seq], |r| r.get(0)).optional()?;
            out.extend(text.map(|t| (*turn, t)));
        }
        Ok(out)
    }

    fn about(&self, subjects: &[Subject]) -> Result<Vec<Turn>> {
        let mut places =
            self.db.prepare_cached("SELECT history, seq FROM decided_places WHERE photo = ?1 AND head = ?2")?;
        let mut cases = self.db.prepare_cached("SELECT history, seq FROM decisions WHERE case_uid = ?1")?;
        let mut out = Vec::new();
        for subject in subjects {
            let mut rows = match subject {
                Subject::Place(place) => places.query(params![place.photo, number(place.head)])?,
                Subject::Case(case) => cases.query([case.to_string()])?,
            };
            while let Some(r) = rows.next()? {
                out.push(turn(r, 0)?);
            }
        }
        Ok(out)
    }

    fn undoing(&self, turns: &[Turn]) -> Result<Vec<(Turn, Turn)>> {
        let mut query =
            self.db.prepare_cached("SELECT by_history, by_seq FROM undone WHERE history = ?1 AND seq = ?2")?;
        let mut out = Vec::new();
        for &undone in turns {
            let mut rows = query.query(params![undone.history, undone.seq])?;
            while let Some(r) = rows.next()? {
                out.push((undone, turn(r, 0)?));
            }
        }
        Ok(out)
    }

    fn taken_in(&self) -> Result<Vec<(Turn, Turn)>> {
        let mut query = self.db.prepare_cached("SELECT history, seq, of_history, of_seq FROM merges")?;
        let all = query.query_map([], |r| Ok((turn(r, 0)?, turn(r, 2)?)))?;
        Ok(all.collect::<rusqlite::Result<_>>()?)
    }

    fn filed(&self, filings: &[Filing]) -> Result<Vec<bool>> {
        let mut case = self.db.prepare_cached("SELECT case_uid FROM decisions WHERE history = ?1 AND seq = ?2")?;
        let mut place = self.db.prepare_cached(
            "SELECT 1 FROM decided_places WHERE photo = ?1 AND head = ?2 AND history = ?3 AND seq = ?4",
        )?;
        let mut undone = self.db.prepare_cached(
            "SELECT 1 FROM undone WHERE history = ?1 AND seq = ?2 AND by_history = ?3 AND by_seq = ?4",
        )?;
        let mut merge = self.db.prepare_cached(
            "SELECT 1 FROM merges WHERE of_history = ?1 AND of_seq = ?2 AND history = ?3 AND seq = ?4",
        )?;
        let mut found = |Filing { turn, case: of, places, speaks_of }: &Filing| -> rusqlite::Result<bool> {
            let filed: Option<Option<String>> =
                case.query_row(params![turn.history, turn.seq], |r| r.get(0)).optional()?;
            if filed != Some(of.map(|c| c.to_string())) {
                return Ok(false);
            }
            for p in places {
                if !place.exists(params![p.photo, number(p.head), turn.history, turn.seq])? {
                    return Ok(false);
                }
            }
            let (other, statement) = match speaks_of {
                Some(SpeaksOf::Undoes(other)) => (other, &mut undone),
                Some(SpeaksOf::TakesIn(other)) => (other, &mut merge),
                None => return Ok(true),
            };
            statement.exists(params![other.history, other.seq, turn.history, turn.seq])
        };
        Ok(filings.iter().map(&mut found).collect::<rusqlite::Result<_>>()?)
    }

    fn filings(&self, history: u32) -> Result<u64> {
        let sql = "SELECT (SELECT count(*) FROM decided_places WHERE history = ?1)
             + (SELECT count(*) FROM undone WHERE by_history = ?1) + (SELECT count(*) FROM merges WHERE history = ?1)";
        Ok(self.db.query_row(sql, [history], |r| r.get(0))?)
    }
}

/// A decision whose history and number stand at this column and the next.
pub(super) fn turn(r: &Row, at: usize) -> rusqlite::Result<Turn> {
    Ok(Turn { history: r.get(at)?, seq: r.get(at + 1)? })
}

fn link(history: u32, r: &Row) -> rusqlite::Result<KeptLink> {
    Ok(KeptLink { turn: Turn { history, seq: r.get(0)? }, text: r.get(1)?, hash: r.get(2)? })
}
