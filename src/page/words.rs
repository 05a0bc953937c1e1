//! What the page says, one file a language.

use serde::Deserialize;
use std::sync::LazyLock;

macro_rules! spoken {
    ($($name:ident)*) => {
        /// Every text of the page. A language that lacks one, or has one too many, fails its test.
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Spoken { $(pub(super) $name: String,)* }
    };
}

spoken! {
    language direction title to_go decided rate accept edit illegible unknown not_a_head skip undo help summary back
    proposals marks none photo turned strip why fields all_from_here set open finished headstamp save cancel entered
    undone nothing_to_undo meanwhile overtaken failed lost brightness contrast invert relief zoom no_picture pending entries
    same_case not_heads conflicts no_head_photographs keys
}

const FILES: [&str; 3] = [include_str!("words/en.json"), include_str!("words/fr.json"), include_str!("words/ar.json")];

static LANGUAGES: LazyLock<Vec<Spoken>> =
    LazyLock::new(|| FILES.iter().map(|file| serde_json::from_str(file).unwrap_or_default()).collect());

/// All languages.
pub(super) fn all() -> &'static [Spoken] {
    &LANGUAGES
}

/// The language that is asked for, else the first one of a browser's list that is there, else English.
pub(super) fn choose(asked: Option<&str>, accepted: &str) -> &'static Spoken {
    let listed = accepted.split([',', ';']).filter_map(|part| part.trim().get(..2));
    asked.into_iter().chain(listed).find_map(|code| all().iter().find(|w| w.language == code)).unwrap_or(&all()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything() {
        for (file, code) in FILES.iter().zip(["en", "fr", "ar"]) {
            let words: std::collections::BTreeMap<String, String> = serde_json::from_str(file).unwrap();
            assert!(words.values().all(|text| !text.trim().is_empty()), "{code}");
            let spoken: Spoken = serde_json::from_str(file).unwrap();
            assert_eq!(spoken.language, code);
        }
    }

    #[test]
    fn a_language_is_asked_for_or_the_browser_s_first_that_is_known() {
        assert_eq!(choose(Some("ar"), "fr").language, "ar");
        assert_eq!(choose(Some("xx"), "de-DE,fr-CA;q=0.8,en").language, "fr");
        assert_eq!(choose(None, "é,日").language, "en");
    }
}
