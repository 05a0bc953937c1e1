//! The outline of a mark.

use super::outline::Contour;

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
