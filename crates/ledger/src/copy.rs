//! A copy of a workspace in a folder: the same bytes under the same names, so that whatever verifies the one verifies the
//! other.

use std::path::Path;

use crate::blob::blob_name;
use crate::chain::Head;
use crate::digest::Digest;
use crate::error::Error;
use crate::log::{GENESIS_NAME, Ledger, slot_name};
use crate::store::{Folder, Store, failed};

impl Ledger {
    /// Writes the history up to `until`, and these blobs, into `folder`, which is made and must be empty. Each blob is
    /// verified on the way; answers how many bytes the blobs hold.
    ///
    /// # Errors
    /// [`Error::Unsuitable`] if something lies there, [`Error::NotFound`] or [`Error::CorruptBlob`] for a blob, and what
    /// reading and writing answer. What was written until then stays, and is no whole copy.
    pub async fn copy_into(&self, folder: &Path, until: &Head, blobs: &[Digest]) -> Result<u64, Error> {
        std::fs::create_dir_all(folder).map_err(|cause| failed(folder, "written", cause))?;
        let mut entries = std::fs::read_dir(folder).map_err(|cause| failed(folder, "read", cause))?;
        if entries.next().is_some() {
            return Err(Error::Unsuitable {
                what: folder.display().to_string(),
                reason: "something lies there already; name a folder that is empty or does not exist"
                    .to_owned(),
            });
        }
        let copy = Folder::open(folder)?;
        for position in 1..=until.position {
            let name = slot_name(position);
            let raw = self.raw(position).await?.ok_or_else(|| Error::NotFound { what: name.clone() })?;
            copy.create(&name, raw).await?;
        }
        let mut size = 0;
        for digest in blobs {
            let file = folder.join(blob_name(digest));
            let parent = file.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|cause| failed(parent, "written", cause))?;
            size += self.save_blob(digest, &file).await?;
        }
        // Last: a folder without it is no workspace, so a copy that was cut short is not taken for one.
        copy.create(GENESIS_NAME, self.founding().clone()).await?;
        Ok(size)
    }
}
