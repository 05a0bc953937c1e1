//! The pictures of a labelled photograph: every head that was found, and every label where none was.

use crate::draw::Text;
use crate::ellipse::Ellipse;
use crate::evaluate::matched;
use crate::labels::Label;
use crate::pictures::{crop, jpeg, unrolled};
use crate::record::HeadRecord;
use image::{GrayImage, RgbImage};
use std::collections::BTreeMap;
use std::io;

/// The pictures of one photograph, as JPEGs.
#[derive(Debug, Default)]
pub struct Pictures {
    /// For each head found: the crop and the strip.
    pub heads: Vec<(Vec<u8>, Vec<u8>)>,
    /// For each label where none was found, by its index: the crop.
    pub missed: BTreeMap<usize, Vec<u8>>,
}

impl Pictures {
    /// Draws all heads of a photograph, found and missed.
    pub fn of(photo: &GrayImage, heads: &[HeadRecord], labels: &[&Label]) -> io::Result<Self> {
        let text = Text::new().map_err(io::Error::other)?;
        let found = matched(heads, labels);
        let circle = |l: &Label| Ellipse::circle(l.x, l.y, l.r);
        let draw = |picture: &RgbImage| jpeg(picture).map_err(io::Error::other);
        let mut all = Self::default();
        for (i, head) in heads.iter().enumerate() {
            let label = found.iter().position(|f| *f == Some(i)).map(|l| circle(labels[l]));
            all.heads.push((draw(&crop(photo, Some(head), label))?, draw(&unrolled(photo, head, &text))?));
        }
        for (l, label) in labels.iter().enumerate().filter(|(l, _)| found[*l].is_none()) {
            all.missed.insert(l, draw(&crop(photo, None, Some(circle(label))))?);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::CROP;
    use crate::reader::testing::head;

    fn label(x: f32) -> Label {
        let (photo, headstamp, country) = ("a.jpg".into(), "A".into(), String::new());
        Label { photo, x, y: 40.0, r: 30.0, headstamp, country, legible: true }
    }

    #[test]
    fn every_head_and_every_missed_label_has_its_picture() {
        let photo = GrayImage::from_pixel(700, 90, image::Luma([90]));
        let (near, far) = (label(51.0), label(650.0));
        let pictures = Pictures::of(&photo, &[head()], &[&near, &far]).unwrap();
        assert_eq!((pictures.heads.len(), pictures.missed.keys().collect::<Vec<_>>()), (1, vec![&1]));
        let (crop, strip) = &pictures.heads[0];
        let size = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8().dimensions();
        assert!(size(crop).0 <= CROP && size(crop).1 <= CROP && size(&pictures.missed[&1]).0 > 10);
        assert_eq!(size(strip), (864, 160));
    }
}
