//! Tables of a study that is made up on the spot.

use super::chosen::Condition;
use super::compare::Share;
use super::figure;
use super::study::{Column, Study};
use super::table::{Cell, Of};
use super::tables::{Setting, tables};
use crate::catalogue::{Catalogue, Decision, Field, How, Value, Values, Way, What};
use uuid::Uuid;

type Row = (&'static str, &'static str, &'static str, &'static str, u32);

fn study(rows: &[Row], conditions: &[Condition]) -> (tempfile::TempDir, Catalogue, Study) {
    let folder = tempfile::tempdir().unwrap();
    let mut catalogue = Catalogue::open_or_create(&folder.path().join("a.catalogue")).unwrap();
    for (headstamp, calibre, state, year, quantity) in rows {
        let value = |text: &str| Value { text: text.into(), how: How::Told, by: "Ada".into() };
        let quantity = quantity.to_string();
        let all = [
            (Field::Headstamp, *headstamp),
            (Field::Calibre, *calibre),
            (Field::StateAtTime, *state),
            (Field::Year, *year),
            (Field::Quantity, quantity.as_str()),
        ];
        let values: Values = all.into_iter().filter(|v| !v.1.is_empty()).map(|(f, t)| (f, value(t))).collect();
        let what = What::Enter { case: Uuid::now_v7(), places: Vec::new(), way: Way::Typed, group: 1, values };
        catalogue.decide("Ada", what, None).unwrap();
    }
    let study = Study::of(&catalogue, conditions).unwrap();
    (folder, catalogue, study)
}

#[test]
fn every_table_adds_up_to_what_was_counted() {
    let rows = [
        ("31_94", "7.62x39", "China", "1994", 70),
        ("94_31", "7.62x39", "China", "1994", 3),
        ("31_94", "7.62x54R", "China", "1994", 1),
        ("not legible", "", "", "not legible", 2),
        ("A_1", "9x19", "Poland", "absent", 1),
        ("⊕_77_FN", "7.62x51", "Belgium", "1977", 4),
    ];
    let (_folder, catalogue, study) = study(&rows, &[]);
    assert_eq!((study.cases, study.entries.len(), study.varieties.len()), (81, 6, 5));
    // where reading begins is no other variety
    let all = tables(&study, &catalogue, Setting { threshold: 0.02, top: 2 }).unwrap();
    for table in &all {
        for cell in table.rows.iter().flatten().chain(table.notes.iter().flatten()) {
            if let Cell::Count(count, of) = cell {
                assert_eq!((study.count(of), table.id), (*count, table.id));
            }
        }
    }
    let of = |id: &str| all.iter().find(|t| t.id == id).unwrap();
    for (id, column) in [("decades", Column::Decade), ("calibres", Column::Calibre), ("sites", Column::Site)] {
        let sum: u64 = of(id).rows.iter().map(|r| r[1].plain().parse::<u64>().unwrap()).sum();
        assert_eq!(sum, 81, "{id} {}", column.name());
    }
    assert_eq!(of("varieties").rows[0][5], Cell::Count(73, Of::one(Column::Variety, 0)));
    // 9x19 is NATO-standard by its calibre
    assert_eq!(of("nato").rows.iter().map(|r| r[4].plain()).collect::<Vec<_>>(), ["⊕_77_FN", "A_1"]);
    let decades: Vec<String> = of("decades").rows.iter().map(|r| r[0].plain()).collect();
    assert_eq!(decades, ["1970s", "1990s", "without a year mark", "year not legible"]);
    let svg = figure::of(of("producers")).unwrap().unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("China") && svg.contains("74 (91.4 %)"), "{svg}");
    assert_eq!(figure::of(of("sites")).unwrap(), None);
    let conditions = ["calibre=7.62x51".parse().unwrap()];
    let chosen = Study::of(&catalogue, &conditions).unwrap();
    assert_eq!((chosen.cases, chosen.left_out), (4, 5));
    assert_eq!(decisions(&catalogue), 1);
}

/// How many decisions speak of the first entry.
fn decisions(catalogue: &Catalogue) -> usize {
    let mut first = None;
    let each = |entry| {
        first.get_or_insert(entry);
        Ok::<_, crate::catalogue::CatalogueError>(())
    };
    catalogue.entries(each).unwrap();
    let all: Vec<(Decision, String)> = catalogue.decisions_of(&first.unwrap()).unwrap();
    all.len()
}

#[test]
fn a_share_has_its_interval() {
    // Newcombe 1998, table I: 15 of 148 by Wilson's score without correction
    let share = Share::new(15, 148);
    assert!((share.interval[0] - 0.0624).abs() < 1e-4 && (share.interval[1] - 0.1605).abs() < 1e-4, "{share:?}");
    let none = Share::new(0, 20);
    assert!(none.interval[0] == 0.0 && (none.interval[1] - 0.1611).abs() < 1e-4, "{none:?}");
}
