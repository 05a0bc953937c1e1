//! Bytes of any kind as a photograph: decoded or refused, never a panic, never more memory than the limits.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(photo) = headstamp::photo::decode(std::path::Path::new("fuzz"), bytes) {
        assert_eq!(photo.luma.dimensions(), (photo.width, photo.height));
    }
});
