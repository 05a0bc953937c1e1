//! What is said of photographs that are held.

use super::*;
use crate::catalogue::tell::{Said, Saying};

on_both!(
    what_is_told_late_goes_with_heads_that_wait_and_corrects_entries,
    what_contradicts_itself_is_not_said_at_all,
    what_was_told_in_two_catalogues_comes_together_and_contradictions_are_listed,
    what_is_said_of_a_copy_is_said_of_the_picture_that_is_reviewed,
);

const SITE: Field = Field::Site;

fn tell(catalogue: &mut Catalogue, photos: &[(u32, &str)]) -> Said {
    let all: Vec<(String, Values)> = photos.iter().map(|(n, site)| (sha(*n), values(&[(SITE, site)]))).collect();
    catalogue.tell(&all, "Bo", Saying::Now).unwrap()
}

/// What is told of the head that waits, or recorded of the first entry.
fn site(values: &Values) -> Option<&str> {
    values.get(&SITE).map(|v| v.text.as_str())
}

fn what_is_told_late_goes_with_heads_that_wait_and_corrects_entries(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let (record, _) = photo(1, 1);
    catalogue
        .add(&[(record, values(&[(SITE, "Gao"), (Field::Holder, "Ada")])), photo(2, 2), photo(3, 1), photo(4, 0)])
        .unwrap();
    catalogue.take(enter(2, &[at(2, 0)], values(&[(Field::Headstamp, "31_94"), (SITE, "Gao")])));
    catalogue.take(What::NotAHead { place: at(2, 1) });
    let all = [(1, "Kidal"), (2, "Kidal"), (4, "Kidal"), (9, "Kidal")];
    let trial: Vec<(String, Values)> = all.iter().map(|(n, s)| (sha(*n), values(&[(SITE, s)]))).collect();
    let before = catalogue.chain_head().unwrap();
    let said = catalogue.tell(&trial, "Bo", Saying::OnTrial).unwrap();
    assert_eq!(catalogue.chain_head().unwrap(), before);
    assert_eq!(tell(&mut catalogue, &all), said);
    assert_eq!((said.told, said.amended, said.unchanged, said.passed_over), (2, 1, 0, 1));
    assert_eq!(said.replaced, [(case(2), SITE, "Gao".to_owned(), "Kidal".to_owned())]);
    let again = tell(&mut catalogue, &all);
    assert_eq!((again.told, again.amended, again.unchanged), (0, 0, 3), "said twice, it is there once");

    let mut catalogue = shelf.again(catalogue);
    let first = catalogue.next_item(0).unwrap().unwrap();
    assert_eq!((site(&first.given), first.given[&Field::Holder].text.as_str()), (Some("Kidal"), "Ada"));
    assert_eq!(site(&catalogue.next_item(first.id).unwrap().unwrap().given), None, "of the third nothing was told");
    assert_eq!(site(&catalogue.next_without_head(0).unwrap().unwrap().given), Some("Kidal"));
    let entry = catalogue.entry(case(2)).unwrap().unwrap();
    assert_eq!((site(&entry.values), entry.values[&Field::Headstamp].text.as_str()), (Some("Kidal"), "31_94"));
    assert!(catalogue.verify_outcome().unwrap());

    // each is a decision of the one who said it, and can be taken back
    let last = catalogue.undoable(9).unwrap();
    assert_eq!(last.iter().filter(|d| d.who == "Bo").count(), 3);
    last.iter().filter(|d| d.who == "Bo").for_each(|d| drop(catalogue.undo(d.link)));
    assert_eq!(site(&catalogue.next_item(0).unwrap().unwrap().given), Some("Gao"));
    assert_eq!(site(&catalogue.entry(case(2)).unwrap().unwrap().values), Some("Gao"));
}

fn what_contradicts_itself_is_not_said_at_all(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    catalogue.add(&[photo(1, 1), photo(2, 1), photo(3, 1)]).unwrap();
    catalogue.take(enter(1, &[at(1, 0), at(2, 0)], stamped("31_94")));
    let before = catalogue.chain_head().unwrap();
    let said = tell(&mut catalogue, &[(1, "Gao"), (2, "Kidal"), (3, "Gao")]);
    assert!(said.contradictions[0].contains("site is said to be `Gao` and `Kidal`"), "{said:?}");
    assert_eq!((said.contradictions.len(), said.told, said.amended), (1, 0, 0));
    assert_eq!(catalogue.chain_head().unwrap(), before);
}

fn what_was_told_in_two_catalogues_comes_together_and_contradictions_are_listed(shelf: &Shelf) {
    let two = || {
        let mut both = ["a", "b"].map(|name| shelf.empty(&format!("{name}{}", Uuid::new_v4())));
        for catalogue in &mut both {
            catalogue.add(&[photo(1, 1), photo(2, 1)]).unwrap();
        }
        both
    };
    // entered in one, told in the other: it adds what was not recorded
    let [mut here, mut there] = two();
    here.take(enter(1, &[at(1, 0)], stamped("31_94")));
    tell(&mut there, &[(1, "Kidal")]);
    here.take_in(&there, Forks::Refuse, "Ada").unwrap();
    assert_eq!(site(&here.entry(case(1)).unwrap().unwrap().values), Some("Kidal"));
    assert_eq!(here.contradictions(), 0);
    // recorded otherwise: what is recorded holds, and the contradiction is listed until one of them is undone
    let [mut here, mut there] = two();
    here.take(enter(1, &[at(1, 0)], values(&[(SITE, "Gao")])));
    tell(&mut there, &[(1, "Kidal")]);
    here.take_in(&there, Forks::Refuse, "Ada").unwrap();
    assert_eq!(site(&here.entry(case(1)).unwrap().unwrap().values), Some("Gao"));
    let conflict = here.conflicts().unwrap().remove(0);
    here.undo(conflict.other.link);
    assert_eq!(here.contradictions(), 0);
    // told otherwise in both
    let [mut here, mut there] = two();
    tell(&mut here, &[(1, "Gao"), (2, "Gao")]);
    tell(&mut there, &[(1, "Kidal"), (2, "Gao")]);
    here.take_in(&there, Forks::Refuse, "Ada").unwrap();
    assert_eq!((here.contradictions(), site(&here.next_item(0).unwrap().unwrap().given)), (1, Some("Gao")));
    // who knows both and says it again settles it
    tell(&mut here, &[(1, "Kidal")]);
    assert_eq!((here.contradictions(), site(&here.next_item(0).unwrap().unwrap().given)), (0, Some("Kidal")));
    assert!(here.verify_outcome().unwrap() && here.verify_history().unwrap() > 0);
}

fn what_is_said_of_a_copy_is_said_of_the_picture_that_is_reviewed(shelf: &Shelf) {
    let mut catalogue = shelf.empty("a");
    let (mut copy, _) = photo(2, 1);
    copy.same_as = Some(sha(1));
    catalogue.add(&[photo(1, 1), (copy, Values::new())]).unwrap();
    assert_eq!(tell(&mut catalogue, &[(2, "Kidal")]).told, 1);
    let item = catalogue.next_item(0).unwrap().unwrap();
    assert_eq!((item.place, site(&item.given)), (at(1, 0), Some("Kidal")));
    let said = tell(&mut catalogue, &[(1, "Gao"), (2, "Kidal")]);
    assert!(said.contradictions[0].contains("one picture"), "{said:?}");
}
