//! A catalogue in one SQLite file: opening, migrating, transactions, copying. Only this folder knows tables and SQL.

mod beside;
mod chain;
mod outcome;
mod pack;
mod reading;
mod tables;
#[cfg(test)]
mod tests;
mod worklist;

use super::error::{CatalogueError, PATIENCE};
use super::store::Store;
use crate::output::{self, Existing, Made, OutputError};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tables::{APPLICATION, MIGRATIONS, Result, VERSION, version};
use uuid::Uuid;

/// A copy of a catalogue: never written over.
const COPY: Made = Made { name: "copy of a catalogue", begins: |_| false, lasting: true };

/// How long to wait at first, before it is asked whether files can be locked there at all.
const SOON: Duration = Duration::from_millis(100);
/// How often to ask again while another process holds the file.
const AGAIN: Duration = Duration::from_millis(20);
/// Prepared statements that are kept: all there are.
const STATEMENTS: usize = 64;

/// Memory for pages of the file, in KiB: ids lie scattered, and a large list is written in one transaction.
const CACHE: i64 = 32 << 10;

/// `head` of a photograph as a whole.
const NO_HEAD: i64 = -1;

impl From<OutputError> for CatalogueError {
    fn from(e: OutputError) -> Self {
        match e {
            OutputError::Io { source, .. } if output::no_room(&source) => Self::Full,
            OutputError::Io { source, .. } => Self::Io(source),
            refused => Self::Exists(refused.to_string()),
        }
    }
}

/// A catalogue's file.
#[derive(Debug)]
pub(in crate::catalogue) struct Sqlite {
    db: Connection,
    path: PathBuf,
}

impl Sqlite {
    /// Opens a file that is there, to write to it.
    pub(in crate::catalogue) fn open(path: &Path) -> Result<Self> {
        Self::open_as_it_is(path)?.ready()
    }

    /// Opens a file that is there, without setting anything in it unless its tables are older.
    pub(in crate::catalogue) fn open_as_it_is(path: &Path) -> Result<Self> {
        if !path.try_exists()? {
            return Err(CatalogueError::Missing);
        }
        beside::look(path)?;
        let mut new = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let from = version(&new.db)?;
        if from == 0 {
            return Err(CatalogueError::Foreign);
        }
        new.migrate(from, Uuid::nil)?;
        new.count_from_now()?;
        Ok(new)
    }

    /// Opens a file, or makes one whose own history gets this id.
    pub(in crate::catalogue) fn open_or_create(path: &Path, history: impl FnOnce() -> Uuid) -> Result<Self> {
        let there = path.try_exists()?;
        if there {
            beside::look(path)?;
        }
        let opened = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE);
        if !there && matches!(opened, Err(CatalogueError::NoLocks)) && path.metadata().is_ok_and(|m| m.len() == 0) {
            // the empty file that opening left
            std::fs::remove_file(path)?;
        }
        let mut new = opened?;
        let from = version(&new.db)?;
        new.migrate(from, history)?;
        new.count_from_now()?;
        new.ready()
    }

    /// Does not wait for the disk: in a test nothing is to outlive the machine.
    #[cfg(test)]
    pub(in crate::catalogue) fn hasty(self) -> Self {
        self.db.pragma_update(None, "synchronous", "off").unwrap();
        self
    }

    /// Where the file is.
    pub(in crate::catalogue) fn path(&self) -> &Path {
        &self.path
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self> {
        let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(SOON)?;
        // who cannot lock is told the same as who must wait, and would wait in vain
        if matches!(version(&db), Err(CatalogueError::Busy)) && !beside::locks(path) {
            return Err(CatalogueError::NoLocks);
        }
        Self::set_up(db, path)
    }

    /// A connection as the catalogue uses it.
    fn set_up(db: Connection, path: &Path) -> Result<Self> {
        db.busy_timeout(PATIENCE)?;
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "temp_store", "memory")?;
        db.pragma_update(None, "cache_size", -CACHE)?;
        pack::function(&db)?;
        Ok(Self { db, path: path.to_path_buf() })
    }

    /// Brings the tables to [`VERSION`].
    fn migrate(&mut self, from: usize, history: impl FnOnce() -> Uuid) -> Result<()> {
        if from == VERSION {
            return Ok(());
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // another process may have been faster
        let from = version(&tx)?;
        for step in &MIGRATIONS[from..] {
            tx.execute_batch(step)?;
        }
        if from == 0 {
            tx.execute("INSERT INTO histories (id, uid) VALUES (1, ?1)", [history().to_string()])?;
        }
        tx.pragma_update(None, "application_id", APPLICATION)?;
        tx.pragma_update(None, "user_version", VERSION as i64)?;
        tx.commit()?;
        Ok(())
    }

    fn count_from_now(&self) -> Result<()> {
        Ok(self.db.execute_batch(include_str!("tally.sql"))?)
    }

    /// Sets how it is written: readers and the writer do not wait for each other; what was acknowledged is on the disk.
    fn ready(self) -> Result<Self> {
        self.db.pragma_update(None, "synchronous", "full")?;
        let start = Instant::now();
        // SQLite does not wait by itself when the way of writing changes
        loop {
            let mode = |r: &rusqlite::Row| r.get::<_, String>(0);
            match self.db.query_row("PRAGMA journal_mode = wal", [], mode).map_err(CatalogueError::from) {
                Err(CatalogueError::Busy) if start.elapsed() < PATIENCE => std::thread::sleep(AGAIN),
                Err(e) => return Err(e),
                Ok(_) => return Ok(self),
            }
        }
    }
}

impl Store for Sqlite {
    fn begin(&mut self) -> Result<()> {
        Ok(self.db.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn commit(&mut self) -> Result<()> {
        Ok(self.db.execute_batch("COMMIT")?)
    }

    fn roll_back(&mut self) -> Result<()> {
        // some errors have ended the transaction already
        if self.db.is_autocommit() { Ok(()) } else { Ok(self.db.execute_batch("ROLLBACK")?) }
    }

    fn begin_reading(&self) -> Result<()> {
        Ok(self.db.execute_batch("SAVEPOINT reading")?)
    }

    fn end_reading(&self) -> Result<()> {
        Ok(self.db.execute_batch("RELEASE reading")?)
    }

    fn written_by_others(&self) -> Result<i64> {
        Ok(self.db.prepare_cached("PRAGMA data_version")?.query_row([], |r| r.get(0))?)
    }

    fn copy_to(&self, file: &Path) -> Result<()> {
        output::allowed(file, COPY, Existing::Refuse)?;
        let copy = output::beside(file)?;
        let mut db = Connection::open(copy.path())?;
        // what fails is thrown away whole: there is nothing to roll back to
        db.pragma_update(None, "journal_mode", "off")?;
        rusqlite::backup::Backup::new(&self.db, &mut db)?.run_to_completion(i32::MAX, AGAIN, None)?;
        db.pragma_update(None, "journal_mode", "delete")?;
        db.close().map_err(|(_, e)| e)?;
        Ok(output::place(copy, file, COPY, Existing::Refuse)?)
    }

    fn aside(&self) -> Result<Box<dyn Store>> {
        Ok(Box::new(Self::aside(self)?))
    }
}

/// The head of a place as it is kept.
fn number(head: Option<u32>) -> i64 {
    head.map_or(NO_HEAD, i64::from)
}

/// The head of a place from what is kept.
fn head(number: i64) -> Result<Option<u32>> {
    match number {
        NO_HEAD => Ok(None),
        n => u32::try_from(n).map(Some).map_err(|_| CatalogueError::damaged("the number of a head", n)),
    }
}

/// An id from what is kept.
fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| CatalogueError::damaged("an id", format!("`{text}`")))
}
