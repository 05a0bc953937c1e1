//! Driving the program as its users do: arguments in, exit status and output out.
//!
//! ```text
//! let folder = Folder::new();
//! let photos = folder.renders("photos", ["--count", "2", "--seed", "8"]);
//! headstamp(["read", "--json"]).arg(&photos).success().records();
//! headstamp(["status", "--catalogue", "none"]).status(3).complains("no such file");
//! ```

// each test binary has its own copy of this module, and uses what it needs of it
#![allow(dead_code, unreachable_pub)]

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longest that the program may take in a test: one that hangs fails instead of keeping all others waiting.
const PATIENCE: Duration = Duration::from_secs(300);

/// The program with these arguments, to be run.
pub fn headstamp<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headstamp"));
    // the same everywhere: the built-in engine and models, and text of one width without colours
    command.env_remove("ORT_DYLIB_PATH").env("COLUMNS", "100").env("NO_COLOR", "1");
    command.env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-data"));
    command.args(args);
    Run { command, stdin: String::new() }
}

/// The samples that come with the program.
pub fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// The program's models in a new folder, with the recogniser's file changed, its manifest made to fit, and another version.
pub fn other_models(to: &Path, version: &str, change: impl Fn(&mut Vec<u8>)) -> PathBuf {
    fs::create_dir(to).unwrap();
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for file in fs::read_dir(&models).unwrap().map(|e| e.unwrap().path()) {
        let name = file.file_name().unwrap();
        if name.to_string_lossy().starts_with("headstamp-") {
            fs::copy(&file, to.join(name)).unwrap();
        }
    }
    let (onnx, json) = (to.join("headstamp-recogniser.onnx"), to.join("headstamp-recogniser.json"));
    let mut bytes = fs::read(&onnx).unwrap();
    change(&mut bytes);
    let mut manifest: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    manifest["sha256"] = hex::encode(Sha256::digest(&bytes)).into();
    manifest["version"] = version.into();
    fs::write(&onnx, bytes).unwrap();
    fs::write(&json, manifest.to_string()).unwrap();
    to.to_path_buf()
}

/// The same weights in a file that names another maker: another network by its hash that reads alike.
pub fn models_that_read_alike(to: &Path, version: &str) -> PathBuf {
    other_models(to, version, |bytes| {
        let at = bytes.windows(7).position(|w| w == b"pytorch").unwrap();
        bytes[at..at + 7].copy_from_slice(b"another");
    })
}

/// The program, about to be run.
pub struct Run {
    command: Command,
    stdin: String,
}

impl Run {
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// With a variable of its environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Started by another command, which is given the program and its arguments at its end.
    pub fn through<A: AsRef<OsStr>>(self, by: impl IntoIterator<Item = A>) -> Self {
        let mut by = by.into_iter();
        let mut command = Command::new(by.next().unwrap());
        command.args(by).arg(self.command.get_program()).args(self.command.get_args());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self { command, ..self }
    }

    /// What it is given on standard input, of which it need not read all.
    pub fn stdin(mut self, text: impl Into<String>) -> Self {
        self.stdin = text.into();
        self
    }

    /// Runs it; it must end with status 0.
    pub fn success(self) -> Said {
        self.status(0)
    }

    /// Runs it; it must end with this status.
    pub fn status(self, code: i32) -> Said {
        let called = format!("{:?}", self.command);
        let output =
            assert_cmd::Command::from_std(self.command).write_stdin(self.stdin).timeout(PATIENCE).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        let said = Said { out: text(output.stdout), err: text(output.stderr) };
        assert_eq!(output.status.code(), Some(code), "{called}\n{}\n{}", said.out, said.err);
        said
    }

    /// Starts it, with pipes to standard input and from standard output.
    pub fn spawn(mut self) -> Child {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
    }
}

/// What it said.
#[derive(Debug)]
pub struct Said {
    /// On standard output.
    pub out: String,
    /// On standard error.
    pub err: String,
}

impl Said {
    /// Standard output holds this.
    pub fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text), "`{text}` is not in\n{}", self.out);
        self
    }

    /// Standard output is empty.
    pub fn says_nothing(self) -> Self {
        assert_eq!(self.out, "");
        self
    }

    /// Standard error holds this.
    pub fn complains(self, text: &str) -> Self {
        assert!(self.err.contains(text), "`{text}` is not in\n{}", self.err);
        self
    }

    /// Standard output as one JSON value.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}:\n{}", self.out))
    }

    /// Standard output as one JSON value a line.
    pub fn records(&self) -> Vec<Value> {
        self.out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
    }
}

/// A folder that goes with the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// Something in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file in it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Renders photographs into a folder in it.
    pub fn renders<'a>(&self, name: &str, args: impl IntoIterator<Item = &'a str>) -> PathBuf {
        let path = self.path(name);
        headstamp(["synth", "--quiet"]).args(args).arg("--out").arg(&path).success();
        path
    }

    /// Names of what is in it, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root()).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}
