//! From the bytes of a file to upright luma.

use super::failure::Failure;
use super::format::{Format, Kind, named_as_raw, sniff};
use super::luma::{Gray, luma, luma_16, over_white, shift_to_8_bits, to_8_bits};
use super::metadata::Metadata;
use super::{directory, heic, jpeg, limits, mark, metadata, orient::Orientation, tiff};
use image::{DynamicImage, ImageBuffer, ImageDecoder, ImageFormat, ImageReader, Limits, Pixel, RgbImage};
use std::io::{Cursor, Read, Seek};
use std::path::Path;

/// An upright picture and what EXIF said.
pub(super) struct Decoded {
    pub luma: Gray,
    pub captured_at: Option<String>,
    /// What is odd about the file, though it could be read.
    pub remarks: Vec<String>,
}

/// A file, or a stretch of memory.
pub(super) trait Input: Read + Seek {}
impl<T: Read + Seek> Input for T {}

/// Bytes whose headers have been looked at: what decoding will cost is known, and nothing is allocated yet.
pub(super) struct Prepared<'a> {
    source: Source<'a>,
    /// Most memory that [`Self::decode`] will take, in bytes.
    pub memory: u64,
}

enum Source<'a> {
    Jpeg(Box<jpeg::Pending>, &'a [u8]),
    Heic(Box<heic::Pending>),
    Tiff(Box<tiff::Page<Box<dyn Input + 'a>>>),
    Other(Box<dyn ImageDecoder + 'a>, &'static str, &'a [u8]),
}

/// Recognises the format and holds its headers against the limits. Of a file with pages, `page` is meant, counted from 1.
pub(super) fn prepare<'a>(path: &Path, bytes: &'a [u8], page: usize) -> Result<Prepared<'a>, Failure> {
    let format = recognise(bytes)?;
    if format == Format::Tiff {
        return prepare_tiff(path, Box::new(Cursor::new(bytes)), page);
    }
    if page > 1 {
        return Err(Failure::new("it has one page alone").hint("leave out the number of the page"));
    }
    match format {
        Format::Jpeg => {
            let pending = jpeg::prepare(bytes)?;
            Ok(Prepared { memory: pending.memory, source: Source::Jpeg(Box::new(pending), bytes) })
        }
        Format::Heic => {
            let pending = heic::prepare(bytes)?;
            Ok(Prepared { memory: pending.memory, source: Source::Heic(Box::new(pending)) })
        }
        format => {
            let (format, name) = other_format(format);
            let decoder = open_decoder(bytes, format, name)?;
            let (width, height) = decoder.dimensions();
            limits::check_dimensions(width, height)?;
            // The pixels as stored beside the luma made of them, then the luma beside the same turned upright.
            let pixels = u64::from(width) * u64::from(height);
            let memory = decoder.total_bytes().saturating_add(pixels).max(2 * pixels);
            limits::check_memory(memory)?;
            Ok(Prepared { memory, source: Source::Other(Box::new(decoder), name, bytes) })
        }
    }
}

/// The same of a TIFF, which need not be in memory.
pub(super) fn prepare_tiff<'a>(
    path: &Path,
    mut input: Box<dyn Input + 'a>,
    page: usize,
) -> Result<Prepared<'a>, Failure> {
    if directory::contents(&mut input).raw || named_as_raw(path) {
        return Err(raw("TIFF of a camera"));
    }
    let page = tiff::open(input, page)?;
    Ok(Prepared { memory: page.memory, source: Source::Tiff(Box::new(page)) })
}

impl Prepared<'_> {
    pub(super) fn decode(self) -> Result<Decoded, Failure> {
        let mut remarks = Vec::new();
        let (luma, meta) = match self.source {
            Source::Jpeg(pending, bytes) => {
                remarks.extend(pending.remark().map(str::to_owned));
                (pending.decode()?, metadata::read(bytes))
            }
            Source::Heic(pending) => {
                let meta = pending.metadata();
                (pending.luma()?, meta)
            }
            Source::Tiff(mut page) => {
                let meta = page.metadata();
                (page.luma()?, meta)
            }
            Source::Other(decoder, name, bytes) => {
                let image = DynamicImage::from_decoder(decoder).map_err(|e| damaged(name, &e))?;
                (to_luma(image), metadata::read(bytes))
            }
        };
        let Metadata { orientation, captured_at } = meta;
        Ok(Decoded { luma: upright(luma, orientation), captured_at, remarks })
    }

    /// The picture in upright colour for a person to look at, scaled down to `longest` pixels on its longer side, and the
    /// factor by which it was scaled.
    pub(super) fn colour(self, longest: u32) -> Result<(RgbImage, f32), Failure> {
        let ((stored, scale), orientation) = match self.source {
            Source::Heic(pending) => {
                let orientation = pending.metadata().orientation;
                (pending.colour(longest)?, orientation)
            }
            Source::Tiff(mut page) => {
                let orientation = page.metadata().orientation;
                (page.colour(longest)?, orientation)
            }
            Source::Jpeg(pending, bytes) => {
                let decoder = open_decoder(pending.whole(bytes).as_ref(), ImageFormat::Jpeg, "JPEG")
                    .and_then(|decoder| scaled(decoder, "JPEG", longest));
                (decoder?, metadata::read(bytes).orientation)
            }
            Source::Other(decoder, name, bytes) => (scaled(decoder, name, longest)?, metadata::read(bytes).orientation),
        };
        let (w, h) = stored.dimensions();
        let turned = orientation.apply(stored.as_raw().as_chunks::<3>().0, w, h);
        let (w, h) = orientation.size(w, h);
        let upright = RgbImage::from_raw(w, h, turned.into_flattened());
        upright.map(|image| (image, scale)).ok_or_else(|| Failure::new("turning it upright failed"))
    }
}

fn scaled(decoder: impl ImageDecoder, name: &str, longest: u32) -> Result<(RgbImage, f32), Failure> {
    let (width, height) = decoder.dimensions();
    limits::check_memory(decoder.total_bytes())?;
    let mut stored = DynamicImage::from_decoder(decoder).map_err(|e| damaged(name, &e))?;
    if width.max(height) > longest {
        stored = stored.thumbnail(longest, longest);
    }
    let rgb = stored.into_rgb8();
    let (w, h) = rgb.dimensions();
    Ok((rgb, w.max(h) as f32 / width.max(height) as f32))
}

fn recognise(bytes: &[u8]) -> Result<Format, Failure> {
    if bytes.is_empty() {
        return Err(Failure::new("the file is empty").hint("copy it again from the camera"));
    }
    match sniff(bytes) {
        Kind::Known(Format::Jpeg) if mark::is_drawing(bytes) => {
            Err(Failure::new("a copy that this program drew on (`--annotate`)").hint("name the photograph itself"))
        }
        Kind::Known(format) => Ok(format),
        Kind::Unsupported(name @ "AVIF") => Err(Failure::new(format!("{name} is not supported")).hint(
            "convert it to JPEG, for example with `heif-convert photo.avif photo.jpg`, or set the camera to JPEG",
        )),
        Kind::Unsupported(name) => {
            Err(Failure::new(format!("{name} is not supported")).hint("convert it to JPEG or PNG"))
        }
        Kind::Raw(name) => Err(raw(name)),
        Kind::Film => Err(Failure::new("a film, not a photograph").hint("save a picture of it, and read that")),
        Kind::Document(name) => Err(Failure::new(format!("a document ({name}), not a photograph"))
            .hint("save the pictures in it as TIFF, PNG or JPEG, and read those")),
        Kind::Other => Err(Failure::new("not an image: the content is none of JPEG, PNG, TIFF, HEIC, WebP and BMP")),
    }
}

/// A raw is not read: what is in it for looking at is small, and what the sensor saw is yet to be developed.
fn raw(name: &str) -> Failure {
    Failure::new(format!("a camera raw ({name}), not yet developed")).hint(
        "develop it to TIFF or JPEG, with the camera maker's program, darktable or RawTherapee, and read that; \
         or set the camera to JPEG beside raw",
    )
}

fn other_format(format: Format) -> (ImageFormat, &'static str) {
    match format {
        Format::Png => (ImageFormat::Png, "PNG"),
        Format::WebP => (ImageFormat::WebP, "WebP"),
        Format::Bmp => (ImageFormat::Bmp, "BMP"),
        // these are decoded elsewhere
        Format::Jpeg | Format::Heic => (ImageFormat::Jpeg, "JPEG"),
        Format::Tiff => (ImageFormat::Tiff, "TIFF"),
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
    match image {
        DynamicImage::ImageLuma8(i) => i,
        DynamicImage::ImageLumaA8(i) => mapped(&i, |p| over_white(p.0[0], p.0[1])),
        DynamicImage::ImageRgb8(i) => mapped(&i, |p| luma(&p.0)),
        DynamicImage::ImageRgba8(i) => mapped(&i, |p| over_white(luma(&[p.0[0], p.0[1], p.0[2]]), p.0[3])),
        DynamicImage::ImageLuma16(i) => narrowed(&i, 1, |p| p.0[0]),
        DynamicImage::ImageLumaA16(i) => narrowed(&i, 1, |p| p.0[0]),
        DynamicImage::ImageRgb16(i) => narrowed(&i, 3, |p| luma_16(p.0)),
        DynamicImage::ImageRgba16(i) => narrowed(&i, 3, |p| luma_16([p.0[0], p.0[1], p.0[2]])),
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

/// From 16 bits, of which all may be in use or the lower ones alone; the first `colours` samples of a pixel tell. What follows
/// them is opacity, of full bits.
fn narrowed<P: Pixel<Subpixel = u16>>(
    image: &ImageBuffer<P, Vec<u16>>,
    colours: usize,
    value: impl Fn(&P) -> u16,
) -> Gray {
    let most = image.pixels().flat_map(|p| &p.channels()[..colours]).max().copied().unwrap_or(0);
    let shift = shift_to_8_bits(most);
    mapped(image, |p| {
        let luma = to_8_bits(value(p), shift);
        p.channels().get(colours).map_or(luma, |&alpha| over_white(luma, to_8_bits(alpha, 8)))
    })
}
