//! Why a TIFF cannot be decoded.

use crate::photo::failure::Failure;
use std::fmt::Display;

pub(super) fn refused(cause: &tiff::TiffError) -> Failure {
    match cause {
        tiff::TiffError::UnsupportedError(_) => Failure::new(format!("this kind of TIFF is not supported: {cause}"))
            .hint("save it as PNG, or as a plain TIFF"),
        tiff::TiffError::LimitsExceeded => {
            Failure::new("a part of the TIFF is too large").hint("save it in strips or tiles, as scanning programs do")
        }
        _ => damaged(cause),
    }
}

pub(super) fn damaged(cause: &dyn Display) -> Failure {
    Failure::new(format!("the TIFF is damaged: {cause}")).hint("copy it again from where it came")
}

pub(super) fn unsupported(what: &str) -> Failure {
    Failure::new(format!("this kind of TIFF is not supported: {what}")).hint("save it as PNG, or as a plain TIFF")
}

pub(super) fn cut_short() -> Failure {
    Failure::new("the TIFF is cut short: a part of the picture is missing").hint("copy it again from where it came")
}
