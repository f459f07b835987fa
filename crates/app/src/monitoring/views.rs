//! What the monitoring room asks and answers.

use std::collections::BTreeMap;

use governance::fact::{AlertLevel, AlertRule, DataPlace, MonitorTerms, RetrainAnswer};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::page::PageOf;

/// Watches a version.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DefineMonitor {
    /// Identifier of the version, or `project/model@1.0`.
    pub version: String,
    /// Name, unique among the monitors of the project.
    pub name: String,
    /// What is watched, and how.
    pub terms: MonitorTerms,
}

/// Changes what a monitor watches.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChangeMonitor {
    /// Identifier or name of the monitor.
    pub monitor: String,
    /// What is watched from now on, and how.
    pub terms: MonitorTerms,
}

/// Retires a monitor.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RetireMonitor {
    /// Identifier or name of the monitor.
    pub monitor: String,
    /// Why (at least 10 characters).
    pub reason: String,
}

/// Names a monitor.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MonitorOf {
    /// Identifier, name, or `project/name`.
    pub monitor: String,
}

/// Lists monitors. Sorts: `name` (default), `project_name`, `health`, `latest_at`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListMonitors {
    /// Only of this project.
    #[ts(optional)]
    pub project: Option<String>,
    /// Only of this version.
    #[ts(optional)]
    pub version: Option<String>,
    /// Only `unknown`, `healthy`, `watch`, `alert`, `retraining` or `retired` ones.
    #[ts(optional)]
    pub health: Option<String>,
    /// Which page.
    pub page: PageOf,
}

/// A monitor in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MonitorRow {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Project.
    pub project: String,
    /// Its name.
    pub project_name: String,
    /// Version it watches.
    pub version: String,
    /// `model 1.0`.
    pub version_label: String,
    /// `champion`, `challenger` or `plain`.
    pub role: String,
    /// Who answers for it.
    pub owner: String,
    /// `unknown`, `healthy`, `watch`, `alert`, `retraining` or `retired`.
    pub health: String,
    /// Number of the terms in force.
    pub number: u32,
    /// How often a report is due (ISO 8601); null when new data make one due.
    pub cadence: Option<String>,
    /// The latest report.
    pub latest: Option<String>,
    /// When it was recorded (RFC 3339).
    pub latest_at: Option<String>,
    /// When the next is due; null when new data make one due.
    pub due_at: Option<String>,
    /// How many reports there are.
    pub reports: u32,
    /// Open warnings.
    pub open_warnings: u32,
    /// Open alerts: they wait for a decision.
    pub open_alerts: u32,
    /// What was decided on the latest report.
    pub decided: Option<RetrainAnswer>,
    /// What the latest report recommends: `keep`, `watch`, `investigate`, `retrain` or `unknown`.
    pub recommendation: Option<String>,
    /// Label of its latest period.
    pub period: Option<String>,
    /// Label of the period whose outcomes stand for now: the latest whose outcomes are in, else the latest.
    pub judged: Option<String>,
    /// Whether outcomes of that one too are still missing.
    pub provisional: bool,
    /// Whether a report that was due has not come, or something stands in its way at this desk.
    pub overdue: bool,
    /// The number that stands for the model in lists: `gini`, or `r2` or `ase` of predicted numbers.
    pub metric: Option<String>,
    /// Key numbers: outcomes of the period `judged`, drift of the latest.
    pub numbers: BTreeMap<String, f64>,
    /// That number by period, oldest first, where outcomes are in: a sparkline.
    pub course: Vec<Option<f64>>,
}

/// A period of the latest report.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PeriodRow {
    /// Label.
    pub label: String,
    /// Rows.
    pub rows: u64,
    /// Whether outcomes are still missing.
    pub provisional: bool,
    /// Key numbers by the names rules use.
    pub numbers: BTreeMap<String, f64>,
}

/// Everything about a monitor.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MonitorPage {
    /// As lists show it.
    pub monitor: MonitorRow,
    /// What it watches, and how.
    pub terms: MonitorTerms,
    /// Periods of the latest report.
    pub periods: Vec<PeriodRow>,
    /// Why it recommends what it does.
    pub reasons: Vec<String>,
    /// Open alerts, latest first.
    pub alerts: Vec<AlertRow>,
    /// Decisions, latest first.
    pub decisions: Vec<DecisionRow>,
    /// Reports, latest first (at most 50).
    pub reports: Vec<ReportRow>,
    /// What stood in the way of the latest report that was due here.
    pub obstacle: Option<String>,
    /// The computation under way at this desk.
    pub computing: Option<ComputeProgress>,
    /// Questions of the questionnaire, by their keys in the files of words.
    pub questions: Vec<String>,
    /// Whether whoever acts may define and change monitors.
    pub may_define: bool,
    /// Why whoever acts may not ask for a retraining; null when they may.
    pub may_not_retrain: Option<String>,
    /// Why whoever acts may not decide to wait; null when they may.
    pub may_not_wait: Option<String>,
    /// Who defined it.
    pub defined_by: String,
    /// When (RFC 3339).
    pub defined_at: String,
    /// Why it was retired.
    pub retired_because: Option<String>,
}

/// Looks at data before a monitor is defined.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PreviewData {
    /// Identifier of the version, or `project/model@1.0`.
    pub version: String,
    /// Where the data are.
    pub data: DataPlace,
    /// Character between the fields of a CSV file.
    #[serde(default)]
    #[ts(optional)]
    pub delimiter: Option<String>,
}

/// A file or folder that is a period.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DataFileRow {
    /// Name.
    pub name: String,
    /// Size in bytes.
    pub size_bytes: u64,
}

/// A column of the data.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DataColumnRow {
    /// Name.
    pub name: String,
    /// Whether it holds numbers, dates or times.
    pub numeric: bool,
    /// Levels, where they are few.
    pub levels: Vec<String>,
    /// What it is most likely for: `target`, `score`, `input`, `identifier` or `other`.
    pub part: String,
}

/// What looking at the data showed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DataPreview {
    /// Files, in order of time.
    pub files: Vec<DataFileRow>,
    /// Columns of the latest.
    pub columns: Vec<DataColumnRow>,
    /// Terms with everything guessed from the version's variables.
    pub terms: MonitorTerms,
    /// Inputs of the version that the data lack.
    pub missing: Vec<String>,
}

/// Computes a monitor's report now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ComputeReport {
    /// Identifier or name of the monitor.
    pub monitor: String,
    /// Target to compute on; the one that the terms name, or this desk, if absent.
    #[serde(default)]
    #[ts(optional)]
    pub target: Option<String>,
}

/// How far a computation is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct ComputeProgress {
    /// Whether one is under way at this desk.
    pub running: bool,
    /// Pieces of work done.
    pub done: u64,
    /// Pieces known of so far.
    pub of: u64,
}

/// A report in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReportRow {
    /// Identifier.
    pub id: String,
    /// Monitor.
    pub monitor: String,
    /// Its name.
    pub monitor_name: String,
    /// Version.
    pub version: String,
    /// `model 1.0`.
    pub version_label: String,
    /// Number of the terms it was computed under.
    pub number: u32,
    /// Periods, as `Q1 … Q4`.
    pub periods: String,
    /// What the baseline is called.
    pub baseline: String,
    /// `keep`, `watch`, `investigate`, `retrain` or `unknown`.
    pub recommendation: String,
    /// Alerts raised from it.
    pub alerts: u32,
    /// Files it was computed from.
    pub data: Vec<DataReadRow>,
    /// Digest of the whole report.
    pub blob: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When (RFC 3339).
    pub recorded_at: String,
    /// The process whose service task asked for it.
    pub instance: Option<String>,
    /// Where it was computed, when not at a desk.
    pub target: Option<String>,
    /// Whether these very data under these terms had a report already, which this is.
    pub known: bool,
}

/// A file a report was computed from.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DataReadRow {
    /// Name.
    pub name: String,
    /// Digest of its contents.
    pub digest: String,
}

/// Names a report.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReportOf {
    /// Identifier of the report.
    #[ts(optional)]
    pub report: Option<String>,
    /// Identifier or name of a monitor: its latest report.
    #[ts(optional)]
    pub monitor: Option<String>,
}

/// A report.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReportPage {
    /// As lists show it.
    pub row: ReportRow,
    /// All of it.
    pub report: ::monitoring::Report,
}

/// Lists reports, latest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListReports {
    /// Only of this monitor.
    #[ts(optional)]
    pub monitor: Option<String>,
    /// Only of this project.
    #[ts(optional)]
    pub project: Option<String>,
    /// Which page.
    pub page: PageOf,
}

/// Asks rules about every period of a monitor's latest report, without recording anything.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DryRunRules {
    /// Identifier or name of a monitor.
    pub monitor: String,
    /// The rules.
    pub rules: Vec<AlertRule>,
}

/// What rules would have said.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DryRunAnswer {
    /// Labels of the periods asked about.
    pub periods: Vec<String>,
    /// What would have fired.
    pub fired: Vec<::monitoring::Alert>,
    /// Rules that could not be judged somewhere, and why.
    pub unjudged: Vec<String>,
}

/// Lists alerts, latest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListAlerts {
    /// Only of this project.
    #[ts(optional)]
    pub project: Option<String>,
    /// Only of this monitor.
    #[ts(optional)]
    pub monitor: Option<String>,
    /// `open` (default), `settled` or `all`.
    #[ts(optional)]
    pub state: Option<String>,
    /// Only `warning` or `alert`.
    #[ts(optional)]
    pub level: Option<AlertLevel>,
    /// Which page.
    pub page: PageOf,
}

/// An alert.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AlertRow {
    /// Identifier.
    pub id: String,
    /// Monitor.
    pub monitor: String,
    /// Its name.
    pub monitor_name: String,
    /// Project.
    pub project: String,
    /// Version.
    pub version: String,
    /// `model 1.0`.
    pub version_label: String,
    /// Report in which the rule fired.
    pub report: String,
    /// Period.
    pub period: String,
    /// How grave.
    pub level: AlertLevel,
    /// The rule.
    pub rule: String,
    /// The numbers it looked at.
    pub values: BTreeMap<String, f64>,
    /// When it was raised (RFC 3339).
    pub raised_at: String,
    /// How often its people were told again.
    pub reminders: u32,
    /// `open` or `settled`.
    pub state: String,
    /// Who settled it.
    pub settled_by: Option<String>,
    /// When (RFC 3339).
    pub settled_at: Option<String>,
    /// By which decision.
    pub answer: Option<RetrainAnswer>,
    /// Why.
    pub reason: Option<String>,
}

/// A monitor whose alerts wait for a decision by whoever acts here.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DecisionWanted {
    /// Monitor.
    pub monitor: String,
    /// Its name.
    pub monitor_name: String,
    /// Version that it watches.
    pub version: String,
    /// `model 1.0`.
    pub version_label: String,
    /// The gravest of its open alerts.
    pub level: AlertLevel,
    /// How many there are.
    pub alerts: u32,
    /// Period of the latest.
    pub period: String,
    /// When the first was raised (RFC 3339).
    pub since: String,
}

/// Settles an alert without a decision on retraining.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SettleAlert {
    /// Identifier of the alert.
    pub alert: String,
    /// Why it needs nothing more (at least 10 characters).
    pub reason: String,
}

/// Decides on retraining, on the latest report of a monitor.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DecideRetrain {
    /// Identifier or name of the monitor.
    pub monitor: String,
    /// The report that was read; the latest if absent.
    #[serde(default)]
    #[ts(optional)]
    pub report: Option<String>,
    /// The decision.
    pub answer: RetrainAnswer,
    /// Why (at least 10 characters).
    pub reason: String,
    /// Answers, by question.
    #[serde(default)]
    #[ts(optional, as = "Option<BTreeMap<String, String>>")]
    pub questionnaire: BTreeMap<String, String>,
}

/// A decision on retraining.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DecisionRow {
    /// What was decided.
    pub answer: RetrainAnswer,
    /// Why.
    pub reason: String,
    /// Answers, by question.
    pub questionnaire: BTreeMap<String, String>,
    /// Report that was read.
    pub report: String,
    /// Who.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
    /// The retraining that followed.
    #[ts(optional)]
    pub run: Option<String>,
    /// The version that came of it, to be compared with the one that was judged.
    #[ts(optional)]
    pub retrained: Option<String>,
    /// The number of that version.
    #[ts(optional)]
    pub retrained_number: Option<String>,
}

/// A version in the portfolio, under the worst of its monitors.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PortfolioRow {
    /// Project.
    pub project: String,
    /// Its name.
    pub project_name: String,
    /// Version.
    pub version: String,
    /// `model 1.0`.
    pub version_label: String,
    /// `champion`, `challenger` or `plain`.
    pub role: String,
    /// Health of the worst monitor; `unwatched` without one.
    pub health: String,
    /// That monitor.
    pub monitor: Option<MonitorRow>,
    /// How many monitors watch it.
    pub monitors: u32,
}

/// Models by health, worst first: champions and challengers, and whatever else is watched.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Portfolio {
    /// Versions.
    pub rows: Vec<PortfolioRow>,
    /// How many there are of each health.
    pub counts: BTreeMap<String, u32>,
}
