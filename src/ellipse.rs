//! The rim of a case head as an ellipse.

use serde::{Deserialize, Serialize};

/// An ellipse in pixels of the upright photograph; the centre of the top left pixel is (0, 0), x to the right, y down.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ellipse {
    /// Centre, x, in pixels.
    pub cx: f32,
    /// Centre, y, in pixels.
    pub cy: f32,
    /// Semi-major axis, in pixels; `a >= b`.
    pub a: f32,
    /// Semi-minor axis, in pixels.
    pub b: f32,
    /// Turn of the major axis from the x axis, clockwise as seen on the photograph, in degrees, 0 to 180.
    pub angle_deg: f32,
}

impl Ellipse {
    /// A circle.
    pub fn circle(cx: f32, cy: f32, radius: f32) -> Self {
        Self { cx, cy, a: radius, b: radius, angle_deg: 0.0 }
    }

    /// From semi-axes in either order; puts the longer one first and brings the angle into 0..180.
    pub fn new(cx: f32, cy: f32, axis: f32, other: f32, angle_deg: f32) -> Self {
        let (a, b, angle) = if axis >= other { (axis, other, angle_deg) } else { (other, axis, angle_deg + 90.0) };
        Self { cx, cy, a, b, angle_deg: angle.rem_euclid(180.0) }
    }

    /// Radius of the circle of equal area, in pixels.
    pub fn mean_radius(&self) -> f32 {
        (self.a * self.b).sqrt()
    }

    /// The 2×2 matrix `[m00, m01, m10, m11]` that takes the unit disc to the ellipse without turning it: symmetric, so
    /// that "up" on the head stays "up" on the photograph.
    pub fn matrix(&self) -> [f32; 4] {
        let (s, c) = self.angle_deg.to_radians().sin_cos();
        let off = (self.a - self.b) * s * c;
        [self.a * c * c + self.b * s * s, off, off, self.a * s * s + self.b * c * c]
    }

    /// The place of a point given by radius (in units of the rim) and clock (clockwise from the top, in degrees).
    pub fn at(&self, radius: f32, clock_deg: f32) -> (f32, f32) {
        let (s, c) = clock_deg.to_radians().sin_cos();
        let (ux, uy) = (radius * s, -radius * c);
        let m = self.matrix();
        (self.cx + m[0] * ux + m[1] * uy, self.cy + m[2] * ux + m[3] * uy)
    }

    /// The inverse of [`Self::at`]: radius in units of the rim, clock in degrees 0..360.
    pub fn polar(&self, x: f32, y: f32) -> (f32, f32) {
        let m = self.matrix();
        let det = m[0] * m[3] - m[1] * m[2];
        let (dx, dy) = (x - self.cx, y - self.cy);
        let (ux, uy) = ((m[3] * dx - m[1] * dy) / det, (m[0] * dy - m[2] * dx) / det);
        (ux.hypot(uy), ux.atan2(-uy).to_degrees().rem_euclid(360.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn polar_inverts_at(cx in -500f32..500.0, cy in -500f32..500.0, a in 20f32..800.0, squash in 0.5f32..1.0,
                            angle in 0f32..180.0, radius in 0.1f32..1.2, clock in 0f32..360.0) {
            let e = Ellipse::new(cx, cy, a, a * squash, angle);
            let (x, y) = e.at(radius, clock);
            let (r, c) = e.polar(x, y);
            prop_assert!((r - radius).abs() < 1e-3);
            let turn = (c - clock).rem_euclid(360.0);
            prop_assert!(turn.min(360.0 - turn) < 0.1);
        }
    }

    #[test]
    fn swapped_axes_are_the_same_ellipse() {
        let (e, f) = (Ellipse::new(0.0, 0.0, 10.0, 20.0, 30.0), Ellipse::new(0.0, 0.0, 20.0, 10.0, 120.0));
        assert_eq!(e, f);
    }
}
