//! The one way in which files are written: beside the target, synced, then given its name, so that a file is there whole
//! or not at all. Nothing that is there is written over, save, where that is asked for, what this program made before.

use crate::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Bytes at the start of a file by which it is known.
const START: usize = 4096;
/// Start of the names under which unfinished files lie beside their targets.
const UNFINISHED: &str = ".headstamp-";

/// What may become of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the new one is refused.
    Refuse,
    /// It gives way if it is an earlier output of the same kind.
    ReplaceEarlier,
}

impl Existing {
    /// As `--force` says.
    pub fn forced(force: bool) -> Self {
        if force { Self::ReplaceEarlier } else { Self::Refuse }
    }
}

/// A kind of output.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// What it is called in messages, as in "an earlier export".
    pub name: &'static str,
    /// Whether a file that begins so is one that this program made.
    pub begins: fn(&[u8]) -> bool,
    /// Whether it is worth waiting until it is on the disk.
    pub lasting: bool,
}

/// Why an output cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// Something is there, and nobody asked for it to be replaced.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// Something is there that this program did not make, or that is no such output.
    #[error("{} is there already and is {what}: it is never written over", path.display())]
    Foreign {
        /// The target.
        path: PathBuf,
        /// What it is, as far as can be told.
        what: String,
    },
    /// It could not be written. Nothing is left of it.
    #[error("{}: {}", path.display(), Cause(source))]
    Io {
        /// The target.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl OutputError {
    /// As an error of a command, with what can be done: what is refused was asked for wrongly.
    pub fn into_error(self) -> Error {
        let hint = self.hint();
        match self {
            Self::Io { path, source } => Error::Write {
                what: path.display().to_string(),
                source: io::Error::new(source.kind(), format!("{}; {hint}", Cause(&source))),
            },
            refused => Error::Usage(format!("{refused}; {hint}")),
        }
    }

    /// What a user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Exists(_) => "name a new file, or say --force to replace an earlier output",
            Self::Foreign { .. } => "name a new file",
            Self::Io { source, .. } if no_room(source) => "make room on the drive, or name a place on another",
            Self::Io { .. } => "name a place where files can be written",
        }
    }
}

impl From<OutputError> for io::Error {
    fn from(e: OutputError) -> Self {
        match e {
            OutputError::Io { source, .. } => source,
            refused => Self::new(io::ErrorKind::AlreadyExists, refused),
        }
    }
}

/// Whether there was no room: the drive is full, or a quota or the greatest size of a file is reached.
pub fn no_room(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

struct Cause<'a>(&'a io::Error);

impl fmt::Display for Cause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if no_room(self.0) { f.write_str("there is no room left") } else { self.0.fmt(f) }
    }
}

/// A file that is being written. Dropped unfinished, it leaves nothing.
#[derive(Debug)]
pub struct Output {
    file: BufWriter<NamedTempFile>,
    target: PathBuf,
    made: Made,
    existing: Existing,
}

impl Output {
    /// Begins a file. What is there is looked at first, so that a run which would end in vain fails early.
    pub fn create(target: &Path, made: Made, existing: Existing) -> Result<Self, OutputError> {
        allowed(target, made, existing)?;
        let file = beside(target).map_err(|source| OutputError::Io { path: target.to_path_buf(), source })?;
        Ok(Self { file: BufWriter::new(file), target: target.to_path_buf(), made, existing })
    }

    /// Lets it be there: synced to the disk, then named.
    pub fn finish(self) -> Result<(), OutputError> {
        let Self { file, target, made, existing } = self;
        let failed = |source| OutputError::Io { path: target.clone(), source };
        let file = file.into_inner().map_err(|e| failed(e.into_error()))?;
        place(file, &target, made, existing)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Output {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Writes a whole file.
pub fn write(target: &Path, bytes: &[u8], made: Made, existing: Existing) -> Result<(), OutputError> {
    let mut output = Output::create(target, made, existing)?;
    output.write_all(bytes).map_err(|source| OutputError::Io { path: target.to_path_buf(), source })?;
    output.finish()
}

/// Writes a whole new file that its owner alone may read.
pub fn write_private(target: &Path, bytes: &[u8], made: Made) -> Result<(), OutputError> {
    let io = |source| OutputError::Io { path: target.to_path_buf(), source };
    allowed(target, made, Existing::Refuse)?;
    // as temporary files are made: for the owner alone
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder(target)).map_err(io)?;
    file.write_all(bytes).map_err(io)?;
    place(file, target, made, Existing::Refuse)
}

/// An unfinished file in the folder of its target, with permissions by the umask.
pub fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(folder(target))
}

/// Makes a folder for outputs, if it is not there.
pub fn make_folder(folder: &Path) -> Result<(), OutputError> {
    if fs::metadata(folder).is_ok_and(|there| !there.is_dir()) {
        return Err(OutputError::Foreign { path: folder.to_path_buf(), what: "no folder".into() });
    }
    fs::create_dir_all(folder).map_err(|source| OutputError::Io { path: folder.to_path_buf(), source })
}

/// Whether a target may be written, as far as can be told beforehand.
pub fn allowed(target: &Path, made: Made, existing: Existing) -> Result<(), OutputError> {
    let metadata = match fs::symlink_metadata(target) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) if e.kind() == io::ErrorKind::NotADirectory => {
            return Err(OutputError::Foreign { path: folder(target).to_path_buf(), what: "no folder".into() });
        }
        Err(source) => return Err(OutputError::Io { path: target.to_path_buf(), source }),
        Ok(metadata) => metadata,
    };
    let foreign = |what: &str| OutputError::Foreign { path: target.to_path_buf(), what: what.to_owned() };
    if metadata.is_dir() {
        return Err(foreign("a folder"));
    }
    if !metadata.is_file() {
        return Err(foreign("a link or a device"));
    }
    let start = start(target).map_err(|source| OutputError::Io { path: target.to_path_buf(), source })?;
    // empty files are nobody's work: a spreadsheet or `mktemp` leaves them
    let earlier = (made.begins)(&start) || start.is_empty();
    match existing {
        _ if !earlier => Err(foreign(&format!("no earlier {}", made.name))),
        Existing::Refuse => Err(OutputError::Exists(target.to_path_buf())),
        Existing::ReplaceEarlier => Ok(()),
    }
}

/// Gives an unfinished file that is written the name of its target.
pub fn place(file: NamedTempFile, target: &Path, made: Made, existing: Existing) -> Result<(), OutputError> {
    if made.lasting {
        file.as_file().sync_all().map_err(|source| OutputError::Io { path: target.to_path_buf(), source })?;
    }
    let persisted = match existing {
        Existing::Refuse => file.persist_noclobber(target),
        Existing::ReplaceEarlier => {
            // it may have become something else meanwhile
            allowed(target, made, existing)?;
            file.persist(target)
        }
    };
    match persisted {
        Ok(_) if made.lasting => sync_folder(target),
        Ok(_) => Ok(()),
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => Err(OutputError::Exists(target.to_path_buf())),
        Err(e) => Err(OutputError::Io { path: target.to_path_buf(), source: e.error }),
    }
}

/// The name itself is on the disk only with its folder, where folders can be synced.
fn sync_folder(target: &Path) -> Result<(), OutputError> {
    #[cfg(unix)]
    match File::open(folder(target)).and_then(|f| f.sync_all()) {
        // some drives do not sync folders
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {}
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {}
        Err(source) => return Err(OutputError::Io { path: target.to_path_buf(), source }),
        Ok(()) => {}
    }
    #[cfg(not(unix))]
    let _ = target;
    Ok(())
}

fn folder(target: &Path) -> &Path {
    target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn start(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(START as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Made = Made { name: "list", begins: |start| start.starts_with(b"head,"), lasting: true };

    fn left(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn it_is_there_whole_or_not_at_all_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        let mut output = Output::create(&target, LIST, Existing::Refuse).unwrap();
        output.write_all(b"head,").unwrap();
        assert!(!target.exists());
        drop(output);
        assert_eq!(left(folder.path()), [""; 0]);
        write(&target, b"head,stamp\n", LIST, Existing::Refuse).unwrap();
        assert_eq!(left(folder.path()), ["a.csv"]);
        assert_eq!(fs::read(&target).unwrap(), b"head,stamp\n");
    }

    #[test]
    fn what_is_there_stays_unless_it_is_an_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        write(&target, b"head,1", LIST, Existing::Refuse).unwrap();
        assert!(matches!(write(&target, b"head,2", LIST, Existing::Refuse), Err(OutputError::Exists(_))));
        write(&target, b"head,2", LIST, Existing::ReplaceEarlier).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"head,2");
        for foreign in [&b"\xff\xd8\xff\xe0 a photograph"[..], b"SQLite format 3\0", b"my own notes"] {
            fs::write(&target, foreign).unwrap();
            for existing in [Existing::Refuse, Existing::ReplaceEarlier] {
                assert!(matches!(write(&target, b"head,3", LIST, existing), Err(OutputError::Foreign { .. })));
            }
            assert_eq!(fs::read(&target).unwrap(), foreign);
        }
        assert!(matches!(allowed(folder.path(), LIST, Existing::ReplaceEarlier), Err(OutputError::Foreign { .. })));
    }

    /// Somebody else makes the file while ours is being written.
    #[test]
    fn what_comes_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        let ours = Output::create(&target, LIST, Existing::Refuse).unwrap();
        fs::write(&target, "head,theirs").unwrap();
        assert!(matches!(ours.finish(), Err(OutputError::Exists(_))));
        fs::remove_file(&target).unwrap();
        let ours = Output::create(&target, LIST, Existing::ReplaceEarlier).unwrap();
        fs::write(&target, "theirs").unwrap();
        assert!(matches!(ours.finish(), Err(OutputError::Foreign { .. })));
        assert_eq!(fs::read(&target).unwrap(), b"theirs");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_and_others_may_read_as_the_umask_says() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (target, photograph) = (folder.path().join("a.csv"), folder.path().join("evidence.jpg"));
        fs::write(&photograph, "head,evidence").unwrap();
        std::os::unix::fs::symlink(&photograph, &target).unwrap();
        assert!(matches!(write(&target, b"head,", LIST, Existing::ReplaceEarlier), Err(OutputError::Foreign { .. })));
        let (ours, plain) = (folder.path().join("b.csv"), folder.path().join("c.csv"));
        write(&ours, b"head,", LIST, Existing::Refuse).unwrap();
        fs::write(&plain, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }
}
