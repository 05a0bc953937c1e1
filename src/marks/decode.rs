//! From the recogniser's maps to marks.

use super::{ALPHABET, Mark, ranked};
use crate::model::{sigmoid, softmax};
use crate::strip;
use ndarray::ArrayView4;

/// Strip pixels a cell of the maps covers, along a side.
const CELL: f32 = 4.0;
/// Rows of the maps.
pub const ROWS: usize = strip::ROWS / CELL as usize;
/// Columns of the maps.
pub const COLUMNS: usize = strip::COLUMNS / CELL as usize;
/// Channel of the first class.
pub const FIRST_CLASS: usize = 1;
/// Channels: presence, a class for each character, turn (cosine, sine), log height and width, offset (columns, rows).
pub const CHANNELS: usize = channels(ALPHABET.len());
const TURN: usize = FIRST_CLASS + ALPHABET.len();
const LOG_SIZE: usize = TURN + 2;
const OFFSET: usize = LOG_SIZE + 2;
/// Sizes are the logarithm of strip pixels over this.
const SIZE_UNIT: f32 = 16.0;
/// Least presence of a mark that is passed on; what to believe is the proposals' business.
pub const LEAST_PRESENCE: f32 = 0.2;
/// Most marks of a head; the longest headstamps have about thirty.
const MOST_MARKS: usize = 96;

/// Channels of maps with so many classes.
pub const fn channels(classes: usize) -> usize {
    FIRST_CLASS + classes + 6
}

struct Peak {
    row: usize,
    column: usize,
    presence: f32,
    /// Centre in strip pixels: column, row.
    place: (f32, f32),
    /// Height and width in strip pixels.
    size: (f32, f32),
}

/// The marks in the recogniser's maps `[1, channels, 20, 144]`, clockwise from the top. Maps of another shape have none.
pub fn decode(maps: ArrayView4<'_, f32>) -> Vec<Mark> {
    if maps.dim() != (1, CHANNELS, ROWS, COLUMNS) {
        return Vec::new();
    }
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
    marks
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
                    (column as f32 + at(OFFSET).clamp(-2.0, 2.0) + 0.5) * CELL - 0.5,
                    (row as f32 + at(OFFSET + 1).clamp(-2.0, 2.0) + 0.5) * CELL - 0.5,
                );
                let size = (
                    at(LOG_SIZE).clamp(-3.0, 2.0).exp() * SIZE_UNIT,
                    at(LOG_SIZE + 1).clamp(-3.0, 3.0).exp() * SIZE_UNIT,
                );
                if (1..CHANNELS).all(|c| at(c).is_finite()) {
                    out.push(Peak { row, column, presence, place, size });
                }
            }
        }
    }
    out
}

/// Whether two peaks can be two marks: closer than a third of the smaller one they are one.
fn apart(a: &Peak, b: &Peak) -> bool {
    let reach = |p: &Peak| 0.35 * p.size.0.min(p.size.1 * 1.5);
    let n = strip::COLUMNS as f32;
    let dx = (a.place.0 - b.place.0 + n / 2.0).rem_euclid(n) - n / 2.0;
    dx.hypot(a.place.1 - b.place.1) > reach(a).min(reach(b)).max(3.0)
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
        let marks = decode(maps.view());
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
        assert_eq!(decode(maps.view()).len(), 1);
    }

    #[test]
    fn broken_or_misshapen_maps_have_no_marks() {
        assert!(decode(Array4::from_elem((1, CHANNELS, ROWS, COLUMNS), f32::NAN).view()).is_empty());
        assert!(decode(Array4::from_elem((1, 3, 4, 5), 9.0).view()).is_empty());
    }
}
