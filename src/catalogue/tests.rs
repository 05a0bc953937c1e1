//! Decisions and what follows from them, in a file and in memory: what holds of one store holds of the other.

mod exchange;
mod merging;
mod random;

use super::memory::{Disk, Memory};
use super::sqlite::Sqlite;
use super::*;
use crate::reader::testing;
use crate::record::PhotoRecord;
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

/// Runs tests, functions of a shelf, with either store.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod files { $(#[test] fn $test() { super::$test(&super::Shelf::files()); })* }
        mod memory { $(#[test] fn $test() { super::$test(&super::Shelf::memory()); })* }
    };
}
use on_both;

/// Where the catalogues of a test are kept.
pub(super) enum Shelf {
    Files(TempDir),
    Memory(Disk),
}

impl Shelf {
    pub(super) fn files() -> Self {
        Self::Files(tempfile::tempdir().unwrap())
    }

    fn memory() -> Self {
        Self::Memory(Disk::default())
    }

    pub(super) fn empty(&self, name: &str) -> Catalogue {
        match self {
            Self::Files(folder) => {
                let path = folder.path().join(name);
                let store = Sqlite::open_or_create(&path, Uuid::new_v4).unwrap().hasty();
                Catalogue::kept_by(Box::new(store), path)
            }
            Self::Memory(disk) => {
                let store = Memory::new(Uuid::new_v4(), Disk::clone(disk));
                Catalogue::kept_by(Box::new(store), name.into())
            }
        }
    }

    /// A copy under another name.
    fn copy(&self, of: &Catalogue, name: &str) -> Catalogue {
        match self {
            Self::Files(folder) => {
                of.backup(&folder.path().join(name)).unwrap();
                Catalogue::open(&folder.path().join(name)).unwrap()
            }
            Self::Memory(disk) => {
                of.backup(Path::new(name)).unwrap();
                let store = Memory::open(Path::new(name), Disk::clone(disk)).unwrap();
                Catalogue::kept_by(Box::new(store), name.into())
            }
        }
    }

    /// As it is found when the program begins anew.
    fn again(&self, catalogue: Catalogue) -> Catalogue {
        match self {
            Self::Files(_) => {
                let path = catalogue.path().to_path_buf();
                drop(catalogue);
                Catalogue::open(&path).unwrap()
            }
            Self::Memory(_) => catalogue,
        }
    }
}

on_both!(
    photographs_become_items_once,
    a_failure_gives_way_to_what_is_read,
    undo_and_undoing_it_leave_and_bring_back_the_entry,
    what_is_undone_twice_comes_back_when_both_are_undone,
    those_that_undo_each_other_end,
    what_hangs_together_over_several_steps_is_decided_together,
    what_can_be_undone_is_found_past_what_was,
    amending_replaces_all_values_and_can_be_undone,
    a_case_on_several_photographs_is_one_entry,
    the_later_is_told_of_the_conflict,
    values_that_only_a_third_decision_contradicts_are_told,
    a_decision_may_come_before_its_photograph,
    conflicts_are_found_one_after_another,
    a_case_is_found_by_the_start_of_its_id,
    several_decisions_are_taken_all_or_none,
    decisions_are_dated_by_the_clock,
);

/// SHA-256 of a photograph by its number.
pub(super) fn sha(photo: u32) -> String {
    format!("{photo:064x}")
}

/// A head on a photograph.
pub(super) fn at(photo: u32, head: u32) -> Place {
    Place { photo: sha(photo), head: Some(head) }
}

/// A case by its number.
pub(super) fn case(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(super) fn values(texts: &[(Field, &str)]) -> Values {
    let value = |text: &str| Value { text: text.into(), how: How::Stamped, by: "Ada".into() };
    texts.iter().map(|(field, text)| (*field, value(text))).collect()
}

pub(super) fn stamped(headstamp: &str) -> Values {
    values(&[(Field::Headstamp, headstamp)])
}

pub(super) fn enter(n: u128, places: &[Place], values: Values) -> What {
    What::Enter { case: case(n), places: places.to_vec(), way: Way::Accepted, group: 1, values }
}

/// A photograph that was read, with so many heads.
pub(super) fn photo(n: u32, heads: usize) -> (PhotoRecord, Values) {
    let mut record = PhotoRecord::named(Path::new(&format!("photos/{n}.jpg")), "test");
    record.sha256 = Some(sha(n));
    record.heads = vec![testing::head(); heads];
    (record, Values::new())
}

/// A photograph that could not be read.
fn broken(n: u32) -> (PhotoRecord, Values) {
    let (mut record, values) = photo(n, 0);
    let stage = crate::error::Stage::Decode;
    record.error = Some(crate::record::ErrorRecord { stage, message: "cut off".into(), hint: None });
    (record, values)
}

impl Catalogue {
    pub(super) fn take(&mut self, what: What) -> Decided {
        self.decide("Ada", what, None).unwrap()
    }

    pub(super) fn undo(&mut self, link: Link) -> Decided {
        self.take(What::Undo { link })
    }

    pub(super) fn all(&self) -> Vec<Entry> {
        let mut all = Vec::new();
        self.entries::<CatalogueError>(|e| {
            all.push(e);
            Ok(())
        })
        .unwrap();
        all
    }

    pub(super) fn headstamps(&self) -> Vec<String> {
        self.all().into_iter().map(|e| e.values[&Field::Headstamp].text.clone()).collect()
    }

    pub(super) fn contradictions(&self) -> usize {
        let listed = self.conflicts().unwrap().len();
        assert_eq!(self.counts().unwrap().conflicts as usize, listed);
        listed
    }
}

fn photographs_become_items_once(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    assert_eq!(catalogue.add(&[photo(1, 3), photo(2, 0), broken(3)]).unwrap(), 3);
    assert_eq!(catalogue.add(&[photo(1, 3), photo(2, 0)]).unwrap(), 0);
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.photographs, counts.failed, counts.without_heads, counts.pending), (3, 1, 1, 3));
    assert_eq!(catalogue.photographs().unwrap(), [sha(1), sha(2)].into());
    assert_eq!(catalogue.path_of(&sha(2)).unwrap().as_deref(), Some("photos/2.jpg"));
    assert_eq!(catalogue.path_of(&sha(9)).unwrap(), None);

    let first = catalogue.next_item(0).unwrap().unwrap();
    assert_eq!((first.place, first.path.as_str(), first.state), (at(1, 0), "photos/1.jpg", State::Pending));
    assert_eq!(first.head.proposals, testing::head().proposals);
    assert_eq!(catalogue.next_item(first.id).unwrap().unwrap().place, at(1, 1));
    let whole = catalogue.next_without_head(0).unwrap().unwrap();
    assert_eq!((whole.place, whole.head.proposals.len()), (Place { photo: sha(2), head: None }, 0));
    assert_eq!(catalogue.item_at(&at(1, 0)).unwrap(), Some(first.id));
    assert_eq!(catalogue.item_at(&at(1, 3)).unwrap(), None);
}

/// Whether it comes with others or later, once or twice.
fn a_failure_gives_way_to_what_is_read(shelf: &Shelf) {
    let states = |c: &Catalogue| c.counts().map(|n| (n.photographs, n.failed, n.heads)).unwrap();
    let mut catalogue = shelf.empty("a");
    assert_eq!(catalogue.add(&[broken(1), broken(2)]).unwrap(), 2);
    assert_eq!(catalogue.add(&[photo(1, 1), broken(1), photo(1, 2), photo(3, 1), photo(3, 2)]).unwrap(), 2);
    assert_eq!(states(&catalogue), (3, 1, 2));
    assert_eq!(catalogue.add(&[broken(4), broken(4), photo(4, 1), broken(4)]).unwrap(), 3);
    assert_eq!(states(&catalogue), (4, 1, 3));

    // in another catalogue it could be read
    let mut other = shelf.empty("b");
    other.add(&[broken(1), photo(2, 1), broken(4), broken(5)]).unwrap();
    assert_eq!(catalogue.take_in(&other, "Ada").unwrap().photographs, 2);
    assert_eq!(states(&catalogue), (5, 1, 4));
}

fn undo_and_undoing_it_leave_and_bring_back_the_entry(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1), photo(2, 1)]).unwrap();
    let entered = catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    assert!(entered.conflicts.is_empty());
    let state = |c: &Catalogue| (c.headstamps(), c.next_item(0).unwrap().unwrap().place, c.counts().unwrap().entered);
    let with = (vec!["31_94".to_owned()], at(2, 0), 1);
    assert_eq!(state(&catalogue), with);
    let undone = catalogue.undo(entered.link);
    assert_eq!(state(&catalogue), (vec![], at(1, 0), 0));
    assert!(catalogue.undoable(5).unwrap().is_empty());
    let again = catalogue.undo(undone.link);
    assert_eq!(state(&catalogue), with);
    catalogue.undo(again.link);
    assert_eq!(state(&catalogue), (vec![], at(1, 0), 0));
    catalogue.undo(again.link);
    catalogue.undo(undone.link);

    let mut catalogue = shelf.again(catalogue);
    assert_eq!(state(&catalogue), with);
    assert_eq!(catalogue.undoable(5).unwrap().len(), 1);
    assert_eq!(catalogue.verify_history().unwrap(), 6);
    assert!(catalogue.verify_outcome().unwrap());
    for link in [Link { seq: 9, ..entered.link }, Link { history: case(1), ..entered.link }] {
        assert!(matches!(catalogue.decide("Ada", What::Undo { link }, None), Err(CatalogueError::Absent(_))));
    }
}

fn what_is_undone_twice_comes_back_when_both_are_undone(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let entered = catalogue.take(enter(1, &[], stamped("31_94")));
    let undone = [catalogue.undo(entered.link), catalogue.undo(entered.link)];
    let first = catalogue.undo(undone[0].link);
    assert!(catalogue.all().is_empty());
    let second = catalogue.undo(undone[1].link);
    assert_eq!(catalogue.headstamps(), ["31_94"]);
    catalogue.undo(first.link);
    assert!(catalogue.all().is_empty());
    catalogue.undo(second.link);
    assert!(catalogue.all().is_empty());
}

fn what_hangs_together_over_several_steps_is_decided_together(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let first = catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    catalogue.take(enter(2, &[at(1, 0), at(2, 0)], values(&[(Field::Site, "Kidal")])));
    catalogue.take(enter(3, &[at(2, 0), at(3, 0)], values(&[(Field::Year, "1994")])));
    let entries = |c: &Catalogue| c.all().iter().map(|e| (e.case, e.places.len(), e.values.len())).collect::<Vec<_>>();
    assert_eq!(entries(&catalogue), [(case(1), 3, 3)]);
    catalogue.undo(first.link);
    assert_eq!(entries(&catalogue), [(case(2), 3, 2)]);
    assert!(catalogue.verify_outcome().unwrap());
}

/// No one can do so here; a file from elsewhere may say so. What is undone in a ring does not hold.
fn those_that_undo_each_other_end(shelf: &Shelf) {
    use super::history::filing;
    use super::store::{Histories, KeptLink, OWN, Turn};
    let mut catalogue = shelf.empty("a");
    let entered = catalogue.take(enter(1, &[], stamped("31_94")));
    let mut before = catalogue.chain_head().unwrap();
    let mut writing = catalogue.writing().unwrap();
    // 2 undoes 3, 3 undoes 2, 4 undoes the entry, 5 undoes 4 and is undone by 6, which 7 undoes
    for (seq, of) in [(2, 3), (3, 2), (4, 1), (5, 4), (6, 5), (7, 6)] {
        let link = Link { seq, ..entered.link };
        let what = What::Undo { link: Link { seq: of, ..link } };
        let decision = Decision { link, at: "2026-01-01T00:00:00.000Z".into(), who: "Eve".into(), what, shown: None };
        let text = serde_json::to_string(&decision).unwrap();
        before.hash = decision::hash(&before.hash, &text);
        let turn = Turn { history: OWN, seq };
        let filing = filing(&Histories::of(writing.store()).unwrap(), turn, &decision).unwrap();
        writing.store().append(&[(KeptLink { turn, text, hash: before.hash.clone() }, filing)]).unwrap();
    }
    writing.commit().unwrap();
    assert_eq!(catalogue.verify_history().unwrap(), 7);
    let turns: Vec<Turn> = (1..=7).map(|seq| Turn { history: OWN, seq }).collect();
    let undone: Vec<u64> = outcome::undone(catalogue.store(), &turns).unwrap().into_iter().map(|t| t.seq).collect();
    assert_eq!(undone, [2, 3, 4, 6]);
    assert!(catalogue.verify_outcome().unwrap());
    let mut other = shelf.empty("b");
    other.take_in(&catalogue, "Ada").unwrap();
    assert_eq!(other.headstamps(), ["31_94"]);
}

fn what_can_be_undone_is_found_past_what_was(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    for n in 0..40 {
        catalogue.take(enter(n, &[], stamped("31_94")));
    }
    let last = |c: &Catalogue, count| c.undoable(count).unwrap().iter().map(|d| d.link.seq).collect::<Vec<_>>();
    assert_eq!(last(&catalogue, 3), [40, 39, 38]);
    let mut before = u64::MAX;
    for _ in 0..30 {
        let decision = catalogue.undoable_before(before, 1).unwrap().remove(0);
        before = decision.link.seq;
        catalogue.undo(decision.link);
    }
    assert_eq!(last(&catalogue, 2), [10, 9]);
    assert_eq!(last(&catalogue, 100), (1..=10).rev().collect::<Vec<_>>());
    assert!(last(&catalogue, 0).is_empty());
}

fn amending_replaces_all_values_and_can_be_undone(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.take(enter(1, &[], values(&[(Field::Headstamp, "31_94"), (Field::Site, "Kidal")])));
    let amended = catalogue.take(What::Amend { case: case(1), values: stamped("31_95") });
    assert_eq!(catalogue.all()[0].values, stamped("31_95"));
    catalogue.undo(amended.link);
    assert_eq!(catalogue.all()[0].values.len(), 2);
    assert_eq!(catalogue.contradictions(), 0);
}

fn a_case_on_several_photographs_is_one_entry(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1), photo(2, 1), photo(3, 2)]).unwrap();
    let entered =
        catalogue.take(enter(1, &[at(1, 0)], values(&[(Field::Headstamp, "31_94"), (Field::Quantity, "40")])));
    catalogue.take(What::SameCase { case: case(1), place: at(2, 0) });
    catalogue.take(What::SameCase { case: case(1), place: at(3, 1) });
    catalogue.take(What::NotAHead { place: at(3, 0) });
    assert_eq!(catalogue.all()[0].places, [at(1, 0), at(2, 0), at(3, 1)]);
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.pending, counts.entered, counts.same_case, counts.not_a_head), (0, 1, 2, 1));
    assert_eq!((counts.entries, counts.cases), (1, 40));
    let more = values(&[(Field::Headstamp, "31_94"), (Field::Quantity, "41")]);
    let amended = catalogue.take(What::Amend { case: case(1), values: more });
    assert_eq!(catalogue.counts().unwrap().cases, 41);
    catalogue.undo(amended.link);

    // without the entry no one knows which case the others show
    catalogue.undo(entered.link);
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.pending, counts.same_case, counts.not_a_head), (3, 0, 1));
    assert_eq!((counts.entries, counts.cases), (0, 0));
}

fn the_later_is_told_of_the_conflict(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1), photo(2, 1)]).unwrap();
    let entered = catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let other = catalogue.take(enter(2, &[at(1, 0)], stamped("31_95")));
    assert_eq!(other.conflicts, [entered.link]);
    // the same headstamp, read from elsewhere, and a value more: no contradiction
    let same = catalogue.take(enter(3, &[at(1, 0)], values(&[(Field::Headstamp, "94_31"), (Field::Site, "Kidal")])));
    assert!(same.conflicts.is_empty());
    let none = catalogue.take(What::NotAHead { place: at(1, 0) });
    assert_eq!(none.conflicts, [entered.link]);

    assert_eq!(catalogue.headstamps(), ["31_94"]);
    assert_eq!(catalogue.all()[0].values[&Field::Site].text, "Kidal");
    assert_eq!((catalogue.verify_history().unwrap(), catalogue.contradictions()), (4, 2));
    assert_eq!(catalogue.conflicts().unwrap()[0].about, format!("{}#0", sha(1)));
    // without the first, the next holds
    catalogue.undo(entered.link);
    assert_eq!(catalogue.headstamps(), ["31_95"]);
    assert_eq!(catalogue.contradictions(), 2);
    // whoever decides again, knowing both, settles it
    catalogue.take(What::Amend { case: case(2), values: stamped("31_95") });
    assert_eq!(catalogue.contradictions(), 0);
}

fn values_that_only_a_third_decision_contradicts_are_told(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1)]).unwrap();
    let from = |country| values(&[(Field::Headstamp, "31_94"), (Field::Country, country)]);
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let second = catalogue.take(enter(2, &[at(1, 0)], from("CN")));
    assert!(second.conflicts.is_empty());
    assert_eq!(catalogue.take(enter(3, &[at(1, 0)], from("RU"))).conflicts, [second.link]);
    assert_eq!(catalogue.all()[0].values[&Field::Country].text, "CN");
}

/// A whole photograph may have been put to its case before it is held: by a file of entries, or in another catalogue.
fn a_decision_may_come_before_its_photograph(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let whole = Place { photo: sha(2), head: None };
    let decided = catalogue.take(enter(1, &[at(1, 0), whole.clone()], stamped("31_94")));
    let mut other = shelf.empty("b");
    other.add(&[photo(1, 1), photo(2, 0)]).unwrap();
    other.take(enter(7, &[at(1, 0)], stamped("31_94")));
    other.take(What::SameCase { case: case(7), place: whole.clone() });
    let states = |c: &Catalogue| c.counts().map(|n| (n.pending, n.without_heads, n.entered, n.same_case)).unwrap();
    assert_eq!(states(&other), (0, 0, 1, 1));
    catalogue.take_in(&other, "Ada").unwrap();
    assert_eq!(states(&catalogue), (0, 0, 2, 0));
    assert!(catalogue.verify_outcome().unwrap());
    catalogue.undo(decided.link);
    assert_eq!(states(&catalogue), (0, 0, 1, 1));
    assert_eq!(shelf.again(catalogue).next_item(0).unwrap(), None);

    let mut later = shelf.empty("c");
    later.take(enter(1, &[whole], stamped("31_94")));
    later.add(&[photo(2, 0)]).unwrap();
    assert_eq!(states(&later), (0, 0, 1, 0));
    assert!(later.verify_outcome().unwrap());
}

fn conflicts_are_found_one_after_another(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let both = |n: u32| [stamped("31_94"), stamped("31_95")].map(|v| (enter(u128::from(n), &[at(n, 0)], v), None));
    // all are entered once, then all otherwise, as other cases
    catalogue.decide_all("Ada", (0..7).map(|n| both(n)[0].clone()).collect()).unwrap();
    for n in 0..7 {
        let What::Enter { places, values, .. } = both(n)[1].0.clone() else { unreachable!() };
        catalogue.take(enter(u128::from(n) + 100, &places, values));
    }
    let all = catalogue.conflicts().unwrap();
    assert_eq!(all.len(), 7);
    let mut paged = Vec::new();
    while let Some(conflict) = catalogue.conflicts_after(paged.last(), 1).unwrap().pop() {
        assert_eq!(
            catalogue.conflict_between(conflict.kept.link, conflict.other.link).unwrap().as_ref(),
            Some(&conflict)
        );
        paged.push(conflict);
    }
    assert_eq!(paged, all);
    assert_eq!(catalogue.conflicts_after(Some(&all[1]), 3).unwrap(), all[2..5]);
    // one that is settled is still a place to go on from
    catalogue.undo(all[1].other.link);
    assert_eq!(catalogue.conflict_between(all[1].kept.link, all[1].other.link).unwrap(), None);
    assert_eq!(catalogue.conflict_between(all[1].kept.link, all[0].other.link).unwrap(), None);
    assert_eq!(catalogue.conflicts_after(Some(&all[1]), 3).unwrap(), all[2..5]);
    assert_eq!(catalogue.contradictions(), 6);
}

fn a_case_is_found_by_the_start_of_its_id(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    for id in [0x1234_5678_u128 << 96, 0x1234_ffff_u128 << 96, 0xabcd_u128 << 112] {
        catalogue.take(enter(id, &[], stamped("31_94")));
    }
    for (start, found) in [
        ("1234567", Some(0x1234_5678_u128 << 96)),
        ("ABCD", Some(0xabcd_u128 << 112)),
        ("1234", None),
        ("123", None),
        ("beef", None),
        ("1234%", None),
    ] {
        assert_eq!(catalogue.find_case(start).unwrap(), found.map(case), "{start}");
    }
}

fn several_decisions_are_taken_all_or_none(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1)]).unwrap();
    let history = catalogue.chain_head().unwrap().history;
    let head = catalogue.chain_head().unwrap();
    let entered = (enter(1, &[at(1, 0)], stamped("31_94")), None);
    let undo = |seq| (What::Undo { link: Link { history, seq } }, None);
    assert!(catalogue.decide_all("Ada", vec![entered.clone(), undo(3)]).is_err());
    assert!(catalogue.decide_all("Ada", vec![undo(1), entered.clone()]).is_err());
    assert_eq!((catalogue.chain_head().unwrap(), catalogue.counts().unwrap().pending), (head, 1));
    assert!(catalogue.all().is_empty());
    // one may undo another of the same
    let decided = catalogue.decide_all("Ada", vec![entered.clone(), undo(1), entered]).unwrap();
    assert_eq!(decided.iter().map(|d| d.link.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((catalogue.verify_history().unwrap(), catalogue.headstamps().len()), (3, 1));
}

fn decisions_are_dated_by_the_clock(shelf: &Shelf) {
    let at = || "2026-03-04T05:06:07.89012Z".parse().unwrap();
    let mut catalogue = shelf.empty("a").with_clock(at);
    catalogue.take(enter(1, &[], stamped("31_94")));
    assert_eq!(catalogue.undoable(1).unwrap()[0].at, "2026-03-04T05:06:07.890Z");
}
