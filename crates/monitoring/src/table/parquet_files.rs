//! Parquet: one file or the part files of a folder, a column at a time.

use super::{Chunk, EachChunk, Field, Interner, Kind, MISSING, ahead, number_text};
use crate::compute::spare_threads;
use crate::error::Error;
use crate::report::Remark;
use arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field as ArrowField, Float64Type, Int32Type, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const BATCH_ROWS: usize = 16_384;
/// Rows that are worth a reader of their own.
const PART_ROWS: u64 = 1 << 18;
const SECONDS_PER_DAY: f64 = 86_400.0;

/// Part files of one schema, opened once, each with the row groups that count (all where none are named): footers are kept,
/// pages are read again for each column.
pub(super) struct ParquetFiles {
    files: Vec<(PathBuf, ArrowReaderMetadata, Option<Vec<usize>>)>,
    pub(super) rows: u64,
}

impl ParquetFiles {
    pub(super) fn open(paths: Vec<PathBuf>) -> Result<(Self, Vec<Field>), Error> {
        let mut files = Vec::with_capacity(paths.len());
        let mut fields: Option<Vec<Field>> = None;
        let mut rows = 0;
        for path in paths {
            let file =
                File::open(&path).map_err(|source| Error::Unreadable { path: path.clone(), source })?;
            let damaged = |e: parquet::errors::ParquetError| {
                let text = format!("its Parquet footer cannot be read ({e})");
                Error::damaged(&path, Remark::new("damaged-footer", &[("detail", &e)], text))
            };
            let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(damaged)?;
            let metadata = with_dictionaries(metadata).map_err(damaged)?;
            rows += metadata.metadata().file_metadata().num_rows() as u64;
            let here: Vec<Field> = metadata
                .schema()
                .fields()
                .iter()
                .filter_map(|f| {
                    let kind = kind_of(f.data_type())?;
                    let temporal = is_temporal(f.data_type());
                    Some(Field { name: f.name().clone(), kind, mixed: None, temporal })
                })
                .collect();
            match &fields {
                None => fields = Some(here),
                Some(first) => {
                    for field in first {
                        match here.iter().find(|f| f.name == field.name) {
                            Some(f) if f.kind == field.kind => {}
                            found => {
                                let (id, problem) = match found {
                                    Some(_) => ("damaged-kind", "holds another kind of value than in"),
                                    None => ("damaged-lacks", "is missing, but is there in"),
                                };
                                let (first_file, ..): &(PathBuf, ArrowReaderMetadata, _) = &files[0];
                                let (column, other) = (&field.name, first_file.display());
                                let text = format!("column `{column}` {problem} `{other}`");
                                let values: [(&str, &dyn std::fmt::Display); 2] =
                                    [("column", column), ("other", &other)];
                                return Err(Error::damaged(&path, Remark::new(id, &values, text)));
                            }
                        }
                    }
                }
            }
            files.push((path, metadata, None));
        }
        Ok((Self { files, rows }, fields.unwrap_or_default()))
    }

    /// Some row groups of one file.
    pub(super) fn of_row_groups(file: &Self, groups: Vec<usize>) -> Self {
        let rows = file.files.first().map_or(0, |(_, metadata, _)| {
            groups.iter().map(|&g| metadata.metadata().row_group(g).num_rows() as u64).sum()
        });
        let files = file.files.iter().take(1).map(|(p, m, _)| (p.clone(), m.clone(), Some(groups.clone())));
        Self { files: files.collect(), rows }
    }

    /// Reads columns (name, as text) side by side, a batch of rows at a time, decoded ahead where cores are idle.
    pub(super) fn read(&self, columns: &[(&str, bool)], each: &mut EachChunk<'_>) -> Result<(), Error> {
        self.read_with(spare_threads(), columns, each)
    }

    fn read_with(
        &self,
        helpers: usize,
        columns: &[(&str, bool)],
        each: &mut EachChunk<'_>,
    ) -> Result<(), Error> {
        let parts = self.parts();
        let mut held: Vec<Held> = columns.iter().map(|_| Held::default()).collect();
        let decode = |part: usize, sink: &mut ahead::Sink<'_, Result<Vec<ArrayRef>, Error>>| {
            if let Err(error) = parts[part].decode(columns, &mut |arrays| sink(Ok(arrays))) {
                sink(Err(error));
            }
        };
        ahead::in_order(parts.len(), helpers, decode, &mut |part, arrays| {
            for ((held, &(name, as_text)), array) in held.iter_mut().zip(columns).zip(&arrays?) {
                held.take(array, as_text).map_err(|e| damaged(parts[part].path, name, &e))?;
            }
            let chunks: Vec<Chunk<'_>> = held.iter().map(Held::chunk).collect();
            each(&chunks)
        })
    }

    /// What can be decoded side by side: row groups of a file, as many as are worth it. The same on every machine, for a
    /// batch ends where a part does.
    fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        for (path, metadata, groups) in &self.files {
            let all = metadata.metadata().num_row_groups();
            let groups = groups.clone().unwrap_or_else(|| (0..all).collect());
            let (mut part, mut rows) = (Vec::new(), 0);
            for (at, &group) in groups.iter().enumerate() {
                part.push(group);
                rows += metadata.metadata().row_group(group).num_rows() as u64;
                if rows >= PART_ROWS && at + 1 < groups.len() {
                    parts.push(Part { path, metadata, groups: std::mem::take(&mut part) });
                    rows = 0;
                }
            }
            parts.push(Part { path, metadata, groups: part });
        }
        parts
    }
}

/// Row groups of one file.
struct Part<'f> {
    path: &'f Path,
    metadata: &'f ArrowReaderMetadata,
    groups: Vec<usize>,
}

impl Part<'_> {
    /// Decodes columns side by side, batch after batch in the columns' order, until no more is wanted.
    fn decode(
        &self,
        columns: &[(&str, bool)],
        sink: &mut dyn FnMut(Vec<ArrayRef>) -> bool,
    ) -> Result<(), Error> {
        let path = self.path;
        let all = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("`, `");
        let file = File::open(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mut roots = Vec::with_capacity(columns.len());
        for (name, _) in columns {
            let root = builder.schema().fields().iter().position(|f| f.name() == name);
            roots.push(root.ok_or_else(|| {
                let text = format!("column `{name}` is not there");
                Error::damaged(path, Remark::new("damaged-column-gone", &[("column", name)], text))
            })?);
        }
        // A batch holds its columns in the file's order, each once.
        let mut present = roots.clone();
        present.sort_unstable();
        present.dedup();
        let mask = ProjectionMask::roots(builder.parquet_schema(), present.iter().copied());
        let reader = builder
            .with_row_groups(self.groups.clone())
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|e| damaged(path, &all, &e))?;
        for batch in reader {
            let batch = batch.map_err(|e| damaged(path, &all, &e))?;
            let column = |root: &usize| batch.column(present.partition_point(|other| other < root)).clone();
            if !sink(roots.iter().map(column).collect()) {
                break;
            }
        }
        Ok(())
    }
}

fn damaged(path: &Path, name: &str, e: &dyn std::fmt::Display) -> Error {
    let text = format!("column `{name}` cannot be read ({e})");
    Error::damaged(path, Remark::new("damaged-column", &[("column", &name), ("detail", &e)], text))
}

/// A column's part of a batch, with buffers that are reused.
#[derive(Default)]
struct Held {
    /// Numbers without a gap are read where the batch has them.
    floats: Option<ArrayRef>,
    numbers: Vec<f64>,
    texts: TextChunks,
    is_text: bool,
}

impl Held {
    fn take(&mut self, array: &ArrayRef, as_text: bool) -> Result<(), arrow::error::ArrowError> {
        self.floats = None;
        self.is_text = as_text || kind_of(array.data_type()) != Some(Kind::Numeric);
        if kind_of(array.data_type()) != Some(Kind::Numeric) {
            return self.texts.of_array(array);
        }
        let array = to_floats(array)?;
        let floats = array.as_primitive::<Float64Type>();
        if floats.null_count() == 0 && !as_text {
            self.floats = Some(array);
            return Ok(());
        }
        self.numbers.clear();
        self.numbers.extend(floats.iter().map(|v| v.unwrap_or(f64::NAN)));
        if as_text {
            self.texts.of_numbers(&self.numbers);
        }
        Ok(())
    }

    fn chunk(&self) -> Chunk<'_> {
        match &self.floats {
            _ if self.is_text => self.texts.chunk(),
            Some(floats) => Chunk::Numeric(floats.as_primitive::<Float64Type>().values()),
            None => Chunk::Numeric(&self.numbers),
        }
    }
}

/// Reused buffers for a chunk of texts.
#[derive(Default)]
pub(super) struct TextChunks {
    codes: Vec<u32>,
    interner: Interner,
}

impl TextChunks {
    /// Levels remembered from batch to batch. An identifier has one a row, and they are forgotten.
    const LEVELS_KEPT: usize = 4096;

    pub(super) fn codes(&self) -> &[u32] {
        &self.codes
    }

    pub(super) fn levels(&self) -> &[String] {
        &self.interner.levels
    }

    fn chunk(&self) -> Chunk<'_> {
        Chunk::Text { codes: &self.codes, levels: &self.interner.levels }
    }

    fn clear(&mut self) {
        self.codes.clear();
        if self.interner.levels.len() > Self::LEVELS_KEPT {
            self.interner = Interner::default();
        }
    }

    pub(super) fn of_numbers(&mut self, values: &[f64]) {
        self.clear();
        for &v in values {
            let code = if v.is_nan() { MISSING } else { self.interner.code(&number_text(v)) };
            self.codes.push(code);
        }
    }

    pub(super) fn of_array(&mut self, array: &ArrayRef) -> Result<(), arrow::error::ArrowError> {
        self.clear();
        if let DataType::Dictionary(_, _) = array.data_type() {
            let target = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            let array = cast(array, &target)?;
            let dictionary = array.as_dictionary::<Int32Type>();
            let levels = dictionary.values().as_string::<i32>();
            let translated: Vec<u32> = (0..levels.len())
                .map(|i| if levels.is_null(i) { MISSING } else { self.level(levels.value(i)) })
                .collect();
            self.codes
                .extend(dictionary.keys().iter().map(|k| k.map_or(MISSING, |k| translated[k as usize])));
            return Ok(());
        }
        let array =
            if *array.data_type() == DataType::Utf8 { array.clone() } else { cast(array, &DataType::Utf8)? };
        for text in array.as_string::<i32>() {
            let code = text.map_or(MISSING, |t| self.level(t));
            self.codes.push(code);
        }
        Ok(())
    }

    /// Texts are trimmed and `.` and empty are missing, as in CSV.
    fn level(&mut self, text: &str) -> u32 {
        let text = text.trim();
        if text.is_empty() || text == "." { MISSING } else { self.interner.code(text) }
    }
}

/// Texts are asked for as dictionaries, so that a level is looked up once a page and not once a row.
fn with_dictionaries(
    metadata: ArrowReaderMetadata,
) -> Result<ArrowReaderMetadata, parquet::errors::ParquetError> {
    let schema = metadata.schema();
    let fields: Vec<_> = schema
        .fields()
        .iter()
        .map(|f| match f.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => {
                let dictionary =
                    DataType::Dictionary(Box::new(DataType::Int32), Box::new(f.data_type().clone()));
                Arc::new(f.as_ref().clone().with_data_type(dictionary))
            }
            _ => Arc::clone(f),
        })
        .collect();
    let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
    ArrowReaderMetadata::try_new(
        Arc::clone(metadata.metadata()),
        ArrowReaderOptions::new().with_schema(schema),
    )
}

fn is_temporal(kind: &DataType) -> bool {
    matches!(kind, DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, _))
}

/// `None` for lists, structs and the like, which are no variables.
pub(super) fn kind_of(kind: &DataType) -> Option<Kind> {
    match kind {
        DataType::Dictionary(_, value) => kind_of(value),
        DataType::Boolean | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Kind::Text),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            None
        }
        kind if kind.is_numeric() || is_temporal(kind) => Some(Kind::Numeric),
        DataType::Time32(_) | DataType::Time64(_) | DataType::Duration(_) => Some(Kind::Numeric),
        DataType::Null => Some(Kind::Numeric),
        _ => None,
    }
}

/// Any numeric array as f64: decimals exactly rounded once, dates and timestamps as days since 1970.
pub(super) fn to_floats(array: &ArrayRef) -> Result<ArrayRef, arrow::error::ArrowError> {
    let days = |array: ArrayRef, per_day: f64| -> Result<ArrayRef, arrow::error::ArrowError> {
        let floats = cast(&array, &DataType::Float64)?;
        let floats = floats.as_primitive::<Float64Type>();
        Ok(Arc::new(floats.unary::<_, Float64Type>(|v| v / per_day)))
    };
    match array.data_type() {
        DataType::Float64 => Ok(array.clone()),
        DataType::Date32 => cast(&cast(array, &DataType::Int32)?, &DataType::Float64),
        DataType::Date64 => days(cast(array, &DataType::Int64)?, SECONDS_PER_DAY * 1e3),
        DataType::Timestamp(unit, _) => {
            let per_second = match unit {
                TimeUnit::Second => 1.0,
                TimeUnit::Millisecond => 1e3,
                TimeUnit::Microsecond => 1e6,
                TimeUnit::Nanosecond => 1e9,
            };
            days(cast(array, &DataType::Int64)?, SECONDS_PER_DAY * per_second)
        }
        DataType::Time32(_) => cast(&cast(array, &DataType::Int32)?, &DataType::Float64),
        DataType::Time64(_) | DataType::Duration(_) => {
            cast(&cast(array, &DataType::Int64)?, &DataType::Float64)
        }
        DataType::Dictionary(_, value) => to_floats(&cast(array, value)?),
        _ => cast(array, &DataType::Float64),
    }
}

/// Columns on their way into a Parquet file of ours, which is read back soon.
pub(super) struct Copy {
    path: PathBuf,
    schema: Arc<Schema>,
    writer: ArrowWriter<File>,
}

impl Copy {
    pub(super) fn new(path: PathBuf, fields: &[Field]) -> Result<Self, Error> {
        let of_field = |f: &Field| {
            let kind = match f.kind {
                Kind::Numeric => DataType::Float64,
                Kind::Text => DataType::Utf8,
            };
            ArrowField::new(&f.name, kind, true)
        };
        let schema = Arc::new(Schema::new(fields.iter().map(of_field).collect::<Vec<_>>()));
        let file = File::create(&path).map_err(|source| Error::Unreadable { path: path.clone(), source })?;
        let writer =
            ArrowWriter::try_new(file, Arc::clone(&schema), None).map_err(|e| unwritten(&path, &e))?;
        Ok(Self { path, schema, writer })
    }

    /// Writes rows: a chunk a field.
    pub(super) fn write<'c>(&mut self, columns: impl Iterator<Item = Chunk<'c>>) -> Result<(), Error> {
        let arrays = columns.map(|column| match column {
            Chunk::Numeric(values) => Arc::new(Float64Array::from(values.to_vec())) as ArrayRef,
            Chunk::Text { codes, levels } => {
                let level = |&code: &u32| levels.get(code as usize).map(String::as_str);
                Arc::new(codes.iter().map(level).collect::<StringArray>())
            }
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect())
            .map_err(|e| unwritten(&self.path, &e))?;
        self.writer.write(&batch).map_err(|e| unwritten(&self.path, &e))
    }

    /// Ends the row group; answers how many there are.
    pub(super) fn end_group(&mut self) -> Result<usize, Error> {
        self.writer.flush().map_err(|e| unwritten(&self.path, &e))?;
        Ok(self.writer.flushed_row_groups().len())
    }

    /// Ends the file, and opens it.
    pub(super) fn close(self) -> Result<ParquetFiles, Error> {
        self.writer.close().map_err(|e| unwritten(&self.path, &e))?;
        ParquetFiles::open(vec![self.path]).map(|(files, _)| files)
    }
}

fn unwritten(path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::Unreadable { path: path.to_owned(), source: std::io::Error::other(cause.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of row groups of these sizes: a number that counts, and a text that repeats.
    fn file(folder: &Path, groups: &[usize]) -> ParquetFiles {
        let field = |name: &str, kind| Field { name: name.to_owned(), kind, mixed: None, temporal: false };
        let fields = [field("n", Kind::Numeric), field("t", Kind::Text)];
        let mut copy = Copy::new(folder.join(format!("{}.parquet", groups.len())), &fields).unwrap();
        let levels = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let mut next = 0;
        for &rows in groups {
            let numbers: Vec<f64> = (next..next + rows).map(|n| n as f64).collect();
            let codes: Vec<u32> = (next..next + rows).map(|n| (n % 3) as u32).collect();
            let text = Chunk::Text { codes: &codes, levels: &levels };
            copy.write([Chunk::Numeric(&numbers), text].into_iter()).unwrap();
            copy.end_group().unwrap();
            next += rows;
        }
        copy.close().unwrap()
    }

    fn read(files: &ParquetFiles, helpers: usize) -> Vec<(Vec<String>, Vec<f64>)> {
        let mut seen = Vec::new();
        files
            .read_with(helpers, &[("t", true), ("n", false)], &mut |chunks| {
                let (Chunk::Text { codes, levels }, Chunk::Numeric(numbers)) = (chunks[0], chunks[1]) else {
                    panic!("another kind of chunk")
                };
                seen.push((
                    codes.iter().map(|&code| levels[code as usize].clone()).collect(),
                    numbers.to_vec(),
                ));
                Ok(())
            })
            .unwrap();
        seen
    }

    #[test]
    fn rows_come_in_order_and_in_the_same_batches_whoever_decodes_them() {
        let folder = tempfile::tempdir().unwrap();
        for groups in [&[][..], &[5], &[200_000, 100_000, 1, 300_000, 70_000, 20_000], &[300_000; 4]] {
            let files = file(folder.path(), groups);
            let alone = read(&files, 0);
            let rows: usize = groups.iter().sum();
            let numbers: Vec<f64> = alone.iter().flat_map(|(_, numbers)| numbers.iter().copied()).collect();
            assert_eq!(numbers, (0..rows).map(|n| n as f64).collect::<Vec<_>>());
            let texts: Vec<&str> =
                alone.iter().flat_map(|(texts, _)| texts.iter().map(String::as_str)).collect();
            assert!(texts.iter().enumerate().all(|(n, text)| *text == ["a", "b", "c"][n % 3]));
            for helpers in [1, 2, 5] {
                assert_eq!(read(&files, helpers), alone, "{groups:?}, {helpers} helpers");
            }
        }
    }

    #[test]
    fn only_the_row_groups_that_count_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let files = file(folder.path(), &[300_000, 300_000, 10, 300_000]);
        let some = ParquetFiles::of_row_groups(&files, vec![1, 2]);
        for helpers in [0, 2] {
            let numbers: Vec<f64> =
                read(&some, helpers).into_iter().flat_map(|(_, numbers)| numbers).collect();
            assert_eq!(
                (numbers.len() as u64, numbers[0], numbers[300_009]),
                (some.rows, 300_000.0, 600_009.0)
            );
        }
    }

    #[test]
    fn a_damaged_part_is_named_whoever_decodes_it() {
        let folder = tempfile::tempdir().unwrap();
        let files = file(folder.path(), &[300_000, 300_000, 300_000]);
        let path = folder.path().join("3.parquet");
        let mut bytes = std::fs::read(&path).unwrap();
        let (from, to) = (bytes.len() / 3, bytes.len() - bytes.len() / 3);
        bytes[from..to].fill(0xAA);
        std::fs::write(&path, bytes).unwrap();
        for helpers in [0, 2] {
            let answer = files.read_with(helpers, &[("n", false)], &mut |_| Ok(()));
            let told = answer.unwrap_err().to_string();
            assert!(told.contains("3.parquet") && told.contains("`n`"), "{told}");
        }
    }
}
