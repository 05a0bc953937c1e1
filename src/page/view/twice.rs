//! A case that may have been photographed twice: both pictures, one over the other, so that they can be flickered.

use super::super::proofs::Double;
use super::super::words::Spoken;
use super::even_of;
use crate::catalogue::Item;
use crate::html::{Markup, Outside, html, percent};

/// What may be the same case as a head; nothing where nothing is.
pub(crate) fn twice(w: &Spoken, item: &Item, doubles: &[Double]) -> Markup {
    html! {
        @if !doubles.is_empty() {
            h3 { (w.twice) }
            ul { @for double in doubles { li {
                div.flicker {
                    img src=(even_of(item, 0.0)) alt=(w.photo) width="280" height="280" data-missing=(w.no_picture);
                    img.over src=(even_of(&double.item, double.pair.turn_deg)) alt=(Outside(&double.item.path)) width="280" height="280" data-missing=(w.no_picture);
                }
                p { bdi { (Outside(&double.item.path)) } " · " (percent(f64::from(double.pair.like)))
                    " · " @match &double.entered { Some((_, text)) => { bdi.text { (Outside(text)) } } None => { (w.waits) } } }
                p {
                    @match &double.entered {
                        Some((case, _)) => { button type="button" data-do="same_case" data-case=(case) { (w.same_case) " " kbd { "s" } } }
                        None => { button type="button" data-do="both" data-other=(double.item.id) { (w.both) " " kbd { "s" } } }
                    }
                    " " button type="button" data-do="two_cases" data-other=(double.item.id) { (w.two_cases) " " kbd { "t" } }
                    " " button type="button" data-do="flicker" aria-pressed="false" { (w.flicker) " " kbd { "w" } }
                }
            } } }
        }
    }
}
