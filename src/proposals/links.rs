//! Which marks may be neighbours in one word, judged by geometry in the plane alone.
//!
//! Two marks are neighbours when the second lies about one character width from the first along their common reading
//! direction, at their height and size. Their tops are parallel where text is straight, and turn with the ring where it
//! follows the ring. Directions count modulo 180° here: which way the word runs is for the word to say.

use super::plane::{MOST, Spot, wrap};
use super::turned::{round, small};

/// Greatest gap between neighbours in one element, one missing between them included, in units of their height.
const WIDEST: f32 = 1.75;
/// Greatest gap of a mark whose own axis contradicts its neighbour's.
const WIDEST_CROSS: f32 = 0.45;
/// What such a contradiction costs.
const CROSS: f32 = 3.0;
/// Greatest disagreement of two axes, in degrees.
const AXES: f32 = 38.0;
/// Cost above which marks are no neighbours.
const DEAREST: f32 = 9.0;

/// Two marks that may be neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// Indices of spots.
    pub a: usize,
    pub b: usize,
    /// Squared deviations, about 1 for good neighbours.
    pub cost: f32,
    /// Between the boxes, in units of the height.
    pub gap: f32,
    /// Unit vector of the line, from `a` to `b`.
    pub dx: f32,
    pub dy: f32,
    /// Spots that stand between, one bit each.
    pub between: u64,
}

const _: () = assert!(MOST <= 64, "`between` has a bit for every spot");

/// All links, cheapest first.
pub(super) fn links(spots: &[Spot]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for a in 0..spots.len() {
        for b in a + 1..spots.len() {
            if let Some(link) = link(spots, a, b) {
                links.push(link);
            }
        }
    }
    let order = |l: &Link| l.cost + 2.0 * l.gap.max(0.0);
    links.sort_by(|x, y| order(x).total_cmp(&order(y)));
    links
}

fn link(spots: &[Spot], ia: usize, ib: usize) -> Option<Link> {
    let (a, b) = (&spots[ia], &spots[ib]);
    let (vx, vy) = (b.x - a.x, b.y - a.y);
    let distance = (vx * vx + vy * vy).sqrt();
    let height = match (tiny(a, b), tiny(b, a)) {
        (true, false) => b.height,
        (false, true) => a.height,
        _ => (a.height + b.height) / 2.0,
    };
    if distance > height * (WIDEST + 0.5) + (a.width + b.width).max(a.height + b.height) / 2.0 || distance < 1e-4 {
        return None;
    }
    let straight = Pair { a, b, height, vx, vy };
    let link = match (round(a.text), round(b.text)) {
        (false, false) => match axis(a, b) {
            Some((up, off)) => straight.along(up, (off / 14.0) * (off / 14.0), WIDEST)?,
            // one of the two directions is wrong: whichever fits the line better
            None => [a.up, b.up]
                .into_iter()
                .filter_map(|up| straight.along(up, CROSS, WIDEST_CROSS))
                .min_by(|x, y| x.0.total_cmp(&y.0))?,
        },
        (true, false) => straight.along(bent(b, a), 0.3, WIDEST)?,
        (false, true) => straight.along(bent(a, b), 0.3, WIDEST)?,
        (true, true) => straight.along(vy.atan2(vx).to_degrees(), 1.5, WIDEST_CROSS)?,
    };
    let (cost, gap, dx, dy) = link;
    let between = spots.iter().enumerate().filter(|(i, s)| {
        let (x, y) = (s.x - a.x, s.y - a.y);
        let (along, across) = (x * dx + y * dy, (x * dy - y * dx).abs());
        let reach = (vx * dx + vy * dy).abs();
        *i != ia && *i != ib && along > 0.15 * reach && along < 0.85 * reach && across < 0.6 * height
    });
    let between = between.fold(0, |mask, (i, _)| mask | 1 << i);
    Some(Link { a: ia, b: ib, cost, gap, dx, dy, between })
}

/// Whether a mark is so small beside the other that their middles need not stand on one line.
fn tiny(mark: &Spot, other: &Spot) -> bool {
    small(mark.text) || mark.height < 0.45 * other.height
}

/// Where the top of the line points between two marks, and by how much they disagree, in degrees.
fn axis(a: &Spot, b: &Spot) -> Option<(f32, f32)> {
    let apart = wrap(b.up - a.up);
    let apart = if apart.abs() > 90.0 { wrap(apart + 180.0) } else { apart };
    let off = apart.abs().min(wrap(apart - wrap(b.clock - a.clock)).abs());
    (off < AXES).then_some((a.up + apart / 2.0, off))
}

/// The top of a line at a round mark beside `from`: halfway round with the ring where `from` stands on the ring.
fn bent(from: &Spot, round: &Spot) -> f32 {
    let turn = wrap(from.up - from.clock);
    let ring = turn.abs() < 25.0 || turn.abs() > 155.0;
    if ring { from.up + wrap(round.clock - from.clock) / 2.0 } else { from.up }
}

/// Two marks on trial.
struct Pair<'a> {
    a: &'a Spot,
    b: &'a Spot,
    height: f32,
    vx: f32,
    vy: f32,
}

impl Pair<'_> {
    /// Cost, gap and unit vector as neighbours on a line whose top points to `up`, given what their axes cost.
    fn along(&self, up: f32, axes: f32, widest: f32) -> Option<(f32, f32, f32, f32)> {
        let (s, c) = up.to_radians().sin_cos();
        let (along, across) = (self.vx * c + self.vy * s, self.vx * s - self.vy * c);
        let gap = (along.abs() - (self.a.width + self.b.width) / 2.0) / self.height;
        let tiny = tiny(self.a, self.b) || tiny(self.b, self.a);
        let step = (self.a.height - self.b.height) / 2.0;
        // on one middle line, one foot line or one head line
        let across =
            if tiny { across.abs() * 0.4 } else { across.abs().min((across - step).abs()).min((across + step).abs()) };
        let across = across / self.height / (0.13 + 0.12 * gap.max(0.0));
        let sizes = if tiny { 0.0 } else { (self.a.height / self.b.height).ln() / 0.3 };
        let tight = (-gap - 0.1).max(0.0) / 0.18;
        let cost = axes + across * across + sizes * sizes + tight * tight;
        let sign = if along < 0.0 { -1.0 } else { 1.0 };
        (cost < DEAREST && gap < widest).then_some((cost, gap, c * sign, s * sign))
    }
}
