//! What all routes share.

use super::desks::Desks;
use super::pictures::Pictures;
use super::serving::Serving;
use super::token::Token;
use crate::review::Words;
use std::sync::Mutex;

/// What all routes share.
pub(super) struct Shared {
    pub(super) serving: Serving,
    pub(super) token: Token,
    pub(super) desks: Desks,
    pub(super) pictures: Pictures,
    /// What is completed: gathered when it is first asked for, and added to with each entry.
    pub(super) words: Mutex<Option<Words>>,
}
