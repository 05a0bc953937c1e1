//! The review page, apart from serving it: a router made of a catalogue, a token and who reviews.
//!
//! `guard` lets in who has the token and comes from the page itself, `desks` keeps a desk for each page that is open,
//! `routes` answers, `view` writes HTML, `words` are the languages, `pictures` are cut from the photographs. What an answer
//! means is the desk's ([`crate::review`]): nothing here decides.

mod desks;
mod guard;
mod pictures;
mod routes;
#[cfg(test)]
mod tests;
mod turn;
mod view;
mod words;

use crate::registry::Registry;
use crate::review::{Queue, Words};
use desks::Desks;
use pictures::Pictures;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

pub use guard::Token;

/// What is served, and to whom.
#[derive(Debug, Clone)]
pub struct Serving {
    /// The catalogue.
    pub catalogue: PathBuf,
    /// Who reviews.
    pub who: String,
    /// What marks mean.
    pub registry: Arc<Registry>,
    /// What is gone through.
    pub queue: Queue,
    /// The port of the listener on loopback: Host and Origin have to name it.
    pub port: u16,
}

/// What all routes share.
struct Shared {
    serving: Serving,
    token: Token,
    desks: Desks,
    pictures: Pictures,
    /// What is completed: gathered when it is first asked for, and added to with each entry.
    words: Mutex<Option<Words>>,
}

/// The routes of the page. Nothing is read before a request comes.
pub fn router(serving: Serving, token: Token) -> axum::Router {
    let shared = Arc::new(Shared {
        desks: Desks::new(serving.clone()),
        serving,
        token,
        pictures: Pictures::default(),
        words: Mutex::new(None),
    });
    routes::all(shared)
}
