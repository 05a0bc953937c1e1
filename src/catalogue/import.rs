//! Taking in a list of entries: looked through first, then entered, in pieces.
//!
//! A list is read twice, so that everything that is wrong with it is told before anything is entered, and however long it
//! is only a piece of it is held. A row that bears the id of a recorded case corrects it; one that looks like an entry which
//! is held is told.

use super::access::Catalogue;
use super::columns::written;
use super::decision::{Way, What};
use super::error::CatalogueError;
use super::fields::{Field, Value, Values};
use super::history::append;
use super::listed::Row;
use super::outcome;
use super::store::{Entry, PIECE, Store};
use crate::list::{Fault, Faults};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::mpsc::sync_channel;
use uuid::Uuid;

/// What rows without an id are that say what an entry says which is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alike {
    /// Cases of their own, as two lists may have equal cases; those of an export that lost its ids are not entered.
    #[default]
    Unsaid,
    /// Cases of their own.
    New,
    /// The entries that are held.
    Held,
}

/// What a list would bring.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Entries that are new.
    pub new: u64,
    /// Those of them that say what an entry says which is held.
    pub equal: u64,
    /// Entries that are there already, the same.
    pub unchanged: u64,
    /// Entries that are corrected.
    pub corrected: u64,
    /// Rows that look like entries that are held, and are not entered.
    pub alike: u64,
    /// What is wrong, in the order of rows.
    pub wrong: Faults,
    /// What is corrected, and what looks like an entry that is held.
    pub notes: Faults,
    rule: Alike,
    held: Held,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Entries that are new.
    pub entered: u64,
    /// Entries that were there already, the same.
    pub unchanged: u64,
    /// Entries that were corrected.
    pub corrected: u64,
    /// Entries that contradict what is recorded, by their row.
    pub conflicts: Faults,
}

/// What a row is to the catalogue.
enum Standing {
    New,
    /// New, though an entry that is held says the same.
    Equal,
    /// All that it says is recorded, or it is the same case as another. Who vouches for a value, and how it is known, stays
    /// as it is recorded.
    There,
    /// Everything that is recorded of the case from now on, and what changes.
    Correction(Values, Vec<String>),
    /// It says what this entry says, and is likely that.
    Looks(Uuid),
    Wrong(Vec<Fault>),
}

impl Catalogue {
    /// Looks through a list, and changes nothing.
    pub fn check(&self, rows: impl Iterator<Item = Row> + Send, rule: Alike) -> Result<Checked, CatalogueError> {
        let _one_state = self.reading()?;
        let mut checked = Checked { rule, ..Checked::default() };
        pieces(rows, |piece| {
            if checked.held.0.is_none() && piece.iter().any(|r| r.entry.is_ok() && !r.identified) {
                checked.held = Held::by(self)?;
            }
            let standings = standings(self.store(), &piece, &checked)?;
            for (row, standing) in piece.iter().zip(standings) {
                let note = |cause: String| [Fault::of_row(row.number, cause)];
                match standing {
                    Standing::New => checked.new += 1,
                    Standing::Equal => {
                        checked.new += 1;
                        checked.equal += 1;
                    }
                    Standing::There => checked.unchanged += 1,
                    Standing::Correction(_, changes) => {
                        checked.corrected += 1;
                        checked.notes.extend(changes.into_iter().flat_map(note));
                    }
                    Standing::Looks(case) => {
                        checked.alike += 1;
                        let cause = format!("says what case {case} says, which is held: it is not entered again");
                        checked.notes.extend(note(cause));
                    }
                    Standing::Wrong(faults) => checked.wrong.extend(faults),
                }
            }
            Ok(())
        })?;
        Ok(checked)
    }

    /// Enters what is new of a list that was looked through, and corrects what it corrects, all or nothing; what is wrong is
    /// passed over. Doing it again changes nothing.
    pub fn import(
        &mut self,
        rows: impl Iterator<Item = Row> + Send,
        checked: &Checked,
        who: &str,
    ) -> Result<Imported, CatalogueError> {
        let at = self.now();
        let group = u32::try_from(checked.new).unwrap_or(u32::MAX);
        let mut done = Imported::default();
        let mut writing = self.writing()?;
        pieces(rows, |piece| {
            let standings = standings(writing.store(), &piece, checked)?;
            let (mut numbers, mut decisions) = (Vec::new(), Vec::new());
            for (row, standing) in piece.into_iter().zip(standings) {
                let Ok(Entry { case, places, values }) = row.entry else { continue };
                let what = match standing {
                    Standing::New | Standing::Equal => {
                        done.entered += 1;
                        What::Enter { case, places, way: Way::Imported, group, values }
                    }
                    Standing::Correction(values, _) => {
                        done.corrected += 1;
                        What::Amend { case, values }
                    }
                    Standing::There => {
                        done.unchanged += 1;
                        continue;
                    }
                    Standing::Looks(_) | Standing::Wrong(_) => continue,
                };
                numbers.push(row.number);
                decisions.push((what, None));
            }
            let decided = append(writing.store(), who, &at, decisions)?;
            for (number, _) in numbers.into_iter().zip(decided).filter(|(_, d)| !d.conflicts.is_empty()) {
                let cause = "contradicts what was entered of the same photograph or case";
                done.conflicts.extend([Fault::of_row(number, cause)]);
            }
            Ok(())
        })?;
        if (done.entered, done.unchanged, done.corrected) != (checked.new, checked.unchanged, checked.corrected) {
            return Err(CatalogueError::Changed);
        }
        writing.commit()?;
        Ok(done)
    }
}

/// Pieces of a list, one after another; the next is read while one is worked on.
fn pieces(
    mut rows: impl Iterator<Item = Row> + Send,
    each: impl FnMut(Vec<Row>) -> Result<(), CatalogueError>,
) -> Result<(), CatalogueError> {
    let (to, from) = sync_channel(1);
    std::thread::scope(|threads| {
        threads.spawn(move || {
            loop {
                let piece: Vec<Row> = rows.by_ref().take(PIECE).collect();
                // whoever works on them may have given up
                if piece.is_empty() || to.send(piece).is_err() {
                    break;
                }
            }
        });
        from.into_iter().try_for_each(each)
    })
}

/// What each row is to the catalogue, in order.
fn standings(store: &dyn Store, piece: &[Row], checked: &Checked) -> Result<Vec<Standing>, CatalogueError> {
    let cases: Vec<Uuid> = piece.iter().filter_map(|r| Some(r.entry.as_ref().ok()?.case)).collect();
    let entering = outcome::entering(store, &cases)?;
    let here: BTreeMap<Uuid, Entry> = store.entries_of(&cases)?.into_iter().map(|e| (e.case, e)).collect();
    let standing = |row: &Row| {
        let entry = match &row.entry {
            Ok(entry) => entry,
            Err(faults) => return Standing::Wrong(faults.clone()),
        };
        match here.get(&entry.case) {
            Some(held) if row.identified => against(row.number, held, entry),
            // it came with this very list
            Some(_) => Standing::There,
            None if entering.contains_key(&entry.case) => Standing::There,
            None if row.identified => Standing::New,
            None => match (checked.held.case(entry), checked.rule) {
                (None, _) => Standing::New,
                (Some(_), Alike::New) => Standing::Equal,
                (Some(case), Alike::Held) => Standing::Looks(case),
                (Some(case), Alike::Unsaid) if row.exported => Standing::Looks(case),
                (Some(_), Alike::Unsaid) => Standing::Equal,
            },
        }
    };
    Ok(piece.iter().map(standing).collect())
}

/// What a row is that bears the id of an entry.
fn against(number: u64, held: &Entry, said: &Entry) -> Standing {
    let other = |(field, value): &(&Field, &Value)| held.values.get(field).is_none_or(|v| v.text != value.text);
    let changed: Vec<(&Field, &Value)> = said.values.iter().filter(other).collect();
    if let Some(place) = said.places.iter().find(|p| !held.places.contains(p)) {
        let cause = format!("case {} is not recorded as seen on photograph {place}", held.case);
        let hint = "put photographs to their cases by reviewing them; leave the column out, or as it was exported";
        return Standing::Wrong(vec![Fault::of_row(number, cause).hint(hint)]);
    }
    if changed.is_empty() {
        return Standing::There;
    }
    let told = |(field, value): &(&Field, &Value)| {
        let was = held.values.get(field).map_or_else(|| "nothing".into(), |v| format!("`{}`", v.text));
        format!("case {}: {field} was {was}, becomes `{}`", held.case, value.text)
    };
    // the row of a list that came with it needs no telling
    let changes = changed.iter().filter(|(f, _)| **f != Field::OriginalRow).map(told).collect();
    let mut values = held.values.clone();
    values.extend(changed.into_iter().map(|(field, value)| (*field, value.clone())));
    Standing::Correction(values, changes)
}

/// What the entries that are held say, each by a number that stands for it; none before anything was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Held(Option<HashMap<u64, Uuid>>);

impl Held {
    fn by(catalogue: &Catalogue) -> Result<Self, CatalogueError> {
        let mut all = HashMap::new();
        catalogue.entries(|entry| {
            all.entry(said(&entry)).or_insert(entry.case);
            Ok::<_, CatalogueError>(())
        })?;
        Ok(Self(Some(all)))
    }

    /// The first entry that says the same.
    fn case(&self, entry: &Entry) -> Option<Uuid> {
        self.0.as_ref()?.get(&said(entry)).copied()
    }
}

/// What an entry says, whatever its letter case and whoever says it.
fn said(entry: &Entry) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (field, value) in entry.values.iter().filter(|(f, _)| **f != Field::OriginalRow) {
        (field, value.text.to_lowercase()).hash(&mut hasher);
    }
    let mut places = entry.places.clone();
    places.sort();
    written(&places).hash(&mut hasher);
    hasher.finish()
}
