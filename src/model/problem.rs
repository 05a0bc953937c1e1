//! Why a network is refused.

/// Why a model is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not JSON, or not a manifest.
    #[error("the manifest cannot be read: {0}")]
    Unreadable(String),
    /// Made for a newer program.
    #[error("the manifest has version {0}, newer than this program")]
    Newer(u32),
    /// The file is not the one that the manifest describes.
    #[error("the model's bytes are not those of its manifest: SHA-256 {found}, expected {expected}")]
    Bytes {
        /// Of the file.
        found: String,
        /// In the manifest.
        expected: String,
    },
    /// Made for another contract than this program's.
    #[error("it was made for another contract ({found}, here {expected}): {differs}", found = short(found), expected = short(expected))]
    Contract {
        /// The hash in the manifest.
        found: String,
        /// The hash of this program's contract.
        expected: String,
        /// What differs, as far as the manifest tells.
        differs: String,
    },
    /// A network for something else.
    #[error("{0}")]
    Unfit(String),
}

impl Problem {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Contract { .. } => {
                "train it anew with this program (training/train.sh), or take the program it was made for"
            }
            Self::Newer(_) => "take a newer program",
            _ => "take manifest and model from the same training run",
        }
    }
}

/// Enough of a hash to tell it from another.
fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}
