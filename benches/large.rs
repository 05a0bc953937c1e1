//! A catalogue of many heads, to try the page and the server on: what `headstamp add` made of a batch, each head as often as
//! it takes. Every photograph bears its heads again and again, so that pictures are cut from what is there.
//!
//! `cargo bench --bench large -- CATALOGUE OUT [HEADS] [different]`: `different` gives each copy a year of its own, so that
//! there are nearly as many varieties as heads; else copies are of the same variety, as in a batch with its study's shares.

use headstamp::catalogue::{Catalogue, State, Values};
use headstamp::record::{HeadRecord, PhotoRecord};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// Heads that are made where no number is given.
const HEADS: usize = 100_000;
/// Photographs handed over at once.
const AT_ONCE: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let [from, to, more @ ..] = &asked[..] else {
        println!("say which: cargo bench --bench large -- CATALOGUE OUT [HEADS] [different]");
        return Ok(());
    };
    let wanted = more.iter().find_map(|a| a.parse().ok()).unwrap_or(HEADS);
    let different = more.iter().any(|a| a == "different");
    let from = Catalogue::open(Path::new(from))?;
    let mut to = Catalogue::open_or_create(Path::new(to))?;
    let mut photographs: BTreeMap<String, (PhotoRecord, Vec<Vec<u8>>)> = BTreeMap::new();
    let briefs = from.briefs(State::Pending)?;
    let each = wanted.div_ceil(briefs.len().max(1));
    for brief in &briefs {
        let Some(item) = from.item(brief.id)? else { continue };
        let look = from.looks(&[item.id])?.remove(&item.id).unwrap_or_default();
        let named = || {
            let named = PhotoRecord::named(Path::new(&item.path), &item.model);
            (PhotoRecord { sha256: Some(item.place.photo.clone()), ..named }, Vec::new())
        };
        let (record, looks) = photographs.entry(item.place.photo.clone()).or_insert_with(named);
        for n in 0..each {
            record.heads.push(if different { of_another_year(&item.head, n) } else { item.head.clone() });
            looks.push(look.clone());
        }
    }
    let all: Vec<(PhotoRecord, Vec<Vec<u8>>)> = photographs.into_values().collect();
    let nothing = Values::new();
    for piece in all.chunks(AT_ONCE) {
        to.add_seen(piece.iter().map(|(record, looks)| (record, &nothing, looks.as_slice())))?;
    }
    println!("{} heads on {} photographs", to.counts()?.pending, all.len());
    Ok(())
}

/// The same head with another number in place of the last digits of each proposal.
fn of_another_year(head: &HeadRecord, n: usize) -> HeadRecord {
    let mut head = head.clone();
    for proposal in &mut head.proposals {
        let stem = proposal.headstamp.trim_end_matches(|c: char| c.is_ascii_digit());
        proposal.headstamp = format!("{stem}{n}");
    }
    head
}
