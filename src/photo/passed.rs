//! What lies in folders beside photographs and is passed over: by where it lies, and counted by kind.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// What a file that is passed over is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Passed {
    /// A small copy that a system or a program made of a photograph.
    Thumbnail,
    /// Deleted, and not gone yet.
    Deleted,
    /// What macOS keeps of a file on a foreign disk: `._IMG_1.jpg`.
    Attributes,
    /// A copy that this program drew on.
    Drawing,
    /// A camera's raw.
    Raw,
    /// Moving pictures.
    Film,
    /// Text, tables, slides.
    Document,
}

impl Passed {
    /// One, and many.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Thumbnail => ("thumbnail", "thumbnails"),
            Self::Deleted => ("deleted photograph", "deleted photographs"),
            Self::Attributes => ("file of attributes", "files of attributes"),
            Self::Drawing => ("annotated copy", "annotated copies"),
            Self::Raw => ("camera raw", "camera raws"),
            Self::Film => ("film", "films"),
            Self::Document => ("document", "documents"),
        }
    }
}

/// How many files of each kind were passed over: `3 thumbnails, 1 camera raw`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassedOver(BTreeMap<Passed, usize>);

impl PassedOver {
    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of a kind.
    pub fn of(&self, kind: Passed) -> usize {
        self.0.get(&kind).copied().unwrap_or(0)
    }

    pub(super) fn count(&mut self, kind: Passed) {
        *self.0.entry(kind).or_default() += 1;
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (kind, &count)) in self.0.iter().enumerate() {
            let (one, many) = kind.names();
            write!(f, "{}{count} {}", if n == 0 { "" } else { ", " }, if count == 1 { one } else { many })?;
        }
        Ok(())
    }
}

/// What lies in a path like this, by the names of its folders and its own; `None` where that says nothing.
pub(super) fn by_place(path: &Path) -> Option<Passed> {
    path.components().rev().find_map(|part| by_name(&part.as_os_str().to_string_lossy()))
}

/// What a file or folder of this name is or holds.
pub(super) fn by_name(name: &str) -> Option<Passed> {
    // NAS makers, telephones, Windows and desktops; lower case
    const THUMBNAILS: [&str; 9] =
        ["@eadir", ".@__thumb", ".thumbnails", ".thumbs", "thumbnails", "thumbs", "thumbs.db", "ehthumbs.db", ".thumb"];
    const BINS: [&str; 7] = ["$recycle.bin", "recycler", "recycled", "#recycle", "@recycle", ".trash", ".trashes"];
    let name = name.to_lowercase();
    if name.starts_with("._") {
        Some(Passed::Attributes)
    } else if THUMBNAILS.contains(&name.as_str()) {
        Some(Passed::Thumbnail)
    } else if BINS.contains(&name.as_str()) || name.starts_with(".trash-") || name.starts_with(".trashed-") {
        Some(Passed::Deleted)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_known_by_any_folder_on_the_way() {
        let of = |path| by_place(Path::new(path));
        assert_eq!(of("photos/@eaDir/IMG_1.JPG/SYNOPHOTO_THUMB_M.jpg"), Some(Passed::Thumbnail));
        assert_eq!(of("D:/$RECYCLE.BIN/S-1-5/a.jpg"), Some(Passed::Deleted));
        assert_eq!(of("DCIM/.trashed-1700000000-IMG_1.jpg"), Some(Passed::Deleted));
        assert_eq!(of("photos/._IMG_1.JPG"), Some(Passed::Attributes));
        assert_eq!(of("photos/trash/thumb.jpg"), None);
    }

    #[test]
    fn counts_are_said_by_kind() {
        let mut passed = PassedOver::default();
        for kind in [Passed::Raw, Passed::Thumbnail, Passed::Film, Passed::Thumbnail] {
            passed.count(kind);
        }
        assert_eq!(passed.to_string(), "2 thumbnails, 1 camera raw, 1 film");
    }
}
