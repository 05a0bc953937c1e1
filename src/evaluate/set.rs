//! Photographs with what their heads bear: what readings are held against.

use super::Label;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::dataset::{Part, Sample, Shares, What, gather, split};
use crate::error::Error;
use crate::labels::{self, HeadTruth, LABELS, PhotoTruth, Truth, layout};
use crate::list::Charset;
use crate::synth::glyphs;
use crate::synth::photos::Order;
use crate::synth::rough::Metal;
use crate::synth::scene::Subject;
use crate::synth::words::Split;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Seed of the renders that models are compared on: apart from those that anything was fitted to or measured by.
const SEED: u64 = 1_301;
/// Their size, in pixels.
const SIZE: (usize, usize) = (1200, 900);

/// A labelled set.
#[derive(Debug, Default)]
pub struct Set {
    /// Photographs with their labels, in the order in which they are read.
    pub photographs: BTreeMap<PathBuf, Vec<Label>>,
    /// What else is known of them.
    pub truth: Truth,
    /// Where renders lie; they go when the set does.
    folder: Option<tempfile::TempDir>,
}

impl Set {
    /// The photographs of a file of labels, and those beside it that show no head.
    pub fn of_labels(file: &Path, charset: Option<Charset>) -> Result<Self, Error> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let labels = labels::load(file, charset)?;
        let truth = Truth::load(folder)?;
        let mut photographs: BTreeMap<PathBuf, Vec<Label>> = BTreeMap::new();
        for label in labels {
            photographs.entry(folder.join(&label.photo)).or_default().push(label);
        }
        // A rendered set names every photograph it holds; one without heads has no label.
        for name in truth.photos() {
            photographs.entry(folder.join(name)).or_default();
        }
        Ok(Self { photographs, truth, folder: None })
    }

    /// The confirmed heads of a catalogue that are never learnt from: those of the part `test` at the usual shares. `find` says
    /// where the photograph of a head is.
    pub fn of_confirmed(catalogue: &Catalogue, find: impl Fn(&Sample) -> PathBuf) -> Result<Self, CatalogueError> {
        let (samples, _) = gather(catalogue)?;
        let parts = split(&samples, Shares::default(), What::Heads);
        let (mut photographs, mut known) = (BTreeMap::<PathBuf, Vec<Label>>::new(), BTreeMap::new());
        for (sample, _) in samples.iter().zip(parts).filter(|(_, part)| *part == Part::Test) {
            let (path, rim) = (find(sample), sample.head.ellipse);
            let photo = path.to_string_lossy().into_owned();
            let turns: Vec<f32> = sample.head.marks.iter().map(|m| m.turn_deg).collect();
            let head = HeadTruth {
                ellipse: rim,
                headstamp: sample.headstamp.clone(),
                legible: true,
                metal: None,
                layout: (!turns.is_empty()).then(|| layout(&turns).to_owned()),
                marks: Vec::new(),
            };
            let nothing = || PhotoTruth {
                photo: photo.clone(),
                seed: None,
                index: None,
                width: None,
                height: None,
                blur: None,
                heads: Vec::new(),
            };
            known.entry(photo.clone()).or_insert_with(nothing).heads.push(head);
            photographs.entry(path).or_default().push(Label {
                photo,
                x: rim.cx,
                y: rim.cy,
                r: rim.mean_radius(),
                headstamp: sample.headstamp.clone(),
                country: String::new(),
                legible: true,
            });
        }
        Ok(Self { photographs, truth: Truth::of_photos(known.into_values()), folder: None })
    }

    /// Renders of single heads with headstamps that training never shows, always the same ones. They lie in a folder of the
    /// system for as long as the set is there.
    pub fn of_renders(count: u64, done: &(dyn Fn() -> bool + Sync)) -> Result<Self, Error> {
        let order = Order {
            count,
            seed: SEED,
            subject: Some(Subject::Single),
            width: SIZE.0,
            height: SIZE.1,
            split: Split::HeldAside,
            legible: false,
            recurring: false,
            metal: Metal::Known,
        };
        let cannot = |source: io::Error| Error::Write { what: "renders to compare models on".into(), source };
        let folder = tempfile::tempdir().map_err(cannot)?;
        order.write(folder.path(), &glyphs::embedded(), done).map_err(cannot)?;
        let mut set = Self::of_labels(&folder.path().join(LABELS), None)?;
        set.folder = Some(folder);
        Ok(set)
    }

    /// The labels of a photograph.
    pub fn labels(&self, photograph: &Path) -> Vec<&Label> {
        self.photographs.get(photograph).into_iter().flatten().collect()
    }
}
