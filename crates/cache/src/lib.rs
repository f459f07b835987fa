//! The ledger's facts as SQLite tables, and the desk's own file beside them.
//!
//! Two files, two promises. `cache.sqlite` ([`Cache`]) is derived: a fold of the ledger's entries, written in one
//! transaction an entry together with the head, stamped with the shape of its tables, and thrown away on any doubt.
//! `desk.sqlite` ([`Desk`]) is ground: what was saved on this desk and nowhere else yet (the outbox, with
//! `synchronous=FULL`), pins, drafts, read marks, deliveries, settings; it only ever migrates forward.

mod columns;
pub mod desk;
mod error;
mod list;
pub mod projection;
pub mod search;

pub use desk::Desk;
pub use error::Error;
pub use list::{List, Listed, Match};
pub use projection::{Cache, Head, Recorded};
