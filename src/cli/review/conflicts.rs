//! Settling contradictions, one after another: the decision that does not hold any more is undone, and stays in the history.

use super::super::catalogue::told;
use super::input::{Asked, Input};
use super::{Trouble, told_of};
use crate::catalogue::{Catalogue, Conflict, What};
use std::io::Write;

/// What can be answered.
const KEYS: &str = "1 the first holds, 2 the second holds, k leave it open, q end";

/// Asks about every conflict; gives how many were settled.
pub fn settle(catalogue: &mut Catalogue, who: &str, input: &mut Input, out: &mut dyn Write) -> Result<usize, Trouble> {
    let count = catalogue.counts()?.conflicts;
    let (mut settled, mut asked) = (0, 0);
    let mut last: Option<Conflict> = None;
    // settling one can settle others, or change which of two holds: each is looked up when it is its turn
    while let Some(conflict) = catalogue.conflicts_after(last.as_ref(), 1)?.pop() {
        asked += 1;
        writeln!(out, "\nconflict {asked} of {count}, {}", conflict.about)?;
        if let Some(path) = conflict.about.split('#').next().map(|sha| catalogue.path_of(sha)).transpose()?.flatten() {
            writeln!(out, "photograph {path}")?;
        }
        writeln!(out, "  1  {}\n  2  {}\n{KEYS}", told(&conflict.kept), told(&conflict.other))?;
        match answer(input, out)? {
            Some(Answer::Undo(loser)) => {
                let Conflict { kept, other, .. } = &conflict;
                let (undone, holds) = if loser == Loser::Other { (other, kept) } else { (kept, other) };
                let decided = catalogue.decide(who, What::Undo { link: undone.link }, None)?;
                settled += 1;
                writeln!(out, "settled: {} (decision {})", told_of(&holds.what), decided.link.seq)?;
            }
            Some(Answer::Leave) => {}
            None => break,
        }
        out.flush()?;
        last = Some(conflict);
    }
    writeln!(out, "{settled} settled, {} left", catalogue.counts()?.conflicts)?;
    Ok(settled)
}

#[derive(PartialEq)]
enum Loser {
    Kept,
    Other,
}

enum Answer {
    Undo(Loser),
    Leave,
}

/// `None` where the person has had enough.
fn answer(input: &mut Input, out: &mut dyn Write) -> Result<Option<Answer>, Trouble> {
    loop {
        match input.command(out)? {
            None | Some(Asked::Quit) => return Ok(None),
            Some(Asked::Choose(1)) => return Ok(Some(Answer::Undo(Loser::Other))),
            Some(Asked::Choose(2)) => return Ok(Some(Answer::Undo(Loser::Kept))),
            Some(Asked::Skip) => return Ok(Some(Answer::Leave)),
            Some(_) => writeln!(out, "{KEYS}")?,
        }
    }
}
