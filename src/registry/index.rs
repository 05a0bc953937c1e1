//! The registry: every row, found by its mark.

use super::calibres::Calibres;
use super::code::{Code, Facts};
use super::load;
use super::states::{State, States};
use crate::error::Error;
use crate::list::Charset;
use crate::notation::look::key;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

pub(super) const EMBEDDED: &str = include_str!("data/codes.csv");

/// What marks mean: the codes that come with the program and the user's, calibres, and states.
#[derive(Debug, Clone)]
pub struct Registry {
    rows: Vec<Code>,
    keys: HashMap<String, Vec<u32>>,
    pub(super) calibres: Calibres,
    pub(super) newest: i32,
}

impl Registry {
    /// The codes that come with the program.
    pub fn embedded() -> Self {
        Self::before_embedded(Vec::new(), Calibres::embedded())
    }

    /// The codes that come with the program, and before them the user's: a CSV file, or every `.csv` in a folder, written
    /// with `charset` where they do not say themselves with what.
    pub fn with(own: &Path, charset: Option<Charset>) -> Result<Self, Error> {
        let calibres = Calibres::embedded();
        Ok(Self::before_embedded(load::own(own, charset, &calibres)?, calibres))
    }

    /// The codes that come with the program, and before them those of a table, as text; or what is wrong with it.
    pub fn with_table(own: &str) -> Result<Self, String> {
        let calibres = Calibres::embedded();
        let rows = load::parse(own, &calibres, true).map_err(|fault| fault.to_string())?;
        Ok(Self::before_embedded(rows, calibres))
    }

    fn before_embedded(mut rows: Vec<Code>, calibres: Calibres) -> Self {
        // the table is part of the program, and a test holds it sound
        rows.extend(load::parse(EMBEDDED, &calibres, false).unwrap_or_default());
        Self::new(rows, calibres)
    }

    fn new(mut rows: Vec<Code>, calibres: Calibres) -> Self {
        let states = States::embedded();
        let mut keys: HashMap<String, Vec<u32>> = HashMap::with_capacity(rows.len());
        let makers = makers(&rows);
        for (i, (row, maker)) in rows.iter_mut().zip(makers).enumerate() {
            keys.entry(key(&row.mark)).or_default().push(i as u32);
            row.facts = Facts {
                maker,
                state: states.get(&row.state_at_time).map(State::span),
                families: row.calibres.iter().map(|c| calibres.families(c)).fold(0, |a, b| a | b),
                length: row.mark.chars().count(),
            };
        }
        let newest = i32::from(jiff::ZonedDateTime::now().year());
        Self { rows, keys, calibres, newest }
    }

    /// The same, as seen in an earlier year: nothing is taken for younger.
    pub fn as_of(mut self, year: i32) -> Self {
        self.newest = year;
        self
    }

    /// Every row, the user's first.
    pub fn rows(&self) -> &[Code] {
        &self.rows
    }

    /// The calibres that are known.
    pub fn calibres(&self) -> &Calibres {
        &self.calibres
    }

    /// Every meaning of a mark. Spaces, letter case, dots and strokes within it do not count here, nor does the script of
    /// letters and digits that look the same; a row's `mark` tells how it is stamped.
    pub fn lookup<'s>(&'s self, mark: &str) -> impl Iterator<Item = &'s Code> + use<'s> {
        self.by_key(&key(mark))
    }

    /// Marks that differ from this one by a star or a cross at its end, as `S*` from `S`: easily taken for it.
    pub fn starred<'s>(&'s self, mark: &str) -> impl Iterator<Item = &'s Code> + use<'s> {
        let bare = |k: &str| k.trim_end_matches(['*', '+']).to_owned();
        let mine = key(mark);
        let wanted = bare(&mine);
        let other = move |c: &&Code| {
            let k = key(&c.mark);
            k != mine && !wanted.is_empty() && bare(&k) == wanted
        };
        self.rows.iter().filter(other)
    }

    pub(super) fn by_key<'s>(&'s self, key: &str) -> impl Iterator<Item = &'s Code> + use<'s> {
        self.keys.get(key).into_iter().flatten().map(|&i| &self.rows[i as usize])
    }

    /// Every mark, as it is stamped.
    pub fn marks(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|c| c.mark.as_str())
    }

    /// Marks that are nearly this one, the nearest first: one sign more, less or other, or two signs the wrong way round.
    pub fn near(&self, mark: &str, most: usize) -> Vec<&str> {
        let wanted: Vec<char> = key(mark).chars().collect();
        let mut found = BTreeSet::new();
        for row in &self.rows {
            let other: Vec<char> = key(&row.mark).chars().collect();
            let reach = if wanted.len() <= 2 { 1 } else { 2 };
            let far = distance(&wanted, &other, reach);
            // a mark of one sign is one change from every other of one sign
            if far <= reach && far < wanted.len().max(other.len()) {
                found.insert((far, row.mark.as_str()));
            }
        }
        let nearest = found.first().map_or(0, |f| f.0);
        found.into_iter().filter(|(far, _)| *far <= nearest + 1).map(|f| f.1).take(most).collect()
    }
}

/// A number for each row; rows of one maker under one state have the same. A row whose source does not name the maker goes
/// with the one that does, where there is but one for its mark and state.
fn makers<'r>(rows: &'r [Code]) -> Vec<u32> {
    let mut named: HashMap<(&str, &str), BTreeSet<&'r str>> = HashMap::new();
    for row in rows.iter().filter(|r| !r.factory.is_empty() && r.kind.names_maker()) {
        named.entry((&row.mark, &row.state_at_time)).or_default().insert(&row.factory);
    }
    let mut numbers: HashMap<[&'r str; 3], u32> = HashMap::new();
    let number = |row: &'r Code| {
        let own = row.factory.as_str();
        let only =
            named.get(&(row.mark.as_str(), row.state_at_time.as_str())).filter(|n| own.is_empty() && n.len() == 1);
        let factory = only.and_then(|n| n.first().copied()).unwrap_or(own);
        let next = numbers.len() as u32;
        *numbers.entry([&row.iso2, &row.state_at_time, factory]).or_insert(next)
    };
    rows.iter().map(number).collect()
}

/// Optimal string alignment distance, or more than `most`.
fn distance(a: &[char], b: &[char], most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect::<Vec<_>>(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        rows[2][0] = i;
        for j in 1..=b.len() {
            let other = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[1][j] + 1).min(rows[2][j - 1] + 1).min(rows[1][j - 1] + other);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[0][j - 2] + 1);
            }
            rows[2][j] = best;
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_that_comes_with_the_program_is_sound() {
        let rows = load::parse(EMBEDDED, &Calibres::embedded(), false).unwrap();
        let (calibres, states) = (Calibres::embedded(), States::embedded());
        for code in &rows {
            assert!(code.state_at_time.is_empty() || states.get(&code.state_at_time).is_some(), "{code:?}");
            for calibre in &code.calibres {
                assert!(calibres.by_name(calibre).is_some(), "{calibre} in {code:?}");
            }
        }
    }

    #[test]
    fn near_marks_are_offered() {
        let registry = Registry::embedded();
        assert!(registry.near("9445", 5).contains(&"945"));
        assert!(registry.near("P0F", 5).contains(&"POF"));
        assert!(registry.near("QQQQQQ", 5).is_empty());
    }

    #[test]
    fn distances() {
        let of = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), 9);
        assert_eq!((of("31", "51"), of("31", "13"), of("945", "9445"), of("", "ab"), of("FN", "FN")), (1, 1, 1, 2, 0));
    }
}
