//! What is found of entries, without networks: marks are given.

use super::{Checker, Finding, Glance, Seen, Signal, Subject};
use crate::catalogue::{Entry, Field, How, Place, Value, Values};
use crate::reader::testing::head;
use crate::record::{HeadRecord, MarkRecord, ProposalRecord};
use crate::registry::Registry;

/// A head whose marks read this, each so sure, and which is proposed so.
fn reads(text: &str, sure: f32) -> HeadRecord {
    let like = head();
    let mark = |c: char| MarkRecord {
        text: c.into(),
        confidence: sure,
        alternatives: vec![],
        read_as: Some(c.into()),
        ..like.marks[0].clone()
    };
    let proposal =
        ProposalRecord { headstamp: text.to_owned(), confidence: Some(sure * sure), ..like.proposals[0].clone() };
    HeadRecord {
        marks: text.chars().filter(|c| *c != '_').map(mark).collect(),
        proposals: vec![proposal],
        ..like.clone()
    }
}

fn entry(fields: &[(Field, &str)], seen: Seen) -> Subject {
    let value = |text: &str| Value { text: text.to_owned(), how: How::Told, by: "list".into() };
    let values: Values = fields.iter().map(|(f, t)| (*f, value(t))).collect();
    let places = vec![Place { photo: "0".repeat(64), head: None }];
    Subject { entry: Entry { case: uuid::Uuid::nil(), places, values }, seen, twice: None }
}

fn bearing(headstamp: &str, seen: HeadRecord) -> Subject {
    entry(&[(Field::Headstamp, headstamp)], Seen::Heads(vec![seen]))
}

fn found(subjects: &[Subject]) -> Vec<Finding> {
    let registry = Registry::embedded().as_of(2026);
    let glances: Vec<Glance> = subjects.iter().map(|s| Glance::of(&s.entry.values)).collect();
    let checker = Checker::of(&glances, &registry);
    subjects.iter().map(|s| checker.check(s)).collect()
}

fn signals(finding: &Finding) -> Vec<Signal> {
    finding.reasons.iter().map(|r| r.signal).collect()
}

#[test]
fn one_character_that_the_marks_contradict_is_found_and_said() {
    let mut all: Vec<Subject> = (0..9).map(|_| bearing("LVE_86", reads("LVE_86", 0.98))).collect();
    all.push(bearing("LVE_88", reads("LVE_86", 0.98)));
    let found = found(&all);
    assert!(found[9].wrong > 0.7, "{:?}", found[9]);
    assert_eq!(found[9].reasons[0].instead.as_deref(), Some("LVE_86"));
    assert!(found[9].reasons[0].text.contains("mark 5 reads 6, not 8"), "{:?}", found[9]);
    assert!(found[..9].iter().all(|f| f.wrong < 0.05), "{found:?}");
}

#[test]
fn a_rare_variety_is_not_flagged_for_being_rare() {
    let mut all: Vec<Subject> = (0..59).map(|_| bearing("LVE_86", reads("LVE_86", 0.98))).collect();
    all.push(bearing("LVE_87", reads("LVE_87", 0.98)));
    all.push(bearing("VPT_45", reads("VPT_45", 0.98)));
    let found = found(&all);
    assert!(found[59].wrong < 0.05 && found[60].wrong < 0.05, "{:?}", &found[59..]);
}

#[test]
fn what_an_entry_says_itself_does_not_vouch_for_it() {
    // a head so worn that its marks say little: twice entered alike it is vouched for, once it is not
    let worn = || reads("LVF_36", 0.6);
    let alone = found(&[bearing("LVE_86", worn())]).remove(0);
    let vouched = found(&[bearing("LVE_86", worn()), bearing("LVE_86", reads("LVE_86", 0.98))]).remove(0);
    assert!(vouched.wrong < alone.wrong, "{vouched:?} {alone:?}");
}

#[test]
fn a_photograph_with_several_heads_is_held_against_the_one_that_is_meant() {
    let heads = vec![reads("VPT_45", 0.98), reads("LVE_86", 0.98)];
    let meant = entry(&[(Field::Headstamp, "LVE_86")], Seen::Heads(heads));
    assert!(found(&[meant])[0].wrong < 0.05);
}

#[test]
fn country_year_calibre_and_maker_are_held_against_the_registry() {
    use Field::{Calibre, Country, Factory, Headstamp, ProducerCode, Year};
    let of = |fields: &[(Field, &str)]| found(&[entry(fields, Seen::NoPhoto)]).remove(0);
    let right = of(&[(Headstamp, "10_88"), (Country, "BG"), (Year, "1988"), (Calibre, "7.62x39")]);
    assert!(right.wrong < 0.1 && right.reasons.is_empty(), "{right:?}");
    for (field, wrong, signal, says) in [
        (Country, "CH", Signal::Country, "the headstamp is BG"),
        (Year, "1978", Signal::Year, "bears 88, which is 1988"),
        (ProducerCode, "31", Signal::Maker, "not on the headstamp"),
    ] {
        let mut fields = vec![(Headstamp, "10_88"), (Country, "BG"), (Year, "1988"), (Calibre, "7.62x39")];
        fields.retain(|f| f.0 != field);
        fields.push((field, wrong));
        let found = of(&fields);
        assert_eq!(signals(&found), [signal], "{field} {found:?}");
        assert!(found.reasons[0].text.contains(says) && found.wrong > 0.3, "{found:?}");
    }
    let calibre = of(&[(Headstamp, "FC_LUGER_9MM"), (Calibre, "7.62x39")]);
    assert_eq!(signals(&calibre), [Signal::Calibre], "{calibre:?}");
    assert_eq!(calibre.reasons[0].instead.as_deref(), Some("9x19"));
    let early = of(&[(Headstamp, "10_88"), (Calibre, "5.56x45"), (Year, "1938")]);
    assert!(early.reasons.iter().any(|r| r.text.contains("not made before")), "{early:?}");
    let factory = of(&[(Headstamp, "FC_LUGER_9MM"), (Factory, "Lake City Army Ammunition Plant")]);
    assert!(factory.reasons.iter().all(|r| r.signal == Signal::Maker), "{factory:?}");
}

#[test]
fn what_most_others_say_of_a_headstamp_counts_beside_the_registry() {
    let said = |country: &str| entry(&[(Field::Headstamp, "QQQ_77"), (Field::Country, country)], Seen::NoPhoto);
    let mut all: Vec<Subject> = (0..12).map(|_| said("IR")).collect();
    all.push(said("IQ"));
    let found = found(&all);
    assert!(found[0].wrong < 0.05, "{:?}", found[0]);
    assert!(found[12].wrong > 10.0 * found[0].wrong, "{:?}", found[12]);
}

#[test]
fn slips_of_the_pen_are_named() {
    let written = |h: &str| entry(&[(Field::Headstamp, h)], Seen::NoPhoto);
    let mut all: Vec<Subject> = ["945_05"; 4].map(written).into_iter().collect();
    all.extend(["945 05", "94505", "945_O5", "LVE_86_X", "LVE_86_X", "86_LVE_X", "ВТ3A_1", "945_05"].map(written));
    let found = found(&all);
    let says =
        |n: usize, text: &str| found[n].reasons.iter().any(|r| r.signal == Signal::Slip && r.text.contains(text));
    assert!(says(4, "5 entries have 945_05") && says(5, "945_05") && says(6, "likely 05"), "{found:?}");
    assert!(says(9, "another order") && !says(7, "order"), "{found:?}");
    assert!(says(10, "another script"), "{:?}", found[10]);
    assert!(found[0].reasons.is_empty() && found[11].reasons.is_empty());
}

#[test]
fn a_head_that_was_entered_as_not_legible_and_reads_is_named() {
    let seen = |sure| entry(&[(Field::Headstamp, "not legible")], Seen::Heads(vec![reads("LVE_86", sure)]));
    let found = found(&[seen(0.97), seen(0.2)]);
    assert!(found[0].wrong > 0.3 && found[0].reasons[0].text.contains("it reads LVE_86"), "{found:?}");
    assert!(found[1].reasons.is_empty());
}
