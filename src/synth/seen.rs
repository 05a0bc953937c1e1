//! Where a head stands in a render, and its marks as they are seen there.

use super::camera::Taken;
use super::legible::{Outline, Sight};
use crate::ellipse::Ellipse;

/// Where a head stands in the picture.
#[derive(Clone, Copy)]
pub struct Pose {
    /// Its rim, in pixels of the canvas.
    pub rim: Ellipse,
    /// How far the case is turned, clockwise, in degrees.
    pub turn_deg: f32,
}

/// A mark as it came out.
pub struct Seen {
    /// Class in the alphabet.
    pub class: usize,
    /// Centre, in pixels of the canvas.
    pub x: f32,
    /// Centre, in pixels of the canvas.
    pub y: f32,
    /// Turn of its top from the outward radius, clockwise, in degrees.
    pub turn_deg: f32,
    /// Height, in units of the rim.
    pub height: f32,
    /// Width, in units of the rim.
    pub width: f32,
    /// Its outline.
    pub outline: Outline,
    /// What can be seen of it; nothing until [`Seen::develop`] has been told of the picture.
    pub sight: Sight,
}

impl Seen {
    /// Finds what can be seen in a picture that was taken.
    pub fn develop(&mut self, taken: &Taken) {
        self.sight = self.outline.sight(taken);
    }
}
