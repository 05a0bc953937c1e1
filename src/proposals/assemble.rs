//! From marks to lines of text: neighbours joined, the way they run decided by all of them together.

use super::links::Link;
use super::plane::{Spot, wrap};
use super::turned::{apart, round};

/// Space between words beyond the space between letters, in units of the height: less joins, more parts.
pub(super) const WORD: f32 = 0.22;
/// Space between elements beyond the space between letters, in units of the height.
const ELEMENT: f32 = 0.73;

/// Gap across which a word goes on with one mark missing, as above.
const BRIDGE: f32 = 1.2;

/// Marks on one line, in reading order.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Indices of spots.
    pub spots: Vec<usize>,
    /// Gaps between them beyond the space between letters, in units of the height.
    pub gaps: Vec<f32>,
    /// Whether each mark was seen the other way up than the line runs.
    pub flipped: Vec<bool>,
    /// Evidence for the way it runs less the evidence against, about 1 a mark.
    pub sure: f32,
    /// Summed cost of its links.
    pub cost: f32,
    /// Clockwise from the top, in degrees: place of its middle.
    pub clock: f32,
    /// Where its top points there, clockwise from the top of the page, in degrees.
    pub up: f32,
    /// Middle, in units of the rim.
    pub x: f32,
    pub y: f32,
    /// Mean height of its marks, in units of the rim.
    pub height: f32,
}

/// The lines of a head, for one choice of which marks are there.
#[derive(Debug, Clone)]
pub(super) struct Assembly {
    pub lines: Vec<Line>,
    /// Elements: lines that stand one above the other, upper first.
    pub groups: Vec<Vec<usize>>,
    /// Gaps between lines wide enough that a mark may be missing in them.
    pub holes: usize,
}

/// Joins the spots of a mask (one bit a spot) to lines; `bridging` joins across gaps in which a mark may be missing too.
pub(super) fn assemble(spots: &[Spot], links: &[Link], mask: u64, bridging: bool) -> Assembly {
    let is_there = |i: usize| mask >> i & 1 == 1;
    let usable = || links.iter().filter(|l| is_there(l.a) && is_there(l.b) && l.between & mask == 0);
    let mut web = Web::new(spots.len());
    for link in usable() {
        web.join(link);
    }
    let spacing = spacing(web.joined.iter().map(|l| l.gap));
    let limit = |l: &Link| {
        let apart = apart(spots[l.a].text) || apart(spots[l.b].text);
        spacing
            + if apart {
                WORD + 0.1
            } else if bridging {
                BRIDGE
            } else {
                ELEMENT
            }
    };
    let joined: Vec<Link> = web.joined.iter().filter(|l| l.gap < limit(l)).copied().collect();
    let holes = web.joined.iter().filter(|l| l.gap >= limit(l) && l.gap < 2.0 * spacing + 1.0).count();
    let mut neighbours: Vec<Vec<&Link>> = vec![Vec::new(); spots.len()];
    for link in &joined {
        neighbours[link.a].push(link);
        neighbours[link.b].push(link);
    }
    let mut lines = Vec::new();
    let mut seen = !mask;
    // `join` never closes a ring, so that every line has an end to start from
    for start in (0..spots.len()).filter(|&i| neighbours[i].len() < 2) {
        if seen >> start & 1 == 1 {
            continue;
        }
        let mut line = vec![start];
        let mut path: Vec<&Link> = Vec::new();
        seen |= 1 << start;
        let mut at = start;
        while let Some(link) = neighbours[at].iter().find(|l| seen >> (l.a + l.b - at) & 1 == 0) {
            at = link.a + link.b - at;
            seen |= 1 << at;
            line.push(at);
            path.push(link);
        }
        lines.push(run(spots, line, &path, spacing));
    }
    let groups = stack(spots, &lines);
    Assembly { lines, groups, holes }
}

/// Links chosen so far: at most two a mark, on opposite sides.
struct Web {
    joined: Vec<Link>,
    sides: Vec<Vec<(f32, f32)>>,
    /// A representative of each mark's line.
    line: Vec<usize>,
}

impl Web {
    fn new(count: usize) -> Self {
        Self { joined: Vec::new(), sides: vec![Vec::new(); count], line: (0..count).collect() }
    }

    fn root(&self, mut i: usize) -> usize {
        while self.line[i] != i {
            i = self.line[i];
        }
        i
    }

    fn join(&mut self, l: &Link) {
        let free = |i: usize, x: f32, y: f32| {
            self.sides[i].len() < 2 && self.sides[i].iter().all(|s| s.0 * x + s.1 * y < -0.5)
        };
        let (a, b) = (self.root(l.a), self.root(l.b));
        if a != b && free(l.a, l.dx, l.dy) && free(l.b, -l.dx, -l.dy) {
            self.sides[l.a].push((l.dx, l.dy));
            self.sides[l.b].push((-l.dx, -l.dy));
            self.line[a] = b;
            self.joined.push(*l);
        }
    }
}

/// The space between letters of one word on this head, in units of the height: the middle one of the narrower gaps, drawn
/// toward what is usual where there are few.
fn spacing(gaps: impl Iterator<Item = f32>) -> f32 {
    let mut gaps: Vec<f32> = gaps.filter(|&g| g < 0.75).collect();
    gaps.sort_by(f32::total_cmp);
    let low = gaps.first().copied().unwrap_or(0.0);
    let narrow = gaps.iter().filter(|&&g| g < low + 0.4).count();
    let middle = gaps.get(narrow / 2).copied().unwrap_or(0.0);
    ((0.2 + narrow as f32 * middle) / (1.0 + narrow as f32)).clamp(0.0, 0.55)
}

/// A line in reading order.
fn run(spots: &[Spot], mut line: Vec<usize>, path: &[&Link], spacing: f32) -> Line {
    let mut gaps: Vec<f32> = path.iter().map(|l| l.gap - spacing).collect();
    let cost = path.iter().map(|l| l.cost).sum();
    // the way along the line at each mark, from the links beside it
    let way: Vec<(f32, f32)> =
        path.iter().zip(&line).map(|(l, &from)| if l.a == from { (l.dx, l.dy) } else { (-l.dx, -l.dy) }).collect();
    let (mut sure, mut flipped) = (0.0, vec![false; line.len()]);
    for (k, &i) in line.iter().enumerate() {
        let spot = &spots[i];
        let beside = [k.checked_sub(1), Some(k)].into_iter().flatten().filter_map(|n| way.get(n));
        let (x, y) = beside.fold((0.0, 0.0), |s, w| (s.0 + w.0, s.1 + w.1));
        let (s, c) = spot.up.to_radians().sin_cos();
        let along = (x * c + y * s) / (x * x + y * y).sqrt().max(1e-3);
        let weight = spot.stand * spot.presence;
        if path.is_empty() {
            sure = weight;
        } else if along.abs() > 0.5 {
            sure += weight * along.signum();
            flipped[k] = along < 0.0;
        }
    }
    if sure < 0.0 {
        sure = -sure;
        line.reverse();
        gaps.reverse();
        flipped = flipped.iter().rev().map(|f| !f).collect();
    }
    let (mut up, mut x, mut y, mut height) = ((0.0, 0.0), 0.0, 0.0, 0.0);
    let (mut clock, mut swept) = (0.0, 0.0);
    let n = line.len() as f32;
    for (k, &i) in line.iter().enumerate() {
        let s = &spots[i];
        let (sin, cos) = (s.up + if flipped[k] { 180.0 } else { 0.0 }).to_radians().sin_cos();
        // a dot's top points anywhere
        let says = if round(s.text) { 0.01 } else { 1.0 };
        up = (up.0 + says * sin, up.1 + says * cos);
        (x, y, height) = (x + s.x / n, y + s.y / n, height + s.height / n);
        if k > 0 {
            swept += wrap(s.clock - spots[line[k - 1]].clock);
        }
        clock += swept / n;
    }
    let clock = (spots[line[0]].clock + clock).rem_euclid(360.0);
    Line { gaps, flipped, sure, cost, clock, up: up.0.atan2(up.1).to_degrees(), x, y, height, spots: line }
}

/// Lines one close above the other are one element.
fn stack(spots: &[Spot], lines: &[Line]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = (0..lines.len()).map(|i| vec![i]).collect();
    let above = |a: &Line, b: &Line| {
        if a.spots.len() + b.spots.len() < 4 || a.spots.len().min(b.spots.len()) < 2 || wrap(a.up - b.up).abs() > 25.0 {
            return false;
        }
        let (s, c) = a.up.to_radians().sin_cos();
        let (vx, vy) = (b.x - a.x, b.y - a.y);
        let (along, down) = ((vx * c + vy * s).abs(), vy * c - vx * s);
        let height = (a.height + b.height) / 2.0;
        let wide = |l: &Line| l.spots.iter().map(|&i| spots[i].width).sum::<f32>();
        down > 0.8 * height && down < 1.7 * height && along < 0.4 * wide(a).max(wide(b))
    };
    for upper in 0..lines.len() {
        for lower in 0..lines.len() {
            let free = groups[upper].len() == 1 && groups[lower].len() == 1;
            if upper != lower && free && above(&lines[upper], &lines[lower]) {
                groups[upper].push(lower);
                groups[lower].clear();
            }
        }
    }
    groups.retain(|g| !g.is_empty());
    groups
}
