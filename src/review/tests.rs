//! Desks on a catalogue in a folder: what people do there, and what is in the file afterwards.

use super::*;
use crate::catalogue::{Catalogue, Field, How, Value, Values, What};
use crate::reader::testing;
use crate::record::PhotoRecord;
use crate::registry::Registry;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;

static REGISTRY: LazyLock<Arc<Registry>> = LazyLock::new(|| Arc::new(Registry::embedded()));

/// Photographs `0.jpg` and on, each with so many heads, found at Kidal, in a catalogue that desks can be set up on.
struct Room(TempDir);

impl Room {
    fn with(heads: &[usize]) -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        let record = |(n, heads): (usize, &usize)| PhotoRecord {
            sha256: Some(format!("{n:064x}")),
            heads: vec![testing::head(); *heads],
            ..PhotoRecord::named(Path::new(&format!("{n}.jpg")), "fake")
        };
        let site = Value { text: "Kidal".into(), how: How::Told, by: "Eve".into() };
        let given = Values::from([(Field::Site, site)]);
        let all: Vec<_> = heads.iter().enumerate().map(record).map(|r| (r, given.clone())).collect();
        room.catalogue().add(&all).unwrap();
        room
    }

    fn catalogue(&self) -> Catalogue {
        Catalogue::open_or_create(&self.0.path().join("a.catalogue")).unwrap()
    }

    fn desk(&self, who: &str) -> Desk {
        self.desk_for(who, Queue::Heads)
    }

    fn desk_for(&self, who: &str, queue: Queue) -> Desk {
        Desk::new(self.catalogue(), Reviewer { who: who.into(), registry: Arc::clone(&REGISTRY) }, queue)
    }

    /// What is entered, in the order in which it was.
    fn entries(&self) -> Vec<BTreeMap<Field, String>> {
        let mut all = Vec::new();
        let each = |e: crate::catalogue::Entry| {
            all.push(e.values.into_iter().map(|(f, v)| (f, v.text)).collect());
            Ok::<_, crate::catalogue::CatalogueError>(())
        };
        self.catalogue().entries(each).unwrap();
        all
    }

    fn headstamps(&self) -> Vec<String> {
        self.entries().into_iter().map(|e| e[&Field::Headstamp].clone()).collect()
    }
}

/// The photograph on the desk.
fn on(desk: &mut Desk) -> Option<String> {
    desk.item().unwrap().map(|item| item.path.clone())
}

fn write(desk: &mut Desk, headstamp: &str) -> Done {
    desk.item().unwrap().expect("an item");
    desk.answer(&Answer::Headstamp(headstamp.into())).unwrap()
}

#[test]
fn each_answer_is_kept_before_the_next_item_comes() {
    let room = Room::with(&[1, 1, 1, 1]);
    let mut desk = room.desk("Ada");
    assert_eq!(on(&mut desk).as_deref(), Some("0.jpg"));
    assert_eq!(on(&mut desk).as_deref(), Some("0.jpg"), "it stays until it is answered");
    desk.answer(&Answer::Proposal(0)).unwrap();
    assert_eq!(room.headstamps(), ["FC_LUGER_9MM"], "seen by whoever opens the file");
    assert_eq!(on(&mut desk).as_deref(), Some("1.jpg"));
    desk.skip();
    assert_eq!(on(&mut desk).as_deref(), Some("2.jpg"));
    desk.answer(&Answer::NotAHead).unwrap();
    write(&mut desk, "FC_11");
    assert_eq!((on(&mut desk), desk.waiting().unwrap()), (None, 1));
    assert!(matches!(desk.answer(&Answer::Proposal(0)), Err(DeskError::Empty)));
    // what was skipped comes again at another desk
    assert_eq!(on(&mut room.desk("Ada")).as_deref(), Some("1.jpg"));
}

#[test]
fn an_answer_that_cannot_be_taken_changes_nothing() {
    let room = Room::with(&[1]);
    let mut desk = room.desk("Ada");
    desk.item().unwrap();
    desk.say(Of::ThisCase, Field::Notes, How::Told, "worn").unwrap();
    for bad in [Answer::Proposal(7), Answer::Headstamp("[".into()), Answer::Headstamp(" ".into())] {
        assert!(matches!(desk.answer(&bad), Err(DeskError::Answer(_))), "{bad:?}");
    }
    assert_eq!(on(&mut desk).as_deref(), Some("0.jpg"));
    assert_eq!((desk.said().len(), room.catalogue().chain_head().unwrap().decisions), (1, 0));
}

#[test]
fn what_is_said_is_of_one_case_or_of_all_from_here() {
    let room = Room::with(&[1, 1, 1]);
    let mut desk = room.desk("Ada");
    desk.item().unwrap();
    assert_eq!(desk.open_fields(), [Field::DateFound], "the site was told, the rest is derived");
    desk.say(Of::AllFromHere, Field::DateFound, How::Told, "2013-03").unwrap();
    desk.say(Of::AllFromHere, Field::Holder, How::Told, "the army").unwrap();
    desk.say(Of::ThisCase, Field::Holder, How::Told, "nobody").unwrap();
    desk.say(Of::ThisCase, Field::Calibre, How::Measured, "9x19").unwrap();
    assert!(desk.open_fields().is_empty());
    for (of, field, text) in [
        (Of::AllFromHere, Field::Calibre, "9x19"),
        (Of::ThisCase, Field::Headstamp, "FC"),
        (Of::ThisCase, Field::DateFound, "spring"),
    ] {
        assert_eq!(desk.say(of, field, How::Told, text).unwrap_err().field, field);
    }
    write(&mut desk, "Q_1");
    desk.item().unwrap();
    desk.say(Of::ThisCase, Field::Notes, How::Told, "of an item that is skipped").unwrap();
    desk.skip();
    write(&mut desk, "Q_2");
    let told: Vec<_> = room
        .entries()
        .iter()
        .map(|e| {
            [Field::Site, Field::DateFound, Field::Holder, Field::Calibre, Field::Notes].map(|f| e.get(&f).cloned())
        })
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            [some("Kidal"), some("2013-03"), some("nobody"), some("9x19"), None],
            [some("Kidal"), some("2013-03"), some("the army"), None, None]
        ]
    );
}

#[test]
fn undo_takes_back_ones_own_decisions_alone_also_another_day() {
    let room = Room::with(&[1; 40]);
    let mut ada = room.desk("Ada");
    for n in 0..3 {
        write(&mut ada, &format!("A_{n}"));
    }
    let mut bob = room.desk("Bob");
    assert_eq!(bob.undo().unwrap(), None, "Bob decided nothing");
    for n in 3..36 {
        write(&mut bob, &format!("B_{n}"));
    }
    drop(ada);
    let mut ada = room.desk("Ada");
    assert_eq!(on(&mut ada).as_deref(), Some("36.jpg"));
    let undone = ada.undo().unwrap().unwrap();
    assert_eq!((undone.decision.who.as_str(), undone.decision.link.seq), ("Ada", 3));
    assert_eq!(on(&mut ada).as_deref(), Some("2.jpg"), "what was taken back is on the desk");
    ada.undo().unwrap().unwrap();
    assert_eq!(on(&mut ada).as_deref(), Some("1.jpg"));
    write(&mut ada, "A_1 again");
    ada.undo().unwrap().unwrap();
    ada.undo().unwrap().unwrap();
    assert_eq!((ada.undo().unwrap(), on(&mut ada).as_deref()), (None, Some("0.jpg")));
    assert!(room.headstamps().iter().all(|h| h.starts_with("B_")));
    assert_eq!(room.headstamps().len(), 33);
}

#[test]
fn the_later_of_two_desks_sees_what_happened() {
    let room = Room::with(&[1, 1]);
    let (mut ada, mut bob) = (room.desk("Ada"), room.desk("Bob"));
    assert_eq!(on(&mut ada), on(&mut bob));
    assert!(write(&mut ada, "A_1").meanwhile.is_empty());
    let later = write(&mut bob, "B_1");
    let said = |done: &Done| done.meanwhile.iter().map(|d| d.who.clone()).collect::<Vec<_>>();
    assert_eq!((said(&later), room.headstamps()), (vec!["Ada".to_owned()], vec!["A_1".to_owned()]));
    // what one has decided does not come to the other any more
    write(&mut ada, "A_2");
    assert_eq!(on(&mut bob), None);
    // and taking back one's own does not bring back what another holds
    bob.undo().unwrap().unwrap();
    assert_eq!((on(&mut bob), room.catalogue().counts().unwrap().conflicts), (None, 0));
}

#[test]
fn a_case_is_found_by_the_start_of_its_id_and_the_last_one_by_none() {
    let room = Room::with(&[1, 1, 1]);
    let mut desk = room.desk("Ada");
    assert_eq!(desk.last_case(), None);
    let case = write(&mut desk, "A_1").what.case().unwrap();
    assert_eq!(desk.last_case(), Some(case));
    assert_eq!(desk.catalogue().find_case(&case.to_string()[..13]).unwrap(), Some(case));
    desk.item().unwrap();
    desk.answer(&Answer::SameCase(case)).unwrap();
    let counts = desk.catalogue().counts().unwrap();
    assert_eq!((counts.entries, counts.same_case), (1, 1));
    desk.undo().unwrap();
    assert_eq!(desk.last_case(), Some(case), "it is seen once less");
    desk.undo().unwrap();
    assert_eq!(desk.last_case(), None, "it is not entered any more");
}

#[test]
fn photographs_without_heads_are_a_queue_of_their_own() {
    let room = Room::with(&[1, 0, 0]);
    let mut sides = room.desk_for("Ada", Queue::WithoutHeads);
    assert_eq!((on(&mut sides).as_deref(), sides.waiting().unwrap()), (Some("1.jpg"), 2));
    assert_eq!(sides.open_fields().len(), 4, "nothing was read, so nothing is derived");
    sides.answer(&Answer::NotAHead).unwrap();
    assert_eq!((on(&mut sides).as_deref(), sides.waiting().unwrap()), (Some("2.jpg"), 1));
    sides.undo().unwrap();
    assert_eq!((on(&mut sides).as_deref(), sides.waiting().unwrap()), (Some("1.jpg"), 2));
}

#[test]
fn conflicts_are_settled_either_way_or_left() {
    let room = Room::with(&[1; 4]);
    let (mut ada, mut bob) = (room.desk("Ada"), room.desk("Bob"));
    for n in 0..4 {
        assert_eq!(on(&mut ada), on(&mut bob), "both see it before either decides");
        write(&mut ada, &format!("A_{n}"));
        write(&mut bob, &format!("B_{n}"));
    }
    let mut desk = room.desk("Eve");
    let about = |desk: &mut Desk| desk.conflict().unwrap().map(|c| c.about[63..].to_owned());
    assert_eq!((about(&mut desk).as_deref(), desk.conflicts().unwrap()), (Some("0#0"), 4));
    let done = desk.settle(Holds::Kept).unwrap().unwrap();
    assert!(matches!(done.what, What::Undo { link } if link.seq == 2));
    assert_eq!(about(&mut desk).as_deref(), Some("1#0"));
    desk.leave();
    assert_eq!(about(&mut desk).as_deref(), Some("2#0"));
    desk.settle(Holds::Other).unwrap().unwrap();
    // another settles the last one while it is looked at
    assert_eq!(about(&mut desk).as_deref(), Some("3#0"));
    bob.undo().unwrap().unwrap();
    assert_eq!(desk.settle(Holds::Other).unwrap(), None);
    assert_eq!((about(&mut desk), desk.conflicts().unwrap()), (None, 1));
    assert_eq!(room.headstamps(), ["A_0", "A_1", "B_2", "A_3"]);
    assert_eq!(about(&mut room.desk("Eve")).as_deref(), Some("1#0"), "what was left comes again");
}

#[test]
fn elements_and_headstamps_are_completed() {
    let room = Room::with(&[1]);
    write(&mut room.desk("Ada"), "QQX_94");
    let words = Words::known(&REGISTRY, &room.catalogue()).unwrap();
    assert_eq!(words.complete("QQ"), (0, vec!["QQX_94"]), "of the catalogue");
    let (from, marks) = words.complete("14_FN");
    assert!(from == 3 && marks.contains(&"FNB") && marks.iter().all(|m| m.starts_with("FN")), "{marks:?}");
    assert_eq!(words.complete("١_Ñ"), (3, vec![]));
    let few: Words = ["LC", "31_94", "LCW", "LC"].map(str::to_owned).into_iter().collect();
    assert_eq!((few.complete("31"), few.complete("14_L")), ((0, vec!["31_94"]), (3, vec!["LC", "LCW"])));
}

mod sheets;
