//! What the container of a HEIC asks for, held against its size before it is believed.
//!
//! The decoder copies what an item refers to, as often as it is referred to: a small file can name one large stretch of itself a
//! million times. So all that is named is added up first.

use super::fault::damaged;
use crate::photo::failure::Failure;
use std::collections::HashMap;

/// All that items name may be this many times the file, and [`SPARE`] bytes more.
const TIMES: u64 = 4;
const SPARE: u64 = 16 << 20;

/// Refuses a container that would have more copied than it is long, several times over.
pub(super) fn check(bytes: &[u8]) -> Result<(), Failure> {
    let Some(meta) = boxes(bytes).find(|(kind, _)| kind == b"meta").and_then(|(_, body)| body.get(4..)) else {
        return Ok(());
    };
    let inside = |wanted: &'static [u8; 4]| boxes(meta).filter(move |(kind, _)| kind == wanted).map(|(_, body)| body);
    let lengths: HashMap<u64, u64> = inside(b"iloc").filter_map(item_lengths).flatten().collect();
    let mut asked = lengths.values().fold(0, |sum: u64, &length| sum.saturating_add(length));
    let configuration = inside(b"iprp")
        .flat_map(boxes)
        .filter(|(kind, _)| kind == b"ipco")
        .flat_map(|(_, body)| boxes(body))
        .filter(|(kind, _)| kind == b"hvcC")
        .map(|(_, body)| body.len() as u64)
        .max()
        .unwrap_or(0);
    for body in inside(b"iref") {
        let wide = body.first().is_some_and(|&version| version > 0);
        for (kind, reference) in boxes(body.get(4..).unwrap_or_default()) {
            if &kind != b"dimg" {
                continue;
            }
            let width = if wide { 4 } else { 2 };
            for id in reference.get(width + 2..).unwrap_or_default().chunks_exact(width) {
                let item = lengths.get(&number(id)).copied().unwrap_or(0);
                asked = asked.saturating_add(item).saturating_add(configuration);
            }
        }
    }
    if asked > TIMES * bytes.len() as u64 + SPARE {
        return Err(damaged(&"its parts name more bytes than it has"));
    }
    Ok(())
}

/// The boxes of a stretch, as far as they make sense.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (length, kind) = (number(rest.get(..4)?), *rest.get(4..8)?.first_chunk::<4>()?);
        let (head, length) = match length {
            0 => (8, rest.len() as u64),
            1 => (16, number(rest.get(8..16)?)),
            length => (8, length),
        };
        let end = usize::try_from(length).ok()?.min(rest.len());
        let body = rest.get(head..end)?;
        rest = rest.get(end..)?;
        Some((kind, body))
    })
}

/// How many bytes each item is, by the box that says where items are.
fn item_lengths(body: &[u8]) -> Option<Vec<(u64, u64)>> {
    let version = *body.first()?;
    let (sizes, more) = (*body.get(4)?, *body.get(5)?);
    let (offset, length, base) = (usize::from(sizes >> 4), usize::from(sizes & 15), usize::from(more >> 4));
    let index = if version > 0 { usize::from(more & 15) } else { 0 };
    let mut rest = body.get(6..)?;
    let mut take = |bytes: usize| {
        let (part, after) = rest.split_at_checked(bytes)?;
        rest = after;
        Some(number(part))
    };
    let wide = if version < 2 { 2 } else { 4 };
    let count = take(wide)?;
    let mut all = Vec::new();
    for _ in 0..count {
        let Some(id) = take(wide) else { break };
        take(if version > 0 { 4 } else { 2 } + base)?;
        let extents = take(2)?;
        let mut sum = 0u64;
        for _ in 0..extents {
            take(index + offset)?;
            sum = sum.saturating_add(take(length)?);
        }
        all.push((id, sum));
    }
    Some(all)
}

/// The last eight bytes at most, the highest first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}

/// Where a clean aperture begins on an axis and how long it is; `None` where it makes no sense.
pub(super) fn crop(side: u32, extent: (u32, u32), offset: (i32, u32)) -> Option<(u32, u32)> {
    let length = extent.0.checked_div(extent.1).filter(|&length| length > 0 && length <= side)?;
    let twice = 2 * i64::from(offset.1);
    let place = i64::from(side - length) * i64::from(offset.1) + 2 * i64::from(offset.0);
    let start = place.checked_div(twice).filter(|&start| start >= 0)?;
    let start = u32::try_from(start).ok()?;
    (start <= side - length).then_some((start, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
    }

    /// A container whose one item is named by this many tiles.
    fn grid(length: u32, tiles: u16) -> Vec<u8> {
        let iloc = [&b"\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01\0\0\0\0"[..], &length.to_be_bytes()].concat();
        let references = [&b"\0\x02"[..], &tiles.to_be_bytes(), &[0, 1].repeat(tiles.into())].concat();
        let iref = [&[0; 4][..], &boxed(b"dimg", &references)].concat();
        let meta = [&[0; 4][..], &boxed(b"iloc", &iloc), &boxed(b"iref", &iref)].concat();
        boxed(b"meta", &meta)
    }

    #[test]
    fn one_stretch_named_a_thousand_times_is_refused() {
        assert!(check(&grid(5000, 40)).is_ok());
        assert!(check(&grid(1 << 20, 40)).is_err());
        assert!(check(&grid(5000, 10_000)).is_err());
        let whole = grid(5000, 40);
        for length in 0..whole.len() {
            let _answered = check(&whole[..length]);
        }
    }

    #[test]
    fn apertures_lie_inside() {
        assert_eq!(crop(1280, (300, 1), (0, 1)), Some((490, 300)));
        assert_eq!(crop(10, (4, 1), (-2, 1)), Some((1, 4)));
        assert_eq!(crop(10, (11, 1), (0, 1)), None);
        assert_eq!(crop(10, (4, 1), (4, 1)), None);
        assert_eq!(crop(10, (4, 0), (0, 1)), None);
        assert_eq!(crop(10, (4, 1), (0, 0)), None);
    }
}
