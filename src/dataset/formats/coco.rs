//! COCO: `annotations/instances_train.json` and so on. Of whole photographs the heads are annotated, of heads their marks.

use super::super::folder::{DatasetError, Folder};
use super::super::page::{HEAD, Page, pixels};
use super::super::split::Part;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn write(pages: &[Page], whole: bool, to: &mut Folder) -> Result<(), DatasetError> {
    let things = |page: &Page| if whole { page.heads() } else { page.marks() };
    // the same numbers in every part
    let mut classes: BTreeMap<String, usize> = pages.iter().flat_map(things).map(|t| (t.class, 0)).collect();
    classes.values_mut().zip(1..).for_each(|(number, n)| *number = n);
    let above = if whole { "object" } else { "mark" };
    let categories: Vec<Value> =
        classes.iter().map(|(name, id)| json!({"id": id, "name": name, "supercategory": above})).collect();
    for part in Part::ALL {
        let (mut images, mut annotations) = (Vec::new(), Vec::new());
        for page in pages.iter().filter(|p| p.part == part) {
            let image = images.len() + 1;
            images.push(json!({
                "id": image, "file_name": page.name(), "width": page.cut.width, "height": page.cut.height, "license": 1,
            }));
            for thing in things(page) {
                let bounds = thing.bounds.map(pixels);
                let outline: Vec<f64> = thing.corners.iter().flatten().map(|v| pixels(*v)).collect();
                let mut annotation = json!({
                    "id": annotations.len() + 1, "image_id": image, "category_id": classes[&thing.class],
                    "bbox": bounds, "area": pixels(thing.bounds[2] * thing.bounds[3]), "iscrowd": 0,
                    "segmentation": [outline],
                });
                if thing.class == HEAD {
                    annotation["headstamp"] = json!(thing.headstamp);
                }
                annotations.push(annotation);
            }
        }
        let whole = json!({
            "info": {"description": to.title(), "version": "1"}, "licenses": [{"id": 1, "name": to.licence(), "url": ""}],
            "images": images, "annotations": annotations, "categories": categories,
        });
        to.put(&format!("annotations/instances_{}.json", part.name()), whole.to_string().as_bytes())?;
    }
    Ok(())
}
