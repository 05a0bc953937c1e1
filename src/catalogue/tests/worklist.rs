//! Photographs, and the heads on them.

use super::*;
use crate::photo::{Met, Picture};
use crate::record::HeadRecord;

on_both!(
    photographs_become_items_once,
    a_failure_gives_way_to_what_is_read,
    a_decision_may_come_before_its_photograph,
    one_picture_in_other_bytes_is_reviewed_once,
    other_models_renew_what_waits_and_nothing_that_was_decided,
);

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
    assert_eq!(catalogue.take_in(&other, Forks::Refuse, "Ada").unwrap().photographs, 2);
    assert_eq!(states(&catalogue), (5, 1, 4));
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
    catalogue.take_in(&other, Forks::Refuse, "Ada").unwrap();
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

/// Whether it comes with others, later, from another catalogue, or was known as a copy of one that is not held here.
fn one_picture_in_other_bytes_is_reviewed_once(shelf: &Shelf) {
    let pictured = |n: u32, heads, pixels: &str, same_as: Option<u32>| {
        let (mut record, values) = photo(n, heads);
        record.picture = Some(Picture { pixels: pixels.into(), look: "00".into() });
        record.same_as = same_as.map(sha);
        (record, values)
    };
    let states = |c: &Catalogue| c.counts().map(|n| (n.photographs, n.heads, n.pending, n.same_picture)).unwrap();
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[pictured(1, 2, "p", None), pictured(2, 2, "p", None), pictured(3, 1, "q", Some(1))]).unwrap();
    catalogue.add(&[pictured(4, 0, "p", None), pictured(5, 1, "r", Some(99))]).unwrap();
    // the fifth was known as a copy of something that is not here
    assert_eq!(states(&catalogue), (5, 3, 3, 4));
    let mut seen = catalogue.pictures().unwrap();
    let met = |n: u32| Met { name: n.to_string(), sha256: sha(n) };
    let like = |pixels: &str| Picture { pixels: pixels.into(), look: "00".into() };
    assert_eq!(seen.meet(&like("p"), &met(9)).map(|(_, m)| m.sha256.clone()), Some(sha(1)));

    // decided about, it is as everything that is decided about, and back again
    let link = catalogue.take(enter(1, &[at(2, 0)], stamped("31_94"))).link;
    assert_eq!(states(&catalogue), (5, 4, 3, 3));
    catalogue.undo(link);
    assert_eq!(states(&shelf.again(catalogue)), (5, 3, 3, 4));

    let mut other = shelf.empty("b");
    other.add(&[pictured(6, 1, "q", None), pictured(7, 1, "p", None)]).unwrap();
    let mut catalogue = shelf.empty("c");
    catalogue.add(&[pictured(1, 1, "p", None)]).unwrap();
    catalogue.take_in(&other, Forks::Refuse, "Ada").unwrap();
    assert_eq!(states(&catalogue), (3, 2, 2, 1));
    assert!(catalogue.verify_outcome().unwrap());
}

fn other_models_renew_what_waits_and_nothing_that_was_decided(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let apart = |mut heads: Vec<HeadRecord>| {
        for (n, head) in heads.iter_mut().enumerate() {
            head.ellipse.cx += 500.0 * n as f32;
        }
        heads
    };
    let (mut old, given) = photo(1, 3);
    old.heads = apart(old.heads);
    catalogue.add(&[(old.clone(), given)]).unwrap();
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    let before = catalogue.item_on(&at(1, 0)).unwrap().unwrap();
    // the last is not seen any more, another is new, and they come in another order
    let mut read = PhotoRecord { model: "newer".into(), ..old.clone() };
    read.heads.swap(0, 1);
    read.heads[2].ellipse.cx += 5_000.0;
    read.heads.iter_mut().for_each(|h| h.proposals[0].headstamp = "PPU_81".into());
    read.heads[0].legibility = 0.125;
    assert_eq!(catalogue.renew(&read, &[]).unwrap(), 1);
    let item = |n| catalogue.item_on(&at(1, n)).unwrap().unwrap();
    let renewed = item(1);
    assert_eq!((renewed.model.as_str(), renewed.head.legibility), ("newer", 0.125));
    assert_eq!(renewed.head.proposals[0].headstamp, "PPU_81");
    assert_eq!(item(0), before, "decided");
    assert_ne!(item(2).model, "newer", "not seen any more");
    assert_eq!(catalogue.renew(&PhotoRecord { sha256: Some(sha(9)), ..read }, &[]).unwrap(), 0);
}
