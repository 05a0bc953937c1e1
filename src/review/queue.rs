//! What is gone through, and in which order.

use crate::catalogue::{Brief, Briefed, Catalogue, CatalogueError, Counts, Item, State};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is gone through. Places in it are the numbers of items, so that it can be left and taken up again anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Queue {
    /// The heads that wait, as they were added.
    #[default]
    Heads,
    /// The photographs on which no head was found, as they were added.
    WithoutHeads,
}

impl Queue {
    /// The first that waits after the item with this number.
    pub(super) fn next(self, catalogue: &Catalogue, after: i64) -> Result<Option<Item>, CatalogueError> {
        match self {
            Self::Heads => catalogue.next_item(after),
            Self::WithoutHeads => catalogue.next_without_head(after),
        }
    }

    /// How many wait, wherever they stand.
    pub(super) fn left(self, counts: &Counts) -> u64 {
        match self {
            Self::Heads => counts.pending,
            Self::WithoutHeads => counts.without_heads,
        }
    }
}

/// In which order heads come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As they were added.
    #[default]
    Added,
    /// The surest first.
    Surest,
    /// The least sure first.
    LeastSure,
    /// Those of the largest group first.
    Group,
    /// By file, as people count.
    File,
    /// What would settle most first: heads of the variety that most heads are, or may be, read as.
    Settles,
}

/// Which heads are gone through. What is `None` does not count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// What became of them: those that wait, unless it is said.
    pub state: Option<State>,
    /// Country of the first proposal, or as told, ISO 3166 two letters.
    pub country: Option<String>,
    /// Where they were found.
    pub site: Option<String>,
}

impl Filter {
    /// Whether a head is gone through, by its brief.
    pub fn takes(&self, brief: &Brief) -> bool {
        let same = |wanted: &Option<String>, is: &Option<String>| wanted.is_none() || wanted == is;
        same(&self.country, &brief.country) && same(&self.site, &brief.site)
    }
}

/// The numbers of the heads that are gone through, in their order. Work grows with how many there are, and briefs alone are
/// read.
pub fn in_line(catalogue: &Catalogue, order: Order, filter: &Filter) -> Result<Vec<i64>, CatalogueError> {
    let mut heads: Vec<Briefed> = catalogue.briefs(filter.state.unwrap_or(State::Pending))?;
    heads.retain(|h| filter.takes(&h.brief));
    let sure = |h: &Briefed| h.brief.confidence.unwrap_or(0.0);
    match order {
        Order::Added => {}
        Order::Surest => heads.sort_by(|a, b| sure(b).total_cmp(&sure(a))),
        Order::LeastSure => heads.sort_by(|a, b| sure(a).total_cmp(&sure(b))),
        Order::File => heads.sort_by(|a, b| alphanumeric_sort::compare_str(&a.path, &b.path)),
        Order::Group | Order::Settles => {
            let mut weight: HashMap<&str, f32> = HashMap::new();
            for Briefed { brief, .. } in &heads {
                *weight.entry(&brief.variety).or_default() += 1.0;
                for other in brief.others.iter().filter(|_| order == Order::Settles) {
                    // what the first proposal leaves open, shared by the others
                    let open = 1.0 - brief.confidence.unwrap_or(0.0);
                    *weight.entry(other).or_default() += open / brief.others.len() as f32;
                }
            }
            let of = |h: &Briefed| if h.brief.variety.is_empty() { 0.0 } else { weight[h.brief.variety.as_str()] };
            let mut keyed: Vec<(f32, String, i64)> =
                heads.iter().map(|h| (of(h), h.brief.variety.clone(), h.id)).collect();
            keyed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2))));
            return Ok(keyed.into_iter().map(|k| k.2).collect());
        }
    }
    Ok(heads.into_iter().map(|h| h.id).collect())
}
