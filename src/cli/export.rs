//! `headstamp export`.

use super::args::{ExportArgs, FileFormat};
use super::entries::readable;
use super::say::complain;
use crate::catalogue::transfer::{self, WriteError};
use crate::catalogue::{Catalogue, CatalogueError, Columns, Field, PRIVATE};
use crate::error::{Error, Status};
use crate::exchange::bundle::{self, BundleError, Setting};
use crate::exchange::parquet::{self, ParquetFailed};
use crate::exchange::redact::Redaction;
use crate::exchange::xlsx::{self, WorkbookError};
use crate::output::{self, Existing, Made, Output, OutputError};
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

/// What people may have worked on since is never replaced.
const WORKBOOK: Made = Made { name: "workbook", begins: |_| false, lasting: true };
const BUNDLE: Made = Made { name: "bundle", begins: |_| false, lasting: true };
const SALTS: Made = Made { name: "list of salts", begins: |_| false, lasting: true };
const PARQUET: Made = Made { name: "Parquet file", begins: |_| false, lasting: true };

pub(super) fn run(args: &ExportArgs) -> Result<Status, Error> {
    let no_effect = |flag: &str, why: &str| Err(Error::Usage(format!("{flag} has no effect: {why}")));
    let as_bundle = args.format == FileFormat::Bundle;
    let as_file = matches!(args.format, FileFormat::Xlsx | FileFormat::Parquet) || as_bundle;
    match () {
        () if args.no_mark && args.format != FileFormat::Csv => {
            return no_effect("--no-mark", "CSV files alone have a mark");
        }
        () if args.force && as_file => {
            return no_effect("--force", "what people may have worked on since is never replaced; name a new file");
        }
        () if !as_bundle && (args.redact || args.sign.is_some()) => {
            return no_effect(if args.redact { "--redact" } else { "--sign" }, "bundles alone are redacted and signed");
        }
        () if as_bundle && (args.full || args.private) => {
            return no_effect(if args.full { "--full" } else { "--private" }, "a bundle is whole, or redacted");
        }
        () if as_file && args.out.is_none() => {
            return Err(Error::Usage("name a new file with --out: this form cannot be printed".into()));
        }
        () => {}
    }
    let catalogue = readable(&args.catalogue)?;
    if let (true, Some(path)) = (as_bundle, &args.out) {
        return bundled(args, &catalogue, path);
    }
    let columns = match (args.full, args.private) {
        (true, _) => Columns::Full,
        (_, true) => Columns::All,
        _ => Columns::Public,
    };
    let count = match &args.out {
        None => printed(args, &catalogue, columns)?,
        Some(path) => written(args, &catalogue, columns, path)?,
    };
    anstream::eprintln!("{count} entries written");
    Ok(Status::Done)
}

fn printed(args: &ExportArgs, catalogue: &Catalogue, columns: Columns) -> Result<usize, Error> {
    // a file is for people and their spreadsheets, a pipe for programs
    let csv = transfer::Csv { columns, marked: false };
    let out = &mut io::stdout().lock();
    let count = match args.format {
        FileFormat::Jsonl => transfer::write_jsonl(catalogue, columns, out),
        _ => transfer::write_csv(catalogue, csv, out),
    };
    count.map_err(|e| failed(e.into(), args))
}

fn written(args: &ExportArgs, catalogue: &Catalogue, columns: Columns, path: &Path) -> Result<usize, Error> {
    let made = match args.format {
        FileFormat::Csv => transfer::CSV,
        FileFormat::Jsonl => transfer::JSONL,
        FileFormat::Xlsx => WORKBOOK,
        FileFormat::Parquet | FileFormat::Bundle => PARQUET,
    };
    let mut file = Output::create(path, made, Existing::forced(args.force)).map_err(OutputError::into_error)?;
    let csv = transfer::Csv { columns, marked: !args.no_mark };
    let count = match args.format {
        FileFormat::Csv => transfer::write_csv(catalogue, csv, &mut file).map_err(Failed::from),
        FileFormat::Jsonl => transfer::write_jsonl(catalogue, columns, &mut file).map_err(Failed::from),
        FileFormat::Xlsx => xlsx::write(catalogue, columns, &mut file).map_err(Failed::from),
        FileFormat::Parquet | FileFormat::Bundle => parquet::write(catalogue, columns, &mut file).map_err(Failed::from),
    };
    let count = count.map_err(|e| failed(e, args))?;
    file.finish().map_err(OutputError::into_error)?;
    Ok(count)
}

fn bundled(args: &ExportArgs, catalogue: &Catalogue, path: &Path) -> Result<Status, Error> {
    let key = args.sign.as_deref().map(|key| {
        let needed =
            |e: io::Error| Error::Needed { what: format!("key {}", key.display()), cause: e.to_string(), hint: None };
        std::fs::read_to_string(key).map_err(needed)
    });
    let key = key.transpose()?;
    let fields: Vec<Field> = PRIVATE.into_iter().chain(args.leave_out.iter().copied()).collect();
    let at = jiff::Timestamp::now().to_string();
    let redaction = args.redact.then(|| Redaction::of(fields));
    let mut salts_path = path.as_os_str().to_owned();
    salts_path.push(".salts.json");
    let salts_path = PathBuf::from(salts_path);
    if args.redact {
        output::allowed(&salts_path, SALTS, Existing::Refuse).map_err(OutputError::into_error)?;
    }
    let mut file = Output::create(path, BUNDLE, Existing::Refuse).map_err(OutputError::into_error)?;
    let setting = Setting { redaction, at: &at, key: key.as_deref() };
    let made = bundle::write(catalogue, setting, &mut file).map_err(|e| match e {
        BundleError::Catalogue(e) => e.at(&args.catalogue),
        e => Error::Write { what: format!("to {}", path.display()), source: io::Error::other(e) },
    })?;
    file.finish().map_err(OutputError::into_error)?;
    if args.redact {
        let text = serde_json::to_vec_pretty(&made.salts).map_err(|e| super::say::unwritten(e.into()))?;
        output::write_private(&salts_path, &text, SALTS).map_err(OutputError::into_error)?;
        anstream::eprintln!("salts written to {}: they are not to be handed over", salts_path.display());
    }
    for (path, why) in &made.missing {
        complain(&format!("{path} is not in it: {why}"));
    }
    anstream::eprintln!("{} entries and {} photographs written", made.entries, made.photographs);
    Ok(if made.missing.is_empty() { Status::Done } else { Status::SomeFailed })
}

/// Why entries could not be written: the catalogue, or the file.
enum Failed {
    Catalogue(CatalogueError),
    File(io::Error),
}

fn of_file(e: impl Display) -> Failed {
    Failed::File(io::Error::other(e.to_string()))
}

impl From<WriteError> for Failed {
    fn from(e: WriteError) -> Self {
        match e {
            WriteError::Catalogue(e) => Self::Catalogue(e),
            WriteError::File(e) => Self::File(e),
            WriteError::Table(e) => Self::File(e.into()),
        }
    }
}

impl From<WorkbookError> for Failed {
    fn from(e: WorkbookError) -> Self {
        match e {
            WorkbookError::Catalogue(e) => Self::Catalogue(e),
            e => of_file(e),
        }
    }
}

impl From<ParquetFailed> for Failed {
    fn from(e: ParquetFailed) -> Self {
        match e {
            ParquetFailed::Catalogue(e) => Self::Catalogue(e),
            e => of_file(e),
        }
    }
}

fn failed(e: Failed, args: &ExportArgs) -> Error {
    match e {
        Failed::Catalogue(e) => e.at(&args.catalogue),
        Failed::File(source) => {
            let target = args.out.clone().unwrap_or_else(|| PathBuf::from("standard output"));
            Error::Write { what: format!("to {}", target.display()), source }
        }
    }
}
