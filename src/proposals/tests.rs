//! Proposals from marks placed by hand, and from marks that are none.

use super::plane::wrap;
use super::*;
use crate::marks::{ALPHABET, Mark};
use crate::notation::variety_key;
use crate::strip::{COLUMNS, ROWS};
use crate::synth::{dice::Dice, glyphs};
use proptest::prelude::*;
use renders::{Spoilt, laid_out};

mod renders;

/// A mark as a good recogniser sees it.
fn mark(text: &'static str, clock_deg: f32, radius: f32, turn_deg: f32, height: f32, width: f32) -> Mark {
    let clock_deg = clock_deg.rem_euclid(360.0);
    Mark {
        text,
        turn_deg: wrap(turn_deg),
        clock_deg,
        radius,
        height,
        width,
        presence: 0.9,
        confidence: 0.95,
        alternatives: vec![],
        ..Mark::default()
    }
}

/// One word on the ring from a clock onward, tops out (`turn` 0) or in (180).
fn ring(word: &[&'static str], clock: f32, turn: f32) -> Vec<Mark> {
    let step = if turn == 0.0 { 17.0 } else { -17.0 };
    word.iter().enumerate().map(|(k, t)| mark(t, clock + step * k as f32, 0.7, turn, 0.18, 0.15)).collect()
}

/// One word straight on the page from a place, `up` clockwise from the page's top.
fn straight(word: &[&'static str], x: f32, y: f32, up: f32) -> Vec<Mark> {
    let (s, c) = up.to_radians().sin_cos();
    let place = |k: usize| (x + 0.2 * k as f32 * c, y + 0.2 * k as f32 * s);
    let at = |(k, t): (usize, &&'static str)| {
        let (x, y) = place(k);
        let clock = x.atan2(-y).to_degrees();
        mark(t, clock, (x * x + y * y).sqrt(), up - clock, 0.18, 0.15)
    };
    word.iter().enumerate().map(at).collect()
}

fn first(marks: &[Mark]) -> String {
    propose(marks, &Conventions, 3).first().map(|p| p.headstamp.clone()).unwrap_or_default()
}

#[test]
fn ring_text_outward_and_inward() {
    let marks = [
        ring(&["F", "C"], 350.0, 0.0),
        ring(&["L", "U", "G", "E", "R"], 60.0, 0.0),
        ring(&["9", "M", "M"], 230.0, 180.0),
    ]
    .concat();
    assert_eq!(first(&marks), "FC_LUGER_9MM");
}

#[test]
fn upright_text_beside_the_primer_runs_along_the_radius() {
    let words = [
        straight(&["R", "G"], -0.1, -0.7, 0.0),
        straight(&["5", "7"], 0.6, 0.0, 0.0),
        straight(&["2", "4"], -0.8, 0.0, 0.0),
    ];
    assert_eq!(first(&words.concat()), "RG_57_24");
}

#[test]
fn radial_words_are_read_along_the_radius() {
    let tops_clockwise = straight(&["A", "B", "C"], 0.9, 0.0, 180.0);
    let tops_out = ring(&["4", "7"], 200.0, 0.0);
    assert_eq!(first(&[tops_clockwise, tops_out].concat()), "ABC_47");
    let single =
        [ring(&["F"], 0.0, 0.0), vec![mark("4", 120.0, 0.7, 90.0, 0.18, 0.15)], ring(&["3"], 240.0, 0.0)].concat();
    assert_eq!(first(&single), "F_4_3");
}

#[test]
fn stacked_lines_are_one_element() {
    let upper = straight(&["5", "5", "6"], -0.2, 0.5, 0.0);
    let lower = straight(&["N", "A", "T"], -0.2, 0.74, 0.0);
    let marks = [ring(&["L", "C"], 350.0, 0.0), upper, lower].concat();
    assert_eq!(first(&marks), "LC_556 NAT");
}

#[test]
fn dots_stars_and_the_nato_mark_stand_alone() {
    let star = |clock| vec![mark("*", clock, 0.7, 40.0, 0.15, 0.15)];
    let marks = [ring(&["3"], 0.0, 0.0), star(90.0), ring(&["8", "7"], 170.0, 0.0), star(270.0)].concat();
    assert!(["3_*_87_*", "87_*_3_*"].contains(&first(&marks).as_str()), "{}", first(&marks));
    let marks =
        [ring(&["L", "C"], 10.0, 0.0), vec![mark("•", 90.0, 0.7, 0.0, 0.05, 0.05)], ring(&["1", "4"], 180.0, 0.0)]
            .concat();
    assert_eq!(first(&marks), "LC_•_14");
}

#[test]
fn neighbours_right_what_was_seen_upside_down() {
    let mut marks = [ring(&["L", "6", "M", "F"], 0.0, 0.0), ring(&["E", "4"], 180.0, 0.0)].concat();
    (marks[1].text, marks[1].turn_deg) = ("9", 180.0);
    (marks[2].text, marks[2].turn_deg) = ("W", 180.0);
    assert_eq!(first(&marks), "L6MF_E4");
}

#[test]
fn a_lone_turnable_number_is_proposed_both_ways() {
    let marks = [ring(&["6", "6"], 350.0, 0.0), ring(&["K"], 180.0, 0.0)].concat();
    let read: Vec<_> = propose(&marks, &NoVocabulary, 5).into_iter().map(|p| p.headstamp).collect();
    assert_eq!(read[0], "66_K");
    assert!(read.contains(&"99_K".to_owned()), "{read:?}");
}

#[test]
fn a_letter_seen_twice_is_one() {
    let mut marks = ring(&["9", "M", "M"], 0.0, 0.0);
    let mut again = marks[1].clone();
    (again.text, again.clock_deg, again.presence) = ("I", 17.0 + 5.0, 0.5);
    marks.push(again);
    assert_eq!(first(&marks), "9MM");
}

#[test]
fn features_are_finite_and_the_first_leads() {
    let (_, marks) = laid_out(&mut Dice::new(3, 0), &glyphs::embedded(), &Spoilt { dirt: 3, ..Default::default() });
    let proposals = propose(&marks, &Conventions, 5);
    for p in &proposals {
        assert!(p.features.0.iter().all(|f| f.is_finite()));
    }
    assert!(proposals[0].features.get("margin") >= Some(0.0));
    assert!(proposals.is_sorted_by(|a, b| a.log_score >= b.log_score));
    assert_eq!(proposals[0].features.get("no such"), None);
}

fn any_number() -> impl Strategy<Value = f32> {
    prop_oneof![8 => -1.0f32..400.0, 4 => 0f32..1.0, 1 => any::<f32>()]
}

fn any_mark() -> impl Strategy<Value = Mark> {
    let numbers = prop::array::uniform7(any_number());
    let others = || prop::collection::vec((prop::sample::select(&ALPHABET[..]), any_number()), 0..4);
    let readings = (others(), others());
    let all = (prop::sample::select(&ALPHABET[..]), numbers, readings, 0f32..1.0, any_number());
    all.prop_map(|(text, n, (alternatives, reversed), radius, upright)| Mark {
        text,
        turn_deg: n[0],
        turn_sure: radius,
        clock_deg: n[1],
        radius: if n[2] > 200.0 { n[2] } else { radius },
        height: n[3],
        width: n[4],
        presence: n[5],
        confidence: n[6],
        alternatives,
        reversed,
        upright,
    })
}

proptest! {
    #[test]
    fn marks_that_make_no_sense_do_no_harm(marks in prop::collection::vec(any_mark(), 0..60)) {
        let proposals = propose(&marks, &Conventions, 5);
        let keys: std::collections::BTreeSet<_> = proposals.iter().map(|p| variety_key(&p.headstamp)).collect();
        prop_assert_eq!(keys.len(), proposals.len());
        prop_assert!(proposals.iter().all(|p| p.headstamp.parse::<crate::notation::Headstamp>().is_ok()));
        prop_assert!(proposals.iter().flat_map(|p| &p.elements).flat_map(|e| &e.marks).all(|&m| m < marks.len()));
        legibility(&marks, 100.0, &image::GrayImage::new(COLUMNS as u32, ROWS as u32));
    }

    #[test]
    fn neither_order_nor_turning_matters(seed in 0u64..500, turn in 0f32..360.0, by in 0usize..20) {
        let spoilt = Spoilt { flipped: 0.1, doubled: 0.3, dirt: 1, ..Default::default() };
        let (_, marks) = laid_out(&mut Dice::new(4, seed), &glyphs::embedded(), &spoilt);
        let key = |marks: &[Mark]| propose(marks, &NoVocabulary, 1).first().map(|p| variety_key(&p.headstamp));
        let mut other = marks.clone();
        let n = other.len();
        other.rotate_left(by % n);
        other.reverse();
        for m in &mut other {
            m.clock_deg = (m.clock_deg + turn).rem_euclid(360.0);
        }
        prop_assert_eq!(key(&marks), key(&other));
    }
}

#[test]
fn known_words_are_filled_in() {
    let missed = |at: usize| {
        let mut word = ring(&["P", "A", "R", "A", "B", "E", "L", "L", "U", "M"], 40.0, 0.0);
        word.remove(at);
        let mut marks = ring(&["D", "W", "M"], 300.0, 0.0);
        marks.extend(word);
        marks
    };
    for at in [0, 3, 9] {
        assert_eq!(first(&missed(at)), "DWM_PARABELLUM", "without mark {at}");
    }
    assert_ne!(propose(&missed(3), &NoVocabulary, 1)[0].headstamp, "DWM_PARABELLUM");
}

#[test]
fn known_words_are_mended() {
    let read = |word: &[&'static str], vocabulary: &dyn Vocabulary| {
        let marks = [ring(word, 300.0, 0.0), ring(&["1", "2"], 170.0, 180.0)].concat();
        propose(&marks, vocabulary, 1)[0].headstamp.clone()
    };
    let two_wrong = ["W", "Y", "N", "C", "H", "F", "S", "T", "E", "R"];
    let one_too_many = ["W", "I", "N", "C", "C", "H", "E", "S", "T", "E", "R"];
    assert_eq!(read(&two_wrong, &Conventions), "WINCHESTER_12");
    assert_eq!(read(&one_too_many, &Conventions), "WINCHESTER_12");
    assert_eq!(read(&two_wrong, &NoVocabulary), "WYNCHFSTER_12");
    let unlike = ["W", "Y", "N", "K", "H", "F", "S", "T", "X", "R"];
    assert_eq!(read(&unlike, &Conventions), "WYNKHFSTXR_12");
}

#[test]
fn what_is_recognised_as_nothing_is_dirt_or_a_dot() {
    let unsure = |clock, extent| {
        let mut m = mark("6", clock, 0.7, 0.0, extent, extent * 0.7);
        m.confidence = 0.15;
        m.alternatives = vec![("0", 0.12), ("8", 0.1)];
        m
    };
    let words = [ring(&["2", "2", "3"], 330.0, 0.0), ring(&["R", "E", "M"], 90.0, 0.0)].concat();
    let with = |m: Mark| first(&[words.clone(), vec![m]].concat());
    assert_eq!(with(unsure(230.0, 0.18)), "REM_223");
    assert!(["REM_•_223", "REM_223"].contains(&with(unsure(230.0, 0.12)).as_str()));
}

#[test]
fn known_words_whose_letters_stand_apart_are_joined() {
    let at = |text, clock, turn| mark(text, clock, 0.7, turn, 0.18, 0.15);
    let dot = |clock| mark("•", clock, 0.7, 0.0, 0.05, 0.05);
    let number = ring(&["2", "2", "3"], 150.0, 0.0);
    let with = |marks: &[Mark]| first(&[marks, &number].concat());
    // over the top, and with the dots beside them at the ends
    assert_eq!(with(&[at("F", 340.0, 0.0), at("C", 20.0, 0.0)]), "FC_223");
    assert_eq!(with(&[at("F", 340.0, 0.0), dot(352.0), at("C", 20.0, 0.0)]), "FC_223");
    // facing inward, words run anticlockwise
    assert_eq!(with(&[at("C", 50.0, 180.0), at("F", 10.0, 180.0)]), "F_C_223");
    assert_eq!(with(&[at("F", 50.0, 180.0), at("C", 10.0, 180.0)]), "FC_223");
    // not the other way round, not far apart, and not what nobody knows
    assert_eq!(first(&[at("C", 340.0, 0.0), at("F", 20.0, 0.0)]), "C_F");
    assert_eq!(with(&[at("F", 300.0, 0.0), at("C", 20.0, 0.0)]), "F_C_223");
    assert_eq!(with(&[at("Q", 340.0, 0.0), at("C", 20.0, 0.0)]), "Q_C_223");
}

#[test]
fn the_ring_starts_with_the_maker_and_not_with_a_word_before_it() {
    let marks = [ring(&["F", "C"], 350.0, 0.0), ring(&["2", "2", "3"], 110.0, 0.0), ring(&["R", "E", "M"], 230.0, 0.0)];
    assert_eq!(first(&marks.concat()), "FC_223_REM");
}

#[test]
fn what_no_one_can_read_is_a_question_mark() {
    let mut marks = [ring(&["F", "N"], 0.0, 0.0), ring(&["4", "3"], 180.0, 0.0)].concat();
    marks[1].confidence = 0.08;
    assert_eq!(propose(&marks, &NoVocabulary, 1)[0].headstamp, "F?_43");
}
