//! Rows of CSV and JSON files, read through once.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use serde_json::Value;

use super::{DOCUMENT_BYTES_MAX, TEXT_BYTES_MAX};
use crate::Error;

/// What reading a file told.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) rows: u64,
    pub(super) columns: Vec<String>,
    /// A small, single document.
    pub(super) document: Option<Value>,
}

/// How a gzip file begins.
pub(super) const GZIP: &[u8] = &[0x1f, 0x8b];

/// A text file, unpacked where it is packed, and never more of it than [`TEXT_BYTES_MAX`].
fn opened(path: &Path) -> Result<Box<dyn BufRead>, Error> {
    let file = File::open(path).map_err(Error::io("could not open", path))?;
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    let packed = reader.fill_buf().map_err(Error::io("could not read", path))?.starts_with(GZIP);
    if !packed {
        return Ok(Box::new(reader));
    }
    let unpacked = flate2::bufread::MultiGzDecoder::new(reader);
    Ok(Box::new(BufReader::with_capacity(256 * 1024, unpacked.take(TEXT_BYTES_MAX + 1))))
}

/// Why a text that was read through counts for nothing: the rest was not read.
fn too_long() -> String {
    format!("unpacks to more than the {TEXT_BYTES_MAX} bytes that are read through; write Parquet")
}

/// Counts the records after the header (RFC 4180: quotes may hold line ends and doubled quotes).
pub(super) fn read_csv(path: &Path) -> Result<Result<Read, String>, Error> {
    let mut reader = opened(path)?;
    let (mut records, mut quoted, mut begun, mut bytes) = (0u64, false, false, 0u64);
    let mut header = Vec::new();
    loop {
        let piece = match reader.fill_buf() {
            Ok(piece) => piece,
            Err(e) if is_content(&e) => return Ok(Err(format!("does not unpack: {e}"))),
            Err(e) => return Err(Error::io("could not read", path)(e)),
        };
        if piece.is_empty() {
            break;
        }
        bytes += piece.len() as u64;
        if bytes > TEXT_BYTES_MAX {
            return Ok(Err(too_long()));
        }
        for &byte in piece {
            match byte {
                b'"' => {
                    quoted = !quoted;
                    begun = true;
                }
                b'\n' if !quoted => {
                    records += u64::from(begun);
                    begun = false;
                }
                b'\r' => {}
                _ => begun = true,
            }
            if records == 0 && header.len() < DOCUMENT_BYTES_MAX {
                header.push(byte);
            }
        }
        let length = piece.len();
        reader.consume(length);
    }
    records += u64::from(begun);
    if quoted {
        return Ok(Err("has a quote that is never closed".to_owned()));
    }
    let Ok(header) = String::from_utf8(header) else {
        return Ok(Err("has a header that is not UTF-8".to_owned()));
    };
    Ok(Ok(Read { rows: records.saturating_sub(1), columns: header_fields(&header), document: None }))
}

/// Whether reading failed for what the file holds.
fn is_content(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof)
}

fn header_fields(line: &str) -> Vec<String> {
    let line = line.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
    let separator = if line.contains(',') || !line.contains(';') { ',' } else { ';' };
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == separator && !quoted => fields.push(std::mem::take(&mut field).trim().to_owned()),
            c => field.push(c),
        }
    }
    fields.push(field.trim().to_owned());
    fields
}

/// One document (an array counts its elements, anything else is one) or JSON lines (each line one).
pub(super) fn read_json(path: &Path) -> Result<Result<Read, String>, Error> {
    let size = std::fs::metadata(path).map_err(Error::io("could not look at", path))?.len();
    let mut values = serde_json::Deserializer::from_reader(opened(path)?).into_iter::<Value>();
    let mut read = Read::default();
    let mut documents = 0u64;
    let mut first = None;
    for value in &mut values {
        let value = match value {
            Ok(value) => value,
            Err(e) => return Ok(Err(format!("does not parse as JSON: {e}"))),
        };
        documents += 1;
        let row = match &value {
            Value::Array(rows) => {
                read.rows += rows.len() as u64;
                rows.first()
            }
            other => {
                read.rows += 1;
                Some(other)
            }
        };
        if let Some(Value::Object(keys)) = row {
            for key in keys.keys() {
                if !read.columns.contains(key) {
                    read.columns.push(key.clone());
                }
            }
        }
        first = (documents == 1).then_some(value);
    }
    if size as usize <= DOCUMENT_BYTES_MAX {
        read.document = first;
    }
    Ok(Ok(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        content: &str,
        read: fn(&Path) -> Result<Result<Read, String>, Error>,
    ) -> Result<(u64, Vec<String>), String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, content).unwrap();
        read(&path).unwrap().map(|read| (read.rows, read.columns))
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn records_of_csv() {
        assert_eq!(check("a,b\n1,2\n3,4\n", read_csv), Ok((2, names(&["a", "b"]))));
        assert_eq!(check("a,b\r\n1,\"x\r\ny \"\" z\"\r\n", read_csv), Ok((1, names(&["a", "b"]))));
        assert_eq!(check("\u{feff}\"a;1\";b\n1;2", read_csv), Ok((1, names(&["a;1", "b"]))));
        assert_eq!(check("a,b\n\n\n", read_csv), Ok((0, names(&["a", "b"]))));
        assert!(check("a\n\"x", read_csv).is_err());
    }

    #[test]
    fn packed_text_is_counted_as_what_it_holds() {
        use std::io::Write as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("part-00000.csv.gz");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(b"a,b\n1,2\n3,4\n").unwrap();
        let whole = packed.finish().unwrap();
        std::fs::write(&path, &whole).unwrap();
        let read = read_csv(&path).unwrap().unwrap();
        assert_eq!((read.rows, read.columns), (2, names(&["a", "b"])));
        std::fs::write(&path, &whole[..whole.len() - 10]).unwrap();
        assert!(read_csv(&path).unwrap().is_err(), "one that was cut off is not what it says");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(b"{\"auc\": 0.8}\n").unwrap();
        std::fs::write(&path, packed.finish().unwrap()).unwrap();
        assert_eq!(read_json(&path).unwrap().unwrap().document, Some(serde_json::json!({ "auc": 0.8 })));
    }

    #[test]
    fn documents_and_lines_of_json() {
        assert_eq!(check("{\"auc\": 0.8, \"f1\": 1}", read_json), Ok((1, names(&["auc", "f1"]))));
        assert_eq!(check("{\"a\":1}\n{\"a\":2,\"b\":3}\n", read_json), Ok((2, names(&["a", "b"]))));
        assert_eq!(check("[{\"a\":1},{\"a\":2}]", read_json), Ok((2, names(&["a"]))));
        assert_eq!(check("[]", read_json), Ok((0, names(&[]))));
        for bad in ["{", "{\"a\": NaN}", "{}x", "Traceback (most recent call last):"] {
            assert!(check(bad, read_json).is_err(), "{bad}");
        }
    }
}
