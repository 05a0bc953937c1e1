//! Decisions and what follows from them, in a file and in memory: what holds of one store holds of the other.

mod briefs;
mod deciding;
mod exchange;
mod merging;
mod random;
mod telling;
mod worklist;

use super::memory::{Disk, Memory};
use super::sqlite::Sqlite;
use super::*;
use crate::reader::testing;
use crate::record::PhotoRecord;
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

/// Runs tests, functions of a shelf, with either store.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod files { $(#[test] fn $test() { super::$test(&super::Shelf::files()); })* }
        mod memory { $(#[test] fn $test() { super::$test(&super::Shelf::memory()); })* }
    };
}
use on_both;

/// Where the catalogues of a test are kept.
pub(super) enum Shelf {
    Files(TempDir),
    Memory(Disk),
}

impl Shelf {
    pub(super) fn files() -> Self {
        Self::Files(tempfile::tempdir().unwrap())
    }

    fn memory() -> Self {
        Self::Memory(Disk::default())
    }

    pub(super) fn empty(&self, name: &str) -> Catalogue {
        match self {
            Self::Files(folder) => {
                let path = folder.path().join(name);
                let store = Sqlite::open_or_create(&path, Uuid::new_v4).unwrap().hasty();
                Catalogue::kept_by(Box::new(store), path)
            }
            Self::Memory(disk) => {
                let store = Memory::new(Uuid::new_v4(), Disk::clone(disk));
                Catalogue::kept_by(Box::new(store), name.into())
            }
        }
    }

    /// A copy under another name.
    fn copy(&self, of: &Catalogue, name: &str) -> Catalogue {
        match self {
            Self::Files(folder) => {
                of.backup(&folder.path().join(name)).unwrap();
                Catalogue::open(&folder.path().join(name)).unwrap()
            }
            Self::Memory(disk) => {
                of.backup(Path::new(name)).unwrap();
                let store = Memory::open(Path::new(name), Disk::clone(disk)).unwrap();
                Catalogue::kept_by(Box::new(store), name.into())
            }
        }
    }

    /// As it is found when the program begins anew.
    fn again(&self, catalogue: Catalogue) -> Catalogue {
        match self {
            Self::Files(_) => {
                let path = catalogue.path().to_path_buf();
                drop(catalogue);
                Catalogue::open(&path).unwrap()
            }
            Self::Memory(_) => catalogue,
        }
    }
}

/// SHA-256 of a photograph by its number.
pub(super) fn sha(photo: u32) -> String {
    format!("{photo:064x}")
}

/// A head on a photograph.
pub(super) fn at(photo: u32, head: u32) -> Place {
    Place { photo: sha(photo), head: Some(head) }
}

/// A case by its number.
pub(super) fn case(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(super) fn values(texts: &[(Field, &str)]) -> Values {
    let value = |text: &str| Value { text: text.into(), how: How::Stamped, by: "Ada".into() };
    texts.iter().map(|(field, text)| (*field, value(text))).collect()
}

pub(super) fn stamped(headstamp: &str) -> Values {
    values(&[(Field::Headstamp, headstamp)])
}

pub(super) fn enter(n: u128, places: &[Place], values: Values) -> What {
    What::Enter { case: case(n), places: places.to_vec(), way: Way::Accepted, group: 1, values }
}

/// A photograph that was read, with so many heads.
pub(super) fn photo(n: u32, heads: usize) -> (PhotoRecord, Values) {
    let mut record = PhotoRecord::named(Path::new(&format!("photos/{n}.jpg")), "test");
    record.sha256 = Some(sha(n));
    record.heads = vec![testing::head(); heads];
    (record, Values::new())
}

/// A photograph that could not be read.
fn broken(n: u32) -> (PhotoRecord, Values) {
    let (mut record, values) = photo(n, 0);
    let stage = crate::error::Stage::Decode;
    record.error = Some(crate::record::ErrorRecord { stage, message: "cut off".into(), hint: None });
    (record, values)
}

impl Catalogue {
    pub(super) fn take(&mut self, what: What) -> Decided {
        self.decide("Ada", what, None).unwrap()
    }

    pub(super) fn undo(&mut self, link: Link) -> Decided {
        self.take(What::Undo { link })
    }

    pub(super) fn all(&self) -> Vec<Entry> {
        let mut all = Vec::new();
        self.entries::<CatalogueError>(|e| {
            all.push(e);
            Ok(())
        })
        .unwrap();
        all
    }

    pub(super) fn headstamps(&self) -> Vec<String> {
        self.all().into_iter().map(|e| e.values[&Field::Headstamp].text.clone()).collect()
    }

    pub(super) fn contradictions(&self) -> usize {
        let listed = self.conflicts().unwrap().len();
        assert_eq!(self.counts().unwrap().conflicts as usize, listed);
        listed
    }
}
