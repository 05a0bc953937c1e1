//! Interpretations a second, one thread: the headstamps of `tests/data/headstamps.csv`, again and again.
//!
//! Machines are shared and noisy: compare with the time for loading the registry, which is measured in the same run.

use headstamp::notation::Headstamp;
use headstamp::registry::Registry;
use std::hint::black_box;
use std::time::Instant;

/// Interpretations that are timed.
const COUNT: usize = 100_000;
/// Registries that are loaded.
const LOADS: u32 = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/headstamps.csv");
    let mut heads: Vec<(Headstamp, Option<String>)> = Vec::new();
    for row in csv::Reader::from_path(path)?.into_records() {
        let row = row?;
        let calibre = Some(row[1].to_owned()).filter(|c| !c.is_empty());
        heads.push((row[0].parse()?, calibre));
    }
    let begin = Instant::now();
    for _ in 0..LOADS {
        black_box(Registry::embedded());
    }
    let load = begin.elapsed() / LOADS;
    let registry = Registry::embedded();
    let begin = Instant::now();
    for (headstamp, calibre) in heads.iter().cycle().take(COUNT) {
        black_box(registry.interpret(headstamp, calibre.as_deref()).meanings.len());
    }
    let all = begin.elapsed();
    let each = all.as_secs_f64() * 1e6 / COUNT as f64;
    println!(
        "{COUNT} interpretations: {:.2} s, {each:.1} microseconds each; registry loaded in {load:.1?}",
        all.as_secs_f64()
    );
    Ok(())
}
