//! A square of the photograph, scaled to what the detector looks at.

use crate::ellipse::Ellipse;
use crate::sample::bilinear;
use image::GrayImage;
use ndarray::Array4;

/// Side of the square the detector looks at, in pixels.
pub const SIDE: usize = 384;

/// A square of the photograph; it may reach beyond the edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Left edge, in pixels of the photograph.
    pub left: f32,
    /// Upper edge, in pixels of the photograph.
    pub top: f32,
    /// Pixels of the photograph a pixel of the detector covers, along a side.
    pub scale: f32,
}

impl Window {
    /// The smallest square that shows a whole photograph, in the middle.
    pub fn whole(width: u32, height: u32) -> Self {
        let (w, h) = (width.max(1) as f32, height.max(1) as f32);
        let side = w.max(h);
        Self { left: (w - side) / 2.0, top: (h - side) / 2.0, scale: side / SIDE as f32 }
    }

    /// A square round a head, in which its mean radius is `radius` of the detector's pixels.
    pub fn around(head: &Ellipse, radius: f32) -> Self {
        let scale = head.mean_radius() / radius;
        let half = scale * SIDE as f32 / 2.0;
        Self { left: head.cx + 0.5 - half, top: head.cy + 0.5 - half, scale }
    }

    /// From the detector's pixels to the photograph's.
    pub fn ellipse_to_photo(&self, e: &Ellipse) -> Ellipse {
        // The centre of the first pixel is at half a pixel from the edge in both.
        let place = |v: f32, edge: f32| edge + (v + 0.5) * self.scale - 0.5;
        Ellipse {
            cx: place(e.cx, self.left),
            cy: place(e.cy, self.top),
            a: e.a * self.scale,
            b: e.b * self.scale,
            ..*e
        }
    }

    /// What the detector sees: `[1, 1, 384, 384]`, luma 0..1, averaged where the photograph is finer; beyond its edges
    /// the mean of what is seen of it, which tells the detector nothing.
    pub fn luma(&self, photo: &GrayImage) -> Array4<f32> {
        let mut out = Array4::zeros((1, 1, SIDE, SIDE));
        let mut seen = vec![false; SIDE * SIDE];
        if self.scale >= 2.0 {
            self.average(photo, &mut out, &mut seen)
        } else {
            self.interpolate(photo, &mut out, &mut seen)
        }
        let count = seen.iter().filter(|&&s| s).count().max(1);
        let mean = out.iter().sum::<f32>() / count as f32;
        out.iter_mut().zip(&seen).filter(|(_, seen)| !**seen).for_each(|(v, _)| *v = mean);
        out
    }

    fn average(&self, photo: &GrayImage, out: &mut Array4<f32>, seen: &mut [bool]) {
        let (w, h) = (photo.width() as usize, photo.height() as usize);
        let raw = photo.as_raw();
        let mut sums = vec![0u32; w];
        for y in 0..SIDE {
            let Some((y0, y1)) = self.span(y, self.top, h) else { continue };
            sums.fill(0);
            for row in raw[y0 * w..y1 * w].chunks_exact(w) {
                sums.iter_mut().zip(row).for_each(|(s, &v)| *s += u32::from(v));
            }
            for x in 0..SIDE {
                let Some((x0, x1)) = self.span(x, self.left, w) else { continue };
                let sum: u64 = sums[x0..x1].iter().map(|&v| u64::from(v)).sum();
                out[[0, 0, y, x]] = sum as f32 / (((x1 - x0) * (y1 - y0)) as f32 * 255.0);
                seen[y * SIDE + x] = true;
            }
        }
    }

    /// The photograph's pixels under one of the detector's, along one side.
    fn span(&self, at: usize, edge: f32, size: usize) -> Option<(usize, usize)> {
        let cut = |v: f32| (edge + v * self.scale).round().clamp(0.0, size as f32) as usize;
        let (from, to) = (cut(at as f32), cut((at + 1) as f32));
        (from < to).then_some((from, to))
    }

    fn interpolate(&self, photo: &GrayImage, out: &mut Array4<f32>, seen: &mut [bool]) {
        let (w, h) = (photo.width() as f32, photo.height() as f32);
        for y in 0..SIDE {
            let py = self.top + (y as f32 + 0.5) * self.scale - 0.5;
            for x in 0..SIDE {
                let px = self.left + (x as f32 + 0.5) * self.scale - 0.5;
                if px > -0.5 && py > -0.5 && px < w - 0.5 && py < h - 0.5 {
                    out[[0, 0, y, x]] = bilinear(photo, px, py) / 255.0;
                    seen[y * SIDE + x] = true;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A spot comes out where the geometry says, scaled down, up, and cut by the edge.
    #[test]
    fn a_spot_lands_where_the_geometry_says() {
        let mut photo = GrayImage::from_pixel(1600, 1200, image::Luma([40]));
        imageproc::drawing::draw_filled_circle_mut(&mut photo, (300, 900), 12, image::Luma([240]));
        let spot = Ellipse::circle(300.0, 900.0, 12.0);
        for window in [Window::whole(1600, 1200), Window::around(&spot, 3.0), Window::around(&spot, 60.0)] {
            let luma = window.luma(&photo);
            let (mut sx, mut sy, mut n) = (0.0, 0.0, 0.0);
            for ((_, _, y, x), &v) in luma.indexed_iter() {
                if v > 0.5 {
                    (sx, sy, n) = (sx + x as f32, sy + y as f32, n + 1.0);
                }
            }
            let back = window.ellipse_to_photo(&Ellipse::circle(sx / n, sy / n, (n / std::f32::consts::PI).sqrt()));
            assert!((back.cx - 300.0).hypot(back.cy - 900.0) < window.scale.max(1.0), "{window:?} {back:?}");
        }
    }

    #[test]
    fn a_single_pixel_is_no_trouble() {
        let photo = GrayImage::from_pixel(1, 1, image::Luma([128]));
        let luma = Window::whole(1, 1).luma(&photo);
        assert!(luma.iter().all(|v| (v - 128.0 / 255.0).abs() < 1e-6));
    }
}
