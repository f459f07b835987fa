//! The monitoring benchmark's own side.
//!
//! ```text
//! bench generate DIR ROWS    writes DIR/baseline.parquet and DIR/period.parquet, 25 columns each
//! bench decode DIR           decodes every column once: the floor
//! bench compute DIR          performance, drift and the rest of the report
//! bench performance DIR      performance only
//! ```
//!
//! `decode`, `compute` and `performance` print one JSON line: CPU-seconds, wall seconds, peak resident megabytes. Each
//! belongs into a process of its own, or the peak is another's.
#![allow(clippy::print_stdout)]

use arrow::array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// The programs' allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BATCH: usize = 100_000;
const NUMBERS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let started = Instant::now();
    let gini = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["generate", folder, rows] => {
            let rows = rows.parse()?;
            std::fs::create_dir_all(folder)?;
            generate(&Path::new(folder).join("baseline.parquet"), rows, 1, 0.0)?;
            return generate(&Path::new(folder).join("period.parquet"), rows, 2, 0.15);
        }
        ["decode", folder] => {
            decode(&Path::new(folder).join("baseline.parquet"))?;
            decode(&Path::new(folder).join("period.parquet"))?;
            None
        }
        [task @ ("compute" | "performance"), folder] => {
            let folder = Path::new(folder);
            let report = monitoring::compute(&monitoring::Options {
                data: vec![folder.join("period.parquet")],
                reference: Some(folder.join("baseline.parquet")),
                target: Some("y".to_owned()),
                event: Some("1".to_owned()),
                score: Some("score".to_owned()),
                inputs: (task == "performance").then(Vec::new),
                ..monitoring::Options::default()
            })?;
            report.number(0, "gini")
        }
        _ => return Err("bench generate DIR ROWS | bench decode|compute|performance DIR".into()),
    };
    let line = serde_json::json!({
        "task": arguments[0],
        "cpu_s": cpu_s()?,
        "wall_s": started.elapsed().as_secs_f64(),
        "peak_mb": peak_mb()?,
        "gini": gini,
    });
    println!("{line}");
    Ok(())
}

/// User and system time of this process, from the kernel's clock ticks of 10 ms.
fn cpu_s() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit_once(')').ok_or("no stat")?.1.split_whitespace().collect();
    Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / 100.0)
}

fn peak_mb() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).ok_or("no peak")?;
    Ok(line.split_whitespace().nth(1).ok_or("no peak")?.parse::<f64>()? / 1024.0)
}

fn decode(path: &Path) -> Result<(), Box<dyn Error>> {
    for batch in
        ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.with_batch_size(16_384).build()?
    {
        std::hint::black_box(batch?);
    }
    Ok(())
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

fn generate(path: &Path, rows: usize, seed: u64, shift: f64) -> Result<(), Box<dyn Error>> {
    let mut random = Random(seed);
    let mut writer: Option<ArrowWriter<File>> = None;
    let mut left = rows;
    while left > 0 {
        let n = left.min(BATCH);
        left -= n;
        let x: Vec<Vec<f64>> = (0..NUMBERS).map(|_| (0..n).map(|_| random.normal()).collect()).collect();
        let logit = |i: usize| -1.5 + 0.8 * x[0][i] + 0.4 * x[1][i];
        let chance = |l: f64| 1.0 / (1.0 + (-l).exp());
        let score: Vec<f64> = (0..n).map(|i| chance(logit(i) + 0.3 * x[2][i])).collect();
        let y: Vec<i32> = (0..n).map(|i| i32::from(random.unit() < chance(logit(i)))).collect();
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("y".into(), Arc::new(Int32Array::from(y))),
            ("score".into(), Arc::new(Float64Array::from(score))),
        ];
        for (k, values) in x.into_iter().enumerate() {
            let array: Float64Array = match k % 7 {
                // Counts with many ties, a heavy tail, a column with holes; the rest as they come.
                3 => values.iter().map(|v| Some((v.abs() * 3.0 + shift).floor())).collect(),
                4 => values.iter().map(|v| Some((v + shift).exp())).collect(),
                5 => values.iter().map(|v| (random.unit() > 0.05).then_some(*v)).collect(),
                _ => values.iter().map(|v| Some(v + shift * (k % 3) as f64)).collect(),
            };
            columns.push((format!("x{k}"), Arc::new(array)));
        }
        for (name, levels) in [("region", 8), ("segment", 40)] {
            let texts: StringArray =
                (0..n).map(|_| Some(format!("{name} {}", random.next() % levels))).collect();
            columns.push((name.into(), Arc::new(texts)));
        }
        let batch = RecordBatch::try_from_iter(columns)?;
        if writer.is_none() {
            let properties = WriterProperties::builder()
                .set_compression(Compression::SNAPPY)
                .set_max_row_group_row_count(Some(1_000_000))
                .build();
            writer = Some(ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties))?);
        }
        if let Some(writer) = &mut writer {
            writer.write(&batch)?;
        }
    }
    if let Some(writer) = writer {
        writer.close()?;
    }
    Ok(())
}
