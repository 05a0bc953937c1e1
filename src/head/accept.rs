//! Which of the heads found are heads: by the detector's score, their marks, and the company they keep.

use super::locate::Head;

/// What full legibility adds to the detector's score, since washers and caps bear no marks; little, since coins do.
const MARKED: f32 = 0.3;
/// What company adds: cases are photographed among cases.
const COMPANY: f32 = 0.3;
/// How many heads make full company, and the greatest difference of the logarithms of their radii.
const FEW: usize = 4;
const SIMILAR: f32 = 0.25;
/// Score with these additions from which a head is one. Set on rendered trays and on pictures without heads.
const SURE: f32 = 0.87;

/// Whether each head, given with its legibility 0..1, is one. Those that are sure by themselves keep the others of their
/// size company.
pub fn accept(heads: &[(Head, f32)]) -> Vec<bool> {
    let alone: Vec<f32> = heads.iter().map(|(head, legibility)| head.score + MARKED * legibility).collect();
    let like = |a: &Head, b: &Head| (a.rim.mean_radius() / b.rim.mean_radius()).ln().abs() < SIMILAR;
    let company = |i: usize| {
        let others = (0..heads.len()).filter(|&k| k != i && alone[k] >= SURE && like(&heads[i].0, &heads[k].0));
        others.count().min(FEW) as f32 / FEW as f32
    };
    (0..heads.len()).map(|i| alone[i] + COMPANY * company(i) >= SURE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ellipse::Ellipse;

    fn head(radius: f32, score: f32) -> Head {
        Head { rim: Ellipse::circle(0.0, 0.0, radius), score, support: 1.0 }
    }

    #[test]
    fn marks_and_company_make_up_for_a_low_score() {
        let doubtful = (head(20.0, 0.65), 0.0);
        assert_eq!(accept(&[doubtful]), [false]);
        assert_eq!(accept(&[(head(20.0, 0.65), 0.8)]), [true]);
        assert_eq!(accept(&[[(head(21.0, 0.9), 0.0); 4].as_slice(), &[doubtful]].concat()), [true; 5]);
        // others of another size are none, and the doubtful do not vouch for one another
        assert!(!accept(&[[(head(60.0, 0.9), 0.0); 4].as_slice(), &[doubtful]].concat())[4]);
        assert_eq!(accept(&[doubtful; 6]), [false; 6]);
    }
}
