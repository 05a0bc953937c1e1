//! EXIF orientation: turning and mirroring pixels so that the photograph stands upright.

/// The eight ways a camera may have held the sensor, as EXIF numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Orientation {
    transpose: bool,
    mirror_x: bool,
    mirror_y: bool,
}

impl Orientation {
    /// From the EXIF value; anything outside 1..=8 means upright.
    pub fn from_exif(value: u32) -> Self {
        // The pixel of the upright photograph is found by mirroring first and transposing last.
        let (transpose, mirror_x, mirror_y) = match value {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, false, true),
            7 => (true, true, true),
            8 => (true, true, false),
            _ => (false, false, false),
        };
        Self { transpose, mirror_x, mirror_y }
    }

    /// Whether nothing has to be done.
    pub fn is_upright(self) -> bool {
        self == Self::default()
    }

    /// Width and height of the upright photograph.
    pub fn size(self, width: u32, height: u32) -> (u32, u32) {
        if self.transpose { (height, width) } else { (width, height) }
    }

    /// The pixels of the upright photograph, row by row, from those of the stored one.
    pub fn apply<P: Copy>(self, pixels: &[P], width: u32, height: u32) -> Vec<P> {
        let (w, h) = (width as usize, height as usize);
        let Some(&first) = pixels.first() else { return Vec::new() };
        let mut out = vec![first; w * h];
        if self.transpose {
            self.transposed(pixels, w, h, &mut out);
        } else {
            for (y, row) in out.chunks_exact_mut(w).enumerate() {
                let from = if self.mirror_y { h - 1 - y } else { y };
                row.copy_from_slice(&pixels[from * w..(from + 1) * w]);
                if self.mirror_x {
                    row.reverse();
                }
            }
        }
        out
    }

    /// In square tiles: whole rows read against whole columns written would miss the cache at every pixel.
    fn transposed<P: Copy>(self, pixels: &[P], w: usize, h: usize, out: &mut [P]) {
        const TILE: usize = 32;
        for ty in (0..w).step_by(TILE) {
            for tx in (0..h).step_by(TILE) {
                for y in ty..(ty + TILE).min(w) {
                    let from_x = if self.mirror_x { w - 1 - y } else { y };
                    for x in tx..(tx + TILE).min(h) {
                        let from_y = if self.mirror_y { h - 1 - x } else { x };
                        out[y * h + x] = pixels[from_y * w + from_x];
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The letter F, which looks different in all eight orientations, as a camera would store it.
    fn stored(orientation: u32) -> (Vec<u8>, u32, u32) {
        let rows: &[&str] = match orientation {
            1 => &["##", "#.", "##", "#."],
            2 => &["##", ".#", "##", ".#"],
            3 => &[".#", "##", ".#", "##"],
            4 => &["#.", "##", "#.", "##"],
            5 => &["####", "#.#."],
            6 => &["#.#.", "####"],
            7 => &[".#.#", "####"],
            _ => &["####", ".#.#"],
        };
        (rows.concat().into_bytes(), rows[0].len() as u32, rows.len() as u32)
    }

    #[test]
    fn every_orientation_comes_upright() {
        for value in 1..=8 {
            let (pixels, w, h) = stored(value);
            let o = Orientation::from_exif(value);
            assert_eq!(o.size(w, h), (2, 4), "orientation {value}");
            assert_eq!(String::from_utf8(o.apply(&pixels, w, h)).unwrap(), "###.###.", "orientation {value}");
        }
    }

    proptest! {
        /// Applying an orientation and then its inverse gives the photograph back; 6 and 8 undo each other, and
        /// every other one undoes itself.
        #[test]
        fn orientations_invert(value in 0u32..=9, w in 1u32..70, h in 1u32..70) {
            let pixels: Vec<u32> = (0..w * h).collect();
            let inverse = match value { 6 => 8, 8 => 6, other => other };
            let (o, back) = (Orientation::from_exif(value), Orientation::from_exif(inverse));
            let (w2, h2) = o.size(w, h);
            let turned = o.apply(&pixels, w, h);
            prop_assert_eq!(back.size(w2, h2), (w, h));
            prop_assert_eq!(back.apply(&turned, w2, h2), pixels);
        }
    }
}
