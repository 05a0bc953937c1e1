//! Any text as a user's registry, and any headstamp interpreted with it.
#![no_main]

use headstamp::notation::Headstamp;
use headstamp::registry::Registry;
use std::sync::LazyLock;

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::embedded);

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (table, headstamp) = text.split_once('\0').unwrap_or(("", text));
    let parsed: Headstamp = headstamp.parse().unwrap_or_default();
    let found = REGISTRY.interpret(&parsed, parsed.elements().first().map(|e| e.as_str()));
    let sum: f64 = found.meanings.iter().map(|m| m.probability).sum::<f64>() + found.unknown;
    assert!((0.99..1.001).contains(&sum), "shares add up to {sum}");
    let _ = (found.summary(), found.roles(), found.traditions(), REGISTRY.near(headstamp, 5).len());
    if let Ok(own) = Registry::with_table(table) {
        let _ = own.interpret(&parsed, None).summary();
    }
});
