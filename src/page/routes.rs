//! What is answered to what. Files and the catalogue are waited for on threads of their own.

use super::guard::guard;
use super::heard::{self, Act};
use super::pictures::Kind;
use super::place::{On, Place, Through};
use super::refused::Refused;
use super::shared::Shared;
use super::twice::{self, Twice};
use super::view::{self, Beside, Shown};
use super::words::{self, Spoken};
use crate::catalogue::{self, Catalogue, CatalogueError, Item};
use crate::photo;
use crate::review::{Why, calibres};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

/// Largest request, in bytes: a headstamp or notes.
const LARGEST: usize = 64 << 10;
/// Words that are offered while typing.
const OFFERED: usize = 12;
/// Confirmed heads that are shown beside one.
const LIKE: usize = 3;
const CSS: &str = include_str!("assets/page.css");
const ICON: &str = include_str!("assets/icon.svg");
const JS: &str = include_str!("assets/page.js");

type Shares = State<Arc<Shared>>;

/// All routes, behind the guard.
pub(super) fn all(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/{token}/", get(page))
        .route("/{token}/summary", get(summary))
        .route("/{token}/assets/page.css", get(|| async { ([(CONTENT_TYPE, "text/css; charset=utf-8")], CSS) }))
        .route("/{token}/assets/page.js", get(|| async { ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], JS) }))
        .route("/{token}/assets/icon.svg", get(|| async { ([(CONTENT_TYPE, "image/svg+xml")], ICON) }))
        .route("/{token}/picture/{photo}/{head}/{kind}", get(picture))
        .route("/{token}/photograph/{photo}", get(photograph))
        .route("/{token}/about/{photo}", get(about))
        .route("/{token}/even/{photo}/{head}/{turn}", get(even))
        .route("/{token}/complete", get(complete))
        .route("/{token}/ahead", get(ahead))
        .route("/{token}/twice", get(look_twice))
        .route("/{token}/do", post(act))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard))
        .with_state(shared)
}

/// Does something that waits for the disk.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refused> + Send + 'static) -> Result<T, Refused> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refused::Ended)?
}

#[derive(Deserialize)]
struct Asked {
    lang: Option<String>,
    page: Option<Uuid>,
}

fn spoken(asked: &Asked, headers: &HeaderMap) -> &'static Spoken {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    words::choose(asked.lang.as_deref(), accepted)
}

async fn page(State(shared): Shares, Query(asked): Query<Asked>, headers: HeaderMap) -> Result<Response, Refused> {
    let w = spoken(&asked, &headers);
    let html = apart(move || {
        // who comes back from the summary, or changes the language, goes on where they were
        let id = asked.page.unwrap_or_else(Uuid::new_v4);
        let place = shared.places.with(id)?;
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        let state = shown(&shared, w, &mut place)?;
        Ok(view::page(w, id, &state, shared.serving.reader.is_some()).into_string())
    });
    Ok(([(CACHE_CONTROL, "no-store")], Html(html.await?)).into_response())
}

async fn summary(State(shared): Shares, Query(asked): Query<Asked>, headers: HeaderMap) -> Result<Response, Refused> {
    let w = spoken(&asked, &headers);
    let html = apart(move || {
        let counts = shared.look_up(Catalogue::counts)?;
        let controls = match asked.page {
            Some(id) => {
                let place = shared.places.with(id)?;
                let place = place.lock().unwrap_or_else(PoisonError::into_inner);
                Some(place.controls.summary())
            }
            None => None,
        };
        Ok(view::summary(w, asked.page, &counts, controls.as_ref()).into_string())
    });
    Ok(([(CACHE_CONTROL, "no-store")], Html(html.await?)).into_response())
}

fn shown(shared: &Shared, w: &Spoken, place: &mut Place) -> Result<Shown, CatalogueError> {
    let on = place.on()?;
    let html = match &on {
        On::Sheet(sheet) => {
            let registry = &shared.serving.registry;
            let first = sheet.members.iter().max_by(|a, b| a.alike.total_cmp(&b.alike));
            let (groups, catalogue) = place.both()?;
            let ranked = first.map(|m| groups.proposals(&m.item)).unwrap_or_default();
            let calibres = match first {
                Some(m) => calibres(catalogue, registry, &m.item, &sheet.headstamp)?,
                None => Vec::new(),
            };
            let means = view::means(registry, &sheet.headstamp, sheet.calibre.as_deref());
            view::sheet(w, sheet, &ranked, &calibres, &means)
        }
        On::Head(item) => {
            let beside = beside(shared, place, item)?;
            let (said, open) = (place.desk.said(), place.desk.open_fields());
            view::head(w, &shared.serving.registry, item, &beside, &said, &open)
        }
        On::Conflict(conflict) => view::conflict(w, conflict),
        On::Nothing => view::nothing(w, place.through),
    };
    let waiting = match place.through {
        Through::Conflicts => place.desk.conflicts()?,
        _ => place.desk.waiting()?,
    };
    place.put_down();
    let html = maud::html! { (view::tools(w, place)) (html) };
    Ok(Shown { html, waiting, decided: place.decided })
}

/// What is shown beside a head: what is proposed for it, by itself and by others; its calibres; and confirmed heads like it.
fn beside(shared: &Shared, place: &mut Place, item: &Item) -> Result<Beside, CatalogueError> {
    let planted = place.control.is_some();
    let (groups, catalogue) = place.both()?;
    // a control as it was planted, or as the second person has to see it, not as what was confirmed would rank it
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

/// Pictures of heads of the worklist, and of nothing else: no path is taken from the address.
async fn picture(
    State(shared): Shares,
    Path((_, photo, head, kind)): Path<(String, String, u32, Kind)>,
) -> Result<Response, Refused> {
    let jpeg = apart(move || {
        let item = item_at(&shared, &catalogue::Place { photo, head: Some(head) })?;
        shared.pictures.of(&item, kind).map_err(Refused::NotThere)
    });
    Ok(jpeg_of(jpeg.await?))
}

/// A photograph of the worklist, whole.
async fn photograph(State(shared): Shares, Path((_, photo)): Path<(String, String)>) -> Result<Response, Refused> {
    let jpeg = apart(move || {
        let item = on_photograph(&shared, photo)?;
        shared.pictures.whole(&item).map_err(Refused::NotThere)
    });
    Ok(jpeg_of(jpeg.await?))
}

/// What was written into a photograph of the worklist.
async fn about(
    State(shared): Shares,
    Path((_, photo)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Html<String>, Refused> {
    let w = spoken(&asked, &headers);
    let html = apart(move || {
        let item = on_photograph(&shared, photo)?;
        let notes = photo::notes(std::path::Path::new(&item.path));
        Ok(view::about(w, &notes.unwrap_or_default()).into_string())
    });
    Ok(Html(html.await?))
}

/// A head cut out so that its rim is a circle, turned clockwise by tenths of a degree.
async fn even(
    State(shared): Shares,
    Path((_, photo, head, turn)): Path<(String, String, u32, i32)>,
) -> Result<Response, Refused> {
    let jpeg = apart(move || {
        let item = item_at(&shared, &catalogue::Place { photo, head: Some(head) })?;
        shared.pictures.even(&item, turn.rem_euclid(3600)).map_err(Refused::NotThere)
    });
    Ok(jpeg_of(jpeg.await?))
}

/// Whether what lies on the desk may have been photographed twice.
async fn look_twice(
    State(shared): Shares,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Json<Twice>, Refused> {
    let w = spoken(&asked, &headers);
    let found = apart(move || asked.page.map_or_else(|| Ok(Twice::default()), |page| twice::look(&shared, w, page)));
    Ok(Json(found.await?))
}

fn jpeg_of(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "image/jpeg"), (CACHE_CONTROL, "private, max-age=3600")], bytes).into_response()
}

/// The first item of a photograph.
fn on_photograph(shared: &Shared, photo: String) -> Result<Item, Refused> {
    let whole = catalogue::Place { photo: photo.clone(), head: None };
    let first = catalogue::Place { photo, head: Some(0) };
    item_at(shared, &first).or_else(|_| item_at(shared, &whole))
}

fn item_at(shared: &Shared, place: &catalogue::Place) -> Result<Item, Refused> {
    let item = shared.look_up(|catalogue| catalogue.item_on(place))?;
    item.ok_or_else(|| Refused::NotThere("there is no such head".into()))
}

#[derive(Deserialize)]
struct Typed {
    text: String,
}

async fn complete(State(shared): Shares, Query(typed): Query<Typed>) -> Result<Json<Vec<String>>, Refused> {
    Ok(Json(apart(move || Ok(shared.complete(&typed.text, OFFERED)?)).await?))
}

/// What came of it, and what is on the desk now.
#[derive(Serialize)]
struct Came {
    /// Whether it was done.
    done: bool,
    /// What is said of it.
    said: String,
    html: String,
    waiting: u64,
    decided: u64,
}

/// Makes ready what comes next while the person looks at what is there, and names the pictures that are needed then.
async fn ahead(State(shared): Shares, Query(asked): Query<Asked>) -> Result<Json<Vec<String>>, Refused> {
    let urls = apart(move || {
        let Some(id) = asked.page else { return Ok(Vec::new()) };
        let place = shared.places.with(id)?;
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        place.draw()?;
        let (items, on_sheet) = place.ahead()?;
        let kinds: &[Kind] = if on_sheet { &[Kind::Small] } else { &[Kind::Turned, Kind::Photo, Kind::Strip] };
        Ok(items.iter().flat_map(|item| kinds.iter().map(|kind| view::picture_of(item, *kind))).collect())
    });
    Ok(Json(urls.await?))
}

async fn act(State(shared): Shares, Json(act): Json<Act>) -> Result<Json<Came>, Refused> {
    apart(move || {
        let w = words::choose(Some(&act.lang), "");
        let place = shared.places.with(act.page)?;
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        // what cannot be done is said, and the page goes on
        let (done, said) = match heard::act(&shared, w, &mut place, act) {
            Ok(heard) => heard,
            Err(e) => (false, crate::printable::printable(&format!("{}: {e}", w.failed))),
        };
        let Shown { html, waiting, decided } = shown(&shared, w, &mut place)?;
        Ok(Json(Came { done, said, html: html.into_string(), waiting, decided }))
    })
    .await
}
