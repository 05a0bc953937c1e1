//! What every page of a report is in: it opens offline, and is known to have been made by this program.

use crate::html::{DOCTYPE, Markup, Outside, PreEscaped, html};

/// By which a page is known to have been made by this program.
const GENERATOR: &str = "headstamp report";
const CSS: &str = include_str!("assets/report.css");

/// A whole page.
pub(super) fn shell(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(GENERATOR);
                title { (Outside(title)) }
                style { (PreEscaped(CSS)) }
            }
            body { (body) }
        }
    }
}

/// Whether a file that begins so is such a page.
pub(super) fn is_page(start: &[u8]) -> bool {
    start.starts_with(b"<!DOCTYPE html>") && start.windows(GENERATOR.len()).any(|w| w == GENERATOR.as_bytes())
}
