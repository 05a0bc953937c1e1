//! Writing the labels of a set.

use super::{COLUMNS, LABELS, PhotoTruth, TRUTH};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes both files of a set, photograph by photograph.
#[derive(Debug)]
pub struct Writer {
    labels: csv::Writer<File>,
    truth: BufWriter<File>,
}

impl Writer {
    /// Begins them in a folder that is there.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let mut labels = csv::Writer::from_path(folder.join(LABELS))?;
        labels.write_record(COLUMNS)?;
        Ok(Self { labels, truth: BufWriter::new(File::create(folder.join(TRUTH))?) })
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
    pub fn finish(mut self) -> io::Result<()> {
        self.labels.flush()?;
        self.truth.flush()
    }
}
