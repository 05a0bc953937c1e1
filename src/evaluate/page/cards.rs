//! A head on the page.

use super::super::confusion::shown;
use super::super::{Extra, Pair, Verdict};
use super::html::{Safe, percent};
use super::{crop_name, missed_name, strip_name};
use std::io::{self, Write};

/// A labelled head: picture, label, reading, and what differs.
pub fn verdict(out: &mut dyn Write, name: &str, photo: usize, label: usize, v: &Verdict) -> io::Result<()> {
    let crop = v.head.map_or_else(|| missed_name(photo, label), |head| crop_name(photo, head));
    begin(out, &crop, name)?;
    let text = if v.label.headstamp.is_empty() { "illegible" } else { &v.label.headstamp };
    writeln!(out, "<p class=\"label mono\">{}</p>", Safe(text))?;
    pairs(out, &v.alignment.pairs)?;
    proposals(out, &v.proposals, &v.right, v.reason.as_deref())?;
    if let Some(offset) = v.offset {
        writeln!(
            out,
            "<p class=\"soft\">centre off by {:.2} radii, size × {:.2}, radius {:.0} px</p>",
            offset.centre,
            offset.size,
            v.label.r * offset.size
        )?;
    }
    end(out, v.head.map(|head| strip_name(photo, head)))
}

/// A head without a label.
pub fn extra(out: &mut dyn Write, name: &str, photo: usize, head: &Extra) -> io::Result<()> {
    begin(out, &crop_name(photo, head.head), name)?;
    proposals(out, &head.proposals, &[], head.reason.as_deref())?;
    end(out, Some(strip_name(photo, head.head)))
}

fn begin(out: &mut dyn Write, crop: &str, name: &str) -> io::Result<()> {
    writeln!(
        out,
        "<article class=\"card\"><a href=\"{crop}\"><img src=\"{crop}\" alt=\"\" loading=\"lazy\"></a><div><h3>{}</h3>",
        Safe(name)
    )
}

fn end(out: &mut dyn Write, strip: Option<String>) -> io::Result<()> {
    writeln!(out, "</div>")?;
    if let Some(strip) = strip {
        writeln!(out, "<img class=\"strip\" src=\"{strip}\" alt=\"\" width=\"864\" height=\"160\" loading=\"lazy\">")?;
    }
    writeln!(out, "</article>")
}

fn pairs(out: &mut dyn Write, pairs: &[Pair]) -> io::Result<()> {
    if pairs.iter().all(Pair::agrees) {
        return Ok(());
    }
    write!(out, "<p class=\"pairs\">")?;
    for pair in pairs {
        let text = |c: Option<char>| c.map_or_else(|| "–".to_owned(), shown);
        let class = if pair.agrees() { "" } else { " class=\"differs\"" };
        write!(out, "<b{class}>{}<i>{}</i></b>", Safe(text(pair.label)), Safe(text(pair.read)))?;
    }
    writeln!(out, "</p>")
}

fn proposals(
    out: &mut dyn Write,
    proposals: &[(String, Option<f32>)],
    right: &[bool],
    reason: Option<&str>,
) -> io::Result<()> {
    if proposals.is_empty() {
        let reason = reason.map_or_else(String::new, |r| format!(": {}", Safe(r)));
        return writeln!(out, "<p>nothing proposed{reason}</p>");
    }
    write!(out, "<ol>")?;
    for (i, (headstamp, confidence)) in proposals.iter().enumerate() {
        let class = if right.get(i) == Some(&true) { " class=\"right\"" } else { "" };
        let sure = confidence.map_or_else(String::new, |c| percent(f64::from(c)));
        write!(out, "<li{class}><span class=\"mono\">{}</span><span>{sure}</span></li>", Safe(headstamp))?;
    }
    writeln!(out, "</ol>")
}
