//! Photographs held against what was added: whether each is still there, as it was.

use crate::error::PhotoError;
use crate::photo;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What became of a photograph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Original {
    /// A file has its content.
    Unaltered,
    /// No file has its content, and this one has its name: it was altered, or another took its place.
    Altered(PathBuf),
    /// No file that can be read has its content, and one with its name cannot be read.
    CannotBeRead(PhotoError),
    /// No file has its content or its name.
    Gone,
}

/// A file, and its SHA-256 or why it cannot be read.
type Hashed = (PathBuf, Result<String, PhotoError>);

/// The files of a folder.
#[derive(Debug)]
pub struct Originals {
    hashes: HashMap<String, PathBuf>,
    named: HashMap<OsString, Vec<Hashed>>,
}

impl Originals {
    /// Reads every photograph of a folder and of those in it.
    pub fn of(folder: &Path) -> Self {
        let files: Vec<Hashed> = photo::find(&[folder.to_path_buf()])
            .photographs
            .into_par_iter()
            .map(|found| match found {
                Ok(path) => {
                    let sha256 = photo::sha256(&path);
                    (path, sha256)
                }
                Err(e) => (e.path.clone(), Err(e)),
            })
            .collect();
        let hashed = |(path, sha256): &Hashed| Some((sha256.as_ref().ok()?.clone(), path.clone()));
        let hashes = files.iter().filter_map(hashed).collect();
        let mut named: HashMap<OsString, Vec<Hashed>> = HashMap::new();
        for (path, sha256) in files {
            named.entry(path.file_name().unwrap_or_default().to_owned()).or_default().push((path, sha256));
        }
        Self { hashes, named }
    }

    /// The files that cannot be read, by their paths.
    pub fn unreadable(&self) -> Vec<&PhotoError> {
        let mut all: Vec<_> = self.named.values().flatten().filter_map(|(_, sha256)| sha256.as_ref().err()).collect();
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all
    }

    /// A file that has this content.
    pub fn with_content(&self, sha256: &str) -> Option<&Path> {
        self.hashes.get(sha256).map(PathBuf::as_path)
    }

    /// Looks for a photograph by SHA-256 and the path it was added by; `held` are all that the catalogue holds, whose files
    /// stand for themselves.
    pub fn look_for(&self, sha256: &str, path: &Path, held: &HashSet<String>) -> Original {
        if self.hashes.contains_key(sha256) {
            return Original::Unaltered;
        }
        let named = path.file_name().and_then(|name| self.named.get(name)).map_or(&[][..], Vec::as_slice);
        let others = named.iter().filter(|(_, sha256)| sha256.as_ref().map_or(true, |s| !held.contains(s)));
        match others.max_by_key(|(file, sha256)| (in_common(file, path), sha256.is_err())) {
            None => Original::Gone,
            Some((file, Ok(_))) => Original::Altered(file.clone()),
            Some((_, Err(cause))) => Original::CannotBeRead(cause.clone()),
        }
    }
}

/// How many names two paths have in common at their ends.
fn in_common(a: &Path, b: &Path) -> usize {
    a.components().rev().zip(b.components().rev()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn altered_gone_and_not_readable_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (name, content) in [("1/a.jpg", "a"), ("1/b.jpg", "b"), ("2/b.jpg", "b2"), ("1/d.jpg", "d")] {
            fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            fs::write(at(name), content).unwrap();
        }
        let hash = |name: &str| photo::sha256(&at(name)).unwrap();
        let added: Vec<(&str, String)> =
            ["1/a.jpg", "1/b.jpg", "2/b.jpg", "1/d.jpg"].iter().map(|n| (*n, hash(n))).collect();
        let held: HashSet<String> = added.iter().map(|a| a.1.clone()).collect();
        let look = || {
            let originals = Originals::of(folder.path());
            let became = |(name, sha): &(&str, String)| originals.look_for(sha, &Path::new("old").join(name), &held);
            (added.iter().map(became).collect::<Vec<_>>(), originals.unreadable().len())
        };
        assert_eq!(look(), (vec![Original::Unaltered; 4], 0));

        // moved is not altered; what has the name of a photograph that is gone is another that is held
        fs::rename(at("1/a.jpg"), at("2/other.jpg")).unwrap();
        fs::remove_file(at("1/b.jpg")).unwrap();
        fs::write(at("1/d.jpg"), "changed").unwrap();
        let (became, unreadable) = look();
        assert_eq!(unreadable, 0);
        assert_eq!(became[..3], [Original::Unaltered, Original::Gone, Original::Unaltered]);
        assert_eq!(became[3], Original::Altered(at("1/d.jpg")));

        #[cfg(unix)]
        {
            fs::remove_file(at("1/d.jpg")).unwrap();
            std::os::unix::fs::symlink("nowhere", at("1/d.jpg")).unwrap();
            let (became, unreadable) = look();
            assert_eq!(unreadable, 1);
            assert!(matches!(&became[3], Original::CannotBeRead(e) if e.path == at("1/d.jpg")), "{became:?}");
        }
    }
}
