//! What the catalogue's rules ask of whatever keeps it: what machines found, what people decided, and what follows.
//!
//! A store keeps and finds; it knows no rule. What may be asked of many is asked of many at once, in pieces of at most
//! [`PIECE`], so that a store at the other end of a wire answers each in one turn. What is kept as text (records, values
//! told, decisions) comes back byte for byte, and is understood by the rules.

use super::brief::Brief;
use super::decision::{Confirmed, Link, Place};
use super::error::CatalogueError;
use super::fields::Values;
use crate::photo::Picture;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use uuid::Uuid;

/// Most of anything that is asked for, or handed over, at once.
pub(super) const PIECE: usize = 1000;

/// Prints of everything that follows from decisions, by what it is about.
pub(super) type Prints = BTreeMap<String, [u8; 16]>;

/// Number of a catalogue's own history.
pub(super) const OWN: u32 = 1;

type Result<T> = std::result::Result<T, CatalogueError>;

/// A decision as a catalogue counts it: which of its histories, its own first and then as it came to know them, and which
/// decision in that, from 1. Decisions have effect in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Turn {
    pub(super) history: u32,
    pub(super) seq: u64,
}

/// A history as a catalogue counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct History {
    pub(super) number: u32,
    pub(super) id: Uuid,
    /// Where two copies of one file went on apart, what came after in one of them is a history of its own: the last link
    /// that it has in common with the other. Its links are numbered on from there.
    pub(super) fork: Option<Turn>,
}

/// What decisions are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Place(Place),
    Case(Uuid),
}

/// What became of an item of the worklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A head that waits for a decision.
    Pending,
    /// A head whose case was entered.
    Entered,
    /// A head that shows a case known already.
    SameCase,
    /// A head, or a photograph without any, of which nothing was decided: the picture is held in other bytes, and is reviewed
    /// there.
    SamePicture,
    /// What was found is no case head.
    NotAHead,
    /// A photograph on which no head was found, and of which nothing was decided.
    NoHead,
    /// A photograph that could not be read.
    Failed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Pending, Self::Entered, Self::SameCase, Self::SamePicture, Self::NotAHead, Self::NoHead, Self::Failed];

    /// Its name, as it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Entered => "entered",
            Self::SameCase => "same_case",
            Self::SamePicture => "same_picture",
            Self::NotAHead => "not_a_head",
            Self::NoHead => "no_head",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
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
    /// Beside the heads: what is on pictures that are held in other bytes, and is reviewed there.
    pub same_picture: u64,
    /// Heads found to be none.
    pub not_a_head: u64,
    /// Entries: cases that were entered.
    pub entries: u64,
    /// Cases they stand for.
    pub cases: u64,
    /// Conflicts that are not settled.
    pub conflicts: u64,
}

/// A photograph with its items: its heads, or itself as a whole where none was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    pub(super) sha256: String,
    pub(super) path: String,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) captured_at: Option<String>,
    pub(super) model: String,
    pub(super) error: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) added_at: String,
    /// What the picture is known by.
    pub(super) picture: Option<Picture>,
    /// SHA-256 of the photograph that is the same picture in other bytes, and was there first.
    pub(super) same_as: Option<String>,
    pub(super) items: Vec<HeldItem>,
}

/// A head, or none for the photograph as a whole; record and values told as JSON, and its state while nothing is decided.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeldItem {
    pub(super) head: Option<u32>,
    pub(super) record: String,
    pub(super) given: String,
    pub(super) at_first: State,
    /// What follows from the record and what was told; none where it is to be made.
    pub(super) brief: Option<Brief>,
    /// What it looks like, where that was kept.
    pub(super) look: Option<Vec<u8>>,
}

/// A head with its brief, as they are kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeptBrief {
    pub(super) id: i64,
    pub(super) place: Place,
    pub(super) path: String,
    pub(super) brief: Brief,
}

/// A head, and what it is not like, by whom and when it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unlike {
    pub(super) one: String,
    pub(super) other: String,
    pub(super) who: String,
    pub(super) at: String,
}

/// An item as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeptItem {
    pub(super) id: i64,
    pub(super) place: Place,
    pub(super) path: String,
    pub(super) model: String,
    pub(super) record: String,
    pub(super) given: String,
    pub(super) state: State,
    /// The entry that is seen there.
    pub(super) case: Option<Uuid>,
    /// Why there is no head.
    pub(super) reason: Option<String>,
}

/// An item by what became of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    pub(super) place: Place,
    pub(super) state: State,
    /// The entry that is seen there.
    pub(super) case: Option<Uuid>,
    /// What was told of it when it was added, as JSON.
    pub(super) given: String,
    /// The photograph that is the same picture, and is reviewed instead.
    pub(super) same_as: Option<String>,
}

/// What a decision is found by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filing {
    pub(super) turn: Turn,
    pub(super) case: Option<Uuid>,
    /// Each once.
    pub(super) places: Vec<Place>,
    pub(super) speaks_of: Option<SpeaksOf>,
}

/// A decision that another speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpeaksOf {
    Undoes(Turn),
    /// Everything up to it was taken in.
    TakesIn(Turn),
}

/// A link of a history: the text that was hashed, and its hash.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeptLink {
    pub(super) turn: Turn,
    pub(super) text: String,
    pub(super) hash: String,
}

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

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KeptEntry {
    pub(super) entry: Entry,
    /// How many cases it stands for.
    pub(super) quantity: u32,
    /// The decision that entered it.
    pub(super) entered: Turn,
    /// How that came about; `None` where it cannot be told any more.
    pub(super) confirmed: Option<Confirmed>,
}

/// Two decisions that contradict each other, the one that holds first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeptConflict {
    pub(super) kept: Turn,
    pub(super) other: Turn,
    /// The place, or the case, as it is shown.
    pub(super) about: String,
}

/// What machines found.
pub(super) trait Worklist {
    /// SHA-256, and path when it was added, of the photographs that could be read, by SHA-256 from after `after`.
    fn readable(&self, after: &str, count: usize) -> Result<Vec<(String, String)>>;
    /// Of these photographs, those that are held, and whether they could not be read.
    fn held(&self, sha256: &[&str]) -> Result<Vec<(String, bool)>>;
    /// Of these pictures, by their pixels, those that are held, and the SHA-256 of the first photograph of each.
    fn with_pixels(&self, pixels: &[&str]) -> Result<Vec<(String, String)>>;
    /// The pictures of the photographs that could be read and are none of another, with SHA-256 and path, by SHA-256 from
    /// after `after`.
    fn pictures(&self, after: &str, count: usize) -> Result<Vec<(String, String, Picture)>>;
    /// Holds photographs that are not held yet.
    fn hold(&mut self, photographs: &[Held]) -> Result<()>;
    /// Holds these photographs no longer.
    fn let_go(&mut self, sha256: &[&str]) -> Result<()>;
    /// Photographs with their numbers, in the order in which they were added, from after the number `after`.
    fn photographs(&self, after: i64, count: usize) -> Result<Vec<(i64, Held)>>;
    /// Where a photograph was when it was added.
    fn path_of(&self, sha256: &str) -> Result<Option<String>>;
    /// The first item after the number `after` that is in this state.
    fn next_item(&self, state: State, after: i64) -> Result<Option<KeptItem>>;
    /// The items of these photographs, by photograph and head.
    fn spots(&self, sha256: &[&str]) -> Result<Vec<Spot>>;
    /// The number of the item at a place.
    fn item_at(&self, place: &Place) -> Result<Option<i64>>;
    /// How much there is; asked for with every item, and to be cheap.
    fn counts(&self) -> Result<Counts>;
    /// The item with this number.
    fn item(&self, id: i64) -> Result<Option<KeptItem>>;
    /// Heads in this state with their briefs, in the order in which they were added, from after the number `after`.
    fn briefs(&self, state: State, after: i64, count: usize) -> Result<Vec<KeptBrief>>;
    /// Heads in this state of which no brief is kept, from after the number `after`.
    fn without_brief(&self, state: State, after: i64, count: usize) -> Result<Vec<i64>>;
    /// Puts briefs in the place of what was there.
    fn put_briefs(&mut self, briefs: &[(i64, Brief)]) -> Result<()>;
    /// Puts what was read of a head in the place of what was there. An item without a head becomes this one, and waits.
    fn put_record(&mut self, id: i64, head: u32, record: &str) -> Result<()>;
    /// Holds one more head of a photograph, and gives its number; `None` where that photograph is not held.
    fn put_item(&mut self, sha256: &str, item: &HeldItem) -> Result<Option<i64>>;
    /// What these look like, of those of which it is kept.
    fn looks(&self, ids: &[i64]) -> Result<Vec<(i64, Vec<u8>)>>;
    /// Puts looks in the place of what was there.
    fn put_looks(&mut self, looks: &[(i64, Vec<u8>)]) -> Result<()>;
    /// Everything that was said to differ.
    fn unlike(&self) -> Result<Vec<Unlike>>;
    /// Keeps what is said to differ; what was said first stays.
    fn put_unlike(&mut self, said: &[Unlike]) -> Result<()>;
}

/// What people decided: never changed, only followed.
pub(super) trait Chain {
    /// Every history by its number, the own first.
    fn histories(&self) -> Result<Vec<History>>;
    /// The number of a history, a new one if it was not known; `fork` is where it left another.
    fn know(&mut self, history: Uuid, fork: Option<Turn>) -> Result<u32>;
    /// The last link of a history.
    fn end(&self, history: u32) -> Result<Option<(u64, String)>>;
    /// The hash of a link.
    fn hash_of(&self, turn: Turn) -> Result<Option<String>>;
    /// Links of one history, those after `after`, in order.
    fn links(&self, after: Turn, count: usize) -> Result<Vec<KeptLink>>;
    /// Links of one history, those before `before`, the last first.
    fn links_before(&self, before: Turn, count: usize) -> Result<Vec<KeptLink>>;
    /// Appends links, and what each is found by.
    fn append(&mut self, links: &[(KeptLink, Filing)]) -> Result<()>;
    /// The texts of those of these decisions that are there.
    fn texts(&self, turns: &[Turn]) -> Result<Vec<(Turn, String)>>;
    /// The decisions about any of these.
    fn about(&self, subjects: &[Subject]) -> Result<Vec<Turn>>;
    /// Which of these are undone by which.
    fn undoing(&self, turns: &[Turn]) -> Result<Vec<(Turn, Turn)>>;
    /// Which decision took in another history, up to which.
    fn taken_in(&self) -> Result<Vec<(Turn, Turn)>>;
    /// Whether each of these decisions is found by what it says.
    fn filed(&self, filings: &[Filing]) -> Result<Vec<bool>>;
    /// The first link that has a hash.
    fn hashed(&self, hash: &str) -> Result<Option<Turn>>;
    /// By how many places and decisions spoken of the links of a history are found, in all.
    fn filings(&self, history: u32) -> Result<u64>;
}

/// What follows from the decisions.
pub(super) trait Outcome {
    /// Sets the states of the items at places, none for what they were while nothing was decided, and the entries seen there;
    /// of photographs that could not be read, and of those not held, nothing is set.
    fn set_states(&mut self, states: &[(Place, Option<State>, Option<Uuid>)]) -> Result<()>;
    /// Puts entries in the place of what was there.
    fn put_entries(&mut self, entries: &[KeptEntry]) -> Result<()>;
    /// Removes entries.
    fn remove_entries(&mut self, cases: &[Uuid]) -> Result<()>;
    /// Puts conflicts; of those between the same two decisions the first stays.
    fn put_conflicts(&mut self, conflicts: &[KeptConflict]) -> Result<()>;
    /// Removes the conflicts in which one of these holds.
    fn remove_conflicts(&mut self, kept: &[Turn]) -> Result<()>;
    /// Removes everything that follows from the decisions.
    fn forget(&mut self) -> Result<()>;
    /// A print of each thing that follows from the decisions, the same where that is the same.
    fn prints(&self) -> Result<Prints>;
    /// Entries in the order in which they were entered, from after `after`.
    fn entries(&self, after: Option<(Turn, Uuid)>, count: usize) -> Result<Vec<KeptEntry>>;
    /// Those of these cases that are entries.
    fn entries_of(&self, cases: &[Uuid]) -> Result<Vec<Entry>>;
    /// Headstamps of entries as they are written, with how many bear each.
    fn headstamps(&self) -> Result<Vec<(String, u64)>>;
    /// Headstamps of entries in their order, from after this one: those of so many entries, each once.
    fn headstamps_after(&self, after: &str, entries: usize) -> Result<Vec<String>>;
    /// How many entries bear this headstamp, as it is written.
    fn bearing(&self, headstamp: &str) -> Result<u64>;
    /// Entries with this headstamp, as it is written: those that were put there first, without sorting all of them.
    fn cases_bearing(&self, headstamp: &str, most: usize) -> Result<Vec<Uuid>>;
    /// Entries whose ids begin so.
    fn cases_from(&self, start: &str, most: usize) -> Result<Vec<Uuid>>;
    /// Conflicts in the order of the decision that holds and then of the other, from after `after`.
    fn conflicts(&self, after: Option<(Turn, Turn)>, count: usize) -> Result<Vec<KeptConflict>>;
    /// The conflict between two decisions.
    fn conflict(&self, kept: Turn, other: Turn) -> Result<Option<KeptConflict>>;
    /// For each of these decisions that does not hold for another, itself and that other; in order.
    fn overruled(&self, turns: &[Turn]) -> Result<Vec<(Turn, Turn)>>;
}

/// All of it.
pub(super) trait Store: Worklist + Chain + Outcome + fmt::Debug + Send {
    /// From now on everything is done or, with `roll_back`, nothing; others who would write wait.
    fn begin(&mut self) -> Result<()>;
    /// What was written since is there to stay.
    fn commit(&mut self) -> Result<()>;
    /// What was written since is gone.
    fn roll_back(&mut self) -> Result<()>;
    /// From now on one state of it is read, whatever others write meanwhile. It may be begun again before it ends.
    fn begin_reading(&self) -> Result<()>;
    /// Ends what `begin_reading` began last.
    fn end_reading(&self) -> Result<()>;
    /// A number that is another once somebody else has written.
    fn written_by_others(&self) -> Result<i64>;
    /// Writes a consistent copy to a new file while others use it.
    fn copy_to(&self, file: &Path) -> Result<()>;
    /// A copy to try things on, which goes with it.
    fn aside(&self) -> Result<Box<dyn Store>>;
}

/// While it lasts, what is written is there for nobody else, and gone in the end unless it is committed.
pub(super) struct Writing<'a> {
    store: &'a mut dyn Store,
    open: bool,
}

impl<'a> Writing<'a> {
    pub(super) fn begin(store: &'a mut dyn Store) -> Result<Self> {
        store.begin()?;
        Ok(Self { store, open: true })
    }

    pub(super) fn store(&mut self) -> &mut dyn Store {
        self.store
    }

    pub(super) fn commit(mut self) -> Result<()> {
        self.store.commit()?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        // where this fails the store is gone, and with it what was not committed
        if self.open {
            let _ = self.store.roll_back();
        }
    }
}

/// While it lasts, everything that is read is of one state, whatever others write meanwhile.
#[derive(Debug)]
pub struct Reading<'a>(&'a dyn Store);

impl<'a> Reading<'a> {
    pub(super) fn begin(store: &'a dyn Store) -> Result<Self> {
        store.begin_reading()?;
        Ok(Self(store))
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // nothing was written, so that nothing is lost where this fails
        let _ = self.0.end_reading();
    }
}

/// The histories of a catalogue by their ids and by their numbers.
pub(super) struct Histories(Vec<History>);

impl Histories {
    pub(super) fn of(store: &dyn Store) -> Result<Self> {
        Ok(Self(store.histories()?))
    }

    pub(super) fn all(&self) -> &[History] {
        &self.0
    }

    pub(super) fn get(&self, number: u32) -> Result<History> {
        let found = self.0.iter().find(|h| h.number == number).copied();
        found.ok_or_else(|| CatalogueError::Absent(format!("there is no history {number}")))
    }

    pub(super) fn id(&self, number: u32) -> Result<Uuid> {
        Ok(self.get(number)?.id)
    }

    /// The link before a history's first: of the one that it left, or none.
    pub(super) fn base(&self, number: u32) -> Result<u64> {
        Ok(self.get(number)?.fork.map_or(0, |fork| fork.seq))
    }

    /// What a history is called in its own links: a fork by the name of what it left.
    pub(super) fn said(&self, number: u32) -> Result<Uuid> {
        let mut history = self.get(number)?;
        while let Some(fork) = history.fork {
            history = self.get(fork.history)?;
        }
        Ok(history.id)
    }

    /// The turn that a history, or what it left, has with this number.
    pub(super) fn along(&self, mut turn: Turn) -> Result<Turn> {
        while let Some(fork) = self.get(turn.history)?.fork.filter(|fork| turn.seq <= fork.seq) {
            turn.history = fork.history;
        }
        Ok(turn)
    }

    pub(super) fn turn(&self, link: Link) -> Option<Turn> {
        self.0.iter().find(|h| h.id == link.history).map(|h| Turn { history: h.number, seq: link.seq })
    }

    pub(super) fn link(&self, turn: Turn) -> Result<Link> {
        Ok(Link { history: self.id(turn.history)?, seq: turn.seq })
    }
}
