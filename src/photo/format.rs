//! Formats, recognised by content: a name can lie.

use std::path::Path;

/// Bytes from the start of a file that suffice for [`sniff`].
pub(super) const SNIFF_BYTES: usize = 32;

/// A format that can be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG; of an animation the first frame.
    Png,
    /// TIFF; of several pages the first.
    Tiff,
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
    /// Not an image, as far as can be told.
    Other,
}

/// Recognises a file by its first bytes ([`SNIFF_BYTES`] of them, or all of a shorter file).
pub fn sniff(bytes: &[u8]) -> Kind {
    use Format::*;
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    if at(0, b"\xff\xd8\xff") {
        Kind::Known(Jpeg)
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
    } else {
        Kind::Other
    }
}

/// "BM" alone also starts many a text; a bitmap goes on with four reserved bytes and one of few header sizes.
fn is_bmp(bytes: &[u8]) -> bool {
    let header = bytes.get(14..18).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    matches!(header, Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// The ISO base media container holds HEIC and AVIF photographs, and also films, which are no images.
fn iso_brand(bytes: &[u8]) -> Kind {
    match bytes.get(8..12) {
        Some(b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1") => {
            Kind::Unsupported("HEIC")
        }
        Some(b"avif" | b"avis") => Kind::Unsupported("AVIF"),
        Some(b"crx ") => Kind::Unsupported("Canon raw"),
        _ => Kind::Other,
    }
}

/// Whether a name promises an image, so that its file is answered for even where the content is something else.
pub fn named_as_image(path: &Path) -> bool {
    const NAMES: [&str; 13] =
        ["jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "webp", "bmp", "heic", "heif", "avif", "gif"];
    let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    extension.is_some_and(|e| NAMES.contains(&e.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(sniff(b"\xff\xd8\xff\xe0"), Kind::Known(Format::Jpeg));
        assert_eq!(sniff(b"RIFF\x10\0\0\0WEBPVP8 "), Kind::Known(Format::WebP));
        assert_eq!(sniff(b"\0\0\0\x18ftypheic\0\0\0\0"), Kind::Unsupported("HEIC"));
        assert_eq!(sniff(b"\0\0\0\x18ftypavif"), Kind::Unsupported("AVIF"));
        assert_eq!(sniff(b"\0\0\0\x18ftypisom"), Kind::Other, "a film is no photograph");
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
