//! Zips made by hand, byte by byte, so that they can be wrong in any way.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use packages::{Error, Limits, Reading, Refused};

/// An entry to be written, sound unless told otherwise.
#[derive(Clone, Default)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) deflate: bool,
    pub(crate) flags: u16,
    pub(crate) mode: u32,
    /// Written in place of the real method.
    pub(crate) method: Option<u16>,
    /// Written in place of the real size.
    pub(crate) size: Option<u32>,
    /// Written in place of the real compressed size, in the directory.
    pub(crate) compressed: Option<u32>,
    pub(crate) crc32: Option<u32>,
    /// Name in the local header.
    pub(crate) local_name: Option<Vec<u8>>,
    /// Offset written in the directory.
    pub(crate) header_at: Option<u32>,
    pub(crate) extra: Vec<u8>,
    /// Bytes put behind the compressed data, counted as part of it.
    pub(crate) hidden: Vec<u8>,
}

pub(crate) fn entry(name: impl AsRef<[u8]>, data: impl AsRef<[u8]>) -> Entry {
    Entry { name: name.as_ref().to_vec(), data: data.as_ref().to_vec(), deflate: true, ..Entry::default() }
}

pub(crate) fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn crc32(data: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(data);
    sum.sum()
}

/// Writes a zip.
pub(crate) fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let at = out.len() as u32;
        let mut raw = if entry.deflate { deflated(&entry.data) } else { entry.data.clone() };
        raw.extend(&entry.hidden);
        let method = entry.method.unwrap_or(if entry.deflate { 8 } else { 0 });
        let size = entry.size.unwrap_or(entry.data.len() as u32);
        let crc = entry.crc32.unwrap_or_else(|| crc32(&entry.data));
        let local = entry.local_name.as_ref().unwrap_or(&entry.name);
        out.extend(0x0403_4b50_u32.to_le_bytes());
        for field in [20, entry.flags, method, 0, 0x21] {
            out.extend(field.to_le_bytes());
        }
        for field in [crc, raw.len() as u32, size] {
            out.extend(field.to_le_bytes());
        }
        out.extend((local.len() as u16).to_le_bytes());
        out.extend(0_u16.to_le_bytes());
        out.extend(local);
        out.extend(&raw);
        directory.extend(0x0201_4b50_u32.to_le_bytes());
        for field in [0x0314, 20, entry.flags, method, 0, 0x21_u16] {
            directory.extend(field.to_le_bytes());
        }
        for field in [crc, entry.compressed.unwrap_or(raw.len() as u32), size] {
            directory.extend(field.to_le_bytes());
        }
        for field in [entry.name.len() as u16, entry.extra.len() as u16, 0, 0, 0] {
            directory.extend(field.to_le_bytes());
        }
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(entry.header_at.unwrap_or(at).to_le_bytes());
        directory.extend(&entry.name);
        directory.extend(&entry.extra);
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend(end(entries.len() as u16, directory.len() as u32, at));
    out
}

/// The end record.
pub(crate) fn end(count: u16, directory_bytes: u32, directory_at: u32) -> Vec<u8> {
    let mut out = 0x0605_4b50_u32.to_le_bytes().to_vec();
    for field in [0, 0, count, count] {
        out.extend(field.to_le_bytes());
    }
    out.extend(directory_bytes.to_le_bytes());
    out.extend(directory_at.to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    out
}

/// A folder with one zip in it and an empty staging folder.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("staging")).unwrap();
        Self { folder }
    }

    pub(crate) fn staging(&self) -> PathBuf {
        self.folder.path().join("staging")
    }

    /// Reads the bytes as a package, and checks that nothing but the staged files is left anywhere.
    pub(crate) fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Reading, Error> {
        let path = self.folder.path().join("package.zip");
        fs::write(&path, bytes).unwrap();
        let outcome = packages::read(&path, &self.staging(), limits);
        let left = fs::read_dir(self.staging()).unwrap().count();
        assert_eq!(left, usize::from(outcome.is_ok()), "a refused package leaves nothing behind");
        let beside = fs::read_dir(self.folder.path()).unwrap().count();
        assert_eq!(beside, 2, "nothing is written beside the staging folder");
        outcome
    }
}

pub(crate) fn read(bytes: &[u8]) -> Result<Reading, Error> {
    Desk::new().read(bytes, &Limits::default())
}

pub(crate) fn refused(bytes: &[u8], limits: &Limits) -> Refused {
    match Desk::new().read(bytes, limits) {
        Err(Error::Refused(refused)) => refused,
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(reading) => panic!("accepted: {:?}", reading.package.files),
    }
}
