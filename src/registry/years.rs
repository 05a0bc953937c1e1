//! Years as they are stamped.

use super::names::YearFormat;
use crate::notation::look::digit;

/// One way to understand a number as a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// How it would be stamped.
    pub format: YearFormat,
    /// The year of our reckoning; where the other calendar's year spans two, the one it began in.
    pub year: i32,
    /// The word, by index, that bears the other half of the year.
    pub with: Option<usize>,
}

/// No metallic cartridge with a dated head is older.
pub(super) const FIRST: i32 = 1865;

/// The years that a number can mean in any reckoning, up to `newest`. In Arabic script the short form is of the reckoning
/// that the long form would be of.
pub(super) fn candidates(stamped: &str, newest: i32) -> Vec<Candidate> {
    use YearFormat::*;
    let Some((n, length, nought, eastern)) = number(stamped) else { return Vec::new() };
    let of = |format, year| Candidate { format, year, with: Option::None };
    let mut all = Vec::new();
    match length {
        1 if (2..=5).contains(&n) => all.push(of(Digit, 1940 + n)),
        2 => {
            all.extend([1800, 1900, 2000].map(|century| of(Yy, century + n)));
            if n <= ROC_SHORT {
                all.push(of(Roc, n + ROC));
            }
            // the last two digits of a solar or lunar year of our time, or of the century before
            all.push(of(Solar, 1300 + n + SOLAR));
            all.extend([1300, 1400].map(|century| of(Hijri, hijri(century + n))));
        }
        3 if nought => all.push(of(Oyy, 2000 + n)),
        3 if n >= 900 => all.push(of(Oyy, 1000 + n)),
        3 if n <= 120 => all.push(of(Roc, n + ROC)),
        4 => {
            all.push(of(Yyyy, n));
            if (1280..=1345).contains(&n) {
                all.push(of(Rumi, n + RUMI));
            }
            if (1300..=1420).contains(&n) {
                all.push(of(Solar, n + SOLAR));
            }
            if (1280..=1460).contains(&n) {
                all.push(of(Hijri, hijri(n)));
            }
            if (2400..=2600).contains(&n) {
                all.push(of(Buddhist, n - BUDDHIST));
            }
        }
        _ => {}
    }
    // nobody writes Chinese years in Arabic digits
    all.retain(|c| (FIRST..=newest).contains(&c.year) && !(eastern && c.format == Roc));
    all
}

/// What is added to a year of the Republic of China (headstamp-conventions, section 3).
const ROC: i32 = 1911;
/// Longest-used two-digit year of that reckoning on cartridges: 38 is 1949, and Taiwan went on.
const ROC_SHORT: i32 = 99;
/// What is added to an Ottoman financial year. By it 1326 is 1910; as a lunar year it is 1908, which is how the sources read it.
const RUMI: i32 = 584;
/// What is added to a Persian solar year for the part from the new year in March on.
const SOLAR: i32 = 621;
/// What is taken from a year of the Buddhist era.
const BUDDHIST: i32 = 543;

/// The year in which most of an Islamic lunar year falls.
fn hijri(year: i32) -> i32 {
    (f64::from(year) * 0.970_224 + 621.577_4) as i32
}

/// A number of up to four digits: its value, its length, whether it begins with a nought, whether in Arabic script.
fn number(stamped: &str) -> Option<(i32, usize, bool, bool)> {
    let (mut n, mut length, mut nought, mut eastern) = (0i32, 0, false, false);
    for c in stamped.chars() {
        let d = digit(c)?;
        if length == 0 {
            nought = d == 0;
            eastern = !c.is_ascii();
        }
        length += 1;
        if length > 4 {
            return None;
        }
        n = n * 10 + d as i32;
    }
    (length >= 1).then_some((n, length, nought, eastern))
}

#[cfg(test)]
mod tests {
    use super::*;
    use YearFormat::*;

    fn of(stamped: &str, format: YearFormat) -> Vec<i32> {
        candidates(stamped, 2026).into_iter().filter(|c| c.format == format).map(|c| c.year).collect()
    }

    #[test]
    fn numbers_that_can_be_years() {
        assert_eq!(of("05", Yy), [1905, 2005]);
        assert_eq!(of("88", Yy), [1888, 1988]);
        assert_eq!(of("012", Oyy), [2012]);
        assert_eq!(of("943", Oyy), [1943]);
        assert_eq!(of("1943", Yyyy), [1943]);
        assert_eq!(of("١٩٥٤", Yyyy), [1954]);
        assert!(["188", "L2", "7", "19431", "27?"].iter().all(|t| of(t, Yy).is_empty() && of(t, Oyy).is_empty()));
        assert!(of("30", Yy).iter().all(|y| *y <= 2026), "no year is to come");
    }

    #[test]
    fn other_reckonings() {
        assert_eq!(of("19", Roc), [1930]);
        assert_eq!(of("١٣٢٦", Rumi), [1910]);
        assert_eq!(of("۱۳۰۹", Solar), [1930]);
        assert_eq!(of("2515", Buddhist), [1972]);
        assert_eq!(of("1400", Hijri), [1979], "1400 began in November 1979");
    }
}
