//! The codes: one row a meaning, from `data/codes.csv` or from the user.

use crate::error::Error;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

const EMBEDDED: &str = include_str!("data/codes.csv");

/// One meaning of one mark.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Code {
    /// The mark as it is stamped.
    pub mark: String,
    /// `factory`, `symbol`, `metal` or `year`: what it names.
    pub kind: String,
    /// The script it is stamped in.
    pub script: String,
    /// Today's country, ISO 3166 two letters.
    pub iso2: String,
    /// The state at the time.
    pub state_at_time: String,
    /// The maker.
    pub factory: String,
    /// Where it is.
    pub place: String,
    /// Calibres attested, joined by `;`.
    pub calibres: String,
    /// First year attested.
    pub year_from: Option<i32>,
    /// Last year attested.
    pub year_to: Option<i32>,
    /// How years are stamped: `yy`, `0yy`, `yyyy` and so on.
    pub year_format: String,
    /// `documented` (a source read says so) or `likely` (a source names the maker, not the mark).
    pub confidence: String,
    /// The source.
    pub source: String,
    /// Whether the user's own registry says it; such rows come first.
    #[serde(skip)]
    pub own: bool,
}

/// All codes, by mark.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    codes: BTreeMap<String, Vec<Code>>,
}

impl Registry {
    /// The codes that come with the program.
    pub fn embedded() -> Self {
        let mut registry = Self::default();
        // The file is part of the program and is tested; a row that did not parse would be caught there.
        registry.add(csv::Reader::from_reader(EMBEDDED.as_bytes()).into_deserialize().flatten(), false);
        registry
    }

    /// The codes that come with the program, and before them the user's: a CSV file, or every `.csv` in a folder.
    pub fn with(own: &Path) -> Result<Self, Error> {
        let mut registry = Self::default();
        for file in files(own)? {
            registry.add(checked(&file)?.into_iter(), true);
        }
        for (mark, codes) in Self::embedded().codes {
            registry.codes.entry(mark).or_default().extend(codes);
        }
        Ok(registry)
    }

    fn add(&mut self, rows: impl Iterator<Item = Code>, own: bool) {
        for code in rows {
            self.codes.entry(key(&code.mark)).or_default().push(Code { own, ..code });
        }
    }

    /// Every meaning of a mark; spaces, letter case and dots beside it do not count here, but a row's `mark` tells how it is stamped.
    pub fn lookup(&self, mark: &str) -> &[Code] {
        self.codes.get(&key(mark)).map_or(&[], Vec::as_slice)
    }

    /// Every mark, as it is stamped.
    pub fn marks(&self) -> impl Iterator<Item = &str> {
        self.codes.values().flatten().map(|c| c.mark.as_str())
    }

    /// How many meanings there are.
    pub fn len(&self) -> usize {
        self.codes.values().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }
}

fn key(mark: &str) -> String {
    let bare = mark.trim_matches(|c: char| c == '•' || c.is_whitespace());
    // dots beside a mark part it from others, unless they are all there is
    let mark = if bare.is_empty() { mark } else { bare };
    mark.split_whitespace().collect::<String>().to_uppercase()
}

fn refused(path: &Path, cause: impl std::fmt::Display) -> Error {
    Error::Needed {
        what: format!("registry {}", path.display()),
        cause: cause.to_string(),
        hint: Some("its columns are those of src/registry/data/codes.csv".into()),
    }
}

fn files(own: &Path) -> Result<Vec<PathBuf>, Error> {
    if !own.is_dir() {
        return Ok(vec![own.to_path_buf()]);
    }
    let listed = std::fs::read_dir(own).map_err(|e| refused(own, e))?;
    let mut files: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(refused(own, "the folder holds no .csv file"));
    }
    Ok(files)
}

/// Reads a user's file, every row checked.
fn checked(path: &Path) -> Result<Vec<Code>, Error> {
    let mut reader = csv::Reader::from_path(path).map_err(|e| refused(path, e))?;
    let headers = reader.headers().map_err(|e| refused(path, e))?.clone();
    let mut codes = Vec::new();
    let mut seen = HashSet::new();
    for record in reader.records() {
        let record = record.map_err(|e| refused(path, e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let at = |cause: String| refused(path, format!("line {line}: {cause}"));
        let code: Code = record.deserialize(Some(&headers)).map_err(|e| at(e.to_string()))?;
        if code.mark.trim().is_empty() {
            return Err(at("the mark is empty".into()));
        }
        if rust_iso3166::from_alpha2(&code.iso2).is_none() {
            return Err(at(format!("`{}` is no ISO 3166 country of two letters", code.iso2)));
        }
        if !seen.insert((code.mark.clone(), code.iso2.clone(), code.factory.clone(), code.year_from)) {
            return Err(at(format!("`{}` has this meaning already", code.mark)));
        }
        codes.push(code);
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_that_comes_with_the_program_is_sound() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/registry/data/codes.csv");
        let rows = checked(&path).unwrap();
        assert_eq!(rows.len(), Registry::embedded().len());
        for code in rows {
            assert!(
                !code.source.is_empty() && ["documented", "likely"].contains(&code.confidence.as_str()),
                "{code:?}"
            );
            assert!(!code.mark.contains('_'), "a mark, not a headstamp: {}", code.mark);
        }
    }

    #[test]
    fn the_users_rows_come_first_and_faults_are_named_with_their_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.csv");
        let head = EMBEDDED.lines().next().unwrap();
        std::fs::write(&file, format!("{head}\nFN,factory,latin,SE,Sweden,A test,,,,,,likely,none\n")).unwrap();
        let registry = Registry::with(folder.path()).unwrap();
        assert_eq!((registry.lookup("fn")[0].iso2.as_str(), registry.lookup("fn")[0].own), ("SE", true));
        assert!(registry.lookup("fn").len() > 1);
        for (row, said) in [
            ("X,factory,latin,QQ,,,,,,,,likely,s", "QQ"),
            ("X,factory,latin,SE", "line: 2"),
            (",factory,latin,SE,,,,,,,,likely,s", "empty"),
        ] {
            std::fs::write(&file, format!("{head}\n{row}\n")).unwrap();
            let error = Registry::with(&file).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
    }
}
