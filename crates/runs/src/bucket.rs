//! Where files live: a *folder bucket* on this machine or a share, or a Cloud Storage bucket.
//!
//! Both speak the same few verbs with the same promises: a write is either fully there under its name or not at
//! all, every write gives the object a new generation, preconditions on the generation are honoured, and what
//! was written is read back and compared before the write is called done.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::{Crc32c, Fingerprint, Sha256};
use crate::{Error, Location};

mod cloud;
mod folder;
mod sessions;

pub use cloud::{GoogleBucket, Listener, PIECE_BYTES};
pub use folder::FolderBucket;
pub use sessions::UploadSessions;

/// The most objects one listing returns; beyond it the listing is refused rather than cut.
pub const LISTING_OBJECTS_MAX: usize = 1_000_000;

/// Folders and objects of one page of a folder, at the most.
pub const PAGE_OBJECTS_MAX: usize = 1000;

/// The longest object name (Cloud Storage's limit, in bytes of UTF-8).
pub const OBJECT_NAME_BYTES_MAX: usize = 1024;

/// A bucket.
#[derive(Clone, Debug)]
pub enum Bucket {
    /// A folder.
    Folder(FolderBucket),
    /// A bucket in Cloud Storage.
    Google(GoogleBucket),
}

/// What is known of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Its name in the bucket.
    pub name: String,
    /// Its size.
    pub size_bytes: u64,
    /// The generation: new with every write, comparable for equality only.
    pub generation: i64,
    /// Its crc32c as the service reports it, or as read from the folder. Listings of folders leave it out.
    pub crc32c: Option<Crc32c>,
    /// Its sha256 where the content was read.
    pub sha256: Option<Sha256>,
    /// When it was last written.
    pub modified_at: Timestamp,
}

/// A part of one folder of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderPage {
    /// Folders in it, with their whole names and a slash at the end.
    pub folders: Vec<String>,
    /// Objects directly in it.
    pub objects: Vec<Object>,
    /// Ask with this for what comes after; nothing at the end.
    pub next: Option<String>,
}

/// What must hold of the object for a write or a deletion to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    Any,
    /// It must not exist.
    Absent,
    /// It must have this generation.
    Generation(i64),
}

impl Bucket {
    /// A bucket's name, for messages and `gs://` paths.
    pub fn name(&self) -> &str {
        match self {
            Bucket::Folder(bucket) => bucket.name(),
            Bucket::Google(bucket) => bucket.name(),
        }
    }

    /// The same bucket, without a second try at any call: for whoever looks again soon.
    #[must_use]
    pub fn asking_once(self) -> Bucket {
        match self {
            Bucket::Folder(_) => self,
            Bucket::Google(bucket) => Bucket::Google(bucket.asking_once()),
        }
    }

    /// Whether the bucket exists and a file can be written and removed there.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Denied`] with what stood in the way.
    pub async fn probe(&self) -> Result<(), Error> {
        match self {
            Bucket::Folder(bucket) => bucket.blocking(|bucket| bucket.probe()).await,
            Bucket::Google(bucket) => bucket.probe().await,
        }
    }

    /// Writes a file's content under `name` and reads back what arrived.
    ///
    /// `expected` is what the file held when it was approved: a file that changed since, or changes while it is
    /// being read, is [`Error::Corrupt`] and the object is left as it was. [`Error::Conflict`] when the
    /// precondition does not hold. Whoever drops the future stops the upload where it is.
    pub async fn put_file(
        &self,
        name: &str,
        source: &Path,
        expected: Option<Fingerprint>,
        precondition: Precondition,
        sent: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Object, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let (name, source) = (name.to_owned(), source.to_owned());
                let wanted = Wanted::default();
                let unwanted = Arc::clone(&wanted.0);
                let put = bucket
                    .blocking(move |bucket| {
                        bucket.put_file(&name, &source, expected, precondition, &unwanted)
                    })
                    .await?;
                sent(put.size_bytes);
                Ok(put)
            }
            Bucket::Google(bucket) => bucket.put_file(name, source, expected, precondition, sent).await,
        }
    }

    /// Writes bytes under `name`. See [`Bucket::put_file`].
    pub async fn put(&self, name: &str, content: &[u8], precondition: Precondition) -> Result<Object, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let (name, content) = (name.to_owned(), content.to_owned());
                bucket.blocking(move |bucket| bucket.put(&name, &content, precondition)).await
            }
            Bucket::Google(bucket) => bucket.put(name, content, precondition).await,
        }
    }

    /// All objects whose names start with `prefix`, by name. Side files of Hadoop (`.x.crc`) and unfinished
    /// writes are not objects.
    pub async fn list(&self, prefix: &str) -> Result<Vec<Object>, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let prefix = prefix.to_owned();
                bucket.blocking(move |bucket| bucket.list(&prefix)).await
            }
            Bucket::Google(bucket) => bucket.list(prefix).await,
        }
    }

    /// One folder of the bucket, a page of it: `folder` is empty or ends with `/`, and `after` is what the page before
    /// said is next.
    pub async fn page(&self, folder: &str, after: Option<&str>) -> Result<FolderPage, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let (folder, after) = (folder.to_owned(), after.map(str::to_owned));
                bucket.blocking(move |bucket| bucket.page(&folder, after.as_deref())).await
            }
            Bucket::Google(bucket) => bucket.page(folder, after).await,
        }
    }

    /// What is known of the object, digests included; [`Error::NotFound`] is an answer.
    pub async fn stat(&self, name: &str) -> Result<Object, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let name = name.to_owned();
                bucket.blocking(move |bucket| bucket.stat(&name)).await
            }
            Bucket::Google(bucket) => bucket.stat(name).await,
        }
    }

    /// The whole content, refused beyond `size_bytes_max`.
    pub async fn read(&self, name: &str, size_bytes_max: u64) -> Result<Vec<u8>, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let name = name.to_owned();
                bucket.blocking(move |bucket| bucket.read(&name, size_bytes_max)).await
            }
            Bucket::Google(bucket) => bucket.read(name, size_bytes_max).await,
        }
    }

    /// A part of the content: `length` bytes from `offset`, fewer at the end.
    pub async fn read_range(&self, name: &str, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let name = name.to_owned();
                bucket.blocking(move |bucket| bucket.read_range(&name, offset, length)).await
            }
            Bucket::Google(bucket) => bucket.read_range(name, offset, length).await,
        }
    }

    /// Reads the content into a file and says what it held.
    pub async fn fetch(&self, name: &str, to: &Path) -> Result<Fingerprint, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let (name, to) = (name.to_owned(), to.to_owned());
                bucket.blocking(move |bucket| bucket.fetch(&name, &to)).await
            }
            Bucket::Google(bucket) => bucket.fetch(name, to).await,
        }
    }

    /// Removes the object. [`Error::NotFound`] when it is not there, [`Error::Conflict`] on the precondition.
    pub async fn delete(&self, name: &str, precondition: Precondition) -> Result<(), Error> {
        match self {
            Bucket::Folder(bucket) => {
                let name = name.to_owned();
                bucket.blocking(move |bucket| bucket.delete(&name, precondition)).await
            }
            Bucket::Google(bucket) => bucket.delete(name, precondition).await,
        }
    }

    /// Reads the object through and digests it.
    pub async fn fingerprint(&self, name: &str) -> Result<Fingerprint, Error> {
        match self {
            Bucket::Folder(bucket) => {
                let name = name.to_owned();
                bucket.blocking(move |bucket| bucket.fingerprint(&name)).await
            }
            Bucket::Google(bucket) => bucket.fingerprint(name).await,
        }
    }

    /// What is known of the object, its content read through: its sha256 is that of what was read, and belongs to
    /// the generation that is answered.
    pub async fn read_through(&self, name: &str) -> Result<Object, Error> {
        match self {
            // A folder's digests are always read.
            Bucket::Folder(_) => self.stat(name).await,
            Bucket::Google(bucket) => bucket.read_through(name).await,
        }
    }

    /// The folder behind a folder bucket, for tools that need a path.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Bucket::Folder(bucket) => Some(bucket.root()),
            Bucket::Google(_) => None,
        }
    }
}

/// Tells work on another thread, when it is dropped, that nobody waits for it any more.
#[derive(Default)]
struct Wanted(Arc<AtomicBool>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The buckets a caller has configured, by name.
#[derive(Clone, Debug, Default)]
pub struct Buckets {
    by_name: BTreeMap<String, Bucket>,
}

impl Buckets {
    /// Every folder directly under `root` whose name could be a bucket's, as a bucket.
    pub fn of_folders_in(root: &Path) -> Result<Buckets, Error> {
        let mut buckets = Buckets::default();
        let entries = match std::fs::read_dir(root) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(buckets),
            Err(e) => return Err(Error::io("could not list the buckets' folder", root)(e)),
        };
        for entry in entries {
            let entry = entry.map_err(Error::io("could not list the buckets' folder", root))?;
            let name = entry.file_name();
            if let Some(name) = name.to_str()
                && crate::spec::bucket_name_is_valid(name)
                && entry.path().is_dir()
            {
                buckets.add(Bucket::Folder(FolderBucket::open(name, &entry.path())?));
            }
        }
        Ok(buckets)
    }

    /// Adds a bucket, in place of one with the same name.
    pub fn add(&mut self, bucket: Bucket) {
        self.by_name.insert(bucket.name().to_owned(), bucket);
    }

    /// The bucket with this name.
    pub fn get(&self, name: &str) -> Result<&Bucket, Error> {
        self.by_name.get(name).ok_or_else(|| Error::NotFound { what: format!("bucket `{name}`") })
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Bucket> {
        self.by_name.values()
    }

    /// The names and folders of the folder buckets.
    pub fn folders(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.iter().filter_map(|bucket| bucket.folder().map(|folder| (bucket.name(), folder)))
    }

    /// Resolves a bucket's URL: `gs://NAME` (one of these) or `file:///…/NAME` (the folder; its last part is the
    /// bucket's name). The folder must exist.
    pub fn resolve(&self, url: &str) -> Result<Bucket, Error> {
        match url.trim_end_matches('/').parse()? {
            Location::Object { bucket, name } if name.is_empty() => self.get(&bucket).cloned(),
            Location::Local(path) => {
                let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
                Ok(Bucket::Folder(FolderBucket::open(&name, &path)?))
            }
            _ => Err(Error::invalid(
                format!("bucket `{url}`"),
                "name a bucket as `gs://NAME`, or a folder as `file:///folder/NAME`",
            )),
        }
    }
}

/// Refuses names no bucket would take, and names a folder could not keep apart from others.
pub(crate) fn check_object_name(name: &str) -> Result<(), Error> {
    let why = if name.is_empty() {
        "a name has at least one character"
    } else if name.len() > OBJECT_NAME_BYTES_MAX {
        "a name has at most 1024 bytes"
    } else if name.chars().any(char::is_control) {
        "a name has no control characters"
    } else if name.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
        "no part between slashes may be empty, `.` or `..`"
    } else {
        return Ok(());
    };
    Err(Error::invalid(format!("object name `{}`", name.escape_debug()), why))
}

/// Where `path` would be relative to a folder; helper of tests and listings.
pub(crate) fn joined(root: &Path, name: &str) -> PathBuf {
    name.split('/').fold(root.to_owned(), |path, part| path.join(part))
}
