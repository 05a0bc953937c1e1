//! Luma, as every format gives it.

pub(super) type Gray = image::GrayImage;

/// Luma with the weights of JPEG, so that the same picture gives the same luma from any format.
pub(super) fn luma(rgb: &[u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(u32::from);
    ((19_595 * r + 38_470 * g + 7_471 * b + 32_768) >> 16) as u8
}
