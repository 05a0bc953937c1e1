//! The records that this project's networks are trained on, as `synth --format strips` writes them: a file for each part.
//! Places come from aligning what was confirmed with the marks that were found. Where a sign was missed, where a mark is none of
//! what was confirmed, and where the order of an element and the tops of its marks contradict each other, the place counts neither
//! as a mark nor as none; a strip of which too little is known is left out, and counted.

use super::super::cut::{Signed, signed};
use super::super::folder::{DatasetError, Folder};
use super::super::gather::Sample;
use super::super::page::Page;
use super::super::split::Part;
use crate::channel::signs;
use crate::marks::{ALPHABET, class_of};
use crate::notation::look::one_look;
use crate::record::MarkRecord;
use crate::strip;
use crate::synth::stream::write_strip;
use crate::synth::strips::{LabelledStrip, StripMark};

/// The mark between elements.
const DOT: &str = "•";
/// Least share of the signs that have to be found: of fewer the alignment is a guess.
const FOUND: f32 = 0.6;
/// From here on the right of marks, as a cosine along the ring, contradicts the order in which they are read.
const CONTRADICTS: f32 = 0.3;
/// How much larger than its neighbours the place of a sign is that was missed: its place is not known exactly.
const UNSURE: f32 = 1.3;

pub(super) fn write(pages: &[Page], to: &mut Folder) -> Result<(), DatasetError> {
    for part in Part::ALL {
        let mut bytes = Vec::new();
        for sample in pages.iter().filter(|p| p.part == part).flat_map(|p| &p.samples) {
            let Some(marks) = marks(sample) else {
                to.unfit();
                continue;
            };
            let luma = to.ring(sample)?;
            write_strip(&mut bytes, &LabelledStrip { luma, marks })?;
        }
        to.put(&format!("{}.strips", part.name()), &bytes)?;
    }
    Ok(())
}

/// What stands in a place.
fn stands(sample: &Sample, mark: &MarkRecord, class: usize, legible: bool) -> StripMark {
    let radius = sample.head.ellipse.mean_radius().max(1.0);
    let side = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]) / radius * strip::RIM_ROWS;
    let [top_left, top_right, _, bottom_left] = mark.corners;
    StripMark {
        class,
        column: strip::clock_column(mark.clock_deg),
        row: strip::radius_row(mark.radius),
        turn_deg: mark.turn_deg,
        height: side(top_left, bottom_left),
        width: side(top_left, top_right),
        legible,
    }
}

/// The class of a place that teaches nothing.
fn unknown() -> usize {
    class_of("?").unwrap_or(ALPHABET.len() - 1)
}

/// The marks of a head as they are on its strip; `None` where too little of them is known.
fn marks(sample: &Sample) -> Option<Vec<StripMark>> {
    let signed = signed(sample);
    let all = signs(&sample.headstamp).len();
    if (signed.len() as f32) < FOUND * all as f32 {
        return None;
    }
    // a sign of another script is the class of its look
    let class = |s: &Signed| class_of(s.sign).or_else(|| class_of(&s.mark.text));
    let mut told = Vec::with_capacity(sample.head.marks.len());
    for s in &signed {
        let mut mark = stands(sample, s.mark, class(s)?, true);
        match top(sample, &signed, s) {
            Some(turn_deg) => mark.turn_deg = turn_deg,
            None => (mark.class, mark.legible) = (unknown(), false),
        }
        told.push(mark);
    }
    if told.iter().filter(|m| m.legible).count() as f32 <= FOUND * FOUND * all as f32 {
        return None;
    }
    // dots are no signs of the alignment: they are taught where as many were found as were confirmed
    let dots = sample.head.marks.iter().filter(|m| m.text == DOT).count();
    let as_confirmed = dots == sample.headstamp.matches(DOT).count();
    let dot = class_of(DOT);
    for (mark, sign) in sample.head.marks.iter().zip(&sample.fit.reads) {
        if sign.is_none() {
            let taught = dot.filter(|_| as_confirmed && mark.text == DOT);
            told.push(stands(sample, mark, taught.unwrap_or_else(unknown), taught.is_some()));
        }
    }
    told.extend(missed(sample, &signed)?);
    Some(told)
}

/// Which way a mark is turned, as the order of its element has it; `None` where that is not known: the element was likely aligned
/// the wrong way round, or it is one mark alone that reads as something else.
fn top(sample: &Sample, signed: &[Signed], s: &Signed) -> Option<f32> {
    let mine: Vec<&Signed> = signed.iter().filter(|o| o.element == s.element).collect();
    if mine.len() < 2 {
        return (one_look(&s.mark.text, s.sign) || s.mark.alternatives.iter().any(|(t, _)| one_look(t, s.sign)))
            .then_some(s.mark.turn_deg);
    }
    let clockwise = clockwise(sample, s.element)?;
    // the way to a mark's right, along the ring
    let right = |turn_deg: f32| turn_deg.to_radians().cos() * clockwise;
    let all = mine.iter().map(|o| right(o.mark.turn_deg)).sum::<f32>() / mine.len() as f32;
    match right(s.mark.turn_deg) {
        _ if all < -CONTRADICTS => None,
        one if one < -CONTRADICTS => Some((s.mark.turn_deg + 180.0).rem_euclid(360.0)),
        _ => Some(s.mark.turn_deg),
    }
}

/// Where each sign of an element was seen, in degrees, and `None` of those that were missed.
fn places(sample: &Sample, element: usize) -> &[Option<f32>] {
    let mut elements = sample.headstamp.split('_').map(|text| signs(text).len());
    let before: usize = elements.by_ref().take(element).sum();
    let count = elements.next().unwrap_or_default();
    sample.fit.places.get(before..before + count).unwrap_or_default()
}

/// 1 where an element is read clockwise, -1 where it is read the other way.
fn clockwise(sample: &Sample, element: usize) -> Option<f32> {
    let mut found = places(sample, element).iter().flatten();
    let (first, last) = (found.next()?, found.next_back()?);
    Some(((last - first + 180.0).rem_euclid(360.0) - 180.0).signum())
}

/// Where signs stand that were missed, by the others of their element; `None` where that is not told.
fn missed(sample: &Sample, signed: &[Signed]) -> Option<Vec<StripMark>> {
    let mut all = Vec::new();
    for (element, text) in sample.headstamp.split('_').enumerate() {
        let (count, places) = (signs(text).len(), places(sample, element));
        let found: Vec<(usize, f32)> = places.iter().enumerate().filter_map(|(n, p)| Some((n, (*p)?))).collect();
        if found.len() == count {
            continue;
        }
        let like = signed.iter().find(|s| s.element == element)?.mark;
        let step = match found.as_slice() {
            [(a, from), .., (b, to)] => ((to - from + 180.0).rem_euclid(360.0) - 180.0) / (b - a) as f32,
            // one alone: as wide as it is, to the side on which its right is
            [_] => {
                let [left, right, ..] = like.corners;
                let at = (like.radius * sample.head.ellipse.mean_radius()).max(1.0);
                ((left[0] - right[0]).hypot(left[1] - right[1]) / at).to_degrees() * like.turn_deg.to_radians().cos()
            }
            [] => return None,
        };
        for n in (0..count).filter(|n| places.get(*n).is_some_and(Option::is_none)) {
            let (near, clock) = found.iter().min_by_key(|(m, _)| m.abs_diff(n))?;
            let mut mark = stands(sample, like, unknown(), false);
            mark.column = strip::clock_column((clock + step * (n as f32 - *near as f32)).rem_euclid(360.0));
            (mark.height, mark.width) = (mark.height * UNSURE, mark.width * UNSURE);
            all.push(mark);
        }
    }
    Some(all)
}
