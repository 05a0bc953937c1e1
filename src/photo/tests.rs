//! Loading as a whole.

use super::testing::{directories, encode, jpeg, noise, png, with_exif};
use super::*;
use image::{DynamicImage, ImageFormat};

fn decoded(bytes: &[u8]) -> Photo {
    decode(Path::new("a.jpg"), bytes).unwrap()
}

fn refused(bytes: &[u8]) -> PhotoError {
    decode(Path::new("a.jpg"), bytes).unwrap_err()
}

#[test]
fn every_format_gives_the_same_luma_whatever_the_name() {
    let grey = noise(37, 23);
    let image = DynamicImage::ImageRgb8(DynamicImage::ImageLuma8(grey.clone()).into_rgb8());
    for format in [ImageFormat::Png, ImageFormat::Tiff, ImageFormat::Bmp, ImageFormat::WebP] {
        assert_eq!(decoded(&encode(&image, format)).luma, grey, "{format:?}");
    }
}

#[test]
fn sixteen_bits_and_alpha() {
    let grey = noise(9, 7);
    let image = DynamicImage::ImageLuma8(grey.clone());
    let wide = [
        DynamicImage::ImageLuma16(image.to_luma16()),
        DynamicImage::ImageRgb16(image.to_rgb16()),
        DynamicImage::ImageRgba16(image.to_rgba16()),
        DynamicImage::ImageLumaA8(image.to_luma_alpha8()),
        DynamicImage::ImageRgba8(image.to_rgba8()),
    ];
    for image in wide {
        assert_eq!(decoded(&encode(&image, ImageFormat::Png)).luma, grey, "{:?}", image.color());
    }
    let clear = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(3, 3, image::Rgba([0, 0, 0, 0])));
    assert_eq!(decoded(&encode(&clear, ImageFormat::Png)).luma.as_raw(), &[255; 9], "clear is white");
}

#[test]
fn exif_turns_the_photograph_and_gives_the_time() {
    let stored = jpeg(&noise(40, 24));
    let plain = decoded(&stored);
    let turned = decoded(&with_exif(&stored, 6, "2021:05:18 13:58:00"));
    assert_eq!(turned.captured_at.as_deref(), Some("2021-05-18T13:58:00"));
    assert_eq!((turned.width, turned.height), (24, 40));
    assert_eq!(turned.luma, image::imageops::rotate90(&plain.luma));
}

#[test]
fn a_damaged_exif_block_does_not_cost_the_photograph() {
    let stored = jpeg(&noise(40, 24));
    let good = with_exif(&stored, 6, "2021:05:18 13:58:00");
    for at in 4..70 {
        let mut bytes = good.clone();
        bytes[at] ^= 0xff;
        // Bytes 4 and 5 are the length of the block: without it the rest of the file is lost as well.
        assert!(decode(Path::new("a.jpg"), &bytes).is_ok() || at < 6, "byte {at}");
    }
}

#[test]
fn the_hash_is_that_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.png");
    std::fs::write(&path, png(&noise(4, 4))).unwrap();
    let photo = load(&path).unwrap();
    assert_eq!(photo.sha256, hex::encode(Sha256::digest(std::fs::read(&path).unwrap())));
    assert_eq!(photo.sha256.len(), 64);
}

#[test]
fn refusals_name_the_cause_and_keep_the_hash() {
    let avif = refused(b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf");
    assert!(avif.message.contains("AVIF") && avif.hint.unwrap().contains("convert"));
    assert!(avif.sha256.is_some());
    let raw = refused(&directories(&[&[(254, 1), (262, 2)], &[(262, 32_803)]]));
    assert!(raw.message.contains("camera raw") && raw.hint.unwrap().contains("develop"));
    assert!(refused(b"\0\0\0\x18ftypqt  \0\0\0\0qt  ").message.contains("film"));
    assert!(refused(b"%PDF-1.7").message.contains("PDF"));
    assert!(refused(&mark_as_drawing(&jpeg(&noise(8, 8)))).message.contains("drew on"));
    assert!(refused(b"").message.contains("empty"));
    assert!(refused(b"not a picture at all").message.contains("not an image"));
}

/// A header may claim any size; nothing of it is allocated before the limits are held against it.
#[test]
fn huge_claims_are_refused() {
    let mut bytes = png(&noise(2, 2));
    bytes[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    let error = refused(&bytes);
    assert!(error.message.contains("60000 x 60000"), "{error}");

    let mut bytes = jpeg(&noise(8, 8));
    let sof = bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    bytes[sof + 5..sof + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(refused(&bytes).message.contains("65535 x 65535"));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
    })
}

#[test]
fn what_is_no_file_is_answered_for() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(load(dir.path()).unwrap_err().stage, Stage::Open);
    assert_eq!(load(&dir.path().join("none.jpg")).unwrap_err().stage, Stage::Find);
}
