//! A decoded tile: its luma and colour as a JPEG would have them.

use crate::photo::luma::luma;
use heic_decoder::ColorInfo;
use heic_decoder::hevc::ctu::Picture;
use heic_decoder::hevc::params::Sps;

/// The tile within its coded frame.
pub(super) struct Planes {
    y: Vec<i32>,
    cb: Vec<i32>,
    cr: Vec<i32>,
    /// Samples in a row of luma and of chroma, as coded.
    stride: usize,
    chroma_stride: usize,
    /// Luma samples to one of chroma, across and down.
    chroma: (usize, usize),
    left: usize,
    top: usize,
    size: (u32, u32),
    /// Black, and the factor to 0..255, of luma; the same of chroma.
    black: f32,
    gain: f32,
    middle: f32,
    chroma_gain: f32,
    matrix: Matrix,
}

/// How colour was taken apart.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Matrix {
    /// As JPEG does: luma is what is wanted.
    Jpeg,
    /// By other weights of red and blue.
    Weights(f32, f32),
    /// Green, blue, red as they are.
    Identity,
    Grey,
}

impl Planes {
    /// Size of a tile without what coding added; `None` where nothing is left.
    pub(super) fn size(sps: &Sps) -> Option<(u32, u32)> {
        let [left, right, top, bottom] = sps.conformance_window;
        let width = sps.pic_width_in_luma_samples.checked_sub(left.checked_add(right)?)?;
        let height = sps.pic_height_in_luma_samples.checked_sub(top.checked_add(bottom)?)?;
        (width > 0 && height > 0).then_some((width, height))
    }

    /// `told` is what the container says of colour; it goes before what the tile says.
    pub(super) fn new(sps: &Sps, picture: Picture, told: Option<ColorInfo>) -> Option<Self> {
        let size = Self::size(sps)?;
        let (stride, chroma_stride) = (picture.y.width, picture.cb.width);
        let depth = |bits: u32| (1u32 << bits.clamp(8, 16)) as f32;
        let (unit, chroma_unit) = (depth(sps.bit_depth_luma) / 256.0, depth(sps.bit_depth_chroma) / 256.0);
        // Full range where nothing is said, as HEIF has it.
        let colours = told.or(sps.color_info);
        let full = colours.is_none_or(|c| c.full_range);
        let (black, gain) =
            if full { (0.0, 255.0 / (depth(sps.bit_depth_luma) - 1.0)) } else { (16.0 * unit, 255.0 / 219.0 / unit) };
        let chroma_gain = if full { 255.0 / (depth(sps.bit_depth_chroma) - 1.0) } else { 255.0 / 224.0 / chroma_unit };
        let matrix = match (sps.chroma_format_idc, colours.map(|c| c.matrix_coefficients)) {
            (0, _) => Matrix::Grey,
            (_, Some(0)) => Matrix::Identity,
            (_, Some(1)) => Matrix::Weights(0.2126, 0.0722),
            (_, Some(9 | 10)) => Matrix::Weights(0.2627, 0.0593),
            _ => Matrix::Jpeg,
        };
        Some(Self {
            y: picture.y.into_samples(),
            cb: picture.cb.into_samples(),
            cr: picture.cr.into_samples(),
            stride,
            chroma_stride,
            chroma: (sps.sub_width_c().max(1) as usize, sps.sub_height_c().max(1) as usize),
            left: sps.conformance_window[0] as usize,
            top: sps.conformance_window[2] as usize,
            size,
            black,
            gain,
            middle: 128.0 * chroma_unit,
            chroma_gain,
            matrix,
        })
    }

    pub(super) fn width(&self) -> u32 {
        self.size.0
    }

    pub(super) fn height(&self) -> u32 {
        self.size.1
    }

    /// A row of luma, 0..255, with the weights of JPEG.
    pub(super) fn luma_row(&self, y: u32) -> Vec<u8> {
        if !matches!(self.matrix, Matrix::Jpeg | Matrix::Grey) {
            return (0..self.size.0).map(|x| luma(&self.rgb(x, y))).collect();
        }
        let at = (self.top + y as usize) * self.stride + self.left;
        let row = self.y.get(at..at + self.size.0 as usize).unwrap_or_default();
        if self.black == 0.0 && self.gain == 1.0 {
            return row.iter().map(|&v| v.clamp(0, 255) as u8).collect();
        }
        row.iter().map(|&v| in_range((v as f32 - self.black) * self.gain)).collect()
    }

    /// Red, green and blue, 0..255.
    pub(super) fn rgb(&self, x: u32, y: u32) -> [u8; 3] {
        let (x, y) = (self.left + x as usize, self.top + y as usize);
        let sample = |plane: &[i32], at: usize| plane.get(at).copied().unwrap_or(0) as f32;
        let light = (sample(&self.y, y * self.stride + x) - self.black) * self.gain;
        let at = y / self.chroma.1 * self.chroma_stride + x / self.chroma.0;
        let (cb, cr) = (sample(&self.cb, at), sample(&self.cr, at));
        let (red, blue) = match self.matrix {
            Matrix::Grey => return [in_range(light); 3],
            Matrix::Identity => {
                let value = |v: f32| in_range((v - self.black) * self.gain);
                return [value(cr), in_range(light), value(cb)];
            }
            Matrix::Jpeg => (0.299, 0.114),
            Matrix::Weights(red, blue) => (red, blue),
        };
        let (cb, cr) = ((cb - self.middle) * self.chroma_gain, (cr - self.middle) * self.chroma_gain);
        let (r, b) = (light + 2.0 * (1.0 - red) * cr, light + 2.0 * (1.0 - blue) * cb);
        let g = (light - red * r - blue * b) / (1.0 - red - blue);
        [r, g, b].map(in_range)
    }
}

fn in_range(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
