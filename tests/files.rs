//! Which files are photographs, and what is said of those that are none: kinds as they lie in real folders, made on the spot.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A rendered photograph with one legible head.
fn render(folder: &Folder) -> PathBuf {
    let args = ["--count", "1", "--seed", "10", "--subject", "single", "--legible", "--size", "640x480"];
    folder.renders("rendered", args).join("00000.jpg")
}

/// The first proposal of each head.
fn headstamps(record: &Value) -> Vec<&str> {
    let heads = record["heads"].as_array().unwrap().iter();
    heads.filter_map(|head| head["proposals"][0]["headstamp"].as_str()).collect()
}

/// A camera's raw as TIFF: a small picture first, what the sensor saw behind.
fn raw() -> Vec<u8> {
    let entry = |tag: u16, value: u32| [&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat();
    let first = [entry(254, 1), entry(256, 64), entry(257, 64), entry(262, 2), entry(330, 74)].concat();
    let second = [entry(256, 4000), entry(257, 3000), entry(262, 32_803)].concat();
    [b"II*\0\x08\0\0\0\x05\0".as_slice(), &first, &[0; 4], b"\x03\0", &second, &[0; 4]].concat()
}

#[test]
fn what_lies_beside_photographs_is_passed_over_and_counted() {
    let folder = Folder::new();
    let photo = render(&folder);
    let photos = folder.path("photos");
    for sub in ["photos/@eaDir/IMG_1.JPG", "photos/.thumbnails", "photos/$RECYCLE.BIN/S-1"] {
        fs::create_dir_all(folder.path(sub)).unwrap();
    }
    for copy in ["IMG_1.JPG", "@eaDir/IMG_1.JPG/THUMB_M.jpg", ".thumbnails/1.jpg", "$RECYCLE.BIN/S-1/$R1.jpg"] {
        fs::copy(&photo, photos.join(copy)).unwrap();
    }
    folder.write("photos/._IMG_1.JPG", b"\0\x05\x16\x07");
    folder.write("photos/Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    folder.write("photos/IMG_2.NEF", raw());
    folder.write("photos/IMG_3.CR3", b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom");
    folder.write("photos/raw-by-another-name.tif", raw());
    folder.write("photos/MVI_4.MOV", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ");
    folder.write("photos/report.pdf", b"%PDF-1.7");
    folder.write("photos/notes.txt", "notes");
    // a drawing is known by what is inside, not by its name
    headstamp(["read", "-q", "--annotate"]).arg(photos.join("seen")).arg(&photo).success();
    fs::rename(photos.join("seen/00000.annotated.jpg"), photos.join("IMG_5.JPG")).unwrap();
    let read = headstamp(["read", "-q", "--json"]).arg(&photos).success().complains(
        "passed over: 3 thumbnails, 1 deleted photograph, 1 file of attributes, 1 annotated copy, 3 camera raws, \
         1 film, 1 document\n",
    );
    let records = read.records();
    assert_eq!(records.len(), 1, "{}", read.out);
    assert!(records[0]["photo"].as_str().unwrap().ends_with("IMG_1.JPG"));
    let catalogue = folder.path("a.catalogue");
    let add = headstamp(["add", "-q", "--catalogue"]).arg(&catalogue).arg(&photos).success();
    add.complains("1 photographs added").complains("passed over: 3 thumbnails");

    for (name, cause, advice) in [
        ("IMG_2.NEF", "camera raw", "develop it"),
        ("IMG_3.CR3", "Canon CR3", "develop it"),
        ("raw-by-another-name.tif", "camera raw", "develop it"),
        ("MVI_4.MOV", "a film", "save a picture of it"),
        ("report.pdf", "PDF", "save the pictures in it"),
        ("IMG_5.JPG", "drew on", "name the photograph itself"),
        ("notes.txt", "not an image", ""),
        (".thumbnails/1.jpg", "among thumbnails", "name the photograph it was made of"),
        ("$RECYCLE.BIN/S-1/$R1.jpg", "was deleted", "restore it"),
        (".thumbnails", "among thumbnails", "name the photograph"),
    ] {
        let named = headstamp(["read", "-q", "--json"]).arg(photos.join(name)).status(1);
        named.complains(cause).complains(advice);
    }
}

#[test]
fn heic_is_read_as_the_picture_it_was_made_of() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/heic");
    let records = headstamp(["read", "-q", "--json"]).arg(&data).success().complains("same picture").records();
    assert_eq!(records.len(), 4);
    for record in &records {
        assert_eq!((&record["width"], &record["height"]), (&96.into(), &64.into()), "{record}");
    }
    let folder = Folder::new();
    let whole = fs::read(data.join("tile.heic")).unwrap();
    let cut = folder.write("cut.heic", &whole[..whole.len() / 2]);
    let lies = folder.write("false.heic", [&whole[..28], &b"no photograph at all"[..]].concat());
    let renamed = folder.write("heic.jpg", &whole);
    headstamp(["read", "-q"]).arg(cut).status(1).complains("cut short");
    headstamp(["read", "-q"]).arg(lies).status(1).complains("the HEIC is damaged");
    headstamp(["read", "-q"]).arg(renamed).success();
}

/// A plain grey TIFF of pages, uncompressed.
fn tiff(pages: &[image::GrayImage]) -> Vec<u8> {
    let mut out = b"II*\0".to_vec();
    let mut link = out.len();
    out.extend([0; 4]);
    for page in pages {
        let (width, height) = page.dimensions();
        let at = out.len() as u32;
        out[link..link + 4].copy_from_slice(&at.to_le_bytes());
        let tags = [
            (256, width),
            (257, height),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, at + 102),
            (277, 1),
            (279, width * height),
        ];
        out.extend((tags.len() as u16).to_le_bytes());
        for (tag, value) in tags {
            out.extend(u16::try_from(tag).unwrap().to_le_bytes());
            out.extend([4, 0, 1, 0, 0, 0]);
            out.extend(u32::to_le_bytes(value));
        }
        link = out.len();
        out.extend([0; 4]);
        out.extend(page.as_raw());
    }
    out
}

#[test]
fn each_page_of_a_tiff_is_a_photograph_of_its_own() {
    let folder = Folder::new();
    let photo = image::open(render(&folder)).unwrap().into_luma8();
    let turned = image::imageops::rotate180(&photo);
    let blank = image::GrayImage::from_pixel(64, 48, image::Luma([128]));
    let bytes = tiff(&[photo.clone(), blank, turned]);
    let scan = folder.write("scan.tif", &bytes);
    let records = headstamp(["read", "-q", "--json"]).arg(&scan).success().records();
    let names: Vec<&str> = records.iter().map(|r| r["photo"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["scan.tif", "scan.tif#2", "scan.tif#3"]);
    let png = folder.path("whole.png");
    photo.save(&png).unwrap();
    let whole = headstamp(["read", "-q", "--json"]).arg(&png).success().json();
    assert_eq!(headstamps(&records[0]), headstamps(&whole));
    assert_eq!(records[1]["heads"], serde_json::json!([]));
    assert!(records[2]["remarks"][0].as_str().unwrap().contains("turned or mirrored, as"), "{}", records[2]);
    // a page is known by the file's bytes and its number
    use sha2::{Digest, Sha256};
    let hash = |mark: &str| hex::encode(Sha256::new().chain_update(&bytes).chain_update(mark).finalize());
    assert_eq!(records.iter().map(|r| r["sha256"].as_str().unwrap()).collect::<Vec<_>>(), ["", "#2", "#3"].map(hash));
    // and can be named, added once, verified
    let third = headstamp(["read", "-q", "--json"]).arg(folder.path("scan.tif#3")).success().json();
    assert_eq!(third["sha256"], records[2]["sha256"]);
    headstamp(["read", "-q"]).arg(folder.path("scan.tif#4")).status(1).complains("3 pages");
    let catalogue = folder.path("a.catalogue");
    let add = || headstamp(["add", "-q", "--catalogue"]).arg(&catalogue).arg(&scan).success();
    add().complains("3 photographs added");
    add().complains("0 photographs added, 3 held already");
    headstamp(["verify", "--catalogue"]).arg(&catalogue).arg("--photos").arg(folder.root()).success();
}

#[test]
fn a_jpeg_without_its_end_marker_is_read_with_a_remark() {
    let folder = Folder::new();
    let bytes = fs::read(render(&folder)).unwrap();
    let whole = folder.write("whole.jpg", &bytes);
    let unended = folder.write("unended.jpg", &bytes[..bytes.len() - 2]);
    let cut = folder.write("cut.jpg", &bytes[..bytes.len() - 300]);
    let read = headstamp(["read", "-q", "--json"]).arg(&unended).success().complains("end marker");
    let whole = headstamp(["read", "-q", "--json"]).arg(&whole).success().json();
    assert_eq!(headstamps(&read.json()), headstamps(&whole));
    assert!(read.json()["remarks"][0].as_str().unwrap().contains("end marker"));
    headstamp(["read", "-q"]).arg(&cut).status(1).complains("cut short");
}

#[test]
fn one_picture_in_other_bytes_is_recognised() {
    let folder = Folder::new();
    let bytes = fs::read(render(&folder)).unwrap();
    let comment = [&bytes[..2], &b"\xff\xfe\0\x08other?"[..], &bytes[2..]].concat();
    let paths =
        [folder.write("a.jpg", &bytes), folder.write("b.jpg", comment), folder.path("c.png"), folder.path("d.jpg")];
    let picture = image::load_from_memory(&bytes).unwrap();
    picture.rotate90().save(&paths[2]).unwrap();
    picture.save(&paths[3]).unwrap();
    let read = headstamp(["read", "-q", "--json"]).args(&paths).success();
    let records = read.records();
    let remark = |n: usize| records[n]["remarks"].as_array().map(|all| all[0].as_str().unwrap().to_owned());
    assert_eq!(remark(0), None);
    let first = paths[0].display();
    assert_eq!(remark(1), Some(format!("same picture as {first}")));
    assert_eq!(remark(2), Some(format!("same picture, turned or mirrored, as {first}")));
    assert_eq!(remark(3), Some(format!("same picture, compressed anew, as {first}")));
    assert_eq!(records[0]["picture"]["pixels"], records[1]["picture"]["pixels"]);

    // in a catalogue its heads are reviewed once, whenever the others come
    let catalogue = folder.path("a.catalogue");
    let add = |paths: &[PathBuf]| headstamp(["add", "-q", "--catalogue"]).arg(&catalogue).args(paths).success();
    let heads = records[0]["heads"].as_array().unwrap().len();
    add(&paths[..2]);
    add(&paths).complains(&format!("same picture, turned or mirrored, as {first}"));
    let status = headstamp(["status", "--json", "--catalogue"]).arg(&catalogue).success().json();
    assert_eq!((status["photographs"].as_u64(), status["pending"].as_u64()), (Some(4), Some(heads as u64)));
    assert!(status["same_picture"].as_u64() >= Some(3));
    headstamp(["status", "--catalogue"]).arg(&catalogue).success().says("on pictures that are held in other bytes");
}

#[cfg(unix)]
#[test]
fn names_that_deceive_are_written_out() {
    let folder = Folder::new();
    let name = "a\u{202e}gpj.\nerror: b\u{200b}.jpg";
    fs::rename(render(&folder), folder.path(name)).unwrap();
    let table = headstamp(["read", "-q"]).arg(folder.path(name)).success().says("a\\u{202e}gpj.\\nerror");
    assert!(!table.out.contains(['\u{202e}', '\u{200b}']));
    let json = headstamp(["read", "-q", "--json"]).arg(folder.path(name)).success().json();
    assert!(json["photo"].as_str().unwrap().ends_with(name), "JSON keeps it");
    let missing = headstamp(["read", "-q"]).arg(folder.path("x\u{2066}\n.jpg")).status(1);
    assert!(missing.err.contains("x\\u{2066}\\n.jpg: find:"), "{}", missing.err);
}
