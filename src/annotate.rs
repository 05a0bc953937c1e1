//! What was seen, drawn on a copy of the photograph.

use crate::draw::{Area, BOX, RIM, Text, path};
use crate::ellipse::Ellipse;
use crate::error::{PhotoError, Stage};
use crate::output::{self, Existing, Made, OutputError};
use crate::photo::{self, Budget};
use crate::record::{HeadRecord, MarkRecord, PhotoRecord};
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Longest side of a copy, in pixels.
const LONGEST: u32 = 2000;
/// Of the JPEG, of 100: lines stay sharp.
const QUALITY: u8 = 88;

/// Draws copies into a folder: `IMG_1.jpg` becomes `IMG_1.annotated.jpg` there.
#[derive(Debug)]
pub struct Annotator {
    names: HashMap<PathBuf, PathBuf>,
    existing: Existing,
}

/// What copies are known by.
const COPY: Made = Made { name: "annotated copy", begins: photo::is_drawing, lasting: false };

impl Annotator {
    /// Makes the folder, and settles the names of all copies at once, so that they do not depend on which photograph
    /// is done first. No copy takes the place of a photograph, nor of anything else but an earlier copy, where that may be.
    pub fn new<'p>(
        folder: &Path,
        photographs: impl Iterator<Item = &'p Path> + Clone,
        existing: Existing,
    ) -> Result<Self, OutputError> {
        output::make_folder(folder)?;
        let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let mut taken: HashSet<PathBuf> = photographs.clone().map(real).collect();
        let folder = real(folder);
        let mut names = HashMap::new();
        for photograph in photographs {
            if names.contains_key(photograph) {
                continue;
            }
            let free = candidates(photograph).map(|name| folder.join(name)).find(|path| !taken.contains(path));
            if let Some(path) = free {
                output::allowed(&path, COPY, existing)?;
                taken.insert(path.clone());
                names.insert(photograph.to_path_buf(), path);
            }
        }
        Ok(Self { names, existing })
    }

    /// Where the copy of a photograph goes.
    pub fn copy_of(&self, path: &Path) -> Option<&Path> {
        self.names.get(path).map(PathBuf::as_path)
    }

    /// Draws the copy of one photograph.
    pub fn draw(&self, path: &Path, record: &PhotoRecord, budget: &Budget) -> Result<(), PhotoError> {
        let failed = |cause: &dyn std::fmt::Display| PhotoError::new(path, Stage::Annotate, cause);
        let Some(target) = self.copy_of(path) else { return Ok(()) };
        let (mut copy, scale) = photo::load_colour(path, LONGEST, budget)?;
        let text = Text::new().map_err(|e| failed(&e))?;
        for head in &record.heads {
            draw_head(&mut copy, head, scale, &text);
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&copy).map_err(|e| failed(&e))?;
        output::write(target, &photo::mark_as_drawing(&jpeg), COPY, self.existing).map_err(|e| failed(&e))
    }
}

/// `stem.annotated.jpg`, then `stem-2.annotated.jpg` and so on.
fn candidates(photograph: &Path) -> impl Iterator<Item = OsString> {
    let stem = photograph.file_stem().unwrap_or_default().to_os_string();
    (1..).map(move |number: u32| {
        let mut name = stem.clone();
        if number > 1 {
            name.push(format!("-{number}"));
        }
        name.push(".annotated.jpg");
        name
    })
}

/// Confidence from which a mark is labelled without it.
const PLAIN: f32 = 0.95;
/// Where a label may stand, in units of the rim from its mark towards the middle: inside the ring first, where there is room
/// between marks and primer, then outside the rim.
const INWARD: [f32; 5] = [0.22, 0.32, 0.42, 0.52, 0.62];
/// The same as distances from the middle.
const OUTSIDE: [f32; 6] = [1.12, 1.24, 1.36, 1.5, 1.65, 1.8];
/// Turns of a label against its mark that are tried at each distance, in degrees.
const ASIDE: [f32; 5] = [0.0, -6.0, 6.0, -12.0, 12.0];

fn draw_head(copy: &mut RgbImage, head: &HeadRecord, scale: f32, text: &Text) {
    let Ellipse { cx, cy, a, b, angle_deg } = head.ellipse;
    let ellipse = Ellipse { cx: cx * scale, cy: cy * scale, a: a * scale, b: b * scale, angle_deg };
    let rim: Vec<(f32, f32)> = (0..=120).map(|i| ellipse.at(1.0, i as f32 * 3.0)).collect();
    path(copy, &rim, RIM);
    let radius = ellipse.mean_radius();
    let size = if radius.is_finite() { (radius * 0.09).clamp(11.0, 40.0) } else { 11.0 };
    let below = ellipse.cy + ellipse.a + size * 1.2;
    let line = said(head).map(|line| (line, (ellipse.cx, below.min(copy.height() as f32 - size))));
    let mut taken: Vec<Area> = Vec::with_capacity(2 * head.marks.len() + 1);
    taken.extend(line.as_ref().map(|(line, place)| text.area(copy.dimensions(), line, *place, size * 1.6)));
    for mark in &head.marks {
        let mut corners = mark.corners.map(|[x, y]| (x * scale, y * scale)).to_vec();
        taken.push(Area::around(&corners));
        corners.extend_from_within(..1);
        path(copy, &corners, BOX);
    }
    for mark in &head.marks {
        let label = label(mark);
        let area = free(&ellipse, mark, &taken, |place| text.area(copy.dimensions(), &label, place, size));
        let near = ellipse.at((mark.radius - INWARD[0]).max(0.1), mark.clock_deg);
        let (x, y) = area.middle();
        if (x - near.0).hypot(y - near.1) > 2.0 * size {
            path(copy, &[ellipse.at(mark.radius, mark.clock_deg), (x, y)], BOX);
        }
        text.draw(copy, &label, (x, y), size);
        taken.push(area);
    }
    if let Some((line, place)) = line {
        text.draw(copy, &line, place, size * 1.6);
    }
}

/// The first proposal, or why there is none.
fn said(head: &HeadRecord) -> Option<String> {
    let percent = |p: f32| format!("  {:.0}%", p * 100.0);
    let proposal = head.proposals.first().map(|p| p.headstamp.clone() + &p.confidence.map_or(String::new(), percent));
    proposal.or_else(|| head.reason.clone())
}

/// What the first proposal reads a mark as, else what it most looks like; what is plain needs no figure.
fn label(mark: &MarkRecord) -> String {
    let text = mark.read_as.as_ref().unwrap_or(&mark.text);
    let of = |text: &str| mark.alternatives.iter().find(|a| a.0 == text).map(|a| a.1);
    let confidence = if *text == mark.text { Some(mark.confidence) } else { of(text) };
    match confidence {
        Some(doubtful) if doubtful < PLAIN => format!("{text} {:.0}%", doubtful * 100.0),
        _ => text.clone(),
    }
}

/// Where the label of a mark covers neither marks nor other labels, or least of them.
fn free(ellipse: &Ellipse, mark: &MarkRecord, taken: &[Area], area: impl Fn((f32, f32)) -> Area) -> Area {
    let inside = INWARD.iter().map(|d| mark.radius - d).filter(|r| *r >= 0.1);
    let places = inside.chain(OUTSIDE).flat_map(|r| ASIDE.map(|turn| (r, mark.clock_deg + turn)));
    let mut best = (f32::INFINITY, area(ellipse.at(0.1, mark.clock_deg)));
    for (radius, clock) in places {
        let here = area(ellipse.at(radius, clock));
        let covered = taken.iter().map(|t| t.shared(&here)).sum::<f32>();
        if covered < best.0 {
            best = (covered, here);
        }
        if covered == 0.0 {
            break;
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::testing::{noise, png};
    use crate::reader::testing::head;
    use std::fs;

    fn record(path: &Path) -> PhotoRecord {
        PhotoRecord { heads: vec![head()], ..PhotoRecord::named(path, "fake") }
    }

    #[test]
    fn copies_are_drawn_on_and_photographs_are_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        let bytes = png(&noise(100, 90));
        fs::write(&path, &bytes).unwrap();
        let annotator = Annotator::new(dir.path(), [path.as_path()].into_iter(), Existing::Refuse).unwrap();
        annotator.draw(&path, &record(&path), &Budget::default()).unwrap();
        let copy = image::open(dir.path().join("a.annotated.jpg")).unwrap().into_rgb8();
        assert_eq!(copy.dimensions(), (100, 90));
        assert!(copy.pixels().any(|p| p.0[0].abs_diff(p.0[2]) > 60), "something is drawn in colour");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }

    #[test]
    fn equal_names_and_photographs_in_the_way_are_stepped_aside_for() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("x")).unwrap();
        let paths = ["a.png", "x/a.png", "a-2.annotated.jpg"].map(at);
        paths.iter().for_each(|path| fs::write(path, png(&noise(100, 90))).unwrap());
        let annotator = Annotator::new(dir.path(), paths.iter().map(PathBuf::as_path), Existing::Refuse).unwrap();
        let name = |path: &PathBuf| annotator.names[path].file_name().unwrap().to_string_lossy().into_owned();
        let names: Vec<String> = paths.iter().map(name).collect();
        assert_eq!(names, ["a.annotated.jpg", "a-3.annotated.jpg", "a-2.annotated.annotated.jpg"]);
    }

    /// Geometry comes from models; none of it may make drawing fail or hang.
    #[test]
    fn absurd_heads_are_drawn_without_harm() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        fs::write(&path, png(&noise(20, 10))).unwrap();
        let annotator =
            Annotator::new(&dir.path().join("new/deep"), [path.as_path()].into_iter(), Existing::ReplaceEarlier)
                .unwrap();
        for size in [0.0, 1e-3, 1e9, f32::NAN, f32::INFINITY] {
            let mut record = record(&path);
            record.heads[0].ellipse = Ellipse::circle(-size, size, size);
            record.heads[0].marks[0].corners = [[size, -size]; 4];
            annotator.draw(&path, &record, &Budget::default()).unwrap();
        }
    }

    /// On a tight ring the marks stand closer than their labels are wide.
    #[test]
    fn labels_cover_neither_marks_nor_each_other() {
        let ellipse = Ellipse::circle(200.0, 200.0, 60.0);
        let text = Text::new().unwrap();
        let mark = |i: usize| {
            let clock_deg = i as f32 * 12.0;
            let (x, y) = ellipse.at(0.85, clock_deg);
            let corners = [[x - 5.0, y - 5.0], [x + 5.0, y - 5.0], [x + 5.0, y + 5.0], [x - 5.0, y + 5.0]];
            MarkRecord { clock_deg, radius: 0.85, confidence: 0.5, corners, ..head().marks[0].clone() }
        };
        let marks: Vec<MarkRecord> = (0..14).map(mark).collect();
        let mut taken: Vec<Area> = marks.iter().map(|m| Area::around(&m.corners.map(|[x, y]| (x, y)))).collect();
        for mark in &marks {
            let area = free(&ellipse, mark, &taken, |place| text.area((400, 400), &label(mark), place, 11.0));
            assert!(taken.iter().all(|t| t.shared(&area) == 0.0), "the label at {}° covers something", mark.clock_deg);
            taken.push(area);
        }
    }

    #[test]
    fn a_label_says_what_the_proposal_says() {
        let mut mark = head().marks[0].clone();
        mark.alternatives = vec![("6".into(), 0.3)];
        (mark.text, mark.confidence) = ("9".into(), 0.99);
        assert_eq!(label(&mark), "9");
        mark.read_as = Some("6".into());
        assert_eq!(label(&mark), "6 30%");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_but_an_earlier_copy_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("a.png"), dir.path().join("other.png"));
        fs::write(&path, png(&noise(100, 90))).unwrap();
        fs::write(&other, "an original").unwrap();
        let copy = dir.path().join("a.annotated.jpg");
        let new = |existing| Annotator::new(dir.path(), [path.as_path()].into_iter(), existing);
        let draw = |annotator: &Annotator| annotator.draw(&path, &record(&path), &Budget::default());
        draw(&new(Existing::Refuse).unwrap()).unwrap();
        assert!(matches!(new(Existing::Refuse), Err(OutputError::Exists(_))));
        let again = new(Existing::ReplaceEarlier).unwrap();
        draw(&again).unwrap();
        // what became of it meanwhile is looked at again
        fs::remove_file(&copy).unwrap();
        std::os::unix::fs::symlink(&other, &copy).unwrap();
        assert!(draw(&again).unwrap_err().to_string().contains("never written over"));
        assert!(matches!(new(Existing::ReplaceEarlier), Err(OutputError::Foreign { .. })));
        fs::remove_file(&copy).unwrap();
        fs::write(&copy, png(&noise(9, 9))).unwrap();
        assert!(matches!(new(Existing::ReplaceEarlier), Err(OutputError::Foreign { .. })));
        assert_eq!(fs::read(&other).unwrap(), b"an original");
    }
}
