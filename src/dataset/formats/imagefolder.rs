//! Hugging Face `imagefolder`: `train/`, `validation/` and `test/`, each with `metadata.jsonl` that says of each picture what
//! is on it. Of whole photographs `objects` holds the heads, of heads the marks, with boxes as COCO has them.

use super::super::folder::{DatasetError, Folder};
use super::super::page::{Page, Thing, pixels};
use super::super::split::Part;
use crate::catalogue::Field;
use serde_json::{Value, json};

pub(super) fn write(pages: &[Page], whole: bool, to: &mut Folder) -> Result<(), DatasetError> {
    for part in Part::ALL {
        let mut lines = String::new();
        for page in pages.iter().filter(|p| p.part == part) {
            lines.push_str(&line(page, whole).to_string());
            lines.push('\n');
        }
        if !lines.is_empty() {
            to.put(&format!("{}/metadata.jsonl", part.name()), lines.as_bytes())?;
        }
    }
    Ok(())
}

fn line(page: &Page, whole: bool) -> Value {
    let things = if whole { page.heads() } else { page.marks() };
    let list = |of: &dyn Fn(&Thing) -> Value| -> Vec<Value> { things.iter().map(of).collect() };
    let mut objects = json!({
        "bbox": list(&|t| json!(t.bounds.map(pixels))),
        "category": list(&|t| json!(t.class)),
    });
    if whole {
        objects["headstamp"] = json!(list(&|t| json!(t.headstamp)));
        return json!({"file_name": page.name(), "objects": objects});
    }
    let Some(sample) = page.samples.first() else { return Value::Null };
    // a column has one type in every row
    let text = |field| sample.values.get(&field).map_or("", |v| v.text.as_str());
    json!({
        "file_name": page.name(), "headstamp": sample.headstamp, "variety": sample.variety, "case": sample.case,
        "country": text(Field::Country), "year": text(Field::Year), "calibre": text(Field::Calibre),
        "legibility": pixels(sample.head.legibility),
        "confirmed": sample.confirmed.map_or("", |c| c.way.name()),
        "objects": objects,
    })
}
