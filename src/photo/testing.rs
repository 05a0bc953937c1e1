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
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((tiff.len() as u16 + 8).to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}
