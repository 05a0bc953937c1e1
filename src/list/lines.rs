//! JSON Lines: an object a line.

use super::LONGEST;
use super::columns::{Column, Names, Taken};
use super::fault::Fault;
use super::options::{Charset, Options};
use super::row::{Cell, Row};
use super::text::Text;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

/// A line: its number, from 1, and its object.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// What it says.
    pub object: Map<String, Json>,
}

/// JSON Lines that are being read.
pub struct Lines<R> {
    from: BufReader<Text<R>>,
    names: Names,
    columns: HashMap<String, Arc<Column>>,
    number: u64,
    ended: bool,
    charset: Charset,
}

impl<R: Read> Lines<R> {
    /// Begins to read. `fields` are the caller's.
    pub fn open(from: R, fields: &[String], options: &Options) -> Result<Self, Vec<Fault>> {
        if options.separator.is_some() {
            return Err(vec![Fault::whole("--delimiter has no effect: JSON Lines have none")]);
        }
        let names = Names::new(fields, options)?;
        let text = Text::open(from, options).map_err(|f| vec![f])?;
        let charset = text.charset();
        let mut from = BufReader::new(text);
        let start = from.fill_buf().map_err(|e| vec![Fault::whole(e)])?;
        if start.trim_ascii_start().first() == Some(&b'[') {
            let fault = Fault::whole("it is one JSON array, not an object a line");
            return Err(vec![fault.hint("write each object on a line of its own, as `jq -c '.[]'` does")]);
        }
        Ok(Self { from, names, columns: HashMap::new(), number: 0, ended: false, charset })
    }

    /// What its characters were.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// What the names on the lines so far were taken for, by name.
    pub fn columns(&self) -> Vec<Arc<Column>> {
        let mut all: Vec<_> = self.columns.values().cloned().collect();
        all.sort_by(|a, b| a.theirs.cmp(&b.theirs));
        all
    }

    /// A line whose values are texts, as a row.
    pub fn row(&mut self, line: Line) -> Result<Row, Vec<Fault>> {
        let (mut cells, mut faults) = (Vec::with_capacity(line.object.len()), Vec::new());
        for (theirs, json) in line.object {
            let text = match json {
                Json::Null => continue,
                Json::String(text) => text,
                Json::Array(_) | Json::Object(_) => {
                    let cause = "is a list or an object, where a text or a number is expected";
                    faults.push(Fault::of_row(line.number, cause).column(&theirs));
                    continue;
                }
                other => other.to_string(),
            };
            if text.trim().is_empty() {
                continue;
            }
            match self.column(&theirs) {
                Ok(column) => cells.push(Cell { column, text }),
                Err(fault) => faults.push(Fault { row: Some(line.number), ..fault }),
            }
        }
        for (n, cell) in cells.iter().enumerate() {
            let Taken::Field(field) = &cell.column.taken else { continue };
            if let Some(other) = cells[..n].iter().find(|o| o.column.taken == cell.column.taken) {
                let cause = format!("`{}` and `{}` are both the {field}", other.column.theirs, cell.column.theirs);
                faults.push(Fault::of_row(line.number, cause));
            }
        }
        let row = Row { number: line.number, line: line.number, cells, guarded: false };
        if faults.is_empty() { Ok(row) } else { Err(faults) }
    }

    fn column(&mut self, theirs: &str) -> Result<Arc<Column>, Fault> {
        if let Some(column) = self.columns.get(theirs) {
            return Ok(Arc::clone(column));
        }
        let taken = self.names.take(theirs)?;
        let column = Arc::new(self.names.column(theirs.to_owned(), taken));
        self.columns.insert(theirs.to_owned(), Arc::clone(&column));
        Ok(column)
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = Result<Line, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.number += 1;
            let mut line = Vec::new();
            match self.from.by_ref().take(LONGEST as u64).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(LONGEST) => {
                    self.ended = true;
                    let cause = format!("is longer than {LONGEST} bytes; nothing after it was read");
                    return Some(Err(Fault::of_row(self.number, cause)));
                }
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let object = serde_json::from_slice(&line);
                    let fault = |e| Fault::of_row(self.number, format!("is no JSON object: {e}"));
                    return Some(object.map(|object| Line { number: self.number, object }).map_err(fault));
                }
                Err(e) => {
                    self.ended = true;
                    return Some(Err(Fault::of_row(self.number, e)));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> Vec<String> {
        let fields = ["headstamp", "country"].map(str::to_owned);
        let said = |f: &[Fault]| f.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n");
        let mut lines = match Lines::open(bytes, &fields, &Options::default()) {
            Err(faults) => return vec![said(&faults)],
            Ok(lines) => lines,
        };
        let mut all = Vec::new();
        while let Some(line) = lines.next() {
            let row = line.map_err(|f| vec![f]).and_then(|l| lines.row(l));
            let fields = |r: Row| r.fields().map(|(f, t)| format!("{f}={t}")).collect::<Vec<_>>().join(" ");
            all.push(row.map_or_else(|f| said(&f), fields));
        }
        all
    }

    #[test]
    fn lines_are_taken_as_windows_writes_them() {
        let text =
            "\u{feff}{\"headstamp\":\"10_88\",\"country\":\"BG\"}\r\n\r\n{\"headstamp\":\"'x\",\"country\":null}";
        let good = ["country=BG headstamp=10_88", "headstamp='x"];
        assert_eq!(said(text.as_bytes()), good);
        assert_eq!(said(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()), good);
    }

    #[test]
    fn what_is_wrong_is_said_line_by_line() {
        let all = said(
            b"{\"headstamp\":\"1\"\n{\"stamp\":\"1\"}\n{\"headstamp\":[1]}\n{\"country\":\"a\",\"Country\":\"b\"}",
        );
        for (n, part) in [
            "row 1: is no JSON object",
            "row 2: column `stamp` is no field; if it is the headstamp",
            "row 3, column `headstamp`: is a list",
            "row 4: `Country` and `country` are both the country",
        ]
        .iter()
        .enumerate()
        {
            assert!(all[n].starts_with(part), "{part}: {}", all[n]);
        }
        assert!(said(b" [{\"headstamp\":\"1\"}]")[0].contains("one JSON array"));
        assert!(said(b"<html>")[0].contains("a web page"));
    }
}
