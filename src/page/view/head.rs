//! One head: its pictures, what is proposed and why, its calibre, its marks.

use super::super::pictures::Kind;
use super::super::turn;
use super::super::words::Spoken;
use super::{Beside, SHOWN, at, calibres, company, edit, key, meaning, means, picture_of};
use crate::catalogue::{Field, Item, Values};
use crate::html::{Markup, Outside, html, percent};
use crate::registry::Registry;
use crate::review::groups::Ranked;

/// Other readings of a mark that are shown.
const OTHERS: usize = 3;
/// Confidence below which it is said that a proposal is unsure.
const UNSURE: f32 = 0.5;

/// A head on the desk.
pub(crate) fn head(
    w: &Spoken,
    registry: &Registry,
    item: &Item,
    beside: &Beside,
    said: &Values,
    open: &[Field],
) -> Markup {
    let name = item.place.head.map_or_else(String::new, |n| format!(" · {}", n + 1));
    let first = beside.ranked.first().map_or("", |r| r.headstamp.as_str());
    let calibre = said.get(&Field::Calibre).map(|v| v.text.as_str());
    html! {
        article.head data-photo=(item.place.photo) data-head=(item.place.head.map_or_else(String::new, |n| n.to_string()))
            data-first=(Outside(first)) data-at=(at(item)) {
            h2 { bdi { (Outside(&item.path)) } (name) }
            div.pictures {
                @if item.place.head.is_some() {
                    (picture(w, item, Kind::Turned, &w.turned)) (picture(w, item, Kind::Photo, &w.photo))
                } @else {
                    figure.photo { div.window { img src=(picture_of(item, Kind::Photo)) alt=(w.photo) data-missing=(w.no_picture); } figcaption { (w.photo) } }
                }
            }
            (views(w))
            section.read {
                h3 { (w.proposals) }
                @if let Some(why) = unsure(w, item) { p.why { strong { (w.why) ": " } (Outside(why)) } }
                @if beside.ranked.is_empty() { p { (w.none) } }
                ol.proposals {
                    @for (n, r) in beside.ranked.iter().take(SHOWN).enumerate() { li { (proposal(w, registry, item, n, r, calibre)) } }
                }
                (actions(w, item, first))
                (edit(w, first))
                (calibres(w, &beside.calibres, calibre))
                (fields(w, item, said, open))
                details.about data-about=(item.place.photo) { summary { (w.about) } div {} }
            }
            section.twice aria-live="polite" {}
            @if !beside.like.is_empty() {
                section.like {
                    h3 { (w.like) }
                    ul { @for (case, other) in &beside.like { li {
                        img src=(picture_of(other, Kind::Small)) alt=(format!("{} {}", w.entries, case)) width="112" height="112" data-missing=(w.no_picture);
                        button type="button" data-do="same_case" data-case=(case) { (w.same_case) }
                    } } }
                }
            }
            @if item.place.head.is_some() {
                section.strip {
                    h3 { (w.strip) }
                    (picture(w, item, Kind::Strip, &w.strip))
                    (marks(w, item))
                }
            }
        }
    }
}

/// Why the machine is not sure, in words.
fn unsure(w: &Spoken, item: &Item) -> Option<String> {
    if let Some(reason) = &item.head.reason {
        return Some(reason.clone());
    }
    let first = item.head.proposals.first()?;
    let low = first.confidence.is_some_and(|c| c < UNSURE);
    let weak: Vec<&str> = item
        .head
        .marks
        .iter()
        .filter(|m| m.confidence < UNSURE)
        .map(|m| m.read_as.as_deref().unwrap_or(&m.text))
        .collect();
    match (low, weak.is_empty()) {
        (true, false) => Some(format!("{} {}", w.weak_marks, weak.join(" "))),
        (true, true) => Some(w.close_call.clone()),
        _ => None,
    }
}

fn picture(w: &Spoken, item: &Item, kind: Kind, what: &str) -> Markup {
    html! {
        figure class=(kind.name()) {
            div.window { img src=(picture_of(item, kind)) alt=(what) data-missing=(w.no_picture); }
            figcaption { (what) }
        }
    }
}

fn views(w: &Spoken) -> Markup {
    html! {
        div.views {
            label { (w.zoom) " " input type="range" name="zoom" min="1" max="4" step="0.25" value="1"; }
            label { (w.brightness) " " input type="range" name="brightness" min="0.4" max="2.4" step="0.1" value="1"; }
            label { (w.contrast) " " input type="range" name="contrast" min="0.5" max="4" step="0.1" value="1"; }
            label { input type="checkbox" name="invert"; " " (w.invert) " " kbd { "v" } }
            label { input type="checkbox" name="relief"; " " (w.relief) " " kbd { "r" } }
        }
    }
}

fn proposal(w: &Spoken, registry: &Registry, item: &Item, n: usize, r: &Ranked, calibre: Option<&str>) -> Markup {
    let own = r.own.and_then(|own| item.head.proposals.get(own));
    html! {
        button.proposal type="button" data-do="choose" data-headstamp=(Outside(&r.headstamp)) data-rank=(n) {
            kbd { (n + 1) } " "
            bdi.text { (Outside(&r.headstamp)) }
            @if let Some(c) = own.and_then(|p| p.confidence) { " " span.sure { (percent(f64::from(c))) } }
            @if let Some(company) = company(w, r) { " " span.company { (company) } }
            (meaning(&means(registry, &r.headstamp, calibre)))
        }
    }
}

fn actions(w: &Spoken, item: &Item, first: &str) -> Markup {
    html! {
        div.actions {
            @if !first.is_empty() { (key("accept", "↵", &w.accept)) }
            (key("edit", "e", &w.edit)) (key("illegible", "i", &w.illegible)) (key("unknown", "u", &w.unknown))
            @if item.place.head.is_some() {
                (key("not_a_head", "n", &w.not_a_head)) (key("several", "h", &w.several)) (key("fit", "f", &w.fit))
            }
            (key("missed", "m", &w.missed)) (key("skip", "k", &w.skip)) (key("undo", "z", &w.undo))
        }
    }
}

fn fields(w: &Spoken, item: &Item, said: &Values, open: &[Field]) -> Markup {
    let mut known = item.given.clone();
    known.extend(said.clone());
    html! {
        h3 { (w.fields) }
        dl { @for (field, value) in &known { dt { (field.name()) } dd { bdi { (Outside(&value.text)) } " (" (value.how.name()) ")" } } }
        @if !open.is_empty() { p.open { (w.open) ": " (open.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ")) } }
        form.say {
            select name="field" aria-label=(w.fields) {
                @for f in Field::ALL.iter().filter(|f| !matches!(f, Field::Headstamp | Field::OriginalRow)) {
                    option value=(f.name()) title=(f.meaning()) { (f.name()) }
                }
            }
            input name="text" aria-label=(w.set) autocomplete="off";
            label { input type="checkbox" name="all"; " " (w.all_from_here) }
            button type="submit" { (w.set) }
        }
    }
}

/// What was written into a photograph, as it stands there.
pub(crate) fn about(w: &Spoken, notes: &[(&str, String)]) -> Markup {
    html! {
        @if notes.is_empty() { p { (w.no_notes) } }
        dl { @for (name, text) in notes { dt { (name) } dd { bdi { (Outside(text)) } } } }
    }
}

fn marks(w: &Spoken, item: &Item) -> Markup {
    let at = turn::characters(&item.head);
    html! {
        h3 { (w.marks) }
        ol.marks { @for (mark, at) in item.head.marks.iter().zip(at) { li {
            button type="button" data-do="mark" data-at=[at] {
                bdi { (Outside(mark.read_as.as_ref().unwrap_or(&mark.text))) } " " span.sure { (percent(f64::from(mark.confidence))) }
                @for (text, p) in mark.alternatives.iter().take(OTHERS) {
                    " " small { bdi { (Outside(text)) } " " (percent(f64::from(*p))) }
                }
            }
        } } }
    }
}
