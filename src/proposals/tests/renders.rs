//! Proposals from the marks of laid-out headstamps, clean and spoilt: how many are right.

use super::super::turned::upside_down;
use super::*;
use crate::synth::{layout, words::Split};

/// Elements of a headstamp as words, without what does not count in comparing.
fn counted(headstamp: &str) -> Vec<Vec<String>> {
    let mut text = headstamp.to_lowercase();
    while let (Some(from), Some(to)) = (text.find('['), text.find(']')) {
        text.replace_range(from..=to, " ");
    }
    let word = |w: &str| w.chars().filter(|c| !".•-/?".contains(*c)).collect::<String>();
    let element = |e: &str| e.split(' ').map(word).filter(|w| !w.is_empty()).collect::<Vec<_>>();
    text.split('_').map(element).filter(|e| !e.is_empty()).collect()
}

/// All words round the head, the words of each element forward or backward.
fn orders(elements: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut out = vec![vec![]];
    for e in elements {
        let mut back = e.clone();
        back.reverse();
        let ways = if e.len() > 1 && out.len() < 64 { vec![e.clone(), back] } else { vec![e.clone()] };
        out =
            out.iter().flat_map(|o: &Vec<String>| ways.iter().map(move |w| [o.clone(), w.clone()].concat())).collect();
    }
    out
}

/// Whether a reading has the words of the truth in their order, wherever it starts; words may be split further.
fn exact(truth: &str, reading: &str) -> bool {
    let (truth, reading) = (counted(truth), counted(reading));
    let ends = |words: &[String]| {
        let mut at = 0;
        let ends = words.iter().map(|w| {
            at += w.len();
            at
        });
        (words.concat(), ends.collect::<std::collections::BTreeSet<_>>())
    };
    let readings: Vec<_> = orders(&reading).iter().map(|r| ends(r)).collect();
    orders(&truth).into_iter().any(|mut t| {
        (0..t.len().max(1)).any(|_| {
            if !t.is_empty() {
                t.rotate_left(1);
            }
            let (text, all) = ends(&t);
            readings.iter().any(|(r, e)| *r == text && all.is_subset(e))
        })
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

/// Share of `count` headstamps that are first and among the first five.
fn right(count: u64, seed: u64, spoilt: &Spoilt, vocabulary: &dyn Vocabulary) -> (f32, f32) {
    let faces = glyphs::embedded();
    let (mut first, mut five) = (0, 0);
    for i in 0..count {
        let mut dice = Dice::new(seed, i);
        let (truth, marks) = laid_out(&mut dice, &faces, spoilt);
        let hits: Vec<bool> = propose(&marks, vocabulary, 5).iter().map(|p| exact(&truth, &p.headstamp)).collect();
        first += hits.first().is_some_and(|h| *h) as u32;
        five += hits.contains(&true) as u32;
        if std::env::var_os("SHOW_MISSES").is_some() && hits.first() != Some(&true) {
            let read: Vec<_> = propose(&marks, vocabulary, 2).into_iter().map(|p| p.headstamp).collect();
            eprintln!("{i}: {truth}   {read:?}");
        }
    }
    (first as f32 / count as f32, five as f32 / count as f32)
}

#[test]
fn clean_marks_are_read() {
    // the prior takes the mixed scripts of some of these heads for misread
    for (vocabulary, least) in [(&Conventions as &dyn Vocabulary, 0.975), (&NoVocabulary, 0.98)] {
        let (first, five) = right(1000, 1, &Spoilt::default(), vocabulary);
        eprintln!("clean: first {first:.3}, of five {five:.3}");
        assert!(first >= least);
    }
}

#[test]
fn spoilt_marks_are_read() {
    let spoilt = Spoilt { flipped: 0.2, doubled: 0.5, dirt: 2, ..Default::default() };
    let (first, five) = right(1000, 2, &spoilt, &Conventions);
    eprintln!("spoilt: first {first:.3}, of five {five:.3}");
    assert!(first >= 0.9);
}

#[test]
fn what_a_middling_recogniser_sees_is_read() {
    for (vocabulary, name) in [(&Conventions as &dyn Vocabulary, "conventions"), (&NoVocabulary, "none")] {
        for (missed, least) in [(0.0, 0.5), (0.03, 0.35)] {
            let spoilt = Spoilt { doubled: 0.1, dirt: 2, middling: true, missed, ..Default::default() };
            let (first, five) = right(1000, 6, &spoilt, vocabulary);
            eprintln!("middling, {missed} missed, vocabulary {name}: first {first:.3}, of five {five:.3}");
            assert!(first > least);
        }
    }
}
