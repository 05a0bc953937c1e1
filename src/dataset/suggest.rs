//! Which heads that wait are worth a person's time next: those that the program is unsure of, whose variety nobody has
//! confirmed yet, and that are rare; spread over varieties, since ten of one kind teach little more than one.

use crate::catalogue::{Briefed, Catalogue, CatalogueError, State};
use crate::notation::variety_key;
use serde::Serialize;
use std::collections::HashMap;

/// What each counts for: how unsure it is, whether its variety is new, and how rare it is.
const UNSURE: f32 = 0.5;
const NEW: f32 = 0.3;
const RARE: f32 = 0.2;
/// What another head of one variety is worth, of what the one before was.
const AGAIN: f32 = 0.4;
/// Confirmed heads of a variety from which on it is well known.
const KNOWN: u64 = 5;
/// Heads of a variety that wait from which on it is not rare.
const MANY: f32 = 10.0;

/// A head that is worth a look.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggested {
    /// The photograph, as it was named when it was added.
    pub photo: String,
    /// Which of its heads, from 0.
    pub head: Option<u32>,
    /// How much it is worth, 0..1.
    pub worth: f32,
    /// Key of the variety that it is read as first; empty where it is not read.
    pub variety: String,
    /// How sure that is.
    pub confidence: Option<f32>,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// The heads that are worth most, the first first; at most so many.
pub fn suggest(catalogue: &Catalogue, most: usize) -> Result<Vec<Suggested>, CatalogueError> {
    let mut confirmed: HashMap<String, u64> = HashMap::new();
    for (text, count) in catalogue.headstamp_counts()? {
        *confirmed.entry(variety_key(&text)).or_default() += count;
    }
    let waiting = catalogue.briefs(State::Pending)?;
    let mut groups: HashMap<&str, u32> = HashMap::new();
    waiting.iter().for_each(|b| *groups.entry(&b.brief.variety).or_default() += 1);
    let known = |b: &Briefed| confirmed.get(&b.brief.variety).copied().unwrap_or(0);
    let mut all: Vec<Suggested> = waiting
        .iter()
        .map(|b| suggested(b, known(b), groups.get(b.brief.variety.as_str()).copied().unwrap_or(1)))
        .collect();
    let by_worth = |a: &Suggested, b: &Suggested| {
        b.worth.total_cmp(&a.worth).then_with(|| (&a.photo, a.head).cmp(&(&b.photo, b.head)))
    };
    // of a variety each further one is worth less
    all.sort_by(by_worth);
    let mut taken: HashMap<String, i32> = HashMap::new();
    for one in all.iter_mut().filter(|s| !s.variety.is_empty()) {
        let before = taken.entry(one.variety.clone()).or_default();
        one.worth *= AGAIN.powi(*before);
        *before += 1;
    }
    all.sort_by(by_worth);
    all.truncate(most);
    Ok(all)
}

fn suggested(head: &Briefed, known: u64, waiting: u32) -> Suggested {
    let brief = &head.brief;
    let read = !brief.variety.is_empty();
    // most is learnt where it may as well be right as wrong; of what is not read at all little can be said
    let sure = brief.confidence.unwrap_or(0.0);
    let unsure = if read { 1.0 - (2.0 * sure - 1.0).abs() } else { 0.3 };
    let new = if read { 1.0 - (known.min(KNOWN) as f32 / KNOWN as f32) } else { 0.5 };
    let rare = if read { 1.0 - ((waiting as f32).ln() / MANY.ln()).clamp(0.0, 1.0) } else { 0.0 };
    let mut reasons = Vec::new();
    if !read {
        reasons.push("it could not be read".to_owned());
    } else if unsure > 0.4 {
        reasons.push(format!("the first proposal is as likely wrong as right ({sure:.2})"));
    } else if sure < 0.3 {
        reasons.push(format!("the program is unsure ({sure:.2})"));
    }
    match known {
        0 if read => reasons.push("nobody has confirmed this variety yet".into()),
        1..KNOWN => reasons.push(format!("only {known} of this variety are confirmed")),
        _ => {}
    }
    if read && waiting == 1 {
        reasons.push("no other that waits is read so".into());
    }
    Suggested {
        photo: head.path.clone(),
        head: head.place.head,
        worth: UNSURE * unsure + NEW * new + RARE * rare,
        variety: brief.variety.clone(),
        confidence: brief.confidence,
        reasons,
    }
}
