//! Human decisions, each a link of a hash chain.
//!
//! A decision is kept as the text that was hashed, so that it can be checked byte for byte for ever. The hash of a link is
//! SHA-256 over the hash of the link before, a line feed and its text; before the first stands the history's own id.

use super::fields::Values;
use crate::ellipse::Ellipse;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A link: whose history, and which in it, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Link {
    /// The history, one for each catalogue file that decisions were made in.
    pub history: Uuid,
    /// Its place in it.
    pub seq: u64,
}

/// A head on a photograph: the photograph's SHA-256 and which of its heads, counted from 0 as read; none for a photograph
/// as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// SHA-256 of the photograph's file.
    pub photo: String,
    /// Which of its heads.
    pub head: Option<u32>,
}

impl fmt::Display for Place {
    /// `SHA-256#head`, or the SHA-256 alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.head {
            Some(head) => write!(f, "{}#{head}", self.photo),
            None => f.write_str(&self.photo),
        }
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (photo, head) = text.split_once('#').map_or((text, None), |(p, h)| (p, Some(h)));
        let bad = || format!("`{text}` is no photograph: write its SHA-256, then `#` and which of its heads");
        if photo.len() != 64 || !photo.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad());
        }
        let head = head.map(|h| h.parse().map_err(|_| bad())).transpose()?;
        Ok(Self { photo: photo.to_ascii_lowercase(), head })
    }
}

/// What was on the screen when it was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The models that proposed.
    pub model: String,
    /// Headstamps with their confidence, as ranked.
    pub proposals: Vec<(String, Option<f32>)>,
    /// Where the head is, where a person said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rim: Option<Ellipse>,
    /// Why the entry was doubted that was decided on again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubted>,
}

/// Why an entry was doubted, and what a person made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Doubted {
    /// The reasons, as they were shown.
    pub reasons: Vec<String>,
    /// What was made of them.
    pub outcome: Outcome,
}

/// What a person makes of an entry that is doubted. In all cases what it says from then on is written down, and it is not
/// doubted again for as long as it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// They looked again, and it is right.
    Confirmed,
    /// It was wrong, and is put right.
    Corrected,
    /// They do not want to be asked again, and say nothing of whether it is right.
    Dismissed,
}

impl Outcome {
    /// Its name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Corrected => "corrected",
            Self::Dismissed => "dismissed",
        }
    }
}

/// How a headstamp came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// The first proposal, as it was.
    Accepted,
    /// Another proposal.
    Chosen,
    /// A proposal, changed.
    Edited,
    /// Typed, with no proposal to start from.
    Typed,
    /// From a file of entries.
    Imported,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Accepted, Self::Chosen, Self::Edited, Self::Typed, Self::Imported];

    /// Its name, as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Chosen => "chosen",
            Self::Edited => "edited",
            Self::Typed => "typed",
            Self::Imported => "imported",
        }
    }
}

/// How an entry was confirmed: by the decision that entered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// How its headstamp came about.
    pub way: Way,
    /// How many were confirmed together with it, itself counted.
    pub together: u32,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A case is entered with these values.
    Enter {
        /// The case.
        case: Uuid,
        /// Its places on photographs; none for a case entered without one.
        places: Vec<Place>,
        /// How its headstamp came about.
        way: Way,
        /// How many were confirmed together with it, itself counted.
        group: u32,
        /// What is recorded of it.
        values: Values,
    },
    /// Values of a case are changed: all of these take the place of what was there.
    Amend {
        /// The case.
        case: Uuid,
        /// Everything that is recorded of it from now on.
        values: Values,
    },
    /// A place shows a case that is known already.
    SameCase {
        /// The case.
        case: Uuid,
        /// Where it is seen again.
        place: Place,
    },
    /// What was found at a place is no case head.
    NotAHead {
        /// The place.
        place: Place,
    },
    /// Something is known of whatever is at a place, as if it had been told when the photograph was added.
    Tell {
        /// The place.
        place: Place,
        /// What is known; of fields that are not there, what was told before stays.
        values: Values,
    },
    /// An earlier decision no longer holds.
    Undo {
        /// Which.
        link: Link,
    },
    /// Another catalogue's history was taken in, up to this link.
    Merge {
        /// Its last link.
        link: Link,
        /// The hash of that link.
        hash: String,
    },
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its link.
    #[serde(flatten)]
    pub link: Link,
    /// When, in UTC, to the millisecond.
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// What was shown; none where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
}

impl What {
    /// Which kind it is, as it is written down.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Enter { .. } => "enter",
            Self::Amend { .. } => "amend",
            Self::SameCase { .. } => "same_case",
            Self::NotAHead { .. } => "not_a_head",
            Self::Tell { .. } => "tell",
            Self::Undo { .. } => "undo",
            Self::Merge { .. } => "merge",
        }
    }

    /// The case it concerns.
    pub fn case(&self) -> Option<Uuid> {
        match self {
            Self::Enter { case, .. } | Self::Amend { case, .. } | Self::SameCase { case, .. } => Some(*case),
            Self::NotAHead { .. } | Self::Tell { .. } | Self::Undo { .. } | Self::Merge { .. } => None,
        }
    }

    /// The places it is about.
    pub fn places(&self) -> &[Place] {
        match self {
            Self::Enter { places, .. } => places,
            Self::SameCase { place, .. } | Self::NotAHead { place } | Self::Tell { place, .. } => {
                std::slice::from_ref(place)
            }
            Self::Amend { .. } | Self::Undo { .. } | Self::Merge { .. } => &[],
        }
    }
}

/// What stands before the first link of a history.
pub fn root(history: Uuid) -> String {
    hex::encode(Sha256::digest(history.as_bytes()))
}

/// The hash of a link.
pub fn hash(before: &str, text: &str) -> String {
    let mut sum = Sha256::new();
    sum.update(before.as_bytes());
    sum.update(b"\n");
    sum.update(text.as_bytes());
    hex::encode(sum.finalize())
}
