//! Sampling a picture between its pixels, and making it smaller round a head.

use crate::ellipse::Ellipse;
use image::GrayImage;

/// The part of the photograph round a head, out to `radius` in units of the rim, box-averaged by `factor`; and the head
/// in its pixels.
pub(crate) fn shrink_around(photo: &GrayImage, head: &Ellipse, factor: u32, radius: f32) -> (GrayImage, Ellipse) {
    let reach = head.a * radius;
    let clamp = |v: f32, max: u32| v.max(0.0).min(max as f32) as u32;
    let (x0, y0) = (clamp(head.cx - reach, photo.width() - 1), clamp(head.cy - reach, photo.height() - 1));
    let (x1, y1) = (clamp(head.cx + reach, photo.width()), clamp(head.cy + reach, photo.height()));
    let (w, h) = (((x1 - x0) / factor).max(1), ((y1 - y0) / factor).max(1));
    let raw = photo.as_raw();
    let stride = photo.width() as usize;
    let mut out = GrayImage::new(w, h);
    let area = factor * factor;
    for y in 0..h {
        for x in 0..w {
            let mut sum = 0u32;
            for dy in 0..factor {
                let row = (y0 + y * factor + dy).min(photo.height() - 1) as usize * stride;
                let start = (x0 + x * factor) as usize;
                let end = (start + factor as usize).min(stride);
                let part: u32 = raw[row + start..row + end].iter().map(|&v| v as u32).sum();
                sum += part * factor / (end - start).max(1) as u32;
            }
            out.put_pixel(x, y, image::Luma([(sum / area) as u8]));
        }
    }
    let f = factor as f32;
    let place = |v: f32, origin: u32| (v - origin as f32 - (f - 1.0) / 2.0) / f;
    let ellipse = Ellipse { cx: place(head.cx, x0), cy: place(head.cy, y0), a: head.a / f, b: head.b / f, ..*head };
    (out, ellipse)
}

/// Bilinear luma at a place, edges repeated.
pub(crate) fn bilinear(photo: &GrayImage, x: f32, y: f32) -> f32 {
    let (w, h) = (photo.width() as usize, photo.height() as usize);
    let x = x.clamp(0.0, (w - 1) as f32);
    let y = y.clamp(0.0, (h - 1) as f32);
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let raw = photo.as_raw();
    let at = |x: usize, y: usize| raw[y * w + x] as f32;
    let top = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * fx;
    let bottom = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * fx;
    top + (bottom - top) * fy
}
