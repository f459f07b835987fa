//! Parquet: one file or the part files of a folder, a column at a time.

use super::{Chunk, Field, Interner, Kind, MISSING, number_text};
use crate::error::Error;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int32Type, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

const BATCH_ROWS: usize = 16_384;
const SECONDS_PER_DAY: f64 = 86_400.0;

/// Part files of one schema, opened once: footers are kept, pages are read again for each column.
pub(super) struct ParquetFiles {
    files: Vec<(PathBuf, ArrowReaderMetadata)>,
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
            let damaged = |e: parquet::errors::ParquetError| Error::Damaged {
                path: path.clone(),
                problem: format!("its Parquet footer cannot be read ({e})"),
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
                                let problem = match found {
                                    Some(_) => "holds another kind of value than in",
                                    None => "is missing, but is there in",
                                };
                                let (first_file, _): &(PathBuf, ArrowReaderMetadata) = &files[0];
                                return Err(Error::Damaged {
                                    problem: format!(
                                        "column `{}` {problem} `{}`",
                                        field.name,
                                        first_file.display()
                                    ),
                                    path,
                                });
                            }
                        }
                    }
                }
            }
            files.push((path, metadata));
        }
        Ok((Self { files, rows }, fields.unwrap_or_default()))
    }

    pub(super) fn read(
        &self,
        name: &str,
        as_text: bool,
        each: &mut dyn FnMut(Chunk<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut numbers = Vec::new();
        let mut texts = TextChunks::default();
        for (path, metadata) in &self.files {
            let damaged = |e: &dyn std::fmt::Display| Error::Damaged {
                path: path.clone(),
                problem: format!("column `{name}` cannot be read ({e})"),
            };
            let file = File::open(path).map_err(|source| Error::Unreadable { path: path.clone(), source })?;
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
            let Some(root) = builder.schema().fields().iter().position(|f| f.name() == name) else {
                return Err(damaged(&"it is not there"));
            };
            let mask = ProjectionMask::roots(builder.parquet_schema(), [root]);
            let reader =
                builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(|e| damaged(&e))?;
            for batch in reader {
                let batch = batch.map_err(|e| damaged(&e))?;
                let array = batch.column(0);
                match kind_of(array.data_type()) {
                    Some(Kind::Numeric) => {
                        let floats = to_floats(array).map_err(|e| damaged(&e))?;
                        let floats = floats.as_primitive::<Float64Type>();
                        if floats.null_count() == 0 && !as_text {
                            each(Chunk::Numeric(floats.values()))?;
                            continue;
                        }
                        numbers.clear();
                        numbers.extend(floats.iter().map(|v| v.unwrap_or(f64::NAN)));
                        if as_text {
                            texts.of_numbers(&numbers);
                            each(texts.chunk())?;
                        } else {
                            each(Chunk::Numeric(&numbers))?;
                        }
                    }
                    _ => {
                        texts.of_array(array).map_err(|e| damaged(&e))?;
                        each(texts.chunk())?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Reused buffers for a chunk of texts.
#[derive(Default)]
pub(super) struct TextChunks {
    codes: Vec<u32>,
    interner: Interner,
}

impl TextChunks {
    pub(super) fn codes(&self) -> &[u32] {
        &self.codes
    }

    pub(super) fn levels(&self) -> &[String] {
        &self.interner.levels
    }

    fn chunk(&self) -> Chunk<'_> {
        Chunk::Text { codes: &self.codes, levels: &self.interner.levels }
    }

    pub(super) fn of_numbers(&mut self, values: &[f64]) {
        self.codes.clear();
        for &v in values {
            let code = if v.is_nan() { MISSING } else { self.interner.code(&number_text(v)) };
            self.codes.push(code);
        }
    }

    pub(super) fn of_array(&mut self, array: &ArrayRef) -> Result<(), arrow::error::ArrowError> {
        self.codes.clear();
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
