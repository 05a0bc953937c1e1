//! Coverage of pixels by outlines: signed areas, summed along rows.

use super::field::Field;

/// Adds the shape's coverage, 0..1 a pixel, times `strength`, to `target` where it is higher than what is there.
/// Contours are in pixels of the target; pixel centres lie at whole numbers. Parts outside are cut off.
pub(super) fn fill_max(target: &mut Field, contours: &[Vec<(f32, f32)>], strength: f32) {
    let Some(area) = Area::of(contours, target) else { return };
    let mut sums = vec![0.0f32; (area.w + 2) * area.h];
    for contour in contours {
        for i in 0..contour.len() {
            area.edge(&mut sums, contour[i], contour[(i + 1) % contour.len()]);
        }
    }
    for y in 0..area.h {
        let row = &mut target.data[(area.y + y) * target.w + area.x..][..area.w];
        let mut cover = 0.0;
        for (v, s) in row.iter_mut().zip(&sums[y * (area.w + 2)..]) {
            cover += s;
            *v = v.max(cover.abs().min(1.0) * strength);
        }
    }
}

/// The pixels a shape may touch.
struct Area {
    x: usize,
    y: usize,
    w: usize,
    h: usize,
}

impl Area {
    fn of(contours: &[Vec<(f32, f32)>], target: &Field) -> Option<Self> {
        let (mut left, mut top, mut right, mut bottom) = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for &(x, y) in contours.iter().flatten() {
            (left, right, top, bottom) = (left.min(x), right.max(x), top.min(y), bottom.max(y));
        }
        let low = |v: f32| (v - 1.0).max(0.0) as usize;
        let (x, y) = (low(left), low(top));
        let (right, bottom) = ((right + 2.0).min(target.w as f32), (bottom + 2.0).min(target.h as f32));
        if right <= x as f32 || bottom <= y as f32 {
            return None;
        }
        Some(Self { x, y, w: right as usize - x, h: bottom as usize - y })
    }

    /// The signed area to the right of an edge, as differences along each row it crosses.
    fn edge(&self, sums: &mut [f32], from: (f32, f32), to: (f32, f32)) {
        let shift = |p: (f32, f32)| (p.0 - self.x as f32 + 0.5, p.1 - self.y as f32 + 0.5);
        let (mut p, mut q) = (shift(from), shift(to));
        if p.1 == q.1 {
            return;
        }
        let sign = if p.1 < q.1 { 1.0 } else { -1.0 };
        if p.1 > q.1 {
            std::mem::swap(&mut p, &mut q);
        }
        let slope = (q.0 - p.0) / (q.1 - p.1);
        let first = p.1.max(0.0);
        let last = q.1.min(self.h as f32);
        let mut y = first;
        while y < last {
            let row = y as usize;
            let end = last.min((row + 1) as f32);
            let (x0, x1) = (p.0 + (y - p.1) * slope, p.0 + (end - p.1) * slope);
            self.span(&mut sums[row * (self.w + 2)..][..self.w + 2], x0, x1, (end - y) * sign);
            y = end;
        }
    }

    /// Spreads the height `dy` of an edge piece between columns `x0` and `x1` of one row.
    fn span(&self, row: &mut [f32], x0: f32, x1: f32, dy: f32) {
        let limit = self.w as f32;
        let (l, r) = (x0.min(x1).clamp(0.0, limit), x0.max(x1).clamp(0.0, limit));
        let (first, last) = (l as usize, r as usize);
        if first == last {
            let middle = (l + r) / 2.0 - first as f32;
            row[first] += dy * (1.0 - middle);
            row[first + 1] += dy * middle;
            return;
        }
        let density = dy / (r - l);
        let mut x = l;
        for column in first..=last {
            let end = r.min((column + 1) as f32);
            let part = (end - x) * density;
            let middle = (x + end) / 2.0 - column as f32;
            row[column] += part * (1.0 - middle);
            row[column + 1] += part * middle;
            x = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(contours: &[Vec<(f32, f32)>]) -> f32 {
        let mut field = Field::filled(40, 30, 0.0);
        fill_max(&mut field, contours, 1.0);
        field.data.iter().sum()
    }

    #[test]
    fn coverage_sums_to_the_area() {
        let square = vec![(5.25, 6.5), (15.75, 6.5), (15.75, 20.0), (5.25, 20.0)];
        assert!((total(std::slice::from_ref(&square)) - 10.5 * 13.5).abs() < 0.01);
        let triangle = vec![(3.0, 3.0), (30.0, 9.0), (11.0, 25.0)];
        assert!((total(&[triangle]) - 273.0).abs() < 0.5);
        let mut hole: Vec<_> = square.iter().map(|p| (10.5 + (p.0 - 10.5) * 0.5, 13.0 + (p.1 - 13.0) * 0.5)).collect();
        hole.reverse();
        assert!((total(&[square, hole]) - 10.5 * 13.5 * 0.75).abs() < 0.01);
    }

    #[test]
    fn shapes_outside_are_cut_off() {
        let square = vec![(-10.0, -10.0), (9.5, -10.0), (9.5, 9.5), (-10.0, 9.5)];
        assert!((total(&[square]) - 100.0).abs() < 0.01);
        assert_eq!(total(&[vec![(50.0, 50.0), (60.0, 50.0), (60.0, 60.0)]]), 0.0);
    }
}
