//! Labelled heads beside what was read of them.

use super::Label;
use super::align::{Alignment, align};
use super::kind::{Kind, Offset, kind};
use crate::notation::Sameness;
use crate::record::{HeadRecord, PhotoRecord};

/// A head counts as located if its centre lies within half a radius of the label's and its size within these factors.
const SIZE: std::ops::Range<f32> = 0.85..1.18;
/// Greatest distance of its centre, in radii of the label.
const REACH: f32 = 0.5;
/// Proposals among which the right one is looked for.
const FIRST: usize = 5;

/// A labelled head and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The label.
    pub label: Label,
    /// Index of the head in the photograph's record, where one was found.
    pub head: Option<usize>,
    /// How far its rim is from the label's.
    pub offset: Option<Offset>,
    /// Whether place and size are those of the label.
    pub located: bool,
    /// Headstamps proposed, with their confidence, at most five.
    pub proposals: Vec<(String, Option<f32>)>,
    /// Which of them are exactly right, to a reader.
    pub right: Vec<bool>,
    /// Which of them are the label's variety.
    pub same_variety: Vec<bool>,
    /// Why there are none.
    pub reason: Option<String>,
    /// What became of it.
    pub kind: Kind,
    /// The first proposal beside the label.
    pub alignment: Alignment,
}

impl Verdict {
    /// The first proposal; empty where there is none.
    pub fn read(&self) -> &str {
        self.proposals.first().map_or("", |p| p.0.as_str())
    }

    /// Confidence of the first proposal, where there is one that was measured.
    pub fn confidence(&self) -> Option<f32> {
        self.proposals.first().and_then(|p| p.1)
    }

    /// Whether a person can read it.
    pub fn legible(&self) -> bool {
        self.label.legible
    }

    /// Whether the first proposal is exactly right.
    pub fn is_right(&self) -> bool {
        self.right.first() == Some(&true)
    }
}

/// A photograph's heads, judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    /// What became of its labelled heads, in the order of the labels.
    pub verdicts: Vec<Verdict>,
    /// The heads found where there is no label.
    pub extra: Vec<Extra>,
}

/// A head found where there is no label.
#[derive(Debug, Clone, PartialEq)]
pub struct Extra {
    /// Its index in the photograph's record.
    pub head: usize,
    /// Headstamps proposed, with their confidence, at most five.
    pub proposals: Vec<(String, Option<f32>)>,
    /// Why there are none.
    pub reason: Option<String>,
}

/// For each label the head found there that fits it best.
pub fn matched(heads: &[HeadRecord], labels: &[&Label]) -> Vec<Option<usize>> {
    let misfit = |i: &usize, label: &Label| {
        let Offset { centre, size } = Offset::of(&heads[*i], label);
        centre + size.ln().abs()
    };
    let one = |label: &&Label| {
        (0..heads.len())
            .filter(|&i| Offset::of(&heads[i], label).centre < REACH)
            .min_by(|i, j| misfit(i, label).total_cmp(&misfit(j, label)))
    };
    labels.iter().map(one).collect()
}

/// Judges a photograph's record by its labels.
pub fn judge(record: &PhotoRecord, labels: &[&Label]) -> Judged {
    let found = matched(&record.heads, labels);
    let extra = record.heads.iter().enumerate().filter(|(i, _)| !found.contains(&Some(*i)));
    let extra = extra.map(|(head, h)| Extra { head, proposals: proposed(h), reason: h.reason.clone() }).collect();
    let verdicts = labels.iter().zip(found).map(|(label, head)| verdict(label, head, record)).collect();
    Judged { verdicts, extra }
}

fn proposed(head: &HeadRecord) -> Vec<(String, Option<f32>)> {
    head.proposals.iter().take(FIRST).map(|p| (p.headstamp.clone(), p.confidence)).collect()
}

fn verdict(label: &Label, index: Option<usize>, record: &PhotoRecord) -> Verdict {
    let head = index.map(|i| &record.heads[i]);
    let offset = head.map(|h| Offset::of(h, label));
    let proposals = head.map_or_else(Vec::new, proposed);
    let same = |level: Sameness| -> Vec<bool> {
        let judged = proposals.iter().filter(|_| label.legible);
        judged.map(|(p, _)| level.holds(&label.headstamp, p)).collect()
    };
    let (right, same_variety) = (same(Sameness::Reader), same(Sameness::Variety));
    let first = proposals.first().filter(|_| label.legible);
    let alignment = first.map_or_else(Alignment::default, |(p, _)| align(&label.headstamp, p));
    Verdict {
        kind: kind(label, head, &right, &alignment),
        located: offset.is_some_and(|o| SIZE.contains(&o.size)),
        reason: head.and_then(|h| h.reason.clone()).or_else(|| record.error.as_ref().map(|e| e.message.clone())),
        label: label.clone(),
        head: index,
        offset,
        proposals,
        right,
        same_variety,
        alignment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::testing::head;
    use std::path::Path;

    #[test]
    fn heads_go_to_their_labels_and_the_rest_are_extra() {
        let label = |x: f32| Label {
            photo: "a.jpg".into(),
            x,
            y: 40.0,
            r: 30.0,
            headstamp: "9MM_FC_LUGER".into(),
            country: String::new(),
            legible: true,
        };
        let mut other = head();
        other.ellipse.cx = 200.0;
        let record = PhotoRecord { heads: vec![other, head()], ..PhotoRecord::named(Path::new("a.jpg"), "fake") };
        let (near, far) = (label(51.0), label(500.0));
        let judged = judge(&record, &[&near, &far]);
        assert_eq!(judged.extra.iter().map(|e| e.head).collect::<Vec<_>>(), [0]);
        let kinds: Vec<_> = judged.verdicts.iter().map(|v| (v.head, v.kind)).collect();
        assert_eq!(kinds, [(Some(1), Kind::Right), (None, Kind::NotLocated)]);
        assert!(judged.verdicts[0].located && judged.verdicts[0].confidence() == Some(0.93));
    }
}
