//! A report as files: a page to read and print, tables for other programs.

use std::path::{Path, PathBuf};

use ::monitoring::sequential::Trend;
use ::monitoring::{Report, TableColumn, VariableDrift};
use charts::Mode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use words::said;

use super::document;
use super::reading::{self, ReportReading, STATISTICS, named};
use crate::drawing::Ink;
use crate::{App, Code, Failure};

/// The name under which the score stands among the inputs.
const SCORE: &str = "(score)";

/// Writes a report into files.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ExportReport {
    /// Identifier of the report.
    #[ts(optional)]
    pub report: Option<String>,
    /// Identifier or name of a monitor: its latest report.
    #[ts(optional)]
    pub monitor: Option<String>,
    /// `html`, `csv` or `parquet`.
    pub format: String,
    /// A file for `html`, a folder for the tables of the others; what is there under the same names is replaced.
    pub to: PathBuf,
    /// The reader's language, `en` or `pt-BR`; English without.
    #[ts(optional)]
    pub language: Option<String>,
}

/// What was written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ExportedReport {
    /// The files.
    pub files: Vec<String>,
    /// The report they were made from.
    pub report: String,
}

/// Writes a report as a page of its own, or its tables as CSV or Parquet.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Usage`] for another format; [`Code::Failed`] naming the file that cannot be written.
pub async fn export(app: &App, request: ExportReport) -> Result<ExportedReport, Failure> {
    let (row, report) = named(app, request.report.as_deref(), request.monitor.as_deref()).await?;
    let id = row.id.clone();
    let mut ink = Ink::reader(request.language.as_deref())?.on(Mode::Print);
    let reading = reading::read(row, &report, &ink);
    let files = match request.format.as_str() {
        "html" => {
            let page = document::html(&reading, &report, &mut ink);
            write(&request.to, page.as_bytes())?;
            vec![request.to.clone()]
        }
        format @ ("csv" | "parquet") => {
            std::fs::create_dir_all(&request.to).map_err(|cause| unwritten(&request.to, &cause))?;
            let mut files = Vec::new();
            let tables = [
                ("periods", periods(&reading, &report)),
                ("variables", variables(&reading, &report)),
                ("courses", courses(&report)),
            ];
            for (name, columns) in tables {
                let path = request.to.join(format!("{name}.{format}"));
                let table = match format {
                    "csv" => ::monitoring::csv_table(&columns),
                    _ => ::monitoring::parquet_table(&columns),
                };
                let bytes =
                    table.map_err(|cause| Failure::internal("the table cannot be written", &cause))?;
                write(&path, &bytes)?;
                files.push(path);
            }
            files
        }
        other => {
            return Err(Failure::said(Code::Usage, said!("report-no-such-format", format = other)));
        }
    };
    Ok(ExportedReport { files: files.iter().map(|path| path.display().to_string()).collect(), report: id })
}

/// Written beside its place and moved there, so that nobody ever reads half of it.
fn write(to: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut beside = to.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, to))
        .map_err(|cause| unwritten(to, &cause))
}

fn unwritten(path: &Path, cause: &std::io::Error) -> Failure {
    let path = path.display().to_string();
    Failure::said(Code::Failed, said!("report-unwritten", path = path, cause = cause.to_string()))
}

/// A row a period: its label, rows, and every metric by the name rules use.
fn periods(reading: &ReportReading, report: &Report) -> Vec<TableColumn> {
    let of = &reading.periods;
    let mut columns = vec![
        TableColumn::texts("period", of.iter().map(|p| p.label.clone())),
        TableColumn::numbers("rows", of.iter().map(|p| Some(p.rows as f64))),
        TableColumn::numbers("labelled", of.iter().map(|p| p.labelled)),
        TableColumn::texts("provisional", of.iter().map(|p| p.provisional.to_string())),
        TableColumn::numbers("p1", of.iter().map(|p| Some(p.p1 as f64))),
        TableColumn::numbers("p25", of.iter().map(|p| Some(p.p25 as f64))),
    ];
    columns
        .extend(reading.metrics.iter().map(|m| TableColumn::numbers(&m.term.name, m.values.iter().copied())));
    let decay = |take: fn(&reading::DecayRead) -> Option<f64>| {
        reading.decay.iter().map(move |d| d.as_ref().and_then(take)).collect::<Vec<_>>()
    };
    columns.push(TableColumn::numbers("giniDecay", decay(|d| d.gini)));
    columns.push(TableColumn::numbers("ksDecay", decay(|d| d.ks)));
    columns.push(TableColumn::numbers("lift5Decay", decay(|d| d.lift5)));
    columns.push(TableColumn::numbers("lift10Decay", decay(|d| d.lift10)));
    columns.push(TableColumn::numbers("aseDecay", decay(|d| d.ase)));
    for name in ["delong_p", "ase_p"] {
        let values: Vec<Option<f64>> = (0..of.len()).map(|at| report.number(at, name)).collect();
        if values.iter().any(Option::is_some) {
            columns.push(TableColumn::numbers(name, values));
        }
    }
    columns.push(TableColumn::numbers("mix", decay(|d| d.mix)));
    columns.push(TableColumn::numbers("relation", decay(|d| d.relation)));
    columns
}

/// A statistic of a variable's drift.
type OfDrift = fn(&VariableDrift) -> Option<f64>;

/// A row a period and input (the score among them, as the input named in the first rows): every statistic.
pub(super) fn variables(reading: &ReportReading, report: &Report) -> Vec<TableColumn> {
    let score = (!reading.score.iter().all(Option::is_none)).then_some((SCORE, "numeric", &reading.score));
    let inputs = reading.variables.iter().map(|v| (v.name.as_str(), v.kind.as_str(), &v.periods));
    let rows: Vec<(&str, &str, &str, &reading::DriftRead)> = score
        .into_iter()
        .chain(inputs)
        .flat_map(|(name, kind, periods)| {
            reading
                .periods
                .iter()
                .zip(periods)
                .filter_map(move |(p, d)| Some((p.label.as_str(), name, kind, d.as_ref()?)))
        })
        .collect();
    let mut columns = vec![
        TableColumn::texts("period", rows.iter().map(|r| r.0.to_owned())),
        TableColumn::texts("variable", rows.iter().map(|r| r.1.to_owned())),
        TableColumn::texts("kind", rows.iter().map(|r| r.2.to_owned())),
    ];
    for name in STATISTICS {
        let take: fn(&reading::DriftRead) -> Option<f64> = match name {
            "psi" => |d| d.psi,
            "psi_excluding_missing" => |d| d.psi_excluding_missing,
            "psi_null_q95" => |d| d.psi_null_q95,
            "js" => |d| d.js,
            "hellinger" => |d| d.hellinger,
            "effect" => |d| d.effect,
            "wasserstein" => |d| d.wasserstein,
            "q" => |d| d.q,
            _ => |d| d.missing_cur,
        };
        columns.push(TableColumn::numbers(name, rows.iter().map(move |r| take(r.3))));
    }
    columns.push(TableColumn::numbers("missing_ref", rows.iter().map(|r| r.3.missing_ref)));
    // What the page has no room for.
    let whole: Vec<Option<&VariableDrift>> = rows
        .iter()
        .map(|(label, name, ..)| {
            let drift = &report.periods.iter().find(|period| period.label == *label)?.drift;
            if *name == SCORE { drift.score.as_ref() } else { drift.variables.get(name) }
        })
        .collect();
    let more: [(&str, OfDrift); 6] = [
        ("p", VariableDrift::p_value),
        ("total_variation", |drift| match drift {
            VariableDrift::Numeric(_) => None,
            VariableDrift::Categorical(d) => d.total_variation,
        }),
        ("l_infinity", |drift| match drift {
            VariableDrift::Numeric(_) => None,
            VariableDrift::Categorical(d) => d.l_infinity,
        }),
        ("missing_z", |drift| match drift {
            VariableDrift::Numeric(d) => d.missing_z,
            VariableDrift::Categorical(d) => d.missing_z,
        }),
        ("psi_jeffreys", |drift| match drift {
            VariableDrift::Numeric(d) => d.psi_jeffreys,
            VariableDrift::Categorical(d) => d.psi_jeffreys,
        }),
        ("psi_null_mean", |drift| match drift {
            VariableDrift::Numeric(d) => d.psi_null_mean,
            VariableDrift::Categorical(d) => d.psi_null_mean,
        }),
    ];
    for (name, take) in more {
        columns.push(TableColumn::numbers(name, whole.iter().map(|drift| drift.and_then(take))));
    }
    columns
}

/// A row a metric whose course is told: its tests and its forecast.
pub(super) fn courses(report: &Report) -> Vec<TableColumn> {
    let all: Vec<(&str, &Trend)> = report.trend.iter().collect();
    let numbers = |name: &str, take: fn(&Trend) -> Option<f64>| {
        TableColumn::numbers(name, all.iter().map(|(_, trend)| take(trend)).collect::<Vec<_>>())
    };
    vec![
        TableColumn::texts("metric", all.iter().map(|(name, _)| (*name).to_owned())),
        numbers("theil_sen_slope", |t| t.mann_kendall.theil_sen_slope),
        numbers("mann_kendall_p", |t| t.mann_kendall.mann_kendall_p_two_sided),
        numbers("ols_slope", |t| t.mann_kendall.ols_slope),
        numbers("ols_p", |t| t.mann_kendall.ols_p_two_sided),
        numbers("threshold", |t| t.ols_forecast.as_ref().map(|f| f.threshold)),
        numbers("crossing_period", |t| t.ols_forecast.as_ref()?.crossing_period),
        numbers("crossing_earliest_80", |t| t.ols_forecast.as_ref()?.crossing_earliest_80),
        numbers("crossing_latest_80", |t| t.ols_forecast.as_ref()?.crossing_latest_80),
    ]
}
