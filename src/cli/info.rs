//! `headstamp model info`.

use super::args::InfoArgs;
use super::unwritten;
use crate::error::{Error, Status};
use crate::model::{Loaded, ModelOptions, ModelSet};
use serde_json::json;
use std::io::{self, Write};

pub fn run(args: &InfoArgs) -> Result<Status, Error> {
    let options = ModelOptions { models_dir: args.models.models.clone(), onnxruntime: args.models.onnxruntime.clone() };
    let set = ModelSet::open(&options)?;
    let mut out = io::stdout().lock();
    let written = if args.json { as_json(&set, &mut out) } else { as_text(&set, &mut out) };
    written.map_err(unwritten)?;
    Ok(Status::Done)
}

fn as_json(set: &ModelSet, out: &mut dyn Write) -> io::Result<()> {
    let all = json!({
        "schema": 1,
        "backend": set.backend,
        "models": set.all().map(|model| &model.manifest),
    });
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)
}

fn as_text(set: &ModelSet, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "runs on    {}", set.backend)?;
    for model in set.all() {
        writeln!(out)?;
        one(model, out)?;
    }
    Ok(())
}

fn one(model: &Loaded, out: &mut dyn Write) -> io::Result<()> {
    let m = &model.manifest;
    writeln!(out, "{}    {} ({:.1} MB)", m.kind.name(), model.name(), m.bytes as f64 / 1e6)?;
    writeln!(out, "sha256     {}", m.sha256)?;
    writeln!(out, "takes      {} {:?}, gives {} {:?}", m.input.name, m.input.shape, m.output.name, m.output.shape)?;
    for (name, values) in [("trained", &m.training), ("scores", &m.scores)] {
        if let Some(map) = values.as_object() {
            let line: Vec<String> = map.iter().map(|(k, v)| format!("{k} {v}")).collect();
            writeln!(out, "{name:9}  {}", line.join(", "))?;
        }
    }
    if let Some(r) = &m.readings {
        writeln!(out, "read       {}", r.renders)?;
        let networks: Vec<String> = r.networks.iter().map(|(kind, version)| format!("{kind} {version}")).collect();
        writeln!(out, "           by {}; with the prior, and without", networks.join(", "))?;
        for (name, with) in &r.with_prior {
            let without = r.without_prior.get(name).map_or_else(|| "-".to_owned(), figure);
            writeln!(out, "           {:28} {:36} {without}", name.replace('_', " "), figure(with))?;
        }
    }
    if m.kind == crate::model::Kind::Recogniser {
        match &m.calibration {
            None => writeln!(out, "confidence not measured: proposals carry none")?,
            Some(c) => {
                writeln!(out, "confidence fitted on {}", c.fitted_on)?;
                writeln!(
                    out,
                    "           calibration error {:.3}, Brier score {:.3}, of a constant {:.3}",
                    c.calibration_error, c.brier, c.brier_of_a_constant
                )?;
                for b in &c.reliability {
                    writeln!(
                        out,
                        "           said {:.1} to {:.1}: {:5} proposals, mean {:.2}, right {:.2}",
                        b.from, b.to, b.count, b.confidence, b.right
                    )?;
                }
            }
        }
    }
    Ok(())
}

/// A share with its interval and parts, or a plain number.
fn figure(value: &serde_json::Value) -> String {
    let number = |name: &str| value[name].as_f64();
    match (number("share"), number("low"), number("high")) {
        (Some(share), Some(low), Some(high)) => {
            format!("{share:.3}  {low:.3} to {high:.3}  ({}/{})", value["part"], value["whole"])
        }
        _ => value.to_string(),
    }
}
