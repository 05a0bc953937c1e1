//! The figures on the page: shares, kinds, confusions, reliability, and what they are broken down by.

use super::super::{Group, Share, Summary};
use crate::html::{Markup, Outside, html, percent};

/// Confusions shown.
const CONFUSIONS: usize = 16;
/// Groups shown of each breakdown: renders bear hundreds of headstamps.
const GROUPS: usize = 24;

/// All figures.
pub(super) fn all(summary: &Summary) -> Markup {
    html! {
        div.columns {
            div { (kinds(summary)) (reliability(summary)) }
            div { (shares(&summary.shares)) (confusions(summary)) }
        }
        h2 { "By what heads are like" }
        div.columns {
            @for (name, groups) in &summary.by { div { (breakdown(name, groups)) } }
        }
    }
}

fn kinds(summary: &Summary) -> Markup {
    let most = summary.kinds.iter().map(|k| k.1).max().unwrap_or(0).max(1);
    html! {
        h2 { "What became of them" }
        table.kinds {
            @for (kind, count) in &summary.kinds {
                tr {
                    td { a href={ "#" (kind.key()) } { (kind.title()) } }
                    td.n { (count) }
                    td.bar {
                        i class=(if kind.is_well() { "good" } else { "bad" }) style=(width(*count as f64 / most as f64)) {}
                    }
                }
            }
            tr { td.soft { "labelled heads" } td.n { (summary.score.heads) } td {} }
            tr { td { a href="#extra" { "heads without a label" } } td.n { (summary.score.extra) } td {} }
        }
    }
}

/// The length of a bar.
fn width(share: f64) -> String {
    format!("width:{:.1}%", share * 100.0)
}

fn shares(shares: &[Share]) -> Markup {
    html! {
        h2 { "Figures" }
        table {
            tr { th {} th.n { "share" } th.n { "95 %" } th {} th.n { "cases" } }
            @for share in shares {
                tr {
                    th { (share.title) }
                    td.n { (share.share.map_or_else(|| "–".to_owned(), |s| format!("{s:.3}"))) }
                    td.n { (bounds(share)) }
                    td.bar { (range(share)) }
                    td.n { (share.cases) }
                }
            }
        }
        p.soft {
            "95 %: drawn anew 1000 times, case by case: reading by headstamp, so that photographs of one case count \
             together, the rest by photograph."
        }
    }
}

fn bounds(share: &Share) -> String {
    share.interval.map_or_else(String::new, |i| format!("{:.2} to {:.2}", i.low, i.high))
}

/// A share and its interval on a line from 0 to 1.
fn range(share: &Share) -> Markup {
    let at = |v: f64| format!("{:.1}%", 2.0 + v.clamp(0.0, 1.0) * 96.0);
    html! {
        svg.range aria-hidden="true" {
            line.rail x1="2%" x2="98%" y1="50%" y2="50%" {}
            @if let Some(i) = share.interval { line.span x1=(at(i.low)) x2=(at(i.high)) y1="50%" y2="50%" {} }
            @if let Some(s) = share.share { circle.at cx=(at(s)) cy="50%" r="4" {} }
        }
    }
}

fn confusions(summary: &Summary) -> Markup {
    let all = &summary.confusions;
    let most = all.first().map_or(1, |c| c.count.max(1));
    let text = |c: &Option<String>, none: &str| match c {
        Some(c) => html! { (Outside(c)) },
        None => html! { span.soft { (none) } },
    };
    html! {
        h2 #confusions { "Confusions" }
        @if all.is_empty() {
            p.soft { "None." }
        } @else {
            table {
                tr { th { "label" } th { "read" } th.n { "times" } th.n { "of" } th {} }
                @for c in all.iter().take(CONFUSIONS) {
                    tr {
                        td.mono { (text(&c.label, "nothing")) }
                        td.mono { (text(&c.read, "missed")) }
                        td.n { (c.count) }
                        td.n { @if c.label.is_some() { (c.of) } }
                        td.bar { i style=(width(c.count as f64 / most as f64)) {} }
                    }
                }
            }
            p.soft {
                "Between labels and first proposals, upper and lower case as one. Heads of which less than half agrees are \
                 left out."
                @if all.len() > CONFUSIONS { " " (all.len() - CONFUSIONS) " rarer ones are in the JSON." }
            }
        }
    }
}

fn reliability(summary: &Summary) -> Markup {
    let Some(r) = &summary.reliability else {
        return html! { h2 { "Confidence" } p.soft { "No proposal has one." } };
    };
    html! {
        h2 { "Confidence" }
        table {
            tr { th { "said" } th.n { "proposals" } th.n { "mean" } th.n { "right" } th {} }
            @for b in &r.bins {
                tr {
                    td { (percent(b.from)) " to " (percent(b.to)) }
                    td.n { (b.count) }
                    td.n { (format!("{:.2}", b.confidence)) }
                    td.n { (format!("{:.2}", b.right)) }
                    td.bar { i style=(width(b.right)) {} }
                }
            }
        }
        p.soft {
            (format!(
                "First proposals for legible heads. Calibration error {:.3}, Brier score {:.3}, of a constant {:.3}.",
                r.calibration_error, r.brier, r.brier_of_a_constant
            ))
        }
    }
}

fn breakdown(name: &str, groups: &[Group]) -> Markup {
    let value = |s: Option<&Share>| s.and_then(|s| s.share).map(|s| format!("{s:.2}"));
    html! {
        table {
            tr { th { (name) } th.n { "legible" } th.n { "exact, first" } th.n { "95 %" } th.n { "characters found" } }
            @for group in groups.iter().take(GROUPS) {
                @let find = |name: &str| group.shares.iter().find(|s| s.name == name);
                @let exact = find("exact_first");
                tr {
                    td.mono { (Outside(&group.name)) }
                    td.n { (group.legible) }
                    td.n { (value(exact).unwrap_or_default()) }
                    td.n { (exact.map(bounds).unwrap_or_default()) }
                    td.n { (value(find("characters_found")).unwrap_or_default()) }
                }
            }
        }
        @if groups.len() > GROUPS { p.soft { (groups.len() - GROUPS) " more are in the JSON." } }
    }
}
