//! Models that a person took in: each set in a folder of its own among the user's data, and a file that names the one in use.
//! The networks of the program are never touched; without that file they are what reads.

use super::contract::Contract;
use super::store::{ModelOptions, needed};
use crate::error::Error;
use crate::output::{self, Existing, Made, OutputError};
use etcetera::BaseStrategy;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What the networks of the program are called among the versions.
pub const BUILT_IN: &str = "built-in";
/// The file of a set that says what it is.
const CARD: &str = "installed.json";
/// The file that names the set in use.
const IN_USE: &str = "in-use";
/// The calibrations that may lie beside networks.
const CONFIDENCE: &str = "headstamp-confidence.json";
/// Digits of a version: enough to tell the sets of a laptop apart.
const DIGITS: usize = 8;
/// Largest card, and largest file that names a version, in bytes.
const MOST: u64 = 1 << 20;
/// The form of cards.
const SCHEMA: u32 = 1;
/// What is written here, by its name; written over only as this program wrote it.
const MADE: Made = Made { name: "choice of models", begins: |_| true, lasting: true };

/// A set that was taken in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Version of the card's own form.
    pub schema: u32,
    /// What it is called: the beginning of the hash of its files.
    pub version: String,
    /// When it was taken in.
    pub installed: String,
    /// The folder that it came from.
    pub from: String,
    /// Name and version of every network, by kind.
    pub networks: BTreeMap<String, String>,
    /// SHA-256 of every file, by name.
    pub files: BTreeMap<String, String>,
    /// How it read beside the models that were in use then.
    pub figures: Value,
}

/// The sets that a user took in.
#[derive(Debug, Clone)]
pub struct Installed {
    root: PathBuf,
}

impl Installed {
    /// Those of whoever runs the program: in `headstamp/models` of the platform's folder for data (`XDG_DATA_HOME`, or
    /// `~/.local/share`). `None` where there is no such folder.
    pub fn of_user() -> Option<Self> {
        let data = etcetera::choose_base_strategy().ok()?.data_dir();
        Some(Self::at(&data.join("headstamp").join("models")))
    }

    /// Those in a folder.
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// The version in use; `None` where it is the program's own networks.
    pub fn in_use(&self) -> Result<Option<String>, Error> {
        let path = self.root.join(IN_USE);
        match read(&path) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).trim().to_owned()).filter(|v| v != BUILT_IN)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(needed(&format!("the choice of models {}", path.display()), &e, &way_back())),
        }
    }

    /// What reads: the set in use, checked, or the program's own networks.
    pub fn options(&self, onnxruntime: Option<PathBuf>) -> Result<ModelOptions, Error> {
        let Some(version) = self.in_use()? else { return Ok(ModelOptions { onnxruntime, ..ModelOptions::default() }) };
        let folder = self.checked(&version)?;
        Ok(ModelOptions { models_dir: Some(folder), onnxruntime, way_back: Some(way_back()) })
    }

    /// The folder of a set, if what lies there is what was taken in. Networks are held against their manifests when they are
    /// opened; here it is everything else.
    fn checked(&self, version: &str) -> Result<PathBuf, Error> {
        let what = format!("the models {version} in use");
        let card = self.card(version).map_err(|cause| needed(&what, &cause, &way_back()))?;
        let folder = self.root.join(&card.version);
        for (name, hash) in card.files.iter().filter(|(name, _)| !name.ends_with(".onnx")) {
            let path = folder.join(name);
            let found = fs::read(&path).map_err(|e| needed(&what, &format!("{}: {e}", path.display()), &way_back()))?;
            if hex::encode(Sha256::digest(&found)) != *hash {
                return Err(needed(&what, &format!("{} was changed since", path.display()), &way_back()));
            }
        }
        Ok(folder)
    }

    /// The card of a version.
    fn card(&self, version: &str) -> Result<Card, String> {
        if version.is_empty() || !version.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err("that is no version".into());
        }
        let path = self.root.join(version).join(CARD);
        let bytes = read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let card: Card = serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))?;
        if card.schema > SCHEMA {
            return Err(format!("{}: it was made by a newer program", path.display()));
        }
        let plain = |name: &String| !name.contains(['/', '\\']) && name.starts_with("headstamp-");
        if card.version != version || !card.files.keys().all(plain) {
            return Err(format!("{}: it was changed since", path.display()));
        }
        Ok(card)
    }

    /// All sets, the oldest first, and what was wrong with others.
    pub fn all(&self) -> (Vec<Card>, Vec<String>) {
        let names = fs::read_dir(&self.root).into_iter().flatten().flatten().filter(|e| e.path().is_dir());
        let names: Vec<String> = names.filter_map(|e| e.file_name().into_string().ok()).collect();
        let (mut cards, mut faults) = (Vec::new(), Vec::new());
        for name in names.iter().filter(|n| !n.starts_with('.')) {
            match self.card(name) {
                Ok(card) => cards.push(card),
                Err(fault) => faults.push(fault),
            }
        }
        cards.sort_by(|a, b| (&a.installed, &a.version).cmp(&(&b.installed, &b.version)));
        faults.sort();
        (cards, faults)
    }

    /// Takes in the set in a folder, which was checked and compared; it is not in use by that.
    pub fn take(
        &self,
        from: &Path,
        contracts: &[&Contract],
        networks: BTreeMap<String, String>,
        figures: Value,
    ) -> Result<Card, Error> {
        let unreadable =
            |path: &Path, e: &io::Error| needed(&format!("model file {}", path.display()), e, "take another folder");
        let mut names: Vec<String> =
            contracts.iter().flat_map(|c| ["json", "onnx"].map(|end| format!("headstamp-{}.{end}", c.kind))).collect();
        if from.join(CONFIDENCE).exists() {
            names.push(CONFIDENCE.to_owned());
        }
        let (mut files, mut all, mut held) = (BTreeMap::new(), Sha256::new(), Vec::new());
        for name in names {
            let path = from.join(&name);
            let bytes = fs::read(&path).map_err(|e| unreadable(&path, &e))?;
            let hash = hex::encode(Sha256::digest(&bytes));
            all.update(&hash);
            held.push((name.clone(), bytes));
            files.insert(name, hash);
        }
        let version: String = hex::encode(all.finalize()).chars().take(DIGITS).collect();
        let card = Card {
            schema: SCHEMA,
            version: version.clone(),
            installed: Timestamp::now().to_string(),
            from: from.display().to_string(),
            networks,
            files,
            figures,
        };
        let told = serde_json::to_vec_pretty(&card).unwrap_or_default();
        output::make_folder(&self.root).map_err(OutputError::into_error)?;
        let cannot = |source: io::Error| Error::Write { what: format!("into {}", self.root.display()), source };
        // whole or not at all: filled beside, then given its name
        let beside = tempfile::Builder::new().prefix(".headstamp-").tempdir_in(&self.root).map_err(cannot)?;
        for (name, bytes) in held.iter().map(|(n, b)| (n.as_str(), b)).chain([(CARD, &told)]) {
            output::write(&beside.path().join(name), bytes, MADE, Existing::Refuse).map_err(OutputError::into_error)?;
        }
        let target = self.root.join(&version);
        if target.exists() {
            // the very same files, perhaps damaged since: they give way
            fs::remove_dir_all(&target).map_err(cannot)?;
        }
        fs::rename(beside.keep(), &target).map_err(cannot)?;
        Ok(card)
    }

    /// Puts a version to use: one that was taken in, by the beginning of its name, or [`BUILT_IN`]. Says which.
    pub fn choose(&self, version: &str) -> Result<String, Error> {
        let chosen = if version == BUILT_IN {
            BUILT_IN.to_owned()
        } else {
            let (cards, _) = self.all();
            let mut fits =
                cards.into_iter().map(|c| c.version).filter(|v| !version.is_empty() && v.starts_with(version));
            match (fits.next(), fits.next()) {
                (Some(one), None) => one,
                (Some(_), Some(_)) => return Err(Error::Usage(format!("several versions begin with {version}"))),
                _ => {
                    return Err(Error::Usage(format!(
                        "there is no version {version}; `headstamp model list` names them"
                    )));
                }
            }
        };
        if chosen != BUILT_IN {
            self.checked(&chosen)?;
        }
        output::make_folder(&self.root).map_err(OutputError::into_error)?;
        output::write(&self.root.join(IN_USE), format!("{chosen}\n").as_bytes(), MADE, Existing::ReplaceEarlier)
            .map_err(OutputError::into_error)?;
        Ok(chosen)
    }
}

/// What to do where the set in use cannot be used.
fn way_back() -> String {
    format!(
        "go back by `headstamp model use {BUILT_IN}`, or to another version of `headstamp model list`; `headstamp model install` takes it in anew"
    )
}

/// A small file.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST { Err(io::Error::other("it is too large")) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::super::contract::tests::CONTRACT;
    use super::*;

    fn set(folder: &Path, bytes: &[u8]) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("headstamp-counter.json"), b"{}").unwrap();
        fs::write(folder.join("headstamp-counter.onnx"), bytes).unwrap();
    }

    fn take(installed: &Installed, from: &Path) -> Card {
        installed.take(from, &[&CONTRACT], BTreeMap::new(), Value::Null).unwrap()
    }

    #[test]
    fn a_set_is_taken_in_used_and_left_again() {
        let folder = tempfile::tempdir().unwrap();
        let installed = Installed::at(&folder.path().join("data/models"));
        assert_eq!(installed.in_use().unwrap(), None);
        assert!(installed.options(None).unwrap().models_dir.is_none());
        set(&folder.path().join("one"), b"1");
        set(&folder.path().join("two"), b"2");
        let (one, two) = (take(&installed, &folder.path().join("one")), take(&installed, &folder.path().join("two")));
        assert_ne!(one.version, two.version);
        assert_eq!(installed.in_use().unwrap(), None, "taken in is not in use");
        assert_eq!(installed.choose(&one.version).unwrap(), one.version);
        assert_eq!(installed.choose(&two.version[..5]).unwrap(), two.version);
        let options = installed.options(None).unwrap();
        assert_eq!(fs::read(options.models_dir.unwrap().join("headstamp-counter.onnx")).unwrap(), b"2");
        assert!(installed.choose("zz").unwrap_err().to_string().contains("model list"));
        assert!(installed.choose("../two").is_err());
        installed.choose(BUILT_IN).unwrap();
        assert_eq!(installed.in_use().unwrap(), None);
        assert_eq!(installed.all().0.len(), 2, "what was taken in stays");
    }

    #[test]
    fn what_was_changed_is_refused_with_the_way_back() {
        let folder = tempfile::tempdir().unwrap();
        let installed = Installed::at(&folder.path().join("models"));
        set(&folder.path().join("one"), b"1");
        let card = take(&installed, &folder.path().join("one"));
        installed.choose(&card.version).unwrap();
        let manifest = folder.path().join("models").join(&card.version).join("headstamp-counter.json");
        fs::write(&manifest, b"{ }").unwrap();
        let told = installed.options(None).unwrap_err().to_string();
        assert!(told.contains("was changed since") && told.contains("model use built-in"), "{told}");
        fs::remove_file(&manifest).unwrap();
        assert!(installed.options(None).is_err());
        installed.choose(BUILT_IN).unwrap();
        assert!(installed.options(None).is_ok());
        // taken in anew, it is whole again
        take(&installed, &folder.path().join("one"));
        assert!(installed.choose(&card.version).is_ok() && installed.options(None).is_ok());
        fs::write(folder.path().join("models/in-use"), "../../etc").unwrap();
        assert!(installed.options(None).unwrap_err().to_string().contains("no version"));
    }
}
