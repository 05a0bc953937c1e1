//! Shapes of marks: outlines from typefaces, drawn symbols, and words of other scripts.

use super::dice::Dice;
use super::glyph::Glyph;
use super::outline::{Contour, outline};
use super::{connected, symbols};
use crate::marks::{ALPHABET, ARABIC, HEBREW, class_of};
use std::path::Path;
use ttf_parser::Face;

/// One typeface: a glyph for each class that it has.
pub struct Typeface {
    glyphs: Vec<Option<Glyph>>,
}

/// Typefaces under the SIL Open Font Licence; notices stand beside them in `fonts/`.
const EMBEDDED: [&[u8]; 28] = [
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
    include_bytes!("fonts/Jura-Light.otf"),
    include_bytes!("fonts/Jura-Bold.otf"),
    include_bytes!("fonts/OldStandard-Bold.ttf"),
    include_bytes!("fonts/NotoSans-CondensedLight.ttf"),
    include_bytes!("fonts/NotoSansDisplay-Black.ttf"),
    include_bytes!("fonts/NotoSansDisplay-ExtraCondensedMedium.ttf"),
    include_bytes!("fonts/NotoSerif-CondensedBold.ttf"),
    include_bytes!("fonts/allerta_stencil.otf"),
];

/// The typefaces that come with the program.
pub fn embedded() -> Vec<Typeface> {
    completed(EMBEDDED.iter().filter_map(|data| Typeface::parse(data)).collect())
}

/// Fills in the characters that a typeface lacks from those that have them, in turn: the letters of another script come
/// from one typeface, and from another one beside each.
fn completed(mut faces: Vec<Typeface>) -> Vec<Typeface> {
    let digits: Vec<Vec<Option<Glyph>>> = connected::FACES.iter().filter_map(|data| arabic_digits(data)).collect();
    for class in 0..ALPHABET.len() {
        let all = faces.iter().map(|f| &f.glyphs).chain(&digits);
        let donors: Vec<Glyph> = all.filter_map(|g| g[class].clone()).collect();
        let lacking = faces.iter_mut().filter(|f| f.glyphs[class].is_none());
        for (face, donor) in lacking.zip(donors.iter().cycle()) {
            face.glyphs[class] = Some(donor.clone());
        }
    }
    faces
}

/// What a typeface without Latin letters has of the alphabet: Arabic and Persian digits, as high as capitals.
fn arabic_digits(data: &[u8]) -> Option<Vec<Option<Glyph>>> {
    let face = Face::parse(data, 0).ok()?;
    let (_, (low, high), _) = outline(&face, '٤')?;
    Some(ALPHABET.iter().map(|text| glyph(&face, text, high - low, (low + high) / 2.0)).collect())
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
        let text = ALPHABET[class];
        let drawn = match text {
            ARABIC => Some(connected::arabic(dice)),
            HEBREW => Some(connected::hebrew(dice)),
            _ => symbols::named(text, dice),
        };
        drawn.or_else(|| self.glyphs[class].clone()).unwrap_or_default()
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
