//! What follows from the decisions: which cases are entered, what is recorded of them, and where decisions contradict.
//!
//! The rule is in `resolve`. Here the decisions that hang together, by their places and cases, are gathered, and
//! what follows from them is handed to the store; nothing else is ever put there.

use super::decision::{Confirmed, Decision, Link, Place, What};
use super::error::CatalogueError;
use super::fields::{Field, Values};
use super::resolve::{Claim, Knowledge, Resolved, resolve};
use super::store::{Entry, Histories, KeptConflict, KeptEntry, KeptLink, PIECE, State, Store, Subject, Turn};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Places and cases that are remembered as done while a whole history has its effect. Beyond them some are done again.
const REMEMBERED: usize = 100_000;

/// Two decisions that contradict each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conflict {
    /// The photograph and head as `SHA-256#head`, or the case.
    pub about: String,
    /// The decision that holds.
    pub kept: Decision,
    /// The decision that says something else.
    pub other: Decision,
}

/// Lets decisions that were appended have their effect.
pub(super) fn apply(store: &mut dyn Store, decisions: Vec<(Turn, Decision)>) -> Result<(), CatalogueError> {
    let subjects = touched(store, decisions.iter().map(|(_, d)| d))?;
    refresh(store, subjects, decisions.into_iter().collect()).map(drop)
}

/// Lets all decisions of a history after one of them have their effect; gives how many there are.
pub(super) fn apply_after(store: &mut dyn Store, mut after: Turn) -> Result<u64, CatalogueError> {
    let histories = Histories::of(store)?;
    let mut done = BTreeSet::new();
    let mut count = 0;
    loop {
        let links = store.links(after, PIECE)?;
        let Some(last) = links.last() else { return Ok(count) };
        (after, count) = (last.turn, count + links.len() as u64);
        let decisions = links.iter().map(|l| understood(&histories, l.turn, &l.text)).collect::<Result<Vec<_>, _>>()?;
        let subjects = &touched(store, decisions.iter())? - &done;
        if done.len() > REMEMBERED {
            done.clear();
        }
        done.extend(refresh(store, subjects, links_by_turn(&links, decisions))?);
    }
}

/// Sets the states of photographs that were added: decisions may have come before them.
pub(super) fn refresh_places(store: &mut dyn Store, places: BTreeSet<Subject>) -> Result<(), CatalogueError> {
    refresh(store, places, BTreeMap::new()).map(drop)
}

/// What was told of a place by decisions.
pub(super) fn told_of(store: &dyn Store, place: &Place) -> Result<Values, CatalogueError> {
    let (_, mut decisions) = gather(store, BTreeSet::from([Subject::Place(place.clone())]), BTreeMap::new())?;
    let turns: Vec<Turn> = decisions.keys().copied().collect();
    if turns.is_empty() {
        return Ok(Values::new());
    }
    undone(store, &turns)?.iter().for_each(|turn| drop(decisions.remove(turn)));
    let knowledge = knowledge_among(store, &turns)?;
    Ok(resolve(&decisions, &knowledge).told.remove(place).unwrap_or_default())
}

/// Makes everything that follows from the decisions anew.
pub(super) fn rebuild(store: &mut dyn Store) -> Result<(), CatalogueError> {
    store.forget()?;
    for history in store.histories()? {
        apply_after(store, Turn { history: history.number, seq: 0 })?;
    }
    Ok(())
}

/// What decisions, or those that they undo, are about.
fn touched<'d>(
    store: &dyn Store,
    mut decisions: impl Iterator<Item = &'d Decision>,
) -> Result<BTreeSet<Subject>, CatalogueError> {
    let histories = Histories::of(store)?;
    let (mut subjects, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut todo = Vec::new();
    let mut look = |decision: &Decision, todo: &mut Vec<Turn>| -> Result<(), CatalogueError> {
        match (&decision.what, histories.turn(decision.link)) {
            (What::Undo { link }, Some(by)) => {
                let undone = meant(store, &histories, by, *link, None)?;
                todo.extend(undone.filter(|t| seen.insert(*t)));
            }
            (what, _) => subjects.extend(about(what)),
        }
        Ok(())
    };
    decisions.try_for_each(|d| look(d, &mut todo))?;
    while !todo.is_empty() {
        for (turn, text) in store.texts(&std::mem::take(&mut todo))? {
            look(&understood(&histories, turn, &text)?, &mut todo)?;
        }
    }
    Ok(subjects)
}

fn links_by_turn(links: &[KeptLink], decisions: Vec<Decision>) -> BTreeMap<Turn, Decision> {
    links.iter().map(|l| l.turn).zip(decisions).collect()
}

fn about(what: &What) -> impl Iterator<Item = Subject> {
    what.places().iter().cloned().map(Subject::Place).chain(what.case().map(Subject::Case))
}

/// Puts what follows from the decisions about these subjects, and about all that hang together with them; gives all those.
/// `at_hand` are decisions that need not be fetched.
fn refresh(
    store: &mut dyn Store,
    subjects: BTreeSet<Subject>,
    at_hand: BTreeMap<Turn, Decision>,
) -> Result<BTreeSet<Subject>, CatalogueError> {
    let (subjects, mut decisions) = gather(store, subjects, at_hand)?;
    if decisions.is_empty() {
        return Ok(subjects);
    }
    let turns: Vec<Turn> = decisions.keys().copied().collect();
    store.remove_conflicts(&turns)?;
    for turn in undone(store, &turns)? {
        decisions.remove(&turn);
    }
    let knowledge = knowledge_among(store, &turns)?;
    let resolved = resolve(&decisions, &knowledge);
    put(store, &subjects, &decisions, resolved)?;
    Ok(subjects)
}

/// What those who took these decisions knew of one another.
fn knowledge_among(store: &dyn Store, turns: &[Turn]) -> Result<Knowledge, CatalogueError> {
    // within one history everyone knew what was before
    let apart = turns.iter().any(|t| t.history != turns[0].history);
    if apart { knowledge(store) } else { Ok(Knowledge::default()) }
}

/// Which history took in which, up to which; one that left another knew all that this had decided and taken in by then.
fn knowledge(store: &dyn Store) -> Result<Knowledge, CatalogueError> {
    let mut taken = store.taken_in()?;
    for history in store.histories()? {
        let Some(left) = history.fork else { continue };
        let before = |at: &Turn| at.history == left.history && at.seq <= left.seq;
        let knew: Vec<(Turn, Turn)> = taken.iter().filter(|(at, _)| before(at)).copied().collect();
        taken.extend(knew.into_iter().map(|(at, of)| (Turn { history: history.number, ..at }, of)));
        taken.push((Turn { history: history.number, seq: left.seq }, left));
    }
    Ok(Knowledge::new(taken))
}

/// All decisions that hang together with the subjects, undone ones too, and everything these are about.
fn gather(
    store: &dyn Store,
    subjects: BTreeSet<Subject>,
    mut at_hand: BTreeMap<Turn, Decision>,
) -> Result<(BTreeSet<Subject>, BTreeMap<Turn, Decision>), CatalogueError> {
    let mut decisions = BTreeMap::new();
    let mut asked = BTreeSet::new();
    let mut todo: Vec<Subject> = subjects.into_iter().collect();
    while !todo.is_empty() {
        let found: BTreeSet<Turn> = store.about(&todo)?.into_iter().filter(|t| !decisions.contains_key(t)).collect();
        asked.extend(std::mem::take(&mut todo));
        let (mut new, mut absent) = (Vec::with_capacity(found.len()), Vec::new());
        for turn in found {
            match at_hand.remove(&turn) {
                Some(decision) => new.push((turn, decision)),
                None => absent.push(turn),
            }
        }
        new.extend(load(store, &absent)?);
        for (turn, decision) in new {
            todo.extend(about(&decision.what).filter(|s| !asked.contains(s)));
            decisions.insert(turn, decision);
        }
        todo.sort_unstable();
        todo.dedup();
    }
    let subjects = decisions.values().flat_map(|d: &Decision| about(&d.what)).collect();
    Ok((subjects, decisions))
}

fn put(
    store: &mut dyn Store,
    subjects: &BTreeSet<Subject>,
    decisions: &BTreeMap<Turn, Decision>,
    mut resolved: Resolved,
) -> Result<(), CatalogueError> {
    let (mut states, mut entries, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for subject in subjects {
        match subject {
            Subject::Place(place) => {
                let claim = resolved.claims.get(place);
                let state = claim.and_then(|c| decisions.get(&c.turn)).map(state);
                states.push((place.clone(), state, claim.and_then(|c: &Claim| c.case)));
            }
            Subject::Case(case) => match resolved.entries.remove(case) {
                Some(entered) => entries.push(KeptEntry {
                    quantity: quantity(&entered.values),
                    entered: entered.turn,
                    confirmed: decisions.get(&entered.turn).and_then(confirmed),
                    entry: Entry { case: *case, places: entered.places, values: entered.values },
                }),
                None => gone.push(*case),
            },
        }
    }
    let conflicts = resolved.clashes.into_iter().map(|clash| {
        let place = clash.place.map(|p| p.to_string());
        let about = place.or(clash.case.map(|c| c.to_string())).unwrap_or_default();
        KeptConflict { kept: clash.kept, other: clash.other, about }
    });
    store.set_states(&states)?;
    store.remove_entries(&gone)?;
    store.put_entries(&entries)?;
    store.put_conflicts(&conflicts.collect::<Vec<_>>())
}

/// The state of an item by the decision that claims its place.
fn state(claimed_by: &Decision) -> State {
    match claimed_by.what {
        What::Enter { .. } => State::Entered,
        What::SameCase { .. } => State::SameCase,
        _ => State::NotAHead,
    }
}

/// How the case that a decision enters was confirmed.
fn confirmed(by: &Decision) -> Option<Confirmed> {
    match by.what {
        What::Enter { way, group, .. } => Some(Confirmed { way, together: group }),
        _ => None,
    }
}

/// How many cases an entry stands for: one, unless a number is recorded.
fn quantity(values: &Values) -> u32 {
    values.get(&Field::Quantity).and_then(|v| v.text.parse().ok()).unwrap_or(1)
}

/// Those of these decisions that no longer hold: something that holds undoes them.
pub(super) fn undone(store: &dyn Store, turns: &[Turn]) -> Result<BTreeSet<Turn>, CatalogueError> {
    let mut by: BTreeMap<Turn, usize> = BTreeMap::new();
    let mut undoes: BTreeMap<Turn, Vec<Turn>> = BTreeMap::new();
    let mut seen: BTreeSet<Turn> = turns.iter().copied().collect();
    let mut todo: Vec<Turn> = turns.to_vec();
    while !todo.is_empty() {
        for (turn, undoing) in store.undoing(&std::mem::take(&mut todo))? {
            *by.entry(turn).or_default() += 1;
            undoes.entry(undoing).or_default().push(turn);
            todo.extend(seen.insert(undoing).then_some(undoing));
        }
    }
    // from those that nothing undoes backwards; those that undo each other in a ring undo each other
    let mut holds: BTreeMap<Turn, bool> = BTreeMap::new();
    let mut ready: Vec<Turn> = seen.iter().copied().filter(|t| !by.contains_key(t)).collect();
    holds.extend(ready.iter().map(|t| (*t, true)));
    while let Some(undoing) = ready.pop() {
        for turn in undoes.get(&undoing).into_iter().flatten() {
            let left = by.entry(*turn).or_default();
            *left = left.saturating_sub(1);
            if !holds.contains_key(turn) && (holds[&undoing] || *left == 0) {
                holds.insert(*turn, !holds[&undoing]);
                ready.push(*turn);
            }
        }
    }
    Ok(turns.iter().copied().filter(|t| holds.get(t) != Some(&true)).collect())
}

/// Decisions by their turns.
pub(super) fn load(store: &dyn Store, turns: &[Turn]) -> Result<Vec<(Turn, Decision)>, CatalogueError> {
    let texts = store.texts(turns)?;
    if texts.len() != turns.len() {
        let missing = turns.iter().find(|t| texts.iter().all(|(found, _)| found != *t));
        let seq = missing.map_or(0, |t| t.seq);
        return Err(CatalogueError::damaged("the history", format!("decision {seq} is spoken of but not there")));
    }
    let histories = Histories::of(store)?;
    texts.into_iter().map(|(turn, text)| Ok((turn, understood(&histories, turn, &text)?))).collect()
}

/// A decision from its text, by the name that its history has here.
pub(super) fn understood(histories: &Histories, turn: Turn, text: &str) -> Result<Decision, CatalogueError> {
    let mut decision = as_written(turn, text)?;
    if decision.link.history == histories.said(turn.history)? {
        decision.link.history = histories.id(turn.history)?;
    }
    Ok(decision)
}

/// A decision as its text says it.
pub(super) fn as_written(turn: Turn, text: &str) -> Result<Decision, CatalogueError> {
    serde_json::from_str(text).map_err(|e| CatalogueError::damaged(format!("decision {}", turn.seq), e))
}

/// Which decision is meant by a link that another, `by`, speaks of, with its hash where that is told: copies of one file that
/// went on apart have several with one number. `None` where the history is not there.
pub(super) fn meant(
    store: &dyn Store,
    histories: &Histories,
    by: Turn,
    link: Link,
    hash: Option<&str>,
) -> Result<Option<Turn>, CatalogueError> {
    let Some(mut named) = histories.turn(link) else { return Ok(None) };
    let root = histories.said(named.history)?;
    let mut family = Vec::new();
    for history in histories.all() {
        if histories.said(history.number)? == root {
            family.push(*history);
        }
    }
    if family.len() == 1 {
        return Ok(Some(named));
    }
    if link.history == root && histories.said(by.history)? == root {
        return histories.along(Turn { history: by.history, seq: link.seq }).map(Some);
    }
    // a name without links is another name of what it left
    while let Some(left) = histories.get(named.history)?.fork.filter(|left| left.seq < named.seq) {
        if store.end(named.history)?.is_some() {
            break;
        }
        named.history = left.history;
    }
    let mut may_be = vec![histories.along(named)?];
    for history in family {
        may_be.push(histories.along(Turn { history: history.number, seq: link.seq })?);
    }
    if let Some(hash) = hash {
        for turn in &may_be {
            if store.hash_of(*turn)?.as_deref() == Some(hash) {
                return Ok(Some(*turn));
            }
        }
    }
    if link.history != root {
        return Ok(Some(may_be[0]));
    }
    let taken = store.taken_in()?;
    let took = |turn: &&Turn| {
        let knew = |(at, of): &(Turn, Turn)| {
            at.history == by.history && at.seq < by.seq && of.history == turn.history && of.seq >= turn.seq
        };
        taken.iter().any(knew)
    };
    Ok(Some(may_be.iter().find(took).copied().unwrap_or(may_be[0])))
}

/// For each of these decisions the links that hold where it has no effect.
pub(super) fn overruled(store: &dyn Store, turns: &[Turn]) -> Result<BTreeMap<Turn, Vec<Link>>, CatalogueError> {
    let histories = Histories::of(store)?;
    let mut out: BTreeMap<Turn, Vec<Link>> = BTreeMap::new();
    for (turn, kept) in store.overruled(turns)? {
        out.entry(turn).or_default().push(histories.link(kept)?);
    }
    Ok(out)
}

/// Conflicts as they are kept, with their decisions.
pub(super) fn told(store: &dyn Store, kept: Vec<KeptConflict>) -> Result<Vec<Conflict>, CatalogueError> {
    let turns: BTreeSet<Turn> = kept.iter().flat_map(|c| [c.kept, c.other]).collect();
    let decisions: BTreeMap<Turn, Decision> =
        load(store, &turns.into_iter().collect::<Vec<_>>())?.into_iter().collect();
    let conflict = |KeptConflict { kept, other, about }| {
        Some(Conflict { about, kept: decisions.get(&kept)?.clone(), other: decisions.get(&other)?.clone() })
    };
    Ok(kept.into_iter().filter_map(conflict).collect())
}

/// The first decision that holds and enters each of these cases, also where it turned out to be another.
pub(super) fn entering(store: &dyn Store, cases: &[Uuid]) -> Result<BTreeMap<Uuid, Decision>, CatalogueError> {
    let subjects: Vec<Subject> = cases.iter().copied().map(Subject::Case).collect();
    let turns: BTreeSet<Turn> = store.about(&subjects)?.into_iter().collect();
    let mut decisions = load(store, &turns.into_iter().collect::<Vec<_>>())?;
    decisions.retain(|(_, d)| matches!(d.what, What::Enter { .. }));
    let turns: Vec<Turn> = decisions.iter().map(|d| d.0).collect();
    let undone = undone(store, &turns)?;
    let mut out = BTreeMap::new();
    for (turn, decision) in decisions {
        if let Some(case) = decision.what.case().filter(|_| !undone.contains(&turn)) {
            out.entry(case).or_insert(decision);
        }
    }
    Ok(out)
}
