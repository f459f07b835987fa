//! Columns out of files. A [`Source`] is one period's (or the baseline's) data: a CSV file, a Parquet file, or a folder
//! of Parquet files. It is read a column at a time, in chunks.

mod ahead;
mod delimited;
mod parquet_files;
pub(crate) mod periods;
pub(crate) mod split;
pub(crate) mod summary;

use crate::error::Error;
use crate::report::Remark;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// CSV files up to this size, all of a report's together, are held in memory as columns; what is larger goes once through a
/// temporary Parquet file.
pub(crate) const IN_MEMORY_BYTES: u64 = 192 * 1024 * 1024;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Numbers, dates and times.
    Numeric,
    /// Texts and truth values.
    Text,
}

/// A text in a column of numbers, in a CSV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mixed {
    pub(crate) path: PathBuf,
    /// From 1.
    pub(crate) row: u64,
    pub(crate) text: String,
}

/// A column's name and kind.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Of a CSV column of numbers and texts, or of decimal commas, the first text.
    pub(crate) mixed: Option<Mixed>,
    /// A date or a time, stored as one.
    pub(crate) temporal: bool,
}

/// A column in memory.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// Missing is NaN.
    Numeric(Vec<f64>),
    /// Codes into the levels; missing is `u32::MAX`.
    Text { codes: Vec<u32>, levels: Vec<String> },
}

impl Column {
    /// All of it.
    pub(crate) fn chunk(&self) -> Chunk<'_> {
        match self {
            Self::Numeric(values) => Chunk::Numeric(values),
            Self::Text { codes, levels } => Chunk::Text { codes, levels },
        }
    }
}

/// Code of a missing text.
pub(crate) const MISSING: u32 = u32::MAX;

/// Part of a column.
#[derive(Clone, Copy)]
pub(crate) enum Chunk<'a> {
    Numeric(&'a [f64]),
    Text { codes: &'a [u32], levels: &'a [String] },
}

impl Chunk<'_> {
    /// Rows of it.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Numeric(values) => values.len(),
            Self::Text { codes, .. } => codes.len(),
        }
    }
}

/// Takes parts of several columns, side by side: row `i` of each belongs to the same row of the table.
pub(crate) type EachChunk<'a> = dyn FnMut(&[Chunk<'_>]) -> Result<(), Error> + 'a;

enum Backing {
    Memory {
        columns: Vec<Column>,
        rows: usize,
    },
    Parquet(parquet_files::ParquetFiles),
    /// A large CSV, or the rows of a period among many, rewritten as Parquet in a folder that goes with the last who reads it.
    Spilled {
        files: parquet_files::ParquetFiles,
        _folder: Arc<tempfile::TempDir>,
    },
    /// Counts that a job made where the data are.
    Counted(summary::Summary),
}

/// Data of one period or of the baseline.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) fields: Vec<Field>,
    backing: Backing,
    /// Where the rows come from, when they were split by a time.
    origin: Option<split::Origin>,
}

impl Source {
    /// Opens a file or a folder of part files.
    pub(crate) fn open(path: &Path, delimiter: Option<u8>) -> Result<Self, Error> {
        Self::open_within(path, delimiter, IN_MEMORY_BYTES)
    }

    /// The same with another limit of what a CSV file may take in memory.
    pub(crate) fn open_within(
        path: &Path,
        delimiter: Option<u8>,
        csv_in_memory_bytes: u64,
    ) -> Result<Self, Error> {
        Self::open_some(path, delimiter, csv_in_memory_bytes, u64::MAX)
    }

    /// The first rows of a CSV file; of Parquet, whose rows are read as they are asked for, all.
    pub(crate) fn open_head(path: &Path, delimiter: Option<u8>, rows_max: u64) -> Result<Self, Error> {
        Self::open_some(path, delimiter, IN_MEMORY_BYTES, rows_max)
    }

    fn open_some(
        path: &Path,
        delimiter: Option<u8>,
        csv_in_memory_bytes: u64,
        rows_max: u64,
    ) -> Result<Self, Error> {
        let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if metadata.is_dir() {
            return Self::of_parquet(path, periods::part_files(path)?);
        }
        let mut head = [0u8; 4];
        let got = {
            use std::io::Read;
            let mut file = std::fs::File::open(path).map_err(unreadable)?;
            let mut got = 0;
            while got < 4 {
                match file.read(&mut head[got..]).map_err(unreadable)? {
                    0 => break,
                    n => got += n,
                }
            }
            got
        };
        let named_parquet = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"));
        if &head[..got] == b"PAR1" || named_parquet {
            return Self::of_parquet(path, vec![path.to_owned()]);
        }
        let scan = delimited::scan(path, delimiter, rows_max)?;
        let fields = scan.fields.clone();
        let backing = if metadata.len() <= csv_in_memory_bytes || rows_max < u64::MAX {
            let columns = delimited::load(path, &scan)?;
            Backing::Memory { columns, rows: scan.rows as usize }
        } else {
            let folder = tempfile::TempDir::new().map_err(unreadable)?;
            let files = delimited::spill(path, &scan, folder.path().join("columns.parquet"))?;
            Backing::Spilled { files, _folder: Arc::new(folder) }
        };
        Ok(Self { path: path.to_owned(), fields, backing, origin: None })
    }

    fn of_parquet(path: &Path, files: Vec<PathBuf>) -> Result<Self, Error> {
        let (files, fields) = parquet_files::ParquetFiles::open(files)?;
        Ok(Self { path: path.to_owned(), fields, backing: Backing::Parquet(files), origin: None })
    }

    /// What a job counted of a file or folder for one period.
    pub(crate) fn of_counts(
        output: &Path,
        name: &Path,
        portions: &[summary::Portion<'_>],
        texts: &[String],
    ) -> Result<Self, Error> {
        let (counts, fields) = summary::Summary::open(output, portions, texts)?;
        let (path, backing) = (name.to_owned(), Backing::Counted(counts));
        Ok(Self { path, fields, backing, origin: None })
    }

    pub(crate) fn rows(&self) -> u64 {
        match &self.backing {
            Backing::Counted(counts) => counts.rows,
            Backing::Memory { rows, .. } => *rows as u64,
            Backing::Parquet(files) | Backing::Spilled { files, .. } => files.rows,
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// The field called `name`, or the error that says what there is.
    pub(crate) fn require(&self, name: &str, role: &'static str) -> Result<&Field, Error> {
        self.field(name).ok_or_else(|| Error::NoColumn {
            path: self.path.clone(),
            column: name.to_owned(),
            role,
            have: self.fields.iter().map(|f| f.name.clone()).collect(),
        })
    }

    /// The error for a cell; `row` counts from 0.
    pub(crate) fn cell_error(&self, column: &str, row: u64, problem: Remark) -> Error {
        let (column, problem) = (column.to_owned(), Box::new(problem));
        if let Backing::Counted(_) = self.backing {
            // Counts have no rows to name.
            return Error::Column { path: self.path.clone(), column, problem };
        }
        let (path, row) = match &self.origin {
            Some(origin) => origin.of(row).unwrap_or((self.path.clone(), row)),
            None => (self.path.clone(), row),
        };
        Error::Cell { path, column, row: row + 1, problem }
    }

    /// Reads a column in chunks, in row order, as its own kind, or as text when `as_text`.
    pub(crate) fn read(
        &self,
        name: &str,
        as_text: bool,
        each: &mut dyn FnMut(Chunk<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.read_together(&[(name, as_text)], &mut |chunks| each(chunks[0]))
    }

    /// Reads columns (name, as text) side by side in chunks of the same rows, in row order. Of counts, columns that were
    /// counted together can be read so.
    pub(crate) fn read_together(
        &self,
        columns: &[(&str, bool)],
        each: &mut EachChunk<'_>,
    ) -> Result<(), Error> {
        let mut places = Vec::with_capacity(columns.len());
        for &(name, as_text) in columns {
            let Some(at) = self.fields.iter().position(|f| f.name == name) else {
                return self.require(name, "column").map(|_| ());
            };
            places.push((at, as_text || self.fields[at].kind == Kind::Text));
        }
        match &self.backing {
            Backing::Counted(counts) => counts.read(&places, each),
            Backing::Memory { columns, .. } => {
                let mut spelled = Vec::new();
                for &(at, as_text) in &places {
                    spelled.push(match &columns[at] {
                        Column::Numeric(values) if as_text => Some(as_text_of(values)),
                        _ => None,
                    });
                }
                let chunks: Vec<Chunk<'_>> = places
                    .iter()
                    .zip(&spelled)
                    .map(|(&(at, _), spelled)| spelled.as_ref().unwrap_or(&columns[at]).chunk())
                    .collect();
                each(&chunks)
            }
            Backing::Parquet(files) | Backing::Spilled { files, .. } => files.read(columns, each),
        }
    }

    /// A chunk of numbers of column `name`, which begins at row `at` (from 0). One of texts is fine only where every cell is
    /// missing, and then there is nothing in it.
    ///
    /// # Errors
    /// The first cell that is a text, by file, column and row.
    pub(crate) fn numbers_in<'c>(&self, name: &str, chunk: Chunk<'c>, at: u64) -> Result<&'c [f64], Error> {
        match chunk {
            Chunk::Numeric(values) => Ok(values),
            Chunk::Text { codes, levels } => match codes.iter().position(|&code| code != MISSING) {
                Some(row) => Err(self.not_a_number(name, at + row as u64, &levels[codes[row] as usize])),
                None => Ok(&[]),
            },
        }
    }

    /// The error for a text where a number must be; `row` counts from 0.
    fn not_a_number(&self, name: &str, row: u64, text: &str) -> Error {
        match self.field(name).and_then(|f| f.mixed.clone()) {
            Some(Mixed { path, row, text }) => {
                Error::Cell { path, column: name.to_owned(), row, problem: Box::new(not_number(&text)) }
            }
            None => self.cell_error(name, row, not_number(text)),
        }
    }
}

/// Why a cell is no number, and the remedy.
pub(crate) fn not_number(text: &str) -> Remark {
    if has_decimal_comma(text) {
        let right = text.replace(',', ".");
        let said = format!("`{text}` has a decimal comma; write `{right}`, with a point");
        Remark::new("cell-decimal-comma", &[("text", &text), ("right", &right)], said)
    } else {
        let said = format!("`{text}` is not a number; correct the cell, or leave it empty");
        Remark::new("cell-no-number", &[("text", &text)], said)
    }
}

/// Whether a text is a number but for its one comma.
pub(crate) fn has_decimal_comma(text: &str) -> bool {
    let mut parts = text.splitn(2, ',');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match (parts.next(), parts.next()) {
        (Some(whole), Some(fraction)) => digits(whole.trim_start_matches(['-', '+'])) && digits(fraction),
        _ => false,
    }
}

/// Texts to codes, in order of first appearance.
#[derive(Default)]
pub(crate) struct Interner {
    codes: std::collections::HashMap<String, u32>,
    pub(crate) levels: Vec<String>,
}

impl Interner {
    pub(crate) fn code(&mut self, level: &str) -> u32 {
        if let Some(&code) = self.codes.get(level) {
            return code;
        }
        let code = self.levels.len() as u32;
        self.codes.insert(level.to_owned(), code);
        self.levels.push(level.to_owned());
        code
    }
}

/// The text of a number where a column of numbers is read as one of texts, however its file spells it: no trailing `.0`.
pub(crate) fn number_text(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

/// A column of numbers as texts.
fn as_text_of(values: &[f64]) -> Column {
    let mut interner = Interner::default();
    let code = |&v: &f64| if v.is_nan() { MISSING } else { interner.code(&number_text(v)) };
    let codes = values.iter().map(code).collect();
    Column::Text { codes, levels: interner.levels }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A column's cells as texts.
    fn texts(source: &Source, name: &str) -> Vec<Option<String>> {
        let mut out = Vec::new();
        source
            .read(name, true, &mut |chunk| {
                let Chunk::Text { codes, levels } = chunk else { panic!("numbers") };
                out.extend(codes.iter().map(|&c| levels.get(c as usize).cloned()));
                Ok(())
            })
            .unwrap();
        out
    }

    /// A column's numbers, bit by bit.
    fn bits(source: &Source, name: &str) -> Vec<u64> {
        let mut out = Vec::new();
        source
            .read(name, false, &mut |chunk| {
                let Chunk::Numeric(values) = chunk else { panic!("texts") };
                out.extend(values.iter().map(|v| v.to_bits()));
                Ok(())
            })
            .unwrap();
        out
    }

    #[test]
    fn a_csv_too_large_for_memory_reads_as_one_that_fits() {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/monitoring/far.csv"));
        let (held, spilled) =
            (Source::open(path, None).unwrap(), Source::open_within(path, None, 0).unwrap());
        assert!(matches!(spilled.backing, Backing::Spilled { .. }));
        assert_eq!(held.rows(), spilled.rows());
        for field in &held.fields {
            if field.kind == Kind::Numeric {
                assert_eq!(bits(&held, &field.name), bits(&spilled, &field.name), "{}", field.name);
            }
            assert_eq!(texts(&held, &field.name), texts(&spilled, &field.name), "{}", field.name);
        }
    }

    #[test]
    fn a_number_is_the_same_text_however_large_its_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("codes.csv");
        std::fs::write(&path, "at,code,mixed\n2026-01-01,01,01\n2026-01-02,1.50,x\n2026-01-03,.,-0\n")
            .unwrap();
        let (held, spilled) =
            (Source::open(&path, None).unwrap(), Source::open_within(&path, None, 0).unwrap());
        let time =
            crate::options::TimeSplit { column: "at".to_owned(), cadence: crate::options::Cadence::Month };
        let split = split::by_time(std::slice::from_ref(&held), &time, None, &[], None).unwrap();
        let wanted = [Some("1".to_owned()), Some("1.5".to_owned()), None];
        for source in [&held, &spilled, &split.sources[0]] {
            assert_eq!(texts(source, "code"), wanted);
            // Where some cells are texts, all of them are.
            assert_eq!(texts(source, "mixed")[0].as_deref(), Some("01"));
        }
    }

    #[test]
    fn sorting_by_radix_is_sorting() {
        // Clusters closer than the leading bits tell apart, wide ranges, ties, signs, infinities.
        let mut seed = 1u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1u64 << 53) as f64
        };
        let shapes: [&dyn Fn(f64, usize) -> f64; 7] = [
            &|u, _| 1e9 + u * 1e-3,
            &|u, i| if i % 2 == 0 { u } else { -u * 1e300 },
            &|u, _| (u * 5.0).floor(),
            &|u, i| if i % 97 == 0 { f64::INFINITY } else { u },
            &|u, i| if i % 3 == 0 { -0.0 } else { u - 0.5 },
            &|_, _| 7.0,
            // Most of them in one cell of the histogram, which is parted again.
            &|u, i| if i % 9 == 0 { u * 1e300 } else { 1.0 + u * 1e-6 },
        ];
        for (shape, make) in shapes.into_iter().enumerate() {
            // Compared, one part, several parts, and fewer again in the room of more.
            for rows in [500, 20_000, 200_000, 30_000] {
                let column: Vec<f64> = (0..rows).map(|i| make(next(), i)).collect();
                let mut expected = column.clone();
                expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
                let mut keys: Vec<u64> = column.into_iter().map(crate::sorted::key).collect();
                crate::sorted::sort_keys(&mut keys);
                let sorted = keys.into_iter().map(crate::sorted::value);
                assert!(sorted.eq(expected), "shape {shape}, {rows} rows");
            }
        }
    }
}
