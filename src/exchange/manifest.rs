//! What is in a bundle, and what it proves.

use super::sign::Signed;
use crate::catalogue::ChainHead;
use serde::{Deserialize, Serialize};

/// Names in a bundle.
pub const MANIFEST: &str = "manifest.json";
/// The seal: the hash of the manifest, signed perhaps.
pub const SEAL: &str = "seal.json";
/// A copy of the catalogue, in bundles that are whole.
pub const CATALOGUE: &str = "bundle.catalogue";
/// Every link of the chain, a JSON object a line.
pub const CHAIN: &str = "chain.jsonl";
/// Every entry, a JSON object a line.
pub const ENTRIES: &str = "entries.jsonl";
/// The folder of photographs.
pub const PHOTOGRAPHS: &str = "photographs/";

/// What is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the bundle.
    pub schema: u32,
    /// What this is: `headstamp bundle`.
    pub what: String,
    /// When it was made.
    pub at: String,
    /// Version of the program that made it.
    pub program: String,
    /// Whether something was left out on purpose.
    pub redacted: bool,
    /// Fields that were left out; each value is a salted SHA-256 instead.
    pub left_out: Vec<String>,
    /// What the bundle proves, and what it does not, in words.
    pub proves: Vec<String>,
    /// The end of the catalogue's own history.
    pub chain: ChainHead,
    /// Entries, and decisions.
    pub entries: u64,
    /// Decisions of all histories.
    pub decisions: u64,
    /// Every file beside this one and the seal.
    pub files: Vec<File>,
    /// Photographs of the catalogue.
    pub photographs: Vec<Photograph>,
}

/// A file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name in the bundle.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A photograph of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photograph {
    /// SHA-256 by which the catalogue knows it.
    pub sha256: String,
    /// The file that shows it; none where the original was not to be had.
    pub file: Option<String>,
    /// Which page of that file.
    pub page: usize,
    /// Where it was, as it was named; left out of what is redacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What a manifest is held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// SHA-256 of the manifest.
    pub manifest: String,
    /// The end of the chain and this hash, signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

/// A link as it stands in the chain of a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The history.
    pub history: uuid::Uuid,
    /// Its place there.
    pub seq: u64,
    /// The hash that it follows.
    pub before: String,
    /// Its hash: SHA-256 of `before`, a line feed and the text.
    pub hash: String,
    /// The text that was hashed; none where something in it was left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What of the text is left, where something was left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<serde_json::Value>,
}
