//! `headstamp review --terminal`: one item after another, one key a decision.

mod conflicts;
mod input;
mod show;

use super::args::ReviewArgs;
use super::catalogue::{existing, told};
use super::read::registry;
use super::unwritten;
use crate::annotate::Annotator;
use crate::catalogue::{Catalogue, CatalogueError, Decided, Field, How, Item, Value, Values, Way, What, fields};
use crate::error::{Error, Status};
use crate::photo::Budget;
use crate::record::PhotoRecord;
use crate::registry::Registry;
use crate::review::{Answer, Reviewer};
use input::{Asked, Input};
use std::io::{self, Write};
use std::path::Path;
use uuid::Uuid;

pub fn run(args: &ReviewArgs) -> Result<Status, Error> {
    if !args.terminal {
        return Err(Error::Usage("the review page is not there yet; review in the terminal with --terminal".into()));
    }
    let who = super::who(args.by.as_deref());
    let registry = registry(args.registry.as_deref())?;
    let catalogue = existing(&args.catalogue)?;
    let known = words(&registry, &catalogue).map_err(|e| e.at(&args.catalogue))?;
    let mut session = Session {
        catalogue,
        reviewer: Reviewer { who: &who, registry: &registry },
        input: Input::new(args.plain, known),
        without_heads: args.without_heads,
        after: 0,
        told: Values::new(),
        last: None,
        pictures: None,
    };
    let ended = if args.conflicts {
        let mut out = anstream::stdout();
        conflicts::settle(&mut session.catalogue, &who, &mut session.input, &mut out).map(drop)
    } else {
        session.work()
    };
    ended.map_err(|e| match e {
        Trouble::Catalogue(e) => e.at(&args.catalogue),
        Trouble::Output(e) => unwritten(e),
    })?;
    Ok(Status::Done)
}

/// Headstamps of the catalogue and marks of the registry, to complete what is typed.
fn words(registry: &Registry, catalogue: &Catalogue) -> Result<Vec<String>, CatalogueError> {
    let mut words: Vec<String> = registry.marks().map(str::to_owned).collect();
    catalogue.entries(|entry| {
        words.extend(entry.values.get(&Field::Headstamp).map(|v| v.text.clone()));
        Ok::<_, CatalogueError>(())
    })?;
    words.sort();
    words.dedup();
    Ok(words)
}

/// What ends a session.
enum Trouble {
    Catalogue(CatalogueError),
    Output(io::Error),
}

impl From<CatalogueError> for Trouble {
    fn from(e: CatalogueError) -> Self {
        Self::Catalogue(e)
    }
}

impl From<io::Error> for Trouble {
    fn from(e: io::Error) -> Self {
        Self::Output(e)
    }
}

struct Session<'a> {
    catalogue: Catalogue,
    reviewer: Reviewer<'a>,
    input: Input,
    /// Whether the photographs without a head are gone through, instead of the heads.
    without_heads: bool,
    /// The number of the last item that was gone past.
    after: i64,
    /// What was said of the item on the screen beside its headstamp.
    told: Values,
    /// The case that was entered last.
    last: Option<Uuid>,
    pictures: Option<tempfile::TempDir>,
}

impl Session<'_> {
    fn work(&mut self) -> Result<(), Trouble> {
        let mut out = anstream::stdout();
        let mut decided = 0u32;
        loop {
            let next = if self.without_heads { Catalogue::next_without_head } else { Catalogue::next_item };
            let item = match next(&self.catalogue, self.after)? {
                Some(item) => item,
                // what was skipped comes round again only when asked for
                None => {
                    let counts = self.catalogue.counts()?;
                    let left = if self.without_heads { counts.without_heads } else { counts.pending };
                    writeln!(out, "{decided} decided; {left} left, all of them skipped")?;
                    break;
                }
            };
            self.told.clear();
            show::item(&mut out, &item, &self.catalogue.counts()?, &self.open_fields(&item))?;
            loop {
                out.flush()?;
                let Some(asked) = self.input.command(&mut out)? else {
                    writeln!(out, "{decided} decided; the rest waits")?;
                    return Ok(());
                };
                match self.act(&item, asked, &mut out)? {
                    Next::Same => {}
                    Next::Decided => {
                        decided += 1;
                        break;
                    }
                    Next::Moved => break,
                    Next::End => {
                        writeln!(out, "{decided} decided; the rest waits")?;
                        return Ok(());
                    }
                }
            }
        }
        out.flush()?;
        Ok(())
    }

    /// Fields that nothing says anything of yet, of those that an entry should have.
    fn open_fields(&self, item: &Item) -> Vec<Field> {
        let known = match item.head.proposals.first() {
            Some(p) => self.reviewer.values(&p.headstamp, Way::Accepted, &item.given, &self.told),
            None => item.given.clone().into_iter().chain(self.told.clone()).collect(),
        };
        let wanted = [Field::Calibre, Field::Country, Field::Year, Field::Site, Field::DateFound];
        wanted.into_iter().filter(|f| !known.contains_key(f)).collect()
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
            Asked::SameCase => match self.same_case(out)? {
                Some(case) => Answer::SameCase(case),
                None => return Ok(Next::Same),
            },
            Asked::Set => {
                self.set(out)?;
                return Ok(Next::Same);
            }
            Asked::Picture => {
                self.picture(item, out)?;
                return Ok(Next::Same);
            }
            Asked::Details => {
                show::details(out, item, &self.told)?;
                return Ok(Next::Same);
            }
            Asked::Skip => {
                self.after = item.id;
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
        let (what, shown) = match self.reviewer.decision(item, &answer, &self.told) {
            Ok(decision) => decision,
            Err(e) => {
                writeln!(out, "{e}")?;
                return Ok(Next::Same);
            }
        };
        let said = told_of(&what);
        let case = what.case();
        let decided = self.catalogue.decide(self.reviewer.who, what, Some(shown))?;
        self.last = case.or(self.last);
        self.after = item.id;
        self.acknowledge(&said, &decided, out)?;
        Ok(Next::Decided)
    }

    /// Says what is on the disk by now.
    fn acknowledge(&self, said: &str, decided: &Decided, out: &mut dyn Write) -> Result<(), Trouble> {
        writeln!(out, "{said} (decision {})", decided.link.seq)?;
        for link in &decided.conflicts {
            if let Some(conflict) = self.catalogue.conflict_between(*link, decided.link)? {
                writeln!(out, "conflict: meanwhile it was decided: {}", told(&conflict.kept))?;
                writeln!(out, "          that holds for now; yours is kept, and `headstamp status` lists both")?;
            }
        }
        out.flush()?;
        Ok(())
    }

    fn undo(&mut self, out: &mut dyn Write) -> Result<Next, Trouble> {
        let Some(last) = self.catalogue.undoable(1)?.into_iter().next() else {
            writeln!(out, "there is nothing to undo")?;
            return Ok(Next::Same);
        };
        let done = self.catalogue.decide(self.reviewer.who, What::Undo { link: last.link }, None)?;
        self.acknowledge(&format!("undone: {}", told_of(&last.what)), &done, out)?;
        if let Some(place) = last.what.places().first()
            && let Some(id) = self.catalogue.item_at(place)?
        {
            self.after = id - 1;
        }
        Ok(Next::Moved)
    }

    fn same_case(&mut self, out: &mut dyn Write) -> Result<Option<Uuid>, Trouble> {
        let Some(text) = self.input.line(out, "same case as (. for the last one, or its id)", "")? else {
            return Ok(None);
        };
        let case = match text.trim() {
            "" => return Ok(None),
            "." => self.last,
            id => self.catalogue.find_case(id)?,
        };
        if case.is_none() {
            writeln!(out, "there is no such case; `headstamp export` lists their ids")?;
        }
        Ok(case)
    }

    /// `FIELD=VALUE`, or `FIELD:HOW=VALUE` where the value was measured or is stamped.
    fn set(&mut self, out: &mut dyn Write) -> Result<(), Trouble> {
        let Some(text) = self.input.line(out, "FIELD=VALUE", "")? else { return Ok(()) };
        let parsed = || -> Result<(Field, How, String), String> {
            let (name, value) = text.split_once('=').ok_or("write it as FIELD=VALUE")?;
            let (name, how) = name.split_once(':').map_or((name, Ok(How::Told)), |(n, h)| (n, h.parse()));
            let field: Field = name.parse().map_err(|e: fields::NoField| e.to_string())?;
            let value = fields::checked(field, value).map_err(|e| e.to_string())?;
            if field == Field::Headstamp { Err("e changes the headstamp".into()) } else { Ok((field, how?, value)) }
        };
        match parsed() {
            Ok((field, how, text)) => {
                writeln!(out, "{field}: {text} ({})", how.name())?;
                self.told.insert(field, Value { text, how, by: self.reviewer.who.to_owned() });
            }
            Err(cause) => writeln!(out, "{cause}")?,
        }
        Ok(())
    }

    /// Draws the head on a copy in a temporary folder, which goes with the session.
    fn picture(&mut self, item: &Item, out: &mut dyn Write) -> Result<(), Trouble> {
        let photo = Path::new(&item.path);
        if self.pictures.is_none() {
            self.pictures = Some(tempfile::tempdir()?);
        }
        let Some(folder) = &self.pictures else { return Ok(()) };
        let annotator = Annotator::new(folder.path(), std::iter::once(photo))?;
        let record = PhotoRecord { heads: vec![item.head.clone()], ..PhotoRecord::named(photo, &item.model) };
        match annotator.draw(photo, &record, &Budget::default()) {
            Ok(()) => writeln!(out, "drawn: {}", annotator.copy_of(photo).unwrap_or(photo).display())?,
            Err(e) => writeln!(out, "{e}")?,
        }
        Ok(())
    }
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

/// What was decided, in few words.
fn told_of(what: &What) -> String {
    match what {
        What::Enter { case, values, .. } => {
            let headstamp = values.get(&Field::Headstamp).map_or("", |v| v.text.as_str());
            format!("entered: {headstamp}, case {case}")
        }
        What::NotAHead { .. } => "not a case head".into(),
        What::SameCase { case, .. } => format!("the same as case {case}"),
        What::Amend { case, .. } => format!("changed: case {case}"),
        What::Undo { .. } | What::Merge { .. } => String::new(),
    }
}
