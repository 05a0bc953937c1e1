//! `headstamp model info`.

use super::args::InfoArgs;
use super::in_use;
use super::say::unwritten;
use crate::confidence::{Calibration, Confidences, Mode, Purpose, Reliability, Setting};
use crate::error::{Error, Status};
use crate::model::{Loaded, ModelSet};
use crate::networks::NETWORKS;
use crate::proposals::{Conventions, NoVocabulary, Vocabulary};
use serde_json::{Value, json};
use std::io::{self, Write};

/// A way of reading, and its calibration or why there is none.
type Way<'c> = (Setting, Result<&'c Calibration, String>);

pub(super) fn run(args: &InfoArgs) -> Result<Status, Error> {
    let options = in_use::options(&args.models)?;
    let set = ModelSet::open(&options, &NETWORKS)?;
    let confidences = Confidences::open(options.models_dir.as_deref())?;
    let vocabularies: [&dyn Vocabulary; 2] = [&Conventions, &NoVocabulary];
    let ways = vocabularies.map(|vocabulary| {
        let setting = Setting::new(set.hashes(), vocabulary, Mode::Alone);
        let found = confidences.of(&setting, Purpose::Reading);
        (setting, found)
    });
    let mut out = io::stdout().lock();
    let written = if args.json { as_json(&set, &ways, &mut out) } else { as_text(&set, &ways, &mut out) };
    written.map_err(unwritten)?;
    Ok(Status::Done)
}

fn as_json(set: &ModelSet, ways: &[Way], out: &mut dyn Write) -> io::Result<()> {
    let manifests: Vec<_> = set.all().iter().map(|model| &model.manifest).collect();
    let confidence: Vec<Value> = ways
        .iter()
        .map(|(setting, found)| {
            let (calibration, reason) = (found.as_ref().ok(), found.as_ref().err());
            json!({"mode": setting.mode, "vocabulary": setting.vocabulary, "calibration": calibration, "reason": reason})
        })
        .collect();
    let all = json!({"schema": 1, "backend": set.backend, "models": manifests, "confidence": confidence});
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)
}

fn as_text(set: &ModelSet, ways: &[Way], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "runs on    {}", set.backend)?;
    for model in set.all() {
        writeln!(out)?;
        one(model, out)?;
    }
    ways.iter().try_for_each(|(setting, found)| confidence(setting, found, out))
}

fn one(model: &Loaded, out: &mut dyn Write) -> io::Result<()> {
    let m = &model.manifest;
    writeln!(out, "{}    {} ({:.1} MB)", m.kind, model.name(), m.bytes as f64 / 1e6)?;
    writeln!(out, "sha256     {}", m.sha256)?;
    let contract = m.contract.as_deref().unwrap_or("none: it was made before there were contracts");
    writeln!(out, "contract   {contract}")?;
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
    Ok(())
}

fn confidence(setting: &Setting, found: &Result<&Calibration, String>, out: &mut dyn Write) -> io::Result<()> {
    let vocabulary = match setting.vocabulary.name.as_str() {
        "none" => "--no-prior".to_owned(),
        name => format!("the vocabulary `{name}`"),
    };
    writeln!(out, "\nconfidence of heads read {}, with {vocabulary}", setting.mode)?;
    match found {
        Err(reason) => writeln!(out, "           null: not measured with these networks ({reason})"),
        Ok(c) => {
            writeln!(out, "           fitted on {}", c.fitted_on)?;
            writeln!(out, "           measured on {}", c.measured_on)?;
            c.figures.as_ref().map_or(Ok(()), |figures| reliability(figures, out))
        }
    }
}

fn reliability(figures: &Reliability, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "           calibration error {:.3}, Brier score {:.3}, of a constant {:.3}",
        figures.calibration_error, figures.brier, figures.brier_of_a_constant
    )?;
    figures.bins.iter().try_for_each(|b| {
        writeln!(
            out,
            "           said {:.1} to {:.1}: {:5} proposals, mean {:.2}, right {:.2}",
            b.from, b.to, b.count, b.confidence, b.right
        )
    })
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
