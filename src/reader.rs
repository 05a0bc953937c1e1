//! One photograph through detection, unwrapping, recognition and assembly.

use crate::ellipse::Ellipse;
use crate::error::PhotoError;
use crate::photo::Photo;
use crate::record::HeadRecord;

/// What is wanted of each head. Which heads a photograph shows rests on their marks: these are read in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Its marks, and how well they can be read: what weighs many heads together starts from these.
    Marks,
    /// Ranked headstamps with what they mean as well, at most so many.
    Proposals(usize),
}

impl Default for Want {
    fn default() -> Self {
        Self::Proposals(5)
    }
}

/// What was read from a photograph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The case heads found.
    pub heads: Vec<HeadRecord>,
    /// Why there are none, in plain words.
    pub reason: Option<String>,
}

/// Reads photographs, one at a time; every worker of a batch has its own.
pub trait ReadPhoto: Send {
    /// What is told of a photograph beside its record.
    type Beside: Send;

    /// Reads one photograph.
    fn read(&mut self, photo: &Photo, want: Want) -> Result<(Reading, Self::Beside), PhotoError>;
}

/// Reads a head where a person says that it is.
pub trait ReadAt: Send {
    /// Fits the rim near an ellipse, in pixels of the photograph, and reads what is within it.
    fn read_at(&mut self, photo: &Photo, rim: &Ellipse) -> Result<HeadRecord, PhotoError>;

    /// The models that read, as records name them.
    fn model(&self) -> String;
}

/// A reader that needs no model.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::error::Stage;
    use crate::marks::Mark;
    use crate::record::{Calibre, CountryRecord, MarkRecord, ProposalRecord, Year};
    use std::path::PathBuf;

    /// Finds one head in everything and tells its path beside, except that names ask for other things: `none`, `fail`, `panic`, `slow`.
    pub(crate) struct Fake;

    impl ReadPhoto for Fake {
        type Beside = PathBuf;

        fn read(&mut self, photo: &Photo, _: Want) -> Result<(Reading, PathBuf), PhotoError> {
            self.reading(photo).map(|reading| (reading, photo.path.clone()))
        }
    }

    impl Fake {
        fn reading(&self, photo: &Photo) -> Result<Reading, PhotoError> {
            let name = photo.path.file_name().unwrap_or_default().to_string_lossy();
            if name.contains("slow") {
                std::thread::sleep(std::time::Duration::from_millis(30));
            }
            if name.contains("panic") {
                panic!("a defect");
            } else if name.contains("fail") {
                Err(PhotoError::new(&photo.path, Stage::Detect, "asked to fail"))
            } else if name.contains("none") {
                Ok(Reading { heads: vec![], reason: Some("no case head found".into()) })
            } else {
                Ok(Reading { heads: vec![head()], reason: None })
            }
        }
    }

    impl ReadAt for Fake {
        fn read_at(&mut self, photo: &Photo, rim: &Ellipse) -> Result<HeadRecord, PhotoError> {
            let mut heads = self.reading(photo)?.heads;
            let read = heads.pop().unwrap_or_else(head);
            Ok(HeadRecord { ellipse: *rim, ..read })
        }

        fn model(&self) -> String {
            "fake 2".into()
        }
    }

    /// A head with everything on it.
    pub(crate) fn head() -> HeadRecord {
        let ellipse = Ellipse::circle(50.0, 40.0, 30.0);
        let mark = Mark {
            text: "F",
            turn_deg: 1.5,
            clock_deg: 12.5,
            radius: 0.72,
            height: 0.2,
            width: 0.12,
            presence: 1.0,
            confidence: 0.99,
            alternatives: vec![("P", 0.01)],
            ..Mark::default()
        };
        let country = CountryRecord {
            iso2: "US".into(),
            name: "United States".into(),
            state_at_time: Some("United States".into()),
            confidence: Some(0.95),
            factory: Some("Federal Cartridge Co.".into()),
            code: Some("FC".into()),
            source: Some("a book".into()),
        };
        let proposal = ProposalRecord {
            headstamp: "FC_LUGER_9MM".into(),
            confidence: Some(0.93),
            countries: vec![country],
            year: Some(Year { value: None, stamped: None, absent: true }),
            calibre: Some(Calibre { value: "9x19".into(), evidence: Some("9MM LUGER".into()) }),
            vouched: None,
        };
        HeadRecord {
            ellipse,
            legibility: 0.94,
            reason: None,
            marks: vec![MarkRecord::new(&mark, &ellipse)],
            proposals: vec![proposal],
            fitted: None,
            read_by: None,
        }
    }
}
