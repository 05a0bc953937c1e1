//! Heads where a person says that they are: one that was badly fitted, read again, and one that was missed; and heads that
//! other models read anew.

use super::access::Catalogue;
use super::brief::Brief;
use super::by_hand::{hold, next_head};
use super::error::CatalogueError;
use super::store::{HeldItem, State, Store};
use super::worklist;
use crate::record::{HeadRecord, PhotoRecord};

impl Catalogue {
    /// Puts what was read anew of a head in the place of what was read before, while it waits: what was decided was decided of
    /// what was shown. `look` is what it looks like, where that is known. Gives the item as it is now; `None` where it does
    /// not wait any more. A photograph on which no head was found becomes one with this head.
    pub fn read_again(
        &mut self,
        id: i64,
        head: &HeadRecord,
        look: Option<&[u8]>,
    ) -> Result<Option<worklist::Item>, CatalogueError> {
        let record = written(head)?;
        let mut writing = self.writing()?;
        let store = writing.store();
        let Some(kept) = store.item(id)?.filter(|k| [State::Pending, State::NoHead].contains(&k.state)) else {
            return Ok(None);
        };
        let number = match kept.place.head {
            Some(head) => head,
            None => next_head(&store.spots(&[&kept.place.photo])?),
        };
        let item = put(store, id, number, &record, look)?;
        writing.commit()?;
        Ok(Some(item))
    }

    /// Holds a head that was missed on a photograph that is held, to be decided on; what was told of the photograph is told of
    /// it. Gives its number in the worklist; `None` where the photograph is not held, or could not be read.
    pub fn add_head(
        &mut self,
        photo: &str,
        head: &HeadRecord,
        look: Option<&[u8]>,
    ) -> Result<Option<i64>, CatalogueError> {
        let record = written(head)?;
        let mut writing = self.writing()?;
        let store = writing.store();
        let spots = store.spots(&[photo])?;
        let Some(first) = spots.first().filter(|s| s.state != State::Failed) else { return Ok(None) };
        let item = HeldItem {
            head: Some(next_head(&spots)),
            record,
            given: first.given.clone(),
            at_first: State::Pending,
            brief: None,
            look: look.map(<[u8]>::to_vec),
        };
        let id = hold(store, photo, item)?;
        writing.commit()?;
        Ok(id)
    }
}

/// Farthest that a head read anew may lie from where it was, in radii, and how much larger or smaller it may be.
const SAME_PLACE: f32 = 0.5;
const SAME_SIZE: f32 = 1.25;

/// Reading anew.
impl Catalogue {
    /// Puts what other models read of a photograph that is held in the place of what was read before, head by head, where it
    /// waits and nobody said where it is; what was decided stays as it was, and so do heads that are not seen any more. `looks`
    /// are what its heads look like, in their order. Says how many were put.
    pub fn renew(&mut self, read: &PhotoRecord, looks: &[Vec<u8>]) -> Result<usize, CatalogueError> {
        let Some(photo) = &read.sha256 else { return Ok(0) };
        let mut writing = self.writing()?;
        let store = writing.store();
        let mut count = 0;
        for spot in store.spots(&[photo])?.into_iter().filter(|s| s.state == State::Pending) {
            let (Some(number), Some(id)) = (spot.place.head, store.item_at(&spot.place)?) else { continue };
            let Some(kept) = store.item(id)? else { continue };
            let was = worklist::item(store, kept)?.head;
            let Some(n) = same_place(&was, &read.heads).filter(|_| was.fitted.is_none()) else { continue };
            let head = HeadRecord { read_by: Some(read.model.clone()), ..read.heads[n].clone() };
            put(store, id, number, &written(&head)?, looks.get(n).map(Vec::as_slice))?;
            count += 1;
        }
        writing.commit()?;
        Ok(count)
    }
}

/// Puts a record in the place of that of an item, with what is known of it in short; gives the item as it is now.
fn put(
    store: &mut dyn Store,
    id: i64,
    number: u32,
    record: &str,
    look: Option<&[u8]>,
) -> Result<worklist::Item, CatalogueError> {
    store.put_record(id, number, record)?;
    let kept = store.item(id)?.ok_or_else(|| CatalogueError::Absent(format!("there is no item {id}")))?;
    let item = worklist::item(store, kept)?;
    store.put_briefs(&[(id, Brief::of(&item.head, &item.given))])?;
    if let Some(look) = look {
        store.put_looks(&[(id, look.to_vec())])?;
    }
    Ok(item)
}

/// Which of some heads is where one was.
fn same_place(was: &HeadRecord, heads: &[HeadRecord]) -> Option<usize> {
    let rim = &was.ellipse;
    let radius = rim.mean_radius().max(1.0);
    let off = |h: &HeadRecord| (h.ellipse.cx - rim.cx).hypot(h.ellipse.cy - rim.cy) / radius;
    let near = heads.iter().enumerate().filter(|(_, h)| {
        let size = h.ellipse.mean_radius() / radius;
        off(h) < SAME_PLACE && (1.0 / SAME_SIZE..=SAME_SIZE).contains(&size)
    });
    near.min_by(|(_, a), (_, b)| off(a).total_cmp(&off(b))).map(|(n, _)| n)
}

fn written(head: &HeadRecord) -> Result<String, CatalogueError> {
    serde_json::to_string(head).map_err(|e| CatalogueError::damaged("a head that was read again", e))
}
