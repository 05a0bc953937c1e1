//! What a bundle proves, held against itself: by whoever has it, with nothing else.

use super::hashing::Hashing;
use super::manifest::{CATALOGUE, CHAIN, ENTRIES, Link, MANIFEST, Manifest, SEAL, Seal};
use super::sign::SignError;
use crate::catalogue::decision::hash;
use crate::catalogue::{Catalogue, CatalogueError, Columns, transfer};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use uuid::Uuid;
use zip::ZipArchive;

/// Largest manifest that is read, in bytes: of a million photographs.
const LARGEST: u64 = 1 << 30;

/// Why a bundle cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoBundle {
    /// It is no archive, or damaged as one.
    #[error("it cannot be read as a bundle: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] io::Error),
    /// It lacks what makes it a bundle.
    #[error("it is no bundle of headstamp: it holds no {0} that can be understood")]
    Foreign(&'static str),
    /// It was made by a newer program.
    #[error("it was made by a newer version of headstamp (bundle {0}; this one knows 1)")]
    Newer(u32),
    /// Its catalogue cannot be looked at.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Everything that is wrong, in words.
    pub faults: Vec<String>,
    /// Decisions whose text follows the hash before it.
    pub proved: u64,
    /// The key that signed it; none where it is not signed.
    pub signed_by: Option<String>,
}

/// Looks at a bundle; where a public key is given, it has to be signed by that.
pub fn examine<R: Read + Seek>(from: R, key: Option<&str>) -> Result<Found, NoBundle> {
    let mut archive = ZipArchive::new(from)?;
    let text = part(&mut archive, MANIFEST)?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| NoBundle::Foreign(MANIFEST))?;
    if manifest.schema != 1 {
        return Err(NoBundle::Newer(manifest.schema));
    }
    let mut found = Found { manifest, faults: Vec::new(), proved: 0, signed_by: None };
    sealed(&mut archive, &text, key, &mut found)?;
    files(&mut archive, &mut found)?;
    chain(&mut archive, &mut found)?;
    if !found.manifest.redacted {
        whole(&mut archive, &mut found)?;
    }
    Ok(found)
}

fn part<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &'static str) -> Result<Vec<u8>, NoBundle> {
    let file = archive.by_name(name).map_err(|_| NoBundle::Foreign(name))?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn sealed<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    manifest: &[u8],
    key: Option<&str>,
    found: &mut Found,
) -> Result<(), NoBundle> {
    let seal = part(archive, SEAL).ok().and_then(|text| serde_json::from_slice::<Seal>(&text).ok());
    let Some(Seal { manifest: hash, signed }) = seal else {
        found.faults.push(format!("{SEAL} is missing or cannot be understood"));
        return Ok(());
    };
    if hex::encode(Sha256::digest(manifest)) != hash {
        found.faults.push(format!("{MANIFEST} was changed since it was sealed"));
    }
    match (signed, key) {
        (None, None) => {}
        (None, Some(_)) => found.faults.push("it is not signed".into()),
        (Some(signed), key) => {
            let chain = &found.manifest.chain;
            let of_this = signed.with == hash
                && (signed.history, signed.decisions, &signed.hash) == (chain.history, chain.decisions, &chain.hash);
            match signed.check(key) {
                Ok(()) if of_this => found.signed_by = Some(signed.key),
                Ok(()) => found.faults.push(SignError::Forged.to_string()),
                Err(e) => found.faults.push(e.to_string()),
            }
        }
    }
    Ok(())
}

/// Every file against its hash, and none beside those that are named.
fn files<R: Read + Seek>(archive: &mut ZipArchive<R>, found: &mut Found) -> Result<(), NoBundle> {
    let there: BTreeSet<String> = archive.file_names().filter_map(|n| Some(n.ok()?.into_owned())).collect();
    let named: BTreeSet<String> =
        found.manifest.files.iter().map(|f| f.name.clone()).chain([MANIFEST, SEAL].map(str::to_owned)).collect();
    found.faults.extend(there.difference(&named).map(|name| format!("{name} was added")));
    for file in &found.manifest.files {
        let Ok(part) = archive.by_name(&file.name) else {
            found.faults.push(format!("{} is missing", file.name));
            continue;
        };
        // no more is read than it says to be
        let mut hashing = Hashing::new(io::sink());
        let read = io::copy(&mut part.take(file.bytes + 1), &mut hashing);
        if read.is_err() || hashing.finish().0 != file.sha256 {
            found.faults.push(format!("{} was changed", file.name));
        }
    }
    for photograph in &found.manifest.photographs {
        let Some(name) = &photograph.file else { continue };
        let file = found.manifest.files.iter().find(|f| f.name == *name);
        let is = |sha256: &str| found.manifest.redacted || photograph.page > 1 || sha256 == photograph.sha256;
        if !file.is_some_and(|f| is(&f.sha256)) {
            found.faults.push(format!("{name} is not the photograph {}", photograph.sha256));
        }
    }
    Ok(())
}

/// Every link against the one before it.
fn chain<R: Read + Seek>(archive: &mut ZipArchive<R>, found: &mut Found) -> Result<(), NoBundle> {
    let Ok(part) = archive.by_name(CHAIN) else { return Ok(()) };
    let mut ends: BTreeMap<Uuid, (u64, String)> = BTreeMap::new();
    let mut count = 0;
    for line in BufReader::new(part).lines() {
        let Ok(link) = serde_json::from_str::<Link>(&line?) else {
            found.faults.push(format!("{CHAIN}: link {} cannot be understood", count + 1));
            continue;
        };
        count += 1;
        let what = format!("history {}: decision {}", link.history, link.seq);
        if let Some((seq, end)) = ends.get(&link.history) {
            if link.seq != seq + 1 {
                found.faults.push(format!("{what} follows decision {seq}: what lies between is missing"));
            } else if link.before != *end {
                found.faults.push(format!("{what} does not follow the one before"));
            }
        }
        match &link.text {
            Some(text) if hash(&link.before, text) == link.hash => found.proved += 1,
            Some(_) => found.faults.push(format!("{what} was altered")),
            None if found.manifest.redacted && link.redacted.is_some() => {}
            None => found.faults.push(format!("{what} has no text")),
        }
        ends.insert(link.history, (link.seq, link.hash));
    }
    if count != found.manifest.decisions {
        found.faults.push(format!("the chain has {count} decisions, and should have {}", found.manifest.decisions));
    }
    let head = &found.manifest.chain;
    let end = ends.get(&head.history);
    if head.decisions > 0 && end != Some(&(head.decisions, head.hash.clone())) {
        found.faults.push("the chain does not end as the manifest says".into());
    }
    Ok(())
}

/// The catalogue in it against itself, and entries and manifest against the catalogue.
fn whole<R: Read + Seek>(archive: &mut ZipArchive<R>, found: &mut Found) -> Result<(), NoBundle> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(CATALOGUE);
    {
        let Ok(part) = archive.by_name(CATALOGUE) else {
            found.faults.push(format!("{CATALOGUE} is missing"));
            return Ok(());
        };
        let mut file = std::fs::File::create(&path)?;
        let said = found.manifest.files.iter().find(|f| f.name == CATALOGUE).map_or(0, |f| f.bytes);
        io::copy(&mut part.take(said), &mut file)?;
        file.flush()?;
    }
    let catalogue = match Catalogue::open_to_read(&path) {
        Ok(catalogue) => catalogue,
        Err(e) => {
            found.faults.push(format!("{CATALOGUE}: {e}"));
            return Ok(());
        }
    };
    let proof = catalogue.prove(Some(&found.manifest.chain.hash))?;
    found.faults.extend(proof.faults.iter().map(ToString::to_string));
    if catalogue.chain_head()? != found.manifest.chain {
        found.faults.push("the catalogue in it ends otherwise than the manifest says".into());
    }
    let mut text = Vec::new();
    let written = transfer::write_jsonl(&catalogue, Columns::Full, &mut text);
    let entries = found.manifest.files.iter().find(|f| f.name == ENTRIES);
    if written.is_err() || entries.is_none_or(|f| f.sha256 != hex::encode(Sha256::digest(&text))) {
        found.faults.push(format!("{ENTRIES} is not what the catalogue in it says"));
    }
    let mut held = BTreeSet::new();
    catalogue.readable(|sha256, _| {
        held.insert(sha256);
    })?;
    let named: BTreeSet<String> = found.manifest.photographs.iter().map(|p| p.sha256.clone()).collect();
    found
        .faults
        .extend(held.difference(&named).map(|sha256| format!("photograph {sha256} is left out of the manifest")));
    found
        .faults
        .extend(named.difference(&held).map(|sha256| format!("photograph {sha256} is not of the catalogue in it")));
    Ok(())
}
