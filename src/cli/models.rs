//! `headstamp model list|use|install`.

use super::against::{self, Against};
use super::args::{InstallArgs, UseArgs, VersionsArgs};
use super::reading::Readers;
use super::say::{complain, json_line, unwritten, warn};
use crate::confidence::{Confidences, Mode, Purpose, Setting};
use crate::error::{Error, Status};
use crate::evaluate::{Comparison, DECIDES, Difference};
use crate::model::{BUILT_IN, Card, Installed, Loaded, ModelOptions, ModelSet};
use crate::networks::NETWORKS;
use crate::printable::printable;
use crate::proposals::Conventions;
use serde_json::json;
use std::io::{self, Write};

/// The most that models which are taken in may read worse of renders, as a share of heads: what they learnt elsewhere costs
/// a little. Of a person's own heads they may read none worse.
const MOST_LOST: f64 = 0.01;
/// The same of heads seen where there is none, a photograph.
const MOST_FALSE: f64 = 0.01;

/// Where sets are taken in to.
fn of_user() -> Result<Installed, Error> {
    Installed::of_user().ok_or_else(|| Error::Needed {
        what: "the user's folder for data".into(),
        cause: "this system names none".into(),
        hint: Some("set XDG_DATA_HOME".into()),
    })
}

pub(super) fn list(args: &VersionsArgs) -> Result<Status, Error> {
    let installed = of_user()?;
    let in_use = installed.in_use()?.unwrap_or_else(|| BUILT_IN.to_owned());
    let (cards, faults) = installed.all();
    let own = ModelSet::open(&ModelOptions::default(), &NETWORKS)?;
    let mut out = io::stdout().lock();
    let mut tell = |version: &str, networks: String, card: Option<&Card>| {
        let used = version == in_use;
        if args.json {
            return json_line(
                &mut out,
                &json!({"schema": 1, "version": version, "in_use": used, "models": networks, "installed": card}),
            );
        }
        let since = card.map(|c| format!("  taken in {} from {}", c.installed, c.from)).unwrap_or_default();
        writeln!(out, "{} {version:10} {}", if used { '*' } else { ' ' }, printable(&format!("{networks}{since}")))
    };
    tell(BUILT_IN, own.name(), None).map_err(unwritten)?;
    for card in &cards {
        let networks: Vec<&str> = card.networks.values().map(String::as_str).collect();
        tell(&card.version, networks.join(" + "), Some(card)).map_err(unwritten)?;
    }
    faults.iter().for_each(|fault| complain(fault));
    Ok(if faults.is_empty() { Status::Done } else { Status::SomeFailed })
}

pub(super) fn choose(args: &UseArgs) -> Result<Status, Error> {
    let installed = of_user()?;
    let before = installed.in_use().ok().flatten().unwrap_or_else(|| BUILT_IN.to_owned());
    let chosen = installed.choose(&args.version)?;
    anstream::eprintln!("{chosen} is in use from now on, {}", was(&before, &chosen));
    Ok(Status::Done)
}

/// What was in use before, and how to go back.
fn was(before: &str, now: &str) -> String {
    if before == now {
        "as before".into()
    } else {
        format!("where {before} was: `headstamp model use {before}` goes back")
    }
}

pub(super) fn install(args: &InstallArgs) -> Result<Status, Error> {
    let installed = of_user()?;
    let present = Readers::open(&args.reader, Purpose::Measuring)?;
    let given = ModelOptions {
        models_dir: Some(args.folder.clone()),
        onnxruntime: args.reader.models.onnxruntime.clone(),
        ..ModelOptions::default()
    };
    let set = ModelSet::open(&given, &NETWORKS)?;
    let uncalibrated = {
        let confidences = Confidences::open(given.models_dir.as_deref())?;
        confidences.of(&Setting::new(set.hashes(), &Conventions, Mode::Alone), Purpose::Reading).is_err()
    };
    let before = installed.in_use()?.unwrap_or_else(|| BUILT_IN.to_owned());
    if present.setting().networks == set.hashes() {
        return Err(Error::Usage(format!("these are the models in use, {before}")));
    }
    let against = Against {
        reader: &args.reader,
        with: &args.folder,
        labels: None,
        catalogue: args.catalogue.as_deref(),
        photos: args.photos.as_deref(),
        renders: args.renders,
    };
    let Some(compared) = against.compared(&present)? else { return Ok(Status::Interrupted) };
    let mut out = io::stdout().lock();
    against::as_text(&mut out, &compared, &[]).map_err(unwritten)?;
    let worse: Vec<String> = compared.sets.iter().flat_map(|s| worse(&s.name, s.own, &s.comparison)).collect();
    if !worse.is_empty() {
        worse.iter().for_each(|w| complain(w));
        complain(&format!("not taken in: {before} stays in use"));
        return Ok(Status::SomeFailed);
    }
    let networks = set.all().iter().map(|l| (l.manifest.kind.clone(), l.name())).collect();
    let contracts: Vec<_> = set.all().iter().map(|l: &Loaded| l.contract).collect();
    let figures = serde_json::to_value(&compared).unwrap_or_default();
    let card = installed.take(&args.folder, &contracts, networks, figures)?;
    let chosen = installed.choose(&card.version)?;
    if uncalibrated {
        warn(
            &"there is no calibration for these models: what they propose bears no confidence (training/calibrate.py)",
        );
    }
    anstream::eprintln!("taken in: {chosen} is in use from now on, {}", was(&before, &chosen));
    Ok(Status::Done)
}

/// What forbids to take models in.
fn worse(set: &str, own: bool, comparison: &Comparison) -> Vec<String> {
    let bounds = [(DECIDES, -1.0), ("characters_found", -1.0), ("extra_heads", 1.0)];
    let beyond = |(name, way): (&str, f64)| {
        // on a person's photographs are heads that nobody has confirmed
        let told = !(own && name == "extra_heads");
        let figure = comparison.figure(name).filter(|f| told && f.whole > 0)?;
        let most = match name {
            "extra_heads" => MOST_FALSE,
            DECIDES if own => 0.0,
            _ => MOST_LOST,
        };
        // rounding in sums is no difference
        (figure.difference * way > most + 1e-9).then(|| said(set, figure, most))
    };
    bounds.into_iter().filter_map(beyond).collect()
}

fn said(set: &str, figure: &Difference, most: f64) -> String {
    let Difference { before, after, difference, interval, .. } = figure;
    let interval = interval.map_or_else(String::new, |i| format!(" ({:+.3} to {:+.3})", i.low, i.high));
    format!(
        "{set}: {} {:.3}, by the models in use {:.3}: {difference:+.3}{interval}, where {most:.2} are allowed",
        against::title(&figure.name),
        after.unwrap_or(0.0),
        before.unwrap_or(0.0)
    )
}
