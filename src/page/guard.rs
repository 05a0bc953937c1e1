//! Who is let in: only those who have the token, call the listener by its own name, and come from the page itself.
//!
//! A page elsewhere can make a browser send requests to loopback, and a name elsewhere can be made to point there; the
//! first is told by `Origin` and `Sec-Fetch-Site`, the second by `Host`, and neither knows the token.

use super::shared::Shared;
use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderName, HeaderValue, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// What the page may load and whom it may call: itself alone, and no script or style but its own files.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Headers of every answer.
const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Lets a request through, or answers 403.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let first = request.uri().path().split('/').nth(1).unwrap_or_default();
    let allowed = shared.token.is(first) && is_ours(request.headers(), shared.serving.port);
    let mut response =
        if allowed { next.run(request).await } else { (StatusCode::FORBIDDEN, "not allowed\n").into_response() };
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// Whether a request names the listener as the page does, and was not sent by a page elsewhere.
fn is_ours(headers: &HeaderMap, port: u16) -> bool {
    let names = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let is_name = |value: &HeaderValue| value.to_str().is_ok_and(|v| names.iter().any(|n| n == v));
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().is_some_and(is_name) && hosts.next().is_none();
    let is_origin = |value: &HeaderValue| {
        value.to_str().is_ok_and(|v| v.strip_prefix("http://").is_some_and(|v| names.iter().any(|n| n == v)))
    };
    // a person who follows the address from a terminal or a letter comes from `none`
    let site = headers.get("sec-fetch-site").is_none_or(|v| v == "same-origin" || v == "none");
    host && headers.get_all(ORIGIN).iter().all(is_origin) && site
}
