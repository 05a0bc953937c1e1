//! Any bytes as a model's manifest: taken or refused.
#![no_main]

use headstamp::model::{Kind, Manifest};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Manifest::checked(bytes, Kind::Recogniser, b"");
});
