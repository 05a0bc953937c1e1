//! The file: opening, migrating, copying.

use crate::error::Error;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Marks the file as a catalogue: `HdSt`.
const APPLICATION: i32 = 0x4864_5374;
/// Version of the tables; each migration leads from the one before.
const VERSION: usize = MIGRATIONS.len();
const MIGRATIONS: [&str; 1] = [include_str!("schema.sql")];
/// How long to wait while another process holds the file.
const PATIENCE: Duration = Duration::from_secs(20);

/// What can go wrong with a catalogue.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// The file is something else.
    #[error("the file is no catalogue of headstamp")]
    Foreign,
    /// A newer program made it.
    #[error("it was made by a newer version of headstamp (tables {0}; this one knows {VERSION})")]
    Newer(usize),
    /// Another process did not let go of it.
    #[error("another process held it for more than {} seconds", PATIENCE.as_secs())]
    Busy,
    /// A link of the history does not follow from the one before.
    #[error("history {history}: link {seq} {cause}")]
    Broken {
        /// Whose history.
        history: String,
        /// Which link.
        seq: u64,
        /// What is wrong.
        cause: String,
    },
    /// Something that was asked for is not there.
    #[error("{0}")]
    Absent(String),
    /// A row cannot be understood.
    #[error("a row cannot be understood: {0}")]
    Row(#[from] serde_json::Error),
    /// SQLite.
    #[error("{0}")]
    Sqlite(rusqlite::Error),
    /// A file beside it.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for CatalogueError {
    fn from(e: rusqlite::Error) -> Self {
        match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            _ => Self::Sqlite(e),
        }
    }
}

impl CatalogueError {
    /// As an error of a command, with what can be done.
    pub fn at(self, path: &Path) -> Error {
        let hint = match &self {
            Self::Missing => Some("`headstamp add` makes one"),
            Self::Newer(_) => Some("use that version, or a newer one"),
            Self::Busy => Some("try again when it is done"),
            Self::Broken { .. } => Some("do not go on with this file; compare it with a backup"),
            Self::Absent(_) | Self::Foreign => None,
            Self::Row(_) | Self::Sqlite(_) => Some("keep the file as it is, and go on with a copy or a backup"),
            Self::Io(_) => None,
        };
        Error::Needed {
            what: format!("catalogue {}", path.display()),
            cause: self.to_string(),
            hint: hint.map(str::to_owned),
        }
    }
}

/// An open catalogue.
#[derive(Debug)]
pub struct Catalogue {
    pub(super) db: Connection,
    path: PathBuf,
}

impl Catalogue {
    /// Opens a catalogue that is there.
    pub fn open(path: &Path) -> Result<Self, CatalogueError> {
        Self::open_as_it_is(path)?.ready()
    }

    /// Opens a catalogue that is there, without setting anything in it unless its tables are older.
    pub(super) fn open_as_it_is(path: &Path) -> Result<Self, CatalogueError> {
        if !path.exists() {
            return Err(CatalogueError::Missing);
        }
        let mut new = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if version(&new.db)? == 0 {
            return Err(CatalogueError::Foreign);
        }
        migrate(&mut new.db)?;
        Ok(new)
    }

    /// Opens a catalogue, or makes an empty one.
    pub fn open_or_create(path: &Path) -> Result<Self, CatalogueError> {
        let mut new = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        migrate(&mut new.db)?;
        new.ready()
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, CatalogueError> {
        let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(PATIENCE)?;
        db.pragma_update(None, "foreign_keys", true)?;
        Ok(Self { db, path: path.to_path_buf() })
    }

    /// Sets how it is written: readers and the writer do not wait for each other; what was acknowledged is on the disk.
    fn ready(self) -> Result<Self, CatalogueError> {
        self.db.pragma_update(None, "synchronous", "full")?;
        let start = Instant::now();
        // SQLite does not wait by itself when the way of writing changes
        loop {
            let mode = |r: &rusqlite::Row| r.get::<_, String>(0);
            match self.db.query_row("PRAGMA journal_mode = wal", [], mode).map_err(CatalogueError::from) {
                Err(CatalogueError::Busy) if start.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(20))
                }
                Err(e) => return Err(e),
                Ok(_) => return Ok(self),
            }
        }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a consistent copy to a new file while the catalogue is in use.
    pub fn backup(&self, to: &Path) -> Result<(), CatalogueError> {
        if to.exists() {
            return Err(CatalogueError::Absent(format!("{} is there already; name a new file", to.display())));
        }
        let copy = || -> Result<(), CatalogueError> {
            let mut db = Connection::open(to)?;
            rusqlite::backup::Backup::new(&self.db, &mut db)?.run_to_completion(
                i32::MAX,
                Duration::from_millis(20),
                None,
            )?;
            db.pragma_update(None, "journal_mode", "delete")?;
            db.close().map_err(|(_, e)| e)?;
            std::fs::File::open(to)?.sync_all()?;
            Ok(())
        };
        copy().inspect_err(|_| drop(std::fs::remove_file(to)))
    }

    pub(super) fn begin(&mut self) -> Result<rusqlite::Transaction<'_>, CatalogueError> {
        Ok(self.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

/// Version of the tables; 0 where there are none yet.
fn version(db: &Connection) -> Result<usize, CatalogueError> {
    let number = |name: &str| db.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    match usize::try_from(version) {
        Ok(0) if application == 0 && tables == 0 => Ok(0),
        Ok(v) if application == i64::from(APPLICATION) && v > VERSION => Err(CatalogueError::Newer(v)),
        Ok(v) if application == i64::from(APPLICATION) && v > 0 => Ok(v),
        _ => Err(CatalogueError::Foreign),
    }
}

/// Brings the tables to [`VERSION`].
fn migrate(db: &mut Connection) -> Result<(), CatalogueError> {
    if version(db)? == VERSION {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // another process may have been faster
    let from = version(&tx)?;
    for step in &MIGRATIONS[from..] {
        tx.execute_batch(step)?;
    }
    if from == 0 {
        tx.execute("INSERT INTO histories (id, uid) VALUES (1, ?1)", [uuid::Uuid::new_v4().to_string()])?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", VERSION as i64)?;
    tx.commit()?;
    Ok(())
}
