//! The forms that datasets are written in.

use super::split::Part;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Hugging Face `imagefolder`: pictures by split, with `metadata.jsonl`.
    ImageFolder,
    /// COCO: pictures by split, with boxes in `annotations/`.
    Coco,
    /// YOLO, as Ultralytics reads it: `images/`, `labels/`, `data.yaml`.
    Yolo,
    /// PaddleOCR: `det/` and `rec/` with their label files.
    PaddleOcr,
    /// A table and the pictures.
    Csv,
    /// The records that this project's recipe is trained on.
    Records,
}

impl Format {
    /// Its name, as it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::ImageFolder => "imagefolder",
            Self::Coco => "coco",
            Self::Yolo => "yolo",
            Self::PaddleOcr => "paddleocr",
            Self::Csv => "csv",
            Self::Records => "records",
        }
    }

    /// The folder of a part's pictures.
    pub(super) fn folder(self, part: Part) -> String {
        match self {
            Self::ImageFolder | Self::Coco => part.name().to_owned(),
            Self::PaddleOcr => format!("det/{}", part.name()),
            Self::Yolo | Self::Csv | Self::Records => format!("images/{}", part.name()),
        }
    }
}
