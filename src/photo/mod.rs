//! Photographs: finding them, and turning each into upright luma once, within limits.

mod budget;
mod decode;
mod failure;
mod find;
mod format;
mod jpeg;
pub mod limits;
mod luma;
mod metadata;
mod named;
mod orient;
#[cfg(test)]
pub(crate) mod testing;

pub use budget::{Budget, Permit};
pub use find::find;
pub use format::{Format, Kind, named_as_image, sniff};
pub use named::{Named, NotOne};
pub use orient::Orientation;

use crate::error::{PhotoError, Stage};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A photograph, upright.
#[derive(Debug, Clone)]
pub struct Photo {
    /// The file, as it was named.
    pub path: PathBuf,
    /// SHA-256 of the untouched file's bytes, in hexadecimal.
    pub sha256: String,
    /// Luma 0..255 with EXIF orientation applied.
    pub luma: image::GrayImage,
    /// Width of the upright photograph, in pixels.
    pub width: u32,
    /// Height of the upright photograph, in pixels.
    pub height: u32,
    /// When it was taken, by the camera's clock: `2021-05-18T13:58:00`.
    pub captured_at: Option<String>,
}

/// Loads a photograph. The file is opened for reading only, and read once.
pub fn load(path: &Path) -> Result<Photo, PhotoError> {
    load_within(path, &Budget::default()).map(|(photo, _)| photo)
}

/// SHA-256 of a file's bytes, in hexadecimal, as a photograph is known by.
pub fn sha256(path: &Path) -> Result<String, PhotoError> {
    let budget = Budget::default();
    let (bytes, _held) = read_file(path, &budget)?;
    Ok(hex::encode(Sha256::digest(&bytes)))
}

/// Like [`load`], waiting until the budget has room. The permit is to be kept for as long as the photograph is.
pub fn load_within<'b>(path: &Path, budget: &'b Budget) -> Result<(Photo, Permit<'b>), PhotoError> {
    let (bytes, _held) = read_file(path, budget)?;
    decode_within(path, &bytes, budget)
}

/// Decodes a photograph whose bytes are in memory; `path` only names it.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<Photo, PhotoError> {
    decode_within(path, bytes, &Budget::default()).map(|(photo, _)| photo)
}

fn decode_within<'b>(path: &Path, bytes: &[u8], budget: &'b Budget) -> Result<(Photo, Permit<'b>), PhotoError> {
    let sha256 = hex::encode(Sha256::digest(bytes));
    let failed = |failure: failure::Failure| PhotoError {
        path: path.to_path_buf(),
        stage: Stage::Decode,
        message: failure.message,
        hint: failure.hint,
        sha256: Some(sha256.clone()),
    };
    let prepared = decode::prepare(bytes).map_err(failed)?;
    let mut permit = budget.pixels(prepared.memory);
    let decode::Decoded { luma, captured_at } = prepared.decode().map_err(failed)?;
    let (width, height) = luma.dimensions();
    permit.shrink(u64::from(width) * u64::from(height));
    Ok((Photo { path: path.to_path_buf(), sha256, luma, width, height, captured_at }, permit))
}

/// Upright colour scaled down to `longest` pixels on the longer side, and the scale: a copy to draw on.
pub(crate) fn load_colour(path: &Path, longest: u32, budget: &Budget) -> Result<(image::RgbImage, f32), PhotoError> {
    let (bytes, _held) = read_file(path, budget)?;
    let _room = budget.pixels(limits::MAX_DECODE_BYTES / 4);
    decode::colour(&bytes, longest)
        .map_err(|f| PhotoError { hint: f.hint, ..PhotoError::new(path, Stage::Annotate, f.message) })
}

fn read_file<'b>(path: &Path, budget: &'b Budget) -> Result<(Vec<u8>, Permit<'b>), PhotoError> {
    let unreadable = |e: std::io::Error| PhotoError::new(path, Stage::Open, e);
    // Asked before opening: to open a pipe would wait for a writer for ever.
    let about = std::fs::metadata(path).map_err(|e| find::missing(path, &e))?;
    if !about.is_file() {
        return Err(PhotoError::new(path, Stage::Open, "not a file").hint("give a photograph or a folder of them"));
    }
    let too_large = || {
        PhotoError::new(path, Stage::Open, format!("the file is larger than {} MiB", limits::MAX_FILE_BYTES >> 20))
            .hint("scale the photograph down, or save it as JPEG")
    };
    if about.len() > limits::MAX_FILE_BYTES {
        return Err(too_large());
    }
    let permit = budget.file(about.len());
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::with_capacity(about.len() as usize);
    // A file can grow while it is read.
    file.take(limits::MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limits::MAX_FILE_BYTES {
        return Err(too_large());
    }
    Ok((bytes, permit))
}

#[cfg(test)]
mod tests;
