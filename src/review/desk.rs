//! The desk: what is kept between one answer of a person and the next.

use super::answer::{Answer, BadAnswer, Reviewer};
use super::line::Line;
use super::queue::Queue;
use crate::catalogue::fields::{self, BadValue};
use crate::catalogue::{
    Catalogue, CatalogueError, Conflict, Decided, Decision, Field, How, Item, Link, Place, State, Value, Values, Way,
    What,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Fields that an entry should have, beside the headstamp.
const WANTED: [Field; 5] = [Field::Calibre, Field::Country, Field::Year, Field::Site, Field::DateFound];

/// How far back one's own last decision is looked for at first, and how much farther each time it is not found: it is
/// nearly always among the last few of the file.
const LOOK_BACK: usize = 4;
const FARTHER: usize = 8;

/// Where one person works on a catalogue. Several may work on one file at once, each with a desk of their own.
///
/// Whatever was decided is on the disk before the desk moves on; a desk that goes away loses what was said of the case on
/// it, and nothing else.
#[derive(Debug)]
pub struct Desk {
    pub(super) catalogue: Catalogue,
    pub(super) reviewer: Reviewer,
    queue: Queue,
    /// The number of the last item that was gone past.
    after: i64,
    /// Heads in an order of their own, which are gone through instead of the queue.
    line: Option<Line>,
    pub(super) item: Option<Item>,
    /// What was said of the case on the desk beside its headstamp.
    said: Values,
    /// What is said of every case from here on.
    standing: Values,
    /// The case that was spoken of last.
    pub(super) last: Option<Uuid>,
    /// The conflict on the desk, and those that were left open.
    pub(super) conflict: Option<Conflict>,
    pub(super) left: BTreeSet<(Link, Link)>,
    /// The last conflict that was gone past, and whether one was settled since the first was.
    pub(super) passed: Option<Conflict>,
    pub(super) settled: bool,
}

/// What something is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The case on the desk.
    ThisCase,
    /// It, and every case that comes to the desk after it.
    AllFromHere,
}

/// What was decided. It is on the disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// The decision.
    pub link: Link,
    /// What it says.
    pub what: What,
    /// Decisions that were there first and say something else: they hold, and this one is kept beside them.
    pub meanwhile: Vec<Decision>,
}

/// A decision that was taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    /// The decision that does not hold any more.
    pub decision: Decision,
    /// Those that were taken with it, on one sheet, and do not hold any more either.
    pub together: Vec<Decision>,
    /// The one that says so.
    pub done: Done,
}

/// Why an answer did not become a decision.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// There is no item on the desk.
    #[error("there is nothing left to answer")]
    Empty,
    /// The answer cannot be taken.
    #[error(transparent)]
    Answer(#[from] BadAnswer),
    /// The catalogue could not be read or written.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

impl Desk {
    /// A desk at the beginning of a queue.
    pub fn new(catalogue: Catalogue, reviewer: Reviewer, queue: Queue) -> Self {
        Self {
            catalogue,
            reviewer,
            queue,
            after: 0,
            line: None,
            item: None,
            said: Values::new(),
            standing: Values::new(),
            last: None,
            conflict: None,
            left: BTreeSet::new(),
            passed: None,
            settled: false,
        }
    }

    /// Who works here.
    pub fn who(&self) -> &str {
        &self.reviewer.who
    }

    /// The catalogue, to look things up in.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The catalogue, to hold heads that were read anew.
    pub fn catalogue_mut(&mut self) -> &mut Catalogue {
        &mut self.catalogue
    }

    /// The item on the desk: the same until it is answered, skipped or left; `None` at the end of the queue.
    pub fn item(&mut self) -> Result<Option<&Item>, CatalogueError> {
        if self.item.is_none() {
            self.item = match &mut self.line {
                Some(line) => line.item(&self.catalogue)?,
                None => self.queue.next(&self.catalogue, self.after)?,
            };
        }
        Ok(self.item.as_ref())
    }

    /// The item that comes after the one on the desk, so that it can be made ready; nothing moves.
    pub fn coming(&self) -> Result<Option<Item>, CatalogueError> {
        let Some(item) = &self.item else { return Ok(None) };
        match &self.line {
            Some(line) => line.after(item.id, &self.catalogue),
            None => self.queue.next(&self.catalogue, item.id),
        }
    }

    /// Goes through a queue from its beginning, or through these heads instead.
    pub fn go_through(&mut self, queue: Queue, line: Option<Line>) {
        (self.queue, self.line) = (queue, line);
        self.let_go();
        self.after = 0;
    }

    /// How many wait in the queue, those that were skipped counted.
    pub fn waiting(&self) -> Result<u64, CatalogueError> {
        Ok(self.queue.left(&self.catalogue.counts()?))
    }

    /// Goes on from the item at a place: it comes next if it waits, else the first that waits after it.
    pub fn go_to(&mut self, place: &Place) -> Result<(), CatalogueError> {
        if let Some(id) = self.catalogue.item_at(place)? {
            self.go_to_item(id);
        }
        Ok(())
    }

    /// Goes on from the item with this number.
    pub fn go_to_item(&mut self, id: i64) {
        if let Some(line) = &mut self.line {
            line.go_to(id);
        }
        self.after = id - 1;
        self.let_go();
    }

    /// Leaves the item for later.
    pub fn skip(&mut self) {
        if let Some(item) = &self.item {
            self.go_past(item.id);
        }
    }

    fn go_past(&mut self, id: i64) {
        if let Some(line) = &mut self.line {
            line.go_past(id);
        }
        self.after = id;
        self.let_go();
    }

    /// Takes the item off the desk: it, or what comes in its place, is looked up anew.
    pub fn let_go(&mut self) {
        self.item = None;
        self.said.clear();
    }

    /// Says something beside the headstamp.
    pub fn say(&mut self, of: Of, field: Field, how: How, text: &str) -> Result<(), BadValue> {
        let bad = |cause: &str| Err(BadValue { field, cause: cause.to_owned() });
        let values = match (of, field) {
            (_, Field::Headstamp) => return bad("is what the answer says"),
            (Of::AllFromHere, Field::Calibre) => return bad("is said of each case; it is never carried to the next"),
            (Of::ThisCase, _) => &mut self.said,
            (Of::AllFromHere, _) => &mut self.standing,
        };
        let text = fields::checked(field, text)?;
        values.insert(field, Value { text, how, by: self.reviewer.who.clone() });
        Ok(())
    }

    /// What is said of every case from here on.
    pub fn standing(&self) -> Values {
        self.standing.clone()
    }

    /// What was said here of the case on the desk: of all from here on, and of it alone, which takes precedence.
    pub fn said(&self) -> Values {
        let mut said = self.standing.clone();
        said.extend(self.said.clone());
        said
    }

    /// Fields that nothing says anything of yet, of those that an entry should have, if the first proposal is right.
    pub fn open_fields(&self) -> Vec<Field> {
        self.item.as_ref().map_or_else(Vec::new, |item| self.open_fields_of(item, &self.said()))
    }

    /// The same of any item, with what was said of it.
    pub fn open_fields_of(&self, item: &Item, said: &Values) -> Vec<Field> {
        let known = match item.head.proposals.first() {
            Some(first) => self.reviewer.values(&first.headstamp, Way::Accepted, &item.given, said),
            None => item.given.clone().into_iter().chain(said.clone()).collect(),
        };
        WANTED.into_iter().filter(|f| !known.contains_key(f)).collect()
    }

    /// Decides on the item and moves on. Where the answer cannot be taken, nothing changes.
    pub fn answer(&mut self, answer: &Answer) -> Result<Done, DeskError> {
        self.answer_seen(answer, &[])
    }

    /// Like [`Self::answer`]; where the case is entered, it is seen on these heads too, if they wait.
    pub fn answer_seen(&mut self, answer: &Answer, also: &[i64]) -> Result<Done, DeskError> {
        let item = self.item.as_ref().ok_or(DeskError::Empty)?;
        let id = item.id;
        let (mut what, shown) = self.reviewer.decision(item, answer, &self.said())?;
        self.seen_also(&mut what, also)?;
        let decided = self.catalogue.decide(&self.reviewer.who, what.clone(), Some(shown))?;
        self.last = what.case().or(self.last);
        self.go_past(id);
        Ok(self.done(what, decided)?)
    }

    /// Adds the places of heads that wait to those where a case that is to be entered is seen.
    pub(super) fn seen_also(&self, what: &mut What, also: &[i64]) -> Result<(), CatalogueError> {
        let What::Enter { places, .. } = what else { return Ok(()) };
        for id in also {
            let waits = self.catalogue.item(*id)?.filter(|i| i.state == State::Pending);
            places.extend(waits.map(|i| i.place).filter(|p| !places.contains(p)));
        }
        Ok(())
    }

    /// Says that the item on the desk shows a case, and leaves it there: a photograph of a box may show several.
    pub fn also(&mut self, case: Uuid) -> Result<Done, DeskError> {
        let item = self.item.as_ref().ok_or(DeskError::Empty)?;
        let (what, shown) = self.reviewer.decision(item, &Answer::SameCase(case), &self.said())?;
        let decided = self.catalogue.decide(&self.reviewer.who, what.clone(), Some(shown))?;
        Ok(self.done(what, decided)?)
    }

    /// Takes back the last decision of this person in this file that holds, of today or of years ago, and goes back to what
    /// it was about; `None` where there is none. A sheet that was confirmed is taken back whole, as far as it holds. What
    /// others decided stays.
    pub fn undo(&mut self) -> Result<Option<Undone>, CatalogueError> {
        let Some(decision) = self.own_last()? else { return Ok(None) };
        let together = self.taken_with(&decision)?;
        let what = What::Undo { link: decision.link };
        let all = std::iter::once(&decision).chain(&together);
        let undo: Vec<_> = all.clone().map(|d| (What::Undo { link: d.link }, None)).collect();
        let cases: Vec<Uuid> = all.filter_map(|d| d.what.case()).collect();
        let mut decided = self.catalogue.decide_all(&self.reviewer.who, undo)?.into_iter();
        if matches!(decision.what, What::Enter { .. }) {
            self.last = self.last.filter(|last| !cases.contains(last));
        }
        if let Some(place) = decision.what.places().first() {
            self.go_to(place)?;
        }
        let first = decided.next().ok_or_else(|| CatalogueError::Absent("nothing was undone".into()))?;
        Ok(Some(Undone { done: self.done(what, first)?, decision, together }))
    }

    fn own_last(&self) -> Result<Option<Decision>, CatalogueError> {
        let mut count = LOOK_BACK;
        loop {
            let last = self.catalogue.undoable(count)?;
            let all = last.len() < count;
            let own = last.into_iter().find(|d| d.who == self.reviewer.who);
            if own.is_some() || all {
                return Ok(own);
            }
            count *= FARTHER;
        }
    }

    /// The case that was spoken of here last.
    pub fn last_case(&self) -> Option<Uuid> {
        self.last
    }

    /// A decision with those that it contradicts.
    pub(super) fn done(&self, what: What, decided: Decided) -> Result<Done, CatalogueError> {
        let mut meanwhile = Vec::new();
        for kept in &decided.conflicts {
            meanwhile.extend(self.catalogue.conflict_between(*kept, decided.link)?.map(|c| c.kept));
        }
        Ok(Done { link: decided.link, what, meanwhile })
    }
}
