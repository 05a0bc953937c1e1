//! Small pictures of heads for pages: as they were found, and unrolled.

use crate::draw::{BOX, RIM, Text, path};
use crate::ellipse::Ellipse;
use crate::record::HeadRecord;
use crate::strip;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{GrayImage, ImageResult, Rgb, RgbImage};

/// Longest side of a crop, in pixels: large enough to read the marks, small enough for a page of thousands.
pub(crate) const CROP: u32 = 360;
/// What is shown round the rim, in radii, so that a rim fitted askew can be seen.
const AROUND: f32 = 1.14;
/// Most that a small head is enlarged: beyond it there is nothing to see.
const MOST_ENLARGED: f32 = 4.0;
/// Enlargement of the strip.
const STRIP_SCALE: f32 = 1.5;
/// Height of the bands above and below the strip that say what was read, and of their text, in pixels.
const BAND: u32 = 20;
const BAND_TEXT: f32 = 17.0;
/// Quality of the JPEGs.
const QUALITY: u8 = 82;
/// Colour of a circle where a head should be.
const EXPECTED: Rgb<u8> = Rgb([255, 90, 220]);
/// Paper of the bands.
const PAPER: Rgb<u8> = Rgb([28, 30, 34]);

/// A picture as a JPEG.
pub(crate) fn jpeg(picture: &RgbImage) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture)?;
    Ok(bytes)
}

/// Grey as colours, to draw on.
pub(crate) fn in_colour(gray: &GrayImage) -> RgbImage {
    RgbImage::from_fn(gray.width(), gray.height(), |x, y| Rgb([gray.get_pixel(x, y).0[0]; 3]))
}

/// The photograph round a head with its rim and marks, and dashed the circle where one should be. At least one of the two
/// is given; a pixel where none is.
pub(crate) fn crop(photo: &GrayImage, head: Option<&HeadRecord>, expected: Option<Ellipse>) -> RgbImage {
    let Some(rim) = head.map(|h| h.ellipse).or(expected) else { return RgbImage::new(1, 1) };
    let span = |middle: f32, limit: u32| {
        let (low, high) = ((middle - rim.a * AROUND).floor(), (middle + rim.a * AROUND).ceil());
        let low = low.clamp(0.0, limit.saturating_sub(1) as f32) as u32;
        (low, (high.clamp(0.0, limit as f32) as u32).max(low + 1))
    };
    let ((x0, x1), (y0, y1)) = (span(rim.cx, photo.width()), span(rim.cy, photo.height()));
    let (w, h) = (x1 - x0, y1 - y0);
    let scale = (CROP as f32 / w.max(h) as f32).min(MOST_ENLARGED);
    let size = |v: u32| ((v as f32 * scale) as u32).clamp(1, CROP);
    let part = imageops::crop_imm(photo, x0, y0, w, h).to_image();
    let mut out = in_colour(&imageops::resize(&part, size(w), size(h), FilterType::Triangle));
    let at = |(x, y): (f32, f32)| ((x - x0 as f32 + 0.5) * scale - 0.5, (y - y0 as f32 + 0.5) * scale - 0.5);
    if let Some(circle) = expected {
        // dashed: where both agree, the rim found shows between
        for dash in 0..36 {
            let points: Vec<_> = (0..=2).map(|i| at(circle.at(1.0, dash as f32 * 10.0 + i as f32 * 2.5))).collect();
            path(&mut out, &points, EXPECTED);
        }
    }
    if let Some(head) = head {
        let points: Vec<_> = (0..=90).map(|i| at(head.ellipse.at(1.0, i as f32 * 4.0))).collect();
        path(&mut out, &points, RIM);
        for mark in &head.marks {
            let mut corners = mark.corners.map(|[x, y]| at((x, y))).to_vec();
            corners.extend_from_within(..1);
            path(&mut out, &corners, BOX);
        }
    }
    out
}

/// The ring unrolled, with the boxes of marks, and bands that say what each was read as: above for the outer ones.
pub(crate) fn unrolled(photo: &GrayImage, head: &HeadRecord, text: &Text) -> RgbImage {
    let ring = strip::unwrap(photo, &head.ellipse);
    let (w, h) = ((ring.width() as f32 * STRIP_SCALE) as u32, (ring.height() as f32 * STRIP_SCALE) as u32);
    let ring = in_colour(&imageops::resize(&ring, w, h, FilterType::Triangle));
    let mut out = RgbImage::from_pixel(w, h + 2 * BAND, PAPER);
    imageops::replace(&mut out, &ring, 0, i64::from(BAND));
    let mean = head.marks.iter().map(|m| m.radius).sum::<f32>() / head.marks.len().max(1) as f32;
    for mark in &head.marks {
        let middle = strip::clock_column(mark.clock_deg);
        let mut corners = mark
            .corners
            .map(|[x, y]| {
                let (radius, clock) = head.ellipse.polar(x, y);
                // a box over the seam stays in one piece, beside the mark's middle
                let turn = (clock - mark.clock_deg + 180.0).rem_euclid(360.0) - 180.0;
                let column = middle + turn * strip::COLUMNS as f32 / 360.0;
                ((column + 0.5) * STRIP_SCALE, (strip::radius_row(radius) + 0.5) * STRIP_SCALE + BAND as f32)
            })
            .to_vec();
        corners.extend_from_within(..1);
        path(&mut out, &corners, BOX);
        let y = if mark.radius > mean + 0.05 { BAND as f32 / 2.0 } else { (h + BAND) as f32 + BAND as f32 / 2.0 };
        text.draw(&mut out, &mark.text, ((middle + 0.5) * STRIP_SCALE, y), BAND_TEXT);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::testing::noise;

    /// Circles come from files; nothing in them may make drawing fail or hang.
    #[test]
    fn absurd_circles_are_drawn_without_harm() {
        let photo = noise(40, 30);
        for size in [0.0, 1e-3, 1e9, -5.0, f32::NAN, f32::INFINITY] {
            let picture = crop(&photo, None, Some(Ellipse::circle(size, 40.0, size)));
            assert!(
                picture.width() <= CROP && picture.height() <= CROP && !jpeg(&picture).unwrap().is_empty(),
                "{size}"
            );
        }
    }
}
