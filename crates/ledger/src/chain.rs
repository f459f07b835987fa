//! Where a history stands, and a slot judged against it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::entry::{Entry, VoidReason};
use crate::error::{Contradiction, Error};
use crate::key::PublicKey;

/// Where a history stands: the last slot that was read, and the running hash up to and including it.
///
/// The founding document is position 0, so a fresh workspace stands at `{0, workspace id}`, and `position` is also the
/// number of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Head {
    /// The last slot read.
    pub position: u64,
    /// `h(position)`, where `h(0)` is the workspace id and `h(k) = H(h(k−1) ‖ H(raw bytes of slot k))`.
    pub chain: Digest,
}

/// A taken slot, in its place in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which slot.
    pub position: u64,
    /// Its bytes; of an oversized slot only the first [`SLOT_BYTES_MAX`](crate::SLOT_BYTES_MAX)` + 1`, which are also
    /// what the running hash covers, so that garbage never costs more than its cap.
    pub raw: Bytes,
    /// The running hash before it.
    pub before: Digest,
    /// The running hash including it, whatever it holds.
    pub after: Digest,
    /// What it holds; use [`Slot::judged`] to let the rules decide about its key.
    pub content: Result<Entry, VoidReason>,
}

impl Slot {
    /// Where the history stands after this slot.
    pub fn head(&self) -> Head {
        Head { position: self.position, chain: self.after }
    }

    /// What replay must do with this slot, given whether a key speaks for a person *at this slot*.
    ///
    /// * `Ok(Ok(entry))`: apply it, if the rules allow its facts.
    /// * `Ok(Err(reason))`: void, go on. A stranger can only ever produce this.
    /// * `Err(_)`: a valid key signed another history ([`Error::Corrupt`]) or a newer format
    ///   ([`Error::UpdateRequired`]): stop and write nothing.
    ///
    /// `key_holds` gets the key and the person it claims to speak for; the person is absent where it could not be read,
    /// and then the question is whether the key speaks for anybody.
    ///
    /// # Errors
    /// As above.
    pub fn judged(
        &self,
        key_holds: impl Fn(&PublicKey, Option<&str>) -> bool,
    ) -> Result<Result<&Entry, VoidReason>, Error> {
        match &self.content {
            Ok(entry) => {
                let Entry { payload } = entry;
                if key_holds(&payload.author_key, Some(&payload.person)) {
                    return Ok(Ok(entry));
                }
                Ok(Err(VoidReason::KeyNotHeld {
                    key: payload.author_key.clone(),
                    person: payload.person.clone(),
                }))
            }
            Err(VoidReason::OtherHistory { signed, running, since, key, person })
                if key_holds(key, Some(person)) =>
            {
                Err(Error::Corrupt {
                    position: self.position,
                    contradiction: Contradiction::Chain {
                        since: *since,
                        until: self.position - 1,
                        signed: *signed,
                        running: *running,
                        key: key.clone(),
                    },
                })
            }
            Err(VoidReason::Newer { newer, key, person }) if key_holds(key, person.as_deref()) => {
                Err(Error::UpdateRequired { position: self.position, newer: newer.clone() })
            }
            Err(reason) => Ok(Err(reason.clone())),
        }
    }
}

/// The bytes of a slot with everything that can be worked out without its predecessors: made in parallel.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) raw: Bytes,
    pub(crate) raw_digest: Digest,
    pub(crate) content: Result<Entry, VoidReason>,
}

impl Opened {
    pub(crate) fn new(raw: Bytes, keys: &mut crate::entry::Keys) -> Opened {
        Opened { raw_digest: Digest::of(&raw), content: crate::entry::open(&raw, keys), raw }
    }

    /// Puts the slot in its place after `head`. `agreed` is the earliest slot that no entry has confirmed yet.
    pub(crate) fn placed(self, workspace: &Digest, head: &Head, agreed: u64) -> Slot {
        let position = head.position + 1;
        let content =
            self.content.and_then(|entry| in_place(entry, workspace, position, &head.chain, agreed));
        Slot {
            position,
            after: head.chain.followed_by(&self.raw_digest),
            raw: self.raw,
            before: head.chain,
            content,
        }
    }
}

fn in_place(
    entry: Entry,
    workspace: &Digest,
    position: u64,
    running: &Digest,
    agreed: u64,
) -> Result<Entry, VoidReason> {
    let payload = &entry.payload;
    if payload.workspace != *workspace {
        return Err(VoidReason::OtherWorkspace { signed: payload.workspace });
    }
    if payload.position != position {
        return Err(VoidReason::OtherPosition { signed: payload.position });
    }
    if payload.chain != *running {
        return Err(VoidReason::OtherHistory {
            signed: payload.chain,
            running: *running,
            since: agreed.min(position - 1),
            key: payload.author_key.clone(),
            person: payload.person.clone(),
        });
    }
    Ok(entry)
}
