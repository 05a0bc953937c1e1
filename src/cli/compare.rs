//! `headstamp compare`.

use super::args::CompareArgs;
use super::entries::readable;
use super::say::unwritten;
use crate::error::{Error, Status};
use crate::output::Existing;
use crate::printable::printable;
use crate::report::compare::{Comparison, Share, Stock, compare, write};
use crate::report::files::ReportError;
use crate::report::study::Study;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(super) fn run(args: &CompareArgs) -> Result<Status, Error> {
    let stock = |path: &Path| -> Result<Stock, Error> {
        let study = Study::of(&readable(path)?, &args.conditions).map_err(|e| e.at(path))?;
        Ok(Stock::of(&study))
    };
    let here = stock(&args.catalogue)?;
    let mut others = Vec::with_capacity(args.with.len());
    for path in &args.with {
        others.push((path.display().to_string(), stock(path)?));
    }
    let comparison = compare(&here, &others);
    if let Some(path) = &args.out {
        write(&comparison, path, Existing::forced(args.force)).map_err(|e| match e {
            ReportError::Output(e) => e.into_error(),
            other => Error::Write { what: format!("to {}", path.display()), source: io::Error::other(other) },
        })?;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let written = if args.json {
        serde_json::to_writer_pretty(&mut out, &comparison).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else {
        print(&mut out, &comparison, usize::from(args.top))
    };
    written.and_then(|()| out.flush()).map_err(unwritten)?;
    Ok(Status::Done)
}

/// A share as people read it.
fn share(s: &Share) -> String {
    let percent = |v: f64| format!("{:.1}", v * 100.0);
    let below = if s.count > 0 && s.share < 0.01 { ", fewer than 1 %" } else { "" };
    format!(
        "{} of {} ({} %{below}; 95 % interval {} to {} %)",
        s.count,
        s.of,
        percent(s.share),
        percent(s.interval[0]),
        percent(s.interval[1])
    )
}

fn print(out: &mut dyn Write, all: &Comparison, top: usize) -> io::Result<()> {
    writeln!(out, "here: {} varieties, {} cases", all.varieties, all.cases)?;
    for a in &all.against {
        writeln!(out, "\n{}: {} varieties, {} cases", printable(&a.with), a.varieties, a.cases)?;
        writeln!(out, "  varieties of here also found there  {}", share(&a.shared_varieties))?;
        writeln!(out, "  cases of here of such varieties     {}", share(&a.shared_cases))?;
        writeln!(out, "  varieties of there also found here  {}", share(&a.shared_varieties_there))?;
        writeln!(out, "  only here {}, only there {}", a.only_here, a.only_there)?;
    }
    if all.against.len() > 1 {
        writeln!(out, "\nfound in none of the others: {}", share(&all.nowhere_else))?;
    }
    let shared: Vec<_> = all.table.iter().filter(|h| h.cases[0] > 0 && h.cases[1..].iter().any(|n| *n > 0)).collect();
    if !shared.is_empty() {
        writeln!(out, "\nshared varieties; cases here, then there")?;
        for held in shared.iter().take(top) {
            let counts: Vec<String> = held.cases.iter().map(|n| format!("{n:>6}")).collect();
            writeln!(out, "  {}   {} {}", counts.join(" "), printable(&held.calibre), printable(&held.headstamp))?;
        }
        if shared.len() > top {
            writeln!(out, "  and {} more", shared.len() - top)?;
        }
    }
    writeln!(
        out,
        "\nThat a variety is found in two places says that it may be of one origin. It does not say by which way it came."
    )
}
