//! Two sets of models on the same heads: what the one reads better than the other, and how far that can be trusted.
//!
//! Both read every head, so that what is hard about a head counts for neither. What is drawn anew for the intervals is what
//! the heads bear, with both readings of all that bear it.

use super::breakdown::{Trait, grouped};
use super::interval::{Interval, Part, interval_of_difference};
use super::judge::{Judged, Verdict};
use super::score::Score;
use super::share::{Measure, OF_HEADSTAMPS, OF_PHOTOS, by_headstamp};
use crate::labels::Truth;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A share before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The name, as [`Share`](super::Share) has it.
    pub name: String,
    /// By the present models; `None` of nothing.
    pub before: Option<f64>,
    /// By the others.
    pub after: Option<f64>,
    /// The second less the first.
    pub difference: f64,
    /// Where the difference lies in 95 of 100 such sets; `None` where there are too few heads to tell.
    pub interval: Option<Interval>,
    /// Of how much.
    pub whole: usize,
}

/// Heads that have something in common, before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// What they have in common.
    pub name: String,
    /// How many legible ones there are.
    pub legible: usize,
    /// The figures.
    pub differences: Vec<Difference>,
}

/// Two sets of models on the same photographs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Photographs.
    pub photos: usize,
    /// Legible heads.
    pub legible: usize,
    /// Of them, those whose first proposal is of the right variety by the others alone, and by the present models alone.
    pub gained: usize,
    /// As above.
    pub lost: usize,
    /// The figures.
    pub differences: Vec<Difference>,
    /// The same by what heads are like; what is not known of any is left out.
    pub by: BTreeMap<String, Vec<Compared>>,
}

/// The figure that decides: first proposals of the right variety.
pub const DECIDES: &str = "variety_first";

impl Comparison {
    /// Compares what became of the same photographs, in the same order.
    pub fn of(before: &[Judged], after: &[Judged], truth: &Truth) -> Self {
        let heads = |judged: &[Judged]| judged.iter().flat_map(|p| p.verdicts.clone()).collect::<Vec<Verdict>>();
        let (old, new) = (heads(before), heads(after));
        let photos = |(before, after): (&Judged, &Judged)| (Score::of_photo(before), Score::of_photo(after));
        let by_photo: Vec<(Score, Score)> = before.iter().zip(after).map(photos).collect();
        let mut differences: Vec<Difference> = OF_PHOTOS.map(|m| difference(m, &by_photo)).to_vec();
        let all: Vec<usize> = (0..old.len()).collect();
        differences.extend(reading(&old, &new, &all));
        let right = |v: &Verdict| v.same_variety.first() == Some(&true);
        let legible = || old.iter().zip(&new).filter(|(o, _)| o.legible());
        let verdicts: Vec<&Verdict> = old.iter().collect();
        let by = Trait::ALL.map(|t| {
            let group = |(name, heads): (String, Vec<usize>)| Compared {
                name,
                legible: heads.len(),
                differences: reading(&old, &new, &heads),
            };
            (t.name().to_owned(), grouped(t, &verdicts, truth).into_iter().map(group).collect::<Vec<_>>())
        });
        Self {
            photos: before.len(),
            legible: legible().count(),
            gained: legible().filter(|(o, n)| !right(o) && right(n)).count(),
            lost: legible().filter(|(o, n)| right(o) && !right(n)).count(),
            differences,
            by: by.into_iter().filter(|(_, groups)| !groups.is_empty()).collect(),
        }
    }

    /// A figure.
    pub fn figure(&self, name: &str) -> Option<&Difference> {
        self.differences.iter().find(|d| d.name == name)
    }
}

/// The figures of reading over some of the heads.
fn reading(old: &[Verdict], new: &[Verdict], heads: &[usize]) -> Vec<Difference> {
    let scores = |all: &[Verdict]| by_headstamp(heads.iter().map(|n| &all[*n]));
    let (before, mut after) = (scores(old), scores(new));
    let cases: Vec<(Score, Score)> =
        before.into_iter().map(|(key, b)| (b, after.remove(&key).unwrap_or_default())).collect();
    OF_HEADSTAMPS.map(|m| difference(m, &cases)).to_vec()
}

fn difference((name, _, _, measure): Measure, cases: &[(Score, Score)]) -> Difference {
    let parts: Vec<(Part, Part)> = cases.iter().map(|(b, a)| (measure(b), measure(a))).collect();
    let parts: Vec<(Part, Part)> = parts.into_iter().filter(|(b, a)| b.whole > 0 || a.whole > 0).collect();
    let share = |of: &dyn Fn(&(Part, Part)) -> Part| {
        let (part, whole) =
            parts.iter().map(of).fold((0, 0), |sum: (usize, usize), p| (sum.0 + p.part, sum.1 + p.whole));
        ((whole > 0).then(|| part as f64 / whole as f64), whole)
    };
    let ((before, whole), (after, _)) = (share(&|p| p.0), share(&|p| p.1));
    Difference {
        name: name.to_owned(),
        before,
        after,
        difference: after.unwrap_or(0.0) - before.unwrap_or(0.0),
        interval: interval_of_difference(&parts),
        whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Label, judge};
    use crate::reader::testing::head;
    use crate::record::PhotoRecord;
    use std::path::Path;

    /// Photographs of a head that reads right, but for those with these numbers.
    fn judged(wrong: &[usize]) -> Vec<Judged> {
        let one = |n: usize| {
            let name = format!("{n}.jpg");
            let headstamp = if wrong.contains(&n) { format!("{n}_FC_LUGER") } else { "9MM_FC_LUGER".to_owned() };
            let label = Label {
                photo: name.clone(),
                x: 50.0,
                y: 40.0,
                r: 30.0,
                headstamp,
                country: String::new(),
                legible: true,
            };
            let record = PhotoRecord { heads: vec![head()], ..PhotoRecord::named(Path::new(&name), "fake") };
            judge(&record, &[&label])
        };
        (0..20).map(one).collect()
    }

    #[test]
    fn what_is_read_better_and_worse_is_counted_head_by_head() {
        // labels differ where a reading is to be wrong: the label is what both are held against elsewhere
        let (before, after) = (judged(&[1, 2, 3, 4]), judged(&[4]));
        let compared = Comparison::of(&before, &after, &Truth::default());
        assert_eq!((compared.photos, compared.legible, compared.gained, compared.lost), (20, 20, 3, 0));
        let same = Comparison::of(&after, &after, &Truth::default());
        let decides = same.figure(DECIDES).unwrap();
        assert_eq!((decides.difference, decides.interval, decides.before), (0.0, None, Some(0.95)));
    }

    #[test]
    fn a_difference_is_as_sure_as_its_cases_are_many() {
        let part = |part| Part { part, whole: 1 };
        let cases = |n: usize| (0..n).map(|i| (part(usize::from(i % 4 > 1)), part(usize::from(i % 4 > 0)))).collect();
        let wide = |cases: Vec<(Part, Part)>| interval_of_difference(&cases).map(|i| (i.low, i.high)).unwrap();
        let (few, many) = (wide(cases(20)), wide(cases(400)));
        assert!(many.0 > 0.2 && many.1 < 0.3 && few.0 < many.0 && few.1 > many.1, "{few:?} {many:?}");
    }
}
