//! Formats, recognised by content: a name can lie.

use std::path::Path;

/// Bytes from the start of a file that suffice for [`sniff`].
pub(super) const SNIFF_BYTES: usize = 256;

/// A format that can be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG; of an animation the first frame.
    Png,
    /// TIFF, each page a photograph.
    Tiff,
    /// HEIC or HEIF, as phones write them.
    Heic,
    /// WebP.
    WebP,
    /// Windows bitmap.
    Bmp,
}

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A photograph that can be decoded.
    Known(Format),
    /// An image in a format that is recognised but not decoded, by its name.
    Unsupported(&'static str),
    /// What a camera's sensor saw, not yet developed; the name of the format. Raws that look like TIFF at the start are
    /// known by their directories alone.
    Raw(&'static str),
    /// Moving pictures.
    Film,
    /// Text, tables or slides, which may have pictures in them; the name of the format.
    Document(&'static str),
    /// Not an image, as far as can be told.
    Other,
}

/// Recognises a file by its first bytes ([`SNIFF_BYTES`] of them, or all of a shorter file).
pub fn sniff(bytes: &[u8]) -> Kind {
    use Format::*;
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    if at(0, b"\xff\xd8\xff") {
        Kind::Known(Jpeg)
    } else if let Some(name) = raw(bytes) {
        Kind::Raw(name)
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Kind::Known(Png)
    } else if at(0, b"II*\0") || at(0, b"MM\0*") || at(0, b"II+\0") || at(0, b"MM\0+") {
        Kind::Known(Tiff)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Kind::Known(WebP)
    } else if at(0, b"BM") && is_bmp(bytes) {
        Kind::Known(Bmp)
    } else if at(4, b"ftyp") {
        iso_brand(bytes)
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Kind::Unsupported("GIF")
    } else if at(0, b"\0\0\0\x0cJXL \r\n\x87\n") || at(0, b"\xff\x0a") {
        Kind::Unsupported("JPEG XL")
    } else if at(0, b"\0\0\0\x0cjP  \r\n\x87\n") {
        Kind::Unsupported("JPEG 2000")
    } else if is_film(bytes) {
        Kind::Film
    } else if let Some(name) = document(bytes) {
        Kind::Document(name)
    } else {
        Kind::Other
    }
}

/// Camera raws that say so in their first bytes.
fn raw(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 8] = [
        (b"FUJIFILMCCD-RAW", "Fujifilm RAF"),
        (b"IIRO", "Olympus ORF"),
        (b"IIRS", "Olympus ORF"),
        (b"MMOR", "Olympus ORF"),
        (b"IIU\0", "Panasonic RW2"),
        (b"FOVb", "Sigma X3F"),
        (b"\0MRM", "Minolta MRW"),
        (b"II\x1a\0\0\0HEAPCCDR", "Canon CRW"),
    ];
    let canon = bytes.starts_with(b"II*\0") && bytes.get(8..10) == Some(b"CR");
    let named = STARTS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, name)| *name);
    named.or(canon.then_some("Canon CR2"))
}

fn is_film(bytes: &[u8]) -> bool {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    (at(0, b"RIFF") && at(8, b"AVI "))
        || at(0, b"\x1a\x45\xdf\xa3")
        || at(0, b"\0\0\x01\xba")
        || at(0, b"\0\0\x01\xb3")
        || at(0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11")
        || at(0, b"FLV\x01")
        || [&b"moov"[..], b"mdat", b"wide", b"free"].iter().any(|atom| at(4, atom))
        || (at(0, b"\x47") && at(188, b"\x47"))
}

fn document(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 5] = [
        (b"%PDF", "PDF"),
        (b"PK\x03\x04", "ZIP: Office, OpenDocument or an archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office before 2007"),
        (b"{\\rtf", "RTF"),
        (b"%!PS", "PostScript"),
    ];
    STARTS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, name)| *name)
}

/// "BM" alone also starts many a text; a bitmap goes on with four reserved bytes and one of few header sizes.
fn is_bmp(bytes: &[u8]) -> bool {
    let header = bytes.get(14..18).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    matches!(header, Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// The ISO base media container holds HEIC and AVIF photographs, raws of Canon, and films.
fn iso_brand(bytes: &[u8]) -> Kind {
    // the brands that the file is compatible with follow its own; those of AVIF are telling where its own is a general one
    let length = bytes.get(..4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes) as usize;
    let brands = bytes.get(16..length.min(bytes.len())).unwrap_or_default();
    let compatible = |brand: &[u8; 4]| brands.as_chunks().0.contains(brand);
    match bytes.get(8..12) {
        Some(b"avif" | b"avis") => Kind::Unsupported("AVIF"),
        Some(b"mif1" | b"msf1") if compatible(b"avif") => Kind::Unsupported("AVIF"),
        Some(b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1") => {
            Kind::Known(Format::Heic)
        }
        Some(b"crx ") => Kind::Raw("Canon CR3"),
        Some(_) if compatible(b"heic") || compatible(b"heix") => Kind::Known(Format::Heic),
        Some(_) => Kind::Film,
        None => Kind::Other,
    }
}

/// Whether a name promises an image, so that its file is answered for even where the content is something else.
pub fn named_as_image(path: &Path) -> bool {
    const NAMES: [&str; 14] =
        ["jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "webp", "bmp", "heic", "heif", "hif", "avif", "gif"];
    ends_in(path, &NAMES)
}

/// Whether a name promises a camera's raw: then what looks like TIFF is one, although its directories do not say so.
pub(super) fn named_as_raw(path: &Path) -> bool {
    const NAMES: [&str; 23] = [
        "dng", "nef", "nrw", "cr2", "cr3", "crw", "arw", "srf", "sr2", "orf", "rw2", "raf", "pef", "srw", "x3f", "mrw",
        "3fr", "fff", "iiq", "erf", "kdc", "dcr", "mef",
    ];
    ends_in(path, &NAMES)
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    extension.is_some_and(|e| endings.contains(&e.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(sniff(b"\xff\xd8\xff\xe0"), Kind::Known(Format::Jpeg));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WEBPVP8 "), Kind::Known(Format::WebP));
        assert_eq!(sniff(b"\0\0\0\x18ftypheic\0\0\0\0"), Kind::Known(Format::Heic));
        assert_eq!(sniff(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"), Kind::Known(Format::Heic));
        assert_eq!(sniff(b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif"), Kind::Unsupported("AVIF"));
        assert_eq!(sniff(b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom"), Kind::Raw("Canon CR3"));
        assert_eq!(sniff(b"\0\0\0\x18ftypavif"), Kind::Unsupported("AVIF"));
        assert_eq!(sniff(b"\0\0\0\x18ftypisom"), Kind::Film);
        assert_eq!(sniff(b"II*\0\x10\0\0\0CR\x02\0"), Kind::Raw("Canon CR2"));
        assert_eq!(sniff(b"FUJIFILMCCD-RAW 0201"), Kind::Raw("Fujifilm RAF"));
        assert_eq!(sniff(b"%PDF-1.7"), Kind::Document("PDF"));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WAVEfmt "), Kind::Other);
        assert_eq!(sniff(b""), Kind::Other);
    }

    #[test]
    fn text_that_starts_like_a_bitmap_is_text() {
        assert_eq!(sniff(b"BMW made this, and more text follows"), Kind::Other);
        assert_eq!(sniff(b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0"), Kind::Known(Format::Bmp));
    }

    #[test]
    fn names_in_any_case() {
        assert!(named_as_image(Path::new("a/B.JPG")));
        assert!(!named_as_image(Path::new("jpg")));
        assert!(!named_as_image(Path::new("a.jpg.txt")));
    }
}
