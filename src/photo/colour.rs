//! A picture in colour, scaled down while it is decoded, for a person to look at.

use image::RgbImage;

/// Means of squares of pixels, gathered in any order.
pub(super) struct Reduced {
    factor: u32,
    width: u32,
    /// Sums of red, green and blue, and how many.
    sums: Vec<[u32; 4]>,
    scale: f32,
}

impl Reduced {
    /// For a picture of this size, so that its longer side becomes at most `longest` pixels.
    pub(super) fn new(width: u32, height: u32, longest: u32) -> Self {
        let factor = width.max(height).div_ceil(longest.max(1)).max(1);
        let (w, h) = (width.div_ceil(factor), height.div_ceil(factor));
        let scale = w.max(h) as f32 / width.max(height) as f32;
        Self { factor, width: w, sums: vec![[0; 4]; w as usize * h as usize], scale }
    }

    /// Bytes it takes, with the picture made of it.
    pub(super) fn memory(&self) -> u64 {
        self.sums.len() as u64 * 20
    }

    /// A pixel; squares have fewer than 2¹⁶ of them.
    pub(super) fn add(&mut self, x: u32, y: u32, rgb: [u8; 3]) {
        let at = (y / self.factor) as usize * self.width as usize + (x / self.factor) as usize;
        if let Some(sum) = self.sums.get_mut(at) {
            for (sum, value) in sum.iter_mut().zip(rgb.map(u32::from).into_iter().chain([1])) {
                *sum += value;
            }
        }
    }

    /// The picture, and by how much it was scaled.
    pub(super) fn finish(self) -> (RgbImage, f32) {
        let height = (self.sums.len() / self.width.max(1) as usize) as u32;
        let mean = |[r, g, b, n]: &[u32; 4]| [r, g, b].map(|sum| ((sum + n / 2) / n.max(&1)) as u8);
        let pixels: Vec<u8> = self.sums.iter().flat_map(mean).collect();
        let picture = RgbImage::from_raw(self.width, height, pixels);
        (picture.unwrap_or_else(|| RgbImage::new(self.width, height)), self.scale)
    }
}
