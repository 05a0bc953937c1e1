//! Photographs: finding them, and turning each into upright luma once, within limits.

mod budget;
mod colour;
mod decode;
mod directory;
mod failure;
mod find;
mod format;
mod heic;
mod jpeg;
pub mod limits;
mod luma;
mod mark;
mod metadata;
mod named;
mod note;
mod orient;
mod page;
mod passed;
mod picture;
mod same;
#[cfg(test)]
pub(crate) mod testing;
mod tiff;

pub use budget::{Budget, Permit};
pub use find::{Found, find};
pub use format::{Format, Kind, named_as_image, sniff};
pub use mark::{is_drawing, mark_as_drawing};
pub use named::{Named, NotOne};
pub use note::notes;
pub use orient::Orientation;
pub use passed::{Passed, PassedOver};
pub use picture::{Likeness, Met, Picture, Seen};

use crate::error::{PhotoError, Stage};
use decode::Prepared;
use format::SNIFF_BYTES;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

/// A photograph, upright.
#[derive(Debug, Clone)]
pub struct Photo {
    /// The file, as it was named; of a file with several pages those after the first as `scan.tif#2`.
    pub path: PathBuf,
    /// SHA-256 of the untouched file's bytes, in hexadecimal; of a page after the first, of the bytes followed by `#2`.
    pub sha256: String,
    /// Luma 0..255 with EXIF orientation applied.
    pub luma: image::GrayImage,
    /// Width of the upright photograph, in pixels.
    pub width: u32,
    /// Height of the upright photograph, in pixels.
    pub height: u32,
    /// When it was taken, by the camera's clock: `2021-05-18T13:58:00`.
    pub captured_at: Option<String>,
    /// What the picture is known by whatever bytes it is kept in.
    pub picture: Picture,
    /// What is odd about the file, though it could be read.
    pub remarks: Vec<String>,
}

impl Photo {
    /// Whether another photograph is the same picture, compressed anew, turned or mirrored perhaps: proved pixel by pixel, so
    /// that another case in the same place under the same light is another.
    pub fn is_picture_of(&self, other: &Self) -> bool {
        same::one_picture(&self.luma, &other.luma)
    }
}

/// Loads a photograph. The file is opened for reading only.
pub fn load(path: &Path) -> Result<Photo, PhotoError> {
    load_within(path, &Budget::default()).map(|(photo, _)| photo)
}

/// SHA-256 of a file's bytes, or of a page's, in hexadecimal, as a photograph is known by.
pub fn sha256(path: &Path) -> Result<String, PhotoError> {
    let (file, page) = page::split(path);
    let (mut opened, limit) = open(path, &file)?;
    hash(path, &mut opened, limit, page)
}

/// The file of a photograph, and which page of it that is, from 1.
pub fn file_and_page(path: &Path) -> (PathBuf, usize) {
    page::split(path)
}

/// That a file is there and is not the photograph that it was.
pub fn altered(path: &Path) -> PhotoError {
    PhotoError::new(path, Stage::Open, "the file is not the photograph that was added")
}

/// Like [`load`], waiting until the budget has room. The permit is to be kept for as long as the photograph is.
pub fn load_within<'b>(path: &Path, budget: &'b Budget) -> Result<(Photo, Permit<'b>), PhotoError> {
    with_bytes(path, budget, |sha256, prepared| decode_within(path, sha256, prepared, budget))
}

/// Decodes a photograph whose bytes are in memory; `path` only names it.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<Photo, PhotoError> {
    let sha256 = hex::encode(Sha256::digest(bytes));
    decode_within(path, sha256, decode::prepare(path, bytes, 1), &Budget::default()).map(|(photo, _)| photo)
}

/// Opens a file and looks at its headers: a TIFF is left on the disk, everything else comes into memory.
fn with_bytes<T>(
    path: &Path,
    budget: &Budget,
    then: impl FnOnce(String, Result<Prepared<'_>, failure::Failure>) -> Result<T, PhotoError>,
) -> Result<T, PhotoError> {
    let (named, page) = page::split(path);
    let (mut file, limit) = open(path, &named)?;
    if limit == limits::MAX_TIFF_BYTES {
        let sha256 = hash(path, &mut file, limit, page)?;
        return then(sha256, decode::prepare_tiff(&named, Box::new(BufReader::new(file)), page));
    }
    let length = file.metadata().map_err(|e| PhotoError::new(path, Stage::Open, e))?.len();
    let _held = budget.file(length);
    let mut bytes = Vec::with_capacity(length as usize);
    // A file can grow while it is read.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| PhotoError::new(path, Stage::Open, e))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(path, limit));
    }
    let sha256 = hex::encode(Sha256::new().chain_update(&bytes).chain_update(page::mark(page)).finalize());
    then(sha256, decode::prepare(&named, &bytes, page))
}

fn decode_within<'b>(
    path: &Path,
    sha256: String,
    prepared: Result<Prepared<'_>, failure::Failure>,
    budget: &'b Budget,
) -> Result<(Photo, Permit<'b>), PhotoError> {
    let failed = |failure: failure::Failure| PhotoError {
        path: path.to_path_buf(),
        stage: Stage::Decode,
        message: failure.message,
        hint: failure.hint,
        sha256: Some(sha256.clone()),
    };
    let prepared = prepared.map_err(failed)?;
    let mut permit = budget.pixels(prepared.memory);
    let decode::Decoded { luma, captured_at, remarks } = prepared.decode().map_err(failed)?;
    let (width, height) = luma.dimensions();
    permit.shrink(u64::from(width) * u64::from(height));
    let picture = Picture::of(&luma);
    Ok((Photo { path: path.to_path_buf(), sha256, luma, width, height, captured_at, picture, remarks }, permit))
}

/// Upright colour scaled down to `longest` pixels on the longer side, and the scale: a copy to draw on.
pub(crate) fn load_colour(path: &Path, longest: u32, budget: &Budget) -> Result<(image::RgbImage, f32), PhotoError> {
    with_bytes(path, budget, |_, prepared| {
        let failed =
            |f: failure::Failure| PhotoError { hint: f.hint, ..PhotoError::new(path, Stage::Annotate, f.message) };
        let prepared = prepared.map_err(failed)?;
        let _room = budget.pixels(prepared.memory.max(limits::MAX_DECODE_BYTES / 4));
        prepared.colour(longest).map_err(failed)
    })
}

/// Opens a file; gives also how large one like it may be.
fn open(path: &Path, file: &Path) -> Result<(File, u64), PhotoError> {
    let unreadable = |e: std::io::Error| PhotoError::new(path, Stage::Open, e);
    // Asked before opening: to open a pipe would wait for a writer for ever.
    let about = std::fs::metadata(file).map_err(|e| find::missing(path, &e))?;
    if !about.is_file() {
        return Err(PhotoError::new(path, Stage::Open, "not a file").hint("give a photograph or a folder of them"));
    }
    let mut opened = File::open(file).map_err(unreadable)?;
    let mut start = Vec::with_capacity(SNIFF_BYTES);
    opened.by_ref().take(SNIFF_BYTES as u64).read_to_end(&mut start).map_err(unreadable)?;
    opened.rewind().map_err(unreadable)?;
    let tiff = sniff(&start) == Kind::Known(Format::Tiff);
    let limit = if tiff { limits::MAX_TIFF_BYTES } else { limits::MAX_FILE_BYTES };
    // what is no photograph is named for what it is, not for its size
    let other = matches!(sniff(&start), Kind::Raw(_) | Kind::Film | Kind::Document(_));
    if other && about.len() > limit {
        let failure = decode::prepare(file, &start, 1).err();
        let failure = failure.unwrap_or_else(|| failure::Failure::new("not a photograph"));
        return Err(PhotoError { hint: failure.hint, ..PhotoError::new(path, Stage::Decode, failure.message) });
    }
    if about.len() > limit {
        return Err(too_large(path, limit));
    }
    Ok((opened, limit))
}

fn too_large(path: &Path, limit: u64) -> PhotoError {
    PhotoError::new(path, Stage::Open, format!("the file is larger than {} MiB", limit >> 20))
        .hint("scale the photograph down, or save it as JPEG")
}

/// SHA-256 of a page of a file, which is read to its end and then rewound.
fn hash(path: &Path, file: &mut File, limit: u64, page: usize) -> Result<String, PhotoError> {
    let unreadable = |e: std::io::Error| PhotoError::new(path, Stage::Open, e);
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut read = 0;
    loop {
        match file.read(&mut buffer).map_err(unreadable)? {
            0 => break,
            count => {
                read += count as u64;
                if read > limit {
                    return Err(too_large(path, limit));
                }
                hasher.update(&buffer[..count]);
            }
        }
    }
    file.rewind().map_err(unreadable)?;
    hasher.update(page::mark(page));
    Ok(hex::encode(hasher.finalize()))
}

#[cfg(test)]
mod tests;
