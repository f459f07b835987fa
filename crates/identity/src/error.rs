//! What can go wrong, named by what the caller will do about it.

use std::path::PathBuf;

use crate::name::NotAName;

/// Why a key or a secret could not be made, found or used. Never carries any of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No key or secret of that name is on this desk. Make one, or use the desk that has it.
    #[error("no `{name}` is kept on this desk: make one here, or use the desk where it is")]
    NotFound {
        /// The name.
        name: String,
    },
    /// A key of that name is already here, and a key is never replaced. Choose another name.
    #[error(
        "a key `{name}` is already on this desk, and a key is never replaced: use it, or choose another name"
    )]
    Exists {
        /// The name.
        name: String,
    },
    /// The name cannot be used.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// Others may read the file, so the secret may be known. Narrow its rights, and think of replacing the key.
    #[error(
        "`{path}` may be read by others: run `chmod 600` on it, and replace the key if others could have read it"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// What is kept under that name is no key. Restore it from a copy.
    #[error(
        "what is kept as `{name}` is not the key that was made: restore it from a copy, or enrol a new key"
    )]
    Corrupt {
        /// The name.
        name: String,
    },
    /// The keychain did not answer in time, or said no. Unlock it and try again.
    #[error("the keychain did not give or take `{name}` ({said}): unlock it and try again")]
    Keychain {
        /// The name.
        name: String,
        /// What it said.
        said: String,
    },
    /// The home folder cannot be read or written.
    #[error("`{path}` could not be {attempt}: {source}")]
    Denied {
        /// The file or folder.
        path: PathBuf,
        /// `read` or `written`.
        attempt: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system gave no randomness, so no key is made.
    #[error("the system gave no randomness ({said}), so no key was made: try again")]
    NoRandomness {
        /// What it said.
        said: String,
    },
}
