//! `headstamp import`.

use super::args::{FileFormat, ImportArgs, ImportFormat};
use super::entries::{told, written_to};
use super::say::{complain, who};
use crate::catalogue::import::Checked;
use crate::catalogue::transfer::{self, Problem, Row};
use crate::catalogue::{Catalogue, CatalogueError, Conflict, Forks};
use crate::error::{Error, Status};
use std::fs::File;
use std::io::{self, Seek};
use std::path::Path;

pub(super) fn run(args: &ImportArgs) -> Result<Status, Error> {
    let who = who(args.by.as_deref());
    let create = || written_to(&args.catalogue);
    let format = match args.format {
        ImportFormat::Catalogue => return merge(&mut create()?, args, &who),
        ImportFormat::Csv => FileFormat::Csv,
        ImportFormat::Jsonl => FileFormat::Jsonl,
    };
    if args.forked {
        return Err(Error::Usage("--forked has an effect with --format catalogue only".into()));
    }
    let list = List::open(&args.file, format)?;
    let mut catalogue = create()?;
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let checked = catalogue.check(list.rows(&who)?).map_err(failed)?;
    let say = |p: &Problem| complain(&format!("{}, line {}: {}", args.file.display(), p.line, p.cause));
    checked.problems.iter().for_each(say);
    let Checked { new, unchanged, wrong, .. } = checked;
    let more = wrong - checked.problems.len() as u64;
    if more > 0 {
        complain(&format!("{}: and {more} more", args.file.display()));
    }
    if wrong > 0 && !args.partial {
        anstream::eprintln!(
            "nothing was imported: {wrong} problems; put them right, or take the other {} rows with --partial",
            new + unchanged
        );
        return Ok(Status::SomeFailed);
    }
    let done = catalogue.import(list.rows(&who)?, &checked, &who).map_err(failed)?;
    done.conflicts.iter().for_each(say);
    anstream::eprintln!("{} entries imported, {} were there already", done.entered, done.unchanged);
    Ok(if wrong == 0 && done.conflicts.is_empty() { Status::Done } else { Status::SomeFailed })
}

/// A list that can be read twice.
struct List<'a> {
    path: &'a Path,
    format: FileFormat,
    file: File,
}

impl<'a> List<'a> {
    fn open(path: &'a Path, format: FileFormat) -> Result<Self, Error> {
        let open = || -> io::Result<File> {
            let mut file = File::open(path)?;
            if file.metadata()?.is_file() {
                return Ok(file);
            }
            // what comes through a pipe comes once
            let mut copy = tempfile::tempfile()?;
            io::copy(&mut file, &mut copy)?;
            Ok(copy)
        };
        Ok(Self { path, format, file: open().map_err(|e| Self::unreadable(path, &e))? })
    }

    /// Its rows from the first.
    fn rows<'b>(&'b self, who: &'b str) -> Result<Box<dyn Iterator<Item = Row> + 'b>, Error> {
        (&self.file).rewind().map_err(|e| Self::unreadable(self.path, &e))?;
        Ok(match self.format {
            FileFormat::Csv => transfer::read_csv(&self.file, who),
            FileFormat::Jsonl => transfer::read_jsonl(&self.file, who),
        })
    }

    fn unreadable(path: &Path, cause: &io::Error) -> Error {
        Error::Needed { what: format!("entries {}", path.display()), cause: cause.to_string(), hint: None }
    }
}

fn merge(catalogue: &mut Catalogue, args: &ImportArgs, who: &str) -> Result<Status, Error> {
    if args.partial {
        return Err(Error::Usage(
            "--partial has no effect with --format catalogue: histories are taken in whole".into(),
        ));
    }
    let forks = if args.forked { Forks::TakeIn } else { Forks::Refuse };
    let merged = catalogue.merge(&args.file, forks, who).map_err(|e| e.at(&args.file))?;
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let count = catalogue.counts().map_err(failed)?.conflicts;
    anstream::eprintln!(
        "{} photographs and {} decisions taken in; {count} conflicts to settle",
        merged.photographs,
        merged.decisions,
    );
    let say = |conflict: Conflict| {
        complain(&format!("{}: {} against {}", conflict.about, told(&conflict.kept), told(&conflict.other)));
        Ok::<_, CatalogueError>(())
    };
    catalogue.each_conflict(say).map_err(failed)?;
    Ok(if count == 0 { Status::Done } else { Status::SomeFailed })
}
