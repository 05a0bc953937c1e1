//! What the camera does to the picture: focus, motion, exposure, noise, sharpening, JPEG.

use super::dice::Dice;
use super::field::Field;
use crate::ellipse::Ellipse;
use image::GrayImage;
use image::codecs::jpeg::JpegEncoder;

/// Extent of what counts as clutter beside a stroke, as the deviation of a Gaussian in widths of a stroke: about half the
/// height of a mark.
const CLUTTER: f32 = 3.0;

/// The camera's faults for one picture.
pub struct Camera {
    /// Deviation of the whole blur, in pixels.
    blur: f32,
    /// Size of a mark's stroke, in pixels.
    unit: f32,
    bokeh: bool,
    /// Whether the head leans out of focus.
    tilt: Option<Tilt>,
    /// Way the camera moves while it looks, in pixels.
    motion: Option<(f32, f32)>,
    /// Mean brightness the automatic exposure aims at.
    exposure: f32,
    /// How much the exposure looks at the subject rather than at the whole picture, 0..1.
    metering: f32,
    offset: f32,
    gamma: f32,
    noise: f32,
    sharpen: f32,
    /// Reach of the sharpening, in pixels: wide ones leave halos.
    halo: f32,
    quality: Option<u8>,
}

impl Camera {
    /// `unit` is the size of a mark's stroke in pixels, which focus is measured by.
    pub fn random(dice: &mut Dice, unit: f32) -> Self {
        let blurred = dice.weighted(&[0.87, 0.11, 0.02]);
        let blur = (unit * [dice.range(0.0, 0.3), dice.range(0.3, 0.7), dice.range(0.7, 1.3)][blurred]).max(0.35);
        let angle = dice.range(0.0, std::f32::consts::TAU);
        let direction = (libm::cosf(angle), libm::sinf(angle));
        let motion = unit * dice.range(0.2, 0.9);
        Self {
            blur,
            unit,
            bokeh: dice.chance(0.5),
            tilt: dice.chance(0.1).then(|| Tilt { direction, far: (blur + unit * dice.range(0.2, 0.8)).max(1.0) }),
            motion: dice.chance(0.08).then_some((direction.0 * motion, direction.1 * motion)),
            exposure: dice.range(0.32, 0.68),
            metering: if dice.chance(0.95) { dice.range(0.6, 1.0) } else { 0.0 },
            offset: dice.range(-0.08, 0.06),
            gamma: dice.log_range(0.7, 1.4),
            noise: if dice.chance(0.82) { dice.range(0.0, 0.015) } else { dice.range(0.015, 0.05) },
            sharpen: if dice.chance(0.4) { dice.log_range(0.2, 2.5) } else { 0.0 },
            halo: dice.range(0.8, 2.2),
            quality: dice.chance(0.6).then(|| dice.int(20, 96) as u8),
        }
    }

    /// The same camera, its picture scaled down afterwards: noise averages out, and JPEG's blocks with it.
    pub fn scaled_down(self) -> Self {
        Self { noise: self.noise * 0.3, quality: None, sharpen: self.sharpen * 0.4, ..self }
    }

    /// Takes the picture of a scene (brightness 0..1) in which the marks made these `traces`. The exposure is metered on
    /// the whole picture and, for the camera's share, on the `subject`.
    pub fn take(&self, mut scene: Field, traces: &Field, subject: Option<&Ellipse>, dice: &mut Dice) -> Taken {
        let mut plain = scene.clone();
        plain.add(traces, -1.0);
        self.focus(&mut scene, subject);
        self.focus(&mut plain, subject);
        let mean = match subject {
            Some(rim) => self.metering * disc_mean(&scene, rim) + (1.0 - self.metering) * scene.mean(),
            None => scene.mean(),
        };
        let gain = (self.exposure / mean.max(0.01)).clamp(0.4, 4.0);
        let tone = self.tone(gain);
        let mut clutter = Field { w: scene.w, h: scene.h, data: plain.data.iter().map(|&v| tone.of(v)).collect() };
        let mut ground = clutter.clone();
        ground.blur(self.unit * CLUTTER);
        clutter.add(&ground, -1.0);
        let contrast = scene.data.iter().zip(&plain.data).map(|(&with, &without)| tone.of(with) - tone.of(without));
        let contrast = Field { w: scene.w, h: scene.h, data: contrast.collect() };
        let mut noise = 0.0;
        if self.noise > 0.0 {
            let mut grain = Field::noise(scene.w, scene.h, 1.0, dice);
            grain.blur(dice.range(0.2, 0.9));
            scene.add(&grain, self.noise * 2.0);
            noise = self.noise * 2.0 * gain * grain.spread();
        }
        if self.sharpen > 0.0 {
            let mut soft = scene.clone();
            soft.blur(self.halo);
            for (v, s) in scene.data.iter_mut().zip(&soft.data) {
                *v += self.sharpen * (*v - s);
            }
        }
        let data = scene.data.iter().map(|&v| tone.luma(v)).collect();
        let picture = GrayImage::from_raw(scene.w as u32, scene.h as u32, data).unwrap_or_default();
        let luma = match self.quality {
            Some(quality) => through_jpeg(&picture, quality).unwrap_or(picture),
            None => picture,
        };
        let tilt = self.tilt.map(|tilt| (tilt, reach(subject, &scene)));
        // of a line of this length
        let motion = self.motion.map_or(0.0, |(x, y)| libm::hypotf(x, y) / libm::sqrtf(12.0));
        Taken { luma, contrast, clutter, noise, blur: self.blur, motion, tilt }
    }

    fn focus(&self, scene: &mut Field, subject: Option<&Ellipse>) {
        for v in &mut scene.data {
            // brighter than the film: what a lens spreads over a disc is still white
            *v = v.clamp(0.0, MOST_LIGHT);
        }
        if let Some(way) = self.motion {
            scene.smear(way);
        }
        let far = self.tilt.map(|tilt| {
            let mut far = scene.clone();
            self.blurred(&mut far, tilt.far);
            (tilt, far)
        });
        self.blurred(scene, self.blur);
        if let Some((tilt, far)) = far {
            let place = reach(subject, scene);
            for y in 0..scene.h {
                for x in 0..scene.w {
                    let share = tilt.share(place, x as f32, y as f32);
                    let v = &mut scene.data[y * far.w + x];
                    *v += (far.data[y * far.w + x] - *v) * share;
                }
            }
        }
    }

    fn blurred(&self, scene: &mut Field, sigma: f32) {
        if self.bokeh && sigma > 0.8 {
            scene.bokeh(sigma * 2.0);
        } else {
            scene.blur(sigma);
        }
    }

    fn tone(&self, gain: f32) -> Tone {
        let value = |i: usize| {
            let v = (i as f32 / Tone::STEPS as f32 * Tone::BRIGHTEST * gain + self.offset).clamp(0.0, 1.0);
            (libm::powf(v, self.gamma) * 255.0 + 0.5) as u8
        };
        Tone { curve: (0..=Tone::STEPS).map(value).collect() }
    }
}

/// Most light that a place sends into the lens; the film takes no more than [`Tone::BRIGHTEST`].
const MOST_LIGHT: f32 = 5.0;

/// A head that leans out of focus to one side.
#[derive(Clone, Copy)]
struct Tilt {
    direction: (f32, f32),
    /// Deviation of the blur at its far side, in pixels.
    far: f32,
}

impl Tilt {
    /// How far out of focus a place is, 0..1; `place` is the middle of the subject and its radius.
    fn share(&self, place: (f32, f32, f32), x: f32, y: f32) -> f32 {
        let along = ((x - place.0) * self.direction.0 + (y - place.1) * self.direction.1) / place.2;
        (0.5 * (along + 0.6)).clamp(0.0, 1.0)
    }
}

/// Middle and radius of the subject, or of the picture.
fn reach(subject: Option<&Ellipse>, scene: &Field) -> (f32, f32, f32) {
    let (w, h) = (scene.w as f32 / 2.0, scene.h as f32 / 2.0);
    subject.map_or((w, h, w.min(h)), |rim| (rim.cx, rim.cy, rim.a))
}

/// A picture, and what tells whether the marks in it can be read.
pub struct Taken {
    /// The picture.
    pub luma: GrayImage,
    /// What the marks changed, -1..1 of the picture's range, after focus and exposure, without noise.
    pub contrast: Field,
    /// What else is there of the size of strokes, in the same units: turning rings, grain, scratches.
    pub clutter: Field,
    /// Deviation of the noise, in the same units.
    pub noise: f32,
    /// Deviation of the blur where it is least, in pixels.
    pub blur: f32,
    /// Deviation of the blur by motion, in pixels.
    motion: f32,
    tilt: Option<(Tilt, (f32, f32, f32))>,
}

impl Taken {
    /// A sharp picture without noise, of which only this is known.
    #[cfg(test)]
    pub fn sharp(contrast: Field, clutter: Field) -> Self {
        let luma = GrayImage::new(contrast.w as u32, contrast.h as u32);
        Self { luma, contrast, clutter, noise: 0.0, blur: 0.0, motion: 0.0, tilt: None }
    }

    /// Deviation of the blur at a place, in pixels; of a moving camera, along its way.
    pub fn blur_at(&self, x: f32, y: f32) -> f32 {
        let lean = self.tilt.map_or(0.0, |(tilt, place)| tilt.share(place, x, y) * (tilt.far - self.blur));
        libm::hypotf(self.blur + lean, self.motion)
    }
}

/// Mean brightness of what lies within a rim; 0 where nothing does.
fn disc_mean(scene: &Field, rim: &Ellipse) -> f32 {
    let (mut sum, mut n) = (0.0, 0.0);
    let span = |middle: f32, size: usize| {
        ((middle - rim.b).max(0.0) as usize)..((middle + rim.b).clamp(0.0, size as f32) as usize)
    };
    for y in span(rim.cy, scene.h) {
        for x in span(rim.cx, scene.w) {
            let (dx, dy) = (x as f32 - rim.cx, y as f32 - rim.cy);
            if dx * dx + dy * dy < rim.b * rim.b {
                sum += scene.data[y * scene.w + x];
                n += 1.0;
            }
        }
    }
    if n > 0.0 { sum / n } else { 0.0 }
}

/// What the exposure makes of each brightness.
struct Tone {
    curve: Vec<u8>,
}

impl Tone {
    /// Brightness above which highlights are all one.
    const BRIGHTEST: f32 = 1.6;
    const STEPS: usize = 1024;

    fn luma(&self, brightness: f32) -> u8 {
        self.curve[(brightness.clamp(0.0, Self::BRIGHTEST) * (Self::STEPS as f32 / Self::BRIGHTEST)) as usize]
    }

    /// The picture's value, 0..1, for a brightness.
    fn of(&self, brightness: f32) -> f32 {
        f32::from(self.luma(brightness)) / 255.0
    }
}

fn through_jpeg(picture: &GrayImage, quality: u8) -> Option<GrayImage> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).ok()?;
    image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).ok().map(|i| i.into_luma8())
}
