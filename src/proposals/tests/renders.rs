//! Proposals from the marks of laid-out headstamps, clean and spoilt: how many are right.

use super::super::turned::upside_down;
use super::*;
use crate::synth::{layout, words::Split};

/// Whether a reading is the truth letter by letter, dots, spaces and symbols too, wherever round the head it starts.
fn exact(truth: &str, reading: &str) -> bool {
    let (truth, mut reading) = (truth.split('_').collect::<Vec<_>>(), reading.split('_').collect::<Vec<_>>());
    (0..reading.len()).any(|_| {
        reading.rotate_left(1);
        reading == truth
    })
}

/// How marks are spoilt.
#[derive(Default)]
pub(super) struct Spoilt {
    /// Share of marks of doubtful direction that are seen upside down.
    pub flipped: f32,
    /// Share of wide letters that are seen twice.
    pub doubled: f32,
    /// Marks that are none, at most.
    pub dirt: usize,
    /// Whether marks are seen as a middling recogniser sees them: faint, confused, now and then turned.
    pub middling: bool,
    /// Share of marks that are not seen at all.
    pub missed: f32,
}

/// A laid-out headstamp and its marks, each a little off.
pub(super) fn laid_out(dice: &mut Dice, faces: &[glyphs::Typeface], spoilt: &Spoilt) -> (String, Vec<Mark>) {
    loop {
        let head = layout::headstamp(dice, faces, Split::HeldAside);
        let upright = |m: &layout::Placed| wrap(m.turn_deg + m.clock_deg).abs() < 15.0;
        let square = |m: &layout::Placed| (wrap(m.turn_deg * 4.0)).abs() < 60.0;
        // single characters turned by any angle on one ring: nobody can say how they are read
        let inward = |m: &layout::Placed| wrap(m.turn_deg).abs() > 120.0;
        if !head.marks.iter().all(upright) && (!head.marks.iter().all(square) || head.marks.iter().all(inward)) {
            continue;
        }
        let turned = dice.range(0.0, 360.0);
        let mut marks: Vec<Mark> = head.marks.iter().map(|m| seen(dice, m, turned)).collect();
        spoil(dice, &mut marks, spoilt);
        return (head.headstamp, marks);
    }
}

fn seen(dice: &mut Dice, m: &layout::Placed, turned: f32) -> Mark {
    let (height, width) = (m.glyph.height * m.size, m.glyph.width * m.size * m.stretch);
    let mut mark = mark(
        ALPHABET[m.class],
        m.clock_deg + turned + dice.signed() * 1.5,
        m.radius + dice.signed() * 0.01,
        m.turn_deg + dice.signed() * 8.0,
        height * dice.range(0.9, 1.1),
        width * dice.range(0.9, 1.1),
    );
    mark.presence = dice.range(0.6, 1.0);
    mark.confidence = dice.range(0.8, 0.99);
    let other = ALPHABET[dice.int(0, ALPHABET.len())];
    if other != mark.text {
        mark.alternatives.push((other, (1.0 - mark.confidence) * 0.6));
    }
    mark
}

/// What a middling recogniser makes of a mark.
fn blur(dice: &mut Dice, m: &mut Mark) {
    const PAIRS: &str = "0O8B6G5S1I2ZMWNHCGEFPRUV37KX49DOTYL1JAQVw";
    m.presence = 1.0 - 0.7 * dice.unit() * dice.unit();
    m.confidence = 1.0 - 0.5 * dice.unit() * dice.unit();
    m.alternatives.clear();
    let near: Vec<char> = PAIRS.chars().collect();
    let other = near.chunks(2).find(|p| p.len() == 2 && p.contains(&m.text.chars().next().unwrap_or(' ')));
    let text = match other {
        Some(p) => ALPHABET.iter().find(|a| p.iter().any(|c| a.chars().eq([*c])) && **a != m.text).copied(),
        None => Some(ALPHABET[dice.int(0, 36)]),
    };
    let Some(other) = text.filter(|t| *t != m.text) else { return };
    let confidence = m.confidence;
    if dice.chance(0.08) {
        m.confidence = dice.range(0.35, 0.8);
        m.alternatives = vec![(m.text, (1.0 - m.confidence) * dice.range(0.2, 0.9))];
        m.text = other;
    } else {
        m.alternatives = vec![(other, (1.0 - confidence) * 0.6)];
    }
    if dice.chance(0.05) {
        m.turn_deg = wrap(m.turn_deg + [90.0, 180.0, 180.0, 180.0, -90.0][dice.int(0, 5)]);
    }
}

fn spoil(dice: &mut Dice, marks: &mut Vec<Mark>, spoilt: &Spoilt) {
    if spoilt.middling {
        marks.iter_mut().for_each(|m| blur(dice, m));
        marks.retain(|_| !dice.chance(spoilt.missed));
    }
    for k in 0..marks.len() {
        let m = marks[k].clone();
        if let Some(text) = upside_down(m.text).filter(|_| dice.chance(spoilt.flipped)) {
            (marks[k].text, marks[k].turn_deg) = (text, wrap(m.turn_deg + 180.0));
        }
        if matches!(m.text, "M" | "W" | "m" | "w") && dice.chance(spoilt.doubled) {
            let side = m.width * dice.range(0.2, 0.35) * if dice.chance(0.5) { 1.0 } else { -1.0 };
            let mut again = m.clone();
            again.text = ["I", "M", "W", "N", "V"][dice.int(0, 5)];
            again.clock_deg =
                (m.clock_deg + (side / m.radius).to_degrees() * m.turn_deg.to_radians().cos()).rem_euclid(360.0);
            again.radius += side * -m.turn_deg.to_radians().sin();
            (again.presence, again.confidence) = (dice.range(0.25, 0.6), dice.range(0.3, 0.7));
            marks.push(again);
        }
    }
    for _ in 0..dice.int(0, spoilt.dirt + 1) {
        let text = ALPHABET[dice.int(0, 36)];
        let mut m = mark(text, dice.range(0.0, 360.0), dice.range(0.45, 0.9), dice.range(-180.0, 180.0), 0.15, 0.12);
        (m.presence, m.confidence) = (dice.range(0.2, 0.35), dice.range(0.2, 0.6));
        marks.push(m);
    }
}

/// Headstamps that are laid out for each figure.
const COUNT: u64 = 1000;
/// What a share may fall below the measured one. The same headstamps are laid out every time, so that it moves with the
/// rules alone; a change for the better may still cost a few heads of one kind.
const SLACK: f32 = 0.02;

/// Whether so large a share of first proposals is right as was measured when the rules were last changed on purpose.
fn reaches(measured: f32, seed: u64, spoilt: &Spoilt, vocabulary: &dyn Vocabulary) {
    let faces = glyphs::embedded();
    let right = (0..COUNT).filter(|&i| {
        let (truth, marks) = laid_out(&mut Dice::new(seed, i), &faces, spoilt);
        let first = propose(&marks, vocabulary, 5).into_iter().next();
        let right = first.as_ref().is_some_and(|p| exact(&truth, &p.headstamp));
        if !right && std::env::var_os("SHOW_MISSES").is_some() {
            eprintln!("{i}: {truth}   {:?}", first.map(|p| p.headstamp));
        }
        right
    });
    let share = right.count() as f32 / COUNT as f32;
    eprintln!("seed {seed}: first {share:.3}, measured {measured:.3}");
    assert!(share >= measured - SLACK, "{share:.3} of first proposals are right, {measured:.3} were");
}

#[test]
fn clean_marks_are_read() {
    // the prior takes the mixed scripts of some of these heads for misread
    reaches(0.939, 1, &Spoilt::default(), &Conventions);
    reaches(0.944, 1, &Spoilt::default(), &NoVocabulary);
}

#[test]
fn spoilt_marks_are_read() {
    let spoilt = Spoilt { flipped: 0.2, doubled: 0.5, dirt: 2, ..Default::default() };
    reaches(0.887, 2, &spoilt, &Conventions);
}

#[test]
fn what_a_middling_recogniser_sees_is_read() {
    for (missed, with, without) in [(0.0, 0.613, 0.560), (0.03, 0.507, 0.468)] {
        let spoilt = Spoilt { doubled: 0.1, dirt: 2, middling: true, missed, ..Default::default() };
        reaches(with, 6, &spoilt, &Conventions);
        reaches(without, 6, &spoilt, &NoVocabulary);
    }
}
