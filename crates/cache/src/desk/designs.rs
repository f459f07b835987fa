//! Working copies of definitions that are being drawn, with what was done to them: they survive a crash, and every step
//! can be taken back.

use rusqlite::{OptionalExtension, params};

use super::Desk;
use crate::Error;

/// Steps of a working copy that are kept at least, however large its document is.
const REVISIONS_MIN: i64 = 20;

/// Steps kept at most.
const REVISIONS_MAX: i64 = 300;

/// Bytes that the steps of one working copy may take, once it has more than the least.
const BYTES_MAX: i64 = 32 << 20;

/// A working copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// Its identifier.
    pub id: String,
    /// What it is about, as JSON of whoever keeps it.
    pub about: String,
    /// The step it stands at.
    pub revision: u64,
    /// When it was changed last, RFC 3339.
    pub changed_at: String,
}

/// A step of a working copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its number.
    pub revision: u64,
    /// What was done to come here.
    pub done: String,
    /// The document after it.
    pub document: Vec<u8>,
}

/// Whose working copies: of a member in a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The workspace.
    pub workspace: &'a str,
    /// The member.
    pub member: &'a str,
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Desk {
    /// A member's working copies, latest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn designs(&self, whose: Whose<'_>) -> Result<Vec<Design>, Error> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT design, about, revision, changed_at FROM designs WHERE workspace = ?1 AND member = ?2 ORDER BY changed_at DESC, design",
            )?;
            let rows = statement.query_map([whose.workspace, whose.member], |row| {
                Ok(Design {
                    id: row.get(0)?,
                    about: row.get(1)?,
                    revision: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                    changed_at: row.get(3)?,
                })
            })?;
            rows.collect()
        })
    }

    /// A step of a working copy.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn revision(&self, whose: Whose<'_>, design: &str, revision: u64) -> Result<Option<Revision>, Error> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT done, document FROM design_revisions WHERE workspace = ?1 AND member = ?2 AND design = ?3 AND revision = ?4",
                )?
                .query_row(params![whose.workspace, whose.member, design, number(revision)], |row| {
                    Ok(Revision { revision, done: row.get(0)?, document: row.get(1)? })
                })
                .optional()
        })
    }

    /// What the next step was that was taken back, if one was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn revision_done(
        &self,
        whose: Whose<'_>,
        design: &str,
        revision: u64,
    ) -> Result<Option<String>, Error> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "SELECT done FROM design_revisions WHERE workspace = ?1 AND member = ?2 AND design = ?3 AND revision = ?4",
                )?
                .query_row(params![whose.workspace, whose.member, design, number(revision)], |row| row.get(0))
                .optional()
        })
    }

    /// Keeps a step: what was taken back before it is forgotten, and the oldest steps where they are too many.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_revision(&self, whose: Whose<'_>, design: &Design, step: &Revision) -> Result<(), Error> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            let (workspace, member, at) = (whose.workspace, whose.member, number(step.revision));
            transaction.execute(
                "INSERT INTO designs VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (workspace, member, design) DO UPDATE SET
                 about = excluded.about, revision = excluded.revision, changed_at = excluded.changed_at",
                params![workspace, member, design.id, design.about, at, design.changed_at],
            )?;
            transaction.execute(
                "DELETE FROM design_revisions WHERE workspace = ?1 AND member = ?2 AND design = ?3 AND revision >= ?4",
                params![workspace, member, design.id, at],
            )?;
            transaction.execute(
                "INSERT INTO design_revisions VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![workspace, member, design.id, at, step.done, step.document],
            )?;
            let size = number(step.document.len() as u64).max(1);
            let kept = (BYTES_MAX / size).clamp(REVISIONS_MIN, REVISIONS_MAX);
            transaction.execute(
                "DELETE FROM design_revisions WHERE workspace = ?1 AND member = ?2 AND design = ?3 AND revision <= ?4",
                params![workspace, member, design.id, at - kept],
            )?;
            transaction.commit()
        })
    }

    /// Moves a working copy to another of its steps, or says something else about it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn stand_at(&self, whose: Whose<'_>, design: &Design) -> Result<(), Error> {
        self.with(|connection| {
            connection.execute(
                "UPDATE designs SET about = ?4, revision = ?5, changed_at = ?6 WHERE workspace = ?1 AND member = ?2 AND design = ?3",
                params![whose.workspace, whose.member, design.id, design.about, number(design.revision), design.changed_at],
            )?;
            Ok(())
        })
    }

    /// Forgets a working copy.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_design(&self, whose: Whose<'_>, design: &str) -> Result<(), Error> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            for table in ["designs", "design_revisions"] {
                transaction.execute(
                    &format!("DELETE FROM {table} WHERE workspace = ?1 AND member = ?2 AND design = ?3"),
                    [whose.workspace, whose.member, design],
                )?;
            }
            transaction.commit()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_back_and_forgotten_when_others_follow() {
        let desk = Desk::open(std::path::Path::new(":memory:")).unwrap();
        let whose = Whose { workspace: "w", member: "ana" };
        let design = |revision| Design {
            id: "d".into(),
            about: "{}".into(),
            revision,
            changed_at: "2026-01-01T00:00:00Z".into(),
        };
        for revision in 0..5_u64 {
            let step = Revision { revision, done: format!("step {revision}"), document: vec![0; 8] };
            desk.keep_revision(whose, &design(revision), &step).unwrap();
        }
        desk.stand_at(whose, &design(2)).unwrap();
        assert_eq!(desk.designs(whose).unwrap()[0].revision, 2);
        assert_eq!(desk.revision_done(whose, "d", 3).unwrap().as_deref(), Some("step 3"));
        let other = Revision { revision: 3, done: "other".into(), document: vec![1; 4] };
        desk.keep_revision(whose, &design(3), &other).unwrap();
        assert_eq!(desk.revision(whose, "d", 3).unwrap(), Some(other));
        assert_eq!(desk.revision(whose, "d", 4).unwrap(), None);
        assert!(desk.designs(Whose { workspace: "w", member: "ivo" }).unwrap().is_empty());

        let large = vec![7; 4 << 20];
        for revision in 4..40_u64 {
            let step = Revision { revision, done: String::new(), document: large.clone() };
            desk.keep_revision(whose, &design(revision), &step).unwrap();
        }
        assert_eq!(
            desk.revision_done(whose, "d", 19).unwrap(),
            None,
            "the oldest steps of a large document go"
        );
        assert!(desk.revision_done(whose, "d", 20).unwrap().is_some());
        desk.forget_design(whose, "d").unwrap();
        assert!(desk.designs(whose).unwrap().is_empty() && desk.revision(whose, "d", 39).unwrap().is_none());
    }
}
