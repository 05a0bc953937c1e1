//! `headstamp status`, `export`, `backup` and `verify`.

use super::args::{BackupArgs, ExportArgs, FileFormat, StatusArgs, VerifyArgs};
use super::entries::{readable, told};
use super::say::{complain, unwritten, warn};
use crate::catalogue::originals::{Original, Originals};
use crate::catalogue::transfer::{self, WriteError};
use crate::catalogue::{Catalogue, CatalogueError, ChainHead, Conflict, Counts};
use crate::error::{Error, Status};
use crate::output::{Existing, Output, OutputError};
use crate::printable::{printable, shown};
use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};
use std::cell::RefCell;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

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

pub(super) fn export(args: &ExportArgs) -> Result<Status, Error> {
    if args.no_mark && args.format != FileFormat::Csv {
        return Err(Error::Usage("--no-mark has no effect: CSV files alone have a mark".into()));
    }
    let catalogue = readable(&args.catalogue)?;
    // a file is for people and their spreadsheets, a pipe for programs
    let csv = transfer::Csv { full: args.full, marked: args.out.is_some() && !args.no_mark };
    let write = |out: &mut dyn Write| match args.format {
        FileFormat::Csv => transfer::write_csv(&catalogue, csv, out),
        FileFormat::Jsonl => transfer::write_jsonl(&catalogue, args.full, out),
    };
    let target = args.out.clone().unwrap_or_else(|| PathBuf::from("standard output"));
    let failed = |e: WriteError| match e {
        WriteError::Catalogue(e) => e.at(&args.catalogue),
        WriteError::File(source) => Error::Write { what: format!("to {}", target.display()), source },
        WriteError::Table(e) => Error::Write { what: format!("to {}", target.display()), source: io::Error::other(e) },
    };
    let count = match &args.out {
        None => write(&mut io::stdout().lock()).map_err(failed)?,
        Some(path) => {
            let made = match args.format {
                FileFormat::Csv => transfer::CSV,
                FileFormat::Jsonl => transfer::JSONL,
            };
            let mut file = Output::create(path, made, Existing::forced(args.force)).map_err(OutputError::into_error)?;
            let count = write(&mut file).map_err(failed)?;
            file.finish().map_err(OutputError::into_error)?;
            count
        }
    };
    anstream::eprintln!("{count} entries written");
    Ok(Status::Done)
}

pub(super) fn backup(args: &BackupArgs) -> Result<Status, Error> {
    let catalogue = readable(&args.catalogue)?;
    catalogue.backup(&args.out).map_err(|e| e.at(&args.out))?;
    anstream::eprintln!("written to {}", args.out.display());
    Ok(Status::Done)
}

pub(super) fn verify(args: &VerifyArgs) -> Result<Status, Error> {
    let catalogue = readable(&args.catalogue)?;
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let links = catalogue.verify_history().map_err(failed)?;
    if !catalogue.verify_outcome().map_err(failed)? {
        return Err(Error::Needed {
            what: format!("catalogue {}", args.catalogue.display()),
            cause: "its entries are not what follows from its decisions: they were changed by hand".into(),
            hint: Some("go on with a backup".into()),
        });
    }
    let chain = catalogue.chain_head().map_err(failed)?;
    let mut out = io::stdout().lock();
    writeln!(out, "history unaltered: {links} decisions, chain head {}", chain.hash).map_err(unwritten)?;
    let misdated = catalogue.misdated().map_err(failed)?;
    if let Some((link, at)) = &misdated.first {
        warn(&format!(
            "{} decisions are dated before there was a program, {} before the decision that they follow; the first is \
             decision {} of {}, dated {at}: a clock was wrong",
            misdated.too_early, misdated.went_back, link.seq, link.history
        ));
    }
    let Some(folder) = &args.photos else { return Ok(Status::Done) };
    let mut added = Vec::new();
    catalogue.readable(|sha256, path| added.push((sha256, path))).map_err(failed)?;
    let held = added.iter().map(|a| a.0.clone()).collect();
    let originals = Originals::of(folder);
    let unreadable = originals.unreadable();
    unreadable.iter().for_each(|e| complain(e));
    let mut lost = 0;
    for (sha256, path) in &added {
        let (became, of) = match originals.look_for(sha256, Path::new(path), &held) {
            Original::Unaltered => continue,
            Original::Altered(file) => ("altered", format!("{} has its name and other content", shown(&file))),
            Original::CannotBeRead(e) => ("cannot be read", format!("{}: {}", shown(&e.path), printable(&e.message))),
            Original::Gone => ("gone", format!("no file in {} has its content or its name", folder.display())),
        };
        lost += 1;
        complain(&format!("{path}: {became}: {of} (SHA-256 {sha256})"));
    }
    writeln!(out, "photographs unaltered: {} of {}", added.len() - lost, added.len()).map_err(unwritten)?;
    Ok(if lost == 0 && unreadable.is_empty() { Status::Done } else { Status::SomeFailed })
}
