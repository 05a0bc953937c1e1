//! Settling contradictions in the terminal.

use super::super::entries::told;
use super::input::{Asked, Input};
use super::trouble::{Trouble, told_of};
use crate::review::{Desk, Holds};
use std::io::Write;

/// What can be answered.
const KEYS: &str = "1 the first holds, 2 the second holds, k leave it open, q end";

/// Asks about every conflict, until the person has had enough.
pub(super) fn settle(desk: &mut Desk, input: &mut Input, out: &mut dyn Write) -> Result<(), Trouble> {
    let (mut settled, mut asked, count) = (0, 0, desk.conflicts()?);
    while let Some(conflict) = desk.conflict()?.cloned() {
        asked += 1;
        writeln!(out, "\nconflict {asked} of {}, {}", count.max(asked), conflict.about)?;
        let photo = conflict.about.split('#').next().unwrap_or_default();
        if let Some(path) = desk.catalogue().path_of(photo)? {
            writeln!(out, "photograph {path}")?;
        }
        writeln!(out, "  1  {}\n  2  {}\n{KEYS}", told(&conflict.kept), told(&conflict.other))?;
        let (holds, decision) = match answer(input, out)? {
            Answer::Hold(Holds::Kept) => (Holds::Kept, &conflict.kept),
            Answer::Hold(Holds::Other) => (Holds::Other, &conflict.other),
            Answer::Leave => {
                desk.leave();
                continue;
            }
            Answer::Enough => break,
        };
        match desk.settle(holds)? {
            Some(done) => {
                settled += 1;
                writeln!(out, "settled: {} (decision {})", told_of(&decision.what), done.link.seq)?;
            }
            None => writeln!(out, "settled meanwhile")?,
        }
        out.flush()?;
    }
    writeln!(out, "{settled} settled, {} left", desk.conflicts()?)?;
    Ok(out.flush()?)
}

enum Answer {
    Hold(Holds),
    Leave,
    Enough,
}

fn answer(input: &mut Input, out: &mut dyn Write) -> Result<Answer, Trouble> {
    loop {
        match input.command(out)? {
            None | Some(Asked::Quit) => return Ok(Answer::Enough),
            Some(Asked::Choose(1)) => return Ok(Answer::Hold(Holds::Kept)),
            Some(Asked::Choose(2)) => return Ok(Answer::Hold(Holds::Other)),
            Some(Asked::Skip) => return Ok(Answer::Leave),
            Some(_) => writeln!(out, "{KEYS}")?,
        }
    }
}
