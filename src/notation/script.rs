//! Which script a headstamp is in. Marks are looks, and Cyrillic, Greek and Arabic share many with Latin letters and
//! European digits; what looks like nothing else tells which is meant, and the look-alikes beside it are written so.

use super::look::{Script, in_script};

/// Letters that only Cyrillic has.
const CYRILLIC: &str = "БДЖИЙЛЦЧШЩЫЬЭЮЯ";
/// Letters that only Greek has; Λ is also the Arabic eight.
const GREEK: &str = "ΣΘΞΨΩ";
/// Digits that only the Arabic countries and Persia have, and those that only Persia has.
const ARABIC: &str = "٢٣٤٦۴۵۶";
const PERSIAN: &str = "۴۵۶";

/// Letters that Cyrillic and Greek share, and Latin has not.
const EITHER: &str = "ГПФ";

/// Letters that Latin has, and neither Cyrillic nor Greek; V is also the Arabic seven.
const LATIN: &str = "DFGJLQRSUW";
/// Digits that Europe has, and whose look Arabic has not.
const EUROPEAN: &str = "2345678";

/// How much rarer a head is that bears another script than Latin, one that bears two scripts, and an element in two, as
/// natural logarithms: that cases in Latin letters are the most is common knowledge, the figures are our judgement.
const OTHER: f32 = -0.8;
const TWO: f32 = -0.7;
const TWO_IN_ONE: f32 = -2.0;

/// What the scripts of a head's elements, as looks, say of its likelihood, as a natural logarithm: 0 where all is Latin.
pub fn log_prior<'a>(elements: impl Iterator<Item = &'a str>) -> f32 {
    let (mut latin, mut mixed) = (false, false);
    let mut seen = [false; 3];
    for text in elements {
        let own = [is_cyrillic(text), has(text, GREEK), has(text, ARABIC)];
        let here = has(text, LATIN) || (own[2] && has(text, EUROPEAN));
        latin |= here;
        mixed |= own.iter().filter(|&&o| o).count() + usize::from(here) > 1;
        own.iter().zip(&mut seen).for_each(|(o, s)| *s |= o);
    }
    let other = seen.iter().filter(|&&s| s).count();
    if other == 0 {
        return 0.0;
    }
    OTHER + if mixed { TWO_IN_ONE } else { 0.0 } + if other + usize::from(latin) > 1 { TWO } else { 0.0 }
}

/// Writes the elements of one head in the script that they are in.
pub fn settle<'a>(elements: impl Iterator<Item = &'a mut String>) {
    let mut elements: Vec<&mut String> = elements.collect();
    let cyrillic = elements.iter().any(|e| is_cyrillic(e));
    for text in &mut elements {
        if has(text, ARABIC) {
            let script = if has(text, PERSIAN) { Script::Persian } else { Script::Arabic };
            **text = text.chars().map(|c| in_script(c, script)).collect();
        } else if has(text, GREEK) {
            **text = text.chars().map(|c| in_script(c, Script::Greek)).collect();
        } else if is_cyrillic(text) || (cyrillic && text.chars().count() == 1) {
            **text = text.split(' ').map(in_cyrillic).collect::<Vec<_>>().join(" ");
        }
    }
}

fn has(text: &str, any: &str) -> bool {
    text.chars().any(|c| any.contains(c))
}

/// Whether an element has a letter that only Cyrillic has; those it shares with Greek are Cyrillic far more often.
fn is_cyrillic(text: &str) -> bool {
    has(text, CYRILLIC) || (has(text, EITHER) && !has(text, GREEK))
}

/// A word in Cyrillic letters: a number stays one, a 3 among letters is one of them.
fn in_cyrillic(word: &str) -> String {
    if word.chars().any(|c| c.is_ascii_digit() && c != '3') || !word.chars().any(char::is_alphabetic) {
        return word.to_owned();
    }
    word.chars().map(|c| in_script(c, Script::Cyrillic)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(headstamp: &str) -> String {
        let mut elements: Vec<String> = headstamp.split('_').map(str::to_owned).collect();
        settle(elements.iter_mut());
        elements.join("_")
    }

    #[test]
    fn scripts_seldom_mix() {
        let prior = |headstamp: &str| log_prior(headstamp.split('_'));
        assert_eq!(prior("FC_LUGER_9MM"), 0.0);
        assert_eq!(prior("БПЗ_1983"), OTHER);
        assert_eq!(prior("ПYP_٢٣"), OTHER + TWO, "looks of Cyrillic letters and Arabic digits");
        assert_eq!(prior("٢٣_LC"), OTHER + TWO);
        assert_eq!(prior("0٢V٦"), OTHER, "an Arabic seven");
        assert_eq!(prior("YSШ_7mm"), OTHER + TWO_IN_ONE + TWO);
        assert!(prior("85_Θ6") < 0.0);
    }

    #[test]
    fn one_cyrillic_letter_tells_of_those_beside_it() {
        assert_eq!(settled("БП3_1983"), "БПЗ_1983");
        assert_eq!(settled("Л3 C_78_X"), "ЛЗ С_78_Х", "lone letters too, and words of one element");
        assert_eq!(
            settled("BT3_3_Ю"),
            "BT3_3_Ю",
            "an element of look-alikes alone may be Latin, and a digit stays one"
        );
        assert_eq!(settled("Ж_7.62x39 HP"), "Ж_7.62x39 HP");
    }

    #[test]
    fn latin_stays_latin() {
        for text in ["BT3_78", "WIN_9MM_*_•", "O_I_V_9", "[crown]_A"] {
            assert_eq!(settled(text), text);
        }
    }

    #[test]
    fn arabic_and_persian_digits_are_written_as_such() {
        assert_eq!(settled("٢V_I9O٣_27"), "٢٧_١٩٥٣_27");
        assert_eq!(settled("I٣۶V_9Λ۴•"), "۱۳۶۷_۹۸۴۰");
        assert_eq!(settled("٤Λ"), "٤٨");
    }

    #[test]
    fn greek_has_its_own_letters_and_shares_the_rest() {
        assert_eq!(settled("EΣ_ΩГ_1940"), "ΕΣ_ΩΓ_1940");
        assert_eq!(settled("ПA"), "ПА", "without a letter of its own it is Cyrillic");
    }
}
