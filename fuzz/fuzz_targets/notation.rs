//! Any text as a headstamp: what is read and written once stays as it is.
#![no_main]

use headstamp::notation::{Headstamp, Sameness};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(headstamp) = text.parse::<Headstamp>() {
        let written = headstamp.to_string();
        assert_eq!(written.parse::<Headstamp>().ok().map(|h| h.to_string()), Some(written));
        let _ = headstamp.variety_key();
    }
    let _ = Sameness::Reader.holds(text, text);
});
