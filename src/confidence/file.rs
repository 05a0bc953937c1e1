//! `headstamp-confidence.json`: all calibrations there are.

use super::{Calibration, Purpose, Setting};
use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::io::{self, Read};
use std::path::Path;

/// Name of the file, beside the networks.
pub const FILE_NAME: &str = "headstamp-confidence.json";
/// The newest version of the file that this program understands.
const SCHEMA: u32 = 1;
/// Largest file that is read; one calibration takes some 4 kB.
const MAX_BYTES: u64 = 4 << 20;

/// The calibrations that come with the program.
const EMBEDDED: &[u8] = include_bytes!("../../models/headstamp-confidence.json");

/// All calibrations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confidences {
    /// Version of the file's form.
    schema: u32,
    /// In no order.
    pub calibrations: Vec<Calibration>,
}

impl Confidences {
    /// Those in a folder of models, none where it has no such file; or those that come with the program.
    pub fn open(models: Option<&Path>) -> Result<Self, Error> {
        let Some(folder) = models else {
            return Self::parsed(EMBEDDED)
                .map_err(|cause| refused("the built-in confidence", &cause, "build the program anew"));
        };
        let path = folder.join(FILE_NAME);
        let what = format!("confidence {}", path.display());
        let hint = "take it away, and confidences are null; training/calibrate.py makes one";
        let file = match std::fs::File::open(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { schema: SCHEMA, calibrations: Vec::new() });
            }
            opened => opened.map_err(|e| refused(&what, &e.to_string(), hint))?,
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| refused(&what, &e.to_string(), hint))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(refused(&what, "it is too large to be one of ours", hint));
        }
        Self::parsed(&bytes).map_err(|cause| refused(&what, &cause, hint))
    }

    fn parsed(json: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let version: Version = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        if version.schema > SCHEMA {
            return Err(format!("it has version {}, newer than this program", version.schema));
        }
        let all: Self = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        all.calibrations.iter().try_for_each(Calibration::check)?;
        Ok(all)
    }

    /// The calibration for a setting, or why there is none.
    pub fn of(&self, setting: &Setting, purpose: Purpose) -> Result<&Calibration, String> {
        let mut reason = match self.calibrations.is_empty() {
            true => format!("{FILE_NAME} is not there, or empty"),
            false => format!("{FILE_NAME} holds no calibration for this"),
        };
        for c in &self.calibrations {
            let differs = c.setting.differs(setting);
            if let Some(why) = differs {
                // Of several, the one for this vocabulary and mode tells most.
                if c.setting.vocabulary.name == setting.vocabulary.name && c.setting.mode == setting.mode {
                    reason = why;
                }
            } else if !c.fits_features() {
                reason = "it is for proposals with other features".into();
            } else if purpose == Purpose::Reading && c.figures.is_none() {
                reason = "it was fitted, but not measured".into();
            } else {
                return Ok(c);
            }
        }
        Err(reason)
    }
}

fn refused(what: &str, cause: &str, hint: &str) -> Error {
    Error::Needed { what: what.to_owned(), cause: cause.to_owned(), hint: Some(hint.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::super::Reliability;
    use super::super::calibration::tests::{calibration, setting};
    use super::*;

    fn measured() -> Calibration {
        Calibration { figures: Reliability::of(&[(0.5, true)]), ..calibration() }
    }

    #[test]
    fn a_calibration_is_used_for_its_own_setting_alone() {
        let all = Confidences { schema: 1, calibrations: vec![measured()] };
        assert!(all.of(&setting(), Purpose::Reading).is_ok());
        let mut swapped = setting();
        swapped.networks.insert("recogniser".into(), "another".into());
        assert!(all.of(&swapped, Purpose::Reading).unwrap_err().contains("another recogniser"));
        let mut without = setting();
        without.vocabulary.name = "none".into();
        assert!(all.of(&without, Purpose::Reading).unwrap_err().contains("no calibration for this"));
        let none = Confidences { schema: 1, calibrations: Vec::new() };
        assert!(none.of(&setting(), Purpose::Reading).unwrap_err().contains("not there"));
    }

    #[test]
    fn what_is_not_measured_is_not_shown() {
        let all = Confidences { schema: 1, calibrations: vec![calibration()] };
        assert!(all.of(&setting(), Purpose::Reading).unwrap_err().contains("not measured"));
        assert!(all.of(&setting(), Purpose::Measuring).is_ok());
    }

    #[test]
    fn files_are_read_as_written_and_damaged_ones_refused() {
        let write = |c: Calibration| serde_json::to_vec(&Confidences { schema: 1, calibrations: vec![c] }).unwrap();
        assert_eq!(Confidences::parsed(&write(measured())).unwrap().calibrations, [measured()]);
        let cause = |json: &[u8]| Confidences::parsed(json).unwrap_err();
        assert!(cause(br#"{"schema": 2}"#).contains("newer"));
        assert!(!cause(b"{").is_empty());
        let mut wrong = measured();
        wrong.scale[0] = 0.0;
        assert!(cause(&write(wrong)).contains("divides by nothing"));
        let mut wrong = measured();
        wrong.mean.pop();
        assert!(cause(&write(wrong)).contains("lengths"));
    }

    #[test]
    fn a_folder_need_not_have_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Confidences::open(Some(folder.path())).unwrap().calibrations.is_empty());
        std::fs::write(folder.path().join(FILE_NAME), "damaged").unwrap();
        assert_eq!(Confidences::open(Some(folder.path())).unwrap_err().status(), crate::error::Status::Needed);
    }
}
