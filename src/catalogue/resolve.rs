//! The rule by which decisions have effect, on decisions that hang together and hold.
//!
//! They are taken in order: the file's own history, then others. The first about a place claims it. A later entry from a
//! claimed place is the same case: it adds its places, and its values stand beside those that are there. Of the values of a
//! case, those count that no one changed who knew them; where two of them differ, the first holds, and that is a conflict.

use super::decision::{Decision, Place, What};
use super::fields::{Field, Values};
use crate::proposals::variety_key;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A decision's history and its place in it, as the tables count them.
pub(super) type Row = (i64, i64);

/// Which histories were taken in by others, and up to where.
#[derive(Debug, Default)]
pub(super) struct Knowledge(pub(super) Vec<(Row, Row)>);

impl Knowledge {
    /// Whether `earlier` was known where and when `later` was decided.
    fn knows(&self, later: Row, earlier: Row) -> bool {
        if later.0 == earlier.0 {
            return later.1 > earlier.1;
        }
        self.0.iter().any(|(at, of)| at.0 == later.0 && at.1 < later.1 && of.0 == earlier.0 && of.1 >= earlier.1)
    }
}

/// Who has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// The decision.
    pub(super) row: Row,
    /// The entry that is seen there; none where no head is.
    pub(super) case: Option<Uuid>,
}

/// A case as it was entered.
#[derive(Debug)]
pub(super) struct Entered {
    /// The decision that entered it.
    pub(super) row: Row,
    /// Where it is seen.
    pub(super) places: Vec<Place>,
    /// What is recorded of it.
    pub(super) values: Values,
    /// Decisions that say what its values are.
    says: BTreeSet<Row>,
}

/// Two decisions that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clash {
    /// The one that holds, and the one that does not.
    pub(super) kept: Row,
    pub(super) other: Row,
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
    pub(super) clashes: Vec<Clash>,
}

/// Applies the rule.
pub(super) fn resolve(decisions: &BTreeMap<Row, Decision>, knowledge: &Knowledge) -> Resolved {
    let mut work =
        Work { decisions, knowledge, out: Resolved::default(), entry_of: BTreeMap::new(), done: BTreeSet::new() };
    for (&row, decision) in decisions {
        match &decision.what {
            What::Enter { .. } => work.enter(row),
            What::SameCase { case, place } => work.same_case(row, *case, place),
            What::NotAHead { place } => work.claim(place, Claim { row, case: None }),
            What::Amend { .. } | What::Undo { .. } | What::Merge { .. } => {}
        }
    }
    let clashes = std::mem::take(&mut work.out.clashes);
    work.out.clashes = clashes.into_iter().filter(|c| !work.settled(c)).collect();
    work.amend();
    work.value();
    work.out
}

struct Work<'a> {
    decisions: &'a BTreeMap<Row, Decision>,
    knowledge: &'a Knowledge,
    out: Resolved,
    /// The entry that a case turned out to be.
    entry_of: BTreeMap<Uuid, Uuid>,
    /// Decisions that had their turn.
    done: BTreeSet<Row>,
}

impl Work<'_> {
    fn enter(&mut self, row: Row) {
        let Some(What::Enter { case, places, .. }) = self.decisions.get(&row).map(|d| &d.what) else { return };
        if !self.done.insert(row) {
            return;
        }
        let taken: Vec<(&Place, Claim)> =
            places.iter().filter_map(|p| self.out.claims.get(p).map(|c| (p, *c))).collect();
        let mut owners: BTreeSet<Option<Uuid>> = taken.iter().map(|t| t.1.case).collect();
        owners.extend(self.entry_of.get(case).map(|e| Some(*e)));
        let owners: Vec<Option<Uuid>> = owners.into_iter().collect();
        let entry = match owners[..] {
            [] => *case,
            [Some(entry)] => entry,
            _ => {
                for (place, claim) in taken {
                    self.clash(claim.row, row, place, claim.case);
                }
                return;
            }
        };
        self.entry_of.insert(*case, entry);
        let (values, nowhere) = (Values::new(), Vec::new());
        let new = Entered { row, places: nowhere, values, says: BTreeSet::new() };
        self.out.entries.entry(entry).or_insert(new).says.insert(row);
        for place in places {
            self.claim(place, Claim { row, case: Some(entry) });
        }
    }

    /// Has effect only while the case is entered; to speak of a case takes it in.
    fn same_case(&mut self, row: Row, case: Uuid, place: &Place) {
        let first = self.decisions.iter().find(|(_, d)| matches!(d.what, What::Enter { case: c, .. } if c == case));
        if let Some((&first, _)) = first {
            self.enter(first);
        }
        if let Some(&entry) = self.entry_of.get(&case) {
            self.claim(place, Claim { row, case: Some(entry) });
        }
    }

    fn claim(&mut self, place: &Place, claim: Claim) {
        match self.out.claims.get(place) {
            Some(there) if there.case == claim.case => {}
            Some(&there) => self.clash(there.row, claim.row, place, there.case),
            None => {
                self.out.claims.insert(place.clone(), claim);
                if let Some(entry) = claim.case.and_then(|c| self.out.entries.get_mut(&c)) {
                    entry.places.push(place.clone());
                }
            }
        }
    }

    fn clash(&mut self, kept: Row, other: Row, place: &Place, case: Option<Uuid>) {
        self.out.clashes.push(Clash { kept, other, place: Some(place.clone()), case });
    }

    /// Whether someone who knew both decided as the first again.
    fn settled(&self, clash: &Clash) -> bool {
        self.decisions.iter().any(|(&row, decision)| {
            let same = |case: &Uuid| self.entry_of.get(case).copied() == clash.case && clash.case.is_some();
            let again = match &decision.what {
                What::Amend { case, .. } => same(case),
                What::SameCase { case, place } => same(case) && clash.place.as_ref() == Some(place),
                What::NotAHead { place } => clash.case.is_none() && clash.place.as_ref() == Some(place),
                _ => false,
            };
            again && row != clash.other && [clash.kept, clash.other].iter().all(|r| self.knowledge.knows(row, *r))
        })
    }

    fn amend(&mut self) {
        for (&row, decision) in self.decisions {
            if let What::Amend { case, .. } = &decision.what
                && let Some(entry) = self.entry_of.get(case).and_then(|e| self.out.entries.get_mut(e))
            {
                entry.says.insert(row);
            }
        }
    }

    /// Puts together what counts of what is said of each entry.
    fn value(&mut self) {
        for (&case, entry) in &mut self.out.entries {
            let amends: Vec<Row> =
                entry.says.iter().copied().filter(|r| matches!(self.decisions[r].what, What::Amend { .. })).collect();
            let current = |row: &Row| !amends.iter().any(|a| self.knowledge.knows(*a, *row));
            let mut agreed: Vec<(Row, &Values)> = Vec::new();
            for &row in entry.says.iter().filter(|r| current(r)) {
                let (What::Enter { values, .. } | What::Amend { values, .. }) = &self.decisions[&row].what else {
                    continue;
                };
                if let Some((kept, _)) = agreed.iter().find(|(_, a)| !alike(a, values)) {
                    let place = entry.places.first().cloned();
                    self.out.clashes.push(Clash { kept: *kept, other: row, place, case: Some(case) });
                    continue;
                }
                agreed.push((row, values));
                values.iter().for_each(|(field, value)| {
                    entry.values.entry(*field).or_insert_with(|| value.clone());
                });
            }
        }
    }
}

/// Whether no field has two values.
fn alike(a: &Values, b: &Values) -> bool {
    a.iter().all(|(field, value)| {
        b.get(field).is_none_or(|other| match field {
            Field::Headstamp => variety_key(&value.text) == variety_key(&other.text),
            _ => value.text == other.text,
        })
    })
}
