//! Photographs by what lists call them: a path, a name, or a hash.

use super::sha256;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// Most files that an ambiguous name is told to be.
const MOST_TOLD: usize = 4;

/// Why a name is of no one file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOne {
    /// Nothing is called so.
    #[error("nothing there is called `{0}`")]
    Missing(String),
    /// Several different ones are.
    #[error("`{name}` may be {}: write more of the path", .of.join(" or "))]
    Several {
        /// The name.
        name: String,
        /// Which files it may be.
        of: Vec<String>,
    },
}

/// Files, or folders, to be found by the ends of their paths.
pub struct Named {
    paths: Vec<PathBuf>,
    /// By the last part of the path, composed and in small letters, with and without extension.
    by_name: HashMap<String, Vec<usize>>,
    hashes: OnceLock<Vec<Option<String>>>,
}

/// How exactly two names are the same, the most exactly first.
const LEVELS: [fn(&str) -> String; 4] = [str::to_owned, composed, folded, |part| folded(stem(part))];

fn composed(text: &str) -> String {
    text.nfc().collect()
}

fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).nfc().collect()
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map(|(stem, _)| stem).filter(|s| !s.is_empty()).unwrap_or(name)
}

impl Named {
    /// Files or folders by their paths.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, path) in paths.iter().enumerate() {
            let Some(name) = parts(path).pop() else { continue };
            let (whole, bare) = (folded(&name), folded(stem(&name)));
            if whole != bare {
                by_name.entry(bare).or_default().push(n);
            }
            by_name.entry(whole).or_default().push(n);
        }
        Self { paths, by_name, hashes: OnceLock::new() }
    }

    /// Files whose hashes are known, as far as they could be read.
    pub fn hashed(files: impl IntoIterator<Item = (PathBuf, Option<String>)>) -> Self {
        let (paths, hashes): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        let named = Self::new(paths);
        // nobody else has seen it yet
        let _ = named.hashes.set(hashes);
        named
    }

    /// The paths, in the order given.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// SHA-256 of a file, as far as it could be read.
    pub fn hash(&self, index: usize) -> Option<&str> {
        self.hashes().get(index)?.as_deref()
    }

    fn hashes(&self) -> &[Option<String>] {
        self.hashes.get_or_init(|| self.paths.par_iter().map(|p| sha256(p).ok()).collect())
    }

    /// The one file that a name, an end of a path, or a SHA-256 means: as it is written, else with its characters composed,
    /// else whatever its case, else without its extension. Files of one content are one.
    pub fn find(&self, name: &str) -> Result<usize, NotOne> {
        let same = |found: &[usize]| {
            let contents: BTreeSet<Option<&str>> = found.iter().map(|&i| self.hash(i)).collect();
            contents.len() == 1 && !contents.contains(&None)
        };
        self.find_where(name, same)
    }

    /// Like [`Self::find`], of folders, or of files of which each is another.
    pub fn find_path(&self, name: &str) -> Result<usize, NotOne> {
        self.find_where(name, |_| false)
    }

    fn find_where(&self, name: &str, same: impl Fn(&[usize]) -> bool) -> Result<usize, NotOne> {
        let missing = || NotOne::Missing(name.to_owned());
        let bare = name.trim();
        if bare.len() == 64 && bare.bytes().all(|b| b.is_ascii_hexdigit()) {
            let is = |h: &Option<String>| h.as_deref().is_some_and(|h| h.eq_ignore_ascii_case(bare));
            return self.hashes().iter().position(is).ok_or_else(missing);
        }
        let wanted = parts(Path::new(&bare.replace('\\', "/")));
        let Some(last) = wanted.last() else { return Err(missing()) };
        let candidates = [folded(last), folded(stem(last))];
        let candidates: BTreeSet<usize> =
            candidates.iter().filter_map(|c| self.by_name.get(c)).flatten().copied().collect();
        for level in LEVELS {
            let ends = |&i: &usize| ends_with(&parts(&self.paths[i]), &wanted, level);
            let found: Vec<usize> = candidates.iter().copied().filter(ends).collect();
            match found.as_slice() {
                [] => {}
                [one] => return Ok(*one),
                several if same(several) => return Ok(several[0]),
                several => {
                    let of = several.iter().take(MOST_TOLD).map(|&i| self.paths[i].display().to_string()).collect();
                    return Err(NotOne::Several { name: name.to_owned(), of });
                }
            }
        }
        Err(missing())
    }
}

/// The names of a path from the root down; where it starts does not count.
fn parts(path: &Path) -> Vec<String> {
    let name = |c: Component| match c {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    path.components().filter_map(name).collect()
}

/// Whether a path ends with these names.
fn ends_with(path: &[String], end: &[String], level: fn(&str) -> String) -> bool {
    let Some(at) = path.len().checked_sub(end.len()) else { return false };
    path[at..].iter().zip(end).all(|(a, b)| level(a) == level(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(files: &[(&str, &str)]) -> Named {
        Named::hashed(files.iter().map(|(p, h)| (PathBuf::from(p), Some(h.repeat(64)))))
    }

    fn found(all: &Named, name: &str) -> String {
        match all.find(name) {
            Ok(i) => all.paths()[i].display().to_string(),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn photographs_are_found_by_path_name_and_hash() {
        let all = named(&[
            ("photos/day1/IMG_1.JPG", "a"),
            ("photos/day2/IMG_2.JPG", "b"),
            ("photos/day2/Ho\u{308}hle.jpg", "c"),
        ]);
        for (name, path) in [
            ("day1/IMG_1.JPG", "photos/day1/IMG_1.JPG"),
            ("day1\\IMG_1.JPG", "photos/day1/IMG_1.JPG"),
            ("./IMG_1.JPG", "photos/day1/IMG_1.JPG"),
            ("IMG_2.JPG", "photos/day2/IMG_2.JPG"),
            ("img_2.jpg", "photos/day2/IMG_2.JPG"),
            ("IMG_2", "photos/day2/IMG_2.JPG"),
            ("Day2/img_2", "photos/day2/IMG_2.JPG"),
            ("H\u{f6}hle.jpg", "photos/day2/Ho\u{308}hle.jpg"),
        ] {
            assert_eq!(found(&all, name), path, "{name}");
        }
        assert_eq!(found(&all, &"B".repeat(64)), "photos/day2/IMG_2.JPG");
        for name in ["IMG_3.JPG", "day2/IMG_1.JPG", "", "G_1.JPG"] {
            assert!(found(&all, name).starts_with("nothing there"), "{name}");
        }
    }

    #[test]
    fn one_name_of_different_photographs_is_told_and_of_one_content_is_one() {
        let all = named(&[
            ("day1/a.jpg", "a"),
            ("day2/a.jpg", "b"),
            ("day3/B.jpg", "c"),
            ("day4/b.jpg", "d"),
            ("x/c.jpg", "e"),
            ("y/c.jpg", "e"),
        ]);
        assert_eq!(found(&all, "a.jpg"), "`a.jpg` may be day1/a.jpg or day2/a.jpg: write more of the path");
        assert_eq!(found(&all, "B.jpg"), "day3/B.jpg", "as it is written");
        assert!(found(&all, "B.JPG").contains("day3/B.jpg or day4/b.jpg"));
        assert_eq!(found(&all, "c.jpg"), "x/c.jpg");
        assert!(all.find_path("c.jpg").is_err());
    }
}
