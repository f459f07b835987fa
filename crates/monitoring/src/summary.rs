//! The same report where the data are too large or too far away to be read here: a job counts, and its counts are judged by
//! the same code as rows are.

use crate::compute::{Data, Watch, lacks, no_period, report_on, required_of_all, untimed};
use crate::error::Error;
use crate::options::{Cadence, Options};
use crate::report::{Remark, Report};
use crate::table::periods::Series;
use crate::table::summary::{Counted, Portion, tell_numerals};
use crate::table::{Source, periods::labelled};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The PySpark script that counts. Its request is a [`Request`] as JSON, given by `--request FILE`.
pub const SCRIPT: &str = include_str!("summary/summarise.py");

/// Largest line of JSON that a job may describe its counts by.
const DESCRIPTION_BYTES_MAX: u64 = 64 << 20;
/// The form of the counts that is read here.
const FORM: u32 = 1;

/// A file or folder that the job reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name, which says the period's label.
    pub name: String,
    /// Where the job finds it.
    pub path: String,
    /// Whether it is a folder of Parquet files, or a Parquet file.
    pub parquet: bool,
}

/// What the job is asked to count.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    output: String,
    sources: Vec<RequestedSource>,
    /// Columns whose values belong together: target, score, weight, groups.
    together: Vec<String>,
    inputs: Option<Vec<String>>,
    time: Option<RequestedTime>,
}

#[derive(Debug, Clone, Serialize)]
struct RequestedSource {
    name: String,
    label: String,
    path: String,
    format: &'static str,
    delimiter: Option<String>,
    baseline: bool,
}

#[derive(Debug, Clone, Serialize)]
struct RequestedTime {
    column: String,
    period: Cadence,
}

impl Request {
    /// What to count for these options, over the periods in their order and a baseline of its own. `options.data` and
    /// `options.reference` say nothing here: the places are those that the job sees.
    pub fn new(options: &Options, periods: &[Part], baseline: Option<&Part>, output: &str) -> Self {
        let labels = labelled(&periods.iter().map(|part| PathBuf::from(&part.name)).collect::<Vec<_>>());
        let source = |part: &Part, label: String, baseline: bool| RequestedSource {
            name: part.name.clone(),
            label,
            path: part.path.clone(),
            format: if part.parquet { "parquet" } else { "csv" },
            delimiter: options.delimiter.map(|byte| char::from(byte).to_string()),
            baseline,
        };
        let stem = |part: &Part| Path::new(&part.name).file_stem().map(|s| s.to_string_lossy().into_owned());
        let own = [&options.target, &options.score, &options.weight];
        Self {
            output: output.to_owned(),
            sources: periods
                .iter()
                .zip(labels)
                .map(|(part, label)| source(part, label, false))
                .chain(baseline.map(|part| source(part, stem(part).unwrap_or_default(), true)))
                .collect(),
            together: own.into_iter().flatten().chain(&options.groups).cloned().collect(),
            inputs: options.inputs.clone(),
            time: options
                .time
                .as_ref()
                .map(|time| RequestedTime { column: time.column.clone(), period: time.cadence }),
        }
    }
}

/// What the job says of its counts.
#[derive(Debug, Deserialize)]
struct Described {
    form: u32,
    sources: Vec<DescribedSource>,
    untimed: u64,
}

#[derive(Debug, Deserialize)]
struct DescribedSource {
    name: String,
    label: String,
    baseline: bool,
    periods: Vec<String>,
    fields: Vec<Counted>,
}

/// Computes the report from the counts in the job's output folder.
///
/// # Errors
///
/// As [`crate::compute()`]; [`Error::Damaged`] when the counts are not what the job writes.
pub fn compute_counted(output: &Path, options: &Options, watch: &Arc<Watch>) -> Result<Report, Error> {
    let mut described = description(output)?;
    for (number, source) in described.sources.iter_mut().enumerate() {
        let DescribedSource { periods, fields, .. } = source;
        tell_numerals(output, number, periods, fields)?;
    }
    let mut warnings = vec![Remark::new(
        "warning-counted",
        &[],
        "computed from counts where the data are: what the loss is caused by needs rows side by side and is not split"
            .to_owned(),
    )];
    if described.untimed > 0 {
        warnings.push(untimed(described.untimed));
    }
    let texts =
        if options.time.is_some() { together(options, &mut described, &mut warnings)? } else { Vec::new() };
    let open = |source: &DescribedSource, portions: &[Portion<'_>]| {
        let texts: &[String] = if source.baseline { &[] } else { &texts };
        Source::of_counts(output, Path::new(&source.name), portions, texts).map(Arc::new)
    };
    let mut reference = None;
    let mut reference_label = None;
    let (mut labels, mut sources) = (Vec::new(), Vec::new());
    let mut by_start: BTreeMap<Date, Vec<(usize, &str)>> = BTreeMap::new();
    for (source, described) in described.sources.iter().enumerate() {
        if options.time.is_some() && !described.baseline {
            for period in &described.periods {
                let start: Date = period.parse().map_err(|_| {
                    let text = format!("`{period}` is no first day of a period");
                    Error::damaged(output, Remark::new("damaged-period", &[("period", period)], text))
                })?;
                by_start.entry(start).or_default().push((source, period));
            }
            continue;
        }
        let period = source.to_string();
        let whole = open(described, &[Portion { source, period: &period, fields: &described.fields }])?;
        if described.baseline {
            reference = Some(whole);
            reference_label = Some(described.label.clone());
        } else {
            labels.push(described.label.clone());
            sources.push(whole);
        }
    }
    for (start, portions) in by_start {
        let Some(time) = &options.time else { break };
        let portions: Vec<Portion<'_>> = portions
            .into_iter()
            .map(|(source, period)| Portion { source, period, fields: &described.sources[source].fields })
            .collect();
        let Some(first) = portions.first().map(|portion| &described.sources[portion.source]) else {
            continue;
        };
        labels.push(time.cadence.label(start));
        sources.push(open(first, &portions)?);
    }
    let Some(first) = labels.first().cloned() else {
        return Err(no_period());
    };
    let data = Data {
        series: Series { labels, sources },
        reference,
        reference_label: reference_label.unwrap_or(first),
        warnings,
        watch: Arc::clone(watch),
        counted: true,
    };
    // The job has split by time already.
    report_on(&Options { time: None, ..options.clone() }, &data)
}

/// Leaves the files that are split by a time the columns that all of them have, as for files read here; answers those that are
/// texts in one of them.
fn together(
    options: &Options,
    described: &mut Described,
    warnings: &mut Vec<Remark>,
) -> Result<Vec<String>, Error> {
    let split = || described.sources.iter().filter(|source| !source.baseline);
    let has = |source: &DescribedSource, name: &str| source.fields.iter().any(|field| field.name == name);
    for source in split() {
        if let Some(name) = required_of_all(options).into_iter().find(|name| !has(source, name)) {
            return Err(Error::NoColumn {
                path: PathBuf::from(&source.name),
                column: name.to_owned(),
                role: "column",
                have: source.fields.iter().map(|field| field.name.clone()).collect(),
            });
        }
    }
    let mut all: Vec<String> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for field in split().flat_map(|source| &source.fields) {
        let is_text = !matches!(field.kind.as_str(), "numeral" | "number");
        for (wanted, names) in [(true, &mut all), (is_text, &mut texts)] {
            if wanted && !names.contains(&field.name) {
                names.push(field.name.clone());
            }
        }
    }
    for source in split() {
        let without: Vec<String> = all.iter().filter(|name| !has(source, name)).cloned().collect();
        if !without.is_empty() {
            warnings.push(lacks(Path::new(&source.name), &without));
        }
    }
    let shared: Vec<String> =
        all.into_iter().filter(|name| split().all(|source| has(source, name))).collect();
    for source in described.sources.iter_mut().filter(|source| !source.baseline) {
        source.fields.retain(|field| shared.contains(&field.name));
    }
    Ok(texts)
}

fn description(output: &Path) -> Result<Described, Error> {
    let folder = output.join("summary");
    let unreadable = |source| Error::Unreadable { path: folder.clone(), source };
    let damaged = |problem: Remark| Error::damaged(&folder, problem);
    let mut parts: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("part-")) {
            parts.push(path);
        }
    }
    parts.sort();
    let mut text = String::new();
    for part in parts {
        if std::fs::metadata(&part).map_err(unreadable)?.len() > DESCRIPTION_BYTES_MAX {
            return Err(damaged(Remark::plain("damaged-description-size", "its description is too large")));
        }
        text += &std::fs::read_to_string(&part).map_err(unreadable)?;
    }
    let described: Described = serde_json::from_str(&text).map_err(|e| {
        let text = format!("its description cannot be read ({e})");
        damaged(Remark::new("damaged-description", &[("detail", &e)], text))
    })?;
    if described.form != FORM {
        let form = described.form;
        let text = format!("its form is {form}, and {FORM} is read here");
        return Err(damaged(Remark::new("damaged-form", &[("form", &form), ("ours", &FORM)], text)));
    }
    Ok(described)
}
