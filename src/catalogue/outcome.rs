//! What follows from the decisions: which cases are entered, what is recorded of them, and where decisions contradict.
//!
//! The rule is in [`super::resolve`]. Here the decisions that hang together, by their places and cases, are gathered, and
//! what follows from them is written to the tables; nothing else is ever written there.

use super::decision::{Decision, Link, Place, What};
use super::fields::{Field, Values};
use super::history::{number, row_of};
use super::resolve::{Claim, Clash, Entered, Knowledge, Resolved, Row, resolve};
use super::store::{Catalogue, CatalogueError};
use super::worklist::NO_HEAD;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Longest chain of undoing what was undone.
const DEEPEST: usize = 1000;

/// A case in the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The case's id, the same in every catalogue that knows it.
    pub case: Uuid,
    /// Where it is seen.
    pub places: Vec<Place>,
    /// What is recorded of it.
    pub values: Values,
}

/// Two decisions that contradict each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// The photograph and head as `SHA-256#head`, or the case.
    pub about: String,
    /// The decision that holds.
    pub kept: Decision,
    /// The decision that says something else.
    pub other: Decision,
}

/// What decisions are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Place(Place),
    Case(Uuid),
}

/// Lets decisions that were written down have their effect.
pub(super) fn apply<'a>(
    db: &Connection,
    decisions: impl IntoIterator<Item = &'a Decision>,
) -> Result<(), CatalogueError> {
    let mut done = BTreeSet::new();
    let knowledge = knowledge(db)?;
    for decision in decisions {
        let subjects = touched(db, decision)?;
        if !subjects.is_subset(&done) {
            refresh(db, subjects, &knowledge, &mut done)?;
        }
    }
    Ok(())
}

/// Sets the state of an item that was added: decisions may have come before the photograph.
pub(super) fn refresh_place(db: &Connection, place: Place) -> Result<(), CatalogueError> {
    if about(db, &Subject::Place(place.clone()))?.is_empty() {
        return Ok(());
    }
    refresh(db, BTreeSet::from([Subject::Place(place)]), &knowledge(db)?, &mut BTreeSet::new())
}

/// Makes everything that follows from the decisions anew.
pub(super) fn rebuild(db: &Connection) -> Result<(), CatalogueError> {
    db.execute_batch(
        "DELETE FROM cases; DELETE FROM conflicts; UPDATE items SET state = 'pending', case_uid = NULL WHERE head >= 0;
         UPDATE items SET state = 'no_head', case_uid = NULL WHERE head < 0 AND state <> 'failed'",
    )?;
    let mut query = db.prepare("SELECT history, seq FROM decisions ORDER BY history, seq")?;
    let rows: Vec<Row> = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    let decisions: Vec<Decision> =
        rows.into_iter().filter_map(|r| load_row(db, r).transpose()).collect::<Result<_, _>>()?;
    apply(db, &decisions)
}

/// SHA-256 over everything that follows from the decisions.
fn digest(db: &Connection) -> Result<String, CatalogueError> {
    let mut sum = Sha256::new();
    for sql in [
        "SELECT concat_ws(' ', uid, quantity, entered_history, entered_seq, places, vals) FROM cases ORDER BY uid",
        "SELECT concat_ws(' ', about, kept_history, kept_seq, other_history, other_seq) FROM conflicts
         ORDER BY kept_history, kept_seq, other_history, other_seq",
        "SELECT concat_ws(' ', id, state, case_uid) FROM items ORDER BY id",
    ] {
        let mut query = db.prepare(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            sum.update(row.get::<_, String>(0)?);
            sum.update(b"\n");
        }
    }
    Ok(hex::encode(sum.finalize()))
}

/// What a decision, or one that it undoes, is about.
fn touched(db: &Connection, decision: &Decision) -> Result<BTreeSet<Subject>, CatalogueError> {
    let mut target = decision.clone();
    for _ in 0..DEEPEST {
        let What::Undo { link } = &target.what else { break };
        let Some(undone) = load(db, *link)? else { break };
        target = undone;
    }
    Ok(subjects(&target.what))
}

fn subjects(what: &What) -> BTreeSet<Subject> {
    what.places().iter().cloned().map(Subject::Place).chain(what.case().map(Subject::Case)).collect()
}

/// Which histories others took in.
fn knowledge(db: &Connection) -> Result<Knowledge, CatalogueError> {
    let mut query = db.prepare_cached("SELECT history, seq, of_history, of_seq FROM merges")?;
    let all = query.query_map([], |r| Ok(((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?))))?;
    Ok(Knowledge(all.collect::<Result<_, _>>()?))
}

/// Writes what follows from the decisions about these subjects, and about all that hang together with them.
fn refresh(
    db: &Connection,
    subjects: BTreeSet<Subject>,
    knowledge: &Knowledge,
    done: &mut BTreeSet<Subject>,
) -> Result<(), CatalogueError> {
    let (subjects, mut decisions) = gather(db, subjects)?;
    for row in decisions.keys() {
        db.prepare_cached("DELETE FROM conflicts WHERE kept_history = ?1 AND kept_seq = ?2")?
            .execute([row.0, row.1])?;
    }
    for row in decisions.keys().copied().collect::<Vec<_>>() {
        if is_undone(db, row.0, row.1)? {
            decisions.remove(&row);
        }
    }
    let resolved = resolve(&decisions, knowledge);
    write(db, &subjects, &decisions, &resolved)?;
    done.extend(subjects);
    Ok(())
}

/// Everything that hangs together with the subjects, and all decisions about it, undone ones too.
fn gather(
    db: &Connection,
    mut subjects: BTreeSet<Subject>,
) -> Result<(BTreeSet<Subject>, BTreeMap<Row, Decision>), CatalogueError> {
    let mut decisions = BTreeMap::new();
    let mut todo: Vec<Subject> = subjects.iter().cloned().collect();
    while let Some(subject) = todo.pop() {
        for row in about(db, &subject)? {
            if decisions.contains_key(&row) {
                continue;
            }
            let Some(decision) = load_row(db, row)? else { continue };
            todo.extend(self::subjects(&decision.what).into_iter().filter(|s| subjects.insert(s.clone())));
            decisions.insert(row, decision);
        }
    }
    Ok((subjects, decisions))
}

/// The decisions about a subject.
fn about(db: &Connection, subject: &Subject) -> Result<Vec<Row>, CatalogueError> {
    let row = |r: &rusqlite::Row| Ok((r.get(0)?, r.get(1)?));
    let rows = match subject {
        Subject::Place(place) => db
            .prepare_cached("SELECT history, seq FROM decided_places WHERE photo = ?1 AND head = ?2")?
            .query_map(params![place.photo, number(place)], row)?
            .collect::<Result<_, _>>()?,
        Subject::Case(case) => db
            .prepare_cached("SELECT history, seq FROM decisions WHERE case_uid = ?1")?
            .query_map([case.to_string()], row)?
            .collect::<Result<_, _>>()?,
    };
    Ok(rows)
}

fn write(
    db: &Connection,
    subjects: &BTreeSet<Subject>,
    decisions: &BTreeMap<Row, Decision>,
    resolved: &Resolved,
) -> Result<(), CatalogueError> {
    for subject in subjects {
        match subject {
            Subject::Place(place) => write_state(db, place, decisions, resolved.claims.get(place))?,
            Subject::Case(case) => match resolved.entries.get(case) {
                Some(entered) => write_case(db, *case, entered)?,
                None => drop(db.prepare_cached("DELETE FROM cases WHERE uid = ?1")?.execute([case.to_string()])?),
            },
        }
    }
    for Clash { kept, other, place, case } in &resolved.clashes {
        let about = match (place, case) {
            (Some(place), _) => place.to_string(),
            (None, Some(case)) => case.to_string(),
            (None, None) => String::new(),
        };
        db.prepare_cached(
            "INSERT OR IGNORE INTO conflicts (about, kept_history, kept_seq, other_history, other_seq)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![about, kept.0, kept.1, other.0, other.1])?;
    }
    Ok(())
}

fn write_state(
    db: &Connection,
    place: &Place,
    decisions: &BTreeMap<Row, Decision>,
    claim: Option<&Claim>,
) -> Result<(), CatalogueError> {
    let state = match claim.and_then(|c| decisions.get(&c.row)).map(|d| &d.what) {
        None if number(place) == NO_HEAD => "no_head",
        None => "pending",
        Some(What::Enter { .. }) => "entered",
        Some(What::SameCase { .. }) => "same_case",
        Some(_) => "not_a_head",
    };
    let case = claim.and_then(|c| c.case).map(|c| c.to_string());
    db.prepare_cached(
        "UPDATE items SET state = ?3, case_uid = ?4
         WHERE head = ?2 AND state <> 'failed' AND photograph = (SELECT id FROM photographs WHERE sha256 = ?1)",
    )?
    .execute(params![place.photo, number(place), state, case])?;
    Ok(())
}

fn write_case(db: &Connection, case: Uuid, entered: &Entered) -> Result<(), CatalogueError> {
    let quantity = entered.values.get(&Field::Quantity).and_then(|v| v.text.parse::<u32>().ok()).unwrap_or(1);
    let (values, places) = (serde_json::to_string(&entered.values)?, serde_json::to_string(&entered.places)?);
    db.prepare_cached(
        "INSERT OR REPLACE INTO cases (uid, vals, places, quantity, entered_history, entered_seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![case.to_string(), values, places, quantity, entered.row.0, entered.row.1])?;
    Ok(())
}

/// A decision by its link.
pub(super) fn load(db: &Connection, link: Link) -> Result<Option<Decision>, CatalogueError> {
    let Some(history) = row_of(db, link.history)? else { return Ok(None) };
    load_row(db, (history, link.seq as i64))
}

fn load_row(db: &Connection, row: Row) -> Result<Option<Decision>, CatalogueError> {
    let mut query = db.prepare_cached("SELECT text FROM decisions WHERE history = ?1 AND seq = ?2")?;
    let text: Option<String> = query.query_row([row.0, row.1], |r| r.get(0)).optional()?;
    Ok(text.map(|t| serde_json::from_str(&t)).transpose()?)
}

/// Whether a decision no longer holds: something that holds undoes it.
pub(super) fn is_undone(db: &Connection, history: i64, seq: i64) -> Result<bool, CatalogueError> {
    fn ask(db: &Connection, row: Row, depth: usize) -> Result<bool, CatalogueError> {
        let mut query = db.prepare_cached("SELECT by_history, by_seq FROM undone WHERE history = ?1 AND seq = ?2")?;
        let by: Vec<Row> =
            query.query_map([row.0, row.1], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        for row in by {
            if depth >= DEEPEST || !ask(db, row, depth + 1)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
    ask(db, (history, seq), 0)
}

/// The links that hold where the given one has no effect.
pub(super) fn conflicts_of(db: &Connection, history: i64, seq: u64) -> Result<Vec<Link>, CatalogueError> {
    let mut query = db.prepare_cached(
        "SELECT kept_history, kept_seq FROM conflicts WHERE other_history = ?1 AND other_seq = ?2
         ORDER BY kept_history, kept_seq",
    )?;
    let rows: Vec<Row> =
        query.query_map(params![history, seq as i64], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    rows.into_iter().filter_map(|r| load_row(db, r).map(|d| d.map(|d| d.link)).transpose()).collect()
}

/// Conflicts that no later decision has settled.
pub(super) fn conflicts(db: &Connection) -> Result<Vec<Conflict>, CatalogueError> {
    let mut query = db.prepare(
        "SELECT c.about, kept.text, other.text FROM conflicts c
         JOIN decisions kept ON kept.history = c.kept_history AND kept.seq = c.kept_seq
         JOIN decisions other ON other.history = c.other_history AND other.seq = c.other_seq
         ORDER BY c.kept_history, c.kept_seq, c.other_history, c.other_seq",
    )?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let decision =
            |n: usize| -> Result<Decision, CatalogueError> { Ok(serde_json::from_str(&row.get::<_, String>(n)?)?) };
        out.push(Conflict { about: row.get(0)?, kept: decision(1)?, other: decision(2)? });
    }
    Ok(out)
}

impl Catalogue {
    /// Whether the entries, the conflicts and the states of the worklist are those that follow from the decisions. Changes
    /// nothing, but others wait with their decisions meanwhile.
    pub fn verify_outcome(&mut self) -> Result<bool, CatalogueError> {
        let tx = self.begin()?;
        let before = digest(&tx)?;
        rebuild(&tx)?;
        let after = digest(&tx)?;
        tx.rollback()?;
        Ok(before == after)
    }

    /// Every entry, in the order in which they were entered; ends early where `each` fails.
    pub fn entries<E: From<CatalogueError>>(&self, mut each: impl FnMut(Entry) -> Result<(), E>) -> Result<(), E> {
        let failed = |e: rusqlite::Error| E::from(CatalogueError::from(e));
        let sql = "SELECT uid, vals, places FROM cases ORDER BY entered_history, entered_seq, uid";
        let mut query = self.db.prepare(sql).map_err(failed)?;
        let mut rows = query.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let text = |n: usize| row.get::<_, String>(n).map_err(failed);
            each(entry(&text(0)?, &text(1)?, &text(2)?).map_err(E::from)?)?;
        }
        Ok(())
    }

    /// One case.
    pub fn entry(&self, case: Uuid) -> Result<Option<Entry>, CatalogueError> {
        let mut query = self.db.prepare_cached("SELECT vals, places FROM cases WHERE uid = ?1")?;
        let found: Option<(String, String)> =
            query.query_row([case.to_string()], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        found.map(|(values, places)| entry(&case.to_string(), &values, &places)).transpose()
    }

    /// The first decision that holds and enters a case, also where it turned out to be another.
    pub fn entering(&self, case: Uuid) -> Result<Option<Decision>, CatalogueError> {
        let mut rows = about(&self.db, &Subject::Case(case))?;
        rows.sort_unstable();
        for row in rows {
            if let Some(decision) = load_row(&self.db, row)?
                && matches!(decision.what, What::Enter { .. })
                && !is_undone(&self.db, row.0, row.1)?
            {
                return Ok(Some(decision));
            }
        }
        Ok(None)
    }
}

fn entry(case: &str, values: &str, places: &str) -> Result<Entry, CatalogueError> {
    Ok(Entry {
        case: case.parse().map_err(|_| CatalogueError::Absent(format!("`{case}` is no id of a case")))?,
        values: serde_json::from_str(values)?,
        places: serde_json::from_str(places)?,
    })
}
