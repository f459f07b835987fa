//! Where the objects lie: a folder, a bucket, or memory. Three implementations, one conformance suite.

use std::fmt;
use std::path::Path;
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

use crate::digest::Digest;
use crate::error::Error;

#[cfg(any(test, feature = "bucket"))]
mod bucket;
mod folder;
mod memory;

#[cfg(any(test, feature = "bucket"))]
pub(crate) use bucket::{Bucket, Told};
pub use folder::Folder;
pub(crate) use folder::failed;
pub use memory::Memory;

/// What became of a creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// The object is there, durably, with these bytes, and this call made it.
    Created,
    /// An object of that name is there already. It may be our own: a client or a proxy may have sent the request twice.
    Exists,
}

/// Names content by its digest.
pub type NameOf = fn(&Digest) -> String;

/// Content taken from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Digest of the bytes taken.
    pub digest: Digest,
    /// How many bytes.
    pub size: u64,
    /// What became of the object, or nothing if only reading its name can tell.
    pub creation: Option<Creation>,
}

/// Objects that are created once, never overwritten and never deleted.
///
/// Names are relative, `/`-separated, and made of lower-case letters, digits, `-`, `.` and `_`. An error of
/// [`Store::create`] says nothing about whether the object was created: read the name to know.
#[async_trait]
pub trait Store: fmt::Debug + fmt::Display + Send + Sync {
    /// Creates an object unless one of that name exists. Sends the request once.
    async fn create(&self, name: &str, bytes: Bytes) -> Result<Creation, Error>;

    /// Creates an object from a local file under the name that `name_of` gives its digest, without holding it in memory
    /// where the store allows. The digest and the size are those of the bytes that were stored, whatever happens to the
    /// file meanwhile.
    async fn create_from_file(&self, file: &Path, name_of: NameOf) -> Result<Kept, Error>;

    /// The first `bytes_max` bytes of an object, or nothing if there is none of that name. What is there but is no
    /// readable object (a folder or a link put in its place) reads as empty.
    async fn get(&self, name: &str, bytes_max: usize) -> Result<Option<Bytes>, Error>;

    /// Several objects at once, in the order of their names; stores override it where asking one by one is slow.
    async fn get_all(&self, names: &[String], bytes_max: usize) -> Result<Vec<Option<Bytes>>, Error> {
        futures::future::try_join_all(names.iter().map(|name| self.get(name, bytes_max))).await
    }

    /// An object in pieces, for content too large for memory.
    async fn pieces(&self, name: &str) -> Result<Option<BoxStream<'static, Result<Bytes, Error>>>, Error>;

    /// Size in bytes, or nothing if there is no object of that name.
    async fn size(&self, name: &str) -> Result<Option<u64>, Error>;

    /// Names below `prefix` (which ends in `/`), sorted. For audits; the protocol never lists to find the head.
    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error>;

    /// What the store's own clock says, where it has one that can be asked: desks that disagree with it must not sign.
    async fn clock(&self) -> Result<Option<SystemTime>, Error>;

    /// Another handle to the same place, sharing nothing in memory but the objects: what a second desk would have.
    fn second_handle(&self) -> Result<Box<dyn Store>, Error>;

    /// Takes away what a probe created, where the store allows and the protocol does not forbid; elsewhere nothing.
    async fn forget_probe(&self, name: &str);
}

#[cfg(test)]
mod tests;
