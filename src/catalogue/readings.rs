//! What was read where entries are seen.

use super::access::Catalogue;
use super::decision::Place;
use super::error::CatalogueError;
use super::store::KeptItem;
use crate::record::HeadRecord;

/// What the catalogue holds of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The photograph, as it was named when it was added.
    pub path: String,
    /// The head there, or all of the photograph where the place does not say which; none where none was found.
    pub heads: Vec<HeadRecord>,
    /// Why there are none.
    pub reason: Option<String>,
}

impl Catalogue {
    /// What was read at a place; `None` where its photograph is not held.
    pub fn held_at(&self, place: &Place) -> Result<Option<Held>, CatalogueError> {
        let kept = |head: Option<u32>| -> Result<Option<KeptItem>, CatalogueError> {
            let at = Place { photo: place.photo.clone(), head };
            self.store().item_at(&at)?.map_or(Ok(None), |id| self.store().item(id))
        };
        let mut all: Vec<KeptItem> = kept(place.head)?.into_iter().collect();
        if place.head.is_none() {
            let mut heads = Vec::new();
            while let Some(item) = kept(u32::try_from(heads.len()).ok())? {
                heads.push(item);
            }
            all.extend(heads);
        }
        let Some(first) = all.first() else { return Ok(None) };
        let (path, mut reason) = (first.path.clone(), first.reason.clone());
        let mut heads = Vec::with_capacity(all.len());
        for item in &all {
            let read: Option<HeadRecord> = serde_json::from_str(&item.record)
                .map_err(|e| CatalogueError::damaged(format!("item {}", item.id), e))?;
            heads.extend(read);
        }
        if heads.is_empty() {
            reason = reason.or_else(|| Some("no case head found".into()));
        }
        Ok(Some(Held { path, heads, reason }))
    }
}
