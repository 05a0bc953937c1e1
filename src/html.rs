//! Pages: templates are checked when compiling, and whatever is put into them is escaped.

pub(crate) use maud::{DOCTYPE, Markup, PreEscaped, html};

use maud::Render;

/// Text from outside on a page: characters that control, reorder or hide others say nothing to a reader and are replaced.
pub(crate) struct Outside<T>(pub T);

impl<T: AsRef<str>> Render for Outside<T> {
    fn render_to(&self, page: &mut String) {
        let harmful = |c: char| {
            c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        self.0.as_ref().replace(harmful, "\u{fffd}").render_to(page);
    }
}

/// A share, in percent.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let text = Outside("<img src=x onerror='a'>\"&\u{202e}\n");
        assert_eq!(
            html! { a href=(text) { (text) } }.into_string(),
            "<a href=\"&lt;img src=x onerror='a'&gt;&quot;&amp;\u{fffd}\u{fffd}\">\
             &lt;img src=x onerror='a'&gt;&quot;&amp;\u{fffd}\u{fffd}</a>"
        );
    }
}
