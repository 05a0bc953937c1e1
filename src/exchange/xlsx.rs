//! Entries as an Excel workbook: one sheet of entries, one of varieties, one that says what the columns mean.
//!
//! Every cell is text: `05` and `1-2` stay what they are, and what looks like a formula is none.

use crate::catalogue::{Catalogue, CatalogueError, Columns, Entry, Field};
use crate::notation::variety_key;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;
use std::io::{Seek, Write};

/// Most characters of a cell; what is longer goes on in columns of its own.
const MOST_CHARACTERS: usize = 32_000;
/// What stands between the name of such a column and its number.
pub(super) const GOES_ON: char = '+';
/// The sheet of entries.
pub(super) const ENTRIES: &str = "entries";
/// Greatest width of a column, in characters.
const WIDEST: f64 = 40.0;

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkbookError {
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The workbook.
    #[error(transparent)]
    Workbook(#[from] XlsxError),
}

/// Writes all entries. Gives how many there are.
pub fn write<W: Write + Seek + Send>(catalogue: &Catalogue, columns: Columns, out: W) -> Result<usize, WorkbookError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    // rows as given alone may be longer than a cell: how far they go on is known once all were seen
    let mut names = columns.names();
    let mut longest = 0;
    if columns.fields().any(|field| field == Field::OriginalRow) {
        catalogue.entries(|entry| {
            let row = entry.values.get(&Field::OriginalRow);
            longest = longest.max(row.map_or(0, |v| v.text.chars().count()));
            Ok::<_, CatalogueError>(())
        })?;
    }
    let more = longest.div_ceil(MOST_CHARACTERS).saturating_sub(1);
    let original = names.iter().position(|n| *n == Field::OriginalRow.name());
    names.extend((0..more).map(|n| format!("{}{GOES_ON}{}", Field::OriginalRow, n + 1)));

    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(ENTRIES)?;
    sheet.set_freeze_panes(1, 0)?;
    for (n, name) in (0..).zip(&names) {
        sheet.write_string_with_format(0, n, name, &bold)?;
        sheet.set_column_width(n, (name.chars().count() as f64 + 4.0).min(WIDEST))?;
    }
    let mut count = 0;
    let mut varieties: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    catalogue.entries(|entry| {
        count += 1;
        tally(&mut varieties, &entry);
        let row = u32::try_from(count).unwrap_or(u32::MAX);
        write_row(sheet, row, &columns.cells(&entry), original, names.len() - more)
    })?;
    if count > 0 {
        let (last, columns) =
            (u32::try_from(count).unwrap_or(u32::MAX), u16::try_from(names.len() - 1).unwrap_or(u16::MAX));
        sheet.autofilter(0, 0, last, columns)?;
    }

    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("varieties")?;
    sheet.set_freeze_panes(1, 0)?;
    for (n, name) in (0..).zip(["calibre", "headstamp", "entries", "cases"]) {
        sheet.write_string_with_format(0, n, name, &bold)?;
        sheet.set_column_width(n, 24.0)?;
    }
    let mut all: Vec<_> = varieties.into_iter().collect();
    all.sort_by(|a, b| b.1.1.cmp(&a.1.1).then_with(|| a.0.cmp(&b.0)));
    for (row, ((calibre, headstamp), (entries, cases))) in (1..).zip(&all) {
        sheet.write_string(row, 0, calibre)?;
        sheet.write_string(row, 1, headstamp)?;
        sheet.write_number(row, 2, *entries as f64)?;
        sheet.write_number(row, 3, *cases as f64)?;
    }

    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("fields")?;
    for (row, (name, meaning)) in (0..).zip(meanings(columns)) {
        sheet.write_string_with_format(row, 0, name, &bold)?;
        sheet.write_string(row, 1, meaning)?;
    }
    sheet.set_column_width(0, 20.0)?;
    sheet.set_column_width(1, 100.0)?;
    book.save_to_writer(out)?;
    Ok(count)
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    cells: &[Option<String>],
    original: Option<usize>,
    own: usize,
) -> Result<(), WorkbookError> {
    for (n, text) in cells.iter().enumerate() {
        let Some(text) = text else { continue };
        let column = u16::try_from(n).unwrap_or(u16::MAX);
        if text.chars().count() <= MOST_CHARACTERS {
            sheet.write_string(row, column, text)?;
            continue;
        }
        // only rows of lists as given are that long
        let characters: Vec<char> = text.chars().collect();
        for (part, piece) in characters.chunks(MOST_CHARACTERS).enumerate() {
            let at = if part == 0 { original.unwrap_or(n) } else { own + part - 1 };
            sheet.write_string(row, u16::try_from(at).unwrap_or(u16::MAX), piece.iter().collect::<String>())?;
        }
    }
    Ok(())
}

fn tally(varieties: &mut BTreeMap<(String, String), (u64, u64)>, entry: &Entry) {
    let text = |field| entry.values.get(&field).map_or("", |v| v.text.as_str());
    let headstamp = text(Field::Headstamp);
    if headstamp.is_empty() {
        return;
    }
    let quantity = text(Field::Quantity).parse().unwrap_or(1);
    // one way of writing a variety stands for all
    let key = (text(Field::Calibre).to_owned(), variety_key(headstamp));
    let sum = varieties.entry(key).or_default();
    *sum = (sum.0 + 1, sum.1 + quantity);
}

/// What each column means.
fn meanings(columns: Columns) -> Vec<(String, String)> {
    let mut all = vec![(
        "case".to_owned(),
        "The id of the case; leave it as it is, so that a row can be read back as a correction".to_owned(),
    )];
    all.extend(columns.fields().map(|f| (f.name().to_owned(), f.meaning().to_owned())));
    if columns == Columns::Full {
        all.push(("…_how".into(), "How the value is known: stamped, measured, told, proposed or derived".into()));
        all.push(("…_by".into(), "Who vouches for the value".into()));
    }
    all.push((
        "photographs".into(),
        "Where it is seen: SHA-256 of the photograph, #, number of the head, from 0".into(),
    ));
    all
}
