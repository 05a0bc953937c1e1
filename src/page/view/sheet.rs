//! A sheet of like heads: those that look odd first, each with why.

use super::super::pictures::Kind;
use super::super::words::Spoken;
use super::{SHOWN, at, calibres, company, edit, key, meaning, picture_of};
use crate::html::{Markup, Outside, html};
use crate::registry::Summary;
use crate::review::Proposed;
use crate::review::groups::{Fault, Member, Odd, Ranked, Sheet};
use std::path::Path;

/// A sheet on the desk; `ranked` are headstamps that may be meant instead.
pub(crate) fn sheet(w: &Spoken, sheet: &Sheet, ranked: &[Ranked], of: &[Proposed], means: &Summary) -> Markup {
    let others = ranked.iter().filter(|r| r.headstamp != sheet.headstamp).take(SHOWN - 1);
    let count = w.on_this_sheet.replace("{n}", &sheet.members.len().to_string());
    html! {
        article.sheet data-first=(Outside(&sheet.headstamp)) data-headstamp=(Outside(&sheet.headstamp))
            data-twin=(w.twin) data-doubled=(w.doubled) {
            div.what {
                h2 { bdi.text { (Outside(&sheet.headstamp)) } }
                p { (count) @if sheet.waiting > sheet.members.len() { " · " (w.of_group.replace("{n}", &sheet.waiting.to_string())) }
                    @if sheet.confirmed > 0 { " · " (w.as_confirmed.replace("{n}", &sheet.confirmed.to_string())) } }
                p { (meaning(means)) }
                div.others {
                    button type="button" data-do="take" data-rank="0" data-headstamp=(Outside(&sheet.headstamp)) aria-pressed="true" { kbd { "1" } " " bdi { (Outside(&sheet.headstamp)) } }
                    @for (n, r) in others.enumerate() {
                        button type="button" data-do="take" data-rank=(n + 1) data-headstamp=(Outside(&r.headstamp)) aria-pressed="false" {
                            kbd { (n + 2) } " " bdi { (Outside(&r.headstamp)) }
                            @if let Some(company) = company(w, r) { " " span.company { (company) } }
                        }
                    }
                }
                (edit(w, &sheet.headstamp))
                (calibres(w, of, sheet.calibre.as_deref().filter(|c| of.iter().any(|p| p.calibre == **c))))
                div.actions {
                    (key("accept", "↵", &w.confirm_sheet)) (key("out", "x", &w.take_out)) (key("open", "o", &w.open_one))
                    (key("edit", "e", &w.edit)) (key("one_by_one", "g", &w.one_by_one)) (key("skip", "k", &w.skip)) (key("undo", "z", &w.undo))
                }
            }
            ul.heads aria-label=(count) { @for (n, member) in sheet.members.iter().enumerate() { li { (one(w, n, member)) } } }
        }
    }
}

fn one(w: &Spoken, n: usize, member: &Member) -> Markup {
    let name = Path::new(&member.item.path).file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let why: Vec<String> = member.odd.iter().map(|odd| words(w, odd)).collect();
    html! {
        button.one type="button" data-do="out" data-id=(member.item.id) data-photo=(member.item.place.photo)
            data-head=(member.item.place.head.unwrap_or_default()) data-at=(at(&member.item)) aria-pressed="false" tabindex=(if n == 0 { "0" } else { "-1" })
            .odd[!why.is_empty()] {
            img src=(picture_of(&member.item, Kind::Small)) alt=(Outside(&name)) width="168" height="168" data-missing=(w.no_picture);
            @if !why.is_empty() { span.why { "⚠ " (Outside(why.join("; "))) } }
            span.twin {}
            span.out { (w.taken_out) }
        }
    }
}

/// Why a head looks odd, in the language of the page.
fn words(w: &Spoken, odd: &Odd) -> String {
    let percent = |p: f32| format!("{:.0} %", p * 100.0);
    match odd {
        Odd::Mark(Fault::Reads { nth, seen, wanted, .. }) => {
            w.odd_reads.replace("{n}", &nth.to_string()).replace("{seen}", seen).replace("{wanted}", wanted)
        }
        Odd::Mark(Fault::Missed { nth, wanted }) => {
            w.odd_missed.replace("{n}", &nth.to_string()).replace("{wanted}", wanted)
        }
        Odd::Mark(Fault::TooMany { seen }) => w.odd_too_many.replace("{seen}", seen),
        Odd::Otherwise { headstamp, .. } => w.odd_otherwise.replace("{seen}", headstamp),
        Odd::Elsewhere(turn) => w.odd_elsewhere.replace("{n}", &format!("{turn:.0}")),
        Odd::Looks(_) => w.odd_looks.clone(),
        Odd::Calibre(calibre) => w.odd_calibre.replace("{seen}", calibre),
        Odd::Unsure(p) => w.odd_unsure.replace("{n}", &percent(*p)),
    }
}
