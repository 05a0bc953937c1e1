//! Where the marks of a headstamp stand on the head.

use super::dice::Dice;
use super::glyph::Glyph;
use super::glyphs::{Typeface, class};
use super::parts::Element;
use super::words::{self, Split, written};

/// One mark, placed: position and size in units of the rim, on the head as held (before it is turned).
#[derive(Clone)]
pub struct Placed {
    /// Class in the alphabet.
    pub class: usize,
    /// Its outline.
    pub glyph: Glyph,
    /// Distance from the centre.
    pub radius: f32,
    /// Clockwise from the top, in degrees.
    pub clock_deg: f32,
    /// Turn of its top from the outward radius, clockwise, in degrees.
    pub turn_deg: f32,
    /// Height of a capital.
    pub size: f32,
    /// Width relative to the typeface's own.
    pub stretch: f32,
}

/// A headstamp, laid out.
pub struct Layout {
    /// In the notation: elements clockwise, joined by `_`.
    pub headstamp: String,
    /// Every mark.
    pub marks: Vec<Placed>,
    /// Radius of the primer pocket, in units of the rim.
    pub primer: f32,
    /// Whether round blows of a punch may lie among the marks.
    pub punched: bool,
}

/// How the text of an element runs.
#[derive(Clone, Copy, PartialEq)]
enum Run {
    Outward,
    Inward,
    /// Straight, upright as seen with the head's own top up.
    Upright,
    /// Along the radius, tops clockwise or anticlockwise.
    Radial(f32),
    /// Single characters turned by this much each.
    Turned(f32),
}

/// How the elements of a head are laid out together.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// As they occur.
    HeldAside,
    /// As they occur, the seldom ways more often.
    Training,
    /// Every element in a way of its own: characters are learnt in every direction, as most heads show them in one.
    Crowd,
}

impl Manner {
    /// How often a head is outward, inward below, upright, along the radius, turned, upright where elements are short.
    fn styles(self) -> [f32; 6] {
        if self == Manner::HeldAside { [4.5, 3.5, 1.5, 0.2, 0.05, 1.0] } else { [3.5, 3.0, 2.0, 0.7, 0.9, 2.0] }
    }
}

/// Lays out a headstamp of the given set.
pub fn headstamp(dice: &mut Dice, faces: &[Typeface], split: Split) -> Layout {
    loop {
        let elements = words::headstamp(dice, split);
        let manner = if split == Split::Training { Manner::Training } else { Manner::HeldAside };
        if let Some(layout) = place(dice, faces, &elements, manner) {
            return layout;
        }
    }
}

/// Lays out a ring crowded with random marks.
pub fn crowd(dice: &mut Dice, faces: &[Typeface]) -> Layout {
    loop {
        let elements = words::crowd(dice);
        if let Some(layout) = place(dice, faces, &elements, Manner::Crowd) {
            return layout;
        }
    }
}

/// Most marks of an element that may stand upright beside words that follow the ring, as the gauge at both sides of a
/// shotgun head does.
const SHORT: usize = 3;

/// `None` where the text does not fit the ring.
fn place(dice: &mut Dice, faces: &[Typeface], elements: &[Element], manner: Manner) -> Option<Layout> {
    let shotgun = dice.chance(0.15);
    let primer = if shotgun { dice.range(0.24, 0.36) } else { dice.range(0.34, 0.54) };
    let outer = dice.range(0.88, 0.96);
    let room = outer - primer - 0.04;
    let size = (room * dice.range(0.36, 0.85)).clamp(0.09, 0.34);
    let radius = if shotgun {
        dice.range((primer + size * 0.7 + 0.05).min(outer - size * 0.6), outer - size * 0.55)
    } else {
        let (low, high) = (primer + 0.03 + size * 0.5, outer - size * 0.5);
        let middle = (low + high) / 2.0;
        middle + (high - low) / 2.0 * dice.signed() * 0.8
    };
    let face = dice.pick(faces);
    let shape = Shape {
        size,
        radius,
        stretch: if dice.chance(0.12) { dice.range(1.2, 1.5) } else { dice.range(0.62, 1.2) },
        spacing: if dice.chance(0.12) { dice.range(0.0, 0.06) } else { dice.range(0.06, 0.5) },
        jitter: dice.range(0.0, 1.0),
        dot: if manner == Manner::HeldAside { 0.48 } else { 0.62 },
    };
    let style = dice.weighted(&manner.styles());
    let characters: usize = elements.iter().map(count).sum();
    if style == 2 && characters > 12 && manner != Manner::Crowd {
        return None;
    }
    // the angle each element takes decides how the ring is shared out
    let uneven = dice.chance(if manner == Manner::HeldAside { 0.25 } else { 0.4 });
    let shapes: Vec<Shape> =
        elements.iter().map(|_| if uneven && dice.chance(0.5) { shape.varied(dice) } else { shape }).collect();
    let widths: Vec<f32> = elements.iter().zip(&shapes).map(|(e, shape)| shape.arc(e, face, dice)).collect();
    let total: f32 = widths.iter().sum();
    let gap = shape.gap_deg();
    let free = 360.0 - total - gap * elements.len() as f32;
    if free < 0.0 {
        return None;
    }
    let even = dice.chance(0.7);
    let closeness = if even { 1.0 } else { dice.range(0.1, 1.0) };
    let mut marks = Vec::new();
    let mut clock = -widths[0] / 2.0 + if dice.chance(0.2) { dice.range(-30.0, 30.0) } else { 0.0 };
    let turned = dice.range(-180.0, 180.0);
    let side = if dice.chance(0.5) { 90.0 } else { -90.0 };
    let inward = dice.chance(0.5);
    for ((element, shape), width) in elements.iter().zip(&shapes).zip(&widths) {
        let middle = clock + width / 2.0;
        let lower = (middle.rem_euclid(360.0) - 180.0).abs() < 85.0;
        let run = match style {
            _ if manner == Manner::Crowd => any_run(dice, count(element)),
            0 => Run::Outward,
            1 if lower => Run::Inward,
            1 => Run::Outward,
            2 => Run::Upright,
            3 => Run::Radial(side),
            5 if count(element) <= SHORT => Run::Upright,
            5 if lower && inward => Run::Inward,
            5 => Run::Outward,
            _ => Run::Turned(turned),
        };
        shape.element(dice, face, element, middle, run, &mut marks)?;
        clock += width + gap + free * closeness / elements.len() as f32;
    }
    (!collide(&marks)).then(|| Layout {
        headstamp: written(elements),
        marks,
        primer,
        punched: manner != Manner::HeldAside,
    })
}

/// Marks of an element.
fn count(element: &Element) -> usize {
    element.iter().map(Vec::len).sum()
}

/// Any way for an element of so many marks to run: few enough to stand across the ring, or along it.
fn any_run(dice: &mut Dice, marks: usize) -> Run {
    let side = if dice.chance(0.5) { 90.0 } else { -90.0 };
    match (dice.weighted(&[2.5, 2.5, 2.5, 2.5]), marks) {
        (0, _) => Run::Outward,
        (1, _) => Run::Inward,
        (_, 1) => Run::Turned(dice.range(-180.0, 180.0)),
        (2, 2) => Run::Radial(side),
        (_, ..=SHORT) => Run::Upright,
        (2, _) => Run::Outward,
        _ => Run::Inward,
    }
}

/// What the marks of one head share, or of one element where elements differ.
#[derive(Clone, Copy)]
struct Shape {
    size: f32,
    radius: f32,
    stretch: f32,
    /// Space between characters, in units of their height.
    spacing: f32,
    /// How carelessly the die was cut, 0..1.
    jitter: f32,
    /// Diameter of the largest dot, in units of the characters' height.
    dot: f32,
}

/// Width of a space between words, in units of the characters' height, beside the usual spacing.
const WORD_SPACE: f32 = 0.45;

/// Least space between elements, in units of the characters' height.
const ELEMENT_SPACE: f32 = 1.0;

impl Shape {
    /// The shape of an element that was cut with other punches than the rest: smaller, and set closer or wider.
    fn varied(self, dice: &mut Dice) -> Self {
        Self {
            size: self.size * dice.range(0.6, 1.0),
            stretch: self.stretch * dice.range(0.8, 1.2),
            spacing: dice.range(0.0, 0.4),
            ..self
        }
    }

    fn gap_deg(&self) -> f32 {
        (self.size * (ELEMENT_SPACE + self.spacing) / self.radius).to_degrees()
    }

    fn glyph(&self, face: &Typeface, text: &str, dice: &mut Dice) -> (usize, Glyph) {
        let class = class(text);
        let mut glyph = face.glyph(class, dice);
        if text == "•" {
            let small = dice.range(0.16, self.dot);
            glyph = scaled(glyph, small);
        }
        (class, glyph)
    }

    /// Degrees an element takes along the ring.
    fn arc(&self, element: &Element, face: &Typeface, dice: &mut Dice) -> f32 {
        let characters = element.iter().flatten();
        let width: f32 = characters.map(|t| self.glyph(face, t, dice).1.width * self.stretch + self.spacing).sum();
        let spaces = (element.len() - 1) as f32 * WORD_SPACE;
        ((width + spaces) * self.size / self.radius).to_degrees()
    }

    /// Places one element round `middle`; `None` where it does not fit.
    fn element(
        &self,
        dice: &mut Dice,
        face: &Typeface,
        element: &Element,
        middle: f32,
        run: Run,
        out: &mut Vec<Placed>,
    ) -> Option<()> {
        let mut line = Vec::new();
        let mut x = 0.0;
        for word in element {
            for text in word {
                let (class, glyph) = self.glyph(face, text, dice);
                let half = glyph.width * self.stretch * 0.5;
                x += half;
                line.push((x, class, glyph));
                x += half + self.spacing;
            }
            x += WORD_SPACE;
        }
        let length = x - self.spacing - WORD_SPACE;
        if run == Run::Upright && length * self.size > 0.95 {
            return None;
        }
        for (at, class, glyph) in line {
            let along = (at - length / 2.0) * self.size;
            let lift = glyph.lift * self.size;
            let (radius, clock, turn) = match run {
                Run::Outward => (self.radius + lift, middle + (along / self.radius).to_degrees(), 0.0),
                Run::Inward => (self.radius - lift, middle - (along / self.radius).to_degrees(), 180.0),
                Run::Upright => {
                    let (s, c) = sin_cos(middle);
                    let (px, py) = (self.radius * s + along, -self.radius * c - lift);
                    let clock = libm::atan2f(px, -py).to_degrees();
                    (libm::sqrtf(px * px + py * py), clock, -clock)
                }
                Run::Radial(side) => {
                    // tops clockwise read inward, tops anticlockwise read outward
                    let outward = if side < 0.0 { along } else { -along };
                    (self.radius + outward, middle + (lift / self.radius).to_degrees() * side.signum(), side)
                }
                Run::Turned(turn) => (self.radius, middle + (along / self.radius).to_degrees(), turn),
            };
            let sloppy = self.jitter;
            out.push(Placed {
                class,
                glyph,
                radius: radius + dice.normal() * 0.006 * sloppy,
                clock_deg: clock + dice.normal() * 0.6 * sloppy,
                turn_deg: turn + dice.normal() * 3.0 * sloppy,
                size: self.size * (1.0 + dice.normal() * 0.02 * sloppy),
                stretch: self.stretch,
            });
        }
        Some(())
    }
}

fn scaled(mut glyph: Glyph, by: f32) -> Glyph {
    for p in glyph.contours.iter_mut().flatten() {
        *p = (p.0 * by, p.1 * by);
    }
    (glyph.width, glyph.height) = (glyph.width * by, glyph.height * by);
    glyph
}

fn sin_cos(deg: f32) -> (f32, f32) {
    let r = deg.to_radians();
    (libm::sinf(r), libm::cosf(r))
}

/// Whether marks stand on one another, off the head or on the primer's centre.
fn collide(marks: &[Placed]) -> bool {
    let place = |m: &Placed| {
        let (s, c) = sin_cos(m.clock_deg);
        (m.radius * s, -m.radius * c)
    };
    let reach = |m: &Placed| 0.45 * m.size * (m.glyph.width * m.stretch).min(m.glyph.height).max(0.2);
    for (i, a) in marks.iter().enumerate() {
        let half = a.glyph.height * a.size * 0.5;
        if a.radius + half > 1.0 || a.radius - half < 0.2 || a.glyph.height * a.size < 0.02 {
            return true;
        }
        for b in &marks[..i] {
            let ((ax, ay), (bx, by)) = (place(a), place(b));
            let near = reach(a) + reach(b);
            if (ax - bx) * (ax - bx) + (ay - by) * (ay - by) < near * near {
                return true;
            }
        }
    }
    false
}
