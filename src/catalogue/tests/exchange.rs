//! Entries to files and back.

use super::super::import::{Checked, Imported};
use super::super::transfer::{Row, read_csv, read_jsonl, write_csv, write_jsonl};
use super::*;

on_both!(
    export_and_import_give_the_same_catalogue,
    a_plain_export_leaves_who_and_how_as_they_are,
    an_imported_row_that_contradicts_its_photograph_is_told,
    rows_without_id_are_distinct_and_come_once,
    what_is_wrong_is_passed_over_and_the_rest_is_entered_or_nothing_is,
    a_list_of_several_pieces_is_entered_whole,
);

/// A catalogue with everything that an entry can be.
fn rich(shelf: &Shelf) -> Catalogue {
    let mut catalogue = shelf.empty("rich");
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
    catalogue
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

type Rows = Vec<Row>;

/// All rows of a list, whatever reads it.
fn rows(text: &[u8], format: &str) -> Rows {
    if format == "csv" { read_csv(text, "Di").collect() } else { read_jsonl(text, "Di").collect() }
}

fn problems(rows: &Rows) -> Vec<(u64, &str)> {
    let wrong = rows.iter().filter_map(|r| r.entry.as_ref().err().map(|causes| (r.line, causes)));
    wrong.flat_map(|(line, causes)| causes.iter().map(move |c| (line, c.as_str()))).collect()
}

impl Catalogue {
    /// Looks through a list and takes it in.
    fn taken(&mut self, rows: &Rows) -> (Checked, Imported) {
        let checked = self.check(rows.iter().cloned()).unwrap();
        let imported = self.import(rows.iter().cloned(), &checked, "Di").unwrap();
        (checked, imported)
    }
}

fn export_and_import_give_the_same_catalogue(shelf: &Shelf) {
    let from = rich(shelf);
    let counts = from.counts().unwrap();
    assert_eq!((counts.entries, counts.cases), (4, 43));
    for (format, text) in [("csv", csv(&from, true)), ("jsonl", jsonl(&from, true))] {
        let rows = rows(&text, format);
        assert_eq!(problems(&rows), []);
        let mut to = shelf.empty(format);
        let (checked, done) = to.taken(&rows);
        assert_eq!((checked.new, checked.unchanged, checked.wrong), (4, 0, 0));
        assert_eq!((done.entered, done.unchanged, done.conflicts.len()), (4, 0, 0));
        assert_eq!((to.all(), csv(&to, true)), (from.all(), csv(&from, true)));
        assert_eq!(jsonl(&to, true), jsonl(&from, true));
        let group = |d: &Decision| matches!(d.what, What::Enter { group: 4, way: Way::Imported, .. });
        assert!(to.undoable(9).unwrap().iter().all(group));

        let head = to.chain_head().unwrap();
        let (checked, done) = to.taken(&rows);
        assert_eq!((checked.unchanged, checked.problems, done.unchanged), (4, vec![], 4));
        assert_eq!(to.chain_head().unwrap(), head);
    }
}

fn a_plain_export_leaves_who_and_how_as_they_are(shelf: &Shelf) {
    let mut catalogue = rich(shelf);
    let before = catalogue.all();
    for (format, text) in [("csv", csv(&catalogue, false)), ("jsonl", jsonl(&catalogue, false))] {
        let rows = rows(&text, format);
        assert_eq!(problems(&rows), []);
        let (checked, done) = catalogue.taken(&rows);
        assert_eq!((checked.wrong, done.unchanged), (0, 4));
        assert_eq!(catalogue.all(), before);
    }
    // other values are not overwritten
    let text = format!("case,headstamp,site\n{},31_95,\n{},31_94,Kidal\n", case(1), case(2));
    let (checked, done) = catalogue.taken(&rows(text.as_bytes(), "csv"));
    assert_eq!(checked.problems.iter().map(|p| p.line).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((checked.wrong, done), (2, Imported::default()));
    assert_eq!(catalogue.all(), before);
}

fn an_imported_row_that_contradicts_its_photograph_is_told(shelf: &Shelf) {
    let mut catalogue = rich(shelf);
    let text = format!("headstamp,photographs\n31_94,{0}#1\n31_95,{0}#2\n", sha(1));
    let (_, done) = catalogue.taken(&rows(text.as_bytes(), "csv"));
    assert_eq!(done.conflicts.iter().map(|p| p.line).collect::<Vec<_>>(), [3]);
    assert_eq!((catalogue.counts().unwrap().entries, catalogue.contradictions()), (4, 1));
    // what turned out to be another case is there
    assert_eq!(catalogue.taken(&rows(text.as_bytes(), "csv")).1.unchanged, 2);
}

fn rows_without_id_are_distinct_and_come_once(shelf: &Shelf) {
    let text = "headstamp,quantity\n31_94,\n31_94,\n31_94,7\n";
    let mut catalogue = shelf.empty("a");
    for (entered, unchanged) in [(3, 0), (0, 3)] {
        let (_, done) = catalogue.taken(&rows(text.as_bytes(), "csv"));
        assert_eq!((done.entered, done.unchanged), (entered, unchanged));
    }
    let counts = catalogue.counts().unwrap();
    assert_eq!((counts.entries, counts.cases, counts.photographs), (3, 9, 0));
    let lines = "{\"headstamp\": \"31_94\"}\n\n{\"headstamp\": \"31_94\", \"quantity\": 7}\n";
    assert_eq!(catalogue.taken(&rows(lines.as_bytes(), "jsonl")).1.unchanged, 2);
}

fn what_is_wrong_is_passed_over_and_the_rest_is_entered_or_nothing_is(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let text = "headstamp,year\n31_94,1994\n31_95,95\n31_96,1996\n";
    let rows = rows(text.as_bytes(), "csv");
    let (checked, done) = catalogue.taken(&rows);
    assert_eq!((checked.new, checked.wrong, done.entered), (2, 1, 2));
    let head = catalogue.chain_head().unwrap();
    // a list that is another when it is read again is not taken in
    let more = Checked { new: 3, ..checked };
    let again = catalogue.import(rows.into_iter(), &more, "Di");
    assert!(matches!(again, Err(CatalogueError::Changed)), "{again:?}");
    assert_eq!(catalogue.chain_head().unwrap(), head);
}

fn a_list_of_several_pieces_is_entered_whole(shelf: &Shelf) {
    const MANY: usize = super::super::store::PIECE + 10;
    let mut catalogue = shelf.empty("a");
    let text: String =
        (0..MANY).map(|n| format!("31_94,{}\n", if n < 5 { "x".into() } else { n.to_string() })).collect();
    let rows = rows(format!("headstamp,quantity\n{text}").as_bytes(), "csv");
    let (checked, done) = catalogue.taken(&rows);
    assert_eq!((checked.new as usize, checked.wrong, done.entered as usize), (MANY - 5, 5, MANY - 5));
    let groups = catalogue.undoable(MANY).unwrap();
    assert!(groups.iter().all(|d| matches!(d.what, What::Enter { group, .. } if group as usize == MANY - 5)));
    let wrong = format!("headstamp,quantity\n{}", "31_94,x\n".repeat(1500));
    let checked = catalogue.check(read_csv(wrong.as_bytes(), "Di")).unwrap();
    assert_eq!((checked.wrong, checked.problems.len()), (1500, 1000));
}

#[test]
fn every_problem_of_a_file_is_told_with_its_line() {
    let id = case(1);
    let text = format!(
        "\u{feff}case,headstamp,notes,year,site_how,photographs\n{id},31_94,\"two\nlines\",94,,x\n{id},31_94,,1994,,\n\
         {id},31_94,,,,\nno,31_94,,,told,\n,31_94\n,,,,,\n"
    );
    let rows = rows(text.as_bytes(), "csv");
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
    assert_eq!(rows.iter().filter(|r| r.entry.is_ok()).count(), 1);
    let rows: Rows = read_csv("headstamp,colour\n31_94,red\n".as_bytes(), "Di").collect();
    assert!(matches!(problems(&rows)[..], [(1, cause)] if cause.contains("`colour` is no field")));

    let place = r#"[{"photo": "x", "head": 0}]"#;
    let full = |places: &str, more: &str| format!(r#"{{"case": "{id}", "places": {places}, "values": {{}}{more}}}"#);
    let lines =
        ["{", r#"{"year": 94}"#, r#"{"colour": "red"}"#, &full("[]", ", \"x\": 1"), &full(place, ""), &full("[]", "")];
    let rows: Rows = read_jsonl(lines.join("\n").as_bytes(), "Di").collect();
    assert_eq!(problems(&rows).iter().map(|p| p.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert!(rows.iter().all(|r| r.entry.is_err()));

    let endless = [b"{\"headstamp\": \"31_94\"}\n".to_vec(), vec![b' '; 5 << 20], b"\n{}\n".to_vec()].concat();
    let rows: Rows = read_jsonl(&*endless, "Di").collect();
    assert!(matches!(problems(&rows)[..], [(2, cause)] if cause.contains("is longer than")), "{:?}", problems(&rows));
}

/// Spreadsheets put a mark before the text, and spaces round the names of columns.
#[test]
fn a_table_from_a_spreadsheet_is_read() {
    let rows: Rows = read_csv("\u{feff}headstamp , calibre\n31_94,7.62x39\n".as_bytes(), "Ada").collect();
    assert_eq!(problems(&rows), []);
    assert_eq!(rows[0].entry.as_ref().unwrap().values.len(), 2);
}
