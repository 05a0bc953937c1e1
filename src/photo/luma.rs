//! Luma, as every format gives it.

pub(super) type Gray = image::GrayImage;

/// Luma with the weights of JPEG, so that the same picture gives the same luma from any format.
pub(super) fn luma(rgb: &[u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(u32::from);
    ((19_595 * r + 38_470 * g + 7_471 * b + 32_768) >> 16) as u8
}

/// The same of samples of up to 16 bits, rounded down: it is rounded once, by [`to_8_bits`].
pub(super) fn luma_16(rgb: [u16; 3]) -> u16 {
    let [r, g, b] = rgb.map(u64::from);
    ((19_595 * r + 38_470 * g + 7_471 * b) >> 16) as u16
}

/// Transparent parts become white: what lies under them is arbitrary.
pub(super) fn over_white(luma: u8, alpha: u8) -> u8 {
    let (v, a) = (u32::from(luma), u32::from(alpha));
    ((v * a + 255 * (255 - a) + 127) / 255) as u8
}

/// By how many bits samples of 16 bits are shifted to be of 8, where none is larger than `most`.
///
/// Microscopes and scanners put 10, 12 or 14 bits into the low end of 16 and seldom say so; then no sample reaches the upper
/// bits. A picture of full 16 bits so dark that it passes for one of these is made brighter, which does reading no harm.
pub(super) fn shift_to_8_bits(most: u16) -> u32 {
    match most {
        0..=0xff => 0,
        0x100..=0x3ff => 2,
        0x400..=0xfff => 4,
        0x1000..=0x3fff => 6,
        _ => 8,
    }
}

/// A sample of 16 bits as one of 8, of which [`shift_to_8_bits`] told how many bits are in use.
pub(super) fn to_8_bits(sample: u16, shift: u32) -> u8 {
    match shift {
        // rounded, so that what was spread over 16 bits comes back as it was
        8 => ((u32::from(sample) - u32::from(sample >> 8) + 128) >> 8) as u8,
        shift => ((u32::from(sample) + (1 << shift >> 1)) >> shift).min(255) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bits_come_back_from_wherever_they_lie() {
        for value in 0..=255u8 {
            let wide = u16::from(value);
            assert_eq!(to_8_bits(wide * 257, shift_to_8_bits(65_535)), value);
            assert_eq!(to_8_bits(wide << 2, shift_to_8_bits(1020)), value);
            assert_eq!(to_8_bits(wide << 4, shift_to_8_bits(4095)), value);
            assert_eq!(to_8_bits(wide, shift_to_8_bits(255)), value);
        }
        for rgb in [[10, 200, 31], [255, 254, 3], [97, 98, 99], [1, 0, 2]] {
            let wide = rgb.map(|v| u16::from(v) << 2);
            assert_eq!(to_8_bits(luma_16(wide), 2), luma(&rgb), "rounded once");
        }
    }
}
