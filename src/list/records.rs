//! Rows of cells, cut out of a text one by one.

use super::fault::Fault;
use super::{LONGEST, MOST_COLUMNS};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::Read;

/// Bytes that are read at a time.
const CHUNK: usize = 64 << 10;

/// A row of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Its number, from 1, as a spreadsheet counts: empty lines count, line breaks in cells do not.
    pub row: u64,
    /// The line on which it begins, from 1.
    pub line: u64,
    pub cells: Vec<String>,
    /// The row as it is written, where it may hold a formula without quotation marks.
    pub formula: Option<String>,
}

impl Record {
    /// Cells that hold something.
    pub(super) fn filled(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|c| c.trim()).filter(|c| !c.is_empty())
    }
}

/// The rows of a text whose lines end with `\n`.
pub(super) struct Records<R> {
    from: R,
    core: Reader,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    /// Line feeds that were consumed, and those of them that were in cells.
    feeds: u64,
    within: u64,
    failed: bool,
    /// The row as it is written.
    raw: Vec<u8>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(from: R, separator: u8) -> Self {
        let core = ReaderBuilder::new().delimiter(separator).build();
        Self { from, core, buffer: vec![0; CHUNK], at: 0, end: 0, feeds: 0, within: 0, failed: false, raw: Vec::new() }
    }

    /// Takes a line off the text, which is no row; lines are counted on.
    pub(super) fn pass_line(&mut self) -> Result<(), Fault> {
        loop {
            if self.at == self.end && !self.refill()? {
                return Ok(());
            }
            let rest = &self.buffer[self.at..self.end];
            let feed = rest.iter().position(|b| *b == b'\n');
            self.at += feed.map_or(rest.len(), |p| p + 1);
            if feed.is_some() {
                self.feeds += 1;
                // a spreadsheet shows no row for it
                self.within += 1;
                return Ok(());
            }
        }
    }

    fn refill(&mut self) -> Result<bool, Fault> {
        (self.at, self.end) = (0, 0);
        self.end = self.from.read(&mut self.buffer).map_err(Fault::whole)?;
        Ok(self.end > 0)
    }

    fn next_record(&mut self) -> Result<Option<Record>, Fault> {
        let (mut out, mut ends) = (vec![0; 1024], vec![0; 64]);
        let (mut written, mut count, mut quotes) = (0, 0, 0);
        let before = self.feeds;
        self.raw.clear();
        let mut terminated = false;
        loop {
            if self.at == self.end {
                self.refill()?;
            }
            let input = &self.buffer[self.at..self.end];
            let last = input.is_empty();
            let (result, read, wrote, ended) = self.core.read_record(input, &mut out[written..], &mut ends[count..]);
            let consumed = &input[..read];
            self.feeds += consumed.iter().filter(|b| **b == b'\n').count() as u64;
            quotes += consumed.iter().filter(|b| **b == b'"').count();
            terminated = consumed.last().map_or(terminated, |b| *b == b'\n');
            // empty lines before a row are not part of it
            let blank = if self.raw.is_empty() { consumed.iter().take_while(|b| **b == b'\n').count() } else { 0 };
            self.raw.extend_from_slice(&consumed[blank..]);
            self.at += read;
            written += wrote;
            count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if out.len() >= LONGEST => return Err(self.endless(before)),
                ReadRecordResult::OutputFull => out.resize(2 * out.len(), 0),
                ReadRecordResult::OutputEndsFull if ends.len() >= MOST_COLUMNS => {
                    let cause = format!("has more than {MOST_COLUMNS} cells");
                    return Err(
                        Fault::of_row(before + 1 - self.within, cause).hint("it is no table, or one line for all")
                    );
                }
                ReadRecordResult::OutputEndsFull => ends.resize(2 * ends.len(), 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => {
                    let in_cells = out[..written].iter().filter(|b| **b == b'\n').count() as u64;
                    let line = self.feeds - u64::from(terminated && !last) - in_cells + 1;
                    let row = line - self.within;
                    self.within += in_cells;
                    if last && quotes % 2 == 1 && in_cells > 0 {
                        let cause = "a quotation mark was opened here and not closed before the end";
                        return Err(Fault { line: Some(line), ..Fault::of_row(row, cause) }.hint(QUOTES));
                    }
                    let mut start = 0;
                    let cell = |end: &usize| {
                        let text = String::from_utf8_lossy(&out[start..*end]).into_owned();
                        start = *end;
                        text
                    };
                    let cells = ends[..count].iter().map(cell).collect();
                    return Ok(Some(Record { row, line, cells, formula: self.formula() }));
                }
            }
        }
    }

    fn formula(&self) -> Option<String> {
        let holds = |byte| self.raw.contains(&byte);
        let raw = self.raw.strip_suffix(b"\n").unwrap_or(&self.raw);
        (holds(b'=') && holds(b'(')).then(|| String::from_utf8_lossy(raw).into_owned())
    }

    fn endless(&self, before: u64) -> Fault {
        let cause = format!("is longer than {LONGEST} bytes: a quotation mark may have been opened and not closed");
        Fault { line: Some(before + 1), ..Fault::of_row(before + 1 - self.within, cause) }.hint(QUOTES)
    }
}

const QUOTES: &str = "a cell that holds a quotation mark is written in quotation marks, and the mark twice";

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Record, Fault>;

    /// After a fault there is nothing more: where the next row begins is not known.
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.next_record();
        self.failed = next.is_err();
        next.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, separator: u8) -> Vec<(u64, u64, Vec<String>)> {
        let records = Records::new(text.as_bytes(), separator);
        records.map(|r| r.unwrap()).map(|r| (r.row, r.line, r.cells)).collect()
    }

    fn cells(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_does_and_lines_as_an_editor() {
        let text = "a;b\n\n\"two\nlines\";\"say \"\"x\"\"\"\nlast;;\n\n\nend;1";
        assert_eq!(
            all(text, b';'),
            [
                (1, 1, cells(&["a", "b"])),
                (3, 3, cells(&["two\nlines", "say \"x\""])),
                (4, 5, cells(&["last", "", ""])),
                (7, 8, cells(&["end", "1"])),
            ]
        );
    }

    #[test]
    fn long_rows_are_whole_and_endless_ones_end() {
        let long = "x".repeat(200_000);
        let text = format!("{long},{}b\nc,d\n", "y,".repeat(500));
        let rows = all(&text, b',');
        assert_eq!((rows[0].2.len(), rows[0].2[0].len(), rows[1].0), (502, 200_000, 2));
        let endless = format!("a,b\nc,\"{}", "z\n".repeat(LONGEST));
        let fault = Records::new(endless.as_bytes(), b',').last().unwrap().unwrap_err();
        assert!(fault.to_string().starts_with("row 2: is longer than"), "{fault}");
        let wide = ",".repeat(MOST_COLUMNS + 1);
        assert!(Records::new(wide.as_bytes(), b',').any(|r| r.is_err()));
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_found() {
        let fault = Records::new("a,b\n1,2\n3,\"4\n5,6\n".as_bytes(), b',').last().unwrap().unwrap_err();
        assert!(fault.to_string().starts_with("row 3: a quotation mark was opened"), "{fault}");
        assert_eq!(all("a\n7\" shell\n", b',')[1].2, ["7\" shell"], "one within a cell is a character");
    }
}
