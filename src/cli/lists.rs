//! Flags of whatever reads a list, and what is told of one.

use super::args::{ListArgs, RegistryArgs};
use super::reading::registry;
use super::say::complain;
use crate::catalogue::told::{Reader, Told};
use crate::catalogue::{Entry, Field, How, Value, Values};
use crate::error::Error;
use crate::exchange::workbook::{self, Unreadable};
use crate::list::{self, Column, Faults, Flags, Options, Taken};
use crate::photo::Named;
use crate::printable::printable;
use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A list that can be read again from its beginning.
pub(super) struct List {
    path: PathBuf,
    file: File,
}

impl List {
    /// Opens a list; `what` it is of, for messages.
    pub(super) fn open(path: &Path, what: &str) -> Result<Self, Error> {
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
        let unreadable = |e: io::Error| Error::Needed {
            what: format!("{what} {}", path.display()),
            cause: e.to_string(),
            hint: None,
        };
        Ok(Self { path: path.to_path_buf(), file: open().map_err(unreadable)? })
    }

    /// Opens a workbook as the table that it holds.
    pub(super) fn of_workbook(path: &Path, what: &str) -> Result<Self, Error> {
        let of = Self::open(path, what)?;
        let unreadable = |cause: String| Error::Needed {
            what: format!("{what} {}", path.display()),
            cause,
            hint: Some("open it in a spreadsheet and save it anew".into()),
        };
        let table = || -> Result<File, Unreadable> {
            let mut table = tempfile::tempfile()?;
            workbook::as_csv(io::BufReader::new(&of.file), io::BufWriter::new(&mut table))?;
            Ok(table)
        };
        let file = table().map_err(|e| unreadable(e.to_string()))?;
        Ok(Self { path: path.to_path_buf(), file })
    }

    /// Its text from the first byte on.
    pub(super) fn rewound(&self) -> Result<&File, Error> {
        let failed =
            |e: io::Error| Error::Needed { what: self.path.display().to_string(), cause: e.to_string(), hint: None };
        (&self.file).rewind().map_err(failed)?;
        Ok(&self.file)
    }

    /// What it is called.
    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// Says everything that is wrong with it.
    pub(super) fn complain(&self, faults: &Faults) {
        faults.lines().for_each(|line| complain(&printable(&format!("{}, {line}", self.path.display()))));
    }

    /// Says what should be known of it.
    pub(super) fn note(&self, notes: &Faults) {
        notes
            .lines()
            .for_each(|line| anstream::eprintln!("{}", printable(&format!("{}, {line}", self.path.display()))));
    }
}

impl ListArgs {
    /// What the user says about a list.
    pub(super) fn options(&self) -> Options {
        Options {
            separator: self.delimiter,
            charset: self.encoding,
            map: self.map.clone(),
            keep_columns: self.keep_columns,
            flags: Flags::All,
        }
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.delimiter.is_none() && self.encoding.is_none() && self.map.is_empty() && !self.keep_columns
    }
}

/// What is told of photographs, on the command line of all of them, and by a list where there is one.
pub(super) fn told(
    set: &[(Field, String)],
    fields: Option<&Path>,
    args: &ListArgs,
    registry_args: &RegistryArgs,
    who: &str,
    named: impl FnOnce() -> Named,
) -> Result<Told, Error> {
    let value = |text: &String| Value { text: text.clone(), how: How::Told, by: who.to_owned() };
    let all = Told::of_all(set.iter().map(|(f, t)| (*f, value(t))).collect());
    let Some(path) = fields else { return Ok(all) };
    let list = List::open(path, "fields")?;
    let (name, options) = (list.name(), args.options());
    let registry = registry(registry_args)?;
    let reader = Reader { list: &name, who, options: &options, registry: &registry };
    all.read(list.rewound()?, &named(), reader).map_err(|faults| Error::Needed {
        what: format!("fields {}", path.display()),
        cause: faults.lines().map(|l| printable(&l)).collect::<Vec<_>>().join("\n  "),
        hint: Some("the columns are `file` or `folder`, and fields such as site, date_found, calibre".into()),
    })
}

/// Prints how a list is written, and what each column was taken for.
pub(super) fn columns(out: &mut dyn Write, dialect: &str, columns: &[Arc<Column>]) -> io::Result<()> {
    writeln!(out, "written with {dialect}")?;
    let width = columns.iter().map(|c| c.theirs.chars().count()).max().unwrap_or(0);
    for column in columns {
        let taken = match (&column.taken, &column.likely) {
            (Taken::Field(field), _) => field.clone(),
            (Taken::Kept, None) => "no field; kept with the row as it is".into(),
            (Taken::Kept, Some(field)) => {
                format!("no field; kept with the row as it is; {}", list::advice(&column.theirs, field))
            }
            (Taken::Nothing, _) => "nothing; it is blank".into(),
        };
        writeln!(out, "  {:width$}  {taken}", printable(&column.theirs))?;
    }
    Ok(())
}

/// An entry in a line, as it would be entered.
pub(super) fn entry(entry: &Entry) -> String {
    let places = entry.places.iter().map(|p| format!("photograph={p}"));
    let all: Vec<String> = [values(&entry.values)].into_iter().filter(|v| !v.is_empty()).chain(places).collect();
    printable(&all.join("  "))
}

/// Values in a line, as they would be recorded.
pub(super) fn values(values: &Values) -> String {
    let told = values.iter().filter(|(f, _)| **f != Field::OriginalRow);
    let texts: Vec<String> = told.map(|(f, v)| format!("{f}={}", v.text)).collect();
    printable(&texts.join("  ").replace('\n', " ⏎ "))
}
