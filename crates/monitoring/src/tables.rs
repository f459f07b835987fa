//! Tables on their way out, as CSV and as Parquet.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::error::Error;

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// Its cells, top to bottom.
    pub cells: Cells,
}

/// Cells of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Texts.
    Texts(Vec<String>),
    /// Numbers; undefined ones are null in Parquet and empty in CSV.
    Numbers(Vec<Option<f64>>),
}

impl TableColumn {
    /// A column of texts.
    pub fn texts(name: &str, cells: impl IntoIterator<Item = String>) -> Self {
        Self { name: name.to_owned(), cells: Cells::Texts(cells.into_iter().collect()) }
    }

    /// A column of numbers.
    pub fn numbers(name: &str, cells: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self { name: name.to_owned(), cells: Cells::Numbers(cells.into_iter().collect()) }
    }

    fn len(&self) -> usize {
        match &self.cells {
            Cells::Texts(cells) => cells.len(),
            Cells::Numbers(cells) => cells.len(),
        }
    }
}

/// The table as CSV: comma, a header, numbers with every digit that tells them apart, undefined ones empty.
///
/// # Errors
/// [`Error::Usage`] when the columns differ in length.
pub fn csv_table(columns: &[TableColumn]) -> Result<Vec<u8>, Error> {
    let rows = rows(columns)?;
    let mut out = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| unwritten(&e);
    out.write_record(columns.iter().map(|c| c.name.as_str())).map_err(failed)?;
    for row in 0..rows {
        let cells = columns.iter().map(|c| match &c.cells {
            // A spreadsheet would take such a text for a formula.
            Cells::Texts(cells) if cells[row].starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                format!("'{}", cells[row])
            }
            Cells::Texts(cells) => cells[row].clone(),
            Cells::Numbers(cells) => cells[row].map(|v| v.to_string()).unwrap_or_default(),
        });
        out.write_record(cells).map_err(failed)?;
    }
    out.into_inner().map_err(|e| unwritten(&e))
}

/// The table as a Parquet file, compressed with Zstandard.
///
/// # Errors
/// [`Error::Usage`] when the columns differ in length, or two have one name.
pub fn parquet_table(columns: &[TableColumn]) -> Result<Vec<u8>, Error> {
    rows(columns)?;
    let failed = |e: &dyn std::fmt::Display| unwritten(e);
    let arrays = columns.iter().map(|c| {
        let array: ArrayRef = match &c.cells {
            Cells::Texts(cells) => Arc::new(StringArray::from_iter_values(cells)),
            Cells::Numbers(cells) => Arc::new(Float64Array::from(cells.clone())),
        };
        (c.name.as_str(), array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(arrays).map_err(|e| failed(&e))?;
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut out = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).map_err(|e| failed(&e))?;
    writer.write(&batch).map_err(|e| failed(&e))?;
    writer.close().map_err(|e| failed(&e))?;
    Ok(out)
}

fn unwritten(cause: &dyn std::fmt::Display) -> Error {
    Error::usage("table-unwritten", &[("detail", &cause)], format!("the table cannot be written: {cause}"))
}

fn rows(columns: &[TableColumn]) -> Result<usize, Error> {
    let rows = columns.first().map_or(0, TableColumn::len);
    match columns.iter().find(|c| c.len() != rows) {
        Some(odd) => {
            let (column, cells) = (&odd.name, odd.len());
            let text = format!("column `{column}` has {cells} cells, others {rows}");
            Err(Error::usage("table-uneven", &[("column", column), ("cells", &cells), ("rows", &rows)], text))
        }
        None => Ok(rows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    fn table() -> Vec<TableColumn> {
        vec![
            TableColumn::texts("name", ["a,\"b\"".to_owned(), "=1+1".to_owned()]),
            TableColumn::numbers("psi", [Some(0.1 + 0.2), None]),
        ]
    }

    #[test]
    fn a_table_in_csv_keeps_every_digit_and_runs_nothing_in_a_spreadsheet() {
        let text = String::from_utf8(csv_table(&table()).unwrap()).unwrap();
        assert_eq!(text, "name,psi\n\"a,\"\"b\"\"\",0.30000000000000004\n'=1+1,\n");
    }

    #[test]
    fn a_table_in_parquet_reads_back_as_it_was() {
        let bytes = bytes::Bytes::from(parquet_table(&table()).unwrap());
        let mut batches = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap();
        let batch = batches.next().unwrap().unwrap();
        let names = batch.column(0).as_any().downcast_ref::<StringArray>().unwrap();
        let values = batch.column(1).as_any().downcast_ref::<Float64Array>().unwrap();
        assert_eq!(names.iter().flatten().collect::<Vec<_>>(), ["a,\"b\"", "=1+1"]);
        assert_eq!(values.iter().collect::<Vec<_>>(), [Some(0.1 + 0.2), None]);
    }

    #[test]
    fn columns_of_different_length_are_no_table() {
        let odd = [TableColumn::texts("a", []), TableColumn::numbers("b", [None])];
        assert!(csv_table(&odd).unwrap_err().to_string().contains("`b`"));
        assert!(parquet_table(&odd).is_err());
    }
}
