//! Whether a head can be read at all.

use crate::marks::Mark;

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

/// Judges a head from its marks and the radius of its rim in pixels of the photograph.
pub fn legibility(marks: &[Mark], radius_px: f32) -> Legibility {
    let clear = |m: &Mark| (m.presence.clamp(0.0, 1.0) * (0.4 + 0.6 * m.confidence.clamp(0.0, 1.0))).max(0.0);
    let present: Vec<f32> = marks.iter().filter(|m| m.presence >= 0.3 && m.confidence.is_finite()).map(clear).collect();
    let mean = present.iter().sum::<f32>() / present.len().max(1) as f32;
    // one or two marks may well be dirt
    let enough = match present.len() {
        0 => 0.0,
        1 => 0.4,
        2 => 0.75,
        _ => 1.0,
    };
    let large = if radius_px.is_finite() { (radius_px / (2.0 * LEAST_RADIUS)).clamp(0.0, 1.0) } else { 0.0 };
    let value = (((mean - 0.2) / 0.6).clamp(0.0, 1.0) * enough * large).clamp(0.0, 1.0);
    let reason = (value < LEGIBLE).then(|| {
        if large < 0.5 {
            format!("the head is too small: its radius is {radius_px:.0} pixels")
        } else if present.len() < 2 {
            format!("too few marks: {} found", present.len())
        } else {
            "the marks are too faint".to_owned()
        }
    });
    Legibility { value, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn the_reason_fits() {
        assert_eq!(legibility(&marks(8, 0.95), 200.0).reason, None);
        let reason = |m: &[Mark], r| legibility(m, r).reason.unwrap_or_default();
        assert!(reason(&marks(8, 0.95), 18.0).contains("18 pixels"));
        assert!(reason(&marks(1, 0.5), 200.0).contains("too few"));
        assert!(reason(&marks(6, 0.35), 200.0).contains("faint"));
        assert!(reason(&[], 200.0).contains("too few"));
        assert!(reason(&marks(3, f32::NAN), f32::NAN).contains("small"));
    }
}
