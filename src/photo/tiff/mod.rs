//! TIFF as scanners, cameras and museums write it, strip by strip: one page at a time, never the whole file in memory.

mod fault;
mod layout;
mod pixels;
mod units;

use super::colour::Reduced;
use super::failure::Failure;
use super::luma::{Gray, to_8_bits};
use super::metadata::{self, Metadata};
use super::{directory, limits};
use fault::{damaged, refused};
use image::RgbImage;
use layout::Layout;
use pixels::Ink;
use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tiff::decoder::Decoder;
use tiff::decoder::ifd::Value;
use tiff::tags::{IfdPointer, Tag};

/// A page whose tags have been read and hold to the limits; no pixels yet.
pub(super) struct Page<R: Read + Seek> {
    decoder: Decoder<R>,
    layout: Layout,
    /// Most memory that decoding and turning upright takes, in bytes.
    pub memory: u64,
}

/// Opens a page, counted from 1.
pub(super) fn open<R: Read + Seek>(mut reader: R, page: usize) -> Result<Page<R>, Failure> {
    let contents = directory::contents(&mut reader);
    let Some(&place) = page.checked_sub(1).and_then(|page| contents.pages.get(page)) else {
        let (found, page) = (contents.pages.len(), page.max(1));
        let message = if found == 0 { "it has no page".into() } else { format!("it has {found} pages, not {page}") };
        return Err(damaged(&message));
    };
    guarded(|| {
        reader.rewind().map_err(|e| damaged(&e))?;
        let mut decoder = Decoder::new(reader).map_err(|e| refused(&e))?.with_limits(decoder_limits());
        if place > 0 {
            decoder.seek_to_image(place).map_err(|e| refused(&e))?;
        }
        let layout = Layout::of(&mut decoder)?;
        // The luma of 16 bits beside that of 8; then the latter beside the same turned upright.
        let memory = 3 * layout.pixels() + layout.unit_memory();
        limits::check_memory(memory)?;
        Ok(Page { decoder, layout, memory })
    })
}

fn decoder_limits() -> tiff::decoder::Limits {
    let mut limits = tiff::decoder::Limits::default();
    limits.decoding_buffer_size = limits::MAX_DECODE_BYTES as usize;
    limits.intermediate_buffer_size = limits::MAX_DECODE_BYTES as usize;
    limits
}

impl<R: Read + Seek> Page<R> {
    /// What the tags say of how and when it was taken.
    pub(super) fn metadata(&mut self) -> Metadata {
        let decoder = &mut self.decoder;
        guarded(|| Ok(read_metadata(decoder))).unwrap_or_default()
    }

    /// Luma, as stored.
    pub(super) fn luma(mut self) -> Result<Gray, Failure> {
        guarded(move || {
            let (width, height) = (self.layout.width, self.layout.height);
            let ink = Ink::of(&self.layout);
            let mut luma = vec![0u16; self.layout.pixels() as usize];
            let mut most = 0;
            let clear = self.layout.clear_samples();
            units::visit(&mut self.decoder, &self.layout, |x, y, samples| {
                most = samples.iter().take(clear).fold(most, |most, &s| most.max(s));
                luma[y as usize * width as usize + x as usize] = ink.luma(samples);
            })?;
            let shift = self.layout.shift(most);
            let pixels = luma.into_iter().map(|v| to_8_bits(v, shift)).collect();
            Gray::from_raw(width, height, pixels).ok_or_else(|| damaged(&"pixels are missing"))
        })
    }

    /// Colour, as stored, scaled down; the scale beside it. Where only the samples tell how many bits are in use, they are
    /// read twice.
    pub(super) fn colour(mut self, longest: u32) -> Result<(RgbImage, f32), Failure> {
        guarded(move || {
            let ink = Ink::of(&self.layout);
            let mut most = 0;
            let clear = self.layout.clear_samples();
            if self.layout.bits == 16 && self.layout.most.is_none() {
                units::visit(&mut self.decoder, &self.layout, |_, _, samples| {
                    most = samples.iter().take(clear).fold(most, |most, &s| most.max(s));
                })?;
            }
            let shift = self.layout.shift(most);
            let mut reduced = Reduced::new(self.layout.width, self.layout.height, longest);
            limits::check_memory(reduced.memory() + self.layout.unit_memory())?;
            units::visit(&mut self.decoder, &self.layout, |x, y, samples| {
                reduced.add(x, y, ink.rgb(samples).map(|v| to_8_bits(v, shift)));
            })?;
            Ok(reduced.finish())
        })
    }
}

fn read_metadata<R: Read + Seek>(decoder: &mut Decoder<R>) -> Metadata {
    let orientation = decoder.find_tag_unsigned::<u32>(Tag::Orientation).ok().flatten();
    let exif = decoder.find_tag_unsigned::<u64>(Tag::ExifDirectory).ok().flatten();
    let taken = exif.and_then(|at| {
        let directory = decoder.read_directory(IfdPointer(at)).ok()?;
        match decoder.read_directory_tags(&directory).find_tag(Tag::from_u16_exhaustive(0x9003)) {
            Ok(Some(Value::Ascii(text))) => metadata::iso_time(text.trim_end_matches('\0').as_bytes()),
            _ => None,
        }
    });
    Metadata::new(orientation.unwrap_or(1), taken)
}

/// What the decoder panics with becomes the failure of the file: it has its weak places, such as tiles in planes.
fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Failure::new("this kind of TIFF cannot be decoded").hint("save it as PNG, or as a plain TIFF"))
    })
}

#[cfg(test)]
mod tests;
