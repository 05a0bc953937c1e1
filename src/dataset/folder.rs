//! The folder that a dataset is written into, how, and what came of it.

use super::cut::{Opened, What};
use super::format::Format;
use super::gather::Sample;
use super::split::Part;
use crate::error::PhotoError;
use crate::output::{self, OutputError};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Why a dataset cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// The folder is not empty.
    #[error("{} is not empty: a dataset is written into a new folder", .0.display())]
    NotEmpty(PathBuf),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A file cannot be written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// A picture cannot be made.
    #[error("a picture cannot be made: {0}")]
    Picture(#[from] image::ImageError),
    /// A table cannot be made.
    #[error(transparent)]
    Table(#[from] csv::Error),
    /// A photograph cannot be read any more.
    #[error(transparent)]
    Photo(#[from] PhotoError),
}

/// How a dataset is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The form.
    pub format: Format,
    /// What is shown.
    pub what: What,
    /// Also what is not for everybody: holder, collector, notes.
    pub private: bool,
    /// What it is called.
    pub title: String,
    /// Under which terms it may be used.
    pub licence: String,
}

/// What was written.
#[derive(Debug, Default)]
pub struct Written {
    /// Heads in each part.
    pub heads: BTreeMap<Part, usize>,
    /// Photographs that could not be read, or are not what was added.
    pub failed: Vec<PhotoError>,
    /// Heads that the form cannot take: [`Self::UNFIT`].
    pub unfit: usize,
}

impl Written {
    /// Why heads are left out as unfit, in words.
    pub const UNFIT: &str = "of too few of the marks that were confirmed it is known where they are";
}

/// The folder that is written to.
pub(super) struct Folder<'w> {
    root: PathBuf,
    wanted: &'w Wanted,
    find: &'w dyn Fn(&Sample) -> PathBuf,
    unfit: usize,
}

impl<'w> Folder<'w> {
    pub(super) fn new(root: &Path, wanted: &'w Wanted, find: &'w dyn Fn(&Sample) -> PathBuf) -> Self {
        Self { root: root.to_path_buf(), wanted, find, unfit: 0 }
    }

    /// Writes a file under the folder.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), DatasetError> {
        let path = self.root.join(name);
        if let Some(folder) = path.parent() {
            output::make_folder(folder)?;
        }
        Ok(std::fs::write(path, bytes)?)
    }

    pub(super) fn title(&self) -> &str {
        &self.wanted.title
    }

    pub(super) fn licence(&self) -> &str {
        &self.wanted.licence
    }

    /// The ring of a head, unrolled.
    pub(super) fn ring(&self, sample: &Sample) -> Result<image::GrayImage, DatasetError> {
        let opened = Opened::open(&(self.find)(sample), &sample.place.photo, What::Strips)?;
        Ok(opened.strip(&sample.head.ellipse))
    }

    /// Heads that the form could not take.
    pub(super) fn unfit_heads(&self) -> usize {
        self.unfit
    }

    /// Counts a head that the form cannot take.
    pub(super) fn unfit(&mut self) {
        self.unfit += 1;
    }
}
