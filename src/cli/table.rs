//! Proposals for people: a line a head.

use crate::printable::printable;
use crate::record::{HeadRecord, PhotoRecord};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use std::path::Path;

/// Widths of the columns, in characters.
const PHOTO: usize = 28;
const HEADSTAMP: usize = 30;
const SURE: usize = 5;

/// A table that is written as it grows.
pub(super) struct Table {
    begun: bool,
    heads: usize,
    proposed: usize,
    photographs: usize,
    width: usize,
}

impl Table {
    /// For a terminal (as wide as it is), or for a file.
    pub(super) fn new(terminal: bool) -> Self {
        let width = if terminal { usize::from(console::Term::stdout().size().1).max(60) } else { 200 };
        Self { begun: false, heads: 0, proposed: 0, photographs: 0, width }
    }

    /// Writes a photograph's heads.
    pub(super) fn row(&mut self, out: &mut dyn Write, record: &PhotoRecord) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            let bold = Style::new().bold();
            writeln!(
                out,
                "{bold}{:PHOTO$}  {:HEADSTAMP$}  {:>SURE$}  country{bold:#}",
                "photograph", "headstamp", "sure"
            )?;
        }
        self.photographs += 1;
        let name = Path::new(&record.photo)
            .file_name()
            .map_or_else(|| record.photo.clone(), |n| n.to_string_lossy().into_owned());
        let name = cell(&printable(&name), PHOTO);
        let dim = Style::new().dimmed();
        if let Some(error) = &record.error {
            let red = AnsiColor::Red.on_default();
            let line = format!("{}: {}", error.stage, printable(&error.message));
            return writeln!(out, "{name}  {red}{}{red:#}", self.rest(&line, PHOTO + 2));
        }
        if record.heads.is_empty() {
            let reason = record.reason.as_deref().unwrap_or("no case head found");
            return writeln!(out, "{name}  {dim}{}{dim:#}", self.rest(reason, PHOTO + 2));
        }
        for (i, head) in record.heads.iter().enumerate() {
            let name = if i == 0 { name.clone() } else { cell("", PHOTO) };
            self.head(out, &name, head)?;
        }
        Ok(())
    }

    fn head(&mut self, out: &mut dyn Write, name: &str, head: &HeadRecord) -> io::Result<()> {
        self.heads += 1;
        let dim = Style::new().dimmed();
        let Some(best) = head.proposals.first() else {
            let reason = head.reason.as_deref().unwrap_or("nothing can be proposed");
            return writeln!(out, "{name}  {dim}{}{dim:#}", self.rest(reason, PHOTO + 2));
        };
        self.proposed += 1;
        let sure = best.confidence.map_or_else(|| "?".to_string(), |c| format!("{:.0} %", c * 100.0));
        let colour = match best.confidence {
            Some(c) if c >= 0.7 => AnsiColor::Green.on_default(),
            Some(c) if c >= 0.3 => AnsiColor::Yellow.on_default(),
            _ => Style::new(),
        };
        let country = best.countries.first().map_or_else(String::new, |c| {
            let year = best.year.as_ref().and_then(|y| y.value).map_or_else(String::new, |y| format!(", {y}"));
            format!("{}{year}", c.name)
        });
        let like = match best.vouched {
            Some(v) if v.heads > 0 => format!("as {} like it", v.heads),
            _ => String::new(),
        };
        let country = [country, like].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; ");
        let country = self.rest(&country, PHOTO + HEADSTAMP + SURE + 6);
        writeln!(out, "{name}  {colour}{}{colour:#}  {sure:>SURE$}  {country}", cell(&best.headstamp, HEADSTAMP))
    }

    /// Writes the sum.
    pub(super) fn end(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.begun {
            let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
            writeln!(
                out,
                "{} in {}, {} for a person to confirm",
                count(self.heads, "case head"),
                count(self.photographs, "photograph"),
                count(self.proposed, "proposal")
            )?;
        }
        Ok(())
    }

    fn rest(&self, text: &str, used: usize) -> String {
        cut(text, self.width.saturating_sub(used).max(20))
    }
}

fn cell(text: &str, width: usize) -> String {
    format!("{:width$}", cut(text, width))
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_string();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}
