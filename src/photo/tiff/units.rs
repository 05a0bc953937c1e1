//! Strips and tiles, one after the other, as samples of 16 bits.

use super::layout::{Colours, Layout};
use super::pixels::spread;
use super::{damaged, refused};
use crate::photo::failure::Failure;
use crate::photo::jpeg;
use std::io::{Read, Seek, SeekFrom};
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::ByteOrder;

/// JPEG as TIFF holds it today.
const JPEG: u16 = 7;

/// A part of the picture that is in memory at a time.
struct Part {
    /// Strip or tile within its plane.
    unit: u32,
    /// First row of it.
    row: u32,
    width: usize,
    rows: usize,
    /// All samples of a pixel together.
    samples: Vec<u16>,
}

/// Calls `each` with place and samples of every pixel, those of fewer than 16 bits spread over 16.
pub(super) fn visit<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    layout: &Layout,
    mut each: impl FnMut(u32, u32, &[u16]),
) -> Result<(), Failure> {
    let (across, down) = (layout.across(), layout.down());
    for unit in 0..across * down {
        let (left, top) = (unit % across * layout.unit.0, unit / across * layout.unit.1);
        let (width, height) = (layout.unit.0.min(layout.width - left), layout.unit.1.min(layout.height - top));
        let mut row = 0;
        while row < height {
            let rows = layout.rows_at_once().min(height - row);
            let count = width as usize * rows as usize * layout.samples;
            let mut part = Part { unit, row, width: width as usize, rows: rows as usize, samples: vec![0; count] };
            for plane in 0..if layout.planes { layout.samples } else { 1 } {
                read(decoder, layout, plane, &mut part)?;
            }
            for (n, samples) in part.samples.chunks_exact(layout.samples).enumerate() {
                let (x, y) = (n % part.width, n / part.width);
                each(left + x as u32, top + row + y as u32, samples);
            }
            row += rows;
        }
    }
    Ok(())
}

fn read<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    layout: &Layout,
    plane: usize,
    part: &mut Part,
) -> Result<(), Failure> {
    let index = part.unit as usize + plane * (layout.across() * layout.down()) as usize;
    let (Some(&offset), Some(&length)) = (layout.offsets.get(index), layout.lengths.get(index)) else {
        return Err(damaged(&"a strip or tile is missing"));
    };
    if layout.is_plain() {
        plain(decoder, layout, plane, part, offset)
    } else {
        if layout.compression == JPEG {
            check_jpeg(decoder, layout, offset, length)?;
        }
        packed(decoder, layout, plane, part, index as u32)
    }
}

/// Rows as they are in the file.
fn plain<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    layout: &Layout,
    plane: usize,
    part: &mut Part,
    offset: u64,
) -> Result<(), Failure> {
    let big = decoder.byte_order() == ByteOrder::BigEndian;
    let mut bytes = vec![0; part.rows * layout.row_bytes() as usize];
    let start = offset.saturating_add(u64::from(part.row) * layout.row_bytes());
    let reader = decoder.inner();
    reader.seek(SeekFrom::Start(start)).and_then(|_| reader.read_exact(&mut bytes)).map_err(|_| cut_short())?;
    unpack(layout, plane, part, &bytes, layout.row_bytes() as usize, layout.samples_together(), big);
    Ok(())
}

/// What the decoder makes of a strip or tile, cropped to the picture.
fn packed<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    layout: &Layout,
    plane: usize,
    part: &mut Part,
    index: u32,
) -> Result<(), Failure> {
    let colour = decoder.colortype().map_err(|e| refused(&e))?;
    // samples beyond those of the colours are dropped by the decoder
    let together = if layout.planes { 1 } else { usize::from(colour.num_samples()) };
    let decoded = decoder.read_chunk(index).map_err(|e| refused(&e))?;
    match decoded {
        DecodingResult::U8(bytes) => {
            let row = (part.width * together * layout.bits as usize).div_ceil(8);
            unpack(layout, plane, part, &bytes, row, together, false);
        }
        DecodingResult::U16(values) => {
            let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_be_bytes()).collect();
            unpack(layout, plane, part, &bytes, part.width * together * 2, together, true);
        }
        _ => return Err(damaged(&"its samples are neither of 8 nor of 16 bits")),
    }
    if layout.colours == Colours::Negative {
        // The decoder has turned it round already.
        part.samples.iter_mut().for_each(|s| *s = u16::MAX - *s);
    }
    Ok(())
}

/// Samples out of rows of bytes; what is not there stays as it is.
fn unpack(layout: &Layout, plane: usize, part: &mut Part, bytes: &[u8], row_bytes: usize, together: usize, big: bool) {
    let (samples, bits) = (layout.samples, layout.bits as usize);
    let rows = bytes.chunks(row_bytes.max(1)).zip(part.samples.chunks_exact_mut(part.width * samples));
    for (from, to) in rows {
        for n in 0..part.width * together {
            let sample = match bits {
                8 => from.get(n).copied().map(u16::from),
                16 => from
                    .get(2 * n..2 * n + 2)
                    .and_then(|b| b.try_into().ok())
                    .map(|b| if big { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) }),
                // packed from the highest bit on, across the ends of bytes
                _ => (n * bits..(n + 1) * bits).try_fold(0, |value, bit| {
                    from.get(bit / 8).map(|byte| value << 1 | u16::from(byte >> (7 - bit % 8) & 1))
                }),
            };
            let (pixel, which) = (n / together, n % together + plane);
            if let (Some(sample), Some(to)) = (sample, to.get_mut(pixel * samples + which)) {
                *to = spread(layout, sample);
            }
        }
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

fn cut_short() -> Failure {
    Failure::new("the TIFF is cut short: a part of the picture is missing").hint("copy it again from where it came")
}
