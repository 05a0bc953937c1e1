//! Rows of codes from CSV, every one checked.

use super::calibres::Calibres;
use super::code::{Code, Facts};
use super::layout::Layout;
use super::names::{Confidence, Kind, Script, YearFormat};
use super::table::{Row, Table};
use crate::error::Error;
use crate::list::{Charset, Fault};
use crate::notation::Headstamp;
use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The columns that a file must have; `place`, `note` and `layout` may be left out.
pub const COLUMNS: [&str; 12] = [
    "mark",
    "kind",
    "script",
    "iso2",
    "state_at_time",
    "factory",
    "calibres",
    "year_from",
    "year_to",
    "year_format",
    "confidence",
    "source",
];
/// No table of marks is larger, in bytes: a file that is none must not fill the memory.
const LARGEST: u64 = 64 << 20;
/// Years that a mark can be of.
const YEARS: std::ops::RangeInclusive<i32> = 1850..=2100;

/// The rows of one text.
pub(super) fn parse(text: &str, calibres: &Calibres, own: bool) -> Result<Vec<Code>, Fault> {
    codes(Table::new(text, &COLUMNS)?, calibres, own)
}

fn codes(table: Table<impl Read>, calibres: &Calibres, own: bool) -> Result<Vec<Code>, Fault> {
    let mut codes = Vec::new();
    let mut seen = HashSet::new();
    for row in table {
        let row = row?;
        let code = code(&row, calibres, own)?;
        let meaning = (
            code.mark.clone(),
            code.kind,
            code.iso2.clone(),
            code.state_at_time.clone(),
            code.factory.clone(),
            code.year_from,
            code.calibres.clone(),
        );
        if !seen.insert(meaning) {
            return Err(row.fault(format!("`{}` has this meaning already: a row is there twice", code.mark)));
        }
        codes.push(code);
    }
    Ok(codes)
}

fn code(row: &Row, calibres: &Calibres, own: bool) -> Result<Code, Fault> {
    let mark = row.filled("mark")?.to_owned();
    if mark.contains('_') {
        return Err(row.fault(format!("`{mark}` is a headstamp of several elements, not one mark")));
    }
    if let Err(e) = mark.parse::<Headstamp>() {
        return Err(row.fault(format!("`{mark}`: {e}")));
    }
    let kind = value(row, "kind", Kind::parse, Kind::ALL.iter().map(|v| v.name()))?;
    let iso2 = row.text("iso2").to_owned();
    if iso2.is_empty() && kind.names_maker() {
        return Err(row.fault(format!("`iso2` is empty: a {kind} has a country")));
    }
    if !iso2.is_empty() && rust_iso3166::from_alpha2(&iso2).is_none() {
        return Err(row.fault(format!("`{iso2}` is no ISO 3166 country of two letters")));
    }
    let year = |column| match row.number(column)? {
        Some(y) if !YEARS.contains(&y) => Err(row.fault(format!("`{column}`: {y} is no year of cartridges"))),
        other => Ok(other),
    };
    let (year_from, year_to) = (year("year_from")?, year("year_to")?);
    if let (Some(a), Some(b)) = (year_from, year_to)
        && a > b
    {
        return Err(row.fault(format!("the years {a} to {b} run backwards")));
    }
    let format = |text: &str| {
        YearFormat::parse(text).ok_or_else(|| {
            row.fault(format!(
                "`year_format`: `{text}` is none of {}",
                joined(YearFormat::ALL.iter().map(|v| v.name()))
            ))
        })
    };
    let layout = |text: &str| text.parse::<Layout>().map_err(|e| row.fault(format!("`layout`: {e}")));
    Ok(Code {
        script: value(row, "script", Script::parse, Script::ALL.iter().map(|v| v.name()))?,
        state_at_time: row.text("state_at_time").to_owned(),
        factory: row.text("factory").to_owned(),
        place: row.text("place").to_owned(),
        calibres: row.list("calibres").map(|c| calibres.canonical(c).to_owned()).collect(),
        year_formats: row.list("year_format").map(format).collect::<Result<_, _>>()?,
        layouts: row.list("layout").map(layout).collect::<Result<_, _>>()?,
        confidence: value(row, "confidence", Confidence::parse, Confidence::ALL.iter().map(|v| v.name()))?,
        source: row.filled("source")?.to_owned(),
        note: row.text("note").to_owned(),
        mark,
        kind,
        iso2,
        year_from,
        year_to,
        own,
        facts: Facts::default(),
    })
}

fn value<T>(
    row: &Row,
    column: &str,
    parse: impl Fn(&str) -> Option<T>,
    names: impl Iterator<Item = &'static str>,
) -> Result<T, Fault> {
    let text = row.filled(column)?;
    parse(text).ok_or_else(|| row.fault(format!("`{column}`: `{text}` is none of {}", joined(names))))
}

fn joined(names: impl Iterator<Item = &'static str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// The rows of a user's CSV file, or of every `.csv` in a folder.
pub(super) fn own(path: &Path, charset: Option<Charset>, calibres: &Calibres) -> Result<Vec<Code>, Error> {
    let mut all = Vec::new();
    for file in files(path)? {
        let text = open(&file)?;
        let table = Table::open(text, &COLUMNS, charset).map_err(|fault| refused(&file, fault))?;
        all.extend(codes(table, calibres, true).map_err(|fault| refused(&file, fault))?);
    }
    Ok(all)
}

fn open(file: &Path) -> Result<File, Error> {
    let size = std::fs::metadata(file).map_err(|e| refused(file, e))?.len();
    if size > LARGEST {
        return Err(refused(file, format!("{} MB are too many for a registry", size >> 20)));
    }
    File::open(file).map_err(|e| refused(file, e))
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let listed = std::fs::read_dir(path).map_err(|e| refused(path, e))?;
    let mut files: Vec<PathBuf> =
        listed.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>().map_err(|e| refused(path, e))?;
    files.retain(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")));
    files.sort();
    if files.is_empty() {
        return Err(refused(path, "the folder holds no .csv file"));
    }
    Ok(files)
}

fn refused(path: &Path, cause: impl std::fmt::Display) -> Error {
    Error::Needed {
        what: format!("registry {}", path.display()),
        cause: cause.to_string(),
        hint: Some("its columns are those of `headstamp codes --csv`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    const HEAD: &str =
        "mark,kind,script,iso2,state_at_time,factory,calibres,year_from,year_to,year_format,layout,confidence,source";

    fn load(rows: &[u8]) -> Result<Registry, Error> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("own.csv"), [HEAD.as_bytes(), b"\n", rows].concat()).unwrap();
        Registry::with(folder.path(), None)
    }

    #[test]
    fn the_users_rows_take_precedence() {
        let registry = load("FN,factory,latin,SE,Sweden,A test,,,,,M yy,likely,mine\n".as_bytes()).unwrap();
        let first = registry.lookup("fn").next().unwrap();
        assert_eq!((first.iso2.as_str(), first.own), ("SE", true));
        assert!(registry.lookup("FN").count() > 1, "the others are still known");
        let headstamp = "FN_77".parse().unwrap();
        assert_eq!(registry.interpret(&headstamp, None).countries()[0].0, "SE");
    }

    #[test]
    fn faults_are_named_with_file_row_and_reason() {
        let good = "X,factory,latin,SE,Sweden,,,,,,,likely,s\n";
        for (rows, said) in [
            ("X,factory,latin,QQ,,,,,,,,likely,s", "row 2: `QQ` is no ISO 3166 country"),
            ("X,factory,latin,,,,,,,,,likely,s", "row 2: `iso2` is empty"),
            ("X,factory,latin,SE", "row 2: has 4 cells, the columns are 13"),
            (",factory,latin,SE,,,,,,,,likely,s", "row 2: `mark` is empty"),
            ("17_88,factory,digits,SE,,,,,,,,likely,s", "row 2: `17_88` is a headstamp"),
            ("X,works,latin,SE,,,,,,,,likely,s", "row 2: `kind`: `works` is none of factory"),
            ("X,factory,latin,SE,,,,nought,,,,likely,s", "row 2: `year_from`: `nought` is no whole number"),
            ("X,factory,latin,SE,,,,1950,1940,,,likely,s", "row 2: the years 1950 to 1940 run backwards"),
            ("X,factory,latin,SE,,,,,,ww,,likely,s", "row 2: `year_format`: `ww` is none of"),
            ("X,factory,latin,SE,,,,,,,M M,likely,s", "row 2: `layout`"),
            ("X,factory,latin,SE,,,,,,,,likely,", "row 2: `source` is empty"),
            (&format!("{good}{good}"), "row 3: `X` has this meaning already"),
        ] {
            let error = load(rows.as_bytes()).unwrap_err();
            assert!(error.to_string().contains(said) && error.to_string().contains("own.csv"), "{rows}: {error}");
            assert_eq!(error.status(), crate::error::Status::Needed);
        }
        let latin1 = load(b"X,factory,latin,SE,Sweden,Norma \xc5motfors,,,,,,likely,s\n").unwrap_err();
        assert!(
            latin1
                .to_string()
                .contains("line 2: what follows `tin,SE,Sweden,Norma ` is not UTF-8; say --registry-encoding windows-1252 (Western)"),
            "{latin1}"
        );
        let folder = tempfile::tempdir().unwrap();
        assert!(Registry::with(folder.path(), None).unwrap_err().to_string().contains("no .csv"));
        std::fs::write(folder.path().join("a.csv"), "mark,kind\nX,factory\n").unwrap();
        let missing = Registry::with(folder.path(), None).unwrap_err().to_string();
        assert!(missing.contains("row 1: missing columns script, iso2"), "{missing}");
    }
}
