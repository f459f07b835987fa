//! Committing: offering an entry to a slot, and never trusting the answer to a put.

use std::time::Duration;

use bytes::Bytes;

use crate::chain::{Head, Slot};
use crate::digest::Digest;
use crate::entry::Sealed;
use crate::error::Error;
use crate::log::{Ledger, POSITION_MAX, slot_name};
use crate::store::Creation;

/// How often the same bytes are sent before the entry is left pending.
const ATTEMPTS_MAX: u32 = 5;
/// The wait after the first attempt; it doubles, and half of it is jitter.
const PAUSE_FIRST: Duration = Duration::from_millis(40);

/// What became of an offer.
#[derive(Debug)]
#[must_use = "an offer that was beaten or is pending must be followed up"]
pub enum Offered {
    /// The facts stand at this slot, for ever. Usually the entry's own bytes; after a crash between signing and keeping,
    /// it may be an earlier signing of the same facts.
    Recorded {
        /// The slot, as it is stored.
        slot: Box<Slot>,
    },
    /// The slot holds something else. Replay it, decide again, seal for a later slot (with jitter).
    Beaten {
        /// The slot, as it is stored.
        slot: Box<Slot>,
    },
    /// Nobody knows. Keep the bytes and offer *the same bytes* again later: a request that is still under way may yet
    /// arrive, so until the slot is seen to be taken nothing else may be offered by this desk.
    Pending {
        /// What the store last answered.
        cause: Error,
    },
}

impl Ledger {
    /// Offers an entry to its slot: steps 4 and 5 of a commit. The caller has kept the bytes durably before.
    ///
    /// A plain success is believed. After anything else (already there, a failed precondition, too many requests,
    /// forbidden, a time-out) the slot is read: the facts are identified by their identifiers and their author, not by
    /// bytes. If the slot is still free the same bytes are sent again, a few times; if it cannot be read the entry is
    /// pending, never failed.
    pub async fn offer(&self, sealed: &Sealed) -> Offered {
        let name = slot_name(sealed.position);
        if sealed.position == 0 || sealed.position > POSITION_MAX {
            let reason = format!("#{} is no slot of a log", sealed.position);
            return Offered::Pending { cause: Error::Malformed { reason } };
        }
        let bytes = Bytes::copy_from_slice(&sealed.bytes);
        let mut attempt = 0;
        loop {
            // The entry is read as everybody will read it while the store is still at work.
            let reading = async { self.placed(bytes.clone(), &sealed.head_before()) };
            let (created, slot) = futures::join!(self.store.create(&name, bytes.clone()), reading);
            let cause = match created {
                Ok(Creation::Created) => return Offered::Recorded { slot: Box::new(slot) },
                // Nothing was forced onto the disk, so what can be read back may be gone after the next power cut.
                Err(cause @ Error::Unhealthy { .. }) => return Offered::Pending { cause },
                Ok(Creation::Exists) => None,
                Err(cause) => Some(cause),
            };
            #[cfg(any(test, feature = "simulation"))]
            if let Some(mistaken) = self.mistaken_answer(sealed, cause.as_ref()).await {
                return mistaken;
            }
            match self.raw(sealed.position).await {
                Ok(Some(raw)) => return self.recognised(sealed, raw),
                Ok(None) => {}
                Err(unreadable) => return Offered::Pending { cause: cause.unwrap_or(unreadable) },
            }
            attempt += 1;
            if attempt == ATTEMPTS_MAX {
                let cause = cause.unwrap_or_else(|| Error::Offline {
                    what: self.address(),
                    source: format!("`{name}` is said to exist, and to be missing").into(),
                });
                return Offered::Pending { cause };
            }
            tokio::time::sleep(pause(sealed, attempt)).await;
        }
    }

    fn recognised(&self, sealed: &Sealed, raw: Bytes) -> Offered {
        let slot = Box::new(self.placed(raw, &sealed.head_before()));
        let ours = slot.content.as_ref().is_ok_and(|entry| {
            entry.payload.author_key == sealed.author_key
                && entry.payload.facts.iter().map(|fact| fact.id).eq(sealed.fact_ids.iter().copied())
        });
        #[cfg(any(test, feature = "simulation"))]
        let ours = match self.mutant {
            Some(crate::simulation::Mutant::MatchesByBytes) => slot.raw == sealed.bytes,
            _ => ours,
        };
        if ours { Offered::Recorded { slot } } else { Offered::Beaten { slot } }
    }
}

#[cfg(any(test, feature = "simulation"))]
impl Ledger {
    /// Plants the mistakes that concern the answer to a put.
    async fn mistaken_answer(&self, sealed: &Sealed, cause: Option<&Error>) -> Option<Offered> {
        use crate::simulation::Mutant;
        match (self.mutant?, cause) {
            (Mutant::TrustsAlreadyExists, None) => {
                let raw = self.raw(sealed.position).await.ok()??;
                Some(Offered::Beaten { slot: Box::new(self.placed(raw, &sealed.head_before())) })
            }
            (Mutant::TrustsTheError, Some(_)) => Some(Offered::Pending {
                cause: Error::Offline { what: self.address(), source: "believed".into() },
            }),
            (Mutant::TrustsSilence, Some(Error::Offline { .. })) => {
                let bytes = Bytes::copy_from_slice(&sealed.bytes);
                Some(Offered::Recorded { slot: Box::new(self.placed(bytes, &sealed.head_before())) })
            }
            _ => None,
        }
    }
}

impl Sealed {
    /// The head this entry was made on.
    pub fn head_before(&self) -> Head {
        Head { position: self.position.saturating_sub(1), chain: self.chain }
    }
}

/// Doubles from [`PAUSE_FIRST`]; the jitter comes from the entry's own bytes, so that desks differ and tests repeat.
fn pause(sealed: &Sealed, attempt: u32) -> Duration {
    let whole = PAUSE_FIRST * 2_u32.pow(attempt - 1);
    let chance = Digest::of(&[sealed.bytes.as_slice(), &attempt.to_be_bytes()].concat());
    whole / 2 + whole.mul_f64(f64::from(chance.as_bytes()[0]) / 512.0)
}
