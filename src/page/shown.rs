//! What is shown of what lies on a desk, and beforehand of what comes next.

use super::place::{Ahead, On, Place, Through};
use super::shared::Shared;
use super::view::{self, Beside, Shown};
use super::words::Spoken;
use crate::catalogue::{CatalogueError, Field, Item, Values};
use crate::html::{Markup, html};
use crate::review::groups::Sheet;
use crate::review::{Why, calibres};

/// Confirmed heads that are shown beside one.
const LIKE: usize = 3;

/// What lies on the desk.
pub(super) fn now(shared: &Shared, w: &Spoken, place: &mut Place) -> Result<Shown, CatalogueError> {
    if place.through == Through::Doubtful && !place.is_blind() {
        place.look_for_doubts(shared)?;
    }
    let on = place.on()?;
    let html = match &on {
        On::Sheet(on) => sheet(shared, w, place, on)?,
        On::Head(item) => {
            let (said, open) = (place.desk.said(), place.desk.open_fields());
            head(shared, w, place, item, &said, &open)?
        }
        On::Conflict(conflict) => view::conflict(w, conflict),
        On::Doubt(doubt) => view::doubt(w, &doubt.0, doubt.1.as_ref()),
        On::Nothing => view::nothing(w, place.through),
    };
    let waiting = match place.through {
        Through::Conflicts => place.desk.conflicts()?,
        Through::Doubtful => place.doubts.as_ref().map_or(0, |d| d.waiting() as u64),
        _ => place.desk.waiting()?,
    };
    place.put_down();
    let html = html! { (view::tools(w, place)) (html) };
    Ok(Shown { html, waiting, decided: place.decided })
}

/// What comes once what lies on the desk is answered, unless the answer changes it; `None` where that is not known.
pub(super) fn coming(shared: &Shared, w: &Spoken, place: &mut Place) -> Result<Option<Markup>, CatalogueError> {
    let html = match place.ahead()? {
        Ahead::Sheet(next) => sheet(shared, w, place, &next)?,
        Ahead::Head(item) => {
            let said = place.desk.standing();
            let open = place.desk.open_fields_of(&item, &said);
            head(shared, w, place, &item, &said, &open)?
        }
        Ahead::Unknown => return Ok(None),
    };
    Ok(Some(html! { (view::tools(w, place)) (html) }))
}

fn sheet(shared: &Shared, w: &Spoken, place: &mut Place, sheet: &Sheet) -> Result<Markup, CatalogueError> {
    let registry = &shared.serving.registry;
    let first = sheet.members.iter().max_by(|a, b| a.alike.total_cmp(&b.alike));
    let (groups, catalogue) = place.both()?;
    let ranked = first.map(|m| groups.proposals(&m.item)).unwrap_or_default();
    let calibres = match first {
        Some(m) => calibres(catalogue, registry, &m.item, &sheet.headstamp)?,
        None => Vec::new(),
    };
    let means = view::means(registry, &sheet.headstamp, sheet.calibre.as_deref());
    Ok(view::sheet(w, sheet, &ranked, &calibres, &means))
}

fn head(
    shared: &Shared,
    w: &Spoken,
    place: &mut Place,
    item: &Item,
    said: &Values,
    open: &[Field],
) -> Result<Markup, CatalogueError> {
    let beside = beside(shared, place, item)?;
    Ok(view::head(w, &shared.serving.registry, item, &beside, said, open))
}

/// What is shown beside a head: what is proposed for it, by itself and by others; its calibres; and confirmed heads like it.
fn beside(shared: &Shared, place: &mut Place, item: &Item) -> Result<Beside, CatalogueError> {
    // a control as it was planted, or as the second person has to see it, not as what was confirmed would rank it
    let planted = place.control.as_ref().is_some_and(|c| c.item.place == item.place);
    let (groups, catalogue) = place.both()?;
    let ranked = if planted { groups.own(item) } else { groups.proposals(item) };
    let first = ranked.first().map_or("", |r| r.headstamp.as_str());
    let mut calibres = calibres(catalogue, &shared.serving.registry, item, first)?;
    if planted {
        // what is said of a known head gives a control away
        calibres.retain(|c| !matches!(c.why, Why::Like(_)));
        return Ok(Beside { ranked, like: Vec::new(), calibres });
    }
    let mut like = Vec::new();
    for case in catalogue.cases_bearing(first, LIKE)? {
        let place = catalogue.entry(case)?.and_then(|e| e.places.into_iter().find(|p| p.head.is_some()));
        let Some(place) = place.filter(|p| *p != item.place) else { continue };
        like.extend(catalogue.item_on(&place)?.map(|other| (case, other)));
    }
    Ok(Beside { ranked, like, calibres })
}
