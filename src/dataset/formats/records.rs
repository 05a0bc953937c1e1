//! The records that this project's recogniser is trained on, as `synth --format strips` writes them: a file for each part. Marks
//! that are not signs of what was confirmed, and signs that were not found, make a strip unfit: it would teach that there is
//! nothing. Those strips are left out, and counted.

use super::super::cut::{Signed, signed};
use super::super::folder::{DatasetError, Folder};
use super::super::gather::Sample;
use super::super::page::Page;
use super::super::split::Part;
use crate::channel::Fault;
use crate::marks::class_of;
use crate::strip;
use crate::synth::stream::write_strip;
use crate::synth::strips::{LabelledStrip, StripMark};

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

/// The mark between elements.
const DOT: &str = "•";

/// The marks of a head as they are on its strip; `None` where some are not told.
fn marks(sample: &Sample) -> Option<Vec<StripMark>> {
    let whole = sample.fit.faults.iter().all(|f| matches!(f, Fault::Reads { .. }));
    if !whole {
        return None;
    }
    let rim = sample.head.ellipse;
    let radius = rim.mean_radius().max(1.0);
    let mark = |s: Signed| {
        let side = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]) / radius * strip::RIM_ROWS;
        let [top_left, top_right, _, bottom_left] = s.mark.corners;
        // a sign of another script is the class of its look
        let class = class_of(s.sign).or_else(|| class_of(&s.mark.text))?;
        Some(StripMark {
            class,
            column: strip::clock_column(s.mark.clock_deg),
            row: strip::radius_row(s.mark.radius),
            turn_deg: s.mark.turn_deg,
            height: side(top_left, bottom_left),
            width: side(top_left, top_right),
            legible: true,
        })
    };
    // dots are no signs of the alignment: they count where as many were found as were confirmed, or none was
    let dots: Vec<_> = sample.head.marks.iter().filter(|m| m.text == DOT).collect();
    let confirmed = sample.headstamp.matches(DOT).count();
    if confirmed > 0 && confirmed != dots.len() {
        return None;
    }
    let dots = dots.into_iter().filter(|_| confirmed > 0).map(|mark| Signed { mark, sign: DOT, element: 0 });
    signed(sample).into_iter().chain(dots).map(mark).collect()
}
