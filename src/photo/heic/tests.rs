//! HEIC as telephones and libheif write it. The picture is 96 × 64; `tests/data/heic` has it as PNG and as libheif 1.15 and
//! x265 made HEIC of it: plain, of ten bits, and in limited range with the weights of BT.709.

use super::prepare;
use crate::photo::failure::Failure;
use crate::photo::luma::Gray;
use crate::photo::testing::with_exif;
use crate::photo::{Orientation, decode};
use image::imageops::{flip_horizontal, flip_vertical, overlay, rotate90, rotate180, rotate270};
use std::path::Path;

const PNG: &[u8] = include_bytes!("../../../tests/data/heic/tile.png");
const PLAIN: &[u8] = include_bytes!("../../../tests/data/heic/tile.heic");
const TEN_BITS: &[u8] = include_bytes!("../../../tests/data/heic/tile-10.heic");
const BT_709: &[u8] = include_bytes!("../../../tests/data/heic/tile-709.heic");

fn luma(bytes: &[u8]) -> Result<Gray, Failure> {
    prepare(bytes)?.luma()
}

fn read(bytes: &[u8]) -> Gray {
    decode(Path::new("a.heic"), bytes).unwrap().luma
}

/// Mean difference, in grey levels.
fn difference(a: &Gray, b: &Gray) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

fn full(kind: &[u8; 4], version: u8, body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, 0], body].concat())
}

/// A file of tiles made of the plain one, with whatever is asked for beside.
struct Container {
    columns: u8,
    rows: u8,
    size: (u32, u32),
    /// Boxes that say how the whole is turned.
    turns: Vec<Vec<u8>>,
    /// An EXIF block from its TIFF header on.
    exif: Vec<u8>,
    /// What is beside the photograph, by the name of its kind.
    beside: Option<&'static str>,
}

impl Container {
    fn new() -> Self {
        let (turns, exif) = (Vec::new(), Vec::new());
        Self { columns: 2, rows: 2, size: (180, 120), turns, exif, beside: None }
    }

    fn write(&self) -> Vec<u8> {
        let parsed = heic_decoder::isobmff::parse(PLAIN).unwrap();
        let tile = &parsed.images[0].data;
        let at = PLAIN.windows(4).position(|w| w == b"hvcC").unwrap() - 4;
        let length = u32::from_be_bytes(PLAIN[at..at + 4].try_into().unwrap()) as usize;
        let configuration = PLAIN[at..at + length].to_vec();
        let grid =
            [&[0, 1, self.rows - 1, self.columns - 1][..], &self.size.0.to_be_bytes(), &self.size.1.to_be_bytes()]
                .concat();
        let exif = [&[0; 4][..], &self.exif].concat();
        // items: 1 the tile, 2 the grid, 3 EXIF, 4 what is beside
        let kinds: [&[u8; 4]; 4] = [b"hvc1", b"grid", b"Exif", b"hvc1"];
        let contents: [&[u8]; 4] = [tile, &grid, &exif, b"nothing that could be decoded"];
        let entry = |n: usize| {
            let head = [&(n as u16 + 1).to_be_bytes()[..], &[0, 0], kinds[n], b"\0"].concat();
            full(b"infe", 2, &head)
        };
        let items = [&4u16.to_be_bytes()[..], &(0..4).flat_map(entry).collect::<Vec<u8>>()].concat();
        let properties = [vec![configuration], self.turns.clone()].concat();
        let named = self.beside.map(|name| full(b"auxC", 0, &[name.as_bytes(), b"\0"].concat()));
        let all: Vec<u8> = properties.iter().flatten().chain(named.iter().flatten()).copied().collect();
        let turns: Vec<u8> = (0..self.turns.len() as u8).map(|n| n + 2).collect();
        let last = properties.len() as u8 + 1;
        let of = |item: u8, list: &[u8]| [&[0, item, list.len() as u8][..], list].concat();
        let mut associations = vec![of(1, &[1]), of(2, &turns)];
        associations.extend(self.beside.map(|_| of(4, &[1, last])));
        let ipma = [&(associations.len() as u32).to_be_bytes()[..], &associations.concat()].concat();
        let tiles = self.rows * self.columns;
        let mut references = boxed(b"dimg", &[&[0, 2, 0, tiles][..], &[0, 1].repeat(tiles.into())].concat());
        references.extend(boxed(b"cdsc", &[0, 3, 0, 1, 0, 2]));
        references.extend(self.beside.iter().flat_map(|_| boxed(b"auxl", &[0, 4, 0, 1, 0, 2])));
        let meta = |start: u32| {
            let mut iloc = b"\x44\0\0\x04".to_vec();
            let mut at = start;
            for (n, content) in contents.iter().enumerate() {
                iloc.extend((n as u16 + 1).to_be_bytes());
                iloc.extend([0, 0, 0, 1]);
                iloc.extend(at.to_be_bytes());
                iloc.extend((content.len() as u32).to_be_bytes());
                at += content.len() as u32;
            }
            let body = [
                full(b"hdlr", 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
                full(b"pitm", 0, &[0, 2]),
                full(b"iloc", 0, &iloc),
                full(b"iinf", 0, &items),
                boxed(b"iprp", &[boxed(b"ipco", &all), full(b"ipma", 0, &ipma)].concat()),
                full(b"iref", 0, &references),
            ];
            full(b"meta", 0, &body.concat())
        };
        let head = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
        let start = head.len() + meta(0).len() + 8;
        [head, meta(start as u32), boxed(b"mdat", &contents.concat())].concat()
    }
}

/// Four tiles as one picture, cut to its size.
fn four() -> Gray {
    let (tile, mut whole) = (luma(PLAIN).unwrap(), Gray::new(180, 120));
    for (x, y) in [(0, 0), (96, 0), (0, 64), (96, 64)] {
        overlay(&mut whole, &tile, x, y);
    }
    whole
}

fn irot(turns: u8) -> Vec<u8> {
    boxed(b"irot", &[turns])
}

fn imir(axis: u8) -> Vec<u8> {
    boxed(b"imir", &[axis])
}

fn exif(orientation: u16) -> Vec<u8> {
    let jpeg = with_exif(b"\xff\xd8\xff\xd9", orientation, "2021:05:18 13:58:00");
    jpeg[12..jpeg.len() - 2].to_vec()
}

#[test]
fn luma_is_that_of_the_picture_in_whatever_bits_and_range() {
    let png = decode(Path::new("a.png"), PNG).unwrap().luma;
    for (name, bytes) in [("plain", PLAIN), ("ten bits", TEN_BITS), ("BT.709, limited", BT_709)] {
        let off = difference(&luma(bytes).unwrap(), &png);
        assert!(off < 1.0, "{name}: off by {off}");
    }
    let (colour, scale) = prepare(BT_709).unwrap().colour(1000).unwrap();
    let truth = image::load_from_memory(PNG).unwrap().into_rgb8();
    let off: u64 = colour.iter().zip(truth.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(scale == 1.0 && (off as f64) < 4.0 * truth.len() as f64, "colour off by {off}");
}

#[test]
fn tiles_come_together_and_are_cut_to_the_size() {
    assert_eq!(luma(&Container::new().write()).unwrap(), four());
}

/// Telephones say it twice: in the container and in EXIF. It is done once.
#[test]
fn turned_once_whoever_says_it() {
    let with = |turns: &[Vec<u8>], orientation: u16| {
        let turns = turns.to_vec();
        read(&Container { turns, exif: exif(orientation), ..Container::new() }.write())
    };
    let plain = four();
    assert_eq!(with(&[], 1), plain);
    assert_eq!(with(&[irot(3)], 6), rotate90(&plain), "both");
    assert_eq!(with(&[], 6), rotate90(&plain), "EXIF alone");
    assert_eq!(with(&[irot(0)], 6), plain, "the container says upright");
    assert_eq!(with(&[irot(1)], 1), rotate270(&plain));
    assert_eq!(with(&[irot(2)], 1), rotate180(&plain));
    assert_eq!(with(&[imir(1)], 1), flip_horizontal(&plain));
    assert_eq!(with(&[imir(0)], 1), flip_vertical(&plain));
    assert_eq!(with(&[irot(1), imir(1)], 5), flip_horizontal(&rotate270(&plain)), "in the order given");
    let upright = Orientation::from_exif(5).apply(plain.as_raw(), 180, 120);
    assert_eq!(with(&[], 5).as_raw(), &upright);
    let photo = decode(Path::new("a"), &Container { exif: exif(1), ..Container::new() }.write()).unwrap();
    assert_eq!(photo.captured_at.as_deref(), Some("2021-05-18T13:58:00"));
}

#[test]
fn what_is_beside_the_photograph_does_no_harm() {
    for kind in ["urn:com:apple:photo:2020:aux:hdrgainmap", "urn:mpeg:hevc:2015:auxid:2"] {
        assert_eq!(luma(&Container { beside: Some(kind), ..Container::new() }.write()).unwrap(), four(), "{kind}");
    }
}

#[test]
fn a_clean_aperture_is_cut_out() {
    let numbers: Vec<u8> = [100u32, 1, 60, 1, 0, 1, 0, 1].iter().flat_map(|n| n.to_be_bytes()).collect();
    let bytes = Container { turns: vec![boxed(b"clap", &numbers)], ..Container::new() }.write();
    assert_eq!(luma(&bytes).unwrap(), image::imageops::crop_imm(&four(), 40, 30, 100, 60).to_image());
}

/// A container may claim any size; nothing of it is allocated before the limits are held against it.
#[test]
fn huge_claims_are_refused() {
    for (size, cause) in [((19_000, 12_000), "19000 x 12000"), ((20_000, 15_000), "too large")] {
        let error = luma(&Container { size, ..Container::new() }.write()).unwrap_err();
        assert!(error.message.contains(cause), "{error:?}");
    }
}

#[test]
fn what_is_damaged_is_refused_and_nothing_panics() {
    let whole = Container::new().write();
    for length in (0..PLAIN.len()).step_by(11) {
        assert!(luma(&PLAIN[..length]).is_err(), "{length} bytes of {}", PLAIN.len());
    }
    for bytes in [PLAIN, &whole] {
        for at in (0..bytes.len()).step_by(3) {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 0xff;
            let _answered = luma(&bytes);
        }
    }
}
