//! Calibres as they are stamped.

use crate::record::Calibre;

const EMBEDDED: &str = include_str!("data/calibres.csv");

/// The calibre that a headstamp's words name: the longest alias all of whose words are there.
pub fn calibre(elements: &[String]) -> Option<Calibre> {
    let words: Vec<String> = elements.iter().flat_map(|e| e.split_whitespace()).map(str::to_uppercase).collect();
    let mut best: Option<(usize, &str, &str)> = None;
    for line in EMBEDDED.lines().skip(1) {
        let Some((calibre, aliases)) = line.split_once(',') else { continue };
        for alias in aliases.split(';') {
            let all = alias.split(' ').all(|part| words.iter().any(|w| w.eq_ignore_ascii_case(part)));
            if all && best.is_none_or(|b| alias.len() > b.0) {
                best = Some((alias.len(), calibre, alias));
            }
        }
    }
    // A bare number of two digits is a year or a works as often as a calibre.
    let (_, value, evidence) = best.filter(|b| b.0 > 2)?;
    Some(Calibre { value: value.to_string(), evidence: Some(evidence.to_string()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamped_calibres_are_known() {
        let of = |text: &str| calibre(&text.split('_').map(String::from).collect::<Vec<_>>()).map(|c| c.value);
        assert_eq!(of("X_LUGER_9MM").as_deref(), Some("9x19"));
        assert_eq!(of("X_9mm Luger").as_deref(), Some("9x19"));
        assert_eq!(of("X_5.56 MM").as_deref(), Some("5.56x45"));
        assert_eq!(of("X_45 AUTO").as_deref(), Some(".45 ACP"));
        assert_eq!(of("12_88"), None);
    }
}
