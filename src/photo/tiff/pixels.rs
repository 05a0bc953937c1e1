//! From the samples of a pixel to luma and colour.

use super::layout::{Colours, Layout};
use crate::photo::luma::luma_16;

/// What samples mean, for one page. Samples of fewer than 16 bits are spread over 16 by [`Ink::spread`]; the others are as
/// they are, so that what comes out has as many bits in use.
pub(super) struct Ink<'l> {
    layout: &'l Layout,
}

impl<'l> Ink<'l> {
    pub(super) fn of(layout: &'l Layout) -> Self {
        Self { layout }
    }

    /// Luma over white; samples of a pixel as stored.
    pub(super) fn luma(&self, samples: &[u16]) -> u16 {
        match (self.layout.colours, samples) {
            (Colours::YCbCr | Colours::Lab | Colours::Grey, [luma, ..]) => self.over_white(*luma, samples),
            (Colours::Negative, [dark, ..]) => self.over_white(self.white() - (*dark).min(self.white()), samples),
            _ => luma_16(self.rgb(samples)),
        }
    }

    /// Red, green and blue over white.
    pub(super) fn rgb(&self, samples: &[u16]) -> [u16; 3] {
        let white = self.white();
        let rgb = match (self.layout.colours, samples) {
            (Colours::Rgb, &[r, g, b, ..]) => [r, g, b],
            (Colours::Palette, &[index, ..]) => {
                let size = 1usize << self.layout.bits;
                // indices are not spread
                [0, 1, 2].map(|n| self.layout.palette.get(n * size + usize::from(index)).copied().unwrap_or(0))
            }
            (Colours::Cmyk, &[c, m, y, k, ..]) => {
                let left = |ink: u16| u32::from(white - ink.min(white));
                [c, m, y].map(|ink| (left(ink) * left(k) / u32::from(white)) as u16)
            }
            (Colours::YCbCr, &[y, cb, cr, ..]) => {
                let half = (f32::from(white) + 1.0) / 2.0;
                let (y, cb, cr) = (f32::from(y), f32::from(cb) - half, f32::from(cr) - half);
                let in_range = |v: f32| v.round().clamp(0.0, f32::from(white)) as u16;
                [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(in_range)
            }
            (Colours::Negative, &[dark, ..]) => [white - dark.min(white); 3],
            (_, &[grey, ..]) => [grey; 3],
            _ => [0; 3],
        };
        rgb.map(|v| self.over_white(v, samples))
    }

    /// The largest sample there can be.
    fn white(&self) -> u16 {
        let told = matches!(self.layout.colours, Colours::Grey | Colours::Rgb).then_some(self.layout.most).flatten();
        told.unwrap_or(u16::MAX)
    }

    /// Transparent parts become white: what lies under them is arbitrary.
    fn over_white(&self, value: u16, samples: &[u16]) -> u16 {
        let Some(&alpha) = self.layout.alpha.and_then(|at| samples.get(at)) else { return value };
        let (white, alpha) = (u64::from(self.white()), u64::from(alpha.min(self.white())));
        ((u64::from(value) * alpha + white * (white - alpha) + white / 2) / white) as u16
    }
}

/// A sample of fewer bits spread over 16, so that its largest value becomes the largest; indices stay as they are.
pub(super) fn spread(layout: &Layout, sample: u16) -> u16 {
    if layout.bits == 16 || layout.colours == Colours::Palette {
        return sample;
    }
    (u32::from(sample) * 65_535 / ((1 << layout.bits) - 1)) as u16
}
