//! What queues and groups know of heads.

use super::*;
use crate::catalogue::brief::From;

on_both!(heads_are_filed_as_they_are_added, what_differs_is_remembered_and_taken_in, headstamps_are_counted);

fn heads_are_filed_as_they_are_added(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let (record, given) = photo(1, 2);
    catalogue.add_seen([(&record, &given, &[vec![], vec![7u8, 8]][..])]).unwrap();
    catalogue.add(&[photo(2, 1), photo(3, 0)]).unwrap();
    let briefs = catalogue.briefs(State::Pending).unwrap();
    assert_eq!(briefs.iter().map(|b| b.place.clone()).collect::<Vec<_>>(), [at(1, 0), at(1, 1), at(2, 0)]);
    let Brief { variety, calibre, confidence, country, .. } = &briefs[0].brief;
    assert_eq!((variety.as_str(), calibre.as_deref()), ("9MM_FC_LUGER", Some("9x19")));
    assert_eq!((*confidence, country.as_deref()), (Some(0.93), Some("US")));
    let ids: Vec<i64> = briefs.iter().map(|b| b.id).collect();
    assert_eq!(catalogue.looks(&ids).unwrap(), [(ids[1], vec![7, 8])].into());
    assert_eq!((catalogue.keep_briefs().unwrap(), catalogue.item(ids[2]).unwrap().unwrap().place), (0, at(2, 0)));
    catalogue.take(enter(1, &[at(1, 0)], stamped("31_94")));
    assert_eq!(
        (catalogue.briefs(State::Pending).unwrap().len(), catalogue.briefs(State::Entered).unwrap().len()),
        (2, 1)
    );
    assert_eq!(catalogue.case_at(ids[0]).unwrap(), Some(case(1)));

    // a copy that takes it in has the same
    let mut other = shelf.empty("b");
    other.take_in(&catalogue, Forks::Refuse, "Bo").unwrap();
    assert_eq!(other.briefs(State::Pending).unwrap()[0].brief, briefs[1].brief);
    assert_eq!(other.looks(&ids).unwrap().len(), 1);
}

fn what_differs_is_remembered_and_taken_in(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 2)]).unwrap();
    let said = [(at(1, 0), From::Variety("31_94".into())), (at(1, 0), From::Head(at(1, 1)))];
    catalogue.say_unlike("Ada", &said).unwrap();
    catalogue.say_unlike("Bo", &said).unwrap();
    let mut other = shelf.empty("b");
    other.take_in(&shelf.again(catalogue), Forks::Refuse, "Bo").unwrap();
    let unlike = other.unlike().unwrap();
    assert_eq!(unlike[&at(1, 0)], [From::Variety("31_94".into()), From::Head(at(1, 1))].into());
    assert_eq!(unlike[&at(1, 1)], [From::Head(at(1, 0))].into());
}

fn headstamps_are_counted(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    for (n, text) in [(1, "31_94"), (2, "31_94"), (3, "FC")] {
        catalogue.take(enter(u128::from(n), &[at(n, 0)], stamped(text)));
    }
    assert_eq!(catalogue.headstamp_counts().unwrap(), [("31_94".to_owned(), 2), ("FC".to_owned(), 1)]);
    assert_eq!(catalogue.cases_bearing("31_94", 5).unwrap(), [case(1), case(2)]);
    let found = |marks: &str| {
        let all = catalogue.bearing(&marks.parse().unwrap()).unwrap();
        all.into_iter().map(|f| (f.headstamp, f.entries)).collect::<Vec<_>>()
    };
    assert_eq!(found("9?"), [("31_94".to_owned(), 2)]);
    assert_eq!(found("fc"), [("FC".to_owned(), 1)]);
    assert!(found("FC_94").is_empty());
}
