//! A catalogue that must be there, and what is told of its decisions.

use super::lists;
use super::say::{complain, warn};
use crate::catalogue::originals::Originals;
use crate::catalogue::{Catalogue, Decision, Field, Values, What};
use crate::dataset::Sample;
use crate::error::Error;
use std::path::{Path, PathBuf};

/// Opens a catalogue that must be there.
pub(super) fn existing(path: &Path) -> Result<Catalogue, Error> {
    let catalogue = Catalogue::open(path).map_err(|e| e.at(path))?;
    doubt_clock(&catalogue, path)?;
    Ok(catalogue)
}

/// Opens a catalogue to write to it, or makes an empty one.
pub(super) fn written_to(path: &Path) -> Result<Catalogue, Error> {
    let catalogue = Catalogue::open_or_create(path).map_err(|e| e.at(path))?;
    doubt_clock(&catalogue, path)?;
    Ok(catalogue)
}

/// Says before anything is entered that it would be dated wrongly.
fn doubt_clock(catalogue: &Catalogue, path: &Path) -> Result<(), Error> {
    if let Some(doubt) = catalogue.clock_doubt().map_err(|e| e.at(path))? {
        warn(&format!("{doubt}: set it right first, or what is entered now bears a wrong date for ever"));
    }
    Ok(())
}

/// Opens a catalogue that must be there, to read it.
pub(super) fn readable(path: &Path) -> Result<Catalogue, Error> {
    Catalogue::open_to_read(path).map_err(|e| e.at(path))
}

/// The photographs of a folder, to find those of a catalogue that were moved.
pub(super) fn originals(folder: Option<&Path>) -> Option<Originals> {
    let found = folder.map(Originals::of);
    found.iter().flat_map(Originals::unreadable).for_each(|e| complain(e));
    found
}

/// Where the photograph of a confirmed head is: by content among those, or where it was when it was added.
pub(super) fn whereabouts(sample: &Sample, moved: Option<&Originals>) -> PathBuf {
    let moved = moved.and_then(|m| m.with_content(&sample.place.photo));
    moved.unwrap_or(Path::new(&sample.path)).to_path_buf()
}

/// A decision in a line.
pub(super) fn told(decision: &Decision) -> String {
    let what = match &decision.what {
        What::Enter { values, .. } | What::Amend { values, .. } => {
            texts(values, &[Field::Headstamp, Field::Calibre, Field::Country, Field::Year, Field::Site])
        }
        What::Tell { values, .. } => lists::values(values),
        What::SameCase { case, .. } => format!("the same as case {case}"),
        What::NotAHead { .. } => "not a case head".into(),
        What::Undo { link } => format!("undoes decision {}", link.seq),
        What::Merge { link, .. } => format!("takes in history {}", link.history),
    };
    format!("{what} ({}, {}, decision {} of {})", decision.who, decision.at, decision.link.seq, decision.link.history)
}

/// What is recorded of these fields, in a line.
pub(super) fn texts(values: &Values, fields: &[Field]) -> String {
    fields.iter().filter_map(|f| values.get(f).map(|v| v.text.as_str())).collect::<Vec<_>>().join(", ")
}
