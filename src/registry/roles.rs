//! What each word of a headstamp is, by the likeliest meaning.

use super::interpret::{Dating, Interpretation};
use super::names::Kind;
use super::tokens::Class;

/// A word and its part in the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Role<'a> {
    /// The word.
    pub text: &'a str,
    /// What it is, in plain words.
    pub says: String,
    /// Years that it can mean by itself.
    pub years: Vec<i32>,
}

impl<'a> Interpretation<'a> {
    /// The words in clockwise order.
    pub fn roles(&self) -> Vec<Role<'a>> {
        let tokens = &self.head.tokens;
        let best = self.meanings.first();
        let roles = tokens.iter().enumerate().map(|(i, token)| {
            let maker = best.is_some_and(|m| m.covers(i, tokens.len()));
            let year = best.map_or_else(|| self.unknown_dating(), |m| m.year);
            let signs = || token.signs.iter().filter(|s| s.kind != Kind::Year);
            let says = match year {
                Dating::Year { word, value, .. } if word == i => format!("year {value}"),
                Dating::Year { value, .. } if best.is_some_and(|m| m.half_of_year(i)) => {
                    format!("half of the year {value}")
                }
                Dating::NotLegible(word) if word == i => "year, not legible".into(),
                _ if maker => best.map_or("", |m| m.code.kind.name()).replace("factory", "maker"),
                _ if token.calibre => "calibre".into(),
                _ if token.class == Class::Nato => "NATO mark: a standard, not a state".into(),
                _ if token.class == Class::Star => "star".into(),
                _ if token.class == Class::Dot => "dot".into(),
                _ if signs().next().is_some() => signs().next().map_or("", |s| s.kind.name()).to_owned(),
                _ if token.looks_like_calibre() => "calibre, as far as it is stamped".into(),
                _ if token.class == Class::Unread => "not legible".into(),
                _ if token.small_number() => "a small number: month, quarter or lot".into(),
                _ if token.class == Class::Digits => "a number: lot or date".into(),
                _ if token.class == Class::Symbol => "symbol".into(),
                _ => "not known here".into(),
            };
            let mut years: Vec<i32> = token.years.iter().filter(|y| y.format.is_usual()).map(|y| y.year).collect();
            years.dedup();
            Role { text: token.text, says, years }
        });
        roles.collect()
    }
}
