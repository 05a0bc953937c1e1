//! Views of single marks, cut from the strip: what the classifier looks at.

use super::Mark;
use crate::model::{ModelError, number};
use crate::strip::{self, RIM_ROWS};
use image::GrayImage;
use ndarray::Array4;
use serde_json::{Value, json};

/// Pixels of a view along a side.
pub const SIDE: usize = 32;
/// Views of a mark: the close one, then the wide one.
pub const VIEWS: usize = 2;
/// Side of the close view, in units of the mark's larger extent.
const REACH: f32 = 1.8;
/// Side of the wide view, in units of the close one's: the neighbours tell which way a mark runs and how large it is.
const WIDE: f32 = 2.5;
/// Least extent that a view is sized by, in strip rows: a full stop is to look smaller than a letter.
const LEAST_EXTENT: f32 = 10.0;
/// Greatest extent that a view is sized by, in strip rows: the whole ring.
const MOST_EXTENT: f32 = 80.0;
/// Samples a pixel along a side, so that nothing aliases.
const FINE: usize = 2;
const REACHES: [f32; VIEWS] = [REACH, REACH * WIDE];

/// The views as the classifier is made for them: part of its contract. Reaches are sides in units of a mark's larger extent.
pub(super) fn geometry() -> Value {
    json!({
        "strip": strip::geometry(), "views": ["close", "wide"], "side": SIDE, "reaches": REACHES.map(number),
        "least_extent": number(LEAST_EXTENT), "most_extent": number(MOST_EXTENT), "samples": FINE,
        "up": "outward at the mark's place", "right": "clockwise",
    })
}

/// Both views of up to `count` marks, `[count, 2, 32, 32]`, luma 0..1; zero where there are fewer marks or one has no
/// place. A view is square on the head, not on the strip: up is outward at the mark's place, right is clockwise, and
/// straight strokes are straight.
///
/// A picture that is no whole strip is an error.
pub fn views(strip: &GrayImage, marks: &[Mark], count: usize) -> Result<Array4<f32>, ModelError> {
    strip::check(strip)?;
    let mut out = Array4::zeros((count, VIEWS, SIDE, SIDE));
    for (n, mark) in marks.iter().take(count).enumerate() {
        if ![mark.clock_deg, mark.radius, mark.height, mark.width].iter().all(|v| v.is_finite()) {
            continue;
        }
        let extent = (mark.height.max(mark.width) * RIM_ROWS).clamp(LEAST_EXTENT, MOST_EXTENT);
        for (view, reach) in REACHES.into_iter().enumerate() {
            let step = extent * reach / (SIDE * FINE) as f32;
            for y in 0..SIDE * FINE {
                for x in 0..SIDE * FINE {
                    let along = |i: usize| (i as f32 + 0.5 - (SIDE * FINE) as f32 / 2.0) * step;
                    let share = luma(strip, mark, along(x), along(y)) / (255 * FINE * FINE) as f32;
                    out[[n, view, y / FINE, x / FINE]] += share;
                }
            }
        }
    }
    Ok(out)
}

/// Luma at a place beside a mark's middle: so many strip rows clockwise, and so many inward.
fn luma(strip: &GrayImage, mark: &Mark, right: f32, down: f32) -> f32 {
    let y = mark.radius * RIM_ROWS - down;
    let clock = mark.clock_deg + right.atan2(y).to_degrees();
    // Before the first column is the last one.
    let column = strip::clock_column(clock).rem_euclid(strip::COLUMNS as f32);
    let row = strip::radius_row(right.hypot(y) / RIM_ROWS).clamp(0.0, (strip::ROWS - 1) as f32);
    let raw = strip.as_raw();
    let at =
        |column: usize, row: usize| f32::from(raw[row.min(strip::ROWS - 1) * strip::COLUMNS + column % strip::COLUMNS]);
    let (c, r) = (column as usize, row as usize);
    let (fc, fr) = (column - c as f32, row - r as f32);
    let upper = at(c, r) + (at(c + 1, r) - at(c, r)) * fc;
    let lower = at(c, r + 1) + (at(c + 1, r + 1) - at(c, r + 1)) * fc;
    upper + (lower - upper) * fr
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ellipse::Ellipse;

    fn mark(clock_deg: f32, radius: f32, extent: f32) -> Mark {
        Mark { clock_deg, radius, height: extent, width: extent * 0.5, ..Mark::default() }
    }

    /// A straight bar beside a mark on the photograph is a straight bar on its views, in the right place and size.
    #[test]
    fn a_straight_bar_stays_straight() {
        let head = Ellipse::circle(300.0, 300.0, 280.0);
        let mut photo = GrayImage::new(600, 600);
        // To the right of the top, the clockwise side, as long as the mark is high.
        let (cx, cy) = head.at(0.7, 0.0);
        let bar = imageproc::rect::Rect::at(cx as i32 + 10, cy as i32 - 28).of_size(8, 56);
        imageproc::drawing::draw_filled_rect_mut(&mut photo, bar, image::Luma([255]));
        let seen = views(&strip::unwrap(&photo, &head), &[mark(0.0, 0.7, 0.2)], 3).unwrap();
        let pixel = 0.2 * 280.0 * REACH / SIDE as f32;
        for y in 10..22 {
            let row = seen.slice(ndarray::s![0, 0, y, ..]);
            let middle = row.iter().enumerate().map(|(x, v)| (x as f32 + 0.5) * v).sum::<f32>() / row.sum();
            assert!((middle - (16.0 + 14.0 / pixel)).abs() < 0.4, "row {y}: {middle}");
            assert!((row.sum() * pixel - 8.0).abs() < 1.5, "row {y}: {}", row.sum() * pixel);
        }
        let wide = seen.slice(ndarray::s![0, 1, .., ..]).sum();
        assert!((seen.slice(ndarray::s![0, 0, .., ..]).sum() / wide / (WIDE * WIDE) - 1.0).abs() < 0.1);
        assert_eq!(seen.slice(ndarray::s![1.., .., .., ..]).sum(), 0.0);
    }

    /// Turning the head turns nothing on the views: the seam of the strip is no edge.
    #[test]
    fn the_seam_is_no_edge() {
        let ramp = |shift: usize| {
            GrayImage::from_fn(strip::COLUMNS as u32, strip::ROWS as u32, |c, r| {
                let c = (c as usize + shift) % strip::COLUMNS;
                image::Luma([((c * 7 + r as usize * 3) % 251) as u8])
            })
        };
        let one = views(&ramp(0), &[mark(180.0, 0.7, 0.2)], 1).unwrap();
        let other = views(&ramp(strip::COLUMNS / 2), &[mark(0.0, 0.7, 0.2)], 1).unwrap();
        assert!(one.iter().zip(&other).all(|(a, b)| (a - b).abs() < 2e-2));
    }

    #[test]
    fn marks_off_the_strip_are_harmless() {
        let strip = GrayImage::new(strip::COLUMNS as u32, strip::ROWS as u32);
        let odd = [mark(-1e6, 0.0, 9.0), mark(f32::NAN, f32::NAN, f32::NAN), mark(1e9, 5.0, -3.0)];
        assert!(views(&strip, &odd, 3).unwrap().iter().all(|v| v.is_finite()));
    }
}
