//! A table, row by row.

use super::columns::{Column, Names, Taken};
use super::dialect::{self, Dialect, shortened};
use super::fault::Fault;
use super::formula;
use super::options::{Flags, Options};
use super::records::{Record, Records};
use super::row::{Cell, Row};
use super::text::Text;
use super::value;
use std::io::{Chain, Cursor, Read};
use std::sync::Arc;

/// Bytes of text by which the separator is found.
const SAMPLE: u64 = 64 << 10;

/// A table that is being read.
pub struct Table<R> {
    records: Records<Chain<Cursor<Vec<u8>>, Text<R>>>,
    columns: Vec<Arc<Column>>,
    head: Record,
    dialect: Dialect,
}

impl<R: Read> Table<R> {
    /// Reads a table to the end of its columns' names. `fields` are the caller's.
    pub fn open(from: R, fields: &[String], options: &Options) -> Result<Self, Vec<Fault>> {
        let names = Names::new(fields, options)?;
        let mut text = Text::open(from, options).map_err(|f| vec![f])?;
        let mut sample = Vec::new();
        let read = text.by_ref().take(SAMPLE).read_to_end(&mut sample);
        read.map_err(|e| vec![Fault::whole(e)])?;
        let (charset, marked) = (text.charset(), text.marked());
        let declared = dialect::declared(&sample);
        let separator = match (options.separator, declared) {
            (Some(separator), _) | (None, Some(separator)) => separator,
            (None, None) => {
                let whole = (sample.len() as u64) < SAMPLE;
                dialect::found(&sample, whole, &names).map_err(|f| vec![advised(f, options)])?
            }
        };
        let mut records = Records::new(Cursor::new(sample).chain(text), separator);
        if declared.is_some() {
            records.pass_line().map_err(|f| vec![f])?;
        }
        let head = loop {
            match records.next().transpose().map_err(|f| vec![f])? {
                None => return Err(vec![Fault::whole("it is empty").hint("the first row names the columns")]),
                Some(record) if record.filled().next().is_none() => {}
                Some(record) => break record,
            }
        };
        let columns = names.columns(&head)?;
        Ok(Self { records, columns, head, dialect: Dialect { separator, charset, marked } })
    }

    /// What each column was taken for, in order.
    pub fn columns(&self) -> &[Arc<Column>] {
        &self.columns
    }

    /// The row of the columns' names.
    pub fn head(&self) -> u64 {
        self.head.row
    }

    /// How it is written.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    fn row(&self, mut record: Record) -> Result<Option<Row>, Vec<Fault>> {
        let width = self.columns.len();
        let too_wide = |cells: &[String]| cells.iter().skip(width).any(|c| !c.trim().is_empty());
        if too_wide(&record.cells)
            && let Some(cells) = record.formula.take().and_then(|row| formula::cells(&row, self.dialect.separator))
            && cells.len() >= width
            && !too_wide(&cells)
        {
            record.cells = cells;
        }
        let here = |cause: String| Fault { line: Some(record.line), ..Fault::of_row(record.row, cause) };
        if record.filled().next().is_none() {
            return Ok(None);
        }
        if let Some(word) = total(&record) {
            let text = shortened(&record.filled().collect::<Vec<_>>().join(" "));
            let cause = format!("reads `{text}`: `{word}` below a table is a total, no case");
            return Err(vec![here(cause).hint("delete the row")]);
        }
        if record.cells.iter().map(|c| c.trim()).eq(self.columns.iter().map(|c| c.theirs.as_str())) {
            let cause = format!("repeats the columns' names of row {}: these are several tables in one", self.head.row);
            return Err(vec![here(cause).hint("delete the row, if the rows below it belong to the same list")]);
        }
        let mut faults = Vec::new();
        let (count, columns) = (record.cells.len(), self.columns.len());
        if count < columns {
            let cause = format!("has {}, the columns are {columns}", counted(count));
            return Err(vec![here(cause).hint("a separator is missing: those of empty cells are written too")]);
        }
        let mut cells = Vec::with_capacity(columns);
        let (number, line) = (record.row, record.line);
        for (n, text) in record.cells.into_iter().enumerate().filter(|(_, c)| !c.trim().is_empty()) {
            let shown = shortened(&text);
            let here = |cause: String| Fault { line: Some(line), ..Fault::of_row(number, cause) };
            match self.columns.get(n) {
                None => {
                    let cause = format!("has {}, the columns are {columns}; beyond them is `{shown}`", counted(count));
                    faults.push(here(cause).hint("a cell that holds the separator is written in quotation marks"));
                    break;
                }
                Some(column) if column.taken == Taken::Nothing => {
                    let cause = format!("`{shown}` stands in column {}, which has no name", n + 1);
                    faults.push(here(cause).hint("name the column in the first row, or delete it"));
                }
                Some(column) => {
                    if let Err(cause) = value::sound(&text) {
                        faults.push(here(cause).column(&column.theirs));
                    }
                    cells.push(Cell { column: Arc::clone(column), text });
                }
            }
        }
        if faults.is_empty() { Ok(Some(Row { number, line, cells, guarded: true })) } else { Err(faults) }
    }
}

/// The fault without flags that the command does not have.
fn advised(fault: Fault, options: &Options) -> Fault {
    if options.flags == Flags::All { fault } else { fault.hint("save it as CSV with one separator") }
}

fn counted(cells: usize) -> String {
    if cells == 1 { "1 cell".into() } else { format!("{cells} cells") }
}

/// The word for a total, where beside it a row holds numbers alone.
fn total(record: &Record) -> Option<&str> {
    let number = |c: &&str| c.chars().all(|c| c.is_numeric() || ".,' ".contains(c));
    let (numbers, words): (Vec<&str>, Vec<&str>) = record.filled().partition(number);
    match words.as_slice() {
        &[word] if value::is_total(word) && numbers.len() <= 3 => Some(word),
        _ => None,
    }
}

impl<R: Read> Iterator for Table<R> {
    type Item = Result<Row, Vec<Fault>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let record = match self.records.next()? {
                Ok(record) => record,
                Err(fault) => return Some(Err(vec![fault])),
            };
            if let Some(row) = self.row(record).transpose() {
                return Some(row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<String> {
        ["headstamp", "country", "notes"].map(str::to_owned).to_vec()
    }

    fn said(bytes: &[u8]) -> Vec<String> {
        let said = |f: Vec<Fault>| f.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n");
        match Table::open(bytes, &fields(), &Options::default()) {
            Err(faults) => vec![said(faults)],
            Ok(table) => table.map(|r| r.map_or_else(said, |r| shown(&r))).collect(),
        }
    }

    fn shown(row: &Row) -> String {
        let fields: Vec<_> = row.fields().map(|(f, t)| format!("{f}={t}")).collect();
        format!("{} {}", row.number, fields.join(" "))
    }

    #[test]
    fn blank_rows_and_columns_are_passed_over() {
        let text = b"\r\n,,\r\nheadstamp,country,,\r\n10_88,BG,,\r\n,,,\r\n\r\nFN_79,BE,,,,,\r\n,\r\n";
        assert_eq!(said(text), ["4 headstamp=10_88 country=BG", "7 headstamp=FN_79 country=BE"]);
        assert_eq!(said(b"headstamp,country\n,\n"), Vec::<String>::new());
    }

    #[test]
    fn a_line_with_the_separator_is_no_row() {
        assert_eq!(said(b"sep=;\nheadstamp;country\n10_88;BG\n"), ["2 headstamp=10_88 country=BG"]);
        assert_eq!(said(b"sep=|\rheadstamp|country\r10,88|BG\r"), ["2 headstamp=10,88 country=BG"]);
    }

    #[test]
    fn what_is_wrong_is_said_row_by_row() {
        let text = "headstamp,country,,\n10_88,BG,,stray\n10_88\nFN_79,BE,x,,y\nheadstamp,country,,\n#NAME?,US,,\nTotal:,3,,\n\"\n";
        let all = said(text.as_bytes());
        for (n, part) in [
            "row 2: `stray` stands in column 4, which has no name",
            "row 3: has 1 cell, the columns are 4",
            "row 4: `x` stands in column 3",
            "row 5: repeats the columns' names of row 1",
            "row 6, column `headstamp`: `#NAME?` is an error of a spreadsheet",
            "row 7: reads `Total: 3`",
        ]
        .iter()
        .enumerate()
        {
            assert!(all[n].starts_with(part), "{part}: {}", all[n]);
        }
    }

    #[test]
    fn what_is_no_table_is_said_before_any_row() {
        assert!(
            said(b"PK\x03\x04..xl/workbook.xml")[0].starts_with("it is an Excel workbook (XLSX), no list; open it")
        );
        assert_eq!(said(b""), ["it is empty; the first row names the columns"]);
        assert!(said(b"Cases of Kidal,\nheadstamp,country\n1,BG\n")[0].starts_with("row 1: reads `Cases of Kidal`"));
    }

    #[test]
    fn a_formula_without_quotation_marks_is_one_cell() {
        let rows = said(b"headstamp,notes\n=LINK(\"x\",\"y\"),z\n=F(1,2),z,q\n");
        assert_eq!(rows[0], "2 headstamp==LINK(\"x\",\"y\") notes=z");
        assert!(rows[1].contains("has 4 cells"), "{rows:?}");
    }

    #[test]
    fn what_was_guarded_against_a_spreadsheet_is_what_it_was() {
        let rows = said(b"headstamp,notes\n'-7_-8,'=1+1\n'tis,''=x\n");
        assert_eq!(rows, ["2 headstamp=-7_-8 notes==1+1", "3 headstamp='tis notes='=x"]);
    }
}
