//! A head on the page.

use super::super::confusion::shown;
use super::super::{Extra, Pair, Verdict};
use super::names::{crop_name, missed_name, strip_name};
use crate::html::{Markup, Outside, html, percent};

/// A labelled head: picture, label, reading, and what differs.
pub(super) fn verdict(name: &str, photo: usize, label: usize, v: &Verdict) -> Markup {
    let crop = v.head.map_or_else(|| missed_name(photo, label), |head| crop_name(photo, head));
    let text = if v.label.headstamp.is_empty() { "illegible" } else { &v.label.headstamp };
    let said = html! {
        p.label.mono { (Outside(text)) }
        (pairs(&v.alignment.pairs))
        (proposals(&v.proposals, &v.right, v.reason.as_deref()))
        @if let Some(offset) = v.offset {
            p.soft {
                (format!(
                    "centre off by {:.2} radii, size × {:.2}, radius {:.0} px",
                    offset.centre,
                    offset.size,
                    v.label.r * offset.size
                ))
            }
        }
    };
    card(name, &crop, v.head.map(|head| strip_name(photo, head)), said)
}

/// A head without a label.
pub(super) fn extra(name: &str, photo: usize, head: &Extra) -> Markup {
    let said = proposals(&head.proposals, &[], head.reason.as_deref());
    card(name, &crop_name(photo, head.head), Some(strip_name(photo, head.head)), said)
}

fn card(name: &str, crop: &str, strip: Option<String>, said: Markup) -> Markup {
    html! {
        article.card {
            a href=(crop) { img src=(crop) alt="" loading="lazy"; }
            div {
                h3 { (Outside(name)) }
                (said)
            }
            @if let Some(strip) = strip {
                img.strip src=(strip) alt="" width="864" height="160" loading="lazy";
            }
        }
        "\n"
    }
}

fn pairs(pairs: &[Pair]) -> Markup {
    let text = |c: Option<char>| c.map_or_else(|| "–".to_owned(), shown);
    html! {
        @if !pairs.iter().all(Pair::agrees) {
            p.pairs {
                @for pair in pairs {
                    b class=[(!pair.agrees()).then_some("differs")] { (Outside(text(pair.label))) i { (Outside(text(pair.read))) } }
                }
            }
        }
    }
}

fn proposals(proposals: &[(String, Option<f32>)], right: &[bool], reason: Option<&str>) -> Markup {
    html! {
        @if proposals.is_empty() {
            p { "nothing proposed" @if let Some(reason) = reason { ": " (Outside(reason)) } }
        } @else {
            ol {
                @for (i, (headstamp, confidence)) in proposals.iter().enumerate() {
                    li class=[(right.get(i) == Some(&true)).then_some("right")] {
                        span.mono { (Outside(headstamp)) }
                        span { @if let Some(c) = confidence { (percent(f64::from(*c))) } }
                    }
                }
            }
        }
    }
}
