//! Columns out of files. A [`Source`] is one period's (or the baseline's) data: a CSV file, a Parquet file, or a folder
//! of Parquet files. It is read a column at a time, in chunks.

mod delimited;
mod parquet_files;
pub(crate) mod periods;
pub(crate) mod summary;

use crate::error::Error;
use std::path::{Path, PathBuf};

/// CSV files up to this size are held in memory as columns; larger ones go once through a temporary Parquet file.
const CSV_IN_MEMORY_BYTES: u64 = 192 * 1024 * 1024;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Numbers, dates and times.
    Numeric,
    /// Texts and truth values.
    Text,
}

/// A column's name, kind, and where a number column turned out to hold a text.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// In a CSV column of numbers and texts, or of decimal commas: the first row (from 1) that holds a text, and the text.
    pub(crate) mixed: Option<(u64, String)>,
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

/// Code of a missing text.
pub(crate) const MISSING: u32 = u32::MAX;

/// Part of a column.
pub(crate) enum Chunk<'a> {
    Numeric(&'a [f64]),
    Text { codes: &'a [u32], levels: &'a [String] },
}

enum Backing {
    Memory {
        columns: Vec<Column>,
        rows: usize,
    },
    Parquet(parquet_files::ParquetFiles),
    /// A large CSV, rewritten as Parquet in a folder that goes with us.
    Spilled {
        files: parquet_files::ParquetFiles,
        _folder: tempfile::TempDir,
    },
    /// Counts that a job made where the data are.
    Counted(summary::Summary),
}

/// Data of one period or of the baseline.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) fields: Vec<Field>,
    backing: Backing,
    delimiter: Option<u8>,
}

impl Source {
    /// Opens a file or a folder of part files.
    pub(crate) fn open(path: &Path, delimiter: Option<u8>) -> Result<Self, Error> {
        Self::open_within(path, delimiter, CSV_IN_MEMORY_BYTES)
    }

    /// The same with another limit of what a CSV file may take in memory.
    fn open_within(path: &Path, delimiter: Option<u8>, csv_in_memory_bytes: u64) -> Result<Self, Error> {
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
        let scan = delimited::scan(path, delimiter)?;
        let (fields, delimiter) = (scan.fields.clone(), Some(scan.delimiter));
        let backing = if metadata.len() <= csv_in_memory_bytes {
            let columns = delimited::load(path, &scan)?;
            Backing::Memory { columns, rows: scan.rows as usize }
        } else {
            let folder = tempfile::TempDir::new().map_err(unreadable)?;
            let copy = folder.path().join("columns.parquet");
            delimited::spill(path, &scan, &copy)?;
            let (files, _) = parquet_files::ParquetFiles::open(vec![copy])?;
            Backing::Spilled { files, _folder: folder }
        };
        Ok(Self { path: path.to_owned(), fields, backing, delimiter })
    }

    fn of_parquet(path: &Path, files: Vec<PathBuf>) -> Result<Self, Error> {
        let (files, fields) = parquet_files::ParquetFiles::open(files)?;
        Ok(Self { path: path.to_owned(), fields, backing: Backing::Parquet(files), delimiter: None })
    }

    /// What a job counted of a file or folder for one period.
    pub(crate) fn of_counts(
        output: &Path,
        name: &Path,
        portions: &[summary::Portion<'_>],
    ) -> Result<Self, Error> {
        let (counts, fields) = summary::Summary::open(output, portions)?;
        Ok(Self { path: name.to_owned(), fields, backing: Backing::Counted(counts), delimiter: None })
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
    pub(crate) fn cell_error(&self, column: &str, row: u64, problem: impl Into<String>) -> Error {
        if let Backing::Counted(_) = self.backing {
            // Counts have no rows to name.
            let problem = format!("column `{column}`: {}", problem.into());
            return Error::Damaged { path: self.path.clone(), problem };
        }
        Error::Cell {
            path: self.path.clone(),
            column: column.to_owned(),
            row: row + 1,
            problem: problem.into(),
        }
    }

    /// Reads a column in chunks, in row order, as its own kind, or as text when `as_text`.
    pub(crate) fn read(
        &self,
        name: &str,
        as_text: bool,
        each: &mut dyn FnMut(Chunk<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(at) = self.fields.iter().position(|f| f.name == name) else {
            return self.require(name, "column").map(|_| ());
        };
        match &self.backing {
            Backing::Counted(counts) => counts.read(at, as_text || self.fields[at].kind == Kind::Text, each),
            Backing::Memory { columns, .. } => match &columns[at] {
                Column::Numeric(_) if as_text => {
                    let (codes, levels) = delimited::load_text(&self.path, self.delimiter, at)?;
                    each(Chunk::Text { codes: &codes, levels: &levels })
                }
                Column::Numeric(values) => each(Chunk::Numeric(values)),
                Column::Text { codes, levels } => each(Chunk::Text { codes, levels }),
            },
            Backing::Parquet(files) | Backing::Spilled { files, .. } => files.read(name, as_text, each),
        }
    }

    /// A whole numeric column.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<f64>, Error> {
        let mut out = Vec::with_capacity(self.rows() as usize);
        self.read(name, false, &mut |chunk| {
            match chunk {
                Chunk::Numeric(values) => out.extend_from_slice(values),
                Chunk::Text { codes, levels } => {
                    // A column of texts: fine only where every cell is missing.
                    if let Some(i) = codes.iter().position(|&c| c != MISSING) {
                        let row = (out.len() + i) as u64;
                        let level = &levels[codes[i] as usize];
                        return Err(self.not_a_number(name, row, level));
                    }
                    out.resize(out.len() + codes.len(), f64::NAN);
                }
            }
            Ok(())
        })?;
        Ok(out)
    }

    fn not_a_number(&self, name: &str, row: u64, text: &str) -> Error {
        let (row, text) = match self.field(name).and_then(|f| f.mixed.clone()) {
            Some((row, text)) => (row - 1, text),
            None => (row, text.to_owned()),
        };
        self.cell_error(name, row, not_number(&text))
    }

    /// A whole column as texts.
    pub(crate) fn texts(&self, name: &str) -> Result<(Vec<u32>, Vec<String>), Error> {
        let mut all = Interner::default();
        let mut out = Vec::with_capacity(self.rows() as usize);
        self.read(name, true, &mut |chunk| {
            if let Chunk::Text { codes, levels } = chunk {
                let translated: Vec<u32> = levels.iter().map(|l| all.code(l)).collect();
                out.extend(
                    codes.iter().map(|&c| if c == MISSING { MISSING } else { translated[c as usize] }),
                );
            }
            Ok(())
        })?;
        Ok((out, all.levels))
    }
}

/// Why a cell is no number, and the remedy.
pub(crate) fn not_number(text: &str) -> String {
    if has_decimal_comma(text) {
        format!("`{text}` has a decimal comma; write `{}`, with a point", text.replace(',', "."))
    } else {
        format!("`{text}` is not a number; correct the cell, or leave it empty")
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

/// The text of a number where a column of numbers is compared with one of texts: no trailing `.0`.
pub(crate) fn number_text(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_too_large_for_memory_reads_as_one_that_fits() {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/monitoring/far.csv"));
        let (held, spilled) =
            (Source::open(path, None).unwrap(), Source::open_within(path, None, 0).unwrap());
        assert!(matches!(spilled.backing, Backing::Spilled { .. }));
        assert_eq!(held.rows(), spilled.rows());
        for field in &held.fields {
            let (a, b) = (held.texts(&field.name).unwrap(), spilled.texts(&field.name).unwrap());
            if field.kind == Kind::Numeric {
                let bits = |s: &Source| -> Vec<u64> {
                    s.numbers(&field.name).unwrap().iter().map(|v| v.to_bits()).collect()
                };
                assert_eq!(bits(&held), bits(&spilled), "{}", field.name);
            } else {
                let spelled = |(codes, levels): (Vec<u32>, Vec<String>)| -> Vec<Option<String>> {
                    codes.into_iter().map(|c| levels.get(c as usize).cloned()).collect()
                };
                assert_eq!(spelled(a), spelled(b), "{}", field.name);
            }
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
        let shapes: [&dyn Fn(f64, usize) -> f64; 6] = [
            &|u, _| 1e9 + u * 1e-3,
            &|u, i| if i % 2 == 0 { u } else { -u * 1e300 },
            &|u, _| (u * 5.0).floor(),
            &|u, i| if i % 97 == 0 { f64::INFINITY } else { u },
            &|u, i| if i % 3 == 0 { -0.0 } else { u - 0.5 },
            &|_, _| 7.0,
        ];
        for (shape, make) in shapes.into_iter().enumerate() {
            let column: Vec<f64> = (0..20_000).map(|i| make(next(), i)).collect();
            let mut expected = column.clone();
            expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
            let sorted = crate::sorted::Sorted::new(column);
            assert!(sorted.values == expected, "shape {shape}");
        }
    }
}
