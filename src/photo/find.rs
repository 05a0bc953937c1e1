//! From the paths of the command line to the photographs meant, in order.

use super::format::{Kind, SNIFF_BYTES, named_as_image, sniff};
use crate::error::{PhotoError, Stage};
use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Finds the photographs that `paths` mean, in the order given; folders recursively, sorted by name.
///
/// A file that was named is always there, whatever it is. In folders, files that are images neither by name nor by
/// content are passed over. What cannot be looked at stands as an error in its place.
pub fn find(paths: &[PathBuf]) -> Vec<Result<PathBuf, PhotoError>> {
    let mut found = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(about) if about.is_dir() => folder(path, &mut found),
            Ok(_) => found.push(Ok(path.clone())),
            Err(e) => found.push(Err(missing(path, &e))),
        }
    }
    found
}

/// The error for a path that cannot even be looked at.
pub(super) fn missing(path: &Path, cause: &io::Error) -> PhotoError {
    match cause.kind() {
        io::ErrorKind::NotFound => {
            PhotoError::new(path, Stage::Find, "no such file or folder").hint("check the spelling of the path")
        }
        _ => PhotoError::new(path, Stage::Find, cause),
    }
}

fn folder(root: &Path, found: &mut Vec<Result<PathBuf, PhotoError>>) {
    // Links are followed, since collections are kept that way; the walker tells when one leads back to where it was.
    for entry in WalkDir::new(root).follow_links(true).sort_by(|a, b| as_counted(a.file_name(), b.file_name())) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                if is_meant(entry.path(), entry.file_type().is_file()) {
                    found.push(Ok(entry.into_path()));
                }
            }
            Err(e) if e.loop_ancestor().is_some() => {}
            Err(e) => {
                let path = e.path().unwrap_or(root).to_path_buf();
                // A folder that may not be entered could hide photographs; a dangling link to a text could not.
                let dangling = e.io_error().is_some_and(|e| e.kind() == io::ErrorKind::NotFound);
                if !dangling || named_as_image(&path) {
                    let cause = e.io_error().map_or_else(|| e.to_string(), ToString::to_string);
                    found.push(Err(PhotoError::new(&path, Stage::Find, cause)));
                }
            }
        }
    }
}

/// Whether a file in a folder is an image by name or by content.
fn is_meant(path: &Path, regular: bool) -> bool {
    // "._IMG_1.jpg" is what macOS leaves beside a photograph on foreign disks: attributes, not an image.
    if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"._")) {
        return false;
    }
    named_as_image(path) || (regular && starts_as_image(path))
}

/// The order of names as people count: `IMG_2` before `IMG_10`.
fn as_counted(a: &OsStr, b: &OsStr) -> Ordering {
    alphanumeric_sort::compare_os_str(a, b).then_with(|| a.cmp(b))
}

fn starts_as_image(path: &Path) -> bool {
    let mut start = Vec::with_capacity(SNIFF_BYTES);
    let read = File::open(path).and_then(|file| file.take(SNIFF_BYTES as u64).read_to_end(&mut start));
    read.is_ok() && sniff(&start) != Kind::Other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::testing::{noise, png};
    use std::fs;

    fn names(found: &[Result<PathBuf, PhotoError>], root: &Path) -> Vec<String> {
        let name = |p: &Path| p.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        found.iter().map(|f| f.as_ref().map_or_else(|e| format!("! {}", name(&e.path)), |p| name(p))).collect()
    }

    #[test]
    fn folders_are_sorted_and_what_is_no_image_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("b")).unwrap();
        for name in ["b/2.jpg", "b/10.jpg", "a.JPEG", "notes.txt", "labels.csv", "._a.JPEG", "c.heic"] {
            fs::write(at(name), "text").unwrap();
        }
        fs::write(at("no_extension"), png(&noise(4, 4))).unwrap();
        let found = find(&[dir.path().to_path_buf()]);
        assert_eq!(names(&found, dir.path()), ["a.JPEG", "b/2.jpg", "b/10.jpg", "c.heic", "no_extension"]);
    }

    #[test]
    fn what_is_named_is_answered_for_in_the_order_given() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("z.txt"), "text").unwrap();
        fs::write(at("a.jpg"), "text").unwrap();
        let found = find(&[at("z.txt"), at("none.jpg"), at("a.jpg"), at("a.jpg")]);
        assert_eq!(names(&found, dir.path()), ["z.txt", "! none.jpg", "a.jpg", "a.jpg"]);
        assert_eq!(found[1].as_ref().unwrap_err().stage, Stage::Find);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_back_end_and_dangling_ones_count_by_name() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("deep")).unwrap();
        fs::write(at("deep/a.jpg"), "text").unwrap();
        symlink(dir.path(), at("deep/up")).unwrap();
        symlink("nowhere", at("gone.jpg")).unwrap();
        symlink("nowhere", at("gone.txt")).unwrap();
        assert_eq!(names(&find(&[dir.path().to_path_buf()]), dir.path()), ["deep/a.jpg", "! gone.jpg"]);
    }
}
