//! `headstamp verify`.

use super::args::VerifyArgs;
use super::entries::readable;
use super::say::{complain, unwritten, warn};
use crate::catalogue::CatalogueError;
use crate::catalogue::originals::{Original, Originals};
use crate::error::{Error, Status};
use crate::exchange::manifest::Manifest;
use crate::exchange::proof;
use crate::exchange::sign::{self, SignError, Signed};
use crate::output::{self, Made, OutputError};
use crate::printable::{printable, shown};
use std::io::{self, Write};
use std::path::Path;

/// Faults that are named; what is beyond them is counted.
const NAMED: usize = 50;

/// A private key is its owner's alone.
const KEY: Made = Made { name: "key", begins: |_| false, lasting: true };

pub(super) fn run(args: &VerifyArgs) -> Result<Status, Error> {
    match (&args.new_key, &args.bundle, &args.catalogue) {
        (Some(path), ..) => new_key(path),
        (_, Some(path), _) => bundle(path, args.key.as_deref()),
        (.., Some(path)) => catalogue(args, path),
        _ => Err(Error::Usage("say what to verify: --catalogue or --bundle".into())),
    }
}

fn new_key(path: &Path) -> Result<Status, Error> {
    let failed = |e: SignError| Error::Needed { what: "a new key".into(), cause: e.to_string(), hint: None };
    let (pem, public) = sign::new_key().map_err(failed)?;
    output::write_private(path, pem.as_bytes(), KEY).map_err(OutputError::into_error)?;
    anstream::eprintln!(
        "private key written to {}: keep it to yourself; its public key, to be given to others:",
        path.display()
    );
    writeln!(io::stdout(), "{public}").map_err(unwritten)?;
    Ok(Status::Done)
}

fn bundle(path: &Path, key: Option<&str>) -> Result<Status, Error> {
    let unreadable = |cause: String| Error::Needed { what: format!("bundle {}", path.display()), cause, hint: None };
    let file = std::fs::File::open(path).map_err(|e| unreadable(e.to_string()))?;
    let found = proof::examine(io::BufReader::new(file), key).map_err(|e| unreadable(e.to_string()))?;
    name_all(&found.faults);
    if !found.faults.is_empty() {
        return Err(unreadable(format!("it is not what it says: {} faults, named above", found.faults.len())));
    }
    let Manifest { at, entries, decisions, photographs, chain, redacted, .. } = &found.manifest;
    let mut out = io::stdout().lock();
    let there = photographs.iter().filter(|p| p.file.is_some()).count();
    let mut said = || -> io::Result<()> {
        writeln!(out, "bundle unaltered: {entries} entries, {there} of {} photographs, made {at}", photographs.len())?;
        if *redacted {
            writeln!(out, "decisions: {} of {decisions} proved, of the others something was left out", found.proved)?;
        } else {
            writeln!(out, "history unaltered: {decisions} decisions")?;
        }
        writeln!(out, "chain head {}", chain.hash)?;
        match &found.signed_by {
            Some(key) => writeln!(out, "signed by {key}")?,
            None => writeln!(out, "not signed")?,
        }
        found.manifest.proves.iter().try_for_each(|text| writeln!(out, "- {}", printable(text)))
    };
    said().map_err(unwritten)?;
    Ok(Status::Done)
}

/// Names what is wrong; what is beyond a page is counted.
fn name_all(faults: &[impl std::fmt::Display]) {
    faults.iter().take(NAMED).for_each(|fault| complain(fault));
    if let Some(more) = faults.len().checked_sub(NAMED).filter(|more| *more > 0) {
        complain(&format!("and {more} more"));
    }
}

/// The chain head of a file that was signed earlier, if the signature holds.
fn signed_head(path: &Path, key: Option<&str>) -> Result<Signed, Error> {
    let needed = |cause: String| Error::Needed { what: format!("signature {}", path.display()), cause, hint: None };
    let text = std::fs::read_to_string(path).map_err(|e| needed(e.to_string()))?;
    let signed: Signed = serde_json::from_str(&text).map_err(|_| needed("it is no signed chain head".into()))?;
    signed.check(key).map_err(|e| needed(e.to_string()))?;
    Ok(signed)
}

fn catalogue(args: &VerifyArgs, path: &Path) -> Result<Status, Error> {
    if args.key.is_some() && args.signed.is_none() {
        return Err(Error::Usage("--key has no effect: name what is signed, with --signed or --bundle".into()));
    }
    let signed = args.signed.as_deref().map(|file| signed_head(file, args.key.as_deref())).transpose()?;
    let noted = args.head.as_deref().or(signed.as_ref().map(|s| s.hash.as_str()));
    let catalogue = readable(path)?;
    let failed = |e: CatalogueError| e.at(path);
    let proof = catalogue.prove(noted).map_err(failed)?;
    if !proof.faults.is_empty() {
        name_all(&proof.faults);
        return Err(Error::Needed {
            what: format!("catalogue {}", path.display()),
            cause: format!("it is not what was decided: {} faults, named above", proof.faults.len()),
            hint: Some("keep the file as it is, and go on with a backup that verifies".into()),
        });
    }
    if let Some(key) = &args.sign {
        let needed = |cause: String| Error::Needed { what: format!("key {}", key.display()), cause, hint: None };
        let pem = std::fs::read_to_string(key).map_err(|e| needed(e.to_string()))?;
        let at = jiff::Timestamp::now().to_string();
        let signed = Signed::new(&catalogue.chain_head().map_err(failed)?, "", &at, &pem);
        let signed = signed.map_err(|e| needed(e.to_string()))?;
        let text = serde_json::to_string(&signed).map_err(|e| unwritten(e.into()))?;
        writeln!(io::stdout(), "{text}").map_err(unwritten)?;
        return Ok(Status::Done);
    }
    let chain = catalogue.chain_head().map_err(failed)?;
    let mut out = io::stdout().lock();
    writeln!(out, "history unaltered: {} decisions, chain head {}", proof.decisions, chain.hash).map_err(unwritten)?;
    if let Some(noted) = proof.noted {
        let since = match chain.decisions.saturating_sub(noted.seq) {
            _ if noted.history != chain.history => "of a history that was taken in".to_owned(),
            0 => "the last".to_owned(),
            n => format!("{n} were added since"),
        };
        writeln!(out, "the head that was noted is decision {} of {}: {since}", noted.seq, noted.history)
            .map_err(unwritten)?;
    }
    if let Some(signed) = &signed {
        writeln!(out, "signed by {} at {}", signed.key, signed.at).map_err(unwritten)?;
    }
    let misdated = catalogue.misdated().map_err(failed)?;
    if let Some((link, at)) = &misdated.first {
        warn(&format!(
            "{} decisions are dated before there was a program, {} before the decision that they follow; the first is \
             decision {} of {}, dated {at}: a clock was wrong",
            misdated.too_early, misdated.went_back, link.seq, link.history
        ));
    }
    let Some(folder) = &args.photos else { return Ok(Status::Done) };
    let mut added = Vec::new();
    catalogue.readable(|sha256, path| added.push((sha256, path))).map_err(failed)?;
    let held = added.iter().map(|a| a.0.clone()).collect();
    let originals = Originals::of(folder);
    let unreadable = originals.unreadable();
    unreadable.iter().for_each(|e| complain(e));
    let mut lost = 0;
    for (sha256, path) in &added {
        let (became, of) = match originals.look_for(sha256, Path::new(path), &held) {
            Original::Unaltered => continue,
            Original::Altered(file) => ("altered", format!("{} has its name and other content", shown(&file))),
            Original::CannotBeRead(e) => ("cannot be read", format!("{}: {}", shown(&e.path), printable(&e.message))),
            Original::Gone => ("gone", format!("no file in {} has its content or its name", folder.display())),
        };
        lost += 1;
        complain(&format!("{path}: {became}: {of} (SHA-256 {sha256})"));
    }
    writeln!(out, "photographs unaltered: {} of {}", added.len() - lost, added.len()).map_err(unwritten)?;
    Ok(if lost == 0 && unreadable.is_empty() { Status::Done } else { Status::SomeFailed })
}
