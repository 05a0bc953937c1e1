//! `headstamp review`: the page, or with `--terminal` one item after another, one key a decision. What lies behind the keys is the desk.

mod conflicts;
mod doubts;
mod input;
mod page;
mod show;
mod trouble;

use super::args::ReviewArgs;
use super::entries::{existing, told};
use super::reading::registry;
use super::say::{unwritten, who};
use crate::annotate::Annotator;
use crate::catalogue::fields::{self, NoField};
use crate::catalogue::{Field, How, Item};
use crate::error::{Error, Status};
use crate::output::Existing;
use crate::photo::Budget;
use crate::printable::shown;
use crate::record::PhotoRecord;
use crate::review::{Answer, Desk, DeskError, Done, Of, Queue, Reviewer, Words};
use input::{Asked, Input, Mode};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trouble::{Trouble, told_of};
use uuid::Uuid;

pub(super) fn run(args: &ReviewArgs) -> Result<Status, Error> {
    if !args.terminal {
        return page::serve(args);
    }
    let who = who(args.by.as_deref());
    let registry = Arc::new(registry(&args.registry)?);
    let catalogue = existing(&args.catalogue)?;
    let words = Words::known(&registry, &catalogue).map_err(|e| e.at(&args.catalogue))?;
    let input = Input::new(if args.plain { Mode::Plain } else { Mode::Keys }, words);
    let queue = if args.without_heads { Queue::WithoutHeads } else { Queue::Heads };
    let reviewer = Reviewer { who, registry };
    let desk = Desk::new(catalogue, reviewer.clone(), queue);
    let mut session = Session { desk, input, pictures: None };
    let mut out = anstream::stdout();
    let ended = if args.conflicts {
        conflicts::settle(&mut session.desk, &mut session.input, &mut out)
    } else if args.doubtful {
        doubts::settle(&mut session.desk, &reviewer, &mut session.input, &mut out)
    } else {
        session.work(&mut out)
    };
    ended.map_err(|e| match e {
        Trouble::Catalogue(e) => e.at(&args.catalogue),
        Trouble::Input(e) => Error::Needed {
            what: "what is typed".into(),
            cause: e.to_string(),
            hint: Some("the decisions are kept".into()),
        },
        Trouble::Output(e) => unwritten(e),
    })?;
    Ok(Status::Done)
}

struct Session {
    desk: Desk,
    input: Input,
    pictures: Option<tempfile::TempDir>,
}

impl Session {
    fn work(&mut self, out: &mut dyn Write) -> Result<(), Trouble> {
        let mut decided = 0u32;
        while let Some(item) = self.desk.item()?.cloned() {
            show::item(out, &item, self.desk.waiting()?, &self.desk.open_fields())?;
            loop {
                out.flush()?;
                let next = match self.input.command(out)? {
                    Some(asked) => self.act(&item, asked, out)?,
                    None => Next::End,
                };
                match next {
                    Next::Same => continue,
                    Next::Decided => decided += 1,
                    Next::Moved => {}
                    Next::End => {
                        writeln!(out, "{decided} decided; the rest waits")?;
                        return Ok(out.flush()?);
                    }
                }
                break;
            }
        }
        // what was skipped comes round again only when asked for
        writeln!(out, "{decided} decided; {} left, all of them skipped", self.desk.waiting()?)?;
        Ok(out.flush()?)
    }

    fn act(&mut self, item: &Item, asked: Asked, out: &mut dyn Write) -> Result<Next, Trouble> {
        let answer = match asked {
            Asked::Accept if item.head.proposals.is_empty() => {
                writeln!(out, "there is no proposal to accept: e types a headstamp, i says that it is not legible")?;
                return Ok(Next::Same);
            }
            Asked::Accept => Answer::Proposal(0),
            Asked::Choose(n) => Answer::Proposal(n - 1),
            Asked::Edit => {
                let first = item.head.proposals.first().map_or("", |p| p.headstamp.as_str());
                match self.input.line(out, "headstamp", first)? {
                    Some(text) if !text.trim().is_empty() => Answer::Headstamp(text),
                    _ => return Ok(Next::Same),
                }
            }
            Asked::NotLegible => Answer::Headstamp(fields::NOT_LEGIBLE.into()),
            Asked::SymbolUnknown => Answer::Headstamp(fields::SYMBOL_UNKNOWN.into()),
            Asked::NotAHead => Answer::NotAHead,
            Asked::SameCase => {
                let cases = self.same_cases(item, out)?;
                let Some((last, others)) = cases.split_last() else { return Ok(Next::Same) };
                for case in others {
                    match self.desk.also(*case) {
                        Ok(done) => acknowledge(&told_of(&done.what), &done, out)?,
                        Err(DeskError::Catalogue(e)) => return Err(e.into()),
                        Err(e) => writeln!(out, "{e}")?,
                    }
                }
                Answer::SameCase(*last)
            }
            Asked::Set => {
                self.set(out)?;
                return Ok(Next::Same);
            }
            Asked::Picture => {
                self.picture(item, out)?;
                return Ok(Next::Same);
            }
            Asked::Details => {
                show::details(out, item, &self.desk.said())?;
                return Ok(Next::Same);
            }
            Asked::Skip => {
                self.desk.skip();
                return Ok(Next::Moved);
            }
            Asked::Undo => return self.undo(out),
            Asked::Help => {
                writeln!(out, "{}", input::HELP)?;
                return Ok(Next::Same);
            }
            Asked::Unknown(text) => {
                writeln!(out, "`{text}` means nothing here; ? shows what does")?;
                return Ok(Next::Same);
            }
            Asked::Quit => return Ok(Next::End),
        };
        match self.desk.answer(&answer) {
            Ok(done) => acknowledge(&told_of(&done.what), &done, out)?,
            Err(DeskError::Catalogue(e)) => return Err(e.into()),
            Err(e) => {
                writeln!(out, "{e}")?;
                return Ok(Next::Same);
            }
        }
        Ok(Next::Decided)
    }

    fn undo(&mut self, out: &mut dyn Write) -> Result<Next, Trouble> {
        let Some(undone) = self.desk.undo()? else {
            writeln!(out, "there is nothing of yours to undo")?;
            return Ok(Next::Same);
        };
        acknowledge(&format!("undone: {}", told_of(&undone.decision.what)), &undone.done, out)?;
        Ok(Next::Moved)
    }

    /// The cases that are seen: one on a head; a photograph without heads, of a box or a label, may show several.
    fn same_cases(&mut self, item: &Item, out: &mut dyn Write) -> Result<Vec<Uuid>, Trouble> {
        let of_box = item.place.head.is_none();
        let several = if of_box { "; several are parted by spaces" } else { "" };
        let what = format!("same case as (. for the last one, or its id{several})");
        let Some(text) = self.input.line(out, &what, "")? else { return Ok(Vec::new()) };
        let mut cases = Vec::new();
        for word in text.split_whitespace() {
            let case = if word == "." { self.desk.last_case() } else { self.desk.catalogue().find_case(word)? };
            let Some(case) = case else {
                writeln!(out, "there is no case {word}; `headstamp export` lists their ids")?;
                return Ok(Vec::new());
            };
            cases.push(case);
        }
        if cases.len() > 1 && !of_box {
            writeln!(out, "a head is of one case")?;
            return Ok(Vec::new());
        }
        Ok(cases)
    }

    /// `FIELD=VALUE`, or `FIELD:HOW=VALUE` where the value was measured or is stamped.
    fn set(&mut self, out: &mut dyn Write) -> Result<(), Trouble> {
        let Some(text) = self.input.line(out, "FIELD=VALUE", "")? else { return Ok(()) };
        let mut say = || -> Result<(Field, How), String> {
            let (name, value) = text.split_once('=').ok_or("write it as FIELD=VALUE")?;
            let (name, how) = name.split_once(':').map_or((name, Ok(How::Told)), |(n, h)| (n, h.parse()));
            let field: Field = name.parse().map_err(|e: NoField| e.to_string())?;
            let how = how?;
            if field == Field::Headstamp {
                return Err("e changes the headstamp".into());
            }
            self.desk.say(Of::ThisCase, field, how, value).map_err(|e| e.to_string())?;
            Ok((field, how))
        };
        match say() {
            Ok((field, how)) => {
                let said = self.desk.said();
                writeln!(out, "{field}: {} ({})", said.get(&field).map_or("", |v| v.text.as_str()), how.name())?;
            }
            Err(cause) => writeln!(out, "{cause}")?,
        }
        Ok(())
    }

    /// Draws the head on a copy in a temporary folder, which goes with the session.
    fn picture(&mut self, item: &Item, out: &mut dyn Write) -> io::Result<()> {
        match self.drawn(item) {
            Ok(copy) => writeln!(out, "drawn: {}", shown(&copy)),
            Err(e) => writeln!(out, "{e}"),
        }
    }

    fn drawn(&mut self, item: &Item) -> Result<PathBuf, Box<dyn std::error::Error>> {
        let folder = match self.pictures.take() {
            Some(folder) => folder,
            None => tempfile::tempdir()?,
        };
        let folder = self.pictures.insert(folder);
        let photo = Path::new(&item.path);
        let annotator =
            Annotator::new(folder.path(), std::iter::once(photo), Existing::Refuse).map_err(io::Error::from)?;
        let record = PhotoRecord { heads: vec![item.head.clone()], ..PhotoRecord::named(photo, &item.model) };
        annotator.draw(photo, &record, &Budget::default())?;
        Ok(annotator.copy_of(photo).unwrap_or(photo).to_path_buf())
    }
}

/// Says what is on the disk by now.
fn acknowledge(said: &str, done: &Done, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{said} (decision {})", done.link.seq)?;
    for other in &done.meanwhile {
        writeln!(out, "conflict: meanwhile it was decided: {}", told(other))?;
        writeln!(out, "          that holds for now; yours is kept, and `headstamp status` lists both")?;
    }
    out.flush()
}

enum Next {
    /// The same item is asked about again.
    Same,
    /// It was decided.
    Decided,
    /// Another item comes.
    Moved,
    End,
}
