//! Varieties of catalogues held against each other: which are shared, which are here alone, which there alone.

use super::files::{ReportError, write_csv};
use super::study::{Column, Study, Variety};
use crate::list::safe;
use crate::notation::variety_key;
use crate::output::{Existing, Made};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The standard normal quantile of a 95 % interval.
const NORMAL_95: f64 = 1.959_964;

/// Varieties of one catalogue: calibre, and key of the headstamp, with how often it was seen and how it is written.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    of: BTreeMap<(String, String), (u64, String)>,
}

impl Stock {
    /// The varieties of a study whose headstamps could be read.
    pub fn of(study: &Study) -> Self {
        let mut of: BTreeMap<(String, String), (u64, String)> = BTreeMap::new();
        for (variety, count) in study.varieties.iter().zip(study.sums(Column::Variety)) {
            if variety.is_read() {
                of.entry(key(variety)).or_insert_with(|| (0, variety.headstamp.clone())).0 += count;
            }
        }
        Self { of }
    }

    /// How many varieties there are.
    pub fn varieties(&self) -> usize {
        self.of.len()
    }

    /// How many cases there are.
    pub fn cases(&self) -> u64 {
        self.of.values().map(|v| v.0).sum()
    }
}

fn key(variety: &Variety) -> (String, String) {
    (variety.calibre.clone(), variety_key(&variety.headstamp))
}

/// A share with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The share, 0..1; 0 of nothing.
    pub share: f64,
    /// Its interval: Wilson's, without correction for continuity (1927).
    pub interval: [f64; 2],
}

impl Share {
    /// Of so many, so many.
    pub fn new(count: u64, of: u64) -> Self {
        if of == 0 {
            return Self { count, of, share: 0.0, interval: [0.0, 1.0] };
        }
        let (n, p) = (of as f64, count as f64 / of as f64);
        let z2 = NORMAL_95 * NORMAL_95;
        let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = NORMAL_95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Self { count, of, share: p, interval: [(middle - half).max(0.0), (middle + half).min(1.0)] }
    }
}

/// A variety in each of the catalogues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The calibre; empty where it was not recorded.
    pub calibre: String,
    /// The headstamp, in the notation.
    pub headstamp: String,
    /// How many cases bear it: here, and in each of the others.
    pub cases: Vec<u64>,
}

/// One catalogue against another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// What the other is called.
    pub with: String,
    /// Its varieties, and its cases.
    pub varieties: usize,
    /// Its cases.
    pub cases: u64,
    /// Varieties of here that are found there too.
    pub shared_varieties: Share,
    /// Cases of here that are of such varieties.
    pub shared_cases: Share,
    /// Varieties of there that are found here too.
    pub shared_varieties_there: Share,
    /// Varieties that are here alone.
    pub only_here: usize,
    /// Varieties that are there alone.
    pub only_there: usize,
}

/// A catalogue against others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Version of the JSON.
    pub schema: u32,
    /// Its varieties.
    pub varieties: usize,
    /// Its cases.
    pub cases: u64,
    /// Against each of the others.
    pub against: Vec<Against>,
    /// Varieties of here that are found in none of the others.
    pub nowhere_else: Share,
    /// Every variety, those first that are found in most, and among these the most numerous.
    pub table: Vec<Held>,
}

/// Compares a stock with others, each with its name.
pub fn compare(here: &Stock, others: &[(String, Stock)]) -> Comparison {
    let all: BTreeSet<&(String, String)> =
        here.of.keys().chain(others.iter().flat_map(|(_, stock)| stock.of.keys())).collect();
    let mut table: Vec<Held> = Vec::with_capacity(all.len());
    for key in all {
        let of = |stock: &Stock| stock.of.get(key).map_or(0, |v| v.0);
        let written = std::iter::once(here).chain(others.iter().map(|o| &o.1)).find_map(|s| s.of.get(key));
        table.push(Held {
            calibre: key.0.clone(),
            headstamp: written.map(|v| v.1.clone()).unwrap_or_default(),
            cases: std::iter::once(of(here)).chain(others.iter().map(|o| of(&o.1))).collect(),
        });
    }
    let held = |h: &Held| h.cases.iter().filter(|n| **n > 0).count();
    table.sort_by_key(|h| {
        (Reverse(held(h)), Reverse(h.cases.iter().sum::<u64>()), h.headstamp.clone(), h.calibre.clone())
    });
    let against = |(n, (name, there)): (usize, &(String, Stock))| {
        let both = |h: &&Held| h.cases[0] > 0 && h.cases[n + 1] > 0;
        let shared = table.iter().filter(both).count() as u64;
        let cases = table.iter().filter(both).map(|h| h.cases[0]).sum();
        Against {
            with: name.clone(),
            varieties: there.varieties(),
            cases: there.cases(),
            shared_varieties: Share::new(shared, here.varieties() as u64),
            shared_cases: Share::new(cases, here.cases()),
            shared_varieties_there: Share::new(shared, there.varieties() as u64),
            only_here: here.varieties() - shared as usize,
            only_there: there.varieties() - shared as usize,
        }
    };
    let against: Vec<Against> = others.iter().enumerate().map(against).collect();
    let alone = table.iter().filter(|h| h.cases[0] > 0 && held(h) == 1).count() as u64;
    Comparison {
        schema: 1,
        varieties: here.varieties(),
        cases: here.cases(),
        nowhere_else: Share::new(alone, here.varieties() as u64),
        against,
        table,
    }
}

const TABLE: Made = Made {
    name: "comparison",
    begins: |start| start.starts_with("\u{feff}calibre,headstamp,here".as_bytes()),
    lasting: true,
};

/// Writes every variety with how many cases bear it in each catalogue, as CSV.
pub fn write(comparison: &Comparison, path: &Path, existing: Existing) -> Result<(), ReportError> {
    let first = ["calibre", "headstamp", "here"].map(str::to_owned);
    let head: Vec<String> = first.into_iter().chain(comparison.against.iter().map(|a| safe(&a.with))).collect();
    let rows = comparison.table.iter().map(|held| {
        let counts = held.cases.iter().map(u64::to_string);
        [safe(&held.calibre), safe(&held.headstamp)].into_iter().chain(counts).collect()
    });
    write_csv(path, TABLE, existing, std::iter::once(head).chain(rows))
}
