//! The reader: a photograph through detector, unwrapping, recogniser, assembly and registry.

use crate::error::{Error, PhotoError, Stage};
use crate::head::accept::accept;
use crate::head::locate::{Head, locate};
use crate::marks::Mark;
use crate::marks::classify::classify;
use crate::marks::recognise::recognise;
use crate::model::{Calibration, Model, ModelError, ModelSet};
use crate::photo::Photo;
use crate::proposals::notation::Sign;
use crate::proposals::{
    Conventions, FEATURES, Headstamp, Legibility, NoVocabulary, Proposal, Vocabulary, legibility, propose,
};
use crate::reader::{ReadOptions, ReadPhoto, Reading};
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
}

impl Pipeline {
    /// Opens sessions of its own on all networks.
    pub fn new(knowledge: Arc<Knowledge>) -> Result<Self, Error> {
        let models = &knowledge.models;
        let (detector, recogniser) = (models.detector()?, models.recogniser()?);
        let classifier = models.classifier()?;
        Ok(Self { knowledge, detector, recogniser, classifier })
    }

    /// Reads every head of a photograph, with up to `top` proposals each.
    pub fn read_heads(&mut self, photo: &GrayImage, top: usize) -> Result<Vec<ReadHead>, (Stage, ModelError)> {
        let heads = locate(photo, self.detector.as_mut()).map_err(|e| (Stage::Detect, e))?;
        let mut read = Vec::with_capacity(heads.len());
        for head in heads {
            read.push(self.read_head(photo, head, top).map_err(|e| (Stage::Read, e))?);
        }
        let judged: Vec<_> = read.iter().map(|r| (r.head, r.legibility.value)).collect();
        let mut are = accept(&judged).into_iter();
        read.retain(|_| are.next().unwrap_or(false));
        Ok(read)
    }

    fn read_head(&mut self, photo: &GrayImage, head: Head, top: usize) -> Result<ReadHead, ModelError> {
        let strip = strip::unwrap(photo, &head.rim);
        let mut marks = recognise(&strip, self.recogniser.as_mut())?;
        classify(&strip, &mut marks, self.classifier.as_mut())?;
        let legibility = legibility(&marks, head.rim.mean_radius(), &strip);
        let vocabulary: &dyn Vocabulary = if self.knowledge.prior { &Conventions } else { &NoVocabulary };
        let proposals = if legibility.reason.is_none() { propose(&marks, vocabulary, top) } else { Vec::new() };
        Ok(ReadHead { head, marks, legibility, proposals })
    }

    fn record(&self, read: &ReadHead) -> HeadRecord {
        let calibration = self.knowledge.models.recogniser.manifest.calibration.as_ref();
        let confidences = confidences(&read.proposals, calibration);
        let proposals = read.proposals.iter().zip(confidences).map(|(p, confidence)| {
            let elements: Vec<String> = p.elements.iter().map(|e| e.text.clone()).collect();
            let meaning = self.knowledge.registry.interpret(&elements, None).summary();
            ProposalRecord {
                headstamp: p.headstamp.clone(),
                confidence,
                countries: meaning.countries,
                year: meaning.year,
                calibre: meaning.calibre,
            }
        });
        let used = |i: usize| read.proposals.iter().any(|p| p.elements.iter().any(|e| e.marks.contains(&i)));
        let shown = read.marks.iter().enumerate().filter(|(i, m)| m.presence >= SHOWN || used(*i));
        let first: HashMap<usize, String> = read.proposals.first().map(read_as).unwrap_or_default();
        let mark = |(i, m)| MarkRecord { read_as: first.get(&i).cloned(), ..MarkRecord::new(m, &read.head.rim) };
        HeadRecord {
            ellipse: read.head.rim,
            legibility: read.legibility.value,
            reason: read.legibility.reason.clone().or_else(|| read.proposals.is_empty().then(|| NO_TEXT.to_owned())),
            marks: shown.map(mark).collect(),
            proposals: proposals.collect(),
        }
    }
}

/// What a proposal reads each mark as, where it has one character for each mark of an element.
fn read_as(proposal: &Proposal) -> HashMap<usize, String> {
    let mut all = HashMap::new();
    for element in &proposal.elements {
        let Ok(Headstamp { elements }) = element.text.parse() else { continue };
        let signs: Vec<&Sign> = elements.iter().flatten().filter(|s| **s != Sign::Space).collect();
        if signs.len() == element.marks.len() {
            all.extend(element.marks.iter().copied().zip(signs.into_iter().map(Sign::to_string)));
        }
    }
    all
}

/// The probability that each proposal is exactly right. They exclude one another, so that together they are at most 1,
/// and a later one is never surer than an earlier.
fn confidences(proposals: &[Proposal], calibration: Option<&Calibration>) -> Vec<Option<f32>> {
    let one = |p: &Proposal| calibration.and_then(|c| c.probability(&FEATURES, &p.features.0));
    let mut least = 1.0f64;
    let raw: Vec<Option<f64>> = proposals
        .iter()
        .map(|p| {
            let p = one(p)?.min(least);
            least = p;
            Some(p)
        })
        .collect();
    let sum: f64 = raw.iter().flatten().sum();
    raw.into_iter().map(|p| p.map(|p| (p / sum.max(1.0)) as f32)).collect()
}

impl Pipeline {
    /// Reads a photograph, and gives also what its record does not tell.
    pub fn read_keeping(
        &mut self,
        photo: &Photo,
        options: &ReadOptions,
    ) -> Result<(Reading, Vec<ReadHead>), PhotoError> {
        if photo.width.min(photo.height) < LEAST_SIDE {
            let reason = format!("no case head found: the picture is only {} x {} pixels", photo.width, photo.height);
            return Ok((Reading { heads: Vec::new(), reason: Some(reason) }, Vec::new()));
        }
        let failed = |(stage, e): (Stage, ModelError)| PhotoError::new(&photo.path, stage, e);
        let read = self.read_heads(&photo.luma, options.top).map_err(failed)?;
        let heads: Vec<HeadRecord> = read.iter().map(|r| self.record(r)).collect();
        let reason = heads.is_empty().then(|| "no case head found".to_string());
        Ok((Reading { heads, reason }, read))
    }
}

impl ReadPhoto for Pipeline {
    fn read(&mut self, photo: &Photo, options: &ReadOptions) -> Result<Reading, PhotoError> {
        self.read_keeping(photo, options).map(|(reading, _)| reading)
    }
}
