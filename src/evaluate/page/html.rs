//! Text that is safe to put on a page.

use std::fmt;

/// Text from outside, escaped where it is written: for contents and for values of attributes in double quotes.
pub struct Safe<T>(pub T);

impl<T: AsRef<str>> fmt::Display for Safe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.as_ref().chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // characters that reorder or hide others say nothing to a reader
                c if c.is_control()
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
                {
                    f.write_str("\u{fffd}")?;
                }
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

/// A share, in percent.
pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let text = Safe("<img src=x onerror='a'>\"&\u{202e}\n").to_string();
        assert_eq!(text, "&lt;img src=x onerror=&#39;a&#39;&gt;&quot;&amp;\u{fffd}\u{fffd}");
    }
}
