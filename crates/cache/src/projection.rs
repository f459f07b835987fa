//! The projection: what the entries up to the head made.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use governance::State;
use governance::state::Changed;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::columns::schema;
use crate::{Error, List, Listed};

/// Shape of the tables; another shape is rebuilt, never migrated.
const SHAPE: &str = concat!(env!("CARGO_PKG_VERSION"), "/12");
/// How long one process waits for another at the same desk.
const BUSY: Duration = Duration::from_secs(10);

/// How far the projection has come: the latest entry applied, and the running chain hash there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Position of the latest entry applied; 0 when only the founding document is.
    pub position: u64,
    /// Running chain hash, 64 hexadecimal digits.
    pub chain: String,
}

/// An entry as the audit log shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Position.
    pub position: u64,
    /// When its author says, RFC 3339; empty where nothing could be read.
    pub at: String,
    /// Who signed.
    pub member: String,
    /// With which key.
    pub key: String,
    /// Why it counts for nothing, if it is void.
    pub void: Option<String>,
    /// Running chain hash after it.
    pub chain: String,
    /// Its facts as JSON: a list of `{id, kind, subject, body}`.
    pub facts: Value,
    /// Everything it speaks of.
    pub about: Vec<String>,
}

/// The cache of one workspace at this desk.
#[derive(Debug)]
pub struct Cache {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Cache {
    /// Opens the cache of a workspace, making it anew when there is none, when it is another workspace's, of another
    /// shape, or damaged. An empty one has no head yet.
    ///
    /// # Errors
    /// [`Error::Denied`] or [`Error::Full`] when the file cannot be written.
    pub fn open(path: &Path, workspace: &str) -> Result<Self, Error> {
        match Self::try_open(path, workspace) {
            Ok(cache) => Ok(cache),
            Err(Error::Damaged { .. }) => {
                for suffix in ["", "-wal", "-shm"] {
                    let mut name = path.as_os_str().to_owned();
                    name.push(suffix);
                    match std::fs::remove_file(&name) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                            return Err(Error::Denied { path: path.to_owned(), why: error.to_string() });
                        }
                        _ => {}
                    }
                }
                Self::try_open(path, workspace)
            }
            Err(error) => Err(error),
        }
    }

    fn try_open(path: &Path, workspace: &str) -> Result<Self, Error> {
        let fail = |error| Error::from_sqlite(path, error);
        let mut connection = Connection::open(path).map_err(fail)?;
        connection.busy_timeout(BUSY).map_err(fail)?;
        // Derived data may lose its last moments with the power: the ledger has them.
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;")
            .map_err(fail)?;
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(fail)?;
        let stamp = format!("{SHAPE} {workspace}");
        let stamped: Option<String> =
            transaction.query_row("SELECT stamp FROM stamp", [], |row| row.get(0)).optional().unwrap_or(None);
        if stamped.as_deref() != Some(&stamp) {
            let tables: u32 = transaction
                .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
                .map_err(fail)?;
            if tables > 0 {
                return Err(Error::Damaged {
                    why: "it has another shape, or belongs to another workspace".to_owned(),
                });
            }
            transaction.execute_batch("CREATE TABLE stamp (stamp TEXT NOT NULL) STRICT;").map_err(fail)?;
            transaction.execute("INSERT INTO stamp VALUES (?1)", [&stamp]).map_err(fail)?;
            transaction.execute_batch(&schema()).map_err(fail)?;
        }
        transaction.commit().map_err(fail)?;
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let mut connection = self.connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        work(&mut connection).map_err(|error| Error::from_sqlite(&self.path, error))
    }

    /// How far it has come; nothing before the founding document was applied.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn head(&self) -> Result<Option<Head>, Error> {
        self.with(|connection| read_head(connection))
    }

    /// Applies the founding document.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn found(&self, chain: &str, changed: &[Changed]) -> Result<(), Error> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            write_rows(&transaction, changed)?;
            transaction.execute("INSERT OR REPLACE INTO head VALUES (1, 0, ?1)", [chain])?;
            transaction.commit()
        })
    }

    /// Applies entries: rows, audit log and head move in one transaction.
    ///
    /// # Errors
    /// [`Error::Moved`] when another process at this desk was faster; nothing is changed then.
    pub fn apply(&self, from: &Head, entries: &[(Recorded, Vec<Changed>)]) -> Result<(), Error> {
        let Some((last, _)) = entries.last() else { return Ok(()) };
        let moved = self.with(|connection| {
            let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let found = read_head(&transaction)?;
            if found.as_ref() != Some(from) {
                return Ok(Some(found.map_or(-1, |head| i64::try_from(head.position).unwrap_or(i64::MAX))));
            }
            for (recorded, changed) in entries {
                transaction
                    .prepare_cached(
                        "INSERT INTO entries (position, at, member, author_key, void, chain, facts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    )?
                    .execute(params![
                        i64::try_from(recorded.position).unwrap_or(i64::MAX),
                        recorded.at,
                        recorded.member,
                        recorded.key,
                        recorded.void,
                        recorded.chain,
                        recorded.facts.to_string(),
                    ])?;
                let mut about =
                    transaction.prepare_cached("INSERT OR IGNORE INTO about (subject, position) VALUES (?1, ?2)")?;
                for subject in &recorded.about {
                    about.execute(params![subject, i64::try_from(recorded.position).unwrap_or(i64::MAX)])?;
                }
                write_rows(&transaction, changed)?;
            }
            transaction.execute(
                "UPDATE head SET position = ?1, chain = ?2",
                params![i64::try_from(last.position).unwrap_or(i64::MAX), last.chain],
            )?;
            transaction.commit()?;
            Ok(None)
        })?;
        match moved {
            None => Ok(()),
            Some(found) => {
                Err(Error::Moved { found, expected: i64::try_from(from.position).unwrap_or(i64::MAX) })
            }
        }
    }

    /// Reads the whole state back.
    ///
    /// # Errors
    /// [`Error::Damaged`] when a row is not of its table's shape.
    pub fn state(&self) -> Result<State, Error> {
        let mut state = State::default();
        self.restore_into(&mut state, State::TABLES)?;
        Ok(state)
    }

    /// Reads only some tables back: enough to judge what those tables decide.
    ///
    /// # Errors
    /// [`Error::Damaged`] when a row is not of its table's shape.
    pub fn restore_into(&self, state: &mut State, tables: &[&str]) -> Result<(), Error> {
        for table in tables {
            for (key, row) in self.all(table)? {
                state.restore(table, &key, row).map_err(|why| Error::Damaged { why })?;
            }
        }
        Ok(())
    }

    /// Every row of a table, in the order of keys.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all(&self, table: &str) -> Result<Vec<(String, Value)>, Error> {
        known(table)?;
        let rows = self.with(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("SELECT key, row FROM {table} ORDER BY key"))?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        rows.into_iter().map(|(key, row)| Ok((key, parse(&row)?))).collect()
    }

    /// One row.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it is not of the shape asked for.
    pub fn get<T: DeserializeOwned>(&self, table: &str, key: &str) -> Result<Option<T>, Error> {
        known(table)?;
        let row: Option<String> = self.with(|connection| {
            connection
                .prepare_cached(&format!("SELECT row FROM {table} WHERE key = ?1"))?
                .query_row([key], |row| row.get(0))
                .optional()
        })?;
        row.map(|row| serde_json::from_str(&row).map_err(|cause| Error::Damaged { why: cause.to_string() }))
            .transpose()
    }

    /// Rows of a table whose column has that value, in the order of keys.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the table has no such column.
    pub fn having<T: DeserializeOwned>(
        &self,
        table: &str,
        column: &str,
        value: &str,
    ) -> Result<Vec<(String, T)>, Error> {
        known(table)?;
        crate::list::known_column(table, column)?;
        let rows = self.with(|connection| {
            let sql = format!("SELECT key, row FROM {table} WHERE {column} = ?1 COLLATE NOCASE ORDER BY key");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([value], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        rows.into_iter()
            .map(|(key, row)| {
                Ok((
                    key,
                    serde_json::from_str(&row).map_err(|cause| Error::Damaged { why: cause.to_string() })?,
                ))
            })
            .collect()
    }

    /// Keys of a table that begin with a text, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn keys_beginning(&self, table: &str, text: &str, limit: u32) -> Result<Vec<String>, Error> {
        known(table)?;
        self.with(|connection| {
            let sql = format!(
                "SELECT key FROM {table} WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key LIMIT ?2"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let keys = statement.query_map(params![text, limit], |row| row.get(0))?;
            keys.collect()
        })
    }

    /// A page of a table.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the list names a column or cursor that is none.
    pub fn list(&self, list: &List) -> Result<Listed, Error> {
        known(list.table)?;
        let prepared = list.prepare()?;
        let (total, rows) = self.with(|connection| prepared.run(connection))?;
        prepared.finish(total, rows)
    }

    /// Entries of the audit log, latest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn entries(
        &self,
        subject: Option<&str>,
        member: Option<&str>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<(u64, Vec<Recorded>), Error> {
        self.with(|connection| {
            let filter = "(?1 IS NULL OR position IN (SELECT position FROM about WHERE subject = ?1)) AND (?2 IS NULL OR member = ?2)";
            let total: i64 = connection
                .prepare_cached(&format!("SELECT count(*) FROM entries WHERE {filter}"))?
                .query_row(params![subject, member], |row| row.get(0))?;
            let sql = format!(
                "SELECT position, at, member, author_key, void, chain, facts FROM entries WHERE {filter} AND position < ?3 ORDER BY position DESC LIMIT ?4"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![subject, member, before, limit], read_entry)?;
            Ok((u64::try_from(total).unwrap_or(0), rows.collect::<rusqlite::Result<Vec<_>>>()?))
        })
    }

    /// One entry of the audit log.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn entry(&self, position: u64) -> Result<Option<Recorded>, Error> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT position, at, member, author_key, void, chain, facts FROM entries WHERE position = ?1",
                )?
                .query_row([i64::try_from(position).unwrap_or(i64::MAX)], read_entry)
                .optional()
        })
    }
}

fn read_head(connection: &Connection) -> rusqlite::Result<Option<Head>> {
    connection
        .prepare_cached("SELECT position, chain FROM head")?
        .query_row([], |row| {
            Ok(Head { position: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0), chain: row.get(1)? })
        })
        .optional()
}

fn read_entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<Recorded> {
    Ok(Recorded {
        position: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0),
        at: row.get(1)?,
        member: row.get(2)?,
        key: row.get(3)?,
        void: row.get(4)?,
        chain: row.get(5)?,
        facts: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or(Value::Null),
        about: Vec::new(),
    })
}

fn write_rows(transaction: &Transaction<'_>, changed: &[Changed]) -> rusqlite::Result<()> {
    for Changed { table, key, row } in changed {
        crate::search::follow(transaction, table, key, row.as_ref())?;
        match row {
            Some(row) => {
                transaction
                    .prepare_cached(&format!(
                        "INSERT INTO {table} (key, row) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET row = excluded.row"
                    ))?
                    .execute(params![key, row.to_string()])?;
            }
            None => {
                transaction.prepare_cached(&format!("DELETE FROM {table} WHERE key = ?1"))?.execute([key])?;
            }
        }
    }
    Ok(())
}

fn parse(row: &str) -> Result<Value, Error> {
    serde_json::from_str(row).map_err(|cause| Error::Damaged { why: cause.to_string() })
}

fn known(table: &str) -> Result<(), Error> {
    if State::TABLES.contains(&table) {
        return Ok(());
    }
    Err(Error::BadRequest(format!("there is no table `{table}`")))
}
