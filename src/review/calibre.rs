//! Which calibre a case may be of, and why that is thought: proposed for each case and never carried to the next in silence.

use crate::catalogue::{Catalogue, CatalogueError, Field, Item};
use crate::registry::Registry;
use std::collections::BTreeMap;
use std::path::Path;

/// Confirmed cases of a variety whose calibres are asked.
const ASKED: usize = 32;
/// Least characters of a name in a path that is taken for a calibre: `12` is a number, `7.62x39` hardly is.
const LEAST: usize = 4;

/// Why a calibre is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It was told of the photograph.
    Told,
    /// It is stamped, or follows from what is: how that is known, in the words of the registry.
    Stamped(String),
    /// So many confirmed cases of this variety are of it.
    Like(usize),
    /// A folder or file on the photograph's path is called so.
    Path(String),
}

/// A calibre that is proposed for a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// By its usual name.
    pub calibre: String,
    /// Why.
    pub why: Why,
}

/// Calibres for a head, if its headstamp is this one; what is surest first, each once.
pub fn calibres(
    catalogue: &Catalogue,
    registry: &Registry,
    item: &Item,
    headstamp: &str,
) -> Result<Vec<Proposed>, CatalogueError> {
    let mut all: Vec<Proposed> = Vec::new();
    let mut add = |calibre: &str, why: Why| {
        let calibre = registry.calibres().canonical(calibre).to_owned();
        if !calibre.is_empty() && all.iter().all(|p| p.calibre != calibre) {
            all.push(Proposed { calibre, why });
        }
    };
    if let Some(told) = item.given.get(&Field::Calibre) {
        add(&told.text, Why::Told);
    }
    let own = item.head.proposals.iter().find(|p| p.headstamp == headstamp).and_then(|p| p.calibre.as_ref());
    if let Some(own) = own {
        add(&own.value, Why::Stamped(own.evidence.clone().unwrap_or_default()));
    }
    for (calibre, count) in of_like(catalogue, headstamp)? {
        add(&calibre, Why::Like(count));
    }
    for (calibre, part) in on_path(registry, Path::new(&item.path)) {
        add(&calibre, Why::Path(part));
    }
    Ok(all)
}

/// Calibres of confirmed cases that bear a headstamp, with how many are of each, the most first.
fn of_like(catalogue: &Catalogue, headstamp: &str) -> Result<Vec<(String, usize)>, CatalogueError> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in catalogue.cases_bearing(headstamp, ASKED)? {
        let calibre = catalogue.entry(case)?.and_then(|mut e| e.values.remove(&Field::Calibre));
        if let Some(calibre) = calibre {
            *counts.entry(calibre.text).or_default() += 1;
        }
    }
    let mut all: Vec<(String, usize)> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(all)
}

/// Calibres that are named on a path, the nearest to the file first, each with the part that names it.
fn on_path(registry: &Registry, path: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    for part in parts.iter().rev() {
        let words = part.split([' ', '_', '(', ')', ',']).filter(|w| *w != part);
        for name in std::iter::once(part.as_str()).chain(words) {
            let plain = name.chars().count() >= LEAST && name.contains(|c: char| c.is_ascii_digit());
            if let Some(row) = registry.calibres().by_name(name).filter(|_| plain) {
                all.push((row.name.clone(), part.clone()));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_its_calibre_and_a_number_does_not() {
        let registry = Registry::embedded();
        let named = |path: &str| on_path(&registry, Path::new(path)).into_iter().map(|p| p.0).collect::<Vec<_>>();
        assert_eq!(named("/kidal/7.62x39/IMG_0012.jpg"), ["7.62x39"]);
        assert_eq!(named("/kidal/7.62x39 mm (2019)/5.56x45_12.jpg"), ["5.56x45", "7.62x39"]);
        assert!(named("/2019/12/0045.jpg").is_empty());
    }
}
