//! What elements are known or likely, before any picture is looked at.

use crate::notation::script;
use crate::registry::maker_words;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Which vocabulary: what was measured with one says nothing of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VocabularyId {
    /// Its name.
    pub name: String,
    /// SHA-256 of what it says, in hexadecimal.
    pub sha256: String,
}

/// Knowledge of elements; [`Conventions`] is the built-in one.
pub trait Vocabulary {
    /// Which one it is.
    fn id(&self) -> VocabularyId;

    /// How much likelier an element is than a random one of its kind and length, as a natural logarithm, about -1..5;
    /// 0 where nothing is known. Words of one element are separated by a space; the element is written as stamped.
    fn element_log_prior(&self, element: &str) -> f32;

    /// Whether an element can name the maker, so that reading starts there.
    fn names_maker(&self, element: &str) -> bool;

    /// How much likelier or rarer the scripts of a head make it, as a natural logarithm; its elements are looks.
    fn scripts_log_prior(&self, _: &mut dyn Iterator<Item = &str>) -> f32 {
        0.0
    }

    /// Words that may be mended, in capitals.
    fn words(&self) -> Box<dyn Iterator<Item = &'static str>> {
        Box::new(std::iter::empty())
    }
}

/// Knows nothing: every reading stands on the picture alone.
pub struct NoVocabulary;

impl Vocabulary for NoVocabulary {
    fn id(&self) -> VocabularyId {
        VocabularyId { name: "none".into(), sha256: hex::encode(Sha256::digest("")) }
    }

    fn element_log_prior(&self, _: &str) -> f32 {
        0.0
    }

    fn names_maker(&self, _: &str) -> bool {
        false
    }
}

/// General conventions of headstamps: years, works numbers, calibres and the words that go with them, marks of makers.
pub struct Conventions;

/// Words that go with calibres, and other words that name no maker. Sorted.
const WORDS: [&str; 62] = [
    "ACP",
    "AMMO",
    "AP",
    "ARMY",
    "AUTO",
    "BALL",
    "BELTED",
    "BLANK",
    "BLK",
    "BRITISH",
    "BROWNING",
    "CAL",
    "CALIBRE",
    "CARBINE",
    "COLT",
    "CREEDMOOR",
    "CTG",
    "EXPRESS",
    "GA",
    "GAP",
    "GENDARMERIE",
    "GERMANY",
    "GOVT",
    "GRENDEL",
    "HORNET",
    "IN",
    "INT",
    "ITALY",
    "KRAG",
    "KURZ",
    "LEBEL",
    "LONG",
    "LUGER",
    "MADE",
    "MAG",
    "MAGNUM",
    "MAKAROV",
    "MATCH",
    "MAUSER",
    "MAX",
    "MM",
    "NATO",
    "NITRO",
    "PARA",
    "PARABELLUM",
    "PDW",
    "PROOF",
    "REM",
    "SHORT",
    "SIG",
    "SPECIAL",
    "SPL",
    "SPRG",
    "SPRING",
    "SUPER",
    "SWEDISH",
    "TARGET",
    "TOKAREV",
    "TRACER",
    "USA",
    "WBY",
    "WIN",
];

/// Numbers that name calibres, points left out where they lead.
const CALIBRES: [&str; 60] = [
    "10", "10MM", "12", "12.7", "14.5", "16", "20", "20MM", "204", "22", "22-250", "220", "222", "223", "243", "25",
    "25-06", "250", "260", "270", "280", "28", "30", "30-06", "30-30", "300", "303", "308", "32", "338", "35", "357",
    "375", "38", "380", "40", "400", "410", "44", "45", "458", "5.45", "5.56", "5.56X45", "50", "6.5", "6.5X55", "6.8",
    "7.5", "7.62", "7.62X39", "7.62X51", "7.62X54R", "7.65", "7.7", "7.92", "8MM", "9MM", "9X18", "9X19",
];

/// Heads by which the scripts' part of a vocabulary is known: one script, two on one head, two in one element.
const SCRIPTS: [&[&str]; 8] =
    [&["FC"], &["Д"], &["Σ"], &["٣"], &["Д", "FC"], &["ДF"], &["٣", "25"], &["Σ", "Д", "٣", "R"]];

/// Steps of a prior, in parts of a logarithm's unit, finer than any reading depends on.
const STEPS: f32 = 1000.0;

/// SHA-256 of what a vocabulary says of its words and of the built-in calibres, of all numbers up to four digits and of
/// scripts: it changes with what is known, not with how that is written down.
fn said(vocabulary: &dyn Vocabulary) -> String {
    let quantised = |prior: f32| ((prior * STEPS).round() as i32).to_le_bytes();
    let mut digest = Sha256::new();
    let mut say = |element: &str| {
        digest.update(element);
        digest.update([0, u8::from(vocabulary.names_maker(element))]);
        digest.update(quantised(vocabulary.element_log_prior(element)));
    };
    for word in vocabulary.words().chain(CALIBRES) {
        say(word);
        say(&word.to_lowercase());
        say(&format!("{word} {word}"));
        say(&word.replace('.', ""));
    }
    (0..10_000).for_each(|number| say(&number.to_string()));
    (0..100).for_each(|number| say(&format!("{number:02}")));
    (0..100).for_each(|number| say(&format!("{number:03}")));
    for head in SCRIPTS {
        digest.update(quantised(vocabulary.scripts_log_prior(&mut head.iter().copied())));
    }
    hex::encode(digest.finalize())
}

impl Vocabulary for Conventions {
    fn id(&self) -> VocabularyId {
        VocabularyId { name: "conventions".into(), sha256: said(self) }
    }

    fn element_log_prior(&self, element: &str) -> f32 {
        let mut buffer = [0u8; 24];
        let Some(word) = upper(element, &mut buffer) else { return 0.0 };
        if CALIBRES.contains(&word) {
            return if word.bytes().all(|b| b.is_ascii_digit()) { 0.6 } else { 3.6 };
        }
        if CALIBRES.iter().any(|c| lacks_point(word, c)) {
            return 1.0;
        }
        if WORDS.binary_search(&word).is_ok() {
            return (0.4 + 0.5 * word.len() as f32).min(5.0);
        }
        if maker_words().binary_search_by(|w| w.as_str().cmp(word)).is_ok() {
            return (0.5 * word.len() as f32).min(5.0);
        }
        if let Ok(number) = word.parse::<u32>() {
            return match word.len() {
                4 if (1890..=2030).contains(&number) => 1.2,
                1 | 4 => 0.0,
                2 => 0.4,
                3 if word.starts_with('0') => 0.0,
                3 => 0.2,
                _ => -1.0,
            };
        }
        0.0
    }

    fn scripts_log_prior(&self, elements: &mut dyn Iterator<Item = &str>) -> f32 {
        script::log_prior(elements)
    }

    fn words(&self) -> Box<dyn Iterator<Item = &'static str>> {
        Box::new(WORDS.into_iter().chain(maker_words().iter().map(String::as_str)))
    }

    /// Letters that are no word of another kind: makers are more than any list holds.
    fn names_maker(&self, element: &str) -> bool {
        let letters = element.chars().filter(|c| c.is_alphabetic()).count();
        let other = element.chars().any(|c| !c.is_alphabetic() && !"&. -".contains(c));
        letters > 0
            && !other
            && !element.split(' ').any(|w| {
                let mut buffer = [0u8; 24];
                upper(w, &mut buffer).is_some_and(|w| WORDS.binary_search(&w).is_ok() && w != "WIN" && w != "REM")
            })
    }
}

/// A short ASCII text in capitals, dots within as points, without dots beside it and the leading point; `None` where it is
/// anything else.
fn upper<'a>(text: &str, buffer: &'a mut [u8; 24]) -> Option<&'a str> {
    let mut length = 0;
    let text = text.trim_matches('•');
    for c in text.strip_prefix('.').unwrap_or(text).chars() {
        let c = if c == '•' { '.' } else { c };
        *buffer.get_mut(length).filter(|_| c.is_ascii())? = c.to_ascii_uppercase() as u8;
        length += 1;
    }
    std::str::from_utf8(&buffer[..length]).ok()
}

/// Whether a text is a calibre of which the point was not seen.
fn lacks_point(word: &str, calibre: &str) -> bool {
    word.len() >= 3 && calibre.contains('.') && calibre.bytes().filter(|&b| b != b'.').eq(word.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The conventions, but for one word.
    struct Otherwise(&'static str);

    impl Vocabulary for Otherwise {
        fn id(&self) -> VocabularyId {
            VocabularyId { name: "otherwise".into(), sha256: said(self) }
        }

        fn element_log_prior(&self, element: &str) -> f32 {
            Conventions.element_log_prior(element) + if element == self.0 { 0.1 } else { 0.0 }
        }

        fn names_maker(&self, element: &str) -> bool {
            Conventions.names_maker(element)
        }

        fn scripts_log_prior(&self, elements: &mut dyn Iterator<Item = &str>) -> f32 {
            Conventions.scripts_log_prior(elements)
        }

        fn words(&self) -> Box<dyn Iterator<Item = &'static str>> {
            Conventions.words()
        }
    }

    /// What says the same is the same, however it is written; what says otherwise of one word is another vocabulary.
    #[test]
    fn vocabularies_are_told_apart_by_what_they_say() {
        assert_eq!(Otherwise("a word of none").id().sha256, Conventions.id().sha256);
        for word in ["LUGER", "FN", "9MM", "1943", "07"] {
            assert_ne!(Otherwise(word).id().sha256, Conventions.id().sha256, "{word}");
        }
    }

    /// Confidence was measured with these words: other ones want another measurement.
    #[test]
    fn the_conventions_are_those_that_confidence_was_measured_with() {
        let said = Conventions.id().sha256;
        assert_eq!(
            said, "133d9cb100a218e1a3616dfcc70649e470605c78e81c04891b488fb9ed31d31f",
            "if that is meant, calibrate anew and put the new sum here"
        );
    }

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted());
    }

    #[test]
    fn conventions_know_years_calibres_and_words() {
        let p = |e| Conventions.element_log_prior(e);
        assert!(
            p("1943") > 0.5
                && p("1743") <= 0.0
                && p("5.56") > p("556")
                && p("5•56") > 1.0
                && p("•FC•") == p("FC")
                && p(".303") > 0.5
                && p("Luger") > 1.0
        );
        assert_eq!(p("Д"), 0.0);
        assert!(Conventions.names_maker("FC") && !Conventions.names_maker("LUGER") && !Conventions.names_maker("9MM"));
    }
}
