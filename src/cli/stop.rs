//! Ctrl-C: the first asks to end after what is in flight, the second ends at once.

use crate::error::Status;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

static STOP: AtomicBool = AtomicBool::new(false);

/// The flag that Ctrl-C sets from now on.
pub(super) fn on_interrupt() -> &'static AtomicBool {
    // Without a handler Ctrl-C ends the program at once, which loses nothing either.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, SeqCst) {
            std::process::exit(i32::from(Status::Interrupted.code()));
        }
    });
    &STOP
}
