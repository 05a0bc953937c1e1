//! JPEG straight to luma: colour is never computed, which halves the time.

use super::failure::Failure;
use super::limits;
use super::luma::{Gray, luma};
use std::borrow::Cow;
use std::fmt::Display;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// What the markers of a JPEG say, found without decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Survey {
    width: u32,
    height: u32,
    /// Samples of all components together, after subsampling.
    samples: u64,
    /// Whether components have scans of their own.
    buffered: bool,
    /// Whether it is progressive, with many scans one over the other.
    progressive: bool,
    /// Units of the picture, each a block or a few of every component.
    units: u64,
    /// Units between two restart markers; 0 where there are none.
    interval: u64,
    /// Restart markers found.
    restarts: u64,
    /// Where the data of the last scan begin.
    scan: usize,
    /// Where the end marker is, if it is there: the last thing a download or a copy brings.
    end: Option<usize>,
}

/// Walks the markers. Gives what was found until the file ended or stopped making sense.
fn survey(bytes: &[u8]) -> Survey {
    let mut found = Survey::default();
    let mut components = 0;
    let mut at = 2;
    loop {
        // To the next marker: 0xFF followed by neither a stuffed zero, a fill byte nor a restart marker.
        let Some(step) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == 0xff)) else { return found };
        at += step + 1;
        let Some(&marker) = bytes.get(at) else { return found };
        match marker {
            0x00 | 0x01 | 0xd8 => at += 1,
            0xd0..=0xd7 => {
                found.restarts += 1;
                at += 1;
            }
            0xff => {}
            0xd9 => {
                found.end = Some(at - 1);
                return found;
            }
            _ => {
                let Some(length) = big_endian(bytes, at + 1) else { return found };
                let segment = bytes.get(at + 3..at + 1 + length as usize).unwrap_or_default();
                match marker {
                    0xc0..=0xc2 => {
                        components = frame(segment, &mut found);
                        found.progressive |= marker == 0xc2;
                    }
                    0xda => found.buffered |= segment.first().is_some_and(|&n| n < components),
                    0xdd => found.interval = big_endian(segment, 0).unwrap_or(0).into(),
                    _ => {}
                }
                at += 1 + length.max(2) as usize;
                if marker == 0xda {
                    found.scan = at;
                }
            }
        }
    }
}

/// The size that a JPEG claims, and whether its end is there.
pub(super) fn claims(bytes: &[u8]) -> (u32, u32, bool) {
    let found = survey(bytes);
    (found.width, found.height, found.end.is_some())
}

/// Reads a frame header and gives the number of its components.
fn frame(segment: &[u8], found: &mut Survey) -> u8 {
    let (Some(height), Some(width)) = (big_endian(segment, 1), big_endian(segment, 3)) else { return 0 };
    (found.width, found.height) = (width, height);
    let sampling = || segment.iter().skip(7).step_by(3).map(|&b| (u64::from(b >> 4), u64::from(b & 15)));
    let h_max = sampling().map(|s| s.0).max().unwrap_or(1).max(1);
    let v_max = sampling().map(|s| s.1).max().unwrap_or(1).max(1);
    // Sizes are padded to whole blocks of up to 32 pixels.
    let padded = (u64::from(width) + 32) * (u64::from(height) + 32);
    let (unit_w, unit_h) = if segment.get(5) == Some(&1) { (8, 8) } else { (8 * h_max, 8 * v_max) };
    found.units = u64::from(width).div_ceil(unit_w) * u64::from(height).div_ceil(unit_h);
    found.samples = sampling().map(|(h, v)| padded * h * v / (h_max * v_max)).sum();
    segment.get(5).copied().unwrap_or(0)
}

fn big_endian(bytes: &[u8], at: usize) -> Option<u32> {
    let pair: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(u16::from_be_bytes(pair).into())
}

/// A JPEG whose headers have been read and hold to the limits.
pub(super) struct Pending {
    decoder: JpegDecoder<ZCursor<Vec<u8>>>,
    survey: Survey,
    /// What is asked of the decoder: luma, or RGB where the file is in neither luma nor YCbCr.
    output: ColorSpace,
    /// Most memory that decoding and turning upright takes beside the file, in bytes.
    pub memory: u64,
}

/// Reads the headers. An incomplete picture is refused: half a head read with confidence would be worse than none.
pub(super) fn prepare(bytes: &[u8]) -> Result<Pending, Failure> {
    let survey = survey(bytes);
    if survey.width > 0 && survey.height > 0 {
        limits::check_dimensions(survey.width, survey.height)?;
    }
    let stream = stream(bytes, &survey)?;
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(limits::MAX_SIDE as usize)
        .set_max_height(limits::MAX_SIDE as usize);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(stream), options);
    decoder.decode_headers().map_err(|e| damaged(&e))?;
    let size = decoder.dimensions().unwrap_or_default();
    limits::check_dimensions(size.0 as u32, size.1 as u32)?;
    if size != (survey.width as usize, survey.height as usize) {
        return Err(damaged(&"its headers contradict each other"));
    }
    let direct = matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma));
    let output = if direct { ColorSpace::Luma } else { ColorSpace::RGB };
    let pixels = u64::from(survey.width) * u64::from(survey.height);
    let coefficients = if survey.buffered || survey.progressive { survey.samples * 2 } else { 0 };
    let memory = coefficients + pixels * (1 + output.num_components() as u64);
    limits::check_memory(memory)?;
    // In the headers oddities that do no harm are forgiven, such as padding; in the picture itself nothing is, or a
    // damaged part would come out grey.
    decoder.set_options(decoder.options().set_strict_mode(true).jpeg_set_out_colorspace(output));
    Ok(Pending { decoder, survey, output, memory })
}

impl Pending {
    /// What is odd about the file.
    pub(super) fn remark(&self) -> Option<&'static str> {
        let missing = "the end marker of the JPEG is missing; the picture itself is whole";
        self.survey.end.is_none().then_some(missing)
    }

    /// The file with its end marker.
    pub(super) fn whole<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        match self.survey.end {
            Some(_) => Cow::Borrowed(bytes),
            None => Cow::Owned([bytes, &[0xff, 0xd9]].concat()),
        }
    }

    /// Decodes to luma, as stored.
    pub(super) fn decode(mut self) -> Result<Gray, Failure> {
        let unended = self.survey.end.is_none();
        let pixels = self.decoder.decode().map_err(|e| if unended { truncated() } else { damaged(&e) })?;
        let luma = match self.output {
            ColorSpace::Luma => pixels,
            _ => pixels.as_chunks().0.iter().map(luma).collect(),
        };
        Gray::from_raw(self.survey.width, self.survey.height, luma).ok_or_else(|| damaged(&"pixels are missing"))
    }
}

/// The bytes for the decoder, in which a scan that is too short shows as an error.
///
/// At an end marker the decoder makes up the rest of the picture out of nothing. Without the marker it fails when
/// the data end, and since it reads ahead by up to eight bytes, the end is put a little further off. Where there are
/// restart markers the decoder relies on them, and they are counted instead.
fn stream(bytes: &[u8], survey: &Survey) -> Result<Vec<u8>, Failure> {
    const READ_AHEAD: usize = 16;
    let one_scan = !survey.progressive && !survey.buffered;
    if one_scan && survey.interval > 0 && survey.restarts + 1 < survey.units.div_ceil(survey.interval) {
        return Err(damaged(&"part of the picture is missing"));
    }
    let Some(end) = survey.end else { return unended(bytes, survey, one_scan) };
    let marked = survey.interval > 0 || survey.progressive;
    let mut stream = Vec::with_capacity(end + READ_AHEAD);
    stream.extend_from_slice(&bytes[..end]);
    stream.extend_from_slice(if marked { &[0xff, 0xd9] } else { &[0; READ_AHEAD] });
    Ok(stream)
}

/// The same of a file that lacks its end marker, though perhaps nothing else.
///
/// It goes on with ones, which begin no symbol: what is missing of the picture shows. What a broken copy leaves are long runs
/// of one byte, out of which the decoder could make something; no scan ends in one.
fn unended(bytes: &[u8], survey: &Survey, one_scan: bool) -> Result<Vec<u8>, Failure> {
    const RUN: usize = 32;
    const LAST: usize = 1 << 16;
    const ONES: [u8; 2] = [0xff, 0];
    let last = bytes.get(bytes.len().saturating_sub(LAST).max(survey.scan)..).unwrap_or_default();
    if !one_scan || survey.units == 0 || last.chunk_by(|a, b| a == b).any(|run| run.len() >= RUN) {
        return Err(truncated());
    }
    let mut stream = Vec::with_capacity(bytes.len() + 32);
    stream.extend_from_slice(bytes.strip_suffix(&[0xff]).unwrap_or(bytes));
    stream.extend_from_slice(&ONES.repeat(16));
    Ok(stream)
}

fn damaged(cause: &dyn Display) -> Failure {
    Failure::new(format!("the JPEG is damaged: {}", cause.to_string().trim()))
        .hint("copy it again from the camera, or take the photograph again")
}

fn truncated() -> Failure {
    Failure::new("the JPEG is cut short: its end is missing")
        .hint("copy it again from the camera, or take the photograph again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::testing::{jpeg, noise};

    fn decode(bytes: &[u8]) -> Result<Gray, Failure> {
        prepare(bytes)?.decode()
    }

    /// The decoder's way of skipping colour depends on the subsampling and on the size modulo whole blocks.
    #[test]
    fn luma_is_what_the_encoder_was_given() {
        for (w, h) in [(203, 117), (64, 64), (1, 1), (17, 240), (240, 15)] {
            let picture = noise(w, h);
            let got = decode(&jpeg(&picture)).unwrap();
            assert_eq!(got.dimensions(), (w, h));
            let off: u64 = got.as_raw().iter().zip(picture.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            assert!(off <= u64::from(w * h) * 6, "mean difference {}", off as f64 / f64::from(w * h));
        }
    }

    #[test]
    fn cut_anywhere_it_is_refused() {
        let bytes = jpeg(&noise(160, 120));
        for percent in [1, 10, 30, 50, 70, 90, 99] {
            assert!(decode(&bytes[..bytes.len() * percent / 100]).is_err(), "{percent} % of the file");
        }
    }

    /// The last byte of the picture cannot be told from one that is missing, if it has but bits that fill it up.
    #[test]
    fn the_end_marker_alone_may_be_missing() {
        let bytes = jpeg(&noise(160, 120));
        let whole = decode(&bytes).unwrap();
        let end = bytes.len() - 2;
        for trailer in [&b""[..], b"\xff", b"\0\0\x01\x0aImage_UTC_Data1500000000000SEFH"] {
            let unended = [&bytes[..end], trailer].concat();
            assert!(prepare(&unended).unwrap().remark().is_some());
            assert_eq!(decode(&unended).unwrap(), whole);
        }
        assert!(prepare(&bytes).unwrap().remark().is_none());
        for missing in 2..200 {
            let cut = decode(&bytes[..end - missing]);
            assert!(cut.is_err_and(|e| e.message.contains("cut short")), "{missing} bytes of the picture");
        }
        for missing in [500, 3000] {
            let filled = [&bytes[..end - missing], &vec![0; missing]].concat();
            assert!(decode(&filled).is_err(), "{missing} bytes of a hole at the end");
        }
    }

    /// A copy that broke off and left a hole, as file systems and downloads do, with the end in place.
    #[test]
    fn a_hole_in_the_middle_is_refused() {
        let mut bytes = jpeg(&noise(320, 240));
        let half = bytes.len() / 2;
        bytes.drain(half..half + 5000);
        assert!(decode(&bytes).is_err());
    }

    #[test]
    fn what_follows_the_end_does_no_harm() {
        let mut bytes = jpeg(&noise(64, 64));
        let whole = decode(&bytes).unwrap();
        bytes.extend_from_slice(b"\0\0\0\x18ftypmp42 a film that a phone appended");
        bytes.extend_from_slice(&[0xff, 0xd8, 0xff, 0xe0, 0, 16]);
        assert_eq!(decode(&bytes).unwrap(), whole);
    }

    #[test]
    fn progressive_files_need_room_for_their_coefficients() {
        let bytes = jpeg(&noise(64, 48));
        let mut progressive = bytes.clone();
        let sof = progressive.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
        progressive[sof + 1] = 0xc2;
        assert!(prepare(&progressive).unwrap().memory > prepare(&bytes).unwrap().memory);
    }
}
