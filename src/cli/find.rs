//! `headstamp find`.

use super::args::FindArgs;
use super::entries::{readable, texts};
use super::say::{json_line, unwritten};
use crate::catalogue::search::Found;
use crate::catalogue::transfer::flat;
use crate::catalogue::{Catalogue, CatalogueError, Columns, Entry, Field};
use crate::error::{Error, Status};
use crate::printable::printable;
use serde::Serialize;
use std::io::{self, BufWriter, Write};

pub(super) fn run(args: &FindArgs) -> Result<Status, Error> {
    let catalogue = readable(&args.catalogue)?;
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let found = catalogue.bearing(&args.marks).map_err(failed)?;
    let top = args.top as usize;
    let mut out = BufWriter::new(io::stdout().lock());
    let all = found.iter().map(|f| f.entries).sum::<u64>();
    let (shown, of) = if args.entries {
        let entries = entries(&catalogue, &found, top).map_err(failed)?;
        print(&mut out, args.json, &entries, |e| flat(Columns::All, e), line)?;
        (entries.len() as u64, all)
    } else {
        let first = &found[..found.len().min(top)];
        print(&mut out, args.json, first, Clone::clone, |f| format!("{:8}  {}", f.entries, printable(&f.headstamp)))?;
        (first.len() as u64, found.len() as u64)
    };
    out.flush().map_err(unwritten)?;
    if of == 0 {
        anstream::eprintln!("nothing that was entered bears these marks");
        return Ok(Status::SomeFailed);
    }
    let left = if shown < of { format!(", the first {shown} shown; --top N shows more") } else { String::new() };
    anstream::eprintln!("{} headstamps bear these marks, {all} entries{left}", found.len());
    Ok(Status::Done)
}

/// The entries that bear what was found, as far as they are shown.
fn entries(catalogue: &Catalogue, found: &[Found], top: usize) -> Result<Vec<Entry>, CatalogueError> {
    let mut entries = Vec::new();
    for f in found {
        for case in catalogue.cases_bearing(&f.headstamp, top - entries.len())? {
            entries.extend(catalogue.entry(case)?);
        }
        if entries.len() == top {
            break;
        }
    }
    Ok(entries)
}

/// An entry in a line: its case, headstamp, and what tells it from others.
fn line(entry: &Entry) -> String {
    let fields = [Field::Headstamp, Field::Calibre, Field::Country, Field::Year, Field::Site, Field::DateFound];
    format!("{}  {}", entry.case, printable(&texts(&entry.values, &fields)))
}

fn print<T, J: Serialize>(
    out: &mut dyn Write,
    json: bool,
    all: &[T],
    record: impl Fn(&T) -> J,
    line: impl Fn(&T) -> String,
) -> Result<(), Error> {
    for one in all {
        let written = if json { json_line(&mut *out, &record(one)) } else { writeln!(out, "{}", line(one)) };
        written.map_err(unwritten)?;
    }
    Ok(())
}
