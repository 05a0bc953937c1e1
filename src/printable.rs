//! Text from outside as a person may see it: what could deceive or steer a terminal is written out.
//!
//! File names, EXIF and values can hold anything: line breaks that make one line of a report two, orders to the terminal,
//! characters that turn the direction of writing round or that nobody sees. JSON keeps them; tables, pages and messages show
//! them as `\n` or `\u{202e}`.

use std::path::Path;

/// Text in one line.
pub fn printable(text: &str) -> String {
    shown_but(text, |_| false)
}

/// Text whose line breaks are its own.
pub fn printable_lines(text: &str) -> String {
    shown_but(text, |c| c == '\n')
}

/// A path in one line.
pub fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

fn shown_but(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if kept(c) || !deceives(c) => out.push(c),
            c if c.is_ascii() => out.extend(c.escape_default()),
            c => out.extend(c.escape_unicode()),
        }
    }
    out
}

/// Whether a character steers a terminal, turns the direction of writing, ends a line or has no looks.
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_written_out_and_the_rest_stays() {
        assert_eq!(printable("IMG_\u{202e}gpj.exe"), "IMG_\\u{202e}gpj.exe");
        assert_eq!(printable("a\nb\u{1b}[31m\u{85}"), "a\\nb\\u{1b}[31m\\u{85}");
        for unseen in "\u{200b}\u{200d}\u{2028}\u{2066}\u{2069}\u{feff}\u{61c}\u{e0041}".chars() {
            assert_eq!(printable(&unseen.to_string()), unseen.escape_unicode().to_string());
        }
        for plain in ["Müller 5•56 [crown] ⊕", "Д_Ф_39_В", "صورة", "写真\\1", "e\u{301}"] {
            assert_eq!(printable(plain), plain);
        }
        assert_eq!(printable_lines("a\n  b\r"), "a\n  b\\r");
    }
}
