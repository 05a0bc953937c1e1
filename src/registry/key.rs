//! What marks are looked up by: their look, with what people write differently left out.

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
    match c {
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'Е' | 'Ε' => 'E',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Н' | 'Η' => 'H',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'С' => 'C',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'У' | 'Υ' => 'Y',
        'Ι' | 'І' => 'I',
        'Ν' => 'N',
        'Ζ' => 'Z',
        'З' => '3',
        '★' => '*',
        _ => super::years::digit(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c),
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
    } else if stamped.is_ascii() && !mark.chars().any(|c| super::years::digit(c).is_some()) {
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
    fn what_is_stamped_is_likest() {
        assert_eq!(likeness("Pk", "Pk"), 1.0);
        assert!(likeness("R-P", "RP") > likeness("Pk", "PK"));
        assert!(likeness("Pk", "PK") > likeness("Т", "T"));
    }
}
