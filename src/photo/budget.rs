//! Memory shared by the workers of a batch: large photographs wait for each other, small ones hardly ever.

use super::limits::{MAX_DECODE_BYTES, MAX_FILE_BYTES};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The memory that photographs in work may take together.
///
/// Files and pixels are counted apart. A worker takes room for its file first and for its pixels next, and whoever
/// has room for pixels waits for nothing, so workers cannot block each other for ever.
#[derive(Debug)]
pub struct Budget {
    files: Room,
    pixels: Room,
}

impl Default for Budget {
    /// Room for the largest photograph that is allowed at all.
    fn default() -> Self {
        Self { files: Room::new(2 * MAX_FILE_BYTES), pixels: Room::new(MAX_DECODE_BYTES) }
    }
}

impl Budget {
    /// Waits until a file of this size can be held; counted twice, since decoders copy parts of it.
    pub(super) fn file(&self, bytes: u64) -> Permit<'_> {
        self.files.take(2 * bytes)
    }

    /// Waits until this many bytes of pixels can be held.
    pub(super) fn pixels(&self, bytes: u64) -> Permit<'_> {
        self.pixels.take(bytes)
    }
}

#[derive(Debug)]
struct Room {
    free: Mutex<u64>,
    size: u64,
    freed: Condvar,
}

impl Room {
    fn new(size: u64) -> Self {
        Self { free: Mutex::new(size), size, freed: Condvar::new() }
    }

    fn take(&self, bytes: u64) -> Permit<'_> {
        // More than there is can never be had: such a one gets all of it, alone.
        let bytes = bytes.min(self.size);
        let mut free = self.lock();
        while *free < bytes {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Permit { room: self, bytes }
    }

    /// A worker that panicked leaves a plain number behind, which is still right: its permit was given back.
    fn lock(&self) -> MutexGuard<'_, u64> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room taken; given back when dropped.
#[derive(Debug)]
pub struct Permit<'a> {
    room: &'a Room,
    bytes: u64,
}

impl Permit<'_> {
    /// Gives back what is no longer needed and keeps `bytes` at most.
    pub(super) fn shrink(&mut self, bytes: u64) {
        let less = self.bytes.saturating_sub(bytes);
        self.bytes -= less;
        *self.room.lock() += less;
        self.room.freed.notify_all();
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.shrink(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    #[test]
    fn never_more_than_there_is() {
        let (room, used) = (Room::new(100), AtomicU64::new(0));
        std::thread::scope(|s| {
            for thread in 0..8u64 {
                let (room, used) = (&room, &used);
                s.spawn(move || {
                    for i in 0..200 {
                        let bytes = (thread * 31 + i * 17) % 120;
                        let mut permit = room.take(bytes);
                        assert!(used.fetch_add(bytes.min(100), SeqCst) + bytes.min(100) <= 100);
                        used.fetch_sub(bytes.min(100), SeqCst);
                        permit.shrink(bytes / 2);
                    }
                });
            }
        });
        assert_eq!(*room.lock(), 100, "all given back");
    }
}
