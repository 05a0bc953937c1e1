//! What can go wrong, and the exit status it means.

use crate::printable::{printable, shown};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// The step at which a photograph failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Looking for the file.
    Find,
    /// Opening the file and reading its bytes.
    Open,
    /// Turning the bytes into pixels.
    Decode,
    /// Looking for case heads.
    Detect,
    /// Fitting the rim of a head.
    Refine,
    /// Unrolling the ring of marks.
    Unwrap,
    /// Reading marks from the strip.
    Read,
    /// Assembling marks into headstamps.
    Propose,
    /// Drawing what was seen on a copy.
    Annotate,
}

impl Stage {
    /// The name, as it stands in messages and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::Open => "open",
            Self::Decode => "decode",
            Self::Detect => "detect",
            Self::Refine => "refine",
            Self::Unwrap => "unwrap",
            Self::Read => "read",
            Self::Propose => "propose",
            Self::Annotate => "annotate",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One photograph that could not be worked on. Others of the batch are not concerned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {stage}: {}{}", shown(path), printable(message), Hint(hint))]
pub struct PhotoError {
    /// The photograph, as it was named.
    pub path: PathBuf,
    /// How far it came.
    pub stage: Stage,
    /// The cause, in plain words.
    pub message: String,
    /// What the user can do about it.
    pub hint: Option<String>,
    /// SHA-256 of the file's bytes, where they could be read.
    pub sha256: Option<String>,
}

impl PhotoError {
    /// An error without advice.
    pub fn new(path: &Path, stage: Stage, message: impl fmt::Display) -> Self {
        Self { path: path.to_path_buf(), stage, message: message.to_string(), hint: None, sha256: None }
    }

    /// Adds what the user can do.
    pub fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }
}

struct Hint<'a>(&'a Option<String>);

impl fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// What ends a whole command.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Wrong usage that only showed after the arguments were parsed.
    #[error("{0}")]
    Usage(String),
    /// A file that the command cannot do without (catalogue, model, registry) is missing, damaged or newer than this
    /// program.
    #[error("{what}: {cause}{}", Hint(hint))]
    Needed {
        /// The file and what it is for.
        what: String,
        /// Why it cannot be used.
        cause: String,
        /// What the user can do about it.
        hint: Option<String>,
    },
    /// A result could not be written.
    #[error("cannot write {what}: {source}")]
    Write {
        /// What was being written.
        what: String,
        /// The cause.
        source: std::io::Error,
    },
}

impl Error {
    /// The exit status this error means.
    pub fn status(&self) -> Status {
        match self {
            Self::Usage(_) => Status::Usage,
            Self::Needed { .. } => Status::Needed,
            Self::Write { .. } => Status::SomeFailed,
        }
    }
}

/// How the program ends. The numbers are promised to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Everything was done.
    Done = 0,
    /// Done, but some inputs failed.
    SomeFailed = 1,
    /// Wrong usage.
    Usage = 2,
    /// A needed file is missing, damaged or of a newer version.
    Needed = 3,
    /// Interrupted by the user.
    Interrupted = 130,
}

impl Status {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_names_file_stage_cause_and_advice() {
        let e = PhotoError::new(Path::new("a.heic"), Stage::Decode, "HEIC is not supported").hint("convert it to JPEG");
        assert_eq!(e.to_string(), "a.heic: decode: HEIC is not supported; convert it to JPEG");
    }

    #[test]
    fn a_stage_is_written_the_same_in_text_and_json() {
        for stage in [Stage::Find, Stage::Open, Stage::Decode, Stage::Unwrap, Stage::Propose, Stage::Annotate] {
            assert_eq!(serde_json::to_string(&stage).unwrap(), format!("\"{stage}\""));
        }
    }
}
