//! The workspace: founding, opening, and the next slot.

use std::sync::Arc;

use bytes::Bytes;

use crate::chain::{Head, Opened, Slot};
use crate::digest::Digest;
use crate::entry::{Keys, SLOT_BYTES_MAX};
use crate::error::{Contradiction, Error};
use crate::genesis::{Founding, Genesis};
use crate::store::{Creation, Store};

pub(crate) const GENESIS_NAME: &str = "genesis.json";
pub(crate) const LOG_PREFIX: &str = "log/";
/// Slots are named by twelve digits.
pub(crate) const POSITION_MAX: u64 = 999_999_999_999;
/// How far one read looks: enough to see that a slot is oversized, and never more.
pub(crate) const SLOT_READ_BYTES: usize = SLOT_BYTES_MAX + 1;

/// A workspace: its store, and what its founders signed. Cheap to clone; holds no position of its own.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) workspace: Digest,
    founding: Arc<Founding>,
    #[cfg(any(test, feature = "simulation"))]
    pub(crate) mutant: Option<crate::simulation::Mutant>,
}

/// The name of the object that holds slot `position`.
pub(crate) fn slot_name(position: u64) -> String {
    format!("{LOG_PREFIX}{position:012}.json")
}

impl Ledger {
    /// Founds a workspace: creates `genesis.json`. Founding the same document twice is founding it once.
    ///
    /// # Errors
    /// [`Error::Occupied`] if another workspace lies there, or what the store answers. After an answer that leaves open
    /// whether the document arrived, found again with the same document.
    pub async fn found(store: Arc<dyn Store>, founding: &Founding) -> Result<Ledger, Error> {
        let created = store.create(GENESIS_NAME, founding.bytes().clone()).await;
        if !matches!(created, Ok(Creation::Created)) {
            match store.get(GENESIS_NAME, SLOT_READ_BYTES).await? {
                Some(bytes) if bytes == *founding.bytes() => {}
                Some(bytes) => {
                    return Err(Error::Occupied { what: store.to_string(), found: Digest::of(&bytes) });
                }
                None => {
                    created?;
                    return Err(Error::NotFound { what: format!("{store}/{GENESIS_NAME}") });
                }
            }
        }
        Ok(Ledger::around(store, founding.clone()))
    }

    /// Opens a workspace. `expected` is its id where it is already known (from an invitation, or from this desk's pin).
    ///
    /// # Errors
    /// [`Error::NotFound`] if none lies there, [`Error::OtherWorkspace`] if it is another, [`Error::Corrupt`] at
    /// position 0 if it is not what its founders signed.
    pub async fn open(store: Arc<dyn Store>, expected: Option<Digest>) -> Result<Ledger, Error> {
        let found = store.get(GENESIS_NAME, SLOT_READ_BYTES).await?;
        let bytes = found.ok_or_else(|| Error::NotFound { what: format!("{store}/{GENESIS_NAME}") })?;
        let digest = Digest::of(&bytes);
        if let Some(expected) = expected.filter(|expected| *expected != digest) {
            return Err(Error::OtherWorkspace { what: store.to_string(), expected, found: digest });
        }
        Ok(Ledger::around(store, Founding::read(bytes)?))
    }

    fn around(store: Arc<dyn Store>, founding: Founding) -> Ledger {
        Ledger {
            store,
            workspace: founding.workspace(),
            founding: Arc::new(founding),
            #[cfg(any(test, feature = "simulation"))]
            mutant: None,
        }
    }

    /// The workspace id: the digest of its founding document.
    pub fn workspace(&self) -> Digest {
        self.workspace
    }

    /// Opens a workspace whose founding document this desk kept, without asking the store: a desk without a network reads
    /// on from what it has.
    ///
    /// # Errors
    /// [`Error::Corrupt`] at position 0 if the bytes are not what founders signed.
    pub fn resume(store: Arc<dyn Store>, founding: Bytes) -> Result<Ledger, Error> {
        Ok(Ledger::around(store, Founding::read(founding)?))
    }

    /// The founding document as it is stored, to be kept for [`Ledger::resume`].
    pub fn founding(&self) -> &Bytes {
        self.founding.bytes()
    }

    /// What the store's own clock says, where it has one. See [`Store::clock`].
    ///
    /// # Errors
    /// What the store answers.
    pub async fn clock(&self) -> Result<Option<std::time::SystemTime>, Error> {
        self.store.clock().await
    }

    /// What the founders signed.
    pub fn genesis(&self) -> &Genesis {
        self.founding.genesis()
    }

    /// Where the workspace lies, as people call it.
    pub fn address(&self) -> String {
        self.store.to_string()
    }

    /// Where every history begins: position 0 and the workspace id.
    pub fn origin(&self) -> Head {
        Head { position: 0, chain: self.workspace }
    }

    /// The slot after `head`, or nothing if it is still free. Never lists.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn next(&self, head: &Head) -> Result<Option<Slot>, Error> {
        let raw = self.raw(head.position + 1).await?;
        Ok(raw.map(|raw| self.placed(raw, head)))
    }

    /// The bytes of the slot at `position` (at most [`SLOT_BYTES_MAX`]` + 1`), or nothing if it is free.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn raw(&self, position: u64) -> Result<Option<Bytes>, Error> {
        if position == 0 {
            return Ok(Some(self.founding.bytes().clone()));
        }
        self.store.get(&slot_name(position), SLOT_READ_BYTES).await
    }

    pub(crate) fn placed(&self, raw: Bytes, head: &Head) -> Slot {
        self.place(Opened::new(raw, &mut Keys::default()), head, head.position)
    }

    /// Puts an opened slot in its place after `head`; `agreed` is the earliest slot that no entry vouches for yet.
    pub(crate) fn place(&self, opened: Opened, head: &Head, agreed: u64) -> Slot {
        #[cfg_attr(
            not(any(test, feature = "simulation")),
            expect(unused_mut, reason = "only the simulation plants mistakes")
        )]
        let mut slot = opened.placed(&self.workspace, head, agreed);
        #[cfg(any(test, feature = "simulation"))]
        crate::simulation::mistaken_chain(self.mutant, &mut slot);
        slot
    }

    /// The same workspace, reached through another store.
    #[cfg(any(test, feature = "simulation"))]
    pub(crate) fn over(&self, store: Arc<dyn Store>) -> Ledger {
        Ledger { store, ..self.clone() }
    }

    /// Whether the history still extends what this desk saw: `before` is the running hash before the slot at
    /// `seen.position`, `seen` the head after it. Costs one read. A desk keeps both (its pin) and asks at every opening.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the slot is gone or is another, or what the store answers.
    pub async fn extends(&self, before: &Digest, seen: &Head) -> Result<(), Error> {
        let contradicted = |found| {
            Err(Error::Corrupt {
                position: seen.position,
                contradiction: Contradiction::Pinned { seen: seen.chain, found },
            })
        };
        if seen.position == 0 {
            return if seen.chain == self.workspace { Ok(()) } else { contradicted(Some(self.workspace)) };
        }
        match self.raw(seen.position).await? {
            None => contradicted(None),
            Some(raw) => match before.followed_by(&Digest::of(&raw)) {
                found if found == seen.chain => Ok(()),
                found => contradicted(Some(found)),
            },
        }
    }
}

#[cfg(test)]
mod tests;
