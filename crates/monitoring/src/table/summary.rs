//! What a job counted where the data are, read as if it were the data: every value as often as it occurred. A column with
//! a part in the outcome (target, score, weight, groups) is counted together with the others, so their rows belong
//! together; every other column stands alone, and its order means nothing.

use super::parquet_files::{TextChunks, kind_of, to_floats};
use super::{Chunk, Field, Kind, MISSING, delimited, periods::part_files};
use crate::error::Error;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Rows handed on at once.
const CHUNK_ROWS: usize = 65_536;

/// A column as the job describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counted {
    pub(crate) name: String,
    /// `cell` (of a CSV file: what it means is decided here), `number` or `text`.
    pub(crate) kind: String,
    pub(crate) temporal: bool,
    /// Its name in the table of what is counted together.
    pub(crate) place: Option<String>,
    /// Its number among what is counted alone.
    pub(crate) column: Option<u64>,
}

/// How values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The text of a CSV cell.
    Cell,
    Number,
    Text,
}

/// A part file that holds a column's values and how often each occurs.
struct Part {
    path: PathBuf,
    /// What the values are called there.
    values: String,
    form: Form,
}

/// The counts of one period, or of the baseline.
pub(crate) struct Summary {
    /// By column.
    parts: Vec<Vec<Part>>,
    pub(super) rows: u64,
}

/// What a job counted of one file for one period.
pub(crate) struct Portion<'a> {
    pub(crate) source: usize,
    pub(crate) period: &'a str,
    pub(crate) fields: &'a [Counted],
}

impl Summary {
    /// The counts of a period, over all files that have rows of it.
    pub(crate) fn open(output: &Path, portions: &[Portion<'_>]) -> Result<(Self, Vec<Field>), Error> {
        let listed = |folder: &Path| if folder.is_dir() { part_files(folder) } else { Ok(Vec::new()) };
        let first = portions.first().map_or(&[] as &[Counted], |portion| portion.fields);
        let mut parts: Vec<Vec<Part>> = first.iter().map(|_| Vec::new()).collect();
        let mut rows = 0;
        for portion in portions {
            let below = |folder: PathBuf| {
                folder.join(format!("source={}", portion.source)).join(format!("period={}", portion.period))
            };
            let alone = below(output.join("columns"));
            let joint = listed(&below(output.join("joint").join(portion.source.to_string())))?;
            rows += count_of(&joint)?;
            for (held, column) in parts.iter_mut().zip(first) {
                let Some(here) = portion.fields.iter().find(|field| field.name == column.name) else {
                    return Err(Error::Damaged {
                        path: output.to_owned(),
                        problem: format!("column `{}` is in some of its files only", column.name),
                    });
                };
                let form = match here.kind.as_str() {
                    "cell" => Form::Cell,
                    "number" => Form::Number,
                    _ => Form::Text,
                };
                let (files, values) = match (&here.place, here.column) {
                    (Some(place), _) => (joint.clone(), place.as_str()),
                    (None, Some(number)) => {
                        let values = if form == Form::Number { "number" } else { "text" };
                        (listed(&alone.join(format!("column={number}")))?, values)
                    }
                    (None, None) => (Vec::new(), ""),
                };
                held.extend(files.into_iter().map(|path| Part { path, values: values.to_owned(), form }));
            }
        }
        let out = Self { parts, rows };
        let mut fields = Vec::with_capacity(first.len());
        for (at, column) in first.iter().enumerate() {
            let numbers = out.reads_as_numbers(at)?;
            let kind = if numbers { Kind::Numeric } else { Kind::Text };
            fields.push(Field { name: column.name.clone(), kind, mixed: None, temporal: column.temporal });
        }
        Ok((out, fields))
    }

    /// Whether every cell that is there is a number, as for a CSV file read here.
    fn reads_as_numbers(&self, at: usize) -> Result<bool, Error> {
        let mut numbers = true;
        for part in &self.parts[at] {
            numbers &= part.form != Form::Text;
            if numbers && part.form == Form::Cell {
                each_batch(&part.path, Some(&part.values), &mut |values, _| {
                    let Some(values) = values else { return Ok(()) };
                    let texts = cast(values, &DataType::Utf8)?;
                    let mut cells = texts.as_string::<i32>().iter().flatten();
                    numbers &= cells.all(|cell| delimited::parse(cell.as_bytes()).is_some());
                    Ok(())
                })?;
            }
        }
        Ok(numbers)
    }

    /// Reads a column, each value as often as it occurred.
    pub(super) fn read(
        &self,
        at: usize,
        as_text: bool,
        each: &mut dyn FnMut(Chunk<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut numbers: Vec<f64> = Vec::new();
        let mut texts = TextChunks::default();
        let mut failed = Ok(());
        for part in &self.parts[at] {
            each_batch(&part.path, Some(&part.values), &mut |values, counts| {
                let Some(values) = values else { return Ok(()) };
                match part.form {
                    Form::Cell if !as_text => {
                        let cells = cast(values, &DataType::Utf8)?;
                        numbers.clear();
                        numbers.extend(cells.as_string::<i32>().iter().map(|cell| {
                            cell.and_then(|cell| delimited::parse(cell.as_bytes())).unwrap_or(f64::NAN)
                        }));
                    }
                    Form::Cell | Form::Text => texts.of_array(values)?,
                    Form::Number => {
                        let floats = to_floats(values)?;
                        numbers.clear();
                        let floats = floats.as_primitive::<Float64Type>();
                        numbers.extend(floats.iter().map(|v| v.unwrap_or(f64::NAN)));
                        if as_text {
                            texts.of_numbers(&numbers);
                        }
                    }
                }
                if failed.is_err() {
                    return Ok(());
                }
                failed = if as_text {
                    repeated(texts.codes(), counts, MISSING, &mut |codes| {
                        each(Chunk::Text { codes, levels: texts.levels() })
                    })
                } else {
                    repeated(&numbers, counts, f64::NAN, &mut |numbers| each(Chunk::Numeric(numbers)))
                };
                Ok(())
            })?;
        }
        failed
    }
}

/// The sum of all counts.
fn count_of(files: &[PathBuf]) -> Result<u64, Error> {
    let mut rows = 0;
    for path in files {
        each_batch(path, None, &mut |_, counts| {
            rows += counts.iter().sum::<i64>();
            Ok(())
        })?;
    }
    Ok(rows.unsigned_abs())
}

type EachBatch<'a> = dyn FnMut(Option<&ArrayRef>, &[i64]) -> Result<(), arrow::error::ArrowError> + 'a;

/// Batches of a part file: the values of a column, where one is wanted, and how often each occurs.
fn each_batch(path: &Path, wanted: Option<&str>, each: &mut EachBatch<'_>) -> Result<(), Error> {
    let damaged = |e: &dyn std::fmt::Display| Error::Damaged {
        path: path.to_owned(),
        problem: format!("the job's counts cannot be read ({e})"),
    };
    let file = File::open(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
    let place = |name: &str| builder.schema().fields().iter().position(|f| f.name() == name);
    let Some(count) = place("count") else { return Err(damaged(&"there is no column `count`")) };
    let value = match wanted {
        Some(name) => Some(place(name).ok_or_else(|| damaged(&format!("there is no column `{name}`")))?),
        None => None,
    };
    let mask = ProjectionMask::roots(builder.parquet_schema(), std::iter::once(count).chain(value));
    let names = (wanted.map(str::to_owned), "count");
    for batch in builder.with_projection(mask).build().map_err(|e| damaged(&e))? {
        let batch = batch.map_err(|e| damaged(&e))?;
        let counts = batch
            .column_by_name(names.1)
            .ok_or_else(|| damaged(&"there is no column `count`"))
            .and_then(|counts| cast(counts, &DataType::Int64).map_err(|e| damaged(&e)))?;
        let counts = counts.as_primitive::<Int64Type>();
        if counts.null_count() > 0 || counts.values().iter().any(|&n| n < 0) {
            return Err(damaged(&"a count is missing or below zero"));
        }
        let values = names.0.as_deref().and_then(|name| batch.column_by_name(name));
        if values.is_some_and(|values| kind_of(values.data_type()).is_none()) {
            return Err(damaged(&"its values are neither numbers nor texts"));
        }
        each(values, counts.values()).map_err(|e| damaged(&e))?;
    }
    Ok(())
}

/// Hands on every value as often as it occurs, in pieces.
fn repeated<T: Copy>(
    values: &[T],
    counts: &[i64],
    nothing: T,
    each: &mut dyn FnMut(&[T]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut piece = vec![nothing; CHUNK_ROWS];
    let mut held = 0;
    for (&value, &count) in values.iter().zip(counts) {
        let mut left = usize::try_from(count).unwrap_or(0);
        while left > 0 {
            let take = left.min(CHUNK_ROWS - held);
            piece[held..held + take].fill(value);
            (held, left) = (held + take, left - take);
            if held == CHUNK_ROWS {
                each(&piece)?;
                held = 0;
            }
        }
    }
    if held > 0 { each(&piece[..held]) } else { Ok(()) }
}
