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
    language name direction title languages to_main to_go decided rate time_left accept edit illegible unknown
    not_a_head several fit missed skip undo help summary back proposals marks none photo turned strip why weak_marks
    close_call fields all_from_here set open finished no_conflicts headstamp save cancel close entered undone settled
    nothing_to_undo meanwhile overtaken decided_already passed failed lost brightness contrast invert relief zoom
    no_picture pending entries same_case not_heads conflicts no_head_photographs gone_through sheets heads without_heads
    filter order state country site apply order_added order_surest order_least_sure order_group order_settles order_file
    calibre other_calibre as_told as_stamped as_confirmed as_waiting as_folder like on_this_sheet of_group confirm_sheet
    take_out taken_out open_one one_by_one odd_reads odd_missed odd_too_many odd_otherwise odd_elsewhere odd_looks
    odd_calibre odd_unsure this_holds holds_now beside_it fit_title fit_hint fit_read radius read_again no_reader
    no_circle catalogue this_page time_each caught kept agreed kappa on_a_head on_a_sheet anywhere keys_head keys_sheet
    keys_any doubtful no_doubts likely_wrong is_right put_right dismiss doubt_confirmed doubt_corrected doubt_dismissed
    keys_doubt twice twin doubled both two_cases flicker remembered waits about no_notes
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
