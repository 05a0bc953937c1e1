//! What confidences are computed from, as a table to fit them on.

use crate::error::Error;
use crate::evaluate::Verdict;
use crate::pipeline::ReadHead;
use crate::proposals::FEATURES;
use std::io;
use std::path::{Path, PathBuf};

/// A table with one row a proposal for a legible head.
pub struct FeatureFile {
    file: csv::Writer<std::fs::File>,
    path: PathBuf,
}

impl FeatureFile {
    pub fn create(path: &Path) -> Result<Self, Error> {
        let cannot = |e: csv::Error| Error::Write { what: path.display().to_string(), source: io::Error::other(e) };
        let mut file = csv::Writer::from_path(path).map_err(cannot)?;
        let names = ["photo", "head", "rank", "right"].into_iter().chain(FEATURES);
        file.write_record(names).map_err(cannot)?;
        Ok(Self { file, path: path.to_path_buf() })
    }

    pub fn add(&mut self, photo: &Path, heads: &[ReadHead], verdicts: &[Verdict]) -> Result<(), Error> {
        let legible = verdicts.iter().filter(|v| v.legible());
        for (index, head, right) in legible.filter_map(|v| Some((v.head?, heads.get(v.head?)?, &v.right))) {
            for (rank, (proposal, right)) in head.proposals.iter().zip(right).enumerate() {
                let first = [
                    photo.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                    index.to_string(),
                    rank.to_string(),
                    u8::from(*right).to_string(),
                ];
                let values = proposal.features.0.iter().map(|v| format!("{v:.5}"));
                let cannot =
                    |e: csv::Error| Error::Write { what: self.path.display().to_string(), source: io::Error::other(e) };
                self.file.write_record(first.into_iter().chain(values)).map_err(cannot)?;
            }
        }
        Ok(())
    }
}
