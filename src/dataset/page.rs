//! A picture of a dataset with the samples that are on it: a head, or a photograph with all that were confirmed.

use super::cut::{Cut, Signed, signed};
use super::gather::Sample;
use super::split::Part;
use std::collections::BTreeMap;

/// What a head is called among classes.
pub(super) const HEAD: &str = "case_head";

/// A number of pixels as it is written: to a hundredth, the same on every machine.
pub(super) fn pixels(v: f32) -> f64 {
    (f64::from(v) * 100.0).round() / 100.0 + 0.0
}

/// A picture with its samples.
pub(super) struct Page<'s> {
    /// Its file, under the folder of the dataset.
    pub(super) file: String,
    pub(super) part: Part,
    /// What was written; its bytes are not kept.
    pub(super) cut: Cut,
    pub(super) samples: Vec<&'s Sample>,
}

/// Something on a picture: what it is called, and where.
pub(super) struct Thing {
    pub(super) class: String,
    /// Left, top, width, height in pixels.
    pub(super) bounds: [f32; 4],
    /// Corners in pixels.
    pub(super) corners: Vec<[f32; 2]>,
    /// The headstamp, of a head.
    pub(super) headstamp: Option<String>,
}

/// A word on a picture: an element of the headstamp.
pub(super) struct Word {
    pub(super) text: String,
    /// Its outline in pixels: along the tops of its marks in reading order, and back along their feet.
    pub(super) outline: Vec<[f32; 2]>,
    /// Where it is on the ring, clockwise from and to, in degrees, and whether its tops point inward.
    pub(super) span: (f32, f32),
    pub(super) inward: bool,
}

impl Page<'_> {
    /// The name of the file alone.
    pub(super) fn name(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or(&self.file)
    }

    /// The heads on it.
    pub(super) fn heads(&self) -> Vec<Thing> {
        let head = |s: &&Sample| {
            let bounds @ [x, y, w, h] = self.cut.around(&s.head.ellipse);
            Thing {
                class: HEAD.to_owned(),
                bounds,
                corners: vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]],
                headstamp: Some(s.headstamp.clone()),
            }
        };
        self.samples.iter().map(head).collect()
    }

    /// The marks on it that are signs of what was confirmed.
    pub(super) fn marks(&self) -> Vec<Thing> {
        let mut all = Vec::new();
        for sample in &self.samples {
            for signed in signed(sample) {
                let corners = self.cut.corners(&signed.mark.corners, signed.mark.clock_deg);
                let bounds = self.cut.bounds(corners.into_iter());
                if bounds[2] >= 1.0 && bounds[3] >= 1.0 {
                    let corners = corners.to_vec();
                    all.push(Thing { class: signed.sign.to_owned(), bounds, corners, headstamp: None });
                }
            }
        }
        all
    }

    /// The words on it all of whose signs were found.
    pub(super) fn words(&self) -> Vec<Word> {
        self.samples.iter().flat_map(|sample| self.words_of(sample)).collect()
    }

    fn words_of(&self, sample: &Sample) -> Vec<Word> {
        let signed = signed(sample);
        let mut by_element: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (n, s) in signed.iter().enumerate() {
            by_element.entry(s.element).or_default().push(n);
        }
        let elements: Vec<&str> = sample.headstamp.split('_').collect();
        let mut all = Vec::new();
        for (element, members) in by_element {
            let Some(text) = elements.get(element) else { continue };
            let mut marks: Vec<_> = members.iter().map(|n| &signed[*n]).collect();
            // clockwise from the widest gap on: the word is on its other side
            marks.sort_by(|a, b| a.mark.clock_deg.total_cmp(&b.mark.clock_deg));
            let n = marks.len();
            let gap = |k: &usize| (marks[*k].mark.clock_deg - marks[(k + n - 1) % n].mark.clock_deg).rem_euclid(360.0);
            let start = (0..n).max_by(|a, b| gap(a).total_cmp(&gap(b))).unwrap_or(0);
            marks.rotate_left(start);
            let (Some(first), Some(last)) = (marks.first(), marks.last()) else { continue };
            let half = |m: &Signed| {
                let [left, right, ..] = m.mark.corners;
                let wide = (left[0] - right[0]).hypot(left[1] - right[1]);
                let at = (m.mark.radius * sample.head.ellipse.mean_radius()).max(1.0);
                (wide / 2.0 / at).to_degrees()
            };
            let span = (first.mark.clock_deg - half(first), last.mark.clock_deg + half(last));
            let wanted = crate::channel::signs(text);
            let spells = |marks: &[&Signed]| marks.iter().map(|m| m.sign).eq(wanted.iter().map(String::as_str));
            let mut inward = false;
            if !spells(&marks) {
                marks.reverse();
                inward = true;
                if !spells(&marks) {
                    continue;
                }
            }
            // one side of a ring is one piece: beside the middle mark
            let near = marks[n / 2].mark.clock_deg;
            let corners: Vec<_> = marks.iter().map(|m| self.cut.corners(&m.mark.corners, near)).collect();
            let tops = corners.iter().flat_map(|c| [c[0], c[1]]);
            let feet = corners.iter().rev().flat_map(|c| [c[2], c[3]]);
            all.push(Word { text: (*text).to_owned(), outline: tops.chain(feet).collect(), span, inward });
        }
        all
    }
}
