//! Opening a file to read it, wherever it lies.

use super::beside::{as_it_is, beside, holds_something, look};
use super::tables::{Result, VERSION, version};
use super::{AGAIN, Sqlite};
use crate::catalogue::error::CatalogueError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

impl Sqlite {
    /// Opens a file to read it, wherever it lies: nothing in it is set or brought to newer tables.
    pub(in crate::catalogue) fn open_to_read(path: &Path) -> Result<Self> {
        if !path.try_exists()? {
            return Err(CatalogueError::Missing);
        }
        look(path)?;
        match Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|new| Ok((version(&new.db)?, new))) {
            Ok((0, _)) => Err(CatalogueError::Foreign),
            Ok((_, new)) => new.only_read(),
            Err(CatalogueError::Denied(cause)) => {
                let wal = beside(path, "-wal");
                if holds_something(&wal) {
                    let last =
                        format!("its last changes lie in {}, and nothing may be written beside it", wal.display());
                    return Err(CatalogueError::Denied(format!("{last}: copy both files to a folder of your own")));
                }
                let db = as_it_is(path).map_err(|e| match e {
                    CatalogueError::Denied(_) => CatalogueError::Denied(cause),
                    e => e,
                })?;
                Self::set_up(db, path)?.only_read()
            }
            Err(e) => Err(e),
        }
    }

    fn only_read(self) -> Result<Self> {
        let old = version(&self.db)? < VERSION;
        let new = if old { self.aside()? } else { self };
        new.count_from_now()?;
        Ok(new)
    }

    /// The same in a temporary file, which goes with it, its tables brought to the newest.
    pub(super) fn aside(&self) -> Result<Self> {
        let mut db = Connection::open("")?;
        rusqlite::backup::Backup::new(&self.db, &mut db)?.run_to_completion(i32::MAX, AGAIN, None)?;
        let mut new = Self::set_up(db, &self.path)?;
        new.migrate(version(&new.db)?, uuid::Uuid::nil)?;
        Ok(new)
    }
}
