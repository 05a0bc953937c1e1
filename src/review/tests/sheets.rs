//! Groups and sheets on a catalogue in a folder.

use super::*;
use crate::catalogue::brief::From;
use crate::catalogue::{Briefed, State};
use crate::record::{HeadRecord, MarkRecord, ProposalRecord};
use crate::review::controls::{Controls, Kind};
use crate::review::groups::{Groups, MOST, Odd};
use std::time::Duration;

/// A head whose marks read `seen`, at even distances, and for which these are proposed.
fn head(seen: &str, proposals: &[&str]) -> HeadRecord {
    let plain = testing::head();
    let step = 360.0 / seen.chars().count() as f32;
    let mark = |(n, c): (usize, char)| MarkRecord {
        text: c.into(),
        clock_deg: n as f32 * step,
        confidence: 0.97,
        alternatives: Vec::new(),
        ..plain.marks[0].clone()
    };
    let proposal = |(n, text): (usize, &&str)| ProposalRecord {
        headstamp: (*text).to_owned(),
        confidence: Some(0.9 / (n + 1) as f32),
        countries: Vec::new(),
        year: None,
        calibre: None,
        vouched: None,
    };
    HeadRecord {
        marks: seen.chars().enumerate().map(mark).collect(),
        proposals: proposals.iter().enumerate().map(proposal).collect(),
        ..plain
    }
}

fn room(heads: Vec<HeadRecord>) -> Room {
    let room = Room(tempfile::tempdir().unwrap());
    let record = |(n, head): (usize, HeadRecord)| {
        let named = PhotoRecord::named(Path::new(&format!("{n}.jpg")), "fake");
        (PhotoRecord { sha256: Some(format!("{n:064x}")), heads: vec![head], ..named }, Values::new())
    };
    room.catalogue().add(&heads.into_iter().enumerate().map(record).collect::<Vec<_>>()).unwrap();
    room
}

fn of(n: usize, seen: &str, proposal: &str) -> Vec<HeadRecord> {
    vec![head(seen, &[proposal]); n]
}

#[test]
fn years_never_share_a_sheet_and_what_reads_otherwise_comes_first() {
    let mut heads = of(5, "1089", "10_89");
    heads.extend(of(3, "1088", "10_88"));
    heads.push(head("1088", &["10_89"]));
    let room = room(heads);
    let catalogue = room.catalogue();
    let groups = Groups::of(&catalogue).unwrap();
    let all = groups.all();
    assert_eq!(all.iter().map(|g| g.size).collect::<Vec<_>>(), [6, 3]);
    let sheet = groups.sheet(&catalogue, &all[0].key).unwrap().unwrap();
    assert_eq!((sheet.headstamp.as_str(), sheet.odd().count()), ("10_89", 1));
    assert_eq!(sheet.members[0].item.path, "8.jpg");
    assert_eq!(sheet.members[0].odd[0].words(), "mark 4 reads 8 where the others read 9");
    let other = groups.sheet(&catalogue, &all[1].key).unwrap().unwrap();
    assert_eq!((other.headstamp.as_str(), other.odd().count()), ("10_88", 0));
}

#[test]
fn another_die_is_marked() {
    let mut heads = of(5, "LCW94X", "LCW_94_X");
    let mut die = head("LCW94X", &["LCW_94_X"]);
    die.marks[3].clock_deg += 25.0;
    heads.push(die);
    let mut turned = head("LCW94X", &["LCW_94_X"]);
    turned.marks.iter_mut().for_each(|m| m.clock_deg = (m.clock_deg + 200.0).rem_euclid(360.0));
    turned.marks.sort_by(|a, b| a.clock_deg.total_cmp(&b.clock_deg));
    heads.push(turned);
    let room = room(heads);
    let catalogue = room.catalogue();
    let groups = Groups::of(&catalogue).unwrap();
    let sheet = groups.sheet(&catalogue, &groups.all()[0].key).unwrap().unwrap();
    let odd: Vec<_> = sheet.odd().collect();
    assert!(matches!(odd[..], [m] if m.item.path == "5.jpg" && matches!(m.odd[..], [Odd::Elsewhere(_)])), "{odd:?}");
}

#[test]
fn a_sheet_is_one_decision_a_head_and_undone_as_one() {
    let room = room(of(5, "1089", "10_89"));
    let mut desk = room.desk("Ada");
    let mut groups = Groups::of(desk.catalogue()).unwrap();
    let sheet = groups.sheet(desk.catalogue(), &groups.all()[0].key).unwrap().unwrap();
    let ids: Vec<i64> = sheet.members.iter().map(|m| m.item.id).collect();
    // somebody else is faster with one of them
    let mut bob = room.desk("Bob");
    bob.item().unwrap();
    bob.answer(&Answer::NotAHead).unwrap();
    let together = desk.confirm("10_89", &ids[..4], &ids[4..], &[], &Values::new()).unwrap();
    assert_eq!((together.done.len(), together.passed.len(), together.differ.len()), (3, 1, 1));
    assert!(together.done.iter().all(|d| matches!(d.what, What::Enter { group: 3, .. })));
    assert_eq!(room.headstamps(), ["10_89"; 3]);
    groups.confirm(desk.catalogue(), "10_89", &ids[..4]).unwrap();
    groups.differ(&together.differ);
    let left = groups.all();
    assert_eq!((left.len(), left[0].key.alone), (1, Some(ids[4])), "it stands alone");
    let again = Groups::of(&room.catalogue()).unwrap();
    assert_eq!(again.all()[0].key.alone, Some(ids[4]), "and that is remembered");

    let undone = desk.undo().unwrap().unwrap();
    assert_eq!((undone.together.len(), room.headstamps().len()), (2, 0));
    assert_eq!(room.catalogue().counts().unwrap().pending, 4);
    assert_eq!(desk.undo().unwrap(), None);
    assert!(desk.confirm("[", &ids, &[], &[], &Values::new()).is_err());
    assert!(room.catalogue().verify_outcome().unwrap());
}

#[test]
fn what_is_confirmed_draws_what_fits_and_nothing_that_plainly_differs() {
    let mut heads = of(3, "1089", "10_89");
    let mut unsure = head("1080", &["10_80"]);
    unsure.marks[3].confidence = 0.5;
    unsure.marks[3].alternatives = vec![("9".into(), 0.48)];
    heads.push(unsure);
    heads.extend(of(1, "1088", "10_88"));
    let room = room(heads);
    let catalogue = room.catalogue();
    let mut groups = Groups::of(&catalogue).unwrap();
    let ids: Vec<i64> = catalogue.briefs(State::Pending).unwrap().iter().map(|b| b.id).collect();
    let unsure = catalogue.item(ids[3]).unwrap().unwrap();
    assert_eq!(groups.confirm(&catalogue, "10_89", &ids[..3]).unwrap(), 1);
    let (key, _) = groups.group_of(ids[3]).unwrap();
    assert_eq!(key.variety, "10_89");
    assert_eq!(groups.group_of(ids[4]).unwrap().0.variety, "10_88");
    let ranked = groups.proposals(&unsure);
    let of = ranked.iter().find(|r| r.headstamp == "10_89").unwrap();
    assert_eq!(of.words().as_deref(), Some("as 3 confirmed heads"));
    let key = key.clone();
    let sheet = groups.sheet(&catalogue, &key).unwrap().unwrap();
    assert!(sheet.odd().count() == 1, "it is told that it was read otherwise");
    let said = [(unsure.place.clone(), From::Variety("10_89".into()))];
    groups.differ(&said);
    assert!(groups.proposals(&unsure).iter().all(|r| r.headstamp != "10_89"));
}

#[test]
fn queues_have_orders_and_filters() {
    let mut heads = of(1, "31", "31");
    heads.extend(of(2, "94", "94"));
    heads[0].proposals[0].confidence = Some(0.2);
    heads[2].proposals[0].confidence = Some(0.99);
    let room = room(heads);
    let catalogue = room.catalogue();
    let line = |order, filter: &Filter| in_line(&catalogue, order, filter).unwrap();
    let all = Filter::default();
    let ids = line(Order::Added, &all);
    assert_eq!(line(Order::Surest, &all), [ids[2], ids[1], ids[0]]);
    assert_eq!(line(Order::LeastSure, &all), ids);
    assert_eq!(line(Order::Group, &all), [ids[1], ids[2], ids[0]]);
    assert_eq!(line(Order::Settles, &all)[0], ids[1]);
    assert_eq!(line(Order::File, &all), ids);
    assert!(line(Order::Added, &Filter { country: Some("US".into()), ..Filter::default() }).is_empty());
    assert!(line(Order::Added, &Filter { state: Some(State::Entered), ..Filter::default() }).is_empty());
    assert!(catalogue.briefs(State::Pending).unwrap().iter().all(|b: &Briefed| all.takes(&b.brief)));
}

#[test]
fn controls_are_told_of_and_never_entered() {
    let room = room(vec![head("1089", &["10_89", "10_88"]); MOST]);
    let mut desk = room.desk("Ada");
    let ids: Vec<i64> = desk.catalogue().briefs(State::Pending).unwrap().iter().map(|b| b.id).collect();
    desk.confirm("10_89", &ids[..40], &[], &[], &Values::new()).unwrap();
    let before = room.catalogue().chain_head().unwrap();
    let mut none = Controls::new(0.0, 1);
    none.draw_from(desk.catalogue()).unwrap();
    assert!((0..100).all(|_| none.next(desk.catalogue()).unwrap().is_none()), "off by default");
    let mut controls = Controls::new(0.5, 1);
    controls.draw_from(desk.catalogue()).unwrap();
    for n in 0..100 {
        let Some(control) = controls.next(desk.catalogue()).unwrap() else { continue };
        let shown = control.item.head.proposals[0].headstamp.clone();
        assert_eq!(shown == "10_88", control.kind == Kind::Planted);
        // who waves through all that is shown
        let answer = if n % 4 == 0 { "10_89".to_owned() } else { shown };
        controls.answered(&control, &answer, Duration::from_millis(n));
    }
    let sum = controls.summary();
    assert!(sum.planted > 5 && sum.caught < sum.planted && sum.kept == sum.known && sum.known > 5, "{sum:?}");
    let blind = Controls::blind(desk.catalogue(), "Bob", 0).unwrap().unwrap();
    assert_eq!((blind.kind, blind.known.as_str()), (Kind::Blind, "10_89"));
    assert_eq!(Controls::blind(desk.catalogue(), "Ada", 0).unwrap(), None, "not one's own");
    assert_eq!(room.catalogue().chain_head().unwrap(), before);
}
