//! `headstamp import`.

use super::args::{AlikeArg, ImportArgs, ImportFormat};
use super::entries::{readable, told, written_to};
use super::lists::{self, List};
use super::reading::{named, registry};
use super::say::{complain, unwritten, who};
use crate::catalogue::import::{Alike, Checked};
use crate::catalogue::listed::{Form, Reader, Row};
use crate::catalogue::pictures::Pictures;
use crate::catalogue::{Catalogue, CatalogueError, Conflict, Forks};
use crate::error::{Error, Status};
use crate::list::Faults;
use std::io::{self, Write};
use std::path::Path;
use uuid::Uuid;

/// Rows that are shown as they would be entered.
const SHOWN: usize = 5;

pub(super) fn run(args: &ImportArgs) -> Result<Status, Error> {
    let who = who(args.by.as_deref());
    let form = match args.format {
        ImportFormat::Catalogue => return merge(args, &who),
        ImportFormat::Csv | ImportFormat::Xlsx => Form::Table,
        ImportFormat::Jsonl => Form::Lines,
    };
    if args.forked {
        return Err(Error::Usage("--forked has an effect with --format catalogue only".into()));
    }
    let list = match args.format {
        ImportFormat::Xlsx => List::of_workbook(&args.file, "entries")?,
        _ => List::open(&args.file, "entries")?,
    };
    let registry = registry(&args.registry)?;
    let options = args.list.options();
    let apart = (args.alike == Some(AlikeArg::New)).then(Uuid::now_v7);
    let name = list.name();
    let nothing = |_: &str| Err(String::new());
    let reader = Reader { list: &name, who: &who, options: &options, registry: &registry, photos: None, apart };
    // what is wrong with all of it is told before a catalogue is made
    let trial = Reader { photos: args.photos.as_ref().map(|_| &nothing as _), ..reader };
    if let Err(faults) = trial.read(form, list.rewound()?) {
        let mut all = Faults::default();
        all.extend(faults);
        list.complain(&all);
        anstream::eprintln!("nothing was imported");
        return Ok(Status::SomeFailed);
    }
    let mut catalogue = match args.dry_run {
        true if args.catalogue.exists() => Some(readable(&args.catalogue)?),
        true => None,
        false => Some(written_to(&args.catalogue)?),
    };
    let pictures = args.photos.as_deref().map(|dir| pictures(dir, catalogue.as_ref())).transpose();
    let pictures = pictures.map_err(|e| e.at(&args.catalogue))?;
    let find = |name: &str| pictures.as_ref().map_or_else(|| Err(String::new()), |p| p.find(name));
    let reader = Reader { photos: pictures.as_ref().map(|_| &find as _), ..reader };
    let rows = || -> Result<_, Error> {
        let file = list.rewound()?;
        reader.read(form, file).map_err(|_| CatalogueError::Changed.at(&args.catalogue))
    };
    let failed = |e: CatalogueError| e.at(&args.catalogue);
    let rule = match args.alike {
        None => Alike::Unsaid,
        Some(AlikeArg::New) => Alike::New,
        Some(AlikeArg::Held) => Alike::Held,
    };
    if args.dry_run {
        show(&reader, form, &list)?;
    }
    let checked = match &catalogue {
        Some(catalogue) => catalogue.check(rows()?, rule).map_err(failed)?,
        None => counted(rows()?),
    };
    list.complain(&checked.wrong);
    list.note(&checked.notes);
    let wrong = checked.wrong.count();
    if args.dry_run {
        writeln!(io::stdout(), "{}; nothing was written", summary(&checked, true)).map_err(unwritten)?;
        return Ok(if wrong == 0 { Status::Done } else { Status::SomeFailed });
    }
    if wrong > 0 && !args.partial {
        anstream::eprintln!(
            "nothing was imported: {wrong} problems; put them right, or take the other {} rows with --partial",
            checked.new + checked.unchanged + checked.corrected
        );
        return Ok(Status::SomeFailed);
    }
    let Some(catalogue) = &mut catalogue else { return Ok(Status::Done) };
    let done = catalogue.import(rows()?, &checked, &who).map_err(failed)?;
    list.complain(&done.conflicts);
    anstream::eprintln!("{}", summary(&checked, false));
    Ok(if wrong == 0 && done.conflicts.is_empty() { Status::Done } else { Status::SomeFailed })
}

/// What a list brings, in a sentence.
fn summary(checked: &Checked, dry_run: bool) -> String {
    let Checked { new, unchanged, corrected, alike, equal, .. } = checked;
    let imported = if dry_run { "would be imported" } else { "imported" };
    let mut all = vec![format!("{new} entries {imported}, {unchanged} were there already")];
    if *corrected > 0 {
        all.push(format!("{corrected} corrected"));
    }
    if *equal > 0 {
        all.push(format!(
            "{equal} say what entries that are held say, and are cases of their own (--alike held takes them for those)"
        ));
    }
    if *alike > 0 {
        all.push(format!("{alike} look like entries that are held, and are not entered (--alike new enters them)"));
    }
    all.join("; ")
}

/// Shows what the columns were taken for, and the first rows as they would be entered.
fn show(reader: &Reader, form: Form, list: &List) -> Result<(), Error> {
    let Ok(mut rows) = reader.read(form, list.rewound()?) else { return Ok(()) };
    let first: Vec<Row> = rows.by_ref().filter(|r| r.entry.is_ok()).take(SHOWN).collect();
    let mut out = io::stdout().lock();
    lists::columns(&mut out, &rows.dialect(), &rows.columns()).map_err(unwritten)?;
    for Row { number, entry, .. } in &first {
        if let Ok(entry) = entry {
            writeln!(out, "row {number}: {}", lists::entry(entry)).map_err(unwritten)?;
        }
    }
    Ok(())
}

/// What a list would bring where there is no catalogue yet.
fn counted(rows: impl Iterator<Item = Row>) -> Checked {
    let mut checked = Checked::default();
    for row in rows {
        match row.entry {
            Ok(_) => checked.new += 1,
            Err(faults) => checked.wrong.extend(faults),
        }
    }
    checked
}

/// The photographs of a folder, as rows name them.
fn pictures(dir: &Path, catalogue: Option<&Catalogue>) -> Result<Pictures, CatalogueError> {
    Pictures::of(named(dir), catalogue)
}

fn merge(args: &ImportArgs, who: &str) -> Result<Status, Error> {
    let refuse = |flag: &str| {
        let cause = "histories are taken in whole, as they are";
        Err(Error::Usage(format!("{flag} has no effect with --format catalogue: {cause}")))
    };
    match () {
        () if args.partial => return refuse("--partial"),
        () if args.dry_run => return refuse("--dry-run"),
        () if args.photos.is_some() => return refuse("--photos"),
        () if args.alike.is_some() => return refuse("--alike"),
        () if args.registry.own.is_some() => return refuse("--registry"),
        () if !args.list.is_empty() => return refuse("what is said of a list"),
        () => {}
    }
    let mut catalogue = written_to(&args.catalogue)?;
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
