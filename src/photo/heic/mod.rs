//! HEIC and HEIF, as telephones write them: tile by tile, of each the luma alone.
//!
//! Gain maps, depth pictures, opacity and whatever else is beside the photograph itself are never decoded.

mod bounds;
mod fault;
mod planes;

use super::colour::Reduced;
use super::failure::Failure;
use super::limits;
use super::luma::Gray;
use super::metadata::{self, Metadata};
use super::orient::Orientation;
use fault::{damaged, refused};
use heic_decoder::bitreader::strip_emulation_prevention;
use heic_decoder::hevc::nal::{NAL_SPS, parse_nal_header};
use heic_decoder::hevc::params::{Sps, parse_sps};
use heic_decoder::isobmff::{self, ParsedHeif, ResolvedImage, Transform};
use heic_decoder::{HeifError, decode_one_image, probe};
use image::RgbImage;
use planes::Planes;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Tiles up to this many pixels are decoded on all cores at once, larger ones one after the other.
const SMALL_TILE: u64 = 1 << 20;

/// A photograph whose container has been read and holds to the limits; no pixels yet.
pub(super) struct Pending {
    parsed: ParsedHeif,
    metadata: Metadata,
    /// Size of the whole, before it is turned.
    size: (u32, u32),
    tile: Sps,
    /// Most memory that decoding and turning upright takes beside the file, in bytes.
    pub memory: u64,
}

/// Reads the container. Its sizes are held against the limits before anything is decoded.
pub(super) fn prepare(bytes: &[u8]) -> Result<Pending, Failure> {
    guarded(|| {
        bounds::check(bytes)?;
        let info = probe(bytes).map_err(|e| refused(&e))?;
        let size = (pixels(info.coded_width)?, pixels(info.coded_height)?);
        limits::check_dimensions(size.0, size.1)?;
        let parsed = isobmff::parse(bytes).map_err(|e| refused(&e))?;
        if parsed.reference_image.is_some() {
            return Err(refused(&HeifError::Unsupported("a picture that rests on another")));
        }
        let (tile, tile_memory) = tiles(&parsed)?;
        // The canvas beside the same turned upright, and the tiles in work.
        let memory = 2 * u64::from(size.0) * u64::from(size.1) + tile_memory;
        limits::check_memory(memory)?;
        let metadata = metadata(bytes, &parsed);
        Ok(Pending { parsed, metadata, size, tile, memory })
    })
}

fn pixels(side: usize) -> Result<u32, Failure> {
    u32::try_from(side).map_err(|_| damaged(&"its size makes no sense"))
}

/// The parameters of the first tile, and most bytes that tiles in work take.
fn tiles(parsed: &ParsedHeif) -> Result<(Sps, u64), Failure> {
    let mut first = None;
    let (mut largest, mut most, mut all) = (0, 0, 0u64);
    for image in &parsed.images {
        let sps = parameters(image)?;
        let pixels = u64::from(sps.pic_width_in_luma_samples) * u64::from(sps.pic_height_in_luma_samples);
        // Samples of 32 bits, each once more while edges are smoothed, and what is noted of each.
        let samples = match sps.chroma_format_idc {
            0 => 2,
            1 => 3,
            2 => 4,
            _ => 6,
        };
        largest = largest.max(pixels);
        all = all.saturating_add(pixels);
        most = most.max(pixels * samples * 9 / 2 + pixels * 6);
        first.get_or_insert(sps);
    }
    // however often one tile is named, it is decoded each time
    if all > 2 * limits::MAX_PIXELS {
        return Err(damaged(&"its tiles are larger than the whole can be"));
    }
    let sps = first.ok_or_else(|| damaged(&"it has no picture"))?;
    let at_once = if largest <= SMALL_TILE { rayon::current_num_threads().max(1) as u64 } else { 1 };
    Ok((sps, most * at_once))
}

fn parameters(image: &ResolvedImage) -> Result<Sps, Failure> {
    for unit in image.hevc_config.nalus_of_type(NAL_SPS) {
        let (header, payload) = parse_nal_header(unit).map_err(|e| refused(&e))?;
        if header.nuh_layer_id == 0 {
            return parse_sps(&strip_emulation_prevention(payload)).map_err(|e| refused(&e));
        }
    }
    Err(damaged(&"its parameters are missing"))
}

/// How it was taken. What the container says of turning holds; EXIF has its say only where the container is silent, since
/// telephones write both and mean one.
fn metadata(bytes: &[u8], parsed: &ParsedHeif) -> Metadata {
    const TURNED_BY_NOUGHT: &[u8] = b"\0\0\0\x09irot\0";
    let exif = parsed.metadata.exif.clone().map(metadata::read_block).unwrap_or_default();
    let head = &bytes[..bytes.len().min(1 << 20)];
    let silent = parsed.transforms.iter().all(|t| matches!(t, Transform::CleanAperture(_)))
        && !head.windows(TURNED_BY_NOUGHT.len()).any(|w| w == TURNED_BY_NOUGHT);
    Metadata { orientation: if silent { exif.orientation } else { Orientation::default() }, ..exif }
}

impl Pending {
    /// How and when it was taken; the orientation is what is left to be done after decoding.
    pub(super) fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    /// Luma, turned and cut as the container says.
    pub(super) fn luma(self) -> Result<Gray, Failure> {
        guarded(move || {
            let (width, height) = self.size;
            let mut canvas = Gray::new(width, height);
            let pixels: &mut [u8] = &mut canvas;
            self.visit(|left, top, planes| {
                for y in 0..planes.height().min(height.saturating_sub(top)) {
                    let row = planes.luma_row(y);
                    let count = row.len().min(width.saturating_sub(left) as usize);
                    let at = (top + y) as usize * width as usize + left as usize;
                    if let Some(to) = pixels.get_mut(at..at + count) {
                        to.copy_from_slice(&row[..count]);
                    }
                }
            })?;
            transformed(canvas, &self.parsed.transforms)
        })
    }

    /// Colour, turned and cut as the container says, scaled down; the scale beside it.
    pub(super) fn colour(self, longest: u32) -> Result<(RgbImage, f32), Failure> {
        guarded(move || {
            if self.parsed.transforms.iter().any(|t| matches!(t, Transform::CleanAperture(_))) {
                let luma = self.luma()?;
                return Ok(grey(&luma, longest));
            }
            let (width, height) = self.size;
            let mut reduced = Reduced::new(width, height, longest);
            self.visit(|left, top, planes| {
                for y in 0..planes.height().min(height.saturating_sub(top)) {
                    for x in 0..planes.width().min(width.saturating_sub(left)) {
                        reduced.add(left + x, top + y, planes.rgb(x, y));
                    }
                }
            })?;
            let (picture, scale) = reduced.finish();
            Ok((turned(picture, &self.parsed.transforms), scale))
        })
    }

    /// Decodes the tiles and hands each over with its place.
    fn visit(&self, mut each: impl FnMut(u32, u32, &Planes)) -> Result<(), Failure> {
        let columns = self.parsed.grid.map_or(1, |grid| grid.columns).max(1);
        let colours = self.parsed.metadata.color_info;
        let decode = |image: &ResolvedImage| {
            let (sps, picture) = decode_one_image(image).map_err(|e| refused(&e))?;
            Planes::new(&sps, picture, colours).ok_or_else(|| damaged(&"a tile is cut to nothing"))
        };
        let first = Planes::size(&self.tile).ok_or_else(|| damaged(&"a tile is cut to nothing"))?;
        let small = u64::from(first.0) * u64::from(first.1) <= SMALL_TILE;
        let at_once = if small { rayon::current_num_threads().max(1) } else { 1 };
        for (n, images) in self.parsed.images.chunks(at_once).enumerate() {
            let tiles: Vec<_> = images.par_iter().map(decode).collect::<Result<_, Failure>>()?;
            for (m, planes) in tiles.iter().enumerate() {
                let index = (n * at_once + m) as u32;
                if Planes::size(&self.tile) != Some((planes.width(), planes.height())) {
                    return Err(damaged(&"its tiles differ in size"));
                }
                each(index % columns * first.0, index / columns * first.1, planes);
            }
        }
        Ok(())
    }
}

fn grey(luma: &Gray, longest: u32) -> (RgbImage, f32) {
    let mut reduced = Reduced::new(luma.width(), luma.height(), longest);
    for (x, y, pixel) in luma.enumerate_pixels() {
        reduced.add(x, y, [pixel.0[0]; 3]);
    }
    reduced.finish()
}

/// Applies what the container says, in its order.
fn transformed(mut picture: Gray, transforms: &[Transform]) -> Result<Gray, Failure> {
    for transform in transforms {
        if let Transform::CleanAperture(aperture) = transform {
            let across = bounds::crop(picture.width(), aperture.width, aperture.horizontal_offset);
            let down = bounds::crop(picture.height(), aperture.height, aperture.vertical_offset);
            let (Some((x, w)), Some((y, h))) = (across, down) else {
                return Err(damaged(&"it is cut to more than there is"));
            };
            picture = image::imageops::crop_imm(&picture, x, y, w, h).to_image();
        } else {
            picture = turned(picture, std::slice::from_ref(transform));
        }
    }
    Ok(picture)
}

/// Turns and mirrors, in the order given.
fn turned<P>(picture: image::ImageBuffer<P, Vec<u8>>, transforms: &[Transform]) -> image::ImageBuffer<P, Vec<u8>>
where
    P: image::Pixel<Subpixel = u8> + 'static,
{
    use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
    transforms.iter().fold(picture, |picture, transform| match transform {
        // counted against the clock
        Transform::Rotate90Ccw(1) => rotate270(&picture),
        Transform::Rotate90Ccw(2) => rotate180(&picture),
        Transform::Rotate90Ccw(3) => rotate90(&picture),
        Transform::MirrorHorizontal => flip_horizontal(&picture),
        Transform::MirrorVertical => flip_vertical(&picture),
        Transform::Rotate90Ccw(_) | Transform::CleanAperture(_) => picture,
    })
}

/// What the decoder panics with becomes the failure of the file.
fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged(&"the decoder gave up on it")))
}

#[cfg(test)]
mod tests;
