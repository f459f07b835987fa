//! A folder that keeps a bucket's promises.
//!
//! * **Atomic**: content goes to a hidden file beside its destination, is synced, read back and compared, and only
//!   then takes its name by `rename` (or by `link`, which refuses an existing name).
//! * **Generation**: the file's modification time in nanoseconds. Our own writes set it one past the previous one
//!   if the clock has not moved, so it grows with every write of ours; another program's write (Spark's) sets the
//!   system's time, which differs too unless that program restores an old time on purpose. Nothing here trusts
//!   the generation alone: verification of a folder always reads the content.
//! * **Preconditions** are checked and acted on under an exclusive lock of the bucket's folder, so that two desks
//!   of ours on one machine (or on a share that honours `flock`) cannot both win.
//! * **Side files**: Hadoop's local file system writes `.name.crc` and refuses to read `name` when the two
//!   disagree, so replacing or deleting `name` removes a stale `.name.crc`; both kinds of hidden file are no objects.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use super::{
    FolderPage, LISTING_OBJECTS_MAX, Object, PAGE_OBJECTS_MAX, Precondition, check_object_name, joined,
};
use crate::Error;
use crate::digest::{CHUNK_BYTES, Crc32c, Digesting, Fingerprint, Sha256};
use crate::lock::Locked;

/// How the names of unfinished writes begin.
const UNFINISHED: &str = ".countersign-unfinished-";

/// An unfinished write this old belongs to nobody any more.
const UNFINISHED_AGE_MAX: Duration = Duration::from_secs(24 * 3600);

/// Every tenth write of a process looks for them: each would make a folder of many files slow to fill.
const SWEEP_AT: &str = "0";

/// A file that ends in an error as soon as nobody wants it any more.
struct WhileWanted<'a> {
    file: File,
    unwanted: &'a AtomicBool,
}

impl Read for WhileWanted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.unwanted.load(Ordering::Relaxed) {
            return Err(std::io::Error::other("nobody waits for it any more"));
        }
        self.file.read(buffer)
    }
}

/// The deepest folder a listing goes into.
const DEPTH_MAX: usize = 64;

/// A bucket that is a folder.
#[derive(Clone, Debug)]
pub struct FolderBucket {
    name: String,
    root: PathBuf,
}

impl FolderBucket {
    /// The folder `root` as bucket `name`. [`Error::NotFound`] unless it exists.
    pub fn open(name: &str, root: &Path) -> Result<FolderBucket, Error> {
        if !crate::spec::bucket_name_is_valid(name) {
            return Err(Error::invalid(
                format!("bucket name `{name}`"),
                "a bucket name has 3 to 222 lower-case letters, digits, `-`, `_` and `.`",
            ));
        }
        let bucket = FolderBucket { name: name.to_owned(), root: root.to_owned() };
        bucket.exists()?;
        Ok(bucket)
    }

    /// Makes the folder if it is not there, and opens it.
    pub fn create(name: &str, root: &Path) -> Result<FolderBucket, Error> {
        fs::create_dir_all(root).map_err(Error::io("could not make the bucket's folder", root))?;
        FolderBucket::open(name, root)
    }

    /// The bucket's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Runs file work where it may block.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&FolderBucket) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let bucket = self.clone();
        match tokio::task::spawn_blocking(move || work(&bucket)).await {
            Ok(answer) => answer,
            Err(e) => Err(Error::Offline { what: "work on a folder bucket".into(), why: e.to_string() }),
        }
    }

    fn exists(&self) -> Result<(), Error> {
        if self.root.is_dir() {
            Ok(())
        } else {
            Err(Error::NotFound {
                what: format!("bucket `{}` (folder `{}`)", self.name, self.root.display()),
            })
        }
    }

    pub(super) fn probe(&self) -> Result<(), Error> {
        self.exists()?;
        let path = self.root.join(format!("{UNFINISHED}{}", unique()));
        File::create_new(&path)
            .and_then(|mut file| file.write_all(b"probe"))
            .map_err(Error::io("could not write to the bucket's folder", &self.root))?;
        fs::remove_file(&path).map_err(Error::io("could not remove a file from the bucket's folder", &path))
    }

    pub(super) fn put(
        &self,
        name: &str,
        content: &[u8],
        precondition: Precondition,
    ) -> Result<Object, Error> {
        self.write(name, &mut &*content, Some(Fingerprint::of(content)), precondition, "the content given")
    }

    pub(super) fn put_file(
        &self,
        name: &str,
        source: &Path,
        expected: Option<Fingerprint>,
        precondition: Precondition,
        unwanted: &AtomicBool,
    ) -> Result<Object, Error> {
        let file = File::open(source).map_err(Error::io("could not open", source))?;
        let mut content = WhileWanted { file, unwanted };
        self.write(name, &mut content, expected, precondition, &source.display().to_string())
    }

    fn write(
        &self,
        name: &str,
        content: &mut dyn Read,
        expected: Option<Fingerprint>,
        precondition: Precondition,
        origin: &str,
    ) -> Result<Object, Error> {
        check_object_name(name)?;
        self.exists()?;
        let path = self.path(name)?;
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(Error::io("could not make the folder", folder))?;
        let unfinished = unique();
        if unfinished.ends_with(SWEEP_AT) {
            sweep_unfinished(folder);
        }
        let unfinished = Unfinished(folder.join(format!("{UNFINISHED}{unfinished}")));
        let read = copy_digesting(content, &unfinished.0, origin)?;
        if let Some(expected) = expected
            && expected != read
        {
            return Err(Error::Corrupt {
                what: format!("`{origin}`"),
                why: format!(
                    "it was to hold {} bytes with sha256 `{}` and held {} bytes with sha256 `{}` when it was read; \
                     it changed since it was approved, or while it was uploaded",
                    expected.size_bytes, expected.sha256, read.size_bytes, read.sha256
                ),
            });
        }
        let back = Fingerprint::of_file(&unfinished.0)?;
        if back != read {
            return Err(Error::Corrupt {
                what: format!("`{}`", unfinished.0.display()),
                why: format!("wrote sha256 `{}`, read back `{}`", read.sha256, back.sha256),
            });
        }
        self.install(
            name,
            &path,
            &unfinished.0,
            precondition,
            (read.size_bytes, read.crc32c, Some(read.sha256)),
        )
    }

    /// Makes a file that is whole already, on the same file system, an object, without copying or syncing it. Its
    /// checksum was taken while it was written. Where the precondition does not hold the file stays where it is.
    ///
    /// # Errors
    /// [`Error::Conflict`] on the precondition.
    pub fn adopt(
        &self,
        name: &str,
        file: &Path,
        crc32c: Crc32c,
        precondition: Precondition,
    ) -> Result<Object, Error> {
        check_object_name(name)?;
        self.exists()?;
        let path = self.path(name)?;
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(Error::io("could not make the folder", folder))?;
        let size = fs::metadata(file).map_err(Error::io("could not look at", file))?.len();
        self.install(name, &path, file, precondition, (size, crc32c, None))
    }

    fn install(
        &self,
        name: &str,
        path: &Path,
        unfinished: &Path,
        precondition: Precondition,
        (size_bytes, crc32c, sha256): (u64, Crc32c, Option<Sha256>),
    ) -> Result<Object, Error> {
        let _lock = self.lock()?;
        let before = self.generation(path)?;
        self.check(name, before, precondition)?;
        let now = nanoseconds(SystemTime::now());
        let generation = before.map_or(now, |before| now.max(before.saturating_add(1)));
        File::options()
            .write(true)
            .open(unfinished)
            .and_then(|file| file.set_modified(UNIX_EPOCH + Duration::from_nanos(generation.unsigned_abs())))
            .map_err(Error::io("could not date", unfinished))?;
        // A stale side file would make Hadoop refuse the new content.
        remove_side_file(path)?;
        fs::rename(unfinished, path).map_err(Error::io("could not name the object", path))?;
        sync_folder(path.parent().unwrap_or(&self.root))?;
        // Coarser file systems round the time; what is there now is the generation.
        let generation = self.generation(path)?.unwrap_or(generation);
        Ok(Object {
            name: name.to_owned(),
            size_bytes,
            generation,
            crc32c: Some(crc32c),
            sha256,
            modified_at: timestamp(generation),
        })
    }

    pub(crate) fn list(&self, prefix: &str) -> Result<Vec<Object>, Error> {
        self.exists()?;
        let mut found = Vec::new();
        // Start at the deepest folder the prefix names, so that a listing reads no more than it must.
        let start = prefix.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !start.is_empty() {
            check_object_name(start)?;
        }
        let folder = if start.is_empty() { self.root.clone() } else { joined(&self.root, start) };
        let base = if start.is_empty() { String::new() } else { format!("{start}/") };
        walk(&folder, &base, prefix, 0, &mut found)?;
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    pub(super) fn page(&self, folder: &str, after: Option<&str>) -> Result<FolderPage, Error> {
        self.exists()?;
        let path = match folder.strip_suffix('/') {
            Some(name) => {
                check_object_name(name)?;
                joined(&self.root, name)
            }
            None => self.root.clone(),
        };
        let mut names = Vec::new();
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(e)
                if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
            {
                return Ok(FolderPage::default());
            }
            Err(e) => return Err(Error::io("could not list", &path)(e)),
        };
        for entry in entries {
            let entry = entry.map_err(Error::io("could not list", &path))?;
            let kind = entry.file_type().map_err(Error::io("could not look at", &path))?;
            // What is not UTF-8 is no object, and does not keep the others from being seen.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let slash = if kind.is_dir() { "/" } else { "" };
            if kind.is_dir() || (kind.is_file() && !is_hidden(&name)) {
                names.push((format!("{folder}{name}{slash}"), entry.path()));
            }
        }
        names.sort();
        let mut page = FolderPage::default();
        let mut last = None;
        for (name, path) in
            names.into_iter().filter(|(name, _)| after.is_none_or(|after| name.as_str() > after))
        {
            if page.folders.len() + page.objects.len() == PAGE_OBJECTS_MAX {
                page.next = last;
                break;
            }
            last = Some(name.clone());
            if name.ends_with('/') {
                page.folders.push(name);
                continue;
            }
            let data = match std::fs::metadata(&path) {
                Ok(data) => data,
                // Removed between the listing and the look: it is not there.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                Err(e) => return Err(Error::io("could not look at", &path)(e)),
            };
            let modified = data.modified().map_err(Error::io("could not read the time of", &path))?;
            let generation = nanoseconds(modified);
            page.objects.push(Object {
                name,
                size_bytes: data.len(),
                generation,
                crc32c: None,
                sha256: None,
                modified_at: timestamp(generation),
            });
        }
        Ok(page)
    }

    pub(super) fn stat(&self, name: &str) -> Result<Object, Error> {
        let path = self.existing(name)?;
        // Read between two looks at the generation, so that the digests belong to it.
        for _ in 0..3 {
            let before = self.generation(&path)?;
            let print = Fingerprint::of_file(&path)?;
            let after = self.generation(&path)?;
            if let (Some(before), Some(after)) = (before, after)
                && before == after
            {
                return Ok(Object {
                    name: name.to_owned(),
                    size_bytes: print.size_bytes,
                    generation: after,
                    crc32c: Some(print.crc32c),
                    sha256: Some(print.sha256),
                    modified_at: timestamp(after),
                });
            }
        }
        Err(Error::Conflict {
            what: format!("object `{name}`"),
            why: "it kept changing while it was read; try again when nobody writes it".into(),
        })
    }

    pub(super) fn read(&self, name: &str, size_bytes_max: u64) -> Result<Vec<u8>, Error> {
        let path = self.existing(name)?;
        let file = File::open(&path).map_err(Error::io("could not open", &path))?;
        let mut content = Vec::new();
        file.take(size_bytes_max.saturating_add(1))
            .read_to_end(&mut content)
            .map_err(Error::io("could not read", &path))?;
        if content.len() as u64 > size_bytes_max {
            return Err(Error::invalid(
                format!("object `gs://{}/{name}`", self.name),
                format!("it is larger than the {size_bytes_max} bytes that are read here"),
            ));
        }
        Ok(content)
    }

    pub(super) fn read_range(&self, name: &str, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let path = self.existing(name)?;
        let mut file = File::open(&path).map_err(Error::io("could not open", &path))?;
        let mut content = Vec::new();
        file.seek(SeekFrom::Start(offset))
            .and_then(|_| file.take(length).read_to_end(&mut content))
            .map_err(Error::io("could not read", &path))?;
        Ok(content)
    }

    pub(super) fn fetch(&self, name: &str, to: &Path) -> Result<Fingerprint, Error> {
        let path = self.existing(name)?;
        let mut file = File::open(&path).map_err(Error::io("could not open", &path))?;
        copy_digesting(&mut file, to, &path.display().to_string())
    }

    pub(super) fn fingerprint(&self, name: &str) -> Result<Fingerprint, Error> {
        Fingerprint::of_file(&self.existing(name)?)
    }

    pub(super) fn delete(&self, name: &str, precondition: Precondition) -> Result<(), Error> {
        let path = self.existing(name)?;
        let _lock = self.lock()?;
        self.check(name, self.generation(&path)?, precondition)?;
        remove_side_file(&path)?;
        match fs::remove_file(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(self.missing(name)),
            answer => answer.map_err(Error::io("could not remove", &path))?,
        }
        // A bucket has no empty folders; neither has this one. Fails, rightly, where something is left.
        let mut folder = path.parent();
        while let Some(empty) = folder
            && empty != self.root
            && fs::remove_dir(empty).is_ok()
        {
            folder = empty.parent();
        }
        Ok(())
    }

    fn existing(&self, name: &str) -> Result<PathBuf, Error> {
        check_object_name(name)?;
        self.exists()?;
        let path = self.path(name)?;
        if is_hidden(path.file_name().and_then(|n| n.to_str()).unwrap_or_default()) || !path.is_file() {
            return Err(self.missing(name));
        }
        Ok(path)
    }

    fn missing(&self, name: &str) -> Error {
        Error::NotFound { what: format!("object `gs://{}/{name}`", self.name) }
    }

    /// The path of an object; refused where a link would lead out of the bucket.
    fn path(&self, name: &str) -> Result<PathBuf, Error> {
        if name.rsplit('/').next().is_some_and(is_hidden) {
            return Err(Error::invalid(
                format!("object name `{name}`"),
                "in a folder bucket this name is kept for side files and unfinished writes",
            ));
        }
        let path = joined(&self.root, name);
        let mut part = path.as_path();
        while part != self.root {
            if part.is_symlink() {
                return Err(Error::Denied {
                    what: format!("object `gs://{}/{name}`", self.name),
                    why: format!("`{}` is a link and may lead out of the bucket", part.display()),
                });
            }
            part = part.parent().unwrap_or(&self.root);
        }
        Ok(path)
    }

    fn generation(&self, path: &Path) -> Result<Option<i64>, Error> {
        match fs::metadata(path) {
            Ok(data) => {
                Ok(Some(nanoseconds(data.modified().map_err(Error::io("could not read the time of", path))?)))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::io("could not look at", path)(e)),
        }
    }

    fn check(&self, name: &str, found: Option<i64>, precondition: Precondition) -> Result<(), Error> {
        let why = match (precondition, found) {
            (Precondition::Any, _) | (Precondition::Absent, None) => return Ok(()),
            (Precondition::Generation(wanted), Some(found)) if wanted == found => return Ok(()),
            (Precondition::Absent, Some(found)) => format!("it was not to exist and has generation {found}"),
            (Precondition::Generation(wanted), Some(found)) => {
                format!("it was to have generation {wanted} and has {found}")
            }
            (Precondition::Generation(wanted), None) => {
                format!("it was to have generation {wanted} and does not exist")
            }
        };
        Err(Error::Conflict { what: format!("object `gs://{}/{name}`", self.name), why })
    }

    /// Exclusive among everybody who locks this folder; released when dropped.
    fn lock(&self) -> Result<Locked, Error> {
        let folder =
            File::open(&self.root).map_err(Error::io("could not open the bucket's folder", &self.root))?;
        Locked::wait(folder).map_err(Error::io("could not lock the bucket's folder", &self.root))
    }
}

/// An unfinished write; what is left of it goes when it is dropped.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After a successful rename there is nothing to remove, and a failure leaves a hidden file for the sweep.
        let _ = fs::remove_file(&self.0);
    }
}

fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{}-{}-{n}", std::process::id(), nanoseconds(SystemTime::now()))
}

fn is_hidden(file_name: &str) -> bool {
    (file_name.starts_with('.') && file_name.ends_with(".crc")) || file_name.starts_with(UNFINISHED)
}

fn remove_side_file(path: &Path) -> Result<(), Error> {
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else { return Ok(()) };
    let side = path.with_file_name(format!(".{name}.crc"));
    match fs::remove_file(&side) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("could not remove the checksum file", &side)(e))
        }
        _ => Ok(()),
    }
}

/// Removes what writers that died a day ago left behind. Best effort: it is hidden either way.
fn sweep_unfinished(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let old = || {
            let modified = entry.metadata().and_then(|data| data.modified()).ok()?;
            Some(modified.elapsed().ok()? > UNFINISHED_AGE_MAX)
        };
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED)) && old() == Some(true)
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn copy_digesting(from: &mut dyn Read, to: &Path, origin: &str) -> Result<Fingerprint, Error> {
    let mut file = File::create(to).map_err(Error::io("could not write", to))?;
    let mut digesting = Digesting::default();
    let mut piece = vec![0; CHUNK_BYTES];
    loop {
        let n = from.read(&mut piece).map_err(Error::io("could not read", Path::new(origin)))?;
        if n == 0 {
            break;
        }
        digesting.update(&piece[..n]);
        file.write_all(&piece[..n]).map_err(Error::io("could not write", to))?;
    }
    file.sync_all().map_err(Error::io("could not sync", to))?;
    Ok(digesting.finish())
}

fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io("could not sync", folder))
}

fn walk(folder: &Path, base: &str, prefix: &str, depth: usize, found: &mut Vec<Object>) -> Result<(), Error> {
    if depth > DEPTH_MAX {
        return Err(Error::Unsupported {
            what: format!("folder `{}`", folder.display()),
            why: format!("it is nested deeper than {DEPTH_MAX} folders"),
        });
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(());
        }
        Err(e) => return Err(Error::io("could not list", folder)(e)),
    };
    for entry in entries {
        let entry = entry.map_err(Error::io("could not list", folder))?;
        let file_name = entry.file_name();
        let Some(file_name) = file_name.to_str() else {
            return Err(Error::Unsupported {
                what: format!("file `{}`", entry.path().display()),
                why: "object names are UTF-8; rename it".into(),
            });
        };
        let name = format!("{base}{file_name}");
        let kind = entry.file_type().map_err(Error::io("could not look at", folder))?;
        if kind.is_dir() {
            let inside = format!("{name}/");
            if inside.starts_with(prefix) || prefix.starts_with(&inside) {
                walk(&entry.path(), &inside, prefix, depth + 1, found)?;
            }
        } else if kind.is_file() && name.starts_with(prefix) && !is_hidden(file_name) {
            let data = match entry.metadata() {
                Ok(data) => data,
                // Removed between the listing and the look: it is not there.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                Err(e) => return Err(Error::io("could not look at", &entry.path())(e)),
            };
            if found.len() >= LISTING_OBJECTS_MAX {
                return Err(Error::Unsupported {
                    what: format!("a listing of `{prefix}`"),
                    why: format!("it has more than {LISTING_OBJECTS_MAX} objects; use a narrower prefix"),
                });
            }
            let modified = data.modified().map_err(Error::io("could not read the time of", &entry.path()))?;
            let generation = nanoseconds(modified);
            found.push(Object {
                name,
                size_bytes: data.len(),
                generation,
                crc32c: None,
                sha256: None,
                modified_at: timestamp(generation),
            });
        }
    }
    Ok(())
}

fn nanoseconds(time: SystemTime) -> i64 {
    // Times before 1970 and after 2262 count as the nearest representable one.
    time.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

fn timestamp(nanoseconds: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
