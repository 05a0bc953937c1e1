//! Varieties found by what they have in common: pairs of neighbouring signs.

use crate::notation::variety_key;
use crate::record::HeadRecord;
use std::collections::{HashMap, HashSet};

/// Least share of neighbouring signs that two varieties have in common to be held against each other.
const LEAST: f32 = 0.3;
/// Entries of the index that are looked at for one head.
const MOST: usize = 6000;

/// Every variety, each once, and which of them hold a pair of neighbouring signs.
#[derive(Debug, Default)]
pub struct Kin {
    varieties: Vec<String>,
    known: HashSet<String>,
    holding: HashMap<[char; 2], Vec<u32>>,
}

impl Kin {
    /// Knows a variety from now on.
    pub fn know(&mut self, variety: &str) {
        if !self.known.insert(variety.to_owned()) {
            return;
        }
        let number = u32::try_from(self.varieties.len()).unwrap_or(u32::MAX);
        for pair in pairs(variety) {
            self.holding.entry(pair).or_default().push(number);
        }
        self.varieties.push(variety.to_owned());
    }

    /// Varieties that share neighbouring signs with these, those that share most first.
    pub fn of(&self, pairs_there: &[[char; 2]], most: usize) -> Vec<String> {
        let mut lists: Vec<&Vec<u32>> =
            pairs_there.iter().collect::<HashSet<_>>().into_iter().filter_map(|pair| self.holding.get(pair)).collect();
        // rare pairs tell more, and of common ones thousands of varieties have some
        lists.sort_unstable_by_key(|list| list.len());
        let mut shared: HashMap<u32, usize> = HashMap::new();
        let mut looked_at = 0;
        for list in lists {
            looked_at += list.len();
            if looked_at > MOST && !shared.is_empty() {
                break;
            }
            for number in list.iter().take(MOST) {
                *shared.entry(*number).or_default() += 1;
            }
        }
        let shared =
            shared.into_iter().filter_map(|(n, count)| Some((self.varieties.get(n as usize)?.as_str(), count)));
        let shares = shared.map(|(v, n)| (n as f32 / pairs(v).len().max(1) as f32, v));
        let mut all: Vec<(f32, &str)> = shares.filter(|s| s.0 >= LEAST).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        all.into_iter().take(most).map(|(_, v)| v.to_owned()).collect()
    }
}

/// Pairs of neighbouring signs of a ring, each once; elements are not told apart, since they are often misread.
pub fn pairs(variety: &str) -> Vec<[char; 2]> {
    let signs: Vec<char> = variety.chars().filter(|c| *c != '_').collect();
    let mut all: Vec<[char; 2]> = (0..signs.len()).map(|i| [signs[i], signs[(i + 1) % signs.len()]]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Pairs of neighbouring signs of a head: of its marks as they lie, and of what it is read as.
pub fn pairs_of_head(head: &HeadRecord) -> Vec<[char; 2]> {
    let mut seen = pairs(&head.marks.iter().map(|m| m.text.to_uppercase()).collect::<String>());
    seen.extend(head.proposals.iter().flat_map(|p| pairs(&variety_key(&p.headstamp))));
    seen
}
