//! Readings written down in order, ranked, and told apart.

use super::features::Features;
use super::lines::Reading;
use super::plane::wrap;
use super::proposal::{Element, Proposal};
use super::rank::{Choice, Search};
use super::vocabulary::Vocabulary;
use super::{apart, assemble, rank};
use crate::marks::{Direction, Mark};
use crate::notation::{script, variety_key};

/// Greatest step between letters that name the maker together, in degrees.
const NEAR: f32 = 90.0;

/// Readings looked at beyond those asked for, so that margin and posterior mean something.
const CONSIDERED: usize = 40;

/// The likeliest readings of a head, best first, at most `top`, no two of one variety. Marks that are not finite or lie
/// off the head are passed over. The time is bounded, whatever the marks are.
pub fn propose(marks: &[Mark], vocabulary: &dyn Vocabulary, top: usize) -> Vec<Proposal> {
    let search = rank::search(marks, vocabulary);
    let mut order: Vec<(f32, &Choice, &[u8])> = Vec::new();
    for choice in &search.choices {
        order.extend(choice.heads.iter().map(|(score, chosen)| (*score, choice, chosen.as_slice())));
    }
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    order.truncate(CONSIDERED.max(top.saturating_mul(3)).min(400));
    let mut written: Vec<_> = order
        .into_iter()
        .map(|(score, choice, chosen)| {
            let mut elements = elements(&search, choice, chosen);
            let (known, gain) = apart::join(&mut elements, &search.spots, vocabulary);
            start(&mut elements, vocabulary);
            let scripts = vocabulary.scripts_log_prior(&mut elements.iter().map(|e| e.text.as_str()));
            (score + gain + scripts, choice, chosen, elements, known)
        })
        .collect();
    written.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found: Vec<(String, Proposal)> = Vec::new();
    for (score, choice, chosen, mut elements, joined) in written {
        script::settle(elements.iter_mut().map(|e| &mut e.text));
        let headstamp = elements.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join("_");
        let key = variety_key(&headstamp);
        if !key.is_empty() && found.iter().all(|(k, _)| *k != key) {
            let features = describe(&search, choice, chosen, &elements, joined);
            found.push((key, Proposal { elements, headstamp, log_score: score, features }));
        }
    }
    compare(&mut found);
    found.into_iter().take(top).map(|(_, p)| p).collect()
}

/// The elements in clockwise order.
fn elements(search: &Search, choice: &Choice, chosen: &[u8]) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::with_capacity(choice.assembly.groups.len());
    for group in &choice.assembly.groups {
        let read = |l: usize| &choice.readings[l][chosen[l] as usize];
        let first = &choice.assembly.lines[group[0]];
        let turned = read(group[0]).turned;
        // upside down, the lower of two lines comes first
        let order: Vec<usize> = if turned { group.iter().rev().copied().collect() } else { group.clone() };
        let marks = order.iter().flat_map(|&l| {
            let spots = &choice.assembly.lines[l].spots;
            let forward = spots.iter().map(|&i| search.spots[i].mark);
            if read(l).turned { forward.rev().collect::<Vec<_>>() } else { forward.collect() }
        });
        let turn = wrap(first.up - first.clock + if turned { 180.0 } else { 0.0 });
        elements.push(Element {
            text: order.iter().map(|&l| read(l).text.as_str()).collect::<Vec<_>>().join(" "),
            clock_deg: first.clock,
            direction: Direction::nearest(turn),
            marks: marks.collect(),
            confidence: order.iter().map(|&l| read(l).seen).sum::<f32>().exp().min(1.0),
        });
    }
    elements.sort_by(|a, b| a.clock_deg.total_cmp(&b.clock_deg));
    elements
}

/// Turns the ring so that it starts with the element that names the maker, or else with the topmost.
fn start(elements: &mut [Element], vocabulary: &dyn Vocabulary) {
    let from_top = |e: &Element| wrap(e.clock_deg).abs();
    // letters name a maker more surely than numbers do
    let rank = |e: &Element| match vocabulary.names_maker(apart::bare(e)) {
        true if e.text.chars().any(char::is_alphabetic) => 0,
        true => 1,
        false => 2,
    };
    let ranks: Vec<u8> = elements.iter().map(rank).collect();
    // letters that stand apart, as in `F C`, name the maker together: reading starts at the first of them
    let letter = |i: usize| apart::bare(&elements[i]).chars().count() == 1;
    let follows = |i: usize| {
        let before = (i + elements.len() - 1) % elements.len();
        let step = (elements[i].clock_deg - elements[before].clock_deg).rem_euclid(360.0);
        ranks[before] == ranks[i] && letter(before) && letter(i) && step < NEAR
    };
    let start = (0..elements.len()).min_by(|&a, &b| {
        (ranks[a], follows(a))
            .cmp(&(ranks[b], follows(b)))
            .then(from_top(&elements[a]).total_cmp(&from_top(&elements[b])))
    });
    elements.rotate_left(start.unwrap_or(0));
}

/// All features that do not depend on other proposals. `joined` is what joining elements added to the log prior.
fn describe(search: &Search, choice: &Choice, chosen: &[u8], elements: &[Element], joined: f32) -> Features {
    let mut f = Features::default();
    let used = |i: usize| choice.mask >> i & 1 == 1;
    let there: Vec<f64> =
        search.spots.iter().enumerate().filter(|(i, _)| used(*i)).map(|(_, s)| s.presence as f64).collect();
    let n = there.len().max(1) as f64;
    let readings: Vec<&Reading> = choice.readings.iter().zip(chosen).map(|(r, &c)| &r[c as usize]).collect();
    let lines = &choice.assembly.lines;
    let seen: f64 = readings.iter().map(|r| r.seen as f64).sum();
    let flipped: usize =
        lines.iter().zip(&readings).map(|(l, r)| l.flipped.iter().filter(|&&f| f != r.turned).count()).sum();
    let gaps = lines.iter().flat_map(|l| &l.gaps);
    f.set("marks", there.len() as f64);
    f.set("elements", elements.len() as f64);
    f.set("dropped", search.spots.iter().enumerate().filter(|(i, s)| !used(*i) && s.presence >= 0.2).count() as f64);
    f.set("doubtful", there.iter().filter(|&&p| p < 0.5).count() as f64);
    f.set("log_presence_min", there.iter().copied().fold(1.0, f64::min).ln());
    f.set("log_presence_mean", there.iter().map(|p| p.ln()).sum::<f64>() / n);
    f.set("log_confidence_min", readings.iter().map(|r| r.least as f64).fold(0.0, f64::min));
    f.set("log_confidence_mean", seen / n);
    f.set("log_confidence_sum", seen);
    f.set("direction_agreement", 1.0 - flipped as f64 / n);
    f.set("link_cost", lines.iter().map(|l| l.cost as f64).sum::<f64>() / n);
    f.set("doubtful_gaps", gaps.filter(|&&g| (g - assemble::WORD).abs() < 0.12).count() as f64);
    f.set("holes", choice.assembly.holes as f64);
    f.set("filled_in", readings.iter().filter(|r| r.repaired).count() as f64);
    f.set("vocabulary", readings.iter().map(|r| r.known as f64).sum::<f64>() + joined as f64);
    f
}

/// Margin and posterior of proposals ranked best first.
fn compare(found: &mut [(String, Proposal)]) {
    let scores: Vec<f64> = found.iter().map(|(_, p)| p.log_score as f64).collect();
    let Some(&first) = scores.first() else { return };
    let all = scores.iter().map(|s| (s - first).exp()).sum::<f64>().ln();
    for (i, (_, p)) in found.iter_mut().enumerate() {
        let rival = if i == 0 { scores.get(1).copied().unwrap_or(first - 30.0) } else { first };
        p.features.set("margin", (scores[i] - rival).clamp(-30.0, 30.0));
        p.features.set("log_posterior", (scores[i] - first - all).clamp(-30.0, 0.0));
    }
}
