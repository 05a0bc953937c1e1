//! How sure a proposal is: the probability that it is exactly right, where that has been measured for the very networks,
//! vocabulary and way of reading in use; else nothing.
//!
//! `file` reads `headstamp-confidence.json`, calibrations each bound to what it was fitted with; `calibration` turns the
//! features of a head's proposals into what users are shown; `reliability` measures that.

mod calibration;
mod file;
mod reliability;

pub use calibration::{Calibration, Setting};
pub use file::{Confidences, FILE_NAME};
pub use reliability::{Bin, Reliability};

use serde::{Deserialize, Serialize};

/// Which heads are read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Each head by itself.
    Alone,
}

impl Mode {
    /// Its name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alone => "alone",
        }
    }
}

/// What confidence is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown: only calibrations with figures are used.
    Reading,
    /// To be measured: one that was only fitted is used as well.
    Measuring,
}
