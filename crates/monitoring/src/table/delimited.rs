//! CSV: any delimiter, byte order mark, quotes; empty and `.` are missing; cells are trimmed.

use super::parquet_files::{Copy, ParquetFiles};
use super::{Chunk, Column, Field, Interner, Kind, MISSING, Mixed};
use crate::error::Error;
use crate::report::Remark;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// A header longer than this is not a header.
const HEADER_BYTES_MAX: u64 = 4 * 1024 * 1024;
const SPILL_ROWS: usize = 65_536;

/// What one pass over the file learned.
pub(super) struct Scan {
    pub(super) delimiter: u8,
    pub(super) fields: Vec<Field>,
    pub(super) rows: u64,
}

/// A cell that stands for a missing value.
fn is_missing(cell: &[u8]) -> bool {
    cell.is_empty() || cell == b"."
}

fn trimmed(cell: &[u8]) -> &[u8] {
    cell.trim_ascii()
}

pub(super) fn parse(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}

fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    |source| Error::Unreadable { path: path.to_owned(), source }
}

fn damaged(path: &Path, error: &csv::Error) -> Error {
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let row = pos.as_ref().map_or(0, |p| p.record());
            Remark::new(
                "damaged-ragged",
                &[("row", &row), ("fields", len), ("header", expected_len)],
                format!("row {row} has {len} fields, the header has {expected_len}"),
            )
        }
        _ => Remark::new("damaged-csv", &[("detail", error)], error.to_string()),
    };
    Error::damaged(path, problem)
}

/// The delimiter that splits the header into most fields, quotes respected; a comma when there is only one column.
fn sniff(header: &[u8]) -> u8 {
    let count = |delimiter: u8| {
        let mut quoted = false;
        header
            .iter()
            .filter(|&&b| {
                quoted ^= b == b'"';
                b == delimiter && !quoted
            })
            .count()
    };
    let mut best = (b',', 0);
    for delimiter in DELIMITERS {
        let n = count(delimiter);
        if n > best.1 {
            best = (delimiter, n);
        }
    }
    best.0
}

fn reader(path: &Path, delimiter: Option<u8>) -> Result<(csv::Reader<impl Read>, u8), Error> {
    let mut file = BufReader::with_capacity(1 << 18, File::open(path).map_err(unreadable(path))?);
    let delimiter = match delimiter {
        Some(d) => d,
        None => {
            let mut header = Vec::new();
            let head = File::open(path).map_err(unreadable(path))?;
            BufReader::new(head.take(HEADER_BYTES_MAX))
                .read_until(b'\n', &mut header)
                .map_err(unreadable(path))?;
            sniff(&header)
        }
    };
    let start = file.fill_buf().map_err(unreadable(path))?;
    if start.starts_with(b"\xEF\xBB\xBF") {
        file.consume(3);
    } else if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
        return Err(Error::no_data(path, Remark::plain("no-data-utf-16", "UTF-16 text; save it as UTF-8")));
    }
    Ok((csv::ReaderBuilder::new().delimiter(delimiter).from_reader(file), delimiter))
}

/// First pass: names, kinds, rows; of the first rows only where fewer are wanted.
pub(super) fn scan(path: &Path, delimiter: Option<u8>, rows_max: u64) -> Result<Scan, Error> {
    let (mut reader, delimiter) = reader(path, delimiter)?;
    let header = reader.byte_headers().map_err(|e| damaged(path, &e))?.clone();
    let mut fields: Vec<Field> = Vec::with_capacity(header.len());
    for (i, name) in header.iter().enumerate() {
        let name = String::from_utf8_lossy(trimmed(name)).into_owned();
        let name = if name.is_empty() { format!("column_{}", i + 1) } else { name };
        if fields.iter().any(|f| f.name == name) {
            let text = format!("two columns are called `{name}`");
            return Err(Error::damaged(path, Remark::new("damaged-twins", &[("column", &name)], text)));
        }
        fields.push(Field { name, kind: Kind::Numeric, mixed: None, temporal: false });
    }
    if fields.is_empty() {
        return Err(Error::no_data(path, Remark::plain("no-data-empty", "an empty file")));
    }
    let mut numbers_seen = vec![false; fields.len()];
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    while rows < rows_max && reader.read_byte_record(&mut record).map_err(|e| damaged(path, &e))? {
        rows += 1;
        for (i, cell) in record.iter().enumerate() {
            let field = &mut fields[i];
            if field.kind == Kind::Text && numbers_seen[i] {
                // Nothing more to learn about a column of numbers and texts.
                continue;
            }
            let cell = trimmed(cell);
            if is_missing(cell) {
                continue;
            }
            if parse(cell).is_some() {
                numbers_seen[i] = true;
            } else if field.kind == Kind::Numeric {
                field.kind = Kind::Text;
                let text = String::from_utf8_lossy(cell).into_owned();
                field.mixed = Some(Mixed { path: path.to_owned(), row: rows, text });
            }
        }
    }
    for (field, numbers) in fields.iter_mut().zip(numbers_seen) {
        if !numbers && !field.mixed.as_ref().is_some_and(|it| super::has_decimal_comma(&it.text)) {
            field.mixed = None;
        }
    }
    Ok(Scan { delimiter, fields, rows })
}

enum Building {
    Numeric(Vec<f64>),
    Text(Vec<u32>, Interner),
}

impl Building {
    fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Numeric => Self::Numeric(Vec::with_capacity(rows)),
            Kind::Text => Self::Text(Vec::with_capacity(rows), Interner::default()),
        }
    }

    fn chunk(&self) -> Chunk<'_> {
        match self {
            Self::Numeric(values) => Chunk::Numeric(values),
            Self::Text(codes, interner) => Chunk::Text { codes, levels: &interner.levels },
        }
    }

    fn push(&mut self, cell: &[u8]) {
        let cell = trimmed(cell);
        match self {
            Self::Numeric(values) => {
                values.push(if is_missing(cell) { f64::NAN } else { parse(cell).unwrap_or(f64::NAN) });
            }
            Self::Text(codes, interner) => {
                codes.push(if is_missing(cell) {
                    MISSING
                } else {
                    interner.code(&String::from_utf8_lossy(cell))
                });
            }
        }
    }
}

/// Second pass: all columns of the rows that were scanned into memory.
pub(super) fn load(path: &Path, scan: &Scan) -> Result<Vec<Column>, Error> {
    let mut columns: Vec<Building> =
        scan.fields.iter().map(|f| Building::new(f.kind, scan.rows as usize)).collect();
    each_record(path, scan, |record| {
        for (column, cell) in columns.iter_mut().zip(record.iter()) {
            column.push(cell);
        }
        Ok(())
    })?;
    Ok(columns
        .into_iter()
        .map(|c| match c {
            Building::Numeric(values) => Column::Numeric(values),
            Building::Text(codes, interner) => Column::Text { codes, levels: interner.levels },
        })
        .collect())
}

fn each_record(
    path: &Path,
    scan: &Scan,
    mut each: impl FnMut(&csv::ByteRecord) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut reader, _) = reader(path, Some(scan.delimiter))?;
    let mut record = csv::ByteRecord::new();
    let mut read = 0;
    while read < scan.rows && reader.read_byte_record(&mut record).map_err(|e| damaged(path, &e))? {
        read += 1;
        each(&record)?;
    }
    Ok(())
}

/// Rewrites a large file as Parquet, a batch of rows at a time.
pub(super) fn spill(path: &Path, scan: &Scan, copy: PathBuf) -> Result<ParquetFiles, Error> {
    let mut copy = Copy::new(copy, &scan.fields)?;
    let fresh = || scan.fields.iter().map(|f| Building::new(f.kind, SPILL_ROWS)).collect::<Vec<_>>();
    let mut columns = fresh();
    let mut held = 0;
    each_record(path, scan, |record| {
        for (column, cell) in columns.iter_mut().zip(record.iter()) {
            column.push(cell);
        }
        held += 1;
        if held == SPILL_ROWS {
            held = 0;
            copy.write(std::mem::replace(&mut columns, fresh()).iter().map(Building::chunk))?;
        }
        Ok(())
    })?;
    copy.write(columns.iter().map(Building::chunk))?;
    copy.close()
}
