//! The review page, apart from serving it: a router made of a catalogue, a token and who reviews.
//!
//! `guard` lets in who has the token and comes from the page itself, `place` is where each open page works, `heard` does what
//! a person asks there, `routes` answers, `view` writes HTML, `words` are the languages, `pictures` are cut from the
//! photographs, `twice` holds them against each other. What an answer means is the desk's ([`crate::review`]): nothing here decides.

mod doubts;
mod guard;
mod heard;
mod pictures;
mod place;
mod proofs;
mod refused;
mod routes;
mod serving;
mod shared;
mod shown;
#[cfg(test)]
mod tests;
mod token;
mod turn;
mod twice;
mod view;
mod words;

use shared::Shared;
use std::sync::Arc;

pub use serving::Serving;
pub use token::Token;

/// The routes of the page. Nothing is read before a request comes.
pub fn router(serving: Serving, token: Token) -> axum::Router {
    routes::all(Arc::new(Shared::new(serving, token)))
}

/// Like [`router`]; what the first page needs is looked up at once, while the browser opens.
pub fn router_ahead(serving: Serving, token: Token) -> axum::Router {
    let shared = Arc::new(Shared::new(serving, token));
    let ahead = Arc::clone(&shared);
    std::thread::spawn(move || ahead.places.set_up_ahead());
    routes::all(shared)
}
