//! The review page, apart from serving it: a router made of a catalogue, a token and who reviews.
//!
//! `guard` lets in who has the token and comes from the page itself, `desks` keeps a desk for each page that is open,
//! `routes` answers, `view` writes HTML, `words` are the languages, `pictures` are cut from the photographs. What an answer
//! means is the desk's ([`crate::review`]): nothing here decides.

mod desks;
mod guard;
mod pictures;
mod routes;
mod serving;
mod shared;
#[cfg(test)]
mod tests;
mod token;
mod turn;
mod view;
mod words;

use desks::Desks;
use pictures::Pictures;
use shared::Shared;
use std::sync::{Arc, Mutex};

pub use serving::Serving;
pub use token::Token;

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
