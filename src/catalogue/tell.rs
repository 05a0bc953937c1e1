//! What is known of photographs, said after they were added: of heads that wait as if it had been told then, of entries as
//! corrections. Each is a decision, with who and when.

use super::access::Catalogue;
use super::brief::Brief;
use super::decision::{Place, What};
use super::error::CatalogueError;
use super::fields::{Field, Values};
use super::history::{New, append};
use super::outcome;
use super::store::{Entry, PIECE, Spot, State, Store};
use super::worklist;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Heads, and photographs without any, that wait: what was said goes with them.
    pub told: u64,
    /// Entries that were changed.
    pub amended: u64,
    /// Heads and entries of which all of it is recorded already.
    pub unchanged: u64,
    /// Heads that were found to be none.
    pub passed_over: u64,
    /// What was recorded otherwise: the case, the field, what it was and what it is now.
    pub replaced: Vec<(Uuid, Field, String, String)>,
    /// What is said of one case, or of one picture, in two ways. Nothing is said then.
    pub contradictions: Vec<String>,
}

/// Whether what is said is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// It is.
    Now,
    /// It is only tried.
    OnTrial,
}

/// What is said of a case, and of which photograph first.
type OfCases = BTreeMap<Uuid, (Values, String)>;

impl Catalogue {
    /// Says what is known of photographs that are held, given by their SHA-256. All or nothing; doing it again changes nothing.
    pub fn tell(&mut self, all: &[(String, Values)], who: &str, saying: Saying) -> Result<Said, CatalogueError> {
        let at = self.now();
        if saying == Saying::OnTrial {
            let _one_state = self.reading()?;
            return Ok(decisions(self.store(), all)?.0);
        }
        let mut writing = self.writing()?;
        let (said, decisions) = decisions(writing.store(), all)?;
        if said.contradictions.is_empty() {
            let places = told(&decisions);
            append(writing.store(), who, &at, decisions)?;
            rebrief(writing.store(), &places)?;
            writing.commit()?;
        }
        Ok(said)
    }

    /// What was told of a photograph when it was added, and since.
    pub fn told_of(&self, sha256: &str) -> Result<Values, CatalogueError> {
        let spots = self.store().spots(&[sha256])?;
        spots.first().map_or_else(|| Ok(Values::new()), |spot| given(self.store(), spot))
    }
}

/// The places that something is told of.
fn told(decisions: &[New]) -> Vec<Place> {
    let place = |(what, _): &New| match what {
        What::Tell { place, .. } => Some(place.clone()),
        _ => None,
    };
    decisions.iter().filter_map(place).collect()
}

/// Queues and groups know heads by what was told of them.
fn rebrief(store: &mut dyn Store, places: &[Place]) -> Result<(), CatalogueError> {
    for piece in places.chunks(PIECE) {
        let mut briefs = Vec::with_capacity(piece.len());
        for place in piece {
            let Some(id) = store.item_at(place)? else { continue };
            let Some(kept) = store.item(id)?.filter(|k| k.place.head.is_some()) else { continue };
            let item = worklist::item(store, kept)?;
            briefs.push((id, Brief::of(&item.head, &item.given)));
        }
        store.put_briefs(&briefs)?;
    }
    Ok(())
}

/// What is to be decided, and what comes of it.
fn decisions(store: &dyn Store, all: &[(String, Values)]) -> Result<(Said, Vec<New>), CatalogueError> {
    let (mut said, mut cases) = (Said::default(), OfCases::new());
    let all = of_pictures(store, all, &mut said)?;
    let mut decisions = Vec::new();
    for piece in all.chunks(PIECE) {
        decisions.extend(say(store, piece, &mut said, &mut cases)?);
    }
    decisions.extend(amend(store, cases, &mut said)?);
    if said.contradictions.is_empty() {
        return Ok((said, decisions));
    }
    Ok((Said { contradictions: said.contradictions, ..Said::default() }, Vec::new()))
}

/// What is said of the same picture in other bytes is said of the photograph that is reviewed instead.
fn of_pictures(
    store: &dyn Store,
    all: &[(String, Values)],
    said: &mut Said,
) -> Result<Vec<(String, Values)>, CatalogueError> {
    let mut out: BTreeMap<String, (Values, &str)> = BTreeMap::new();
    for piece in all.chunks(PIECE) {
        let hashes: Vec<&str> = piece.iter().map(|(sha256, _)| sha256.as_str()).collect();
        let spots = store.spots(&hashes)?.into_iter();
        let waiting = spots.filter(|s| s.state == State::SamePicture);
        let same: BTreeMap<String, String> = waiting.filter_map(|s| Some((s.place.photo, s.same_as?))).collect();
        for (sha256, values) in piece {
            let (known, first) =
                out.entry(same.get(sha256).unwrap_or(sha256).clone()).or_insert((Values::new(), sha256));
            let about = || format!("photographs {first} and {sha256} are one picture");
            said.contradictions.extend(together(known, values, about));
        }
    }
    Ok(out.into_iter().map(|(sha256, (values, _))| (sha256, values)).collect())
}

/// Adds what is said besides, and gives what contradicts.
fn together(known: &mut Values, more: &Values, about: impl Fn() -> String) -> Vec<String> {
    let mut contradictions = Vec::new();
    for (field, value) in more {
        let there = known.entry(*field).or_insert_with(|| value.clone());
        if there.text != value.text {
            contradictions.push(format!("{}: {field} is said to be `{}` and `{}`", about(), there.text, value.text));
        }
    }
    contradictions
}

fn given(store: &dyn Store, spot: &Spot) -> Result<Values, CatalogueError> {
    let damaged = |e| CatalogueError::damaged(format!("what was told of {}", spot.place), e);
    let mut given: Values = serde_json::from_str(&spot.given).map_err(damaged)?;
    given.extend(outcome::told_of(store, &spot.place)?);
    Ok(given)
}

/// What is to be decided about heads that wait; what is said of cases is gathered.
fn say(
    store: &dyn Store,
    piece: &[(String, Values)],
    said: &mut Said,
    cases: &mut OfCases,
) -> Result<Vec<New>, CatalogueError> {
    let hashes: Vec<&str> = piece.iter().map(|(sha256, _)| sha256.as_str()).collect();
    let mut of: BTreeMap<String, Vec<Spot>> = BTreeMap::new();
    for spot in store.spots(&hashes)? {
        of.entry(spot.place.photo.clone()).or_default().push(spot);
    }
    let mut decisions = Vec::new();
    for (sha256, values) in piece {
        for spot in of.remove(sha256).unwrap_or_default() {
            match (spot.case, spot.state) {
                (Some(case), _) => {
                    let (known, first) = cases.entry(case).or_insert_with(|| (Values::new(), sha256.clone()));
                    let about = || format!("case {case} is seen on photographs {first} and {sha256}");
                    said.contradictions.extend(together(known, values, about));
                }
                (None, State::NotAHead) => said.passed_over += 1,
                (None, _) => {
                    let known = given(store, &spot)?;
                    if values.iter().all(|(field, value)| known.get(field).is_some_and(|k| k.text == value.text)) {
                        said.unchanged += 1;
                    } else {
                        said.told += 1;
                        decisions.push((What::Tell { place: spot.place, values: values.clone() }, None));
                    }
                }
            }
        }
    }
    Ok(decisions)
}

/// What is to be decided about cases that were entered.
fn amend(store: &dyn Store, cases: OfCases, said: &mut Said) -> Result<Vec<New>, CatalogueError> {
    let mut decisions = Vec::new();
    let ids: Vec<Uuid> = cases.keys().copied().collect();
    for piece in ids.chunks(PIECE) {
        for Entry { case, values: mut recorded, .. } in store.entries_of(piece)? {
            let Some((values, _)) = cases.get(&case) else { continue };
            let news = values.iter().filter(|(f, v)| recorded.get(f).is_none_or(|r| r.text != v.text));
            let news: Vec<_> = news.map(|(field, value)| (*field, value.clone())).collect();
            if news.is_empty() {
                said.unchanged += 1;
                continue;
            }
            said.amended += 1;
            for (field, value) in news {
                let now = value.text.clone();
                if let Some(before) = recorded.insert(field, value) {
                    said.replaced.push((case, field, before.text, now));
                }
            }
            decisions.push((What::Amend { case, values: recorded }, None));
        }
    }
    Ok(decisions)
}
