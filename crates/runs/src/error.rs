use std::path::{Path, PathBuf};

/// What went wrong, named by what the caller will do about it.
///
/// A job that fails is not an error of this crate: it is a [`crate::State::Failed`] in an observation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No Java runtime: Spark cannot start. Show the remedy.
    #[error("no Java runtime was found ({looked}); Spark needs one. {remedy}")]
    MissingJdk {
        /// Where it was looked for.
        looked: String,
        /// The command that installs one.
        remedy: String,
    },
    /// No Python with `venv`: the managed environment cannot be made. Show the remedy.
    #[error("the virtual environment `{path}` could not be made: {why}. {remedy}")]
    MissingPython {
        /// Where the environment was to be.
        path: PathBuf,
        /// What Python answered.
        why: String,
        /// What to install.
        remedy: String,
    },
    /// pip could not install what the package asks for. Show the end of its output and the remedy.
    #[error("pip could not install {requirements}: {why}. {remedy}")]
    Pip {
        /// The requirements that were asked for, in backticks.
        requirements: String,
        /// The last telling lines of pip's output.
        why: String,
        /// What to try.
        remedy: String,
    },
    /// The input is wrong and the message says how. Nothing was done.
    #[error("{what}: {why}")]
    Invalid {
        /// The thing, in backticks.
        what: String,
        /// Why it is refused, and the remedy.
        why: String,
    },
    /// The thing asked for is valid, and this version or this target cannot do it.
    #[error("{what} is not supported here: {why}")]
    Unsupported {
        /// The thing, in backticks.
        what: String,
        /// Why, and what to do instead.
        why: String,
    },
    /// It does not exist. For a deletion this is the proof.
    #[error("{what} does not exist")]
    NotFound {
        /// The thing, in backticks.
        what: String,
    },
    /// The other side, or the file system, does not allow it.
    #[error("{what} was denied: {why}")]
    Denied {
        /// What was attempted.
        what: String,
        /// The answer, with the role or permission that would do where it is known.
        why: String,
    },
    /// Somebody else was first: the precondition on an object's generation did not hold. Read again and decide.
    #[error("{what} was changed by somebody else: {why}")]
    Conflict {
        /// The thing, in backticks.
        what: String,
        /// What was expected and what was found.
        why: String,
    },
    /// What is there is not what was expected: a digest or a size differs. Never retried silently.
    #[error("{what} is not what was expected: {why}")]
    Corrupt {
        /// The thing, in backticks.
        what: String,
        /// Expected and found.
        why: String,
    },
    /// Objects lie where the exact set of a version is to be, and they are not part of it.
    #[error("`{place}` holds {} object(s) that are not part of the version: {}; remove them, or allow their removal", names.len(), names.join(", "))]
    Stale {
        /// The folder in the bucket.
        place: String,
        /// Every such object, in backticks.
        names: Vec<String>,
    },
    /// The other side did not answer, or answered that it cannot now. Try again later; the call is idempotent.
    #[error("{what} did not succeed: {why}; it is safe to try again")]
    Offline {
        /// What was attempted.
        what: String,
        /// The last answer.
        why: String,
    },
    /// The caller asked to stop. What was done so far stays and a next attempt continues from it.
    #[error("{what} was stopped on request")]
    Stopped {
        /// What was stopped.
        what: String,
    },
    /// The file system failed.
    #[error("{doing} `{path}`: {source}")]
    Io {
        /// What was attempted, as "could not …".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl Error {
    /// Wraps a file-system answer with what was attempted and where; "not found" and "denied" keep their names.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |source| match source.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Error::Denied {
                what: format!("access to `{}`", path.display()),
                why: format!("{doing}: {source}; check the folder's owner and permissions"),
            },
            _ => Error::Io { doing, path, source },
        }
    }

    /// An [`Error::Invalid`] in one line.
    pub(crate) fn invalid(what: impl Into<String>, why: impl Into<String>) -> Error {
        Error::Invalid { what: what.into(), why: why.into() }
    }

    /// Whether the same call, made again later, may succeed without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(self, Error::Offline { .. })
    }
}
