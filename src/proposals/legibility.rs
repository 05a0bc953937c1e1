//! Whether a head can be read at all.

use crate::looks;
use crate::marks::Mark;
use image::GrayImage;

/// Radius of a rim in pixels below which no mark can be told from dirt.
const LEAST_RADIUS: f32 = 28.0;
/// Legibility from which a head counts as legible.
pub const LEGIBLE: f32 = 0.35;

/// How legible a head is.
#[derive(Debug, Clone, PartialEq)]
pub struct Legibility {
    /// 0 nothing can be read, 1 every mark is clear.
    pub value: f32,
    /// Why it is not legible, in plain words; `None` where it is.
    pub reason: Option<String>,
}

/// Judges a head from its marks and the radius of its rim in pixels of the photograph. Only where it is not legible, its
/// strip is looked at for the reason.
pub fn legibility(marks: &[Mark], radius_px: f32, strip: &GrayImage) -> Legibility {
    let clear = |m: &Mark| (m.presence.clamp(0.0, 1.0) * (0.4 + 0.6 * m.confidence.clamp(0.0, 1.0))).max(0.0);
    let present: Vec<&Mark> = marks.iter().filter(|m| m.presence >= 0.3 && m.confidence.is_finite()).collect();
    let mean = present.iter().map(|m| clear(m)).sum::<f32>() / present.len().max(1) as f32;
    // one or two marks may well be dirt
    let enough = match present.len() {
        0 => 0.0,
        1 => 0.4,
        2 => 0.75,
        _ => 1.0,
    };
    let large = if radius_px.is_finite() { (radius_px / (2.0 * LEAST_RADIUS)).clamp(0.0, 1.0) } else { 0.0 };
    let marked = ((mean - 0.2) / 0.6).clamp(0.0, 1.0) * enough;
    let value = (marked * large).clamp(0.0, 1.0);
    let reason = (value < LEGIBLE).then(|| {
        if large < 0.5 || marked >= LEGIBLE {
            format!("too small to be read: {:.0} pixels across the rim", radius_px * 2.0)
        } else {
            explained(&present, strip)
        }
    });
    Legibility { value, reason }
}

/// Why a head that is large enough cannot be read, in plain words.
fn explained(present: &[&Mark], strip: &GrayImage) -> String {
    let mut heights: Vec<f32> = present.iter().map(|m| m.height).collect();
    heights.sort_by(f32::total_cmp);
    match (looks::fault(strip, heights.get(heights.len() / 2).copied()), present.len()) {
        (Some(fault), _) => fault.to_string(),
        (None, 0) => "no marks found".to_owned(),
        (None, 1) => "only one mark found".to_owned(),
        (None, _) => "marks too worn or dirty".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::{COLUMNS, ROWS};

    fn marks(count: usize, presence: f32) -> Vec<Mark> {
        let mark = Mark {
            text: "A",
            turn_deg: 0.0,
            clock_deg: 0.0,
            radius: 0.7,
            height: 0.2,
            width: 0.2,
            presence,
            confidence: presence,
            alternatives: vec![],
            ..Mark::default()
        };
        vec![mark; count]
    }

    /// Sharp strokes all over.
    fn striped(dark: u8) -> GrayImage {
        let luma = |x, _| image::Luma([if x % 10 < 4 { 160 - dark } else { 160 }]);
        GrayImage::from_fn(COLUMNS as u32, ROWS as u32, luma)
    }

    #[test]
    fn the_reason_fits() {
        let clear = striped(80);
        assert_eq!(legibility(&marks(8, 0.95), 200.0, &clear).reason, None);
        let reason = |m: &[Mark], r, strip: &GrayImage| legibility(m, r, strip).reason.unwrap_or_default();
        assert_eq!(reason(&marks(8, 0.95), 18.0, &clear), "too small to be read: 36 pixels across the rim");
        assert_eq!(reason(&marks(2, 0.8), 30.0, &clear), "too small to be read: 60 pixels across the rim");
        assert_eq!(reason(&marks(1, 0.5), 200.0, &clear), "only one mark found");
        assert_eq!(reason(&[], 200.0, &clear), "no marks found");
        assert_eq!(reason(&marks(6, 0.35), 200.0, &clear), "marks too worn or dirty");
        assert_eq!(reason(&marks(6, 0.35), 200.0, &striped(4)), "marks too worn");
        assert!(reason(&marks(3, f32::NAN), f32::NAN, &clear).contains("small"));
    }
}
