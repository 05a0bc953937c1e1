//! What is shown of heads: the photograph, the head cut out, or the ring unrolled; and where marks and words are on it.

use super::gather::Sample;
use crate::ellipse::Ellipse;
use crate::error::PhotoError;
use crate::photo::{self, Budget, Photo};
use crate::strip;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, RgbImage};
use std::io::Cursor;
use std::path::Path;

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// A head each, cut out as it lies.
    Heads,
    /// A head each, its ring unrolled as the recogniser sees it.
    Strips,
    /// Whole photographs.
    Photographs,
}

/// What is shown round the rim, in radii.
const AROUND: f32 = 1.08;
/// Longest side of a head that is cut out, in pixels, and of a photograph.
const LONGEST_HEAD: u32 = 640;
const LONGEST_PHOTOGRAPH: u32 = 4096;
/// Quality of the JPEGs.
const QUALITY: u8 = 92;

/// A picture as it is written, with its size.
#[derive(Debug, Clone)]
pub struct Cut {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its ending.
    pub ending: &'static str,
    /// Its size, in pixels.
    pub width: u32,
    /// Its size, in pixels.
    pub height: u32,
    map: Map,
}

/// The way from the photograph's pixels to the picture's.
#[derive(Debug, Clone, Copy)]
enum Map {
    /// Less what is cut off, times the scale.
    Plain { x: f32, y: f32, scale: f32 },
    /// Unrolled.
    Ring(Ellipse),
}

/// A mark on a picture: its corners in pixels, top left, top right, bottom right, bottom left as it stands.
pub(super) type Corners = [[f32; 2]; 4];

impl Cut {
    /// A head, or its ring, of a photograph that was loaded.
    pub(super) fn of(what: What, photograph: &Opened, sample: &Sample) -> image::ImageResult<Self> {
        match what {
            What::Heads => Self::head(photograph, &sample.head.ellipse),
            What::Strips => Self::ring(photograph, &sample.head.ellipse),
            What::Photographs => Self::whole(photograph),
        }
    }

    fn head(photograph: &Opened, rim: &Ellipse) -> image::ImageResult<Self> {
        let (picture, scale) = (&photograph.picture, photograph.scale);
        let span = |middle: f32, limit: u32| {
            let (low, high) = ((middle - rim.a * AROUND) * scale, (middle + rim.a * AROUND) * scale);
            let low = low.floor().clamp(0.0, limit.saturating_sub(1) as f32) as u32;
            (low, (high.ceil().clamp(0.0, limit as f32) as u32).max(low + 1))
        };
        let ((x0, x1), (y0, y1)) = (span(rim.cx, picture.width()), span(rim.cy, picture.height()));
        let part = imageops::crop_imm(picture, x0, y0, x1 - x0, y1 - y0).to_image();
        let smaller = (LONGEST_HEAD as f32 / part.width().max(part.height()) as f32).min(1.0);
        let size = |v: u32| ((v as f32 * smaller).round() as u32).max(1);
        let part = if smaller < 1.0 {
            imageops::resize(&part, size(x1 - x0), size(y1 - y0), FilterType::Triangle)
        } else {
            part
        };
        let map = Map::Plain { x: x0 as f32 / scale, y: y0 as f32 / scale, scale: scale * smaller };
        Self::jpeg(&part, map)
    }

    fn whole(photograph: &Opened) -> image::ImageResult<Self> {
        Self::jpeg(&photograph.picture, Map::Plain { x: 0.0, y: 0.0, scale: photograph.scale })
    }

    fn ring(photograph: &Opened, rim: &Ellipse) -> image::ImageResult<Self> {
        let strip = strip::unwrap(&photograph.photo.luma, rim);
        let (width, height) = strip.dimensions();
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageLuma8(strip).write_to(&mut bytes, ImageFormat::Png)?;
        Ok(Self { bytes: bytes.into_inner(), ending: "png", width, height, map: Map::Ring(*rim) })
    }

    fn jpeg(picture: &RgbImage, map: Map) -> image::ImageResult<Self> {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture)?;
        Ok(Self { bytes, ending: "jpg", width: picture.width(), height: picture.height(), map })
    }

    /// Where a place of the photograph is on the picture; `near` is a clock, in degrees, beside which a place on a ring stays
    /// in one piece with others.
    fn place(&self, [px, py]: [f32; 2], near: f32) -> [f32; 2] {
        match self.map {
            Map::Plain { x, y, scale } => [(px - x) * scale, (py - y) * scale],
            Map::Ring(rim) => {
                let (radius, clock) = rim.polar(px, py);
                let turn = (clock - near + 180.0).rem_euclid(360.0) - 180.0;
                let column = strip::clock_column(near) + turn * strip::COLUMNS as f32 / 360.0;
                [column + 0.5, strip::radius_row(radius) + 0.5]
            }
        }
    }

    /// Where a mark is; `near` is a clock that it stays beside.
    pub(super) fn corners(&self, corners: &Corners, near: f32) -> Corners {
        corners.map(|corner| self.place(corner, near))
    }

    /// The box that holds a head, upright: left, top, width, height in pixels.
    pub(super) fn around(&self, rim: &Ellipse) -> [f32; 4] {
        let points: Vec<[f32; 2]> = (0..72).map(|n| rim.at(1.0, n as f32 * 5.0).into()).collect();
        self.bounds(points.into_iter().map(|p| self.place(p, 0.0)))
    }

    /// The upright box that holds points, within the picture: left, top, width, height in pixels.
    pub(super) fn bounds(&self, points: impl Iterator<Item = [f32; 2]>) -> [f32; 4] {
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for point in points {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let limit = [self.width as f32, self.height as f32];
        let inside = |axis: usize, v: f32| v.clamp(0.0, limit[axis]);
        let (x, y) = (inside(0, low[0]), inside(1, low[1]));
        [x, y, inside(0, high[0]) - x, inside(1, high[1]) - y]
    }
}

/// A photograph that is being cut.
pub(super) struct Opened {
    photo: Photo,
    picture: RgbImage,
    scale: f32,
}

impl Opened {
    /// The photograph in a file, which has to be the one that was added.
    pub(super) fn open(path: &Path, sha256: &str, what: What) -> Result<Self, PhotoError> {
        let photo = photo::load(path)?;
        if photo.sha256 != sha256 {
            return Err(photo::altered(path));
        }
        let (picture, scale) = match what {
            What::Strips => (RgbImage::new(1, 1), 1.0),
            _ => photo::load_colour(path, LONGEST_PHOTOGRAPH, &Budget::default())?,
        };
        Ok(Self { photo, picture, scale })
    }

    /// The ring of a head, unrolled.
    pub(super) fn strip(&self, rim: &Ellipse) -> image::GrayImage {
        strip::unwrap(&self.photo.luma, rim)
    }
}

/// A mark of a sample and the sign that it is, by aligning what was confirmed with the marks that were found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signed<'s> {
    pub(super) mark: &'s crate::record::MarkRecord,
    pub(super) sign: &'s str,
    pub(super) element: usize,
}

/// The marks of a sample that are signs of what was confirmed, clockwise.
pub(super) fn signed(sample: &Sample) -> Vec<Signed<'_>> {
    let of = sample.fit.reads.iter().zip(&sample.fit.elements);
    let all = sample.head.marks.iter().zip(of);
    all.filter_map(|(mark, (sign, element))| Some(Signed { mark, sign: sign.as_deref()?, element: (*element)? }))
        .collect()
}
