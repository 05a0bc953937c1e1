//! What heads lie on.

use super::dice::Dice;
use super::field::Field;
use super::things;

/// A ground without anything on it; `scale` is the size of a head, in pixels.
pub(super) fn background(w: usize, h: usize, scale: f32, dice: &mut Dice) -> Field {
    things::ground(w, h, scale, None, dice)
}
