//! Entries to files and back.

use super::super::columns::Columns;
use super::super::import::{Alike, Checked, Imported};
use super::super::listed::{Form, Reader, Row};
use super::super::transfer::{Csv, write_csv, write_jsonl};
use super::*;
use crate::list::{Fault, Options};
use crate::registry::Registry;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::embedded);

on_both!(
    export_and_import_give_the_same_catalogue,
    a_plain_export_leaves_who_and_how_as_they_are,
    rows_with_an_id_correct_what_is_recorded,
    what_looks_like_an_entry_that_is_held_is_told,
    the_row_as_given_stays_with_the_entry,
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

fn columns(full: bool) -> Columns {
    if full { Columns::Full } else { Columns::All }
}

fn csv(catalogue: &Catalogue, full: bool) -> Vec<u8> {
    let mut out = Vec::new();
    write_csv(catalogue, Csv { columns: columns(full), marked: full }, &mut out).unwrap();
    out
}

fn jsonl(catalogue: &Catalogue, full: bool) -> Vec<u8> {
    let mut out = Vec::new();
    write_jsonl(catalogue, columns(full), &mut out).unwrap();
    out
}

type Rows = Vec<Row>;

/// All rows of a list of this name, or what is wrong with all of it.
fn listed(name: &str, text: &[u8], format: &str, keep_columns: bool) -> Result<Rows, Vec<Fault>> {
    let options = Options { keep_columns, ..Options::default() };
    let reader = Reader { list: name, who: "Di", options: &options, registry: &REGISTRY, photos: None, apart: None };
    Ok(reader.read(if format == "csv" { Form::Table } else { Form::Lines }, text)?.collect())
}

/// All rows of a list.
fn rows(text: &[u8], format: &str) -> Rows {
    listed("list.csv", text, format, false).unwrap()
}

fn problems(rows: &Rows) -> Vec<(u64, String)> {
    let wrong = rows.iter().filter_map(|r| Some((r.number, r.entry.as_ref().err()?)));
    wrong.flat_map(|(row, faults)| faults.iter().map(move |f| (row, f.to_string()))).collect()
}

impl Catalogue {
    /// Looks through a list and takes it in.
    fn taken(&mut self, rows: &Rows) -> (Checked, Imported) {
        self.taken_as(rows, Alike::Unsaid)
    }

    fn taken_as(&mut self, rows: &Rows, rule: Alike) -> (Checked, Imported) {
        let checked = self.check(rows.iter().cloned(), rule).unwrap();
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
        assert_eq!((checked.new, checked.unchanged, checked.wrong.count()), (4, 0, 0));
        assert_eq!((done.entered, done.unchanged, done.conflicts.count()), (4, 0, 0));
        assert_eq!((to.all(), csv(&to, true)), (from.all(), csv(&from, true)));
        assert_eq!(jsonl(&to, true), jsonl(&from, true));
        let group = |d: &Decision| matches!(d.what, What::Enter { group: 4, way: Way::Imported, .. });
        assert!(to.undoable(9).unwrap().iter().all(group));

        let head = to.chain_head().unwrap();
        let (checked, done) = to.taken(&rows);
        assert_eq!((checked.unchanged, checked.wrong.count(), done.unchanged), (4, 0, 4));
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
        assert_eq!((checked.wrong.count(), checked.corrected, done.unchanged), (0, 0, 4));
        assert_eq!(catalogue.all(), before);
    }
}

fn rows_with_an_id_correct_what_is_recorded(shelf: &Shelf) {
    let mut catalogue = rich(shelf);
    let text = format!("case,headstamp,site\n{},31_95,\n{},31_94,Kidal\n{},31_94,\n", case(1), case(2), case(3));
    let (checked, done) = catalogue.taken(&rows(text.as_bytes(), "csv"));
    assert_eq!((checked.corrected, done.corrected, done.unchanged, done.entered), (2, 2, 1, 0));
    let told: Vec<String> = checked.notes.lines().collect();
    assert_eq!(told[0], format!("row 2: case {}: headstamp was `31_94`, becomes `31_95`", case(1)));
    assert_eq!(told[1], format!("row 3: case {}: site was nothing, becomes `Kidal`", case(2)));
    let corrected = catalogue.entry(case(1)).unwrap().unwrap();
    let value = &corrected.values[&Field::Headstamp];
    assert_eq!((value.text.as_str(), value.how, value.by.as_str()), ("31_95", How::Told, "Di"));
    assert_eq!(corrected.places.len(), 3, "where it is seen stays");
    // each is a decision, with who and when
    let decisions = catalogue.undoable(2).unwrap();
    assert!(decisions.iter().all(|d| matches!(d.what, What::Amend { .. }) && d.who == "Di"));
    assert_eq!(catalogue.taken(&rows(text.as_bytes(), "csv")).1.unchanged, 3);
    // photographs are put to cases by looking at them
    let text = format!("case,photographs\n{},{}#0\n", case(9), sha(1));
    let text = text.replace("\n", ",\n").replacen("photographs,", "photographs,site", 1).replacen("#0,", "#0,Gao", 1);
    let (checked, done) = catalogue.taken(&rows(text.as_bytes(), "csv"));
    assert_eq!((checked.wrong.count(), done), (1, Imported::default()));
}

fn what_looks_like_an_entry_that_is_held_is_told(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let list = b"headstamp,country,site\n10_88,BG,kidal\nFN_79,BE,kidal\n";
    catalogue.taken(&rows(list, "csv"));
    let exported = String::from_utf8(csv(&catalogue, false)).unwrap();
    let without_ids: String = exported.lines().map(|l| format!("{}\n", l.split_once(',').unwrap().1)).collect();
    // an export that lost its ids
    let lost = listed("export.csv", without_ids.to_lowercase().as_bytes(), "csv", false).unwrap();
    let (checked, done) = catalogue.taken(&lost);
    assert_eq!((checked.alike, checked.wrong.count(), done.entered), (2, 0, 0), "{checked:?}");
    assert!(checked.notes.first()[0].to_string().starts_with("row 2: says what case "));
    // equal rows of another list are other cases, unless it is said otherwise
    let other = listed("other.csv", list, "csv", false).unwrap();
    assert_eq!(catalogue.taken_as(&other, Alike::Held).0.alike, 2);
    let (checked, done) = catalogue.taken(&other);
    assert_eq!((checked.equal, done.entered), (2, 2));
    assert_eq!(
        catalogue.taken(&listed("other.txt", list, "csv", false).unwrap()).1.unchanged,
        2,
        "the same in another form"
    );
    assert_eq!(catalogue.counts().unwrap().entries, 4);
}

fn the_row_as_given_stays_with_the_entry(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let text = "Headstamp;Country;Year;Calibre;Find spot\n10_88;Bulgarien;88;7,62x39;Crate 4\n";
    let faults = listed("list.csv", text.as_bytes(), "csv", false).unwrap_err();
    assert!(faults[0].to_string().contains("`Find spot` is no field; if it is the site, say --map"), "{faults:?}");
    catalogue.taken(&listed("list.csv", text.as_bytes(), "csv", true).unwrap());
    let entry = catalogue.all().pop().unwrap();
    let of = |field: &Field| entry.values.get(field).map(|v| v.text.as_str());
    assert_eq!(
        [Field::Country, Field::Year, Field::Calibre].map(|f| of(&f).unwrap().to_owned()),
        ["BG", "1988", "7.62x39"]
    );
    let given: serde_json::Value = serde_json::from_str(of(&Field::OriginalRow).unwrap()).unwrap();
    assert_eq!((&given["list"], &given["row"]), (&"list.csv".into(), &2.into()));
    assert_eq!((&given["cells"]["Find spot"], &given["cells"]["Country"]), (&"Crate 4".into(), &"Bulgarien".into()));
    // and goes with it
    let mut other = shelf.empty("b");
    other.taken(&rows(&csv(&catalogue, true), "csv"));
    assert_eq!(other.all(), catalogue.all());
}

fn an_imported_row_that_contradicts_its_photograph_is_told(shelf: &Shelf) {
    let mut catalogue = rich(shelf);
    let text = format!("headstamp,photographs\n31_94,{0}#1\n31_95,{0}#2\n", sha(1));
    let (_, done) = catalogue.taken(&rows(text.as_bytes(), "csv"));
    assert_eq!(done.conflicts.first().iter().map(|f| f.row).collect::<Vec<_>>(), [Some(3)]);
    assert_eq!((catalogue.counts().unwrap().entries, catalogue.contradictions()), (4, 1));
    // the first says what is held, the second is there as it was decided
    let (checked, done) = catalogue.taken(&rows(text.as_bytes(), "csv"));
    assert_eq!((checked.alike, done.unchanged), (1, 1));
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
    let text = "headstamp,year\n31_94,1994\n31_95,May-95\n31_96,1996\n";
    let rows = rows(text.as_bytes(), "csv");
    let (checked, done) = catalogue.taken(&rows);
    assert_eq!((checked.new, checked.wrong.count(), done.entered), (2, 1, 2));
    let head = catalogue.chain_head().unwrap();
    // a list that is another when it is read again is not taken in
    let mut more = checked;
    more.new = 3;
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
    assert_eq!((checked.new as usize, checked.wrong.count(), done.entered as usize), (MANY - 5, 5, MANY - 5));
    let groups = catalogue.undoable(MANY).unwrap();
    assert!(groups.iter().all(|d| matches!(d.what, What::Enter { group, .. } if group as usize == MANY - 5)));
    let wrong = format!("headstamp,quantity\n{}", "31_94,x\n".repeat(1500));
    let checked = catalogue.check(super::exchange::rows(wrong.as_bytes(), "csv").into_iter(), Alike::Unsaid).unwrap();
    assert_eq!((checked.wrong.count(), checked.wrong.first().len()), (1500, 100));
}

#[test]
fn every_problem_of_a_list_is_told_with_its_row_and_column() {
    let id = case(1);
    let text = format!(
        "\u{feff}case,headstamp,notes,year,site_how,photographs\n{id},31_94,\"two\nlines\",194,,x\n{id},31_94,,1994,,\n\
         {id},31_94,,,,\nno,31_94,,,told,\n,31_94\n,,,,,\n,,,,,{}\n",
        sha(1)
    );
    let rows = rows(text.as_bytes(), "csv");
    let told = problems(&rows);
    let parts = [
        "row 2, column `year`: `194` is no year",
        "row 2, column `photographs`: `x` is no photograph",
        "row 4: case",
        "row 5 (line 6), column `case`: `no` is no id",
        "row 5 (line 6), column `site_how`: site is empty",
        "row 6 (line 7): has 2 cells, the columns are 6",
        "row 8 (line 9): says nothing",
    ];
    assert_eq!(told.len(), parts.len(), "{told:#?}");
    for (problem, part) in told.iter().zip(parts) {
        assert!(problem.1.starts_with(part), "{problem:?} {part}");
    }
    assert_eq!(rows.iter().filter(|r| r.entry.is_ok()).count(), 1);

    let place = r#"[{"photo": "x", "head": 0}]"#;
    let full = |places: &str, more: &str| format!(r#"{{"case": "{id}", "places": {places}, "values": {{}}{more}}}"#);
    let lines =
        ["{", r#"{"year": 194}"#, r#"{"colour": "red"}"#, &full("[]", ", \"x\": 1"), &full(place, ""), &full("[]", "")];
    let rows = super::exchange::rows(lines.join("\n").as_bytes(), "jsonl");
    assert_eq!(problems(&rows).iter().map(|p| p.0).collect::<BTreeSet<_>>(), BTreeSet::from([1, 2, 3, 4, 5, 6]));
    assert!(rows.iter().all(|r| r.entry.is_err()));

    let endless = [b"{\"headstamp\": \"31_94\"}\n".to_vec(), vec![b' '; 5 << 20], b"\n{}\n".to_vec()].concat();
    let rows = super::exchange::rows(&endless, "jsonl");
    assert!(matches!(&problems(&rows)[..], [(2, cause)] if cause.contains("is longer than")), "{:?}", problems(&rows));
}
