//! Any bytes as a model's manifest: taken or refused.
#![no_main]

use headstamp::marks::decode::CONTRACT;
use headstamp::model::Manifest;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Manifest::checked(bytes, &CONTRACT, b"");
});
