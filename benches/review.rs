//! A batch reviewed as a careful person would: sheet by sheet, then head by head; accepts only what is right and mends the
//! rest. Prints what it cost a head, how pure sheets were, and how many planted heads were marked odd.
//!
//! `cargo bench --bench review -- CATALOGUE RENDERS`: what `headstamp add` made of what `headstamp synth --recurring` rendered.
//! The catalogue is copied, never changed.

use headstamp::catalogue::fields::NOT_LEGIBLE;
use headstamp::catalogue::{Catalogue, Field, Item, State, Values};
use headstamp::ellipse::Ellipse;
use headstamp::notation::variety_key;
use headstamp::photo;
use headstamp::record::MarkRecord;
use headstamp::registry::Registry;
use headstamp::review::groups::{Groups, Look, Pair, Sheet, proved};
use headstamp::review::{Answer, Desk, Queue, Reviewer};
use headstamp::synth::layout::Placed;
use headstamp::synth::words::Split;
use headstamp::synth::{dice::Dice, glyphs, layout, twice};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Proposals that a digit chooses.
const DIGITS: usize = 9;
/// Completions that are shown while typing; a digit or an arrow takes one.
const SHOWN: usize = 5;
/// Farthest that a head may lie from where it is, in radii.
const NEAR: f32 = 0.3;

fn main() -> Outcome<()> {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let [catalogue, renders] = &asked[..] else {
        println!("say which: cargo bench --bench review -- CATALOGUE RENDERS");
        return Ok(());
    };
    let truth = Truth::read(Path::new(renders))?;
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("a.catalogue");
    Catalogue::open(Path::new(catalogue))?.backup(&copy)?;
    let mut person = Person::new(&copy, truth)?;
    person.keep_looks(Path::new(renders))?;
    person.planted()?;
    person.twice(Path::new(renders))?;
    person.review()?;
    person.print(&copy)
}

/// Cases that are rendered twice, under another light and camera.
const TWICE: u64 = 60;

fn told(what: &str, pairs: &mut [Pair]) {
    pairs.sort_by(|a, b| a.like.total_cmp(&b.like));
    let at = |share: f32| pairs.get((share * (pairs.len() as f32 - 1.0)) as usize).map_or(0.0, |p| p.like);
    println!(
        "{} pairs, {what}: likeness {:.2} {:.2} {:.2} {:.2} (least, a tenth, middle, most); {} offered",
        pairs.len(),
        at(0.0),
        at(0.1),
        at(0.5),
        at(1.0),
        pairs.iter().filter(|p| p.offered).count()
    );
}

/// A mark where it was rendered, on a head that was not turned.
fn placed(mark: &Placed, like: &MarkRecord, rim: &Ellipse) -> MarkRecord {
    let (half, (x, y)) = (mark.size * rim.mean_radius() / 2.0, rim.at(mark.radius, mark.clock_deg));
    let corners = [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]];
    MarkRecord { clock_deg: mark.clock_deg, radius: mark.radius, corners, ..like.clone() }
}

/// What a person sees.
struct True {
    x: f32,
    y: f32,
    r: f32,
    headstamp: String,
    legible: bool,
}

struct Truth(HashMap<String, Vec<True>>);

impl Truth {
    fn read(folder: &Path) -> Outcome<Self> {
        let mut all = HashMap::new();
        for line in std::fs::read_to_string(folder.join("truth.jsonl"))?.lines() {
            let line: serde_json::Value = serde_json::from_str(line)?;
            let number = |v: &serde_json::Value| v.as_f64().unwrap_or_default() as f32;
            let head = |h: &serde_json::Value| True {
                x: number(&h["ellipse"]["cx"]),
                y: number(&h["ellipse"]["cy"]),
                r: number(&h["ellipse"]["a"]),
                headstamp: h["headstamp"].as_str().unwrap_or_default().to_owned(),
                legible: h["legible"].as_bool().unwrap_or_default(),
            };
            let heads = line["heads"].as_array().map(|a| a.iter().map(head).collect()).unwrap_or_default();
            all.insert(line["photo"].as_str().unwrap_or_default().to_owned(), heads);
        }
        Ok(Self(all))
    }

    fn on(&self, item: &Item) -> &[True] {
        let name = Path::new(&item.path).file_name().unwrap_or_default().to_string_lossy();
        self.0.get(name.as_ref()).map_or(&[], Vec::as_slice)
    }

    fn of(&self, item: &Item) -> Option<&True> {
        let e = item.head.ellipse;
        self.on(item).iter().find(|t| (t.x - e.cx).hypot(t.y - e.cy) < NEAR * t.r && e.a / t.r < 1.5 && t.r / e.a < 1.5)
    }
}

#[derive(Default)]
struct Cost {
    keys: u64,
    clicks: u64,
    typed: u64,
    singly: u64,
    sheets: u64,
    on_sheets: u64,
    right: u64,
    alike: u64,
    clean: u64,
    clean_right: u64,
    odd_right: u64,
    drawn: usize,
}

struct Person {
    desk: Desk,
    groups: Groups,
    words: Vec<String>,
    truth: Truth,
    cost: Cost,
    begun: Instant,
}

impl Person {
    fn new(path: &Path, truth: Truth) -> Outcome<Self> {
        let mut catalogue = Catalogue::open(path)?;
        catalogue.keep_briefs()?;
        let registry = Arc::new(Registry::embedded());
        let begun = Instant::now();
        let groups = Groups::of(&catalogue)?;
        println!("{} heads wait; put into groups in {:.2} s", groups.waiting(), begun.elapsed().as_secs_f32());
        let desk = Desk::new(catalogue, Reviewer { who: "Ada".into(), registry }, Queue::Heads);
        Ok(Self { desk, groups, words: Vec::new(), truth, cost: Cost::default(), begun })
    }

    /// Looks of heads that were added by a version that did not keep them.
    fn keep_looks(&mut self, renders: &Path) -> Outcome<()> {
        let path = self.desk.catalogue().path().to_path_buf();
        let mut catalogue = Catalogue::open(&path)?;
        let briefs = catalogue.briefs(State::Pending)?;
        let mut looks = Vec::new();
        for b in &briefs {
            if !catalogue.looks(&[b.id])?.is_empty() {
                continue;
            }
            let Some(item) = catalogue.item(b.id)? else { continue };
            let shown = photo::load(&file(renders, &item)).map_err(|e| e.to_string())?;
            looks.extend(Look::kept_of(&shown.luma, &item.head.ellipse).map(|look| (b.id, look)));
        }
        catalogue.keep_looks(&looks)?;
        Ok(())
    }

    fn right(&self, item: &Item, headstamp: &str) -> bool {
        self.truth.of(item).is_some_and(|t| variety_key(&t.headstamp) == variety_key(headstamp))
    }

    /// Every sheet once with one head of another variety among its own: of any, and of the one that is most like it.
    fn planted(&mut self) -> Outcome<()> {
        let catalogue = self.desk.catalogue();
        let all: Vec<Item> = catalogue
            .briefs(State::Pending)?
            .iter()
            .filter_map(|b| catalogue.item(b.id).transpose())
            .collect::<Result<_, _>>()?;
        let known: Vec<(&Item, String)> =
            all.iter().filter_map(|i| Some((i, variety_key(&self.truth.of(i)?.headstamp)))).collect();
        let (mut sheets, mut marked, mut near, mut near_marked) = (0, 0, 0, 0);
        for (n, group) in self.groups.all().into_iter().filter(|g| g.size > 1).enumerate() {
            let Some(sheet) = self.groups.sheet(catalogue, &group.key)? else { continue };
            let own = variety_key(&sheet.headstamp);
            let others: Vec<&(&Item, String)> = known.iter().filter(|(_, v)| *v != own).collect();
            let nearest = others.iter().min_by_key(|(_, v)| distance(v, &own));
            let any = others.get(n * 7919 % others.len().max(1));
            for (item, is_near) in [(any, false), (nearest, true)] {
                let Some((item, _)) = item else { continue };
                let look = |i: &Item| -> Outcome<Option<Look>> {
                    Ok(catalogue.looks(&[i.id])?.remove(&i.id).and_then(|l| Look::from_kept(&l)))
                };
                let mut heads = Vec::new();
                for member in &sheet.members {
                    heads.push((member.item.clone(), look(&member.item)?));
                }
                heads.push(((*item).clone(), look(item)?));
                let with = Sheet::of(&sheet.headstamp, sheet.calibre.as_deref(), heads);
                let odd = with.odd().any(|m| m.item.id == item.id);
                if is_near {
                    (near, near_marked) = (near + 1, near_marked + usize::from(odd));
                } else {
                    (sheets, marked) = (sheets + 1, marked + usize::from(odd));
                }
            }
        }
        println!(
            "planted, of any other variety: {marked} of {sheets} marked odd; of the nearest one: {near_marked} of {near}"
        );
        Ok(())
    }

    /// Heads of one variety held against each other: none of them is of one case.
    fn twice(&mut self, renders: &Path) -> Outcome<()> {
        let catalogue = self.desk.catalogue();
        let (mut likes, mut any) = (Vec::new(), None);
        for group in self.groups.all().into_iter().take(6) {
            let Some(sheet) = self.groups.sheet(catalogue, &group.key)? else { continue };
            let items: Vec<&Item> =
                sheet.members.iter().filter(|m| m.odd.is_empty()).map(|m| &m.item).take(6).collect();
            any = any.or_else(|| items.first().and_then(|i| i.head.marks.first()).cloned());
            let mut shown = Vec::new();
            for item in &items {
                shown.push(photo::load(&file(renders, item)).map_err(|e| e.to_string())?.luma);
            }
            for a in 0..items.len() {
                for b in a + 1..items.len() {
                    let head = |n: usize| (&shown[n], &items[n].head.ellipse, items[n].head.marks.as_slice());
                    likes.push(proved(head(a), head(b)));
                }
            }
        }
        told("like heads of two cases", &mut likes);
        let faces = glyphs::embedded();
        let mut same = Vec::new();
        for n in 0..TWICE {
            let mut dice = Dice::new(n, 0x0074_7769_6365);
            let layout = layout::headstamp(&mut dice, &faces, Split::HeldAside);
            let like = any.clone();
            let (pictures, rim) = twice::photographed(&layout, &mut dice);
            let mark = |m: &Placed| like.clone().map(|l| placed(m, &l, &rim));
            let marks: Vec<MarkRecord> = layout.marks.iter().filter_map(mark).collect();
            same.push(proved((&pictures[0].0, &rim, &marks), (&pictures[1].0, &rim, &[])));
        }
        told("one case photographed twice", &mut same);
        Ok(())
    }

    fn review(&mut self) -> Outcome<()> {
        self.begun = Instant::now();
        let mut alone: BTreeSet<i64> = BTreeSet::new();
        loop {
            let all = self.groups.all();
            if let Some(group) = all.iter().find(|g| g.size > 1 && !alone.contains(&g.first)) {
                let Some(sheet) = self.groups.sheet(self.desk.catalogue(), &group.key)? else { break };
                if !self.sheet(&sheet)? {
                    // one at a time from here
                    self.cost.keys += 1;
                    alone.extend(sheet.members.iter().map(|m| m.item.id));
                }
                continue;
            }
            let Some(group) = all.first() else { break };
            let Some(item) = self.desk.catalogue().item(group.first)? else { break };
            alone.remove(&item.id);
            self.single(item)?;
        }
        self.without_heads()
    }

    fn sheet(&mut self, sheet: &Sheet) -> Outcome<bool> {
        let mut votes: BTreeMap<String, usize> = BTreeMap::new();
        for member in &sheet.members {
            if let Some(t) = self.truth.of(&member.item) {
                *votes.entry(t.headstamp.clone()).or_default() += 1;
            }
        }
        let Some((text, votes)) = votes.into_iter().max_by_key(|v| v.1) else { return Ok(false) };
        let accepted = variety_key(&text) == variety_key(&sheet.headstamp);
        if votes * 2 <= sheet.members.len() {
            return Ok(false);
        }
        self.cost.sheets += 1;
        let of_one = |m: &&headstamp::review::groups::Member| self.right(&m.item, &text);
        self.cost.alike += sheet.members.iter().filter(of_one).count() as u64;
        if std::env::var_os("REVIEW_TELLS").is_some() {
            for m in sheet.members.iter().filter(|m| !self.right(&m.item, &sheet.headstamp)) {
                let why: Vec<String> = m.odd.iter().map(|o| o.words()).collect();
                println!(
                    "  {} on a sheet of {} as {}: {}",
                    self.truth.of(&m.item).map_or("no head", |t| &t.headstamp),
                    sheet.members.len(),
                    sheet.headstamp,
                    why.join("; ")
                );
            }
        }
        for member in &sheet.members {
            let (right, clean) = (self.right(&member.item, &sheet.headstamp), member.odd.is_empty());
            self.cost.on_sheets += 1;
            self.cost.right += u64::from(right);
            self.cost.clean += u64::from(clean);
            self.cost.clean_right += u64::from(clean && right);
            self.cost.odd_right += u64::from(!clean && right);
        }
        if !accepted {
            self.types(&[&sheet.headstamp], &text);
        }
        let headstamp = if accepted { sheet.headstamp.clone() } else { text };
        let (heads, out): (Vec<&Item>, Vec<&Item>) =
            sheet.members.iter().map(|m| &m.item).partition(|i| self.right(i, &headstamp));
        self.cost.clicks += out.len() as u64;
        self.cost.keys += 1;
        let ids = |items: &[&Item]| items.iter().map(|i| i.id).collect::<Vec<_>>();
        let together = self.desk.confirm(&headstamp, &ids(&heads), &ids(&out), &[], &Values::new())?;
        self.cost.drawn += self.groups.confirm(self.desk.catalogue(), &headstamp, &ids(&heads))?;
        self.groups.differ(&together.differ);
        self.learn(headstamp);
        Ok(true)
    }

    fn single(&mut self, item: Item) -> Outcome<()> {
        self.cost.singly += 1;
        self.desk.go_to(&item.place)?;
        self.desk.item()?;
        let ranked = self.groups.proposals(&item);
        let answer = match self.truth.of(&item) {
            None => {
                self.cost.keys += 1;
                Answer::NotAHead
            }
            Some(t) => {
                match ranked.iter().take(DIGITS).position(|r| variety_key(&r.headstamp) == variety_key(&t.headstamp)) {
                    Some(n) => {
                        self.cost.keys += 1;
                        Answer::Headstamp(ranked[n].headstamp.clone())
                    }
                    None if !t.legible => {
                        self.cost.keys += 1;
                        Answer::Headstamp(NOT_LEGIBLE.into())
                    }
                    None => {
                        let text = t.headstamp.clone();
                        let from: Vec<&str> = ranked.iter().take(DIGITS).map(|r| r.headstamp.as_str()).collect();
                        self.types(&from, &text);
                        Answer::Headstamp(text)
                    }
                }
            }
        };
        self.desk.answer(&answer)?;
        match answer {
            Answer::Headstamp(text) if text != NOT_LEGIBLE => {
                self.cost.drawn += self.groups.confirm(self.desk.catalogue(), &text, &[item.id])?;
                self.learn(text);
            }
            _ => self.groups.gone(&[item.id]),
        }
        Ok(())
    }

    /// Types a headstamp: completed from what was confirmed, or by mending one of what is proposed.
    fn types(&mut self, from: &[&str], text: &str) {
        let completed = |n: usize| {
            let begun: String = text.chars().take(n).collect();
            let start = self.words.partition_point(|w| *w < begun);
            self.words[start..].iter().take(SHOWN).position(|w| w == text).is_some()
        };
        let whole = text.chars().count();
        let begun = (1..whole).find(|n| completed(*n));
        // a click on a mark or between two, and the sign, for each that is wrong
        let mended = from.iter().map(|f| distance(f, text)).min().unwrap_or(whole);
        self.cost.keys += 2;
        match begun {
            Some(n) if n < 2 * mended => {
                self.cost.typed += n as u64;
                self.cost.keys += 1;
            }
            _ if 2 * mended < whole => {
                self.cost.clicks += mended as u64;
                self.cost.typed += mended as u64;
            }
            _ => self.cost.typed += whole as u64,
        }
    }

    fn learn(&mut self, text: String) {
        if let Err(at) = self.words.binary_search(&text) {
            self.words.insert(at, text);
        }
    }

    /// Photographs on which the head was missed.
    fn without_heads(&mut self) -> Outcome<()> {
        let path = self.desk.catalogue().path().to_path_buf();
        let reviewer = Reviewer { who: "Ada".into(), registry: Arc::new(Registry::embedded()) };
        let mut desk = Desk::new(Catalogue::open(&path)?, reviewer, Queue::WithoutHeads);
        while let Some(item) = desk.item()?.cloned() {
            self.cost.singly += 1;
            let answer = match self.truth.on(&item).first() {
                None => {
                    self.cost.keys += 1;
                    Answer::NotAHead
                }
                Some(t) if !t.legible => {
                    self.cost.keys += 1;
                    Answer::Headstamp(NOT_LEGIBLE.into())
                }
                Some(t) => {
                    let text = t.headstamp.clone();
                    self.types(&[], &text);
                    Answer::Headstamp(text)
                }
            };
            desk.answer(&answer)?;
        }
        Ok(())
    }

    fn print(&self, path: &Path) -> Outcome<()> {
        let Cost { keys, clicks, typed, singly, sheets, on_sheets, right, alike, clean, clean_right, odd_right, drawn } =
            self.cost;
        let catalogue = Catalogue::open(path)?;
        let (mut entries, mut correct, mut unread) = (0u64, 0u64, 0u64);
        let mut items: HashMap<String, Item> = HashMap::new();
        for b in catalogue.briefs(State::Entered)? {
            items.extend(catalogue.item(b.id)?.map(|i| (i.place.to_string(), i)));
        }
        catalogue.entries(|e| -> Result<(), headstamp::catalogue::CatalogueError> {
            entries += 1;
            let text = e.values.get(&Field::Headstamp).map_or("", |v| v.text.as_str());
            let item = e.places.first().and_then(|p| items.get(&p.to_string()));
            unread += u64::from(text == NOT_LEGIBLE);
            // of those without a head, the person typed what is there
            let good = item.is_none_or(|i| {
                self.right(i, text) || (text == NOT_LEGIBLE && self.truth.of(i).is_some_and(|t| !t.legible))
            });
            correct += u64::from(good);
            Ok(())
        })?;
        let counts = catalogue.counts()?;
        let each = |n: u64| n as f64 / entries.max(1) as f64;
        let share = |n: u64, of: u64| 100.0 * n as f64 / of.max(1) as f64;
        println!("{entries} entries, {correct} right ({unread} of them said not legible); {} wait", counts.pending);
        println!(
            "a head: {:.3} keys, {:.3} clicks, {:.3} typed; together {:.3}",
            each(keys),
            each(clicks),
            each(typed),
            each(keys + clicks + typed)
        );
        println!(
            "{sheets} sheets with {on_sheets} heads; {singly} heads looked at singly; {drawn} drawn by what was confirmed"
        );
        println!(
            "of one variety {:.2} % of what is on sheets; purity before correction {:.2} %; of those not marked odd {:.2} % of {clean}; {odd_right} of {right} right ones marked odd",
            share(alike, on_sheets),
            share(right, on_sheets),
            share(clean_right, clean)
        );
        println!("wall time {:.1} s", self.begun.elapsed().as_secs_f32());
        Ok(())
    }
}

fn file(renders: &Path, item: &Item) -> PathBuf {
    renders.join(Path::new(&item.path).file_name().unwrap_or_default())
}

/// Signs to change, put in or leave out.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, d) in b.iter().enumerate() {
            let new = (before + usize::from(c != *d)).min(row[j] + 1).min(row[j + 1] + 1);
            before = std::mem::replace(&mut row[j + 1], new);
        }
    }
    row[b.len()]
}
