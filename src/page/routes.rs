//! What is answered to what. Files and the catalogue are waited for on threads of their own.

use super::guard::guard;
use super::heard::{self, Act};
use super::pictures::Kind;
use super::refused::Refused;
use super::shared::Shared;
use super::shown;
use super::twice::{self, Twice};
use super::view::{self, Shown};
use super::words::{self, Spoken};
use crate::catalogue::{self, Catalogue, Item};
use crate::html::Markup;
use crate::photo;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

/// Largest request, in bytes: a headstamp or notes.
const LARGEST: usize = 64 << 10;
/// Words that are offered while typing.
const OFFERED: usize = 12;
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
        let state = shown::now(&shared, w, &mut place)?;
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
    /// `None` where it is what was sent beforehand.
    html: Option<String>,
    waiting: u64,
    decided: u64,
}

/// What comes next, as it will be shown unless what is decided now changes it.
#[derive(Serialize)]
struct Coming {
    html: String,
    /// What it is known by.
    known: String,
}

/// What HTML that was sent is known by.
fn known_by(html: &str) -> String {
    hex::encode(Sha256::digest(html.as_bytes()))
}

/// Makes ready what comes next while the person looks at what is there; `null` where nothing is known to come.
async fn ahead(
    State(shared): Shares,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Json<Option<Coming>>, Refused> {
    let w = spoken(&asked, &headers);
    let coming = apart(move || {
        let Some(id) = asked.page else { return Ok(None) };
        let place = shared.places.with(id)?;
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        place.draw()?;
        let html = shown::coming(&shared, w, &mut place)?.map(Markup::into_string);
        Ok(html.map(|html| Coming { known: known_by(&html), html }))
    });
    Ok(Json(coming.await?))
}

async fn act(State(shared): Shares, Json(act): Json<Act>) -> Result<Json<Came>, Refused> {
    apart(move || {
        let w = words::choose(Some(&act.lang), "");
        let place = shared.places.with(act.page)?;
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = act.known.clone();
        // what cannot be done is said, and the page goes on
        let (done, said) = match heard::act(&shared, w, &mut place, act) {
            Ok(heard) => heard,
            Err(e) => (false, crate::printable::printable(&format!("{}: {e}", w.failed))),
        };
        let Shown { html, waiting, decided } = shown::now(&shared, w, &mut place)?;
        let html = html.into_string();
        let held = sent.is_some_and(|sent| sent == known_by(&html));
        Ok(Json(Came { done, said, html: (!held).then_some(html), waiting, decided }))
    })
    .await
}
