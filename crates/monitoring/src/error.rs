//! What can go wrong, named by what the caller will do about it. Each says in English and in no language what is wrong.

use crate::report::Remark;
use std::path::{Path, PathBuf};

/// Why a report could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder is not there, or cannot be opened.
    #[error("`{}` cannot be read: {source}. Check the path and that it may be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is there but is not what its name says: a truncated Parquet file, a CSV row with a field too many.
    #[error("`{}` is damaged: {problem}. Write the file again, or leave it out", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the row where it is known.
        problem: Box<Remark>,
    },
    /// A folder without data, or a file of a kind we do not read.
    #[error("`{}` holds no data we read: {problem}. Give a CSV or Parquet file, or a folder of Parquet files", path.display())]
    NotData {
        /// The file or folder.
        path: PathBuf,
        /// What was found instead.
        problem: Box<Remark>,
    },
    /// A column that was asked for is not there.
    #[error("`{}` has no column `{column}` ({role}). It has: {}", path.display(), have.join(", "))]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The name asked for.
        column: String,
        /// What it was asked for: target, score, …
        role: &'static str,
        /// The columns there are.
        have: Vec<String>,
    },
    /// A cell that cannot mean what its column must mean.
    #[error("`{}`, column `{column}`, row {row}: {problem}", path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Data row, counted from 1 (the header is not a row).
        row: u64,
        /// What is wrong, and the remedy.
        problem: Box<Remark>,
    },
    /// Counts of a job hold a value that its column cannot mean; they have no rows to name.
    #[error("`{}`, column `{column}`: {problem}", path.display())]
    Column {
        /// What was counted.
        path: PathBuf,
        /// The column.
        column: String,
        /// What is wrong, and the remedy.
        problem: Box<Remark>,
    },
    /// The options contradict each other or the data.
    #[error("{0}")]
    Usage(Box<Remark>),
    /// An alert rule that cannot be read.
    #[error("the rule `{rule}` cannot be read at character {at}: {problem}")]
    Rule {
        /// The rule's text.
        rule: String,
        /// Position, counted from 1.
        at: usize,
        /// What was expected.
        problem: Box<Remark>,
    },
    /// Whoever watched the computation asked it to stop.
    #[error("the computation was stopped on request; nothing was recorded")]
    Stopped,
}

impl Error {
    pub(crate) fn damaged(path: &Path, problem: Remark) -> Self {
        Self::Damaged { path: path.to_owned(), problem: Box::new(problem) }
    }

    pub(crate) fn no_data(path: &Path, problem: Remark) -> Self {
        Self::NotData { path: path.to_owned(), problem: Box::new(problem) }
    }

    pub(crate) fn usage(id: &str, values: &[(&str, &dyn std::fmt::Display)], text: String) -> Self {
        Self::Usage(Box::new(Remark::new(id, values, text)))
    }
}
