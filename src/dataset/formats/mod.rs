//! What each form has beside its pictures, as its own ecosystem reads it.

mod coco;
mod imagefolder;
mod paddleocr;
mod records;
mod yolo;

use super::folder::{DatasetError, Folder};
use super::format::Format;
use super::page::Page;

/// Writes what a form has beside its pictures, which show whole photographs or a head each.
pub(super) fn write(format: Format, pages: &[Page], whole: bool, to: &mut Folder) -> Result<(), DatasetError> {
    match format {
        Format::ImageFolder => imagefolder::write(pages, whole, to),
        Format::Coco => coco::write(pages, whole, to),
        Format::Yolo => yolo::write(pages, whole, to),
        Format::PaddleOcr => paddleocr::write(pages, to),
        Format::Csv => Ok(()),
        Format::Records => records::write(pages, to),
    }
}
