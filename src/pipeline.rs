//! The reader: a photograph through detector, unwrapping, recogniser, assembly and registry.

use crate::confidence::{Calibration, Confidences, Mode, Purpose, Setting};
use crate::ellipse::Ellipse;
use crate::error::{Error, PhotoError, Stage};
use crate::head::accept::accept;
use crate::head::detect;
use crate::head::locate::{Head, locate};
use crate::head::refine::refine;
use crate::marks::classify::{self, classify};
use crate::marks::recognise::recognise;
use crate::marks::{Mark, decode};
use crate::model::{Model, ModelError, ModelOptions, ModelSet};
use crate::networks::NETWORKS;
use crate::notation::{Headstamp, Sign};
use crate::photo::Photo;
use crate::proposals::{Conventions, Legibility, NoVocabulary, Proposal, Vocabulary, legibility, mirrored, propose};
use crate::reader::{ReadAt, ReadPhoto, Reading, Want};
use crate::record::{HeadRecord, MarkRecord, ProposalRecord};
use crate::registry::Registry;
use crate::strip;
use image::GrayImage;
use std::collections::HashMap;
use std::sync::Arc;

/// Photographs smaller than this on a side show nothing that could be told to be a case head, in pixels.
const LEAST_SIDE: u32 = 24;

/// Why nothing is proposed for a head that is legible by its marks: they are symbols, or dirt that looks like some.
const NO_TEXT: &str = "no characters among the marks";

/// Proposals of a head that are compared however few are asked for: confidence was measured on so many, made to add up.
const LEAST_COMPARED: usize = 5;

/// Presence from which a mark that no proposal uses is still told of; below it is most likely dirt.
const SHOWN: f32 = 0.5;

/// What all readers of a batch share.
pub struct Knowledge {
    /// The models.
    pub models: ModelSet,
    /// What marks mean.
    pub registry: Registry,
    /// Whether conventions of headstamps help to choose between readings.
    pub prior: bool,
    /// What makes confidences of proposals' features; `None` where that was not measured for these networks and this
    /// vocabulary: there are no confidences then.
    pub calibration: Option<Calibration>,
}

impl Knowledge {
    /// Opens the networks, and the calibration that was made with them and the vocabulary.
    pub fn open(options: &ModelOptions, registry: Registry, prior: bool, purpose: Purpose) -> Result<Self, Error> {
        let models = ModelSet::open(options, &NETWORKS)?;
        let confidences = Confidences::open(options.models_dir.as_deref())?;
        let mut knowledge = Self { models, registry, prior, calibration: None };
        knowledge.calibration = confidences.of(&knowledge.setting(), purpose).ok().cloned();
        Ok(knowledge)
    }

    /// What is known in general.
    pub fn vocabulary(&self) -> &'static dyn Vocabulary {
        if self.prior { &Conventions } else { &NoVocabulary }
    }

    /// What confidences depend on.
    pub fn setting(&self) -> Setting {
        Setting::new(self.models.hashes(), self.vocabulary(), Mode::Alone)
    }
}

/// Reads photographs with sessions of its own.
pub struct Pipeline {
    knowledge: Arc<Knowledge>,
    detector: Box<dyn Model>,
    recogniser: Box<dyn Model>,
    classifier: Box<dyn Model>,
}

/// A head that was read, with what its record does not tell.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadHead {
    /// Where it is.
    pub head: Head,
    /// Its marks, clockwise.
    pub marks: Vec<Mark>,
    /// How well it can be read.
    pub legibility: Legibility,
    /// Its headstamps, best first; none where it is not legible.
    pub proposals: Vec<Proposal>,
    /// The probability that each of them is exactly right, where that was measured.
    pub confidences: Vec<Option<f32>>,
}

/// Which heads of a photograph were looked at turned over: it is in mirror writing as a whole, or not at all.
#[derive(Debug, Default)]
struct Over {
    looked: usize,
    mirrored: bool,
}

impl Over {
    /// Heads that are looked at turned over before a photograph is taken to be as it should.
    const MOST: usize = 3;

    fn enough(&self) -> bool {
        self.looked >= Self::MOST && !self.mirrored
    }
}

impl Pipeline {
    /// Opens sessions of its own on all networks.
    pub fn new(knowledge: Arc<Knowledge>) -> Result<Self, Error> {
        let models = &knowledge.models;
        let (detector, recogniser) = (models.session(&detect::CONTRACT)?, models.session(&decode::CONTRACT)?);
        let classifier = models.session(&classify::CONTRACT)?;
        Ok(Self { knowledge, detector, recogniser, classifier })
    }

    /// Reads every head of a photograph.
    pub fn read_heads(&mut self, photo: &GrayImage, want: Want) -> Result<Vec<ReadHead>, (Stage, ModelError)> {
        let heads = locate(photo, self.detector.as_mut()).map_err(|e| (Stage::Detect, e))?;
        let mut read = Vec::with_capacity(heads.len());
        let mut over = Over::default();
        for head in heads {
            read.push(self.read_head(photo, head, want, &mut over).map_err(|e| (Stage::Read, e))?);
        }
        let judged: Vec<_> = read.iter().map(|r| (r.head, r.legibility.value)).collect();
        let mut are = accept(&judged).into_iter();
        read.retain(|_| are.next().unwrap_or(false));
        Ok(read)
    }

    fn read_head(
        &mut self,
        photo: &GrayImage,
        head: Head,
        want: Want,
        over: &mut Over,
    ) -> Result<ReadHead, ModelError> {
        let strip = strip::unwrap(photo, &head.rim);
        let marks = self.marks(&strip)?;
        let mut legibility = legibility(&marks, head.rim.mean_radius(), &strip);
        let (mut proposals, mut confidences, top) = match want {
            Want::Proposals(top) if legibility.reason.is_none() => {
                let (proposals, confidences) = self.proposed(&marks, top);
                (proposals, confidences, top)
            }
            _ => (Vec::new(), Vec::new(), 0),
        };
        if top > 0 && self.mirrored(&strip, &marks, confidences.first().copied().flatten(), over)? {
            legibility.reason = Some(mirrored::REASON.to_owned());
            proposals.clear();
        }
        proposals.truncate(top);
        confidences.truncate(proposals.len());
        Ok(ReadHead { head, marks, legibility, proposals, confidences })
    }

    fn marks(&mut self, strip: &GrayImage) -> Result<Vec<Mark>, ModelError> {
        let mut marks = recognise(strip, self.recogniser.as_mut())?;
        classify(strip, &mut marks, self.classifier.as_mut())?;
        Ok(marks)
    }

    /// Headstamps, best first, with the probability of each where that was measured.
    fn proposed(&self, marks: &[Mark], top: usize) -> (Vec<Proposal>, Vec<Option<f32>>) {
        let proposals = propose(marks, self.knowledge.vocabulary(), top.max(LEAST_COMPARED));
        let confidences = match &self.knowledge.calibration {
            Some(calibration) => calibration.shown(proposals.iter().map(|p| &p.features)),
            None => vec![None; proposals.len()],
        };
        (proposals, confidences)
    }

    /// Whether a legible head is in mirror writing. Where it is clear it is not looked at once more, and where confidence was
    /// not measured there is nothing to compare. Turned over, the plainest marks are looked at first, and the whole head only
    /// where they are about as clear so.
    fn mirrored(
        &mut self,
        strip: &GrayImage,
        marks: &[Mark],
        confidence: Option<f32>,
        over: &mut Over,
    ) -> Result<bool, ModelError> {
        if self.knowledge.calibration.is_none() || confidence.is_some_and(|p| p >= mirrored::CLEAR) || over.enough() {
            return Ok(false);
        }
        over.looked += 1;
        let strip = image::imageops::flip_horizontal(strip);
        let plainest = mirrored::plainest(marks, classify::BATCH);
        let mut turned: Vec<Mark> = plainest.iter().map(|m| mirrored::turned_over(m)).collect();
        classify(&strip, &mut turned, self.classifier.as_mut())?;
        if !mirrored::worth_a_look(&plainest, &turned) {
            return Ok(false);
        }
        let marks = self.marks(&strip)?;
        let (proposals, confidences) = self.proposed(&marks, LEAST_COMPARED);
        let first = proposals.first().zip(confidences.first().copied().flatten());
        let mirrored = first.is_some_and(|(p, sure)| mirrored::mirrored(confidence, &p.headstamp, sure));
        over.mirrored |= mirrored;
        Ok(mirrored)
    }

    fn record(&self, read: &ReadHead, want: Want) -> HeadRecord {
        let proposals = read.proposals.iter().zip(&read.confidences).map(|(p, &confidence)| {
            let headstamp = p.headstamp.parse().unwrap_or_default();
            let meaning = self.knowledge.registry.interpret(&headstamp, None).summary();
            ProposalRecord {
                headstamp: p.headstamp.clone(),
                confidence,
                countries: meaning.countries,
                year: meaning.year,
                calibre: meaning.calibre,
                vouched: None,
            }
        });
        let nothing = want != Want::Marks && read.proposals.is_empty();
        let used = |i: usize| read.proposals.iter().any(|p| p.elements.iter().any(|e| e.marks.contains(&i)));
        let shown = read.marks.iter().enumerate().filter(|(i, m)| m.presence >= SHOWN || used(*i));
        let first: HashMap<usize, String> = read.proposals.first().map(read_as).unwrap_or_default();
        let mark = |(i, m)| MarkRecord { read_as: first.get(&i).cloned(), ..MarkRecord::new(m, &read.head.rim) };
        HeadRecord {
            ellipse: read.head.rim,
            legibility: read.legibility.value,
            reason: read.legibility.reason.clone().or_else(|| nothing.then(|| NO_TEXT.to_owned())),
            marks: shown.map(mark).collect(),
            proposals: proposals.collect(),
            fitted: None,
            read_by: None,
        }
    }
}

/// What a proposal reads each mark as, where it has one character for each mark of an element.
fn read_as(proposal: &Proposal) -> HashMap<usize, String> {
    let mut all = HashMap::new();
    for element in &proposal.elements {
        let written: Headstamp = element.text.parse().unwrap_or_default();
        let signs: Vec<Sign> =
            written.elements().iter().flat_map(|e| e.signs()).filter(|s| *s != Sign::Space).collect();
        if signs.len() == element.marks.len() {
            all.extend(element.marks.iter().copied().zip(signs.iter().map(Sign::to_string)));
        }
    }
    all
}

impl ReadAt for Pipeline {
    fn read_at(&mut self, photo: &Photo, rim: &Ellipse) -> Result<HeadRecord, PhotoError> {
        let fit = refine(&photo.luma, rim);
        let head = Head { rim: fit.rim, score: 1.0, support: fit.support };
        let want = Want::default();
        let read = self.read_head(&photo.luma, head, want, &mut Over::default());
        let read = read.map_err(|e| PhotoError::new(&photo.path, Stage::Read, e))?;
        Ok(self.record(&read, want))
    }

    fn model(&self) -> String {
        self.knowledge.models.name()
    }
}

impl ReadPhoto for Pipeline {
    /// The heads, with what their records do not tell.
    type Beside = Vec<ReadHead>;

    fn read(&mut self, photo: &Photo, want: Want) -> Result<(Reading, Vec<ReadHead>), PhotoError> {
        if photo.width.min(photo.height) < LEAST_SIDE {
            let reason = format!("no case head found: the picture is only {} x {} pixels", photo.width, photo.height);
            return Ok((Reading { heads: Vec::new(), reason: Some(reason) }, Vec::new()));
        }
        let failed = |(stage, e): (Stage, ModelError)| PhotoError::new(&photo.path, stage, e);
        let read = self.read_heads(&photo.luma, want).map_err(failed)?;
        let heads: Vec<HeadRecord> = read.iter().map(|r| self.record(r, want)).collect();
        let reason = heads.is_empty().then(|| "no case head found".to_string());
        Ok((Reading { heads, reason }, read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn who_wants_marks_gets_the_same_heads_without_proposals() {
        let knowledge =
            Knowledge::open(&ModelOptions::default(), Registry::embedded(), true, Purpose::Reading).unwrap();
        let mut pipeline = Pipeline::new(Arc::new(knowledge)).unwrap();
        let photo = crate::photo::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/00000.jpg")).unwrap();
        let (whole, _) = pipeline.read(&photo, Want::Proposals(2)).unwrap();
        let (marks, beside) = pipeline.read(&photo, Want::Marks).unwrap();
        assert!(whole.heads.iter().any(|h| h.proposals.len() == 2));
        let seen = |m: &MarkRecord| MarkRecord { read_as: None, ..m.clone() };
        let without = |h: &HeadRecord| HeadRecord {
            proposals: Vec::new(),
            marks: h.marks.iter().map(seen).collect(),
            ..h.clone()
        };
        assert_eq!(marks.heads, whole.heads.iter().map(without).collect::<Vec<_>>());
        assert_eq!(beside.len(), marks.heads.len());
    }
}
