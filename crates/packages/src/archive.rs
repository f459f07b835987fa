//! The zip format, read strictly.
//!
//! Tools that read zips leniently disagree about hostile ones: which of two entries of a name counts, where data starts,
//! whether the directory or the local header is right. So this reader accepts only archives about which nobody can
//! disagree: one end record that closes the file, a central directory that ends where it begins, local headers that say
//! the same, data ranges that do not overlap, unique names. It reads stored and deflated entries.
//! Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3 (zip64).

mod names;

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::DeflateDecoder;

use crate::error::Refused;
use crate::limits::Limits;
use crate::text::shown;

const END_SIGNATURE: u32 = 0x0605_4b50;
const END_BYTES: usize = 22;
const ZIP64_LOCATOR_SIGNATURE: u32 = 0x0706_4b50;
const ZIP64_LOCATOR_BYTES: u64 = 20;
const ZIP64_END_SIGNATURE: u32 = 0x0606_4b50;
const ZIP64_END_BYTES: u64 = 56;
const CENTRAL_SIGNATURE: u32 = 0x0201_4b50;
const CENTRAL_BYTES: usize = 46;
const LOCAL_SIGNATURE: u32 = 0x0403_4b50;
const LOCAL_BYTES: u64 = 30;
/// A central directory larger than this is refused before it is held in memory.
const DIRECTORY_BYTES_MAX: u64 = 64 << 20;
const READ_BUFFER_BYTES: usize = 128 << 10;

/// The first bytes of a zip with a file in it.
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";

/// Why reading an archive stopped.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// The archive breaks a rule.
    Refused(Refused),
    /// The bytes cannot be read.
    Io(io::Error),
}

impl From<Refused> for Stopped {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What has been spent of the limits, over an archive and those nested in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spent {
    entries: usize,
    bytes: u64,
}

/// An entry of an archive. Folders are checked and left out.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Path, checked.
    pub(crate) path: String,
    /// Inflated size, as declared; inflating holds it to that.
    pub(crate) size_bytes: u64,
    compressed_bytes: u64,
    crc32: u32,
    deflated: bool,
    header_at: u64,
    data_at: u64,
}

/// What the directory says of an entry and its local header must say too.
struct Said {
    name: Vec<u8>,
    flags: u16,
    method: u16,
}

/// An archive whose directory has been found sound.
pub(crate) struct Archive<R> {
    reader: R,
    pub(crate) entries: Vec<Entry>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads and checks the directory and all local headers; inflates nothing. `name` is the archive's own for messages.
    pub(crate) fn open(
        mut reader: R,
        name: &str,
        limits: &Limits,
        spent: &mut Spent,
    ) -> Result<Self, Stopped> {
        let length = reader.seek(SeekFrom::End(0))?;
        let end = find_end(&mut reader, length)?;
        if end.entries > limits.entries_max as u64 {
            return Err(Refused::TooManyEntries { archive: shown(name), limit: limits.entries_max }.into());
        }
        let closes = end.directory_at.checked_add(end.directory_bytes) == Some(end.at);
        if !closes || end.directory_bytes > DIRECTORY_BYTES_MAX {
            let why = "its directory does not end where the end record begins".to_owned();
            return Err(Refused::Malformed { entry: shown(name), why }.into());
        }
        reader.seek(SeekFrom::Start(end.directory_at))?;
        let mut directory = vec![0; end.directory_bytes as usize];
        reader.read_exact(&mut directory)?;
        let mut entries = Vec::new();
        let mut names = names::Names::default();
        let mut rest = Fields(&directory);
        let mut records = 0_u64;
        while !rest.0.is_empty() {
            records += 1;
            spent.entries += 1;
            if spent.entries > limits.entries_max {
                return Err(
                    Refused::TooManyEntries { archive: shown(name), limit: limits.entries_max }.into()
                );
            }
            let record = CentralRecord::read(&mut rest).ok_or_else(|| Refused::Malformed {
                entry: shown(name),
                why: format!("its directory is cut off in record {records}"),
            })?;
            let (path, is_folder) = names.admit(&record.name, &record, limits)?;
            record.check_kind(&path, is_folder)?;
            spent.bytes = spent.bytes.saturating_add(record.size_bytes);
            let said = Said { name: record.name.clone(), flags: record.flags, method: record.method };
            let entry = record.into_entry(path, is_folder, limits)?;
            if spent.bytes > limits.total_bytes_max {
                let entry = shown(&entry.path);
                return Err(Refused::TotalTooLarge { entry, limit: limits.total_bytes_max }.into());
            }
            entries.push((entry, said));
        }
        if records != end.entries {
            let why =
                format!("its end record counts {} entries and its directory holds {records}", end.entries);
            return Err(Refused::Malformed { entry: shown(name), why }.into());
        }
        names.finish()?;
        check_ranges(&mut reader, &mut entries, end.directory_at)?;
        let is_file = |(entry, said): (Entry, Said)| (!said.name.ends_with(b"/")).then_some(entry);
        let entries = entries.into_iter().filter_map(is_file).collect();
        Ok(Self { reader, entries })
    }

    /// Inflates an entry into `sink`, holding it to its declared size and checksum.
    pub(crate) fn inflate(
        &mut self,
        entry: &Entry,
        buffer: &mut [u8],
        mut sink: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), Stopped> {
        let bad = |why: &str| Refused::Malformed { entry: shown(&entry.path), why: why.to_owned() };
        self.reader.seek(SeekFrom::Start(entry.data_at))?;
        let raw =
            BufReader::with_capacity(READ_BUFFER_BYTES, (&mut self.reader).take(entry.compressed_bytes));
        let mut source =
            if entry.deflated { Source::Deflated(DeflateDecoder::new(raw)) } else { Source::Stored(raw) };
        let mut checksum = flate2::Crc::new();
        let mut written = 0_u64;
        loop {
            let read = match source.read(buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) =>
                {
                    return Err(bad("its compressed data is corrupt").into());
                }
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(bad("its compressed data is cut off").into());
                }
                Err(error) => return Err(error.into()),
            };
            written += read as u64;
            if written > entry.size_bytes {
                return Err(bad("it inflates to more than it declares, as a zip bomb does").into());
            }
            checksum.update(&buffer[..read]);
            sink(&buffer[..read])?;
        }
        if written != entry.size_bytes {
            return Err(bad("it inflates to less than it declares").into());
        }
        if checksum.sum() != entry.crc32 {
            return Err(bad("its checksum does not match its contents").into());
        }
        if let Source::Deflated(decoder) = &source
            && decoder.total_in() != entry.compressed_bytes
        {
            return Err(bad("bytes are hidden behind its compressed data").into());
        }
        Ok(())
    }
}

enum Source<B: io::BufRead> {
    Stored(B),
    Deflated(DeflateDecoder<B>),
}

impl<B: io::BufRead> Read for Source<B> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(raw) => raw.read(buffer),
            Self::Deflated(decoder) => decoder.read(buffer),
        }
    }
}

/// Little-endian fields of a record, taken one after the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
}

/// The end of the archive: where the directory is and how much it holds. `at` is where the records of the end begin.
struct End {
    at: u64,
    directory_at: u64,
    directory_bytes: u64,
    entries: u64,
}

/// Finds the one end record whose comment closes the file.
fn find_end<R: Read + Seek>(reader: &mut R, length: u64) -> Result<End, Stopped> {
    let not_a_zip = |why: &str| Refused::NotAZip { why: why.to_owned() };
    let tail_bytes = length.min((END_BYTES + usize::from(u16::MAX)) as u64);
    let tail_at = length - tail_bytes;
    reader.seek(SeekFrom::Start(tail_at))?;
    let mut tail = vec![0; tail_bytes as usize];
    reader.read_exact(&mut tail)?;
    let closes = |at: usize| {
        let mut fields = Fields(&tail[at..]);
        fields.u32() == Some(END_SIGNATURE)
            && fields.take(16).is_some()
            && fields.u16().is_some_and(|comment| at + END_BYTES + usize::from(comment) == tail.len())
    };
    let mut candidates =
        (0..=tail.len().saturating_sub(END_BYTES)).filter(|&at| tail.len() >= END_BYTES && closes(at));
    let at = candidates.next().ok_or_else(|| not_a_zip("no end record, the file may be cut off"))?;
    if candidates.next().is_some() {
        return Err(not_a_zip("two end records both fit, so tools would disagree about its contents").into());
    }
    let mut fields = Fields(&tail[at + 4..]);
    let mut parse = || {
        let (disk, directory_disk) = (fields.u16()?, fields.u16()?);
        let (here, all) = (fields.u16()?, fields.u16()?);
        Some((disk, directory_disk, here, all, fields.u32()?, fields.u32()?))
    };
    let (disk, directory_disk, here, all, bytes, offset) =
        parse().ok_or_else(|| not_a_zip("its end record is cut off"))?;
    let at = tail_at + at as u64;
    if [here, all, disk, directory_disk].contains(&u16::MAX) || [bytes, offset].contains(&u32::MAX) {
        return find_zip64_end(reader, at);
    }
    if disk != 0 || directory_disk != 0 || here != all {
        return Err(not_a_zip("it is one part of several").into());
    }
    Ok(End {
        at,
        directory_at: u64::from(offset),
        directory_bytes: u64::from(bytes),
        entries: u64::from(all),
    })
}

fn find_zip64_end<R: Read + Seek>(reader: &mut R, end_at: u64) -> Result<End, Stopped> {
    let not_a_zip =
        || Refused::NotAZip { why: "its zip64 end record is missing or contradicts itself".to_owned() };
    let locator_at = end_at.checked_sub(ZIP64_LOCATOR_BYTES).ok_or_else(not_a_zip)?;
    let mut locator = [0; ZIP64_LOCATOR_BYTES as usize];
    reader.seek(SeekFrom::Start(locator_at))?;
    reader.read_exact(&mut locator)?;
    let mut fields = Fields(&locator);
    let at = (fields.u32() == Some(ZIP64_LOCATOR_SIGNATURE) && fields.u32() == Some(0))
        .then(|| fields.u64())
        .flatten();
    let at = at.filter(|at| at.checked_add(ZIP64_END_BYTES) == Some(locator_at)).ok_or_else(not_a_zip)?;
    let mut record = [0; ZIP64_END_BYTES as usize];
    reader.seek(SeekFrom::Start(at))?;
    reader.read_exact(&mut record)?;
    let mut fields = Fields(&record);
    let mut parse = || {
        let signature = fields.u32()?;
        fields.take(12)?;
        let disks = (fields.u32()?, fields.u32()?);
        let (here, all) = (fields.u64()?, fields.u64()?);
        let sound = signature == ZIP64_END_SIGNATURE && disks == (0, 0) && here == all;
        sound.then_some(End { at, entries: all, directory_bytes: fields.u64()?, directory_at: fields.u64()? })
    };
    Ok(parse().ok_or_else(not_a_zip)?)
}

/// One record of the central directory.
struct CentralRecord {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    crc32: u32,
    compressed_bytes: u64,
    size_bytes: u64,
    mode: u32,
    header_at: u64,
    unicode_path: Option<Vec<u8>>,
}

impl CentralRecord {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let mut fixed = Fields(fields.take(CENTRAL_BYTES)?);
        if fixed.u32()? != CENTRAL_SIGNATURE {
            return None;
        }
        fixed.take(4)?;
        let (flags, method) = (fixed.u16()?, fixed.u16()?);
        fixed.take(4)?;
        let crc32 = fixed.u32()?;
        let (compressed, size) = (fixed.u32()?, fixed.u32()?);
        let (name, extra, comment) = (fixed.u16()?, fixed.u16()?, fixed.u16()?);
        let disk = fixed.u16()?;
        fixed.take(2)?;
        let (attributes, offset) = (fixed.u32()?, fixed.u32()?);
        let name = fields.take(usize::from(name))?.to_vec();
        let mut extras = Fields(fields.take(usize::from(extra))?);
        fields.take(usize::from(comment))?;
        let mut record = Self {
            name,
            flags,
            method,
            crc32,
            compressed_bytes: u64::from(compressed),
            size_bytes: u64::from(size),
            mode: attributes >> 16,
            header_at: u64::from(offset),
            unicode_path: None,
        };
        let mut disk = u32::from(disk);
        while extras.0.len() >= 4 {
            let (tag, bytes) = (extras.u16()?, extras.u16()?);
            let mut body = Fields(extras.take(usize::from(bytes))?);
            match tag {
                // zip64: only the fields that overflowed, in this order.
                0x0001 => {
                    for (overflowed, field) in [
                        (size == u32::MAX, &mut record.size_bytes),
                        (compressed == u32::MAX, &mut record.compressed_bytes),
                        (offset == u32::MAX, &mut record.header_at),
                    ] {
                        if overflowed {
                            *field = body.u64()?;
                        }
                    }
                    if disk == u32::from(u16::MAX) {
                        disk = body.u32()?;
                    }
                }
                // Info-ZIP's Unicode path: version, checksum of the other name, this name.
                0x7075 => {
                    body.take(5)?;
                    record.unicode_path = Some(body.0.to_vec());
                }
                _ => {}
            }
        }
        (disk == 0).then_some(record)
    }

    /// Refuses links, devices and encrypted entries.
    fn check_kind(&self, path: &str, is_folder: bool) -> Result<(), Refused> {
        let entry = || shown(path);
        match self.mode & 0o170_000 {
            0o120_000 => return Err(Refused::Symlink { entry: entry() }),
            0 | 0o100_000 if !is_folder => {}
            0 | 0o040_000 if is_folder => {}
            kind => {
                let what = match kind {
                    0o010_000 => "named pipe",
                    0o020_000 => "character device",
                    0o060_000 => "block device",
                    0o140_000 => "socket",
                    0o040_000 => "folder with a file's name",
                    _ => "thing of unknown kind",
                };
                return Err(Refused::SpecialFile { entry: entry(), what });
            }
        }
        // Bit 0: encrypted; bit 6: strongly; bit 13: the directory hides names and sizes. 99 is AES.
        if self.flags & 0b10_0000_0100_0001 != 0 || self.method == 99 {
            return Err(Refused::Encrypted { entry: entry() });
        }
        // Bit 5: the data is a patch for a file elsewhere.
        if self.flags & (1 << 5) != 0 {
            return Err(Refused::Malformed { entry: entry(), why: "it is a patch, not a file".to_owned() });
        }
        Ok(())
    }

    fn into_entry(self, path: String, is_folder: bool, limits: &Limits) -> Result<Entry, Refused> {
        let entry = shown(&path);
        let malformed = |why: &str| Err(Refused::Malformed { entry: entry.clone(), why: why.to_owned() });
        match self.method {
            0 if self.compressed_bytes != self.size_bytes => {
                return malformed("it is stored, but its sizes differ");
            }
            0 | 8 => {}
            method => return Err(Refused::Compression { entry, method }),
        }
        if is_folder && self.size_bytes != 0 {
            return malformed("it is a folder with contents of its own");
        }
        if self.size_bytes > limits.file_bytes_max {
            let limit = limits.file_bytes_max;
            return Err(Refused::TooLarge { entry, size_bytes: self.size_bytes, limit });
        }
        let ratio = self.size_bytes / self.compressed_bytes.max(1);
        if self.size_bytes >= Limits::RATIO_FROM_BYTES && ratio > limits.ratio_max {
            return Err(Refused::Ratio { entry, ratio, limit: limits.ratio_max });
        }
        Ok(Entry {
            path,
            size_bytes: self.size_bytes,
            compressed_bytes: self.compressed_bytes,
            crc32: self.crc32,
            deflated: self.method == 8,
            header_at: self.header_at,
            data_at: 0,
        })
    }
}

/// Reads every local header, holds it against the directory, and refuses data ranges that overlap.
fn check_ranges<R: Read + Seek>(
    reader: &mut R,
    entries: &mut [(Entry, Said)],
    directory_at: u64,
) -> Result<(), Stopped> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&index| entries[index].0.header_at);
    let mut previous: Option<(u64, String)> = None;
    for index in order {
        let (entry, said) = &mut entries[index];
        let malformed = |why: &str| Refused::Malformed { entry: shown(&entry.path), why: why.to_owned() };
        if let Some((end, other)) = &previous
            && entry.header_at < *end
        {
            return Err(Refused::Overlap { entry: shown(&entry.path), other: shown(other) }.into());
        }
        if entry.header_at.checked_add(LOCAL_BYTES).is_none_or(|end| end > directory_at) {
            return Err(malformed("its data lies outside the archive").into());
        }
        reader.seek(SeekFrom::Start(entry.header_at))?;
        let mut header = [0; LOCAL_BYTES as usize];
        reader.read_exact(&mut header)?;
        let mut fields = Fields(&header);
        let mut parse = || {
            let signature = fields.u32()?;
            fields.take(2)?;
            let (flags, method) = (fields.u16()?, fields.u16()?);
            fields.take(16)?;
            (signature == LOCAL_SIGNATURE).then_some((flags, method, fields.u16()?, fields.u16()?))
        };
        let (flags, method, name_bytes, extra_bytes) =
            parse().ok_or_else(|| malformed("its local header is missing"))?;
        let mut name = vec![0; usize::from(name_bytes)];
        reader.read_exact(&mut name)?;
        if name != said.name || method != said.method || (flags ^ said.flags) & 0b10_0000_0100_0001 != 0 {
            return Err(malformed("its local header names something else than the directory").into());
        }
        entry.data_at = entry.header_at + LOCAL_BYTES + u64::from(name_bytes) + u64::from(extra_bytes);
        let end = entry.data_at.checked_add(entry.compressed_bytes).filter(|end| *end <= directory_at);
        let end = end.ok_or_else(|| malformed("its data lies outside the archive"))?;
        previous = Some((end, entry.path.clone()));
    }
    Ok(())
}
