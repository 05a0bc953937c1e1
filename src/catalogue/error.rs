//! What can go wrong with a catalogue, whatever keeps it.

use crate::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long to wait while another process holds the catalogue.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// What can go wrong with a catalogue.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The file is something else.
    #[error("the file is no catalogue of headstamp")]
    Foreign,
    /// A newer program made it.
    #[error("it was made by a newer version of headstamp (tables {made}; this one knows {known})")]
    Newer {
        /// Version of its tables.
        made: u64,
        /// The newest version that this program knows.
        known: u64,
    },
    /// Another process did not let go of it.
    #[error("another process held it for more than {} seconds", PATIENCE.as_secs())]
    Busy,
    /// It may not be read or written.
    #[error("it may not be opened or written here: {0}")]
    Denied(String),
    /// There is no room left.
    #[error("there is no room left where it is kept, or the drive fails")]
    Full,
    /// A link of the history does not follow from the one before.
    #[error("history {history}: link {seq} {cause}")]
    Broken {
        /// Whose history.
        history: String,
        /// Which link.
        seq: u64,
        /// What is wrong.
        cause: String,
    },
    /// Somebody decided about the same case after it was looked at.
    #[error("{who} decided about this case meanwhile, at {at}")]
    Overtaken {
        /// Who.
        who: String,
        /// When.
        at: String,
    },
    /// Two files that began as one went on apart.
    #[error(
        "history {history} goes on otherwise there from decision {seq} on: one of the two files went on as a copy, or was rewritten"
    )]
    Diverged {
        /// Whose history.
        history: String,
        /// The first decision that is another.
        seq: u64,
    },
    /// Something that was asked for is not there.
    #[error("{0}")]
    Absent(String),
    /// The file that is to be written is there already.
    #[error("{0}; name a new file")]
    Exists(String),
    /// What lies beside the file does not belong to it.
    #[error("{} lies beside it and {cause}", file.display())]
    Beside {
        /// What lies there.
        file: PathBuf,
        /// What it is.
        cause: &'static str,
    },
    /// Files cannot be locked where it lies.
    #[error("files cannot be locked on this drive, so that two programs could write at once")]
    NoLocks,
    /// Something that is kept cannot be understood.
    #[error("{what} cannot be understood: {cause}")]
    Damaged {
        /// What is kept.
        what: String,
        /// Why it cannot be understood.
        cause: String,
    },
    /// A list that is taken in was another when it was read again.
    #[error("the list changed while it was read")]
    Changed,
    /// What keeps it failed.
    #[error("{0}")]
    Storage(String),
    /// A file beside it.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl CatalogueError {
    /// For something that is kept and cannot be understood.
    pub(super) fn damaged(what: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Damaged { what: what.to_string(), cause: cause.to_string() }
    }

    /// As an error of a command, with what can be done.
    pub fn at(self, path: &Path) -> Error {
        let hint = match &self {
            Self::Missing => Some("`headstamp add` makes one"),
            Self::Newer { .. } => Some("use that version, or a newer one"),
            Self::Busy => Some("try again when it is done"),
            Self::Overtaken { .. } => Some("look at it again; nothing was changed"),
            Self::Beside { .. } => {
                Some("it was not taken in, and nothing was changed: move it to another folder, and try again")
            }
            Self::NoLocks => Some(
                "keep the catalogue on a drive of this computer, and bring copies to this one with `headstamp backup`",
            ),
            Self::Denied(_) => Some("see who may write the file and its folder"),
            Self::Full => Some("make room and try again; nothing is half written"),
            Self::Diverged { .. } => Some(
                "if it is a copy that somebody went on with, --forked takes in what came after as a history of its own",
            ),
            Self::Broken { .. } => Some("do not go on with this file; compare it with a backup"),
            Self::Changed => Some("try again when it is no longer written to; nothing was taken in"),
            Self::Damaged { .. } | Self::Storage(_) => {
                Some("keep the file as it is, and go on with a copy or a backup")
            }
            Self::Absent(_) | Self::Exists(_) | Self::Foreign | Self::Io(_) => None,
        };
        Error::Needed {
            what: format!("catalogue {}", path.display()),
            cause: self.to_string(),
            hint: hint.map(str::to_owned),
        }
    }
}
