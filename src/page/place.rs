//! A place to work for each page that is open: a desk, what is gone through there, and what lies on it.

use super::serving::Serving;
use crate::catalogue::{Brief, Briefed, Catalogue, CatalogueError, Conflict, Decision, Field, Item, State, What};
use crate::check::Checked;
use crate::review::controls::{Control, Controls};
use crate::review::groups::{Groups, Key, MOST as MOST_ON_SHEET, Sheet};
use crate::review::{Desk, Doubts, Filter, Line, Order, Queue, Reviewer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// Pages that are kept in mind at once. One that is forgotten gets a new place and goes on where it was.
const MOST: usize = 32;

/// What is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Through {
    /// Sheets of like heads, the largest first, and then the heads that are alone.
    #[default]
    Sheets,
    /// One head after another.
    Heads,
    /// Photographs on which no head was found.
    WithoutHeads,
    /// Decisions that contradict each other.
    Conflicts,
    /// Entries that are likely wrong.
    Doubtful,
}

/// What lies on a desk.
pub(super) enum On {
    Sheet(Box<Sheet>),
    Head(Box<Item>),
    Conflict(Box<Conflict>),
    /// An entry that is likely wrong, and the head on its photograph.
    Doubt(Box<(Checked, Option<Item>)>),
    Nothing,
}

/// What comes next.
pub(super) enum Ahead {
    Sheet(Box<Sheet>),
    Head(Box<Item>),
    Unknown,
}

/// Controls among the heads of one sheet, and which that is: its group, and its first head.
#[derive(Default)]
struct Planted {
    on: Option<(Key, i64)>,
    controls: Vec<Control>,
}

/// A sheet that was made before it was asked for: of which group and heads, and when others had last written.
struct Ready {
    key: Key,
    ids: Vec<i64>,
    at: i64,
    sheet: Sheet,
}

/// Where a page works.
pub(super) struct Place {
    pub(super) desk: Desk,
    pub(super) through: Through,
    pub(super) order: Order,
    pub(super) filter: Filter,
    groups: Option<Groups>,
    /// Entries that are likely wrong, once they were looked for.
    pub(super) doubts: Option<Doubts>,
    /// What was confirmed, and how many at once, and has drawn nothing yet.
    to_draw: Vec<(String, usize)>,
    /// The group whose sheet lies on the desk.
    on_sheet: Option<Key>,
    /// The sheet that was made ready to come next.
    ready: Option<Ready>,
    /// Groups that were left for later, or are gone through one by one.
    later: BTreeSet<Key>,
    /// A group that comes before larger ones: it was taken back just now.
    first: Option<Key>,
    /// A head that comes before any sheet.
    single: Option<i64>,
    /// Whether photographs without heads are gone on with once the head on the desk is answered: it was found on one.
    pub(super) back: bool,
    pub(super) controls: Controls,
    /// The control on the desk, in place of a head.
    pub(super) control: Option<Control>,
    /// Controls among the heads of a sheet.
    planted: Planted,
    /// Only heads that others entered, from after this number.
    blind: Option<i64>,
    /// When what lies on the desk was put there.
    pub(super) since: Instant,
    /// How often something was put there.
    pub(super) turn: u64,
    /// Heads decided on this page.
    pub(super) decided: u64,
}

impl Place {
    fn set_up(serving: &Serving) -> Result<Self, CatalogueError> {
        let reviewer = Reviewer { who: serving.who.clone(), registry: Arc::clone(&serving.registry) };
        let catalogue = open(serving)?;
        let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
        let mut controls = Controls::new(serving.controls, seed);
        if serving.controls > 0.0 {
            controls.draw_from(&catalogue)?;
        }
        Ok(Self {
            desk: Desk::new(catalogue, reviewer, Queue::Heads),
            through: if serving.blind { Through::Heads } else { Through::default() },
            order: Order::default(),
            filter: Filter::default(),
            groups: None,
            doubts: None,
            to_draw: Vec::new(),
            on_sheet: None,
            ready: None,
            later: BTreeSet::new(),
            first: None,
            single: None,
            back: false,
            controls,
            control: None,
            planted: Planted::default(),
            blind: serving.blind.then_some(0),
            since: Instant::now(),
            turn: 0,
            decided: 0,
        })
    }

    /// Goes through something else, or in another order.
    pub(super) fn go_through(&mut self, through: Through, order: Order, filter: Filter) -> Result<(), CatalogueError> {
        let plain = order == Order::default() && filter == Filter::default();
        let line = if plain || matches!(through, Through::WithoutHeads | Through::Conflicts | Through::Doubtful) {
            None
        } else {
            Some(Line::of(self.desk.catalogue(), order, &filter)?)
        };
        let queue = if through == Through::WithoutHeads { Queue::WithoutHeads } else { Queue::Heads };
        self.desk.go_through(queue, line);
        if self.filter != filter {
            self.groups = None;
        }
        (self.through, self.order, self.filter) = (through, order, filter);
        (self.control, self.first, self.single, self.back) = (None, None, None, false);
        self.later.clear();
        self.doubts = None;
        Ok(())
    }

    /// Goes on with photographs without heads, where the head on the desk was found on one.
    pub(super) fn go_back(&mut self) -> Result<(), CatalogueError> {
        if !self.back {
            return Ok(());
        }
        self.go_through(Through::WithoutHeads, Order::default(), Filter::default())
    }

    /// The groups of like heads, as they are by what was done here.
    pub(super) fn groups(&mut self) -> Result<&mut Groups, CatalogueError> {
        let groups = match self.groups.take() {
            Some(groups) => groups,
            None => Groups::filtered(self.desk.catalogue(), &self.filter)?,
        };
        Ok(self.groups.insert(groups))
    }

    /// Groups and catalogue, to look at both.
    pub(super) fn both(&mut self) -> Result<(&mut Groups, &Catalogue), CatalogueError> {
        self.groups()?;
        let Self { groups, desk, .. } = self;
        let groups = groups.as_mut().ok_or_else(|| CatalogueError::Absent("there are no groups".into()))?;
        Ok((groups, desk.catalogue()))
    }

    /// What lies on the desk now: the same until something is done with it.
    pub(super) fn on(&mut self) -> Result<On, CatalogueError> {
        self.on_sheet = None;
        if let Some(control) = &self.control {
            return Ok(On::Head(Box::new(control.item.clone())));
        }
        if let Some(after) = self.blind {
            let who = self.desk.who().to_owned();
            self.control = Controls::blind(self.desk.catalogue(), &who, after)?;
            return Ok(self.control.as_ref().map_or(On::Nothing, |c| On::Head(Box::new(c.item.clone()))));
        }
        if self.through == Through::Conflicts {
            return Ok(self.desk.conflict()?.cloned().map_or(On::Nothing, |c| On::Conflict(Box::new(c))));
        }
        if self.through == Through::Doubtful {
            return Ok(self.doubt()?.map_or(On::Nothing, |d| On::Doubt(Box::new(d))));
        }
        if let Some(id) = self.single.take() {
            self.desk.go_to_item(id);
        } else if self.through == Through::Sheets
            && let Some(sheet) = self.sheet()?
        {
            return Ok(On::Sheet(Box::new(sheet)));
        }
        Ok(self.desk.item()?.cloned().map_or(On::Nothing, |item| On::Head(Box::new(item))))
    }

    fn sheet(&mut self) -> Result<Option<Sheet>, CatalogueError> {
        let (first, later) = (self.first.clone(), self.later.clone());
        let mut ready = self.ready.take();
        let (groups, catalogue) = self.both()?;
        let mut next = first.filter(|key| groups.heads(key).len() > 1);
        let (key, sheet) = loop {
            let Some(key) = next.take().or_else(|| groups.largest(&later).cloned()) else { return Ok(None) };
            if let Some(Ready { key: of, ids, at, mut sheet }) = ready.take()
                && (of == key && ids == groups.first(&key, 0) && at == catalogue.written_by_others()?)
                && groups.count_on(&key, &mut sheet)
            {
                break (key, sheet);
            }
            let sheet = groups.sheet(catalogue, &key)?;
            // others may have decided some of them meanwhile
            let there: BTreeSet<i64> = sheet.iter().flat_map(|s| &s.members).map(|m| m.item.id).collect();
            let mut gone = groups.heads(&key);
            gone.truncate(MOST_ON_SHEET);
            gone.retain(|id| !there.contains(id));
            match sheet {
                Some(sheet) if gone.is_empty() => break (key, sheet),
                _ => groups.gone(&gone),
            }
        };
        self.on_sheet = Some(key.clone());
        self.with_planted(key, sheet).map(Some)
    }

    /// The sheet with controls among its heads, where some are asked for: the same as long as it is the same sheet.
    fn with_planted(&mut self, key: Key, sheet: Sheet) -> Result<Sheet, CatalogueError> {
        let first = sheet.members.iter().map(|m| m.item.id).min().unwrap_or_default();
        let on = Some((key, first));
        if self.planted.on != on {
            let controls = self.controls.plant(self.desk.catalogue(), &sheet.headstamp, sheet.members.len())?;
            self.planted = Planted { on, controls };
        }
        let (Some((key, _)), false) = (&self.planted.on, self.planted.controls.is_empty()) else { return Ok(sheet) };
        let items: Vec<Item> = self.planted.controls.iter().map(|c| c.item.clone()).collect();
        let key = key.clone();
        let (groups, catalogue) = self.both()?;
        Ok(groups.sheet_with(catalogue, &key, &items)?.unwrap_or(sheet))
    }

    /// The sheet was answered: of those planted on it, it is remembered whether they were taken out. Gives the heads without
    /// them.
    pub(super) fn without_planted(&mut self, headstamp: &str, heads: &[i64], out: &[i64]) -> (Vec<i64>, Vec<i64>) {
        let controls = std::mem::take(&mut self.planted).controls;
        let time = self.since.elapsed() / u32::try_from(heads.len() + out.len()).unwrap_or(u32::MAX).max(1);
        for control in &controls {
            let id = control.item.id;
            if heads.contains(&id) || out.contains(&id) {
                self.controls.answered_on_sheet(control, out.contains(&id), headstamp, time);
            }
        }
        let own = |ids: &[i64]| ids.iter().copied().filter(|id| controls.iter().all(|c| c.item.id != *id)).collect();
        (own(heads), own(out))
    }

    /// The sheet's group is left for later; `one_by_one` goes through its heads now.
    pub(super) fn leave(&mut self, heads: &[i64], one_by_one: bool) -> Result<(), CatalogueError> {
        let groups = self.groups()?;
        // what was planted is in no group
        let Some((first, key)) = heads.iter().find_map(|id| Some((*id, groups.group_of(*id)?.0.clone()))) else {
            return Ok(());
        };
        self.later.insert(key);
        self.first = None;
        if one_by_one {
            self.single = Some(first);
        }
        Ok(())
    }

    /// Opens one head of a sheet.
    pub(super) fn open_one(&mut self, id: i64) {
        if let Some(at) = self.planted.controls.iter().position(|c| c.item.id == id) {
            self.control = Some(self.planted.controls.remove(at));
            return;
        }
        self.single = Some(id);
        self.desk.go_to_item(id);
    }

    /// Heads were entered as one headstamp: others may be drawn to them.
    pub(super) fn entered(&mut self, headstamp: &str, heads: &[i64]) -> Result<(), CatalogueError> {
        self.decided += heads.len() as u64;
        heads.iter().for_each(|id| self.controls.entered(*id));
        self.first = None;
        self.groups()?.confirmed(headstamp, heads);
        self.to_draw.push((headstamp.to_owned(), heads.len()));
        Ok(())
    }

    /// Draws heads to what was confirmed: while the person looks at what is there.
    pub(super) fn draw(&mut self) -> Result<(), CatalogueError> {
        for (headstamp, count) in std::mem::take(&mut self.to_draw) {
            let (groups, catalogue) = self.both()?;
            groups.draw(catalogue, &headstamp, count)?;
        }
        Ok(())
    }

    /// What comes next: the next sheet, which is made ready, or the next head.
    pub(super) fn ahead(&mut self) -> Result<Ahead, CatalogueError> {
        // what stands in for heads is not told beforehand
        if self.is_blind() || self.control.is_some() || matches!(self.through, Through::Conflicts | Through::Doubtful) {
            return Ok(Ahead::Unknown);
        }
        if self.through == Through::Sheets
            && let Some(on) = self.on_sheet.clone()
        {
            let mut but = self.later.clone();
            but.insert(on.clone());
            let (groups, catalogue) = self.both()?;
            // what is left of a large group comes next
            let left = groups.heads(&on).len().saturating_sub(MOST_ON_SHEET);
            let (key, ids) = match groups.largest(&but) {
                Some(other) if groups.heads(other).len() > left || left < 2 => (other.clone(), groups.first(other, 0)),
                _ => (on.clone(), groups.first(&on, MOST_ON_SHEET)),
            };
            let at = catalogue.written_by_others()?;
            let Some(sheet) = groups.sheet_of(catalogue, &key, &ids, &[])? else { return Ok(Ahead::Unknown) };
            self.ready = Some(Ready { key, ids, at, sheet: sheet.clone() });
            return Ok(Ahead::Sheet(Box::new(sheet)));
        }
        Ok(self.desk.coming()?.map_or(Ahead::Unknown, |item| Ahead::Head(Box::new(item))))
    }

    /// Heads wait no more: their case was entered, or was before.
    pub(super) fn seen_too(&mut self, ids: &[i64]) -> Result<(), CatalogueError> {
        self.decided += ids.len() as u64;
        self.groups()?.gone(ids);
        Ok(())
    }

    /// A head was decided that bears no headstamp.
    pub(super) fn gone(&mut self, id: i64) -> Result<(), CatalogueError> {
        self.decided += 1;
        self.groups()?.gone(&[id]);
        Ok(())
    }

    /// Decisions were taken back: their heads wait again, and come first.
    pub(super) fn taken_back(&mut self, all: &[&Decision]) -> Result<(), CatalogueError> {
        self.decided = self.decided.saturating_sub(all.len() as u64);
        let (groups, catalogue) = self.both()?;
        let mut ids = Vec::new();
        for decision in all {
            if let What::Enter { values, .. } = &decision.what
                && let Some(headstamp) = values.get(&Field::Headstamp)
            {
                groups.taken_back(&headstamp.text, 1);
            }
            for place in decision.what.places() {
                let Some(id) = catalogue.item_at(place)? else { continue };
                ids.extend(file(groups, catalogue, id)?);
            }
        }
        let key = ids.first().and_then(|id| groups.group_of(*id)).map(|g| g.0.clone());
        match ids.as_slice() {
            [one] => self.single = Some(*one),
            _ => {
                self.later.retain(|k| Some(k) != key.as_ref());
                self.first = key;
            }
        }
        Ok(())
    }

    /// A head was read again, or is new: it comes next.
    pub(super) fn read_anew(&mut self, id: i64) -> Result<(), CatalogueError> {
        let (groups, catalogue) = self.both()?;
        file(groups, catalogue, id)?;
        self.open_one(id);
        Ok(())
    }

    /// Whether a control comes in the place of the next head.
    pub(super) fn draw_control(&mut self) -> Result<(), CatalogueError> {
        self.control = match self.through {
            Through::Sheets | Through::Heads if self.blind.is_none() => self.controls.next(self.desk.catalogue())?,
            _ => None,
        };
        Ok(())
    }

    /// The control on the desk was answered, or passed over where nothing is said.
    pub(super) fn control_answered(&mut self, answer: Option<&str>) {
        let Some(control) = self.control.take() else { return };
        if let Some(answer) = answer {
            self.controls.answered(&control, answer, self.since.elapsed());
        }
        if let Some(after) = &mut self.blind {
            *after = control.item.id;
        }
    }

    /// Something else lies on the desk from now on.
    pub(super) fn put_down(&mut self) {
        self.since = Instant::now();
        self.turn += 1;
    }

    /// The heads on the sheet on the desk; `None` where no sheet is.
    pub(super) fn ids_on_sheet(&mut self) -> Result<Option<Vec<i64>>, CatalogueError> {
        let Some(key) = self.on_sheet.clone() else { return Ok(None) };
        let mut ids = self.groups()?.heads(&key);
        ids.truncate(MOST_ON_SHEET);
        Ok(Some(ids))
    }

    /// Whether what others entered is decided a second time here.
    pub(super) fn is_blind(&self) -> bool {
        self.blind.is_some()
    }

    /// How long what lies on the desk has lain there.
    pub(super) fn time(&self) -> Duration {
        self.since.elapsed()
    }
}

/// Files a head into its group, if it waits.
fn file(groups: &mut Groups, catalogue: &Catalogue, id: i64) -> Result<Option<i64>, CatalogueError> {
    let Some(item) = catalogue.item(id)?.filter(|i| i.state == State::Pending && i.place.head.is_some()) else {
        return Ok(None);
    };
    let brief = Brief::of(&item.head, &item.given);
    groups.put(Briefed { id, place: item.place, path: item.path, state: item.state, brief });
    Ok(Some(id))
}

/// The places of all pages that are open, that which was used last at the end.
pub(super) struct Places {
    serving: Serving,
    open: Mutex<Vec<(Uuid, Arc<Mutex<Place>>)>>,
    /// A place that was set up before the first page was opened.
    spare: Mutex<Option<Place>>,
}

impl Places {
    pub(super) fn new(serving: Serving) -> Self {
        Self { serving, open: Mutex::new(Vec::new()), spare: Mutex::new(None) }
    }

    /// Sets a place up with its groups, for the page that is opened next: it waits for it, and need not begin itself.
    pub(super) fn set_up_ahead(&self) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        // what fails here fails again, and is told, once a page asks
        let Ok(mut place) = Place::set_up(&self.serving) else { return };
        if place.groups().is_ok() {
            *spare = Some(place);
        }
    }

    /// The place with an id; a new one where there is none by that id.
    pub(super) fn with(&self, id: Uuid) -> Result<Arc<Mutex<Place>>, CatalogueError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|(known, _)| *known == id);
        let found = match at {
            Some(at) => open.remove(at),
            None => {
                let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).take();
                let place = spare.map_or_else(|| Place::set_up(&self.serving), Ok)?;
                (id, Arc::new(Mutex::new(place)))
            }
        };
        if open.len() >= MOST {
            open.remove(0);
        }
        let place = Arc::clone(&found.1);
        open.push(found);
        Ok(place)
    }
}

/// The catalogue; where nothing may be written to it, it can be looked at.
pub(super) fn open(serving: &Serving) -> Result<Catalogue, CatalogueError> {
    match Catalogue::open(&serving.catalogue) {
        Err(CatalogueError::Denied(_)) => Catalogue::open_to_read(&serving.catalogue),
        other => other,
    }
}
