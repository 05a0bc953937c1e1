//! Pictures of heads, made from the photographs, which are opened for reading only.

use super::turn;
use crate::catalogue::Item;
use crate::draw::Text;
use crate::ellipse::Ellipse;
use crate::photo::{self, Budget, Photo};
use crate::pictures;
use crate::review::groups::upright;
use crate::sample::{bilinear, shrink_around};
use image::imageops::{self, FilterType};
use image::{GrayImage, Rgb, RgbImage};
use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Memory that pictures may take, in bytes: some four thousand small ones, or a few hundred of each large kind.
const MOST_BYTES: usize = 48 << 20;
/// Side of the turned head, and of the small one, in pixels.
const SIDE: u32 = 560;
const SMALL: u32 = 168;
/// Side of a head that is held against another, in pixels.
const EVEN: u32 = 280;
/// What is shown of it, in radii of the rim.
const AROUND: f32 = 1.06;
/// Longer side of a whole photograph, in pixels.
const WHOLE: u32 = 1600;

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// The photograph round the head, with rim and marks.
    Photo,
    /// The head, the maker's mark up.
    Turned,
    /// The same, small, for sheets.
    Small,
    /// The ring unrolled.
    Strip,
}

impl Kind {
    /// As it stands in an address.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Turned => "turned",
            Self::Small => "small",
            Self::Strip => "strip",
        }
    }
}

/// What tells a picture of a head from one of the same head fitted otherwise.
pub(super) fn version(item: &Item) -> String {
    let Ellipse { cx, cy, a, b, angle_deg } = item.head.ellipse;
    format!("{:x}", [cx, cy, a, b, angle_deg].iter().fold(0u32, |sum, v| sum.rotate_left(7) ^ v.to_bits()))
}

/// Which head a picture is of, or which photograph as a whole; and what it shows.
type Key = (i64, String, Option<Kind>);

/// Pictures that were made last.
#[derive(Default)]
pub(super) struct Pictures {
    /// Where the catalogue is.
    folder: PathBuf,
    kept: Mutex<Kept>,
    budget: Budget,
    /// The photograph that was opened last: heads of one photograph are asked for together.
    last: Mutex<Option<Arc<Photo>>>,
}

#[derive(Default)]
struct Kept {
    all: HashMap<Key, Arc<[u8]>>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl Kept {
    fn put(&mut self, key: Key, jpeg: &Arc<[u8]>) {
        while self.bytes + jpeg.len() > MOST_BYTES {
            let Some(oldest) = self.order.pop_front() else { break };
            self.bytes -= self.all.remove(&oldest).map_or(0, |jpeg| jpeg.len());
        }
        if let Some(before) = self.all.insert(key.clone(), Arc::clone(jpeg)) {
            self.bytes -= before.len();
        } else {
            self.order.push_back(key);
        }
        self.bytes += jpeg.len();
    }
}

impl Pictures {
    /// Of the photographs of a catalogue.
    pub(super) fn of_catalogue(file: &Path) -> Self {
        Self { folder: file.parent().map(Path::to_path_buf).unwrap_or_default(), ..Self::default() }
    }

    /// A JPEG of a head; the error says in words why there is none.
    pub(super) fn of(&self, item: &Item, kind: Kind) -> Result<Vec<u8>, String> {
        let key = |kind| (item.id, version(item), Some(kind));
        if let Some(jpeg) = self.kept(&key(kind)) {
            return Ok(jpeg.to_vec());
        }
        let photo = self.photo(item)?;
        // what is looked at closely needs all of them
        let kinds: &[Kind] =
            if kind == Kind::Small { &[Kind::Small] } else { &[Kind::Photo, Kind::Turned, Kind::Strip] };
        let mut wanted = Vec::new();
        for made in kinds {
            let jpeg: Arc<[u8]> = drawn(&photo.luma, item, *made)?.into();
            if *made == kind {
                wanted = jpeg.to_vec();
            }
            self.keep(key(*made), &jpeg);
        }
        Ok(wanted)
    }

    /// A JPEG of a whole photograph, its longer side at most 1600 pixels.
    pub(super) fn whole(&self, item: &Item) -> Result<Vec<u8>, String> {
        let key = (item.id, String::new(), None);
        if let Some(jpeg) = self.kept(&key) {
            return Ok(jpeg.to_vec());
        }
        let photo = self.photo(item)?;
        let (w, h) = photo.luma.dimensions();
        let scale = (WHOLE as f32 / w.max(h).max(1) as f32).min(1.0);
        let size = |v: u32| ((v as f32 * scale).round() as u32).max(1);
        let small = imageops::resize(&photo.luma, size(w), size(h), FilterType::Triangle);
        let jpeg: Arc<[u8]> = jpeg(&pictures::in_colour(&small))?.into();
        self.keep(key, &jpeg);
        Ok(jpeg.to_vec())
    }

    /// A JPEG of a head cut out so that its rim is a circle, turned clockwise by tenths of a degree.
    pub(super) fn even(&self, item: &Item, tenths: i32) -> Result<Vec<u8>, String> {
        let key = (item.id, format!("{}@{tenths}", version(item)), None);
        if let Some(jpeg) = self.kept(&key) {
            return Ok(jpeg.to_vec());
        }
        let photo = self.photo(item)?;
        let even = upright(&photo.luma, &item.head.ellipse, tenths as f32 / 10.0, EVEN);
        let jpeg: Arc<[u8]> = jpeg(&pictures::in_colour(&even))?.into();
        self.keep(key, &jpeg);
        Ok(jpeg.to_vec())
    }

    fn kept(&self, key: &Key) -> Option<Arc<[u8]>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).all.get(key).map(Arc::clone)
    }

    fn keep(&self, key: Key, jpeg: &Arc<[u8]>) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).put(key, jpeg);
    }

    /// The photograph that an item is on; the error says in words why it cannot be had.
    pub(super) fn photo(&self, item: &Item) -> Result<Arc<Photo>, String> {
        let last = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(photo) = last().as_ref().filter(|p| p.sha256 == item.place.photo) {
            return Ok(Arc::clone(photo));
        }
        // several large ones together would not fit into a small computer
        // as it was named when it was added, from here or from where the catalogue is
        let named = Path::new(&item.path);
        let beside = self.folder.join(named);
        let path = if named.is_relative() && !named.exists() && beside.exists() { &beside } else { named };
        let (photo, _room) = photo::load_within(path, &self.budget).map_err(|e| e.to_string())?;
        if photo.sha256 != item.place.photo {
            return Err("the file is not the photograph that was added".into());
        }
        let photo = Arc::new(photo);
        *last() = Some(Arc::clone(&photo));
        Ok(photo)
    }
}

fn drawn(photo: &GrayImage, item: &Item, kind: Kind) -> Result<Vec<u8>, String> {
    let head = &item.head;
    jpeg(&match kind {
        Kind::Photo => pictures::crop(photo, Some(head), None),
        Kind::Turned => turned(photo, &head.ellipse, turn::top(head), SIDE),
        Kind::Small => turned(photo, &head.ellipse, turn::top(head), SMALL),
        Kind::Strip => pictures::unrolled(photo, head, &Text::new().map_err(|e| e.to_string())?),
    })
}

fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, String> {
    pictures::jpeg(picture).map_err(|e| e.to_string())
}

/// The head as a circle, seen from straight above, with a clock on top.
fn turned(photo: &GrayImage, rim: &Ellipse, top: f32, side: u32) -> RgbImage {
    let step = 2.0 * rim.a * AROUND / side as f32;
    let factor = if step.is_finite() { step.floor().clamp(1.0, 64.0) as u32 } else { 1 };
    let shrunk = (factor > 1).then(|| shrink_around(photo, rim, factor, AROUND + 0.05));
    let (photo, rim) = shrunk.as_ref().map_or((photo, rim), |(small, rim)| (small, rim));
    let middle = (side as f32 - 1.0) / 2.0;
    RgbImage::from_fn(side, side, |x, y| {
        let (dx, dy) = ((x as f32 - middle) / middle * AROUND, (y as f32 - middle) / middle * AROUND);
        let (px, py) = rim.at(dx.hypot(dy), dx.atan2(-dy).to_degrees() + top);
        Rgb([(bilinear(photo, px, py) + 0.5) as u8; 3])
    })
}
