//! What confidences are computed from, as a table to fit them on.

use crate::error::Error;
use crate::evaluate::Verdict;
use crate::output::{Existing, Made, Output, OutputError};
use crate::pipeline::ReadHead;
use crate::proposals::FEATURES;
use std::io;
use std::path::{Path, PathBuf};

/// How the table is known: by the first columns of its head.
const MADE: Made =
    Made { name: "table of features", begins: |start| start.starts_with(b"photo,head,rank,right,"), lasting: false };

/// A table with one row a proposal for a legible head.
pub(super) struct FeatureFile {
    file: csv::Writer<Output>,
    path: PathBuf,
}

impl FeatureFile {
    /// Begins a file.
    pub(super) fn create(path: &Path, existing: Existing) -> Result<Self, Error> {
        let file = Output::create(path, MADE, existing).map_err(OutputError::into_error)?;
        let mut new = Self { file: csv::Writer::from_writer(file), path: path.to_path_buf() };
        new.row(["photo", "head", "rank", "right"].into_iter().chain(FEATURES))?;
        Ok(new)
    }

    /// Writes the heads of a photograph.
    pub(super) fn add(&mut self, photo: &Path, heads: &[ReadHead], verdicts: &[Verdict]) -> Result<(), Error> {
        let photo = photo.file_name().unwrap_or_default().to_string_lossy();
        let legible = verdicts.iter().filter(|v| v.legible());
        for (index, head, right) in legible.filter_map(|v| Some((v.head?, heads.get(v.head?)?, &v.right))) {
            for (rank, (proposal, right)) in head.proposals.iter().zip(right).enumerate() {
                let first = [photo.to_string(), index.to_string(), rank.to_string(), u8::from(*right).to_string()];
                let values = proposal.features.0.iter().map(|v| format!("{v:.5}"));
                self.row(first.into_iter().chain(values))?;
            }
        }
        Ok(())
    }

    /// Ends it: all rows are in the file.
    pub(super) fn finish(self) -> Result<(), Error> {
        let file = self.file.into_inner().map_err(|e| cannot(&self.path, e.into_error()))?;
        file.finish().map_err(OutputError::into_error)
    }

    fn row<C: AsRef<[u8]>>(&mut self, cells: impl Iterator<Item = C>) -> Result<(), Error> {
        self.file.write_record(cells).map_err(|e| cannot(&self.path, e))
    }
}

fn cannot(path: &Path, cause: impl Into<io::Error>) -> Error {
    Error::Write { what: path.display().to_string(), source: cause.into() }
}
