//! Makers' marks that are words or groups of letters, which a reader may expect before it sees any.

use super::index::EMBEDDED;
use std::sync::LazyLock;

/// What stands in the column `word` for such a mark.
const YES: &str = "yes";

static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut table = csv::Reader::from_reader(EMBEDDED.as_bytes());
    let column = |table: &mut csv::Reader<&[u8]>, name: &str| table.headers().ok()?.iter().position(|h| h == name);
    let Some((mark, word)) = column(&mut table, "mark").zip(column(&mut table, "word")) else { return Vec::new() };
    let rows = table.records().filter_map(Result::ok).filter(|r| r.get(word) == Some(YES));
    let mut words: Vec<String> = rows.filter_map(|r| r.get(mark).map(str::to_owned)).collect();
    words.sort_unstable();
    words.dedup();
    words
});

/// The marks of the built-in table that are said to be words: sorted, in capitals, each once.
pub fn maker_words() -> &'static [String] {
    &WORDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    #[test]
    fn words_are_marks_of_makers_in_capitals() {
        let registry = Registry::embedded();
        assert!(maker_words().len() > 100 && maker_words().is_sorted_by(|a, b| a < b));
        for word in maker_words() {
            assert!(word.bytes().all(|b| b.is_ascii_uppercase() || b"&-".contains(&b)), "{word}");
            assert!(registry.rows().iter().any(|c| c.mark == *word && c.kind.names_maker()), "{word}");
        }
    }
}
