//! What a camera or a person wrote into a photograph: to be read by people, never trusted.

use exif::{Exif, In, Reader, Tag, Value};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

/// Most bytes of a file that are looked through: EXIF stands near the beginning, save in some TIFFs.
const MOST_BYTES: u64 = 64 << 20;
/// Longest note that is given, in characters.
const LONGEST: usize = 2000;

/// What is looked for, under the names of the standard.
const NOTES: [(&str, Tag); 8] = [
    ("ImageDescription", Tag::ImageDescription),
    ("UserComment", Tag::UserComment),
    ("Artist", Tag::Artist),
    ("Copyright", Tag::Copyright),
    ("Make", Tag::Make),
    ("Model", Tag::Model),
    ("Software", Tag::Software),
    ("DateTimeOriginal", Tag::DateTimeOriginal),
];

/// The notes of a photograph's EXIF block, each under its name in the standard; what is damaged is left out. The text is as
/// it stands there: whoever shows it makes it harmless.
pub fn notes(path: &Path) -> io::Result<Vec<(&'static str, String)>> {
    let mut bytes = Vec::new();
    let (file, _page) = super::page::split(path);
    File::open(file)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let found = reader.read_from_container(&mut Cursor::new(bytes)).or_else(|e| e.distill_partial_result(|_| ()));
    let Ok(exif) = found else { return Ok(Vec::new()) };
    Ok(NOTES.into_iter().filter_map(|(name, tag)| Some((name, note(&exif, tag)?))).collect())
}

fn note(exif: &Exif, tag: Tag) -> Option<String> {
    let text = match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => {
            lines.iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>().join("; ")
        }
        Value::Undefined(bytes, _) => comment(bytes, exif.little_endian()),
        _ => return None,
    };
    let text: String = text.trim_matches(|c: char| c.is_whitespace() || c == '\0').chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

/// A comment, which says its character code in its first eight bytes.
fn comment(bytes: &[u8], little_endian: bool) -> String {
    let (code, text) = bytes.split_at(bytes.len().min(8));
    if code != b"UNICODE\0" {
        return String::from_utf8_lossy(text).into_owned();
    }
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if little_endian { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    String::from_utf16_lossy(&text.chunks_exact(2).map(unit).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{jpeg, noise, with_comment};
    use super::*;

    #[test]
    fn comments_are_read_as_they_stand() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        let written = |comment: &[u8]| {
            std::fs::write(&path, with_comment(&jpeg(&noise(32, 32)), comment)).unwrap();
            notes(&path).unwrap()
        };
        assert_eq!(written(b"ASCII\0\0\0<b>tray 7</b>"), [("UserComment", "<b>tray 7</b>".to_owned())]);
        let wide: Vec<u8> = "Ф 45".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(written(&[b"UNICODE\0", &wide[..]].concat()), [("UserComment", "Ф 45".to_owned())]);
        assert_eq!(written(b"\0\0\0\0\0\0\0\0  \0"), [], "an empty comment is none");
        std::fs::write(&path, b"no picture").unwrap();
        assert_eq!(notes(&path).unwrap(), []);
        assert!(notes(&folder.path().join("b.jpg")).is_err());
    }
}
