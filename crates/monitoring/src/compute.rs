//! From options to a report.

mod ascent;
mod drifts;
mod leaps;
mod outcomes;

use crate::error::Error;
use crate::named::{Named, finite};
use crate::options::Options;
use crate::report::{Decay, PeriodReport, ReferenceReport, Remark, Report, Scoring, dry_run, lift_at};
use crate::retrain::recommend;
use crate::sequential::{Worse, trend};
use crate::special::normal_two_sided;
use crate::table::periods::{Series, places, sequence_of};
use crate::table::split::{Periods, by_time};
use crate::table::{Chunk, IN_MEMORY_BYTES, Kind, MISSING, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Relative loss of Gini below which nothing is called significant, however many rows there are.
const LOSS_MATTERS: f64 = 0.05;
const SIGNIFICANCE: f64 = 0.05;
/// A forecast's threshold, as a share of the baseline's Gini.
const THRESHOLD_SHARE: f64 = 0.8;
/// Warnings a report carries at most.
const WARNINGS_MAX: usize = 200;

/// Computes the report.
///
/// # Errors
///
/// When a file cannot be read or is damaged, a named column is missing, or a cell of target, score, weight or time
/// cannot mean what it must; the error names file, column and row.
pub fn compute(options: &Options) -> Result<Report, Error> {
    compute_watched(options, &Arc::default())
}

/// How far a computation is, and whether it is to stop: shared with whoever watches it.
#[derive(Debug, Default)]
pub struct Watch {
    done: AtomicU64,
    of: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// Pieces of work done, and how many are known of so far.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }

    /// Asks the computation to stop after the pieces under way.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// As [`compute`], for somebody who watches.
///
/// # Errors
///
/// As [`compute`]; [`Error::Stopped`] when whoever watches asked for it.
pub fn compute_watched(options: &Options, watch: &Arc<Watch>) -> Result<Report, Error> {
    for rule in &options.rules {
        crate::rules::Expression::parse(&rule.when)?;
    }
    if options.data.is_empty() {
        return Err(Error::usage(
            "data-none-named",
            &[],
            "no data: name at least one file or folder".to_owned(),
        ));
    }
    if !options.cutoff.is_finite() {
        return Err(Error::usage("cutoff-no-number", &[], "the cutoff is not a number".to_owned()));
    }
    report_on(options, &Data::open(options, Arc::clone(watch))?)
}

/// What is said of rows without a time.
pub(crate) fn untimed(rows: u64) -> Remark {
    let text = format!("{rows} rows have no time and belong to no period");
    Remark::new("warning-untimed", &[("rows", &rows)], text)
}

/// What is said of a file without columns that others have, where rows are split by a time.
pub(crate) fn lacks(path: &Path, columns: &[String]) -> Remark {
    let (file, columns) = (path.display(), columns.join(", "));
    Remark::new(
        "warning-file-lacks",
        &[("file", &file), ("columns", &columns)],
        format!("`{file}` lacks columns that other files have: {columns}; their drift is undefined"),
    )
}

/// Columns that every file must have where rows are split by a time.
pub(crate) fn required_of_all(options: &Options) -> Vec<&str> {
    let own = [&options.target, &options.score, &options.weight].into_iter().flatten();
    let mut required: Vec<&str> = own.chain(&options.groups).map(String::as_str).collect();
    required.extend(options.inputs.iter().flatten().map(String::as_str));
    required
}

/// There is nothing to report on.
pub(crate) fn no_period() -> Error {
    Error::usage("data-no-period", &[], "the data hold no period: every row lacks a time".to_owned())
}

/// The report on opened data.
pub(crate) fn report_on(options: &Options, data: &Data) -> Result<Report, Error> {
    let mut report = Report::default();
    report.warn(data.warnings.clone());
    report.reference = ReferenceReport {
        label: data.reference_label.clone(),
        rows: data.reference.as_ref().map_or(0, |r| r.rows()),
        performance: None,
    };
    report.periods = data
        .series
        .labels
        .iter()
        .map(|label| PeriodReport { label: label.clone(), ..PeriodReport::default() })
        .collect();
    outcomes::fill(options, data, &mut report)?;
    drifts::fill(options, data, &mut report)?;
    if data.reference.is_none()
        && let Some(first) = report.periods.first()
    {
        report.reference.rows = first.rows;
        report.reference.performance = first.performance.clone();
    }
    fill_decay(options, data, &mut report)?;
    fill_trend(options, &mut report);
    let (alerts, unknown) = dry_run(&options.rules, &report)?;
    report.alerts = alerts;
    report.warn(unknown);
    report.recommendation = recommend(&report);
    if report.warnings.len() > WARNINGS_MAX {
        let more = report.warnings.len() - WARNINGS_MAX;
        report.warnings.truncate(WARNINGS_MAX);
        report.warnings_said.truncate(WARNINGS_MAX);
        report.warn([Remark::new("warning-more", &[("count", &more)], format!("and {more} more"))]);
    }
    Ok(report)
}

/// A column as a wizard shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ColumnPreview {
    /// Its name.
    pub name: String,
    /// Whether it holds numbers, dates or times.
    pub numeric: bool,
    /// Levels of a text column, or of a number column with few; at most twenty.
    pub levels: Vec<String>,
    /// Whether it holds texts that hardly repeat: an identifier.
    pub unique: bool,
}

/// Rows that a preview looks at.
const PREVIEW_ROWS: u64 = 20_000;

/// Columns of a file or folder, for guessing which is the target and which the score, by the first rows.
///
/// # Errors
/// As [`compute()`], of what is looked at.
pub fn preview(path: &Path, delimiter: Option<u8>) -> Result<Vec<ColumnPreview>, Error> {
    const LEVELS_MAX: usize = 20;
    let source = Source::open_head(path, delimiter, PREVIEW_ROWS)?;
    source
        .fields
        .iter()
        .map(|field| {
            let numeric = field.kind == Kind::Numeric;
            let mut seen = BTreeSet::new();
            let (mut rows, mut present) = (0, 0);
            enough(source.read(&field.name, true, &mut |chunk| {
                rows += chunk.len() as u64;
                if let Chunk::Text { codes, levels } = chunk {
                    let used: BTreeSet<u32> = codes.iter().copied().filter(|code| *code != MISSING).collect();
                    present += codes.iter().filter(|code| **code != MISSING).count() as u64;
                    seen.extend(used.into_iter().filter_map(|code| levels.get(code as usize).cloned()));
                }
                // Of numbers it is known by now; whether texts repeat is told by more of them.
                let is_enough = rows >= PREVIEW_ROWS || (numeric && seen.len() > LEVELS_MAX);
                if is_enough { Err(Error::Stopped) } else { Ok(()) }
            }))?;
            let unique = !numeric && drifts::hardly_repeats(seen.len() as u64, present);
            if seen.len() > LEVELS_MAX {
                seen.clear();
            }
            Ok(ColumnPreview {
                name: field.name.clone(),
                numeric,
                levels: seen.into_iter().collect(),
                unique,
            })
        })
        .collect()
}

/// Score and outcome of every row of a file or folder that has both, in row order: what statistics are published from.
///
/// # Errors
///
/// [`Error::Usage`] when it has more rows than `rows_max`; as [`compute`] when it cannot be read or lacks a column.
pub fn scored(
    path: &Path,
    target: &str,
    event: &str,
    score: &str,
    rows_max: u64,
) -> Result<Vec<(f64, bool)>, Error> {
    let source = Source::open(path, None)?;
    if source.rows() > rows_max {
        let rows = source.rows();
        return Err(Error::usage(
            "data-too-many-rows",
            &[("rows", &rows), ("max", &rows_max)],
            format!("{rows} rows are more than the {rows_max} to be assessed"),
        ));
    }
    source.require(target, "target")?;
    source.require(score, "score")?;
    let options = Options {
        target: Some(target.to_owned()),
        event: Some(event.to_owned()),
        score: Some(score.to_owned()),
        ..Options::default()
    };
    let data = Data::of_one(source);
    let meaning = outcomes::target(&options, &data)?.unwrap_or(outcomes::Target::EventText(event.to_owned()));
    let mut out = Vec::new();
    let source = data.baseline_source();
    let mut at = 0;
    source.read_together(&[(target, false), (score, false)], &mut |chunks| {
        let scores = source.numbers_in(score, chunks[1], at)?;
        at += chunks[1].len() as u64;
        let rows = scores.iter().zip(meaning.events(chunks[0]));
        out.extend(rows.filter(|(s, _)| !s.is_nan()).filter_map(|(&s, e)| Some((s, e?))));
        Ok(())
    })?;
    Ok(out)
}

/// Files of a series in the order of their periods: by sequence where every name is `PREFIX_<sequence>_<label>`, else by
/// name, in which a run of digits counts as a number.
pub fn in_order(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    if files.iter().all(|file| sequence_of(file).is_some()) {
        files.sort_by_key(|file| (sequence_of(file), file.clone()));
    } else {
        files.sort_by_cached_key(|file| natural(&file.to_string_lossy()));
    }
    files
}

/// A text cut at its numbers, each padded, so that `q10` comes after `q9`.
fn natural(text: &str) -> String {
    let mut key = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            key.push_str(&format!("{digits:0>20}"));
            digits.clear();
        }
        key.push(c);
    }
    key
}

/// The opened data.
pub(crate) struct Data {
    pub(crate) series: Series,
    /// A baseline of its own; otherwise the first period is it.
    pub(crate) reference: Option<Arc<Source>>,
    pub(crate) reference_label: String,
    pub(crate) warnings: Vec<Remark>,
    pub(crate) watch: Arc<Watch>,
    /// Counts of a job: columns stand alone, except those with a part in the outcome.
    pub(crate) counted: bool,
}

impl Data {
    fn open(options: &Options, watch: Arc<Watch>) -> Result<Self, Error> {
        let places = places(&options.data)?;
        let mut paths: Vec<&Path> = places.iter().map(|p| p.path.as_path()).collect();
        paths.extend(options.reference.as_deref());
        // What one CSV file may take in memory, all of them together take at most.
        let mut left = IN_MEMORY_BYTES;
        let mut room_for = |path: &Path| {
            let is_csv =
                path.is_file() && path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("parquet"));
            let size = if is_csv { std::fs::metadata(path).map_or(0, |it| it.len()) } else { 0 };
            let room = if size <= left { size } else { 0 };
            left -= room;
            room
        };
        let rooms: Vec<u64> = paths.iter().map(|path| room_for(path)).collect();
        let mut sources: Vec<Source> =
            in_parallel(&watch, paths.len(), |i| Source::open_within(paths[i], options.delimiter, rooms[i]))?;
        let reference = options.reference.as_ref().and_then(|_| sources.pop()).map(Arc::new);
        let mut warnings = Vec::new();
        let series = match &options.time {
            None => Series {
                labels: places.into_iter().map(|p| p.label).collect(),
                sources: sources.into_iter().map(Arc::new).collect(),
            },
            Some(time) => {
                let required = required_of_all(options);
                let wanted = options.inputs.as_ref().map(|_| required.as_slice());
                let Periods { labels, sources, untimed: rows, lacking } =
                    by_time(&sources, time, wanted, &required, options.delimiter)?;
                if rows > 0 {
                    warnings.push(untimed(rows));
                }
                warnings.extend(lacking.iter().map(|(path, columns)| lacks(path, columns)));
                Series { labels, sources: sources.into_iter().map(Arc::new).collect() }
            }
        };
        let Some(first) = series.labels.first() else { return Err(no_period()) };
        let reference_label = match &options.reference {
            Some(path) => path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default(),
            None => first.clone(),
        };
        Ok(Self { series, reference, reference_label, warnings, watch, counted: false })
    }

    /// One table, which is the whole series.
    fn of_one(source: Source) -> Self {
        let label = source.path.display().to_string();
        Self {
            series: Series { labels: vec![label.clone()], sources: vec![Arc::new(source)] },
            reference: None,
            reference_label: label,
            warnings: Vec::new(),
            watch: Arc::default(),
            counted: false,
        }
    }

    /// The source whose schema stands for the baseline.
    pub(crate) fn baseline_source(&self) -> &Source {
        self.reference.as_deref().unwrap_or(&self.series.sources[0])
    }
}

/// Reading that may have ended early, because enough was seen.
pub(crate) fn enough(read: Result<(), Error>) -> Result<(), Error> {
    match read {
        Err(Error::Stopped) => Ok(()),
        other => other,
    }
}

/// How many threads work side by side, at most.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}

/// Threads that are at work.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// How many more could be, this one aside where it is not counted.
pub(crate) fn spare_threads() -> usize {
    threads().saturating_sub(BUSY.load(Ordering::Relaxed))
}

/// A thread at work, until it is dropped.
pub(crate) struct Busy(());

impl Busy {
    pub(crate) fn begin() -> Self {
        BUSY.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs `job(0 … n)` on as many threads as there are cores, answers in order, stops at the first error.
pub(crate) fn in_parallel<T: Send>(
    watch: &Watch,
    n: usize,
    job: impl Fn(usize) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    watch.of.fetch_add(n as u64, Ordering::Relaxed);
    let job = |i: usize| {
        if watch.is_stopped() {
            return Err(Error::Stopped);
        }
        let answer = job(i);
        watch.done.fetch_add(1, Ordering::Relaxed);
        answer
    };
    if threads() == 1 {
        return (0..n).map(job).collect();
    }
    // Even a single job has a thread of its own: what it used goes with it, and is there for whoever comes next.
    let threads = threads().min(n);
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let answers: Mutex<Vec<Option<Result<T, Error>>>> = Mutex::new((0..n).map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _busy = Busy::begin();
                while !failed.load(Ordering::Relaxed) {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= n {
                        break;
                    }
                    let answer = job(i);
                    if answer.is_err() {
                        failed.store(true, Ordering::Relaxed);
                    }
                    let mut answers = answers.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                    answers[i] = Some(answer);
                }
            });
        }
    });
    let answers = answers.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    // Jobs are taken in order, so every hole lies after the first error.
    answers.into_iter().flatten().collect()
}

fn fill_decay(options: &Options, data: &Data, report: &mut Report) -> Result<(), Error> {
    // A reference without scores (the plain training table) leaves the first period to compare with.
    let usable = |s: &Option<Scoring>| match s {
        Some(Scoring::Binary(p)) => p.exact.gini.is_some(),
        Some(Scoring::Regression(r)) => r.ase.is_some(),
        None => false,
    };
    let is_reference = usable(&report.reference.performance);
    // Which of the periods is compared with, if it is one: a baseline of its own may be called like a period.
    let compared_with = match (is_reference, &data.reference) {
        (true, Some(_)) => None,
        (true, None) => Some(0),
        (false, _) => report.periods.iter().position(|p| usable(&p.performance)),
    };
    let (against, baseline) = match compared_with {
        _ if is_reference => (report.reference.label.clone(), report.reference.performance.clone()),
        Some(at) => (report.periods[at].label.clone(), report.periods[at].performance.clone()),
        None => (report.reference.label.clone(), None),
    };
    let relative = |from: Option<f64>, to: Option<f64>| match (from, to) {
        (Some(from), Some(to)) if from != 0.0 => finite((from - to) / from.abs()),
        _ => None,
    };
    let mut decays = Named::default();
    for (at, period) in report.periods.iter().enumerate() {
        let is_itself = compared_with == Some(at);
        let mut decay = Decay { against: against.clone(), ..Decay::default() };
        match (&baseline, &period.performance) {
            (Some(Scoring::Binary(from)), Some(Scoring::Binary(to))) => {
                decay.gini_decay = relative(from.exact.gini, to.exact.gini);
                decay.ks_decay = relative(from.exact.ks, to.exact.ks);
                decay.c_decay = relative(from.exact.c, to.exact.c);
                decay.lift5_decay = relative(lift_at(from, 0), lift_at(to, 0));
                decay.lift10_decay = relative(lift_at(from, 1), lift_at(to, 1));
                decay.ase_decay = relative(from.ase, to.ase).map(|d| 0.0 - d);
                let variance = from.delong.variance.zip(to.delong.variance).map(|(a, b)| a + b);
                if let (Some(a), Some(b), Some(variance)) = (from.delong.auc, to.delong.auc, variance)
                    && !is_itself
                {
                    decay.delong_z = finite((a - b) / variance.sqrt());
                    decay.delong_p = decay.delong_z.map(normal_two_sided);
                }
                decay.significant = decay
                    .delong_p
                    .zip(decay.gini_decay)
                    .map(|(p, loss)| p < SIGNIFICANCE && loss >= LOSS_MATTERS);
            }
            (Some(Scoring::Regression(from)), Some(Scoring::Regression(to))) => {
                decay.ase_decay = relative(from.ase, to.ase).map(|d| 0.0 - d);
                let variance = from.ase_variance.zip(to.ase_variance).map(|(a, b)| a + b);
                if let (Some(a), Some(b), Some(variance)) = (from.ase, to.ase, variance)
                    && !is_itself
                {
                    decay.ase_z = finite((b - a) / variance.sqrt());
                    decay.ase_p = decay.ase_z.map(normal_two_sided);
                }
                decay.significant = decay
                    .ase_p
                    .zip(decay.ase_decay)
                    .map(|(p, rise)| p < SIGNIFICANCE && rise >= LOSS_MATTERS);
            }
            _ => {}
        }
        decays.push(period.label.clone(), decay);
    }
    report.decay = decays;
    if !data.counted && is_reference {
        drifts::fill_causes(options, data, report)?;
    }
    Ok(())
}

/// Metrics whose course over the periods is told, with the side on which they worsen.
pub const TRENDED: [(&str, Worse); 8] = [
    ("gini", Worse::Lower),
    ("ks", Worse::Lower),
    ("c", Worse::Lower),
    ("lift10", Worse::Lower),
    ("r2", Worse::Lower),
    ("ase", Worse::Higher),
    ("mae", Worse::Higher),
    ("score_psi", Worse::Higher),
];

fn fill_trend(options: &Options, report: &mut Report) {
    let baseline_gini =
        report.reference.performance.as_ref().and_then(Scoring::binary).and_then(|p| p.exact.gini);
    for (name, worse) in TRENDED {
        let (labels, series): (Vec<String>, Vec<(usize, f64)>) = report
            .periods
            .iter()
            .enumerate()
            .filter(|(_, p)| !p.provisional || name == "score_psi")
            .filter_map(|(i, p)| report.number(i, name).map(|v| (p.label.clone(), (i + 1, v))))
            .unzip();
        let Some(&(_, first)) = series.first() else { continue };
        let threshold = options.thresholds.get(name).copied().unwrap_or_else(|| match (name, worse) {
            ("gini", _) => THRESHOLD_SHARE * baseline_gini.unwrap_or(first),
            ("score_psi", _) => crate::drift::PSI_ALERT,
            (_, Worse::Lower) => THRESHOLD_SHARE * first,
            (_, Worse::Higher) => first / THRESHOLD_SHARE,
        });
        report.trend.push(name, trend(labels, &series, Some(threshold), worse));
    }
}
