//! Why a file on this desk could not be read or written.

use std::path::PathBuf;

use thiserror::Error;

/// Named by what the caller will do.
#[derive(Debug, Error)]
pub enum Error {
    /// The file or its folder cannot be written: say so, with the path.
    #[error("`{}` cannot be opened or written: {why}", path.display())]
    Denied {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        why: String,
    },
    /// The disk is full: nothing was changed.
    #[error("the disk that holds `{}` is full; free some space and try again, nothing was changed", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The cache does not follow from the ledger, or cannot be read: delete it and rebuild.
    #[error("the cache is damaged ({why}); it will be rebuilt from the ledger")]
    Damaged {
        /// What was found.
        why: String,
    },
    /// The desk's own file was written by a newer program.
    #[error("`{}` was written by a newer Countersign (format {found}, this program knows {known}); update it", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// The cache moved on meanwhile: somebody else at this desk applied the entry. Read again.
    #[error("the cache is at #{found}, not at #{expected}; read it again")]
    Moved {
        /// Where it is.
        found: i64,
        /// Where it was expected to be.
        expected: i64,
    },
    /// The list has no such column, or the cursor is not one of its own.
    #[error("{0}")]
    BadRequest(String),
}

impl Error {
    pub(crate) fn from_sqlite(path: &std::path::Path, error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path: path.to_owned() },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { why: error.to_string() }
            }
            _ => Self::Denied { path: path.to_owned(), why: error.to_string() },
        }
    }
}
