//! `headstamp check`: what is likely wrong comes first, with the reason, and nothing is changed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp, samples};
use serde_json::Value;
use std::fs;

/// A list as a museum keeps it: German Excel, own column names, one photograph that is not there, one named twice, one entry
/// that the picture contradicts, slips, a country and a year that the headstamp contradicts, and a row that cannot be meant.
const MUSEUM: &str = "\u{feff}Bild;Bodenstempel;Land;Jahr;Kaliber;Kiste\r\n\
    00000.jpg;Z_95;;;;1\r\n\
    00003.jpg;96_05;;;;1\r\n\
    00004.jpg;WAE_60;;;;1\r\n\
    00006.jpg;SZCY_Mk 7_P;;;;1\r\n\
    00012.jpg;248_9 P;;;;2\r\n\
    00017.jpg;73_12 GA_14.5;;;;2\r\n\
    00099.jpg;10_88;Bulgarien;1988;7,62x39;2\r\n\
    ;10_88;Bulgarien;1988;7,62x39;3\r\n\
    ;10_88;Bulgarien;1988;7,62x39;3\r\n\
    ;10_88;Schweiz;1988;7,62x39;3\r\n\
    ;10_88;Bulgarien;1978;7,62x39;3\r\n\
    ;1O_88;Bulgarien;1988;7,62x39;3\r\n\
    ;10 88;Bulgarien;1988;7,62x39;3\r\n\
    ;10_88;Bulgarien;Mai 88;7,62x39;3\r\n\
    00000.jpg;Z_95;;;;4\r\n";

fn checked(folder: &Folder) -> Vec<Value> {
    let list = folder.write("liste.csv", MUSEUM);
    let run = headstamp(["check", "--json", "--quiet", "--entries"]).arg(&list).arg("--photos").arg(samples());
    let map = ["Bild=photo", "Bodenstempel=headstamp", "Land=country", "Jahr=year", "Kaliber=calibre"];
    run.args(map.iter().flat_map(|m| ["--map", m])).success().records()
}

#[test]
fn a_museums_list_is_ranked_with_reasons() {
    let all = checked(&Folder::new());
    let of = |row: u64| all.iter().find(|f| f["row"] == row).unwrap_or_else(|| panic!("row {row}"));
    let reasons = |row: u64| -> Vec<(String, String)> {
        let reasons = of(row)["reasons"].as_array().unwrap().iter();
        reasons.map(|r| (r["signal"].as_str().unwrap().into(), r["text"].as_str().unwrap().into())).collect()
    };
    let says = |row: u64, signal: &str, text: &str| {
        assert!(reasons(row).iter().any(|(s, t)| s == signal && t.contains(text)), "row {row}: {:?}", reasons(row));
        assert!(of(row)["wrong"].as_f64().unwrap() > 0.1, "row {row}: {}", of(row));
    };
    assert_eq!(all.len(), 15);
    says(7, "marks", "reads 8, not 3");
    assert_eq!(of(7)["photo"], "00017.jpg");
    says(8, "photograph", "nothing there is called `00099.jpg`");
    says(11, "country", "CH (Switzerland): the headstamp is BG (Bulgaria)");
    says(12, "year", "1978: the headstamp bears 88, which is 1988");
    says(13, "slip", "1O: a letter among digits, likely 10");
    says(14, "slip", "10_88");
    says(15, "row", "Mai 88");
    says(2, "photograph", "row 16 shows the same head");
    for row in [3, 4, 9, 10] {
        assert!(of(row)["wrong"].as_f64().unwrap() < 0.1, "row {row}: {}", of(row));
    }
    let wrong: Vec<f64> = all.iter().map(|f| f["wrong"].as_f64().unwrap()).collect();
    assert!(wrong.is_sorted_by(|a, b| a >= b) && wrong.iter().all(|w| (0.0..=1.0).contains(w)), "{wrong:?}");
    assert_eq!(all[0]["rank"], 1);
}

#[test]
fn entries_of_a_catalogue_are_held_against_what_was_read_and_nothing_is_changed() {
    let folder = Folder::new();
    let catalogue = folder.path("c.catalogue");
    let photos = samples();
    let few: Vec<_> = ["00000.jpg", "00003.jpg", "00004.jpg", "00017.jpg"].iter().map(|n| photos.join(n)).collect();
    headstamp(["add", "--quiet", "--catalogue"]).arg(&catalogue).args(&few).success();
    let rows = "photo,headstamp\n00000.jpg,Z_95\n00003.jpg,96_05\n00004.jpg,WAE_60\n00017.jpg,73_12 GA_14.5\n";
    let list = folder.write("entries.csv", rows);
    let import = headstamp(["import", "--format", "csv", "--catalogue"]).arg(&catalogue).arg("--photos").arg(&photos);
    import.arg(&list).success();
    let status = || headstamp(["status", "--json", "--catalogue"]).arg(&catalogue).success().json();
    let before = status();
    let check = || headstamp(["check", "--catalogue"]).arg(&catalogue);
    let all = check().arg("--json").success().records();
    assert_eq!((all.len(), all[0]["entry"]["headstamp"].as_str()), (4, Some("73_12 GA_14.5")), "{all:?}");
    assert!(
        all[0]["photo"].as_str().unwrap().ends_with("00017.jpg") && all[0]["wrong"].as_f64() > all[1]["wrong"].as_f64()
    );
    let line = check().success().says("73_12 GA_14.5").out;
    assert_eq!(line.lines().count(), 1, "{line}");
    let table = check().arg("--csv").success().out;
    assert!(table.starts_with("wrong,photo,row,case,headstamp,") && table.lines().count() == 5, "{table}");
    assert_eq!(status(), before);

    // photographs that are altered or gone
    let moved = folder.path("moved");
    fs::create_dir(&moved).unwrap();
    fs::copy(photos.join("00000.jpg"), moved.join("elsewhere.jpg")).unwrap();
    fs::copy(photos.join("00001.jpg"), moved.join("00003.jpg")).unwrap();
    let all = check().arg("--json").arg("--photos").arg(&moved).success().records();
    let why = |headstamp: &str| {
        let found = all.iter().find(|f| f["entry"]["headstamp"] == headstamp).unwrap();
        found["reasons"].as_array().unwrap().iter().map(|r| r["text"].to_string()).collect::<String>()
    };
    assert!(!why("Z_95").contains("photograph"), "{}", why("Z_95"));
    assert!(why("96_05").contains("00003.jpg is not what it was"), "{}", why("96_05"));
    assert!(why("WAE_60").contains("no file has its content or its name"), "{}", why("WAE_60"));
}

/// A list of entries without photographs: seven alike, one of which says another country and one another year.
const ALIKE: &str = "headstamp,country,year,notes\nFN_72,BE,1972,a\nFN_72,BE,1972,b\nFN_72,TD,1972,c\nFN_72,BE,1972,d\n\
    FN_72,BE,1972,e\nFN_72,BE,1902,f\nFN_72,BE,1972,g\n";

#[test]
fn doubtful_entries_are_settled_in_the_terminal_and_not_asked_about_again() {
    let folder = Folder::new();
    let catalogue = folder.path("c.catalogue");
    let import = headstamp(["import", "--format", "csv", "--catalogue"]).arg(&catalogue);
    import.arg(folder.write("alike.csv", ALIKE)).success();
    let check = || headstamp(["check", "--catalogue"]).arg(&catalogue).success().complains("");
    assert_eq!(check().out.lines().count(), 2, "{}", check().out);
    let review = |script: &str| {
        let run = headstamp(["review", "--terminal", "--doubtful", "--by", "Ada", "--catalogue"]).arg(&catalogue);
        run.stdin(script).success().out
    };
    // help, later, and the suggestion for the other
    let said = review("?\nk\n1\n");
    assert!(said.contains("likely wrong at") && said.contains("1 settled"), "{said}");
    assert!(said.contains("corrected: case"), "{said}");
    let left = check().out;
    assert_eq!(left.lines().count(), 1, "{left}");
    // taken back, it is doubted again; then both are settled
    let said = review("z\na\nx\n");
    assert!(
        said.contains("undone: changed") && said.contains("confirmed: case") && said.contains("dismissed: case"),
        "{said}"
    );
    let settled = headstamp(["check", "--catalogue"]).arg(&catalogue).success();
    settled.complains("0 of them may be wrong; 2 more were settled by people before");
    let all = headstamp(["check", "--json", "--catalogue"]).arg(&catalogue).success().records();
    let outcomes: Vec<&str> = all.iter().filter_map(|f| f["settled"]["outcome"].as_str()).collect();
    assert!(outcomes.len() == 2 && outcomes.contains(&"confirmed") && outcomes.contains(&"dismissed"), "{outcomes:?}");
    assert!(review("").contains("no other entry is likely wrong"));
    // what was said is in the history, and the history holds
    headstamp(["verify", "--catalogue"]).arg(&catalogue).success();
    // a correction that is typed, and one that is none
    let typed = review("q\n");
    assert!(typed.contains("0 settled"), "{typed}");
}

#[test]
fn what_cannot_be_checked_is_refused() {
    let folder = Folder::new();
    let list = folder.write("list.csv", "photo,headstamp\na.jpg,FC\n");
    headstamp(["check"]).status(2).complains("--catalogue");
    headstamp(["check", "--entries"]).arg(&list).status(2).complains("--photos");
    headstamp(["check", "--catalogue"]).arg(folder.path("none")).status(3).complains("no such file");
    let catalogue = folder.path("c.catalogue");
    let import = headstamp(["import", "--format", "csv", "--catalogue"]).arg(&catalogue);
    import.arg(folder.write("e.csv", "headstamp\nFC_85\n")).success();
    headstamp(["check", "--map", "a=b", "--catalogue"]).arg(&catalogue).status(2).complains("no effect");
    let bad = folder.write("bad.csv", "PK\u{3}\u{4}xl/workbook.xml");
    headstamp(["check", "--entries"]).arg(&bad).arg("--photos").arg(folder.root()).status(3).complains("workbook");
}
