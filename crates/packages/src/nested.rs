//! Archives inside a package: kept as files, but looked into under the same limits.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};

use sha2::{Digest, Sha256};

use crate::archive::{Archive, Spent, Stopped};
use crate::error::Refused;
use crate::layout;
use crate::limits::Limits;
use crate::package::{Finding, Media, Warning};
use crate::staging::Staging;
use crate::text::shown;
use crate::{pickle, pipeline, secrets};

/// A member up to this size is looked at in memory, a larger one in the staging folder.
const IN_MEMORY_BYTES_MAX: usize = 4 << 20;
const PIECE_BYTES: usize = 128 << 10;

/// Looks into nested archives and collects what it finds.
pub(crate) struct Inspection<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) staging: &'a Staging,
    pub(crate) spent: Spent,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) findings: Vec<Finding>,
}

impl Inspection<'_> {
    /// Reads the archive at `name` (a path in the package, `outer.zip!/inner.zip` deeper down).
    pub(crate) fn archive(&mut self, file: File, name: &str, depth: u32) -> Result<(), Stopped> {
        self.look_into(file, name, depth).map_err(|stopped| match stopped {
            Stopped::Refused(Refused::Nested { .. }) | Stopped::Io(_) => stopped,
            Stopped::Refused(refused) => {
                Stopped::Refused(Refused::Nested { archive: shown(name), refused: Box::new(refused) })
            }
        })
    }

    fn look_into<R: Read + Seek>(&mut self, reader: R, name: &str, depth: u32) -> Result<(), Stopped> {
        if depth > self.limits.depth_max {
            return Err(Refused::TooDeep { entry: shown(name), limit: self.limits.depth_max }.into());
        }
        let mut archive = Archive::open(reader, name, self.limits, &mut self.spent)?;
        let mut buffer = vec![0; PIECE_BYTES];
        for entry in archive.entries.clone() {
            let path = format!("{name}!/{}", entry.path);
            let mut spool = tempfile::spooled_tempfile_in(IN_MEMORY_BYTES_MAX, self.staging.path());
            let (mut media, mut hash) = (None, Sha256::new());
            archive.inflate(&entry, &mut buffer, |piece| {
                let media = *media.get_or_insert_with(|| layout::media(&entry.path, piece));
                hash.update(piece);
                // What no scan reads is inflated, which proves its size and checksum, and not kept.
                if matches!(media, Media::Binary | Media::Parquet) { Ok(()) } else { spool.write_all(piece) }
            })?;
            spool.rewind()?;
            let sha256 = hex::encode(hash.finalize());
            match media {
                None | Some(Media::Binary | Media::Parquet) => {}
                Some(Media::Zip) => self.look_into(spool, &path, depth + 1)?,
                Some(Media::Pickle) => {
                    self.findings.extend(pickle::scan(&path, &sha256, BufReader::new(spool))?)
                }
                Some(_) => {
                    let mut text = Vec::new();
                    spool.take(self.limits.scan_bytes_max).read_to_end(&mut text)?;
                    if pipeline::is_pipeline_metadata(&entry.path) {
                        self.warnings.extend(pipeline::check(name, &text));
                    }
                    self.findings.extend(secrets::scan(&path, &sha256, &text));
                    if entry.size_bytes > self.limits.scan_bytes_max {
                        self.warnings.push(secrets::not_scanned(&path, self.limits));
                    }
                }
            }
        }
        Ok(())
    }
}
