//! Names of the pictures beside the page.

pub(super) fn crop_name(photo: usize, head: usize) -> String {
    format!("{PICTURES}/{photo:05}-{head}.jpg")
}

pub(super) fn strip_name(photo: usize, head: usize) -> String {
    format!("{PICTURES}/{photo:05}-{head}-ring.jpg")
}

pub(super) fn missed_name(photo: usize, label: usize) -> String {
    format!("{PICTURES}/{photo:05}-label-{label}.jpg")
}

/// The folder of the pictures, inside that of the page.
pub(super) const PICTURES: &str = "pictures";
