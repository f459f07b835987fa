//! Who is at the desk: the keychain and the signing key.
//!
//! A desk holds Ed25519 keys by name, one per member of a workspace who sits at it, and other secrets by name. They lie
//! in the keychain of the operating system; where there is none (a server, a container), in files below the home folder
//! that only their owner may read. A [`KeyHolder`] says which, so that the person can be warned.
//!
//! * No secret is ever answered, shown, logged or formatted: a key signs, and its public half is all that leaves.
//!   [`Secret`] is masked in `Debug` and `Display`, and wiped when dropped.
//! * The keychain is asked on a thread of its own, with a time limit: a keychain that waits for a prompt nobody can see
//!   must not stop the desk.
//! * A name is used once. Making a key never replaces one.

mod error;
mod files;
mod holder;
mod keychain;
mod name;
mod secret;

pub use error::Error;
pub use holder::{Kept, KeyHolder, PublicKey, SignatureBytes};
pub use name::{KeyName, NotAName};
pub use secret::Secret;
