//! Marks of other makers that one misread sign would give, and what would tell them apart.

use super::code::Code;
use super::interpret::{Dating, Interpretation, Meaning};
use crate::notation::look::key;
use crate::notation::turned;

/// Signs that are taken for one another, and what to look at (headstamp-conventions, section 7).
const ALIKE: [(char, char, &str); 22] = [
    ('0', 'O', "digits stand with digits, letters with letters"),
    ('0', 'D', "a D has a straight left side"),
    ('O', 'D', "a D has a straight left side"),
    ('O', 'Q', "a Q has a tail"),
    ('0', 'Q', "a Q has a tail"),
    ('1', 'I', "digits stand with digits, letters with letters"),
    ('1', '7', "a 7 has a full bar at its top"),
    ('2', 'Z', "a 2 is round at its top right"),
    ('3', '8', "a 3 is open at its left"),
    ('3', 'B', "a B has a straight left side"),
    ('8', 'B', "a B has a straight left side"),
    ('3', '5', "a 5 has a flat top and a corner at its left"),
    ('5', 'S', "a 5 has a corner at its top left"),
    ('5', '6', "a 6 is closed below"),
    ('6', 'G', "a 6 is closed below"),
    ('6', '8', "an 8 is closed above"),
    ('C', 'G', "a G has a bar at its right"),
    ('E', 'F', "an E has a bar at its foot"),
    ('P', 'R', "an R has a leg"),
    ('U', 'V', "a V comes to a point"),
    ('V', 'Y', "a Y has a stem"),
    ('N', 'H', "the bar of an H is level"),
];

/// How a mark comes to be taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// One sign looks like another.
    Looks(char, char, &'static str),
    /// The whole mark is read upside down.
    Inverted,
    /// Its signs are read in the other direction.
    Backwards,
}

/// Another maker's mark that this one may be.
#[derive(Debug, Clone)]
pub struct Neighbour<'a> {
    /// Its meaning.
    pub code: &'a Code,
    /// How the one comes to be taken for the other.
    pub how: How,
    /// What would tell them apart, in plain words.
    pub apart: Vec<String>,
}

impl How {
    /// In plain words.
    pub fn say(self) -> String {
        match self {
            Self::Looks(a, b, _) => format!("{a} read for {b}"),
            Self::Inverted => "upside down".into(),
            Self::Backwards => "read from the other side".into(),
        }
    }
}

/// Most alternatives that are named.
const MOST: usize = 8;

impl<'a> Interpretation<'a> {
    /// Other makers whose marks are one misread sign, or a turn, away from that of a meaning.
    pub fn neighbours(&self, meaning: &Meaning<'a>) -> Vec<Neighbour<'a>> {
        let mark = key(&meaning.code.mark);
        let registry = self.head.registry;
        let mut found: Vec<Neighbour<'a>> = Vec::new();
        for (variant, how) in variants(&mark) {
            for code in registry.by_key(&variant).filter(|c| c.kind.names_maker()) {
                let same = |c: &Code| c.iso2 == code.iso2 && c.factory == code.factory;
                if same(meaning.code) || found.iter().any(|f| same(f.code)) {
                    continue;
                }
                found.push(Neighbour { code, how, apart: self.apart(meaning, code, how) });
            }
        }
        found.truncate(MOST);
        found
    }

    fn apart(&self, meaning: &Meaning, other: &Code, how: How) -> Vec<String> {
        let mut out = Vec::new();
        match how {
            How::Looks(_, _, look) => out.push(look.to_owned()),
            How::Inverted | How::Backwards => out.push("which way up the other marks stand".into()),
        }
        if let Dating::Year { value, .. } = meaning.year {
            let outside = other.year_from.is_some_and(|f| value < f) || other.year_to.is_some_and(|t| value > t);
            if outside {
                out.push(format!("`{}` is known {}, and the year here is {value}", other.mark, span(other)));
            }
        }
        let (mine, its) = (&meaning.code.calibres, &other.calibres);
        match self.calibre() {
            Some(c) if !its.is_empty() && !its.iter().any(|i| *i == c.name) => {
                out.push(format!("`{}` is known for {}, not for {}", other.mark, its.join(", "), c.name));
            }
            None if !mine.is_empty() && !its.is_empty() && mine.iter().all(|m| !its.contains(m)) => {
                out.push(format!("the calibre: {} here, {} for `{}`", mine.join(", "), its.join(", "), other.mark));
            }
            _ => {}
        }
        out
    }
}

fn span(code: &Code) -> String {
    match (code.year_from, code.year_to) {
        (Some(_), Some(_)) => format!("of {}", code.years()),
        _ => code.years(),
    }
}

/// Keys that one misread sign makes of a key.
fn variants(mark: &str) -> Vec<(String, How)> {
    let signs: Vec<char> = mark.chars().collect();
    let mut out: Vec<(String, How)> = Vec::new();
    let mut add = |text: String, how| {
        if text != mark && out.iter().all(|(t, _)| *t != text) {
            out.push((text, how));
        }
    };
    for (i, &sign) in signs.iter().enumerate() {
        for (a, b, look) in ALIKE {
            for (seen, other) in [(a, b), (b, a)] {
                if sign == seen {
                    let mut text = signs.clone();
                    text[i] = other;
                    add(text.into_iter().collect(), How::Looks(seen, other, look));
                }
            }
        }
    }
    let over = |s: &char| turned::taken_for(s.encode_utf8(&mut [0; 4]), turned::How::Close).next();
    let turned: Option<String> = signs.iter().rev().map(over).collect();
    if let Some(turned) = turned {
        add(key(&turned), How::Inverted);
    }
    add(signs.iter().rev().collect(), How::Backwards);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_misread_sign() {
        let of = |mark: &str| variants(mark).into_iter().map(|v| v.0).collect::<Vec<_>>();
        assert!(of("31").contains(&"51".to_owned()));
        assert!(of("17").contains(&"71".to_owned()), "read from the other side");
        assert!(of("60").contains(&"09".to_owned()), "upside down");
        assert!(of("61").contains(&"19".to_owned()));
        assert!(!of("945").contains(&"945".to_owned()));
    }
}
