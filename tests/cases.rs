//! What people bring that once failed, and the test that makes inputs of its own for each.
//!
//! The list beside the project, where it is there, is held against this one: what is new on it needs a test.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

/// An input as the list names it, the file of the tests of its kind, and those tests.
const CASES: &[(&str, &str, &[&str])] = &[
    (
        "excel-german.csv",
        "tests/lists.rs",
        &["a_list_is_shown_before_anything_is_written", "every_dialect_of_a_list_gives_the_same_entries"],
    ),
    (
        "tab-own-columns.txt",
        "tests/lists.rs",
        &["columns_are_mapped_and_two_digits_are_a_year_where_maker_and_calibre_tell"],
    ),
    ("spreadsheet-made-dates.csv", "tests/lists.rs", &["what_cannot_be_meant_is_refused_with_its_cause"]),
    (
        "formulas.csv",
        "tests/lists.rs",
        &[
            "what_a_spreadsheet_would_run_is_guarded_and_comes_back",
            "what_is_exported_comes_back_the_same_through_each_dialect",
        ],
    ),
    ("slips.csv", "tests/lists.rs", &["slips_and_blanks_are_taken_in"]),
    ("blank-rows-at-end.csv", "tests/lists.rs", &["slips_and_blanks_are_taken_in"]),
    ("blank-columns-at-right.csv", "tests/lists.rs", &["slips_and_blanks_are_taken_in"]),
    (
        "fields-semicolons.csv",
        "tests/lists.rs",
        &["every_dialect_of_fields_says_the_same_of_photographs", "lists_of_fields_and_labels_are_read_in_any_dialect"],
    ),
    ("fields-windows-1252.csv", "tests/lists.rs", &["every_dialect_of_fields_says_the_same_of_photographs"]),
    ("registry-semicolons.csv", "tests/lists.rs", &["every_dialect_of_a_registry_gives_the_same_codes"]),
    ("labels-semicolons.csv", "tests/lists.rs", &["lists_of_fields_and_labels_are_read_in_any_dialect"]),
    ("utf-16.jsonl", "src/list/lines.rs", &["lines_are_taken_as_windows_writes_them"]),
    ("with-mark.jsonl", "src/list/lines.rs", &["lines_are_taken_as_windows_writes_them"]),
    ("workbook.xlsx", "src/list/content.rs", &["what_is_no_list_is_named"]),
    ("web-page.xls", "src/list/content.rs", &["what_is_no_list_is_named"]),
    (
        "corrected-in-a-spreadsheet.sh",
        "tests/lists.rs",
        &["an_export_that_was_corrected_corrects_and_one_without_ids_is_not_doubled"],
    ),
    ("export-for-colleagues.sh", "tests/lists.rs", &["what_a_spreadsheet_would_run_is_guarded_and_comes_back"]),
    ("export-for-colleagues.sh", "src/output.rs", &["a_link_is_not_followed_and_others_may_read_as_the_umask_says"]),
    (
        "same-name-two-folders/",
        "src/photo/named.rs",
        &["one_name_of_different_photographs_is_told_and_of_one_content_is_one"],
    ),
    ("same-name-two-folders/", "tests/lists.rs", &["lists_of_fields_and_labels_are_read_in_any_dialect"]),
    ("name-composed-otherwise/", "tests/lists.rs", &["rows_are_joined_to_photographs_by_what_they_call_them"]),
    ("fields-told-too-late.sh", "tests/catalogue.rs", &["fields_that_come_late_are_taken_in_as_decisions"]),
    ("many-heads.sh", "tests/heads.rs", &["small_heads_in_a_wide_picture_are_named_as_too_small"]),
    ("small-heads-two-trays.jpg", "tests/heads.rs", &["small_heads_in_a_wide_picture_are_named_as_too_small"]),
    ("small-heads-left-half-alone.jpg", "tests/heads.rs", &["small_heads_in_a_wide_picture_are_named_as_too_small"]),
    ("mirrored.jpg", "tests/heads.rs", &["mirror_writing_is_named"]),
    ("folder-from-a-nas/", "tests/files.rs", &["what_lies_beside_photographs_is_passed_over_and_counted"]),
    ("annotated-copies-read-again.sh", "tests/files.rs", &["what_lies_beside_photographs_is_passed_over_and_counted"]),
    ("raw-with-thumbnail-first.dng", "tests/files.rs", &["what_lies_beside_photographs_is_passed_over_and_counted"]),
    (".nef", "tests/files.rs", &["what_lies_beside_photographs_is_passed_over_and_counted"]),
    ("jpeg-without-end-marker.jpg", "tests/files.rs", &["a_jpeg_without_its_end_marker_is_read_with_a_remark"]),
    ("jpeg-end-marker-replaced-by-trailer.jpg", "src/photo/jpeg.rs", &["the_end_marker_alone_may_be_missing"]),
    ("ten-bits-in-sixteen.tif", "src/photo/tiff/tests.rs", &["fewer_bits_than_there_is_room_for"]),
    ("ycbcr-jpeg.tif", "tests/files.rs", &["each_page_of_a_tiff_is_a_photograph_of_its_own"]),
    ("tiled-in-planes.tif", "src/photo/tiff/tests.rs", &["tiles_and_strips_together_or_in_planes"]),
    ("large-tiff.py", "src/photo/tiff/tests.rs", &["one_long_strip_takes_no_memory_of_its_own"]),
    ("three-pages.tif", "tests/files.rs", &["each_page_of_a_tiff_is_a_photograph_of_its_own"]),
    ("same-pixels-other-metadata/", "tests/files.rs", &["one_picture_in_other_bytes_is_recognised"]),
    (
        "HEIC from a phone, turned by `irot` or EXIF, with a gain map or depth picture inside",
        "src/photo/heic/tests.rs",
        &["turned_once_whoever_says_it", "what_is_beside_the_photograph_does_no_harm"],
    ),
    (
        "a file name with a right-to-left override or a line break",
        "tests/files.rs",
        &["names_that_deceive_are_written_out"],
    ),
    (
        "overwrites-what-is-there.sh",
        "tests/outputs.rs",
        &["every_output_refuses_a_catalogue_a_photograph_and_a_foreign_file"],
    ),
    (
        "backup-without-room-then-copy.sh",
        "tests/media.rs",
        &["a_backup_without_room_leaves_nothing", "a_log_of_another_file_is_not_taken_in"],
    ),
    ("network-drive.sh", "tests/media.rs", &["a_drive_without_locks_is_named_at_once"]),
    ("clock-lost-or-gone-back.sh", "tests/media.rs", &["a_clock_that_is_wrong_is_doubted_before_anything_is_entered"]),
    (
        "a catalogue on a read-only medium, or in a folder that may not be written",
        "tests/media.rs",
        &["a_folder_that_may_not_be_written_can_be_read", "what_only_reads_changes_nothing_and_leaves_nothing"],
    ),
    (
        "a catalogue copied with the file manager while `-wal` lay beside it, or copied, both copies changed, and merged",
        "src/catalogue/tests/merging.rs",
        &["copies_that_went_on_apart_are_joined"],
    ),
    (
        "a catalogue copied with the file manager while `-wal` lay beside it, or copied, both copies changed, and merged",
        "tests/media.rs",
        &["a_log_of_its_own_is_taken_in"],
    ),
];

/// What the list names, a cell each: files between its bars, or what is to be made.
fn listed(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|l| l.starts_with('|') && !l.starts_with("|---") && !l.starts_with("| file "));
    let cells = rows.map(|l| l.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<_>>());
    let names = cells.flat_map(|c| match c[0] {
        "(make it)" => vec![c[1].to_owned()],
        // what stands in brackets is the same picture as it should be
        files => files.split(" (").next().unwrap().split(", ").map(str::to_owned).collect(),
    });
    // sources of the scripts beside them
    names.filter(|n| !n.ends_with(".c")).collect()
}

#[test]
fn every_input_that_failed_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (case, file, tests) in CASES {
        let text = fs::read_to_string(root.join(file)).unwrap();
        for test in *tests {
            assert!(text.contains(&format!("fn {test}(")), "{case}: there is no test {test} in {file}");
        }
    }
    let Ok(list) = fs::read_to_string(root.join("../shared/cases/README.md")) else {
        eprintln!("the list is not here: nothing to hold against");
        return;
    };
    let names = listed(&list);
    assert!(names.len() >= 40, "the list is read: {names:?}");
    for name in names {
        assert!(CASES.iter().any(|c| c.0 == name), "no test for `{name}`");
    }
}
