//! Completing a headstamp that is being typed.

use crate::catalogue::{Catalogue, CatalogueError};
use crate::registry::Registry;

/// Marks of the registry and headstamps of the catalogue, in order.
#[derive(Debug, Clone, Default)]
pub struct Words(Vec<String>);

impl Words {
    /// All that are known.
    pub fn known(registry: &Registry, catalogue: &Catalogue) -> Result<Self, CatalogueError> {
        let mut words: Vec<String> = registry.marks().map(str::to_owned).collect();
        words.extend(catalogue.headstamp_counts()?.into_iter().map(|(text, _)| text));
        Ok(words.into_iter().collect())
    }

    /// One more word is known.
    pub fn know(&mut self, word: &str) {
        if let Err(at) = self.0.binary_search_by(|w| w.as_str().cmp(word)) {
            self.0.insert(at, word.to_owned());
        }
    }

    /// What `begun` can become, and the byte from which on it takes the place of what was typed: whole headstamps that begin
    /// so; where there is none, marks that begin like the last element.
    pub fn complete(&self, begun: &str) -> (usize, Vec<&str>) {
        let whole: Vec<&str> = self.starting(begun).filter(|w| w.contains('_')).collect();
        if !whole.is_empty() {
            return (0, whole);
        }
        let from = begun.rfind('_').map_or(0, |i| i + 1);
        (from, self.starting(&begun[from..]).filter(|w| !w.contains('_')).collect())
    }

    fn starting<'w>(&'w self, with: &str) -> impl Iterator<Item = &'w str> + use<'w> {
        let first = self.0.partition_point(|w| w.as_str() < with);
        let count = self.0[first..].partition_point(|w| w.starts_with(with));
        self.0[first..][..count].iter().map(String::as_str)
    }
}

impl FromIterator<String> for Words {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> Self {
        let mut words: Vec<String> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }
}
