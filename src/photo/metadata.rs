//! What EXIF says: how the camera was held, and when.

use super::orient::Orientation;
use exif::{In, Tag, Value};
use std::io::Cursor;

/// The parts of EXIF that are used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub orientation: Orientation,
    /// `DateTimeOriginal` as `2021-05-18T13:58:00`, in the camera's own time.
    pub captured_at: Option<String>,
}

impl Metadata {
    /// With the EXIF value of the orientation.
    pub(super) fn new(orientation: u32, captured_at: Option<String>) -> Self {
        Self { orientation: Orientation::from_exif(orientation), captured_at }
    }
}

/// Reads the EXIF block of a JPEG, PNG or WebP file. A missing or damaged block says nothing: the photograph
/// itself can still be read.
pub(super) fn read(bytes: &[u8]) -> Metadata {
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let found =
        reader.read_from_container(&mut Cursor::new(bytes)).or_else(|e| e.distill_partial_result(|_damaged_fields| ()));
    found.map_or_else(|_| Metadata::default(), |exif| of(&exif))
}

/// Reads an EXIF block that stands by itself, from its TIFF header on.
pub(super) fn read_block(block: Vec<u8>) -> Metadata {
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let found = reader.read_raw(block).or_else(|e| e.distill_partial_result(|_damaged_fields| ()));
    found.map_or_else(|_| Metadata::default(), |exif| of(&exif))
}

fn of(exif: &exif::Exif) -> Metadata {
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|f| f.value.get_uint(0)).unwrap_or(1);
    let captured_at = exif.get_field(Tag::DateTimeOriginal, In::PRIMARY).and_then(|f| match &f.value {
        Value::Ascii(lines) => lines.first().and_then(|text| iso_time(text)),
        _ => None,
    });
    Metadata::new(orientation, captured_at)
}

/// `2021:05:18 13:58:00` as `2021-05-18T13:58:00`; `None` for a clock that was never set, or for no time at all.
pub(super) fn iso_time(text: &[u8]) -> Option<String> {
    let t = exif::DateTime::from_ascii(text).ok()?;
    let real = t.year > 0
        && (1..=12).contains(&t.month)
        && (1..=31).contains(&t.day)
        && t.hour < 24
        && t.minute < 60
        && t.second <= 60;
    real.then(|| format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.year, t.month, t.day, t.hour, t.minute, t.second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_are_none_are_left_out() {
        assert_eq!(iso_time(b"2021:05:18 13:58:00").as_deref(), Some("2021-05-18T13:58:00"));
        assert_eq!(iso_time(b"0000:00:00 00:00:00"), None);
        assert_eq!(iso_time(b"    :  :     :  :  "), None);
        assert_eq!(iso_time(b"2021:13:40 25:61:00"), None);
        assert_eq!(iso_time(b""), None);
    }

    #[test]
    fn no_block_says_nothing() {
        assert_eq!(read(b"\xff\xd8\xff\xd9"), Metadata::default());
        assert_eq!(read(b""), Metadata::default());
    }
}
