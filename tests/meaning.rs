//! What headstamps mean, held against tables of headstamps whose meaning is known from sources.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use headstamp::notation::variety_key;
use headstamp::registry::{Dating, Interpretation, Registry};
use std::collections::BTreeSet;

#[derive(serde::Deserialize)]
struct Surveyed {
    headstamp: String,
    country_iso2: String,
    state_at_time: String,
    factory: String,
    calibre: String,
    year: i32,
}

#[derive(serde::Deserialize)]
struct Known {
    headstamp: String,
    calibre: String,
    iso2: String,
    state_at_time: String,
    factory: String,
    year: String,
    turns_on: String,
    source: String,
}

fn table<T: serde::de::DeserializeOwned>(name: &str) -> Vec<T> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    csv::Reader::from_path(path).unwrap().into_deserialize().collect::<Result<_, _>>().unwrap()
}

fn year(interpretation: &Interpretation) -> String {
    match interpretation.meanings.first().map(|m| m.year) {
        Some(Dating::Year { value, .. }) => value.to_string(),
        Some(Dating::Absent) => "absent".into(),
        _ => "?".into(),
    }
}

/// Names differ in accents, not in what they name.
fn names(whole: &str, part: &str) -> bool {
    let plain = |t: &str| t.to_lowercase().replace(['ő', 'ö'], "o").replace(['á', 'é'], "e").replace('ü', "u");
    plain(whole).contains(&plain(part))
}

#[test]
fn the_studys_examples_mean_what_it_says() {
    let registry = Registry::embedded().as_of(2026);
    let (mut first, mut third, mut all) = (0, 0, 0);
    for row in table::<Surveyed>("survey-2015.csv") {
        let headstamp = row.headstamp.parse().unwrap();
        let told = registry.interpret(&headstamp, Some(&row.calibre));
        let best = told.meanings.first().unwrap_or_else(|| panic!("{} is not known", row.headstamp));
        let said = (best.code.iso2.as_str(), best.code.state_at_time.as_str(), year(&told));
        let year = row.year.to_string();
        assert_eq!(said, (row.country_iso2.as_str(), best.code.state_at_time.as_str(), year), "{}", row.headstamp);
        // the study says China and North Korea for short
        assert!(names(&best.code.state_at_time, row.state_at_time.trim_start_matches("North ")), "{}", row.headstamp);
        if !row.factory.is_empty() && !row.factory.starts_with("Unknown") {
            assert_eq!(best.code.factory, row.factory, "{}", row.headstamp);
        }
        let untold = registry.interpret(&headstamp, None);
        let place = untold.countries().iter().position(|c| c.0 == row.country_iso2);
        first += usize::from(place == Some(0));
        third += usize::from(place.is_some_and(|p| p < 3));
        all += 1;
    }
    assert_eq!(all, 19);
    assert!(first >= 16 && third == 19, "country by headstamp alone: {first} first, {third} among three, of {all}");
}

#[test]
fn known_headstamps_mean_what_their_sources_say() {
    let registry = Registry::embedded().as_of(2026);
    let rows = table::<Known>("headstamps.csv");
    let (mut right, mut wrong) = (0, Vec::new());
    for row in &rows {
        let headstamp = row.headstamp.parse().unwrap();
        let calibre = (!row.calibre.is_empty()).then_some(row.calibre.as_str());
        let interpretation = registry.interpret(&headstamp, calibre);
        let best = interpretation.meanings.first();
        let is = |wanted: &str, said: &str| wanted == "*" || names(said, wanted);
        let ok = best.is_some_and(|b| {
            b.code.iso2 == row.iso2
                && is(&row.state_at_time, &b.code.state_at_time)
                && is(&row.factory, &format!("{} {} {}", b.code.factory, b.code.place, b.code.note))
        }) && (row.year == "?" || year(&interpretation) == row.year);
        right += usize::from(ok);
        if !ok {
            let said = best.map_or_else(String::new, |b| {
                format!(
                    "{} {} {} {} {:.2}",
                    b.code.iso2,
                    b.code.state_at_time,
                    b.code.maker(),
                    year(&interpretation),
                    b.probability
                )
            });
            wrong.push(format!(
                "{} {}: {} {} {} {}; said {said}",
                row.headstamp, row.calibre, row.iso2, row.state_at_time, row.factory, row.year
            ));
        }
    }
    let share = right as f64 / rows.len() as f64;
    assert!(share >= 0.95, "{right} of {} right\n{}", rows.len(), wrong.join("\n"));
}

#[test]
fn the_table_of_headstamps_is_wide_and_not_easy() {
    let rows = table::<Known>("headstamps.csv");
    let countries: BTreeSet<&str> = rows.iter().map(|r| r.iso2.as_str()).collect();
    let harder = rows.iter().filter(|r| r.turns_on != "mark").count();
    let different: BTreeSet<_> = rows.iter().map(|r| (&r.headstamp, &r.calibre)).collect();
    assert!(rows.len() >= 120 && countries.len() >= 30 && 2 * harder >= rows.len());
    assert_eq!(different.len(), rows.len());
    assert!(rows.iter().all(|r| !r.source.is_empty()));
    // a head of one element is its mark; of all others no row may be the answer
    let several = rows.iter().map(|r| &r.headstamp).filter(|h| h.contains('_'));
    let whole: BTreeSet<String> = several.map(|h| variety_key(h).replace(['_', ' '], "")).collect();
    let registry = Registry::embedded();
    let spelt_out: Vec<_> =
        registry.marks().filter(|m| whole.contains(&variety_key(m).replace(['_', ' '], ""))).collect();
    assert!(spelt_out.is_empty(), "rows that spell out a headstamp: {spelt_out:?}");
}
