//! `headstamp status` and `backup`.

use super::args::{BackupArgs, StatusArgs};
use super::entries::{readable, told};
use super::say::{unwritten, warn};
use crate::catalogue::{Catalogue, CatalogueError, ChainHead, Conflict, Counts};
use crate::error::{Error, Status};
use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};
use std::cell::RefCell;
use std::io::{self, BufWriter, Write};

pub(super) fn status(args: &StatusArgs) -> Result<Status, Error> {
    let catalogue = readable(&args.catalogue)?;
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let _one_state = catalogue.reading().map_err(failed)?;
    let counts = catalogue.counts().map_err(failed)?;
    let chain = catalogue.chain_head().map_err(failed)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        #[derive(Serialize)]
        struct Whole<'a> {
            schema: u32,
            #[serde(flatten)]
            counts: Counts,
            chain: &'a ChainHead,
            conflict_list: &'a Conflicts<'a>,
        }
        let conflicts = Conflicts { of: &catalogue, failed: RefCell::default() };
        let whole = Whole { schema: 1, counts, chain: &chain, conflict_list: &conflicts };
        let written = serde_json::to_writer_pretty(&mut out, &whole);
        if let Some(e) = conflicts.failed.take() {
            return Err(failed(e));
        }
        written.map_err(|e| unwritten(e.into()))?;
        writeln!(out).map_err(unwritten)?;
    } else {
        print(&mut out, &counts, &chain).map_err(unwritten)?;
        if counts.conflicts > 0 {
            writeln!(out, "\n{} conflicts to settle; the first of each two holds:", counts.conflicts)
                .map_err(unwritten)?;
        }
        let listed = catalogue.each_conflict(|Conflict { about, kept, other }| {
            writeln!(out, "  {about}\n    {}\n    {}", told(&kept), told(&other)).map_err(Trouble::Output)
        });
        listed.map_err(|e| match e {
            Trouble::Catalogue(e) => failed(e),
            Trouble::Output(e) => unwritten(e),
        })?;
    }
    out.flush().map_err(unwritten)?;
    if let Some(doubt) = catalogue.clock_doubt().map_err(failed)? {
        warn(&doubt);
    }
    Ok(Status::Done)
}

/// What ends a list that is written as it is read.
enum Trouble<E> {
    Catalogue(CatalogueError),
    Output(E),
}

impl<E> From<CatalogueError> for Trouble<E> {
    fn from(e: CatalogueError) -> Self {
        Self::Catalogue(e)
    }
}

/// The conflicts of a catalogue, read as they are written.
struct Conflicts<'a> {
    of: &'a Catalogue,
    /// Why they could not be read.
    failed: RefCell<Option<CatalogueError>>,
}

impl Serialize for Conflicts<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(None)?;
        match self.of.each_conflict(|c| list.serialize_element(&c).map_err(Trouble::Output)) {
            Ok(()) => list.end(),
            Err(Trouble::Output(e)) => Err(e),
            Err(Trouble::Catalogue(e)) => {
                *self.failed.borrow_mut() = Some(e);
                Err(S::Error::custom("the conflicts cannot be read"))
            }
        }
    }
}

fn print(out: &mut dyn Write, counts: &Counts, chain: &ChainHead) -> io::Result<()> {
    let Counts {
        photographs,
        failed,
        without_heads,
        heads,
        pending,
        entered,
        same_case,
        same_picture,
        not_a_head,
        entries,
        cases,
        ..
    } = counts;
    writeln!(out, "photographs      {photographs:8}   {failed} not readable, {without_heads} without a case head")?;
    writeln!(
        out,
        "heads found      {heads:8}   {entered} entered, {same_case} of a known case, {not_a_head} found to be none"
    )?;
    writeln!(out, "  to be reviewed {pending:8}")?;
    if *same_picture > 0 {
        writeln!(
            out,
            "beside them      {same_picture:8}   on pictures that are held in other bytes, and reviewed there"
        )?;
    }
    writeln!(out, "entries          {entries:8}   for {cases} cases")?;
    writeln!(out, "decisions        {:8}   history {}", chain.decisions, chain.history)?;
    writeln!(out, "chain head       {}", chain.hash)
}

pub(super) fn backup(args: &BackupArgs) -> Result<Status, Error> {
    let catalogue = readable(&args.catalogue)?;
    catalogue.backup(&args.out).map_err(|e| e.at(&args.out))?;
    anstream::eprintln!("written to {}", args.out.display());
    Ok(Status::Done)
}
