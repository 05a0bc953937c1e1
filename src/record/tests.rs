use super::*;
use crate::reader::testing::head;
use serde_json::{Value, json};

/// The example of the documented format, as a program would write it.
#[test]
fn the_json_is_the_promised_one() {
    let mut record = PhotoRecord::named(Path::new("photos/a.jpg"), "m1");
    record.sha256 = Some("00".into());
    (record.width, record.height) = (Some(3024), Some(4032));
    record.captured_at = Some("2021-05-18T13:58:00".into());
    record.millis = 92.4321;
    record.heads = vec![head()];
    let got: Value = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
    let want = json!({
        "schema": 1, "photo": "photos/a.jpg", "sha256": "00", "width": 3024, "height": 4032,
        "captured_at": "2021-05-18T13:58:00", "model": "m1", "millis": 92.4, "error": null,
        "heads": [{
            "ellipse": {"cx": 50.0, "cy": 40.0, "a": 30.0, "b": 30.0, "angle_deg": 0.0},
            "legibility": 0.94, "reason": null,
            "marks": [{"text": "F", "direction": "outward", "turn_deg": 1.5, "clock_deg": 12.5, "radius": 0.72,
                       "confidence": 0.99, "alternatives": [["P", 0.01]],
                       "box": got["heads"][0]["marks"][0]["box"]}],
            "proposals": [{"headstamp": "FC_LUGER_9MM", "confidence": 0.93,
                "countries": [{"iso2": "US", "name": "United States", "state_at_time": "United States",
                               "confidence": 0.95, "factory": "Federal Cartridge Co.", "code": "FC", "source": "a book"}],
                "year": {"value": null, "stamped": null, "absent": true},
                "calibre": {"value": "9x19", "evidence": "9MM LUGER"}}]}]});
    assert_eq!(got, want);
    let back: PhotoRecord = serde_json::from_value(got).unwrap();
    assert_eq!(back.heads[0].proposals, record.heads[0].proposals);
}

#[test]
fn a_failure_empties_the_heads_and_keeps_the_hash() {
    let mut record = PhotoRecord::named(Path::new("a.jpg"), "m1");
    record.heads = vec![head()];
    let mut error = PhotoError::new(Path::new("a.jpg"), Stage::Decode, "cut short");
    error.sha256 = Some("ff".into());
    record.fail(&error);
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(json["error"], json!({"stage": "decode", "message": "cut short"}));
    assert_eq!((&json["heads"], &json["sha256"]), (&json!([]), &json!("ff")));
}

/// An upright mark at the top of a circle: its box is upright as well, and as large as the mark.
#[test]
fn boxes_stand_as_the_character_does() {
    let mark = Mark {
        text: "A",
        turn_deg: 0.0,
        clock_deg: 0.0,
        radius: 0.7,
        height: 0.2,
        width: 0.1,
        presence: 1.0,
        confidence: 1.0,
        alternatives: vec![],
        ..Mark::default()
    };
    let head = Ellipse::circle(100.0, 100.0, 50.0);
    let near = |got: [[f32; 2]; 4], want: [[f32; 2]; 4]| {
        assert!(got.iter().flatten().zip(want.iter().flatten()).all(|(g, w)| (g - w).abs() < 1e-3), "{got:?} {want:?}");
    };
    near(MarkRecord::new(&mark, &head).corners, [[97.5, 60.0], [102.5, 60.0], [102.5, 70.0], [97.5, 70.0]]);
    // Turned to the right by a quarter, its top left corner is top right.
    let turned = Mark { turn_deg: 90.0, ..mark };
    near(MarkRecord::new(&turned, &head).corners, [[105.0, 62.5], [105.0, 67.5], [95.0, 67.5], [95.0, 62.5]]);
}

#[test]
fn numbers_that_are_none_do_not_break_a_line() {
    let mut head = head();
    head.legibility = f32::NAN;
    assert!(serde_json::to_string(&head).unwrap().contains("\"legibility\":null"));
}
