//! Search over everything that has a name: one index beside the tables, ranked, and filled as rows are written.

use rusqlite::{Connection, params};
use serde_json::Value;

use crate::Error;
use crate::projection::Cache;

/// What can be found, in the order in which equally good hits are shown.
const KINDS: [&str; 9] =
    ["projects", "models", "definitions", "instances", "tasks", "runs", "members", "variables", "files"];
/// Names of a kind have numbers of a range of their own, so that the index is asked for one kind without another list.
const KIND_NAMES_MAX: i64 = 1 << 40;
/// Words of a search that count.
const WORDS_MAX: usize = 8;

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The table it is a row of, `variables` or `files`.
    pub kind: String,
    /// Its key there.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// Where it belongs.
    pub detail: String,
}

/// The tables of the index; derived, as every table here.
pub(crate) const SCHEMA: &str = "
    CREATE TABLE names (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL, detail TEXT NOT NULL,
        UNIQUE (kind, key)) STRICT;
    CREATE INDEX names_by_title ON names (kind, title COLLATE NOCASE);
    CREATE VIRTUAL TABLE names_index USING fts5(title, detail, content = 'names', content_rowid = 'id', prefix = '1 2 3',
        tokenize = 'unicode61 remove_diacritics 2');
    CREATE TRIGGER names_in AFTER INSERT ON names BEGIN
        INSERT INTO names_index (rowid, title, detail) VALUES (new.id, new.title, new.detail);
    END;
    CREATE TRIGGER names_out AFTER DELETE ON names BEGIN
        INSERT INTO names_index (names_index, rowid, title, detail) VALUES ('delete', old.id, old.title, old.detail);
    END;
    CREATE TRIGGER names_moved AFTER UPDATE ON names BEGIN
        INSERT INTO names_index (names_index, rowid, title, detail) VALUES ('delete', old.id, old.title, old.detail);
        INSERT INTO names_index (rowid, title, detail) VALUES (new.id, new.title, new.detail);
    END;
    CREATE TABLE read_packages (version TEXT NOT NULL PRIMARY KEY, reading TEXT NOT NULL) STRICT;
";

/// What a row is called, and where it belongs; nothing for rows without a name.
fn name_of(table: &str, row: &Value) -> Option<(String, String)> {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    match table {
        "projects" => Some((text("/name"), text("/description"))),
        "models" => Some((text("/name"), format!("{} {}", text("/project_name"), text("/algorithm")))),
        "definitions" => Some((text("/name"), String::new())),
        "instances" => Some((text("/definition_name"), text("/project_name"))),
        "tasks" => Some((text("/name"), text("/project_name"))),
        "runs" => Some((text("/kind"), format!("{} {}", text("/bucket"), text("/state")))),
        "members" => Some((text("/display_name"), text("/name"))),
        _ => None,
    }
}

/// Keeps the index with a row that is written or taken away.
pub(crate) fn follow(
    connection: &Connection,
    table: &str,
    key: &str,
    row: Option<&Value>,
) -> rusqlite::Result<()> {
    match row {
        Some(row) => match name_of(table, row) {
            Some((title, detail)) => put(connection, table, key, &title, &detail),
            None => Ok(()),
        },
        None => {
            connection
                .prepare_cached("DELETE FROM names WHERE kind = ?1 AND key = ?2")?
                .execute(params![table, key])?;
            Ok(())
        }
    }
}

fn put(connection: &Connection, kind: &str, key: &str, title: &str, detail: &str) -> rusqlite::Result<()> {
    let Some((first, last)) = numbers_of(kind) else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT INTO names (id, kind, key, title, detail)
             VALUES ((SELECT coalesce(max(id), ?1) + 1 FROM names WHERE id BETWEEN ?1 AND ?2), ?3, ?4, ?5, ?6)
             ON CONFLICT (kind, key) DO UPDATE SET title = excluded.title, detail = excluded.detail
             WHERE title <> excluded.title OR detail <> excluded.detail",
        )?
        .execute(params![first, last, kind, key, title, detail])?;
    Ok(())
}

/// The range of numbers that names of a kind have.
fn numbers_of(kind: &str) -> Option<(i64, i64)> {
    let at = i64::try_from(KINDS.iter().position(|known| *known == kind)?).ok()?;
    Some((at * KIND_NAMES_MAX, (at + 1) * KIND_NAMES_MAX - 1))
}

/// The words of a search as the index takes them: each as the beginning of one, all of them; nothing for no word at all.
fn words_of(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// How well a hit fits, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is called exactly like that.
    Whole,
    /// It begins like that.
    Beginning,
    /// Words of its name begin like that.
    Words,
    /// It belongs to something that is called like that.
    Belongs,
}

impl Cache {
    /// What is called like that, best first and the latest of what fits alike, at most `each` of a kind. Every statement
    /// ends as soon as it has enough, so that a letter which begins a hundred thousand names costs no more than a rare one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn search(&self, text: &str, each: u32) -> Result<Vec<Hit>, Error> {
        let text = text.trim();
        let Some(words) = words_of(text) else { return Ok(Vec::new()) };
        let enough = usize::try_from(each).unwrap_or(usize::MAX);
        self.with(|connection| {
            let mut beginning = connection.prepare_cached(
                "SELECT kind, key, title, detail FROM names WHERE kind = ?1 AND title COLLATE NOCASE >= ?2
                 AND title COLLATE NOCASE < ?3 ORDER BY title COLLATE NOCASE LIMIT ?4",
            )?;
            let mut matching = connection.prepare_cached(
                "SELECT names.kind, names.key, names.title, names.detail FROM names_index
                 JOIN names ON names.id = names_index.rowid
                 WHERE names_index MATCH ?1 AND names_index.rowid BETWEEN ?2 AND ?3 ORDER BY names_index.rowid DESC LIMIT ?4",
            )?;
            let mut there_are =
                connection.prepare_cached("SELECT 1 FROM names WHERE id BETWEEN ?1 AND ?2 LIMIT 1")?;
            let mut found: Vec<(Fit, Hit)> = Vec::new();
            for kind in KINDS {
                let Some((first, last)) = numbers_of(kind) else { continue };
                if !there_are.exists(params![first, last])? {
                    continue;
                }
                let mut of_kind: Vec<(Fit, Hit)> = Vec::new();
                // Nothing that begins with the text stands behind the text followed by the last character there is.
                let beyond = format!("{text}\u{10ffff}");
                for hit in beginning.query_map(params![kind, text, beyond, each], read_hit)? {
                    let hit = hit?;
                    let whole = hit.title.to_lowercase() == text.to_lowercase();
                    of_kind.push((if whole { Fit::Whole } else { Fit::Beginning }, hit));
                }
                for (fit, query) in [
                    (Fit::Words, format!("title : ({words})")),
                    (Fit::Belongs, format!("({words})")),
                ] {
                    if of_kind.len() >= enough {
                        break;
                    }
                    for hit in matching.query_map(params![query, first, last, each.saturating_mul(2)], read_hit)? {
                        let hit = hit?;
                        if of_kind.len() < enough && of_kind.iter().all(|(_, other)| other.key != hit.key) {
                            of_kind.push((fit, hit));
                        }
                    }
                }
                found.extend(of_kind);
            }
            found.sort_by_key(|(fit, _)| *fit);
            Ok(found.into_iter().map(|(_, hit)| hit).collect())
        })
    }

    /// Versions whose variables and files are not in the index yet, or are those of other contents: identifier and the
    /// digest of their reading.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unread_packages(&self, limit: u32) -> Result<Vec<(String, String)>, Error> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT key, row ->> '$.package.reading' FROM versions WHERE NOT EXISTS (SELECT 1 FROM read_packages
                 WHERE version = key AND reading = row ->> '$.package.reading') ORDER BY key DESC LIMIT ?1",
            )?;
            let rows = statement.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        })
    }

    /// Puts the variables and files of a version into the index, in place of those it had.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn index_package(&self, version: &str, reading: &str, names: &[(&str, String)]) -> Result<(), Error> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            transaction
                .prepare_cached(
                    "DELETE FROM names WHERE kind IN ('variables', 'files') AND substr(key, 1, length(?1) + 1) = ?1 || '/'",
                )?
                .execute([version])?;
            for (kind, name) in names {
                // What they belong to is not theirs to be found by: a model would bring all of its variables along.
                put(&transaction, kind, &format!("{version}/{name}"), name, "")?;
            }
            transaction
                .prepare_cached("INSERT OR REPLACE INTO read_packages VALUES (?1, ?2)")?
                .execute(params![version, reading])?;
            transaction.commit()
        })
    }
}

fn read_hit(row: &rusqlite::Row<'_>) -> rusqlite::Result<Hit> {
    Ok(Hit { kind: row.get(0)?, key: row.get(1)?, title: row.get(2)?, detail: row.get(3)? })
}
