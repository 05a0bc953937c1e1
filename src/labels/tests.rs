//! What is written is read again, and what is no label is refused.

use super::*;
use crate::ellipse::Ellipse;
use proptest::prelude::*;

fn mark() -> impl Strategy<Value = MarkTruth> {
    ("[A-Z0-9⊕•]", prop::array::uniform7(-1e4f32..1e4)).prop_map(|(text, n)| MarkTruth {
        text,
        x: n[0],
        y: n[1],
        turn_deg: n[2],
        height: n[3],
        width: n[4],
        shown: n[5],
        blur: n[6],
    })
}

fn head() -> impl Strategy<Value = HeadTruth> {
    let word = || prop::option::of("[a-z, ]{0,12}");
    let marks = prop::collection::vec(mark(), 0..3);
    let place = (-99f32..9999.0, -99f32..9999.0, 1f32..999.0);
    (place, "\\PC{0,12}", any::<bool>(), word(), word(), marks).prop_map(
        |((x, y, r), headstamp, legible, metal, layout, marks)| HeadTruth {
            ellipse: Ellipse::circle(x, y, r),
            headstamp,
            legible,
            metal,
            layout,
            marks,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(heads in prop::collection::vec(head(), 0..4), blur in prop::option::of(0f32..9.0)) {
        let folder = tempfile::tempdir().unwrap();
        let photo = PhotoTruth {
            photo: "a, \"b\".jpg".into(), seed: Some(1), index: None, width: Some(640), height: Some(480), blur, heads,
        };
        let mut writer = Writer::create(folder.path()).unwrap();
        writer.write(&photo).unwrap();
        writer.finish().unwrap();
        let truth = Truth::load(folder.path()).unwrap();
        prop_assert_eq!(truth.photos().collect::<Vec<_>>(), ["a, \"b\".jpg"]);
        let labels = load(&folder.path().join(LABELS), None).unwrap();
        prop_assert_eq!(labels.len(), photo.heads.len());
        for (label, head) in labels.iter().zip(&photo.heads) {
            prop_assert_eq!((label.headstamp.as_str(), label.legible), (head.headstamp.trim(), head.legible));
            prop_assert!((label.x - head.ellipse.cx).abs() < 0.06 && (label.r - head.ellipse.a).abs() < 0.06);
        }
        if let [label] = &labels[..] {
            prop_assert_eq!(truth.of(label).map(|t| t.0), photo.heads.first());
        }
    }
}

#[test]
fn what_is_no_label_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let load = |row: &str| {
        let path = folder.path().join(LABELS);
        std::fs::write(&path, format!("photo,x,y,r,headstamp,legible,by\n{row}\n")).unwrap();
        load(&path, None).map_err(|e| e.to_string())
    };
    let label = load("a.jpg,1,2,3,FN_77,1,Ada").unwrap().remove(0);
    assert_eq!((label.headstamp.as_str(), label.country.as_str(), label.legible), ("FN_77", "", true));
    for (row, said) in [
        ("a.jpg,1,2,x,FN_77,1,Ada", "row 2, column `r`: `x` is no number"),
        ("a.jpg,1,2,3,FN_77,2,Ada", "legible is 1 or 0, not 2"),
    ] {
        let error = load(row).unwrap_err();
        assert!(error.contains(said) && error.contains("the columns are photo,x,y,r,headstamp"), "{error}");
    }
    std::fs::write(folder.path().join(TRUTH), "{\"photo\":\"a.jpg\",\"heads\":[]}\n{").unwrap();
    assert!(Truth::load(folder.path()).unwrap_err().to_string().contains("line 2"));
}

#[test]
fn how_marks_stand_is_told_in_a_word() {
    assert_eq!(layout(&[2.0, -359.0, 3.0]), "tops outward");
    assert_eq!(layout(&[0.0, 178.0, -175.0]), "upper half outward, lower inward");
    assert_eq!(layout(&[90.0, 88.0]), "along the radius");
    assert_eq!(layout(&[40.0, 45.0, 50.0]), "each turned alike");
    assert_eq!(layout(&[-10.0, 40.0, 130.0]), "upright lines");
}
