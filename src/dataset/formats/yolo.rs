//! YOLO, as Ultralytics reads it: beside each picture of `images/` a text of `labels/` with a line for each box, `class centre-x
//! centre-y width height` in shares of the picture, and `data.yaml`.

use super::super::folder::{DatasetError, Folder};
use super::super::page::Page;
use super::super::split::Part;
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(super) fn write(pages: &[Page], whole: bool, to: &mut Folder) -> Result<(), DatasetError> {
    let things = |page: &Page| if whole { page.heads() } else { page.marks() };
    let classes: BTreeSet<String> = pages.iter().flat_map(things).map(|t| t.class).collect();
    let classes: Vec<String> = classes.into_iter().collect();
    for page in pages {
        let mut lines = String::new();
        for thing in things(page) {
            let class = classes.binary_search(&thing.class).unwrap_or_default();
            let [x, y, w, h] = thing.bounds;
            let (width, height) = (page.cut.width.max(1) as f32, page.cut.height.max(1) as f32);
            let numbers = [(x + w / 2.0) / width, (y + h / 2.0) / height, w / width, h / height];
            let [x, y, w, h] = numbers.map(|v| v.clamp(0.0, 1.0));
            // writing to a text does not fail
            let _ = writeln!(lines, "{class} {x:.6} {y:.6} {w:.6} {h:.6}");
        }
        let stem = page.name().rsplit_once('.').map_or(page.name(), |(stem, _)| stem);
        to.put(&format!("labels/{}/{stem}.txt", page.part.name()), lines.as_bytes())?;
    }
    let mut yaml = String::from("# paths are from the folder of this file\n");
    for (key, part) in [("train", Part::Train), ("val", Part::Validation), ("test", Part::Test)] {
        let _ = writeln!(yaml, "{key}: images/{}", part.name());
    }
    yaml.push_str("names:\n");
    for (n, class) in classes.iter().enumerate() {
        // a JSON text is a YAML text
        let _ = writeln!(yaml, "  {n}: {}", serde_json::Value::from(class.as_str()));
    }
    to.put("data.yaml", yaml.as_bytes())
}
