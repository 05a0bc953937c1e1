//! What can end a review, and what is told of decisions.

use crate::catalogue::{CatalogueError, Field, What};
use std::io;

/// What ends a session.
pub(super) enum Trouble {
    Catalogue(CatalogueError),
    /// What is typed cannot be read.
    Input(io::Error),
    /// What is said cannot be written.
    Output(io::Error),
}

impl From<CatalogueError> for Trouble {
    fn from(e: CatalogueError) -> Self {
        Self::Catalogue(e)
    }
}

/// Whatever is not said to be otherwise was to be written.
impl From<io::Error> for Trouble {
    fn from(e: io::Error) -> Self {
        Self::Output(e)
    }
}

/// What was decided, in few words.
pub(super) fn told_of(what: &What) -> String {
    match what {
        What::Enter { case, values, .. } => {
            let headstamp = values.get(&Field::Headstamp).map_or("", |v| v.text.as_str());
            format!("entered: {headstamp}, case {case}")
        }
        What::NotAHead { .. } => "not a case head".into(),
        What::SameCase { case, .. } => format!("the same as case {case}"),
        What::Amend { case, .. } => format!("changed: case {case}"),
        What::Tell { .. } => "something that was told".into(),
        What::Undo { .. } | What::Merge { .. } => String::new(),
    }
}
