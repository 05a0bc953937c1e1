//! A workbook as the table that lists are read from: its sheet of entries, or else its first, as CSV.

use super::xlsx::{ENTRIES, GOES_ON};
use calamine::{Data, Reader, Xlsx, XlsxError};
use std::io::{self, Read, Seek, Write};

/// Largest workbook that is read, packed and unpacked, in bytes: a million rows have less.
const MOST_BYTES: u64 = 256 << 20;
const MOST_UNPACKED: u64 = 1 << 30;

/// Why a workbook cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// It is larger than any list.
    #[error("it is larger than any list: more than {0} MiB")]
    Large(u64),
    /// It holds no sheet.
    #[error("it holds no sheet of cells")]
    Empty,
    /// It is damaged, or is none.
    #[error("it cannot be read as an Excel workbook (XLSX): {0}")]
    Damaged(String),
    /// The table could not be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Writes the sheet of entries, or else the first one, as CSV: cells in quotation marks, rows where they were. Numbers are as
/// they are counted, dates as day, month and year: where they do not belong they are told as in any list.
pub fn as_csv<R: Read + Seek>(mut from: R, out: impl Write) -> Result<(), Unreadable> {
    let packed = from.seek(io::SeekFrom::End(0))?;
    from.rewind()?;
    if packed > MOST_BYTES {
        return Err(Unreadable::Large(MOST_BYTES >> 20));
    }
    let mut archive = zip::ZipArchive::new(&mut from).map_err(|e| Unreadable::Damaged(e.to_string()))?;
    let unpacked = archive.decompressed_size().unwrap_or_default();
    if unpacked > u128::from(MOST_UNPACKED) {
        return Err(Unreadable::Large(MOST_UNPACKED >> 20));
    }
    // what the parts say of themselves may be less than what they hold
    for n in 0..archive.len() {
        let mut part = archive.by_index(n).map_err(|e| Unreadable::Damaged(e.to_string()))?;
        let said = part.size();
        let held = io::copy(&mut (&mut part).take(said.saturating_add(1)), &mut io::sink());
        if held.map_err(|e| Unreadable::Damaged(e.to_string()))? > said {
            return Err(Unreadable::Damaged("a part is larger than it says".into()));
        }
    }
    drop(archive);
    from.rewind()?;
    let damaged = |e: XlsxError| Unreadable::Damaged(e.to_string());
    let mut book: Xlsx<_> = Xlsx::new(from).map_err(damaged)?;
    let names = book.sheet_names();
    let name = names.iter().find(|n| *n == ENTRIES).or(names.first()).cloned().ok_or(Unreadable::Empty)?;
    let range = book.worksheet_range(&name).map_err(damaged)?;
    let Some((top, left)) = range.start() else { return Err(Unreadable::Empty) };
    let mut table = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).flexible(true).from_writer(out);
    let io = |e: csv::Error| Unreadable::Output(e.into());
    // rows are counted from the first of the sheet
    for _ in 0..top {
        table.write_record([""]).map_err(io)?;
    }
    let mut goes_on: Vec<(usize, usize)> = Vec::new();
    for (n, row) in range.rows().enumerate() {
        let mut cells: Vec<String> = (0..left).map(|_| String::new()).chain(row.iter().map(text)).collect();
        if n == 0 {
            goes_on = continued(&cells);
        }
        for (from, to) in &goes_on {
            let more = std::mem::take(&mut cells[*from]);
            if n > 0 {
                cells[*to].push_str(&more);
            }
        }
        let kept = cells.iter().enumerate().filter(|(at, _)| goes_on.iter().all(|(from, _)| from != at));
        table.write_record(kept.map(|(_, cell)| cell)).map_err(io)?;
    }
    Ok(table.flush()?)
}

/// Columns that another goes on in, by the names in the first row: from which, to which. In the first row itself nothing is
/// put together.
fn continued(head: &[String]) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for (from, name) in head.iter().enumerate() {
        let of = name.rsplit_once(GOES_ON).filter(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        let to = of.and_then(|(name, _)| head.iter().position(|h| h == name));
        all.extend(to.map(|to| (from, to)));
    }
    all
}

/// A cell as a list has it.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::DateTime(date) => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            let at = if (hour, minute, second) == (0, 0, 0) {
                String::new()
            } else {
                format!(" {hour:02}:{minute:02}:{second:02}")
            };
            format!("{day:02}.{month:02}.{year:04}{at}")
        }
        Data::Bool(true) => "yes".into(),
        Data::Bool(false) => "no".into(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{Format, Workbook};
    use std::io::Cursor;

    fn csv(book: &mut Workbook) -> String {
        let mut out = Vec::new();
        as_csv(Cursor::new(book.save_to_buffer().unwrap()), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_texts_where_they_were() {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("notes").unwrap().write_string(0, 0, "x").unwrap();
        let sheet = book.add_worksheet().set_name(ENTRIES).unwrap();
        for (n, name) in ["headstamp", "year", "notes+1", "notes"].iter().enumerate() {
            sheet.write_string(2, n as u16 + 1, *name).unwrap();
        }
        sheet.write_string(3, 1, "05").unwrap();
        sheet.write_number(3, 2, 1988.0).unwrap();
        sheet.write_string(3, 3, " tail").unwrap();
        sheet.write_string(3, 4, "a \"b\",\nc").unwrap();
        let date = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_number_with_format(4, 1, 41_000.0, &date).unwrap();
        sheet.write_number(4, 2, 7.62).unwrap();
        sheet.write_boolean(4, 4, true).unwrap();
        assert_eq!(
            csv(&mut book),
            "\"\"\n\"\"\n\"\",\"headstamp\",\"year\",\"notes\"\n\"\",\"05\",\"1988\",\"a \"\"b\"\",\nc tail\"\n\
             \"\",\"01.04.2012\",\"7.62\",\"yes\"\n"
        );
    }

    #[test]
    fn what_is_no_workbook_is_told() {
        for bytes in [&b""[..], b"case,headstamp\n", b"PK\x03\x04"] {
            assert!(matches!(as_csv(Cursor::new(bytes), io::sink()), Err(Unreadable::Damaged(_))));
        }
        let mut book = Workbook::new();
        book.add_worksheet();
        let empty = book.save_to_buffer().unwrap();
        assert!(matches!(as_csv(Cursor::new(empty.clone()), io::sink()), Err(Unreadable::Empty)));
        for cut in [10, 100, empty.len() / 2, empty.len() - 5] {
            assert!(as_csv(Cursor::new(&empty[..cut]), io::sink()).is_err(), "{cut}");
        }
    }
}
