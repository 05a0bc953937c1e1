//! The directories of a TIFF, looked at without decoding: which of them are pages, and whether the file is a camera's raw.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};

/// Most directories that are looked at.
const MAX_DIRECTORIES: usize = 4096;
/// Most entries of a directory that are looked at.
const MAX_ENTRIES: u64 = 4096;

/// What a directory says of its picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Directory {
    /// A smaller copy of another picture, or a mask.
    subordinate: bool,
    photometric: u64,
    compression: u64,
    sub_directories: Option<Values>,
    dng: bool,
    next: u64,
}

/// Where the values of an entry are: in the file, and how wide each is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Values {
    at: u64,
    count: u64,
    wide: bool,
}

/// What a TIFF holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// Places of the pages among the directories of the main chain, counted from 0.
    pub pages: Vec<usize>,
    /// Whether one of its pictures is what a sensor saw, not yet developed.
    pub raw: bool,
    /// Whether there were more directories than are looked at.
    pub endless: bool,
}

/// Looks at all directories. What is damaged ends the walk: what was found until then counts.
pub(super) fn contents(reader: &mut (impl Read + Seek)) -> Contents {
    let mut found = Contents::default();
    let Ok((mut file, mut next)) = open(reader) else { return found };
    let (mut visited, mut seen, mut index) = (HashSet::new(), 0, 0);
    while next != 0 && visited.insert(next) {
        if seen >= MAX_DIRECTORIES {
            found.endless = true;
            break;
        }
        let Ok(directory) = file.directory(next) else { break };
        seen += 1;
        found.raw |= directory.is_raw();
        for at in file.sub_directories(directory.sub_directories) {
            seen += 1;
            found.raw |= file.directory(at).is_ok_and(|d| d.is_raw());
        }
        // the small picture that cameras put into a second directory is JPEG of the old kind
        let thumbnail = directory.subordinate || (index > 0 && directory.compression == OLD_JPEG);
        if !thumbnail {
            found.pages.push(index);
        }
        index += 1;
        next = directory.next;
    }
    if found.pages.is_empty() && index > 0 {
        found.pages.push(0);
    }
    found
}

const OLD_JPEG: u64 = 6;

impl Directory {
    fn is_raw(&self) -> bool {
        // a colour filter array and linear raw; makers' compressions: Sony, Nikon, Pentax, Samsung, Kodak
        matches!(self.photometric, 32_803 | 34_892)
            || matches!(self.compression, 32_767 | 32_769 | 32_770 | 32_867 | 34_713 | 65_000 | 65_535)
            || self.dng
    }
}

struct Tiff<'r, R> {
    reader: &'r mut R,
    little: bool,
    big: bool,
}

/// Reads the header; gives also where the first directory is.
fn open<R: Read + Seek>(reader: &mut R) -> io::Result<(Tiff<'_, R>, u64)> {
    let mut head = [0; 4];
    reader.seek(SeekFrom::Start(0))?;
    reader.read_exact(&mut head)?;
    let little = head[0] == b'I';
    let big = head[2..].contains(&43);
    let mut tiff = Tiff { reader, little, big };
    if big {
        tiff.number(4)?;
    }
    let width = tiff.width();
    let first = tiff.number(width)?;
    Ok((tiff, first))
}

impl<R: Read + Seek> Tiff<'_, R> {
    /// Bytes of an offset.
    fn width(&self) -> usize {
        if self.big { 8 } else { 4 }
    }

    fn number(&mut self, bytes: usize) -> io::Result<u64> {
        let mut buffer = [0; 8];
        let part = &mut buffer[..bytes.min(8)];
        self.reader.read_exact(part)?;
        Ok(number(part, self.little))
    }

    fn directory(&mut self, at: u64) -> io::Result<Directory> {
        self.reader.seek(SeekFrom::Start(at))?;
        let (width, count_bytes) = (self.width(), if self.big { 8 } else { 2 });
        let entries = self.number(count_bytes)?;
        if entries > MAX_ENTRIES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut found = Directory::default();
        let head = if self.big { 12 } else { 8 };
        let size = head + width as u64;
        let start = at + count_bytes as u64;
        let mut bytes = vec![0; (entries * size) as usize];
        self.reader.read_exact(&mut bytes)?;
        for (n, entry) in bytes.chunks_exact(size as usize).enumerate() {
            let part = |from: usize, to: usize| number(&entry[from..to], self.little);
            let (tag, kind, count) = (part(0, 2), part(2, 4), part(4, head as usize));
            let value_bytes = match kind {
                1 => 1,
                3 => 2,
                4 | 13 => 4,
                16 | 18 => 8,
                _ => 0,
            };
            let value = part(head as usize, head as usize + value_bytes.min(width));
            match tag {
                // reduced, or a mask; and the older tag for a reduced one
                254 => found.subordinate |= value & 0b101 != 0,
                255 => found.subordinate |= value == 2,
                259 => found.compression = value,
                262 => found.photometric = value,
                330 => {
                    let inside = count * value_bytes as u64 <= width as u64;
                    let at = if inside { start + n as u64 * size + head } else { part(head as usize, size as usize) };
                    found.sub_directories = Some(Values { at, count, wide: value_bytes == 8 });
                }
                50_706 => found.dng = true,
                _ => {}
            }
        }
        found.next = self.number(width)?;
        Ok(found)
    }

    /// Where the directories inside another are; few are ever there.
    fn sub_directories(&mut self, values: Option<Values>) -> Vec<u64> {
        const MOST: u64 = 16;
        let Some(Values { at, count, wide }) = values else { return Vec::new() };
        if self.reader.seek(SeekFrom::Start(at)).is_err() {
            return Vec::new();
        }
        (0..count.min(MOST)).map_while(|_| self.number(if wide { 8 } else { 4 }).ok()).collect()
    }
}

fn number(bytes: &[u8], little: bool) -> u64 {
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::testing::directories;
    use std::io::Cursor;

    fn of(bytes: &[u8]) -> Contents {
        contents(&mut Cursor::new(bytes))
    }

    #[test]
    fn pages_are_told_from_small_copies_and_raws_from_pictures() {
        let page = [(256, 8), (262, 1), (259, 1)];
        let small = [(254, 1), (256, 8), (262, 1), (259, 1)];
        let thumb = [(256, 8), (262, 6), (259, 6)];
        assert_eq!(of(&directories(&[&page])).pages, [0]);
        assert_eq!(of(&directories(&[&page, &small, &page, &thumb])).pages, [0, 2]);
        assert_eq!(of(&directories(&[&small])).pages, [0], "if nothing else is there");
        for raw in [(262, 32_803), (262, 34_892), (259, 34_713), (50_706, 0x0401)] {
            let contents = of(&directories(&[&small, &[raw]]));
            assert!(contents.raw, "{raw:?}");
        }
        assert!(!of(&directories(&[&page, &page])).raw);
    }

    #[test]
    fn what_is_damaged_ends() {
        let mut ring = directories(&[&[(256, 8)], &[(256, 9)]]);
        let end = ring.len() - 4;
        ring[end..].copy_from_slice(&8u32.to_le_bytes());
        assert_eq!(of(&ring).pages, [0, 1]);
        let whole = directories(&[&[(256, 8), (330, 7)], &[(262, 1)]]);
        for length in 0..whole.len() {
            of(&whole[..length]);
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            of(&bytes);
        }
    }
}
