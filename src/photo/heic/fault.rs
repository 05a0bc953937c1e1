//! Why a HEIC cannot be decoded.

use crate::photo::failure::Failure;
use heic_decoder::HeifError;
use std::fmt::Display;

pub(super) fn refused(cause: &HeifError) -> Failure {
    match cause {
        HeifError::Unsupported(_) => Failure::new(format!("this kind of HEIC is not supported: {cause}"))
            .hint("convert it to JPEG, for example with `heif-convert photo.heic photo.jpg`"),
        HeifError::LimitExceeded(_) => Failure::new(format!("the HEIC is too large: {cause}")).hint("scale it down"),
        HeifError::Truncated { .. } => Failure::new("the HEIC is cut short: a part of the file is missing")
            .hint("copy it again from the camera, or take the photograph again"),
        _ => damaged(cause),
    }
}

pub(super) fn damaged(cause: &dyn Display) -> Failure {
    Failure::new(format!("the HEIC is damaged: {cause}"))
        .hint("copy it again from the camera, or take the photograph again")
}
