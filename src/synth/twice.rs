//! One case photographed twice: the same head, with every dent and scratch, under another light, turned, by another camera.

use super::camera::Camera;
use super::dice::Dice;
use super::field::Field;
use super::head;
use super::layout::Layout;
use super::seen::Pose;
use crate::ellipse::Ellipse;
use image::GrayImage;

/// Side of each photograph, and radius of the head on it, in pixels.
const SIDE: usize = 480;
const RADIUS: f32 = 200.0;
/// Brightness of the ground.
const GROUND: f32 = 0.4;
/// Width of a stroke, for the camera's focus, in units of the rim.
const STROKE: f32 = 0.03;

/// Two photographs of one case with how far the head is turned on each, clockwise, in degrees; the first is not turned. And
/// the rim, the same on both.
pub fn photographed(layout: &Layout, dice: &mut Dice) -> ([(GrayImage, f32); 2], Ellipse) {
    let middle = SIDE as f32 / 2.0;
    let rim = Ellipse::circle(middle, middle, RADIUS);
    let pose = Pose { rim, turn_deg: 0.0 };
    let seed = (dice.int(0, usize::MAX >> 33) as u64, 1);
    let turn = dice.range(0.0, 360.0);
    let one = |turn: f32, light: &mut Dice| {
        let (mut canvas, mut traces) = (Field::filled(SIDE, SIDE, GROUND), Field::filled(SIDE, SIDE, 0.0));
        head::relit(&mut canvas, &mut traces, &pose, layout, &mut Dice::new(seed.0, seed.1), light);
        let turned = [canvas, traces].map(|f| turned(&f, turn));
        let camera = Camera::random(light, RADIUS * STROKE);
        let [canvas, traces] = turned;
        (camera.take(canvas, &traces, Some(&rim), light).luma, turn)
    };
    ([one(0.0, &mut dice.fork()), one(turn, &mut dice.fork())], rim)
}

/// Turned about its middle, clockwise.
fn turned(field: &Field, turn_deg: f32) -> Field {
    if turn_deg == 0.0 {
        return field.clone();
    }
    let (s, c) = (libm::sinf(turn_deg.to_radians()), libm::cosf(turn_deg.to_radians()));
    let middle = SIDE as f32 / 2.0;
    let mut out = Field::filled(field.w, field.h, 0.0);
    for y in 0..field.h {
        for x in 0..field.w {
            let (u, v) = (x as f32 - middle, y as f32 - middle);
            let (px, py) = (middle + u * c + v * s, middle + v * c - u * s);
            let (x0, y0) = (libm::floorf(px), libm::floorf(py));
            let (fx, fy) = (px - x0, py - y0);
            let at = |dx: isize, dy: isize| field.at(x0 as isize + dx, y0 as isize + dy);
            let top = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
            out.data[y * field.w + x] = top * (1.0 - fy) + (at(0, 1) * (1.0 - fx) + at(1, 1) * fx) * fy;
        }
    }
    out
}
