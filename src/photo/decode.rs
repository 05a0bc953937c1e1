//! From the bytes of a file to upright luma.

use super::failure::Failure;
use super::format::{Format, Kind, sniff};
use super::luma::{Gray, luma};
use super::{jpeg, limits, metadata, orient::Orientation};
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Limits, Pixel, RgbImage};
use std::io::Cursor;

/// An upright picture and what EXIF said.
pub(super) struct Decoded {
    pub luma: Gray,
    pub captured_at: Option<String>,
}

/// Bytes whose headers have been looked at: what decoding will cost is known, and nothing is allocated yet.
pub(super) struct Prepared<'a> {
    bytes: &'a [u8],
    source: Source<'a>,
    /// Most memory that [`Self::decode`] will take, in bytes.
    pub memory: u64,
}

enum Source<'a> {
    Jpeg(Box<jpeg::Pending>),
    Other(Box<dyn ImageDecoder + 'a>, &'static str),
}

/// Recognises the format and holds its headers against the limits.
pub(super) fn prepare(bytes: &[u8]) -> Result<Prepared<'_>, Failure> {
    let format = recognise(bytes)?;
    if format == Format::Jpeg {
        let pending = jpeg::prepare(bytes)?;
        return Ok(Prepared { bytes, memory: pending.memory, source: Source::Jpeg(Box::new(pending)) });
    }
    let (format, name) = other_format(format);
    let decoder = open_decoder(bytes, format, name)?;
    let (width, height) = decoder.dimensions();
    limits::check_dimensions(width, height)?;
    // The pixels as stored beside the luma made of them, then the luma beside the same turned upright.
    let pixels = u64::from(width) * u64::from(height);
    let memory = decoder.total_bytes().saturating_add(pixels).max(2 * pixels);
    limits::check_memory(memory)?;
    Ok(Prepared { bytes, memory, source: Source::Other(Box::new(decoder), name) })
}

impl Prepared<'_> {
    pub(super) fn decode(self) -> Result<Decoded, Failure> {
        let meta = metadata::read(self.bytes);
        let luma = match self.source {
            Source::Jpeg(pending) => pending.decode()?,
            Source::Other(decoder, name) => {
                to_luma(DynamicImage::from_decoder(decoder).map_err(|e| damaged(name, &e))?)
            }
        };
        Ok(Decoded { luma: upright(luma, meta.orientation), captured_at: meta.captured_at })
    }
}

/// The picture in upright colour for a person to look at, scaled down to `longest` pixels on its longer side, and the
/// factor by which it was scaled.
pub(super) fn colour(bytes: &[u8], longest: u32) -> Result<(RgbImage, f32), Failure> {
    let (format, name) = other_format(recognise(bytes)?);
    let decoder = open_decoder(bytes, format, name)?;
    let (width, height) = decoder.dimensions();
    limits::check_dimensions(width, height)?;
    limits::check_memory(decoder.total_bytes())?;
    let mut stored = DynamicImage::from_decoder(decoder).map_err(|e| damaged(name, &e))?;
    if width.max(height) > longest {
        stored = stored.thumbnail(longest, longest);
    }
    let rgb = stored.into_rgb8();
    let (w, h) = rgb.dimensions();
    let orientation = metadata::read(bytes).orientation;
    let turned = orientation.apply(rgb.as_raw().as_chunks::<3>().0, w, h);
    let scale = w.max(h) as f32 / width.max(height) as f32;
    let (w, h) = orientation.size(w, h);
    let upright = RgbImage::from_raw(w, h, turned.into_flattened());
    upright.map(|image| (image, scale)).ok_or_else(|| Failure::new("turning it upright failed"))
}

fn recognise(bytes: &[u8]) -> Result<Format, Failure> {
    if bytes.is_empty() {
        return Err(Failure::new("the file is empty").hint("copy it again from the camera"));
    }
    match sniff(bytes) {
        Kind::Known(format) => Ok(format),
        Kind::Unsupported(name @ ("HEIC" | "AVIF")) => Err(Failure::new(format!("{name} is not supported")).hint(
            "convert it to JPEG, for example with `heif-convert photo.heic photo.jpg`, or set the camera to JPEG",
        )),
        Kind::Unsupported(name) => {
            Err(Failure::new(format!("{name} is not supported")).hint("convert it to JPEG or PNG"))
        }
        Kind::Other => Err(Failure::new("not an image: the content is none of JPEG, PNG, TIFF, WebP and BMP")),
    }
}

fn other_format(format: Format) -> (ImageFormat, &'static str) {
    match format {
        Format::Jpeg => (ImageFormat::Jpeg, "JPEG"),
        Format::Png => (ImageFormat::Png, "PNG"),
        Format::Tiff => (ImageFormat::Tiff, "TIFF"),
        Format::WebP => (ImageFormat::WebP, "WebP"),
        Format::Bmp => (ImageFormat::Bmp, "BMP"),
    }
}

fn open_decoder<'a>(bytes: &'a [u8], format: ImageFormat, name: &str) -> Result<impl ImageDecoder + use<'a>, Failure> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // The side is checked by the caller, whose message says what was claimed; this one guards the decoder's own
    // buffers, which are not the image.
    let mut limits = Limits::default();
    limits.max_alloc = Some(limits::MAX_DECODE_BYTES);
    reader.limits(limits);
    reader.into_decoder().map_err(|e| damaged(name, &e))
}

fn damaged(name: &str, cause: &image::ImageError) -> Failure {
    let failure = match cause {
        image::ImageError::Limits(_) => return Failure::new(format!("the {name} is too large: {cause}")),
        image::ImageError::Unsupported(_) => return Failure::new(cause.to_string()).hint("convert it to JPEG or PNG"),
        _ => Failure::new(format!("the {name} is damaged: {cause}")),
    };
    failure.hint("copy it again from where it came")
}

fn upright(luma: Gray, orientation: Orientation) -> Gray {
    if orientation.is_upright() {
        return luma;
    }
    let (w, h) = luma.dimensions();
    let turned = orientation.apply(luma.as_raw(), w, h);
    let (w, h) = orientation.size(w, h);
    Gray::from_raw(w, h, turned).unwrap_or(luma)
}

fn to_luma(image: DynamicImage) -> Gray {
    // The high byte of a 16-bit sample is the 8-bit sample.
    let high = |v: u16| (v >> 8) as u8;
    match image {
        DynamicImage::ImageLuma8(i) => i,
        DynamicImage::ImageLumaA8(i) => mapped(&i, |p| over_white(p.0[0], p.0[1])),
        DynamicImage::ImageRgb8(i) => mapped(&i, |p| luma(&p.0)),
        DynamicImage::ImageRgba8(i) => mapped(&i, |p| with_alpha(p.0)),
        DynamicImage::ImageLumaA16(i) => mapped(&i, |p| over_white(high(p.0[0]), high(p.0[1]))),
        DynamicImage::ImageRgb16(i) => mapped(&i, |p| luma(&p.0.map(high))),
        DynamicImage::ImageRgba16(i) => mapped(&i, |p| with_alpha(p.0.map(high))),
        other => other.into_luma8(),
    }
}

fn mapped<P: Pixel>(image: &ImageBuffer<P, Vec<P::Subpixel>>, value: impl Fn(&P) -> u8) -> Gray {
    let (w, h) = image.dimensions();
    let mut out = Gray::new(w, h);
    for (to, from) in out.iter_mut().zip(image.pixels()) {
        *to = value(from);
    }
    out
}

/// Transparent parts become white: what lies under them is arbitrary.
fn over_white(luma: u8, alpha: u8) -> u8 {
    let (v, a) = (u32::from(luma), u32::from(alpha));
    ((v * a + 255 * (255 - a) + 127) / 255) as u8
}

fn with_alpha([r, g, b, a]: [u8; 4]) -> u8 {
    over_white(luma(&[r, g, b]), a)
}
