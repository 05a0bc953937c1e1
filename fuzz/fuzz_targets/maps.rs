//! Any numbers as the recogniser's maps: marks and proposals come out, or none.
#![no_main]

use headstamp::marks::decode::{CHANNELS, COLUMNS, ROWS, decode};
use headstamp::proposals::{Conventions, propose};

libfuzzer_sys::fuzz_target!(|values: Vec<f32>| {
    if values.is_empty() {
        return;
    }
    let mut values = values.iter().copied().cycle();
    let maps = ndarray::Array4::from_shape_simple_fn((1, CHANNELS, ROWS, COLUMNS), || values.next().unwrap_or(0.0));
    let marks = decode(maps.view()).expect("the shape is the contract's");
    assert!(propose(&marks, &Conventions, 5).len() <= 5);
});
