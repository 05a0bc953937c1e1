//! Like heads put together before review, so that nobody looks at the same thing a hundred times.
//!
//! Heads are filed by the variety that they are first read as and by calibre: found by key, never by comparing all with all,
//! so that work grows with their number alone. What is on one [`Sheet`] is compared closely: mark by mark ([`fit()`]), by
//! where marks stand, and by [`Look`]. What is confirmed draws heads to its group whose marks fit it though they were read
//! otherwise; it never decides.

mod look;
mod sheet;
mod twice;

pub use crate::channel::{Fault, Fit, Ring, fit};
pub use look::Look;
pub use sheet::{MOST, Member, Odd, Sheet};
pub use twice::{OnPhoto, Pair, Upright, proved, two_cases, upright};

use super::queue::Filter;
use crate::catalogue::brief::From;
use crate::catalogue::{Briefed, Catalogue, CatalogueError, Item, Place, State};
use crate::channel::{Kin, pairs, pairs_of_head};
use crate::notation::variety_key;
use crate::record::ProposalRecord;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Least fit, in nats a mark, at which a head is drawn to a variety that it was not read as.
const DRAWN: f32 = -0.55;
/// Least probability of what each mark should be for that: a head with a mark that plainly differs stays where it is.
const PLAIN: f32 = 0.03;
/// How much worse than its own first proposal a confirmed variety may fit.
const WORSE: f32 = 0.1;
/// Most varieties that a head is held against, and most that are proposed to it.
const MOST_HELD: usize = 24;
const MOST_PROPOSED: usize = 5;
/// Most heads that are looked at when a variety is confirmed: the person waits for it.
const MOST_DRAWN: usize = 120;
/// Single confirmations of a variety after which heads are drawn to it no more.
const FIRST: u64 = 8;
/// Heads that wait in a group from which on its variety is proposed to others.
const COMPANY: usize = 3;

/// What a group is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Key of the variety; of a head without proposals empty.
    pub variety: String,
    /// The calibre, where it is known.
    pub calibre: Option<String>,
    /// Of a head that is in no group, its number.
    pub alone: Option<i64>,
}

/// A group of heads that wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What it is known by.
    pub key: Key,
    /// How many heads wait in it.
    pub size: usize,
    /// How many heads of its variety were confirmed.
    pub confirmed: u64,
    /// Mean confidence of its heads, 0..1.
    pub confidence: f32,
    /// The first of its heads.
    pub first: i64,
}

/// A headstamp that is proposed for a head, by its own reading or by what was confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// In the notation.
    pub headstamp: String,
    /// Which of the head's own proposals it is, from 0.
    pub own: Option<usize>,
    /// How many heads of its variety were confirmed.
    pub confirmed: u64,
    /// How many heads wait in its group.
    pub waiting: usize,
    /// How well the marks fit it, in nats a mark; 0 is perfect.
    pub fit: f32,
}

impl Ranked {
    /// Why it is proposed beside the head's own reading, in words.
    pub fn words(&self) -> Option<String> {
        match (self.confirmed, self.waiting) {
            (0, w) if w < COMPANY => None,
            (0, w) => Some(format!("as {w} heads that wait")),
            (1, _) => Some("as 1 confirmed head".into()),
            (n, _) => Some(format!("as {n} confirmed heads")),
        }
    }
}

/// The heads that wait, in groups.
#[derive(Debug, Default)]
pub struct Groups {
    heads: BTreeMap<i64, (Briefed, Key)>,
    groups: BTreeMap<Key, BTreeSet<i64>>,
    /// Written forms of varieties that were confirmed, with how often each.
    confirmed: HashMap<String, BTreeMap<String, u64>>,
    /// Groups of several heads by size, and among equals those whose first head was added last.
    several: BTreeSet<(usize, Reverse<i64>, Key)>,
    /// Every variety.
    kin: Kin,
    /// Heads that name a variety among their later proposals, also those that wait no more.
    named: HashMap<String, Vec<i64>>,
    unlike: BTreeMap<Place, BTreeSet<From>>,
    /// How well headstamps fit the head that was looked at last: when it comes to the desk it is asked for again.
    fits: RefCell<(i64, HashMap<String, f32>)>,
}

impl Groups {
    /// The heads that wait in a catalogue.
    pub fn of(catalogue: &Catalogue) -> Result<Self, CatalogueError> {
        Self::filtered(catalogue, &Filter::default())
    }

    /// Of the heads that wait, those that are gone through.
    pub fn filtered(catalogue: &Catalogue, filter: &Filter) -> Result<Self, CatalogueError> {
        let mut groups = Self { unlike: catalogue.unlike()?, ..Self::default() };
        for (text, count) in catalogue.headstamp_counts()? {
            groups.count(&text, count);
        }
        for briefed in catalogue.briefs(State::Pending)?.into_iter().filter(|b| filter.takes(&b.brief)) {
            groups.put(briefed);
        }
        Ok(groups)
    }

    /// Files a head that waits: one that was added, read again, or whose decision was undone.
    pub fn put(&mut self, head: Briefed) {
        self.gone(&[head.id]);
        self.fits.take();
        let unlike = self.said_unlike(&head.place, &From::Variety(head.brief.variety.clone()));
        let alone = (unlike || head.brief.variety.is_empty()).then_some(head.id);
        let key = Key { variety: head.brief.variety.clone(), calibre: head.brief.calibre.clone(), alone };
        self.kin.know(&key.variety);
        for other in &head.brief.others {
            match self.named.get_mut(other) {
                Some(these) => these.push(head.id),
                None => drop(self.named.insert(other.clone(), vec![head.id])),
            }
        }
        self.join(head.id, &key);
        self.heads.insert(head.id, (head, key));
    }

    fn join(&mut self, id: i64, key: &Key) {
        self.resize(key, |group| group.insert(id));
    }

    /// Heads that wait no more.
    pub fn gone(&mut self, ids: &[i64]) {
        for id in ids {
            let Some((_, key)) = self.heads.remove(id) else { continue };
            self.leave(*id, &key);
        }
    }

    fn leave(&mut self, id: i64, key: &Key) {
        self.resize(key, |group| group.remove(&id));
    }

    fn resize(&mut self, key: &Key, change: impl FnOnce(&mut BTreeSet<i64>) -> bool) {
        let by_size = |group: &BTreeSet<i64>| {
            group.first().filter(|_| group.len() > 1).map(|first| (group.len(), Reverse(*first), key.clone()))
        };
        if !self.groups.contains_key(key) {
            self.groups.insert(key.clone(), BTreeSet::new());
        }
        let Some(group) = self.groups.get_mut(key) else { return };
        if let Some(before) = by_size(group) {
            self.several.remove(&before);
        }
        change(group);
        self.several.extend(by_size(group));
        if group.is_empty() {
            self.groups.remove(key);
        }
    }

    fn count(&mut self, headstamp: &str, count: u64) {
        let key = variety_key(headstamp);
        self.kin.know(&key);
        *self.confirmed.entry(key).or_default().entry(headstamp.to_owned()).or_default() += count;
    }

    /// How many heads wait.
    pub fn waiting(&self) -> usize {
        self.heads.len()
    }

    /// All groups, the largest first.
    pub fn all(&self) -> Vec<Group> {
        let group = |(key, ids): (&Key, &BTreeSet<i64>)| {
            let sure = |id| self.heads.get(id).and_then(|(h, _): &(Briefed, Key)| h.brief.confidence).unwrap_or(0.0);
            Group {
                key: key.clone(),
                size: ids.len(),
                confirmed: self.confirmed_of(&key.variety),
                confidence: ids.iter().map(sure).sum::<f32>() / ids.len().max(1) as f32,
                first: ids.first().copied().unwrap_or_default(),
            }
        };
        let mut all: Vec<Group> = self.groups.iter().map(group).collect();
        all.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| a.first.cmp(&b.first)));
        all
    }

    /// The largest group of several heads that is none of these.
    pub fn largest(&self, but: &BTreeSet<Key>) -> Option<&Key> {
        self.several.iter().rev().map(|g| &g.2).find(|key| !but.contains(*key))
    }

    /// The heads of a group, as they were added.
    pub fn heads(&self, key: &Key) -> Vec<i64> {
        self.groups.get(key).into_iter().flatten().copied().collect()
    }

    /// The heads of a group that were added next before and after one, at most so many.
    pub fn near(&self, key: &Key, id: i64, most: usize) -> Vec<i64> {
        let Some(group) = self.groups.get(key) else { return Vec::new() };
        let (before, after) = (group.range(..id).rev(), group.range(id + 1..));
        before.take(most / 2).chain(after.take(most / 2)).copied().collect()
    }

    /// Whether it was said that a head differs from something.
    pub fn said_unlike(&self, place: &Place, from: &From) -> bool {
        self.unlike.get(place).is_some_and(|said| said.contains(from))
    }

    /// So many entries of a headstamp were taken back.
    pub fn taken_back(&mut self, headstamp: &str, count: u64) {
        let key = variety_key(headstamp);
        let Some(texts) = self.confirmed.get_mut(&key) else { return };
        if let Some(n) = texts.get_mut(headstamp) {
            *n = n.saturating_sub(count);
        }
        texts.retain(|_, n| *n > 0);
        if texts.is_empty() {
            self.confirmed.remove(&key);
        }
    }

    /// The group that a head is in, and how many wait there.
    pub fn group_of(&self, id: i64) -> Option<(&Key, usize)> {
        let key = &self.heads.get(&id)?.1;
        Some((key, self.groups.get(key).map_or(0, BTreeSet::len)))
    }

    /// How many heads of a variety were confirmed.
    pub fn confirmed_of(&self, variety: &str) -> u64 {
        self.confirmed.get(variety).map_or(0, |texts| texts.values().sum())
    }

    /// A variety as it was written most often where it was confirmed.
    fn written(&self, variety: &str) -> Option<&str> {
        let texts = self.confirmed.get(variety)?;
        texts.iter().max_by_key(|(_, n)| **n).map(|(text, _)| text.as_str())
    }

    /// The first sheet of a group; heads that were decided meanwhile are left out. `None` where none waits.
    pub fn sheet(&self, catalogue: &Catalogue, key: &Key) -> Result<Option<Sheet>, CatalogueError> {
        self.sheet_with(catalogue, key, &[])
    }

    /// Like [`Self::sheet`], with heads among the others that do not belong there.
    pub fn sheet_with(
        &self,
        catalogue: &Catalogue,
        key: &Key,
        planted: &[Item],
    ) -> Result<Option<Sheet>, CatalogueError> {
        self.sheet_of(catalogue, key, &self.first(key, 0), planted)
    }

    /// The heads that are on a sheet of a group after so many others.
    pub fn first(&self, key: &Key, after: usize) -> Vec<i64> {
        self.groups.get(key).into_iter().flatten().copied().skip(after).take(MOST).collect()
    }

    /// A sheet of these heads of a group.
    pub fn sheet_of(
        &self,
        catalogue: &Catalogue,
        key: &Key,
        ids: &[i64],
        planted: &[Item],
    ) -> Result<Option<Sheet>, CatalogueError> {
        let mut items = Vec::new();
        for id in ids {
            items.extend(catalogue.item(*id)?.filter(|i| i.state == State::Pending));
        }
        if items.is_empty() {
            return Ok(None);
        }
        let mut texts: HashMap<&str, usize> = HashMap::new();
        for first in items.iter().filter_map(|i| i.head.proposals.first()) {
            if variety_key(&first.headstamp) == key.variety {
                *texts.entry(first.headstamp.as_str()).or_default() += 1;
            }
        }
        let read = texts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0))).map(|t| t.0.to_owned());
        let headstamp = self.written(&key.variety).map(str::to_owned).or(read).unwrap_or_default();
        items.extend(planted.iter().cloned());
        let looks = catalogue.looks(&items.iter().map(|i| i.id).collect::<Vec<_>>())?;
        let heads = items.into_iter().map(|i| (looks.get(&i.id).and_then(|l| Look::from_kept(l)), i));
        let mut sheet = Sheet::of(&headstamp, key.calibre.as_deref(), heads.map(|(l, i)| (i, l)).collect());
        self.count_on(key, &mut sheet);
        Ok(Some(sheet))
    }

    /// Says on a sheet that was made before how many were confirmed and wait by now; `false` where it would be made
    /// otherwise.
    pub fn count_on(&self, key: &Key, sheet: &mut Sheet) -> bool {
        sheet.confirmed = self.confirmed_of(&key.variety);
        sheet.waiting = self.groups.get(key).map_or(0, BTreeSet::len);
        self.written(&key.variety).is_none_or(|text| text == sheet.headstamp)
    }

    /// Heads were confirmed as one headstamp: they wait no more, and others whose marks fit it as well as what they were
    /// read as are put into its group. Gives how many were. Nothing is decided of them.
    pub fn confirm(&mut self, catalogue: &Catalogue, headstamp: &str, ids: &[i64]) -> Result<usize, CatalogueError> {
        self.confirmed(headstamp, ids);
        self.draw(catalogue, headstamp, ids.len())
    }

    /// The first half of [`Self::confirm`]: heads were confirmed as one headstamp and wait no more.
    pub fn confirmed(&mut self, headstamp: &str, ids: &[i64]) {
        self.gone(ids);
        self.count(headstamp, ids.len() as u64);
    }

    /// The second half, which may wait until nobody does: others are put into the group of so many that were just confirmed.
    pub fn draw(&mut self, catalogue: &Catalogue, headstamp: &str, count: usize) -> Result<usize, CatalogueError> {
        let variety = variety_key(headstamp);
        let Some(ring) = Ring::of(headstamp) else { return Ok(0) };
        // what was confirmed often has drawn what it can
        if count < 2 && self.confirmed_of(&variety) > FIRST {
            return Ok(0);
        }
        let named = self.named.get(&variety).into_iter().flatten().copied();
        let mut these: Vec<i64> = named.filter(|id| self.heads.contains_key(id)).take(MOST_DRAWN).collect();
        for kin in self.kin.of(&pairs(&variety), MOST_DRAWN) {
            let from = Key { variety: kin.clone(), calibre: None, alone: None };
            let of = self.groups.range(from..).take_while(|(key, _)| key.variety == kin);
            these.extend(of.flat_map(|(_, ids)| ids.iter().copied()).take(MOST_DRAWN));
            if these.len() >= MOST_DRAWN {
                break;
            }
        }
        these.sort_unstable();
        these.dedup();
        these.truncate(MOST_DRAWN);
        let mut drawn = 0;
        for id in these {
            let Some((head, key)) = self.heads.get(&id) else { continue };
            if key.variety == variety || self.said_unlike(&head.place, &From::Variety(variety.clone())) {
                continue;
            }
            // what was confirmed in its own right stays
            if self.confirmed_of(&key.variety) > 0 {
                continue;
            }
            let Some(item) = catalogue.item(id)? else { continue };
            if !draws(&item, &ring) {
                continue;
            }
            let from = key.clone();
            let first = Key { variety: variety.clone(), calibre: None, alone: None };
            let there = self.groups.range(first..).next().filter(|(k, _)| k.variety == variety);
            let calibre = there.and_then(|(k, _)| k.calibre.clone());
            let to = Key { variety: variety.clone(), calibre, alone: None };
            self.leave(id, &from);
            self.join(id, &to);
            if let Some(head) = self.heads.get_mut(&id) {
                head.1 = to;
            }
            drawn += 1;
        }
        Ok(drawn)
    }

    /// Remembers what was said to differ: the heads leave the group, and stand alone until they are decided.
    pub fn differ(&mut self, pairs: &[(Place, From)]) {
        for (place, from) in pairs {
            self.unlike.entry(place.clone()).or_default().insert(from.clone());
            if let From::Head(other) = from {
                self.unlike.entry(other.clone()).or_default().insert(From::Head(place.clone()));
            }
        }
        let places: HashSet<&Place> = pairs.iter().map(|p| &p.0).collect();
        let these: Vec<Briefed> =
            self.heads.values().filter(|(h, _)| places.contains(&h.place)).map(|(h, _)| h.clone()).collect();
        these.into_iter().for_each(|head| self.put(head));
    }

    /// A head's own proposals, in their order.
    pub fn own(&self, item: &Item) -> Vec<Ranked> {
        let own = |(own, p): (usize, &ProposalRecord)| Ranked {
            headstamp: p.headstamp.clone(),
            own: Some(own),
            confirmed: 0,
            waiting: 0,
            fit: 0.0,
        };
        item.head.proposals.iter().enumerate().map(own).collect()
    }

    /// What is proposed for a head: its own proposals, and before them what was confirmed, or waits in numbers, and fits its
    /// marks better.
    pub fn proposals(&self, item: &Item) -> Vec<Ranked> {
        let marks = &item.head.marks;
        let mut fits = self.fits.take();
        if fits.0 != item.id {
            fits = (item.id, HashMap::new());
        }
        let mut fitting = |text: &str| {
            let new = || Ring::of(text).map_or(f32::NEG_INFINITY, |ring| fit(marks, &ring).each);
            *fits.1.entry(text.to_owned()).or_insert_with(new)
        };
        let size = |variety: &str| {
            let from = Key { variety: variety.to_owned(), calibre: None, alone: None };
            self.groups.range(from..).take_while(|(k, _)| k.variety == variety).map(|(_, ids)| ids.len()).sum()
        };
        let seen = pairs_of_head(&item.head);
        let mut known = HashSet::new();
        let mut all: Vec<Ranked> = Vec::new();
        for mut own in self.own(item) {
            let variety = variety_key(&own.headstamp);
            (own.confirmed, own.waiting) = (self.confirmed_of(&variety), size(&variety));
            own.fit = fitting(&own.headstamp);
            known.insert(variety);
            all.push(own);
        }
        let first = all.first().map_or(f32::NEG_INFINITY, |r| r.fit);
        for variety in self.kin.of(&seen, MOST_HELD) {
            let unlike = self.said_unlike(&item.place, &From::Variety(variety.clone()));
            if known.contains(&variety) || unlike {
                continue;
            }
            let waiting = size(&variety);
            let confirmed = self.confirmed_of(&variety);
            if confirmed == 0 && waiting < COMPANY {
                continue;
            }
            let Some(headstamp) = self.written(&variety).map(str::to_owned).or_else(|| Some(variety.clone())) else {
                continue;
            };
            let fit = fitting(&headstamp);
            all.push(Ranked { headstamp, own: None, confirmed, waiting, fit });
        }
        self.fits.replace(fits);
        // the own order stays among the own; what others bear is weighed against the first of them
        let rank = |r: &Ranked| {
            let company = if r.confirmed > 0 || r.waiting > COMPANY { WORSE } else { 0.0 };
            match r.own {
                Some(0) => r.fit + company + WORSE,
                Some(n) => (r.fit + company).min(first - 0.01 * n as f32 + company),
                None => r.fit + company - WORSE,
            }
        };
        all.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
        let own = item.head.proposals.len();
        all.truncate(own + MOST_PROPOSED);
        all
    }
}

/// Whether the marks of a head fit a variety about as well as what it was read as, and none plainly differs.
fn draws(item: &Item, ring: &Ring) -> bool {
    let new = fit(&item.head.marks, ring);
    let plain = new.faults.iter().any(|f| match f {
        Fault::Reads { probability, .. } => *probability < PLAIN,
        _ => false,
    });
    let own = item.head.proposals.first().and_then(|p| Ring::of(&p.headstamp));
    let own = own.map_or(f32::NEG_INFINITY, |ring| fit(&item.head.marks, &ring).each);
    !plain && new.each > DRAWN && new.each > own - WORSE
}
