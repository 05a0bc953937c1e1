//! `headstamp explain` and `headstamp codes`, as a user has them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp};
use std::path::Path;

fn said(args: &[&str]) -> String {
    headstamp(args).success().out
}

fn json(args: &[&str]) -> serde_json::Value {
    headstamp(args).success().json()
}

/// The collisions of the conventions: a head that bears the mark, and what must be told of it.
const COLLISIONS: [(&str, &[&str]); 31] = [
    ("3_78", &["Ulyanovsk", "Albania"]),
    ("10_11", &["Bulgaria", "١٠ Egypt", "2010", "Tula works No. 10"]),
    ("11_53", &["China", "Yugoslavia"]),
    ("12_53", &["China", "Yugoslavia"]),
    ("17_38", &["Podolsk", "Barnaul"]),
    ("21_77", &["Poland", "Hungary", "Romania"]),
    ("22_77", &["Romania", "South Africa"]),
    ("31_94", &["China", "1931", "1994"]),
    ("71_90", &["China", "1971", "1990"]),
    ("93_91", &["North Korea", "1993", "1991"]),
    ("38_40", &["Tula", "Yuryuzan"]),
    ("60_43", &["Voroshilovgrad", "Frunze"]),
    ("A_70", &["Altdorf", "Pretoria"]),
    ("CAC_44", &["Australia", "New Zealand"]),
    ("FN_77", &["Fabrique Nationale"]),
    ("FNB_77", &["Fabrique Nationale"]),
    ("FNM_75", &["Portugal", "Mexico"]),
    ("LM_43", &["Lowell", "Le Mans"]),
    ("MS_80", &["Manusaar", "Belgium"]),
    ("M_43", &["Milwaukee", "Mexico", "Madrid"]),
    ("PS_82", &["Poongsan", "Sevilla"]),
    ("RA_65", &["Remington", "Raufoss"]),
    ("RG_80", &["Radway Green", "China"]),
    ("S_99", &["Seriana", "S* metal", "German Reich"]),
    ("SB_77", &["Santa B", "Sellier & Bellot"]),
    ("T_44", &["Thun", "Т Soviet Union", "Tula"]),
    ("Т_27", &["Tula", "Thun"]),
    ("TAA_80", &["Taiwan", "Israel"]),
    ("U_44", &["South African Mint", "Utah"]),
    ("61_81", &["China", "1961", "1981"]),
    ("FN_05", &["1905", "2005"]),
];

#[test]
fn every_collision_is_shown_with_all_its_meanings() {
    let mut hidden = Vec::new();
    for (headstamp, meanings) in COLLISIONS {
        let told = said(&["explain", headstamp]);
        hidden.extend(meanings.iter().filter(|m| !told.contains(**m)).map(|m| format!("{headstamp}: {m}")));
    }
    assert!(hidden.is_empty(), "{hidden:#?}");
}

#[test]
fn an_explanation_can_be_read_by_people_and_programs() {
    insta::assert_snapshot!("explain", said(&["explain", "945_05", "10_11"]));
    let told = json(&["explain", "--json", "17_88", "--calibre", "7.62 x 54R"]);
    assert_eq!(told["country"]["iso2"], "RU");
    assert_eq!(told["meanings"][0]["state_at_time"], "Soviet Union");
    assert_eq!(told["year"], serde_json::json!({"value": 1988, "stamped": "88"}));
    assert_eq!(told["variety"], "7.62x54R 17_88");
    assert!(told["meanings"][0]["rows"][0]["source"].as_str().unwrap().contains("Small Arms Survey"));
    let neighbours = told["neighbours"].as_array().unwrap();
    assert!(neighbours.iter().any(|n| n["mark"] == "71" && n["iso2"] == "CN"), "{neighbours:?}");
    assert!(neighbours.iter().all(|n| !n["apart"].as_array().unwrap().is_empty()));
}

#[test]
fn a_variety_is_the_same_wherever_reading_starts() {
    let variety = |headstamp, calibre| json(&["explain", "--json", headstamp, "--calibre", calibre])["variety"].clone();
    assert_eq!(variety("⊕_77_FN", "7.62x51"), variety("FN_⊕_77", "7.62 X 51"));
    assert_ne!(variety("17_88", "7.62x39"), variety("17_88", "7.62x54R"));
}

#[test]
fn what_is_open_is_answered_more_broadly() {
    let told = json(&["explain", "--json", "999_81"]);
    assert_eq!(told["country"], serde_json::Value::Null);
    assert_eq!(told["traditions"][0]["name"], "Soviet pattern, two elements");
    let nothing = json(&["explain", "--json", "QZQ"]);
    assert!(
        nothing["countries"].as_array().unwrap().is_empty() && nothing["traditions"].as_array().unwrap().is_empty()
    );
}

#[test]
fn a_headstamp_that_is_none_is_named_and_the_others_are_told() {
    headstamp(["explain", "[crown", "17_88"]).status(1).says("17_88").complains("[crown: explain: a bracket");
}

#[test]
fn marks_are_looked_up_with_sources() {
    insta::assert_snapshot!("codes_10", said(&["codes", "10"]));
    for (args, wanted) in [
        (&["codes", "3"][..], &["Ulyanovsk", "Albania", "collision"][..]),
        (&["codes", "S"], &["Seriana", "S*"]),
        (&["codes", "FN"], &["Fabrique Nationale", "Herstal"]),
        (&["codes", "П"], &["cyrillic", "Petersburg"]),
        (&["codes", "--country", "bg"], &["Bulgaria", "Arsenal"]),
        (&["codes", "--calibre", "14.5X114"], &["Ulyanovsk"]),
    ] {
        let told = said(args);
        assert!(wanted.iter().all(|w| told.contains(w)) && told.contains("source: "), "{args:?}: {told}");
    }
    let rows = headstamp(["codes", "POF", "--json"]).success().records();
    let row = rows.first().unwrap();
    assert_eq!((&row["iso2"], &row["mark"]), (&"PK".into(), &"POF".into()));
}

#[test]
fn a_mark_that_does_not_exist_says_so() {
    let near = headstamp(["codes", "9445"]).status(1).says_nothing();
    near.complains("`9445` is not known; near it are").complains("945");
    headstamp(["codes", "FN", "--country", "DE"]).status(1).complains("not of that country");
    headstamp(["codes", "--country", "XX"]).status(2);
}

#[test]
fn a_registry_of_ones_own_can_be_begun_from_what_is_printed() {
    let folder = Folder::new();
    let own = folder.path("own.csv");
    let printed = said(&["codes", "FN", "--csv"]);
    std::fs::write(&own, printed.replace("Belgium", "Sweden").replace(",BE,", ",SE,")).unwrap();
    let told = json(&["explain", "FN_77", "--json", "--registry", own.to_str().unwrap()]);
    assert_eq!(told["country"]["iso2"], "SE");
    assert_eq!(told["meanings"][0]["rows"][0]["own"], true);
    refused(&own, &printed.replace(",BE,", ",XX,"), "row 2: `XX` is no ISO 3166");
    refused(&own, &printed.replace("script", "letters"), "row 1: missing column script");
    let twice = printed.lines().nth(1).unwrap();
    refused(&own, &format!("{printed}{twice}\n"), "has this meaning already");
}

fn refused(own: &Path, text: &str, reason: &str) {
    std::fs::write(own, text).unwrap();
    for command in [["explain", "FN_77"], ["codes", "FN"]] {
        let refused = headstamp(command).arg("--registry").arg(own).status(3).says_nothing();
        refused.complains("own.csv").complains(reason);
    }
}
