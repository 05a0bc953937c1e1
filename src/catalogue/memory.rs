//! A catalogue in memory, for tests: what the rules ask of a store, as plainly as it can be said.

use super::brief::Brief;
use super::decision::Place;
use super::error::CatalogueError;
use super::fields::{Field, Values};
use super::store::{
    Chain, Counts, Entry, Filing, Held, HeldItem, History, KeptBrief, KeptConflict, KeptEntry, KeptItem, KeptLink,
    Outcome, Prints, SpeaksOf, Spot, State, Store, Subject, Turn, Unlike, Worklist,
};
use crate::photo::Picture;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

type Result<T> = std::result::Result<T, CatalogueError>;

/// Where copies are put.
pub(super) type Disk = Arc<Mutex<BTreeMap<PathBuf, Tables>>>;

#[derive(Debug)]
pub(super) struct Memory {
    tables: Tables,
    disk: Disk,
    /// What to go back to, while something is being done.
    before: Option<Tables>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    photographs: BTreeMap<i64, Held>,
    items: BTreeMap<i64, Item>,
    /// Numbers are not given again.
    last: (i64, i64),
    histories: Vec<(Uuid, Option<Turn>)>,
    links: BTreeMap<Turn, (KeptLink, Filing)>,
    entries: BTreeMap<Uuid, KeptEntry>,
    conflicts: BTreeMap<(Turn, Turn), String>,
    unlike: BTreeMap<(String, String), Unlike>,
}

/// Photograph, which of its items, its state, and what is seen there.
#[derive(Debug, Clone, Copy)]
struct Item {
    photograph: i64,
    item: usize,
    state: State,
    case: Option<Uuid>,
}

impl Memory {
    pub(super) fn new(history: Uuid, disk: Disk) -> Self {
        Self { tables: Tables { histories: vec![(history, None)], ..Tables::default() }, disk, before: None }
    }

    /// What was copied there.
    pub(super) fn open(path: &Path, disk: Disk) -> Option<Self> {
        let tables = disk.lock().unwrap().get(path).cloned()?;
        Some(Self { tables, disk, before: None })
    }
}

impl Tables {
    fn number_of(&self, sha256: &str) -> Option<i64> {
        self.photographs.iter().find(|(_, p)| p.sha256 == sha256).map(|(n, _)| *n)
    }

    fn held(&self, spot: &Item) -> (&Held, &HeldItem) {
        let photograph = &self.photographs[&spot.photograph];
        (photograph, &photograph.items[spot.item])
    }

    fn place(&self, spot: &Item) -> Place {
        let (photograph, held) = self.held(spot);
        Place { photo: photograph.sha256.clone(), head: held.head }
    }

    fn held_mut(&mut self, id: i64) -> Option<&mut HeldItem> {
        let item = self.items.get(&id)?;
        self.photographs.get_mut(&item.photograph)?.items.get_mut(item.item)
    }

    fn set(&mut self, id: i64, state: Option<State>, case: Option<Uuid>) {
        let at_first = self.held(&self.items[&id]).1.at_first;
        if at_first != State::Failed {
            let spot = self.items.get_mut(&id).unwrap();
            (spot.state, spot.case) = (state.unwrap_or(at_first), case);
        }
    }
}

impl Worklist for Memory {
    fn readable(&self, after: &str, count: usize) -> Result<Vec<(String, String)>> {
        let readable = self.tables.photographs.values().filter(|p| p.error.is_none() && p.sha256.as_str() > after);
        let mut all: Vec<_> = readable.map(|p| (p.sha256.clone(), p.path.clone())).collect();
        all.sort();
        all.truncate(count);
        Ok(all)
    }

    fn held(&self, sha256: &[&str]) -> Result<Vec<(String, bool)>> {
        let these = self.tables.photographs.values().filter(|p| sha256.contains(&p.sha256.as_str()));
        Ok(these.map(|p| (p.sha256.clone(), p.error.is_some())).collect())
    }

    fn with_pixels(&self, pixels: &[&str]) -> Result<Vec<(String, String)>> {
        let first = |wanted: &&str| {
            let is = |p: &&Held| p.error.is_none() && p.picture.as_ref().is_some_and(|p| p.pixels == *wanted);
            self.tables.photographs.values().find(is).map(|p| ((*wanted).to_owned(), p.sha256.clone()))
        };
        Ok(pixels.iter().filter_map(first).collect())
    }

    fn pictures(&self, after: &str, count: usize) -> Result<Vec<(String, String, Picture)>> {
        let is = |p: &&Held| p.error.is_none() && p.same_as.is_none() && p.sha256.as_str() > after;
        let own = self.tables.photographs.values().filter(is);
        let mut all: Vec<_> =
            own.filter_map(|p| Some((p.sha256.clone(), p.path.clone(), p.picture.clone()?))).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.truncate(count);
        Ok(all)
    }

    fn hold(&mut self, photographs: &[Held]) -> Result<()> {
        for photograph in photographs {
            let Tables { last, items, photographs, .. } = &mut self.tables;
            last.0 += 1;
            for (item, held) in photograph.items.iter().enumerate() {
                last.1 += 1;
                items.insert(last.1, Item { photograph: last.0, item, state: held.at_first, case: None });
            }
            photographs.insert(last.0, photograph.clone());
        }
        Ok(())
    }

    fn let_go(&mut self, sha256: &[&str]) -> Result<()> {
        for sha256 in sha256 {
            if let Some(number) = self.tables.number_of(sha256) {
                self.tables.items.retain(|_, i| i.photograph != number);
                self.tables.photographs.remove(&number);
            }
        }
        Ok(())
    }

    fn photographs(&self, after: i64, count: usize) -> Result<Vec<(i64, Held)>> {
        Ok(self.tables.photographs.range(after + 1..).take(count).map(|(n, p)| (*n, p.clone())).collect())
    }

    fn path_of(&self, sha256: &str) -> Result<Option<String>> {
        Ok(self.tables.number_of(sha256).map(|n| self.tables.photographs[&n].path.clone()))
    }

    fn next_item(&self, state: State, after: i64) -> Result<Option<KeptItem>> {
        let mut later = self.tables.items.range(after.saturating_add(1)..);
        match later.find(|(_, i)| i.state == state) {
            Some((&id, _)) => self.item(id),
            None => Ok(None),
        }
    }

    fn item(&self, id: i64) -> Result<Option<KeptItem>> {
        Ok(self.tables.items.get(&id).map(|item| {
            let (photograph, held) = self.tables.held(item);
            KeptItem {
                id,
                place: self.tables.place(item),
                path: photograph.path.clone(),
                model: photograph.model.clone(),
                record: held.record.clone(),
                given: held.given.clone(),
                state: item.state,
                case: item.case,
                reason: photograph.reason.clone(),
            }
        }))
    }

    fn spots(&self, sha256: &[&str]) -> Result<Vec<Spot>> {
        let mut out = Vec::new();
        for photo in sha256 {
            for item in self.tables.items.values() {
                let place = self.tables.place(item);
                if place.photo == *photo {
                    let (photograph, held) = self.tables.held(item);
                    let (given, same_as) = (held.given.clone(), photograph.same_as.clone());
                    out.push(Spot { place, state: item.state, case: item.case, given, same_as });
                }
            }
        }
        Ok(out)
    }

    fn briefs(&self, state: State, after: i64, count: usize) -> Result<Vec<KeptBrief>> {
        let later = self.tables.items.range(after.saturating_add(1)..);
        let brief = |(&id, item): (&i64, &Item)| {
            let (photograph, held) = self.tables.held(item);
            let brief = held.brief.clone().filter(|_| item.state == state)?;
            Some(KeptBrief { id, place: self.tables.place(item), path: photograph.path.clone(), brief })
        };
        Ok(later.filter_map(brief).take(count).collect())
    }

    fn without_brief(&self, state: State, after: i64, count: usize) -> Result<Vec<i64>> {
        let later = self.tables.items.range(after.saturating_add(1)..);
        let lacks = |i: &Item| {
            let held = self.tables.held(i).1;
            i.state == state && held.head.is_some() && held.brief.is_none()
        };
        Ok(later.filter(|(_, i)| lacks(i)).map(|(id, _)| *id).take(count).collect())
    }

    fn put_briefs(&mut self, briefs: &[(i64, Brief)]) -> Result<()> {
        for (id, brief) in briefs {
            if let Some(held) = self.tables.held_mut(*id) {
                held.brief = Some(brief.clone());
            }
        }
        Ok(())
    }

    fn put_record(&mut self, id: i64, head: u32, record: &str) -> Result<()> {
        let Some(held) = self.tables.held_mut(id) else { return Ok(()) };
        let was = held.at_first;
        (held.head, held.record) = (Some(head), record.to_owned());
        if was == State::NoHead {
            held.at_first = State::Pending;
            self.tables
                .items
                .get_mut(&id)
                .into_iter()
                .filter(|i| i.state == was)
                .for_each(|i| i.state = State::Pending);
        }
        Ok(())
    }

    fn put_item(&mut self, sha256: &str, held: &HeldItem) -> Result<Option<i64>> {
        let Some(photograph) = self.tables.number_of(sha256) else { return Ok(None) };
        let Tables { last, items, photographs, .. } = &mut self.tables;
        let of = photographs.get_mut(&photograph).map(|p| &mut p.items);
        let Some(of) = of else { return Ok(None) };
        of.push(held.clone());
        last.1 += 1;
        items.insert(last.1, Item { photograph, item: of.len() - 1, state: held.at_first, case: None });
        Ok(Some(last.1))
    }

    fn looks(&self, ids: &[i64]) -> Result<Vec<(i64, Vec<u8>)>> {
        let look = |id: &i64| Some((*id, self.tables.held(self.tables.items.get(id)?).1.look.clone()?));
        Ok(ids.iter().filter_map(look).collect())
    }

    fn put_looks(&mut self, looks: &[(i64, Vec<u8>)]) -> Result<()> {
        for (id, look) in looks {
            if let Some(held) = self.tables.held_mut(*id) {
                held.look = Some(look.clone());
            }
        }
        Ok(())
    }

    fn unlike(&self) -> Result<Vec<Unlike>> {
        Ok(self.tables.unlike.values().cloned().collect())
    }

    fn put_unlike(&mut self, said: &[Unlike]) -> Result<()> {
        for s in said {
            self.tables.unlike.entry((s.one.clone(), s.other.clone())).or_insert_with(|| s.clone());
        }
        Ok(())
    }

    fn item_at(&self, place: &Place) -> Result<Option<i64>> {
        Ok(self.tables.items.iter().find(|(_, i)| self.tables.place(i) == *place).map(|(id, _)| *id))
    }

    fn counts(&self) -> Result<Counts> {
        let Tables { photographs, items, entries, conflicts, .. } = &self.tables;
        let of = |s: State| items.values().filter(|i| i.state == s).count() as u64;
        let heads = [State::Pending, State::Entered, State::SameCase, State::NotAHead];
        Ok(Counts {
            photographs: photographs.len() as u64,
            failed: of(State::Failed),
            without_heads: of(State::NoHead),
            heads: heads.map(of).iter().sum(),
            pending: of(State::Pending),
            entered: of(State::Entered),
            same_case: of(State::SameCase),
            same_picture: of(State::SamePicture),
            not_a_head: of(State::NotAHead),
            entries: entries.len() as u64,
            cases: entries.values().map(|e| u64::from(e.quantity)).sum(),
            conflicts: conflicts.len() as u64,
        })
    }
}

impl Chain for Memory {
    fn histories(&self) -> Result<Vec<History>> {
        let all = (1..).zip(&self.tables.histories);
        Ok(all.map(|(number, (id, fork))| History { number, id: *id, fork: *fork }).collect())
    }

    fn know(&mut self, history: Uuid, fork: Option<Turn>) -> Result<u32> {
        let all = &mut self.tables.histories;
        let at = all.iter().position(|h| h.0 == history).unwrap_or_else(|| {
            all.push((history, fork));
            all.len() - 1
        });
        Ok(at as u32 + 1)
    }

    fn end(&self, history: u32) -> Result<Option<(u64, String)>> {
        let last = self.tables.links.values().rfind(|l| l.0.turn.history == history);
        Ok(last.map(|(link, _)| (link.turn.seq, link.hash.clone())))
    }

    fn hash_of(&self, turn: Turn) -> Result<Option<String>> {
        Ok(self.tables.links.get(&turn).map(|(link, _)| link.hash.clone()))
    }

    fn hashed(&self, hash: &str) -> Result<Option<Turn>> {
        Ok(self.tables.links.values().find(|(link, _)| link.hash == hash).map(|(link, _)| link.turn))
    }

    fn links(&self, after: Turn, count: usize) -> Result<Vec<KeptLink>> {
        let later = self.tables.links.range(Turn { seq: after.seq + 1, ..after }..);
        let own = later.map(|(_, l)| &l.0).take_while(|l| l.turn.history == after.history);
        Ok(own.take(count).cloned().collect())
    }

    fn links_before(&self, before: Turn, count: usize) -> Result<Vec<KeptLink>> {
        let earlier = self.tables.links.range(..before).rev().map(|(_, l)| &l.0);
        Ok(earlier.take_while(|l| l.turn.history == before.history).take(count).cloned().collect())
    }

    fn append(&mut self, links: &[(KeptLink, Filing)]) -> Result<()> {
        self.tables.links.extend(links.iter().map(|l| (l.0.turn, l.clone())));
        Ok(())
    }

    fn texts(&self, turns: &[Turn]) -> Result<Vec<(Turn, String)>> {
        Ok(turns.iter().filter_map(|t| self.tables.links.get(t).map(|(l, _)| (*t, l.text.clone()))).collect())
    }

    fn about(&self, subjects: &[Subject]) -> Result<Vec<Turn>> {
        let meant = |f: &Filing| {
            subjects.iter().any(|s| match s {
                Subject::Place(place) => f.places.contains(place),
                Subject::Case(case) => f.case == Some(*case),
            })
        };
        Ok(self.tables.links.values().filter(|(_, f)| meant(f)).map(|(l, _)| l.turn).collect())
    }

    fn undoing(&self, turns: &[Turn]) -> Result<Vec<(Turn, Turn)>> {
        let undoes = |(by, (_, filing)): (&Turn, &(KeptLink, Filing))| match filing.speaks_of {
            Some(SpeaksOf::Undoes(turn)) if turns.contains(&turn) => Some((turn, *by)),
            _ => None,
        };
        Ok(self.tables.links.iter().filter_map(undoes).collect())
    }

    fn taken_in(&self) -> Result<Vec<(Turn, Turn)>> {
        let takes_in = |(by, (_, filing)): (&Turn, &(KeptLink, Filing))| match filing.speaks_of {
            Some(SpeaksOf::TakesIn(turn)) => Some((*by, turn)),
            _ => None,
        };
        Ok(self.tables.links.iter().filter_map(takes_in).collect())
    }

    fn filed(&self, filings: &[Filing]) -> Result<Vec<bool>> {
        Ok(filings.iter().map(|f| self.tables.links.get(&f.turn).is_some_and(|l| l.1 == *f)).collect())
    }

    fn filings(&self, history: u32) -> Result<u64> {
        let own = self.tables.links.values().map(|l| &l.1).filter(|f| f.turn.history == history);
        Ok(own.map(|f| f.places.len() as u64 + u64::from(f.speaks_of.is_some())).sum())
    }
}

impl Outcome for Memory {
    fn set_states(&mut self, states: &[(Place, Option<State>, Option<Uuid>)]) -> Result<()> {
        for (place, state, case) in states {
            if let Some(id) = self.item_at(place)? {
                self.tables.set(id, *state, *case);
            }
        }
        Ok(())
    }

    fn put_entries(&mut self, entries: &[KeptEntry]) -> Result<()> {
        self.tables.entries.extend(entries.iter().map(|e| (e.entry.case, e.clone())));
        Ok(())
    }

    fn remove_entries(&mut self, cases: &[Uuid]) -> Result<()> {
        self.tables.entries.retain(|case, _| !cases.contains(case));
        Ok(())
    }

    fn put_conflicts(&mut self, conflicts: &[KeptConflict]) -> Result<()> {
        for c in conflicts {
            self.tables.conflicts.entry((c.kept, c.other)).or_insert_with(|| c.about.clone());
        }
        Ok(())
    }

    fn remove_conflicts(&mut self, kept: &[Turn]) -> Result<()> {
        self.tables.conflicts.retain(|c, _| !kept.contains(&c.0));
        Ok(())
    }

    fn forget(&mut self) -> Result<()> {
        self.tables.entries.clear();
        self.tables.conflicts.clear();
        for id in self.tables.items.keys().copied().collect::<Vec<_>>() {
            self.tables.set(id, None, None);
        }
        Ok(())
    }

    fn prints(&self) -> Result<Prints> {
        let Tables { entries, conflicts, items, .. } = &self.tables;
        let print = |text: String| {
            let mut print = [0; 16];
            print.copy_from_slice(&Sha256::digest(text)[..16]);
            print
        };
        let mut all = Prints::new();
        all.extend(entries.iter().map(|(case, e)| (format!("entry {case}"), print(format!("{e:?}")))));
        all.extend(conflicts.iter().map(|(c, about)| (format!("conflict {c:?}"), print(format!("{about:?}")))));
        all.extend(items.iter().map(|(id, i)| (format!("head {id}"), print(format!("{:?} {:?}", i.state, i.case)))));
        Ok(all)
    }

    fn entries(&self, after: Option<(Turn, Uuid)>, count: usize) -> Result<Vec<KeptEntry>> {
        let by_turn: BTreeSet<(Turn, Uuid)> = self.tables.entries.values().map(|e| (e.entered, e.entry.case)).collect();
        let later = by_turn.into_iter().filter(|e| after.is_none_or(|a| *e > a));
        Ok(later.take(count).map(|(_, case)| self.tables.entries[&case].clone()).collect())
    }

    fn entries_of(&self, cases: &[Uuid]) -> Result<Vec<Entry>> {
        Ok(cases.iter().filter_map(|c| self.tables.entries.get(c)).map(|e| e.entry.clone()).collect())
    }

    fn headstamps(&self) -> Result<Vec<(String, u64)>> {
        let mut all = BTreeMap::new();
        for entry in self.tables.entries.values() {
            if let Some(value) = entry.entry.values.get(&Field::Headstamp) {
                *all.entry(value.text.clone()).or_insert(0) += 1;
            }
        }
        Ok(all.into_iter().collect())
    }

    fn headstamps_after(&self, after: &str, entries: usize) -> Result<Vec<String>> {
        let all = self.headstamps()?.into_iter().map(|(text, _)| text);
        Ok(all.filter(|text| text.as_str() > after).take(entries).collect())
    }

    fn bearing(&self, headstamp: &str) -> Result<u64> {
        Ok(self.headstamps()?.into_iter().find(|(text, _)| text == headstamp).map_or(0, |(_, count)| count))
    }

    fn cases_bearing(&self, headstamp: &str, most: usize) -> Result<Vec<Uuid>> {
        let bears = |values: &Values| values.get(&Field::Headstamp).is_some_and(|v| v.text == headstamp);
        let these = self.tables.entries.iter().filter(|(_, e)| bears(&e.entry.values));
        Ok(these.map(|(case, _)| *case).take(most).collect())
    }

    fn cases_from(&self, start: &str, most: usize) -> Result<Vec<Uuid>> {
        let these = self.tables.entries.keys().filter(|c| c.to_string().starts_with(start));
        Ok(these.take(most).copied().collect())
    }

    fn conflicts(&self, after: Option<(Turn, Turn)>, count: usize) -> Result<Vec<KeptConflict>> {
        let later = self.tables.conflicts.iter().filter(|c| after.is_none_or(|a| *c.0 > a));
        let kept =
            |(&(kept, other), about): (&(Turn, Turn), &String)| KeptConflict { kept, other, about: about.clone() };
        Ok(later.take(count).map(kept).collect())
    }

    fn conflict(&self, kept: Turn, other: Turn) -> Result<Option<KeptConflict>> {
        let about = self.tables.conflicts.get(&(kept, other));
        Ok(about.map(|about| KeptConflict { kept, other, about: about.clone() }))
    }

    fn overruled(&self, turns: &[Turn]) -> Result<Vec<(Turn, Turn)>> {
        let of = |t: &Turn| self.tables.conflicts.keys().filter(|c| c.1 == *t).map(|c| (c.1, c.0)).collect::<Vec<_>>();
        Ok(turns.iter().flat_map(of).collect())
    }
}

impl Store for Memory {
    fn begin(&mut self) -> Result<()> {
        assert!(self.before.is_none(), "a transaction is open");
        self.before = Some(self.tables.clone());
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        self.before = None;
        Ok(())
    }

    fn roll_back(&mut self) -> Result<()> {
        if let Some(before) = self.before.take() {
            self.tables = before;
        }
        Ok(())
    }

    fn begin_reading(&self) -> Result<()> {
        Ok(())
    }

    fn end_reading(&self) -> Result<()> {
        Ok(())
    }

    fn written_by_others(&self) -> Result<i64> {
        Ok(0)
    }

    fn aside(&self) -> Result<Box<dyn Store>> {
        Ok(Box::new(Self { tables: self.tables.clone(), disk: Disk::clone(&self.disk), before: None }))
    }

    fn copy_to(&self, file: &Path) -> Result<()> {
        match self.disk.lock().unwrap().entry(file.to_path_buf()) {
            btree_map::Entry::Occupied(_) => Err(CatalogueError::Exists(file.display().to_string())),
            btree_map::Entry::Vacant(free) => {
                free.insert(self.tables.clone());
                Ok(())
            }
        }
    }
}
