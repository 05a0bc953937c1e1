//! What a person asks of the page, and what is done about it.

use super::doubts::{self, Says};
use super::place::{Place, Through};
use super::shared::Shared;
use super::words::Spoken;
use crate::catalogue::{self, CatalogueError, Field, How, Item, State, Value, Values, What, fields};
use crate::ellipse::Ellipse;
use crate::record::{Fitted, HeadRecord};
use crate::review::groups::{self, Look};
use crate::review::{Answer, DeskError, Done, Filter, Holds, Of, Order};
use serde::Deserialize;
use std::sync::PoisonError;
use uuid::Uuid;

/// Least radius that two clicks can mean, in pixels: below it there is nothing to read.
const LEAST_RADIUS: f32 = 8.0;

/// What the person does, and what they saw when they did it.
#[derive(Deserialize)]
pub(super) struct Act {
    /// The page.
    pub(super) page: Uuid,
    pub(super) lang: String,
    /// The photograph and head that were shown; none of a sheet.
    pub(super) photo: Option<String>,
    pub(super) head: Option<u32>,
    /// What comes next as the page holds it already.
    #[serde(default)]
    pub(super) known: Option<String>,
    #[serde(flatten)]
    what: Does,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Does {
    /// Only shows what is there.
    Look,
    /// A headstamp; other heads that wait and show the same case are entered with it.
    Write {
        headstamp: String,
        #[serde(default)]
        also: Vec<i64>,
    },
    Illegible,
    Unknown,
    NotAHead,
    SameCase {
        case: Uuid,
    },
    /// The head on the desk and another are of two cases.
    TwoCases {
        other: i64,
    },
    Skip,
    Undo,
    Say {
        field: String,
        text: String,
        all: bool,
    },
    /// A sheet: those that are of the headstamp, and those that were taken out.
    Confirm {
        headstamp: String,
        calibre: Option<String>,
        heads: Vec<i64>,
        out: Vec<i64>,
        /// Of one case that was photographed twice: the head that is entered, and the other.
        #[serde(default)]
        twice: Vec<(i64, i64)>,
    },
    Later {
        heads: Vec<i64>,
    },
    OneByOne {
        heads: Vec<i64>,
    },
    Open {
        id: i64,
    },
    Through {
        through: Through,
        order: Order,
        state: Option<String>,
        country: Option<String>,
        site: Option<String>,
    },
    /// Centre and radius of the rim, in pixels of the picture that was clicked, and how wide that is; of the head that is
    /// shown, or of one that was missed.
    Fit {
        centre: [f32; 2],
        radius: f32,
        width: f32,
        missed: bool,
    },
    Settle {
        kept: bool,
    },
    LeaveConflict,
    /// What is made of an entry that is likely wrong.
    Doubt {
        case: Uuid,
        says: Says,
    },
}

/// What was done: whether anything was, and what is said of it.
pub(super) type Heard = (bool, String);

/// Does what is asked, if the person saw what is on the desk.
pub(super) fn act(shared: &Shared, w: &Spoken, place: &mut Place, act: Act) -> Result<Heard, CatalogueError> {
    let of_a_head = matches!(
        act.what,
        Does::Write { .. }
            | Does::Illegible
            | Does::Unknown
            | Does::NotAHead
            | Does::SameCase { .. }
            | Does::TwoCases { .. }
            | Does::Skip
    ) || matches!(&act.what, Does::Say { all: false, .. });
    if of_a_head && !seen(place, act.photo.as_deref(), act.head)? {
        return Ok((false, w.overtaken.clone()));
    }
    if of_a_head && place.control.is_some() {
        return Ok(control(w, place, &act.what));
    }
    match act.what {
        Does::Look => Ok((true, String::new())),
        Does::Write { headstamp, also } => answer(shared, w, place, &Answer::Headstamp(headstamp), &also),
        Does::Illegible => answer(shared, w, place, &Answer::Headstamp(fields::NOT_LEGIBLE.into()), &[]),
        Does::Unknown => answer(shared, w, place, &Answer::Headstamp(fields::SYMBOL_UNKNOWN.into()), &[]),
        Does::NotAHead => answer(shared, w, place, &Answer::NotAHead, &[]),
        Does::SameCase { case } => answer(shared, w, place, &Answer::SameCase(case), &[]),
        Does::TwoCases { other } => two_cases(w, place, other),
        Does::Skip => {
            place.desk.skip();
            place.go_back()?;
            Ok((true, String::new()))
        }
        Does::Undo => undo(w, place),
        Does::Say { field, text, all } => Ok(say(w, place, &field, &text, all)),
        Does::Confirm { headstamp, calibre, heads, out, twice } => {
            confirm(shared, w, place, (&headstamp, calibre), &heads, &out, &twice)
        }
        Does::Later { heads } => place.leave(&heads, false).map(|()| (true, String::new())),
        Does::OneByOne { heads } => place.leave(&heads, true).map(|()| (true, String::new())),
        Does::Open { id } => {
            place.open_one(id);
            Ok((true, String::new()))
        }
        Does::Through { through, order, state, country, site } => {
            let said = |text: Option<String>| text.filter(|t| !t.is_empty());
            // those that wait are gone through where nothing is said: that is no filter
            let state = State::ALL.into_iter().find(|s| state.as_deref() == Some(s.name()) && *s != State::Pending);
            place.go_through(through, order, Filter { state, country: said(country), site: said(site) })?;
            Ok((true, String::new()))
        }
        Does::Fit { centre, radius, width, missed } => {
            let Some((photo, head)) = act.photo.map(|p| (p, act.head)) else { return Ok((false, w.overtaken.clone())) };
            let circle = Ellipse::circle(centre[0], centre[1], radius);
            fit(shared, w, place, &catalogue::Place { photo, head }, (circle, width), missed)
        }
        Does::Settle { kept } => {
            let done = place.desk.settle(if kept { Holds::Kept } else { Holds::Other })?;
            Ok(done.map_or((false, w.overtaken.clone()), |done| (true, told(w, &w.settled, &done))))
        }
        Does::LeaveConflict => {
            place.desk.leave();
            Ok((true, String::new()))
        }
        Does::Doubt { case, says } => doubts::say(shared, w, place, case, says),
    }
}

/// Whether what the person saw is on the desk; one that is new, after a restart or a long time, goes there first.
fn seen(place: &mut Place, photo: Option<&str>, head: Option<u32>) -> Result<bool, CatalogueError> {
    let Some(photo) = photo else { return Ok(false) };
    let saw = catalogue::Place { photo: photo.to_owned(), head };
    if let Some(control) = &place.control {
        return Ok(control.item.place == saw);
    }
    if place.desk.item()?.is_some_and(|item| item.place == saw) {
        return Ok(true);
    }
    place.desk.go_to(&saw)?;
    Ok(place.desk.item()?.is_some_and(|item| item.place == saw))
}

/// A control is answered like any other head, and nothing is decided.
fn control(w: &Spoken, place: &mut Place, what: &Does) -> Heard {
    let answer = match what {
        Does::Write { headstamp, .. } => Some(headstamp.as_str()),
        Does::Illegible => Some(fields::NOT_LEGIBLE),
        Does::Unknown => Some(fields::SYMBOL_UNKNOWN),
        Does::NotAHead => Some(""),
        _ => None,
    };
    if let Some(Err(e)) = answer.filter(|a| !a.is_empty()).map(|a| fields::checked(Field::Headstamp, a)) {
        return (false, format!("{}: {e}", w.failed));
    }
    place.control_answered(answer);
    (true, answer.map_or_else(String::new, |a| crate::printable::printable(&format!("{}: {a}", w.entered))))
}

/// What came of an answer; an error of the catalogue goes on, and what cannot be taken is said.
fn taken<T>(w: &Spoken, answered: Result<T, DeskError>) -> Result<Result<T, Heard>, CatalogueError> {
    match answered {
        Ok(done) => Ok(Ok(done)),
        Err(DeskError::Catalogue(e)) => Err(e),
        Err(e) => Ok(Err((false, format!("{}: {e}", w.failed)))),
    }
}

fn answer(
    shared: &Shared,
    w: &Spoken,
    place: &mut Place,
    answer: &Answer,
    also: &[i64],
) -> Result<Heard, CatalogueError> {
    let (time, item) = (place.time(), place.desk.item()?.map(|item| (item.id, item.state)));
    if let Some((_, state)) = item.filter(|i| ![State::Pending, State::NoHead].contains(&i.1)) {
        return Ok((false, format!("{}: {}", w.decided_already, state.name())));
    }
    let done = match taken(w, place.desk.answer_seen(answer, also))? {
        Ok(done) => done,
        Err(said) => return Ok(said),
    };
    place.controls.decided(time);
    if let Some((id, _)) = item {
        match headstamp_of(&done.what) {
            Some(headstamp) if ![fields::NOT_LEGIBLE, fields::SYMBOL_UNKNOWN].contains(&headstamp) => {
                shared.know(headstamp);
                place.entered(headstamp, &[id])?;
            }
            _ => place.gone(id)?,
        }
        if headstamp_of(&done.what).is_some() {
            place.seen_too(also)?;
        }
    }
    place.go_back()?;
    place.draw_control()?;
    Ok((true, told(w, &w.entered, &done)))
}

/// It is remembered that two heads are of two cases.
fn two_cases(w: &Spoken, place: &mut Place, other: i64) -> Result<Heard, CatalogueError> {
    let Some(one) = place.desk.item()?.map(|item| item.place.clone()) else { return Ok((false, w.overtaken.clone())) };
    let Some(other) = place.desk.catalogue().item(other)? else { return Ok((false, w.overtaken.clone())) };
    let pairs = [groups::two_cases(one, other.place)];
    place.desk.differ(&pairs)?;
    place.groups()?.differ(&pairs);
    Ok((true, w.remembered.clone()))
}

fn headstamp_of(what: &What) -> Option<&str> {
    match what {
        What::Enter { values, .. } => values.get(&Field::Headstamp).map(|v| v.text.as_str()),
        _ => None,
    }
}

fn confirm(
    shared: &Shared,
    w: &Spoken,
    place: &mut Place,
    (headstamp, calibre): (&str, Option<String>),
    heads: &[i64],
    out: &[i64],
    twice: &[(i64, i64)],
) -> Result<Heard, CatalogueError> {
    let mut said = Values::new();
    if let Some(text) = calibre.filter(|c| !c.trim().is_empty()) {
        match fields::checked(Field::Calibre, &text) {
            Ok(text) => said.insert(Field::Calibre, Value { text, how: How::Told, by: place.desk.who().to_owned() }),
            Err(e) => return Ok((false, format!("{}: {e}", w.failed))),
        };
    }
    if let Err(e) = fields::checked(Field::Headstamp, headstamp) {
        return Ok((false, format!("{}: {e}", w.failed)));
    }
    let time = place.time();
    let (heads, out) = &place.without_planted(headstamp, heads, out);
    let together = match taken(w, place.desk.confirm(headstamp, heads, out, twice, &said))? {
        Ok(together) => together,
        Err(said) => return Ok(said),
    };
    let count = u32::try_from(together.done.len()).unwrap_or(u32::MAX);
    (0..count).for_each(|_| place.controls.decided(time / count.max(1)));
    place.groups()?.differ(&together.differ);
    if heads.is_empty() {
        return Ok((true, String::new()));
    }
    shared.know(headstamp);
    place.entered(headstamp, heads)?;
    place.seen_too(&twice.iter().map(|t| t.1).collect::<Vec<_>>())?;
    place.decided -= (heads.len() - together.done.len()) as u64;
    place.draw_control()?;
    let mut text = format!("{}: {headstamp} × {count}", w.entered);
    if !together.passed.is_empty() {
        text += &format!(". {}: {}", w.passed, together.passed.len());
    }
    text += &together.done.iter().map(|done| meanwhile(w, done)).collect::<String>();
    Ok((true, crate::printable::printable(&text)))
}

fn undo(w: &Spoken, place: &mut Place) -> Result<Heard, CatalogueError> {
    let Some(undone) = place.desk.undo()? else { return Ok((false, w.nothing_to_undo.clone())) };
    place.control = None;
    let all: Vec<_> = std::iter::once(&undone.decision).chain(&undone.together).collect();
    place.taken_back(&all)?;
    // an entry that was settled is doubted again
    place.doubts = None;
    let what = headstamp_of(&undone.decision.what).unwrap_or("✓");
    let count = if all.len() > 1 { format!(" × {}", all.len()) } else { String::new() };
    let text = format!("{}: {what}{count}{}", w.undone, meanwhile(w, &undone.done));
    Ok((true, crate::printable::printable(&text)))
}

fn say(w: &Spoken, place: &mut Place, field: &str, text: &str, all: bool) -> Heard {
    let of = if all { Of::AllFromHere } else { Of::ThisCase };
    let said = field.parse::<Field>().map_err(|e| e.to_string());
    let said = said.and_then(|f| place.desk.say(of, f, How::Told, text).map_err(|e| e.to_string()));
    said.map_or_else(|e| (false, format!("{}: {e}", w.failed)), |()| (true, String::new()))
}

/// Reads a head where two clicks say that it is.
fn fit(
    shared: &Shared,
    w: &Spoken,
    place: &mut Place,
    at: &catalogue::Place,
    (clicked, width): (Ellipse, f32),
    missed: bool,
) -> Result<Heard, CatalogueError> {
    let failed = |why: String| Ok((false, crate::printable::printable(&format!("{}: {why}", w.failed))));
    let Some(reader) = &shared.serving.reader else { return failed(w.no_reader.clone()) };
    let catalogue = place.desk.catalogue();
    // a photograph without a head may have got one meanwhile
    let first = catalogue::Place { head: Some(0), ..at.clone() };
    let item = match catalogue.item_on(at)? {
        None if missed => catalogue.item_on(&first)?,
        found => found,
    };
    let Some(item) = item else { return Ok((false, w.overtaken.clone())) };
    let photo = match shared.pictures.photo(&item) {
        Ok(photo) => photo,
        Err(why) => return failed(why),
    };
    let by = photo.width as f32 / width;
    let circle = Ellipse::circle(clicked.cx * by, clicked.cy * by, clicked.a * by);
    let (wide, high) = (photo.width as f32, photo.height as f32);
    let inside = (0.0..wide).contains(&circle.cx) && (0.0..high).contains(&circle.cy);
    if !inside || !(LEAST_RADIUS..=wide.max(high)).contains(&circle.a) {
        return failed(w.no_circle.clone());
    }
    let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
    let read = match reader.read_at(&photo, &circle) {
        Ok(read) => read,
        Err(e) => return failed(e.to_string()),
    };
    let fitted = Fitted { by: place.desk.who().to_owned(), model: reader.model() };
    drop(reader);
    let head = HeadRecord { fitted: Some(fitted), ..read };
    let look = Look::kept_of(&photo.luma, &head.ellipse);
    put(w, place, &item, &head, look.as_deref(), missed)
}

fn put(
    w: &Spoken,
    place: &mut Place,
    item: &Item,
    head: &HeadRecord,
    look: Option<&[u8]>,
    missed: bool,
) -> Result<Heard, CatalogueError> {
    let catalogue = place.desk.catalogue_mut();
    let id = if missed && item.place.head.is_some() {
        catalogue.add_head(&item.place.photo, head, look)?
    } else {
        catalogue.read_again(item.id, head, look)?.map(|item| item.id)
    };
    let Some(id) = id else { return Ok((false, w.decided_already.clone())) };
    let back = place.back || place.through == Through::WithoutHeads;
    if place.through == Through::WithoutHeads {
        place.go_through(Through::Heads, Order::default(), Filter::default())?;
    }
    place.read_anew(id)?;
    place.back = back;
    let read = head.proposals.first().map_or("…", |p| p.headstamp.as_str());
    Ok((true, crate::printable::printable(&format!("{}: {read}", w.read_again))))
}

/// What is on the disk, and what others decided meanwhile.
fn told(w: &Spoken, what: &str, done: &Done) -> String {
    let value = headstamp_of(&done.what).unwrap_or("✓");
    crate::printable::printable(&format!("{what}: {value} ({}){}", done.link.seq, meanwhile(w, done)))
}

fn meanwhile(w: &Spoken, done: &Done) -> String {
    done.meanwhile.iter().map(|other| format!(". {} ({})", w.meanwhile, other.who)).collect()
}
