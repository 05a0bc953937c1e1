//! The tables and their versions, and what can go wrong with them.

use crate::catalogue::error::CatalogueError;
use rusqlite::{Connection, ErrorCode, OptionalExtension};

/// Marks the file as a catalogue: `HdSt`.
pub(super) const APPLICATION: i32 = 0x4864_5374;

/// Version of the tables; each migration leads from the one before.
pub(super) const VERSION: usize = MIGRATIONS.len();

pub(super) const MIGRATIONS: [&str; 6] = [
    include_str!("schema.sql"),
    include_str!("forks.sql"),
    include_str!("rows.sql"),
    include_str!("same.sql"),
    include_str!("briefs.sql"),
    include_str!("packed.sql"),
];

pub(super) type Result<T> = std::result::Result<T, CatalogueError>;

impl From<rusqlite::Error> for CatalogueError {
    fn from(e: rusqlite::Error) -> Self {
        match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            Some(ErrorCode::DiskFull) => Self::Full,
            // past the greatest size of a file, or a quota
            _ if e.sqlite_error().is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE) => Self::Full,
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::Denied(e.to_string())
            }
            Some(ErrorCode::DatabaseCorrupt) => Self::damaged("the file", e),
            _ => match e {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..) => Self::damaged("a row", e),
                e => Self::Storage(e.to_string()),
            },
        }
    }
}

/// Version of the tables; 0 where there are none yet.
pub(super) fn version(db: &Connection) -> Result<usize> {
    let number = |name: &str| db.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))?;
    match usize::try_from(version) {
        Ok(0) if application == 0 && tables == 0 => Ok(0),
        Ok(v) if application == i64::from(APPLICATION) && v > VERSION => {
            Err(CatalogueError::Newer { made: v as u64, known: VERSION as u64 })
        }
        Ok(v) if application == i64::from(APPLICATION) && v > 0 => Ok(v),
        _ => Err(CatalogueError::Foreign),
    }
}

/// The id of the own history and its last link.
pub(super) type HeadOf = (String, Option<(u64, String)>);

pub(super) fn head_of(db: &Connection) -> Result<HeadOf> {
    let own = db.query_row("SELECT uid FROM histories WHERE id = 1", [], |r| r.get(0))?;
    let sql = "SELECT seq, hash FROM decisions WHERE history = 1 ORDER BY seq DESC LIMIT 1";
    let last = db.query_row(sql, [], |r| Ok((r.get::<_, u64>(0)?, r.get(1)?))).optional()?;
    Ok((own, last))
}
