//! The number of rows and the column names of a Parquet file, from its footer.
//!
//! A Parquet file ends in `FileMetaData` (Thrift, compact protocol), its length as four little-endian bytes, and
//! `PAR1`. Field 2 is the schema, a flattened tree whose elements carry name (field 4) and number of children
//! (field 5); field 3 is the number of rows. Sources: apache/parquet-format `parquet.thrift` and `README.md`;
//! apache/thrift `doc/specs/thrift-compact-protocol.md`.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::tables::Read as Table;
use crate::Error;

/// The largest footer that is read.
const FOOTER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The deepest nesting of Thrift values that is followed.
const DEPTH_MAX: u32 = 64;

/// Reads the footer; `Ok(Err(why))` when the file is no readable Parquet.
pub(super) fn read_footer(path: &Path) -> Result<Result<Table, String>, Error> {
    let mut file = File::open(path).map_err(Error::io("could not open", path))?;
    let length = file.metadata().map_err(Error::io("could not look at", path))?.len();
    let mut footer = Vec::new();
    let mut read_at = |offset: u64, count: u64| -> Result<Vec<u8>, Error> {
        let mut piece = vec![0; usize::try_from(count).unwrap_or(0)];
        file.seek(SeekFrom::Start(offset))
            .and_then(|_| file.read_exact(&mut piece))
            .map_err(Error::io("could not read", path))?;
        Ok(piece)
    };
    if length < 12 {
        return Ok(Err("is too short to be Parquet".to_owned()));
    }
    let head = read_at(0, 4)?;
    let tail = read_at(length - 8, 8)?;
    if &tail[4..] == b"PARE" {
        return Ok(Err("has an encrypted footer, which is not read here".to_owned()));
    }
    if head != b"PAR1" || &tail[4..] != b"PAR1" {
        return Ok(Err("is no Parquet file, or was cut off".to_owned()));
    }
    let size = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    if size > FOOTER_BYTES_MAX || size + 12 > length {
        return Ok(Err("has a damaged footer".to_owned()));
    }
    footer.extend(read_at(length - 8 - size, size)?);
    Ok(metadata(&footer).ok_or_else(|| "has a damaged footer".to_owned()))
}

fn metadata(footer: &[u8]) -> Option<Table> {
    let mut thrift = Thrift { bytes: footer, at: 0 };
    let (mut rows, mut columns) = (None, None);
    thrift.fields(0, |thrift, id, kind, depth| match (id, kind) {
        (2, LIST) => {
            columns = Some(schema(thrift, depth)?);
            Some(())
        }
        (3, I64) => {
            rows = Some(thrift.integer()?);
            Some(())
        }
        _ => thrift.skip(kind, depth),
    })?;
    Some(Table { rows: u64::try_from(rows?).ok()?, columns: columns?, document: None })
}

/// The names of the top-level columns: the children of the first element, their own children stepped over.
fn schema(thrift: &mut Thrift<'_>, depth: u32) -> Option<Vec<String>> {
    let (kind, count) = thrift.list_header()?;
    if kind != STRUCT {
        return None;
    }
    let mut names = Vec::new();
    // How many elements of the subtree of the current top-level column are still to come.
    let mut inside: u64 = 0;
    for element in 0..count {
        let (mut name, mut children) = (None, 0i64);
        thrift.fields(depth + 1, |thrift, id, kind, depth| match (id, kind) {
            (4, BINARY) => {
                name = Some(String::from_utf8_lossy(thrift.binary()?).into_owned());
                Some(())
            }
            (5, I32) => {
                children = thrift.integer()?;
                Some(())
            }
            _ => thrift.skip(kind, depth),
        })?;
        let children = u64::try_from(children).ok()?;
        if element == 0 {
            continue;
        }
        if inside == 0 {
            names.push(name?);
            inside = children;
        } else {
            inside = inside.checked_sub(1)?.checked_add(children)?;
        }
    }
    Some(names)
}

const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// A walk through a value in Thrift's compact protocol; every step is checked, `None` means damaged.
struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Thrift<'a> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn integer(&mut self) -> Option<i64> {
        let zigzag = self.varint()?;
        Some((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    fn binary(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        let end = self.at.checked_add(length)?;
        let bytes = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(bytes)
    }

    fn list_header(&mut self) -> Option<(u8, u64)> {
        let header = self.byte()?;
        let count = if header >> 4 == 15 { self.varint()? } else { u64::from(header >> 4) };
        // Every element takes a byte at least, so a larger count is a lie that would cost time.
        (count <= self.bytes.len() as u64).then_some((header & 0x0f, count))
    }

    /// Visits the fields of a struct; `visit` must consume each field's value.
    fn fields(
        &mut self,
        depth: u32,
        mut visit: impl FnMut(&mut Self, i64, u8, u32) -> Option<()>,
    ) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        let mut id = 0i64;
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Some(());
            }
            let delta = i64::from(header >> 4);
            id = if delta == 0 { self.integer()? } else { id.checked_add(delta)? };
            visit(self, id, header & 0x0f, depth)?;
        }
    }

    fn skip(&mut self, kind: u8, depth: u32) -> Option<()> {
        match kind {
            // A boolean field is its own type.
            1 | 2 => Some(()),
            _ => self.skip_element(kind, depth),
        }
    }

    fn skip_element(&mut self, kind: u8, depth: u32) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match kind {
            1..=3 => self.byte().map(|_| ()),
            4..=6 => self.varint().map(|_| ()),
            7 => {
                self.at = self.at.checked_add(8).filter(|at| *at <= self.bytes.len())?;
                Some(())
            }
            8 => self.binary().map(|_| ()),
            9 | 10 => {
                let (kind, count) = self.list_header()?;
                (0..count).try_for_each(|_| self.skip_element(kind, depth + 1))
            }
            11 => {
                let count = self.varint()?;
                if count == 0 {
                    return Some(());
                }
                if count > self.bytes.len() as u64 {
                    return None;
                }
                let kinds = self.byte()?;
                (0..count).try_for_each(|_| {
                    self.skip_element(kinds >> 4, depth + 1)?;
                    self.skip_element(kinds & 0x0f, depth + 1)
                })
            }
            12 => self.fields(depth + 1, |thrift, _, kind, depth| thrift.skip(kind, depth)),
            13 => {
                self.at = self.at.checked_add(16).filter(|at| *at <= self.bytes.len())?;
                Some(())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_written_by_hand_from_the_specification() {
        // FileMetaData { 1: version = 1, 2: schema = [root(2 children), "id", "pair"(1 child), "x"], 3: num_rows = 300 }
        let mut bytes = vec![0x15, 0x02, 0x19, 0x4c];
        bytes.extend([0x48, 4]);
        bytes.extend(b"root");
        bytes.extend([0x15, 4, 0]);
        bytes.extend([0x15, 4, 0x38, 2]);
        bytes.extend(b"id");
        bytes.push(0);
        bytes.extend([0x48, 4]);
        bytes.extend(b"pair");
        bytes.extend([0x15, 2, 0]);
        bytes.extend([0x48, 1]);
        bytes.extend(b"x");
        bytes.push(0);
        bytes.extend([0x16, 0xd8, 0x04, 0]);
        let table = metadata(&bytes).unwrap();
        assert_eq!((table.rows, table.columns), (300, vec!["id".to_owned(), "pair".to_owned()]));
        for cut in 0..bytes.len() {
            assert!(metadata(&bytes[..cut]).is_none(), "cut at {cut}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_refused_or_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            metadata(&bytes);
        }
    }
}
