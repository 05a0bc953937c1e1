//! What holds for the cells of many fields: decimal commas, numbers, and what spreadsheets make of what is typed.
//!
//! Every function gives the value as it is meant, or why it cannot be.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Words for totals, for yes and no, and the months' names with their numbers, each joined by `;`.
const WORDS: &str = include_str!("data/words.csv");

static MEANINGS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let rows = WORDS.lines().skip(1).filter_map(|l| l.split_once(','));
    rows.flat_map(|(meaning, words)| words.split(';').map(move |w| (w.to_owned(), meaning))).collect()
});

fn meaning(word: &str) -> Option<&'static str> {
    let bare = word.trim().trim_end_matches([':', '.', '=']).trim().to_lowercase();
    MEANINGS.get(&bare).copied()
}

/// Whether a word is one for a total.
pub fn is_total(word: &str) -> bool {
    meaning(word) == Some("total")
}

/// `yes` or `no`, in any of several languages.
pub fn yes_or_no(word: &str) -> Option<&'static str> {
    meaning(word).filter(|m| ["yes", "no"].contains(m))
}

/// The month that a word names, 1 to 12.
fn month(word: &str) -> Option<u32> {
    meaning(word)?.parse().ok()
}

/// Whether a cell holds what was typed, and not the error of a formula.
pub fn sound(text: &str) -> Result<(), String> {
    let text = text.trim();
    let error = matches!(text, "#NAME?" | "#REF!" | "#VALUE!" | "#N/A" | "#DIV/0!" | "#NULL!" | "#NUM!" | "#SPILL!");
    let hashes = text.len() > 2 && text.bytes().all(|b| b == b'#');
    match () {
        () if error => {
            Err(format!("`{text}` is an error of a spreadsheet: what was typed began with = + - or @; {AS_TEXT}"))
        }
        () if hashes => {
            Err(format!("`{text}` is what a spreadsheet shows where a column is too narrow; widen it and save again"))
        }
        () => Ok(()),
    }
}

const AS_TEXT: &str = "format the column as text and type it again";

/// A text that must be as it was typed, such as a headstamp, a mark or a lot number: an exponent or a date is none.
pub fn typed(text: &str) -> Result<&str, String> {
    let text = text.trim();
    if exponent(text) {
        return Err(format!("`{text}` is what a spreadsheet makes of a long number: its digits are lost; {AS_TEXT}"));
    }
    match made_date(text) {
        Some(likely) => Err(format!("`{text}` is a date that a spreadsheet made{likely}; {AS_TEXT}")),
        None => Ok(text),
    }
}

/// A number with an exponent, such as `1,23E+05`.
fn exponent(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let number = number.strip_prefix('-').unwrap_or(number);
    let (whole, part) = number.split_once([',', '.']).unwrap_or((number, "0"));
    digits(whole) && digits(part) && power.strip_prefix(['+', '-']).is_some_and(digits)
}

/// What a date was likely typed as, in words; none where a text is no date.
fn made_date(text: &str) -> Option<String> {
    // a time of day belongs to dates alone
    let day = text.split_once([' ', 'T']).filter(|(_, time)| is_time(time)).map_or(text, |(day, _)| day);
    let parts: Vec<&str> = day.split(['-', '.', '/', ' ']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let number = |t: &str| {
        if t.len() <= 4 { t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<u32>().ok())? } else { None }
    };
    match *parts.as_slice() {
        // May-88, 01-Feb; a month that stands alone with a space may be a name: `MAR 40`
        [a, b] if !day.contains(' ') || day.contains('.') => match (month(a), number(a), month(b), number(b)) {
            (Some(m), _, _, Some(n)) => Some(format!(", likely out of `{m}-{n:02}`")),
            (_, Some(d), Some(m), _) if (1..=31).contains(&d) => {
                Some(format!(", likely out of `{m}-{d}` or `{d}-{m}`"))
            }
            (_, Some(y), Some(m), _) => Some(format!(", likely out of `{m}-{y:02}`")),
            _ => None,
        },
        [a, b, c] => {
            let (x, y, z) = (number(a), month(b).or_else(|| number(b)), number(c));
            let day_month = |d: u32, m: u32| (1..=31).contains(&d) && (1..=31).contains(&m) && (d <= 12 || m <= 12);
            let year_first = a.len() == 4 && (1900..=2100).contains(&x?) && day_month(y?, z?);
            let year_last = day_month(x?, y?) && c.len() == 4 && (1900..=2100).contains(&z?);
            let named = month(b).is_some() && day_month(x?, y?) && z.is_some();
            (year_first || year_last || named).then(String::new)
        }
        _ => None,
    }
}

fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let digits = |p: &&str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (2..=3).contains(&parts.len()) && parts.iter().all(digits)
}

/// A calibre: a comma between digits is a decimal point.
pub fn calibre(text: &str) -> Result<String, String> {
    let text = typed(text)?;
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
    let point = |(i, c): (usize, &char)| match c {
        ',' if digit(i.checked_sub(1)) && digit(Some(i + 1)) => '.',
        c => *c,
    };
    Ok(chars.iter().enumerate().map(point).collect())
}

/// What a cell says of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Year {
    /// All of it, or in words.
    Whole(String),
    /// Its last two digits.
    Short(String),
}

/// A year: four digits, two, or words. A date is none.
pub fn year(text: &str) -> Result<Year, String> {
    let text = typed(text)?;
    let whole = whole_number(text);
    let digits = |n: usize| whole.len() == n && whole.bytes().all(|b| b.is_ascii_digit());
    Ok(if digits(2) { Year::Short(whole.to_owned()) } else { Year::Whole(whole.to_owned()) })
}

/// A whole number without what a spreadsheet added: `40.0` is 40.
pub fn whole_number(text: &str) -> &str {
    let text = text.trim();
    match text.split_once(['.', ',']) {
        Some((whole, "0" | "00")) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// A date as it is recorded, year first; from `21.03.2015` too, where the day is always first. Others stay as they are.
pub fn date(text: &str) -> Result<String, String> {
    let text = text.trim();
    let day = text.split_once([' ', 'T']).filter(|(_, time)| is_time(time)).map_or(text, |(day, _)| day);
    let number = |t: &str| t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<u32>().ok()).flatten();
    let points: Vec<&str> = day.split('.').collect();
    let strokes: Vec<&str> = day.split('/').collect();
    match (points.as_slice(), strokes.as_slice()) {
        (&[d, m, y], _) if y.len() == 4 => match (number(d), number(m), number(y)) {
            (Some(d), Some(m), Some(y)) => Ok(format!("{y:04}-{m:02}-{d:02}")),
            _ => Ok(text.to_owned()),
        },
        (&[m, y], _) if y.len() == 4 => match (number(m), number(y)) {
            (Some(m), Some(y)) => Ok(format!("{y:04}-{m:02}")),
            _ => Ok(text.to_owned()),
        },
        (_, &[a, b, y]) if y.len() == 4 => match (number(a), number(b), number(y)) {
            (Some(d), Some(m), Some(y)) if d > 12 || d == m => Ok(format!("{y:04}-{m:02}-{d:02}")),
            (Some(m), Some(d), Some(y)) if d > 12 => Ok(format!("{y:04}-{m:02}-{d:02}")),
            _ => Err(format!("`{text}` does not say which is the day and which the month; write it as 2015-03-21")),
        },
        _ => Ok(day.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_made_is_refused_with_that_cause() {
        for (text, part) in [
            ("1,23E+05", "digits are lost"),
            ("1.2e-7", "digits are lost"),
            ("5E+10", "digits are lost"),
            ("May-88", "likely out of `5-88`"),
            ("Mai 88.", "likely out of `5-88`"),
            ("01-Feb", "likely out of `2-1` or `1-2`"),
            ("01.Feb", "likely out of `2-1` or `1-2`"),
            ("мар.79", "likely out of `3-79`"),
            ("01.02.2026", "a date that a spreadsheet made"),
            ("2001-02-01 00:00:00", "a date that a spreadsheet made"),
            ("1/2/1988", "a date that a spreadsheet made"),
            ("1-Feb-88", "a date that a spreadsheet made"),
        ] {
            assert!(typed(text).unwrap_err().contains(part), "{text}: {:?}", typed(text));
            assert!(year(text).is_err() && calibre(text).is_err(), "{text}");
        }
        for text in [
            "5-88", "1-2", "MAR 40", "10_88", "05", "-7_-8", "1E5", "9x19", "12-70-3", "31_94", "", "S&B_2010", "E_88",
            "DEZ",
        ] {
            assert_eq!(typed(text), Ok(text));
        }
        assert!(sound("#NAME?").is_err() && sound("#####").is_err() && sound("#1").is_ok());
    }

    #[test]
    fn decimal_commas_are_points_and_noughts_stay() {
        assert_eq!(calibre("7,62x39").unwrap(), "7.62x39");
        assert_eq!(calibre("7,62x39, 5,45x39").unwrap(), "7.62x39, 5.45x39");
        assert_eq!(calibre("9mm").unwrap(), "9mm");
        assert_eq!(typed("05").unwrap(), "05");
    }

    #[test]
    fn years_and_numbers_are_whole() {
        assert_eq!(year("1988,0"), Ok(Year::Whole("1988".into())));
        assert_eq!(year("79"), Ok(Year::Short("79".into())));
        assert_eq!(year("absent"), Ok(Year::Whole("absent".into())));
        assert_eq!((whole_number("40.0"), whole_number("1.000"), whole_number("x,0")), ("40", "1.000", "x,0"));
    }

    #[test]
    fn dates_of_finds_are_written_year_first() {
        for (given, kept) in [
            ("2015-03", "2015-03"),
            ("21.03.2015", "2015-03-21"),
            ("3.2015", "2015-03"),
            ("21/3/2015", "2015-03-21"),
            ("3/21/2015", "2015-03-21"),
            ("2015-03-21 00:00:00", "2015-03-21"),
            ("03/03/2015", "2015-03-03"),
            ("spring", "spring"),
        ] {
            assert_eq!(date(given).unwrap(), kept);
        }
        assert!(date("03/04/2015").unwrap_err().contains("which is the day"));
    }

    #[test]
    fn totals_are_known_in_several_languages() {
        assert!(["Total", "Summe:", "ИТОГО", "المجموع"].iter().all(|w| is_total(w)) && !is_total("TZ"));
    }
}
