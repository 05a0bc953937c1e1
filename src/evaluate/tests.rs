//! A labelled set from judging to figures and page.

use super::page::{About, Page, Pictures};
use super::*;
use crate::labels::Truth;
use crate::pictures::CROP;
use crate::reader::testing::head;
use crate::record::PhotoRecord;
use image::GrayImage;
use std::path::Path;

fn label(photo: &str, headstamp: &str) -> Label {
    let legible = !headstamp.is_empty();
    let (photo, headstamp) = (photo.to_owned(), headstamp.to_owned());
    Label { photo, x: 50.0, y: 40.0, r: 30.0, headstamp, country: String::new(), legible }
}

/// Everything that is read says `FC_LUGER_9MM`, with confidence 0.93.
fn judged(labels: &[Label]) -> Vec<Judged> {
    let record = |l: &Label| PhotoRecord { heads: vec![head()], ..PhotoRecord::named(Path::new(&l.photo), "fake") };
    labels.iter().map(|l| judge(&record(l), &[l])).collect()
}

#[test]
fn figures_follow_from_what_became_of_heads() {
    let names = ["FC_LUGER_9MM", "LUGER_9MM_FC", "FC_LUGBR_9MM", "FC_LUGBR_9MM", "WCC_89", ""];
    let labels: Vec<Label> = names.iter().enumerate().map(|(i, h)| label(&format!("{i}.jpg"), h)).collect();
    let summary = Summary::of(&judged(&labels), &Truth::default());
    let count = |kind| summary.kinds.iter().find(|k| k.0 == kind).unwrap().1;
    assert_eq!((count(Kind::Right), count(Kind::Confused), count(Kind::IllegibleProposed)), (2, 2, 1));
    assert_eq!(summary.kinds.iter().map(|k| k.1).sum::<usize>(), summary.score.heads);
    let c = &summary.confusions[0];
    assert_eq!((c.label.as_deref(), c.read.as_deref(), c.count, c.of), (Some("B"), Some("E"), 2, 2));
    let exact = summary.shares.iter().find(|s| s.name == "exact_first").unwrap();
    assert_eq!((exact.part, exact.whole, exact.cases), (2, 5, 3), "three headstamps, however often photographed");
    let r = summary.reliability.as_ref().unwrap();
    assert!(r.bins.len() == 1 && (r.calibration_error - 0.53).abs() < 1e-6, "{r:?}");
    let json = serde_json::to_value(&summary).unwrap();
    assert_eq!((&json["heads"], &json["kinds"]["right"]), (&6.into(), &2.into()));
    assert_eq!(json["by"]["size"][0]["legible"], 5);
    assert_eq!(
        (&json["labelled"][5]["photo"], &json["labelled"][5]["kind"]),
        (&"5.jpg".into(), &"illegible_proposed".into())
    );
    assert!(json["by"]["metal"].is_null(), "nothing is said where nothing is known");
}

#[test]
fn renders_are_broken_down_by_what_they_know() {
    let folder = tempfile::tempdir().unwrap();
    let line = |photo: &str, metal: &str, blur: f32| {
        format!(
            "{{\"photo\":\"{photo}\",\"blur\":{blur},\"heads\":[{{\"ellipse\":{{\"cx\":50,\"cy\":40,\"a\":30,\"b\":30,\
             \"angle_deg\":0}},\"metal\":\"{metal}\",\"marks\":[{{\"height\":0.2}}]}}]}}\n"
        )
    };
    let text = [line("0.jpg", "brushed", 0.1), line("1.jpg", "brushed", 3.0), line("2.jpg", "plain", 0.2)].concat();
    std::fs::write(folder.path().join("truth.jsonl"), text).unwrap();
    let truth = Truth::load(folder.path()).unwrap();
    assert_eq!(truth.photos().count(), 3);
    let labels = ["0.jpg", "1.jpg", "2.jpg"].map(|p| label(p, "FC_LUGER_9MM"));
    let by = Summary::of(&judged(&labels), &truth).by;
    let groups = |name: &str| by[name].iter().map(|g| (g.name.clone(), g.legible)).collect::<Vec<_>>();
    assert_eq!(groups("metal"), [("brushed".into(), 2), ("plain".into(), 1)]);
    assert_eq!(groups("focus").iter().map(|g| g.1).collect::<Vec<_>>(), [1, 1, 1]);
    assert!(!by.contains_key("layout"));
    std::fs::write(folder.path().join("truth.jsonl"), "{").unwrap();
    assert!(Truth::load(folder.path()).is_err());
}

/// Whatever labels and file names hold, it is text on the page.
#[test]
fn the_page_shows_every_head_and_lets_nothing_in() {
    let folder = tempfile::tempdir().unwrap();
    let labels = [label("<script>.jpg", "FC_<b>LUGER</b>_9MM"), label("b.jpg", "FC_LUGER_9MM")];
    let judged = judged(&labels);
    let mut page = Page::create(folder.path(), crate::output::Existing::Refuse).unwrap();
    let photo = GrayImage::from_pixel(100, 90, image::Luma([90]));
    for l in &labels {
        page.add(&l.photo, &Pictures::of(&photo, &[head()], &[l]).unwrap()).unwrap();
    }
    let about = About { labels: "\"><i>".into(), model: "m&m".into(), prior: true, interrupted: false };
    let path = page.finish(&judged, &Summary::of(&judged, &Truth::default()), &about).unwrap();
    let html = std::fs::read_to_string(path).unwrap();
    assert!(
        !html.contains("<script") && !html.contains("<b>LUGER") && !html.contains("\"><i>") && !html.contains("m&m")
    );
    assert!(html.contains("FC_&lt;b&gt;LUGER"));
    assert_eq!(html.matches("<article").count(), 2);
    for picture in html.split("src=\"").skip(1).filter_map(|s| s.split('"').next()) {
        let size = image::open(folder.path().join(picture)).unwrap().into_rgb8().dimensions();
        assert!(size.0 <= CROP || picture.contains("ring"), "{picture} {size:?}");
    }
    assert!(Page::fits(folder.path()), "an earlier page may be written over");
    std::fs::write(folder.path().join("index.html"), "mine").unwrap();
    assert!(!Page::fits(folder.path()) && Page::fits(&folder.path().join("new")));
}
