//! How a head looks: metal, strike, wear and dirt, thrown once a head.

use super::dice::Dice;
use super::matcap::Matcap;

/// What a head looks like.
pub(super) struct Look {
    pub metal: Matcap,
    pub primer_metal: Matcap,
    pub tone: f32,
    pub primer_tone: f32,
    /// Depth of the marks in units of their chamfer; negative where they stand proud.
    pub slope: f32,
    /// Width of the chamfer, in units of the rim.
    pub chamfer: f32,
    /// Coverage at which a stroke begins: low values fatten strokes.
    pub weight: f32,
    pub burr: f32,
    /// How much fainter the strike is on one side, and on which.
    pub fade: (f32, f32),
    /// A second strike: turned by so many degrees, so strong.
    pub twice: Option<(f32, f32)>,
    /// How far strokes of a worn die are eaten away, and the size of what is missing, in units of the rim.
    pub worn: Option<(f32, f32)>,
    pub grain: f32,
    pub lathe: f32,
    pub brushed: f32,
    pub lean: [f32; 4],
    pub dirt: f32,
    pub fill: Option<f32>,
    pub stain: f32,
    /// How much darker or brighter the metal is toward one side: lacquer, tarnish, a wash of copper.
    pub tarnish: (f32, f32),
    /// Where mud or corrosion lies over everything: from which level of the stain on, and its brightness.
    pub mud: Option<(f32, f32)>,
    /// Share of pits of rust.
    pub rust: f32,
    /// Share of the surface that flashes, flanks of strokes most of all.
    pub glints: f32,
    pub printed: Option<Printed>,
    pub pocket: Pocket,
}

/// A head that is drawn rather than photographed: flat ground, flat ink, and perhaps its circles as lines.
pub(super) struct Printed {
    pub ground: f32,
    pub ink: f32,
    pub lines: bool,
}

/// What is in the middle.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pocket {
    Live,
    Fired,
    Empty,
}

impl Look {
    pub(super) fn random(dice: &mut Dice) -> Self {
        let metal = Matcap::random(dice);
        let primer_metal = if dice.chance(0.5) { Matcap::random(dice) } else { metal.clone_shifted(dice) };
        let fade = if dice.chance(0.15) { dice.range(0.3, 0.8) } else { dice.range(0.0, 0.25) };
        let printed = dice.chance(0.045).then(|| Printed::random(dice));
        let stain = if dice.chance(0.6) { dice.range(0.0, 0.5) } else { 0.0 };
        Self {
            metal,
            primer_metal,
            tone: dice.range(0.6, 1.05),
            primer_tone: dice.range(0.4, 1.1),
            slope: dice.log_range(0.95, 2.6) * if dice.chance(0.06) { -1.0 } else { 1.0 },
            chamfer: dice.log_range(0.0045, 0.022),
            weight: dice.range(0.3, 0.6),
            burr: if dice.chance(0.5) { dice.range(0.0, 0.9) } else { 0.0 },
            fade: (fade, dice.range(0.0, std::f32::consts::TAU)),
            twice: dice.chance(0.05).then(|| (dice.normal() * 1.5, dice.range(0.3, 0.8))),
            worn: dice.chance(0.15).then(|| (dice.range(0.2, 0.8), dice.log_range(0.02, 0.12))),
            grain: dice.log_range(0.004, 0.045),
            lathe: if dice.chance(0.5) { dice.log_range(0.01, 0.08) } else { 0.0 },
            brushed: if dice.chance(0.45) { dice.range(0.05, 0.6) } else { 0.0 },
            lean: [dice.normal() * 0.08, dice.normal() * 0.08, dice.normal() * 0.12, dice.range(-0.15, 0.15)],
            dirt: if dice.chance(0.5) { dice.range(0.0, 0.75) } else { 0.0 },
            fill: dice
                .chance(0.07)
                .then(|| if dice.chance(0.7) { dice.range(0.8, 1.0) } else { dice.range(0.0, 0.15) }),
            stain: if printed.is_some() { 0.0 } else { stain },
            tarnish: if dice.chance(0.35) { (dice.normal() * 0.15, dice.normal() * 0.15) } else { (0.0, 0.0) },
            mud: (printed.is_none() && dice.chance(0.05)).then(|| (dice.range(0.35, 0.7), dice.range(0.1, 0.9))),
            rust: if dice.chance(0.1) { dice.range(0.1, 0.7) } else { 0.0 },
            glints: if printed.is_none() && dice.chance(0.3) { dice.log_range(3e-4, 1e-2) } else { 0.0 },
            pocket: match dice.weighted(&[0.35, 0.4, 0.25]) {
                _ if printed.is_some() => Pocket::Live,
                0 => Pocket::Live,
                1 => Pocket::Fired,
                _ => Pocket::Empty,
            },
            printed,
        }
    }

    /// The same head under another light.
    pub(super) fn under(self, light: &mut Dice) -> Self {
        let lean = [light.normal() * 0.08, light.normal() * 0.08, light.normal() * 0.12, light.range(-0.15, 0.15)];
        let metal = Matcap::random(light);
        let primer_metal = metal.clone_shifted(light);
        Self { metal, primer_metal, lean, ..self }
    }

    /// Least fading, rust, brushing and turning rings that give the look its name: the strong halves of what is thrown.
    const WORN: f32 = 0.3;
    const RUSTY: f32 = 0.4;
    const BRUSHED: f32 = 0.25;
    const TURNED: f32 = 0.03;

    /// The look in a word: that of its features which changes marks most.
    pub(super) fn name(&self) -> &'static str {
        match self {
            _ if self.printed.is_some() => "printed",
            _ if self.fill.is_some() => "painted marks",
            _ if self.slope < 0.0 => "raised marks",
            _ if self.mud.is_some() || self.rust >= Self::RUSTY => "rust or mud",
            _ if self.worn.is_some() || self.fade.0 >= Self::WORN => "worn marks",
            _ if self.brushed >= Self::BRUSHED => "brushed",
            _ if self.lathe >= Self::TURNED => "turned",
            _ => "plain",
        }
    }

    /// How bright the surface is where it faces this way; the primer, `inside`, is not brushed as the head is, along `radial`.
    pub(super) fn light(&self, slope: (f32, f32), inside: bool, radial: (f32, f32)) -> f32 {
        let (gx, gy) = slope;
        if let Some(printed) = &self.printed {
            return printed.ground;
        }
        let metal = if inside { &self.primer_metal } else { &self.metal };
        if self.brushed > 0.0 && !inside {
            let (rx, ry) = (radial.0 * self.brushed, radial.1 * self.brushed);
            0.35 * metal.shade(gx, gy) + 0.325 * (metal.shade(gx + rx, gy + ry) + metal.shade(gx - rx, gy - ry))
        } else {
            metal.shade(gx, gy)
        }
    }
}

impl Printed {
    fn random(dice: &mut Dice) -> Self {
        let (dark, bright) = (dice.range(0.0, 0.3), dice.range(0.6, 1.0));
        let (ground, ink) = if dice.chance(0.55) { (bright, dark) } else { (dark, bright) };
        Self { ground, ink, lines: dice.chance(0.6) }
    }

    /// Ink of the circles at a distance from the centre, 0..1; `line` is their width.
    pub(super) fn circles(&self, r: f32, primer: f32, line: f32) -> f32 {
        if !self.lines {
            return 0.0;
        }
        let off = (r - primer).abs().min((r - 1.0 + line).abs());
        (1.5 - off / line).clamp(0.0, 1.0)
    }
}

impl Matcap {
    /// The same metal, a little darker or brighter and tilted: a primer beside its case.
    fn clone_shifted(&self, dice: &mut Dice) -> Self {
        self.tilted(dice.range(-0.15, 0.15), dice.range(-0.15, 0.15), dice.range(-0.12, 0.12))
    }
}
