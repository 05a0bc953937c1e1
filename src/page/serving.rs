//! What is served, and to whom.

use crate::registry::Registry;
use crate::review::Queue;
use std::path::PathBuf;
use std::sync::Arc;

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
