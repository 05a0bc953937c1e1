//! The figures on the page: shares, kinds, confusions, reliability, and what they are broken down by.

use super::super::{Group, Share, Summary};
use super::html::{Safe, percent};
use std::io::{self, Write};

/// Confusions shown.
const CONFUSIONS: usize = 16;
/// Groups shown of each breakdown: renders bear hundreds of headstamps.
const GROUPS: usize = 24;

/// All figures.
pub fn all(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    writeln!(out, "<div class=\"columns\"><div>")?;
    kinds(out, summary)?;
    reliability(out, summary)?;
    writeln!(out, "</div><div>")?;
    shares(out, &summary.shares)?;
    confusions(out, summary)?;
    writeln!(out, "</div></div>")?;
    breakdowns(out, summary)
}

fn kinds(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    writeln!(out, "<h2>What became of them</h2><table class=\"kinds\">")?;
    let most = summary.kinds.iter().map(|k| k.1).max().unwrap_or(0).max(1);
    for (kind, count) in &summary.kinds {
        let class = if kind.is_well() { "good" } else { "bad" };
        let width = *count as f64 / most as f64 * 100.0;
        writeln!(
            out,
            "<tr><td><a href=\"#{}\">{}</a></td><td class=\"n\">{count}</td><td class=\"bar\"><i class=\"{class}\" \
             style=\"width:{width:.1}%\"></i></td></tr>",
            kind.key(),
            kind.title()
        )?;
    }
    writeln!(
        out,
        "<tr><td class=\"soft\">labelled heads</td><td class=\"n\">{}</td><td></td></tr>",
        summary.score.heads
    )?;
    writeln!(
        out,
        "<tr><td><a href=\"#extra\">heads without a label</a></td><td class=\"n\">{}</td><td></td></tr></table>",
        summary.score.extra
    )
}

fn shares(out: &mut dyn Write, shares: &[Share]) -> io::Result<()> {
    writeln!(
        out,
        "<h2>Figures</h2><table><tr><th></th><th class=\"n\">share</th><th class=\"n\">95 %</th><th></th><th class=\"n\">\
         cases</th></tr>"
    )?;
    for share in shares {
        let value = share.share.map_or_else(|| "–".to_owned(), |s| format!("{s:.3}"));
        writeln!(
            out,
            "<tr><th>{}</th><td class=\"n\">{value}</td><td class=\"n\">{}</td><td class=\"bar\">{}</td><td class=\"n\">{}</td>\
             </tr>",
            share.title,
            bounds(share),
            range(share),
            share.cases
        )?;
    }
    writeln!(
        out,
        "</table><p class=\"soft\">95 %: drawn anew 1000 times, case by case: reading by headstamp, so that photographs of \
         one case count together, the rest by photograph.</p>"
    )
}

fn bounds(share: &Share) -> String {
    share.interval.map_or_else(String::new, |i| format!("{:.2} to {:.2}", i.low, i.high))
}

/// A share and its interval on a line from 0 to 1.
fn range(share: &Share) -> String {
    let at = |v: f64| 2.0 + v.clamp(0.0, 1.0) * 96.0;
    let span = share.interval.map_or_else(String::new, |i| {
        format!("<line class=\"span\" x1=\"{:.1}%\" x2=\"{:.1}%\" y1=\"50%\" y2=\"50%\"/>", at(i.low), at(i.high))
    });
    let dot = share
        .share
        .map_or_else(String::new, |s| format!("<circle class=\"at\" cx=\"{:.1}%\" cy=\"50%\" r=\"4\"/>", at(s)));
    format!(
        "<svg class=\"range\" aria-hidden=\"true\"><line class=\"rail\" x1=\"2%\" x2=\"98%\" y1=\"50%\" y2=\"50%\"/>{span}\
         {dot}</svg>"
    )
}

fn confusions(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    writeln!(out, "<h2 id=\"confusions\">Confusions</h2>")?;
    if summary.confusions.is_empty() {
        return writeln!(out, "<p class=\"soft\">None.</p>");
    }
    writeln!(
        out,
        "<table><tr><th>label</th><th>read</th><th class=\"n\">times</th><th class=\"n\">of</th><th></th></tr>"
    )?;
    let most = summary.confusions[0].count.max(1);
    for c in summary.confusions.iter().take(CONFUSIONS) {
        let text = |c: &Option<String>, none: &str| {
            c.as_ref().map_or_else(|| format!("<span class=\"soft\">{none}</span>"), |c| Safe(c).to_string())
        };
        let of = if c.label.is_some() { c.of.to_string() } else { String::new() };
        writeln!(
            out,
            "<tr><td class=\"mono\">{}</td><td class=\"mono\">{}</td><td class=\"n\">{}</td><td class=\"n\">{of}</td><td \
             class=\"bar\"><i style=\"width:{:.1}%\"></i></td></tr>",
            text(&c.label, "nothing"),
            text(&c.read, "missed"),
            c.count,
            c.count as f64 / most as f64 * 100.0
        )?;
    }
    writeln!(out, "</table>")?;
    let rest = summary.confusions.len().saturating_sub(CONFUSIONS);
    let more = if rest > 0 { format!(" {rest} rarer ones are in the JSON.") } else { String::new() };
    writeln!(
        out,
        "<p class=\"soft\">Between labels and first proposals, upper and lower case as one. Heads of which less than half \
         agrees are left out.{more}</p>"
    )
}

fn reliability(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    writeln!(out, "<h2>Confidence</h2>")?;
    let Some(r) = &summary.reliability else {
        return writeln!(out, "<p class=\"soft\">No proposal has one.</p>");
    };
    writeln!(
        out,
        "<table><tr><th>said</th><th class=\"n\">proposals</th><th class=\"n\">mean</th><th class=\"n\">right</th><th></th></tr>"
    )?;
    for b in &r.bins {
        writeln!(
            out,
            "<tr><td>{} to {}</td><td class=\"n\">{}</td><td class=\"n\">{:.2}</td><td class=\"n\">{:.2}</td><td class=\"bar\">\
             <i style=\"width:{:.0}%\"></i></td></tr>",
            percent(b.from),
            percent(b.to),
            b.count,
            b.confidence,
            b.right,
            b.right * 100.0
        )?;
    }
    writeln!(
        out,
        "</table><p class=\"soft\">First proposals for legible heads. Calibration error {:.3}, Brier score {:.3}, of a \
         constant {:.3}.</p>",
        r.calibration_error, r.brier, r.brier_of_a_constant
    )
}

fn breakdowns(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    writeln!(out, "<h2>By what heads are like</h2><div class=\"columns\">")?;
    for (name, groups) in &summary.by {
        writeln!(
            out,
            "<div><table><tr><th>{name}</th><th class=\"n\">legible</th><th class=\"n\">exact, first</th><th class=\"n\">95 \
             %</th><th class=\"n\">characters found</th></tr>"
        )?;
        for group in groups.iter().take(GROUPS) {
            group_row(out, group)?;
        }
        writeln!(out, "</table>")?;
        if groups.len() > GROUPS {
            writeln!(out, "<p class=\"soft\">{} more are in the JSON.</p>", groups.len() - GROUPS)?;
        }
        writeln!(out, "</div>")?;
    }
    writeln!(out, "</div>")
}

fn group_row(out: &mut dyn Write, group: &Group) -> io::Result<()> {
    let find = |name: &str| group.shares.iter().find(|s| s.name == name);
    let value = |s: Option<&Share>| s.and_then(|s| s.share).map_or_else(String::new, |s| format!("{s:.2}"));
    let (exact, found) = (find("exact_first"), find("characters_found"));
    writeln!(
        out,
        "<tr><td class=\"mono\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}\
         </td></tr>",
        Safe(&group.name),
        group.legible,
        value(exact),
        exact.map_or_else(String::new, bounds),
        value(found)
    )
}
