//! Reading a whole history and everything it names, and saying what does not hold.

use std::fmt;

use serde::Serialize;

use crate::chain::Head;
use crate::digest::Digest;
use crate::entry::VoidReason;
use crate::error::{Contradiction, Error};
use crate::log::Ledger;

/// What a verification found. The form of the log is proven here; whether keys and facts were within the rules is
/// judged by whoever replays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many slots are taken.
    pub entries: u64,
    /// Where the history stands.
    pub head: Head,
    /// What does not hold, in order of position.
    pub problems: Vec<Problem>,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The slot where it shows, or which names the blob.
    pub position: u64,
    /// What it is.
    pub finding: Finding,
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The slot changes nothing. Garbage does no harm, but a good entry may have stood here.
    Void(VoidReason),
    /// The history contradicts itself.
    Contradiction(Contradiction),
    /// A blob is missing.
    BlobMissing(Digest),
    /// A blob holds other content.
    BlobCorrupt {
        /// The digest it is named by.
        named: Digest,
        /// The digest of what it holds.
        found: Digest,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Void(reason) => write!(f, "the slot is void: {reason}"),
            Finding::Contradiction(contradiction) => contradiction.fmt(f),
            Finding::BlobMissing(digest) => write!(f, "the blob `{digest}` is missing"),
            Finding::BlobCorrupt { named, found } => {
                write!(f, "the blob `{named}` holds other content (`{found}`)")
            }
        }
    }
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut object = serializer.serialize_struct("Problem", 2)?;
        object.serialize_field("position", &self.position)?;
        object.serialize_field("problem", &self.finding.to_string())?;
        object.end()
    }
}

impl Ledger {
    /// Reads the whole history again: signatures, places, the running hash. `progress` is told the position now and then.
    ///
    /// Entries that signed another history are reported as contradictions whoever signed them; where the rules do not
    /// know the key it is mere garbage, which the caller, who knows, may leave out. After a contradiction the reading
    /// goes on from what was signed, so that one changed slot is one problem.
    ///
    /// # Errors
    /// What the store answers. What the history holds is in the report.
    pub async fn verify(&self, mut progress: impl FnMut(u64)) -> Result<Report, Error> {
        let mut problems = Vec::new();
        let mut head = self.origin();
        'history: loop {
            let mut replay = self.replay(head);
            loop {
                let slot = match replay.next().await {
                    Ok(Some(slot)) => slot,
                    Ok(None) => break 'history,
                    Err(Error::Corrupt { position, contradiction }) => {
                        problems.push(Problem { position, finding: Finding::Contradiction(contradiction) });
                        break 'history;
                    }
                    Err(error) => return Err(error),
                };
                head = slot.head();
                if slot.position.is_multiple_of(1024) {
                    progress(slot.position);
                }
                let position = slot.position;
                match slot.content {
                    Ok(_) => {}
                    Err(VoidReason::OtherHistory { signed, running, since, key, .. }) => {
                        let contradiction =
                            Contradiction::Chain { since, until: position - 1, signed, running, key };
                        problems.push(Problem { position, finding: Finding::Contradiction(contradiction) });
                        head.chain = signed.followed_by(&Digest::of(&slot.raw));
                        continue 'history;
                    }
                    Err(reason) => problems.push(Problem { position, finding: Finding::Void(reason) }),
                }
            }
        }
        progress(head.position);
        Ok(Report { entries: head.position, head, problems })
    }

    /// Reads every named blob to its end. `named` are digests with the position of an entry that names them.
    ///
    /// # Errors
    /// What the store answers, other than that a blob is missing or corrupt.
    pub async fn verify_blobs(
        &self,
        named: impl IntoIterator<Item = (u64, Digest)>,
        mut progress: impl FnMut(u64),
    ) -> Result<Vec<Problem>, Error> {
        let mut problems = Vec::new();
        for (position, digest) in named {
            match self.check_blob(&digest).await {
                Ok(()) => {}
                Err(Error::NotFound { .. }) => {
                    problems.push(Problem { position, finding: Finding::BlobMissing(digest) });
                }
                Err(Error::CorruptBlob { named, found }) => {
                    problems.push(Problem { position, finding: Finding::BlobCorrupt { named, found } });
                }
                Err(error) => return Err(error),
            }
            progress(position);
        }
        Ok(problems)
    }
}

#[cfg(test)]
mod tests;
