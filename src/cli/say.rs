//! What every command says alike.

use crate::error::Error;
use crate::photo::PassedOver;
use crate::printable::printable_lines;
use serde::Serialize;
use std::io::{self, Write};

/// Says on stderr what went wrong.
pub(super) fn complain(error: &dyn std::fmt::Display) {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{red}error:{red:#} {}", printable_lines(&error.to_string()));
}

/// Says on stderr what lay beside the photographs.
pub(super) fn say_passed(passed_over: &PassedOver) {
    if !passed_over.is_empty() {
        anstream::eprintln!("passed over: {passed_over}");
    }
}

/// Says on stderr what a person should know and nothing fails for.
pub(super) fn warn(warning: &dyn std::fmt::Display) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    anstream::eprintln!("{yellow}warning:{yellow:#} {}", printable_lines(&warning.to_string()));
}

/// Who decides: as named, or as the system knows the user.
pub(super) fn who(named: Option<&str>) -> String {
    named.map_or_else(|| whoami::username().unwrap_or_else(|_| "unknown".into()), str::to_owned)
}

/// The error for a result that cannot be written to stdout.
pub(super) fn unwritten(source: io::Error) -> Error {
    Error::Write { what: "to standard output".into(), source }
}

/// Writes a record as JSON, in a line of its own.
pub(super) fn json_line(mut out: impl Write, record: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut out, record)?;
    out.write_all(b"\n")
}
