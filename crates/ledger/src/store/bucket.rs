//! A store in a bucket: any `object_store`, with the client's own retries off.
//!
//! Creation is a conditional put (`If-None-Match: *`, or generation 0). With retries on, the client re-sends after a
//! 5xx and then reports our own write as `AlreadyExists`; with them off, whoever asked reads the name to know.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path as Name;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

use crate::digest::Digest;
use crate::error::Error;
use crate::store::{Creation, Kept, NameOf, Store};

/// Longest wait for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest wait while a large object is uploaded.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// Largest object sent in one conditional put. Composite uploads cannot be made conditional everywhere, so there are none.
const UPLOAD_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// How many objects are asked for at once.
const CONCURRENT_GETS_MAX: usize = 32;

/// Objects below a prefix of a bucket.
#[derive(Clone)]
pub(crate) struct Bucket {
    objects: Arc<dyn ObjectStore>,
    prefix: String,
    url: String,
    told: Told,
}

/// How far a store's clock is ahead of ours, in milliseconds, as its latest answer said (the `Date` header).
#[derive(Clone, Debug, Default)]
pub(crate) struct Told(Arc<Mutex<Option<i64>>>);

impl Told {
    /// Keeps what an answer said.
    pub(crate) fn tell(&self, date: SystemTime) {
        let now = SystemTime::now();
        let ahead = match date.duration_since(now) {
            Ok(ahead) => ahead.as_millis() as i64,
            Err(behind) => -(behind.duration().as_millis() as i64),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
    }

    fn now(&self) -> Option<SystemTime> {
        let ahead = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let by = Duration::from_millis(ahead.unsigned_abs());
        if ahead < 0 { SystemTime::now().checked_sub(by) } else { SystemTime::now().checked_add(by) }
    }
}

impl Bucket {
    /// Objects below `prefix` (empty, or without a slash at either end) of `objects`; `url` is how people call it.
    ///
    /// The client behind `objects` must not retry on its own; `told` is where it keeps what answers say of the time.
    pub(crate) fn new(objects: Arc<dyn ObjectStore>, prefix: &str, url: &str, told: Told) -> Bucket {
        Bucket { objects, prefix: prefix.trim_matches('/').to_owned(), url: url.to_owned(), told }
    }

    fn name(&self, name: &str) -> Name {
        if self.prefix.is_empty() { Name::from(name) } else { Name::from(format!("{}/{name}", self.prefix)) }
    }

    async fn put(&self, name: &str, payload: PutPayload, timeout: Duration) -> Result<Creation, Error> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.timed(timeout, self.objects.put_opts(&self.name(name), payload, options)).await? {
            Ok(_) => Ok(Creation::Created),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                Ok(Creation::Exists)
            }
            // What is to be created need not be there; the bucket must.
            Err(object_store::Error::NotFound { .. }) => Err(Error::NotFound { what: self.url.clone() }),
            Err(cause) => Err(self.failed(name, "written", cause)),
        }
    }

    async fn timed<T>(&self, timeout: Duration, work: impl Future<Output = T>) -> Result<T, Error> {
        tokio::time::timeout(timeout, work)
            .await
            .map_err(|cause| Error::Offline { what: self.url.clone(), source: cause.into() })
    }

    fn failed(&self, name: &str, attempt: &'static str, cause: object_store::Error) -> Error {
        use object_store::Error as Cause;
        let what = format!("{}/{name}", self.url);
        match cause {
            Cause::NotFound { .. } => Error::NotFound { what },
            Cause::PermissionDenied { .. } | Cause::Unauthenticated { .. } => {
                Error::Denied { what, attempt, source: cause.into() }
            }
            Cause::NotSupported { .. } | Cause::NotImplemented { .. } => Error::Unsupported {
                what,
                remedy: format!(
                    "this store cannot create an object only if it is absent ({cause}); choose another"
                ),
            },
            _ => Error::Offline { what, source: cause.into() },
        }
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.url).finish()
    }
}

#[async_trait]
impl Store for Bucket {
    async fn create(&self, name: &str, bytes: Bytes) -> Result<Creation, Error> {
        self.put(name, bytes.into(), ANSWER_TIMEOUT).await
    }

    async fn create_from_file(&self, file: &Path, name_of: NameOf) -> Result<Kept, Error> {
        let failed = |cause| super::folder::failed(file, "read", cause);
        let size = tokio::fs::metadata(file).await.map_err(failed)?.len();
        if size > UPLOAD_BYTES_MAX {
            return Err(Error::Unsupported {
                what: file.display().to_string(),
                remedy: format!(
                    "{size} bytes are more than {UPLOAD_BYTES_MAX} in one upload; split the file"
                ),
            });
        }
        let bytes = Bytes::from(tokio::fs::read(file).await.map_err(failed)?);
        let (digest, size) = (Digest::of(&bytes), bytes.len() as u64);
        // What went wrong does not matter: the caller reads the name to know.
        let creation = self.put(&name_of(&digest), bytes.into(), UPLOAD_TIMEOUT).await.ok();
        Ok(Kept { digest, size, creation })
    }

    async fn get(&self, name: &str, bytes_max: usize) -> Result<Option<Bytes>, Error> {
        let location = self.name(name);
        let options =
            || GetOptions { range: Some(GetRange::Bounded(0..bytes_max as u64)), ..GetOptions::default() };
        let asked = async {
            match self.objects.get_opts(&location, options()).await {
                Ok(found) => found.bytes().await,
                // What every look at the head ends with: one request, and no second one.
                Err(missing @ object_store::Error::NotFound { .. }) => Err(missing),
                Err(refused) => {
                    // Stores answer a range of an empty object with an error; ask for its size to know.
                    let size = self.objects.head(&location).await?.size;
                    if size == 0 { Ok(Bytes::new()) } else { Err(refused) }
                }
            }
        };
        match self.timed(ANSWER_TIMEOUT, asked).await? {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(cause) => Err(self.failed(name, "read", cause)),
        }
    }

    async fn get_all(&self, names: &[String], bytes_max: usize) -> Result<Vec<Option<Bytes>>, Error> {
        let get = |name: String| {
            let bucket = self.clone();
            async move { bucket.get(&name, bytes_max).await }
        };
        futures::stream::iter(names.iter().cloned().map(get))
            .buffered(CONCURRENT_GETS_MAX)
            .try_collect()
            .await
    }

    async fn pieces(&self, name: &str) -> Result<Option<BoxStream<'static, Result<Bytes, Error>>>, Error> {
        match self.timed(ANSWER_TIMEOUT, self.objects.get(&self.name(name))).await? {
            Ok(found) => {
                let (bucket, name) = (self.clone(), name.to_owned());
                let pieces = found.into_stream().map_err(move |cause| bucket.failed(&name, "read", cause));
                Ok(Some(pieces.boxed()))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(cause) => Err(self.failed(name, "read", cause)),
        }
    }

    async fn size(&self, name: &str) -> Result<Option<u64>, Error> {
        match self.timed(ANSWER_TIMEOUT, self.objects.head(&self.name(name))).await? {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(cause) => Err(self.failed(name, "read", cause)),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let below = self.name(prefix.trim_end_matches('/'));
        let skipped = if self.prefix.is_empty() { 0 } else { self.prefix.len() + 1 };
        let mut names: Vec<String> = self
            .objects
            .list(Some(&below))
            .map_ok(|meta| meta.location.as_ref().chars().skip(skipped).collect())
            .try_collect()
            .await
            .map_err(|cause| self.failed(prefix, "read", cause))?;
        names.sort_unstable();
        Ok(names)
    }

    /// Where nothing was answered yet, the founding document is asked for.
    async fn clock(&self) -> Result<Option<SystemTime>, Error> {
        if self.told.now().is_none() {
            self.size(crate::log::GENESIS_NAME).await?;
        }
        Ok(self.told.now())
    }

    fn second_handle(&self) -> Result<Box<dyn Store>, Error> {
        Ok(Box::new(self.clone()))
    }

    async fn forget_probe(&self, _name: &str) {
        // Desks need no right to delete, and a bucket under a retention lock would refuse: the few bytes stay.
    }
}

#[cfg(test)]
pub(crate) mod tests;
