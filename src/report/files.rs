//! A report in a folder: the page, its tables as CSV, its figures as SVG, and all entries that were counted.

use super::figure;
use super::page::{About, Photographs, page};
use super::shell::is_page;
use super::study::{Column, Study};
use super::table::Table;
use super::thumbnails::OfCatalogue;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::list::safe;
use crate::output::{self, Existing, Made, Output, OutputError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Begins CSV files, by which spreadsheets on Windows know that they are UTF-8.
const MARK: &str = "\u{feff}";
/// Begins figures, by which they are known to be of this program.
const COMMENT: &str = "<!-- headstamp report -->\n";

const PAGE: Made = Made { name: "report", begins: is_page, lasting: true };
const TABLE: Made =
    Made { name: "table of a report", begins: |start| start.starts_with("\u{feff}table,".as_bytes()), lasting: true };
const FIGURE: Made =
    Made { name: "figure of a report", begins: |start| start.starts_with(COMMENT.as_bytes()), lasting: true };
const SCRIPT: Made = Made { name: "part of a report", begins: |start| start.starts_with(b"take({"), lasting: true };
const HEADS: Made = Made {
    name: "list of a report",
    begins: |start| start.starts_with("\u{feff}case,cases,".as_bytes()),
    lasting: true,
};

/// Why a report cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A figure cannot be drawn.
    #[error("a figure cannot be drawn: {0}")]
    Figure(String),
    /// A table cannot be written.
    #[error("{}: {source}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: csv::Error,
    },
}

/// Writes a report into a folder, which is made where it is not there. Gives the page.
pub fn write(
    catalogue: &Catalogue,
    study: &Study,
    tables: &[Table],
    about: &About,
    folder: &Path,
    existing: Existing,
) -> Result<PathBuf, ReportError> {
    std::fs::create_dir_all(folder).map_err(|source| OutputError::Io { path: folder.to_path_buf(), source })?;
    let photographs = OfCatalogue::of(catalogue)?;
    let made = page(study, tables, about, &photographs).map_err(ReportError::Figure)?;
    for (name, text) in &made.scripts {
        output::write(&folder.join(name), text.as_bytes(), SCRIPT, existing)?;
    }
    for table in tables {
        write_table(&folder.join(format!("{}.csv", table.id)), table, existing)?;
        if let Some(svg) = figure::of(table).map_err(ReportError::Figure)? {
            let path = folder.join(format!("{}.svg", table.id));
            output::write(&path, format!("{COMMENT}{svg}").as_bytes(), FIGURE, existing)?;
        }
    }
    write_heads(&folder.join("heads.csv"), study, &photographs, existing)?;
    let path = folder.join("index.html");
    output::write(&path, made.html.as_bytes(), PAGE, existing)?;
    Ok(path)
}

/// A table as CSV, its name in the first column: tables can be put one below the other.
fn write_table(path: &Path, table: &Table, existing: Existing) -> Result<(), ReportError> {
    let rows = table.rows.iter().map(|row| row.iter().map(|cell| safe(&cell.plain())).collect::<Vec<_>>());
    let head = table.head.iter().map(|h| (*h).to_owned()).collect();
    write_csv(
        path,
        TABLE,
        existing,
        std::iter::once(head).chain(rows).enumerate().map(|(n, row): (usize, Vec<String>)| {
            let first = if n == 0 { "table" } else { table.id };
            [vec![first.to_owned()], row].concat()
        }),
    )
}

/// Every entry that was counted, with what it is of.
fn write_heads(
    path: &Path,
    study: &Study,
    photographs: &dyn Photographs,
    existing: Existing,
) -> Result<(), ReportError> {
    let columns = Column::ALL.into_iter().filter(|c| *c != Column::Variety);
    let names = columns.clone().map(|c| c.name().to_owned());
    let first = ["case", "cases", "headstamp", "calibre_of_variety"].map(str::to_owned);
    let last = ["photograph", "head", "sha256"].map(str::to_owned);
    let head: Vec<String> = first.into_iter().chain(names).chain(last).collect();
    let rows = study.entries.iter().map(|seen| {
        let variety = study.varieties.get(seen.column(Column::Variety) as usize);
        let (headstamp, calibre) = variety.map_or(("", ""), |v| (v.headstamp.as_str(), v.calibre.as_str()));
        let mut row = vec![seen.case.to_string(), seen.quantity.to_string(), safe(headstamp), safe(calibre)];
        row.extend(columns.clone().map(|c| safe(study.labels(c).text(seen.column(c)))));
        match seen.place {
            Some((sha256, head)) => row.extend([
                photographs.path(&sha256).map_or_else(String::new, |p| safe(&p)),
                if head < 0 { String::new() } else { (head + 1).to_string() },
                hex::encode(sha256),
            ]),
            None => row.extend([String::new(), String::new(), String::new()]),
        }
        row
    });
    write_csv(path, HEADS, existing, std::iter::once(head).chain(rows))
}

/// Rows as CSV.
pub(super) fn write_csv(
    path: &Path,
    made: Made,
    existing: Existing,
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), ReportError> {
    let mut file = Output::create(path, made, existing)?;
    let failed = |source: csv::Error| ReportError::Table { path: path.to_path_buf(), source };
    let io = |e: io::Error| failed(e.into());
    file.write_all(MARK.as_bytes()).map_err(io)?;
    {
        let mut table = csv::Writer::from_writer(&mut file);
        for row in rows {
            table.write_record(row).map_err(failed)?;
        }
        table.flush().map_err(io)?;
    }
    Ok(file.finish()?)
}
