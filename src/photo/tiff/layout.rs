//! How the pixels of a page are laid out, as its tags say.

use super::fault::{damaged, refused, unsupported};
use crate::photo::failure::Failure;
use crate::photo::limits;
use crate::photo::luma::shift_to_8_bits;
use std::io::{Read, Seek};
use tiff::decoder::Decoder;
use tiff::tags::Tag;

/// Most bytes of uncompressed rows that are read at a time.
const BAND_BYTES: u64 = 4 << 20;

/// What the samples of a pixel mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    /// White is nought.
    Negative,
    Grey,
    Rgb,
    /// Indices into a table of colours.
    Palette,
    /// Cyan, magenta, yellow, black.
    Cmyk,
    /// Luma first.
    YCbCr,
    /// Lightness first.
    Lab,
}

/// The layout of a page. All sizes hold to the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub width: u32,
    pub height: u32,
    /// Bits of a sample, 1 to 16.
    pub bits: u32,
    /// Samples of a pixel.
    pub samples: usize,
    pub colours: Colours,
    /// Which sample is opacity, if any is.
    pub alpha: Option<usize>,
    /// Whether each sample has a plane of its own.
    pub planes: bool,
    /// Size of a strip or tile.
    pub unit: (u32, u32),
    pub compression: u16,
    /// Whether each sample is stored as the difference to the one before.
    pub predicted: bool,
    /// Where strips or tiles begin, and how long they are.
    pub offsets: Vec<u64>,
    pub lengths: Vec<u64>,
    /// The largest sample of 16 bits, where the tags say less than the bits allow.
    pub most: Option<u16>,
    /// The colours of a palette: all reds, all greens, all blues.
    pub palette: Vec<u16>,
}

impl Layout {
    pub(super) fn of<R: Read + Seek>(decoder: &mut Decoder<R>) -> Result<Self, Failure> {
        let (width, height) = decoder.dimensions().map_err(|e| refused(&e))?;
        limits::check_dimensions(width, height)?;
        let mut number = |tag| decoder.find_tag_unsigned::<u32>(tag).map_err(|e| refused(&e));
        let compression = number(Tag::Compression)?.unwrap_or(1) as u16;
        let samples = number(Tag::SamplesPerPixel)?.unwrap_or(1) as usize;
        let planes = number(Tag::PlanarConfiguration)?.unwrap_or(1) == 2 && samples > 1;
        let predicted = number(Tag::Predictor)?.unwrap_or(1) != 1;
        let photometric = number(Tag::PhotometricInterpretation)?.unwrap_or(1);
        let tile = (number(Tag::TileWidth)?, number(Tag::TileLength)?);
        let rows = number(Tag::RowsPerStrip)?.unwrap_or(height);
        let mut numbers = |tag| {
            Ok::<_, Failure>(decoder.find_tag_unsigned_vec::<u64>(tag).map_err(|e| refused(&e))?.unwrap_or_default())
        };
        let bits = numbers(Tag::BitsPerSample)?.first().copied().unwrap_or(1) as u32;
        let format = numbers(Tag::SampleFormat)?.first().copied().unwrap_or(1);
        let extra = numbers(Tag::ExtraSamples)?;
        let most = numbers(Tag::MaxSampleValue)?.into_iter().max();
        let palette = numbers(Tag::ColorMap)?.into_iter().map(|v| v.min(65_535) as u16).collect();
        let (unit, offsets, lengths) = match tile {
            (Some(w), Some(h)) => ((w, h), numbers(Tag::TileOffsets)?, numbers(Tag::TileByteCounts)?),
            _ => ((width, rows.min(height)), numbers(Tag::StripOffsets)?, numbers(Tag::StripByteCounts)?),
        };
        let colours = match photometric {
            0 => Colours::Negative,
            1 => Colours::Grey,
            2 => Colours::Rgb,
            3 => Colours::Palette,
            5 => Colours::Cmyk,
            6 => Colours::YCbCr,
            8 | 9 => Colours::Lab,
            other => return Err(unsupported(&format!("photometric interpretation {other}"))),
        };
        let needed = match colours {
            Colours::Negative | Colours::Grey | Colours::Palette => 1,
            Colours::Rgb | Colours::YCbCr | Colours::Lab => 3,
            Colours::Cmyk => 4,
        };
        if samples < needed || samples > 16 {
            return Err(damaged(&format!("{samples} samples a pixel")));
        }
        if !(1..=16).contains(&bits) || format != 1 {
            return Err(unsupported(&format!("samples of {bits} bits in format {format}")));
        }
        let opaque = extra.first().is_none_or(|kind| !(1..=2).contains(kind));
        let most = most.filter(|most| bits == 16 && (1..65_535).contains(most)).map(|most| most as u16);
        let layout = Self {
            width,
            height,
            bits,
            samples,
            colours,
            alpha: (!opaque && samples > needed).then_some(needed),
            planes,
            unit,
            compression,
            predicted,
            offsets,
            lengths,
            most,
            palette,
        };
        layout.checked()
    }

    fn checked(self) -> Result<Self, Failure> {
        let (w, h) = self.unit;
        // tiles may hang over the edge, though not by more than themselves
        if w == 0 || h == 0 || w > limits::MAX_SIDE || h > limits::MAX_SIDE {
            return Err(damaged(&format!("strips or tiles of {w} x {h} pixels")));
        }
        let planes = if self.planes { self.samples } else { 1 };
        let count = self.across() as usize * self.down() as usize * planes;
        if self.offsets.len() != count || self.lengths.len() != count {
            return Err(damaged(&format!("{} strips or tiles where {count} are needed", self.offsets.len())));
        }
        if self.colours == Colours::Palette && self.palette.len() < 3 << self.bits {
            return Err(damaged(&"its table of colours is too short"));
        }
        Ok(self)
    }

    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Strips or tiles in a row, and rows of them.
    pub(super) fn across(&self) -> u32 {
        self.width.div_ceil(self.unit.0)
    }

    pub(super) fn down(&self) -> u32 {
        self.height.div_ceil(self.unit.1)
    }

    /// Samples of a pixel within a strip or tile.
    pub(super) fn samples_together(&self) -> usize {
        if self.planes { 1 } else { self.samples }
    }

    /// Bytes of a row of a strip or tile.
    pub(super) fn row_bytes(&self) -> u64 {
        (u64::from(self.unit.0) * self.samples_together() as u64 * u64::from(self.bits)).div_ceil(8)
    }

    /// Whether rows can be read from the file as they are.
    pub(super) fn is_plain(&self) -> bool {
        self.compression == 1 && !self.predicted
    }

    /// Rows of a strip or tile that are taken at a time.
    pub(super) fn rows_at_once(&self) -> u32 {
        (BAND_BYTES / self.row_bytes().max(1)).clamp(1, self.unit.1.into()) as u32
    }

    /// Most bytes that reading takes beside the picture: rows as read and as samples of 16 bits; of what is compressed the
    /// whole strip or tile, in all planes, as read and decoded.
    pub(super) fn unit_memory(&self) -> u64 {
        let rows = u64::from(self.rows_at_once());
        let band = self.row_bytes() * rows + 2 * u64::from(self.unit.0) * rows * self.samples as u64;
        if self.is_plain() {
            return band;
        }
        let planes = if self.planes { self.samples as u64 } else { 1 };
        // the decoder of JPEG has its own copy
        let copies = if self.compression == 7 { planes + 1 } else { planes };
        let decoded = self.row_bytes() * u64::from(self.unit.1);
        let compressed = self.lengths.iter().max().copied().unwrap_or(0);
        band + decoded * copies + 2 * compressed
    }

    /// Samples that count for how many bits are in use: not opacity, nor indices.
    pub(super) fn clear_samples(&self) -> usize {
        self.alpha.unwrap_or(self.samples)
    }

    /// By how many bits what comes out is shifted to be of 8, where no sample is larger than `most`.
    pub(super) fn shift(&self, most: u16) -> u32 {
        match (self.colours, self.bits) {
            (Colours::Grey | Colours::Rgb, 16) => shift_to_8_bits(self.most.map_or(most, |told| told.max(most))),
            // the others are spread over 16 bits
            _ => 8,
        }
    }
}
