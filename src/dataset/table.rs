//! The table of all heads of a dataset, whatever its format: what each is, where it is, and how it came to be known.

use super::cut::What;
use super::gather::Sample;
use super::split::Part;
use crate::catalogue::{Field, PRIVATE};
use crate::list::safe;

/// Columns before those of fields.
const FIRST: [&str; 9] =
    ["file", "split", "case", "sha256", "head", "variety", "legibility", "confirmed", "confirmed_together"];

/// The fields that are told: what is not for everybody is left out unless asked for.
pub(super) fn fields(private: bool) -> Vec<Field> {
    let told = |f: &&Field| private || (!PRIVATE.contains(f) && **f != Field::Notes && **f != Field::TrayPosition);
    Field::ALL.iter().filter(told).copied().collect()
}

/// The names of the columns.
pub(super) fn names(private: bool) -> Vec<String> {
    FIRST.iter().map(|n| (*n).to_owned()).chain(fields(private).iter().map(Field::to_string)).collect()
}

/// The cells of a head.
pub(super) fn cells(sample: &Sample, part: Part, file: &str, private: bool) -> Vec<String> {
    let confirmed = sample.confirmed;
    let mut cells = vec![
        file.to_owned(),
        part.name().to_owned(),
        sample.case.to_string(),
        sample.place.photo.clone(),
        sample.place.head.unwrap_or_default().to_string(),
        sample.variety.clone(),
        format!("{:.3}", sample.head.legibility),
        confirmed.map(|c| c.way.name().to_owned()).unwrap_or_default(),
        confirmed.map(|c| c.together.to_string()).unwrap_or_default(),
    ];
    let text = |f: &Field| sample.values.get(f).map(|v| v.text.clone()).unwrap_or_default();
    cells.extend(fields(private).iter().map(text));
    cells
}

/// As CSV; what a spreadsheet would run is guarded.
pub(super) fn csv(rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for row in rows {
        table.write_record(row.iter().map(|cell| safe(cell)))?;
    }
    table.into_inner().map_err(|e| e.into_error().into())
}

/// The file of a head's picture, under the folder of the dataset.
pub(super) fn file(folder: &str, sample: &Sample, what: What, ending: &str) -> String {
    // enough of the hash that no two are one
    let photo = sample.place.photo.get(..32).unwrap_or(&sample.place.photo);
    match what {
        What::Photographs => format!("{folder}/{photo}.{ending}"),
        _ => format!("{folder}/{photo}-{}.{ending}", sample.place.head.unwrap_or_default()),
    }
}
