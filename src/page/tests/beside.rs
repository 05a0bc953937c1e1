//! What is shown beside the proposals: the same case photographed twice, what is written into a photograph; and controls
//! among the heads of a sheet.

use super::*;
use crate::ellipse::Ellipse;
use crate::photo::testing::{jpeg, noise, with_comment};

/// Two photographs of one case, the second turned and darker, and one of another case; all are read alike.
fn photographed_twice() -> (Room, Vec<String>) {
    let room = Room(tempfile::tempdir().unwrap());
    let scratched = |seed: u32| {
        let mut picture = GrayImage::from_fn(200, 200, |x, y| {
            let grain = (x * 7919 + y * 104_729 + seed * 7) % 251;
            Luma([if (grain * (x + seed)).is_multiple_of(17) { 40 } else { 150 }])
        });
        picture = image::imageops::blur(&picture, 1.5);
        picture
    };
    let one = scratched(3);
    let darker = |p: &GrayImage| GrayImage::from_fn(200, 200, |x, y| Luma([p.get_pixel(x, y)[0] / 2 + 20]));
    let pictures = [one.clone(), darker(&image::imageops::rotate90(&one)), scratched(50)];
    let mut records = Vec::new();
    for (n, picture) in pictures.iter().enumerate() {
        let path = room.0.path().join(format!("{n}.png"));
        picture.save(&path).unwrap();
        let mut head = testing::head();
        (head.ellipse, head.marks) = (Ellipse::circle(99.5, 99.5, 90.0), Vec::new());
        head.proposals.truncate(1);
        let record = PhotoRecord::of(&crate::photo::load(&path).unwrap(), "fake");
        records.push((PhotoRecord { heads: vec![head], ..record }, Values::new()));
    }
    Catalogue::open_or_create(&room.file()).unwrap().add(&records).unwrap();
    (room, records.into_iter().filter_map(|(r, _)| r.sha256).collect())
}

#[test]
fn one_case_photographed_twice_is_offered_and_never_merged_unasked() {
    let (room, photos) = photographed_twice();
    let served = room.serve("Ada");
    let page = Uuid::new_v4();
    let twice = || -> Value { serde_json::from_str(&served.get(&format!("/twice?page={page}")).1).unwrap() };
    // on a sheet the two are named, and entered as one case
    let sheet = served.ask_for(page, json!({"do": "look"}));
    let ids = on_sheet(&sheet);
    assert_eq!(twice()["pairs"], json!([[ids[0], ids[1]]]));
    let confirm = json!({"do": "confirm", "headstamp": "FC_LUGER_9MM", "heads": [ids[0], ids[2]], "out": [], "twice": [[ids[0], ids[1]]]});
    let came = served.ask_for(page, confirm);
    let counts = room.look().counts().unwrap();
    assert_eq!((counts.entries, counts.entered, came["waiting"].as_u64()), (2, 3, Some(0)), "{came}");
    served.ask_for(page, json!({"do": "undo"}));
    assert_eq!(room.look().counts().unwrap().pending, 3);
    // one by one: the other waits too, and both are entered at once
    let through = json!({"do": "through", "through": "heads", "order": "added"});
    served.ask_for(page, through.clone());
    let html = twice()["html"].as_str().unwrap().to_owned();
    assert!(html.contains("data-do=\"both\"") && html.matches("<li>").count() == 1, "{html}");
    let even = html.split("src=\"even/").nth(2).unwrap();
    let (status, _) = served.get(&format!("/even/{}", &even[..even.find('"').unwrap()]));
    assert_eq!(status, StatusCode::OK);
    let write = |also: Value| json!({"do": "write", "photo": photos[0], "head": 0, "headstamp": "FC_11", "also": also});
    served.ask_for(page, write(json!([ids[1]])));
    assert_eq!((room.entries(), room.look().counts().unwrap().pending), (1, 1));
    served.ask_for(page, json!({"do": "undo"}));
    // the other was entered before: it is the same case, or another one, which is remembered
    served.ask_for(page, write(json!([])));
    let html = twice()["html"].as_str().unwrap().to_owned();
    assert!(html.contains("data-do=\"same_case\"") && html.contains("FC_11"), "{html}");
    let two = json!({"do": "two_cases", "photo": photos[1], "head": 0, "other": ids[0]});
    assert_eq!(served.ask_for(page, two)["done"], true);
    assert_eq!(twice()["html"], "");
    let anew = room.serve("Bob");
    anew.ask_for(page, through);
    assert_eq!(anew.get(&format!("/twice?page={page}")).1, r#"{"html":"","pairs":[]}"#);
}

#[test]
fn what_is_written_into_a_photograph_is_text() {
    let room = Room(tempfile::tempdir().unwrap());
    let path = room.0.path().join("a.jpg");
    let comment = "ASCII\0\0\0<script>alert(1)</script> ../../x \u{202e}".to_owned() + &"y".repeat(10_000);
    std::fs::write(&path, with_comment(&jpeg(&noise(64, 64)), comment.as_bytes())).unwrap();
    let record = PhotoRecord::of(&crate::photo::load(&path).unwrap(), "fake");
    let sha256 = record.sha256.clone().unwrap();
    Catalogue::open_or_create(&room.file()).unwrap().add(&[(record, Values::new())]).unwrap();
    let served = room.serve("Ada");
    let (status, html) = served.get(&format!("/about/{sha256}"));
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("&lt;script&gt;alert(1)") && html.contains("\\u{202e}"), "{html}");
    assert!(!html.contains("<script>") && html.len() < 20_000);
    assert_eq!(served.get("/about/..%2f..%2fa.jpg").0, StatusCode::NOT_FOUND);
}

#[test]
fn controls_on_a_sheet_are_counted_and_never_entered() {
    let names = ["A_11", "B_12", "C_13", "D_14"].into_iter().chain(std::iter::repeat_n("LVE_86", 30));
    let room = Room::of(&names.collect::<Vec<_>>());
    let plain = room.serve("Ada");
    let first = Uuid::new_v4();
    for (n, text) in ["A_11", "B_12", "C_13", "D_14"].iter().enumerate() {
        plain.act(first, n, json!({"do": "write", "headstamp": text}));
    }
    let served = room.serve_with("Bob", 0.2, false);
    let page = Uuid::new_v4();
    let sheet = served.ask_for(page, json!({"do": "look"}));
    let all = on_sheet(&sheet);
    assert!(all.len() > 30, "{}", all.len());
    assert_eq!(on_sheet(&served.ask_for(page, json!({"do": "look"}))), all, "it is the same sheet");
    // the first of those that were planted is taken out, what else there is of them is let through
    let (planted, own): (Vec<i64>, Vec<i64>) = all.iter().partition(|id| **id <= 4);
    let heads: Vec<i64> = own.iter().chain(&planted[1..]).copied().collect();
    let came =
        served.ask_for(page, json!({"do": "confirm", "headstamp": "LVE_86", "heads": heads, "out": planted[..1]}));
    assert_eq!((came["decided"].as_u64(), came["waiting"].as_u64()), (Some(30), Some(0)), "{came}");
    assert_eq!(room.headstamps().iter().find(|h| h.0 == "LVE_86").unwrap().1, 30);
    assert!(room.look().unlike().unwrap().is_empty());
    let (_, told) = served.get(&format!("/summary?page={page}"));
    assert!(told.contains(&format!("1 / {}", planted.len())), "{told}");
}
