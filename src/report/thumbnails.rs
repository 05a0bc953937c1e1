//! Small pictures of heads of a catalogue, as far as the photographs are where they were.

use super::page::Photographs;
use super::study::Seen;
use crate::catalogue::{Catalogue, CatalogueError, Item, Place};
use crate::photo;
use crate::pictures;
use image::imageops::{self, FilterType};
use std::collections::HashMap;
use std::path::Path;

/// Side of a small picture, in pixels.
const SIDE: u32 = 176;

/// The photographs of a catalogue.
pub(super) struct OfCatalogue<'c> {
    catalogue: &'c Catalogue,
    paths: HashMap<[u8; 32], String>,
}

impl<'c> OfCatalogue<'c> {
    pub(super) fn of(catalogue: &'c Catalogue) -> Result<Self, CatalogueError> {
        let mut paths = HashMap::new();
        catalogue.readable(|sha256, path| {
            let mut bytes = [0; 32];
            if hex::decode_to_slice(&sha256, &mut bytes).is_ok() {
                paths.insert(bytes, path);
            }
        })?;
        Ok(Self { catalogue, paths })
    }
}

impl Photographs for OfCatalogue<'_> {
    fn path(&self, sha256: &[u8; 32]) -> Option<String> {
        self.paths.get(sha256).cloned()
    }

    fn small(&self, seen: &Seen) -> Option<Vec<u8>> {
        let (sha256, head) = seen.place?;
        let place = Place { photo: hex::encode(sha256), head: u32::try_from(head).ok() };
        let item = self.catalogue.item_on(&place).ok()??;
        of_head(&item, SIDE)
    }
}

/// A JPEG of a head with its rim and marks, its longer side at most so long; `None` where the photograph is not what was added.
pub(super) fn of_head(item: &Item, side: u32) -> Option<Vec<u8>> {
    let photo = photo::load(Path::new(&item.path)).ok().filter(|p| p.sha256 == item.place.photo)?;
    let whole = item.place.head.is_none();
    let picture =
        if whole { pictures::in_colour(&photo.luma) } else { pictures::crop(&photo.luma, Some(&item.head), None) };
    let (w, h) = picture.dimensions();
    let scale = (side as f32 / w.max(h) as f32).min(1.0);
    let size = |v: u32| ((v as f32 * scale) as u32).max(1);
    pictures::jpeg(&imageops::resize(&picture, size(w), size(h), FilterType::Triangle)).ok()
}
