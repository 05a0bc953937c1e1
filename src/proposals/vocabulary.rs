//! What elements are known or likely, before any picture is looked at.

/// Knowledge of elements. The registry of codes is one; [`Conventions`] is the built-in one.
pub trait Vocabulary {
    /// How much likelier an element is than a random one of its kind and length, as a natural logarithm, about -2..4;
    /// 0 where nothing is known. Words of one element are separated by a space; the element is written as stamped.
    fn element_log_prior(&self, element: &str) -> f32;

    /// Whether an element can name the maker, so that reading starts there.
    fn names_maker(&self, element: &str) -> bool;
}

/// Knows nothing: every reading stands on the picture alone.
pub struct NoVocabulary;

impl Vocabulary for NoVocabulary {
    fn element_log_prior(&self, _: &str) -> f32 {
        0.0
    }

    fn names_maker(&self, _: &str) -> bool {
        false
    }
}

/// General conventions of headstamps: years, works numbers, calibres and the words that go with them. No makers.
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

/// Numbers that name calibres, points left out where they lead. Sorted.
const CALIBRES: [&str; 60] = [
    "10", "10MM", "12", "12.7", "14.5", "16", "20", "20MM", "204", "22", "22-250", "220", "222", "223", "243", "25",
    "25-06", "250", "260", "270", "280", "28", "30", "30-06", "30-30", "300", "303", "308", "32", "338", "35", "357",
    "375", "38", "380", "40", "400", "410", "44", "45", "458", "5.45", "5.56", "5.56X45", "50", "6.5", "6.5X55", "6.8",
    "7.5", "7.62", "7.62X39", "7.62X51", "7.62X54R", "7.65", "7.7", "7.92", "8MM", "9MM", "9X18", "9X19",
];

impl Vocabulary for Conventions {
    fn element_log_prior(&self, element: &str) -> f32 {
        let mut buffer = [0u8; 24];
        let Some(word) = upper(element, &mut buffer) else { return 0.0 };
        if CALIBRES.contains(&word) {
            return if word.bytes().all(|b| b.is_ascii_digit()) { 0.6 } else { 1.8 };
        }
        if WORDS.binary_search(&word).is_ok() {
            return (0.4 + 0.5 * word.len() as f32).min(3.0);
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

    /// Without a list of makers: letters that are no word of another kind.
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

/// A short ASCII text in capitals; `None` where it is anything else.
fn upper<'a>(text: &str, buffer: &'a mut [u8; 24]) -> Option<&'a str> {
    let text = text.strip_prefix('.').unwrap_or(text);
    let room = buffer.get_mut(..text.len()).filter(|_| text.is_ascii())?;
    room.copy_from_slice(text.as_bytes());
    room.make_ascii_uppercase();
    std::str::from_utf8(room).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted());
    }

    #[test]
    fn conventions_know_years_calibres_and_words() {
        let p = |e| Conventions.element_log_prior(e);
        assert!(p("1943") > 0.5 && p("1743") <= 0.0 && p("5.56") > 1.0 && p(".303") > 0.5 && p("Luger") > 1.0);
        assert_eq!(p("Д"), 0.0);
        assert!(Conventions.names_maker("FC") && !Conventions.names_maker("LUGER") && !Conventions.names_maker("9MM"));
    }
}
