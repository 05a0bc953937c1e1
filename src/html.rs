//! Pages: templates are checked when compiling, and whatever is put into them is escaped.

pub(crate) use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::printable::printable;
use maud::Render;

/// Text from outside on a page: characters that control, reorder or hide others are written out.
pub(crate) struct Outside<T>(pub T);

impl<T: AsRef<str>> Render for Outside<T> {
    fn render_to(&self, page: &mut String) {
        printable(self.0.as_ref()).render_to(page);
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
            "<a href=\"&lt;img src=x onerror='a'&gt;&quot;&amp;\\u{202e}\\n\">\
             &lt;img src=x onerror='a'&gt;&quot;&amp;\\u{202e}\\n</a>"
        );
    }
}
