//! A store in a folder: local, or shared by a file server that keeps its promises (see the probe).
//!
//! Creation is atomic and durable: the bytes are written and fsynced without a name, then *linked* to their own. A link
//! fails if the name exists, and a reader sees either nothing or everything. Then the folder is fsynced, and only then is
//! the object called created. Where there are no files without a name (on network shares, and on other systems than Linux)
//! the bytes have one in `staging/` until they are linked; what a crash leaves there is swept when the folder is opened.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;

use crate::digest::{Digest, Digesting};
use crate::error::{Cause, Error};
use crate::store::{Creation, Kept, NameOf, Store};

/// A leftover younger than this may belong to a commit that is under way.
const LEFTOVER_AGE_MIN: Duration = Duration::from_secs(60 * 60);
/// How much of a large file is read at once.
const PIECE_BYTES: usize = 1024 * 1024;
const STAGING: &str = "staging";

static STAGED: AtomicU64 = AtomicU64::new(0);

/// Objects as files below a folder.
#[derive(Clone)]
pub struct Folder {
    inner: Arc<Inner>,
}

struct Inner {
    root: PathBuf,
    healthy: AtomicBool,
    /// Whether the file system refused a file without a name: it is not asked again.
    names_all: AtomicBool,
    /// Folders whose own names are known to be durable.
    settled: Mutex<HashSet<PathBuf>>,
    #[cfg(test)]
    fault: Mutex<Option<tests::Fault>>,
}

/// Bytes on their way to a name.
struct Staged {
    file: File,
    /// What they are linked from: a name in `staging/`, or the open file itself.
    path: PathBuf,
    named: bool,
}

/// The file system calls of a creation, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    OpenUnnamed,
    OpenStaged,
    Write,
    SyncStaged,
    Link,
    MakeFolder,
    SyncFolder,
    Unstage,
}

impl Folder {
    /// The store below `root`, which must exist.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such folder, or another error if it cannot be looked at.
    pub fn open(root: &Path) -> Result<Folder, Error> {
        let meta = fs::metadata(root).map_err(|cause| failed(root, "read", cause))?;
        if !meta.is_dir() {
            return Err(Error::Unsuitable {
                what: root.display().to_string(),
                reason: "it is no folder; name a folder".to_owned(),
            });
        }
        let folder = Folder {
            inner: Arc::new(Inner {
                root: root.to_owned(),
                healthy: AtomicBool::new(true),
                names_all: AtomicBool::new(!cfg!(target_os = "linux")),
                settled: Mutex::default(),
                #[cfg(test)]
                fault: Mutex::default(),
            }),
        };
        folder.inner.sweep();
        Ok(folder)
    }

    /// A folder on a disk that knows no file without a name.
    #[cfg(test)]
    pub(crate) fn of_names(root: &Path) -> Folder {
        let folder = Folder::open(root).unwrap();
        folder.inner.names_all.store(true, Ordering::Relaxed);
        folder
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.inner.root
    }

    async fn blocking<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        match tokio::task::spawn_blocking(move || work(&inner)).await {
            Ok(result) => result,
            Err(cause) => Err(Error::Offline { what: self.to_string(), source: cause.into() }),
        }
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner.root.display(), f)
    }
}

impl fmt::Debug for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Folder").field(&self.inner.root).finish()
    }
}

#[async_trait]
impl Store for Folder {
    async fn create(&self, name: &str, bytes: Bytes) -> Result<Creation, Error> {
        let name = name.to_owned();
        self.blocking(move |inner| inner.create(&name, &bytes)).await
    }

    async fn create_from_file(&self, file: &Path, name_of: NameOf) -> Result<Kept, Error> {
        let file = file.to_owned();
        self.blocking(move |inner| {
            let source = File::open(&file).map_err(|cause| failed(&file, "read", cause))?;
            inner.create_from_file(source, name_of)
        })
        .await
    }

    async fn get(&self, name: &str, bytes_max: usize) -> Result<Option<Bytes>, Error> {
        let name = name.to_owned();
        self.blocking(move |inner| inner.get(&name, bytes_max)).await
    }

    async fn get_all(&self, names: &[String], bytes_max: usize) -> Result<Vec<Option<Bytes>>, Error> {
        let names = names.to_vec();
        self.blocking(move |inner| names.iter().map(|name| inner.get(name, bytes_max)).collect()).await
    }

    async fn pieces(&self, name: &str) -> Result<Option<BoxStream<'static, Result<Bytes, Error>>>, Error> {
        let path = self.inner.path(name);
        let opening = path.clone();
        let Some(file) = self.blocking(move |_| regular(&opening)).await? else { return Ok(None) };
        let pieces = futures::stream::try_unfold((file, path), |(mut file, path)| async move {
            let at = path.clone();
            let read = tokio::task::spawn_blocking(move || {
                let mut piece = Vec::with_capacity(PIECE_BYTES);
                (&mut file).take(PIECE_BYTES as u64).read_to_end(&mut piece).map(|_| (piece, file))
            });
            let (piece, file) = read
                .await
                .map_err(|cause| Error::Offline { what: at.display().to_string(), source: cause.into() })?
                .map_err(|cause| failed(&at, "read", cause))?;
            Ok((!piece.is_empty()).then(|| (Bytes::from(piece), (file, path))))
        });
        Ok(Some(pieces.boxed()))
    }

    async fn size(&self, name: &str) -> Result<Option<u64>, Error> {
        let name = name.to_owned();
        self.blocking(move |inner| {
            let path = inner.path(&name);
            match fs::symlink_metadata(&path) {
                Ok(meta) => Ok(Some(if meta.is_file() { meta.len() } else { 0 })),
                Err(cause) if cause.kind() == ErrorKind::NotFound => inner.there().map(|()| None),
                Err(cause) => Err(failed(&path, "read", cause)),
            }
        })
        .await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let prefix = prefix.to_owned();
        self.blocking(move |inner| {
            let mut names = Vec::new();
            collect_names(&inner.path(prefix.trim_end_matches('/')), &prefix, &mut names)?;
            names.sort_unstable();
            Ok(names)
        })
        .await
    }

    /// What a file made there now is stamped with: on a share, the file server's clock.
    async fn clock(&self) -> Result<Option<SystemTime>, Error> {
        self.blocking(|inner| {
            let staged = inner.stage()?;
            let stamp = staged.file.metadata().and_then(|meta| meta.modified());
            inner.unstage(&staged);
            stamp.map(Some).map_err(|cause| failed(&inner.root, "read", cause))
        })
        .await
    }

    fn second_handle(&self) -> Result<Box<dyn Store>, Error> {
        Ok(Box::new(Folder::open(&self.inner.root)?))
    }

    async fn forget_probe(&self, name: &str) {
        let name = name.to_owned();
        let forgotten = self.blocking(move |inner| {
            let path = inner.path(&name);
            fs::remove_file(&path).map_err(|cause| failed(&path, "written", cause))
        });
        // A probe's file that stays is harmless: nothing ever reads it.
        let _ = forgotten.await;
    }
}

impl Inner {
    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Tells "there is no such object" from "the folder is gone", which an unplugged disk looks like.
    fn there(&self) -> Result<(), Error> {
        match fs::metadata(&self.root) {
            Ok(_) => Ok(()),
            Err(cause) => Err(failed(&self.root, "read", cause)),
        }
    }

    fn get(&self, name: &str, bytes_max: usize) -> Result<Option<Bytes>, Error> {
        let path = self.path(name);
        let meta = match fs::symlink_metadata(&path) {
            Ok(meta) => meta,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return self.there().map(|()| None),
            Err(cause) => return Err(failed(&path, "read", cause)),
        };
        // A folder, a link or a pipe in an object's place would stop a reader, or lead it elsewhere.
        if !meta.is_file() {
            return Ok(Some(Bytes::new()));
        }
        let expected = usize::try_from(meta.len()).unwrap_or(usize::MAX).min(bytes_max);
        let mut bytes = Vec::with_capacity(expected);
        File::open(&path)
            .and_then(|file| file.take(bytes_max as u64).read_to_end(&mut bytes))
            .map_err(|cause| failed(&path, "read", cause))?;
        Ok(Some(bytes.into()))
    }

    fn create(&self, name: &str, bytes: &[u8]) -> Result<Creation, Error> {
        let mut staged = self.stage()?;
        let target = self.path(name);
        let result = self
            .step(Step::Write, || staged.file.write_all(bytes))
            .map_err(|cause| failed(&target, "written", cause))
            .and_then(|()| self.force(&staged.file))
            .and_then(|()| self.publish(&staged, &target));
        self.unstage(&staged);
        result
    }

    fn create_from_file(&self, source: File, name_of: NameOf) -> Result<Kept, Error> {
        let mut staged = self.stage()?;
        let result = self
            .step(Step::Write, || copy_digesting(source, &mut staged.file))
            .map_err(|cause| failed(&self.root, "written", cause))
            .and_then(|copied| self.force(&staged.file).map(|()| copied))
            .and_then(|(digest, size)| {
                let creation = Some(self.publish(&staged, &self.path(&name_of(&digest)))?);
                Ok(Kept { digest, size, creation })
            });
        self.unstage(&staged);
        result
    }

    fn stage(&self) -> Result<Staged, Error> {
        if !self.healthy.load(Ordering::Acquire) {
            return Err(Error::Unhealthy { what: self.root.display().to_string(), source: None });
        }
        if !self.names_all.load(Ordering::Relaxed) {
            match self.step(Step::OpenUnnamed, || unnamed(&self.root)) {
                Ok(staged) => return Ok(staged),
                // A disk that is full, or denied, says the same of a name.
                Err(_) => self.names_all.store(true, Ordering::Relaxed),
            }
        }
        let folder = self.root.join(STAGING);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let nth = STAGED.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{since}-{nth}", std::process::id()));
        let open = || OpenOptions::new().write(true).create_new(true).open(&path);
        let opened = match self.step(Step::OpenStaged, open) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                self.settle(&folder)?;
                open()
            }
            opened => opened,
        };
        match opened {
            Ok(file) => Ok(Staged { file, path, named: true }),
            Err(cause) => Err(failed(&path, "written", cause)),
        }
    }

    fn force(&self, file: &File) -> Result<(), Error> {
        self.step(Step::SyncStaged, || file.sync_all()).map_err(|cause| match cause.kind() {
            // A full disk may show only now. It is no illness: nothing was published under its own name.
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => failed(&self.root, "written", cause),
            _ => self.not_forced(&self.root, cause),
        })
    }

    /// Best effort: what a failure here, or a crash before it, leaves behind is swept at a later opening.
    fn unstage(&self, staged: &Staged) {
        if staged.named {
            let _ = self.step(Step::Unstage, || fs::remove_file(&staged.path));
        }
    }

    fn publish(&self, staged: &Staged, target: &Path) -> Result<Creation, Error> {
        let parent = target.parent().unwrap_or(&self.root);
        let link = || staged.link(target);
        let linked = match self.step(Step::Link, link) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                self.settle(parent)?;
                link()
            }
            linked => linked,
        };
        match linked {
            Ok(()) => {
                self.sync_folder(parent)?;
                Ok(Creation::Created)
            }
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
                // Whoever linked it may have crashed before it was durable, and the caller may be about to rely on it.
                self.sync_folder(parent)?;
                Ok(Creation::Exists)
            }
            Err(cause) if cause.kind() == ErrorKind::Unsupported => Err(Error::Unsuitable {
                what: self.root.display().to_string(),
                reason: format!(
                    "its file system has no hard links ({cause}); choose a folder on a disk that has"
                ),
            }),
            Err(cause) => Err(failed(target, "written", cause)),
        }
    }

    /// Makes `folder`, and the folders above it up to the root (never the root itself: an unmounted disk would be
    /// replaced by an empty folder), and makes their names durable.
    fn settle(&self, folder: &Path) -> Result<(), Error> {
        let known = |path: &Path| self.settled.lock().unwrap_or_else(PoisonError::into_inner).contains(path);
        if folder == self.root || known(folder) && folder.is_dir() {
            return self.there();
        }
        let parent = folder.parent().unwrap_or(&self.root);
        self.settle(parent)?;
        match self.step(Step::MakeFolder, || fs::create_dir(folder)) {
            Err(cause) if cause.kind() != ErrorKind::AlreadyExists => {
                return Err(failed(folder, "written", cause));
            }
            _ => self.sync_folder(parent)?,
        }
        self.settled.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned());
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> Result<(), Error> {
        let sync = || {
            if cfg!(unix) { File::open(folder).and_then(|handle| handle.sync_all()) } else { Ok(()) }
        };
        self.step(Step::SyncFolder, sync).map_err(|cause| self.not_forced(folder, cause))
    }

    fn not_forced(&self, path: &Path, cause: io::Error) -> Error {
        self.healthy.store(false, Ordering::Release);
        Error::Unhealthy { what: path.display().to_string(), source: Some(Cause::from(cause)) }
    }

    fn sweep(&self) {
        let Ok(entries) = fs::read_dir(self.root.join(STAGING)) else { return };
        for entry in entries.flatten() {
            let old = entry
                .metadata()
                .and_then(|meta| meta.modified())
                .is_ok_and(|at| at.elapsed().is_ok_and(|age| age >= LEFTOVER_AGE_MIN));
            if old {
                // Another desk may be sweeping too, or this one may only read.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    #[cfg(not(test))]
    fn step<T>(&self, _step: Step, call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        call()
    }

    #[cfg(test)]
    fn step<T>(&self, step: Step, call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        tests::with_fault(&self.fault, step, call)
    }
}

impl Staged {
    fn link(&self, target: &Path) -> io::Result<()> {
        if self.named {
            return fs::hard_link(&self.path, target);
        }
        // Linux calls the open file a link to itself, and `fs::hard_link` would link that link.
        #[cfg(target_os = "linux")]
        return Ok(rustix::fs::linkat(
            rustix::fs::CWD,
            &self.path,
            rustix::fs::CWD,
            target,
            rustix::fs::AtFlags::SYMLINK_FOLLOW,
        )?);
        #[cfg(not(target_os = "linux"))]
        Err(ErrorKind::Unsupported.into())
    }
}

/// A file on the disk of `folder` that nothing names: gone with its writer, so that a crash leaves nothing behind. It also
/// spares the disk a name that would be written only to be removed, about an eighth of what a commit costs.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> io::Result<Staged> {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::OpenOptionsExt;

    let flags = rustix::fs::OFlags::TMPFILE.bits().cast_signed();
    let file = OpenOptions::new().write(true).custom_flags(flags).open(folder)?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    // A process that sees no `/proc` could not give it a name later.
    fs::symlink_metadata(&path)?;
    Ok(Staged { file, path, named: false })
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_folder: &Path) -> io::Result<Staged> {
    Err(ErrorKind::Unsupported.into())
}

fn copy_digesting(mut source: File, target: &mut File) -> io::Result<(Digest, u64)> {
    let mut digesting = Digesting::default();
    let mut piece = vec![0; PIECE_BYTES];
    let mut size = 0;
    loop {
        let length = source.read(&mut piece)?;
        if length == 0 {
            return Ok((digesting.finish(), size));
        }
        digesting.update(&piece[..length]);
        target.write_all(&piece[..length])?;
        size += length as u64;
    }
}

fn regular(path: &Path) -> Result<Option<File>, Error> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_file() => File::open(path).map(Some).map_err(|cause| failed(path, "read", cause)),
        Ok(_) => Ok(None),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed(path, "read", cause)),
    }
}

fn collect_names(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<(), Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(failed(folder, "read", cause)),
    };
    for entry in entries {
        let entry = entry.map_err(|cause| failed(folder, "read", cause))?;
        // A name that is no Unicode is none of ours.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type().map_err(|cause| failed(folder, "read", cause))?;
        if kind.is_dir() {
            collect_names(&entry.path(), &format!("{prefix}{name}/"), names)?;
        } else {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

/// Names a system error by what the caller will do about it.
pub(crate) fn failed(path: &Path, attempt: &'static str, cause: io::Error) -> Error {
    let what = path.display().to_string();
    match cause.kind() {
        ErrorKind::NotFound => Error::NotFound { what },
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Error::Denied { what, attempt, source: cause.into() }
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            Error::Full { what, source: cause.into() }
        }
        ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
            Error::Unsuitable { what, reason: format!("something else lies there ({cause}); move it away") }
        }
        _ => Error::Offline { what, source: cause.into() },
    }
}

#[cfg(test)]
mod tests;
