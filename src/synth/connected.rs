//! Words in Arabic and Hebrew letters: each is one mark.

use super::dice::Dice;
use super::glyph::Glyph;
use super::outline::{Contour, outline};
use ttf_parser::Face;

/// Typefaces with Arabic letters in their four forms, and one with the digits alone.
pub(super) const FACES: [&[u8]; 4] = [
    include_bytes!("fonts/NotoNaskhArabic-Bold.ttf"),
    include_bytes!("fonts/NotoSansArabic-Bold.ttf"),
    include_bytes!("fonts/Amiri-Bold.ttf"),
    include_bytes!("fonts/NotoKufiArabic-Regular.ttf"),
];
/// How many of them have letters.
const LETTERED: usize = 3;

const HEBREW: [&[u8]; 3] = [
    include_bytes!("fonts/NotoSansHebrew-Bold.ttf"),
    include_bytes!("fonts/NotoSerifHebrew-Regular.ttf"),
    include_bytes!("fonts/NotoRashiHebrew-Regular.ttf"),
];

/// Isolated forms of letters that join on both sides; final, initial and medial form follow each.
const JOINING: [u32; 17] = [
    0xFE8F, 0xFE95, 0xFE9D, 0xFEA1, 0xFEB1, 0xFEB5, 0xFEB9, 0xFEC1, 0xFEC9, 0xFED1, 0xFED5, 0xFED9, 0xFEDD, 0xFEE1,
    0xFEE5, 0xFEE9, 0xFEF1,
];
/// Isolated forms of letters that join the one before alone; the final form follows each.
const ENDING: [u32; 6] = [0xFE8D, 0xFEA9, 0xFEAD, 0xFEAF, 0xFEED, 0xFE93];

/// Widest word, in units of its height.
const WIDEST: f32 = 2.4;

/// A word in Arabic letters, joined as they are written.
pub(super) fn arabic(dice: &mut Dice) -> Glyph {
    let count = dice.int(2, 6);
    let letters: Vec<(u32, bool)> = (0..count)
        .map(|_| if dice.chance(0.65) { (*dice.pick(&JOINING), true) } else { (*dice.pick(&ENDING), false) })
        .collect();
    let form = |i: usize| {
        let (isolated, joins) = letters[i];
        let before = i > 0 && letters[i - 1].1;
        let after = joins && i + 1 < letters.len();
        isolated + [[0, 2], [1, 3]][before as usize][after as usize]
    };
    let characters: Vec<char> = (0..count).filter_map(|i| char::from_u32(form(i))).collect();
    word(dice.pick::<&[u8]>(&FACES[..LETTERED]), &characters, 0.0)
}

/// A word in Hebrew letters.
pub(super) fn hebrew(dice: &mut Dice) -> Glyph {
    let characters: Vec<char> =
        (0..dice.int(2, 5)).filter_map(|_| char::from_u32('א' as u32 + dice.int(0, 27) as u32)).collect();
    let data = dice.pick::<&[u8]>(&HEBREW);
    word(data, &characters, dice.range(0.0, 0.1))
}

/// Characters set from right to left, with `space` of an em between them; as high as a capital or, if long, as wide as
/// words get.
fn word(data: &[u8], characters: &[char], space: f32) -> Glyph {
    let Ok(face) = Face::parse(data, 0) else { return Glyph::default() };
    let mut contours: Vec<Contour> = Vec::new();
    let mut right = 0.0;
    for &c in characters {
        let Some(index) = face.glyph_index(c) else { continue };
        right -= f32::from(face.glyph_hor_advance(index).unwrap_or(0));
        // a space has no outline
        let Some((letter, ..)) = outline(&face, c) else { continue };
        contours.extend(letter.into_iter().map(|l| l.into_iter().map(|(x, y)| (x + right, y)).collect::<Contour>()));
        right -= space * f32::from(face.units_per_em());
    }
    let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
    for p in contours.iter().flatten() {
        low = (low.0.min(p.0), low.1.min(p.1));
        high = (high.0.max(p.0), high.1.max(p.1));
    }
    let (wide, tall) = ((high.0 - low.0).max(1.0), (high.1 - low.1).max(1.0));
    let scale = (1.1 / tall).min(WIDEST / wide);
    let (cx, cy) = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
    for p in contours.iter_mut().flatten() {
        *p = ((p.0 - cx) * scale, -(p.1 - cy) * scale);
    }
    Glyph { contours, width: wide * scale, height: tall * scale, lift: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_every_form() {
        for data in &FACES[..LETTERED] {
            let face = Face::parse(data, 0).unwrap();
            let all = JOINING.iter().flat_map(|l| *l..l + 4).chain(ENDING.iter().flat_map(|l| *l..l + 2));
            assert!(all.into_iter().all(|c| outline(&face, char::from_u32(c).unwrap()).is_some()));
        }
    }

    #[test]
    fn words_are_as_wide_as_they_say() {
        let mut dice = Dice::new(3, 0);
        for glyph in (0..40).map(|i| if i % 2 == 0 { arabic(&mut dice) } else { hebrew(&mut dice) }) {
            let right = glyph.contours.iter().flatten().map(|p| p.0).fold(f32::MIN, f32::max);
            assert!((right - glyph.width / 2.0).abs() < 1e-3 && glyph.width <= WIDEST + 1e-3, "{}", glyph.width);
            assert!(glyph.height > 0.2);
        }
    }
}
