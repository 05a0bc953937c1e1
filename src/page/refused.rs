//! Why a request was not answered as asked.

use crate::catalogue::CatalogueError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a request was not answered as asked.
pub(super) enum Refused {
    NotThere(String),
    Catalogue(CatalogueError),
    Ended,
}

impl From<CatalogueError> for Refused {
    fn from(e: CatalogueError) -> Self {
        Self::Catalogue(e)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Self::NotThere(text) => (StatusCode::NOT_FOUND, text),
            Self::Catalogue(e) => (StatusCode::INTERNAL_SERVER_ERROR, e.to_string()),
            Self::Ended => (StatusCode::INTERNAL_SERVER_ERROR, "it ended before its time".into()),
        };
        (status, text).into_response()
    }
}
