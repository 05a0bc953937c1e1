//! Mirror writing: a head seen through a microscope or by a selfie camera, on which every character is turned left to right.
//!
//! Networks and conventions read it as other characters, some of them surely: И for N, Я for R, S for 2. What tells it apart is
//! that the same head, turned over, is read much more surely. Fitted on 491 renders and their mirror pictures, each read both
//! ways, with its bounds chosen in view of 490 others too (seeds 3211 and 3212): of the 350 of these whose true side is read
//! right at 0.5 or more, 286 are named, and 40 keep a proposal of 0.5 or more; by the rule, of 981 true
//! sides three are named, each misread in any case.
//! The glance that stands before it lets 84 of the 89 through that would be named on 100 other mirrored renders (seed 71), and of
//! 26 unsure heads photographed by phone none.

use crate::marks::{Mark, NOT_SEEN};
use crate::notation::{Headstamp, Sign};

/// Confidence from which a head is clear, and is not looked at turned over.
pub const CLEAR: f32 = 0.9;
/// What is said where a head is in mirror writing.
pub const REASON: &str = "in mirror writing: turn the picture over, left to right, and read it again";

/// Least confidence of the reading turned over.
const SURE: f32 = 0.5;
/// By how much its log odds must be above those of the head as it stands.
const MARGIN: f32 = 1.0;
/// Confidence below which, and above 1 less which, log odds are not followed.
const LEAST: f32 = 0.01;
/// Presence from which a mark is one that is looked at turned over.
const THERE: f32 = 0.5;
/// By how much less clear marks may be turned over, in nats a mark, for the whole head to be read so. As it stands a mark is
/// seen by both networks, turned over by the classifier alone, which is less sure.
const LESS: f32 = 0.2;
/// Least number of characters that are not their own mirror picture: `IM 60` is read alike from both sides.
const ONE_SIDED: usize = 2;
/// Characters that are, or nearly are, their own mirror picture.
const SYMMETRIC: &str = "AHIMOTUVWXYilovwx018*⊕•.-_+'/^:?ДЖЛПФШΛΘΞΨΩ";

/// The marks that are surest to be there, at most so many.
pub fn plainest(marks: &[Mark], most: usize) -> Vec<&Mark> {
    let mut there: Vec<&Mark> = marks.iter().filter(|m| m.presence >= THERE).collect();
    there.sort_by(|a, b| b.presence.total_cmp(&a.presence));
    there.truncate(most);
    there
}

/// Where a mark stands on the head turned over; what it is has to be seen anew.
pub fn turned_over(mark: &Mark) -> Mark {
    Mark {
        clock_deg: (360.0 - mark.clock_deg).rem_euclid(360.0),
        turn_deg: -mark.turn_deg,
        confidence: NOT_SEEN,
        alternatives: Vec::new(),
        reversed: Vec::new(),
        ..mark.clone()
    }
}

/// Whether marks turned over are about as clear as they stand, so that the whole head is worth to be read so.
pub fn worth_a_look(marks: &[&Mark], over: &[Mark]) -> bool {
    let clear = |sum: f32, m: &Mark| sum + m.confidence.max(LEAST).ln();
    let (stands, turned) = (marks.iter().fold(0.0, |sum, m| clear(sum, m)), over.iter().fold(0.0, clear));
    turned - stands >= -LESS * marks.len() as f32
}

/// Whether a head is in mirror writing, by the confidence of its first proposal as it stands (`None` where there is none), and
/// the first proposal turned over with its own.
pub fn mirrored(as_it_stands: Option<f32>, turned_over: &str, confidence: f32) -> bool {
    let odds = |p: f32| {
        let p = p.clamp(LEAST, 1.0 - LEAST);
        (p / (1.0 - p)).ln()
    };
    let before = as_it_stands.unwrap_or(0.0);
    before < CLEAR
        && confidence >= SURE
        && odds(confidence) - odds(before) >= MARGIN
        && one_sided(turned_over) >= ONE_SIDED
}

/// How many characters of a headstamp another one, or none, is seen for in a mirror; symbols do not count.
fn one_sided(headstamp: &str) -> usize {
    let written: Headstamp = headstamp.parse().unwrap_or_default();
    let signs = written.elements().iter().flat_map(|e| e.signs()).map(|s: Sign| s.to_string());
    signs.filter(|s| s.chars().count() == 1 && s != " " && !SYMMETRIC.contains(s.as_str())).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_much_more_surely_turned_over_is_mirrored() {
        assert!(mirrored(Some(0.57), "WRA_08_25", 0.95));
        assert!(mirrored(None, "FN_43", 0.8));
        // no surer, not sure, clear as it stands
        assert!(!mirrored(Some(0.57), "WRA_08_25", 0.7));
        assert!(!mirrored(Some(0.05), "WRA_08_25", 0.4));
        assert!(!mirrored(Some(CLEAR), "WRA_08_25", 0.99));
        assert!(!mirrored(Some(f32::NAN), "WRA_08_25", f32::NAN));
    }

    #[test]
    fn only_where_marks_are_as_clear_turned_over_is_the_head_read_so() {
        let mark =
            |presence, confidence| Mark { presence, confidence, clock_deg: 30.0, turn_deg: 5.0, ..Mark::default() };
        let marks = [mark(0.9, 0.8), mark(0.3, 0.9), mark(0.99, 0.5), mark(0.7, 0.9)];
        let plain = plainest(&marks, 2);
        assert_eq!(plain, [&marks[2], &marks[0]]);
        let over = turned_over(plain[0]);
        assert_eq!((over.clock_deg, over.turn_deg, over.confidence), (330.0, -5.0, NOT_SEEN));
        assert!(worth_a_look(&plain, &[mark(1.0, 0.45), mark(1.0, 0.75)]));
        assert!(!worth_a_look(&plain, &[mark(1.0, 0.2), mark(1.0, 0.5)]));
        assert!(!worth_a_look(&plain, &[mark(1.0, 0.0), mark(1.0, f32::NAN)]));
    }

    #[test]
    fn what_is_its_own_mirror_picture_is_never_said_to_be_mirrored() {
        for headstamp in ["IM_60", "ΛI", "X_86", "10_11", "[crown]_[anchor]_8", ""] {
            assert!(!mirrored(Some(0.1), headstamp, 0.95), "{headstamp}");
        }
        assert_eq!(one_sided("R-P_9 mm_[crown]_N"), 6);
    }
}
