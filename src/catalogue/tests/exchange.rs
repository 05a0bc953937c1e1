//! Entries to files and back.

use super::super::transfer::{Rows, read_csv, read_jsonl, write_csv, write_jsonl};
use super::*;

/// A catalogue with everything that an entry can be.
fn rich() -> (TempDir, PathBuf, Catalogue) {
    let (dir, path, mut catalogue) = empty();
    catalogue.add(&[photo(1, 3), photo(2, 1), photo(3, 0)]).unwrap();
    for head in 0..3 {
        catalogue.take(enter(u128::from(head) + 1, &[at(1, head)], stamped("31_94")));
    }
    catalogue.take(What::SameCase { case: case(1), place: at(2, 0) });
    catalogue.take(What::SameCase { case: case(1), place: Place { photo: sha(3), head: None } });
    let told = Value { text: "One, \"two\"\nthree; Д".into(), how: How::Told, by: "Bo, Cy".into() };
    let mut manual = values(&[(Field::Calibre, "7.62x39"), (Field::Quantity, "40")]);
    manual.insert(Field::Notes, told);
    catalogue.take(enter(9, &[], manual));
    (dir, path, catalogue)
}

fn csv(catalogue: &Catalogue, full: bool) -> Vec<u8> {
    let mut out = Vec::new();
    write_csv(catalogue, full, &mut out).unwrap();
    out
}

fn jsonl(catalogue: &Catalogue, full: bool) -> Vec<u8> {
    let mut out = Vec::new();
    write_jsonl(catalogue, full, &mut out).unwrap();
    out
}

fn problems(rows: &Rows) -> Vec<(u64, &str)> {
    rows.problems.iter().map(|p| (p.line, p.cause.as_str())).collect()
}

#[test]
fn export_and_import_give_the_same_catalogue() {
    let (_dir, _, from) = rich();
    let counts = from.counts().unwrap();
    assert_eq!((counts.entries, counts.cases), (4, 43));
    for rows in [read_csv(&*csv(&from, true), "Di"), read_jsonl(&*jsonl(&from, true), "Di")] {
        assert_eq!(problems(&rows), []);
        let (_dir, _, mut to) = empty();
        let done = to.import(rows.entries.clone(), "Di").unwrap();
        assert_eq!((done.entered, done.unchanged, done.conflicts.len()), (4, 0, 0));
        assert_eq!((to.all(), csv(&to, true)), (from.all(), csv(&from, true)));
        assert_eq!(jsonl(&to, true), jsonl(&from, true));

        let head = to.chain_head().unwrap();
        assert_eq!(to.import(rows.entries.clone(), "Di").unwrap().unchanged, 4);
        assert_eq!((to.chain_head().unwrap(), to.against(&rows).unwrap()), (head, vec![]));
    }
}

#[test]
fn a_plain_export_leaves_who_and_how_as_they_are() {
    let (_dir, _, mut catalogue) = rich();
    let before = catalogue.all();
    for rows in [read_csv(&*csv(&catalogue, false), "Di"), read_jsonl(&*jsonl(&catalogue, false), "Di")] {
        assert_eq!((problems(&rows), catalogue.against(&rows).unwrap()), (vec![], vec![]));
        assert_eq!(catalogue.import(rows.entries, "Di").unwrap().unchanged, 4);
        assert_eq!(catalogue.all(), before);
    }
    // other values are not overwritten
    let text = format!("case,headstamp,site\n{},31_95,\n{},31_94,Kidal\n", case(1), case(2));
    let rows = read_csv(text.as_bytes(), "Di");
    assert_eq!(catalogue.against(&rows).unwrap().iter().map(|p| p.line).collect::<Vec<_>>(), [2, 3]);
    catalogue.import(rows.entries, "Di").unwrap();
    assert_eq!(catalogue.all(), before);
}

#[test]
fn an_imported_row_that_contradicts_its_photograph_is_told() {
    let (_dir, _, mut catalogue) = rich();
    let text = format!("headstamp,photographs\n31_94,{0}#1\n31_95,{0}#2\n", sha(1));
    let done = catalogue.import(read_csv(text.as_bytes(), "Di").entries, "Di").unwrap();
    assert_eq!(done.conflicts.iter().map(|p| p.line).collect::<Vec<_>>(), [3]);
    assert_eq!((catalogue.counts().unwrap().entries, catalogue.contradictions()), (4, 1));
}

#[test]
fn rows_without_id_are_distinct_and_come_once() {
    let text = "headstamp,quantity\n31_94,\n31_94,\n31_94,7\n";
    let (_dir, _, mut catalogue) = empty();
    for (entered, unchanged) in [(3, 0), (0, 3)] {
        let done = catalogue.import(read_csv(text.as_bytes(), "Di").entries, "Di").unwrap();
        assert_eq!((done.entered, done.unchanged), (entered, unchanged));
    }
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.entries, counts.cases, counts.photographs), (3, 9, 0));
    let lines = "{\"headstamp\": \"31_94\"}\n\n{\"headstamp\": \"31_94\", \"quantity\": 7}\n";
    assert_eq!(catalogue.import(read_jsonl(lines.as_bytes(), "Di").entries, "Di").unwrap().unchanged, 2);
}

#[test]
fn every_problem_of_a_file_is_told_with_its_line() {
    let id = case(1);
    let text = format!(
        "\u{feff}case,headstamp,notes,year,site_how,photographs\n{id},31_94,\"two\nlines\",94,,x\n{id},31_94,,1994,,\n\
         {id},31_94,,,,\nno,31_94,,,told,\n,31_94\n,,,,,\n"
    );
    let rows = read_csv(text.as_bytes(), "Di");
    let told = problems(&rows);
    assert_eq!(told.iter().map(|p| p.0).collect::<Vec<_>>(), [2, 2, 5, 6, 6, 7, 8], "{told:#?}");
    for (problem, part) in told.iter().zip([
        "`94` is no year",
        "`x` is no photograph",
        "was on an earlier line",
        "`no` is no id",
        "site is empty",
        "has 2 columns, the first line 6",
        "says nothing",
    ]) {
        assert!(problem.1.contains(part), "{problem:?} {part}");
    }
    assert_eq!(rows.entries.len(), 1);
    let rows = read_csv("headstamp,colour\n31_94,red\n".as_bytes(), "Di");
    assert!(matches!(problems(&rows)[..], [(1, cause)] if cause.contains("`colour` is no field")));

    let place = r#"[{"photo": "x", "head": 0}]"#;
    let full = |places: &str, more: &str| format!(r#"{{"case": "{id}", "places": {places}, "values": {{}}{more}}}"#);
    let lines =
        ["{", r#"{"year": 94}"#, r#"{"colour": "red"}"#, &full("[]", ", \"x\": 1"), &full(place, ""), &full("[]", "")];
    let rows = read_jsonl(lines.join("\n").as_bytes(), "Di");
    assert_eq!(problems(&rows).iter().map(|p| p.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert!(rows.entries.is_empty());
}

/// Spreadsheets put a mark before the text, and spaces round the names of columns.
#[test]
fn a_table_from_a_spreadsheet_is_read() {
    let rows = read_csv("\u{feff}headstamp , calibre\n31_94,7.62x39\n".as_bytes(), "Ada");
    assert_eq!(problems(&rows), []);
    assert_eq!(rows.entries[0].1.values.len(), 2);
}
