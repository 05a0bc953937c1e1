//! Routes asked directly: who is let in, what is decided, what is shown of hostile names.

use super::*;
use crate::catalogue::{Catalogue, Field, How, Value as Told, Values};
use crate::reader::testing;
use crate::record::{HeadRecord, PhotoRecord};
use crate::registry::Registry;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use image::{GrayImage, Luma};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

mod beside;

const PORT: u16 = 4711;
const NAMES: [&str; 3] = ["../../etc/<script>alert(1)</script>\u{202e}.jpg", "1.jpg", "2.jpg"];

struct Room(TempDir);

impl Room {
    /// Three heads that nothing puts together: one that is hostile, and two of which nothing is read.
    fn new() -> Self {
        Self::with(NAMES.iter().enumerate().map(|(n, name)| {
            let mut head = testing::head();
            if n == 0 {
                head.proposals[0].headstamp = format!("<b>{}</b>_{n}", "x".repeat(10_000));
            } else {
                head.proposals[0].headstamp = format!("{}_8{n}", ["", "PPU", "LVE"][n]);
            }
            (name.to_string(), vec![head], Values::new())
        }))
    }

    fn with(all: impl Iterator<Item = (String, Vec<HeadRecord>, Values)>) -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        let record = |(n, (name, heads, given)): (usize, (String, Vec<HeadRecord>, Values))| {
            let sha256 = Some(photo(n));
            (PhotoRecord { sha256, heads, ..PhotoRecord::named(Path::new(&name), "fake") }, given)
        };
        let all: Vec<_> = all.enumerate().map(record).collect();
        Catalogue::open_or_create(&room.file()).unwrap().add(&all).unwrap();
        room
    }

    /// Heads by what they are read as.
    fn of(headstamps: &[&str]) -> Self {
        Self::with(headstamps.iter().enumerate().map(|(n, text)| {
            let mut head = testing::head();
            head.proposals.truncate(1);
            head.proposals[0].headstamp = (*text).to_owned();
            (format!("{n}.jpg"), vec![head], Values::new())
        }))
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("a.catalogue")
    }

    fn serve(&self, who: &str) -> Served {
        self.serve_with(who, 0.0, false)
    }

    fn serve_with(&self, who: &str, controls: f32, blind: bool) -> Served {
        let registry = Arc::new(Registry::embedded());
        let reader: Option<Arc<Mutex<dyn crate::reader::ReadAt>>> = Some(Arc::new(Mutex::new(testing::Fake)));
        let serving =
            Serving { catalogue: self.file(), who: who.into(), registry, port: PORT, reader, controls, blind };
        let token = Token::new();
        Served { router: router(serving, token.clone()), token }
    }

    fn look(&self) -> Catalogue {
        Catalogue::open_to_read(&self.file()).unwrap()
    }

    fn entries(&self) -> u64 {
        self.look().counts().unwrap().entries
    }

    fn headstamps(&self) -> Vec<(String, u64)> {
        self.look().headstamp_counts().unwrap()
    }
}

fn photo(n: usize) -> String {
    format!("{n:064x}")
}

struct Served {
    router: axum::Router,
    token: Token,
}

impl Served {
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> (StatusCode, String) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap();
            assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
            let status = answer.status();
            let bytes = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
            (status, String::from_utf8_lossy(&bytes).into_owned())
        })
    }

    fn get(&self, path: &str) -> (StatusCode, String) {
        self.ask("GET", &format!("/{}{path}", self.token.text()), &[("host", "127.0.0.1:4711")], String::new())
    }

    /// What comes of an act on a head of a photograph.
    fn act(&self, page: Uuid, on: usize, what: Value) -> Value {
        let mut saw = json!({"photo": photo(on), "head": 0});
        saw.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        self.ask_for(page, saw)
    }

    fn ask_for(&self, page: Uuid, what: Value) -> Value {
        let mut body = json!({"page": page, "lang": "en"});
        body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        let headers =
            [("host", "127.0.0.1:4711"), ("origin", "http://127.0.0.1:4711"), ("content-type", "application/json")];
        let (status, text) = self.ask("POST", &format!("/{}/do", self.token.text()), &headers, body.to_string());
        assert_eq!(status, StatusCode::OK, "{text}");
        serde_json::from_str(&text).unwrap()
    }
}

fn html(came: &Value) -> &str {
    came["html"].as_str().unwrap()
}

/// The numbers of the heads on a sheet, in their order.
fn on_sheet(came: &Value) -> Vec<i64> {
    html(came).split("data-id=\"").skip(1).map(|rest| rest[..rest.find('"').unwrap()].parse().unwrap()).collect()
}

#[test]
fn only_the_page_itself_is_let_in() {
    let room = Room::new();
    let served = room.serve("Ada");
    let path = format!("/{}/", served.token.text());
    let host = ("host", "127.0.0.1:4711");
    let ask = |path: &str, headers: &[(&str, &str)]| served.ask("GET", path, headers, String::new()).0;
    assert_eq!(ask(&path, &[host]), StatusCode::OK);
    assert_eq!(ask(&path, &[host, ("origin", "http://localhost:4711")]), StatusCode::OK);
    for bad in ["/", "/0/", "//", "/assets/page.js"] {
        assert_eq!(ask(bad, &[host]), StatusCode::FORBIDDEN, "no token: {bad}");
    }
    for bad in ["evil.example:4711", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:4711.evil.example"] {
        assert_eq!(ask(&path, &[("host", bad)]), StatusCode::FORBIDDEN, "{bad}");
    }
    assert_eq!(ask(&path, &[]), StatusCode::FORBIDDEN, "no host");
    assert_eq!(ask(&path, &[host, host]), StatusCode::FORBIDDEN, "two hosts");
    for bad in ["http://evil.example", "null", "https://127.0.0.1:4711", "http://127.0.0.1:4712"] {
        assert_eq!(ask(&path, &[host, ("origin", bad)]), StatusCode::FORBIDDEN, "{bad}");
    }
    assert_eq!(ask(&path, &[host, ("sec-fetch-site", "cross-site")]), StatusCode::FORBIDDEN);
}

#[test]
fn no_path_but_those_of_the_worklist_is_served() {
    let room = Room::new();
    std::fs::write(room.0.path().join("secret"), "secret").unwrap();
    let served = room.serve("Ada");
    for bad in [
        "/../secret",
        "/assets/../../secret",
        "/assets/..%2f..%2fsecret",
        "/picture/../0/photo",
        "/picture/%2fetc%2fpasswd/0/photo",
        "/picture/..%2f..%2fsecret/0/photo",
        "/nothing",
        "/assets/%00",
        "/photograph/..%2f..%2fsecret",
        "/photograph/secret",
    ] {
        let (status, text) = served.get(bad);
        assert!(status == StatusCode::NOT_FOUND && !text.contains("root:"), "{bad}: {status} {text}");
    }
    // what is in the worklist and is not there as a file is told, and ends nothing
    assert_eq!(served.get(&format!("/picture/{:064x}/0/photo", 1)).0, StatusCode::NOT_FOUND);
}

#[test]
fn hostile_names_and_headstamps_are_text() {
    let room = Room::new();
    let served = room.serve("Ada");
    for lang in ["en", "fr", "ar"] {
        let (status, html) = served.get(&format!("/?lang={lang}"));
        assert_eq!(status, StatusCode::OK);
        assert!(!html.contains("<script>alert") && !html.contains("<b>x") && !html.contains('\u{202e}'));
        assert!(html.contains("../../etc/&lt;script&gt;") && html.contains("\\u{202e}"));
        assert_eq!(html.contains("dir=\"rtl\""), lang == "ar");
    }
}

#[test]
fn each_answer_is_on_the_disk_before_the_page_moves() {
    let room = Room::new();
    let served = room.serve("Ada");
    let page = Uuid::new_v4();
    let came = served.act(page, 0, json!({"do": "illegible"}));
    assert!(html(&came).contains("1.jpg") && room.entries() == 1, "{came}");
    let came = served.act(page, 1, json!({"do": "write", "headstamp": "["}));
    assert!(came["done"] == false && html(&came).contains("1.jpg"), "{came}");
    served.act(page, 1, json!({"do": "say", "field": "calibre", "text": "9x19", "all": false}));
    let came = served.act(page, 1, json!({"do": "write", "headstamp": "PPU_81"}));
    assert_eq!((came["waiting"].as_u64(), came["decided"].as_u64()), (Some(1), Some(2)));
    // a calibre that was said of one case is not said of the next
    assert!(!html(&came).contains("checked"), "{came}");
    // after a restart: another server, another token, and a page nobody knows
    let served = room.serve("Ada");
    let came = served.act(page, 2, json!({"do": "undo"}));
    assert!(html(&came).contains("1.jpg") && room.entries() == 1, "{came}");
    assert_eq!(served.act(page, 1, json!({"do": "not_a_head"}))["done"], true);
    let came = served.act(page, 2, json!({"do": "write", "headstamp": "FC_11"}));
    assert_eq!((came["waiting"].as_u64(), room.entries()), (Some(0), 2));
    assert!(html(&came).contains("All heads are decided"));
}

#[test]
fn what_comes_next_is_sent_beforehand_and_once() {
    let room = Room::new();
    let served = room.serve("Ada");
    let page = Uuid::new_v4();
    served.ask_for(page, json!({"do": "look"}));
    let ahead = || serde_json::from_str::<Value>(&served.get(&format!("/ahead?page={page}&lang=en")).1).unwrap();
    let next = ahead();
    assert!(html(&next).contains("1.jpg"), "{next}");
    let came = served.act(page, 0, json!({"do": "illegible", "known": next["known"]}));
    assert!(came["done"] == true && came["html"].is_null(), "{came}");
    // what is decided may change what comes: then it is sent as it is now
    let next = ahead();
    let came = served.act(page, 1, json!({"do": "write", "headstamp": "LVE_82", "known": next["known"]}));
    assert!(html(&came).contains("2.jpg") && html(&came) != html(&next), "{came}");
    assert!(ahead().is_null());
}

#[test]
fn the_later_of_two_pages_sees_what_happened() {
    let room = Room::new();
    let (ada, bob) = (room.serve("Ada"), room.serve("Bob"));
    let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
    // Bob's page has the head on its desk before Ada decides
    assert_eq!(bob.act(second, 0, json!({"do": "say", "field": "notes", "text": "worn", "all": false}))["done"], true);
    ada.act(first, 0, json!({"do": "write", "headstamp": "A_1"}));
    let later = bob.act(second, 0, json!({"do": "write", "headstamp": "B_1"}));
    assert!(later["said"].as_str().unwrap().contains("(Ada)"), "{later}");
    // a page that shows what is decided by now decides nothing
    let stale = ada.act(Uuid::new_v4(), 0, json!({"do": "illegible"}));
    assert_eq!((stale["done"].as_bool(), room.entries()), (Some(false), 1));
    // the contradiction is listed, and settled
    let page = Uuid::new_v4();
    let through = json!({"do": "through", "through": "conflicts", "order": "added"});
    let came = ada.ask_for(page, through);
    assert!(html(&came).contains("A_1") && html(&came).contains("B_1") && came["waiting"] == 1, "{came}");
    let came = ada.ask_for(page, json!({"do": "settle", "kept": false}));
    assert_eq!((came["waiting"].as_u64(), room.headstamps()), (Some(0), vec![("B_1".into(), 1)]));
}

/// The entry that is doubted on a page.
fn doubted(came: &Value) -> Option<Uuid> {
    let at = html(came).split("class=\"doubt\" data-case=\"").nth(1)?;
    Some(at[..36].parse().unwrap())
}

#[test]
fn entries_that_are_likely_wrong_are_confirmed_put_right_or_dismissed() {
    let room = Room::of(&["FC_LUGER_9MM"; 6]);
    let served = room.serve("Ada");
    let page = Uuid::new_v4();
    let came = served.ask_for(page, json!({"do": "look"}));
    let heads = on_sheet(&came);
    // what the marks read is what is entered, but for two
    for (n, headstamp) in
        ["FC_LUGER_9MM", "FC_LUGER_9MM", "WIN_5_56", "FC_LUGER_9MM", "FC_LUGER_9MM", "RP_45_ACP"].iter().enumerate()
    {
        served.ask_for(page, json!({"do": "open", "id": heads[n]}));
        served.act(page, n, json!({"do": "write", "headstamp": headstamp}));
    }
    assert_eq!(room.entries(), 6);
    let through = json!({"do": "through", "through": "doubtful", "order": "added"});
    let came = served.ask_for(page, through.clone());
    assert_eq!(came["waiting"].as_u64(), Some(2), "{came}");
    let first = doubted(&came).unwrap();
    assert!(html(&came).contains("data-do=\"dismiss\"") && html(&came).contains("the marks do not fit"), "{came}");
    // it is asked for by what is wrong, and nothing is done
    let bad = json!({"do": "doubt", "case": first, "says": {"correct": {"country": "nowhere"}}});
    assert_eq!(served.ask_for(page, bad)["done"].as_bool(), Some(false));
    let right = json!({"do": "doubt", "case": first, "says": {"correct": {"headstamp": "FC_LUGER_9MM"}}});
    let came = served.ask_for(page, right.clone());
    assert_eq!((came["done"].as_bool(), came["waiting"].as_u64()), (Some(true), Some(1)), "{came}");
    assert_eq!(room.headstamps().iter().find(|h| h.0 == "FC_LUGER_9MM").map(|h| h.1), Some(5));
    // another page that still shows it does not settle it twice
    assert_eq!(served.ask_for(page, right)["done"].as_bool(), Some(false));
    let second = doubted(&served.ask_for(page, through.clone())).unwrap();
    let came = served.ask_for(page, json!({"do": "doubt", "case": second, "says": "dismiss"}));
    assert!(
        came["done"] == true && doubted(&came).is_none() && html(&came).contains("No entry is likely wrong"),
        "{came}"
    );
    assert!(doubted(&served.ask_for(Uuid::new_v4(), through.clone())).is_none(), "dismissed for good");
    // taken back, it is doubted again
    let came = served.ask_for(page, json!({"do": "undo"}));
    assert_eq!(doubted(&came), Some(second), "{came}");
    let came = served.ask_for(page, json!({"do": "doubt", "case": second, "says": "later"}));
    assert!(doubted(&came).is_none() && doubted(&served.ask_for(page, through)).is_some(), "later is not for good");
}

#[test]
fn a_sheet_is_confirmed_with_exceptions_and_taken_back_whole() {
    let room = Room::of(&["LVE_86", "LVE_86", "PPU_81", "LVE_86", "LVE_86", "PPU_81"]);
    let served = room.serve("Ada");
    let page = Uuid::new_v4();
    let came = served.ask_for(page, json!({"do": "look"}));
    let heads = on_sheet(&came);
    assert!(heads.len() == 4 && html(&came).contains("data-headstamp=\"LVE_86\""), "{came}");
    let confirm =
        json!({"do": "confirm", "headstamp": "LVE_86", "calibre": "7.62x39", "heads": heads[..3], "out": heads[3..]});
    let came = served.ask_for(page, confirm);
    assert_eq!((came["decided"].as_u64(), on_sheet(&came).len()), (Some(3), 2), "{came}");
    assert_eq!(room.headstamps(), [("LVE_86".into(), 3)]);
    let mut calibres = Vec::new();
    room.look()
        .entries(|e| {
            calibres.push(e.values[&Field::Calibre].text.clone());
            Ok::<_, crate::catalogue::CatalogueError>(())
        })
        .unwrap();
    assert_eq!(calibres, ["7.62x39"; 3]);
    // the other sheet is left; what was taken out stands alone, and its headstamp is not proposed first any more by others
    let came = served.ask_for(page, json!({"do": "later", "heads": on_sheet(&came)}));
    assert!(on_sheet(&came).is_empty() && html(&came).contains("class=\"head\""), "{came}");
    // one undo takes the whole sheet back, also for a page that was opened anew; what differs stays remembered
    let came = served.ask_for(Uuid::new_v4(), json!({"do": "undo"}));
    assert_eq!((room.entries(), on_sheet(&came)), (0, heads[..3].to_vec()), "{came}");
    // what somebody else decided meanwhile is on no sheet
    let bob = room.serve("Bob");
    bob.act(Uuid::new_v4(), 0, json!({"do": "illegible"}));
    let came = served.ask_for(page, json!({"do": "confirm", "headstamp": "LVE_86", "heads": heads[..3], "out": []}));
    assert!(came["said"].as_str().unwrap().contains("by somebody else"), "{came}");
    assert_eq!(room.headstamps(), [("LVE_86".into(), 2), ("not legible".into(), 1)]);
}

#[test]
fn a_head_is_read_where_two_clicks_say_that_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tray.png");
    GrayImage::from_pixel(3200, 1000, Luma([90])).save(&path).unwrap();
    let loaded = crate::photo::load(&path).unwrap();
    let record = |heads| PhotoRecord { heads, ..PhotoRecord::of(&loaded, "fake 1") };
    for with_head in [true, false] {
        let room = Room(tempfile::tempdir().unwrap());
        let given = Values::from([(Field::Site, Told { text: "Kidal".into(), how: How::Told, by: "A".into() })]);
        let heads = if with_head { vec![testing::head()] } else { Vec::new() };
        Catalogue::open_or_create(&room.file()).unwrap().add(&[(record(heads), given)]).unwrap();
        let served = room.serve("Ada");
        let page = Uuid::new_v4();
        let head = with_head.then_some(0);
        // the picture that is clicked is half as wide
        let fit = |missed: bool, x: f32, radius: f32| {
            served.ask_for(
                page,
                json!({"do": "fit", "photo": loaded.sha256, "head": head, "centre": [x, 200.0],
                "radius": radius, "width": 1600.0, "missed": missed}),
            )
        };
        for (x, radius) in [(-10.0, 50.0), (100.0, 1.0), (100.0, 1e9), (f32::MAX, 5.0)] {
            assert_eq!(fit(false, x, radius)["done"], false, "{x} {radius}");
        }
        let came = fit(false, 700.0, 120.0);
        assert!(came["done"] == true && html(&came).contains("FC_LUGER_9MM"), "{came}");
        let came = fit(true, 300.0, 120.0);
        assert_eq!((came["done"].as_bool(), came["waiting"].as_u64()), (Some(true), Some(2)), "{came}");
        let came =
            served.ask_for(page, json!({"do": "write", "photo": loaded.sha256, "head": 1, "headstamp": "FC_11"}));
        assert_eq!(came["done"], true, "{came}");
        let catalogue = room.look();
        let item = catalogue.next_item(0).unwrap().unwrap();
        assert_eq!((item.head.ellipse.cx, item.head.ellipse.a, item.place.head), (1400.0, 240.0, Some(0)));
        assert_eq!((item.model.as_str(), item.head.fitted.unwrap().by.as_str()), ("fake 2", "Ada"));
        assert_eq!(item.given[&Field::Site].text, "Kidal");
        // the decision says where the head was that was shown
        let decided = catalogue.undoable(1).unwrap().remove(0);
        assert_eq!(decided.shown.unwrap().rim.unwrap().cx, 600.0);
        assert_eq!(catalogue.counts().unwrap().without_heads, 0);
        // what is decided is not read again
        let came = served.ask_for(
            page,
            json!({"do": "fit", "photo": loaded.sha256, "head": 1, "centre": [500, 200],
            "radius": 100, "width": 1600, "missed": false}),
        );
        assert_eq!(came["done"], false, "{came}");
        // the pictures are there
        assert_eq!(served.get(&format!("/photograph/{}", loaded.sha256)).0, StatusCode::OK);
        for kind in ["photo", "turned", "small", "strip"] {
            assert_eq!(served.get(&format!("/picture/{}/0/{kind}", loaded.sha256)).0, StatusCode::OK, "{kind}");
        }
    }
}

#[test]
fn what_is_gone_through_can_be_chosen() {
    let room = Room::of(&["A_1", "B_22", "C_333"]);
    let served = room.serve("Ada");
    let page = Uuid::new_v4();
    served.act(page, 1, json!({"do": "write", "headstamp": "B_22"}));
    let through = |state: &str, order: &str, country: &str| {
        let what = json!({"do": "through", "through": "heads", "order": order, "state": state, "country": country});
        served.ask_for(page, what)
    };
    assert!(html(&through("entered", "added", "")).contains("1.jpg"));
    // what is entered is looked at; it is not entered twice
    assert_eq!(served.act(page, 1, json!({"do": "write", "headstamp": "B_23"}))["done"], false);
    assert!(html(&through("pending", "file", "")).contains("0.jpg"));
    assert!(html(&through("pending", "added", "QQ")).contains("All heads are decided"));
}

#[test]
fn controls_are_mixed_in_and_never_entered() {
    let names: Vec<String> = (0..40).map(|n| format!("A{n}_8{}", n % 10)).collect();
    let room = Room::of(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let served = room.serve_with("Ada", 0.5, false);
    let page = Uuid::new_v4();
    let (mut looked, mut on) = (0, served.ask_for(page, json!({"do": "look"})));
    while !html(&on).contains("All heads are decided") {
        looked += 1;
        assert!(looked < 400);
        let find = |name: &str| {
            let rest = html(&on).split(name).nth(1).unwrap();
            rest[..rest.find('"').unwrap()].to_owned()
        };
        let seen = find("data-photo=\"");
        let right = &names[usize::from_str_radix(&seen, 16).unwrap()];
        on = served.ask_for(page, json!({"do": "write", "photo": seen, "head": 0, "headstamp": right}));
        assert_eq!(on["done"], true, "{on}");
    }
    assert!(looked > 45 && room.entries() == 40, "{looked}");
    let (_, told) = served.get(&format!("/summary?page={page}"));
    assert!(told.contains("Planted wrong proposals caught"), "{told}");
    // a second person, blind: nothing is entered, and agreement is told
    let second = room.serve_with("Bob", 0.0, true);
    let page = Uuid::new_v4();
    let came = second.ask_for(page, json!({"do": "look"}));
    assert!(html(&came).contains("A0_80"), "{came}");
    second.act(page, 0, json!({"do": "write", "headstamp": "A0_80"}));
    second.act(page, 1, json!({"do": "write", "headstamp": "X_1"}));
    let (_, told) = second.get(&format!("/summary?page={page}"));
    assert!(told.contains("1 / 2") && room.entries() == 40, "{told}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_can_be_looked_at() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    drop(Catalogue::open(&room.file()).unwrap());
    let mode = |file, folder| {
        std::fs::set_permissions(room.file(), PermissionsExt::from_mode(file)).unwrap();
        std::fs::set_permissions(room.0.path(), PermissionsExt::from_mode(folder)).unwrap();
    };
    mode(0o444, 0o555);
    // whoever may write everything, as root may, cannot see this
    let denied = std::fs::write(room.0.path().join("try"), "").is_err();
    if denied {
        let served = room.serve("Ada");
        assert!(served.get("/").1.contains("1.jpg") || served.get("/").0 == StatusCode::OK);
        let came = served.act(Uuid::new_v4(), 0, json!({"do": "illegible"}));
        assert_eq!(came["done"], false, "{came}");
    }
    mode(0o644, 0o755);
    assert_eq!(room.entries(), 0);
}
