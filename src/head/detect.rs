//! Locating case heads: what the detector looks at, and what its maps say.
//!
//! The maps are those of a centre-point detector (Zhou, Wang and Krähenbühl, "Objects as Points", 2019), with an ellipse
//! in place of a box: a heat map of centres and, at each peak, the place within the cell, the mean radius and how far and
//! which way the head is squashed.

pub use super::window::SIDE;
use super::window::Window;
use crate::ellipse::Ellipse;
use crate::model::{Channel, Contract, Count, Input, ModelError, Output, number, sigmoid};
use ndarray::ArrayView4;
use serde_json::json;

/// Side of a cell of its maps, in pixels.
const CELL_PIXELS: usize = 8;
const CELL: f32 = CELL_PIXELS as f32;
/// Cells along a side.
pub const CELLS: usize = SIDE / CELL_PIXELS;
/// Channels of its maps: heat, offset x and y, log radius, squash cosine and sine.
pub const CHANNELS: usize = CONTRACT.channels(0);

/// What is needed of a detector.
pub const CONTRACT: Contract = Contract {
    kind: "detector",
    input: Input {
        name: "luma",
        shape: [1, 1, SIDE, SIDE],
        picture: || json!({"side": SIDE, "beyond_the_photograph": "the mean of what is seen of it"}),
    },
    output: Output {
        name: "maps",
        batch: 1,
        rows: CELLS,
        columns: CELLS,
        channels: &[
            Channel {
                name: "heat",
                count: Count::Fixed(1),
                activation: "sigmoid",
                meaning: "a case head has its middle here",
            },
            Channel {
                name: "offset",
                count: Count::Fixed(2),
                activation: "none",
                meaning: "x and y from the middle of the cell to that of the head, in cells",
            },
            Channel {
                name: "log_radius",
                count: Count::Fixed(1),
                activation: "none",
                meaning: "logarithm of the geometric mean of the rim's semi-axes in pixels over radius_unit",
            },
            Channel {
                name: "squash",
                count: Count::Fixed(2),
                activation: "none",
                meaning: "(a - b) / (a + b) times cosine and sine of twice the angle of the major axis, clockwise from x",
            },
        ],
        units: || json!({"cell": CELL_PIXELS, "radius_unit": number(RADIUS_UNIT)}),
    },
    classes: None,
    decoding: || {
        json!({
            "most_offset": number(MOST_OFFSET), "most_log_radius": number(MOST_LOG_RADIUS),
            "most_squash": number(MOST_SQUASH), "least_distance": number(LEAST_DISTANCE), "most_heads": MOST_HEADS,
        })
    },
};
/// Radii are the logarithm of pixels over this.
const RADIUS_UNIT: f32 = 32.0;
/// Farthest that a head is believed to lie from the middle of its cell, in cells.
const MOST_OFFSET: f32 = 2.0;
/// Greatest logarithm of a radius, up or down, that is believed.
const MOST_LOG_RADIUS: f32 = 3.0;
/// Greatest squash (a − b) / (a + b) that is believed: a head seen at 70 degrees.
const MOST_SQUASH: f32 = 0.5;
/// Two heads cannot be closer than this part of the larger radius: heads touch, they do not overlap.
const LEAST_DISTANCE: f32 = 0.6;
/// Most heads in one look; a hostile picture must not cost more than a full tray.
const MOST_HEADS: usize = 400;

/// A head the detector proposes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The rim, in pixels of the upright photograph.
    pub rim: Ellipse,
    /// How sure the detector is, 0..1.
    pub score: f32,
}

/// The heads in the detector's maps `[1, 6, 48, 48]` of a window, best first, none below `threshold`. Maps of another shape
/// are an error; numbers in them that are not finite are no heads.
pub fn decode(maps: ArrayView4<'_, f32>, window: &Window, threshold: f32) -> Result<Vec<Candidate>, ModelError> {
    CONTRACT.check(maps.shape())?;
    let at = |c: usize, y: usize, x: usize| maps[[0, c, y, x]];
    let mut found: Vec<Candidate> = Vec::new();
    for y in 0..CELLS {
        for x in 0..CELLS {
            let heat = at(0, y, x);
            let score = sigmoid(heat);
            let near = (y.saturating_sub(1)..=(y + 1).min(CELLS - 1))
                .flat_map(|v| (x.saturating_sub(1)..=(x + 1).min(CELLS - 1)).map(move |u| (v, u)));
            // Not-a-number is not above anything, and so never a head.
            if score > threshold && near.clone().all(|(v, u)| at(0, v, u) <= heat) {
                let shape: [f32; 5] = std::array::from_fn(|i| at(i + 1, y, x));
                if shape.iter().all(|v| v.is_finite()) {
                    found.push(Candidate { rim: window.ellipse_to_photo(&ellipse(x, y, shape)), score });
                }
            }
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(without_doubles(found))
}

fn ellipse(x: usize, y: usize, [dx, dy, log_radius, cosine, sine]: [f32; 5]) -> Ellipse {
    let cx = (x as f32 + dx.clamp(-MOST_OFFSET, MOST_OFFSET) + 0.5) * CELL - 0.5;
    let cy = (y as f32 + dy.clamp(-MOST_OFFSET, MOST_OFFSET) + 0.5) * CELL - 0.5;
    let radius = RADIUS_UNIT * log_radius.clamp(-MOST_LOG_RADIUS, MOST_LOG_RADIUS).exp();
    let squash = cosine.hypot(sine).min(MOST_SQUASH);
    let stretch = ((1.0 + squash) / (1.0 - squash)).sqrt();
    Ellipse::new(cx, cy, radius * stretch, radius / stretch, sine.atan2(cosine).to_degrees() / 2.0)
}

/// Keeps the better of two that claim the same place. Takes the best first.
pub fn without_doubles(sorted: Vec<Candidate>) -> Vec<Candidate> {
    let mut kept: Vec<Candidate> = Vec::new();
    for c in sorted {
        let apart = |k: &Candidate| {
            (c.rim.cx - k.rim.cx).hypot(c.rim.cy - k.rim.cy)
                > LEAST_DISTANCE * c.rim.mean_radius().max(k.rim.mean_radius())
        };
        if kept.iter().all(apart) {
            kept.push(c);
        }
        if kept.len() >= MOST_HEADS {
            break;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array4;

    fn empty() -> Array4<f32> {
        let mut maps = Array4::zeros((1, CHANNELS, CELLS, CELLS));
        maps.slice_mut(ndarray::s![.., 0, .., ..]).fill(-8.0);
        maps
    }

    fn put(maps: &mut Array4<f32>, x: usize, y: usize, heat: f32, radius: f32, squash: f32) {
        let values = [heat, 0.25, -0.25, (radius / RADIUS_UNIT).ln(), 0.0, squash];
        for (c, v) in values.into_iter().enumerate() {
            maps[[0, c, y, x]] = v;
        }
    }

    #[test]
    fn a_peak_becomes_an_ellipse_in_the_photograph() {
        let mut maps = empty();
        put(&mut maps, 24, 12, 4.0, 60.0, 0.1);
        let window = Window::whole(3840, 2880);
        let found = decode(maps.view(), &window, 0.3).unwrap();
        assert_eq!(found.len(), 1);
        let rim = found[0].rim;
        // Ten pixels of the photograph to one of the detector's; the photograph lies 48 rows down in the square.
        assert!((rim.mean_radius() - 600.0).abs() < 1.0, "{rim:?}");
        assert!(
            (rim.cx - (24.75 * 80.0 - 0.5)).abs() < 1.0 && (rim.cy - (12.25 * 80.0 - 480.0 - 0.5)).abs() < 1.0,
            "{rim:?}"
        );
        assert!((rim.angle_deg - 45.0).abs() < 0.1 && (rim.b / rim.a - 0.9 / 1.1).abs() < 1e-3);
    }

    #[test]
    fn neighbours_on_a_tray_stay_and_doubles_go() {
        let mut maps = empty();
        put(&mut maps, 10, 10, 3.0, 22.0, 0.0);
        put(&mut maps, 16, 10, 2.5, 22.0, 0.0);
        put(&mut maps, 11, 11, 2.0, 22.0, 0.0);
        assert_eq!(decode(maps.view(), &Window::whole(384, 384), 0.3).unwrap().len(), 2);
    }

    #[test]
    fn broken_numbers_are_no_heads() {
        let mut maps = empty();
        maps.fill(f32::NAN);
        put(&mut maps, 10, 10, 5.0, f32::INFINITY, 0.0);
        assert!(decode(maps.view(), &Window::whole(384, 384), 0.3).unwrap().is_empty());
    }

    #[test]
    fn maps_of_another_shape_are_an_error() {
        let wrong = decode(Array4::zeros((1, CHANNELS, 24, 24)).view(), &Window::whole(384, 384), 0.3).unwrap_err();
        assert!(matches!(wrong, ModelError::Shape { .. }), "{wrong}");
    }
}
