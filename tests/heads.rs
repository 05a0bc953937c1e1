//! Many heads, small heads and heads in mirror writing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp};
use image::{GrayImage, Luma, imageops};
use std::path::Path;

fn luma(path: &Path) -> GrayImage {
    image::open(path).unwrap().to_luma8()
}

fn heads(path: &Path) -> Vec<serde_json::Value> {
    let records = headstamp(["read", "--json", "-q"]).arg(path).success().records();
    records[0]["heads"].as_array().unwrap().clone()
}

/// Two small trays in one wide picture: as many heads as in both, all of them too small to be read, and named so. When
/// the whole is seen at once they are 8 pixels a radius, which the detector does not know.
#[test]
fn small_heads_in_a_wide_picture_are_named_as_too_small() {
    let folder = Folder::new();
    let photos = folder.renders("trays", ["--count", "2", "--seed", "77", "--subject", "tray", "--size", "640x480"]);
    let mut both = GrayImage::from_pixel(1280, 480, Luma([128]));
    for (i, x) in [(0, 0), (1, 640)] {
        imageops::replace(&mut both, &luma(&photos.join(format!("0000{i}.jpg"))), x, 0);
    }
    let alone: usize = (0..2).map(|i| heads(&photos.join(format!("0000{i}.jpg"))).len()).sum();
    let path = folder.root().join("both.png");
    both.save(&path).unwrap();
    let found = heads(&path);
    assert!(alone >= 70 && 10 * found.len() >= 9 * alone, "{} heads of {alone}", found.len());
    let named = found.iter().filter(|h| h["reason"].as_str().is_some_and(|r| r.starts_with("too small to be read")));
    assert!(10 * named.count() >= 9 * found.len());
}

/// A head in mirror writing is said to be that and is not read as other letters; the same picture turned over is read.
#[test]
fn mirror_writing_is_named() {
    let folder = Folder::new();
    let sample = luma(&common::samples().join("00000.jpg"));
    let path = folder.root().join("mirrored.png");
    imageops::flip_horizontal(&sample).save(&path).unwrap();
    let found = heads(&path);
    assert!(found[0]["reason"].as_str().unwrap().starts_with("in mirror writing"), "{}", found[0]);
    assert!(found[0]["proposals"].as_array().unwrap().is_empty());
}
