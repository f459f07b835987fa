//! What a job counted where the data are, read as if it were the data: every value as often as it occurred. A column with
//! a part in the outcome (target, score, weight, groups) is counted together with the others, so their rows belong
//! together; every other column stands alone, and its order means nothing.

use super::parquet_files::{TextChunks, kind_of, to_floats};
use super::{Chunk, EachChunk, Field, Kind, delimited, periods::part_files};
use crate::error::Error;
use crate::report::Remark;
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
    /// `cell` (of a CSV file: what it means is decided here), `number` or `text`; `numeral` once it is known that all cells are
    /// numbers.
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
    /// The text of a CSV cell, of a column that holds texts.
    Cell,
    /// The text of a CSV cell, each of which is a number.
    Numeral,
    Number,
    Text,
}

impl Form {
    fn is_number(self) -> bool {
        matches!(self, Self::Numeral | Self::Number)
    }
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

/// Where a column's values of a period lie, and what they are called there.
fn parts_of(
    output: &Path,
    source: usize,
    period: &str,
    field: &Counted,
) -> Result<(Vec<PathBuf>, String), Error> {
    let listed = |folder: &Path| if folder.is_dir() { part_files(folder) } else { Ok(Vec::new()) };
    let below = |folder: PathBuf| folder.join(format!("source={source}")).join(format!("period={period}"));
    match (&field.place, field.column) {
        (Some(place), _) => {
            Ok((listed(&below(output.join("joint").join(source.to_string())))?, place.clone()))
        }
        (None, Some(number)) => {
            let values = if field.kind == "number" { "number" } else { "text" };
            let folder = below(output.join("columns")).join(format!("column={number}"));
            Ok((listed(&folder)?, values.to_owned()))
        }
        (None, None) => Ok((Vec::new(), String::new())),
    }
}

/// Says of which columns of a CSV file every cell that is there is a number, in all of its periods, as for a file read here.
pub(crate) fn tell_numerals(
    output: &Path,
    source: usize,
    periods: &[String],
    fields: &mut [Counted],
) -> Result<(), Error> {
    for field in fields.iter_mut().filter(|field| field.kind == "cell") {
        let mut numbers = true;
        for period in periods {
            let (files, values) = parts_of(output, source, period, field)?;
            for path in &files {
                if !numbers {
                    break;
                }
                each_batch(path, &[&values], &mut |values, _| {
                    let texts = cast(&values[0], &DataType::Utf8)?;
                    let mut cells = texts.as_string::<i32>().iter().flatten();
                    numbers &= cells.all(|cell| delimited::parse(cell.as_bytes()).is_some());
                    Ok(())
                })?;
            }
        }
        if numbers {
            field.kind = "numeral".to_owned();
        }
    }
    Ok(())
}

impl Summary {
    /// The counts of a period, over all files that have rows of it. Only columns that all of them have are there; those of
    /// `texts` are texts, whatever these files hold.
    pub(crate) fn open(
        output: &Path,
        portions: &[Portion<'_>],
        texts: &[String],
    ) -> Result<(Self, Vec<Field>), Error> {
        let listed = |folder: &Path| if folder.is_dir() { part_files(folder) } else { Ok(Vec::new()) };
        let first = portions.first().map_or(&[] as &[Counted], |portion| portion.fields);
        let mut parts: Vec<Vec<Part>> = first.iter().map(|_| Vec::new()).collect();
        let mut rows = 0;
        for portion in portions {
            let below = |folder: PathBuf| {
                folder.join(format!("source={}", portion.source)).join(format!("period={}", portion.period))
            };
            let joint = listed(&below(output.join("joint").join(portion.source.to_string())))?;
            rows += count_of(&joint)?;
            for (held, column) in parts.iter_mut().zip(first) {
                let Some(here) = portion.fields.iter().find(|field| field.name == column.name) else {
                    let name = &column.name;
                    let text = format!("column `{name}` is in some of its files only");
                    return Err(Error::damaged(
                        output,
                        Remark::new("damaged-partly-there", &[("column", name)], text),
                    ));
                };
                let form = match here.kind.as_str() {
                    "cell" => Form::Cell,
                    "numeral" => Form::Numeral,
                    "number" => Form::Number,
                    _ => Form::Text,
                };
                let (files, values) = parts_of(output, portion.source, portion.period, here)?;
                held.extend(files.into_iter().map(|path| Part { path, values: values.clone(), form }));
            }
        }
        let out = Self { parts, rows };
        let mut fields = Vec::with_capacity(first.len());
        for (at, column) in first.iter().enumerate() {
            let numbers = out.parts[at].iter().all(|part| part.form.is_number());
            let kind = if numbers && !texts.contains(&column.name) { Kind::Numeric } else { Kind::Text };
            fields.push(Field { name: column.name.clone(), kind, mixed: None, temporal: column.temporal });
        }
        Ok((out, fields))
    }

    /// Reads columns (place, as text) that were counted together, or one alone, each row as often as it occurred.
    pub(super) fn read(&self, columns: &[(usize, bool)], each: &mut EachChunk<'_>) -> Result<(), Error> {
        let mut held: Vec<Held> = columns.iter().map(|&(_, as_text)| Held::new(as_text)).collect();
        let mut failed = Ok(());
        let first = columns.first().map_or(&[] as &[Part], |&(at, _)| &self.parts[at]);
        for (number, part) in first.iter().enumerate() {
            let wanted: Option<Vec<&Part>> = columns
                .iter()
                .map(|&(at, _)| self.parts[at].get(number).filter(|other| other.path == part.path))
                .collect();
            let wanted = wanted.ok_or_else(|| {
                let text = "the job did not count its columns together";
                Error::damaged(&part.path, Remark::plain("damaged-not-together", text))
            })?;
            let names: Vec<&str> = wanted.iter().map(|part| part.values.as_str()).collect();
            each_batch(&part.path, &names, &mut |values, counts| {
                for ((held, values), part) in held.iter_mut().zip(values).zip(&wanted) {
                    held.take(values, part.form)?;
                }
                if failed.is_ok() {
                    failed = repeated(&mut held, counts, each);
                }
                Ok(())
            })?;
        }
        failed
    }
}

/// A column's values of a batch, and a piece of them with every value as often as it occurred.
struct Held {
    as_text: bool,
    numbers: Vec<f64>,
    texts: TextChunks,
    numbers_repeated: Vec<f64>,
    codes_repeated: Vec<u32>,
}

impl Held {
    fn new(as_text: bool) -> Self {
        let (numbers, texts) = (Vec::new(), TextChunks::default());
        Self { as_text, numbers, texts, numbers_repeated: Vec::new(), codes_repeated: Vec::new() }
    }

    fn take(&mut self, values: &ArrayRef, form: Form) -> Result<(), arrow::error::ArrowError> {
        match form {
            Form::Numeral => {
                let cells = cast(values, &DataType::Utf8)?;
                self.numbers.clear();
                self.numbers.extend(
                    cells.as_string::<i32>().iter().map(|cell| {
                        cell.and_then(|cell| delimited::parse(cell.as_bytes())).unwrap_or(f64::NAN)
                    }),
                );
                if self.as_text {
                    self.texts.of_numbers(&self.numbers);
                }
            }
            Form::Cell | Form::Text => self.texts.of_array(values)?,
            Form::Number => {
                let floats = to_floats(values)?;
                self.numbers.clear();
                let floats = floats.as_primitive::<Float64Type>();
                self.numbers.extend(floats.iter().map(|v| v.unwrap_or(f64::NAN)));
                if self.as_text {
                    self.texts.of_numbers(&self.numbers);
                }
            }
        }
        Ok(())
    }

    fn repeat(&mut self, row: usize, times: usize) {
        if self.as_text {
            let code = self.texts.codes()[row];
            self.codes_repeated.resize(self.codes_repeated.len() + times, code);
        } else {
            let number = self.numbers[row];
            self.numbers_repeated.resize(self.numbers_repeated.len() + times, number);
        }
    }

    fn chunk(&self) -> Chunk<'_> {
        if self.as_text {
            Chunk::Text { codes: &self.codes_repeated, levels: self.texts.levels() }
        } else {
            Chunk::Numeric(&self.numbers_repeated)
        }
    }
}

/// Hands on every row as often as it occurs, in pieces.
fn repeated(held: &mut [Held], counts: &[i64], each: &mut EachChunk<'_>) -> Result<(), Error> {
    let mut hand_on = |held: &mut [Held]| {
        let answer = each(&held.iter().map(Held::chunk).collect::<Vec<_>>());
        for column in held {
            column.numbers_repeated.clear();
            column.codes_repeated.clear();
        }
        answer
    };
    let mut gathered = 0;
    for (row, &count) in counts.iter().enumerate() {
        let mut left = usize::try_from(count).unwrap_or(0);
        while left > 0 {
            let take = left.min(CHUNK_ROWS - gathered);
            held.iter_mut().for_each(|column| column.repeat(row, take));
            (gathered, left) = (gathered + take, left - take);
            if gathered == CHUNK_ROWS {
                hand_on(held)?;
                gathered = 0;
            }
        }
    }
    if gathered > 0 { hand_on(held) } else { Ok(()) }
}

/// The sum of all counts.
fn count_of(files: &[PathBuf]) -> Result<u64, Error> {
    let mut rows = 0;
    for path in files {
        each_batch(path, &[], &mut |_, counts| {
            rows += counts.iter().sum::<i64>();
            Ok(())
        })?;
    }
    Ok(rows.unsigned_abs())
}

type EachBatch<'a> = dyn FnMut(&[ArrayRef], &[i64]) -> Result<(), arrow::error::ArrowError> + 'a;

/// Batches of a part file: the values of some columns, and how often each row occurs.
fn each_batch(path: &Path, wanted: &[&str], each: &mut EachBatch<'_>) -> Result<(), Error> {
    let damaged = |e: &dyn std::fmt::Display| {
        let text = format!("the job's counts cannot be read ({e})");
        Error::damaged(path, Remark::new("damaged-counts", &[("detail", &e)], text))
    };
    let gone = |name: &str| {
        let text = format!("the job's counts have no column `{name}`");
        Error::damaged(path, Remark::new("damaged-counts-column", &[("column", &name)], text))
    };
    let file = File::open(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e))?;
    let place = |name: &str| builder.schema().fields().iter().position(|f| f.name() == name);
    let mut roots = Vec::with_capacity(wanted.len() + 1);
    for &name in wanted.iter().chain([&"count"]) {
        roots.push(place(name).ok_or_else(|| gone(name))?);
    }
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    for batch in builder.with_projection(mask).build().map_err(|e| damaged(&e))? {
        let batch = batch.map_err(|e| damaged(&e))?;
        let column = |name: &str| batch.column_by_name(name).cloned().ok_or_else(|| gone(name));
        let counts = cast(&column("count")?, &DataType::Int64).map_err(|e| damaged(&e))?;
        let counts = counts.as_primitive::<Int64Type>();
        if counts.null_count() > 0 || counts.values().iter().any(|&n| n < 0) {
            let text = "a count of the job is missing or below zero";
            return Err(Error::damaged(path, Remark::plain("damaged-counts-below", text)));
        }
        let values = wanted.iter().map(|name| column(name)).collect::<Result<Vec<_>, _>>()?;
        if values.iter().any(|values| kind_of(values.data_type()).is_none()) {
            let text = "the job counted values that are neither numbers nor texts";
            return Err(Error::damaged(path, Remark::plain("damaged-counts-kind", text)));
        }
        each(&values, counts.values()).map_err(|e| damaged(&e))?;
    }
    Ok(())
}
