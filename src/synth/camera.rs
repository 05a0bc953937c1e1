//! What the camera does to the picture: focus, motion, exposure, noise, sharpening, JPEG.

use super::dice::Dice;
use super::field::Field;
use image::GrayImage;
use image::codecs::jpeg::JpegEncoder;

/// The camera's faults for one picture.
pub struct Camera {
    /// Deviation of the whole blur, in pixels: what a legibility rule needs to know.
    pub blur: f32,
    bokeh: bool,
    gain: f32,
    offset: f32,
    gamma: f32,
    noise: f32,
    sharpen: f32,
    quality: Option<u8>,
}

impl Camera {
    /// `unit` is the size of a mark's stroke in pixels, which focus is measured by.
    pub fn random(dice: &mut Dice, unit: f32) -> Self {
        let blurred = dice.weighted(&[0.45, 0.4, 0.15]);
        let blur = unit * [dice.range(0.0, 0.3), dice.range(0.3, 0.75), dice.range(0.75, 1.4)][blurred];
        Self {
            blur: blur.max(0.35),
            bokeh: dice.chance(0.4),
            gain: dice.log_range(0.65, 1.5),
            offset: dice.range(-0.12, 0.1),
            gamma: dice.log_range(0.65, 1.5),
            noise: if dice.chance(0.6) { dice.range(0.0, 0.02) } else { dice.range(0.02, 0.06) },
            sharpen: if dice.chance(0.4) { dice.range(0.2, 1.6) } else { 0.0 },
            quality: dice.chance(0.6).then(|| dice.int(35, 96) as u8),
        }
    }

    /// Takes the picture: brightness 0..1 in, luma 0..255 out.
    pub fn take(&self, mut scene: Field, dice: &mut Dice) -> GrayImage {
        for v in &mut scene.data {
            // highlights clip softly before the lens spreads them
            *v = v.clamp(0.0, 1.6);
        }
        if self.bokeh && self.blur > 0.8 {
            scene.bokeh(self.blur * 2.0);
        } else {
            scene.blur(self.blur);
        }
        if self.noise > 0.0 {
            let mut grain = Field::noise(scene.w, scene.h, 1.0, dice);
            grain.blur(dice.range(0.2, 0.9));
            scene.add(&grain, self.noise * 2.0);
        }
        if self.sharpen > 0.0 {
            let mut soft = scene.clone();
            soft.blur(1.2);
            for (v, s) in scene.data.iter_mut().zip(&soft.data) {
                *v += self.sharpen * (*v - s);
            }
        }
        let curve: Vec<u8> = (0..=1024)
            .map(|i| {
                let v = (i as f32 / 1024.0 * 1.6 * self.gain + self.offset).clamp(0.0, 1.0);
                (libm::powf(v, self.gamma) * 255.0 + 0.5) as u8
            })
            .collect();
        let data = scene.data.iter().map(|v| curve[(v.clamp(0.0, 1.6) * (1024.0 / 1.6)) as usize]).collect();
        let picture = GrayImage::from_raw(scene.w as u32, scene.h as u32, data).unwrap_or_default();
        match self.quality {
            Some(quality) => through_jpeg(&picture, quality).unwrap_or(picture),
            None => picture,
        }
    }
}

fn through_jpeg(picture: &GrayImage, quality: u8) -> Option<GrayImage> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).ok()?;
    image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).ok().map(|i| i.into_luma8())
}
