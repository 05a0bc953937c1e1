//! A sheet of heads confirmed at once: a decision for each, written and undone together.

use super::answer::Answer;
use super::desk::{Desk, DeskError, Done};
use crate::catalogue::brief::From;
use crate::catalogue::{CatalogueError, Decision, Place, Shown, State, Values, What};
use crate::notation::variety_key;

/// What came of a sheet that was confirmed. It is on the disk.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Together {
    /// The decisions, in the order of the heads.
    pub done: Vec<Done>,
    /// Heads that were decided by somebody else meanwhile: nothing was decided of them here.
    pub passed: Vec<Place>,
    /// What is remembered of those that were taken out.
    pub differ: Vec<(Place, From)>,
}

impl Desk {
    /// Enters heads with one headstamp: all of them, or none where it cannot be taken. `said` is said of each beside it. Of
    /// `out`, which were taken out of the sheet, it is remembered that they are not of that variety. `twice` are pairs of one
    /// of the heads and another that waits and shows the same case: it is seen on both, and entered once.
    pub fn confirm(
        &mut self,
        headstamp: &str,
        heads: &[i64],
        out: &[i64],
        twice: &[(i64, i64)],
        said: &Values,
    ) -> Result<Together, DeskError> {
        let mut told = self.standing();
        told.extend(said.clone());
        let mut together = Together::default();
        let mut all: Vec<(What, Option<Shown>)> = Vec::with_capacity(heads.len());
        for id in heads {
            let Some(item) = self.catalogue.item(*id)? else { continue };
            if item.state != State::Pending {
                together.passed.push(item.place);
                continue;
            }
            let (mut what, shown) = self.reviewer.decision(&item, &Answer::Headstamp(headstamp.to_owned()), &told)?;
            let also: Vec<i64> = twice.iter().filter(|(one, _)| one == id).map(|(_, other)| *other).collect();
            self.seen_also(&mut what, &also)?;
            all.push((what, Some(shown)));
        }
        let size = u32::try_from(all.len()).unwrap_or(u32::MAX);
        for (what, _) in &mut all {
            if let What::Enter { group, .. } = what {
                *group = size;
            }
        }
        let variety = From::Variety(variety_key(headstamp));
        for id in out {
            together.differ.extend(self.catalogue.item(*id)?.map(|item| (item.place, variety.clone())));
        }
        if !together.differ.is_empty() {
            let who = self.who().to_owned();
            self.catalogue.say_unlike(&who, &together.differ)?;
        }
        if all.is_empty() {
            return Ok(together);
        }
        let whats: Vec<What> = all.iter().map(|(what, _)| what.clone()).collect();
        let who = self.who().to_owned();
        let decided = self.catalogue.decide_all(&who, all)?;
        self.last = whats.last().and_then(What::case).or(self.last);
        if self.item.as_ref().is_some_and(|i| heads.contains(&i.id)) {
            self.let_go();
        }
        for (what, decided) in whats.into_iter().zip(decided) {
            together.done.push(self.done(what, decided)?);
        }
        Ok(together)
    }

    /// Remembers that heads differ: from each other, or from a variety.
    pub fn differ(&mut self, pairs: &[(Place, From)]) -> Result<(), CatalogueError> {
        let who = self.who().to_owned();
        self.catalogue.say_unlike(&who, pairs)
    }

    /// The decisions that were taken together with one, on one sheet, as far as they hold.
    pub(super) fn taken_with(&self, last: &Decision) -> Result<Vec<Decision>, CatalogueError> {
        let What::Enter { group, .. } = last.what else { return Ok(Vec::new()) };
        if group < 2 {
            return Ok(Vec::new());
        }
        let before = self.catalogue.undoable_before(last.link.seq, group as usize - 1)?;
        let with = |d: &Decision| {
            d.at == last.at
                && d.who == last.who
                && last.link.seq - d.link.seq < u64::from(group)
                && matches!(d.what, What::Enter { group: g, .. } if g == group)
        };
        Ok(before.into_iter().filter(with).collect())
    }
}
