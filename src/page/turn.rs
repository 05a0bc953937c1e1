//! Which way up a head is shown: the maker's mark on top. And which mark each character of a headstamp was read from.

use crate::record::HeadRecord;

/// For each mark, which character of the first proposal it is read as, counted in characters of the notation; `None` where
/// the proposal leaves it out.
pub(super) fn characters(head: &HeadRecord) -> Vec<Option<usize>> {
    let mut of = vec![None; head.marks.len()];
    let Some(first) = head.proposals.first() else { return of };
    let mut free: Vec<usize> = (0..head.marks.len()).collect();
    for (at, c) in first.headstamp.chars().enumerate().filter(|(_, c)| *c != '_') {
        let text = c.to_string();
        let reads = |n: &usize| *head.marks[*n].read_as.as_ref().unwrap_or(&head.marks[*n].text) == text;
        if let Some(found) = free.iter().position(reads) {
            of[free.remove(found)] = Some(at);
        }
    }
    of
}

/// The clock of the maker's mark, in degrees: the middle of the marks of the first element; 0 where there is none.
pub(super) fn top(head: &HeadRecord) -> f32 {
    let Some(first) = head.proposals.first() else { return 0.0 };
    let length = first.headstamp.chars().take_while(|c| *c != '_').count();
    let (mut sin, mut cos) = (0.0, 0.0);
    for (mark, at) in head.marks.iter().zip(characters(head)) {
        if at.is_some_and(|at| at < length) {
            let (s, c) = mark.clock_deg.to_radians().sin_cos();
            (sin, cos) = (sin + s, cos + c);
        }
    }
    if (sin, cos) == (0.0, 0.0) { 0.0 } else { f32::atan2(sin, cos).to_degrees().rem_euclid(360.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::testing::head;

    #[test]
    fn the_first_element_is_on_top() {
        let mut head = head();
        let mark =
            |text: &str, clock_deg| crate::record::MarkRecord { text: text.into(), clock_deg, ..head.marks[0].clone() };
        head.marks = vec![mark("C", 10.0), mark("9", 180.0), mark("F", 350.0)];
        assert_eq!(characters(&head), [Some(1), Some(9), Some(0)]);
        assert!(top(&head) < 0.1 || top(&head) > 359.9);
        head.proposals.clear();
        assert_eq!((top(&head), characters(&head)), (0.0, vec![None; 3]));
    }
}
