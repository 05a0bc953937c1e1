//! The proof, by the pixels, that two photographs which look alike are one picture, compressed anew, turned or mirrored.

use super::orient::Orientation;
use image::GrayImage;

/// Longer side, in pixels, of what is compared at least: both are averaged down to it, so that a head of 30 pixels of radius
/// in a photograph of 12 megapixels still fills a tile.
const LEAST_SIDE: u32 = 1024;
/// Pixels that are averaged into one at least, along a side: it takes away most of what compression adds.
const LEAST_FACTOR: u32 = 2;
/// Side of a tile, in averaged pixels. Every tile is compared by itself, so that another case in the same place is seen
/// however small it is.
const TILE: usize = 16;
/// Spread of a tile, in grey levels, from which on it shows something: the rim of a case gives 20 and more.
const SHOWS: f32 = 10.0;
/// Where a tile shows something, greatest share of its spread (as variance) that may differ. On photographs JPEG of quality 30
/// changes at most 0.063, of 60 at most 0.023; another case with the same headstamp, turned to fit, 1.4 and more in its worst
/// tile (83 pairs).
const DIFFERS: f32 = 0.1;
/// Where it shows nothing, greatest mean difference in grey levels.
const SHIFTED: f32 = 4.0;

/// Whether two photographs, upright, are one picture.
pub(super) fn one_picture(a: &GrayImage, b: &GrayImage) -> bool {
    let fits = |&way: &Orientation| way.size(b.width(), b.height()) == a.dimensions();
    let mut ways = (1..=8).map(Orientation::from_exif).filter(fits);
    let factor = (a.width().max(a.height()) / LEAST_SIDE).max(LEAST_FACTOR) as usize;
    let (width, height, first) = averaged(a.as_raw(), a.width() as usize, factor);
    ways.any(|way| {
        let turned = way.apply(b.as_raw(), b.width(), b.height());
        let (_, _, second) = averaged(&turned, a.width() as usize, factor);
        alike(&first, &second, width, height)
    })
}

/// Means of squares of so many pixels; what is left at the right and lower edges is left out. Width, height, means.
fn averaged(luma: &[u8], width: usize, factor: usize) -> (usize, usize, Vec<f32>) {
    let (across, down) = (width / factor, luma.len() / width.max(1) / factor);
    let mut out = vec![0.0; across * down];
    for y in 0..down * factor {
        let row = luma[y * width..].chunks_exact(factor).take(across);
        let to = &mut out[y / factor * across..];
        row.zip(to).for_each(|(square, mean)| *mean += square.iter().map(|&v| f32::from(v)).sum::<f32>());
    }
    let count = (factor * factor) as f32;
    out.iter_mut().for_each(|v| *v /= count);
    (across, down, out)
}

fn alike(a: &[f32], b: &[f32], width: usize, height: usize) -> bool {
    let mut tiles = (0..height).step_by(TILE).flat_map(|y| (0..width).step_by(TILE).map(move |x| (x, y)));
    let one = |(left, top): (usize, usize)| {
        let (right, bottom) = ((left + TILE).min(width), (top + TILE).min(height));
        let places = || (top..bottom).flat_map(move |y| (left..right).map(move |x| y * width + x));
        let count = places().count() as f32;
        let mean = |of: &[f32]| places().map(|p| of[p]).sum::<f32>() / count;
        let (mean_a, mean_b) = (mean(a), mean(b));
        let spread = |of: &[f32], mean: f32| places().map(|p| (of[p] - mean).powi(2)).sum::<f32>() / count;
        let spread = spread(a, mean_a).max(spread(b, mean_b));
        let differs = places().map(|p| (a[p] - b[p]).powi(2)).sum::<f32>() / count;
        (mean_a - mean_b).abs() <= SHIFTED && (spread < SHOWS * SHOWS || differs <= DIFFERS * spread)
    };
    // a picture that is too small to have a tile proves nothing
    width > 0 && height > 0 && tiles.all(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::{Luma, imageops};
    use imageproc::drawing::{draw_filled_circle_mut, draw_filled_rect_mut};
    use imageproc::rect::Rect;

    fn compressed(luma: &GrayImage, quality: u8) -> GrayImage {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(luma).unwrap();
        image::load_from_memory(&bytes).unwrap().into_luma8()
    }

    /// A table, and a small case on it whose mark stands here or there.
    fn photograph(mark: i32) -> GrayImage {
        let table = |x: u32, y: u32| 60.0 + x as f32 / 9.0 + ((x as f32 * 0.13).sin() + (y as f32 * 0.09).cos()) * 12.0;
        let mut picture = GrayImage::from_fn(1200, 900, |x, y| Luma([table(x, y) as u8]));
        draw_filled_circle_mut(&mut picture, (830, 610), 34, Luma([200]));
        draw_filled_circle_mut(&mut picture, (830, 610), 10, Luma([90]));
        draw_filled_rect_mut(&mut picture, Rect::at(822 + mark, 582).of_size(8, 8), Luma([60]));
        picture
    }

    #[test]
    fn compressed_anew_or_turned_it_is_one_picture() {
        let first = photograph(0);
        assert!(one_picture(&first, &compressed(&first, 40)));
        let turned = imageops::rotate90(&compressed(&first, 60));
        assert!(one_picture(&first, &turned) && one_picture(&turned, &first));
        assert!(one_picture(&first, &imageops::flip_vertical(&turned)));
    }

    #[test]
    fn another_case_in_the_same_place_is_another_picture() {
        let (first, other) = (photograph(0), photograph(10));
        let looks = [&first, &other].map(crate::photo::Picture::of);
        assert!(looks[0].likeness(&looks[1]).is_some(), "they look alike, and nothing is tested");
        assert!(!one_picture(&first, &other) && !one_picture(&first, &compressed(&other, 90)));
        assert!(!one_picture(&first, &imageops::crop_imm(&first, 0, 0, 1200, 899).to_image()));
        assert!(!one_picture(&GrayImage::new(1, 1), &GrayImage::new(1, 1)), "too small to prove anything");
    }
}
