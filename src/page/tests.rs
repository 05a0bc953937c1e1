//! Routes asked directly: who is let in, what is decided, what is shown of hostile names.

use super::*;
use crate::catalogue::{Catalogue, Values};
use crate::reader::testing;
use crate::record::PhotoRecord;
use crate::registry::Registry;
use crate::review::Queue;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::path::PathBuf;
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

const PORT: u16 = 4711;
const NAMES: [&str; 3] = ["../../etc/<script>alert(1)</script>\u{202e}.jpg", "1.jpg", "2.jpg"];

struct Room(TempDir);

impl Room {
    fn new() -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        let record = |(n, name): (usize, &&str)| {
            let mut head = testing::head();
            head.proposals[0].headstamp = format!("<b>{}</b>_{n}", "x".repeat(10_000));
            if n > 0 {
                head = testing::head();
            }
            PhotoRecord {
                sha256: Some(format!("{n:064x}")),
                heads: vec![head],
                ..PhotoRecord::named(Path::new(name), "fake")
            }
        };
        let all: Vec<_> = NAMES.iter().enumerate().map(record).map(|r| (r, Values::new())).collect();
        Catalogue::open_or_create(&room.file()).unwrap().add(&all).unwrap();
        room
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("a.catalogue")
    }

    fn serve(&self, who: &str) -> Served {
        let registry = Arc::new(Registry::embedded());
        let serving = Serving { catalogue: self.file(), who: who.into(), registry, queue: Queue::Heads, port: PORT };
        let token = Token::new();
        Served { router: router(serving, token.clone()), token }
    }

    fn entries(&self) -> u64 {
        Catalogue::open_to_read(&self.file()).unwrap().counts().unwrap().entries
    }
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

    fn act(&self, desk: Uuid, photo: usize, what: Value) -> Value {
        let mut body = json!({"desk": desk, "lang": "en", "photo": format!("{photo:064x}"), "head": 0});
        body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        let headers =
            [("host", "127.0.0.1:4711"), ("origin", "http://127.0.0.1:4711"), ("content-type", "application/json")];
        let (status, text) = self.ask("POST", &format!("/{}/do", self.token.text()), &headers, body.to_string());
        assert_eq!(status, StatusCode::OK, "{text}");
        serde_json::from_str(&text).unwrap()
    }
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
    let desk = Uuid::new_v4();
    let came = served.act(desk, 0, json!({"do": "illegible"}));
    assert!(came["html"].as_str().unwrap().contains("1.jpg") && room.entries() == 1, "{came}");
    let came = served.act(desk, 1, json!({"do": "write", "headstamp": "["}));
    assert!(came["done"] == false && came["html"].as_str().unwrap().contains("1.jpg"), "{came}");
    served.act(desk, 1, json!({"do": "say", "field": "calibre", "text": "9x19", "all": false}));
    assert_eq!(served.act(desk, 1, json!({"do": "proposal", "rank": 0}))["waiting"], 1);
    // after a restart: another server, another token, and a desk nobody knows
    let served = room.serve("Ada");
    let came = served.act(desk, 2, json!({"do": "undo"}));
    assert!(came["html"].as_str().unwrap().contains("1.jpg") && room.entries() == 1, "{came}");
    assert_eq!(served.act(desk, 1, json!({"do": "not_a_head"}))["done"], true);
    let came = served.act(desk, 2, json!({"do": "write", "headstamp": "FC_11"}));
    assert_eq!((came["waiting"].as_u64(), room.entries()), (Some(0), 2));
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
}
