//! A headstamp taken apart: its words in clockwise order, each with what it can be.

use super::code::Code;
use super::index::Registry;
use super::names::{Kind, YearFormat};
use super::years::{self, Candidate};
use crate::notation::Element;
use crate::notation::look::digit;
use crate::notation::look::{likeness, push_key};
use std::ops::Range;

/// What a word looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A dot, or a stroke between elements.
    Dot,
    /// A star.
    Star,
    /// The NATO mark.
    Nato,
    /// Another symbol.
    Symbol,
    /// Digits alone, of any script.
    Digits,
    /// With a mark that is not legible.
    Unread,
    /// Letters, or letters and digits.
    Letters,
}

/// A word, and what it can be.
#[derive(Debug)]
pub struct Token<'a> {
    /// As it is written.
    pub text: &'a str,
    /// The element that it belongs to.
    pub element: usize,
    /// What it looks like.
    pub class: Class,
    /// Years that it can mean.
    pub years: Vec<Candidate>,
    /// Whether it belongs to the words that name a calibre.
    pub calibre: bool,
    /// Whether it says something of the cartridge without naming its origin: metal, model, grade, powder.
    pub qualifier: bool,
    /// Rows that are neither a factory nor a brand.
    pub signs: Vec<&'a Code>,
    /// How often the same word stands on the head.
    pub times: usize,
}

/// A mark that may be the maker's: one word, or up to three in a row that make one mark together.
#[derive(Debug, Clone)]
pub(super) struct MakerMark<'a> {
    /// Its meaning.
    pub code: &'a Code,
    /// The words, going past the last one round to the first.
    pub words: Range<usize>,
    /// How well row and stamp agree, 0..1.
    pub likeness: f64,
}

/// Most words of one mark, and most words that are looked at: what goes beyond is no headstamp.
const MOST_JOINED: usize = 3;
const MOST_WORDS: usize = 24;

/// The words of elements.
pub(super) fn tokens<'a>(registry: &'a Registry, elements: &'a [Element], newest: i32) -> Vec<Token<'a>> {
    let mut key = String::new();
    let mut words: Vec<(usize, &str)> = Vec::with_capacity(elements.len());
    for (i, word) in elements.iter().enumerate().flat_map(|(i, e)| e.as_str().split_whitespace().map(move |w| (i, w))) {
        match year_close_by(registry, word, &mut key) {
            Some(at) => words.extend([(i, &word[..at]), (i, word[at..].trim_start_matches('-'))]),
            None => words.push((i, word)),
        }
    }
    let mut tokens: Vec<Token> = words
        .into_iter()
        .take(MOST_WORDS)
        .map(|(element, text)| {
            let class = class(text);
            key.clear();
            push_key(text, &mut key);
            let signs: Vec<&Code> =
                registry.by_key(&key).filter(|c| !c.kind.names_maker() && likeness(&c.mark, text) > 0.5).collect();
            let mut candidates = years::candidates(text, newest);
            for sign in signs.iter().filter(|s| s.kind == Kind::Year) {
                let formats = sign.year_formats.first().copied().unwrap_or(YearFormat::Letter);
                candidates.extend(sign.year_from.map(|year| Candidate { format: formats, year, with: None }));
            }
            let qualifies = |k: Kind| matches!(k, Kind::Metal | Kind::Model | Kind::Grade | Kind::Propellant);
            let qualifier = signs.iter().any(|s| qualifies(s.kind));
            Token { text, element, class, years: candidates, calibre: false, qualifier, signs, times: 1 }
        })
        .collect();
    split_years(&mut tokens, newest);
    for i in 0..tokens.len() {
        tokens[i].times = tokens.iter().filter(|t| t.text == tokens[i].text).count();
    }
    tokens
}

/// A year in two halves, such as 19 at one side and 08 at the other.
fn split_years(tokens: &mut [Token], newest: i32) {
    /// Maker and halves at least.
    const LEAST: usize = 3;
    if tokens.len() < LEAST {
        return;
    }
    let two = |t: &Token| t.text.parse::<i32>().ok().filter(|_| t.text.len() == 2);
    let centuries: Vec<(usize, i32)> = tokens
        .iter()
        .enumerate()
        .filter_map(|(i, t)| two(t).filter(|n| (18..=20).contains(n)).map(|n| (i, n)))
        .collect();
    for (i, token) in tokens.iter_mut().enumerate() {
        let Some(n) = two(token) else { continue };
        let halves = centuries.iter().filter(|(at, _)| *at != i).map(|(at, century)| (*at, century * 100 + n));
        let years = halves.filter(|(_, year)| (years::FIRST..=newest).contains(year));
        token.years.extend(years.map(|(at, year)| Candidate { format: YearFormat::Yyyy, year, with: Some(at) }));
    }
}

/// Where a year begins that stands close by the maker's mark, as in `TW54`, or ends that a lot follows, as in `82-15`.
fn year_close_by(registry: &Registry, word: &str, key: &mut String) -> Option<usize> {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if let Some((year, lot)) = word.split_once('-')
        && digits(year)
        && digits(lot)
        && registry.calibres().by_name(word).is_none()
    {
        return Some(year.len());
    }
    let at = word.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0)?;
    let (letters, digits) = word.split_at(at);
    if !matches!(digits.len(), 2 | 4)
        || !letters.chars().all(char::is_alphabetic)
        || years::candidates(digits, i32::MAX).is_empty()
    {
        return None;
    }
    let mut known = |mark: &str| {
        key.clear();
        push_key(mark, key);
        registry.by_key(key).next().is_some()
    };
    (!known(word) && known(letters)).then_some(at)
}

fn class(text: &str) -> Class {
    match text {
        "•" | "." | "-" | "·" | "–" | "|" => Class::Dot,
        "*" | "★" | "☆" => Class::Star,
        "⊕" => Class::Nato,
        _ if text.contains('?') => Class::Unread,
        _ if text.chars().all(|c| digit(c).is_some()) => Class::Digits,
        _ if text.starts_with('[') && text.ends_with(']') => Class::Symbol,
        _ if text.chars().any(char::is_alphanumeric) => Class::Letters,
        _ => Class::Symbol,
    }
}

impl Token<'_> {
    /// A month, a quarter, a lot: one or two digits up to 31, or a Roman number.
    pub fn small_number(&self) -> bool {
        let roman = ["I", "II", "III", "IV"].contains(&self.text);
        roman || self.text.parse::<u32>().is_ok_and(|n| self.text.len() <= 2 && n <= 31)
    }

    /// A lot: up to three digits.
    pub fn lot(&self) -> bool {
        self.class == Class::Digits && self.text.chars().count() <= 3
    }

    /// Such as `7.62` or `9MM`: a size, whether or not it names one calibre.
    pub fn looks_like_calibre(&self) -> bool {
        let t = self.text.trim_end_matches(|c: char| c.eq_ignore_ascii_case(&'m'));
        let figures = !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'x' | b'X'));
        let sign = self.signs.iter().any(|s| s.kind == Kind::Calibre);
        sign || (figures
            && (t.len() < self.text.len() || t.bytes().any(|b| !b.is_ascii_digit()))
            && t != "."
            && t != "x")
    }
}

/// What stands in the registry for no mark.
const UNMARKED: &str = "-";

/// Every mark that may be the maker's.
pub(super) fn maker_marks<'a>(registry: &'a Registry, tokens: &[Token<'a>]) -> Vec<MakerMark<'a>> {
    let n = tokens.len();
    let mut key = String::new();
    // makers that are known for bearing no mark
    let unmarked = registry.by_key(UNMARKED).filter(|c| c.kind == Kind::Unmarked && !c.iso2.is_empty() && n > 0);
    let mut found: Vec<MakerMark> = unmarked.map(|code| MakerMark { code, words: 0..0, likeness: 1.0 }).collect();
    for start in 0..n {
        let mut whole = String::new();
        for length in 1..=MOST_JOINED.min(n) {
            let token = &tokens[(start + length - 1) % n];
            // a year or a calibre is no part of a mark, nor is a dot its first or last sign
            if length > 1 && matches!(token.class, Class::Digits | Class::Unread) {
                break;
            }
            whole.push_str(token.text);
            if token.class == Class::Dot || (length > 1 && tokens[start].class == Class::Dot) {
                continue;
            }
            key.clear();
            push_key(&whole, &mut key);
            let names = |k: Kind| k.names_maker() || (k.names_state() && length == 1);
            for code in registry.by_key(&key).filter(|c| names(c.kind) && !c.iso2.is_empty()) {
                let likeness = likeness(&code.mark, &whole) * if length > 1 { APART } else { 1.0 };
                found.push(MakerMark { code, words: start..start + length, likeness });
            }
        }
    }
    found
}

/// How much less a mark counts whose letters stand in elements of their own.
const APART: f64 = 0.8;
