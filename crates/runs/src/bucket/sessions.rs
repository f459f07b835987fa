//! Upload sessions that outlive this program: where an upload that was cut off goes on.
//!
//! One file a session, named by exactly what is uploaded to where under which precondition, and held by a lock of the
//! system for as long as somebody uploads it: a program that was killed lets go of it, and two uploads of the same thing
//! never share a session. Whoever knows a session's address may write with it, so the files are their owner's only.

use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::Error;
use crate::digest::Sha256;
use crate::lock::Locked;

/// How long the service keeps a session (<https://cloud.google.com/storage/docs/resumable-uploads>).
const LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// The longest address of a session.
const ADDRESS_BYTES_MAX: u64 = 8 * 1024;

/// The folder where a desk keeps its upload sessions.
#[derive(Clone, Debug)]
pub struct UploadSessions {
    folder: PathBuf,
}

/// The right to one session, until it is dropped.
pub(super) struct Claim {
    file: Locked,
    path: PathBuf,
}

impl UploadSessions {
    /// Those that are kept in a folder. It is made when the first one is.
    pub fn in_folder(folder: impl Into<PathBuf>) -> UploadSessions {
        UploadSessions { folder: folder.into() }
    }

    /// The session for what `upload` stands for; `None` while somebody else uses it.
    pub(super) fn claim(&self, upload: &Sha256) -> Result<Option<Claim>, Error> {
        let path = self.folder.join(upload.to_string());
        std::fs::create_dir_all(&self.folder)
            .map_err(Error::io("could not make the folder of uploads", &self.folder))?;
        self.forget_ended();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(Error::io("could not open", &path))?;
        // On a file system without locks nothing is kept.
        Ok(Locked::attempt(file).ok().and_then(Result::ok).map(|file| Claim { file, path }))
    }

    /// What the service has forgotten by now. One that cannot be removed is asked about in vain, which does no harm.
    fn forget_ended(&self) {
        let ended = |path: &Path| {
            let written = path.metadata().and_then(|about| about.modified()).ok();
            written.and_then(|at| SystemTime::now().duration_since(at).ok()).is_some_and(|age| age > LIFE)
        };
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if ended(&entry.path()) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

impl Claim {
    /// The address that an earlier upload was given, if it was.
    pub(super) fn address(&mut self) -> Option<String> {
        let mut text = String::new();
        (&*self.file).take(ADDRESS_BYTES_MAX).read_to_string(&mut text).ok()?;
        // A line that is not whole was cut off.
        text.strip_suffix('\n').filter(|address| !address.is_empty()).map(str::to_owned)
    }

    /// Keeps the address of a session that begins now.
    pub(super) fn keep(&mut self, address: &str) -> Result<(), Error> {
        let file = &mut self.file;
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(format!("{address}\n").as_bytes()))
            .and_then(|()| file.sync_data())
            .map_err(Error::io("could not keep the upload session", &self.path))
    }

    /// The session is over.
    pub(super) fn forget(self) {
        // What stays behind is forgotten by its age.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_one_uploads_and_is_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let sessions = UploadSessions::in_folder(dir.path().join("uploads"));
        let (one, other) = (Sha256::of(b"one"), Sha256::of(b"other"));
        let mut claim = sessions.claim(&one).unwrap().unwrap();
        assert_eq!(claim.address(), None);
        claim.keep("https://storage.googleapis.com/upload?upload_id=1").unwrap();
        assert!(sessions.claim(&one).unwrap().is_none(), "it is used");
        assert!(sessions.claim(&other).unwrap().is_some());
        drop(claim);
        let mut again = sessions.claim(&one).unwrap().unwrap();
        assert_eq!(again.address().as_deref(), Some("https://storage.googleapis.com/upload?upload_id=1"));
        again.keep("short").unwrap();
        drop(again);
        let mut again = sessions.claim(&one).unwrap().unwrap();
        assert_eq!(again.address().as_deref(), Some("short"));
        again.forget();
        assert_eq!(sessions.claim(&one).unwrap().unwrap().address(), None);
        // A week is the service's limit.
        let path = dir.path().join("uploads").join(other.to_string());
        std::fs::write(&path, "old\n").unwrap();
        OpenOptions::new()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(SystemTime::now() - LIFE - Duration::from_secs(1))
            .unwrap();
        assert_eq!(sessions.claim(&other).unwrap().unwrap().address(), None);
    }
}
