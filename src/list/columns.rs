//! Which field each column of a list is.

use super::fault::Fault;
use super::options::Options;
use super::records::Record;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use unicode_normalization::UnicodeNormalization;

/// What columns are called that are these fields, in several languages. The names are our own collection.
const NAMES: &str = include_str!("data/columns.csv");

/// Field ▶ what it is often called, as compared.
static OFTEN: LazyLock<HashMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let rows = NAMES.lines().skip(1).filter_map(|l| l.split_once(','));
    rows.map(|(field, names)| (field, names.split([',', ';']).map(plain).filter(|n| !n.is_empty()).collect())).collect()
});

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What the list calls it; empty where it has no name.
    pub theirs: String,
    /// What it was taken for.
    pub taken: Taken,
    /// The field that it likely is, where it was taken for none.
    pub likely: Option<String>,
}

/// What a column was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// This field of the caller's.
    Field(String),
    /// No field: kept as it is.
    Kept,
    /// Nothing: it has no name, and must hold nothing.
    Nothing,
}

/// The fields that the caller knows, and what the user says of columns.
#[derive(Debug, Clone)]
pub(super) struct Names {
    fields: Vec<String>,
    map: Vec<(String, String)>,
    keep: bool,
}

impl Names {
    pub(super) fn new(fields: &[String], options: &Options) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        for (n, (theirs, field)) in options.map.iter().enumerate() {
            if !fields.iter().any(|f| f == field) {
                let cause = format!("--map {theirs}={field}: `{field}` is no field");
                faults.push(Fault::whole(cause).hint(format!("the fields are {}", short(fields).join(", "))));
            }
            if options.map[..n].iter().any(|(other, _)| plain(other) == plain(theirs)) {
                faults.push(Fault::whole(format!("--map {theirs}: it is said twice what `{theirs}` is")));
            }
        }
        let map = options.map.iter().map(|(theirs, field)| (plain(theirs), field.clone())).collect();
        if faults.is_empty() {
            Ok(Self { fields: fields.to_vec(), map, keep: options.keep_columns })
        } else {
            Err(faults)
        }
    }

    /// The field that a column is by its name or as the user says.
    fn field(&self, theirs: &str) -> Option<&str> {
        let theirs = plain(theirs);
        let mapped = self.map.iter().find(|(t, _)| *t == theirs).map(|(_, f)| f.as_str());
        mapped.or_else(|| self.fields.iter().map(String::as_str).find(|f| *f == theirs))
    }

    /// The field that a column is likely meant to be: by what such columns are often called, or as part of its name.
    fn likely(&self, theirs: &str) -> Option<&str> {
        let theirs = plain(theirs);
        let often = |f: &&str| OFTEN.get(f).is_some_and(|names| names.contains(&theirs));
        let part = |f: &&str| {
            let parts: Vec<&str> = theirs.split('_').collect();
            f.len() >= 4 && (parts.contains(f) || (f.contains('_') && theirs.contains(*f)))
        };
        let fields = || self.fields.iter().map(String::as_str);
        fields().find(often).or_else(|| fields().find(part))
    }

    /// Whether a row's cells are columns' names that are understood, and how many of them.
    pub(super) fn understood(&self, record: &Record) -> usize {
        record.filled().filter(|c| self.field(c).is_some() || self.likely(c).is_some()).count()
    }

    /// A column that was taken for this.
    pub(super) fn column(&self, theirs: String, taken: Taken) -> Column {
        let likely = if taken == Taken::Kept { self.likely(&theirs).map(str::to_owned) } else { None };
        Column { theirs, taken, likely }
    }

    pub(super) fn take(&self, theirs: &str) -> Result<Taken, Fault> {
        if theirs.trim().is_empty() {
            return Ok(Taken::Nothing);
        }
        if let Some(field) = self.field(theirs) {
            return Ok(Taken::Field(field.to_owned()));
        }
        if self.keep {
            return Ok(Taken::Kept);
        }
        let hint = match self.likely(theirs) {
            Some(field) => format!("{}; --keep-columns keeps it as it is", advice(theirs, field)),
            None => "say what it is by --map THEIRS=FIELD, or keep it as it is with --keep-columns".to_owned(),
        };
        Err(Fault::whole(format!("column `{}` is no field", theirs.trim())).hint(hint))
    }

    /// What each cell of the head row names.
    pub(super) fn columns(&self, head: &Record) -> Result<Vec<Arc<Column>>, Vec<Fault>> {
        let mut columns: Vec<Arc<Column>> = Vec::with_capacity(head.cells.len());
        let mut faults = Vec::new();
        let here = |fault: Fault| Fault { row: Some(head.row), line: Some(head.line), ..fault };
        for theirs in &head.cells {
            let theirs = theirs.trim().to_owned();
            let taken = self.take(&theirs).unwrap_or_else(|fault| {
                faults.push(here(fault));
                Taken::Kept
            });
            let twice = |c: &&Arc<Column>| match (&c.taken, &taken) {
                (Taken::Field(a), Taken::Field(b)) => a == b,
                (Taken::Kept, Taken::Kept) => c.theirs == theirs,
                _ => false,
            };
            if let Some(other) = columns.iter().find(twice) {
                faults.push(here(Fault::whole(match &taken {
                    Taken::Field(field) if other.theirs != theirs => {
                        format!("columns `{}` and `{theirs}` are both the {field}", other.theirs)
                    }
                    _ => format!("column `{theirs}` is there twice"),
                })));
            }
            columns.push(Arc::new(self.column(theirs, taken)));
        }
        for (theirs, field) in &self.map {
            if columns.iter().all(|c| plain(&c.theirs) != *theirs) {
                let there: Vec<&str> = columns.iter().map(|c| c.theirs.as_str()).filter(|t| !t.is_empty()).collect();
                let cause = format!("--map {theirs}={field}: no column is called `{theirs}`");
                faults.push(Fault::whole(cause).hint(format!("there are: {}", there.join(", "))));
            }
        }
        if faults.is_empty() { Ok(columns) } else { Err(faults) }
    }
}

/// What to say where a column is likely this field.
pub fn advice(theirs: &str, field: &str) -> String {
    format!("if it is the {field}, say --map {}", quoted(theirs, field))
}

/// Fields without those that say something of another.
fn short(fields: &[String]) -> Vec<&str> {
    let of_another =
        |f: &str| fields.iter().any(|g| f.strip_prefix(g.as_str()).is_some_and(|rest| rest.starts_with('_')));
    fields.iter().map(String::as_str).filter(|f| !of_another(f)).collect()
}

/// The mapping as it is typed in a shell.
fn quoted(theirs: &str, field: &str) -> String {
    let theirs = theirs.trim();
    let plain = theirs.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    if plain { format!("{theirs}={field}") } else { format!("\"{theirs}={field}\"") }
}

/// A column's name as it is compared: letter case, spaces and points do not count.
fn plain(name: &str) -> String {
    let lower: String = name.nfkc().flat_map(char::to_lowercase).nfc().collect();
    let parts = lower.split(|c: char| c.is_whitespace() || "_-./:".contains(c)).filter(|p| !p.is_empty());
    parts.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<String> {
        ["headstamp", "headstamp_how", "country", "year", "site", "date_found"].map(str::to_owned).to_vec()
    }

    fn head(cells: &[&str]) -> Record {
        Record { row: 1, line: 1, cells: cells.iter().map(|c| (*c).to_owned()).collect(), formula: None }
    }

    fn faults(cells: &[&str], options: &Options) -> String {
        let names = Names::new(&fields(), options);
        let faults = names.and_then(|n| n.columns(&head(cells)).map(|_| ())).unwrap_err();
        faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn columns_are_fields_by_name_or_as_the_user_says() {
        let options =
            Options { map: vec![("Find Spot".into(), "site".into())], keep_columns: true, ..Options::default() };
        let names = Names::new(&fields(), &options).unwrap();
        let columns = names.columns(&head(&["Headstamp ", "find-spot", "Date found", "No", ""])).unwrap();
        let taken: Vec<&Taken> = columns.iter().map(|c| &c.taken).collect();
        let field = |f: &str| Taken::Field(f.into());
        assert_eq!(taken, [&field("headstamp"), &field("site"), &field("date_found"), &Taken::Kept, &Taken::Nothing]);
    }

    #[test]
    fn what_is_no_field_is_refused_with_what_it_likely_is() {
        let none = Options::default();
        for (theirs, field) in [
            ("stamp", "headstamp"),
            ("Bodenstempel", "headstamp"),
            ("marquage", "headstamp"),
            ("клеймо", "headstamp"),
            ("الختم", "headstamp"),
            ("land", "country"),
            ("País", "country"),
            ("pai\u{301}s", "country"),
            ("jaar", "year"),
            ("Year (stamped)", "year"),
        ] {
            let said = faults(&["headstamp_how", theirs], &none);
            assert!(said.contains(&format!("`{theirs}` is no field; if it is the {field}, say --map ")), "{said}");
        }
        let said = faults(&["headstamp", "No"], &none);
        assert!(said.starts_with("row 1: column `No` is no field; say what it is"), "{said}");
    }

    #[test]
    fn contradictions_about_columns_are_named() {
        let map =
            |theirs: &str, field: &str| Options { map: vec![(theirs.into(), field.into())], ..Options::default() };
        assert!(faults(&["site", "site"], &Options::default()).contains("`site` is there twice"));
        assert!(faults(&["site", "Ort"], &map("Ort", "site")).contains("`site` and `Ort` are both the site"));
        assert!(faults(&["site"], &map("Ort", "site")).contains("no column is called `ort`; there are: site"));
        let said = faults(&["Ort"], &map("Ort", "place"));
        assert!(said.contains("`place` is no field; the fields are headstamp, country"), "{said}");
    }

    #[test]
    fn the_table_of_names_has_a_column_a_language_and_no_name_twice_for_a_field() {
        let width = NAMES.lines().next().unwrap().split(',').count();
        for line in NAMES.lines() {
            assert_eq!(line.split(',').count(), width, "{line}");
        }
        assert!(OFTEN.len() > 20);
    }
}
