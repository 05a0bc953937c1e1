//! Limits that hold before anything is decoded, so that no file can exhaust the memory.

use super::failure::Failure;

/// Largest file, in bytes.
pub const MAX_FILE_BYTES: u64 = 192 << 20;
/// Largest TIFF, in bytes, which is read strip by strip and never in memory as a whole.
pub const MAX_TIFF_BYTES: u64 = 4 << 30;
/// Longest side, in pixels.
pub const MAX_SIDE: u32 = 30_000;
/// Most pixels.
pub const MAX_PIXELS: u64 = 200_000_000;
/// Most memory that decoding one photograph may take beside its file, in bytes.
pub const MAX_DECODE_BYTES: u64 = 512 << 20;

/// Refuses dimensions beyond the limits, or none at all.
pub(super) fn check_dimensions(width: u32, height: u32) -> Result<(), Failure> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Failure::new("the image has no pixels"));
    }
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        let most = MAX_PIXELS / 1_000_000;
        return Err(Failure::new(format!("the image claims {width} x {height} pixels, which is too large"))
            .hint(format!("scale it down to at most {MAX_SIDE} pixels a side and {most} megapixels")));
    }
    Ok(())
}

/// Refuses what would need more memory than one photograph may have.
pub(super) fn check_memory(bytes: u64) -> Result<(), Failure> {
    if bytes > MAX_DECODE_BYTES {
        let (needs, most) = (bytes >> 20, MAX_DECODE_BYTES >> 20);
        return Err(Failure::new(format!("decoding would take {needs} MiB of memory, more than the {most} allowed"))
            .hint("scale it down, or save it as a baseline JPEG"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_photographs_pass_and_bombs_do_not() {
        assert!(check_dimensions(12_000, 9_000).is_ok(), "108 megapixels");
        assert!(check_dimensions(16_320, 12_240).is_ok(), "200 megapixels");
        assert!(check_dimensions(60_000, 60_000).is_err());
        assert!(check_dimensions(u32::MAX, u32::MAX).is_err());
        assert!(check_dimensions(0, 10).is_err());
    }
}
