//! Signed, chained, numbered entries and content-addressed blobs, in a folder or a bucket.
//!
//! A *workspace* is a place (a folder, or a prefix of a bucket) that several desks share, with no server between them. In
//! it an append-only sequence of signed *entries* is the whole truth, and *blobs* lie beside it by content. Every desk
//! replays the entries and applies the same rules, so nobody has to trust the desk that wrote one. This crate keeps the
//! log, the blobs and the proofs; it never opens a fact's body and knows none of the rules.
//!
//! ```text
//! <root>/genesis.json              what the founders signed; its SHA-256 is the workspace id
//! <root>/log/000000000042.json     one entry per slot, from 1
//! <root>/blob/sha256/ab/<hex>      content by digest
//! <root>/staging/                  folders only: files on their way to their names; leftovers are swept
//! <root>/seg/ snap/ witness/       reserved for segments, snapshots and checkpoints; readers pass them by
//! ```
//!
//! Everything is created once, never overwritten and never deleted, so the right to create and to read objects is all a
//! desk needs.
//!
//! # Slots and the running hash
//!
//! Position 0 is the founding document, so `h(0)` is the workspace id, entries are numbered from 1, and the position of
//! the last entry is also their number. For every slot, `h(k) = H(h(k−1) ‖ H(raw bytes of slot k))`, *whatever it
//! holds*; of an oversized slot the raw bytes are its first [`SLOT_BYTES_MAX`]` + 1`. (Segment *i* will hold positions
//! `1024·i ..= 1024·i + 1023`, the first beginning with the founding document.)
//!
//! An entry is a DSSE envelope over exact payload bytes that are verified as stored and never serialised again. It signs
//! its workspace, its position and `h(k−1)`. So an entry cannot be played again elsewhere, and every later entry vouches
//! for every byte before it: a single changed bit, in a void slot too, contradicts all that follow.
//!
//! * A slot of *garbage* (oversized, unparsable, unsigned, by an unknown key, for another place) is **void**: it costs
//!   at most its cap, changes nothing and stops nothing ([`VoidReason`]).
//! * A *contradiction* between what a valid key signed and what slots hold **stops** everything and names the position
//!   ([`Error::Corrupt`]). A stranger cannot cause one, because whether the key is valid at that slot is asked first:
//!   [`Slot::judged`] is the one place where these two are told apart, and the caller brings the knowledge of keys.
//!
//! # A commit, and why its answers are not trusted
//!
//! 1. The desk writes the intent with its fact identifiers into its outbox, durably.
//! 2. It catches up: [`Ledger::next`], until a slot is free. It never lists to find the head.
//! 3. The rules decide.
//! 4. [`seal`] signs; the *bytes* go into the outbox; [`Ledger::offer`] creates the slot if it is absent, with the
//!    client's own retries off.
//! 5. Unless the answer was a plain success the slot is read. The fact identifiers under our key: recorded. Another
//!    entry: beaten, back to 2. Free: the same bytes again. Unreachable: *pending*, never "failed".
//! 6. State, head and outbox change in one transaction. Only now is it "recorded at #n".
//!
//! One slot is outstanding per desk: a request that timed out may still arrive, so until the slot is seen to be taken only
//! the same facts may be offered again.
//!
//! # What holds, and who holds it
//!
//! | | | held by |
//! |---|---|---|
//! | I1 | an acknowledged fact is at its slot for ever | [`Ledger::offer`], and stores that fsync before they answer |
//! | I2 | a fact identifier takes effect once | [`FactIds::admit`], called by whoever replays, *after* the key is judged |
//! | I3 | a slot means the same, however it is read | [`Ledger::replay`] and [`Ledger::next`] share one code |
//! | I4 | what began after an acknowledgement stands after it | slots are won in order |
//! | I5 | heads only grow; a contradiction halts | [`Ledger::extends`] (pins), [`Slot::judged`] |
//! | I6 | garbage changes nothing and costs its cap | [`Slot::judged`], [`SLOT_BYTES_MAX`] |
//! | I16 | intents survive crashes | the outbox of the caller, with [`Sealed::from_bytes`] |
//! | I17 | old ledgers replay the same | the golden history in `tests/golden/ledger` |
//!
//! The simulation in this crate's tests plays several desks against a faulty store and must catch twelve planted
//! mistakes (`examples/simulate.rs` plays as many seeds as are wanted); `tests/kill.rs` kills real processes; `examples/measure.rs` measures.
//!
//! # What is deliberately absent
//!
//! No overwriting, no deleting, no listing for the head, no lease, no clock, no rules. Strings must be in Unicode normal
//! form C, so a reader with older tables could disagree about characters that were unassigned then.

mod blob;
mod chain;
mod copy;
mod digest;
mod entry;
mod envelope;
mod error;
mod genesis;
mod json;
mod key;
mod location;
mod log;
mod offer;
mod probe;
mod replay;
#[cfg(any(test, feature = "simulation"))]
pub mod simulation;
mod store;
mod verify;

pub use blob::BlobPieces;
pub use bytes::Bytes;
pub use chain::{Head, Slot};
pub use digest::{Digest, NotADigest};
pub use entry::{
    Author, ENTRY_TYPE, Entry, FACTS_MAX, FactIds, PAYLOAD_VERSION, Payload, RawFact, SLOT_BYTES_MAX, Sealed,
    VoidReason, seal,
};
pub use envelope::pre_authentication_encoding;
pub use error::{Cause, Contradiction, Error};
pub use genesis::{FOUNDERS_MAX, Founder, Founding, GENESIS_TYPE, GENESIS_VERSION, Genesis};
pub use key::{Algorithm, NotAKey, PublicKey, SignatureBytes};
pub use location::Location;
pub use log::Ledger;
pub use offer::Offered;
pub use probe::{Probe, probe};
pub use replay::Replay;
pub use store::{Creation, Folder, Kept, Memory, NameOf, Store};
pub use ulid::Ulid;
pub use verify::{Finding, Problem, Report};
