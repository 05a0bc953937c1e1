//! Entries that are likely wrong, one after another, in the terminal.

use super::super::entries::texts;
use super::input::{Asked, Input};
use super::trouble::{Trouble, told_of};
use crate::catalogue::fields::NoField;
use crate::catalogue::{Field, Values};
use crate::check::Checked;
use crate::printable::printable;
use crate::registry::Registry;
use crate::review::{Desk, DoubtError, Doubts, Reviewer, Verdict};
use std::io::Write;
use std::sync::Arc;

/// What can be answered.
const KEYS: &str = "a it is right, 1-9 put that right, e type the headstamp, f put another field right, \
                    x dismiss for good, k later, z undo, q end";
/// Fields that are shown of an entry.
const SHOWN: [Field; 6] =
    [Field::Headstamp, Field::Calibre, Field::Country, Field::Year, Field::Factory, Field::ProducerCode];

/// Asks about each, until there are none or the person has had enough.
pub(super) fn settle(
    desk: &mut Desk,
    reviewer: &Reviewer,
    input: &mut Input,
    out: &mut dyn Write,
) -> Result<(), Trouble> {
    let registry: Arc<Registry> = Arc::clone(&reviewer.registry);
    let mut doubts = Doubts::of(desk.catalogue(), &registry)?;
    let (mut settled, mut asked) = (0, 0);
    while let Some(doubted) = doubts.next().cloned() {
        asked += 1;
        let case = doubted.subject.entry.case;
        let instead = show(out, &doubted, asked, doubts.waiting())?;
        let step = loop {
            writeln!(out, "{KEYS}")?;
            match input.command(out)? {
                None | Some(Asked::Quit) => {
                    writeln!(out, "{settled} settled, {} left", doubts.waiting())?;
                    return Ok(out.flush()?);
                }
                Some(Asked::Accept) => break Step::Take(Verdict::Right),
                Some(Asked::Choose(n)) => match instead.get(n - 1) {
                    Some(right) => break Step::Take(Verdict::Correct(vec![right.clone()])),
                    None => writeln!(out, "there is no suggestion {n}")?,
                },
                Some(Asked::Edit) => {
                    let first = instead.iter().find(|(f, _)| *f == Field::Headstamp).map(|(_, text)| text.as_str());
                    let held = texts(&doubted.subject.entry.values, &[Field::Headstamp]);
                    let typed = input.line(out, "headstamp", first.unwrap_or(&held))?;
                    if let Some(text) = typed.filter(|t| !t.trim().is_empty()) {
                        break Step::Take(Verdict::Correct(vec![(Field::Headstamp, text.trim().to_owned())]));
                    }
                }
                Some(Asked::Set) => match input.line(out, "FIELD=VALUE", "")?.map(|text| said(&text)) {
                    Some(Ok(right)) => break Step::Take(Verdict::Correct(vec![right])),
                    Some(Err(cause)) => writeln!(out, "{cause}")?,
                    None => {}
                },
                Some(Asked::Skip) => break Step::Later,
                Some(Asked::Undo) => {
                    match desk.undo()? {
                        Some(undone) => {
                            writeln!(out, "undone: {}", told_of(&undone.decision.what))?;
                            settled -= i32::from(settled > 0);
                        }
                        None => writeln!(out, "there is nothing of yours to undo")?,
                    }
                    doubts = Doubts::of(desk.catalogue(), &registry)?;
                    asked = 0;
                    break Step::Again;
                }
                Some(Asked::Unknown(text)) if text == "x" => break Step::Take(Verdict::Dismiss),
                Some(_) => {}
            }
        };
        let verdict = match step {
            Step::Take(verdict) => verdict,
            Step::Later => {
                doubts.pass(case);
                continue;
            }
            Step::Again => continue,
        };
        match doubts.settle(desk.catalogue_mut(), reviewer, case, &verdict) {
            Ok(decided) => {
                settled += 1;
                let what = match verdict {
                    Verdict::Right => "confirmed",
                    Verdict::Dismiss => "dismissed",
                    Verdict::Correct(_) => "corrected",
                };
                writeln!(out, "{what}: case {case} (decision {})", decided.link.seq)?;
            }
            Err(DoubtError::Catalogue(e)) => return Err(e.into()),
            Err(e @ (DoubtError::Gone | DoubtError::Changed)) => {
                writeln!(out, "{e}")?;
                doubts.pass(case);
            }
            Err(e) => writeln!(out, "{}", printable(&e.to_string()))?,
        }
        out.flush()?;
    }
    writeln!(out, "{settled} settled; no other entry is likely wrong")?;
    Ok(out.flush()?)
}

/// What comes of a command.
enum Step {
    Take(Verdict),
    Later,
    /// They were looked for anew.
    Again,
}

/// Shows an entry and why it is doubted; the values that would be right, as far as they are known.
fn show(out: &mut dyn Write, doubted: &Checked, nth: usize, count: usize) -> Result<Vec<(Field, String)>, Trouble> {
    let Checked { photo, subject, found } = doubted;
    let place = photo.clone().unwrap_or_else(|| format!("case {}", subject.entry.case));
    writeln!(out, "\nentry {nth}, {count} left, likely wrong at {:.2}: {}", found.wrong, printable(&place))?;
    writeln!(out, "  {}", printable(&fields(&subject.entry.values)))?;
    for reason in &found.reasons {
        writeln!(out, "  - {}", printable(&reason.text))?;
    }
    let instead: Vec<(Field, String)> = found.instead().into_iter().map(|(f, text)| (f, text.to_owned())).collect();
    for (n, (field, text)) in instead.iter().enumerate() {
        writeln!(out, "  {}  {field}: {}", n + 1, printable(text))?;
    }
    Ok(instead)
}

/// What is recorded, in a line.
fn fields(values: &Values) -> String {
    let one = |f: &Field| values.get(f).map(|v| format!("{f}: {}", v.text));
    SHOWN.iter().filter_map(one).collect::<Vec<_>>().join(", ")
}

/// `FIELD=VALUE`.
fn said(text: &str) -> Result<(Field, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as FIELD=VALUE")?;
    let field = name.trim().parse().map_err(|e: NoField| e.to_string())?;
    Ok((field, value.trim().to_owned()))
}
