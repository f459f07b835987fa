//! A report as it is read: the numbers of every period side by side, worst variables first, each number with its name and
//! its definition in the reader's language. The window, the HTML report and the exported tables are all made from this.

use std::sync::Arc;

use ::monitoring::sequential::Trend;
use ::monitoring::{Better, Decay, METRICS, Reason, Report, Scoring, VariableDrift};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use words::{Said, said};

use super::{ReportRow, find, find_report, latest, report_row, whole};
use crate::drawing::Ink;
use crate::{App, Code, Failure};

/// Names a report, for a reader.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReadingOf {
    /// Identifier of the report.
    #[ts(optional)]
    pub report: Option<String>,
    /// Identifier or name of a monitor: its latest report.
    #[ts(optional)]
    pub monitor: Option<String>,
    /// The reader's language, `en` or `pt-BR`; English without.
    #[ts(optional)]
    pub language: Option<String>,
}

/// A report as it is read.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReportReading {
    /// As lists show it.
    pub row: ReportRow,
    /// Its periods, oldest first.
    pub periods: Vec<PeriodRead>,
    /// The period that stands for now: the latest whose outcomes are in, else the latest.
    pub now: u32,
    /// Numbers of the model by period.
    pub metrics: Vec<MetricRead>,
    /// Numbers whose course can be drawn: what stands for the model first.
    pub trends: Vec<Term>,
    /// Drift of the inputs by period, worst in the latest period first.
    pub variables: Vec<VariableRead>,
    /// Drift of the score by period.
    pub score: Vec<Option<DriftRead>>,
    /// Loss against the baseline, by period.
    pub decay: Vec<Option<DecayRead>>,
    /// Course and forecast of the Gini, where there are enough periods.
    pub course: Option<CourseRead>,
    /// Rules that fired.
    pub alerts: Vec<AlertRead>,
    /// `keep`, `watch`, `investigate`, `retrain` or `unknown`.
    pub recommendation: String,
    /// Why.
    pub reasons: Vec<String>,
    /// What a reader should know about the data.
    pub warnings: Vec<String>,
    /// By period: group columns with fairness numbers.
    pub fairness: Vec<Vec<FairnessRead>>,
    /// Figures that can be drawn of it.
    pub figures: Vec<String>,
    /// Names and definitions of the drift statistics.
    pub statistics: Vec<Term>,
}

/// A period.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PeriodRead {
    /// Its label.
    pub label: String,
    /// Rows.
    pub rows: u64,
    /// Share of rows whose outcome is known.
    pub labelled: Option<f64>,
    /// Whether outcomes are still missing.
    pub provisional: bool,
    /// Inputs with PSI above 0.1.
    pub p1: u64,
    /// Inputs with PSI of at least 0.25.
    pub p25: u64,
}

/// A word with what it means.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Term {
    /// The name rules and files use.
    pub name: String,
    /// The name people read.
    pub title: String,
    /// Its definition.
    pub definition: String,
}

/// A number of the model by period.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MetricRead {
    /// What it is.
    pub term: Term,
    /// `higher`, `lower` or `neither`: which way is good.
    pub better: String,
    /// Decimals that are worth reading.
    pub decimals: u32,
    /// Its value in the baseline.
    pub baseline: Option<f64>,
    /// By period.
    pub values: Vec<Option<f64>>,
    /// By period: why the value is missing, where something is known of it.
    pub undefined: Vec<Option<String>>,
}

/// An input by period.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VariableRead {
    /// Its name.
    pub name: String,
    /// `numeric` or `categorical`.
    pub kind: String,
    /// By period.
    pub periods: Vec<Option<DriftRead>>,
}

/// Drift of a variable in a period.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DriftRead {
    /// PSI, missing values included.
    pub psi: Option<f64>,
    /// PSI of the rows that have a value.
    pub psi_excluding_missing: Option<f64>,
    /// 95 % quantile of PSI when nothing changed.
    pub psi_null_q95: Option<f64>,
    /// Jensen–Shannon distance.
    pub js: Option<f64>,
    /// Hellinger distance.
    pub hellinger: Option<f64>,
    /// Kolmogorov–Smirnov statistic of a number, Cramér's V of levels.
    pub effect: Option<f64>,
    /// Wasserstein distance over the baseline's standard deviation, for numbers.
    pub wasserstein: Option<f64>,
    /// Benjamini–Hochberg q.
    pub q: Option<f64>,
    /// Whether the difference is significant and of a size that matters.
    pub notable: Option<bool>,
    /// Why numbers are missing, in the reader's language.
    pub why: Option<String>,
    /// Share of missing values in the baseline.
    pub missing_ref: Option<f64>,
    /// Share of missing values in the period.
    pub missing_cur: Option<f64>,
}

/// A period's loss.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DecayRead {
    /// What it is against.
    pub against: String,
    /// Relative losses by name: `gini`, `ks`, `lift5`, `lift10`, `ase`.
    pub gini: Option<f64>,
    /// See `gini`.
    pub ks: Option<f64>,
    /// See `gini`.
    pub lift5: Option<f64>,
    /// See `gini`.
    pub lift10: Option<f64>,
    /// See `gini`.
    pub ase: Option<f64>,
    /// Two-sided p of the loss: DeLong's for Gini, that of two means for the squared error of numbers.
    pub p: Option<f64>,
    /// Significant, and large enough to matter.
    pub significant: Option<bool>,
    /// Loss of Gini that a changed mix of cases explains.
    pub mix: Option<f64>,
    /// Loss of Gini that a changed relation leaves.
    pub relation: Option<f64>,
    /// What limits the split.
    pub notes: Vec<String>,
}

/// Course and forecast.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CourseRead {
    /// The line not to be crossed.
    pub threshold: Option<f64>,
    /// Median slope between all pairs of periods.
    pub slope: Option<f64>,
    /// Two-sided p of Mann–Kendall's test; none below eight periods.
    pub mann_kendall_p: Option<f64>,
    /// Period in which the line meets the threshold, counted from 1.
    pub crossing: Option<f64>,
    /// Its 80 % interval.
    pub crossing_from: Option<f64>,
    /// See `crossing_from`.
    pub crossing_to: Option<f64>,
    /// What it is the course of: Gini, or the average squared error of numbers.
    pub metric: String,
    /// Control charts; none with too few periods.
    pub charts: Vec<ControlRead>,
    /// Why something is missing.
    pub notes: Vec<String>,
}

/// What a control chart says.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ControlRead {
    /// `cusum`, `page_hinkley` or `ewma`.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// How it judges, with its parameters.
    pub explained: String,
    /// Label of the period in which it raised its alarm.
    pub alarm: Option<String>,
}

/// A rule that fired.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AlertRead {
    /// The period.
    pub period: String,
    /// `warning` or `alert`.
    pub level: String,
    /// The rule.
    pub rule: String,
    /// The numbers it looked at.
    pub values: Vec<NumberRead>,
}

/// A number that a rule looked at.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct NumberRead {
    /// What it is.
    pub term: Term,
    /// Its value.
    pub value: Option<f64>,
}

/// Fairness by the groups of a column in a period.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FairnessRead {
    /// The column.
    pub column: String,
    /// Groups with rows, event rate, selection rate, true positive rate, false positive rate and area under the ROC.
    pub groups: Vec<GroupRead>,
    /// How far the groups are apart.
    pub parities: Vec<ParityRead>,
    /// Why a group or a parity has no number.
    pub notes: Vec<String>,
}

/// How far the groups of a column are apart in one respect.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ParityRead {
    /// The respect.
    pub term: Term,
    /// Greatest difference between two groups; 0 is parity.
    pub difference: Option<f64>,
    /// Smallest ratio between two groups; 1 is parity.
    pub ratio: Option<f64>,
}

/// A group.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct GroupRead {
    /// Its level.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// Share of events.
    pub event_rate: Option<f64>,
    /// Share called an event.
    pub selection_rate: Option<f64>,
    /// True positive rate.
    pub tpr: Option<f64>,
    /// False positive rate.
    pub fpr: Option<f64>,
    /// Area under the ROC.
    pub auc: Option<f64>,
}

/// Statistics of a variable, in the order of the table.
pub(super) const STATISTICS: [&str; 9] = [
    "psi",
    "psi_excluding_missing",
    "psi_null_q95",
    "js",
    "hellinger",
    "effect",
    "wasserstein",
    "q",
    "missing",
];

/// A report as it is read.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Verification`] when the blob is not what it must be; [`Code::Usage`] for a language we do
/// not speak.
pub async fn reading(app: &App, request: ReadingOf) -> Result<ReportReading, Failure> {
    let (row, report) = named(app, request.report.as_deref(), request.monitor.as_deref()).await?;
    let ink = Ink::reader(request.language.as_deref())?;
    Ok(read(row, &report, &ink))
}

/// The report that was named, and the row that lists show of it.
pub(super) async fn named(
    app: &App,
    report: Option<&str>,
    monitor: Option<&str>,
) -> Result<(ReportRow, Arc<Report>), Failure> {
    let session = app.session()?;
    let row = match (report, monitor) {
        (Some(report), _) => find_report(&session, report)?,
        (None, Some(monitor)) => {
            let monitor = find(&session, monitor)?;
            latest(&session, &monitor)?.ok_or_else(|| {
                Failure::said(Code::NotFound, said!("monitor-no-report", monitor = &monitor.name))
            })?
        }
        (None, None) => {
            return Err(Failure::said(Code::Usage, said!("monitor-nothing-named")));
        }
    };
    Ok((report_row(&session, &row, false)?, whole(&session, &row).await?))
}

/// Reads a report, in the words of an ink.
pub(super) fn read(row: ReportRow, report: &Report, ink: &Ink) -> ReportReading {
    let now = now(report);
    let regression = report.periods.iter().any(|p| matches!(p.performance, Some(Scoring::Regression(_))));
    let shown = METRICS.iter().filter(|it| if regression { it.is_of_numbers() } else { it.is_of_events() });
    let judges = report.periods.iter().any(|p| p.performance.is_some());
    let metrics: Vec<MetricRead> = shown
        .map(|metric| MetricRead {
            term: term(ink, "metric", metric.name),
            better: match metric.better {
                Better::Higher => "higher".to_owned(),
                Better::Lower => "lower".to_owned(),
                Better::Neither => "neither".to_owned(),
            },
            decimals: metric.decimals,
            baseline: report.reference.performance.as_ref().and_then(|p| p.number(metric.name)),
            values: (0..report.periods.len()).map(|at| report.number(at, metric.name)).collect(),
            undefined: (0..report.periods.len())
                .map(|at| why_undefined(report, at, metric.name, ink))
                .collect(),
        })
        // Where outcomes are judged, a number without a value anywhere is there with its reason.
        .filter(|metric| judges || metric.baseline.is_some() || metric.values.iter().any(Option::is_some))
        .collect();
    let mut figures = Vec::new();
    for kind in super::figures::Kind::ALL {
        if kind.can(report) {
            figures.push(kind.name().to_owned());
        }
    }
    ReportReading {
        periods: report
            .periods
            .iter()
            .map(|p| PeriodRead {
                label: p.label.clone(),
                rows: p.rows,
                labelled: p.labelled,
                provisional: p.provisional,
                p1: p.drift.p1,
                p25: p.drift.p25,
            })
            .collect(),
        now: now as u32,
        trends: trends(report, &metrics, ink),
        metrics,
        variables: variables(report, ink),
        score: report.periods.iter().map(|p| p.drift.score.as_ref().map(|it| drift(it, ink))).collect(),
        decay: report
            .periods
            .iter()
            .map(|p| report.decay.get(&p.label).filter(|d| d.is_known()).map(|d| decay(d, ink)))
            .collect(),
        course: ["gini", "ase"].iter().find_map(|it| Some(course(it, report.trend.get(it)?, ink))),
        alerts: report
            .alerts
            .iter()
            .map(|alert| AlertRead {
                period: alert.period.clone(),
                level: match alert.level {
                    ::monitoring::Level::Warning => "warning".to_owned(),
                    ::monitoring::Level::Alert => "alert".to_owned(),
                },
                rule: alert.rule.clone(),
                values: alert
                    .values
                    .iter()
                    .map(|(name, value)| NumberRead { term: number_term(ink, name), value: *value })
                    .collect(),
            })
            .collect(),
        recommendation: row.recommendation.clone(),
        reasons: told(ink, &report.recommendation.reasons, &report.recommendation.said),
        warnings: told(ink, &report.warnings, &report.warnings_said),
        fairness: report.periods.iter().map(|period| fairness(period, ink)).collect(),
        figures,
        statistics: STATISTICS.iter().map(|name| term(ink, "statistic", name)).collect(),
        row,
    }
}

/// The latest period whose outcomes are in; else the latest.
pub(super) fn now(report: &Report) -> usize {
    let judged = report.periods.iter().rposition(|p| !p.provisional && p.performance.is_some());
    judged.unwrap_or(report.periods.len().saturating_sub(1))
}

/// Sentences of a report in the reader's language.
fn told(ink: &Ink, written: &[String], said: &[Reason]) -> Vec<String> {
    let said: Vec<_> = said.iter().filter_map(|it| serde_json::to_value(it).ok()).collect();
    super::tell::reasons(ink.words(), written, &said)
}

/// Why a metric of the table has no value in a period.
fn why_undefined(report: &Report, at: usize, name: &str, ink: &Ink) -> Option<String> {
    if report.number(at, name).is_some() {
        return None;
    }
    let (text, said) = report.why_undefined(at, name)?;
    told(ink, &[text], said.as_slice()).pop()
}

/// Numbers with a course: what stands for the model, the other metrics, and how many inputs drifted.
fn trends(report: &Report, metrics: &[MetricRead], ink: &Ink) -> Vec<Term> {
    let has = |name: &str| (0..report.periods.len()).any(|at| report.number(at, name).is_some());
    let drifted =
        ["p1", "p25"].into_iter().filter(|_| report.periods.iter().any(|p| !p.drift.variables.is_empty()));
    let drawn = metrics.iter().filter(|metric| has(&metric.term.name)).map(|metric| metric.term.clone());
    let mut all: Vec<Term> = drawn.chain(drifted.map(|name| number_term(ink, name))).collect();
    let first = super::figures::headline(report);
    all.sort_by_key(|term| term.name != first);
    all
}

/// A number that rules may speak of, with its title and definition: of a variable or a group column, those of what is measured.
pub(super) fn number_term(ink: &Ink, name: &str) -> Term {
    let of = |measure: Term, column: &str| Term {
        name: name.to_owned(),
        title: format!("{} · {column}", measure.title),
        definition: measure.definition,
    };
    if let Some((measure, variable)) = name.split_once('.') {
        return of(term(ink, "statistic", measure), variable);
    }
    let parities = [
        ("demographicParity_", "demographic_parity"),
        ("predictiveParity_", "predictive_parity"),
        ("equalAccuracy_", "equal_accuracy"),
        ("equalOpportunity_", "equal_opportunity"),
        ("equalizedOdds_", "equalized_odds"),
    ];
    let parity = parities.iter().find_map(|(prefix, parity)| Some((parity, name.strip_prefix(prefix)?)));
    match parity {
        Some((parity, column)) => of(term(ink, "parity", parity), column),
        None => term(ink, "metric", name),
    }
}

/// A name with its title and definition.
pub(super) fn term(ink: &Ink, family: &str, name: &str) -> Term {
    let key = format!("{family}-{}", name.replace('_', "-"));
    Term { name: name.to_owned(), title: ink.say(&key), definition: ink.say(&format!("{key}-means")) }
}

/// Variables with their drift, worst in the latest period first.
pub(super) fn variables(report: &Report, ink: &Ink) -> Vec<VariableRead> {
    let mut names: Vec<&str> = Vec::new();
    for period in &report.periods {
        for (name, _) in period.drift.variables.iter() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let mut all: Vec<VariableRead> = names
        .into_iter()
        .map(|name| {
            let of = |p: &::monitoring::PeriodReport| p.drift.variables.get(name).cloned();
            let kind = match report.periods.iter().find_map(of) {
                Some(VariableDrift::Categorical(_)) => "categorical",
                _ => "numeric",
            };
            VariableRead {
                name: name.to_owned(),
                kind: kind.to_owned(),
                periods: report
                    .periods
                    .iter()
                    .map(|p| p.drift.variables.get(name).map(|it| drift(it, ink)))
                    .collect(),
            }
        })
        .collect();
    let worst = |v: &VariableRead| v.periods.last().and_then(|d| d.as_ref()?.psi).unwrap_or(-1.0);
    all.sort_by(|a, b| worst(b).total_cmp(&worst(a)).then_with(|| a.name.cmp(&b.name)));
    all
}

fn drift(drift: &VariableDrift, ink: &Ink) -> DriftRead {
    let notable = drift.notable();
    let why = drift.reason().and_then(|(text, said)| {
        told(ink, &[text.to_owned()], said.map(std::slice::from_ref).unwrap_or_default()).pop()
    });
    match drift {
        VariableDrift::Numeric(d) => DriftRead {
            psi: d.psi,
            psi_excluding_missing: d.psi_excluding_missing,
            psi_null_q95: d.psi_null_q95,
            js: d.js_distance_base2,
            hellinger: d.hellinger,
            effect: d.ks_statistic,
            wasserstein: d.wasserstein_over_ref_sd,
            q: d.bh_q,
            notable,
            why,
            missing_ref: d.missing_ref,
            missing_cur: d.missing_cur,
        },
        VariableDrift::Categorical(d) => DriftRead {
            psi: d.psi,
            psi_excluding_missing: d.psi_excluding_missing,
            psi_null_q95: d.psi_null_q95,
            js: d.js_distance_base2,
            hellinger: d.hellinger,
            effect: d.cramers_v,
            wasserstein: None,
            q: d.bh_q,
            notable,
            why,
            missing_ref: d.missing_ref,
            missing_cur: d.missing_cur,
        },
    }
}

fn decay(decay: &Decay, ink: &Ink) -> DecayRead {
    let cause = decay.cause.as_ref();
    DecayRead {
        against: decay.against.clone(),
        gini: decay.gini_decay,
        ks: decay.ks_decay,
        lift5: decay.lift5_decay,
        lift10: decay.lift10_decay,
        ase: decay.ase_decay,
        p: decay.delong_p.or(decay.ase_p),
        significant: decay.significant,
        mix: cause.and_then(|c| c.mix),
        relation: cause.and_then(|c| c.relation),
        notes: cause.map(|c| told(ink, &c.notes, &c.notes_said)).unwrap_or_default(),
    }
}

fn course(metric: &str, trend: &Trend, ink: &Ink) -> CourseRead {
    let label = |at: Option<usize>| at.and_then(|at| trend.labels.get(at).cloned());
    let forecast = trend.ols_forecast.as_ref();
    let first = trend.baseline_periods.unwrap_or_default();
    let shown = |value: f64| ink.number(value, 4);
    // Parameters are round.
    let plain = |value: f64| ink.number(value, usize::from(value.fract() != 0.0));
    let mut charts = Vec::new();
    let mut chart = |name: &str, title: &str, explained: Said, alarm: Option<usize>| {
        let explained = ink.words().say(&explained);
        charts.push(ControlRead {
            name: name.to_owned(),
            title: title.to_owned(),
            explained,
            alarm: label(alarm),
        });
    };
    if let Some(c) = trend.cusum_lower.as_ref().or(trend.cusum_upper.as_ref()) {
        let said = said!(
            "control-cusum",
            periods = first,
            mean = shown(c.mu0),
            spread = shown(c.sigma0_ddof1),
            k = plain(c.k),
            h = plain(c.h)
        );
        chart("cusum", "CUSUM", said, c.alarm_period);
    }
    if let Some(p) = trend.page_hinkley_decrease.as_ref().or(trend.page_hinkley_increase.as_ref()) {
        let said = said!("control-page-hinkley", delta = shown(p.delta), lambda = shown(p.lambda_));
        chart("page_hinkley", "Page–Hinkley", said, p.alarm_period);
    }
    if let Some(e) = &trend.ewma {
        let said = said!("control-ewma", periods = first, lambda = plain(e.lambda_), limit = plain(e.limit));
        chart("ewma", "EWMA", said, e.alarm_period);
    }
    CourseRead {
        threshold: forecast.map(|f| f.threshold).or(trend.mann_kendall.threshold),
        slope: trend.mann_kendall.theil_sen_slope,
        mann_kendall_p: trend.mann_kendall.mann_kendall_p_two_sided,
        crossing: forecast.and_then(|f| f.crossing_period),
        crossing_from: forecast.and_then(|f| f.crossing_earliest_80),
        crossing_to: forecast.and_then(|f| f.crossing_latest_80),
        metric: ink.say(&format!("metric-{}", metric.replace('_', "-"))),
        charts,
        notes: told(ink, &trend.notes, &trend.notes_said),
    }
}

fn fairness(period: &::monitoring::PeriodReport, ink: &Ink) -> Vec<FairnessRead> {
    period
        .fairness
        .iter()
        .map(|(column, fairness)| {
            let (d, r) = (&fairness.differences, &fairness.ratios);
            FairnessRead {
                column: column.to_owned(),
                groups: fairness
                    .groups
                    .iter()
                    .map(|(name, group)| GroupRead {
                        name: name.to_owned(),
                        rows: group.n_obs,
                        event_rate: group.event_rate,
                        selection_rate: group.selection_rate,
                        tpr: group.tpr,
                        fpr: group.fpr,
                        auc: group.auc,
                    })
                    .collect(),
                parities: [
                    ("demographic_parity", d.demographic_parity, r.demographic_parity),
                    ("predictive_parity", d.predictive_parity, r.predictive_parity),
                    ("equal_opportunity", d.equal_opportunity, r.equal_opportunity),
                    ("equalized_odds", d.equalized_odds, r.equalized_odds),
                    ("equal_accuracy", d.equal_accuracy, r.equal_accuracy),
                ]
                .into_iter()
                .map(|(name, difference, ratio)| ParityRead {
                    term: term(ink, "parity", name),
                    difference,
                    ratio,
                })
                .collect(),
                notes: told(ink, &fairness.notes, &fairness.notes_said),
            }
        })
        .collect()
}
