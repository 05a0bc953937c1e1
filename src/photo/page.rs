//! Pages of a file as photographs of their own: `scan.tif` is the first, `scan.tif#2` the second.
//!
//! A page is named so wherever a photograph is. The first is known by the SHA-256 of the file, as a file with one page is; page
//! `n` by the SHA-256 of the file's bytes followed by `#n`: `(cat scan.tif; printf '#2') | sha256sum`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The path of a page; pages count from 1.
pub(super) fn named(file: &Path, page: usize) -> PathBuf {
    if page == 1 {
        return file.to_path_buf();
    }
    let mut name = OsString::from(file);
    name.push(mark(page));
    name.into()
}

/// What is hashed after the bytes of the file.
pub(super) fn mark(page: usize) -> String {
    if page == 1 { String::new() } else { format!("#{page}") }
}

/// The file of a path and the page that is meant. A file that bears the whole name is meant itself.
pub(super) fn split(path: &Path) -> (PathBuf, usize) {
    let whole = || (path.to_path_buf(), 1);
    let Some((stem, number)) = path.to_str().and_then(|text| text.rsplit_once('#')) else { return whole() };
    match number.parse() {
        Ok(page @ 2..) if !number.starts_with(['0', '+']) && !path.exists() && Path::new(stem).is_file() => {
            (stem.into(), page)
        }
        _ => whole(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_the_name_it_was_given() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a#1.tif");
        std::fs::write(&file, "").unwrap();
        for page in [1, 2, 30] {
            assert_eq!(split(&named(&file, page)), (file.clone(), page));
        }
        for other in ["a#1.tif#0", "a#1.tif#02", "a#1.tif#x", "a#1.tif#", "none.tif#2"] {
            assert_eq!(split(&dir.path().join(other)), (dir.path().join(other), 1));
        }
        std::fs::write(dir.path().join("a#1.tif#2"), "").unwrap();
        assert_eq!(split(&named(&file, 2)), (named(&file, 2), 1), "a file of that name goes before");
    }
}
