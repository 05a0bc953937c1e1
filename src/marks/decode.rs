//! From the recogniser's maps to marks.

use super::{ALPHABET, CLASSES, Mark, ranked};
use crate::model::{Channel, Contract, Count, Input, ModelError, Output, number, sigmoid, softmax};
use crate::strip;
use ndarray::ArrayView4;
use serde_json::json;

/// Strip pixels a cell of the maps covers, along a side.
const CELL_PIXELS: usize = 4;
const CELL: f32 = CELL_PIXELS as f32;
/// Rows of the maps.
pub const ROWS: usize = strip::ROWS / CELL_PIXELS;
/// Columns of the maps.
pub const COLUMNS: usize = strip::COLUMNS / CELL_PIXELS;

/// What is needed of a recogniser.
pub const CONTRACT: Contract = Contract {
    kind: "recogniser",
    input: Input { name: "luma", shape: [1, 1, strip::ROWS, strip::COLUMNS], picture: strip::geometry },
    output: Output {
        name: "maps",
        batch: 1,
        rows: ROWS,
        columns: COLUMNS,
        channels: &[
            Channel {
                name: "presence",
                count: Count::Fixed(FIRST_CLASS),
                activation: "sigmoid",
                meaning: "a mark has its middle here",
            },
            Channel {
                name: "class",
                count: Count::EachClass(1),
                activation: "softmax",
                meaning: "which, if there is one",
            },
            Channel {
                name: "turn",
                count: Count::Fixed(2),
                activation: "none",
                meaning: "cosine and sine of the turn of its top, clockwise from outward",
            },
            Channel {
                name: "log_size",
                count: Count::Fixed(2),
                activation: "none",
                meaning: "logarithm of height and width in strip pixels over size_unit",
            },
            Channel {
                name: "offset",
                count: Count::Fixed(2),
                activation: "none",
                meaning: "columns and rows from the middle of the cell to that of the mark, in cells",
            },
        ],
        units: || json!({"cell": CELL_PIXELS, "size_unit": number(SIZE_UNIT)}),
    },
    classes: Some(CLASSES),
    decoding: || {
        json!({
            "least_presence": number(LEAST_PRESENCE), "most_marks": MOST_MARKS, "most_offset": number(MOST_OFFSET),
            "log_height": LOG_HEIGHT.map(number), "log_width": LOG_WIDTH.map(number), "reach": number(REACH),
            "wide": number(WIDE), "least_reach": number(LEAST_REACH),
        })
    },
};
/// Channel of the first class.
pub const FIRST_CLASS: usize = 1;
/// Channels: presence, a class for each character, turn (cosine, sine), log height and width, offset (columns, rows).
pub const CHANNELS: usize = CONTRACT.channels(ALPHABET.len());
const TURN: usize = FIRST_CLASS + ALPHABET.len();
const LOG_SIZE: usize = TURN + 2;
const OFFSET: usize = LOG_SIZE + 2;
/// Sizes are the logarithm of strip pixels over this.
const SIZE_UNIT: f32 = 16.0;
/// Least presence of a mark that is passed on; what to believe is the proposals' business.
pub const LEAST_PRESENCE: f32 = 0.2;
/// Most marks of a head; the longest headstamps have about thirty.
const MOST_MARKS: usize = 96;

/// Farthest that a mark is believed to lie from the middle of its cell, in cells.
const MOST_OFFSET: f32 = 2.0;
/// Least and greatest logarithms of height and width that are believed.
const LOG_HEIGHT: [f32; 2] = [-3.0, 2.0];
const LOG_WIDTH: [f32; 2] = [-3.0, 3.0];
/// Two peaks are one mark if they are closer than this part of the lesser of height and, since letters are slim,
const REACH: f32 = 0.35;
/// this many times the width, of the smaller of both,
const WIDE: f32 = 1.5;
/// or closer than so many strip pixels.
const LEAST_REACH: f32 = 3.0;

struct Peak {
    row: usize,
    column: usize,
    presence: f32,
    /// Centre in strip pixels: column, row.
    place: (f32, f32),
    /// Height and width in strip pixels.
    size: (f32, f32),
}

/// The marks in the recogniser's maps `[1, channels, 20, 144]`, clockwise from the top. Maps of another shape are an error;
/// numbers in them that are not finite are no marks.
pub fn decode(maps: ArrayView4<'_, f32>) -> Result<Vec<Mark>, ModelError> {
    CONTRACT.check(maps.shape())?;
    let mut peaks = peaks(maps);
    peaks.sort_by(|a, b| b.presence.total_cmp(&a.presence));
    let mut kept: Vec<Peak> = Vec::new();
    for peak in peaks {
        if kept.len() < MOST_MARKS && kept.iter().all(|k| apart(&peak, k)) {
            kept.push(peak);
        }
    }
    let mut marks: Vec<Mark> = kept.iter().map(|p| mark(maps, p)).collect();
    marks.sort_by(|a, b| a.clock_deg.total_cmp(&b.clock_deg));
    Ok(marks)
}

fn peaks(maps: ArrayView4<'_, f32>) -> Vec<Peak> {
    let mut out = Vec::new();
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let logit = maps[[0, 0, row, column]];
            let presence = sigmoid(logit);
            let near = (row.saturating_sub(1)..=(row + 1).min(ROWS - 1))
                .flat_map(|r| [COLUMNS - 1, 0, 1].map(|d| (r, (column + d) % COLUMNS)));
            if presence > LEAST_PRESENCE && near.clone().all(|(r, c)| maps[[0, 0, r, c]] <= logit) {
                let at = |c: usize| maps[[0, c, row, column]];
                let place = (
                    (column as f32 + at(OFFSET).clamp(-MOST_OFFSET, MOST_OFFSET) + 0.5) * CELL - 0.5,
                    (row as f32 + at(OFFSET + 1).clamp(-MOST_OFFSET, MOST_OFFSET) + 0.5) * CELL - 0.5,
                );
                let size = (
                    at(LOG_SIZE).clamp(LOG_HEIGHT[0], LOG_HEIGHT[1]).exp() * SIZE_UNIT,
                    at(LOG_SIZE + 1).clamp(LOG_WIDTH[0], LOG_WIDTH[1]).exp() * SIZE_UNIT,
                );
                if (1..CHANNELS).all(|c| at(c).is_finite()) {
                    out.push(Peak { row, column, presence, place, size });
                }
            }
        }
    }
    out
}

/// Whether two peaks can be two marks.
fn apart(a: &Peak, b: &Peak) -> bool {
    let reach = |p: &Peak| REACH * p.size.0.min(p.size.1 * WIDE);
    let n = strip::COLUMNS as f32;
    let dx = (a.place.0 - b.place.0 + n / 2.0).rem_euclid(n) - n / 2.0;
    dx.hypot(a.place.1 - b.place.1) > reach(a).min(reach(b)).max(LEAST_REACH)
}

fn mark(maps: ArrayView4<'_, f32>, peak: &Peak) -> Mark {
    let at = |c: usize| maps[[0, c, peak.row, peak.column]];
    let mut alternatives = ranked(softmax((FIRST_CLASS..TURN).map(at)));
    let (text, confidence) = alternatives.remove(0);
    Mark {
        text,
        turn_deg: at(TURN + 1).atan2(at(TURN)).to_degrees(),
        // Where the top may point either way, the network says the mean of both.
        turn_sure: at(TURN + 1).hypot(at(TURN)).min(1.0),
        clock_deg: strip::column_clock(peak.place.0),
        radius: strip::row_radius(peak.place.1),
        height: peak.size.0 / strip::RIM_ROWS,
        width: peak.size.1 / strip::RIM_ROWS,
        presence: peak.presence,
        confidence,
        alternatives,
        ..Mark::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::class_of;
    use ndarray::Array4;

    fn empty() -> Array4<f32> {
        let mut maps = Array4::zeros((1, CHANNELS, ROWS, COLUMNS));
        maps.slice_mut(ndarray::s![.., 0, .., ..]).fill(-8.0);
        maps
    }

    fn put(maps: &mut Array4<f32>, row: usize, column: usize, presence: f32, text: &str, turn: f32) {
        maps[[0, 0, row, column]] = presence;
        maps[[0, 1 + class_of(text).unwrap(), row, column]] = 6.0;
        maps[[0, TURN, row, column]] = turn.to_radians().cos();
        maps[[0, TURN + 1, row, column]] = turn.to_radians().sin();
    }

    #[test]
    fn a_peak_becomes_a_mark_in_its_place() {
        let mut maps = empty();
        put(&mut maps, 9, 36, 3.0, "W", 170.0);
        maps[[0, 1 + class_of("M").unwrap(), 9, 36]] = 5.0;
        maps[[0, OFFSET, 9, 36]] = 0.5;
        let marks = decode(maps.view()).unwrap();
        assert_eq!(marks.len(), 1);
        let m = &marks[0];
        assert_eq!((m.text, m.alternatives[0].0), ("W", "M"));
        assert!((m.clock_deg - 37.0 * 4.0 * 360.0 / 576.0).abs() < 0.01, "{m:?}");
        assert!((m.radius - strip::row_radius(37.5)).abs() < 1e-4 && (m.turn_deg - 170.0).abs() < 1e-3);
        assert!((m.height - 0.128).abs() < 1e-4 && (m.presence - sigmoid(3.0)).abs() < 1e-6);
    }

    #[test]
    fn the_seam_is_no_edge() {
        let mut maps = empty();
        put(&mut maps, 9, 0, 3.0, "A", 0.0);
        put(&mut maps, 9, COLUMNS - 1, 2.0, "A", 0.0);
        assert_eq!(decode(maps.view()).unwrap().len(), 1);
    }

    #[test]
    fn broken_maps_have_no_marks_and_misshapen_ones_are_an_error() {
        assert_eq!(decode(Array4::from_elem((1, CHANNELS, ROWS, COLUMNS), f32::NAN).view()), Ok(Vec::new()));
        let wrong = decode(Array4::from_elem((1, 3, 4, 5), 9.0).view()).unwrap_err();
        assert!(matches!(wrong, ModelError::Shape { .. }), "{wrong}");
    }

    /// The channels that are read are those of the contract.
    #[test]
    fn channels_are_those_of_the_contract() {
        let told = CONTRACT.json();
        let firsts: Vec<_> =
            told["channels"].as_array().unwrap().iter().map(|c| c["first"].as_u64().unwrap()).collect();
        assert_eq!(firsts, [0, FIRST_CLASS, TURN, LOG_SIZE, OFFSET].map(|c| c as u64));
    }
}
