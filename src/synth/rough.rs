//! Rough metal: hammered or tumbled, dinged, scratched in one way and blotched, with a relief whose features are as large as
//! strokes. Renders for training have none of it: it stands for what a network has not seen.

use super::dice::Dice;
use super::field::Field;
use super::raster::fill_max;
use super::symbols::{bar, disc};
use super::view::View;

/// The metal of heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metal {
    /// As training shows it.
    #[default]
    Known,
    /// Rough all over.
    Rough,
}

/// How rough a head is. Lengths are in units of the rim; their ranges are those of real worn brass, by eye.
pub(super) struct Rough {
    /// Size of the relief's features, and its slope.
    hammered: (f32, f32),
    dings: usize,
    /// How many fine scratches, and which way they go, in radians.
    scratches: (usize, f32),
    /// Size of blotches, and how much darker or brighter they are.
    pub(super) blotches: (f32, f32),
}

impl Rough {
    /// The roughness of a head of this metal; ordinary heads throw nothing.
    pub(super) fn random(metal: Metal, dice: &mut Dice) -> Option<Self> {
        (metal == Metal::Rough).then(|| Self {
            hammered: (dice.log_range(0.012, 0.075), dice.log_range(0.05, 0.4)),
            dings: if dice.chance(0.4) { dice.int(8, 70) } else { 0 },
            scratches: (if dice.chance(0.35) { dice.int(20, 110) } else { 0 }, dice.range(0.0, std::f32::consts::PI)),
            blotches: (dice.log_range(0.012, 0.1), if dice.chance(0.6) { dice.range(0.08, 0.4) } else { 0.0 }),
        })
    }

    /// Puts it into the ground, heights in pixels.
    pub(super) fn put(&self, ground: &mut Field, view: &View, scale: f32, dice: &mut Dice) {
        let (size, slope) = self.hammered;
        for octave in [1.0, 0.45] {
            let feature = (size * scale * octave).max(1.0);
            ground.add(&Field::noise(view.w, view.h, feature, dice), slope * feature);
        }
        let mut blows = Field::filled(view.w, view.h, 0.0);
        for _ in 0..self.dings {
            let (x, y) = (dice.signed(), dice.signed());
            let ding = disc(x, y, dice.log_range(0.008, 0.05), 12);
            fill_max(&mut blows, &[view.contour(&ding)], dice.range(0.3, 1.0));
        }
        let (count, way) = self.scratches;
        for _ in 0..count {
            let (x, y, long) = (dice.signed(), dice.signed(), dice.log_range(0.05, 0.6));
            let way = way + dice.normal() * 0.08;
            let (dx, dy) = (libm::cosf(way) * long / 2.0, libm::sinf(way) * long / 2.0);
            let line = bar(x - dx, y - dy, x + dx, y + dy, dice.log_range(0.003, 0.01));
            fill_max(&mut blows, &[view.contour(&line)], dice.range(0.2, 0.9));
        }
        let soft = (scale * 0.006).max(0.5);
        blows.blur(soft);
        ground.add(&blows, -soft * dice.range(0.6, 1.8));
    }
}
