//! What is wrong with a list, where, and what to do.

use std::fmt;

/// Something that is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
pub struct Fault {
    /// The row, from 1, as a spreadsheet counts; none where it is about the list as a whole.
    pub row: Option<u64>,
    /// The line of the text, from 1, where that is another number: cells can hold line breaks.
    pub line: Option<u64>,
    /// The column, as the list names it.
    pub column: Option<String>,
    /// What is wrong, in plain words.
    pub cause: String,
    /// What the user can do about it.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault of the list as a whole.
    pub fn whole(cause: impl fmt::Display) -> Self {
        Self { cause: cause.to_string(), ..Self::default() }
    }

    /// A fault of a row.
    pub fn of_row(row: u64, cause: impl fmt::Display) -> Self {
        Self { row: Some(row), ..Self::whole(cause) }
    }

    /// In this column.
    pub fn column(self, name: &str) -> Self {
        Self { column: Some(name.to_owned()), ..self }
    }

    /// Adds what the user can do.
    pub fn hint(self, hint: impl fmt::Display) -> Self {
        Self { hint: Some(hint.to_string()), ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}")?;
            if let Some(line) = self.line.filter(|l| *l != row) {
                write!(f, " (line {line})")?;
            }
            f.write_str(if self.column.is_some() { ", " } else { ": " })?;
        }
        if let Some(column) = &self.column {
            write!(f, "column `{column}`: ")?;
        }
        f.write_str(&self.cause)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// Faults as they come: the first are kept, the others counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults {
    first: Vec<Fault>,
    count: u64,
}

impl Faults {
    /// Most that are kept: whoever has more has one.
    pub const MOST: usize = 100;

    /// Adds faults.
    pub fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            self.count += 1;
            if self.first.len() < Self::MOST {
                self.first.push(fault);
            }
        }
    }

    /// The first, in the order in which they came.
    pub fn first(&self) -> &[Fault] {
        &self.first
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A line for each that was kept, and one for the others.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let more = self.count - self.first.len() as u64;
        self.first.iter().map(Fault::to_string).chain((more > 0).then(|| format!("and {more} more")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_where_what_and_what_to_do() {
        let fault = Fault::of_row(3, "`x` is no year").column("Jahr").hint("write four digits");
        assert_eq!(fault.to_string(), "row 3, column `Jahr`: `x` is no year; write four digits");
        let fault = Fault { line: Some(5), ..Fault::of_row(3, "has no mark") };
        assert_eq!(fault.to_string(), "row 3 (line 5): has no mark");
    }

    #[test]
    fn the_first_faults_are_kept_and_the_others_counted() {
        let mut faults = Faults::default();
        faults.extend((0..250).map(|n| Fault::of_row(n, "x")));
        assert_eq!((faults.first().len(), faults.count()), (Faults::MOST, 250));
        assert_eq!(faults.lines().last().unwrap(), "and 150 more");
    }
}
