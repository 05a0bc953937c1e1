//! Which heads may show a case that was photographed before: those to be held against each other on the pictures.
//!
//! A case that is photographed twice mostly is so in a row, and is read alike; others are those of its group that look most
//! like it. Whether two are one case the pictures prove ([`super::groups::proved`]), and a person decides.

use super::groups::{Groups, Look};
use crate::catalogue::brief::From;
use crate::catalogue::{Catalogue, CatalogueError, Item, State};
use crate::notation::variety_key;
use std::collections::BTreeSet;

/// How far before and after a head others are looked for, in the order in which heads were added.
const NEAR: i64 = 12;
/// Heads of its group that are compared by their looks, and how many of them are held against it.
const COMPARED: usize = 120;
const LIKEST: usize = 2;
/// Most heads that one is held against: each takes the time of two pictures.
const MOST: usize = 6;
/// Most pairs of a sheet that are held against each other.
const MOST_PAIRS: usize = 12;
/// How much more alike two heads count that were added one after the other.
const IN_A_ROW: f32 = 0.2;

/// The heads that one may show the case of: read alike, on another photograph, waiting or entered; nearest first.
pub fn candidates(catalogue: &Catalogue, groups: &Groups, item: &Item) -> Result<Vec<Item>, CatalogueError> {
    let read = varieties(item);
    let may = |other: &Item| {
        other.id != item.id
            && other.place.photo != item.place.photo
            && matches!(other.state, State::Pending | State::Entered)
            && other.place.head.is_some()
            && !groups.said_unlike(&item.place, &From::Head(other.place.clone()))
            && varieties(other).iter().any(|v| read.contains(v))
    };
    let mut all: Vec<Item> = Vec::new();
    for off in (1..=NEAR).flat_map(|n| [-n, n]) {
        all.extend(catalogue.item(item.id + off)?.filter(&may));
    }
    all.truncate(MOST - LIKEST);
    for id in likest(catalogue, groups, item)? {
        if all.iter().all(|there| there.id != id) {
            all.extend(catalogue.item(id)?.filter(&may));
        }
    }
    Ok(all)
}

/// What a head may read.
fn varieties(item: &Item) -> BTreeSet<String> {
    item.head.proposals.iter().map(|p| variety_key(&p.headstamp)).collect()
}

/// The heads of its group that look most like it.
fn likest(catalogue: &Catalogue, groups: &Groups, item: &Item) -> Result<Vec<i64>, CatalogueError> {
    let Some((key, _)) = groups.group_of(item.id) else { return Ok(Vec::new()) };
    let mut ids: Vec<i64> = groups.near(key, item.id, COMPARED);
    ids.push(item.id);
    let looks = catalogue.looks(&ids)?;
    let of = |id: &i64| looks.get(id).and_then(|kept| Look::from_kept(kept));
    let Some(own) = of(&item.id) else { return Ok(Vec::new()) };
    let like = |id: i64| (id != item.id).then(|| Some((own.like(&of(&id)?).0, id))).flatten();
    let mut all: Vec<(f32, i64)> = ids.into_iter().filter_map(like).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(all.into_iter().take(LIKEST).map(|(_, id)| id).collect())
}

/// Pairs of heads of a sheet that may be of one case: those that were added in a row, and those that look most alike; most
/// alike first.
pub fn candidates_among(
    catalogue: &Catalogue,
    groups: &Groups,
    items: &[Item],
) -> Result<Vec<(i64, i64)>, CatalogueError> {
    let looks = catalogue.looks(&items.iter().map(|i| i.id).collect::<Vec<_>>())?;
    let looks: Vec<Option<Look>> = items.iter().map(|i| Look::from_kept(looks.get(&i.id)?)).collect();
    let mut all: Vec<(f32, i64, i64)> = Vec::new();
    for (n, one) in items.iter().enumerate() {
        for (other, look) in items.iter().zip(&looks).skip(n + 1) {
            let apart = one.place.photo == other.place.photo
                || groups.said_unlike(&one.place, &From::Head(other.place.clone()));
            if apart {
                continue;
            }
            let alike = looks[n].as_ref().zip(look.as_ref()).map_or(0.0, |(a, b)| a.like(b).0);
            let in_a_row = (one.id - other.id).abs() <= 1;
            all.push((if in_a_row { alike + IN_A_ROW } else { alike }, one.id, other.id));
        }
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.truncate(MOST_PAIRS);
    Ok(all.into_iter().map(|(_, one, other)| (one, other)).collect())
}
