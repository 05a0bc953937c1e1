//! Years that are told with two digits, held against maker and calibre.

use super::code::Code;
use super::index::Registry;
use super::interpret::Dating;
use super::names::YearFormat;
use super::years::{FIRST, candidates};
use crate::notation::Headstamp;

/// Meanings of a headstamp from this share on are makers that may be meant.
const LEAST_SHARE: f64 = 0.02;

/// Why a year of two digits cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoYear {
    /// Several years fit.
    #[error("`{stamped}` may be {}", joined(.years))]
    Ambiguous {
        /// As it is told.
        stamped: String,
        /// The years that fit.
        years: Vec<i32>,
    },
    /// None fits.
    #[error("`{0}` is no year in which this maker made this calibre, as far as the registry knows")]
    None(String),
}

fn joined(years: &[i32]) -> String {
    years.iter().map(i32::to_string).collect::<Vec<_>>().join(" or ")
}

impl Registry {
    /// The year that two digits mean on a case that bears this headstamp, or the maker's mark alone, and is of this
    /// calibre: the only one in which the calibre was made and a maker who may be meant was at work.
    pub fn full_year(
        &self,
        stamped: &str,
        headstamp: Option<&Headstamp>,
        mark: Option<&str>,
        calibre: Option<&str>,
    ) -> Result<i32, NoYear> {
        let row = calibre.and_then(|c| self.calibres.by_name(c));
        let (from, to) = (row.and_then(|r| r.from).unwrap_or(FIRST), row.and_then(|r| r.to).unwrap_or(self.newest));
        let in_short = candidates(stamped, self.newest).into_iter().filter(|c| c.format == YearFormat::Yy);
        let mut years: Vec<i32> = in_short.map(|c| c.year).filter(|y| (from..=to).contains(y)).collect();
        let of_mark: Vec<&Code> = mark.iter().flat_map(|m| self.lookup(m)).filter(|c| c.kind.names_maker()).collect();
        let makers = if of_mark.is_empty() {
            headstamp.map_or(Vec::new(), |h| self.makers_of(stamped, h, calibre))
        } else {
            of_mark
        };
        if !makers.is_empty() {
            years.retain(|y| makers.iter().any(|m| at_work(m, *y, &makers)));
        }
        match years.as_slice() {
            [one] => Ok(*one),
            [] => Err(NoYear::None(stamped.to_owned())),
            _ => Err(NoYear::Ambiguous { stamped: stamped.to_owned(), years }),
        }
    }

    /// Who may have made it. A mark that is the year names no maker besides.
    fn makers_of(&self, stamped: &str, headstamp: &Headstamp, calibre: Option<&str>) -> Vec<&Code> {
        let found = self.interpret(headstamp, calibre);
        let borne = found.head.tokens.iter().any(|t| t.text == stamped);
        let is_year = |d: Dating| matches!(d, Dating::Year { word, .. } if found.word(word) == stamped);
        let likely = found.meanings.iter().filter(|m| m.probability >= LEAST_SHARE && (!borne || is_year(m.year)));
        let codes: Vec<*const Code> = likely.flat_map(|m| m.rows()).map(std::ptr::from_ref).collect();
        self.rows().iter().filter(|c| codes.contains(&std::ptr::from_ref(*c))).collect()
    }
}

/// Whether a maker is known to have been at work in a year. Rows that do not say when stand back behind those of the same
/// maker that do; one whose years nobody says may have been.
fn at_work(maker: &Code, year: i32, makers: &[&Code]) -> bool {
    let dated = |c: &Code| c.year_from.is_some() || c.year_to.is_some();
    let mut spans = makers.iter().filter(|c| c.facts.maker == maker.facts.maker && dated(c)).peekable();
    let within = |c: &Code| c.year_from.is_none_or(|from| from <= year) && c.year_to.is_none_or(|to| year <= to);
    spans.peek().is_none() || spans.any(|c| within(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maker_and_calibre_tell_the_century() {
        let registry = Registry::embedded().as_of(2026);
        let of = |stamped: &str, headstamp: &str, calibre: Option<&str>| {
            let headstamp: Option<Headstamp> = headstamp.parse().ok();
            registry.full_year(stamped, headstamp.as_ref(), None, calibre)
        };
        assert_eq!(of("79", "FN_79", None), Ok(1979), "Herstal began in 1889");
        assert_eq!(of("04", "LC_04", None), Ok(2004), "Lake City began in 1941");
        assert_eq!(of("88", "10_88", Some("7.62x39")), Ok(1988));
        assert_eq!(of("79", "", Some("7.62x39")), Ok(1979), "the calibre alone");
        assert!(matches!(of("79", "", None), Err(NoYear::Ambiguous { .. })));
        assert!(matches!(of("05", "QQQ_05", None), Err(NoYear::Ambiguous { .. })), "1905 or 2005");
        assert_eq!(of("30", "", Some("7.62x39")), Err(NoYear::None("30".into())));
    }
}
