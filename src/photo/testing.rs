//! Pictures for tests, made on the spot.

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use std::io::Cursor;

/// A smooth picture with structure everywhere, so that every block of a JPEG has something to say.
pub(crate) fn noise(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        let wave = (x as f32 * 0.31).sin() + (y as f32 * 0.23).cos() + (x as f32 * 0.11 * y as f32 * 0.07).sin();
        Luma([(128.0 + wave * 40.0) as u8])
    })
}

/// As a colour JPEG.
pub(crate) fn jpeg(picture: &GrayImage) -> Vec<u8> {
    encode(&DynamicImage::ImageRgb8(DynamicImage::ImageLuma8(picture.clone()).into_rgb8()), ImageFormat::Jpeg)
}

/// As a grey PNG.
pub(crate) fn png(picture: &GrayImage) -> Vec<u8> {
    encode(&DynamicImage::ImageLuma8(picture.clone()), ImageFormat::Png)
}

/// In any format.
pub(crate) fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).expect("a picture in memory can be encoded");
    out.into_inner()
}

/// Puts an EXIF block with an orientation and a time into a JPEG.
pub(crate) fn with_exif(jpeg: &[u8], orientation: u16, time: &str) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01");
    tiff.extend(orientation.to_be_bytes());
    tiff.extend(b"\0\0\x87\x69\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    // The EXIF directory at 38 holds the time alone, which follows it at 56.
    tiff.extend(b"\0\x01\x90\x03\0\x02");
    tiff.extend((time.len() as u32 + 1).to_be_bytes());
    tiff.extend(b"\0\0\0\x38\0\0\0\0");
    tiff.extend(time.as_bytes());
    tiff.push(0);
    with_block(jpeg, &tiff)
}

/// Puts an EXIF block, from its TIFF header on, into a JPEG.
fn with_block(jpeg: &[u8], tiff: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((tiff.len() as u16 + 8).to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}

/// Puts an EXIF block with a comment, its character code first, into a JPEG.
pub(crate) fn with_comment(jpeg: &[u8], comment: &[u8]) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0".to_vec();
    // the EXIF directory at 26 holds the comment alone, which follows it at 44
    tiff.extend(b"\0\x01\x92\x86\0\x07");
    tiff.extend((comment.len() as u32).to_be_bytes());
    tiff.extend(b"\0\0\0\x2c\0\0\0\0");
    tiff.extend(comment);
    with_block(jpeg, &tiff)
}

/// A little-endian TIFF of directories alone, each of tags with one value.
pub(crate) fn directories(all: &[&[(u16, u32)]]) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    for (n, entries) in all.iter().enumerate() {
        let next = if n + 1 == all.len() { 0 } else { out.len() + 2 + 12 * entries.len() + 4 };
        out.extend((entries.len() as u16).to_le_bytes());
        for &(tag, value) in *entries {
            out.extend(tag.to_le_bytes());
            out.extend(b"\x04\0\x01\0\0\0");
            out.extend(value.to_le_bytes());
        }
        out.extend((next as u32).to_le_bytes());
    }
    out
}

/// A plain TIFF of one page, little-endian, its directory first.
#[derive(Debug, Clone)]
pub(crate) struct Tiff {
    pub size: (u32, u32),
    pub bits: u32,
    pub samples: u32,
    pub photometric: u32,
    pub planes: bool,
    /// Size of a strip, as wide as the picture, or of a tile.
    pub unit: (u32, u32),
    /// What its tag says is the largest sample.
    pub most: Option<u32>,
}

impl Tiff {
    pub(crate) fn grey(width: u32, height: u32) -> Self {
        let (size, unit) = ((width, height), (width, height));
        Self { size, bits: 8, samples: 1, photometric: 1, planes: false, unit, most: None }
    }

    pub(crate) fn rgb(width: u32, height: u32) -> Self {
        Self { samples: 3, photometric: 2, ..Self::grey(width, height) }
    }

    fn tiles(&self) -> (u32, u32, u32) {
        let planes = if self.planes { self.samples } else { 1 };
        (self.size.0.div_ceil(self.unit.0), self.size.1.div_ceil(self.unit.1), planes)
    }

    fn row_bytes(&self) -> u32 {
        (self.unit.0 * self.bits * if self.planes { 1 } else { self.samples }).div_ceil(8)
    }

    /// Everything but the pixels.
    pub(crate) fn header(&self) -> Vec<u8> {
        let (across, down, planes) = self.tiles();
        let tiled = self.unit.0 != self.size.0;
        let count = across * down * planes;
        let rows =
            |n: u32| if tiled { self.unit.1 } else { self.unit.1.min(self.size.1 - n / across % down * self.unit.1) };
        let lengths: Vec<u32> = (0..count).map(|n| rows(n) * self.row_bytes()).collect();
        let entries = 10 + u32::from(tiled) + u32::from(self.most.is_some());
        let values = 8 + 2 + 12 * entries + 4;
        let data = values + 8 * count;
        let offsets: Vec<u32> = (0..count).map(|n| data + lengths[..n as usize].iter().sum::<u32>()).collect();
        let mut tags = vec![
            (256, 1, self.size.0),
            (257, 1, self.size.1),
            (258, 1, self.bits),
            (259, 1, 1),
            (262, 1, self.photometric),
            (277, 1, self.samples),
            (284, 1, 1 + u32::from(self.planes)),
        ];
        tags.extend(self.most.map(|most| (281, 1, most)));
        let one = |at: u32, all: &[u32]| if count == 1 { all[0] } else { at };
        let (at, lengths_at) = (one(values, &offsets), one(values + 4 * count, &lengths));
        if tiled {
            tags.extend([(322, 1, self.unit.0), (323, 1, self.unit.1), (324, count, at), (325, count, lengths_at)]);
        } else {
            tags.extend([(273, count, at), (278, 1, self.unit.1), (279, count, lengths_at)]);
        }
        tags.sort_unstable();
        assert_eq!(tags.len() as u32, entries);
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        out.extend((entries as u16).to_le_bytes());
        for (tag, count, value) in tags {
            out.extend((tag as u16).to_le_bytes());
            out.extend(4u16.to_le_bytes());
            out.extend(count.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        out.extend([0; 4]);
        out.extend(offsets.iter().chain(&lengths).flat_map(|v| v.to_le_bytes()));
        out
    }

    /// With pixels; `samples` gives all of one.
    pub(crate) fn write(&self, samples: impl Fn(u32, u32) -> Vec<u16>) -> Vec<u8> {
        let mut out = self.header();
        let (across, down, planes) = self.tiles();
        let tiled = self.unit.0 != self.size.0;
        for n in 0..across * down * planes {
            let (plane, unit) = (n / (across * down), n % (across * down));
            let (left, top) = (unit % across * self.unit.0, unit / across * self.unit.1);
            for y in top..if tiled { top + self.unit.1 } else { (top + self.unit.1).min(self.size.1) } {
                let mut row = Bits::default();
                for x in left..left + self.unit.0 {
                    let inside = x < self.size.0 && y < self.size.1;
                    let all = if inside { samples(x, y) } else { vec![0; self.samples as usize] };
                    let wanted = if self.planes { &all[plane as usize..=plane as usize] } else { &all };
                    wanted.iter().for_each(|&v| row.push(v, self.bits));
                }
                out.extend(row.bytes);
            }
        }
        out
    }

    /// Pages one after the other in one file.
    pub(crate) fn joined(pages: &[Vec<u8>]) -> Vec<u8> {
        let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let mut out = b"II*\0".to_vec();
        let mut link = 4;
        out.extend([0; 4]);
        for page in pages {
            let (base, entries) = (out.len() as u32, usize::from(page[8]));
            let mut page = page[8..].to_vec();
            for entry in (0..entries).map(|n| 2 + 12 * n) {
                // where strips are
                if page[entry..entry + 2] == 273u16.to_le_bytes() {
                    let moved = word(&page, entry + 8) - 8 + base;
                    page[entry + 8..entry + 12].copy_from_slice(&moved.to_le_bytes());
                }
            }
            out[link..link + 4].copy_from_slice(&base.to_le_bytes());
            link = base as usize + 2 + 12 * entries;
            out.extend(page);
        }
        out
    }
}

/// Samples packed from the highest bit on; those of sixteen bits, the lower byte first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn push(&mut self, value: u16, bits: u32) {
        match bits {
            8 => self.bytes.push(value as u8),
            16 => self.bytes.extend(value.to_le_bytes()),
            _ => {
                for bit in (0..bits).rev() {
                    if self.used.is_multiple_of(8) {
                        self.bytes.push(0);
                    }
                    if let Some(last) = self.bytes.last_mut() {
                        *last |= ((value >> bit & 1) as u8) << (7 - self.used % 8);
                    }
                    self.used += 1;
                }
            }
        }
    }
}
