//! A table of a report: every number says which entries it counts.

use super::study::{Column, Seen, Study};
use std::fmt::Write as _;

/// Which entries a number counts: those that are, in every column that is named, of one of the numbers there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Of(pub Vec<(Column, Vec<u32>)>);

impl Of {
    /// All entries.
    pub fn all() -> Self {
        Self::default()
    }

    /// Those of one number of a column.
    pub fn one(column: Column, number: u32) -> Self {
        Self(vec![(column, vec![number])])
    }

    /// Whether an entry is counted.
    pub fn takes(&self, seen: &Seen) -> bool {
        self.0.iter().all(|(column, numbers)| numbers.contains(&seen.column(*column)))
    }

    /// As it stands on the page: `2:0,5;9:1`, columns by their place among all, with their numbers.
    pub fn written(&self) -> String {
        let mut text = String::new();
        for (column, numbers) in &self.0 {
            if !text.is_empty() {
                text.push(';');
            }
            let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
            let _ = write!(text, "{}:{}", *column as usize, numbers.join(","));
        }
        text
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// How many cases, and which.
    Count(u64, Of),
    /// A share, 0..1, of the base.
    Share(f64),
    /// Another number, with what digits it has.
    Figure(String),
    /// A photograph that shows it: the entry's number in the study.
    Photograph(usize),
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// As it stands in a CSV file.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Figure(text) => text.clone(),
            Self::Count(n, _) => n.to_string(),
            Self::Share(share) => format!("{share:.4}"),
            Self::Photograph(_) => String::new(),
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What its files are called.
    pub id: &'static str,
    /// What it tells.
    pub title: String,
    /// What stands above its columns.
    pub head: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// What its shares are of, and what was left out.
    pub base: String,
    /// Notes below it, in pieces.
    pub notes: Vec<Vec<Cell>>,
    /// Whether a figure is drawn of it: of its first column of counts.
    pub drawn: bool,
}

impl Study {
    /// How many cases there are of each number of a column.
    pub fn sums(&self, column: Column) -> Vec<u64> {
        self.sums_of(column, &Of::all())
    }

    /// How many there are of each number of a column, of those cases.
    pub fn sums_of(&self, column: Column, of: &Of) -> Vec<u64> {
        let mut sums = vec![0; self.labels(column).texts().len()];
        for seen in self.entries.iter().filter(|seen| of.takes(seen)) {
            if let Some(sum) = sums.get_mut(seen.column(column) as usize) {
                *sum += u64::from(seen.quantity);
            }
        }
        sums
    }

    /// How many cases are counted by a number.
    pub fn count(&self, of: &Of) -> u64 {
        self.entries.iter().filter(|seen| of.takes(seen)).map(|seen| u64::from(seen.quantity)).sum()
    }

    /// The share of all cases.
    pub fn share(&self, count: u64) -> f64 {
        count as f64 / self.cases.max(1) as f64
    }
}
