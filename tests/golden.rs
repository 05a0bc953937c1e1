//! What program and training must compute alike, in `tests/golden`: views cut from a strip, maps decoded into marks and heads,
//! and the contract itself. `training/tests` computes the same in Python.
//!
//! `HEADSTAMP_BLESS=1 cargo test --release --test golden` makes the files anew, from a render and the networks of the program;
//! needed only when a contract changes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use headstamp::head::{detect, window::Window};
use headstamp::marks::{Mark, classify, decode, views};
use headstamp::model::{Contract, Model, ModelOptions, ModelSet};
use headstamp::networks::NETWORKS;
use headstamp::strip;
use headstamp::synth::{dice::Dice, glyphs, scene, stream, strips, words::Split};
use image::GrayImage;
use ndarray::{Array4, ArrayView4};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Seed of the strip and the scene.
const SEED: u64 = 17;
/// Marks on the strip, at least.
const MARKS: usize = 8;
/// Marks whose views are kept.
const VIEWED: usize = 3;
/// Least score of a head, as at the second look.
const LEAST_SCORE: f32 = 0.3;
/// Greatest differences that rounding explains: of luma 0..1, of pixels and degrees, of shares and units of the rim.
const TOLERANCE: Tolerance = Tolerance { luma: 2e-3, places: 1e-2, shares: 1e-3 };

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Tolerance {
    luma: f64,
    places: f64,
    shares: f64,
}

#[derive(Serialize, Deserialize)]
struct Golden {
    /// Hash of each kind's contract.
    contracts: BTreeMap<String, String>,
    tolerance: Tolerance,
    strip: String,
    recogniser: Maps<GoldenMark>,
    detector: Maps<Head>,
    classifier: Views,
}

/// Maps of which the first channel is told everywhere, the others at its peaks alone: nowhere else are they read.
#[derive(Serialize, Deserialize)]
struct Maps<T> {
    threshold: f32,
    first: Vec<Vec<f32>>,
    peaks: Vec<Peak>,
    found: Vec<T>,
}

#[derive(Serialize, Deserialize)]
struct Peak {
    row: usize,
    column: usize,
    rest: Vec<f32>,
}

#[derive(Debug, Serialize, Deserialize)]
struct GoldenMark {
    text: String,
    presence: f32,
    clock_deg: f32,
    radius: f32,
    height: f32,
    width: f32,
    turn_deg: f32,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    score: f32,
    cx: f32,
    cy: f32,
    a: f32,
    b: f32,
    angle_deg: f32,
}

#[derive(Serialize, Deserialize)]
struct Views {
    marks: Vec<Place>,
    /// Marks, views, rows, columns.
    luma: Vec<Vec<Vec<Vec<f32>>>>,
}

#[derive(Serialize, Deserialize)]
struct Place {
    clock_deg: f32,
    radius: f32,
    height: f32,
    width: f32,
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn blessed() -> bool {
    std::env::var_os("HEADSTAMP_BLESS").is_some_and(|v| v == "1")
}

fn contracts() -> BTreeMap<String, String> {
    NETWORKS.iter().map(|n| (n.contract.kind.to_owned(), n.contract.hash())).collect()
}

fn rounded(v: f32, digits: i32) -> f32 {
    let unit = 10f64.powi(digits);
    ((f64::from(v) * unit).round() / unit) as f32
}

fn found_marks(marks: &[Mark]) -> Vec<GoldenMark> {
    let one = |m: &Mark| GoldenMark {
        text: m.text.to_owned(),
        presence: m.presence,
        clock_deg: m.clock_deg,
        radius: m.radius,
        height: m.height,
        width: m.width,
        turn_deg: m.turn_deg,
    };
    marks.iter().map(one).collect()
}

fn found_heads(maps: ArrayView4<'_, f32>, threshold: f32) -> Vec<Head> {
    let window = Window::whole(detect::SIDE as u32, detect::SIDE as u32);
    let one = |c: detect::Candidate| {
        let r = c.rim;
        Head { score: c.score, cx: r.cx, cy: r.cy, a: r.a, b: r.b, angle_deg: r.angle_deg }
    };
    detect::decode(maps, &window, threshold).unwrap().into_iter().map(one).collect()
}

impl<T> Maps<T> {
    /// What is read of maps, to four digits.
    fn of(maps: &Array4<f32>, threshold: f32, ring: bool) -> Self {
        let (_, channels, rows, columns) = maps.dim();
        let least = (threshold / (1.0 - threshold)).ln();
        let first = |y: usize, x: usize| rounded(maps[[0, 0, y, x]], 4);
        let mut peaks = Vec::new();
        for (row, column) in (0..rows).flat_map(|y| (0..columns).map(move |x| (y, x))) {
            let here = first(row, column);
            let near = (row.saturating_sub(1)..=(row + 1).min(rows - 1)).flat_map(|y| {
                (column + columns - 1..=column + columns + 1)
                    .filter(move |x| ring || (columns..2 * columns).contains(x))
                    .map(move |x| (y, x % columns))
            });
            if here > least && near.into_iter().all(|(y, x)| first(y, x) <= here) {
                let rest = (1..channels).map(|c| rounded(maps[[0, c, row, column]], 4)).collect();
                peaks.push(Peak { row, column, rest });
            }
        }
        let line = |y: usize| (0..columns).map(|x| first(y, x)).collect();
        Self { threshold, first: (0..rows).map(line).collect(), peaks, found: Vec::new() }
    }

    /// The maps, nought where nothing is read.
    fn whole(&self, contract: &Contract) -> Array4<f32> {
        let mut maps = Array4::zeros(contract.maps());
        for (y, line) in self.first.iter().enumerate() {
            line.iter().enumerate().for_each(|(x, v)| maps[[0, 0, y, x]] = *v);
        }
        for peak in &self.peaks {
            peak.rest.iter().enumerate().for_each(|(c, v)| maps[[0, c + 1, peak.row, peak.column]] = *v);
        }
        maps
    }
}

impl Views {
    fn marks(&self) -> Vec<Mark> {
        let one = |b: &Place| Mark {
            clock_deg: b.clock_deg,
            radius: b.radius,
            height: b.height,
            width: b.width,
            ..Mark::default()
        };
        self.marks.iter().map(one).collect()
    }

    fn cut(&mut self, strip: &GrayImage) {
        let marks = self.marks();
        let seen = views::views(strip, &marks, marks.len()).unwrap();
        let line = |n, v, y| (0..views::SIDE).map(|x| rounded(seen[[n, v, y, x]], 4)).collect();
        let view = |n, v| (0..views::SIDE).map(|y| line(n, v, y)).collect();
        self.luma = (0..marks.len()).map(|n| (0..views::VIEWS).map(|v| view(n, v)).collect()).collect();
    }
}

/// A strip turned so that a mark lies on its seam, and a scene, as the networks of the program see them.
fn bless() {
    let faces = glyphs::embedded();
    let rendered = (0..)
        .map(|i| strips::render(&mut Dice::new(SEED, i), &faces, Split::HeldAside, 0.0))
        .find(|s| s.marks.len() >= MARKS)
        .expect("some strip has many marks");
    let shift = rendered.marks[0].column as u32;
    let strip = GrayImage::from_fn(strip::COLUMNS as u32, strip::ROWS as u32, |x, y| {
        *rendered.luma.get_pixel((x + shift) % strip::COLUMNS as u32, y)
    });
    let scene = (0..)
        .map(|i| scene::for_training(&mut Dice::new(SEED, i), &faces, Split::HeldAside))
        .find(|s| (3..10).contains(&s.heads.len()))
        .expect("some scene has a few heads");
    let set = ModelSet::open(&ModelOptions::default(), &NETWORKS).unwrap();
    let run = |contract: &Contract, luma: Array4<f32>| {
        let mut model: Box<dyn Model> = set.session(contract).unwrap();
        model.run(luma.view()).unwrap()
    };

    let mut recogniser = Maps::of(&run(&decode::CONTRACT, strip::luma(&strip).unwrap()), decode::LEAST_PRESENCE, true);
    let marks = decode::decode(recogniser.whole(&decode::CONTRACT).view()).unwrap();
    recogniser.found = found_marks(&marks);
    let window = Window::whole(scene.luma.width(), scene.luma.height());
    let mut detector = Maps::of(&run(&detect::CONTRACT, window.luma(&scene.luma)), LEAST_SCORE, false);
    detector.found = found_heads(detector.whole(&detect::CONTRACT).view(), LEAST_SCORE);
    let boxes = marks.iter().take(VIEWED).map(|m| Place {
        clock_deg: m.clock_deg,
        radius: m.radius,
        height: m.height,
        width: m.width,
    });
    let mut classifier = Views { marks: boxes.collect(), luma: Vec::new() };
    classifier.cut(&strip);

    let name = "strip.luma".to_owned();
    std::fs::write(path(&name), strip.as_raw()).unwrap();
    let golden = Golden { contracts: contracts(), tolerance: TOLERANCE, strip: name, recogniser, detector, classifier };
    std::fs::write(path("golden.json"), serde_json::to_string(&golden).unwrap() + "\n").unwrap();
}

fn golden() -> (Golden, GrayImage) {
    if blessed() {
        bless();
    }
    let golden: Golden = serde_json::from_slice(&std::fs::read(path("golden.json")).unwrap()).unwrap();
    assert_eq!(golden.contracts, contracts(), "made for other contracts: bless it, as the head of this file says");
    let raw = std::fs::read(path(&golden.strip)).unwrap();
    let strip = GrayImage::from_raw(strip::COLUMNS as u32, strip::ROWS as u32, raw).expect("a whole strip");
    (golden, strip)
}

fn near(name: &str, found: f32, told: f32, most: f64) {
    assert!(f64::from((found - told).abs()) <= most, "{name}: {found}, told {told}");
}

#[test]
fn program_and_fixture_agree() {
    let (golden, strip) = golden();
    let Tolerance { luma, places, shares } = golden.tolerance;

    let maps = golden.recogniser.whole(&decode::CONTRACT);
    let marks = found_marks(&decode::decode(maps.view()).unwrap());
    assert_eq!(marks.len(), golden.recogniser.found.len());
    assert!(marks.len() >= VIEWED);
    for (found, told) in marks.iter().zip(&golden.recogniser.found) {
        assert_eq!(found.text, told.text);
        for (name, one, other, most) in [
            ("clock", found.clock_deg, told.clock_deg, places),
            ("turn", found.turn_deg, told.turn_deg, places),
            ("radius", found.radius, told.radius, shares),
            ("height", found.height, told.height, shares),
            ("width", found.width, told.width, shares),
            ("presence", found.presence, told.presence, shares),
        ] {
            near(name, one, other, most);
        }
    }

    let heads = found_heads(golden.detector.whole(&detect::CONTRACT).view(), golden.detector.threshold);
    assert_eq!(heads.len(), golden.detector.found.len());
    assert!(!heads.is_empty());
    for (found, told) in heads.iter().zip(&golden.detector.found) {
        for (name, one, other) in [
            ("cx", found.cx, told.cx),
            ("cy", found.cy, told.cy),
            ("a", found.a, told.a),
            ("b", found.b, told.b),
            ("angle", found.angle_deg, told.angle_deg),
        ] {
            near(name, one, other, places);
        }
        near("score", found.score, told.score, shares);
    }

    let mut cut = Views { marks: golden.classifier.marks, luma: Vec::new() };
    cut.cut(&strip);
    let flat = |v: &[Vec<Vec<Vec<f32>>>]| v.iter().flatten().flatten().flatten().copied().collect::<Vec<f32>>();
    let (found, told) = (flat(&cut.luma), flat(&golden.classifier.luma));
    assert_eq!((found.len(), told.len()), (told.len(), VIEWED * classify::INPUT[1..].iter().product::<usize>()));
    found.iter().zip(&told).for_each(|(one, other)| near("luma of a view", *one, *other, luma));
}

/// What is printed for training is what stands in the fixture, byte for byte.
#[test]
fn the_contract_is_the_one_that_training_was_tested_with() {
    let printed = common::headstamp(["model", "contract"]).success().out;
    if blessed() {
        std::fs::write(path("contract.json"), &printed).unwrap();
    }
    let told = std::fs::read_to_string(path("contract.json")).unwrap();
    assert!(printed == told, "the contract has changed: bless it, as the head of this file says, and train anew");
    let value: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(value["records"], stream::formats());
}
