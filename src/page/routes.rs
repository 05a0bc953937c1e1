//! What is answered to what. Files and the catalogue are waited for on threads of their own.

use super::guard::guard;
use super::pictures::Kind;
use super::shared::Shared;
use super::words::{self, Spoken};
use super::{desks, view};
use crate::catalogue::{Catalogue, CatalogueError, Field, How, Item, Place, fields};
use crate::review::{Answer, Desk, DeskError, Done, Of, Words};
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
const CSS: &str = include_str!("assets/page.css");
const JS: &str = include_str!("assets/page.js");

type Shares = State<Arc<Shared>>;

/// All routes, behind the guard.
pub(super) fn all(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/{token}/", get(page))
        .route("/{token}/summary", get(summary))
        .route("/{token}/assets/page.css", get(|| async { ([(CONTENT_TYPE, "text/css; charset=utf-8")], CSS) }))
        .route("/{token}/assets/page.js", get(|| async { ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], JS) }))
        .route("/{token}/picture/{photo}/{head}/{kind}", get(picture))
        .route("/{token}/complete", get(complete))
        .route("/{token}/do", post(act))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard))
        .with_state(shared)
}

/// Why a request was not answered as asked.
enum Refused {
    NotThere(String),
    Catalogue(CatalogueError),
    Ended,
}

impl From<CatalogueError> for Refused {
    fn from(e: CatalogueError) -> Self {
        Self::Catalogue(e)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Self::NotThere(text) => (StatusCode::NOT_FOUND, text),
            Self::Catalogue(e) => (StatusCode::INTERNAL_SERVER_ERROR, e.to_string()),
            Self::Ended => (StatusCode::INTERNAL_SERVER_ERROR, "it ended before its time".into()),
        };
        (status, text).into_response()
    }
}

/// Does something that waits for the disk.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refused> + Send + 'static) -> Result<T, Refused> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refused::Ended)?
}

#[derive(Deserialize)]
struct Asked {
    lang: Option<String>,
}

fn spoken(asked: &Asked, headers: &HeaderMap) -> &'static Spoken {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    words::choose(asked.lang.as_deref(), accepted)
}

async fn page(State(shared): Shares, Query(asked): Query<Asked>, headers: HeaderMap) -> Result<Response, Refused> {
    let w = spoken(&asked, &headers);
    let id = Uuid::new_v4();
    let html = apart(move || {
        let desk = shared.desks.with(id)?;
        let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
        let head = on_desk(w, &mut desk)?;
        Ok(view::page(w, id, &head.html).into_string())
    });
    Ok(([(CACHE_CONTROL, "no-store")], Html(html.await?)).into_response())
}

async fn summary(State(shared): Shares, Query(asked): Query<Asked>, headers: HeaderMap) -> Result<Response, Refused> {
    let w = spoken(&asked, &headers);
    let counts = apart(move || Ok(desks::open(&shared.serving)?.counts()?)).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Html(view::summary(w, &counts).into_string())).into_response())
}

struct OnDesk {
    html: maud::Markup,
    /// The head that comes next, so that its pictures can be there before it is.
    next: Option<Place>,
}

fn on_desk(w: &Spoken, desk: &mut Desk) -> Result<OnDesk, CatalogueError> {
    let item: Option<Item> = desk.item()?.cloned();
    let html = view::head(w, item.as_ref(), &desk.said(), &desk.open_fields());
    let next = match &item {
        Some(item) if item.place.head.is_some() => desk.catalogue().next_item(item.id)?.map(|i| i.place),
        _ => None,
    };
    Ok(OnDesk { html, next })
}

/// Pictures of heads of the worklist, and of nothing else: no path is taken from the address.
async fn picture(
    State(shared): Shares,
    Path((_, photo, head, kind)): Path<(String, String, u32, Kind)>,
) -> Result<Response, Refused> {
    let not_there = || Refused::NotThere("there is no such head".into());
    let jpeg = apart(move || {
        let catalogue = desks::open(&shared.serving)?;
        let place = Place { photo, head: Some(head) };
        let item = item_at(&catalogue, &place)?.ok_or_else(not_there)?;
        shared.pictures.of(&item, kind).map_err(Refused::NotThere)
    });
    let headers = [(CONTENT_TYPE, "image/jpeg"), (CACHE_CONTROL, "private, max-age=3600")];
    Ok((headers, jpeg.await?).into_response())
}

/// The item at a place, while it waits.
fn item_at(catalogue: &Catalogue, place: &Place) -> Result<Option<Item>, CatalogueError> {
    let Some(id) = catalogue.item_at(place)? else { return Ok(None) };
    Ok(catalogue.next_item(id - 1)?.filter(|item| item.place == *place))
}

#[derive(Deserialize)]
struct Typed {
    text: String,
}

async fn complete(State(shared): Shares, Query(typed): Query<Typed>) -> Result<Json<Vec<String>>, Refused> {
    let offered = apart(move || {
        let mut words = shared.words.lock().unwrap_or_else(PoisonError::into_inner);
        if words.is_none() {
            *words = Some(Words::known(&shared.serving.registry, &desks::open(&shared.serving)?)?);
        }
        let (from, ends) = words.as_ref().map_or((0, Vec::new()), |w| w.complete(&typed.text));
        Ok(ends.into_iter().take(OFFERED).map(|end| format!("{}{end}", &typed.text[..from])).collect())
    });
    Ok(Json(offered.await?))
}

/// What the person does, and what they saw when they did it.
#[derive(Deserialize)]
struct Act {
    desk: Uuid,
    lang: String,
    photo: String,
    head: Option<u32>,
    #[serde(flatten)]
    what: Does,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Does {
    Proposal { rank: usize },
    Write { headstamp: String },
    Illegible,
    Unknown,
    NotAHead,
    Skip,
    Undo,
    Say { field: String, text: String, all: bool },
}

/// What came of it, and what is on the desk now.
#[derive(Serialize)]
struct Came {
    /// Whether it was done.
    done: bool,
    /// What is said of it.
    said: String,
    html: String,
    next: Option<Place>,
    waiting: u64,
}

async fn act(State(shared): Shares, Json(act): Json<Act>) -> Result<Json<Came>, Refused> {
    apart(move || {
        let w = words::choose(Some(&act.lang), "");
        let desk = shared.desks.with(act.desk)?;
        let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
        let (done, said) =
            if seen(&mut desk, &act)? { does(w, &mut desk, act.what) } else { (false, w.overtaken.clone()) };
        if done {
            // what was entered is offered from now on
            *shared.words.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        let OnDesk { html, next } = on_desk(w, &mut desk)?;
        Ok(Json(Came { done, said, html: html.into_string(), next, waiting: desk.waiting()? }))
    })
    .await
}

/// Whether what the person saw is on the desk; one that is new, after a restart or a long time, goes there first. Undo is of
/// no head in particular.
fn seen(desk: &mut Desk, act: &Act) -> Result<bool, CatalogueError> {
    if matches!(act.what, Does::Undo) {
        return Ok(true);
    }
    let place = Place { photo: act.photo.clone(), head: act.head };
    if desk.item()?.is_some_and(|item| item.place == place) {
        return Ok(true);
    }
    desk.go_to(&place)?;
    Ok(desk.item()?.is_some_and(|item| item.place == place))
}

fn does(w: &Spoken, desk: &mut Desk, what: Does) -> (bool, String) {
    let answer = match what {
        Does::Proposal { rank } => Answer::Proposal(rank),
        Does::Write { headstamp } => Answer::Headstamp(headstamp),
        Does::Illegible => Answer::Headstamp(fields::NOT_LEGIBLE.into()),
        Does::Unknown => Answer::Headstamp(fields::SYMBOL_UNKNOWN.into()),
        Does::NotAHead => Answer::NotAHead,
        Does::Skip => {
            desk.skip();
            return (true, String::new());
        }
        Does::Undo => {
            return match desk.undo() {
                Ok(Some(undone)) => (true, told(w, &w.undone, &undone.done)),
                Ok(None) => (false, w.nothing_to_undo.clone()),
                Err(e) => (false, format!("{}: {e}", w.failed)),
            };
        }
        Does::Say { field, text, all } => {
            let of = if all { Of::AllFromHere } else { Of::ThisCase };
            let said = field.parse::<Field>().map_err(|e| e.to_string());
            let said = said.and_then(|f| desk.say(of, f, How::Told, &text).map_err(|e| e.to_string()));
            return said.map_or_else(|e| (false, format!("{}: {e}", w.failed)), |()| (true, String::new()));
        }
    };
    match desk.answer(&answer) {
        Ok(done) => (true, told(w, &w.entered, &done)),
        Err(DeskError::Catalogue(e)) => (false, format!("{}: {e}", w.failed)),
        Err(e) => (false, format!("{}: {e}", w.failed)),
    }
}

/// What is on the disk, and what others decided meanwhile.
fn told(w: &Spoken, what: &str, done: &Done) -> String {
    let value = match &done.what {
        crate::catalogue::What::Enter { values, .. } => values.get(&Field::Headstamp).map(|v| v.text.as_str()),
        _ => None,
    };
    let mut said = format!("{what}: {} ({})", value.unwrap_or("✓"), done.link.seq);
    for other in &done.meanwhile {
        said += &format!(". {} ({})", w.meanwhile, other.who);
    }
    crate::printable::printable(&said)
}
