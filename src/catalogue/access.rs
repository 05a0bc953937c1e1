//! The catalogue as others use it: a store, with the rules on it and a clock.

use super::clock::{self, Doubt, Misdated};
use super::decision::{Confirmed, Decision, Link, Place, Shown, What};
use super::error::CatalogueError;
use super::fields::Values;
use super::history::{self, ChainHead, Decided};
use super::merge::{self, Forks, Merged};
use super::outcome::{self, Conflict};
use super::sqlite::Sqlite;
use super::store::{Counts, Entry, Histories, PIECE, Reading, State, Store, Subject, Turn, Writing};
use super::worklist::{self, Failed, Item};
use crate::photo::{Met, Seen};
use crate::record::PhotoRecord;
use jiff::{Timestamp, Unit};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Tells the time.
pub type Clock = fn() -> Timestamp;

/// An open catalogue.
#[derive(Debug)]
pub struct Catalogue {
    store: Box<dyn Store>,
    path: PathBuf,
    clock: Clock,
    only_read: bool,
}

impl Catalogue {
    /// Opens a catalogue that is there.
    pub fn open(path: &Path) -> Result<Self, CatalogueError> {
        Ok(Self::at(Sqlite::open(path)?))
    }

    /// Opens a catalogue that is there to read it, also where nothing may be written.
    pub fn open_to_read(path: &Path) -> Result<Self, CatalogueError> {
        Ok(Self { only_read: true, ..Self::at(Sqlite::open_to_read(path)?) })
    }

    /// Opens a catalogue, or makes an empty one.
    pub fn open_or_create(path: &Path) -> Result<Self, CatalogueError> {
        Ok(Self::at(Sqlite::open_or_create(path, Uuid::new_v4)?))
    }

    fn at(file: Sqlite) -> Self {
        let path = file.path().to_path_buf();
        Self::kept_by(Box::new(file), path)
    }

    /// A catalogue that something else keeps; `path` is what it is called by.
    pub(super) fn kept_by(store: Box<dyn Store>, path: PathBuf) -> Self {
        Self { store, path, clock: Timestamp::now, only_read: false }
    }

    /// Decides by another clock.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a consistent copy to a new file while the catalogue is in use.
    pub fn backup(&self, to: &Path) -> Result<(), CatalogueError> {
        self.store.copy_to(to)
    }

    /// While this lasts, everything that is read is of one state, whatever others decide meanwhile.
    pub fn reading(&self) -> Result<Reading<'_>, CatalogueError> {
        Reading::begin(&*self.store)
    }

    pub(super) fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub(super) fn writing(&mut self) -> Result<Writing<'_>, CatalogueError> {
        if self.only_read {
            return Err(CatalogueError::Denied("it was opened to be read".into()));
        }
        Writing::begin(&mut *self.store)
    }

    /// The time in UTC, to the millisecond.
    pub(super) fn now(&self) -> String {
        let now = (self.clock)();
        now.round(Unit::Millisecond).map_or_else(|_| now.to_string(), |t| format!("{t:.3}"))
    }
}

/// The worklist.
impl Catalogue {
    /// SHA-256 of every photograph that is held and could be read.
    pub fn photographs(&self) -> Result<HashSet<String>, CatalogueError> {
        let mut all = HashSet::new();
        self.readable(|sha256, _| all.extend([sha256]))?;
        Ok(all)
    }

    /// SHA-256, and path when it was added, of every photograph that is held and could be read, by SHA-256.
    pub fn readable(&self, mut each: impl FnMut(String, String)) -> Result<(), CatalogueError> {
        let _one_state = self.reading()?;
        let mut after = String::new();
        loop {
            let piece = self.store.readable(&after, PIECE)?;
            let Some((last, _)) = piece.last() else { return Ok(()) };
            after.clone_from(last);
            piece.into_iter().for_each(|(sha256, path)| each(sha256, path));
        }
    }

    /// The pictures that are held, by which the next can be recognised.
    pub fn pictures(&self) -> Result<Seen, CatalogueError> {
        let _one_state = self.reading()?;
        let (mut seen, mut after) = (Seen::default(), String::new());
        loop {
            let piece = self.store.pictures(&after, PIECE)?;
            let Some((last, ..)) = piece.last() else { return Ok(seen) };
            after.clone_from(last);
            for (sha256, name, picture) in piece {
                seen.meet(&picture, &Met { name, sha256 });
            }
        }
    }

    /// Adds photographs that were read, with what was told of each; those that are held already are passed over, save that
    /// one that could not be read gives way. All are added or none. Gives how many were.
    pub fn add(&mut self, photographs: &[(PhotoRecord, Values)]) -> Result<usize, CatalogueError> {
        self.add_seen(photographs.iter().map(|(record, given)| (record, given, &[][..])))
    }

    /// Like [`Self::add`], with what the heads of each look like, in their order.
    pub fn add_seen<'p>(
        &mut self,
        photographs: impl IntoIterator<Item = (&'p PhotoRecord, &'p Values, &'p [Vec<u8>])>,
    ) -> Result<usize, CatalogueError> {
        let at = self.now();
        let mut writing = self.writing()?;
        let mut added = 0;
        let mut photographs = photographs.into_iter().peekable();
        while photographs.peek().is_some() {
            let piece = photographs.by_ref().take(PIECE);
            let held = piece.filter_map(|(record, given, looks)| worklist::held(record, given, looks, &at).transpose());
            added += worklist::hold(writing.store(), held.collect::<Result<_, _>>()?, Failed::GivesWay)?;
        }
        writing.commit()?;
        Ok(added)
    }

    /// The first item after `after` that waits for a decision.
    pub fn next_item(&self, after: i64) -> Result<Option<Item>, CatalogueError> {
        self.next_in(State::Pending, after)
    }

    /// The first photograph after `after` on which no head was found and of which nothing was decided: it may show the
    /// side of a case or its box, or a head that was missed. Its item has no marks and no proposals.
    pub fn next_without_head(&self, after: i64) -> Result<Option<Item>, CatalogueError> {
        self.next_in(State::NoHead, after)
    }

    fn next_in(&self, state: State, after: i64) -> Result<Option<Item>, CatalogueError> {
        self.store.next_item(state, after)?.map(|kept| worklist::item(&*self.store, kept)).transpose()
    }

    /// The number of the item at a place.
    pub fn item_at(&self, place: &Place) -> Result<Option<i64>, CatalogueError> {
        self.store.item_at(place)
    }

    /// Where a photograph was when it was added.
    pub fn path_of(&self, sha256: &str) -> Result<Option<String>, CatalogueError> {
        self.store.path_of(sha256)
    }

    /// How much there is. Cheap: what this catalogue writes is counted as it is written.
    pub fn counts(&self) -> Result<Counts, CatalogueError> {
        self.store.counts()
    }
}

/// Decisions.
impl Catalogue {
    /// Takes a decision: appends it and lets it have its effect, or does neither.
    pub fn decide(&mut self, who: &str, what: What, shown: Option<Shown>) -> Result<Decided, CatalogueError> {
        let mut decided = self.decide_all(who, vec![(what, shown)])?;
        decided.pop().ok_or_else(|| CatalogueError::Absent("nothing was decided".into()))
    }

    /// How much was decided about a case so far: for [`Self::decide_knowing`].
    pub fn known_of(&self, case: Uuid) -> Result<usize, CatalogueError> {
        Ok(self.store.about(&[Subject::Case(case)])?.len())
    }

    /// Takes a decision about a case by somebody who saw it when so much was decided about it. What was decided meanwhile is
    /// not replaced unseen: it is told instead, and nothing is decided.
    pub fn decide_knowing(
        &mut self,
        who: &str,
        what: What,
        shown: Option<Shown>,
        known: usize,
    ) -> Result<Decided, CatalogueError> {
        let at = self.now();
        let mut writing = self.writing()?;
        if let Some(case) = what.case() {
            let turns = writing.store().about(&[Subject::Case(case)])?;
            if turns.len() > known {
                let last =
                    outcome::load(writing.store(), &turns)?.into_iter().map(|(_, d)| d).max_by(|a, b| a.at.cmp(&b.at));
                return Err(
                    last.map_or(CatalogueError::Changed, |d| CatalogueError::Overtaken { who: d.who, at: d.at })
                );
            }
        }
        let decided = history::append(writing.store(), who, &at, [(what, shown)])?;
        writing.commit()?;
        decided.into_iter().next().ok_or_else(|| CatalogueError::Absent("nothing was decided".into()))
    }

    /// Takes several decisions, all or none. What came of each is as it stands after all of them.
    pub fn decide_all(&mut self, who: &str, all: Vec<(What, Option<Shown>)>) -> Result<Vec<Decided>, CatalogueError> {
        let at = self.now();
        let mut writing = self.writing()?;
        let decided = history::append(writing.store(), who, &at, all)?;
        writing.commit()?;
        Ok(decided)
    }

    /// The end of the file's own history.
    pub fn chain_head(&self) -> Result<ChainHead, CatalogueError> {
        history::head(&*self.store)
    }

    /// The last decisions of the own history that hold and can be undone, newest first.
    pub fn undoable(&self, count: usize) -> Result<Vec<Decision>, CatalogueError> {
        self.undoable_before(u64::MAX, count)
    }

    /// Like [`Self::undoable`], of those before a decision: who undid it goes on from there.
    pub fn undoable_before(&self, seq: u64, count: usize) -> Result<Vec<Decision>, CatalogueError> {
        history::undoable(&*self.store, seq, count)
    }

    /// Takes in all photographs and decisions of the catalogue in another file, of which nothing is changed. All or
    /// nothing; doing it again changes nothing.
    pub fn merge(&mut self, other: &Path, forks: Forks, who: &str) -> Result<Merged, CatalogueError> {
        self.take_in(&Self::open_to_read(other)?, forks, who)
    }

    /// Like [`Self::merge`], from a catalogue that is open.
    pub fn take_in(&mut self, other: &Self, forks: Forks, who: &str) -> Result<Merged, CatalogueError> {
        // though someone goes on deciding in it
        let _one_state = other.reading()?;
        let at = self.now();
        let mut writing = self.writing()?;
        let merged = merge::take_in(other.store(), writing.store(), forks, who, &at)?;
        writing.commit()?;
        Ok(merged)
    }

    /// Whether what would be decided now would be dated wrongly, as far as can be told.
    pub fn clock_doubt(&self) -> Result<Option<Doubt>, CatalogueError> {
        clock::doubt(&*self.store, &self.now())
    }

    /// Decisions whose dates cannot be right.
    pub fn misdated(&self) -> Result<Misdated, CatalogueError> {
        let _one_state = self.reading()?;
        clock::misdated(&*self.store)
    }
}

/// What follows from the decisions.
impl Catalogue {
    /// Every entry, in the order in which they were entered; ends early where `each` fails.
    pub fn entries<E: From<CatalogueError>>(&self, mut each: impl FnMut(Entry) -> Result<(), E>) -> Result<(), E> {
        self.confirmed_entries(|entry, _| each(entry))
    }

    /// The same, each with how it was confirmed; `None` where that cannot be told any more.
    pub fn confirmed_entries<E: From<CatalogueError>>(
        &self,
        mut each: impl FnMut(Entry, Option<Confirmed>) -> Result<(), E>,
    ) -> Result<(), E> {
        let _one_state = self.reading()?;
        let mut after = None;
        loop {
            let piece = self.store.entries(after, PIECE)?;
            let Some(last) = piece.last() else { return Ok(()) };
            after = Some((last.entered, last.entry.case));
            piece.into_iter().try_for_each(|kept| each(kept.entry, kept.confirmed))?;
        }
    }

    /// One entry.
    pub fn entry(&self, case: Uuid) -> Result<Option<Entry>, CatalogueError> {
        Ok(self.store.entries_of(&[case])?.pop())
    }

    /// The first decision that holds and enters a case, also where it turned out to be another.
    pub fn entering(&self, case: Uuid) -> Result<Option<Decision>, CatalogueError> {
        Ok(outcome::entering(&*self.store, &[case])?.remove(&case))
    }

    /// The case whose id is this, or begins so and is the only one.
    pub fn find_case(&self, id: &str) -> Result<Option<Uuid>, CatalogueError> {
        if id.len() < 4 || !id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
            return Ok(None);
        }
        let found = self.store.cases_from(&id.to_ascii_lowercase(), 2)?;
        Ok(if let [one] = found[..] { Some(one) } else { None })
    }

    /// All conflicts that no later decision has settled.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, CatalogueError> {
        let mut all = Vec::new();
        self.each_conflict(|conflict| -> Result<(), CatalogueError> {
            all.push(conflict);
            Ok(())
        })?;
        Ok(all)
    }

    /// Every conflict that no later decision has settled; ends early where `each` fails.
    pub fn each_conflict<E: From<CatalogueError>>(
        &self,
        mut each: impl FnMut(Conflict) -> Result<(), E>,
    ) -> Result<(), E> {
        let _one_state = self.reading()?;
        let mut after = None;
        loop {
            let piece = self.store.conflicts(after, PIECE)?;
            let Some(last) = piece.last() else { return Ok(()) };
            after = Some((last.kept, last.other));
            outcome::told(&*self.store, piece)?.into_iter().try_for_each(&mut each)?;
        }
    }

    /// The first conflicts after one of them, whether or not that is settled by now, or from the first.
    pub fn conflicts_after(&self, after: Option<&Conflict>, count: usize) -> Result<Vec<Conflict>, CatalogueError> {
        let after = match after {
            None => None,
            Some(c) => self.turns(c.kept.link, c.other.link)?,
        };
        outcome::told(&*self.store, self.store.conflicts(after, count)?)
    }

    /// The conflict between two decisions, the one that holds first, if there is one.
    pub fn conflict_between(&self, kept: Link, other: Link) -> Result<Option<Conflict>, CatalogueError> {
        let Some((kept, other)) = self.turns(kept, other)? else { return Ok(None) };
        let found = self.store.conflict(kept, other)?;
        Ok(outcome::told(&*self.store, found.into_iter().collect())?.pop())
    }

    fn turns(&self, kept: Link, other: Link) -> Result<Option<(Turn, Turn)>, CatalogueError> {
        let histories = Histories::of(&*self.store)?;
        Ok(histories.turn(kept).zip(histories.turn(other)))
    }
}
