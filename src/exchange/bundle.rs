//! A catalogue with its photographs in one file (ZIP), to be handed over and verified by somebody else.
//!
//! Whole, it holds a copy of the catalogue, every photograph as it was added, entries and chain once more as text, and a
//! manifest of all of them. Redacted, it holds no copy: of what is left out digests stand in entries and chain, and photographs
//! are redrawn from their luma, so that nothing that was written into the files goes with them.

use super::hashing::Hashing;
use super::manifest::{CATALOGUE, CHAIN, ENTRIES, File, Link, MANIFEST, Manifest, PHOTOGRAPHS, Photograph, SEAL, Seal};
use super::redact::Redaction;
use super::sign::{SignError, Signed};
use crate::catalogue::{Catalogue, CatalogueError, Columns, Kept, transfer};
use crate::error::PhotoError;
use crate::photo;
use image::codecs::jpeg::JpegEncoder;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Quality of redrawn photographs.
const QUALITY: u8 = 92;

/// Why a bundle cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The file.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The archive.
    #[error(transparent)]
    Archive(#[from] zip::result::ZipError),
    /// The entries.
    #[error(transparent)]
    Entries(#[from] transfer::WriteError),
    /// The signature.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Texts.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// There are no random numbers for salts.
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// How a bundle is made.
pub struct Setting<'a> {
    /// What is left out; nothing of a whole one.
    pub redaction: Option<Redaction>,
    /// When it is made.
    pub at: &'a str,
    /// The private key that signs it, in PEM.
    pub key: Option<&'a str>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Made {
    /// Entries in it.
    pub entries: u64,
    /// Photographs in it.
    pub photographs: usize,
    /// Photographs that are not in it, each with its path and why.
    pub missing: Vec<(String, String)>,
    /// By which what was left out can be proved: salts by their digests.
    pub salts: BTreeMap<String, String>,
}

/// Writes a bundle.
pub fn write<W: Write + Seek>(catalogue: &Catalogue, setting: Setting, out: W) -> Result<Made, BundleError> {
    // one state of it: a copy, which is whole in itself
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(CATALOGUE);
    catalogue.backup(&path)?;
    let copy = Catalogue::open_to_read(&path)?;
    let mut bundle = Bundle { zip: ZipWriter::new(out), files: Vec::new() };
    let mut made = Made::default();
    let mut redaction = setting.redaction;
    if let Some(redaction) = &mut redaction {
        copy.entries(|entry| {
            redaction.look_at(&entry);
            Ok::<_, CatalogueError>(())
        })?;
    } else {
        bundle.put(CATALOGUE, std::fs::File::open(&path)?, CompressionMethod::Deflated)?;
    }
    made.entries = match &mut redaction {
        None => {
            let mut text = Vec::new();
            let count = transfer::write_jsonl(&copy, Columns::Full, &mut text)?;
            bundle.put(ENTRIES, &text[..], CompressionMethod::Deflated)?;
            count as u64
        }
        Some(redaction) => {
            let (mut text, mut count) = (Vec::new(), 0);
            copy.entries(|entry| {
                let (left, _) = redaction.left_of(&serde_json::to_value(&entry)?)?;
                serde_json::to_writer(&mut text, &left)?;
                text.push(b'\n');
                count += 1;
                Ok::<_, BundleError>(())
            })?;
            bundle.put(ENTRIES, &text[..], CompressionMethod::Deflated)?;
            count
        }
    };
    let (mut text, mut decisions) = (Vec::new(), 0);
    copy.links(|kept| {
        decisions += 1;
        serde_json::to_writer(&mut text, &link(kept, redaction.as_mut())?)?;
        text.push(b'\n');
        Ok::<_, BundleError>(())
    })?;
    bundle.put(CHAIN, &text[..], CompressionMethod::Deflated)?;
    let mut all = Vec::new();
    copy.readable(|sha256, path| all.push((sha256, path)))?;
    let mut photographs = Vec::with_capacity(all.len());
    for (sha256, path) in all {
        let put = if redaction.is_some() { bundle.redraw(&sha256, &path) } else { bundle.original(&sha256, &path) };
        let (file, page) = match put? {
            Ok((file, page)) => (Some(file), page),
            Err(e) => {
                made.missing.push((path.clone(), e.message));
                (None, 1)
            }
        };
        made.photographs += usize::from(file.is_some());
        let path = redaction.is_none().then_some(path);
        photographs.push(Photograph { sha256, file, page, path });
    }
    let chain = copy.chain_head()?;
    let left_out = redaction.as_ref().map_or_else(Vec::new, |r| r.fields().iter().map(ToString::to_string).collect());
    let manifest = Manifest {
        schema: 1,
        what: "headstamp bundle".into(),
        at: setting.at.to_owned(),
        program: env!("CARGO_PKG_VERSION").into(),
        redacted: redaction.is_some(),
        left_out,
        proves: proves(redaction.is_some()),
        chain: chain.clone(),
        entries: made.entries,
        decisions,
        files: std::mem::take(&mut bundle.files),
        photographs,
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    let hash = hex::encode(Sha256::digest(&text));
    let signed = setting.key.map(|pem| Signed::new(&chain, &hash, setting.at, pem)).transpose()?;
    bundle.put(MANIFEST, &text[..], CompressionMethod::Deflated)?;
    let seal = serde_json::to_vec_pretty(&Seal { manifest: hash, signed })?;
    bundle.put(SEAL, &seal[..], CompressionMethod::Deflated)?;
    bundle.zip.finish()?;
    made.salts = redaction.map(|r| r.salts).unwrap_or_default();
    Ok(made)
}

/// What a bundle proves, in words.
fn proves(redacted: bool) -> Vec<String> {
    let whole = [
        "That no decision was changed, lost or put between others since the end of the chain was noted.",
        "That the entries are what follows from the decisions.",
        "That every photograph in it is byte for byte the one that was added.",
        "Not who made it, unless it is signed and you know the key.",
        "Not that decisions were right, nor that clocks were.",
    ];
    let redacted_ones = [
        "That every decision whose text is whole follows the hash before it.",
        "That the chain has as many decisions as it says, and ends as it says.",
        "Of a value that was left out, whoever has its salt can prove what it was: SHA-256 of salt, line feed and value.",
        "Not that a decision of which something was left out says what it says here: its text cannot be hashed again.",
        "Not that the photographs are those that were added: they are redrawn, in grey, without what was written into the files.",
        "Not who made it, unless it is signed and you know the key.",
    ];
    let these: &[&str] = if redacted { &redacted_ones } else { &whole };
    these.iter().map(|text| (*text).to_owned()).collect()
}

fn link(kept: Kept, redaction: Option<&mut Redaction>) -> Result<Link, BundleError> {
    let Kept { history, seq, hash, text, before } = kept;
    let whole =
        |text| Link { history, seq, before: before.clone(), hash: hash.clone(), text: Some(text), redacted: None };
    let Some(redaction) = redaction else { return Ok(whole(text)) };
    let (left, all) = redaction.left_of(&serde_json::from_str(&text)?)?;
    Ok(if all { whole(text) } else { Link { text: None, redacted: Some(left), ..whole(String::new()) } })
}

struct Bundle<W: Write + Seek> {
    zip: ZipWriter<W>,
    files: Vec<File>,
}

impl<W: Write + Seek> Bundle<W> {
    /// Puts a file into it, hashed as it is written.
    fn put(&mut self, name: &str, mut from: impl Read, method: CompressionMethod) -> Result<(), BundleError> {
        // larger than a plain ZIP may be is what a catalogue's photographs can be
        let options = SimpleFileOptions::default().compression_method(method).large_file(true);
        self.zip.start_file(name, options)?;
        let mut hashing = Hashing::new(&mut self.zip);
        io::copy(&mut from, &mut hashing)?;
        let (sha256, bytes) = hashing.finish();
        self.files.push(File { name: name.to_owned(), bytes, sha256 });
        Ok(())
    }

    fn holds(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    /// A photograph as it was added: its file, and which page of it.
    fn original(&mut self, sha256: &str, path: &str) -> Result<Result<(String, usize), PhotoError>, BundleError> {
        let named = Path::new(path);
        match photo::sha256(named) {
            Ok(found) if found == sha256 => {}
            Ok(_) => return Ok(Err(photo::altered(named))),
            Err(e) => return Ok(Err(e)),
        }
        let (file, page) = photo::file_and_page(named);
        // pages of one file are in it once: the first is known by the file's own hash
        let first = photo::sha256(&file).unwrap_or_else(|_| sha256.to_owned());
        let ending = file.extension().map_or_else(String::new, |e| format!(".{}", e.to_string_lossy().to_lowercase()));
        let name = format!("{PHOTOGRAPHS}{first}{ending}");
        if !self.holds(&name) {
            self.put(&name, std::fs::File::open(&file)?, CompressionMethod::Stored)?;
        }
        Ok(Ok((name, page)))
    }

    /// A photograph redrawn: upright, in grey, with nothing that was written into its file.
    fn redraw(&mut self, sha256: &str, path: &str) -> Result<Result<(String, usize), PhotoError>, BundleError> {
        let named = Path::new(path);
        let loaded = match photo::load(named) {
            Ok(photo) if photo.sha256 == sha256 => photo,
            Ok(_) => return Ok(Err(photo::altered(named))),
            Err(e) => return Ok(Err(e)),
        };
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&loaded.luma).map_err(io::Error::other)?;
        let name = format!("{PHOTOGRAPHS}{sha256}.jpg");
        if !self.holds(&name) {
            self.put(&name, &jpeg[..], CompressionMethod::Stored)?;
        }
        Ok(Ok((name, 1)))
    }
}
