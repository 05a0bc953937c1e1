//! Taking in a list of entries: looked through first, then entered, in pieces.
//!
//! A list is read twice, so that everything that is wrong with it is told before anything is entered, and however long it
//! is only a piece of it is held.

use super::access::Catalogue;
use super::decision::{Way, What};
use super::error::CatalogueError;
use super::fields::{Field, Value};
use super::history::append;
use super::outcome;
use super::store::{Entry, PIECE, Store};
use super::transfer::{Problem, Row};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Most problems that are kept; whoever has more has one.
const MOST_PROBLEMS: usize = 1000;

/// What a list would bring.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Entries that are new.
    pub new: u64,
    /// Entries that are there already, the same.
    pub unchanged: u64,
    /// The first thousand things that are wrong, in the order of lines.
    pub problems: Vec<Problem>,
    /// How many things are wrong.
    pub wrong: u64,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Entries that are new.
    pub entered: u64,
    /// Entries that were there already, the same.
    pub unchanged: u64,
    /// Entries that contradict what is recorded, by their line.
    pub conflicts: Vec<Problem>,
}

/// What an entry of a list is to the catalogue.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    New,
    /// All that it says is recorded, or it is the same case as another.
    There,
    /// It says of a recorded case what is not recorded of it: an import does not overwrite. Who vouches for a value, and
    /// how it is known, stays as it is recorded.
    Otherwise,
}

impl Catalogue {
    /// Looks through a list, and changes nothing.
    pub fn check(&self, rows: impl Iterator<Item = Row>) -> Result<Checked, CatalogueError> {
        let _one_state = self.reading()?;
        let mut checked = Checked::default();
        pieces(rows, |piece| {
            let standings = standings(self.store(), piece.iter().filter_map(|r| r.entry.as_ref().ok()))?;
            for Row { line, entry } in piece {
                let causes = match entry {
                    Err(causes) => causes,
                    Ok(entry) => match standings.get(&entry.case) {
                        Some(Standing::Otherwise) => {
                            vec![format!("case {} is recorded otherwise; change it by reviewing it", entry.case)]
                        }
                        Some(Standing::There) => {
                            checked.unchanged += 1;
                            continue;
                        }
                        Some(Standing::New) | None => {
                            checked.new += 1;
                            continue;
                        }
                    },
                };
                checked.wrong += causes.len() as u64;
                let room = MOST_PROBLEMS - checked.problems.len();
                checked.problems.extend(causes.into_iter().take(room).map(|cause| Problem { line, cause }));
            }
            Ok(())
        })?;
        Ok(checked)
    }

    /// Enters what is new of a list that was looked through, all or nothing; what is wrong is passed over. Doing it again
    /// changes nothing.
    pub fn import(
        &mut self,
        rows: impl Iterator<Item = Row>,
        checked: &Checked,
        who: &str,
    ) -> Result<Imported, CatalogueError> {
        let at = self.now();
        let group = u32::try_from(checked.new).unwrap_or(u32::MAX);
        let mut done = Imported::default();
        let mut writing = self.writing()?;
        pieces(rows, |piece| {
            let standings = standings(writing.store(), piece.iter().filter_map(|r| r.entry.as_ref().ok()))?;
            let (mut lines, mut new) = (Vec::new(), Vec::new());
            for Row { line, entry } in piece {
                let Ok(Entry { case, places, values }) = entry else { continue };
                match standings.get(&case) {
                    Some(Standing::Otherwise) => {}
                    Some(Standing::There) => done.unchanged += 1,
                    Some(Standing::New) | None => {
                        lines.push(line);
                        new.push((What::Enter { case, places, way: Way::Imported, group, values }, None));
                    }
                }
            }
            let decided = append(writing.store(), who, &at, new)?;
            done.entered += decided.len() as u64;
            for (line, _) in lines.into_iter().zip(decided).filter(|(_, d)| !d.conflicts.is_empty()) {
                let cause = "contradicts what was entered from the same photograph".to_owned();
                done.conflicts.push(Problem { line, cause });
            }
            Ok(())
        })?;
        if (done.entered, done.unchanged) != (checked.new, checked.unchanged) {
            return Err(CatalogueError::Changed);
        }
        writing.commit()?;
        Ok(done)
    }
}

fn pieces(
    mut rows: impl Iterator<Item = Row>,
    mut each: impl FnMut(Vec<Row>) -> Result<(), CatalogueError>,
) -> Result<(), CatalogueError> {
    loop {
        let piece: Vec<Row> = rows.by_ref().take(PIECE).collect();
        if piece.is_empty() {
            return Ok(());
        }
        each(piece)?;
    }
}

fn standings<'a>(
    store: &dyn Store,
    entries: impl Iterator<Item = &'a Entry>,
) -> Result<BTreeMap<Uuid, Standing>, CatalogueError> {
    let entries: BTreeMap<Uuid, &Entry> = entries.map(|e| (e.case, e)).collect();
    let cases: Vec<Uuid> = entries.keys().copied().collect();
    let mut standings: BTreeMap<Uuid, Standing> = cases.iter().map(|c| (*c, Standing::New)).collect();
    standings.extend(outcome::entering(store, &cases)?.into_keys().map(|c| (c, Standing::There)));
    for here in store.entries_of(&cases)? {
        let same = entries.get(&here.case).is_some_and(|e| says(&here, e));
        standings.insert(here.case, if same { Standing::There } else { Standing::Otherwise });
    }
    Ok(standings)
}

/// Whether all that `part` says is recorded in `whole`.
fn says(whole: &Entry, part: &Entry) -> bool {
    let same = |(field, value): (&Field, &Value)| whole.values.get(field).is_some_and(|v| v.text == value.text);
    part.values.iter().all(same) && part.places.iter().all(|p| whole.places.contains(p))
}
