//! Whether a rendered mark can be read: a rule on size, blur and on how much of the outline shows. It knows nothing of any
//! network.
//!
//! The bounds were set by reading rendered heads by eye, without their labels, and looking at which could not be read.

use super::camera::Taken;
use super::field::Field;
use super::outline::Contour;

/// Least height of a mark that can be read, in pixels of the photograph.
const LEAST_HEIGHT: f32 = 9.0;
/// Most blur of such a mark, in units of its detail: outlines closer than this run into one another. A dot has only one.
const MOST_BLUR: f32 = 0.21;
const MOST_BLUR_OF_A_DOT: f32 = 0.7;
/// From which share of a circle's area, of the same perimeter, one outline is that of a dot.
const DOT: f32 = 0.7;
/// Least share of its outline that shows.
const LEAST_SHOWN: f32 = 0.75;
/// What a place of an outline must have to show: contrast (of 1), by itself, in units of the clutter round it, and in units
/// of the noise that is left over the width of a stroke.
const LEAST_CONTRAST: f32 = 0.035;
const LEAST_OVER_CLUTTER: f32 = 1.0;
const LEAST_OVER_NOISE: f32 = 3.5;
/// Places looked at on a mark's outline.
const PLACES: f32 = 48.0;
/// Half the side of a place, and the width of a stroke, in units of the height.
const PLACE: f32 = 0.08;
const STROKE: f32 = 0.15;
/// Extent of the noise's grains, in pixels.
const GRAIN: f32 = 1.5;
/// What is beside a mark before the next begins, in units of the height: an `I` has room round its two outlines.
const ROOM: f32 = 0.25;
/// How far a chamfer rounds what is cut, as the deviation of a blur in widths of the chamfer.
const ROUNDING: f32 = 0.7;

/// The outline of a mark in the picture.
pub struct Outline {
    /// Places on it, evenly spread, in pixels.
    places: Vec<(f32, f32)>,
    /// Mean distance between its lines, in pixels.
    detail: f32,
    /// Blur by the chamfer, in pixels.
    rounding: f32,
    /// Height, in pixels.
    height: f32,
    /// Whether it is one round outline.
    dot: bool,
}

/// What can be seen of a mark in a picture that was taken.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sight {
    /// Share of its outline that shows, 0..1.
    pub shown: f32,
    /// Blur by lens, motion and chamfer, in units of the mean distance between its lines.
    pub blur: f32,
    /// Height, in pixels.
    pub height: f32,
    /// Whether the mark is a dot.
    pub dot: bool,
}

impl Sight {
    /// The rule.
    pub fn legible(&self) -> bool {
        let most = if self.dot { MOST_BLUR_OF_A_DOT } else { MOST_BLUR };
        (self.dot || self.height >= LEAST_HEIGHT) && self.blur <= most && self.shown >= LEAST_SHOWN
    }
}

impl Outline {
    /// Of contours in pixels; `size` is height and width in pixels, `chamfer` too.
    pub(super) fn of(contours: &[Contour], size: (f32, f32), chamfer: f32) -> Self {
        let sides = || contours.iter().flat_map(|c| c.iter().zip(c.iter().cycle().skip(1)));
        let length = |a: &(f32, f32), b: &(f32, f32)| libm::hypotf(b.0 - a.0, b.1 - a.1);
        let perimeter: f32 = sides().map(|(a, b)| length(a, b)).sum();
        let step = (perimeter / PLACES).max(1e-3);
        let mut places = Vec::with_capacity(PLACES as usize + 1);
        let mut left = step * 0.5;
        for (a, b) in sides() {
            let side = length(a, b);
            while left < side {
                let t = left / side;
                places.push((a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t));
                left += step;
            }
            left -= side;
        }
        let (height, width) = size;
        let detail = 2.0 * height * (width + ROOM * height) / perimeter.max(1.0);
        let area = 0.5 * sides().map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f32>().abs();
        let dot = contours.len() == 1 && area * 4.0 * std::f32::consts::PI > DOT * perimeter * perimeter;
        Self { places, detail, rounding: ROUNDING * chamfer, height, dot }
    }

    /// What shows of it.
    pub fn sight(&self, taken: &Taken) -> Sight {
        let reach = (self.height * PLACE).max(1.0) as isize;
        let deviation = |field: &Field, (x, y): (f32, f32)| {
            let mut sum = 0.0;
            for dy in -reach..=reach {
                for dx in -reach..=reach {
                    let d = field.at(x as isize + dx, y as isize + dy);
                    sum += d * d;
                }
            }
            libm::sqrtf(sum / ((2 * reach + 1) * (2 * reach + 1)) as f32)
        };
        let noise = taken.noise / (self.height * STROKE / GRAIN).max(1.0);
        let shows = |&&place: &&(f32, f32)| {
            let contrast = deviation(&taken.contrast, place);
            contrast >= LEAST_CONTRAST
                && contrast >= LEAST_OVER_NOISE * noise
                && contrast >= LEAST_OVER_CLUTTER * deviation(&taken.clutter, place)
        };
        let shown = self.places.iter().filter(shows).count() as f32 / self.places.len().max(1) as f32;
        let blur = |&(x, y): &(f32, f32)| libm::hypotf(taken.blur_at(x, y), self.rounding);
        let blur = self.places.first().map_or(0.0, blur) / self.detail.max(1e-3);
        Sight { shown, blur, height: self.height, dot: self.dot }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: f32, high: f32) -> Contour {
        vec![(low, low), (high, low), (high, high), (low, high)]
    }

    #[test]
    fn an_outline_shows_where_the_mark_outdoes_what_else_is_there() {
        let outline = Outline::of(&[square(20.0, 60.0)], (40.0, 40.0), 0.0);
        let left = |value: f32| {
            let mut field = Field::filled(80, 80, 0.0);
            (0..80 * 80).filter(|i| i % 80 < 40).for_each(|i| field.data[i] = value);
            field
        };
        let shown = |contrast, clutter| outline.sight(&Taken::sharp(contrast, clutter)).shown;
        assert_eq!(shown(Field::filled(80, 80, 0.1), left(0.05)), 1.0);
        assert!((shown(Field::filled(80, 80, 0.1), left(0.2)) - 0.5).abs() < 0.1);
        assert!((shown(left(0.1), Field::filled(80, 80, 0.0)) - 0.5).abs() < 0.1);
        assert_eq!(shown(Field::filled(80, 80, 0.01), Field::filled(80, 80, 0.0)), 0.0);
    }

    #[test]
    fn lines_close_together_bear_less_blur_and_a_dot_bears_more() {
        let blur = |contours: &[Contour], chamfer| {
            let taken = Taken::sharp(Field::filled(80, 80, 0.1), Field::filled(80, 80, 0.0));
            Outline::of(contours, (40.0, 40.0), chamfer).sight(&taken)
        };
        let (ring, dot) = (&[square(20.0, 60.0), square(30.0, 50.0)], &[square(20.0, 60.0)]);
        assert!(blur(ring, 3.0).blur > 1.4 * blur(dot, 3.0).blur);
        assert!(blur(ring, 3.0).legible() && !blur(ring, 8.0).legible() && blur(dot, 8.0).legible());
    }
}
