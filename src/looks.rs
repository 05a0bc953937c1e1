//! What a strip looks like where its marks cannot be read: glare, focus, contrast.
//!
//! All of it is measured along the ring, column by column in each row: turning rings, the rim and the primer's edge run along
//! the ring too and do not count, marks stand across it.

use crate::strip::{COLUMNS, RIM_ROWS, ROWS, radius_row};
use image::GrayImage;

/// The part of the strip that bears marks, in units of the rim: within the bevel, outside the primer.
const OUTER: f32 = 0.92;
const INNER: f32 = 0.49;
/// Height of marks where none were found, in units of the rim.
const USUAL_HEIGHT: f32 = 0.2;
/// Luma from which a place is blown out: JPEG leaves little below it of what was white.
const BLOWN_OUT: u8 = 250;
/// Share of a clock hour's places that are blown out from which nothing can be read there.
const MOST_BLOWN_OUT: f32 = 0.35;
/// Hours in a row with glare from which glare is why a head cannot be read: a quarter of the ring.
const GLARING: usize = 3;
/// Distances at which luma is compared, in heights of the marks: about the width of a stroke, and half a character.
const STROKE: f32 = 0.16;
const HALF: f32 = 0.55;
/// Sharpness below which a head is out of focus. Of renders blurred by an eighth of a mark's height or more, which cannot
/// be read, three in four are below it; of sharp ones one in six.
const SHARP: f32 = 0.37;
/// The same where marks do stand out, so that wear is no reason: photographs through a lens that was not focused have
/// hard-edged discs for highlights, which count as half sharp.
const HARDLY_SHARP: f32 = 0.5;
/// Contrast below which marks do not stand out. Of renders whose marks change luma by less than 3 %, three in four are
/// below it; of others one in ten.
const CONTRAST: f32 = 0.024;

/// What can be wrong with a strip.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Blown out over these clock hours, first and last, clockwise.
    Glare(u8, u8),
    /// Out of focus, or moved.
    Focus,
    /// The marks hardly stand out.
    Worn,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Glare(from, to) if from == to => write!(f, "glare all round"),
            Self::Glare(from, to) => write!(f, "glare over {from} to {to} o'clock"),
            Self::Focus => write!(f, "out of focus"),
            Self::Worn => write!(f, "marks too worn"),
        }
    }
}

/// The fault of a strip with marks of this height, in units of the rim (`None` where none were found): what explains
/// best that it cannot be read, or `None` where nothing is wrong with the picture.
pub fn fault(strip: &GrayImage, height: Option<f32>) -> Option<Fault> {
    if strip.dimensions() != (COLUMNS as u32, ROWS as u32) {
        return None;
    }
    let height = height.filter(|h| h.is_finite()).unwrap_or(USUAL_HEIGHT).clamp(0.08, 0.4) * RIM_ROWS;
    let [noise, stroke, half] =
        [1.0, height * STROKE, height * HALF].map(|lag| difference(strip, lag.round() as usize));
    // what luma differs by from one column to the next is mostly noise, at any distance
    let (stroke, half) = ((stroke - noise).max(0.0), (half - noise).max(0.0));
    let contrast = (half / 2.0).sqrt() / 255.0;
    let sharpness = if half > 0.0 { stroke / half } else { 1.0 };
    let worn = contrast < CONTRAST;
    if let Some(glare) = glare(strip) {
        Some(glare)
    } else if sharpness < if worn { SHARP } else { HARDLY_SHARP } {
        Some(Fault::Focus)
    } else {
        worn.then_some(Fault::Worn)
    }
}

fn rows() -> std::ops::Range<usize> {
    let row = |radius| radius_row(radius).round() as usize;
    row(OUTER)..row(INNER)
}

/// Mean squared difference of luma between places this many columns apart; blown out places are left out.
fn difference(strip: &GrayImage, lag: usize) -> f32 {
    let (mut sum, mut count) = (0u64, 0u64);
    for row in rows() {
        let line = &strip.as_raw()[row * COLUMNS..(row + 1) * COLUMNS];
        let (front, back) = line.split_at(lag.min(COLUMNS));
        for (&a, &b) in line.iter().zip(back.iter().chain(front)) {
            if a < BLOWN_OUT && b < BLOWN_OUT {
                sum += u64::from(a.abs_diff(b)).pow(2);
                count += 1;
            }
        }
    }
    sum as f32 / count.max(1) as f32
}

/// The longest run of clock hours with glare, where it is long enough.
fn glare(strip: &GrayImage) -> Option<Fault> {
    const HOURS: usize = 12;
    const WIDTH: usize = COLUMNS / HOURS;
    let mut blown = [0usize; HOURS];
    for row in rows() {
        for (column, &luma) in strip.as_raw()[row * COLUMNS..(row + 1) * COLUMNS].iter().enumerate() {
            // an hour reaches half an hour to either side
            blown[(column + WIDTH / 2) / WIDTH % HOURS] += usize::from(luma >= BLOWN_OUT);
        }
    }
    let most = MOST_BLOWN_OUT * (WIDTH * rows().len()) as f32;
    let glaring = blown.map(|n| n as f32 >= most);
    let run = |from: usize| (0..HOURS).take_while(|i| glaring[(from + i) % HOURS]).count();
    let (from, length) = (0..HOURS).map(|h| (h, run(h))).max_by_key(|&(h, n)| (n, std::cmp::Reverse(h)))?;
    if length < GLARING {
        return None;
    }
    let hour = |h: usize| ((h + HOURS - 1) % HOURS + 1) as u8;
    // all round begins and ends at twelve
    let last = if length == HOURS { from } else { from + length - 1 };
    Some(Fault::Glare(hour(from), hour(last)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// A strip with dark strokes as marks have them, 25 rows high, and a little noise.
    fn strip(dark: u8, blur: f32) -> GrayImage {
        let mut strip = GrayImage::from_fn(COLUMNS as u32, ROWS as u32, |x, y| {
            let stroke = (28..53).contains(&y) && (x % 24 < 4 || (y % 12 < 4 && x % 24 < 14));
            Luma([160 - if stroke { dark } else { 0 }])
        });
        if blur > 0.0 {
            strip = imageproc::filter::gaussian_blur_f32(&strip, blur);
        }
        for (i, p) in strip.iter_mut().enumerate() {
            *p += (i * 7919 % 5) as u8;
        }
        strip
    }

    #[test]
    fn each_fault_is_told() {
        let of = |s: &GrayImage| fault(s, Some(0.2)).map(|f| f.to_string()).unwrap_or_default();
        assert_eq!(of(&strip(70, 0.0)), "");
        assert_eq!(of(&strip(70, 1.0)), "", "a little soft is no fault");
        assert_eq!(of(&strip(70, 4.5)), "out of focus");
        assert_eq!(of(&strip(6, 0.0)), "marks too worn");
        let glaring = |hours: std::ops::RangeInclusive<u32>| {
            let mut s = strip(70, 0.0);
            let within = |x: u32| hours.clone().any(|h| (x + 24) / 48 % 12 == h % 12);
            s.enumerate_pixels_mut().filter(|(x, ..)| within(*x)).for_each(|(_, _, p)| p.0[0] = 255);
            of(&s)
        };
        assert_eq!(glaring(7..=11), "glare over 7 to 11 o'clock");
        assert_eq!(glaring(11..=14), "glare over 11 to 2 o'clock");
        assert_eq!(glaring(1..=12), "glare all round");
        assert_eq!(glaring(5..=5), "", "one hour is not the whole");
    }

    #[test]
    fn nothing_from_outside_makes_it_fail() {
        let flat = |v| GrayImage::from_pixel(COLUMNS as u32, ROWS as u32, Luma([v]));
        for height in [None, Some(f32::NAN), Some(0.0), Some(1e9)] {
            assert_eq!(fault(&flat(0), height), Some(Fault::Worn));
            assert_eq!(fault(&flat(255), height), Some(Fault::Glare(12, 12)));
            assert_eq!(fault(&GrayImage::new(3, 3), height), None);
        }
    }
}
