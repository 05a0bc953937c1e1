//! `headstamp model contract`: what training must keep to, from where it is defined.

use super::say::unwritten;
use crate::error::{Error, Status};
use crate::model::sorted;
use crate::networks::NETWORKS;
use crate::synth::stream;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

pub(super) fn run() -> Result<Status, Error> {
    print(&mut io::stdout().lock()).map_err(unwritten)?;
    Ok(Status::Done)
}

fn print(out: &mut dyn Write) -> io::Result<()> {
    let networks: Map<String, Value> =
        NETWORKS.iter().map(|n| (n.contract.kind.to_owned(), n.contract.json())).collect();
    let all = sorted(json!({"schema": 1, "networks": networks, "records": stream::formats()}));
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)
}
