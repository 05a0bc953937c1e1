//! What signs are upside down.

use super::data::rows;
use std::collections::HashSet;
use std::sync::LazyLock;

/// How one sign comes to be another upside down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is that sign.
    Exact,
    /// A person takes it for that sign, or its other case.
    Close,
    /// A network takes it for that sign.
    Loose,
}

struct Row {
    sign: &'static str,
    turned: &'static str,
    how: How,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let row = |[sign, turned, how]: [&'static str; 3]| {
        let how = match how {
            "exact" => How::Exact,
            "close" => How::Close,
            _ => How::Loose,
        };
        Row { sign, turned, how }
    };
    rows(include_str!("data/upside_down.csv")).map(row).collect()
});

/// The sign that another is upside down, itself for some; `None` where it is none.
pub fn upside_down(sign: &str) -> Option<&'static str> {
    TABLE.iter().filter(|r| r.how == How::Exact).find(|r| r.sign == sign).map(|r| r.turned)
}

/// What a sign may be taken for upside down, where `how` is the farthest that is asked for; the nearest first.
pub fn taken_for(sign: &str, how: How) -> impl Iterator<Item = &'static str> {
    [How::Exact, How::Close, How::Loose]
        .into_iter()
        .filter(move |h| *h <= how)
        .flat_map(move |h| TABLE.iter().filter(move |r| r.how == h && r.sign == sign).map(|r| r.turned))
}

static FOLDED: LazyLock<HashSet<(char, char)>> = LazyLock::new(|| {
    let one = |text: &str| text.chars().next().filter(|_| text.chars().count() == 1)?.to_lowercase().next();
    TABLE.iter().filter_map(|r| Some((one(r.sign)?, one(r.turned)?))).collect()
});

/// Whether a character may be taken for another upside down, both in lower case.
pub fn may_be(character: char, read: char) -> bool {
    FOLDED.contains(&(character, read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_row() {
        let text = include_str!("data/upside_down.csv");
        assert_eq!(TABLE.len() + 1, text.lines().count());
        assert!(text.lines().skip(1).all(|l| ["exact", "close", "loose"].iter().any(|how| l.ends_with(how))));
        assert!(TABLE.iter().all(|r| !r.sign.is_empty() && !r.turned.is_empty()));
    }

    #[test]
    fn turning_twice_changes_nothing() {
        for row in TABLE.iter().filter(|r| r.how == How::Exact) {
            assert_eq!(upside_down(row.turned), Some(row.sign));
        }
    }

    #[test]
    fn the_nearest_comes_first() {
        assert_eq!(taken_for("U", How::Close).collect::<Vec<_>>(), ["n"]);
        assert_eq!(taken_for("0", How::Loose).collect::<Vec<_>>(), ["0", "o"]);
        assert_eq!(taken_for("4", How::Close).count(), 0);
    }
}
