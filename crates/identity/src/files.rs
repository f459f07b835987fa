//! Secrets in files that only their owner may read, and what is public beside them.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::secret::Secret;

/// Longest file that is read.
const BYTES_MAX: u64 = 1024 * 1024;

/// A folder of small files: `0700`, its files `0600`.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    folder: PathBuf,
}

impl Files {
    pub(crate) fn open(folder: &Path) -> Result<Files, Error> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|source| denied(folder, "written", source))?;
        Ok(Files { folder: folder.to_owned() })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// Creates a file, whole or not at all, and answers whether it did; one that exists stays as it is.
    pub(crate) fn create(&self, file: &str, bytes: &[u8]) -> Result<bool, Error> {
        let target = self.path(file);
        if target.exists() {
            return Ok(false);
        }
        let staged = self.stage(file, bytes)?;
        let linked = fs::hard_link(&staged, &target);
        // A leftover would be an unnamed copy; the error about the link says more than one about this.
        let _ = fs::remove_file(&staged);
        match linked {
            Ok(()) => self.settled(&target).map(|()| true),
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(source) => Err(denied(&target, "written", source)),
        }
    }

    /// Creates a file or replaces its content, whole or not at all.
    pub(crate) fn replace(&self, file: &str, bytes: &[u8]) -> Result<(), Error> {
        let target = self.path(file);
        let staged = self.stage(file, bytes)?;
        if let Err(source) = fs::rename(&staged, &target) {
            let _ = fs::remove_file(&staged);
            return Err(denied(&target, "written", source));
        }
        self.settled(&target)
    }

    fn stage(&self, file: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
        let mut chance = [0; 8];
        fill(&mut chance)?;
        let path = self.path(&format!(".{file}.{}", hex::encode(chance)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&path).and_then(|mut out| {
            out.write_all(bytes)?;
            out.sync_all()
        });
        match written {
            Ok(()) => Ok(path),
            Err(source) => {
                let _ = fs::remove_file(&path);
                Err(denied(&path, "written", source))
            }
        }
    }

    fn settled(&self, target: &Path) -> Result<(), Error> {
        if cfg!(unix) {
            File::open(&self.folder)
                .and_then(|handle| handle.sync_all())
                .map_err(|source| denied(target, "written", source))?;
        }
        Ok(())
    }

    /// A file that only its owner may read; it is refused if others may.
    pub(crate) fn get_secret(&self, file: &str) -> Result<Option<Secret>, Error> {
        let path = self.path(file);
        let meta = match fs::metadata(&path) {
            Ok(meta) => meta,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(denied(&path, "read", source)),
        };
        #[cfg(unix)]
        if std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o077 != 0 {
            return Err(Error::Exposed { path });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len().min(BYTES_MAX)).unwrap_or_default());
        File::open(&path)
            .and_then(|file| file.take(BYTES_MAX).read_to_end(&mut bytes))
            .map_err(|source| denied(&path, "read", source))?;
        Ok(Some(Secret::new(bytes)))
    }

    pub(crate) fn get_public(&self, file: &str) -> Result<Option<String>, Error> {
        let path = self.path(file);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(denied(&path, "read", source)),
        }
    }

    pub(crate) fn remove(&self, file: &str) -> Result<(), Error> {
        let path = self.path(file);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => Err(denied(&path, "written", cause)),
            _ => Ok(()),
        }
    }

    /// Names of the files that end in `suffix`, without it, sorted.
    pub(crate) fn names(&self, suffix: &str) -> Result<Vec<String>, Error> {
        let read = |source| denied(&self.folder, "read", source);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(read)? {
            let name = entry.map_err(read)?.file_name();
            let Some(name) = name.to_str().and_then(|name| name.strip_suffix(suffix)) else { continue };
            if !name.starts_with('.') {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}

pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|cause| Error::NoRandomness { said: cause.to_string() })
}

fn denied(path: &Path, attempt: &'static str, source: std::io::Error) -> Error {
    Error::Denied { path: path.to_owned(), attempt, source }
}
