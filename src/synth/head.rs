//! One case head, rendered into a picture: relief, light, metal, wear and dirt.

use super::dice::Dice;
use super::field::Field;
use super::layout::{Layout, Placed};
use super::look::{Look, Pocket};
use super::rough::{Metal, Rough};
use super::seen::{Pose, Seen};
use super::surface;
use super::view::View;

/// Brightness of the brightest glint: many times that of the metal, so that out of focus it is still a bright disc.
const GLINT: f32 = 6.0;

/// A head as it came out.
pub struct Rendered {
    /// Its marks, in the layout's order.
    pub marks: Vec<Seen>,
    /// Look of metal and marks, in a word: what figures are broken down by.
    pub metal: &'static str,
}

/// Renders a head over what is on the canvas (brightness 0..1) and tells where its marks came out, in the layout's order.
/// The brightness that the marks add to the canvas is put into `traces` as well, so that a picture without them can be had.
pub fn render(
    canvas: &mut Field,
    traces: &mut Field,
    pose: &Pose,
    layout: &Layout,
    metal: Metal,
    dice: &mut Dice,
) -> Rendered {
    let look = Look::random(dice);
    let rough = Rough::random(metal, dice);
    with(look, rough, canvas, traces, pose, layout, dice)
}

/// The same head that the same dice render, under a light that is thrown by others.
pub fn relit(
    canvas: &mut Field,
    traces: &mut Field,
    pose: &Pose,
    layout: &Layout,
    dice: &mut Dice,
    light: &mut Dice,
) -> Rendered {
    let look = Look::random(dice).under(light);
    with(look, None, canvas, traces, pose, layout, dice)
}

fn with(
    look: Look,
    rough: Option<Rough>,
    canvas: &mut Field,
    traces: &mut Field,
    pose: &Pose,
    layout: &Layout,
    dice: &mut Dice,
) -> Rendered {
    let metal = if rough.is_some() { "rough" } else { look.name() };
    let Some(view) = View::of(canvas, pose) else { return Rendered { marks: Vec::new(), metal } };
    let scale = pose.rim.mean_radius();
    let (w, h) = (view.w, view.h);

    let Strike { cut, near, relief } = Strike::of(&layout.marks, &view, &look, scale, dice);
    let mut ground = surface::ground(&view, layout, &look, scale, dice);
    surface::wear(&mut ground, &view, &look, scale, dice);
    if dice.chance(0.18) {
        surface::stakes(&mut ground, &view, layout, scale, dice);
    }
    let blotches = rough.map(|rough| {
        rough.put(&mut ground, &view, scale, dice);
        let (size, strength) = rough.blotches;
        (Field::noise(w, h, (size * scale).max(1.0), dice), strength)
    });
    let stain = Field::noise(w, h, scale * dice.range(0.08, 0.6), dice);
    let grime = Field::noise(w, h, scale * dice.range(0.1, 0.5), dice);
    let sealant = dice.chance(0.12).then(|| (dice.range(0.02, 0.12), dice.range(0.3, 1.25)));

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
            let radial = if r > 1e-3 { (u / r, v / r) } else { (0.0, 0.0) };
            let light = |gx: f32, gy: f32| look.light((gx, gy), inside, radial);
            let bare = light(gx, gy);
            let (mx, my) = slope(&relief);
            let marked = mx != 0.0 || my != 0.0 || cut.data[i] > 0.0;
            let mut lit = if marked { light(gx + mx, gy + my) } else { bare };
            if marked {
                let soil = look.dirt * near.data[i] * (0.6 + 0.4 * grime.data[i]).clamp(0.0, 1.0);
                lit *= 1.0 - soil;
                if let Some(paint) = look.fill {
                    lit += (paint - lit) * cut.data[i] * (0.8 + 0.4 * grime.data[i]).clamp(0.0, 1.0);
                } else if let Some(printed) = &look.printed {
                    lit += (printed.ink - lit) * cut.data[i];
                }
            }
            let mut tone = if inside { look.primer_tone } else { look.tone };
            tone *= 1.0 - look.stain * (stain.data[i] + 0.2).max(0.0);
            tone *= (1.0 + look.tarnish.0 * u + look.tarnish.1 * v).max(0.2);
            if let Some((noise, strength)) = &blotches {
                tone *= (1.0 + strength * noise.data[i]).clamp(0.2, 1.6);
            }
            if let Some((width, dark)) = sealant
                && r < layout.primer + width * (1.0 + grime.data[i])
                && r > layout.primer - 0.05
            {
                tone *= dark;
            }
            let (mut value, mut plain) = (lit * tone, bare * tone);
            if let Some(printed) = &look.printed {
                (value, plain) = (lit, bare);
                let ink = printed.circles(r, layout.primer, 0.012);
                value += (printed.ink - value) * ink;
                plain += (printed.ink - plain) * ink;
            }
            if let Some((level, mud)) = look.mud {
                let cover = (5.0 * (stain.data[i] - level)).clamp(0.0, 1.0);
                value += (mud - value) * cover;
                plain += (mud - plain) * cover;
            }
            if look.glints > 0.0 && dice.chance(look.glints * (0.2 + 3.0 * (mx.abs() + my.abs()))) {
                let flash = dice.range(1.0, GLINT);
                value += flash;
                plain += if marked { 0.0 } else { flash };
            }
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
    Rendered { marks: layout.marks.iter().map(|m| view.seen(m, look.chamfer * scale)).collect(), metal }
}

/// The marks as they were struck.
struct Strike {
    /// Where they are cut, 0..1.
    cut: Field,
    /// The same, with what is close by.
    near: Field,
    /// Height, in pixels.
    relief: Field,
}

impl Strike {
    fn of(marks: &[Placed], view: &View, look: &Look, scale: f32, dice: &mut Dice) -> Self {
        let chamfer = (look.chamfer * scale).max(0.4);
        let mut cut = view.strokes(marks, look, dice);
        cut.blur(chamfer);
        for v in &mut cut.data {
            *v = ((*v - look.weight + 0.3) / 0.6).clamp(0.0, 1.0);
            *v = *v * *v * (3.0 - 2.0 * *v);
        }
        let depth = -look.slope * chamfer * 2.2;
        let mut relief = Field::filled(view.w, view.h, 0.0);
        relief.add(&cut, depth);
        if let Some(pits) = view.pits(marks, chamfer, dice) {
            relief.add(&pits, depth);
        }
        let mut near = cut.clone();
        near.blur((chamfer * 2.2).max(0.8));
        if look.burr > 0.0 {
            for ((r, n), c) in relief.data.iter_mut().zip(&near.data).zip(&cut.data) {
                *r -= look.burr * depth * (n - c).max(0.0);
            }
        }
        Self { cut, near, relief }
    }
}

/// The brightness inside an empty primer pocket: dark, with a lit wall and a flash hole.
fn hollow(r: f32, u: f32, v: f32, bare: f32, look: &Look) -> f32 {
    let wall = ((r - 0.78) / 0.22).clamp(0.0, 1.0);
    let side = (u * look.lean[0].signum() + v * look.lean[1].signum()) / r.max(0.1);
    let hole = if r < 0.32 { 0.02 } else { 0.08 + 0.12 * bare };
    hole + wall * (0.15 + 0.25 * side.max(0.0)) * (0.5 + bare)
}
