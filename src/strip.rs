//! The polar strip: the ring of marks, unrolled.
//!
//! Row 0 lies outside the rim, the last row near the primer; column 0 is the top of the photograph and columns run
//! clockwise, so that outward text stands upright on the strip. The columns wrap round.

use crate::ellipse::Ellipse;
use crate::model::{ModelError, number};
use crate::sample::{bilinear, shrink_around};
use image::GrayImage;
use ndarray::Array4;
use serde_json::{Value, json};

/// Rows of a strip.
pub const ROWS: usize = 80;
/// Columns of a strip: one turn.
pub const COLUMNS: usize = 576;
/// Radius of the upper edge, in units of the rim: a little outside, so that the rim itself is seen.
pub const OUTER: f32 = 1.02;
/// Radius of the lower edge, in units of the rim: shotgun and rifle heads alike have their marks outside it.
pub const INNER: f32 = 0.38;

/// Rows of a strip that one radius of the rim takes.
pub const RIM_ROWS: f32 = ROWS as f32 / (OUTER - INNER);

/// Radius of a row's centre, in units of the rim; rows may be fractional.
pub fn row_radius(row: f32) -> f32 {
    OUTER - (row + 0.5) * (OUTER - INNER) / ROWS as f32
}

/// Clock of a column's centre, in degrees; columns may be fractional.
pub fn column_clock(column: f32) -> f32 {
    ((column + 0.5) * 360.0 / COLUMNS as f32).rem_euclid(360.0)
}

/// The row (fractional) at a radius: the inverse of [`row_radius`].
pub fn radius_row(radius: f32) -> f32 {
    (OUTER - radius) * ROWS as f32 / (OUTER - INNER) - 0.5
}

/// The column (fractional) at a clock in degrees: the inverse of [`column_clock`].
pub fn clock_column(clock_deg: f32) -> f32 {
    clock_deg.rem_euclid(360.0) * COLUMNS as f32 / 360.0 - 0.5
}

/// The geometry as networks are made for it, part of their contracts: radii in units of the rim; the first column is at the
/// top of the photograph.
pub fn geometry() -> Value {
    // The row where the rim lies, to a thousandth: it follows from the rest and is told for convenience.
    let rim_row = (radius_row(1.0) * 1000.0).round() / 1000.0;
    json!({
        "rows": ROWS, "columns": COLUMNS, "outer": number(OUTER), "inner": number(INNER), "rim_row": number(rim_row),
        "first_row": "outside the rim", "columns_run": "clockwise", "columns_wrap": true,
    })
}

/// An error unless a picture is a whole strip.
pub(crate) fn check(strip: &GrayImage) -> Result<(), ModelError> {
    let found = [strip.height() as usize, strip.width() as usize];
    ModelError::unless_shaped("strip", "rows and columns", &found, &[ROWS, COLUMNS])
}

/// A strip as the recogniser takes it: `[1, 1, 80, 576]`, luma 0..1. A picture of another size is an error.
pub fn luma(strip: &GrayImage) -> Result<Array4<f32>, ModelError> {
    check(strip)?;
    let raw = strip.as_raw();
    let at = |(_, _, row, column)| f32::from(raw[row * COLUMNS + column]) / 255.0;
    Ok(Array4::from_shape_fn((1, 1, ROWS, COLUMNS), at))
}

/// Pixels of the photograph a pixel of the strip covers above which the photograph is averaged down first.
const MAX_STEP: f32 = 1.5;

/// Unrolls the ring of a head: `ROWS` × `COLUMNS`, luma 0..255, bilinear; photographs much finer than the strip are
/// box-averaged first, so that nothing aliases. Places outside the photograph repeat its edge.
pub fn unwrap(photo: &GrayImage, head: &Ellipse) -> GrayImage {
    let step = head.mean_radius() * (OUTER - INNER) / ROWS as f32;
    let factor = (step / MAX_STEP).ceil().max(1.0) as u32;
    if factor > 1 {
        let (small, ellipse) = shrink_around(photo, head, factor, OUTER + 0.05);
        return sample(&small, &ellipse);
    }
    sample(photo, head)
}

fn sample(photo: &GrayImage, head: &Ellipse) -> GrayImage {
    let m = head.matrix();
    let mut out = GrayImage::new(COLUMNS as u32, ROWS as u32);
    for column in 0..COLUMNS {
        let (s, c) = column_clock(column as f32).to_radians().sin_cos();
        let (dx, dy) = (m[0] * s - m[1] * c, m[2] * s - m[3] * c);
        for row in 0..ROWS {
            let r = row_radius(row as f32);
            let v = bilinear(photo, head.cx + r * dx, head.cy + r * dy);
            out.put_pixel(column as u32, row as u32, image::Luma([(v + 0.5) as u8]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_and_columns_invert(row in 0f32..79.0, column in 0f32..575.0) {
            prop_assert!((radius_row(row_radius(row)) - row).abs() < 1e-3);
            prop_assert!((clock_column(column_clock(column)) - column).abs() < 1e-2);
        }
    }

    #[test]
    fn a_picture_that_is_no_strip_is_an_error() {
        let wrong = luma(&GrayImage::new(COLUMNS as u32, ROWS as u32 - 1)).unwrap_err();
        assert!(wrong.to_string().contains("[79, 576]"), "{wrong}");
        assert!(luma(&GrayImage::new(COLUMNS as u32, ROWS as u32)).is_ok());
    }

    /// A spot painted on the photograph comes out where the geometry says, at any size of head.
    #[test]
    fn a_spot_lands_where_the_geometry_says() {
        for radius in [60.0, 150.0, 480.0] {
            let head = Ellipse::new(520.0, 510.0, radius, radius * 0.85, 25.0);
            let mut photo = GrayImage::new(1040, 1020);
            let (x, y) = head.at(0.7, 200.0);
            let spot = radius * 0.04;
            imageproc::drawing::draw_filled_circle_mut(
                &mut photo,
                (x as i32, y as i32),
                spot as i32,
                image::Luma([255]),
            );
            let strip = unwrap(&photo, &head);
            let (mut sx, mut sy, mut n) = (0.0, 0.0, 0.0);
            for (c, r, p) in strip.enumerate_pixels() {
                let v = p.0[0] as f32;
                (sx, sy, n) = (sx + v * c as f32, sy + v * r as f32, n + v);
            }
            assert!((sx / n - clock_column(200.0)).abs() < 2.0, "column {} at radius {radius}", sx / n);
            assert!((sy / n - radius_row(0.7)).abs() < 2.0, "row {} at radius {radius}", sy / n);
        }
    }
}
