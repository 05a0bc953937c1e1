//! TIFF as others write it.

use super::open;
use crate::photo::failure::Failure;
use crate::photo::luma::Gray;
use crate::photo::testing::{Tiff, noise};
use image::Luma;
use std::io::Cursor;

fn decode(bytes: &[u8], page: usize) -> Result<Gray, Failure> {
    open(Cursor::new(bytes), page)?.luma()
}

/// A picture in colour whose luma is that of the grey one.
fn colours(picture: &Gray, at: (u32, u32)) -> [u8; 3] {
    [picture.get_pixel(at.0, at.1).0[0]; 3]
}

#[test]
fn tiles_and_strips_together_or_in_planes() {
    let picture = noise(120, 90);
    for planes in [false, true] {
        for unit in [(120, 90), (120, 7), (64, 48), (16, 16)] {
            let tiff = Tiff { planes, unit, bits: 8, ..Tiff::rgb(120, 90) };
            let bytes = tiff.write(|x, y| colours(&picture, (x, y)).map(u16::from).to_vec());
            assert_eq!(decode(&bytes, 1).unwrap(), picture, "planes {planes}, {unit:?}");
        }
    }
}

/// Ten and twelve bits lie in the low end of sixteen, and seldom does a tag say so.
#[test]
fn fewer_bits_than_there_is_room_for() {
    let picture = noise(60, 40);
    let grey = |x: u32, y: u32, shift: u32| vec![u16::from(picture.get_pixel(x, y).0[0]) << shift];
    for (shift, told) in [(2, None), (4, None), (6, None), (2, Some(1023)), (4, Some(4095))] {
        let tiff = Tiff { bits: 16, most: told, ..Tiff::grey(60, 40) };
        assert_eq!(decode(&tiff.write(|x, y| grey(x, y, shift)), 1).unwrap(), picture, "{shift} {told:?}");
    }
    let full = Tiff { bits: 16, ..Tiff::grey(60, 40) }.write(|x, y| vec![grey(x, y, 0)[0] * 257]);
    assert_eq!(decode(&full, 1).unwrap(), picture);
    // packed, as it is stored in as many bits as there are
    for (bits, shift) in [(12, 4), (10, 2), (4, 0)] {
        let tiff = Tiff { bits, ..Tiff::grey(60, 40) };
        let bytes = tiff.write(|x, y| if bits == 4 { vec![grey(x, y, 0)[0] >> 4] } else { grey(x, y, shift) });
        let got = decode(&bytes, 1).unwrap();
        let most = got.iter().zip(picture.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(most <= if bits == 4 { 16 } else { 1 }, "{bits} bits: off by {most}");
    }
}

#[test]
fn white_may_be_nought() {
    let picture = noise(30, 20);
    let tiff = Tiff { photometric: 0, ..Tiff::grey(30, 20) };
    let bytes = tiff.write(|x, y| vec![255 - u16::from(picture.get_pixel(x, y).0[0])]);
    assert_eq!(decode(&bytes, 1).unwrap(), picture);
}

#[test]
fn pages_are_pictures_of_their_own() {
    let page = |level: u8| Tiff::grey(20, 10).write(move |_, _| vec![level.into()]);
    let bytes = Tiff::joined(&[page(10), page(20), page(30)]);
    for (number, level) in [(1, 10), (2, 20), (3, 30)] {
        assert_eq!(decode(&bytes, number).unwrap(), Gray::from_pixel(20, 10, Luma([level])));
    }
    assert!(decode(&bytes, 4).unwrap_err().message.contains("3 pages"));
}

/// Of a master hundreds of megabytes long no more than bands of rows is in memory.
#[test]
fn one_long_strip_takes_no_memory_of_its_own() {
    let bytes = Tiff { bits: 16, ..Tiff::rgb(4000, 3000) }.header();
    let page = open(Cursor::new(bytes), 1).unwrap();
    assert!(page.memory < 4000 * 3000 * 3 + (20 << 20), "{} MiB", page.memory >> 20);
}

#[test]
fn what_is_damaged_is_refused_and_nothing_panics() {
    let picture = noise(40, 30);
    let whole = Tiff { unit: (16, 16), planes: true, ..Tiff::rgb(40, 30) }
        .write(|x, y| colours(&picture, (x, y)).map(u16::from).to_vec());
    assert!(decode(&whole, 1).is_ok());
    // what hangs over the edge is not read
    for length in (0..whole.len() - 64).step_by(7) {
        assert!(decode(&whole[..length], 1).is_err(), "{length} bytes of {}", whole.len());
    }
    for at in 0..400 {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        let _answered = decode(&bytes, 1);
    }
}
