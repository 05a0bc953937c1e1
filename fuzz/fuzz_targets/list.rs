//! Any bytes as a list: a table, JSON Lines, what is known of photographs. The first byte says how it is to be read.
#![no_main]

use headstamp::catalogue::listed::{Form, Reader};
use headstamp::catalogue::told::{self, Told};
use headstamp::list::{Options, charset};
use headstamp::photo::Named;
use headstamp::registry::Registry;
use std::sync::LazyLock;

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::embedded);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((how, list)) = bytes.split_first() else { return };
    let options = Options {
        separator: [None, Some(b','), Some(b';'), Some(b'\t')][usize::from(how & 3)],
        charset: [None, charset("windows-1252").ok(), charset("utf-16le").ok(), None][usize::from(how >> 2 & 3)],
        map: if how & 16 == 0 { vec![] } else { vec![("stamp".into(), "headstamp".into())] },
        keep_columns: how & 32 != 0,
        without_flags: false,
    };
    let form = if how & 64 == 0 { Form::Table } else { Form::Lines };
    let reader =
        Reader { list: "l.csv", who: "Ada", options: &options, registry: &REGISTRY, photos: None, apart: None };
    if let Ok(rows) = reader.read(form, list) {
        let mut last = 0;
        for row in rows {
            assert!(row.number >= last, "rows go on");
            last = row.number;
            if let Ok(entry) = row.entry {
                assert!(!entry.values.is_empty());
            }
        }
    }
    let reader = told::Reader { list: "l.csv", who: "Ada", options: &options, registry: &REGISTRY };
    let photos = Named::hashed([("a/b.jpg".into(), None), ("a/c.jpg".into(), None)]);
    let _ = Told::default().read(list, &photos, reader);
});
