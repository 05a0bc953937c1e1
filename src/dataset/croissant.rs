//! Croissant metadata (MLCommons, version 1.0): the table of all heads and the pictures that it names.

use super::folder::Wanted;
use serde_json::{Value, json};

/// The metadata, for a table with these columns and this hash.
pub(super) fn metadata(wanted: &Wanted, columns: &[String], sha256: &str) -> String {
    let field = |name: &String| {
        let kind = match name.as_str() {
            "head" | "confirmed_together" | "quantity" => "sc:Integer",
            "legibility" => "sc:Float",
            _ => "sc:Text",
        };
        json!({
            "@type": "cr:Field", "@id": format!("heads/{name}"), "name": name, "dataType": kind,
            "source": {"fileObject": {"@id": "heads.csv"}, "extract": {"column": name}},
        })
    };
    let ending =
        if wanted.what == super::cut::What::Strips { ("**/*.png", "image/png") } else { ("**/*.jpg", "image/jpeg") };
    let whole = json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": wanted.title,
        "description": "Case heads with their headstamps, as people confirmed them.",
        "license": wanted.licence,
        "version": "1.0.0",
        "distribution": [
            {"@type": "cr:FileObject", "@id": "heads.csv", "name": "heads.csv", "contentUrl": "heads.csv",
             "encodingFormat": "text/csv", "sha256": sha256},
            {"@type": "cr:FileObject", "@id": "folder", "name": "folder", "contentUrl": "./",
             "encodingFormat": "git+https", "sha256": "main", "description": "The folder of the dataset."},
            {"@type": "cr:FileSet", "@id": "pictures", "name": "pictures", "containedIn": {"@id": "folder"},
             "encodingFormat": ending.1, "includes": ending.0},
        ],
        "recordSet": [
            {"@type": "cr:RecordSet", "@id": "heads", "name": "heads", "key": {"@id": "heads/file"},
             "field": columns.iter().map(field).collect::<Vec<_>>()},
        ],
    });
    format!("{whole:#}\n")
}

/// What the names mean, as the format prescribes it.
fn context() -> Value {
    json!({
        "@language": "en", "@vocab": "https://schema.org/",
        "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
        "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty", "examples": {"@id": "cr:examples", "@type": "@json"},
        "extract": "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
        "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset",
        "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
        "rai": "http://mlcommons.org/croissant/RAI/", "samplingRate": "cr:samplingRate", "recordSet": "cr:recordSet", "references": "cr:references",
        "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/",
        "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
    })
}
