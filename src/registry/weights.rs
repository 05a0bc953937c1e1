//! How much each reason weighs: one place for all rules of thumb.
//!
//! A weight is a factor of likelihood: 1 says nothing, 2 that the meaning is twice as likely for it, 0.1 that it is ten
//! times less likely. They follow `headstamp-conventions`; what shares they give together is measured on the table in
//! `tests/data`.

use super::names::Confidence;

/// The user's own registry says so.
pub(super) const OWN: f64 = 20.0;

/// On whose word the row stands.
pub(super) fn source(confidence: Confidence) -> f64 {
    match confidence {
        Confidence::Documented => 1.0,
        Confidence::Likely => 0.8,
        Confidence::CollectorReport => 0.6,
    }
}

/// A brand: others may have made it.
pub(super) const BRAND: f64 = 0.7;
/// A sign of the state, not of works.
pub(super) const SIGN: f64 = 0.2;
/// A maker without a mark, on a head that is laid out as its heads are; on any other it is out of the question.
pub(super) const UNMARKED: f64 = 0.3;

/// How telling a mark is by itself: a number, or letters, of so many signs. Short ones are met by chance.
pub(super) fn common(number: bool, signs: usize) -> Option<f64> {
    match (number, signs) {
        (true, 1) => Some(0.3),
        (true, 2) => Some(0.4),
        (false, 1) => Some(0.6),
        _ => None,
    }
}

/// One letter is all that names the maker, and not all of layout, year and calibre fit: such a letter is met by chance.
pub(super) const ONE_LETTER_ALONE: f64 = 0.05;

/// A number that names works stands first.
pub(super) const FIRST: f64 = 1.0;
/// It stands second of two.
pub(super) const SECOND_OF_TWO: f64 = 0.5;
/// It stands anywhere else.
pub(super) const LATER: f64 = 0.25;

/// There is a number that could be the year and is not taken for it: on a head of a maker who bears none,
pub(super) const YEAR_UNUSED_UNDATED: f64 = 0.8;
/// of one of whom that is not known,
pub(super) const YEAR_UNUSED_UNKNOWN: f64 = 0.35;
/// and of one who dates its heads.
pub(super) const YEAR_UNUSED_DATED: f64 = 0.12;
/// This maker's heads bear a year and this one does not, though a mark on it cannot be read.
pub(super) const NO_YEAR_UNREAD: f64 = 0.7;
/// The same, and all marks are read.
pub(super) const NO_YEAR: f64 = 0.4;

/// The year is stamped as this maker stamps it.
pub(super) const FORMAT_ITS_OWN: f64 = 1.0;
/// In a reckoning that is rare, and in European digits, which these reckonings seldom are written in.
pub(super) const FORMAT_RARE: f64 = 0.004;
/// In a rare reckoning, in digits of its script.
pub(super) const FORMAT_RARE_IN_ITS_DIGITS: f64 = 0.15;
/// In the usual way, by a maker who bears no year.
pub(super) const FORMAT_OF_UNDATED: f64 = 0.15;
/// In four digits, which hardly mean anything else, by such a maker in years that are attested for it.
pub(super) const FORMAT_WHOLE_OF_UNDATED: f64 = 1.0;
/// In the usual way, where this maker's is not known.
pub(super) const FORMAT_UNKNOWN: f64 = 0.6;
/// In the usual way, but not this maker's.
pub(super) const FORMAT_OTHER: f64 = 0.3;
/// The number taken for the year stands there twice.
pub(super) const TWICE: f64 = 0.2;

/// Years outside those attested in which likelihood falls to a third. What is documented was seen, and says nothing of what
/// was not; other spans are meant as limits, about.
pub(super) fn slack(confidence: Confidence) -> f64 {
    match confidence {
        Confidence::Documented => 22.0,
        Confidence::Likely => 14.0,
        Confidence::CollectorReport => 8.0,
    }
}

/// However far outside: sources err.
pub(super) const OUT_OF_YEARS_LEAST: f64 = 0.01;
/// The year lies in the years attested.
pub(super) const IN_YEARS: f64 = 1.25;
/// The state ended the year before, or began the year after: a die cut in one year is used on into the next.
pub(super) const NO_STATE_BY_A_YEAR: f64 = 0.3;
/// The state did not exist then.
pub(super) const NO_STATE: f64 = 0.03;
/// The calibre did not exist then.
pub(super) const NO_CALIBRE_YET: f64 = 0.01;

/// The head is laid out as this maker's.
pub(super) const LAYOUT: f64 = 2.0;
/// It is laid out otherwise.
pub(super) const OTHER_LAYOUT: f64 = 0.6;

/// The calibre is attested for this maker.
pub(super) const CALIBRE: f64 = 2.0;
/// Another of the same family is, on a source that was read (which need not list all), and on others.
pub(super) const FAMILY_DOCUMENTED: f64 = 0.8;
pub(super) const FAMILY: f64 = 0.6;
/// Others are, likewise.
pub(super) const OTHER_CALIBRE_DOCUMENTED: f64 = 0.3;
pub(super) const OTHER_CALIBRE: f64 = 0.12;

/// The NATO mark, and this maker works to that standard, or does not.
pub(super) const NATO: f64 = 1.5;
pub(super) const NOT_NATO: f64 = 0.1;
/// A mark of the state that agrees, and one that contradicts.
pub(super) const STATE_AGREES: f64 = 4.0;
pub(super) const STATE_CONTRADICTS: f64 = 0.1;
/// Another mark that agrees, contradicts, or belongs to no country.
pub(super) const SIGN_AGREES: f64 = 2.0;
pub(super) const SIGN_CONTRADICTS: f64 = 0.5;
pub(super) const SIGN_OF_NONE: f64 = 1.0;

/// A word that would be the mark of another maker of the same country,
pub(super) const OTHER_MAKER_AT_HOME: f64 = 1.5;
/// of another country, with several letters or one.
pub(super) const OTHER_MAKER: f64 = 0.15;
pub(super) const OTHER_MAKER_OF_ONE_LETTER: f64 = 0.4;
/// A word that remains unexplained: a number that may be a month or a lot,
pub(super) const UNEXPLAINED_SMALL: f64 = 0.6;
/// a larger number,
pub(super) const UNEXPLAINED_NUMBER: f64 = 0.3;
/// one with marks that cannot be read,
pub(super) const UNEXPLAINED_UNREAD: f64 = 0.7;
/// and any other.
pub(super) const UNEXPLAINED: f64 = 0.5;

/// How often cartridges of a year are met, 1 = most often. After the decades of the Mali sample (Small Arms Survey 2015,
/// figure of decades: more than half of the 1970s and 1980s, 29 % of 2000 to 2009, 2 % later), with older ones as in collections.
pub(super) fn met(year: i32) -> f64 {
    match year {
        ..=1899 => 0.12,
        1900..=1913 => 0.25,
        1914..=1918 => 0.45,
        1919..=1934 => 0.35,
        1935..=1945 => 0.7,
        1946..=1959 => 0.7,
        1960..=1969 => 0.85,
        1970..=1989 => 1.0,
        1990..=1999 => 0.8,
        2000..=2009 => 0.9,
        _ => 0.7,
    }
}
