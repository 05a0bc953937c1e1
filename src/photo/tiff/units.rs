//! Strips and tiles, one after the other, as samples of 16 bits.

use super::fault::{cut_short, damaged, refused};
use super::layout::{Colours, Layout};
use super::pixels::spread;
use crate::photo::failure::Failure;
use crate::photo::jpeg;
use std::io::{Read, Seek, SeekFrom};
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::ByteOrder;

/// JPEG as TIFF holds it today.
const JPEG: u16 = 7;

/// Some rows of a strip or tile, all samples of a pixel together.
struct Band {
    /// First row of it.
    row: u32,
    width: usize,
    rows: usize,
    samples: Vec<u16>,
}

/// Calls `each` with place and samples of every pixel, those of fewer than 16 bits spread over 16.
pub(super) fn visit<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    layout: &Layout,
    mut each: impl FnMut(u32, u32, &[u16]),
) -> Result<(), Failure> {
    let count = layout.across() * layout.down();
    let planes = if layout.planes { layout.samples } else { 1 };
    for unit in 0..count {
        let (left, top) = (unit % layout.across() * layout.unit.0, unit / layout.across() * layout.unit.1);
        let (width, height) = (layout.unit.0.min(layout.width - left), layout.unit.1.min(layout.height - top));
        let index = |plane: usize| unit as usize + plane * count as usize;
        let decoded: Vec<Decoded> = match layout.is_plain() {
            true => Vec::new(),
            false => (0..planes).map(|p| decode(decoder, layout, index(p))).collect::<Result<_, _>>()?,
        };
        let mut row = 0;
        while row < height {
            let rows = layout.rows_at_once().min(height - row);
            let samples = vec![0; width as usize * rows as usize * layout.samples];
            let mut band = Band { row, width: width as usize, rows: rows as usize, samples };
            for plane in 0..planes {
                match decoded.get(plane) {
                    Some(decoded) => decoded.unpack(layout, plane, &mut band),
                    None => plain(decoder, layout, plane, index(plane), &mut band)?,
                }
            }
            for (n, samples) in band.samples.chunks_exact(layout.samples).enumerate() {
                let (x, y) = (n % band.width, n / band.width);
                each(left + x as u32, top + row + y as u32, samples);
            }
            row += rows;
        }
    }
    Ok(())
}

/// Rows as they are in the file.
fn plain<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    layout: &Layout,
    plane: usize,
    index: usize,
    band: &mut Band,
) -> Result<(), Failure> {
    let offset = layout.offsets.get(index).ok_or_else(cut_short)?;
    let big = decoder.byte_order() == ByteOrder::BigEndian;
    let row_bytes = layout.row_bytes() as usize;
    let mut bytes = vec![0; band.rows * row_bytes];
    let start = offset.saturating_add(u64::from(band.row) * layout.row_bytes());
    let reader = decoder.inner();
    reader.seek(SeekFrom::Start(start)).and_then(|_| reader.read_exact(&mut bytes)).map_err(|_| cut_short())?;
    unpack(layout, plane, layout.samples_together(), band, |row, n| {
        of_bytes(bytes.get(row * row_bytes..(row + 1) * row_bytes)?, n, layout.bits as usize, big)
    });
    Ok(())
}

/// A strip or tile as the decoder gives it, cropped to the picture.
struct Decoded {
    values: DecodingResult,
    /// Samples of a pixel in it: those beyond the colours are dropped by the decoder.
    together: usize,
}

fn decode<R: Read + Seek>(decoder: &mut Decoder<R>, layout: &Layout, index: usize) -> Result<Decoded, Failure> {
    if layout.compression == JPEG {
        let (Some(&offset), Some(&length)) = (layout.offsets.get(index), layout.lengths.get(index)) else {
            return Err(cut_short());
        };
        check_jpeg(decoder, layout, offset, length)?;
    }
    let colour = decoder.colortype().map_err(|e| refused(&e))?;
    let together = if layout.planes { 1 } else { usize::from(colour.num_samples()) };
    let values = decoder.read_chunk(index as u32).map_err(|e| refused(&e))?;
    match values {
        DecodingResult::U8(_) | DecodingResult::U16(_) => Ok(Decoded { values, together }),
        _ => Err(damaged(&"its samples are neither of 8 nor of 16 bits")),
    }
}

impl Decoded {
    fn unpack(&self, layout: &Layout, plane: usize, band: &mut Band) {
        let (first, bits) = (band.row as usize, layout.bits as usize);
        let in_row = band.width * self.together;
        let row_bytes = (in_row * bits).div_ceil(8);
        unpack(layout, plane, self.together, band, |row, n| match &self.values {
            DecodingResult::U16(values) => values.get((first + row) * in_row + n).copied(),
            DecodingResult::U8(bytes) => {
                let at = (first + row) * row_bytes;
                of_bytes(bytes.get(at..at + row_bytes)?, n, bits, false)
            }
            _ => None,
        });
        if layout.colours == Colours::Negative {
            // The decoder has turned it round already.
            band.samples.iter_mut().for_each(|s| *s = u16::MAX - *s);
        }
    }
}

/// Puts samples in their places; what is not there stays as it is. `sample` gives that at a place of a row.
fn unpack(
    layout: &Layout,
    plane: usize,
    together: usize,
    band: &mut Band,
    sample: impl Fn(usize, usize) -> Option<u16>,
) {
    for (row, to) in band.samples.chunks_exact_mut(band.width * layout.samples).enumerate() {
        for (x, pixel) in to.chunks_exact_mut(layout.samples).enumerate() {
            for (which, to) in pixel.iter_mut().skip(plane).take(together).enumerate() {
                *to = sample(row, x * together + which).map_or(*to, |value| spread(layout, value));
            }
        }
    }
}

/// A sample of a row of bytes.
fn of_bytes(row: &[u8], n: usize, bits: usize, big: bool) -> Option<u16> {
    match bits {
        8 => row.get(n).copied().map(u16::from),
        16 => {
            let pair = row.get(2 * n..2 * n + 2)?.try_into().ok()?;
            Some(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
        }
        // packed from the highest bit on, across the ends of bytes
        _ => (n * bits..(n + 1) * bits)
            .try_fold(0, |value, bit| row.get(bit / 8).map(|byte| value << 1 | u16::from(byte >> (7 - bit % 8) & 1))),
    }
}

/// A JPEG inside claims a size of its own, and is decoded whole; one without its end is cut.
fn check_jpeg<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    layout: &Layout,
    offset: u64,
    length: u64,
) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let reader = decoder.inner();
    reader.seek(SeekFrom::Start(offset)).map_err(|_| cut_short())?;
    reader.take(length).read_to_end(&mut bytes).map_err(|_| cut_short())?;
    let (width, height, whole) = jpeg::claims(&bytes);
    if width > layout.unit.0 || height > layout.unit.1 {
        return Err(damaged(&format!("a JPEG of {width} x {height} pixels is too large for its place")));
    }
    if whole { Ok(()) } else { Err(cut_short()) }
}
