//! Signed, chained, numbered entries and content-addressed blobs, in a folder or a bucket.

mod blob;
mod chain;
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
#[cfg(test)]
mod simulation;
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
