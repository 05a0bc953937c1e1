//! Shapes of marks: outlines from typefaces, and symbols drawn here.

use super::dice::Dice;
use crate::marks::{ALPHABET, CIRCLE, SYMBOL, class_of};
use std::path::Path;
use ttf_parser::{Face, OutlineBuilder};

/// A closed outline, in units of the capitals' height, centred on the mark; x right, y down.
pub type Contour = Vec<(f32, f32)>;

/// The outline of one mark.
#[derive(Clone, Default)]
pub struct Glyph {
    /// Outlines; overlapping or nested ones follow the non-zero winding rule.
    pub contours: Vec<Contour>,
    /// Width, in units of the capitals' height.
    pub width: f32,
    /// Height, in units of the capitals' height.
    pub height: f32,
    /// How far the centre lies above the middle of the capitals, in units of their height.
    pub lift: f32,
}

/// One typeface: a glyph for each class that it has.
pub struct Typeface {
    glyphs: Vec<Option<Glyph>>,
}

/// Typefaces under the SIL Open Font Licence; notices stand beside them in `fonts/`.
const EMBEDDED: [&[u8]; 20] = [
    include_bytes!("fonts/routed-gothic.ttf"),
    include_bytes!("fonts/routed-gothic-narrow.ttf"),
    include_bytes!("fonts/routed-gothic-wide.ttf"),
    include_bytes!("fonts/routed-gothic-half-italic.ttf"),
    include_bytes!("fonts/OSP-DIN.ttf"),
    include_bytes!("fonts/NationalPark-Regular.otf"),
    include_bytes!("fonts/NationalPark-Heavy.otf"),
    include_bytes!("fonts/NationalPark-Thin.otf"),
    include_bytes!("fonts/BebasNeue-Regular.otf"),
    include_bytes!("fonts/BebasNeue-Book.otf"),
    include_bytes!("fonts/Dosis-Light.otf"),
    include_bytes!("fonts/Dosis-SemiBold.otf"),
    include_bytes!("fonts/Cabin-Medium.otf"),
    include_bytes!("fonts/EBGaramond12-Bold.otf"),
    include_bytes!("fonts/LeagueSpartan-Medium.otf"),
    include_bytes!("fonts/YanoneKaffeesatz-Light.otf"),
    include_bytes!("fonts/YanoneKaffeesatz-Regular.otf"),
    include_bytes!("fonts/LiberationSans-Regular.ttf"),
    include_bytes!("fonts/LiberationMono-Bold.ttf"),
    include_bytes!("fonts/LiberationSerif-Bold.ttf"),
];

/// The typefaces that come with the program.
pub fn embedded() -> Vec<Typeface> {
    completed(EMBEDDED.iter().filter_map(|data| Typeface::parse(data)).collect())
}

/// Fills in the characters that a typeface lacks from the first one.
fn completed(mut faces: Vec<Typeface>) -> Vec<Typeface> {
    let Some(first) = faces.first().map(|f| f.glyphs.clone()) else { return faces };
    for face in &mut faces {
        for (own, first) in face.glyphs.iter_mut().zip(&first) {
            if own.is_none() {
                own.clone_from(first);
            }
        }
    }
    faces
}

/// Typefaces (`.ttf`, `.otf`) in a folder, in order of their names; files that are none or lack digits and capitals
/// are passed over.
pub fn from_folder(folder: &Path) -> std::io::Result<Vec<Typeface>> {
    let mut files: Vec<_> = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(walkdir::DirEntry::into_path)
        .filter(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("ttf") || e.eq_ignore_ascii_case("otf")))
        .collect();
    files.sort();
    let mut faces = embedded();
    let own = faces.len();
    for file in files {
        faces.extend(Typeface::parse(&std::fs::read(file)?));
    }
    Ok(completed(faces).split_off(own))
}

impl Typeface {
    /// `None` where the data is no typeface or lacks a digit or a capital.
    fn parse(data: &[u8]) -> Option<Self> {
        let face = Face::parse(data, 0).ok()?;
        let capital = outline(&face, 'H')?;
        let cap_height = capital.1.1 - capital.1.0;
        if cap_height < 1.0 {
            return None;
        }
        let middle = (capital.1.0 + capital.1.1) / 2.0;
        let mut glyphs: Vec<_> = ALPHABET.iter().map(|text| glyph(&face, text, cap_height, middle)).collect();
        // Some typefaces draw capitals for lower case; that would teach a as A.
        for i in 0..26 {
            let (capital, lower) = (&glyphs[CAPITALS + i], &glyphs[LOWER_CASE + i]);
            if let (Some(c), Some(l)) = (capital, lower)
                && LIKE_CAPITALS.contains(&ALPHABET[LOWER_CASE + i])
                && same_shape(c, l)
            {
                glyphs[LOWER_CASE + i] = None;
            }
        }
        glyphs[..LOWER_CASE].iter().all(Option::is_some).then_some(Self { glyphs })
    }

    /// The shape of a class; symbols are drawn, with random proportions.
    pub fn glyph(&self, class: usize, dice: &mut Dice) -> Glyph {
        match ALPHABET[class] {
            "•" => drawn(vec![disc(0.0, 0.0, 0.5, 16)]),
            "*" => star(dice),
            "⊕" => nato(dice),
            CIRCLE => ring_glyph(dice),
            SYMBOL => pictogram(dice),
            _ => self.glyphs[class].clone().unwrap_or_else(|| drawn(vec![bar(-0.3, 0.0, 0.3, 0.0, 0.12)])),
        }
    }
}

/// Where capitals and lower case begin in the alphabet.
const CAPITALS: usize = 10;
const LOWER_CASE: usize = 36;
/// Letters whose lower case does not look like a small capital.
const LIKE_CAPITALS: [&str; 18] =
    ["a", "b", "d", "e", "f", "g", "h", "i", "l", "m", "n", "q", "r", "t", "y", "j", "u", "k"];

/// Whether two outlines are the same, whatever their size.
fn same_shape(a: &Glyph, b: &Glyph) -> bool {
    let close = |p: &(f32, f32), q: &(f32, f32)| {
        let (sx, sy) = (a.width / b.width, a.height / b.height);
        (p.0 - q.0 * sx).abs() < 0.06 && (p.1 - q.1 * sy).abs() < 0.06
    };
    let like = |c: &Contour, d: &Contour| c.len() == d.len() && c.iter().zip(d).all(|(p, q)| close(p, q));
    a.contours.len() == b.contours.len() && a.contours.iter().zip(&b.contours).all(|(c, d)| like(c, d))
}

fn glyph(face: &Face, text: &str, cap_height: f32, middle: f32) -> Option<Glyph> {
    let mut characters = text.chars();
    let (c, None) = (characters.next()?, characters.next()) else { return None };
    let (mut contours, (low, high), (left, right)) = outline(face, c)?;
    let (cx, cy) = ((left + right) / 2.0, (low + high) / 2.0);
    for p in contours.iter_mut().flatten() {
        *p = ((p.0 - cx) / cap_height, -(p.1 - cy) / cap_height);
    }
    Some(Glyph {
        contours,
        width: (right - left) / cap_height,
        height: (high - low) / cap_height,
        lift: (cy - middle) / cap_height,
    })
}

type Extent = (f32, f32);

/// Flattened outlines in font units, y up, with their vertical and horizontal extent.
fn outline(face: &Face, c: char) -> Option<(Vec<Contour>, Extent, Extent)> {
    let mut pen = Pen::default();
    face.outline_glyph(face.glyph_index(c)?, &mut pen)?;
    let (mut low, mut high, mut left, mut right) = (f32::MAX, f32::MIN, f32::MAX, f32::MIN);
    for &(x, y) in pen.contours.iter().flatten() {
        (low, high, left, right) = (low.min(y), high.max(y), left.min(x), right.max(x));
    }
    (high > low && right > left).then_some((pen.contours, (low, high), (left, right)))
}

#[derive(Default)]
struct Pen {
    contours: Vec<Contour>,
}

/// Straight pieces a curve is flattened into: enough at the sizes marks are rendered.
const PIECES: usize = 5;

impl Pen {
    fn last(&self) -> (f32, f32) {
        self.contours.last().and_then(|c| c.last()).copied().unwrap_or_default()
    }

    fn push(&mut self, x: f32, y: f32) {
        if let Some(contour) = self.contours.last_mut() {
            contour.push((x, y));
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.contours.push(vec![(x, y)]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.push(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x0, y0) = self.last();
        for i in 1..=PIECES {
            let t = i as f32 / PIECES as f32;
            let s = 1.0 - t;
            self.push(s * s * x0 + 2.0 * s * t * x1 + t * t * x, s * s * y0 + 2.0 * s * t * y1 + t * t * y);
        }
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (x0, y0) = self.last();
        for i in 1..=PIECES {
            let t = i as f32 / PIECES as f32;
            let s = 1.0 - t;
            let mix = |a: f32, b: f32, c: f32, d: f32| {
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            self.push(mix(x0, x1, x2, x), mix(y0, y1, y2, y));
        }
    }
    fn close(&mut self) {}
}

fn drawn(contours: Vec<Contour>) -> Glyph {
    let (mut x, mut y) = (0.0f32, 0.0f32);
    for p in contours.iter().flatten() {
        (x, y) = (x.max(p.0.abs()), y.max(p.1.abs()));
    }
    Glyph { contours, width: 2.0 * x, height: 2.0 * y, lift: 0.0 }
}

/// A disc, anticlockwise in y-up terms; a negative radius turns it round, which makes it a hole.
pub fn disc(cx: f32, cy: f32, radius: f32, corners: usize) -> Contour {
    polygon(cx, cy, radius.abs(), corners, 0.0, radius < 0.0)
}

fn polygon(cx: f32, cy: f32, radius: f32, corners: usize, turn: f32, reverse: bool) -> Contour {
    let step = std::f32::consts::TAU / corners as f32 * if reverse { -1.0 } else { 1.0 };
    (0..corners)
        .map(|i| {
            let angle = turn + step * i as f32;
            (cx + radius * libm::cosf(angle), cy + radius * libm::sinf(angle))
        })
        .collect()
}

/// A straight stroke as a thin rectangle.
pub fn bar(x0: f32, y0: f32, x1: f32, y1: f32, width: f32) -> Contour {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let scale = width / 2.0 / libm::sqrtf(dx * dx + dy * dy).max(1e-6);
    let (nx, ny) = (-dy * scale, dx * scale);
    vec![(x0 - nx, y0 - ny), (x1 - nx, y1 - ny), (x1 + nx, y1 + ny), (x0 + nx, y0 + ny)]
}

/// A five-pointed star, filled or as a line.
fn star(dice: &mut Dice) -> Glyph {
    let inner = dice.range(0.34, 0.5);
    let points = |outer: f32, reverse: bool| -> Contour {
        let mut p: Contour = (0..10)
            .map(|i| {
                let angle = std::f32::consts::PI * (i as f32 / 5.0 - 0.5);
                let r = outer * if i % 2 == 0 { 1.0 } else { inner };
                (r * libm::cosf(angle), r * libm::sinf(angle))
            })
            .collect();
        if reverse {
            p.reverse();
        }
        p
    };
    let mut contours = vec![points(0.5, false)];
    if dice.chance(0.3) {
        contours.push(points(0.3, true));
    }
    drawn(contours)
}

/// The NATO design mark: a cross in a circle.
fn nato(dice: &mut Dice) -> Glyph {
    let line = dice.range(0.07, 0.14);
    let arm = 0.5 - line;
    drawn(vec![
        disc(0.0, 0.0, 0.5, 28),
        disc(0.0, 0.0, -(0.5 - line), 28),
        bar(-arm, 0.0, arm, 0.0, line),
        bar(0.0, -arm, 0.0, arm, line),
    ])
}

fn ring_glyph(dice: &mut Dice) -> Glyph {
    let line = dice.range(0.08, 0.3);
    drawn(vec![disc(0.0, 0.0, 0.5, 24), disc(0.0, 0.0, -(0.5 - line), 24)])
}

/// Something that is no character: a crown, arrow, triangle, diamond, square, or an irregular figure such as an animal.
fn pictogram(dice: &mut Dice) -> Glyph {
    let outlined = dice.chance(0.5);
    let hollow = |corners: usize, turn: f32, dice: &mut Dice| {
        let line = dice.range(0.08, 0.18);
        let mut c = vec![polygon(0.0, 0.0, 0.55, corners, turn, false)];
        if outlined {
            c.push(polygon(0.0, 0.0, 0.55 - line * 1.5, corners, turn, true));
        }
        c
    };
    let quarter = std::f32::consts::FRAC_PI_2;
    let contours = match dice.int(0, 10) {
        0 => hollow(3, -quarter, dice),
        1 => hollow(4, 0.0, dice),
        2 => hollow(4, quarter / 2.0, dice),
        3 => hollow(6, 0.0, dice),
        4 => vec![bar(0.0, -0.5, 0.0, 0.5, 0.12), bar(0.0, -0.5, -0.3, -0.1, 0.12), bar(0.0, -0.5, 0.3, -0.1, 0.12)],
        5 => {
            vec![vec![(-0.5, 0.4), (-0.55, -0.25), (-0.25, 0.05), (0.0, -0.5), (0.25, 0.05), (0.55, -0.25), (0.5, 0.4)]]
        }
        6 | 7 => {
            // a silhouette, the same on both sides: a bird, a shield, a coat of arms
            let corners = dice.int(5, 10);
            let stretch = dice.range(0.7, 1.6);
            let right: Contour = (0..corners)
                .map(|i| {
                    let angle = std::f32::consts::PI * ((i as f32 + 0.5) / corners as f32 - 0.5);
                    let r = dice.range(0.15, 0.6);
                    (r * stretch * libm::cosf(angle), r * libm::sinf(angle))
                })
                .collect();
            let left = right.iter().rev().map(|&(x, y)| (-x, y));
            vec![right.iter().copied().chain(left).collect()]
        }
        _ => {
            // an irregular figure: a few strokes joined end to end
            let stretch = dice.range(1.0, 2.0);
            let mut p = (dice.range(-0.4, 0.4) * stretch, dice.range(-0.4, 0.4));
            (0..dice.int(4, 9))
                .map(|_| {
                    let q = (dice.range(-0.5, 0.5) * stretch, dice.range(-0.5, 0.5));
                    let stroke = bar(p.0, p.1, q.0, q.1, dice.range(0.06, 0.14));
                    p = q;
                    stroke
                })
                .collect()
        }
    };
    drawn(contours)
}

/// The class of a mark that is known to be in the alphabet.
pub fn class(text: &str) -> usize {
    class_of(text).unwrap_or(ALPHABET.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_typeface_has_digits_and_capitals() {
        assert_eq!(embedded().len(), EMBEDDED.len());
    }

    #[test]
    fn a_capital_is_one_high_and_a_small_letter_lower() {
        let face = &embedded()[0];
        let mut dice = Dice::new(1, 1);
        assert!((face.glyph(class("H"), &mut dice).height - 1.0).abs() < 1e-3);
        let x = face.glyph(class("x"), &mut dice);
        assert!(x.height < 0.9 && x.lift < 0.0);
    }
}
