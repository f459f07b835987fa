//! The desk's own file: what is personal and local, and what was saved here before the workspace confirmed it.

mod designs;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use crate::Error;

pub use designs::{Design, Revision, Whose};

const BUSY: Duration = Duration::from_secs(10);

/// Forward-only: a step is never changed once released, only followed by another.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE workspaces (url TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, member TEXT, opened_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE pins (workspace TEXT PRIMARY KEY, position INTEGER NOT NULL, before TEXT NOT NULL, chain TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE outbox (fact TEXT PRIMARY KEY, workspace TEXT NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL, saved_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE drafts (workspace TEXT NOT NULL, member TEXT NOT NULL, task TEXT NOT NULL, draft TEXT NOT NULL, PRIMARY KEY (workspace, member, task)) STRICT, WITHOUT ROWID;
    CREATE TABLE read_marks (workspace TEXT NOT NULL, member TEXT NOT NULL, notice TEXT NOT NULL, PRIMARY KEY (workspace, member, notice)) STRICT, WITHOUT ROWID;
    CREATE TABLE deliveries (workspace TEXT NOT NULL, member TEXT NOT NULL, notice TEXT NOT NULL, channel TEXT NOT NULL, result TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (workspace, member, notice, channel)) STRICT, WITHOUT ROWID;
", "
    CREATE TABLE designs (workspace TEXT NOT NULL, member TEXT NOT NULL, design TEXT NOT NULL, about TEXT NOT NULL, revision INTEGER NOT NULL, changed_at TEXT NOT NULL, PRIMARY KEY (workspace, member, design)) STRICT, WITHOUT ROWID;
    CREATE TABLE design_revisions (workspace TEXT NOT NULL, member TEXT NOT NULL, design TEXT NOT NULL, revision INTEGER NOT NULL, done TEXT NOT NULL, document BLOB NOT NULL, PRIMARY KEY (workspace, member, design, revision)) STRICT;
  ", "
    CREATE TABLE foundings (url TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE conflicts (fact TEXT PRIMARY KEY, workspace TEXT NOT NULL, member TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
    ALTER TABLE deliveries ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;
"];

/// An entry that was sealed here and not confirmed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Identifier of its first fact.
    pub fact: String,
    /// The slot it was sealed for.
    pub position: u64,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}

/// The last head this desk has seen of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Position.
    pub position: u64,
    /// Running chain hash before that slot.
    pub before: String,
    /// Running chain hash after it.
    pub chain: String,
}

/// A workspace opened at this desk before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Where it lies.
    pub url: String,
    /// Its identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who acted last.
    pub member: Option<String>,
    /// When, RFC 3339.
    pub opened_at: String,
}

/// How a notice was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Channel.
    pub channel: String,
    /// `delivered`, or what went wrong.
    pub result: String,
    /// When, RFC 3339.
    pub at: String,
}

/// The desk file.
#[derive(Debug)]
pub struct Desk {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Desk {
    /// Opens the desk file, making it if there is none and migrating it forward.
    ///
    /// # Errors
    /// [`Error::Newer`] when a newer program wrote it; [`Error::Denied`] when it cannot be written.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let fail = |error| Error::from_sqlite(path, error);
        let mut connection = Connection::open(path).map_err(fail)?;
        connection.busy_timeout(BUSY).map_err(fail)?;
        // What was "saved on this desk" must survive a power cut.
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
            .map_err(fail)?;
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        let at: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(fail)?;
        if at > known {
            return Err(Error::Newer { path: path.to_owned(), found: at, known });
        }
        if at < known {
            let transaction = connection
                .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
                .map_err(fail)?;
            let at: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(fail)?;
            for step in MIGRATIONS.iter().skip(usize::try_from(at).unwrap_or(0)) {
                transaction.execute_batch(step).map_err(fail)?;
            }
            transaction.execute_batch(&format!("PRAGMA user_version = {known}")).map_err(fail)?;
            transaction.commit().map_err(fail)?;
        }
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection) })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        let mut connection = self.connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        work(&mut connection).map_err(|error| Error::from_sqlite(&self.path, error))
    }

    /// A setting.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        self.with(|connection| {
            connection
                .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
                .query_row([name], |row| row.get(0))
                .optional()
        })
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set(&self, name: &str, value: &str) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute(
                "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![name, value],
            )?;
            Ok(())
        })
    }

    /// Remembers that a workspace was opened, and who acts in it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn opened(&self, workspace: &Opened) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute(
                "INSERT INTO workspaces VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (url) DO UPDATE SET
                 id = excluded.id, name = excluded.name, member = coalesce(excluded.member, member), opened_at = excluded.opened_at",
                params![workspace.url, workspace.id, workspace.name, workspace.member, workspace.opened_at],
            )?;
            Ok(())
        })
    }

    /// Workspaces opened here, latest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn workspaces(&self) -> Result<Vec<Opened>, Error> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT url, id, name, member, opened_at FROM workspaces ORDER BY opened_at DESC LIMIT 20",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(Opened {
                    url: row.get(0)?,
                    id: row.get(1)?,
                    name: row.get(2)?,
                    member: row.get(3)?,
                    opened_at: row.get(4)?,
                })
            })?;
            rows.collect()
        })
    }

    /// The last head this desk has seen of a workspace: a history that does not extend it is another history.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn pin(&self, workspace: &str) -> Result<Option<Pin>, Error> {
        self.with(|connection| {
            connection
                .prepare_cached("SELECT position, before, chain FROM pins WHERE workspace = ?1")?
                .query_row([workspace], |row| {
                    Ok(Pin {
                        position: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0),
                        before: row.get(1)?,
                        chain: row.get(2)?,
                    })
                })
                .optional()
        })
    }

    /// Moves the pin forward, never back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_pin(&self, workspace: &str, pin: &Pin) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute(
                "INSERT INTO pins VALUES (?1, ?2, ?3, ?4) ON CONFLICT (workspace) DO UPDATE SET
                 position = excluded.position, before = excluded.before, chain = excluded.chain
                 WHERE excluded.position > position",
                params![workspace, i64::try_from(pin.position).unwrap_or(i64::MAX), pin.before, pin.chain],
            )?;
            Ok(())
        })
    }

    /// Saves a sealed entry before it is offered: from here on it is "saved on this desk".
    ///
    /// # Errors
    /// When the file cannot be written; the entry must then not be offered.
    pub fn save_waiting(&self, workspace: &str, waiting: &Waiting, at: &str) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute(
                "INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (fact) DO UPDATE SET
                 position = excluded.position, bytes = excluded.bytes",
                params![
                    waiting.fact,
                    workspace,
                    i64::try_from(waiting.position).unwrap_or(i64::MAX),
                    waiting.bytes,
                    at
                ],
            )?;
            Ok(())
        })
    }

    /// Forgets a sealed entry: it is recorded, or it was refused or overtaken and its person told.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn settle_waiting(&self, fact: &str) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute("DELETE FROM outbox WHERE fact = ?1", [fact])?;
            Ok(())
        })
    }

    /// Entries not confirmed yet, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn waiting(&self, workspace: &str) -> Result<Vec<Waiting>, Error> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT fact, position, bytes FROM outbox WHERE workspace = ?1 ORDER BY saved_at",
            )?;
            let rows = statement.query_map([workspace], |row| {
                Ok(Waiting {
                    fact: row.get(0)?,
                    position: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                    bytes: row.get(2)?,
                })
            })?;
            rows.collect()
        })
    }

    /// The founding document of the workspace at that place, as this desk last read it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn founding(&self, url: &str) -> Result<Option<Vec<u8>>, Error> {
        self.with(|connection| {
            connection
                .prepare_cached("SELECT bytes FROM foundings WHERE url = ?1")?
                .query_row([url], |row| row.get(0))
                .optional()
        })
    }

    /// Keeps the founding document of the workspace at that place, so that a desk without a network can read on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_founding(&self, url: &str, bytes: &[u8]) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute(
                "INSERT INTO foundings VALUES (?1, ?2) ON CONFLICT (url) DO UPDATE SET bytes = excluded.bytes
                 WHERE excluded.bytes <> bytes",
                params![url, bytes],
            )?;
            Ok(())
        })
    }

    /// Keeps that a decision saved here was overtaken and no longer stands: its person has to know.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_conflict(
        &self,
        workspace: &str,
        fact: &str,
        member: &str,
        why: &str,
        at: &str,
    ) -> Result<(), Error> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT OR REPLACE INTO conflicts VALUES (?1, ?2, ?3, ?4, ?5)",
                params![fact, workspace, member, why, at],
            )?;
            transaction.execute("DELETE FROM outbox WHERE fact = ?1", [fact])?;
            transaction.commit()
        })
    }

    /// Why decisions saved here were not recorded, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn conflicts(&self, workspace: &str) -> Result<Vec<String>, Error> {
        self.with(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT why FROM conflicts WHERE workspace = ?1 ORDER BY at, fact")?;
            let rows = statement.query_map([workspace], |row| row.get(0))?;
            rows.collect()
        })
    }

    /// Forgets what a member was told: they have decided anew.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_conflicts(&self, workspace: &str, member: &str) -> Result<(), Error> {
        self.with(|connection| {
            connection
                .execute("DELETE FROM conflicts WHERE workspace = ?1 AND member = ?2", [workspace, member])?;
            Ok(())
        })
    }

    /// A half-typed form.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn draft(&self, workspace: &str, member: &str, task: &str) -> Result<Option<Value>, Error> {
        let text: Option<String> = self.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT draft FROM drafts WHERE workspace = ?1 AND member = ?2 AND task = ?3",
                )?
                .query_row([workspace, member, task], |row| row.get(0))
                .optional()
        })?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps a half-typed form, or forgets it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_draft(
        &self,
        workspace: &str,
        member: &str,
        task: &str,
        draft: Option<&Value>,
    ) -> Result<(), Error> {
        self.with(|connection| {
            match draft {
                Some(draft) => connection.execute(
                    "INSERT INTO drafts VALUES (?1, ?2, ?3, ?4) ON CONFLICT (workspace, member, task) DO UPDATE SET draft = excluded.draft",
                    params![workspace, member, task, draft.to_string()],
                )?,
                None => connection.execute(
                    "DELETE FROM drafts WHERE workspace = ?1 AND member = ?2 AND task = ?3",
                    [workspace, member, task],
                )?,
            };
            Ok(())
        })
    }

    /// Whether a notice was read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn is_read(&self, workspace: &str, member: &str, notice: &str) -> Result<bool, Error> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT 1 FROM read_marks WHERE workspace = ?1 AND member = ?2 AND notice = ?3",
                )?
                .exists([workspace, member, notice])
        })
    }

    /// Marks a notice as read.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn mark_read(&self, workspace: &str, member: &str, notice: &str) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute(
                "INSERT OR IGNORE INTO read_marks VALUES (?1, ?2, ?3)",
                [workspace, member, notice],
            )?;
            Ok(())
        })
    }

    /// Records a delivery; `false` when this notice was delivered this way already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn deliver_once(
        &self,
        workspace: &str,
        member: &str,
        notice: &str,
        delivered: &Delivered,
    ) -> Result<bool, Error> {
        self.with(|connection| {
            let written = connection.execute(
                "INSERT OR IGNORE INTO deliveries (workspace, member, notice, channel, result, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![workspace, member, notice, delivered.channel, delivered.result, delivered.at],
            )?;
            Ok(written == 1)
        })
    }

    /// Says how a delivery ended.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delivery_result(
        &self,
        workspace: &str,
        member: &str,
        notice: &str,
        delivered: &Delivered,
    ) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute(
                "UPDATE deliveries SET result = ?5, at = ?6 WHERE workspace = ?1 AND member = ?2 AND notice = ?3 AND channel = ?4",
                params![workspace, member, notice, delivered.channel, delivered.result, delivered.at],
            )?;
            Ok(())
        })
    }

    /// How often this was attempted, when last, and what came of it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn attempts(
        &self,
        workspace: &str,
        member: &str,
        notice: &str,
        channel: &str,
    ) -> Result<Option<(u32, Delivered)>, Error> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT attempts, result, at FROM deliveries WHERE workspace = ?1 AND member = ?2 AND notice = ?3 AND channel = ?4",
                )?
                .query_row([workspace, member, notice, channel], |row| {
                    let delivered =
                        Delivered { channel: channel.to_owned(), result: row.get(1)?, at: row.get(2)? };
                    Ok((row.get(0)?, delivered))
                })
                .optional()
        })
    }

    /// Takes the attempt after the one that ended as `before`; `false` when somebody else took it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn deliver_again(
        &self,
        workspace: &str,
        member: &str,
        notice: &str,
        before: &Delivered,
        begun: &Delivered,
    ) -> Result<bool, Error> {
        self.with(|connection| {
            let taken = connection.execute(
                "UPDATE deliveries SET attempts = attempts + 1, result = ?5, at = ?6
                 WHERE workspace = ?1 AND member = ?2 AND notice = ?3 AND channel = ?4 AND result = ?7 AND at = ?8",
                params![
                    workspace,
                    member,
                    notice,
                    before.channel,
                    begun.result,
                    begun.at,
                    before.result,
                    before.at
                ],
            )?;
            Ok(taken == 1)
        })
    }

    /// How a notice was delivered at this desk.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn deliveries(&self, workspace: &str, member: &str, notice: &str) -> Result<Vec<Delivered>, Error> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT channel, result, at FROM deliveries WHERE workspace = ?1 AND member = ?2 AND notice = ?3 ORDER BY channel",
            )?;
            let rows = statement.query_map([workspace, member, notice], |row| {
                Ok(Delivered { channel: row.get(0)?, result: row.get(1)?, at: row.get(2)? })
            })?;
            rows.collect()
        })
    }
}
