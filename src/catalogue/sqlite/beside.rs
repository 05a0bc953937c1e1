//! What lies beside a catalogue's file, looked at before SQLite opens it: SQLite would take in whatever bears the right name.

use super::tables::{Result, head_of, version};
use crate::catalogue::error::CatalogueError;
use crate::output;
use rusqlite::{Connection, OpenFlags};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How a rollback journal begins that is not done with (<https://www.sqlite.org/fileformat2.html#the_rollback_journal>).
const HOT: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// Where the counter of changes stands on a file's first page.
const COUNTER: usize = 24;
/// Files beyond this are not looked through page by page, in bytes.
const LARGE: u64 = 256 << 20;
/// Records of a journal among which that of the first page is looked for.
const RECORDS: u64 = 10_000;

/// The file beside another whose name ends so.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Whether something lies there and is not empty.
pub(super) fn holds_something(path: &Path) -> bool {
    path.metadata().is_ok_and(|m| m.len() > 0)
}

/// Refuses a journal or a log of changes beside a file that belongs to another file. Nothing is changed.
pub(super) fn look(path: &Path) -> Result<()> {
    let journal = beside(path, "-journal");
    if holds_something(&journal) && !is_own_journal(path, &journal)? {
        return Err(foreign(journal, "is what an interrupted write of another file left"));
    }
    let wal = beside(path, "-wal");
    if holds_something(&wal) {
        log_goes_on(path, wal)?;
    }
    Ok(())
}

fn foreign(file: PathBuf, cause: &'static str) -> CatalogueError {
    CatalogueError::Beside { file, cause }
}

/// Whether a rollback journal is of this very file: it holds the file's first page as it was one change ago, or now.
fn is_own_journal(path: &Path, journal: &Path) -> Result<bool> {
    let mut head = [0u8; 28];
    let mut from = File::open(journal)?;
    if from.read_exact(&mut head).is_err() || head[..8] != HOT {
        return Ok(true); // SQLite passes it over
    }
    let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (pages, sector, page) = (number(16), number(20), number(24));
    if pages == 0 {
        // of a file that was just being made: it would be made empty again
        return Ok(!holds_data(path));
    }
    let mut now = [0u8; COUNTER + 4];
    File::open(path)?.read_exact(&mut now)?;
    let counter = |of: &[u8]| of[COUNTER..].iter().fold(0u32, |n, b| n << 8 | u32::from(*b));
    for record in 0..RECORDS {
        let at = u64::from(sector) + record * (u64::from(page) + 8);
        let mut start = [0u8; 4 + COUNTER + 4];
        from.seek(SeekFrom::Start(at))?;
        match from.read_exact(&mut start) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            Err(e) => return Err(e.into()),
            Ok(()) if start[..4] == 1u32.to_be_bytes() => {
                let before = counter(&start[4..]);
                return Ok(counter(&now) == before || counter(&now) == before.wrapping_add(1));
            }
            Ok(()) => {}
        }
    }
    Ok(false)
}

/// Whether a file, as it is, is a catalogue in which something stands.
fn holds_data(path: &Path) -> bool {
    let some = |db: &Connection| {
        db.query_row("SELECT EXISTS (SELECT 1 FROM photographs) OR EXISTS (SELECT 1 FROM decisions)", [], |r| r.get(0))
    };
    as_it_is(path).and_then(|db| Ok(some(&db)?)).unwrap_or(false)
}

/// Whether what a log says goes on from what the file holds: links are never taken back, so that the last one in the file
/// is there with the log too.
fn log_goes_on(path: &Path, wal: PathBuf) -> Result<()> {
    // a file that is being written to, or was when the power failed, may not be readable alone: its log makes it whole
    let Ok(alone) = as_it_is(path).and_then(|db| head_of(&db)) else { return Ok(()) };
    let with = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    with.busy_timeout(Duration::from_secs(1))?;
    let another = "belongs to another file, or to this one as it was before";
    match head_of(&with) {
        Err(CatalogueError::Busy | CatalogueError::Denied(_)) => Ok(()),
        Err(_) => Err(foreign(wal, another)),
        Ok(whole) => {
            let there = |seq: u64| {
                let sql = "SELECT hash FROM decisions WHERE history = 1 AND seq = ?1";
                with.query_row(sql, [seq as i64], |r| r.get::<_, String>(0)).ok()
            };
            let goes_on = whole.0 == alone.0 && alone.1.is_none_or(|(seq, hash)| there(seq) == Some(hash));
            // pages of another file fit nowhere; looking at all of them takes long in a large one
            let sound = || path.metadata().is_ok_and(|m| m.len() > LARGE) || is_sound(&with);
            if goes_on && sound() { Ok(()) } else { Err(foreign(wal, another)) }
        }
    }
}

/// Whether all pages of a file hang together.
fn is_sound(db: &Connection) -> bool {
    db.query_row("PRAGMA quick_check(1)", [], |r| r.get::<_, String>(0)).is_ok_and(|said| said == "ok")
}

/// A file without what lies beside it, for reading: only while nobody writes to it is what is read of it one state.
pub(super) fn as_it_is(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(uri(path), flags)?;
    if version(&db)? == 0 { Err(CatalogueError::Foreign) } else { Ok(db) }
}

fn uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    let text = path.to_string_lossy();
    // C:\… is file:///C:/…
    if cfg!(windows) && path.is_absolute() {
        uri.push_str("///");
    }
    for c in text.chars() {
        match c {
            '%' | '?' | '#' => uri.push_str(&format!("%{:02x}", c as u32)),
            '\\' if cfg!(windows) => uri.push('/'),
            c => uri.push(c),
        }
    }
    uri + "?immutable=1"
}

/// Whether files can be locked where a catalogue lies; as far as can be told, where nothing may be written there.
pub(super) fn locks(path: &Path) -> bool {
    let Ok(trial) = output::beside(path) else { return true };
    let trial = trial.into_temp_path();
    let lock = || -> rusqlite::Result<()> {
        let db = Connection::open(&trial)?;
        db.busy_timeout(Duration::ZERO)?;
        db.execute_batch("PRAGMA journal_mode = memory; BEGIN EXCLUSIVE; ROLLBACK")
    };
    !matches!(lock().map_err(CatalogueError::from), Err(CatalogueError::Busy))
}
