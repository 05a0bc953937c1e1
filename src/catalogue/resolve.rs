//! The rule by which decisions have effect, on decisions that hang together and hold.
//!
//! They are taken in order: the file's own history, then others. The first about a place claims it. A later entry from a
//! claimed place is the same case: it adds its places, and its values stand beside those that are there. Of the values of a
//! case, those count that no one changed who knew them; where two of them differ, the first holds, and that is a conflict.
//! A photograph as a whole, of a box or a label, may be said to show several cases that were entered elsewhere.
//!
//! What is told of a place counts as if it had been told when the photograph was added: who enters its case brings it along.
//! To a case that was entered without it, by someone who did not know it, it adds what was not recorded.
//!
//! Time taken is that of sorting the decisions, however many there are of one case or place.

use super::decision::{Decision, Place, What};
use super::fields::{Field, Value, Values};
use super::store::Turn;
use crate::notation::variety_key;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Which histories were taken in by others, and up to where.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    /// For who took in and what was taken in: at which decisions, and up to which by then.
    taken: BTreeMap<(u32, u32), Vec<(u64, u64)>>,
}

impl Knowledge {
    /// From pairs of a decision that took in a history, and the last that it took in.
    pub(super) fn new(mut pairs: Vec<(Turn, Turn)>) -> Self {
        let mut taken: BTreeMap<_, Vec<(u64, u64)>> = BTreeMap::new();
        pairs.sort_unstable();
        for (at, of) in pairs {
            let steps = taken.entry((at.history, of.history)).or_default();
            let before = steps.last().map_or(0, |s| s.1);
            steps.push((at.seq, before.max(of.seq)));
        }
        Self { taken }
    }

    /// Whether `earlier` was known where and when `later` was decided.
    fn knows(&self, later: Turn, earlier: Turn) -> bool {
        if later.history == earlier.history {
            return later.seq > earlier.seq;
        }
        let steps = self.taken.get(&(later.history, earlier.history)).map_or(&[][..], Vec::as_slice);
        let by_then = steps.partition_point(|step| step.0 < later.seq);
        steps[..by_then].last().is_some_and(|step| step.1 >= earlier.seq)
    }
}

/// Of some decisions, added in order, the last of each history: what any of them knew, these knew.
#[derive(Debug, Default)]
struct Latest(BTreeMap<u32, u64>);

impl Latest {
    fn add(&mut self, turn: Turn) {
        self.0.insert(turn.history, turn.seq);
    }

    /// Whether one of them knew all of these.
    fn knew(&self, knowledge: &Knowledge, all: &[Turn]) -> bool {
        let mut each = self.0.iter().map(|(&history, &seq)| Turn { history, seq });
        each.any(|turn| all.iter().all(|earlier| knowledge.knows(turn, *earlier)))
    }
}

/// Who has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// The decision.
    pub(super) turn: Turn,
    /// The entry that is seen there; none where no head is.
    pub(super) case: Option<Uuid>,
}

/// A case as it was entered.
#[derive(Debug)]
pub(super) struct Entered {
    /// The decision that entered it.
    pub(super) turn: Turn,
    /// Where it is seen.
    pub(super) places: Vec<Place>,
    /// What is recorded of it.
    pub(super) values: Values,
    /// Decisions that say what its values are.
    says: BTreeSet<Turn>,
}

/// Two decisions that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clash {
    /// The one that holds, and the one that does not.
    pub(super) kept: Turn,
    pub(super) other: Turn,
    /// Where; none where the case is seen nowhere.
    pub(super) place: Option<Place>,
    /// The entry; none where no head is.
    pub(super) case: Option<Uuid>,
}

/// What follows from some decisions.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub(super) entries: BTreeMap<Uuid, Entered>,
    pub(super) claims: BTreeMap<Place, Claim>,
    /// What was told of places.
    pub(super) told: BTreeMap<Place, Values>,
    pub(super) clashes: Vec<Clash>,
}

/// Applies the rule.
pub(super) fn resolve(decisions: &BTreeMap<Turn, Decision>, knowledge: &Knowledge) -> Resolved {
    let mut entering = BTreeMap::new();
    for (&turn, decision) in decisions {
        if let What::Enter { case, .. } = &decision.what {
            entering.entry(*case).or_insert(turn);
        }
    }
    let mut work = Work {
        decisions,
        knowledge,
        entering,
        out: Resolved::default(),
        entry_of: BTreeMap::new(),
        done: BTreeSet::new(),
    };
    for (&turn, decision) in decisions {
        match &decision.what {
            What::Enter { .. } => work.enter(turn),
            What::SameCase { case, place } => work.same_case(turn, *case, place),
            What::NotAHead { place } => work.claim(place, Claim { turn, case: None }),
            What::Amend { .. } | What::Tell { .. } | What::Undo { .. } | What::Merge { .. } => {}
        }
    }
    work.settle();
    work.amend();
    work.value();
    work.tell();
    work.out
}

struct Work<'a> {
    decisions: &'a BTreeMap<Turn, Decision>,
    knowledge: &'a Knowledge,
    /// The first decision that enters each case.
    entering: BTreeMap<Uuid, Turn>,
    out: Resolved,
    /// The entry that a case turned out to be.
    entry_of: BTreeMap<Uuid, Uuid>,
    /// Decisions that had their turn.
    done: BTreeSet<Turn>,
}

impl Work<'_> {
    fn enter(&mut self, turn: Turn) {
        let Some(What::Enter { case, places, .. }) = self.decisions.get(&turn).map(|d| &d.what) else { return };
        if !self.done.insert(turn) {
            return;
        }
        let claimed = places.iter().filter_map(|p| self.out.claims.get(p).map(|c| (p, *c)));
        let taken: Vec<(&Place, Claim)> = claimed.filter(|(p, c)| !self.is_shown(p, c.turn)).collect();
        let mut owners: BTreeSet<Option<Uuid>> = taken.iter().map(|t| t.1.case).collect();
        owners.extend(self.entry_of.get(case).map(|e| Some(*e)));
        let owners: Vec<Option<Uuid>> = owners.into_iter().collect();
        let entry = match owners[..] {
            [] => *case,
            [Some(entry)] => entry,
            _ => {
                for (place, claim) in taken {
                    self.clash(claim.turn, turn, place, claim.case);
                }
                return;
            }
        };
        self.entry_of.insert(*case, entry);
        let (values, nowhere) = (Values::new(), Vec::new());
        let new = Entered { turn, places: nowhere, values, says: BTreeSet::new() };
        self.out.entries.entry(entry).or_insert(new).says.insert(turn);
        for place in places {
            self.claim(place, Claim { turn, case: Some(entry) });
        }
    }

    /// Has effect only while the case is entered; to speak of a case takes it in.
    fn same_case(&mut self, turn: Turn, case: Uuid, place: &Place) {
        if let Some(&first) = self.entering.get(&case) {
            self.enter(first);
        }
        if let Some(&entry) = self.entry_of.get(&case) {
            self.claim(place, Claim { turn, case: Some(entry) });
        }
    }

    fn claim(&mut self, place: &Place, claim: Claim) {
        match self.out.claims.get(place) {
            Some(there) if there.case == claim.case => {}
            Some(&there) if self.shares(place, there, claim) => self.seen_at(place, claim.case),
            Some(&there) => self.clash(there.turn, claim.turn, place, there.case),
            None => {
                self.out.claims.insert(place.clone(), claim);
                self.seen_at(place, claim.case);
            }
        }
    }

    /// Whether a photograph as a whole, a box or a label, is said to show a case that was entered elsewhere.
    fn is_shown(&self, place: &Place, turn: Turn) -> bool {
        place.head.is_none() && matches!(self.decisions[&turn].what, What::SameCase { .. })
    }

    /// Whether a photograph shows both cases: a box or a label may belong to several.
    fn shares(&self, place: &Place, there: Claim, claim: Claim) -> bool {
        let shown = self.is_shown(place, there.turn) || self.is_shown(place, claim.turn);
        shown && there.case.is_some() && claim.case.is_some()
    }

    fn seen_at(&mut self, place: &Place, case: Option<Uuid>) {
        if let Some(entry) = case.and_then(|c| self.out.entries.get_mut(&c))
            && !entry.places.contains(place)
        {
            entry.places.push(place.clone());
        }
    }

    fn clash(&mut self, kept: Turn, other: Turn, place: &Place, case: Option<Uuid>) {
        self.out.clashes.push(Clash { kept, other, place: Some(place.clone()), case });
    }

    /// Leaves out the clashes of which someone who knew both decided as the first again: of the entry, or of the place.
    fn settle(&mut self) {
        let mut again: BTreeMap<(Option<&Place>, Option<Uuid>), Latest> = BTreeMap::new();
        for (&turn, decision) in self.decisions {
            let entry = |case: &Uuid| self.entry_of.get(case).copied();
            let about = match &decision.what {
                What::Amend { case, .. } if entry(case).is_some() => (None, entry(case)),
                What::SameCase { case, place } if entry(case).is_some() => (Some(place), entry(case)),
                What::NotAHead { place } => (Some(place), None),
                _ => continue,
            };
            again.entry(about).or_default().add(turn);
        }
        let settled = |c: &Clash| {
            let ways = [(None, c.case), (c.place.as_ref(), c.case)];
            ways.iter().filter_map(|w| again.get(w)).any(|l| l.knew(self.knowledge, &[c.kept, c.other]))
        };
        self.out.clashes.retain(|c| !settled(c));
    }

    fn amend(&mut self) {
        for (&turn, decision) in self.decisions {
            if let What::Amend { case, .. } = &decision.what
                && let Some(entry) = self.entry_of.get(case).and_then(|e| self.out.entries.get_mut(e))
            {
                entry.says.insert(turn);
            }
        }
    }

    /// Puts together what counts of what is said of each entry.
    fn value(&mut self) {
        for (&case, entry) in &mut self.out.entries {
            let mut amended = Latest::default();
            let amends = entry.says.iter().filter(|t| matches!(self.decisions[t].what, What::Amend { .. }));
            amends.for_each(|t| amended.add(*t));
            // what holds of each field, as it is compared, and who said it first
            let mut holds: BTreeMap<Field, (Cow<str>, Turn)> = BTreeMap::new();
            for &turn in entry.says.iter().filter(|t| !amended.knew(self.knowledge, &[**t])) {
                let (What::Enter { values, .. } | What::Amend { values, .. }) = &self.decisions[&turn].what else {
                    continue;
                };
                let compared: Vec<_> = values.iter().map(|(f, v)| (*f, compared(*f, v))).collect();
                let contrary = |(f, text): &(Field, Cow<str>)| holds.get(f).filter(|h| h.0 != *text).map(|h| h.1);
                if let Some(kept) = compared.iter().filter_map(contrary).min() {
                    let place = entry.places.first().cloned();
                    self.out.clashes.push(Clash { kept, other: turn, place, case: Some(case) });
                    continue;
                }
                for (field, text) in compared {
                    holds.entry(field).or_insert((text, turn));
                }
                for (field, value) in values {
                    entry.values.entry(*field).or_insert_with(|| value.clone());
                }
            }
        }
    }

    /// Puts together what is told of each place, field by field: who knew what was told before takes its place; what is told
    /// otherwise by one who did not know is a conflict. Then hands it to the entries that lack it.
    fn tell(&mut self) {
        let mut told: BTreeMap<(&Place, Field), (&Value, Turn)> = BTreeMap::new();
        let mut clashes = BTreeSet::new();
        for (&turn, decision) in self.decisions {
            let What::Tell { place, values } = &decision.what else { continue };
            for (&field, value) in values {
                let there = told.entry((place, field)).or_insert((value, turn));
                if there.1 == turn || self.knowledge.knows(turn, there.1) {
                    *there = (value, turn);
                } else if compared(field, there.0) != compared(field, value) && !self.knowledge.knows(there.1, turn) {
                    clashes.insert((place, there.1, turn));
                }
            }
        }
        for ((place, field), (value, turn)) in told {
            self.out.told.entry(place.clone()).or_default().insert(field, value.clone());
            let Some(case) = self.out.claims.get(place).and_then(|c| c.case) else { continue };
            let Some(entry) = self.out.entries.get_mut(&case) else { continue };
            // who entered or changed it knew
            if entry.says.iter().any(|s| self.knowledge.knows(*s, turn)) {
                continue;
            }
            match entry.values.get(&field) {
                None => drop(entry.values.insert(field, value.clone())),
                Some(held) if compared(field, held) == compared(field, value) => {}
                Some(_) => {
                    let says = entry.says.iter().find(|s| says(self.decisions, **s, field));
                    let unknown = says.filter(|s| !self.knowledge.knows(turn, **s));
                    clashes.extend(unknown.map(|s| (place, *s, turn)));
                }
            }
        }
        let clash = |(place, kept, other): (&Place, Turn, Turn)| {
            let case = self.out.claims.get(place).and_then(|c| c.case);
            Clash { kept, other, place: Some(place.clone()), case }
        };
        let clashes: Vec<Clash> = clashes.into_iter().map(clash).collect();
        self.out.clashes.extend(clashes);
    }
}

/// Whether a decision says what a field of its case is.
fn says(decisions: &BTreeMap<Turn, Decision>, turn: Turn, field: Field) -> bool {
    let what = decisions.get(&turn).map(|d| &d.what);
    matches!(what, Some(What::Enter { values, .. } | What::Amend { values, .. }) if values.contains_key(&field))
}

/// A value as it is compared with others: two ways of writing one variety are the same.
fn compared(field: Field, value: &Value) -> Cow<'_, str> {
    match field {
        Field::Headstamp => Cow::Owned(variety_key(&value.text)),
        _ => Cow::Borrowed(&value.text),
    }
}

#[cfg(test)]
mod tests;
