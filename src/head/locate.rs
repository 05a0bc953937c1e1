//! Every case head in a photograph: the detector looks for them, then at each close by, then the rim is fitted.

use super::detect::{self, Candidate};
use super::refine::refine;
use super::scales::{Sighting, sightings};
use super::window::Window;
use crate::ellipse::Ellipse;
use crate::model::{Model, ModelError};
use image::GrayImage;

/// A case head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Head {
    /// The rim, in pixels of the upright photograph.
    pub rim: Ellipse,
    /// How sure the detector is that it is one, 0..1.
    pub score: f32,
    /// Share of the ring where an edge was seen at the rim, 0..1.
    pub support: f32,
}

/// Least score at the second look.
const SECOND_LOOK: f32 = 0.35;
/// Least mean of both scores.
const LEAST_SCORE: f32 = 0.55;
/// Heads that are larger than this at the first look are seen well enough, in pixels of the detector.
const LARGE: f32 = 88.0;
/// Size at which the second look shows a head, in pixels of the detector: the middle of what it was trained on.
const CLOSE_UP: f32 = 108.0;
/// Score at the first look from which a head that the second look denies is looked at once more, half as close: close by, a
/// worn or blurred head loses its outline.
const STRONG: f32 = 0.5;
const HALF_AS_CLOSE: f32 = CLOSE_UP / 2.0;
/// The second look may correct the radius by this factor either way,
const MOST_SCALE: f32 = 2.2;
/// and the centre by this part of the radius.
const MOST_SHIFT: f32 = 0.45;
/// Least mean radius of a head, in pixels of the photograph: below it there is nothing to tell a head by.
const LEAST_RADIUS: f32 = 8.0;

/// The case heads in a photograph, row by row as one reads a page.
pub fn locate(photo: &GrayImage, detector: &mut dyn Model) -> Result<Vec<Head>, ModelError> {
    let mut found = Vec::new();
    for first in sightings(photo, detector)? {
        if let Some(head) = look_again(photo, first, detector)? {
            found.push(head);
        }
    }
    found.retain(|c| c.score >= LEAST_SCORE && c.rim.mean_radius() >= LEAST_RADIUS);
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let heads = detect::without_doubles(found).into_iter().map(|c| {
        let fit = refine(photo, &c.rim);
        Head { rim: fit.rim, score: c.score, support: fit.support }
    });
    Ok(in_rows(heads.collect()))
}

/// A head as it is seen close by, with the mean of both scores; `None` where it is not seen again.
fn look_again(
    photo: &GrayImage,
    sighting: Sighting,
    detector: &mut dyn Model,
) -> Result<Option<Candidate>, ModelError> {
    let first = sighting.candidate;
    if sighting.whole && sighting.seen > LARGE {
        return Ok(Some(first));
    }
    let mut again = close_look(photo, &first, CLOSE_UP, detector)?;
    if again.is_none() && first.score >= STRONG {
        again = close_look(photo, &first, HALF_AS_CLOSE, detector)?;
    }
    Ok(again.map(|c| Candidate { rim: c.rim, score: (c.score + first.score) / 2.0 }))
}

/// What is seen in a head's place where it is shown at `radius` of the detector's pixels.
fn close_look(
    photo: &GrayImage,
    first: &Candidate,
    radius: f32,
    detector: &mut dyn Model,
) -> Result<Option<Candidate>, ModelError> {
    let close = Window::around(&first.rim, radius);
    let maps = detector.run(close.luma(photo).view())?;
    let radius = first.rim.mean_radius();
    let same = |c: &Candidate| {
        let shift = (c.rim.cx - first.rim.cx).hypot(c.rim.cy - first.rim.cy);
        let scale = c.rim.mean_radius() / radius;
        shift < MOST_SHIFT * radius.max(c.rim.mean_radius()) && (1.0 / MOST_SCALE..MOST_SCALE).contains(&scale)
    };
    Ok(detect::decode(maps.view(), &close, SECOND_LOOK)?.into_iter().find(same))
}

/// Sorted into rows from the top, each from the left. A head belongs to a row if its centre lies within the first head
/// of that row.
fn in_rows(mut heads: Vec<Head>) -> Vec<Head> {
    heads.sort_by(|a, b| a.rim.cy.total_cmp(&b.rim.cy));
    let mut rows: Vec<Vec<Head>> = Vec::new();
    for head in heads {
        match rows.last_mut() {
            Some(row) if head.rim.cy < row[0].rim.cy + row[0].rim.b => row.push(head),
            _ => rows.push(vec![head]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.rim.cx.total_cmp(&b.rim.cx));
    }
    rows.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::Fake;

    /// Maps with one head in the middle of what is looked at.
    fn one_head(radius: f32, heat: f32) -> ndarray::Array4<f32> {
        let mut maps = ndarray::Array4::zeros((1, detect::CHANNELS, detect::CELLS, detect::CELLS));
        maps.slice_mut(ndarray::s![.., 0, .., ..]).fill(-8.0);
        for (channel, v) in [heat, -0.5, -0.5, (radius / 32.0).ln(), 0.0, 0.0].into_iter().enumerate() {
            maps[[0, channel, 24, 24]] = v;
        }
        maps
    }

    /// A small head is looked at again close by, at most twice, and what is not seen there is none.
    #[test]
    fn small_heads_are_confirmed_by_a_second_look() {
        let photo = GrayImage::from_pixel(800, 800, image::Luma([90]));
        for (second, heads, expected) in [(3.0, 1, 2), (-6.0, 0, 3)] {
            let mut looks = 0;
            let mut detector = Fake(|_: ndarray::ArrayView4<f32>| {
                looks += 1;
                if looks == 1 { one_head(40.0, 2.0) } else { one_head(CLOSE_UP, second) }
            });
            let found = locate(&photo, &mut detector).unwrap();
            assert_eq!(found.len(), heads);
            if let Some(head) = found.first() {
                let scale = 800.0 / 384.0;
                assert!((head.rim.mean_radius() - 40.0 * scale).abs() < 1.0, "{head:?}");
            }
            assert_eq!(looks, expected);
        }
    }

    #[test]
    fn large_heads_need_no_second_look() {
        let photo = GrayImage::from_pixel(800, 800, image::Luma([90]));
        let mut looks = 0;
        let mut detector = Fake(|_: ndarray::ArrayView4<f32>| {
            looks += 1;
            one_head(150.0, 3.0)
        });
        assert_eq!(locate(&photo, &mut detector).unwrap().len(), 1);
        assert_eq!(looks, 1);
    }

    #[test]
    fn heads_are_given_as_one_reads() {
        let head = |cx, cy| Head { rim: Ellipse::circle(cx, cy, 20.0), score: 1.0, support: 1.0 };
        let sorted = in_rows(vec![head(90.0, 95.0), head(10.0, 110.0), head(50.0, 12.0), head(10.0, 20.0)]);
        let places: Vec<f32> = sorted.iter().map(|h| h.rim.cx).collect();
        assert_eq!(places, [10.0, 50.0, 10.0, 90.0]);
    }
}
