//! Against waving through: known heads and planted wrong proposals, mixed in on request, and what was made of them.
//!
//! A control is shown as any other head and answered as any other; its answer is held against what is known and never
//! becomes a decision. It is off unless a share is asked for.

use crate::catalogue::fields::{NOT_LEGIBLE, SYMBOL_UNKNOWN};
use crate::catalogue::{Catalogue, CatalogueError, Field, Item, State};
use crate::notation::variety_key;
use crate::record::ProposalRecord;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Greatest share of controls: more would be work without end.
pub const MOST_SHARE: f32 = 0.5;
/// How many other heads are looked at for a wrong proposal that is near enough to be overlooked.
const LOOKED_AT: usize = 50;
/// How many heads of other varieties are looked at for the one that is most easily overlooked on a sheet.
const NEAREST_OF: usize = 8;

/// What a control is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A head that was entered, with its proposals as they are.
    Known,
    /// A head that was entered, with a wrong proposal first.
    Planted,
    /// A head that somebody else entered, to be decided by a second person who does not see as what.
    Blind,
}

/// A control as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// The head, with the proposals that are shown.
    pub item: Item,
    /// What it is.
    pub kind: Kind,
    /// The headstamp that was entered.
    pub known: String,
}

/// What was made of a control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// What it was.
    pub kind: Kind,
    /// What is known.
    pub known: String,
    /// What was answered: a headstamp, or one of the words that stand for none; empty where it was called no head.
    pub answer: String,
    /// Time from when it was shown, in milliseconds.
    pub millis: u64,
}

impl Answered {
    /// Whether the answer is the variety that is known.
    pub fn agrees(&self) -> bool {
        variety_key(&self.known) == variety_key(&self.answer)
    }
}

/// What came of all controls.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Summary {
    /// Wrong proposals that were planted, and how many of them were not accepted.
    pub planted: u64,
    /// How many of them were caught: what is known was answered.
    pub caught: u64,
    /// Known heads that were shown.
    pub known: u64,
    /// How many of them were answered as they are known.
    pub kept: u64,
    /// Heads that were decided a second time, blind.
    pub blind: u64,
    /// How many of them were decided alike.
    pub agreed: u64,
    /// Agreement beyond chance (Cohen's kappa) of the two persons, -1..1; `None` where it cannot be told.
    pub kappa: Option<f64>,
    /// Median time of an answer, of controls and of decisions alike, in milliseconds.
    pub median_millis: Option<u64>,
}

/// Mixes controls in, and remembers what was made of them.
#[derive(Debug, Clone)]
pub struct Controls {
    share: f32,
    state: u64,
    /// Heads that were entered, which controls are drawn from.
    from: Vec<i64>,
    answered: Vec<Answered>,
    times: Vec<u64>,
}

impl Controls {
    /// Controls for this share of heads, 0..=[`MOST_SHARE`]; 0 is none. The same seed draws the same.
    pub fn new(share: f32, seed: u64) -> Self {
        let share = if share.is_finite() { share.clamp(0.0, MOST_SHARE) } else { 0.0 };
        Self { share, state: seed ^ 0x5851_f42d_4c95_7f2d, from: Vec::new(), answered: Vec::new(), times: Vec::new() }
    }

    /// Looks for heads that controls can be drawn from: those that were entered.
    pub fn draw_from(&mut self, catalogue: &Catalogue) -> Result<(), CatalogueError> {
        self.from = catalogue.briefs(State::Entered)?.into_iter().map(|b| b.id).collect();
        Ok(())
    }

    /// A head was entered: controls may be drawn from it.
    pub fn entered(&mut self, id: i64) {
        self.from.push(id);
    }

    /// Whether a control comes now, and which; half of them are planted wrong.
    pub fn next(&mut self, catalogue: &Catalogue) -> Result<Option<Control>, CatalogueError> {
        if self.unit() >= f64::from(self.share) || self.from.is_empty() {
            return Ok(None);
        }
        let id = self.one();
        let Some((mut item, known)) = known(catalogue, id)? else { return Ok(None) };
        if self.unit() < 0.5 {
            return Ok(Some(Control { item, kind: Kind::Known, known }));
        }
        let Some(wrong) = self.wrong(catalogue, &item, &known)? else {
            return Ok(Some(Control { item, kind: Kind::Known, known }));
        };
        item.head.proposals.retain(|p| variety_key(&p.headstamp) != variety_key(&wrong.headstamp));
        item.head.proposals.insert(0, wrong);
        Ok(Some(Control { item, kind: Kind::Planted, known }))
    }

    /// Heads of other varieties to be planted on a sheet of so many as this headstamp.
    pub fn plant(
        &mut self,
        catalogue: &Catalogue,
        headstamp: &str,
        size: usize,
    ) -> Result<Vec<Control>, CatalogueError> {
        let key = variety_key(headstamp);
        let mut planted: Vec<Control> = Vec::new();
        let count = (0..size).filter(|_| self.unit() < f64::from(self.share)).count();
        for _ in 0..count {
            let mut best: Option<(usize, Control)> = None;
            for _ in 0..NEAREST_OF.min(self.from.len()) {
                let id = self.one();
                if planted.iter().any(|c| c.item.id == id) {
                    continue;
                }
                let Some((item, known)) = known(catalogue, id)? else { continue };
                let other = variety_key(&known);
                if other == key || [NOT_LEGIBLE, SYMBOL_UNKNOWN].contains(&known.as_str()) {
                    continue;
                }
                let off = apart(&other, &key);
                if best.as_ref().is_none_or(|(least, _)| off < *least) {
                    best = Some((off, Control { item, kind: Kind::Planted, known }));
                }
            }
            planted.extend(best.map(|(_, control)| control));
        }
        Ok(planted)
    }

    /// A head that was planted on a sheet was taken out, or let through as this headstamp.
    pub fn answered_on_sheet(&mut self, control: &Control, taken_out: bool, headstamp: &str, time: Duration) {
        let answer = if taken_out { control.known.clone() } else { headstamp.to_owned() };
        self.answered(control, &answer, time);
    }

    /// A wrong proposal that could be overlooked: the head's own second one, or what another head bears.
    fn wrong(
        &mut self,
        catalogue: &Catalogue,
        item: &Item,
        right: &str,
    ) -> Result<Option<ProposalRecord>, CatalogueError> {
        let key = variety_key(right);
        if let Some(own) = item.head.proposals.iter().find(|p| variety_key(&p.headstamp) != key) {
            // as sure as the first was: else it would give itself away
            let confidence = item.head.proposals.first().and_then(|p| p.confidence);
            return Ok(Some(ProposalRecord { confidence, ..own.clone() }));
        }
        for _ in 0..LOOKED_AT.min(self.from.len()) {
            let id = self.one();
            let other = catalogue.item(id)?.and_then(|i| i.head.proposals.into_iter().next());
            if let Some(other) = other.filter(|p| variety_key(&p.headstamp) != key) {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    /// A head that somebody else entered, for a second person: of those after the item with this number.
    pub fn blind(catalogue: &Catalogue, who: &str, after: i64) -> Result<Option<Control>, CatalogueError> {
        for head in catalogue.briefs(State::Entered)?.into_iter().filter(|b| b.id > after) {
            let Some(case) = catalogue.case_at(head.id)? else { continue };
            let other = catalogue.entering(case)?.is_some_and(|d| d.who != who);
            if let Some((item, known)) = known(catalogue, head.id)?.filter(|_| other) {
                return Ok(Some(Control { item, kind: Kind::Blind, known }));
            }
        }
        Ok(None)
    }

    /// A control was answered; `answer` is a headstamp, or one of the words that stand for none.
    pub fn answered(&mut self, control: &Control, answer: &str, time: Duration) -> &Answered {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let answered = Answered { kind: control.kind, known: control.known.clone(), answer: answer.to_owned(), millis };
        self.times.push(millis);
        let at = self.answered.len();
        self.answered.push(answered);
        &self.answered[at]
    }

    /// An ordinary head was decided in this time.
    pub fn decided(&mut self, time: Duration) {
        self.times.push(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    }

    /// What came of all of them.
    pub fn summary(&self) -> Summary {
        let of = |kind| self.answered.iter().filter(move |a| a.kind == kind);
        let agree = |kind| of(kind).filter(|a| a.agrees()).count() as u64;
        let count = |kind| of(kind).count() as u64;
        let mut times = self.times.clone();
        times.sort_unstable();
        let pairs: Vec<(String, String)> =
            of(Kind::Blind).map(|a| (variety_key(&a.known), variety_key(&a.answer))).collect();
        Summary {
            planted: count(Kind::Planted),
            caught: agree(Kind::Planted),
            known: count(Kind::Known),
            kept: agree(Kind::Known),
            blind: count(Kind::Blind),
            agreed: agree(Kind::Blind),
            kappa: kappa(&pairs),
            median_millis: times.get(times.len() / 2).copied(),
        }
    }

    fn unit(&mut self) -> f64 {
        (self.throw() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of the heads that were entered; 0, which none is, where there are none.
    fn one(&mut self) -> i64 {
        let n = self.throw() % self.from.len().max(1) as u64;
        self.from.get(n as usize).copied().unwrap_or_default()
    }

    /// The next number of a small generator (SplitMix64): which heads are drawn need not be hard to guess for a machine.
    fn throw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// How many signs two varieties do not have in common.
fn apart(one: &str, other: &str) -> usize {
    let lacks = |a: &str, b: &str| {
        let mut left: Vec<char> = b.chars().collect();
        let mut found = |c: char| left.iter().position(|l| *l == c).map(|at| left.swap_remove(at));
        a.chars().filter(|c| found(*c).is_none()).count()
    };
    lacks(one, other) + lacks(other, one)
}

/// A head that was entered, and as what.
fn known(catalogue: &Catalogue, id: i64) -> Result<Option<(Item, String)>, CatalogueError> {
    let Some(item) = catalogue.item(id)?.filter(|i| i.state == State::Entered) else { return Ok(None) };
    let Some(case) = catalogue.case_at(id)? else { return Ok(None) };
    let entry = catalogue.entry(case)?;
    Ok(entry.and_then(|e| Some((item, e.values.get(&Field::Headstamp)?.text.clone()))))
}

/// Cohen's kappa of what two persons said of the same heads.
fn kappa(pairs: &[(String, String)]) -> Option<f64> {
    let n = pairs.len() as f64;
    if pairs.is_empty() {
        return None;
    }
    let agreed = pairs.iter().filter(|p| p.0 == p.1).count() as f64 / n;
    let mut said: std::collections::BTreeMap<&str, (f64, f64)> = std::collections::BTreeMap::new();
    for (one, two) in pairs {
        said.entry(one).or_default().0 += 1.0;
        said.entry(two).or_default().1 += 1.0;
    }
    let chance: f64 = said.values().map(|(a, b)| a * b / n / n).sum();
    (chance < 1.0).then(|| (agreed - chance) / (1.0 - chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_beyond_chance_is_told() {
        let pairs =
            |list: &[(&str, &str)]| list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect::<Vec<_>>();
        assert_eq!(kappa(&[]), None);
        assert_eq!(kappa(&pairs(&[("A", "A"), ("B", "B")])), Some(1.0));
        assert_eq!(kappa(&pairs(&[("A", "A"), ("A", "B"), ("B", "A"), ("B", "B")])), Some(0.0));
        assert_eq!(kappa(&pairs(&[("A", "A")])), None, "one variety alone says nothing");
    }
}
