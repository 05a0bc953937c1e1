//! What queues and groups ask of the catalogue: briefs of all heads, what they look like, what was said to differ.

use super::access::Catalogue;
use super::brief::{Brief, From, place};
use super::decision::Place;
use super::error::CatalogueError;
use super::store::{KeptBrief, PIECE, State, Unlike};
use super::worklist::{self, Item};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A head with its brief.
#[derive(Debug, Clone, PartialEq)]
pub struct Briefed {
    /// Its number in the worklist.
    pub id: i64,
    /// Where it is.
    pub place: Place,
    /// The photograph, as it was named when it was added.
    pub path: String,
    /// What became of it.
    pub state: State,
    /// What is known of it.
    pub brief: Brief,
}

/// Pairs as they are kept, for who said them and when: of two heads each way, so that either finds the other.
pub(super) fn kept_unlike(pairs: &[(Place, From)], who: &str, at: &str) -> Vec<Unlike> {
    let mut all = Vec::with_capacity(pairs.len());
    let mut say = |one: String, other: String| {
        all.push(Unlike { one, other, who: who.to_owned(), at: at.to_owned() });
    };
    for (one, other) in pairs {
        say(one.to_string(), other.kept());
        if let From::Head(other) = other {
            say(other.to_string(), one.to_string());
        }
    }
    all
}

impl Catalogue {
    /// The item with this number.
    pub fn item(&self, id: i64) -> Result<Option<Item>, CatalogueError> {
        self.store().item(id)?.map(|kept| worklist::item(self.store(), kept)).transpose()
    }

    /// The item at a place.
    pub fn item_on(&self, place: &Place) -> Result<Option<Item>, CatalogueError> {
        Ok(self.item_at(place)?.map(|id| self.item(id)).transpose()?.flatten())
    }

    /// The entry that is seen at the item with this number.
    pub fn case_at(&self, id: i64) -> Result<Option<Uuid>, CatalogueError> {
        Ok(self.store().item(id)?.and_then(|kept| kept.case))
    }

    /// Every head in a state with its brief, as they were added. A brief that is not kept is made.
    pub fn briefs(&self, state: State) -> Result<Vec<Briefed>, CatalogueError> {
        let _one_state = self.reading()?;
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let piece = self.store().briefs(state, after, PIECE)?;
            let Some(last) = piece.last() else { break };
            after = last.id;
            all.extend(piece.into_iter().map(|KeptBrief { id, place, path, brief }| Briefed {
                id,
                place,
                path,
                state,
                brief,
            }));
        }
        let known = all.len();
        after = 0;
        loop {
            let piece = self.store().without_brief(state, after, PIECE)?;
            let Some(last) = piece.last() else { break };
            after = *last;
            for id in piece {
                let Some(kept) = self.store().item(id)? else { continue };
                if let Some(brief) = Brief::of_kept(&kept.record, &kept.given) {
                    all.push(Briefed { id, place: kept.place, path: kept.path, state, brief });
                }
            }
        }
        if all.len() > known {
            all.sort_by_key(|b| b.id);
        }
        Ok(all)
    }

    /// Keeps the briefs that lack: of heads that were added by an earlier version. Gives how many there were.
    pub fn keep_briefs(&mut self) -> Result<usize, CatalogueError> {
        let mut made = 0;
        for state in State::ALL {
            let mut after = 0;
            loop {
                let piece = self.store().without_brief(state, after, PIECE)?;
                let Some(last) = piece.last() else { break };
                after = *last;
                let mut briefs = Vec::new();
                for id in piece {
                    let Some(kept) = self.store().item(id)? else { continue };
                    briefs.extend(Brief::of_kept(&kept.record, &kept.given).map(|brief| (id, brief)));
                }
                let mut writing = self.writing()?;
                writing.store().put_briefs(&briefs)?;
                writing.commit()?;
                made += briefs.len();
            }
        }
        Ok(made)
    }

    /// A number that is another once somebody else has written to the catalogue: what was looked up before may have changed.
    pub fn written_by_others(&self) -> Result<i64, CatalogueError> {
        self.store().written_by_others()
    }

    /// What heads look like, as it was kept when they were added; those of which nothing is kept are left out.
    pub fn looks(&self, ids: &[i64]) -> Result<BTreeMap<i64, Vec<u8>>, CatalogueError> {
        Ok(self.store().looks(ids)?.into_iter().collect())
    }

    /// Keeps what heads look like.
    pub fn keep_looks(&mut self, looks: &[(i64, Vec<u8>)]) -> Result<(), CatalogueError> {
        let mut writing = self.writing()?;
        writing.store().put_looks(looks)?;
        writing.commit()
    }

    /// Every headstamp that was entered as it is written, with how many entries bear it.
    pub fn headstamp_counts(&self) -> Result<Vec<(String, u64)>, CatalogueError> {
        self.store().headstamps()
    }

    /// Some of the cases that were entered with this headstamp, as it is written.
    pub fn cases_bearing(&self, headstamp: &str, most: usize) -> Result<Vec<Uuid>, CatalogueError> {
        self.store().cases_bearing(headstamp, most)
    }

    /// Remembers that heads differ from others, or from varieties. Of two heads it holds both ways.
    pub fn say_unlike(&mut self, who: &str, pairs: &[(Place, From)]) -> Result<(), CatalogueError> {
        let said = kept_unlike(pairs, who, &self.now());
        let mut writing = self.writing()?;
        writing.store().put_unlike(&said)?;
        writing.commit()
    }

    /// Everything that was said to differ.
    pub fn unlike(&self) -> Result<BTreeMap<Place, BTreeSet<From>>, CatalogueError> {
        let mut all: BTreeMap<Place, BTreeSet<From>> = BTreeMap::new();
        for said in self.store().unlike()? {
            all.entry(place(&said.one)?).or_default().insert(From::of_kept(&said.other)?);
        }
        Ok(all)
    }
}
