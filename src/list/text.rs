//! Bytes become text: UTF-8, with `\n` at the end of every line, whatever they were.

use super::content::{Content, START};
use super::fault::Fault;
use super::options::{Charset, Options};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use std::io::{self, Read};

/// Bytes that are decoded at a time.
const CHUNK: usize = 64 << 10;
/// The most that a byte can become: three bytes for a character of a code page.
const GROWTH: usize = 3;

const SAVE_UTF_8: &str = "save it as CSV UTF-8";

/// The text of a list. Reading fails where bytes are no characters, with the line.
pub struct Text<R> {
    from: R,
    decoder: Decoder,
    charset: Charset,
    marked: bool,
    flag: &'static str,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    /// The line that is being decoded, from 1.
    line: u64,
    after_return: bool,
    ended: bool,
}

impl<R: Read> Text<R> {
    /// A text. Its mark, if it has one, says what its characters are; otherwise the options do, or else it is UTF-8.
    pub fn open(mut from: R, options: &Options) -> Result<Self, Fault> {
        let (charset, flag) = (options.charset, options.flags.charset());
        let mut raw = Vec::with_capacity(CHUNK);
        from.by_ref().take(START as u64).read_to_end(&mut raw).map_err(Fault::whole)?;
        if let Some(content) = Content::of(&raw) {
            return Err(Fault::whole(format!("it is {}, no list", content.name)).hint(content.advice));
        }
        let mark = Encoding::for_bom(&raw);
        let encoding = match (mark, charset) {
            (Some((by_mark, _)), Some(said)) if by_mark != said.0 => {
                let cause = format!("its mark says that it is {}, not {}", by_mark.name(), said.name());
                return Err(Fault::whole(cause).hint(format!("leave out {flag}")));
            }
            (Some((by_mark, _)), _) => by_mark,
            (None, Some(said)) => said.0,
            (None, None) => UTF_8,
        };
        let charset = Charset(encoding);
        if mark.is_none() && !charset.is_utf_16() && raw.contains(&0) {
            let little = raw.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
            let (name, label) =
                if 2 * little >= raw.len() / 2 { ("UTF-16", "utf-16le") } else { ("no text, or UTF-16", "utf-16be") };
            let cause = format!("it holds zero bytes: it is {name} without a mark");
            return Err(Fault::whole(cause).hint(format!("say {flag} {label}, or {SAVE_UTF_8}")));
        }
        raw.drain(..mark.map_or(0, |m| m.1));
        let mut text = Self {
            from,
            decoder: encoding.new_decoder_without_bom_handling(),
            charset,
            marked: mark.is_some(),
            flag,
            raw,
            ready: Vec::with_capacity(GROWTH * CHUNK),
            at: 0,
            line: 1,
            after_return: false,
            ended: false,
        };
        text.fill().map_err(Fault::whole)?;
        if let Some(content) = Content::of_text(&text.ready) {
            return Err(Fault::whole(format!("it is {}, no list", content.name)).hint(content.advice));
        }
        Ok(text)
    }

    /// What its characters were.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// Whether it began with a mark.
    pub fn marked(&self) -> bool {
        self.marked
    }

    /// The next characters, to the end of a chunk; none at the end.
    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        while self.ready.is_empty() && !self.ended {
            if self.raw.is_empty() {
                self.from.by_ref().take(CHUNK as u64).read_to_end(&mut self.raw)?;
                self.ended = self.raw.is_empty();
            }
            self.decode()?;
        }
        Ok(())
    }

    fn decode(&mut self) -> io::Result<()> {
        let mut out = vec![0; GROWTH * self.raw.len() + 2 * GROWTH];
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(&self.raw, &mut out, self.ended);
        self.take_over(&out[..written]);
        self.raw.drain(..read);
        match result {
            // there is room for all of it
            DecoderResult::InputEmpty | DecoderResult::OutputFull => Ok(()),
            DecoderResult::Malformed(..) => Err(self.malformed()),
        }
    }

    /// Ends of lines are one `\n`, whether they were `\r\n`, `\r` or `\n`.
    fn take_over(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let (was, is) = (self.after_return, byte == b'\r');
            self.after_return = is;
            match byte {
                b'\n' if was => {}
                b'\r' | b'\n' => {
                    self.line += 1;
                    self.ready.push(b'\n');
                }
                _ => self.ready.push(byte),
            }
        }
    }

    fn malformed(&self) -> io::Error {
        let line: Vec<u8> = self.ready.rsplit(|b| *b == b'\n').next().unwrap_or_default().to_vec();
        let before: String =
            String::from_utf8_lossy(&line).chars().rev().take(20).collect::<Vec<_>>().iter().rev().collect();
        let name = self.charset.name();
        let advice = if self.charset.is_utf_8() {
            let flag = self.flag;
            format!(
                "say {flag} windows-1252 (Western), windows-1251 (Cyrillic) or what it was saved in, or {SAVE_UTF_8}"
            )
        } else {
            "it was saved in another encoding".to_owned()
        };
        let cause = format!("line {}: what follows `{before}` is not {name}; {advice}", self.line);
        io::Error::new(io::ErrorKind::InvalidData, cause)
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            self.fill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.at);
        buffer[..count].copy_from_slice(&self.ready[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::charset;

    fn read(bytes: &[u8], name: Option<&str>) -> Result<String, String> {
        let options = Options { charset: name.map(|n| charset(n).unwrap()), ..Options::default() };
        let mut text = Text::open(bytes, &options).map_err(|f| f.to_string())?;
        let mut out = String::new();
        text.read_to_string(&mut out).map_err(|e| e.to_string())?;
        Ok(out)
    }

    fn utf_16(text: &str, little: bool) -> Vec<u8> {
        let bytes = |c: u16| if little { c.to_le_bytes() } else { c.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_and_every_end_of_line_gives_the_same_text() {
        let same = "Höhle Süd;Д\nz\n\nend\n";
        for ends in ["\n", "\r\n", "\r"] {
            let text = same.replace('\n', ends);
            let marked = format!("\u{feff}{text}");
            assert_eq!(read(text.as_bytes(), None).unwrap(), same);
            assert_eq!(read(marked.as_bytes(), None).unwrap(), same);
            assert_eq!(read(&utf_16(&marked, true), None).unwrap(), same);
            assert_eq!(read(&utf_16(&marked, false), None).unwrap(), same);
            assert_eq!(read(&utf_16(&text, true), Some("utf-16le")).unwrap(), same);
        }
        assert_eq!(read(b"H\xf6hle", Some("windows-1252")).unwrap(), "Höhle");
        assert_eq!(read(b"\xcc\xee\xf1\xea\xe2\xe0", Some("cp1251")).unwrap(), "Москва");
    }

    #[test]
    fn long_texts_are_whole_across_chunks() {
        for prefix in 0..4 {
            let text = format!("{}{}", "x".repeat(prefix), "Дö\r\n".repeat(60_000));
            assert_eq!(read(text.as_bytes(), None).unwrap(), text.replace("\r\n", "\n"));
            let bytes = utf_16(&format!("\u{feff}{text}"), true);
            assert_eq!(read(&bytes, None).unwrap(), text.replace("\r\n", "\n"));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_line_and_advice() {
        let wrong = read(b"file,site\r\nIMG_0001.JPG,H\xf6hle", None).unwrap_err();
        assert!(
            wrong.contains("line 2") && wrong.contains("IMG_0001.JPG,H") && wrong.contains("--encoding"),
            "{wrong}"
        );
        assert!(read(&utf_16("headstamp", true), None).unwrap_err().contains("utf-16le"));
        assert!(read(&utf_16("headstamp", false), None).unwrap_err().contains("utf-16be"));
        assert!(read(b"\xef\xbb\xbfx", Some("cp1252")).unwrap_err().contains("its mark says"));
        assert!(read(b"\xff\xfeh\0e\0a", None).unwrap_err().contains("not UTF-16LE"), "half a character at the end");
        let page = utf_16("\u{feff}<html><table>", true);
        assert!(read(&page, None).unwrap_err().contains("a web page"));
    }
}
