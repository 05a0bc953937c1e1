//! All there is of one case, on a page: its photographs, marks, values, decisions and hashes.

use super::shell::{is_page, shell};
use super::thumbnails::of_head;
use crate::catalogue::{Catalogue, CatalogueError, Decision, Field, Item, Values, What};
use crate::html::{Markup, Outside, html, percent};
use crate::output::Made;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Longer side of a picture, in pixels.
const SIDE: u32 = 360;

/// A sheet of one case.
pub const SHEET: Made = Made { name: "sheet of a case", begins: is_page, lasting: true };

/// The page of a case; `None` where it is no entry.
pub fn sheet(catalogue: &Catalogue, case: Uuid, at: &str) -> Result<Option<String>, CatalogueError> {
    let _one_state = catalogue.reading()?;
    let Some(entry) = catalogue.entry(case)? else { return Ok(None) };
    let decisions = catalogue.decisions_of(&entry)?;
    let mut items = Vec::new();
    for place in &entry.places {
        items.push((place.to_string(), catalogue.item_on(place)?));
    }
    let head = catalogue.chain_head()?;
    let title = entry.values.get(&Field::Headstamp).map_or_else(|| case.to_string(), |v| v.text.clone());
    let body = html! {
                h1 { bdi { (Outside(&title)) } }
                p { "Case " code { (case) } ". Made " (at) " with headstamp " (env!("CARGO_PKG_VERSION")) ". Chain head " code { (head.hash) } " after " (head.decisions) " decisions." }
                section { h2 { "What is recorded" } (values(&entry.values)) }
                section { h2 { "Where it is seen" } @for (place, item) in &items { (seen(place, item.as_ref())) } }
                section { h2 { "What was decided" } @for (decision, hash) in &decisions { (decided(decision, hash)) } }
    };
    Ok(Some(shell(&title, &body).into_string()))
}

fn values(values: &Values) -> Markup {
    html! { div.scroll { table {
        thead { tr { th scope="col" { "Field" } th scope="col" { "Value" } th scope="col" { "Known" } th scope="col" { "By" } } }
        tbody { @for (field, value) in values { tr {
            th scope="row" title=(field.meaning()) { (field.name()) } td { bdi { (Outside(&value.text)) } } td { (value.how.name()) } td { bdi { (Outside(&value.by)) } }
        } } }
    } } }
}

fn seen(place: &str, item: Option<&Item>) -> Markup {
    html! {
        @match item {
            None => p { code { (place) } ": the photograph is not held here" },
            Some(item) => {
                p { bdi { (Outside(&item.path)) } ", " code { (place) } ", read by " (Outside(&item.model)) }
                @if let Some(jpeg) = of_head(item, SIDE) {
                    figure { img src=(format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg))) alt="The head, with its rim and marks"; }
                } @else { p { "The photograph is not where it was, or is not what it was." } }
                @if !item.head.marks.is_empty() { div.scroll { table {
                    thead { tr { th scope="col" { "Mark" } th.number scope="col" { "Clock" } th.number scope="col" { "Radius" } th.number scope="col" { "Confidence" } th scope="col" { "Else" } } }
                    tbody { @for m in &item.head.marks { tr {
                        td.mark { bdi { (Outside(m.read_as.as_ref().unwrap_or(&m.text))) } } td.number { (format!("{:.0}°", m.clock_deg)) }
                        td.number { (format!("{:.2}", m.radius)) } td.number { (percent(f64::from(m.confidence))) }
                        td { bdi { (Outside(m.alternatives.iter().take(3).map(|(t, p)| format!("{t} {}", percent(f64::from(*p)))).collect::<Vec<_>>().join(", "))) } }
                    } } }
                } } }
                @if !item.head.proposals.is_empty() { p { "Proposed: " @for (n, p) in item.head.proposals.iter().enumerate() {
                    @if n > 0 { ", " } bdi.mark { (Outside(&p.headstamp)) } @if let Some(c) = p.confidence { " " (percent(f64::from(c))) }
                } } }
            }
        }
    }
}

fn decided(decision: &Decision, hash: &str) -> Markup {
    let told = match &decision.what {
        What::Enter { values, .. } | What::Amend { values, .. } | What::Tell { values, .. } => Some(values),
        _ => None,
    };
    html! {
        p { strong { (decision.link.seq) ". " (decision.what.kind()) } " by " bdi { (Outside(&decision.who)) } ", " (decision.at) " " br; code { (hash) } }
        @if let Some(doubt) = decision.shown.as_ref().and_then(|s| s.doubt.as_ref()) {
            p { "The entry was doubted, and is " (doubt.outcome.name()) ":" }
            ul { @for reason in &doubt.reasons { li { (Outside(reason)) } } }
        }
        @if let Some(told) = told { (values(told)) }
    }
}
