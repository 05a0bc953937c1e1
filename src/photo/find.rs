//! From the paths of the command line to the photographs meant, in order.

use super::format::{Format, Kind, SNIFF_BYTES, named_as_image, named_as_raw, sniff};
use super::passed::{self, Passed, PassedOver};
use super::{directory, mark, page};
use crate::error::{PhotoError, Stage};
use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Most pages of a file that are photographs.
const MAX_PAGES: usize = 1000;

/// What paths mean.
#[derive(Debug, Default)]
pub struct Found {
    /// The photographs, in the order given; folders recursively, sorted by name; each page of a file by itself. What cannot be
    /// looked at, or is named and no photograph, stands as an error in its place.
    pub photographs: Vec<Result<PathBuf, PhotoError>>,
    /// What lies in the folders beside photographs.
    pub passed_over: PassedOver,
}

/// Finds the photographs that `paths` mean.
///
/// A file that was named is always there, whatever it is. In folders, files that are images neither by name nor by
/// content are passed over; thumbnails, deleted files, drawings of this program, camera raws, films and documents are counted.
pub fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        let place = passed::by_place(path);
        match std::fs::metadata(path) {
            Ok(_) if place.is_some() => found.photographs.extend(place.map(|kind| Err(misplaced(path, kind)))),
            Ok(about) if about.is_dir() => folder(path, &mut found),
            Ok(about) => match of_content(path, about.is_file()) {
                Class::Photographs(pages) => push_pages(path, pages, &mut found.photographs),
                // says what it is when it is read
                _ => found.photographs.push(Ok(path.clone())),
            },
            Err(_) if page::split(path).1 > 1 => found.photographs.push(Ok(path.clone())),
            Err(e) => found.photographs.push(Err(missing(path, &e))),
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

/// The error for a path that was named and lies where no photographs are kept.
fn misplaced(path: &Path, kind: Passed) -> PhotoError {
    let (cause, hint) = match kind {
        Passed::Thumbnail => {
            ("lies among thumbnails, which are too small to be read", "name the photograph it was made of")
        }
        Passed::Deleted => ("was deleted: it lies in a recycle bin", "restore it, and name it where it is then"),
        _ => ("is a file of attributes that macOS keeps beside a photograph", "name the photograph, without the `._`"),
    };
    PhotoError::new(path, Stage::Find, cause).hint(format!("{hint}; or copy it elsewhere to have it read"))
}

fn folder(root: &Path, found: &mut Found) {
    // Links are followed, since collections are kept that way; the walker tells when one leads back to where it was.
    for entry in WalkDir::new(root).follow_links(true).sort_by(|a, b| as_counted(a.file_name(), b.file_name())) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let (path, regular) = (entry.path(), entry.file_type().is_file());
                let place = path.strip_prefix(root).ok().and_then(passed::by_place);
                match place.map_or_else(|| of_content(path, regular), |kind| of_place(path, kind)) {
                    Class::Photographs(pages) => push_pages(path, pages, &mut found.photographs),
                    Class::Passed(kind) => found.passed_over.count(kind),
                    Class::Nothing => {}
                }
            }
            Err(e) if e.loop_ancestor().is_some() => {}
            Err(e) => {
                let path = e.path().unwrap_or(root).to_path_buf();
                // A folder that may not be entered could hide photographs; a dangling link to a text could not.
                let dangling = e.io_error().is_some_and(|e| e.kind() == io::ErrorKind::NotFound);
                if !dangling || named_as_image(&path) {
                    let cause = e.io_error().map_or_else(|| e.to_string(), ToString::to_string);
                    found.photographs.push(Err(PhotoError::new(&path, Stage::Find, cause)));
                }
            }
        }
    }
}
/// What a file is.
enum Class {
    /// So many photographs.
    Photographs(usize),
    Passed(Passed),
    /// No image, and nothing that could be taken for one.
    Nothing,
}

/// The order of names as people count: `IMG_2` before `IMG_10`.
fn as_counted(a: &OsStr, b: &OsStr) -> Ordering {
    alphanumeric_sort::compare_os_str(a, b).then_with(|| a.cmp(b))
}

/// Of what lies where no photographs are kept, pictures count, and the files in which Windows keeps thumbnails.
fn of_place(path: &Path, kind: Passed) -> Class {
    let store = path.file_name().and_then(|name| passed::by_name(&name.to_string_lossy())) == Some(Passed::Thumbnail);
    if store || named_as_image(path) { Class::Passed(kind) } else { Class::Nothing }
}

fn of_content(path: &Path, regular: bool) -> Class {
    let start = if regular { start(path) } else { None };
    let Some(start) = start else {
        return if named_as_image(path) { Class::Photographs(1) } else { Class::Nothing };
    };
    match sniff(&start) {
        Kind::Known(Format::Jpeg) if mark::is_drawing(&start) => Class::Passed(Passed::Drawing),
        Kind::Known(Format::Tiff) => {
            let contents = File::open(path).map(|file| directory::contents(&mut BufReader::new(file)));
            match contents.unwrap_or_default() {
                contents if contents.raw || named_as_raw(path) => Class::Passed(Passed::Raw),
                contents => Class::Photographs(contents.pages.len().max(1)),
            }
        }
        Kind::Known(_) | Kind::Unsupported(_) => Class::Photographs(1),
        Kind::Raw(_) => Class::Passed(Passed::Raw),
        // what promises an image is answered for
        _ if named_as_image(path) => Class::Photographs(1),
        Kind::Film => Class::Passed(Passed::Film),
        Kind::Document(_) => Class::Passed(Passed::Document),
        Kind::Other if named_as_raw(path) => Class::Passed(Passed::Raw),
        Kind::Other => Class::Nothing,
    }
}

/// The first bytes of a file, if they can be read.
fn start(path: &Path) -> Option<Vec<u8>> {
    let mut start = Vec::with_capacity(SNIFF_BYTES);
    File::open(path).and_then(|file| file.take(SNIFF_BYTES as u64).read_to_end(&mut start)).ok()?;
    Some(start)
}

fn push_pages(path: &Path, pages: usize, photographs: &mut Vec<Result<PathBuf, PhotoError>>) {
    for page in 1..=pages.min(MAX_PAGES) {
        let named = page::named(path, page);
        photographs.push(if page > 1 && named.exists() {
            let cause = format!("page {page} of {} cannot be named: a file bears that name", path.display());
            Err(PhotoError::new(&named, Stage::Find, cause).hint("give one of the two files another name"))
        } else {
            Ok(named)
        });
    }
    if pages > MAX_PAGES {
        let cause = format!("the file has more than {MAX_PAGES} pages, of which the others are not read");
        photographs.push(Err(PhotoError::new(path, Stage::Find, cause).hint("save it in several files")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::testing::{directories, noise, png};
    use std::fs;

    fn names(found: &Found, root: &Path) -> Vec<String> {
        let name = |p: &Path| p.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        found
            .photographs
            .iter()
            .map(|f| f.as_ref().map_or_else(|e| format!("! {}", name(&e.path)), |p| name(p)))
            .collect()
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
        assert_eq!(found.passed_over.to_string(), "1 file of attributes");
    }

    #[test]
    fn what_is_named_is_answered_for_in_the_order_given() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("z.txt"), "text").unwrap();
        fs::write(at("a.jpg"), "text").unwrap();
        let found = find(&[at("z.txt"), at("none.jpg"), at("a.jpg"), at("a.jpg")]);
        assert_eq!(names(&found, dir.path()), ["z.txt", "! none.jpg", "a.jpg", "a.jpg"]);
        assert_eq!(found.photographs[1].as_ref().unwrap_err().stage, Stage::Find);
    }

    #[test]
    fn each_page_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let pages = directories(&[&[(262, 1)], &[(254, 1)], &[(262, 1)], &[(262, 1)]]);
        fs::write(dir.path().join("a.tif"), pages).unwrap();
        let found = || find(&[dir.path().to_path_buf()]);
        assert_eq!(names(&found(), dir.path()), ["a.tif", "a.tif#2", "a.tif#3"]);
        fs::write(dir.path().join("a.tif#2"), "text").unwrap();
        assert_eq!(names(&found(), dir.path()), ["a.tif", "! a.tif#2", "a.tif#3"]);
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
