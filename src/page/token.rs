//! The secret by which the page is known.

use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// The secret at the beginning of every path: who knows it was given it by the program.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A new one: 244 random bits, in hexadecimal.
    pub fn new() -> Self {
        Self(format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()))
    }

    /// As it stands in the address.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a text is the token. Digests are compared: how long that takes tells nothing.
    pub(super) fn is(&self, text: &str) -> bool {
        Sha256::digest(&self.0) == Sha256::digest(text)
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
