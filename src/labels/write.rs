//! Writing the labels of a set.

use super::{COLUMNS, LABELS, PhotoTruth, TRUTH};
use crate::output::{Existing, Made, Output};
use std::io::{self, Write};
use std::path::Path;

/// The files of labels: rendered again where they are lost.
const MADE: Made = Made { name: "set of labels", begins: |_| false, lasting: false };

/// Writes both files of a set, photograph by photograph.
#[derive(Debug)]
pub struct Writer {
    labels: csv::Writer<Output>,
    truth: Output,
}

impl Writer {
    /// Begins them in a folder that is there and holds no such files.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let begin = |name| Output::create(&folder.join(name), MADE, Existing::Refuse);
        let mut labels = csv::Writer::from_writer(begin(LABELS)?);
        labels.write_record(COLUMNS)?;
        Ok(Self { labels, truth: begin(TRUTH)? })
    }

    /// Writes the next photograph.
    pub fn write(&mut self, photo: &PhotoTruth) -> io::Result<()> {
        for label in photo.labels() {
            self.labels.write_record(label.row())?;
        }
        serde_json::to_writer(&mut self.truth, photo)?;
        self.truth.write_all(b"\n")
    }

    /// Ends them: what was written is in the files.
    pub fn finish(self) -> io::Result<()> {
        self.labels.into_inner().map_err(|e| e.into_error())?.finish()?;
        Ok(self.truth.finish()?)
    }
}
