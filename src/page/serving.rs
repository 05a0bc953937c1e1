//! What is served, and to whom.

use crate::reader::ReadAt;
use crate::registry::Registry;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// What is served, and to whom.
#[derive(Clone)]
pub struct Serving {
    /// The catalogue.
    pub catalogue: PathBuf,
    /// Who reviews.
    pub who: String,
    /// What marks mean.
    pub registry: Arc<Registry>,
    /// The port of the listener on loopback: Host and Origin have to name it.
    pub port: u16,
    /// Reads heads again where the person says they are; without it that is not offered.
    pub reader: Option<Arc<Mutex<dyn ReadAt>>>,
    /// Share of heads that are controls, 0..=0.5.
    pub controls: f32,
    /// Only heads that somebody else entered, to be decided a second time without seeing as what.
    pub blind: bool,
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving").field("catalogue", &self.catalogue).field("who", &self.who).finish_non_exhaustive()
    }
}
