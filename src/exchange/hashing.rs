//! Bytes hashed on their way.

use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Writes on what it hashes.
pub(super) struct Hashing<W> {
    to: W,
    sum: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    pub(super) fn new(to: W) -> Self {
        Self { to, sum: Sha256::new(), bytes: 0 }
    }

    /// SHA-256 of what was written, in hexadecimal, and how many bytes that were.
    pub(super) fn finish(self) -> (String, u64) {
        (hex::encode(self.sum.finalize()), self.bytes)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
