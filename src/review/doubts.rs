//! Entries that are likely wrong, one after another: each is confirmed, put right, or dismissed, by a decision that stands in
//! the history with the reasons that were shown. Nobody is asked twice about an entry that says the same.

use super::answer::Reviewer;
use crate::catalogue::fields::{self, BadValue};
use crate::catalogue::{
    Catalogue, CatalogueError, Decided, Doubted, Entry, Field, How, Outcome, Shown, Value, Values, What,
};
use crate::check::{Checked, Entries, doubtful};
use crate::registry::Registry;
use std::collections::HashMap;
use uuid::Uuid;

/// What a person makes of an entry that is doubted.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It is right.
    Right,
    /// They do not want to be asked again.
    Dismiss,
    /// These values are right; the rest stays, and what follows from the headstamp is told anew.
    Correct(Vec<(Field, String)>),
}

/// Why a verdict cannot be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DoubtError {
    /// There is no such entry any more.
    #[error("there is no such entry any more")]
    Gone,
    /// The entry was changed since it was shown.
    #[error("it says something else by now; look at it again")]
    Changed,
    /// It says so already.
    #[error("that is what the entry says")]
    Same,
    /// A value is none.
    #[error(transparent)]
    Value(#[from] BadValue),
    /// The catalogue could not be read or written.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

/// The entries of a catalogue that are likely wrong, as they were when they were looked for.
#[derive(Debug, Default)]
pub struct Doubts {
    all: Vec<Checked>,
    /// Which of them were settled or left, by their place.
    passed: Vec<bool>,
    /// How many were settled by people before.
    pub settled_before: usize,
}

impl Doubts {
    /// Looks for them; by what was read when their photographs were added.
    pub fn of(catalogue: &Catalogue, registry: &Registry) -> Result<Self, CatalogueError> {
        let checked = Entries::of(catalogue)?.checked(None, &HashMap::new(), registry);
        let (all, settled_before) = doubtful(catalogue, checked)?;
        Ok(Self { passed: vec![false; all.len()], all, settled_before })
    }

    /// The likeliest that was not passed.
    pub fn next(&self) -> Option<&Checked> {
        self.all.iter().zip(&self.passed).find(|(_, passed)| !**passed).map(|(c, _)| c)
    }

    /// How many were not passed.
    pub fn waiting(&self) -> usize {
        self.passed.iter().filter(|p| !**p).count()
    }

    /// One of them, by its case.
    pub fn of_case(&self, case: Uuid) -> Option<&Checked> {
        self.at(case).and_then(|n| self.all.get(n))
    }

    /// Goes past one.
    pub fn pass(&mut self, case: Uuid) {
        if let Some(n) = self.at(case) {
            self.passed[n] = true;
        }
    }

    fn at(&self, case: Uuid) -> Option<usize> {
        self.all.iter().position(|c| c.subject.entry.case == case)
    }

    /// Takes what a person makes of an entry, and goes past it.
    pub fn settle(
        &mut self,
        catalogue: &mut Catalogue,
        reviewer: &Reviewer,
        case: Uuid,
        verdict: &Verdict,
    ) -> Result<Decided, DoubtError> {
        let doubted = self.of_case(case).ok_or(DoubtError::Gone)?;
        let known = catalogue.known_of(case)?;
        let entry = catalogue.entry(case)?.ok_or(DoubtError::Gone)?;
        if entry.values != doubted.subject.entry.values {
            return Err(DoubtError::Changed);
        }
        let (values, outcome) = match verdict {
            Verdict::Right => (entry.values.clone(), Outcome::Confirmed),
            Verdict::Dismiss => (entry.values.clone(), Outcome::Dismissed),
            Verdict::Correct(values) => (reviewer.corrected(&entry, values)?, Outcome::Corrected),
        };
        if outcome == Outcome::Corrected && values == entry.values {
            return Err(DoubtError::Same);
        }
        let decided = catalogue.decide_knowing(
            &reviewer.who,
            What::Amend { case, values },
            Some(shown(doubted, outcome)),
            known,
        )?;
        self.pass(case);
        Ok(decided)
    }
}

/// What was shown of an entry that is doubted.
fn shown(doubted: &Checked, outcome: Outcome) -> Shown {
    let reasons = doubted.found.reasons.iter().map(|r| r.text.clone()).collect();
    Shown { model: String::new(), proposals: Vec::new(), rim: None, doubt: Some(Doubted { reasons, outcome }) }
}

impl Reviewer {
    /// What is recorded of a case where these values are put right: what followed from a headstamp that was wrong follows from
    /// the new one, what people said stays.
    pub fn corrected(&self, entry: &Entry, right: &[(Field, String)]) -> Result<Values, BadValue> {
        let mut values = entry.values.clone();
        for (field, text) in right {
            let how = if *field == Field::Headstamp { How::Stamped } else { How::Told };
            let text = fields::checked(*field, text)?;
            if values.get(field).is_none_or(|v| v.text != text) {
                values.insert(*field, Value { text, how, by: self.who.clone() });
            }
        }
        let headstamp = values.get(&Field::Headstamp).map(|v| v.text.clone());
        if let Some(headstamp) = headstamp.filter(|_| right.iter().any(|(f, _)| *f == Field::Headstamp)) {
            values.retain(|field, v| v.how != How::Derived || right.iter().any(|(f, _)| f == field));
            let calibre = values.get(&Field::Calibre).map(|v| v.text.clone());
            for (field, value) in self.derived(&headstamp, calibre.as_deref()) {
                values.entry(field).or_insert(value);
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Way;
    use std::sync::Arc;

    fn reviewer() -> Reviewer {
        Reviewer { who: "Ada".into(), registry: Arc::new(Registry::embedded()) }
    }

    /// A catalogue of entries without photographs: six of one headstamp from Belgium, and one of it from Chad.
    fn catalogue(folder: &tempfile::TempDir) -> (Catalogue, Uuid) {
        let mut catalogue = Catalogue::open_or_create(&folder.path().join("c.catalogue")).unwrap();
        let value = |text: &str| Value { text: text.into(), how: How::Told, by: "list".into() };
        let mut odd = Uuid::nil();
        for n in 0..7 {
            let case = Uuid::now_v7();
            let country = if n == 3 { "TD" } else { "BE" };
            odd = if n == 3 { case } else { odd };
            let values =
                [(Field::Headstamp, value("FN_72")), (Field::Country, value(country)), (Field::Notes, value("kept"))];
            let what = What::Enter { case, places: Vec::new(), way: Way::Imported, group: 1, values: values.into() };
            catalogue.decide("list", what, None).unwrap();
        }
        (catalogue, odd)
    }

    #[test]
    fn an_entry_that_was_settled_is_not_asked_about_again_until_it_says_something_else() {
        let folder = tempfile::tempdir().unwrap();
        let (mut catalogue, odd) = catalogue(&folder);
        let registry = Registry::embedded();
        let mut doubts = Doubts::of(&catalogue, &registry).unwrap();
        assert_eq!(doubts.next().unwrap().subject.entry.case, odd);
        let waiting = doubts.waiting();
        doubts.settle(&mut catalogue, &reviewer(), odd, &Verdict::Dismiss).unwrap();
        assert_eq!(doubts.waiting(), waiting - 1);
        let again = Doubts::of(&catalogue, &registry).unwrap();
        assert!(again.of_case(odd).is_none() && again.settled_before == 1);
        // taken back, it is doubted again
        let link = catalogue.undoable(1).unwrap()[0].link;
        catalogue.decide("Ada", What::Undo { link }, None).unwrap();
        let mut again = Doubts::of(&catalogue, &registry).unwrap();
        assert!(again.of_case(odd).is_some() && again.settled_before == 0);
        again.settle(&mut catalogue, &reviewer(), odd, &Verdict::Right).unwrap();
        // changed by somebody, it is doubted again
        let mut values = catalogue.entry(odd).unwrap().unwrap().values;
        values.insert(Field::Year, Value { text: "1850".into(), how: How::Told, by: "list".into() });
        catalogue.decide("list", What::Amend { case: odd, values }, None).unwrap();
        let mut again = Doubts::of(&catalogue, &registry).unwrap();
        assert!(again.of_case(odd).is_some() && again.settled_before == 0);
        // what was shown is what is settled
        let mut values = catalogue.entry(odd).unwrap().unwrap().values;
        values.remove(&Field::Year);
        catalogue.decide("list", What::Amend { case: odd, values }, None).unwrap();
        let late = again.settle(&mut catalogue, &reviewer(), odd, &Verdict::Right);
        assert!(matches!(late, Err(DoubtError::Changed)), "{late:?}");
    }

    #[test]
    fn a_correction_keeps_what_people_said_and_tells_the_rest_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (mut catalogue, odd) = catalogue(&folder);
        let mut doubts = Doubts::of(&catalogue, &Registry::embedded()).unwrap();
        let same =
            doubts.settle(&mut catalogue, &reviewer(), odd, &Verdict::Correct(vec![(Field::Country, "TD".into())]));
        assert!(matches!(same, Err(DoubtError::Same)), "{same:?}");
        let right = Verdict::Correct(vec![(Field::Country, "BE".into()), (Field::Headstamp, "FN_73".into())]);
        doubts.settle(&mut catalogue, &reviewer(), odd, &right).unwrap();
        let values = catalogue.entry(odd).unwrap().unwrap().values;
        let said = |f| values.get(&f).map(|v: &Value| (v.text.as_str(), v.by.as_str()));
        assert_eq!(said(Field::Headstamp), Some(("FN_73", "Ada")));
        assert_eq!(said(Field::Country), Some(("BE", "Ada")));
        assert_eq!(said(Field::Notes), Some(("kept", "list")));
        assert_eq!(said(Field::Year).map(|v| v.0), Some("1973"));
        let decisions = catalogue.decisions_of(&catalogue.entry(odd).unwrap().unwrap()).unwrap();
        let doubt = decisions.last().unwrap().0.shown.as_ref().unwrap().doubt.as_ref().unwrap();
        assert!(doubt.outcome == Outcome::Corrected && !doubt.reasons.is_empty());
        assert!(matches!(
            doubts.settle(&mut catalogue, &reviewer(), Uuid::nil(), &Verdict::Right),
            Err(DoubtError::Gone)
        ));
    }
}
