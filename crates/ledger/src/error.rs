//! What can go wrong, named by what the caller will do about it.

use std::fmt;

use crate::digest::Digest;
use crate::key::PublicKey;

/// Whatever lay underneath.
pub type Cause = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why the ledger could not do as asked.
///
/// A slot of garbage is no error (see [`VoidReason`](crate::VoidReason)), and a lost race is none either
/// (see [`Offered`](crate::Offered)).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no workspace, folder, bucket or blob of that name. Correct the name.
    #[error("`{what}` was not found")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// The store refused. Ask whoever owns it for the right to create and read objects.
    #[error("`{what}` may not be {attempt}: the right to create and to read objects there is needed")]
    Denied {
        /// Path or URL.
        what: String,
        /// What was being attempted: `read` or `written`.
        attempt: &'static str,
        /// What the store said.
        source: Cause,
    },
    /// No space is left. Free some and try again; nothing was recorded.
    #[error("there is no space left for `{what}`: free some and try again")]
    Full {
        /// Path or URL.
        what: String,
        /// What the store said.
        source: Cause,
    },
    /// The store does not answer. What waits stays pending; try again later.
    #[error("`{what}` does not answer; what waits is kept and sent when it does")]
    Offline {
        /// Path or URL.
        what: String,
        /// What was seen.
        source: Cause,
    },
    /// A write could not be forced onto the disk. Nothing more is written through this store until it is opened again:
    /// after a failed fsync nobody can say what the disk holds.
    #[error("`{what}` could not be forced onto the disk: check the disk, then open the workspace again")]
    Unhealthy {
        /// Path.
        what: String,
        /// What the system said, where this is the call that found out.
        source: Option<Cause>,
    },
    /// What entries signed and what slots hold contradict each other. Stop, show the position, write nothing.
    #[error("the history is contradicted at #{position}: {contradiction}")]
    Corrupt {
        /// Where it shows.
        position: u64,
        /// How it shows.
        contradiction: Contradiction,
    },
    /// A blob's content is not what its name says. Restore it from another copy; it is never used as it is.
    #[error("the blob `{named}` holds other content (`{found}`): restore it from a copy")]
    CorruptBlob {
        /// The digest asked for.
        named: Digest,
        /// The digest of what is stored.
        found: Digest,
    },
    /// A valid key wrote in a format this desk does not know. Update; until then this desk writes nothing.
    #[error("#{position} was written by a newer version of the product ({newer}): update this desk to go on")]
    UpdateRequired {
        /// Where.
        position: u64,
        /// What is not known.
        newer: String,
    },
    /// What was handed in breaks the format. Correct it; nothing was written.
    #[error("{reason}")]
    Malformed {
        /// What and where, with the remedy.
        reason: String,
    },
    /// The signing function said no.
    #[error("the entry could not be signed: {source}")]
    Unsigned {
        /// What it said.
        source: Cause,
    },
    /// Another workspace already lies at that place. Choose an empty one.
    #[error("`{what}` already holds the workspace `{found}`: choose an empty place, or open that one")]
    Occupied {
        /// Path or URL.
        what: String,
        /// The workspace found.
        found: Digest,
    },
    /// The workspace there is not the one that was expected (an invitation names its workspace by digest).
    #[error("`{what}` holds the workspace `{found}`, but `{expected}` was expected: ask who invited you")]
    OtherWorkspace {
        /// Path or URL.
        what: String,
        /// The workspace expected.
        expected: Digest,
        /// The workspace found.
        found: Digest,
    },
    /// The place cannot hold a workspace. Choose another.
    #[error("`{what}` cannot hold a workspace: {reason}")]
    Unsuitable {
        /// Path or URL.
        what: String,
        /// Why, with the remedy.
        reason: String,
    },
    /// This build, or this kind of store, cannot do that.
    #[error("`{what}` is not supported: {remedy}")]
    Unsupported {
        /// What was asked for.
        what: String,
        /// What to do instead.
        remedy: String,
    },
}

/// How a history contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// An entry signed another history than the slots before it hold: one of the slots `since..=until` is not what it was.
    Chain {
        /// The earliest slot that may have changed.
        since: u64,
        /// The latest slot that may have changed.
        until: u64,
        /// The running hash the entry signed.
        signed: Digest,
        /// The running hash of what the slots hold.
        running: Digest,
        /// Who signed.
        key: PublicKey,
    },
    /// The slot is empty although later ones are not.
    Missing {
        /// A later slot that is taken.
        later: u64,
    },
    /// The history does not extend the head this desk had already seen: it was cut, replaced or rolled back.
    Pinned {
        /// The running hash seen before.
        seen: Digest,
        /// The running hash of what is there now; none if the slot is gone.
        found: Option<Digest>,
    },
    /// The founding document is not what founders signed.
    Genesis {
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Contradiction::Chain { since, until, .. } if since == until => {
                write!(f, "the entry here signed another history; slot #{since} is not what it was")
            }
            Contradiction::Chain { since, until, .. } => write!(
                f,
                "the entry here signed another history; one of the slots #{since} to #{until} is not what it was"
            ),
            Contradiction::Missing { later } => {
                write!(f, "the slot is empty although #{later} is taken; it was removed")
            }
            Contradiction::Pinned { found: Some(_), .. } => {
                f.write_str("this desk had seen another history up to here; what is there now was replaced")
            }
            Contradiction::Pinned { found: None, .. } => {
                f.write_str("this desk had already seen an entry here; the history was cut")
            }
            Contradiction::Genesis { reason } => write!(f, "the founding document is not valid: {reason}"),
        }
    }
}

impl Error {
    /// Whether trying again later, unchanged, may succeed.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Error::Offline { .. } | Error::Full { .. } | Error::Denied { .. } | Error::Unhealthy { .. }
        )
    }
}
