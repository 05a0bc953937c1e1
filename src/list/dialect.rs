//! What separates the cells of a table.

use super::columns::Names;
use super::fault::Fault;
use super::options::Charset;
use super::records::{Record, Records};

/// What may separate cells.
const SEPARATORS: [u8; 4] = *b",;\t|";
/// Rows that are looked at.
const ROWS: usize = 100;
/// Rows that may stand above the columns' names and be told as that.
const TITLES: usize = 20;

/// How a table is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// What separates cells.
    pub separator: u8,
    /// What its characters were.
    pub charset: Charset,
    /// Whether it began with a mark.
    pub marked: bool,
}

impl std::fmt::Display for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mark = if self.marked { " with a mark" } else { "" };
        write!(f, "{}, {}{mark}", named(self.separator), self.charset.name())
    }
}

/// A separator in words.
fn named(separator: u8) -> String {
    match separator {
        b',' => "commas".into(),
        b';' => "semicolons".into(),
        b'\t' => "tabs".into(),
        other => format!("`{}`", char::from(other)),
    }
}

/// A separator as it is typed.
fn typed(separator: u8) -> String {
    if separator == b'\t' { "tab".into() } else { format!("'{}'", char::from(separator)) }
}

/// The separator that a line `sep=;` names, as spreadsheets write it.
pub(super) fn declared(sample: &[u8]) -> Option<u8> {
    let line = sample.split(|b| *b == b'\n').next()?;
    let line = line.strip_prefix(b"\"").and_then(|l| l.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', separator] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => Some(*separator),
        _ => None,
    }
}

/// What one separator makes of the start of a table.
struct Seen {
    separator: u8,
    rows: Vec<Record>,
}

impl Seen {
    /// `whole` where the sample is the whole table; otherwise its last row may be cut.
    fn of(sample: &[u8], whole: bool, separator: u8) -> Self {
        let mut rows: Vec<Record> =
            Records::new(sample, separator).map_while(Result::ok).filter(|r| r.filled().next().is_some()).collect();
        if !whole && rows.len() > 1 {
            rows.pop();
        }
        rows.truncate(ROWS);
        Self { separator, rows }
    }

    fn width(&self) -> usize {
        self.rows.first().map_or(0, width)
    }

    /// Whether all rows are as wide as the first.
    fn even(&self) -> bool {
        self.width() > 1 && self.rows.iter().all(|r| r.cells.len() >= self.width() && width(r) <= self.width())
    }

    fn known(&self, names: &Names) -> usize {
        self.rows.first().map_or(0, |r| names.understood(r))
    }

    /// A row below the first that looks more like columns' names.
    fn head_below(&self, names: &Names) -> Option<(usize, &Record)> {
        let known = |r: &Record| names.understood(r);
        let below = self.rows.iter().take(TITLES).skip(1).map(|r| (known(r), r));
        let best = below.max_by_key(|(k, r)| (*k, std::cmp::Reverse(r.row)))?;
        (best.0 >= 2 && best.0 > self.known(names) && best.0 == best.1.filled().count()).then_some(best)
    }
}

/// Cells up to the last that holds something.
fn width(record: &Record) -> usize {
    record.cells.iter().rposition(|c| !c.trim().is_empty()).map_or(0, |p| p + 1)
}

/// The separator of a table by its first rows; refused where there are several ways to read it.
pub(super) fn found(sample: &[u8], whole: bool, names: &Names) -> Result<u8, Fault> {
    let seen = SEPARATORS.map(|s| Seen::of(sample, whole, s));
    if let Some((below, first)) =
        seen.iter().filter_map(|s| s.head_below(names).zip(s.rows.first())).max_by_key(|((known, _), _)| *known)
    {
        return Err(title(first, below.1));
    }
    let known = seen.iter().map(|s| s.known(names)).max().unwrap_or(0);
    let likely: Vec<&Seen> = match known {
        0 => seen.iter().filter(|s| s.even()).collect(),
        known => seen.iter().filter(|s| s.known(names) == known).collect(),
    };
    let even = || likely.iter().filter(|s| s.even()).collect::<Vec<_>>();
    match likely.as_slice() {
        [one] => Ok(one.separator),
        _ if seen.iter().all(|s| s.width() <= 1) => Ok(SEPARATORS[0]),
        [_, ..] if even().len() == 1 => Ok(even()[0].separator),
        _ => Err(ambiguous(&seen)),
    }
}

/// The fault of a table that has something above the columns' names.
pub(super) fn title(first: &Record, head: &Record) -> Fault {
    let text = first.filled().collect::<Vec<_>>().join(" ");
    let cause = format!("reads `{}` above the columns' names, which are in row {}", shortened(&text), head.row);
    let rows = if head.row == first.row + 1 {
        "delete that row".into()
    } else {
        format!("delete the rows above row {}", head.row)
    };
    Fault { line: Some(first.line), ..Fault::of_row(first.row, cause) }.hint(rows)
}

fn ambiguous(seen: &[Seen; 4]) -> Fault {
    let wide = seen.iter().filter(|s| s.width() > 1);
    let ways: Vec<String> = wide
        .map(|s| {
            let uneven = if s.even() { "" } else { ", other rows another number" };
            format!("{} make {} columns of the first row{uneven}", named(s.separator), s.width())
        })
        .collect();
    let flags: Vec<String> = seen.iter().filter(|s| s.width() > 1).map(|s| typed(s.separator)).collect();
    let cause = format!("it cannot be told what separates the cells: {}", ways.join("; "));
    Fault::whole(cause).hint(format!("say it by --delimiter, one of {}", flags.join(" ")))
}

/// The start of a text for a message.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.replace('\n', " ");
    if line.chars().count() <= MOST { line } else { line.chars().take(MOST).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Options;

    fn of(sample: &str) -> Result<u8, String> {
        let fields = ["headstamp", "country", "notes", "year"].map(str::to_owned);
        let names = Names::new(&fields, &Options::default()).unwrap();
        found(sample.as_bytes(), true, &names).map_err(|f| f.to_string())
    }

    #[test]
    fn the_head_row_tells_and_otherwise_the_counts() {
        assert_eq!(of("headstamp,country\n10_88,BG\n"), Ok(b','));
        assert_eq!(of("headstamp;country;notes\n10_88;BG;a, b, c\n"), Ok(b';'));
        assert_eq!(of("Stempel\tLand\n10_88\tBG\n"), Ok(b'\t'));
        assert_eq!(of("headstamp\n10_88\nA,B;C\n"), Ok(b','), "one column has none");
        assert_eq!(of("foo;bar, baz;x\n1;2;3\n1;2, 2;3\n"), Ok(b';'), "as wide in every row");
        assert_eq!(of("foo\n"), Ok(b','));
    }

    #[test]
    fn what_is_ambiguous_is_refused_with_what_was_seen() {
        let said = of("foo;bar,baz\n1;2,3\n").unwrap_err();
        assert!(
            said.contains("commas make 2 columns")
                && said.contains("semicolons make 2")
                && said.contains("--delimiter"),
            "{said}"
        );
    }

    #[test]
    fn a_title_is_named_with_row_and_text() {
        let said = of("Collection of Bamako, 2013;;\n;;\nheadstamp;country;year\n10_88;BG;1988\n").unwrap_err();
        assert!(
            said.starts_with("row 1: reads `Collection of Bamako, 2013` above the columns' names, which are in row 3"),
            "{said}"
        );
        assert!(of("notes\nheadstamp,country\n10_88,BG\n").unwrap_err().contains("above the columns' names"));
    }

    #[test]
    fn a_line_that_says_the_separator() {
        assert_eq!(declared(b"sep=;\na;b\n"), Some(b';'));
        assert_eq!(declared(b"\"SEP=\t\"\na\tb\n"), Some(b'\t'));
        assert_eq!(declared(b"separator\n"), None);
    }
}
