//! Parquet: one file or the part files of a folder, a column at a time.

use super::{Chunk, EachChunk, Field, Interner, Kind, MISSING, number_text};
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

    /// Reads columns (name, as text) side by side, a batch of rows at a time.
    pub(super) fn read(&self, columns: &[(&str, bool)], each: &mut EachChunk<'_>) -> Result<(), Error> {
        let mut held: Vec<Held> = columns.iter().map(|_| Held::default()).collect();
        for (path, metadata, groups) in &self.files {
            let damaged = |name: &str, e: &dyn std::fmt::Display| {
                let text = format!("column `{name}` cannot be read ({e})");
                Error::damaged(
                    path,
                    Remark::new("damaged-column", &[("column", &name), ("detail", &e)], text),
                )
            };
            let all = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("`, `");
            let file = File::open(path).map_err(|source| Error::Unreadable { path: path.clone(), source })?;
            let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
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
            if let Some(groups) = groups {
                builder = builder.with_row_groups(groups.clone());
            }
            let reader = builder
                .with_projection(mask)
                .with_batch_size(BATCH_ROWS)
                .build()
                .map_err(|e| damaged(&all, &e))?;
            for batch in reader {
                let batch = batch.map_err(|e| damaged(&all, &e))?;
                for ((held, &(name, as_text)), root) in held.iter_mut().zip(columns).zip(&roots) {
                    let at = present.partition_point(|other| other < root);
                    held.take(batch.column(at), as_text).map_err(|e| damaged(name, &e))?;
                }
                let chunks: Vec<Chunk<'_>> = held.iter().map(Held::chunk).collect();
                each(&chunks)?;
            }
        }
        Ok(())
    }
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
