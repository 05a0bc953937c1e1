//! Where the marks of a strip are, and a first reading of each.

use super::Mark;
use super::decode::{CONTRACT, decode};
use crate::model::{Model, ModelError};
use crate::strip;
use image::GrayImage;

/// The marks of a strip, clockwise from the top, from the recogniser's maps of the strip and of its negative, averaged:
/// relief may be lit from either side, and what both looks agree on is surer.
pub fn recognise(strip: &GrayImage, recogniser: &mut dyn Model) -> Result<Vec<Mark>, ModelError> {
    let mut luma = strip::luma(strip)?;
    let maps = recogniser.run(luma.view())?;
    CONTRACT.check(maps.shape())?;
    luma.mapv_inplace(|v| 1.0 - v);
    let negative = recogniser.run(luma.view())?;
    CONTRACT.check(negative.shape())?;
    let both = (maps + negative) / 2.0;
    decode(both.view())
}
