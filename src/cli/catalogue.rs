//! `headstamp status`, `export`, `import`, `backup` and `verify`.

use super::args::{BackupArgs, ExportArgs, FileFormat, ImportArgs, ImportFormat, StatusArgs, VerifyArgs};
use super::{complain, unwritten};
use crate::catalogue::transfer::{self, Problem, Rows, WriteError};
use crate::catalogue::{Catalogue, CatalogueError, ChainHead, Conflict, Counts, Decision, Field, What};
use crate::error::{Error, Status};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Opens a catalogue that must be there.
pub fn existing(path: &Path) -> Result<Catalogue, Error> {
    Catalogue::open(path).map_err(|e| e.at(path))
}

pub fn status(args: &StatusArgs) -> Result<Status, Error> {
    let catalogue = existing(&args.catalogue)?;
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let counts = catalogue.counts().map_err(failed)?;
    let chain = catalogue.chain_head().map_err(failed)?;
    let conflicts = if counts.conflicts > 0 { catalogue.conflicts().map_err(failed)? } else { Vec::new() };
    let mut out = io::stdout().lock();
    let written = if args.json {
        #[derive(Serialize)]
        struct Whole<'a> {
            schema: u32,
            #[serde(flatten)]
            counts: Counts,
            chain: &'a ChainHead,
            conflict_list: &'a [Conflict],
        }
        let whole = Whole { schema: 1, counts, chain: &chain, conflict_list: &conflicts };
        serde_json::to_writer_pretty(&mut out, &whole).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else {
        print(&mut out, &counts, &chain, &conflicts)
    };
    written.map_err(unwritten)?;
    Ok(Status::Done)
}

fn print(out: &mut dyn Write, counts: &Counts, chain: &ChainHead, conflicts: &[Conflict]) -> io::Result<()> {
    let Counts {
        photographs,
        failed,
        without_heads,
        heads,
        pending,
        entered,
        same_case,
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
    writeln!(out, "entries          {entries:8}   for {cases} cases")?;
    writeln!(out, "decisions        {:8}   history {}", chain.decisions, chain.history)?;
    writeln!(out, "chain head       {}", chain.hash)?;
    if !conflicts.is_empty() {
        writeln!(out, "\n{} conflicts to settle; the first of each two holds:", conflicts.len())?;
        for conflict in conflicts {
            writeln!(out, "  {}\n    {}\n    {}", conflict.about, told(&conflict.kept), told(&conflict.other))?;
        }
    }
    Ok(())
}

/// A decision in a line.
pub fn told(decision: &Decision) -> String {
    let what = match &decision.what {
        What::Enter { values, .. } | What::Amend { values, .. } => {
            let shown = |f: &Field| values.get(f).map(|v| v.text.as_str());
            let fields = [Field::Headstamp, Field::Calibre, Field::Country, Field::Year, Field::Site];
            fields.iter().filter_map(shown).collect::<Vec<_>>().join(", ")
        }
        What::SameCase { case, .. } => format!("the same as case {case}"),
        What::NotAHead { .. } => "not a case head".into(),
        What::Undo { link } => format!("undoes decision {}", link.seq),
        What::Merge { link, .. } => format!("takes in history {}", link.history),
    };
    format!("{what} ({}, {}, decision {} of {})", decision.who, decision.at, decision.link.seq, decision.link.history)
}

pub fn export(args: &ExportArgs) -> Result<Status, Error> {
    let catalogue = existing(&args.catalogue)?;
    let write = |out: &mut dyn Write| match args.format {
        FileFormat::Csv => transfer::write_csv(&catalogue, args.full, out),
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
            // the file is there whole or not at all
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let unsaved = |source| Error::Write { what: format!("to {}", path.display()), source };
            let mut file = tempfile::NamedTempFile::new_in(folder).map_err(unsaved)?;
            let count = write(&mut BufWriter::new(&mut file)).map_err(failed)?;
            file.as_file().sync_all().map_err(unsaved)?;
            file.persist(path).map_err(|e| unsaved(e.error))?;
            count
        }
    };
    anstream::eprintln!("{count} entries written");
    Ok(Status::Done)
}

pub fn import(args: &ImportArgs) -> Result<Status, Error> {
    let who = super::who(args.by.as_deref());
    let mut catalogue = Catalogue::open_or_create(&args.catalogue).map_err(|e| e.at(&args.catalogue))?;
    if args.format == ImportFormat::Catalogue {
        return merge(&mut catalogue, args, &who);
    }
    let unreadable = |e: io::Error| Error::Needed {
        what: format!("entries {}", args.file.display()),
        cause: e.to_string(),
        hint: None,
    };
    let file = File::open(&args.file).map_err(unreadable)?;
    let mut rows: Rows = match args.format {
        ImportFormat::Csv => transfer::read_csv(file, &who),
        ImportFormat::Jsonl | ImportFormat::Catalogue => transfer::read_jsonl(file, &who),
    };
    let against = catalogue.against(&rows).map_err(|e| e.at(&args.catalogue))?;
    rows.entries.retain(|(line, _)| against.iter().all(|p| p.line != *line));
    rows.problems.extend(against);
    rows.problems.sort_by_key(|p| p.line);
    let say = |p: &Problem| complain(&format!("{}, line {}: {}", args.file.display(), p.line, p.cause));
    rows.problems.iter().for_each(say);
    if !rows.problems.is_empty() && !args.partial {
        anstream::eprintln!(
            "nothing was imported: {} problems; put them right, or take the other {} rows with --partial",
            rows.problems.len(),
            rows.entries.len()
        );
        return Ok(Status::SomeFailed);
    }
    let done = catalogue.import(rows.entries, &who).map_err(|e| e.at(&args.catalogue))?;
    done.conflicts.iter().for_each(say);
    anstream::eprintln!("{} entries imported, {} were there already", done.entered, done.unchanged);
    Ok(if rows.problems.is_empty() && done.conflicts.is_empty() { Status::Done } else { Status::SomeFailed })
}

fn merge(catalogue: &mut Catalogue, args: &ImportArgs, who: &str) -> Result<Status, Error> {
    if args.partial {
        return Err(Error::Usage(
            "--partial has no effect with --format catalogue: histories are taken in whole".into(),
        ));
    }
    let merged = catalogue.merge(&args.file, who).map_err(|e| e.at(&args.file))?;
    let conflicts = catalogue.conflicts().map_err(|e| e.at(&args.catalogue))?;
    anstream::eprintln!(
        "{} photographs and {} decisions taken in; {} conflicts to settle",
        merged.photographs,
        merged.decisions,
        conflicts.len()
    );
    for conflict in &conflicts {
        complain(&format!("{}: {} against {}", conflict.about, told(&conflict.kept), told(&conflict.other)));
    }
    Ok(if conflicts.is_empty() { Status::Done } else { Status::SomeFailed })
}

pub fn backup(args: &BackupArgs) -> Result<Status, Error> {
    let catalogue = existing(&args.catalogue)?;
    catalogue.backup(&args.out).map_err(|e| e.at(&args.out))?;
    anstream::eprintln!("written to {}", args.out.display());
    Ok(Status::Done)
}

pub fn verify(args: &VerifyArgs) -> Result<Status, Error> {
    let mut catalogue = existing(&args.catalogue)?;
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
    let Some(folder) = &args.photos else { return Ok(Status::Done) };
    let held = catalogue.photographs().map_err(failed)?;
    let mut missing = held.clone();
    for path in crate::photo::find(std::slice::from_ref(folder)).into_iter().flatten() {
        if let Ok(sha256) = crate::photo::sha256(&path) {
            missing.remove(&sha256);
        }
    }
    writeln!(out, "photographs unaltered: {} of {}", held.len() - missing.len(), held.len()).map_err(unwritten)?;
    let mut missing: Vec<_> = missing.into_iter().collect();
    missing.sort();
    for sha256 in &missing {
        let path = catalogue.path_of(sha256).map_err(failed)?.unwrap_or_default();
        complain(&format!("{path}: no file in {} has its content any more (SHA-256 {sha256})", folder.display()));
    }
    Ok(if missing.is_empty() { Status::Done } else { Status::SomeFailed })
}
