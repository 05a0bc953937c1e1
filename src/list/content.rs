//! What a file is by its content, if it is no list.

/// Bytes at the start of a file by which it is known.
pub(super) const START: usize = 8192;

/// Something that is no list, though it may be called one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// What it is.
    pub name: &'static str,
    /// What to do with it.
    pub advice: &'static str,
}

const SAVE: &str = "open it in a spreadsheet and save the sheet as CSV UTF-8";
const CONVERT: &str = "open it with what made it and save the table as CSV";

const WORKBOOK: Content = Content { name: "an Excel workbook (XLSX)", advice: SAVE };
const OPEN_DOCUMENT: Content = Content { name: "an OpenDocument spreadsheet (ODS)", advice: SAVE };
const ARCHIVE: Content = Content { name: "a ZIP archive", advice: "unpack it and give the list inside" };
const WEB_PAGE: Content = Content { name: "a web page (HTML)", advice: SAVE };
const XML_SHEET: Content = Content { name: "a spreadsheet in XML", advice: SAVE };
const XML: Content = Content { name: "an XML file", advice: CONVERT };

/// What begins so is this.
const SIGNATURES: [(&[u8], Content); 12] = [
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Content { name: "an Excel workbook (XLS) or another file of an old Office", advice: SAVE },
    ),
    (
        b"SQLite format 3\0",
        Content { name: "a database", advice: "if it is a catalogue, import it with --format catalogue" },
    ),
    (b"%PDF", Content { name: "a PDF", advice: CONVERT }),
    (b"{\\rtf", Content { name: "a text document (RTF)", advice: CONVERT }),
    (b"\x1f\x8b", Content { name: "a gzip archive", advice: "unpack it (gunzip) and give the list inside" }),
    (b"7z\xbc\xaf\x27\x1c", Content { name: "a 7z archive", advice: "unpack it and give the list inside" }),
    (b"Rar!", Content { name: "a RAR archive", advice: "unpack it and give the list inside" }),
    (b"PAR1", Content { name: "a Parquet file", advice: CONVERT }),
    (b"\xff\xd8\xff", Content { name: "a photograph (JPEG)", advice: "give a list" }),
    (b"\x89PNG", Content { name: "a picture (PNG)", advice: "give a list" }),
    (b"\xff\xfe\0\0", UTF_32),
    (b"\0\0\xfe\xff", UTF_32),
];

const UTF_32: Content = Content { name: "text in UTF-32", advice: "save it as UTF-8" };

impl Content {
    /// What bytes are that stand at the start of a file; `None` for what may be a list.
    pub fn of(start: &[u8]) -> Option<Self> {
        if start.starts_with(b"PK\x03\x04") {
            return Some(archive(start));
        }
        let signed = SIGNATURES.iter().find(|(s, _)| start.starts_with(s));
        signed.map(|s| s.1).or_else(|| Self::of_text(start))
    }

    /// What text is that is no list: pages and documents in angle brackets.
    pub(super) fn of_text(start: &[u8]) -> Option<Self> {
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        let begins = |tag: &[u8]| text.len() >= tag.len() && text[..tag.len()].eq_ignore_ascii_case(tag);
        if ["<html", "<!doctype html", "<table", "<head", "<meta", "<body", "<style"]
            .iter()
            .any(|t| begins(t.as_bytes()))
        {
            return Some(WEB_PAGE);
        }
        if !begins(b"<?xml") {
            return None;
        }
        Some(match () {
            () if holds(text, b"office:spreadsheet") => XML_SHEET,
            () if holds(text, b"<html") => WEB_PAGE,
            () => XML,
        })
    }
}

fn archive(start: &[u8]) -> Content {
    match () {
        () if holds(start, b"opendocument.spreadsheet") => OPEN_DOCUMENT,
        () if holds(start, b"[Content_Types].xml") || holds(start, b"xl/") => WORKBOOK,
        () => ARCHIVE,
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_is_named() {
        let name = |start: &[u8]| Content::of(start).map(|c| c.name);
        assert_eq!(name(b"PK\x03\x04....[Content_Types].xml"), Some(WORKBOOK.name));
        assert_eq!(
            name(b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
            Some(OPEN_DOCUMENT.name)
        );
        assert_eq!(name(b"PK\x03\x04....photos/a.jpg"), Some(ARCHIVE.name));
        assert_eq!(name(b" \r\n<HTML><table>"), Some(WEB_PAGE.name));
        assert_eq!(
            name(b"\xef\xbb\xbf<?xml version='1.0'?><Workbook xmlns='urn:x:office:spreadsheet'>"),
            Some(XML_SHEET.name)
        );
        assert!(name(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").is_some_and(|n| n.contains("XLS")));
        assert_eq!(name(b"headstamp,country\n<a>,BG\n"), None);
        assert_eq!(name(b""), None);
    }
}
