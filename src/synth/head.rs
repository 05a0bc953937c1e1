//! One case head, rendered into a picture: relief, light, metal, wear and dirt.

use super::camera::Taken;
use super::dice::Dice;
use super::field::Field;
use super::glyphs::{bar, class, disc};
use super::layout::{Layout, Placed};
use super::matcap::Matcap;
use super::raster::fill_max;
use crate::head::Ellipse;

/// Where a head stands in the picture.
#[derive(Clone, Copy)]
pub struct Pose {
    /// Its rim, in pixels of the canvas.
    pub rim: Ellipse,
    /// How far the case is turned, clockwise, in degrees.
    pub turn_deg: f32,
}

/// A mark as it came out.
pub struct Seen {
    /// Class in the alphabet.
    pub class: usize,
    /// Centre, in pixels of the canvas.
    pub x: f32,
    /// Centre, in pixels of the canvas.
    pub y: f32,
    /// Turn of its top from the outward radius, clockwise, in degrees.
    pub turn_deg: f32,
    /// Height, in units of the rim.
    pub height: f32,
    /// Width, in units of the rim.
    pub width: f32,
    /// Root mean square difference that the mark makes to the picture (0..1) round it; 0 until
    /// [`Seen::develop`] has been told of the picture.
    pub contrast: f32,
    /// Root mean square of what else is there of the size of strokes, in the same units.
    pub clutter: f32,
}

impl Seen {
    /// Finds contrast and clutter in a picture that was taken; `radius` is that of the head, in pixels.
    pub fn develop(&mut self, taken: &Taken, radius: f32) {
        let reach = (self.height.max(self.width) * radius * 0.5).max(1.0) as isize;
        let deviation = |field: &Field| {
            let (mut sum, mut n) = (0.0, 0.0);
            for dy in -reach..=reach {
                for dx in -reach..=reach {
                    let d = field.at(self.x as isize + dx, self.y as isize + dy);
                    sum += d * d;
                    n += 1.0;
                }
            }
            libm::sqrtf(sum / n)
        };
        self.contrast = deviation(&taken.contrast);
        self.clutter = deviation(&taken.clutter);
    }
}

/// A head as it came out.
pub struct Rendered {
    /// Its marks, in the layout's order.
    pub marks: Vec<Seen>,
    /// Look of metal and marks, in a word: what figures are broken down by.
    pub metal: &'static str,
}

/// How a head looks, thrown once a head.
struct Look {
    metal: Matcap,
    primer_metal: Matcap,
    tone: f32,
    primer_tone: f32,
    /// Depth of the marks in units of their chamfer; negative where they stand proud.
    slope: f32,
    /// Width of the chamfer, in units of the rim.
    chamfer: f32,
    /// Coverage at which a stroke begins: low values fatten strokes.
    weight: f32,
    burr: f32,
    fade: (f32, f32),
    grain: f32,
    lathe: f32,
    brushed: f32,
    lean: [f32; 4],
    dirt: f32,
    fill: Option<f32>,
    stain: f32,
    flat: bool,
    pocket: Pocket,
}

/// What is in the middle.
#[derive(Clone, Copy, PartialEq)]
enum Pocket {
    Live,
    Fired,
    Empty,
}

impl Look {
    fn random(dice: &mut Dice) -> Self {
        let metal = Matcap::random(dice);
        let primer_metal = if dice.chance(0.5) { Matcap::random(dice) } else { metal.clone_shifted(dice) };
        let fade = if dice.chance(0.22) { dice.range(0.3, 0.85) } else { dice.range(0.0, 0.25) };
        Self {
            metal,
            primer_metal,
            tone: dice.range(0.55, 1.0),
            primer_tone: dice.range(0.4, 1.1),
            slope: dice.log_range(0.45, 2.2) * if dice.chance(0.06) { -1.0 } else { 1.0 },
            chamfer: dice.log_range(0.0045, 0.022),
            weight: dice.range(0.3, 0.6),
            burr: if dice.chance(0.5) { dice.range(0.0, 0.7) } else { 0.0 },
            fade: (fade, dice.range(0.0, std::f32::consts::TAU)),
            grain: dice.log_range(0.004, 0.06),
            lathe: if dice.chance(0.5) { dice.log_range(0.01, 0.08) } else { 0.0 },
            brushed: if dice.chance(0.45) { dice.range(0.05, 0.6) } else { 0.0 },
            lean: [dice.normal() * 0.08, dice.normal() * 0.08, dice.normal() * 0.12, dice.range(-0.15, 0.15)],
            dirt: if dice.chance(0.5) { dice.range(0.0, 0.75) } else { 0.0 },
            fill: dice
                .chance(0.07)
                .then(|| if dice.chance(0.7) { dice.range(0.8, 1.0) } else { dice.range(0.0, 0.15) }),
            stain: if dice.chance(0.6) { dice.range(0.0, 0.5) } else { 0.0 },
            flat: dice.chance(0.03),
            pocket: [Pocket::Live, Pocket::Fired, Pocket::Empty][dice.weighted(&[0.35, 0.4, 0.25])],
        }
    }
}

impl Look {
    /// Least fading, brushing and turning rings that give the look its name: the strong halves of what is thrown.
    const WORN: f32 = 0.3;
    const BRUSHED: f32 = 0.25;
    const TURNED: f32 = 0.03;

    /// The look in a word: that of its features which changes marks most.
    fn name(&self) -> &'static str {
        match self {
            _ if self.flat => "printed",
            _ if self.fill.is_some() => "painted marks",
            _ if self.slope < 0.0 => "raised marks",
            _ if self.fade.0 >= Self::WORN => "worn marks",
            _ if self.brushed >= Self::BRUSHED => "brushed",
            _ if self.lathe >= Self::TURNED => "turned",
            _ => "plain",
        }
    }
}

impl Matcap {
    /// The same metal, a little darker or brighter and tilted: a primer beside its case.
    fn clone_shifted(&self, dice: &mut Dice) -> Self {
        self.tilted(dice.range(-0.15, 0.15), dice.range(-0.15, 0.15), dice.range(-0.12, 0.12))
    }
}

/// Renders a head over what is on the canvas (brightness 0..1) and tells where its marks came out, in the layout's order.
/// The brightness that the marks add to the canvas is put into `traces` as well, so that a picture without them can be had.
pub fn render(canvas: &mut Field, traces: &mut Field, pose: &Pose, layout: &Layout, dice: &mut Dice) -> Rendered {
    let look = Look::random(dice);
    let metal = look.name();
    let Some(view) = View::of(canvas, pose) else { return Rendered { marks: Vec::new(), metal } };
    let scale = pose.rim.mean_radius();
    let (w, h) = (view.w, view.h);

    let strokes = view.strokes(&layout.marks, &look, dice);
    let chamfer = (look.chamfer * scale).max(0.4);
    let mut cut = strokes.clone();
    cut.blur(chamfer);
    for v in &mut cut.data {
        *v = ((*v - look.weight + 0.3) / 0.6).clamp(0.0, 1.0);
        *v = *v * *v * (3.0 - 2.0 * *v);
    }
    let depth = -look.slope * chamfer * 2.2;
    let mut relief = Field::filled(w, h, 0.0);
    relief.add(&cut, depth);
    if let Some(pits) = view.pits(&layout.marks, chamfer, dice) {
        relief.add(&pits, depth);
    }
    let mut near = cut.clone();
    near.blur((chamfer * 2.2).max(0.8));
    if look.burr > 0.0 {
        for ((r, n), c) in relief.data.iter_mut().zip(&near.data).zip(&cut.data) {
            *r -= look.burr * depth * (n - c).max(0.0);
        }
    }

    let mut ground = view.ground(layout, &look, scale, dice);
    wear(&mut ground, &view, &look, scale, dice);
    if dice.chance(0.18) {
        stakes(&mut ground, &view, layout.primer, scale, dice);
    }
    let stain = Field::noise(w, h, scale * dice.range(0.08, 0.6), dice);
    let grime = Field::noise(w, h, scale * dice.range(0.1, 0.5), dice);
    let sealant = dice.chance(0.12).then(|| (dice.range(0.02, 0.12), dice.range(0.3, 0.9)));

    let edge = 0.7 / scale;
    for y in 0..h {
        for x in 0..w {
            let (u, v) = view.head(x as f32, y as f32);
            let r = libm::sqrtf(u * u + v * v);
            let alpha = ((1.0 + edge - r) / (2.0 * edge)).clamp(0.0, 1.0);
            if alpha <= 0.0 {
                continue;
            }
            let i = y * w + x;
            let (xi, yi) = (x as isize, y as isize);
            let slope =
                |f: &Field| ((f.at(xi + 1, yi) - f.at(xi - 1, yi)) * 0.5, (f.at(xi, yi + 1) - f.at(xi, yi - 1)) * 0.5);
            let (mut gx, mut gy) = slope(&ground);
            gx += look.lean[0] + look.lean[2] * u + look.lean[3] * v;
            gy += look.lean[1] + look.lean[2] * v - look.lean[3] * u;
            let inside = r < layout.primer;
            let metal = if inside { &look.primer_metal } else { &look.metal };
            let (rx, ry) = if r > 1e-3 { (u / r * look.brushed, v / r * look.brushed) } else { (0.0, 0.0) };
            let light = |gx: f32, gy: f32| {
                if look.flat {
                    0.8
                } else if look.brushed > 0.0 && !inside {
                    0.35 * metal.shade(gx, gy) + 0.325 * (metal.shade(gx + rx, gy + ry) + metal.shade(gx - rx, gy - ry))
                } else {
                    metal.shade(gx, gy)
                }
            };
            let bare = light(gx, gy);
            let (mx, my) = slope(&relief);
            let marked = mx != 0.0 || my != 0.0 || cut.data[i] > 0.0;
            let mut lit = if marked { light(gx + mx, gy + my) } else { bare };
            if marked {
                let soil = look.dirt * near.data[i] * (0.6 + 0.4 * grime.data[i]).clamp(0.0, 1.0);
                lit *= 1.0 - soil;
                if let Some(paint) = look.fill {
                    lit += (paint - lit) * cut.data[i] * (0.8 + 0.4 * grime.data[i]).clamp(0.0, 1.0);
                } else if look.flat {
                    lit += (0.1 - lit) * cut.data[i];
                }
            }
            let mut tone = if inside { look.primer_tone } else { look.tone };
            tone *= 1.0 - look.stain * (stain.data[i] + 0.2).max(0.0);
            if let Some((width, dark)) = sealant
                && r < layout.primer + width * (1.0 + grime.data[i])
                && r > layout.primer - 0.05
            {
                tone *= dark;
            }
            let (mut value, mut plain) = (lit * tone, bare * tone);
            if inside && look.pocket == Pocket::Empty {
                value = hollow(r / layout.primer, u, v, bare, &look);
                plain = value;
            }
            let at = (view.y + y) * canvas.w + view.x + x;
            let target = &mut canvas.data[at];
            *target += (value - *target) * alpha;
            traces.data[at] = (value - plain) * alpha;
        }
    }
    Rendered { marks: layout.marks.iter().map(|m| view.seen(m)).collect(), metal }
}

/// The brightness inside an empty primer pocket: dark, with a lit wall and a flash hole.
fn hollow(r: f32, u: f32, v: f32, bare: f32, look: &Look) -> f32 {
    let wall = ((r - 0.78) / 0.22).clamp(0.0, 1.0);
    let side = (u * look.lean[0].signum() + v * look.lean[1].signum()) / r.max(0.1);
    let hole = if r < 0.32 { 0.02 } else { 0.08 + 0.12 * bare };
    hole + wall * (0.15 + 0.25 * side.max(0.0)) * (0.5 + bare)
}

/// Blows with a punch that hold the primer, even round its edge, or single deep dents from handling: as deep as marks, but none.
fn stakes(ground: &mut Field, view: &View, primer: f32, scale: f32, dice: &mut Dice) {
    let mut field = Field::filled(view.w, view.h, 0.0);
    let start = dice.range(0.0, std::f32::consts::TAU);
    let (count, radius) = if dice.chance(0.7) {
        ([2, 3, 3, 4, 6, 8][dice.int(0, 6)], primer + dice.range(-0.02, 0.09))
    } else {
        (1, dice.range(primer, 0.95))
    };
    let (long, wide) = (dice.log_range(0.03, 0.16), dice.log_range(0.015, 0.06));
    let turn = dice.weighted(&[3.0, 1.0, 0.5]) as f32 * std::f32::consts::FRAC_PI_4;
    for i in 0..count {
        let clock = start + std::f32::consts::TAU * i as f32 / count as f32 + dice.normal() * 0.03;
        let (x, y) = (radius * libm::cosf(clock), radius * libm::sinf(clock));
        let way = clock + std::f32::consts::FRAC_PI_2 + turn;
        let (dx, dy) = (libm::cosf(way) * long / 2.0, libm::sinf(way) * long / 2.0);
        fill_max(&mut field, &[view.contour(&bar(x - dx, y - dy, x + dx, y + dy, wide))], dice.range(0.7, 1.0));
    }
    let soft = (scale * dice.log_range(0.005, 0.02)).max(0.5);
    field.blur(soft);
    ground.add(&field, -soft * dice.log_range(0.8, 3.5));
}

/// Turning rings, grain, scratches and dents on the ground.
fn wear(ground: &mut Field, view: &View, look: &Look, scale: f32, dice: &mut Dice) {
    let fine = (scale * 0.012).max(1.0);
    for size in [fine, fine * 2.6] {
        let noise = Field::noise(view.w, view.h, size, dice);
        ground.add(&noise, look.grain * size * 0.8);
    }
    let mut scars = Field::filled(view.w, view.h, 0.0);
    let scratches = if dice.chance(0.6) { dice.int(0, 14) } else { 0 };
    for _ in 0..scratches {
        let (x, y) = (dice.signed(), dice.signed());
        let (dx, dy) = (dice.normal() * 0.25, dice.normal() * 0.25);
        let line = bar(x, y, x + dx, y + dy, dice.log_range(0.004, 0.02));
        fill_max(&mut scars, &[view.contour(&line)], dice.range(0.2, 1.0));
    }
    for _ in 0..if dice.chance(0.4) { dice.int(1, 6) } else { 0 } {
        let (x, y) = (dice.signed() * 0.9, dice.signed() * 0.9);
        fill_max(&mut scars, &[view.contour(&disc(x, y, dice.log_range(0.01, 0.05), 10))], dice.range(0.3, 1.0));
    }
    if dice.chance(0.15) {
        // the ejector's stamp near the rim
        let clock = dice.range(0.0, std::f32::consts::TAU);
        let (x, y) = (libm::cosf(clock) * 0.82, libm::sinf(clock) * 0.82);
        let (dx, dy) = (dice.normal() * 0.08, dice.normal() * 0.08);
        fill_max(&mut scars, &[view.contour(&bar(x - dx, y - dy, x + dx, y + dy, dice.range(0.05, 0.16)))], 1.0);
    }
    let soft = (scale * 0.005).max(0.5);
    scars.blur(soft);
    ground.add(&scars, -soft * dice.range(0.4, 1.6));
}

/// The head's rectangle on the canvas, and the way between pixels and the head.
struct View {
    x: usize,
    y: usize,
    w: usize,
    h: usize,
    centre: (f32, f32),
    to_canvas: [f32; 4],
    to_head: [f32; 4],
}

impl View {
    /// `None` where the head lies wholly outside.
    fn of(canvas: &Field, pose: &Pose) -> Option<Self> {
        let reach = pose.rim.a * 1.02 + 3.0;
        let low = |c: f32| (c - reach).max(0.0) as usize;
        let high = |c: f32, size: usize| (c + reach).clamp(0.0, size as f32) as usize;
        let (x, y) = (low(pose.rim.cx), low(pose.rim.cy));
        let (w, h) = (high(pose.rim.cx, canvas.w).checked_sub(x)?, high(pose.rim.cy, canvas.h).checked_sub(y)?);
        if w < 4 || h < 4 {
            return None;
        }
        let t = pose.turn_deg.to_radians();
        let (s, c) = (libm::sinf(t), libm::cosf(t));
        let m = matrix(&pose.rim);
        let a = [m[0] * c + m[1] * s, m[1] * c - m[0] * s, m[2] * c + m[3] * s, m[3] * c - m[2] * s];
        let det = a[0] * a[3] - a[1] * a[2];
        Some(Self {
            x,
            y,
            w,
            h,
            centre: (pose.rim.cx - x as f32, pose.rim.cy - y as f32),
            to_canvas: a,
            to_head: [a[3] / det, -a[1] / det, -a[2] / det, a[0] / det],
        })
    }

    /// From a pixel of the view to the head, in units of the rim.
    fn head(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let m = &self.to_head;
        (m[0] * dx + m[1] * dy, m[2] * dx + m[3] * dy)
    }

    fn pixel(&self, u: f32, v: f32) -> (f32, f32) {
        let m = &self.to_canvas;
        (self.centre.0 + m[0] * u + m[1] * v, self.centre.1 + m[2] * u + m[3] * v)
    }

    fn contour(&self, contour: &[(f32, f32)]) -> Vec<(f32, f32)> {
        contour.iter().map(|&(u, v)| self.pixel(u, v)).collect()
    }

    /// Coverage by the marks' strokes, weaker where the stamp struck at a slant.
    fn strokes(&self, marks: &[Placed], look: &Look, dice: &mut Dice) -> Field {
        let mut field = Field::filled(self.w, self.h, 0.0);
        for mark in marks {
            let slant = 0.5 + 0.5 * libm::cosf(mark.clock_deg.to_radians() - look.fade.1);
            let strength = (1.0 - look.fade.0 * slant) * dice.range(0.85, 1.0);
            let contours: Vec<_> =
                mark.glyph.contours.iter().map(|c| c.iter().map(|&p| self.mark_point(mark, p)).collect()).collect();
            fill_max(&mut field, &contours, strength);
        }
        field
    }

    /// Further depth of dots, which are struck with a pointed punch as often as with a flat one, in units of the marks'
    /// depth; `None` where there is none to add.
    fn pits(&self, marks: &[Placed], chamfer: f32, dice: &mut Dice) -> Option<Field> {
        let dot = class("•");
        if !marks.iter().any(|m| m.class == dot) || dice.chance(0.4) {
            return None;
        }
        let mut field = Field::filled(self.w, self.h, 0.0);
        for mark in marks.iter().filter(|m| m.class == dot) {
            let contours: Vec<_> =
                mark.glyph.contours.iter().map(|c| c.iter().map(|&p| self.mark_point(mark, p)).collect()).collect();
            fill_max(&mut field, &contours, dice.range(0.5, 2.5));
        }
        field.blur(chamfer * dice.range(1.0, 3.0));
        Some(field)
    }

    /// A point of a mark's outline, in pixels of the view.
    fn mark_point(&self, mark: &Placed, p: (f32, f32)) -> (f32, f32) {
        let clock = mark.clock_deg.to_radians();
        let turn = (mark.clock_deg + mark.turn_deg).to_radians();
        let (s, c) = (libm::sinf(turn), libm::cosf(turn));
        let (x, y) = (p.0 * mark.size * mark.stretch, p.1 * mark.size);
        self.pixel(mark.radius * libm::sinf(clock) + x * c - y * s, -mark.radius * libm::cosf(clock) + x * s + y * c)
    }

    /// Height of the head without its marks, in pixels: rim, primer, grooves, turning rings.
    fn ground(&self, layout: &Layout, look: &Look, scale: f32, dice: &mut Dice) -> Field {
        let profile = Profile::random(layout.primer, look, scale, dice);
        let pin = (dice.normal() * 0.12 * layout.primer, dice.normal() * 0.12 * layout.primer);
        let dent = dice.range(0.15, 0.4) * layout.primer;
        let deep = if look.pocket == Pocket::Fired { dice.range(0.3, 1.2) * dent } else { 0.0 };
        let mut field = Field::filled(self.w, self.h, 0.0);
        for y in 0..self.h {
            for x in 0..self.w {
                let (u, v) = self.head(x as f32, y as f32);
                let r2 = u * u + v * v;
                if r2 > 1.2 {
                    continue;
                }
                let r = libm::sqrtf(r2);
                let mut height = profile.at(r);
                if deep > 0.0 && r < layout.primer {
                    let d2 = ((u - pin.0) * (u - pin.0) + (v - pin.1) * (v - pin.1)) / (dent * dent);
                    if d2 < 6.0 {
                        height -= deep * libm::expf(-d2 * d2);
                    }
                }
                field.data[y * self.w + x] = height * scale;
            }
        }
        field
    }

    fn seen(&self, mark: &Placed) -> Seen {
        let clock = mark.clock_deg.to_radians();
        let (x, y) = self.pixel(mark.radius * libm::sinf(clock), -mark.radius * libm::cosf(clock));
        let (height, width) = (mark.glyph.height * mark.size, mark.glyph.width * mark.size * mark.stretch);
        let (x, y) = (x + self.x as f32, y + self.y as f32);
        Seen { class: mark.class, x, y, turn_deg: mark.turn_deg, height, width, contrast: 0.0, clutter: 0.0 }
    }
}

/// The head's section along a radius, in units of the rim.
struct Profile {
    heights: Vec<f32>,
}

/// Steps of the profile a unit of the rim.
const STEPS: f32 = 700.0;

impl Profile {
    fn random(primer: f32, look: &Look, scale: f32, dice: &mut Dice) -> Self {
        let bevel = (dice.log_range(0.01, 0.09), dice.range(0.2, 1.2));
        let groove = (dice.log_range(0.008, 0.03).max(0.8 / scale), dice.range(0.3, 1.6));
        let primer_edge = (dice.range(0.03, 0.12), dice.range(0.1, 0.8));
        let crimp = dice
            .chance(0.3)
            .then(|| (primer + dice.range(0.03, 0.1), dice.log_range(0.006, 0.02), dice.range(0.2, 0.8)));
        let dish = dice.normal() * 0.03;
        let sunk = dice.range(-0.02, 0.01);
        let rings: Vec<(f32, f32, f32)> = (0..6)
            .map(|_| (dice.range(20.0, 260.0), dice.range(0.0, std::f32::consts::TAU), look.lathe * dice.unit()))
            .collect();
        let heights = (0..(1.15 * STEPS) as usize)
            .map(|i| {
                let r = i as f32 / STEPS;
                let mut h = dish * r * r;
                if r > 1.0 - bevel.0 {
                    let t = (r - 1.0 + bevel.0) / bevel.0;
                    h -= bevel.0 * bevel.1 * t * t;
                }
                let bell = |at: f32, width: f32| libm::expf(-((r - at) / width) * ((r - at) / width));
                h -= groove.0 * groove.1 * bell(primer, groove.0);
                if let Some((at, width, deep)) = crimp {
                    h -= width * deep * bell(at, width);
                }
                if r < primer {
                    h += sunk;
                    let t = ((r - primer + primer_edge.0) / primer_edge.0).max(0.0);
                    h -= primer_edge.0 * primer_edge.1 * t * t;
                }
                for &(rate, phase, size) in &rings {
                    if rate < scale {
                        h += size / rate * libm::sinf(rate * r + phase);
                    }
                }
                h
            })
            .collect();
        Self { heights }
    }

    fn at(&self, r: f32) -> f32 {
        let place = (r * STEPS).min(self.heights.len() as f32 - 2.0);
        let i = place as usize;
        self.heights[i] + (self.heights[i + 1] - self.heights[i]) * (place - i as f32)
    }
}

/// [`Ellipse::matrix`] with the sine and cosine that are the same on every machine.
fn matrix(rim: &Ellipse) -> [f32; 4] {
    let t = rim.angle_deg.to_radians();
    let (s, c) = (libm::sinf(t), libm::cosf(t));
    let off = (rim.a - rim.b) * s * c;
    [rim.a * c * c + rim.b * s * s, off, off, rim.a * s * s + rim.b * c * c]
}
