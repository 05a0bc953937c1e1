//! The page in HTML. Whatever comes from outside goes through [`Outside`].

mod doubt;
mod head;
mod sheet;
mod twice;

use super::pictures::{Kind, version};
use super::place::{Place, Through};
use super::words::{self, Spoken};
use crate::catalogue::{Conflict, Counts, Decision, Field, Item, State, What};
use crate::html::{DOCTYPE, Markup, Outside, html, percent};
use crate::notation::Headstamp;
use crate::registry::{Registry, Summary};
use crate::review::controls;
use crate::review::groups::Ranked;
use crate::review::{Order, Proposed, Why};
use uuid::Uuid;

pub(super) use doubt::doubt;
pub(super) use head::{about, head};
pub(super) use sheet::sheet;
pub(super) use twice::twice;

/// Countries that a headstamp may stand for that are shown.
const COUNTRIES: usize = 3;
/// Proposals that have a key of their own.
const SHOWN: usize = 9;

/// What is to be shown.
pub(super) struct Shown {
    pub(super) html: Markup,
    pub(super) waiting: u64,
    pub(super) decided: u64,
}

/// What is shown beside a head.
pub(super) struct Beside {
    /// Headstamps, best first.
    pub(super) ranked: Vec<Ranked>,
    /// Confirmed heads of the first of them.
    pub(super) like: Vec<(Uuid, Item)>,
    /// Calibres it may be of.
    pub(super) calibres: Vec<Proposed>,
}

/// The whole page, with what is on the desk.
pub(super) fn page(w: &Spoken, id: Uuid, shown: &Shown, reads: bool) -> Markup {
    let other = |lang: &str| format!("?page={id}&lang={lang}");
    shell(
        w,
        &w.title,
        html! {
            body data-page=(id) data-lost=(w.lost) data-reads=(reads)
                data-waiting=(shown.waiting) data-decided=(shown.decided) {
                a.jump href="#main" { (w.to_main) }
                header {
                    h1 { "headstamp" }
                    p #progress data-to-go=(w.to_go) data-done=(w.decided) data-rate=(w.rate) data-left=(w.time_left) {}
                    nav aria-label=(w.languages) {
                        a href=(format!("summary?page={id}&lang={}", w.language)) { (w.summary) }
                        @for l in words::all().iter().filter(|l| l.language != w.language) {
                            " " a href=(other(&l.language)) lang=(l.language) hreflang=(l.language) { (l.name) }
                        }
                        " " button type="button" data-do="help" { (w.help) " " kbd { "?" } }
                    }
                }
                p #said role="status" aria-live="polite" {}
                main #main tabindex="-1" { div.slot { div.layer { (shown.html) } } div.slot.coming inert { div.layer {} } }
                datalist #known {}
                (keys(w)) (fit(w))
                svg width="0" height="0" aria-hidden="true" focusable="false" {
                    filter id="relief" { feConvolveMatrix order="3" kernelMatrix="-2 -1 0 -1 1 1 0 1 2" preserveAlpha="true" {} }
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
                link rel="icon" href="assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="assets/page.css";
                script src="assets/page.js" defer {}
            }
            (body)
        }
    }
}

fn keys(w: &Spoken) -> Markup {
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { (w.help) }
            @for (title, list) in [
                (&w.on_a_head, &w.keys_head), (&w.on_a_sheet, &w.keys_sheet), (&w.doubtful, &w.keys_doubt), (&w.anywhere, &w.keys_any),
            ] {
                h3 { (title) }
                dl { @for line in list.split(" · ") { @if let Some((key, what)) = line.split_once(' ') { dt { kbd { (key) } } dd { (what) } } } }
            }
            button type="button" data-do="close" { (w.close) }
        }
    }
}

/// Where a person says that a head is: a click on its centre, another on its rim.
fn fit(w: &Spoken) -> Markup {
    html! {
        dialog #fit aria-labelledby="fit-title" data-read=(w.fit_read) {
            h2 #fit-title { (w.fit_title) }
            p #fit-hint { (w.fit_hint) }
            div.whole { img alt=(w.photo); svg aria-hidden="true" focusable="false" { circle r="0" {} } }
            form method="dialog" {
                @for (name, what) in [("x", "x"), ("y", "y"), ("r", &*w.radius)] {
                    label { (what) " " input name=(name) type="number" min="0" step="1" inputmode="numeric"; }
                }
                button type="button" data-do="fit_read" { (w.fit_read) }
                button type="button" data-do="close" { (w.cancel) }
            }
        }
    }
}

/// What is gone through, and how.
pub(super) fn tools(w: &Spoken, place: &Place) -> Markup {
    let tab = |through: Through, name: &str, text: &str| {
        html! { button type="button" data-do="through" data-through=(name) aria-pressed=(place.through == through) { (text) } }
    };
    let orders = [
        (Order::Added, "added", &w.order_added),
        (Order::Surest, "surest", &w.order_surest),
        (Order::LeastSure, "least_sure", &w.order_least_sure),
        (Order::Group, "group", &w.order_group),
        (Order::Settles, "settles", &w.order_settles),
        (Order::File, "file", &w.order_file),
    ];
    let states = [
        (State::Pending, &w.pending),
        (State::Entered, &w.entries),
        (State::SameCase, &w.same_case),
        (State::NotAHead, &w.not_heads),
    ];
    let text = |v: &Option<String>| v.clone().unwrap_or_default();
    html! {
        form.tools aria-label=(w.gone_through) {
            span.tabs role="group" aria-label=(w.gone_through) {
                (tab(Through::Sheets, "sheets", &w.sheets)) (tab(Through::Heads, "heads", &w.heads))
                (tab(Through::WithoutHeads, "without_heads", &w.without_heads)) (tab(Through::Conflicts, "conflicts", &w.conflicts))
                (tab(Through::Doubtful, "doubtful", &w.doubtful))
            }
            details open[place.order != Order::default() || place.filter != Default::default()] {
                summary { (w.filter) }
                label { (w.order) " " select name="order" {
                    @for (order, name, text) in orders { option value=(name) selected[place.order == order] { (text) } }
                } }
                label { (w.state) " " select name="state" {
                    @for (state, text) in states {
                        option value=(state.name()) selected[place.filter.state.unwrap_or(State::Pending) == state] { (text) }
                    }
                } }
                label { (w.country) " " input name="country" size="4" maxlength="2" autocomplete="off" value=(Outside(text(&place.filter.country))); }
                label { (w.site) " " input name="site" size="12" autocomplete="off" value=(Outside(text(&place.filter.site))); }
                button type="submit" { (w.apply) }
            }
        }
    }
}

/// That nothing is left to be gone through.
pub(super) fn nothing(w: &Spoken, through: Through) -> Markup {
    html! {
        section.finished {
            p { @match through {
                Through::Conflicts => (w.no_conflicts),
                Through::Doubtful => (w.no_doubts),
                _ => (w.finished),
            } }
            button type="button" data-do="undo" { (w.undo) " " kbd { "z" } }
        }
    }
}

/// The address of a picture of a head.
pub(super) fn picture_of(item: &Item, kind: Kind) -> String {
    match item.place.head {
        Some(n) => format!("picture/{}/{n}/{}?v={}", item.place.photo, kind.name(), version(item)),
        None => format!("photograph/{}", item.place.photo),
    }
}

/// The address of a head cut out so that the rim is a circle, turned clockwise.
fn even_of(item: &Item, turn_deg: f32) -> String {
    let head = item.place.head.unwrap_or_default();
    format!("even/{}/{head}/{:.0}?v={}", item.place.photo, turn_deg * 10.0, version(item))
}

/// Where a head is on its photograph: its centre and mean radius, in pixels.
fn at(item: &Item) -> String {
    let rim = item.head.ellipse;
    format!("{:.0} {:.0} {:.0}", rim.cx, rim.cy, rim.mean_radius())
}

/// What a headstamp says.
pub(super) fn means(registry: &Registry, headstamp: &str, calibre: Option<&str>) -> Summary {
    let Ok(parsed) = headstamp.parse::<Headstamp>() else { return Summary::default() };
    registry.interpret(&parsed, calibre).summary()
}

fn meaning(means: &Summary) -> Markup {
    html! {
        span.means {
            @for c in means.countries.iter().take(COUNTRIES) {
                span { (Outside(&c.name))
                    @if let Some(p) = c.confidence { " " (percent(f64::from(p))) }
                    @if let Some(f) = &c.factory { ", " (Outside(f)) }
                    @if let Some(s) = &c.source { " (" (Outside(s)) ")" } }
            }
            @if let Some(v) = means.year.as_ref().and_then(|y| y.value) { span { (v) } }
            @if let Some(c) = &means.calibre {
                span { (Outside(&c.value)) @if let Some(e) = &c.evidence { " (" (Outside(e)) ")" } }
            }
        }
    }
}

/// The calibres a case may be of, to be chosen; nothing is chosen unasked.
fn calibres(w: &Spoken, all: &[Proposed], said: Option<&str>) -> Markup {
    html! {
        fieldset.calibres {
            legend { (w.calibre) " " kbd { "c" } }
            @for p in all {
                label { input type="radio" name="calibre" value=(p.calibre) checked[said == Some(p.calibre.as_str())]; " "
                    bdi { (Outside(&p.calibre)) } " " small { (why(w, &p.why)) } }
            }
            @if let Some(said) = said.filter(|s| all.iter().all(|p| p.calibre != *s)) {
                label { input type="radio" name="calibre" value=(Outside(said)) checked; " " bdi { (Outside(said)) } }
            }
            input name="other_calibre" aria-label=(w.other_calibre) placeholder=(w.other_calibre) autocomplete="off" size="10";
        }
    }
}

fn why(w: &Spoken, why: &Why) -> Markup {
    match why {
        Why::Told => html! { (w.as_told) },
        Why::Stamped(evidence) if evidence.is_empty() => html! { (w.as_stamped) },
        Why::Stamped(evidence) => html! { (w.as_stamped) ": " bdi { (Outside(evidence)) } },
        Why::Like(count) => html! { (w.as_confirmed.replace("{n}", &count.to_string())) },
        Why::Path(part) => html! { (w.as_folder) " " bdi { (Outside(part)) } },
    }
}

/// Why a headstamp is proposed beside a head's own reading.
fn company(w: &Spoken, r: &Ranked) -> Option<String> {
    if r.confirmed > 0 {
        Some(w.as_confirmed.replace("{n}", &r.confirmed.to_string()))
    } else if r.own.is_none() {
        Some(w.as_waiting.replace("{n}", &r.waiting.to_string()))
    } else {
        None
    }
}

fn key(what: &str, key: &str, text: &str) -> Markup {
    html! { button type="button" data-do=(what) { (text) " " kbd { (key) } } }
}

/// Typing a headstamp.
fn edit(w: &Spoken, first: &str) -> Markup {
    html! {
        form.edit hidden {
            label { (w.headstamp) " " input name="headstamp" value=(Outside(first)) list="known" autocomplete="off" spellcheck="false" dir="ltr"; }
            button type="submit" { (w.save) } " " button type="button" data-do="cancel" { (w.cancel) }
        }
    }
}

/// Two decisions that contradict each other.
pub(super) fn conflict(w: &Spoken, conflict: &Conflict) -> Markup {
    let side = |title: &str, digit: &str, kept: bool, d: &Decision| {
        html! {
            section.side {
                h3 { (title) }
                p { bdi { (Outside(&d.who)) } ", " time { (d.at) } " (" (d.link.seq) ")" }
                p { code { (d.what.kind()) } }
                @if let What::Enter { values, .. } | What::Amend { values, .. } | What::Tell { values, .. } = &d.what {
                    dl { @for (field, value) in values.iter().filter(|v| *v.0 != Field::OriginalRow) {
                        dt { (field.name()) } dd { bdi { (Outside(&value.text)) } }
                    } }
                }
                button type="button" data-do="settle" data-kept=(kept) { (w.this_holds) " " kbd { (digit) } }
            }
        }
    };
    html! {
        article.conflict aria-label=(w.conflicts) {
            h2 { bdi { (Outside(&conflict.about)) } }
            div.sides { (side(&w.holds_now, "1", true, &conflict.kept)) (side(&w.beside_it, "2", false, &conflict.other)) }
            div.actions { (key("leave_conflict", "k", &w.skip)) (key("undo", "z", &w.undo)) }
        }
    }
}

/// What was done, and what is left.
pub(super) fn summary(w: &Spoken, page: Option<Uuid>, c: &Counts, controls: Option<&controls::Summary>) -> Markup {
    let rows = [
        (&w.pending, c.pending),
        (&w.entries, c.entries),
        (&w.same_case, c.same_case),
        (&w.not_heads, c.not_a_head),
        (&w.no_head_photographs, c.without_heads),
        (&w.conflicts, c.conflicts),
    ];
    let back = page.map_or_else(|| format!("./?lang={}", w.language), |id| format!("./?page={id}&lang={}", w.language));
    shell(
        w,
        &w.summary,
        html! {
            body.summary {
                header { h1 { (w.summary) } nav { a href=(back) { (w.back) } } }
                main {
                    table { caption { (w.catalogue) } tbody { @for (what, count) in rows { tr { th scope="row" { (what) } td { (count) } } } } }
                    @if let Some(s) = controls { (controlled(w, s)) }
                }
            }
        },
    )
}

/// What came of controls, and how long decisions took.
fn controlled(w: &Spoken, s: &controls::Summary) -> Markup {
    let of = |n: u64, all: u64| format!("{n} / {all}");
    let mut rows = Vec::new();
    if let Some(millis) = s.median_millis {
        rows.push((&w.time_each, format!("{:.1} s", millis as f64 / 1000.0)));
    }
    for (what, n, all) in [(&w.caught, s.caught, s.planted), (&w.kept, s.kept, s.known), (&w.agreed, s.agreed, s.blind)]
    {
        if all > 0 {
            rows.push((what, of(n, all)));
        }
    }
    rows.extend(s.kappa.map(|k| (&w.kappa, format!("{k:.2}"))));
    html! {
        @if !rows.is_empty() {
            table { caption { (w.this_page) } tbody { @for (what, value) in rows { tr { th scope="row" { (what) } td { (value) } } } } }
        }
    }
}
