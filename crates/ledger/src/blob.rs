//! Content beside the log, named by its digest: created once, verified on every read.

use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};

use crate::digest::{Digest, Digesting};
use crate::error::Error;
use crate::log::Ledger;
use crate::store::{Creation, failed};

/// Content larger than this is digested on another thread.
const DIGESTED_HERE_BYTES_MAX: usize = 1024 * 1024;

/// The name of the object that holds the content of `digest`.
pub(crate) fn blob_name(digest: &Digest) -> String {
    let hex = digest.hex();
    format!("blob/sha256/{}/{hex}", &hex[..2])
}

/// A blob's content in pieces. If the content is not what its name says, the last item is [`Error::CorruptBlob`]: use
/// nothing of it before the stream has ended well.
pub struct BlobPieces {
    named: Digest,
    digesting: Option<Digesting>,
    pieces: BoxStream<'static, Result<Bytes, Error>>,
}

impl Stream for BlobPieces {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.pieces.poll_next_unpin(context);
        match &polled {
            Poll::Ready(Some(Ok(piece))) => {
                if let Some(digesting) = &mut self.digesting {
                    digesting.update(piece);
                }
            }
            Poll::Ready(Some(Err(_))) => self.digesting = None,
            Poll::Ready(None) => {
                if let Some(found) =
                    self.digesting.take().map(Digesting::finish).filter(|found| *found != self.named)
                {
                    return Poll::Ready(Some(Err(Error::CorruptBlob { named: self.named, found })));
                }
            }
            Poll::Pending => {}
        }
        polled
    }
}

impl Ledger {
    /// Keeps content and answers its digest. Durable when it returns; keeping what is already kept costs a read.
    ///
    /// # Errors
    /// [`Error::CorruptBlob`] if other content lies under that name, or what the store answers; trying again is safe.
    pub async fn put_blob(&self, bytes: impl Into<Bytes>) -> Result<Digest, Error> {
        let bytes = bytes.into();
        let digest = if bytes.len() > DIGESTED_HERE_BYTES_MAX {
            let hashed = bytes.clone();
            in_background(move || Ok(Digest::of(&hashed))).await?
        } else {
            Digest::of(&bytes)
        };
        let created = self.store.create(&blob_name(&digest), bytes).await;
        self.settled(digest, created).await
    }

    /// Keeps a file's content and answers its digest and size in bytes, without holding it in memory where the store
    /// allows. What is kept is named by the bytes that were taken, even if the file changes meanwhile.
    ///
    /// # Errors
    /// As [`Ledger::put_blob`], and what reading the file answers.
    pub async fn put_blob_file(&self, file: &Path) -> Result<(Digest, u64), Error> {
        let kept = self.store.create_from_file(file, blob_name).await?;
        let created = kept.creation.ok_or_else(|| Error::Offline {
            what: self.address(),
            source: "the upload was not acknowledged".into(),
        });
        Ok((self.settled(kept.digest, created).await?, kept.size))
    }

    /// Whatever came back unless it was a plain success: read what is there.
    async fn settled(&self, digest: Digest, created: Result<Creation, Error>) -> Result<Digest, Error> {
        match created {
            Ok(Creation::Created) => return Ok(digest),
            Err(cause @ Error::Unhealthy { .. }) => return Err(cause),
            _ => {}
        }
        match self.check_blob(&digest).await {
            Ok(()) => Ok(digest),
            Err(Error::NotFound { .. }) => Err(created
                .err()
                .unwrap_or(Error::NotFound { what: format!("{}/{}", self.address(), blob_name(&digest)) })),
            Err(cause) => Err(cause),
        }
    }

    /// A blob's content, verified, if it has at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::CorruptBlob`], [`Error::Malformed`] if it is larger, or what the store answers.
    pub async fn get_blob(&self, digest: &Digest, bytes_max: usize) -> Result<Bytes, Error> {
        let missing = || Error::NotFound { what: digest.to_string() };
        let looked = bytes_max.saturating_add(1);
        let bytes = self.store.get(&blob_name(digest), looked).await?.ok_or_else(missing)?;
        if bytes.len() > bytes_max {
            return Err(Error::Malformed {
                reason: format!("the blob `{digest}` has more than {bytes_max} bytes; read it in pieces"),
            });
        }
        match Digest::of(&bytes) {
            found if found == *digest => Ok(bytes),
            found => Err(Error::CorruptBlob { named: *digest, found }),
        }
    }

    /// A blob's content in pieces, verified at the end.
    ///
    /// # Errors
    /// [`Error::NotFound`], or what the store answers.
    pub async fn open_blob(&self, digest: &Digest) -> Result<BlobPieces, Error> {
        let pieces = self.store.pieces(&blob_name(digest)).await?;
        let pieces = pieces.ok_or_else(|| Error::NotFound { what: digest.to_string() })?;
        Ok(BlobPieces { named: *digest, digesting: Some(Digesting::default()), pieces })
    }

    /// Writes a blob's content to a new file, verified, and answers its size in bytes. If anything goes wrong no file is
    /// left, and a file that was there before stays as it was.
    ///
    /// # Errors
    /// As [`Ledger::open_blob`], [`Error::CorruptBlob`], and what writing the file answers.
    pub async fn save_blob(&self, digest: &Digest, file: &Path) -> Result<u64, Error> {
        let mut pieces = self.open_blob(digest).await?;
        let out = tokio::fs::File::create_new(file).await.map_err(|cause| failed(file, "written", cause))?;
        let saved = save(&mut pieces, out, file).await;
        if saved.is_err() {
            // The error that led here says more than one about a file that cannot be removed.
            let _ = tokio::fs::remove_file(file).await;
        }
        saved
    }

    /// Whether an object of that name is there; its content is verified when it is read.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn has_blob(&self, digest: &Digest) -> Result<bool, Error> {
        Ok(self.store.size(&blob_name(digest)).await?.is_some())
    }

    /// Reads a blob to its end, and only says whether it is what its name says.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::CorruptBlob`], or what the store answers.
    pub async fn check_blob(&self, digest: &Digest) -> Result<(), Error> {
        let mut pieces = self.open_blob(digest).await?;
        while let Some(piece) = pieces.next().await {
            piece?;
        }
        Ok(())
    }
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(cause) => Err(Error::Offline { what: "this desk".to_owned(), source: cause.into() }),
    }
}

async fn save(pieces: &mut BlobPieces, mut out: tokio::fs::File, file: &Path) -> Result<u64, Error> {
    use tokio::io::AsyncWriteExt as _;
    let written = |cause| failed(file, "written", cause);
    let mut size = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        out.write_all(&piece).await.map_err(written)?;
        size += piece.len() as u64;
    }
    out.flush().await.map_err(written)?;
    Ok(size)
}
