//! Samples in parts, so that nothing of one is known from another: all of a variety, of a case, and, where whole photographs
//! are shown, of a photograph are in one part.

use super::choose::draw;
use super::cut::What;
use super::gather::Sample;
use std::collections::HashMap;

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// To learn from.
    Train,
    /// To watch while learning.
    Validation,
    /// To measure by in the end.
    Test,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// Its name, as folders and columns have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

/// How much goes to each part; shares of their sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares(pub [f32; 3]);

impl Default for Shares {
    fn default() -> Self {
        Self([80.0, 10.0, 10.0])
    }
}

/// The part of each sample, in their order. It is drawn by the name of the variety alone: however the catalogue grows, a
/// variety stays where it is, and what was held aside once stays unseen. So shares are of varieties; where photographs are
/// shown whole, those that share one go together.
pub fn split(samples: &[Sample], shares: Shares, what: What) -> Vec<Part> {
    let mut groups = Groups((0..samples.len()).collect());
    let mut first: HashMap<String, usize> = HashMap::new();
    for (n, sample) in samples.iter().enumerate() {
        let mut names = vec![format!("variety {}", sample.variety), format!("case {}", sample.case)];
        if what == What::Photographs {
            names.push(format!("photograph {}", sample.place.photo));
        }
        for name in names {
            let other = *first.entry(name).or_insert(n);
            groups.join(n, other);
        }
    }
    let mut names: HashMap<usize, &str> = HashMap::new();
    for (n, sample) in samples.iter().enumerate() {
        let name = names.entry(groups.of(n)).or_insert(&sample.variety);
        *name = (*name).min(&sample.variety);
    }
    (0..samples.len()).map(|n| shares.part(names.get(&groups.of(n)).copied().unwrap_or_default())).collect()
}

impl Shares {
    /// The part that a name is drawn for.
    fn part(self, name: &str) -> Part {
        let [a, b, c, d, ..] = draw(name);
        let drawn = f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX);
        let sum: f64 = self.0.iter().map(|s| f64::from(*s)).sum();
        let mut up_to = 0.0;
        for (part, share) in Part::ALL.into_iter().zip(self.0) {
            up_to += f64::from(share) / sum;
            if drawn < up_to {
                return part;
            }
        }
        Part::Train
    }
}

/// Which belong together: of each another, or itself.
struct Groups(Vec<usize>);

impl Groups {
    fn of(&mut self, n: usize) -> usize {
        let mut root = n;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}
