//! Files of an archive, inflated into a folder of the caller's, with their digests.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::archive::{Archive, Entry, Stopped};
use crate::error::Error;

/// Bytes inflated at a time, and how many such pieces may wait to be hashed.
const PIECE_BYTES: usize = 256 << 10;
const PIECES_WAITING: usize = 8;
/// Bytes kept of each file's beginning, to tell what it is.
const HEAD_BYTES: usize = 4096;

/// A folder inside the caller's that vanishes with this value.
#[derive(Debug)]
pub(crate) struct Staging {
    folder: TempDir,
}

impl Staging {
    /// Makes the folder inside `parent`, which must exist.
    pub(crate) fn create(parent: &Path) -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("package-").tempdir_in(parent);
        let folder = folder.map_err(|source| Error::Staging { path: parent.to_owned(), source })?;
        Ok(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A file on disk under a name of our own.
#[derive(Clone, Debug)]
pub(crate) struct StagedFile {
    /// Path in the archive.
    pub(crate) path: String,
    pub(crate) size_bytes: u64,
    /// 64 hexadecimal digits.
    pub(crate) sha256: String,
    pub(crate) head: Vec<u8>,
    pub(crate) at: PathBuf,
}

/// Inflates entries into the staging folder. Inflating and writing run on this thread, hashing on another: either takes
/// about as long as the other.
pub(crate) fn stage(
    archive: &mut Archive<File>,
    entries: &[Entry],
    staging: &Staging,
    package: &Path,
) -> Result<Vec<StagedFile>, Error> {
    let (hash, to_hash) = mpsc::sync_channel::<Piece>(PIECES_WAITING);
    let (give_back, given_back) = mpsc::sync_channel::<Vec<u8>>(PIECES_WAITING + 2);
    thread::scope(|scope| {
        let digests = scope.spawn(move || digests(&to_hash, &give_back));
        let staged = inflate_all(archive, entries, staging, package, &hash, &given_back);
        drop(hash);
        let digests =
            digests.join().expect("hashing cannot panic: it indexes nothing and allocates only digests");
        let mut staged = staged?;
        for (file, sha256) in staged.iter_mut().zip(digests) {
            file.sha256 = sha256;
        }
        Ok(staged)
    })
}

/// What the hashing thread is sent.
enum Piece {
    Bytes(Vec<u8>),
    EndOfFile,
}

fn digests(pieces: &mpsc::Receiver<Piece>, give_back: &mpsc::SyncSender<Vec<u8>>) -> Vec<String> {
    let (mut hash, mut digests) = (Sha256::new(), Vec::new());
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => {
                hash.update(&bytes);
                // A buffer nobody waits for is dropped.
                drop(give_back.try_send(bytes));
            }
            Piece::EndOfFile => digests.push(hex::encode(hash.finalize_reset())),
        }
    }
    digests
}

fn inflate_all(
    archive: &mut Archive<File>,
    entries: &[Entry],
    staging: &Staging,
    package: &Path,
    hash: &mpsc::SyncSender<Piece>,
    given_back: &mpsc::Receiver<Vec<u8>>,
) -> Result<Vec<StagedFile>, Error> {
    let mut buffer = vec![0; PIECE_BYTES];
    let mut staged = Vec::with_capacity(entries.len());
    let gone = || io::Error::other("the hashing thread is gone");
    for (index, entry) in entries.iter().enumerate() {
        let at = staging.path().join(format!("{index:06}"));
        let unwritable = |source| Error::Staging { path: at.clone(), source };
        let mut file = File::create_new(&at).map_err(unwritable)?;
        let mut head = Vec::with_capacity(HEAD_BYTES.min(entry.size_bytes as usize));
        let mut write_failure = None;
        let outcome = archive.inflate(entry, &mut buffer, |piece| {
            file.write_all(piece).map_err(|error| {
                let kind = error.kind();
                write_failure = Some(error);
                io::Error::from(kind)
            })?;
            if head.len() < HEAD_BYTES {
                head.extend_from_slice(&piece[..piece.len().min(HEAD_BYTES - head.len())]);
            }
            let mut copy = given_back.try_recv().unwrap_or_else(|_| Vec::with_capacity(PIECE_BYTES));
            copy.clear();
            copy.extend_from_slice(piece);
            hash.send(Piece::Bytes(copy)).map_err(|_| gone())
        });
        if let Some(source) = write_failure {
            return Err(unwritable(source));
        }
        outcome.map_err(|stopped| stopped.into_error(package))?;
        hash.send(Piece::EndOfFile).map_err(|_| unwritable(gone()))?;
        staged.push(StagedFile {
            path: entry.path.clone(),
            size_bytes: entry.size_bytes,
            sha256: String::new(),
            head,
            at,
        });
    }
    Ok(staged)
}

impl Stopped {
    /// As the crate's error; `package` is the file that was being read.
    pub(crate) fn into_error(self, package: &Path) -> Error {
        match self {
            Self::Refused(refused) => Error::Refused(refused),
            Self::Io(source) => Error::Unreadable { path: package.to_owned(), source },
        }
    }
}
