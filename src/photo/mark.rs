//! The mark inside the program's own drawings, by which they are known whatever they are called.

/// What the comment of a drawing says.
const COMMENT: &[u8] = b"headstamp: annotated copy, not a photograph";

/// Puts the mark into a JPEG, as a comment behind its first segment.
pub fn mark_as_drawing(jpeg: &[u8]) -> Vec<u8> {
    let first = jpeg.get(4..6).and_then(|b| b.try_into().ok()).map_or(0, u16::from_be_bytes);
    let at = (4 + usize::from(first)).min(jpeg.len());
    let (before, after) = jpeg.split_at(at);
    let mut out = Vec::with_capacity(jpeg.len() + 4 + COMMENT.len());
    out.extend_from_slice(before);
    out.extend_from_slice(&[0xff, 0xfe]);
    out.extend_from_slice(&(COMMENT.len() as u16 + 2).to_be_bytes());
    out.extend_from_slice(COMMENT);
    out.extend_from_slice(after);
    out
}

/// Whether a JPEG bears the mark; the first [`super::format::SNIFF_BYTES`] suffice.
pub fn is_drawing(start: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = start.get(at..at + 4) {
        let length = usize::from(u16::from_be_bytes([high, low])).max(2);
        if marker == 0xfe && start.get(at + 4..at + 2 + length) == Some(COMMENT) {
            return true;
        }
        at += 2 + length;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::format::SNIFF_BYTES;
    use crate::photo::testing::{jpeg, noise};

    #[test]
    fn marked_it_is_known_and_still_a_picture() {
        let plain = jpeg(&noise(40, 30));
        let marked = mark_as_drawing(&plain);
        assert!(is_drawing(&marked[..SNIFF_BYTES]) && !is_drawing(&plain));
        assert_eq!(image::load_from_memory(&marked).unwrap(), image::load_from_memory(&plain).unwrap());
        for length in 0..SNIFF_BYTES {
            is_drawing(&marked[..length]);
        }
        mark_as_drawing(b"");
    }
}
