//! What a list says of photographs before they are added: file by file, folder by folder.

use super::fields::{Field, Value, Values};
use super::said::{Listener, original};
use crate::list::{Column, Fault, Faults, Options, Row, Table, Taken};
use crate::photo::Named;
use crate::registry::Registry;
use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FILE: &str = "file";
const FOLDER: &str = "folder";

/// What was told of photographs: of all, of folders with everything in them, of files.
#[derive(Debug, Default)]
pub struct Told {
    all: Values,
    folders: HashMap<PathBuf, Values>,
    files: HashMap<PathBuf, Values>,
    shape: Option<(String, Vec<Arc<Column>>)>,
}

/// How a list of what is known of photographs is read.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// What the list is called.
    pub list: &'a str,
    /// Who says so.
    pub who: &'a str,
    /// What the list does not say by itself.
    pub options: &'a Options,
    /// What years of two digits are held against.
    pub registry: &'a Registry,
}

/// A photograph or folder, and the row that told of it.
type Spoken = HashMap<PathBuf, u64>;

impl Told {
    /// What is told of all photographs alike.
    pub fn of_all(all: Values) -> Self {
        Self { all, ..Self::default() }
    }

    /// Adds what a list says. Each of its rows must mean one photograph of `found`, or one folder that holds some; everything
    /// that is wrong is told at once.
    pub fn read(mut self, from: impl Read, found: &Named, reader: Reader) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let own = [FILE, FOLDER].into_iter();
        let fields: Vec<String> = own.chain(Field::ALL.iter().map(|f| f.name())).map(str::to_owned).collect();
        let mut table = Table::open(from, &fields, reader.options).map_err(|f| {
            let mut all = Faults::default();
            all.extend(f);
            all
        })?;
        let is = |name: &str| table.columns().iter().any(|c| c.taken == Taken::Field(name.to_owned()));
        if !is(FILE) && !is(FOLDER) {
            faults.extend([Fault::of_row(table.head(), "there is no column `file` and no column `folder`")]);
            return Err(faults);
        }
        self.shape = Some((table.dialect().to_string(), table.columns().to_vec()));
        let listener = Listener::new(reader.registry, reader.who);
        let folders = Named::new(folders_of(found.paths()));
        let (mut spoken, mut contents) = (Spoken::new(), HashMap::new());
        for row in &mut table {
            let one = row.and_then(|row| {
                let (is_folder, path) = place(&row, found, &folders, &mut contents).map_err(|f| vec![f])?;
                if let Some(before) = spoken.insert(path.clone(), row.number) {
                    let cause = format!("is about {}, and so is row {before}", path.display());
                    return Err(vec![row.fault(cause).hint("keep one of them")]);
                }
                Ok((is_folder, path, values(&listener, &row, reader.list)?))
            });
            match one {
                Ok((true, path, values)) => drop(self.folders.insert(path, values)),
                Ok((false, path, values)) => drop(self.files.insert(path, values)),
                Err(wrong) => faults.extend(wrong),
            }
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    /// What is known of a photograph: what is said of all, then of the folders around it inward, then of itself.
    pub fn of(&self, photo: &Path) -> Values {
        let mut values = self.all.clone();
        let mut around: Vec<&Path> = photo.ancestors().skip(1).collect();
        around.reverse();
        let told = around.iter().filter_map(|folder| self.folders.get(*folder)).chain(self.files.get(photo));
        told.for_each(|more| values.extend(more.clone()));
        values
    }

    /// The photographs that have a row of their own.
    pub fn files(&self) -> BTreeSet<&Path> {
        self.files.keys().map(PathBuf::as_path).collect()
    }

    /// How the list was written, and what its columns were taken for.
    pub fn shape(&self) -> Option<(&str, &[Arc<Column>])> {
        self.shape.as_ref().map(|(dialect, columns)| (dialect.as_str(), columns.as_slice()))
    }
}

/// The folders that photographs lie in, and those around these.
fn folders_of(photos: &[PathBuf]) -> Vec<PathBuf> {
    let all: BTreeSet<&Path> = photos.iter().flat_map(|p| p.ancestors().skip(1)).collect();
    all.into_iter().filter(|p| !p.as_os_str().is_empty()).map(Path::to_path_buf).collect()
}

/// What a row is about. `contents` are the photographs that rows were about by their content.
fn place(
    row: &Row,
    found: &Named,
    folders: &Named,
    contents: &mut HashMap<String, u64>,
) -> Result<(bool, PathBuf), Fault> {
    match (row.field(FILE), row.field(FOLDER)) {
        (Some(name), _) => {
            let index = found.find(name).map_err(|e| row.fault_of(FILE, e))?;
            let path = found.paths()[index].clone();
            // the same photograph twice is added once
            if let Some(hash) = found.hash(index)
                && let Some(before) = contents.insert(hash.to_owned(), row.number)
            {
                let cause = format!("is about the photograph of row {before}, {}", path.display());
                return Err(row.fault(cause).hint("keep one of the rows"));
            }
            Ok((false, path))
        }
        (None, Some(name)) => {
            let name = name.trim_end_matches(['/', '\\']);
            let index = folders.find_path(name).map_err(|e| row.fault_of(FOLDER, e))?;
            Ok((true, folders.paths()[index].clone()))
        }
        (None, None) => Err(row.fault("names no file and no folder")),
    }
}

fn values(listener: &Listener, row: &Row, list: &str) -> Result<Values, Vec<Fault>> {
    let mut values: Values = listener.values(row)?;
    if row.cells.iter().any(|c| c.column.taken == Taken::Kept) && !values.contains_key(&Field::OriginalRow) {
        let text = original(list, row.number, row.given()).map_err(|e| vec![row.fault(e.cause)])?;
        let value: Value = listener.value(text);
        values.insert(Field::OriginalRow, value);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photos() -> Named {
        let all = ["in/c.jpg", "out/in/b.jpg", "out/x/y/c.jpg", "x/a.jpg", "day1/IMG_1.JPG", "day2/IMG_1.JPG"];
        Named::hashed(all.iter().enumerate().map(|(n, p)| (PathBuf::from(p), Some(format!("{n:064x}")))))
    }

    fn told(list: &str) -> Result<Told, String> {
        let registry = Registry::embedded();
        let reader = Reader { list: "f.csv", who: "Ada", options: &Options::default(), registry: &registry };
        let told = Told::default().read(list.as_bytes(), &photos(), reader);
        told.map_err(|f| f.lines().collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn the_innermost_row_goes_before_those_around_it() {
        let list = "file,folder,site\na.jpg,,file\n,out,outer\n,out/in,inner\nday2/IMG_1.JPG,,second\n,day2,not that\n";
        let told = told(list).unwrap();
        for (photo, site) in [
            ("x/a.jpg", Some("file")),
            ("out/in/b.jpg", Some("inner")),
            ("out/x/y/c.jpg", Some("outer")),
            ("day2/IMG_1.JPG", Some("second")),
            ("day1/IMG_1.JPG", None),
        ] {
            let of = told.of(Path::new(photo));
            assert_eq!(of.get(&Field::Site).map(|v| v.text.as_str()), site, "{photo}");
        }
    }

    #[test]
    fn what_is_not_of_one_photograph_is_refused() {
        for (row, part) in [
            ("IMG_1.JPG,,Kidal", "may be day1/IMG_1.JPG or day2/IMG_1.JPG"),
            ("z.jpg,,Kidal", "nothing there is called `z.jpg`"),
            (",in,Kidal", "may be in or out/in"),
            (",none,Kidal", "nothing there is called `none`"),
            (",,Kidal", "names no file"),
            ("x/a.jpg,,Gao\na.jpg,,Kidal", "row 3: is about the photograph of row 2"),
            (",out,Gao\n,OUT,Kidal", "row 3: is about out, and so is row 2"),
        ] {
            let said = told(&format!("file,folder,site\n{row}\n")).unwrap_err();
            assert!(said.contains(part), "{row}: {said}");
        }
        assert!(told("site\nKidal\n").unwrap_err().contains("no column `file`"));
    }
}
