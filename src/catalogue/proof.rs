//! Proving that nothing was changed, lost or added: every link of every history against the one before it, and the entries
//! against what follows from the links. Everything that is wrong is named, not the first alone.
//!
//! The chain holds what people decided, and what was shown to them as they did. What machines read and nobody decided on is
//! not in it. A history that is whole in itself may still have been rewritten or shortened as a whole: that only somebody can
//! tell who noted its end before.

use super::access::Catalogue;
use super::decision::{self, Link};
use super::error::CatalogueError;
use super::links::{prove_all, walk};
use super::outcome;
use super::store::{Histories, Prints, Writing};
use serde::Serialize;
use std::fmt;
use uuid::Uuid;

/// What is wrong with the history, or with what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Fault {
    /// Decisions of a history, from one to another, with the cause.
    Links {
        /// The history.
        history: Uuid,
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
        /// What is wrong with them.
        cause: &'static str,
    },
    /// Something that follows from the decisions was changed by hand.
    Outcome {
        /// An entry, the state of a head, or a conflict.
        about: String,
        /// What became of it.
        became: Became,
    },
    /// No decision has the hash that was noted.
    Head {
        /// The hash.
        hash: String,
    },
}

/// What became of something that follows from the decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It is there, and says something else.
    Changed,
    /// It follows, and is not there.
    Lost,
    /// It is there, and follows from no decision.
    Added,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Links { history, from, to, cause } if from == to => {
                write!(f, "history {history}: decision {from} {cause}")
            }
            Self::Links { history, from, to, cause } => {
                write!(f, "history {history}: decisions {from} to {to}: each {cause}")
            }
            Self::Outcome { about, became: Became::Changed } => {
                write!(f, "{about} is not what the decisions say: it was changed by hand")
            }
            Self::Outcome { about, became: Became::Lost } => {
                write!(f, "{about} follows from the decisions, and is not there: it was taken away by hand")
            }
            Self::Outcome { about, became: Became::Added } => {
                write!(f, "{about} follows from no decision: it was put there by hand")
            }
            Self::Head { hash } => {
                write!(f, "no decision has the hash {hash}: since it was noted the history was rewritten or shortened")
            }
        }
    }
}

/// What was proved.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Proof {
    /// Decisions that were looked at.
    pub decisions: u64,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
    /// The decision that has the hash that was noted, if one was.
    pub noted: Option<Link>,
}

impl Catalogue {
    /// Checks every link of every history, and gives how many there are; the error is of the first that is wrong.
    pub fn verify_history(&self) -> Result<u64, CatalogueError> {
        let _one_state = self.reading()?;
        prove_all(self.store())
    }

    /// Whether the entries, the conflicts and the states of the worklist are those that follow from the decisions. Changes
    /// nothing.
    pub fn verify_outcome(&self) -> Result<bool, CatalogueError> {
        self.outcomes().map(|(there, follows)| there == follows)
    }

    /// Prints of what is there, and of what follows from the decisions.
    fn outcomes(&self) -> Result<(Prints, Prints), CatalogueError> {
        let mut aside = self.store().aside()?;
        let there = aside.prints()?;
        let mut writing = Writing::begin(&mut *aside)?;
        outcome::rebuild(writing.store())?;
        Ok((there, writing.store().prints()?))
    }

    /// Holds all decisions against each other, what follows from them against what is there, and the history against a hash
    /// of its end that was noted before. Changes nothing.
    pub fn prove(&self, noted: Option<&str>) -> Result<Proof, CatalogueError> {
        let _one_state = self.reading()?;
        let store = self.store();
        let mut proof = Proof::default();
        let histories = Histories::of(store)?;
        for history in histories.all() {
            let id = histories.id(history.number)?;
            let faults = &mut proof.faults;
            proof.decisions += walk(store, &histories, history.number, &mut |from, to, cause| {
                put(faults, Fault::Links { history: id, from, to, cause });
            })?;
        }
        if let Some(hash) = noted {
            proof.noted = self.link_of_hash(&histories, hash)?;
            if proof.noted.is_none() {
                proof.faults.push(Fault::Head { hash: hash.to_owned() });
            }
        }
        // what cannot be understood has no outcome
        if proof.faults.iter().all(|f| matches!(f, Fault::Head { .. })) {
            proof.faults.extend(self.outcome_faults()?);
        }
        Ok(proof)
    }

    /// The decision with a hash; of a history without decisions the hash of its beginning is that of decision 0.
    fn link_of_hash(&self, histories: &Histories, hash: &str) -> Result<Option<Link>, CatalogueError> {
        let hash = hash.trim().to_ascii_lowercase();
        if let Some(turn) = self.store().hashed(&hash)? {
            return Ok(Some(histories.link(turn)?));
        }
        for history in histories.all() {
            let id = histories.id(history.number)?;
            if decision::root(id) == hash {
                return Ok(Some(Link { history: id, seq: 0 }));
            }
        }
        Ok(None)
    }

    /// What is there and does not follow from the decisions, or the other way round.
    fn outcome_faults(&self) -> Result<Vec<Fault>, CatalogueError> {
        let (there, follows) = self.outcomes()?;
        let mut faults = Vec::new();
        let mut fault = |about: &String, became| faults.push(Fault::Outcome { about: about.clone(), became });
        for (about, print) in &there {
            match follows.get(about) {
                Some(other) if other == print => {}
                Some(_) => fault(about, Became::Changed),
                None => fault(about, Became::Added),
            }
        }
        follows.keys().filter(|about| !there.contains_key(*about)).for_each(|about| fault(about, Became::Lost));
        Ok(faults)
    }
}

/// Adds a fault, to the one before where it goes on with it.
fn put(faults: &mut Vec<Fault>, fault: Fault) {
    if let Fault::Links { history, from, to, cause } = fault
        && let Some(Fault::Links { history: before, to: last, cause: same, .. }) = faults.last_mut()
        && (*before, *last + 1, *same) == (history, from, cause)
    {
        *last = to;
        return;
    }
    faults.push(fault);
}
