//! One reading of a head, and its elements.

use super::features::Features;
use crate::marks::Direction;

/// One element of a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// As written in the notation; words are separated by spaces.
    pub text: String,
    /// Place of its middle: clockwise from the top of the photograph, in degrees, 0..360.
    pub clock_deg: f32,
    /// Where the tops of its characters point, at its middle.
    pub direction: Direction,
    /// Indices of the marks on its line, in reading order; a character that the vocabulary filled in has none, and one mark
    /// that it passed over is still among them.
    pub marks: Vec<usize>,
    /// Product of the recogniser's probabilities of its characters, 0..1; not calibrated.
    pub confidence: f32,
}

/// One reading of a whole head.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Clockwise, from the one that names the maker, or else the topmost.
    pub elements: Vec<Element>,
    /// In the notation.
    pub headstamp: String,
    /// For ranking the proposals of one head only; a natural logarithm up to a constant of the head.
    pub log_score: f32,
    /// For calibration.
    pub features: Features,
}
