//! What the user says about a list.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How a list is to be read. By default everything is found out, and what cannot be is refused.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What separates cells, an ASCII character.
    pub separator: Option<u8>,
    /// The code page of a text that bears no mark; UTF-8 if it is not said.
    pub charset: Option<Charset>,
    /// Columns by another name: theirs, and the field.
    pub map: Vec<(String, String)>,
    /// Whether columns that are no field are kept as they are; refused otherwise.
    pub keep_columns: bool,
    /// Whether the command has flags for all of this, or for the code page alone, and which that is.
    pub flags: Flags,
}

/// What a user can say of a list, so that nothing else is advised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flags {
    /// All of it.
    #[default]
    All,
    /// Its code page, by this flag.
    Charset(&'static str),
}

impl Flags {
    pub(super) fn charset(self) -> &'static str {
        match self {
            Self::All => "--encoding",
            Self::Charset(flag) => flag,
        }
    }
}

/// How characters are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charset(pub(super) &'static Encoding);

impl Charset {
    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    pub(super) fn is_utf_8(self) -> bool {
        self.0 == UTF_8
    }

    pub(super) fn is_utf_16(self) -> bool {
        self.0 == UTF_16LE || self.0 == UTF_16BE
    }
}

/// A code page by its name, such as `windows-1252`, `cp1251` or `utf-16le`.
pub fn charset(name: &str) -> Result<Charset, String> {
    let known = Encoding::for_label_no_replacement(name.trim().as_bytes());
    known.map(Charset).ok_or_else(|| {
        format!("`{name}` is no code page; windows-1252 is Western, 1250 Central European, 1251 Cyrillic, 1256 Arabic")
    })
}

/// What separates cells, as it is typed: the character, or `tab`.
pub fn separator(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        b"comma" => Ok(b','),
        b"semicolon" => Ok(b';'),
        &[c] if (c.is_ascii_punctuation() && c != b'"') || c == b'\t' || c == b' ' => Ok(c),
        _ => Err("write one character such as ; or |, or `tab`".into()),
    }
}

/// `THEIRS=FIELD`. The last equals sign counts: no field's name has one.
pub fn mapping(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=').map(|(theirs, field)| (theirs.trim(), field.trim())) {
        Some((theirs, field)) if !theirs.is_empty() && !field.is_empty() => Ok((theirs.to_owned(), field.to_owned())),
        _ => Err("write it as THEIRS=FIELD, such as stamp=headstamp".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_understood_or_refused() {
        assert_eq!((separator("tab"), separator(";"), separator("|")), (Ok(b'\t'), Ok(b';'), Ok(b'|')));
        assert!(["", "x", "\"", "\n", ";;", "é"].iter().all(|t| separator(t).is_err()));
        assert_eq!(charset("cp1251").unwrap().name(), "windows-1251");
        assert!(charset("utf-7").is_err() && charset("replacement").is_err());
        assert_eq!(mapping(" a=b = site "), Ok(("a=b".into(), "site".into())));
        assert!(mapping("site").is_err() && mapping("=site").is_err());
    }
}
