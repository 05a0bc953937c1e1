//! What signs look like: marks are looked up by it, with what people write differently left out.

use super::data::rows;
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a mark is looked up by: without spaces, dots and hyphens, in capitals, letters of other scripts as the Latin ones
/// they look like, and digits of other scripts as 0 to 9. Marks that share a key are then told apart by [`likeness`].
pub fn key(mark: &str) -> String {
    let mut out = String::with_capacity(mark.len());
    push_key(mark, &mut out);
    out
}

/// Writes a key at the end of another text.
pub fn push_key(mark: &str, out: &mut String) {
    let start = out.len();
    for c in mark.chars().filter(|c| !is_joint(*c)) {
        match c {
            'a'..='z' => out.push(c.to_ascii_uppercase()),
            _ if c.is_ascii() => out.push(c),
            _ => c.to_uppercase().for_each(|c| out.push(latin_look(c))),
        }
    }
    if out.len() == start {
        // dots and strokes part marks, unless they are all there is
        out.push_str(mark.trim());
    }
}

/// What stands between the letters of a mark without being one.
fn is_joint(c: char) -> bool {
    matches!(c, '.' | '•' | '·' | '-' | '–' | '\'' | '"') || c.is_whitespace()
}

/// The Latin letter or digit that a letter or digit of another script looks like, or itself. Capitals only
/// (headstamp-conventions, section 7).
pub fn latin_look(c: char) -> char {
    let alike = LATIN.binary_search_by_key(&c, |l| l.0).ok().map(|i| LATIN[i].1);
    alike.or_else(|| digit(c).and_then(|d| char::from_digit(d, 10))).unwrap_or(c)
}

/// A script, as far as its signs look like those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Cyrillic capitals.
    Cyrillic,
    /// Capitals that only some Cyrillic alphabets have: what looks so is not written as one of them.
    OtherCyrillic,
    /// Greek capitals.
    Greek,
    /// Digits of the Arabic countries.
    Arabic,
    /// Digits of Persia.
    Persian,
    /// Symbols.
    Symbol,
}

impl Script {
    fn has_letters(self) -> bool {
        !matches!(self, Self::Arabic | Self::Persian)
    }
}

/// A sign, and the look it shares with others.
struct LookAlike {
    look: char,
    script: Script,
    sign: char,
}

static LOOK_ALIKES: LazyLock<Vec<LookAlike>> = LazyLock::new(|| {
    let row = |[look, script, sign]: [&str; 3]| {
        let script = match script {
            "cyrillic" => Script::Cyrillic,
            "other-cyrillic" => Script::OtherCyrillic,
            "greek" => Script::Greek,
            "arabic" => Script::Arabic,
            "persian" => Script::Persian,
            "symbol" => Script::Symbol,
            _ => return None,
        };
        Some(LookAlike { look: look.chars().next()?, script, sign: sign.chars().next()? })
    };
    rows(include_str!("data/look_alikes.csv")).filter_map(row).collect()
});

/// Signs of other scripts with the Latin letters and digits they look like, in order.
static LATIN: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let alike = LOOK_ALIKES.iter().filter(|l| l.look.is_ascii() && l.script.has_letters());
    let mut all: Vec<(char, char)> = alike.map(|l| (l.sign, l.look)).collect();
    all.sort_unstable();
    all
});

/// A look as a script writes it; itself where the script has nothing that looks so.
pub fn in_script(look: char, script: Script) -> char {
    LOOK_ALIKES.iter().find(|l| l.script == script && l.look == look).map_or(look, |l| l.sign)
}

/// Signs with what they look like, each way round, for signs that are told apart by what stands beside them alone.
static ONE_LOOK: LazyLock<HashSet<(char, char)>> = LazyLock::new(|| {
    let pairs = LOOK_ALIKES.iter().map(|l| (l.look, l.sign));
    let shared = LOOK_ALIKES.iter().flat_map(|a| {
        let same = |b: &&LookAlike| b.sign != a.sign && b.look == a.look && a.look.is_uppercase();
        LOOK_ALIKES.iter().filter(same).map(|b| (a.sign, b.sign))
    });
    pairs.chain(shared).flat_map(|(a, b)| [(a, b), (b, a)]).collect()
});

/// Whether a picture of the one sign alone may be a picture of the other: the same letter in either case, or letters and
/// digits of two scripts that look the same.
pub fn one_look(a: &str, b: &str) -> bool {
    if a == b || a.eq_ignore_ascii_case(b) {
        return true;
    }
    if a.is_ascii() && b.is_ascii() {
        return false;
    }
    let single = |t: &str| t.chars().next().filter(|c| t.len() == c.len_utf8());
    match (single(a), single(b)) {
        (Some(a), Some(b)) => {
            let capital = |c: char| c.to_uppercase().next().unwrap_or(c);
            let (x, y) = (capital(a), capital(b));
            x == y || ONE_LOOK.contains(&(x, y)) || ONE_LOOK.contains(&(a, b))
        }
        _ => a.to_lowercase() == b.to_lowercase(),
    }
}

/// Digits of any script as 0 to 9; `None` where a character is none.
pub fn digit(c: char) -> Option<u32> {
    match c {
        '٠'..='٩' => Some(c as u32 - '٠' as u32),
        '۰'..='۹' => Some(c as u32 - '۰' as u32),
        _ => c.to_digit(10),
    }
}

/// How alike two marks of one key are, 0..1.
pub fn likeness(mark: &str, stamped: &str) -> f64 {
    /// Only letter case differs: a person types as they like, but `Pk` is stamped so.
    const CASE: f64 = 0.6;
    /// Only dots, strokes and spaces differ.
    const JOINTS: f64 = 0.85;
    /// Written in Latin letters for another script: a Latin keyboard, or a reader that knows no other.
    const SCRIPT: f64 = 0.3;
    /// Written in another script for Latin letters, or in other digits: who takes that trouble means it.
    const OTHER_SCRIPT: f64 = 0.05;
    if mark == stamped {
        return 1.0;
    }
    let bare = |t: &str| t.chars().filter(|c| !is_joint(*c)).collect::<String>();
    let (mark, stamped) = (bare(mark), bare(stamped));
    if mark == stamped {
        JOINTS
    } else if mark.to_lowercase() == stamped.to_lowercase() {
        CASE
    } else if stamped.is_ascii() && !mark.chars().any(|c| digit(c).is_some()) {
        SCRIPT
    } else {
        OTHER_SCRIPT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_join_what_looks_alike() {
        assert_eq!(key("ВТЗ"), key("BT3"));
        assert_eq!(key("R-P"), key("R • P"));
        assert_eq!(key("١٠"), "10");
        assert_eq!(key("•"), "•");
        assert_ne!(key("S"), key("S*"));
        assert_ne!(key("ППУ"), key("nny"), "a cursive hand is a row of its own");
    }

    #[test]
    fn every_line_of_the_table_is_a_row() {
        assert_eq!(LOOK_ALIKES.len() + 1, include_str!("data/look_alikes.csv").lines().count());
        for l in LOOK_ALIKES.iter().filter(|l| l.look.is_ascii() && l.script.has_letters()) {
            assert_eq!(latin_look(l.sign), l.look);
        }
    }

    #[test]
    fn one_picture_may_be_letters_of_several_scripts() {
        for (a, b) in [("A", "a"), ("В", "B"), ("Β", "В"), ("в", "B"), ("V", "٧"), ("1", "١"), ("[Crown]", "[crown]")]
        {
            assert!(one_look(a, b) && one_look(b, a), "{a} {b}");
        }
        for (a, b) in [("1", "I"), ("0", "O"), ("٢", "٣"), ("6", "9"), ("И", "Й"), ("B", "8"), ("[crown]", "[eagle]")]
        {
            assert!(!one_look(a, b), "{a} {b}");
        }
    }

    #[test]
    fn what_is_stamped_is_likest() {
        assert_eq!(likeness("Pk", "Pk"), 1.0);
        assert!(likeness("R-P", "RP") > likeness("Pk", "PK"));
        assert!(likeness("Pk", "PK") > likeness("Т", "T"));
    }
}
