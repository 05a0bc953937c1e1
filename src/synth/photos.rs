//! A folder of rendered photographs with their [`labels`]. The photographs are JPEGs named by their index.

use super::dice::Dice;
use super::dies::Dies;
use super::glyphs::Typeface;
use super::rough::Metal;
use super::scene::{self, Bear, Scene, SceneHead, Style, Subject};
use super::seen::Seen;
use super::strips::ILLEGIBLE_KEPT;
use super::words::Split;
use crate::labels::{self, HeadTruth, MarkTruth, PhotoTruth, layout};
use crate::marks::ALPHABET;
use crate::output::{self, Existing, Made};
use image::codecs::jpeg::JpegEncoder;
use rayon::prelude::*;
use std::io;
use std::path::Path;

/// Quality of the JPEGs.
const QUALITY: u8 = 90;
/// Times a photograph is thrown anew for a legible one before the last is taken as it is.
const MOST_THROWS: usize = 200;

/// Renders: made again where they are lost.
const MADE: Made = Made { name: "render", begins: |_| false, lasting: false };

/// What to render.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// How many photographs.
    pub count: u64,
    /// The same seed gives the same photographs on every machine.
    pub seed: u64,
    /// What they show; `None` throws it for each.
    pub subject: Option<Subject>,
    /// Width, in pixels.
    pub width: usize,
    /// Height, in pixels.
    pub height: usize,
    /// Which headstamps they bear.
    pub split: Split,
    /// Whether photographs with a head that does not count as legible are thrown anew.
    pub legible: bool,
    /// Whether the same dies come again, as in a batch from the field.
    pub recurring: bool,
    /// What the heads are made of.
    pub metal: Metal,
}

/// How often each subject is thrown.
const SUBJECTS: [(Subject, f32); 4] =
    [(Subject::Single, 0.5), (Subject::Mixed, 0.35), (Subject::Tray, 0.05), (Subject::NoHeads, 0.1)];

impl Order {
    /// What the heads of these photographs bear: for [`Self::render`].
    pub fn dies(&self, faces: &[Typeface]) -> Option<Dies> {
        self.recurring.then(|| Dies::of_batch(self.seed, faces, self.split))
    }

    /// Renders the photograph with this index; each can be rendered alone.
    pub fn render(&self, index: u64, faces: &[Typeface], dies: Option<&Dies>) -> Scene {
        let bear = dies.map_or(Bear::Fresh(self.split), Bear::Dies);
        let mut dice = Dice::new(self.seed, index);
        let subject = self.subject.unwrap_or_else(|| SUBJECTS[dice.weighted(&SUBJECTS.map(|s| s.1))].0);
        let style = Style { faces, metal: self.metal };
        let mut throw = || scene::bearing(self.width, self.height, subject, &mut dice.fork(), &style, &bear);
        let mut shown = throw();
        // Legibility follows from the render alone, never from what a model makes of it.
        let mut keep = Dice::new(self.seed, index);
        let mut taken = || subject != Subject::Single || keep.chance(ILLEGIBLE_KEPT);
        for _ in 1..MOST_THROWS {
            if shown.heads.iter().all(|h| h.legible) || (!self.legible && taken()) {
                break;
            }
            shown = throw();
        }
        shown
    }

    /// The file name of the photograph with this index.
    pub fn name(index: u64) -> String {
        format!("{index:05}.jpg")
    }

    /// Renders everything into a folder, on all cores; `done` is told of each photograph, and may ask to stop by `false`.
    pub fn write(&self, folder: &Path, faces: &[Typeface], done: &(dyn Fn() -> bool + Sync)) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut labels = labels::Writer::create(folder)?;
        let dies = self.dies(faces);
        // In pieces, so that labels are written in order and memory does not grow with the count.
        const PIECE: u64 = 64;
        for start in (0..self.count).step_by(PIECE as usize) {
            let indices: Vec<u64> = (start..(start + PIECE).min(self.count)).collect();
            let scenes: Vec<Option<Scene>> = indices
                .par_iter()
                .map(|&index| {
                    if !done() {
                        return Ok(None);
                    }
                    let mut shown = self.render(index, faces, dies.as_ref());
                    output::write(&folder.join(Self::name(index)), &jpeg(&shown)?, MADE, Existing::Refuse)?;
                    shown.luma = image::GrayImage::default();
                    Ok(Some(shown))
                })
                .collect::<io::Result<_>>()?;
            for (index, scene) in indices.into_iter().zip(scenes) {
                let Some(scene) = scene else {
                    labels.finish()?;
                    return Err(io::ErrorKind::Interrupted.into());
                };
                labels.write(&self.truth(index, &scene))?;
            }
        }
        labels.finish()
    }

    /// Everything that is known of a photograph.
    fn truth(&self, index: u64, scene: &Scene) -> PhotoTruth {
        PhotoTruth {
            photo: Self::name(index),
            seed: Some(self.seed),
            index: Some(index),
            width: Some(self.width),
            height: Some(self.height),
            blur: Some(scene.blur),
            heads: scene.heads.iter().map(head).collect(),
        }
    }
}

fn jpeg(shown: &Scene) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&shown.luma).map_err(io::Error::other)?;
    Ok(bytes)
}

fn head(head: &SceneHead) -> HeadTruth {
    let mark = |m: &Seen| MarkTruth {
        text: ALPHABET[m.class].to_owned(),
        x: m.x,
        y: m.y,
        turn_deg: m.turn_deg,
        height: m.height,
        width: m.width,
        shown: m.sight.shown,
        blur: m.sight.blur,
    };
    HeadTruth {
        ellipse: head.rim,
        headstamp: head.headstamp.clone(),
        legible: head.legible,
        metal: Some(head.metal.to_owned()),
        layout: Some(layout(&head.marks.iter().map(|m| m.turn_deg).collect::<Vec<_>>()).to_owned()),
        marks: head.marks.iter().map(mark).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::glyphs;

    const ORDER: Order = Order {
        count: 3,
        seed: 11,
        subject: None,
        width: 320,
        height: 240,
        split: Split::HeldAside,
        legible: false,
        recurring: false,
        metal: Metal::Known,
    };

    #[test]
    fn the_same_seed_gives_the_same_files_and_every_head_is_labelled() {
        let faces = glyphs::embedded();
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for folder in [&one, &two] {
            ORDER.write(folder.path(), &faces, &|| true).unwrap();
        }
        for name in ["00000.jpg", "00002.jpg", "labels.csv", "truth.jsonl"] {
            let read = |d: &tempfile::TempDir| std::fs::read(d.path().join(name)).unwrap();
            assert_eq!(read(&one), read(&two), "{name}");
        }
        let heads: usize = (0..3).map(|i| ORDER.render(i, &faces, None).heads.len()).sum();
        let lines = std::fs::read_to_string(one.path().join("labels.csv")).unwrap().lines().count();
        assert_eq!(lines, heads + 1);
    }

    #[test]
    fn the_truth_says_how_marks_stand_and_how_sharp_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let order = Order { subject: Some(Subject::Single), ..ORDER };
        order.write(folder.path(), &glyphs::embedded(), &|| true).unwrap();
        let truth = std::fs::read_to_string(folder.path().join("truth.jsonl")).unwrap();
        let first: serde_json::Value = serde_json::from_str(truth.lines().next().unwrap()).unwrap();
        assert!(first["blur"].as_f64().unwrap() > 0.0);
        assert!(first["heads"][0]["metal"].is_string() && first["heads"][0]["layout"].is_string());
    }

    #[test]
    fn legible_means_every_head_is() {
        let faces = glyphs::embedded();
        let order = Order { subject: Some(Subject::Single), legible: true, ..ORDER };
        assert!((0..6).all(|i| order.render(i, &faces, None).heads.iter().all(|h| h.legible)));
    }

    #[test]
    fn a_request_to_stop_is_heeded() {
        let folder = tempfile::tempdir().unwrap();
        let stopped = ORDER.write(folder.path(), &glyphs::embedded(), &|| false);
        assert_eq!(stopped.unwrap_err().kind(), io::ErrorKind::Interrupted);
    }
}
