//! Finding what was entered by the marks it bears.

use super::access::Catalogue;
use super::error::CatalogueError;
use crate::notation::{Headstamp, NotationError, signs_of_key, variety_key};
use serde::Serialize;
use std::str::FromStr;

/// Entries that are looked at for the next headstamp at least and at most: where many bear one, the rest of them is passed
/// over; where hardly two bear the same, they are looked at many at once.
const LEAST: usize = 1;
const MOST: usize = 4096;

/// What is looked for: elements, or parts of them, that a headstamp bears, in any order. `?` is any sign. As where varieties
/// are told apart, letter case, dots and punctuation do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted(Vec<Vec<String>>);

impl FromStr for Wanted {
    type Err = NotationError;

    /// From the notation: `LVE_86`, `9?`.
    fn from_str(text: &str) -> Result<Self, NotationError> {
        text.parse::<Headstamp>()?;
        let parts = variety_key(text);
        let parts = parts.split('_').map(|p| signs_of_key(p).into_iter().map(str::to_owned).collect::<Vec<_>>());
        Ok(Self(parts.filter(|p| !p.is_empty()).collect()))
    }
}

impl Wanted {
    /// Whether a headstamp bears all of it.
    pub fn is_on(&self, headstamp: &str) -> bool {
        let key = variety_key(headstamp);
        let mut elements: Vec<Vec<&str>> = key.split('_').map(signs_of_key).collect();
        // what is longest has the least choice
        let mut parts: Vec<&Vec<String>> = self.0.iter().collect();
        parts.sort_by_key(|p| std::cmp::Reverse(p.len()));
        parts.iter().all(|part| {
            let holding = elements.iter().enumerate().filter(|(_, e)| holds(e, part));
            let found = holding.min_by_key(|(_, e)| e.len()).map(|(at, _)| at);
            found.map(|at| elements.swap_remove(at)).is_some()
        })
    }
}

/// Whether signs stand in an element, one after the other.
fn holds(element: &[&str], part: &[String]) -> bool {
    element.windows(part.len().max(1)).any(|w| w.iter().zip(part).all(|(is, wanted)| wanted == "?" || is == wanted))
}

/// A headstamp that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// As it was entered.
    pub headstamp: String,
    /// How many entries bear it, written so.
    pub entries: u64,
}

impl Catalogue {
    /// The headstamps of entries that bear what is looked for, those first that most entries bear. Work grows with how many
    /// headstamps there are, hardly with how many entries.
    pub fn bearing(&self, wanted: &Wanted) -> Result<Vec<Found>, CatalogueError> {
        let _one_state = self.reading()?;
        let mut found = Vec::new();
        let (mut after, mut look_at) = (String::new(), LEAST);
        loop {
            let piece = self.store().headstamps_after(&after, look_at)?;
            let Some(last) = piece.last() else { break };
            after.clone_from(last);
            look_at = if piece.len() == look_at { (look_at * 2).min(MOST) } else { (look_at / 2).max(LEAST) };
            for headstamp in piece.into_iter().filter(|h| wanted.is_on(h)) {
                let entries = self.store().bearing(&headstamp)?;
                found.push(Found { headstamp, entries });
            }
        }
        found.sort_by(|a, b| b.entries.cmp(&a.entries).then_with(|| a.headstamp.cmp(&b.headstamp)));
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_wherever_they_stand() {
        let on = |wanted: &str, headstamp: &str| wanted.parse::<Wanted>().unwrap().is_on(headstamp);
        assert!(on("lve_86", "86_LVE") && on("86", "LVE_•_86") && on("VE", "LVE_86") && on("8?", "LVE_86"));
        assert!(on("5.56", "FNB_5.56_04") && on("⊕", "FNB_⊕_04") && on("[crown]", "RG_[crown]_42"));
        assert!(
            !on("LVE_LVE", "LVE_86") && !on("68", "LVE_86") && !on("8??", "LVE_86") && !on("crown", "RG_[crown]_42")
        );
        // each part has an element of its own
        assert!(on("8_86", "86_8") && !on("8_86", "86_9"));
        assert!("".parse::<Wanted>().is_err());
    }
}
