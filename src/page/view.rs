//! The page in HTML. Whatever comes from outside goes through [`Outside`].

use super::turn;
use super::words::Spoken;
use crate::catalogue::{Counts, Field, Item, Values};
use crate::html::{DOCTYPE, Markup, Outside, html, percent};
use uuid::Uuid;

/// Proposals that have a key of their own.
const SHOWN: usize = 9;
/// Other readings of a mark that are shown.
const OTHERS: usize = 3;

/// The whole page, with what is on the desk.
pub(super) fn page(w: &Spoken, desk: Uuid, head: &Markup) -> Markup {
    shell(
        w,
        &w.title,
        html! {
            body data-desk=(desk) data-lost=(w.lost) {
                header {
                    h1 { "headstamp" }
                    p #progress data-to-go=(w.to_go) data-decided=(w.decided) data-rate=(w.rate) {}
                    nav {
                        a href=(format!("summary?lang={}", w.language)) { (w.summary) }
                        @for other in super::words::all() {
                            " " a href=(format!("?lang={}", other.language)) lang=(other.language) hreflang=(other.language) {
                                (other.language)
                            }
                        }
                    }
                }
                p #said role="status" aria-live="polite" {}
                main #head { (head) }
                dialog #keys aria-label=(w.help) { p { (w.keys) } button type="button" data-close="keys" { (w.cancel) } }
                svg width="0" height="0" aria-hidden="true" {
                    filter id="relief" {
                        feConvolveMatrix order="3" kernelMatrix="-2 -1 0 -1 1 1 0 1 2" {}
                    }
                }
            }
        },
    )
}

fn shell(w: &Spoken, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(w.language) dir=(w.direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "headstamp: " (title) }
                link rel="stylesheet" href="assets/page.css";
                script src="assets/page.js" defer {}
            }
            (body)
        }
    }
}

/// What is on the desk; where nothing is, that all is done.
pub(super) fn head(w: &Spoken, item: Option<&Item>, said: &Values, open: &[Field]) -> Markup {
    let Some(item) = item else { return html! { p.finished { (w.finished) } } };
    let name = item.place.head.map_or_else(String::new, |n| format!(" · {}", n + 1));
    let first = item.head.proposals.first().map_or("", |p| p.headstamp.as_str());
    html! {
        article data-photo=(item.place.photo) data-head=(item.place.head.map_or_else(String::new, |n| n.to_string()))
            data-first=(first) {
            h2 { bdi { (Outside(&item.path)) } (name) }
            div.pictures {
                (picture(w, item, "turned", &w.turned))
                (picture(w, item, "photo", &w.photo))
            }
            (views(w))
            section.read {
                h3 { (w.proposals) }
                @if let Some(reason) = &item.head.reason { p.why { strong { (w.why) ": " } (Outside(reason)) } }
                @if item.head.proposals.is_empty() { p { (w.none) } }
                ol.proposals { @for (n, p) in item.head.proposals.iter().take(SHOWN).enumerate() { li { (proposal(n, p)) } } }
                (actions(w, first))
                (fields(w, item, said, open))
            }
            section.strip {
                h3 { (w.strip) }
                (picture(w, item, "strip", &w.strip))
                (marks(w, item))
            }
        }
    }
}

fn picture(w: &Spoken, item: &Item, kind: &str, what: &str) -> Markup {
    let Some(n) = item.place.head else { return html! {} };
    html! {
        figure.(kind) {
            div.window { img src=(format!("picture/{}/{n}/{kind}", item.place.photo)) alt=(what) data-missing=(w.no_picture); }
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
            label { input type="checkbox" name="invert"; " " (w.invert) }
            label { input type="checkbox" name="relief"; " " (w.relief) }
        }
    }
}

fn proposal(n: usize, p: &crate::record::ProposalRecord) -> Markup {
    html! {
        button.proposal type="button" data-do="proposal" data-rank=(n) {
            kbd { (n + 1) } " "
            bdi.text { (Outside(&p.headstamp)) }
            @if let Some(c) = p.confidence { " " span.sure { (percent(f64::from(c))) } }
            span.means {
                @for c in p.countries.iter().take(OTHERS) {
                    span { (Outside(&c.name)) @if let Some(f) = &c.factory { ", " (Outside(f)) }
                        @if let Some(s) = &c.source { " (" (Outside(s)) ")" } }
                }
                @if let Some(v) = p.year.as_ref().and_then(|y| y.value) { span { (v) } }
                @if let Some(c) = &p.calibre {
                    span { (Outside(&c.value)) @if let Some(e) = &c.evidence { " (" (Outside(e)) ")" } }
                }
            }
        }
    }
}

fn actions(w: &Spoken, first: &str) -> Markup {
    let key =
        |what: &str, key: &str, text: &str| html! { button type="button" data-do=(what) { (text) " " kbd { (key) } } };
    html! {
        div.actions {
            @if !first.is_empty() { (key("accept", "↵", &w.accept)) }
            (key("edit", "e", &w.edit)) (key("illegible", "i", &w.illegible)) (key("unknown", "u", &w.unknown))
            (key("not_a_head", "n", &w.not_a_head)) (key("skip", "k", &w.skip)) (key("undo", "z", &w.undo))
            (key("help", "?", &w.help))
        }
        form.edit hidden {
            label { (w.headstamp) " " input name="headstamp" value=(first) list="known" autocomplete="off" spellcheck="false" dir="ltr"; }
            datalist #known {}
            button type="submit" { (w.save) } button type="button" data-do="cancel" { (w.cancel) }
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

/// What was done, and what is left.
pub(super) fn summary(w: &Spoken, c: &Counts) -> Markup {
    let rows = [
        (&w.pending, c.pending),
        (&w.entries, c.entries),
        (&w.same_case, c.same_case),
        (&w.not_heads, c.not_a_head),
        (&w.no_head_photographs, c.without_heads),
        (&w.conflicts, c.conflicts),
    ];
    shell(
        w,
        &w.summary,
        html! {
            body.summary {
                header { h1 { (w.summary) } nav { a href=(format!("./?lang={}", w.language)) { (w.back) } } }
                main { table { tbody { @for (what, count) in rows { tr { th scope="row" { (what) } td { (count) } } } } } }
            }
        },
    )
}
